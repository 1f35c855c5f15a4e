"""The configuration files of AI clients: which servers they start, and how to let them go through guard.

jsonc.py     JSON with comments, with the place of every value in the text
entries.py   the servers in such a text; putting guard before one, and taking it away again
places.py    where clients keep their configuration
"""
