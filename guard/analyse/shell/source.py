"""Shell text -> syntax tree that can be trusted, or the reasons why not. Pure; plain parse and an explicit-stack walk."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from tree_sitter import Language, Node, Parser

from guard.model import Span

MAX_BYTES = 256 * 1024
MAX_DEPTH = 60
"""Deeper trees are not walked."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HIDDEN = re.compile("[\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\U000e0000-\U000e0fff]")
_DASH = re.compile(rb"(?:[ \t]|\\\n)+-[ \t]*")
_GAP = re.compile(rb"(?:[ \t\n]|\\\n)*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something in the text that the tree does not show faithfully: one sentence and its place."""

    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed text: its bytes, its tree and what is doubtful about it."""

    data: bytes
    root: Node
    doubts: tuple[Doubt, ...]
    walkable: bool
    lines: tuple[int, ...]

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, start: int, end: int) -> Span:
        first, last = bisect_right(self.lines, start) - 1, bisect_right(self.lines, end) - 1
        return Span(
            line=first + 1,
            column=len(self.data[self.lines[first] : start].decode("utf-8", "replace")),
            end_line=last + 1,
            end_column=len(self.data[self.lines[last] : end].decode("utf-8", "replace")),
        )


@cache
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


def prepared(code: str) -> Source:
    """Parses a text. Control characters are replaced (marks must not be forged) and told as a doubt, as is all else that hides."""
    found = []
    for pattern, what in ((_CONTROL, "a control character"), (_HIDDEN, "an invisible or direction-changing character")):
        if match := pattern.search(code):
            start = len(code[: match.start()].encode("utf-8", "replace"))
            found.append(Doubt(note=f"the text holds {what} (U+{ord(match.group()):04X})", start=start, end=start + 1))
    data = _CONTROL.sub("?", code).encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        found.append(Doubt(note="the text is too long to be analysed", start=0, end=0))
        data = b""
    root = _parser().parse(data).root_node
    more, depth = _doubts(root, data)
    if depth > MAX_DEPTH:
        more.append(Doubt(note="the text is nested too deeply to be analysed", start=0, end=len(data)))
    lines = (0, *(match.end() for match in re.finditer(rb"\n", data)))
    return Source(data=data, root=root, doubts=(*found, *more), walkable=depth <= MAX_DEPTH, lines=lines)


_SPACED = frozenset({"string", "heredoc_body", "raw_string", "translated_string", "regex"})
"""Nodes in which text between the tokens is text (the word expansion takes it from the bytes)."""

_TEXTS = frozenset({"word", "regex", "extglob_pattern", "string_content", "number", "variable_name"})
"""Where no substitution may stand; of a here-document `redirects` looks."""
_WORDS = frozenset({"word", "number", "variable_name", "command_name", "file_descriptor"})
_FREE = frozenset({"expansion", "ERROR", "regex", "arithmetic_expansion", "case_item"})
"""Where a word may hold what elsewhere ends it."""
_COMMANDS = frozenset({"command_substitution", "process_substitution", "command"})
_BREAKS = re.compile(rb"(?<!\\)[\s;&|<>]")
_LIVE = re.compile(rb"(?<!\\)(?:\$\(|`)")
"""A substitution; in a token it means that the grammar took it for text."""


def last_command(node: Node | None) -> Node | None:
    """The command that a redirection behind a list or pipeline is of."""
    while node is not None and node.type in ("list", "pipeline") and node.named_child_count:
        node = node.named_children[-1]
    return node


def lone_dash(data: bytes, command: Node | None, redirect: Node | None) -> bool:
    """Whether a `-` stands between a command and its redirection, where the grammar loses it (`python3 - <<EOF`)."""
    if command is None or redirect is None or command.type != "command" or redirect.type not in ("heredoc_redirect", "file_redirect"):
        return False
    return _DASH.fullmatch(data, command.end_byte, redirect.start_byte) is not None


def _dashed(data: bytes, leaf: Node, end: int) -> bool:
    """Whether what was skipped before a token is such a dash."""
    redirect = leaf.parent
    if redirect is None or redirect.start_byte != leaf.start_byte:
        return False
    command = last_command(redirect.prev_sibling)
    return command is not None and command.end_byte == end and lone_dash(data, command, redirect)


def _doubts(root: Node, data: bytes) -> tuple[list[Doubt], int]:
    """Errors, missing tokens, and bytes that the grammar skipped though the shell would read them; and the tree's depth."""
    found: list[Doubt] = []
    end = deepest = 0
    todo: list[tuple[Node, int, bool, bool, bool]] = [(root, 0, False, False, False)]
    while todo:
        node, depth, spaced, free, left = todo.pop()
        if left:  # all inside a text has been seen: what lies between its tokens is text, too
            end = max(end, node.end_byte)
            continue
        deepest = max(deepest, depth)
        if node.type == "ERROR" or node.is_missing:
            found.append(Doubt(note="this does not parse as shell", start=node.start_byte, end=node.end_byte))
        if node.child_count:
            if node.type in _SPACED:
                spaced = True
                todo.append((node, depth, spaced, free, True))
            free = (free or node.type in _FREE) and node.type not in _COMMANDS
            todo += [(child, depth + 1, spaced, free, False) for child in reversed(node.children)]
            continue
        if node.type in _TEXTS and _LIVE.search(data, node.start_byte, node.end_byte):
            found.append(
                Doubt(note="a command is hidden in text that the parser did not look into", start=node.start_byte, end=node.end_byte)
            )
        if node.type in _WORDS and not free and _BREAKS.search(data, node.start_byte, node.end_byte):
            found.append(Doubt(note="the parser took the end of a command for text", start=node.start_byte, end=node.end_byte))
        if not spaced and not _GAP.match(data[end : node.start_byte]) and not _dashed(data, node, end):
            found.append(Doubt(note="the parser skipped text that a shell would read", start=end, end=node.start_byte))
        end = max(end, node.end_byte)
    if not _GAP.match(data[end:]):
        found.append(Doubt(note="the parser skipped text that a shell would read", start=end, end=len(data)))
    return found[:20], deepest
