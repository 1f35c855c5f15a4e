"""JSON with comments and trailing commas -> a tree that knows where each value stands in the text. Pure."""

from __future__ import annotations

import json
import re

from guard.clients.tree import Node
from guard.errors import BadInput

DEEPEST = 100
_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def parse(text: str) -> Node:
    """The tree of a whole text. `BadInput` says where it is no JSON."""
    start = 1 if text.startswith("\ufeff") else 0
    node = _value(text, _skip(text, start), 0)
    if _skip(text, node.end) != len(text):
        raise _wrong(text, _skip(text, node.end))
    return node


def _value(text: str, at: int, depth: int) -> Node:
    if depth > DEEPEST:
        raise BadInput(f"It is nested more than {DEEPEST} levels deep", hint="Is this a configuration file?")
    if text.startswith("{", at):
        return _object(text, at, depth)
    if text.startswith("[", at):
        return _array(text, at, depth)
    if found := _STRING.match(text, at):
        try:
            return Node(start=at, end=found.end(), kind="text", value=json.loads(found[0]))
        except ValueError:
            raise _wrong(text, at) from None
    if found := _WORD.match(text, at):
        return Node(start=at, end=found.end(), kind="word", value=json.loads(found[0]))
    raise _wrong(text, at)


def _object(text: str, start: int, depth: int) -> Node:
    members: list[tuple[str, Node]] = []
    at = _skip(text, start + 1)
    while not text.startswith("}", at):
        key = _value(text, at, depth + 1)
        at = _skip(text, key.end)
        if key.kind != "text" or not text.startswith(":", at):
            raise _wrong(text, at)
        node = _value(text, _skip(text, at + 1), depth + 1)
        members.append((str(key.value), node))
        at = _next(text, node.end, "}")
    return Node(start=start, end=at + 1, kind="object", members=tuple(members))


def _array(text: str, start: int, depth: int) -> Node:
    items: list[Node] = []
    at = _skip(text, start + 1)
    while not text.startswith("]", at):
        items.append(_value(text, at, depth + 1))
        at = _next(text, items[-1].end, "]")
    return Node(start=start, end=at + 1, kind="array", items=tuple(items))


def _next(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text.startswith(",", at):
        return _skip(text, at + 1)
    if not text.startswith(closing, at):
        raise _wrong(text, at)
    return at


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _wrong(text: str, at: int) -> BadInput:
    line = text.count("\n", 0, at) + 1
    return BadInput(
        f"It is no JSON at line {line}, column {at - text.rfind(chr(10), 0, at)}", hint="Correct that place first; nothing was changed."
    )
