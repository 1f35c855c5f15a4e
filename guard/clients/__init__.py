"""The configuration files of AI clients: which servers they start, and how to let them go through guard.

tree.py      a value, and its place in the text
jsonc.py toml.py yaml.py      texts -> trees: JSON with comments, TOML (Codex), YAML (Goose)
entries.py   the servers in such a tree; putting guard before one, and taking it away again
remote.py    the same for one that is reached by URL
places.py    where clients keep their configuration
"""
