"""Policies as files: load and validate a folder, check its examples, explain it, follow its edits."""
