"""Syntax highlighting with tree-sitter: by source line, in characters. Nothing when a program is too long or its language is unknown."""

from __future__ import annotations

import importlib
import time
from functools import cache
from typing import Any

MOST_BYTES = 256 * 1024
SECONDS = 0.1

_GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "shell": ("tree_sitter_bash", "language"),
    "bash": ("tree_sitter_bash", "language"),
}
_ROLES = {
    "keyword": "keyword", "include": "keyword", "conditional": "keyword", "repeat": "keyword", "string": "string", "comment": "comment",
    "number": "number", "constant": "number", "function": "function", "type": "function",
}  # fmt: skip


def highlight(language: str, code: str) -> dict[int, list[tuple[int, int, str]]]:
    """Spans (start, end, role) by 1-based line. Meant for a thread; gives up after 100 ms."""
    data = code.encode("utf-8", "replace")
    grammar = _grammar(language)
    if grammar is None or len(data) > MOST_BYTES:
        return {}
    from tree_sitter import Parser, QueryCursor

    deadline = time.monotonic() + SECONDS
    language_, query = grammar
    tree = Parser(language_).parse(data)
    found: dict[int, list[tuple[int, int, str]]] = {}
    rows = data.split(b"\n")
    captures: list[tuple[Any, str]] = []
    for name, nodes in QueryCursor(query).captures(tree.root_node).items():
        role = _ROLES.get(name.split(".")[0], "")
        captures += [(node, role) for node in nodes if role]
    captures.sort(key=lambda item: (item[0].start_byte, -item[0].end_byte))
    for node, role in captures:
        if time.monotonic() > deadline:
            return {}
        (first, start), (last, end) = node.start_point, node.end_point
        for row in range(first, min(last, len(rows) - 1) + 1):
            left = _characters(rows[row], start) if row == first else 0
            right = _characters(rows[row], end) if row == last else len(rows[row].decode("utf-8", "replace"))
            found.setdefault(row + 1, []).append((left, right, role))
    return found


def _characters(row: bytes, column: int) -> int:
    return column if row.isascii() else len(row[:column].decode("utf-8", "ignore"))


@cache
def _grammar(language: str) -> tuple[Any, Any] | None:
    if language not in _GRAMMARS:
        return None
    from tree_sitter import Language, Query

    module_name, function = _GRAMMARS[language]
    module = importlib.import_module(module_name)
    text = getattr(module, "HIGHLIGHTS_QUERY", "")
    if language == "typescript":
        text = importlib.import_module("tree_sitter_javascript").HIGHLIGHTS_QUERY + text
    loaded = Language(getattr(module, function)())
    return (loaded, Query(loaded, text)) if text else None
