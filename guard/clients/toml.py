"""TOML -> a tree that knows where each value stands in the text. Pure.

tomllib says what the text means; this module finds the places, and refuses a text of which it would find another meaning.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from guard.clients.tree import Node, plain
from guard.errors import BadInput

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_KEY = re.compile(r"[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_One = TypeVar("_One")
_WORD = re.compile(r"[^,\]}\n#]+")


def parse(text: str) -> Node:
    """The tree of a whole text. `BadInput` says where it is no TOML."""
    try:
        meant = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"It is no TOML: {error}", hint="Correct that place first; nothing was changed.") from None
    node = _Reader(text).document()
    if plain(node) != meant:
        raise _strange()
    return node


@dataclass(slots=True)
class _Table:
    """A table under construction: its lines may stand in several places."""

    start: int
    members: dict[str, _Table | list[_Table] | Node] = field(default_factory=dict)

    def into(self, names: list[str], at: int) -> _Table:
        table = self
        for name in names:
            found = table.members.setdefault(name, _Table(at))
            found = found[-1] if isinstance(found, list) else found
            if isinstance(found, Node):
                raise _strange()
            table = found
        return table

    def node(self) -> Node:
        members = tuple((name, self._member(member)) for name, member in self.members.items())
        return Node(start=self.start, end=self.start, kind="object", members=members, lines=True)

    def _member(self, member: _Table | list[_Table] | Node) -> Node:
        if isinstance(member, list):
            rows = tuple(table.node() for table in member)
            return Node(start=self.start, end=self.start, kind="array", items=rows, lines=True)
        return member.node() if isinstance(member, _Table) else member


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def document(self) -> Node:
        root = table = _Table(0)
        self._skip()
        while self._at < len(self._text):
            table = self._header(root) if self._text.startswith("[", self._at) else self._line(table)
            self._skip()
        return root.node()

    def _header(self, root: _Table) -> _Table:
        start, many = self._at, self._text.startswith("[[", self._at)
        self._at += 1 + many
        names = self._keys()
        self._expect("]]" if many else "]")
        if not many:
            return root.into(names, start)
        rows = root.into(names[:-1], start).members.setdefault(names[-1], [])
        if not isinstance(rows, list):
            raise _strange()
        rows.append(_Table(start))
        return rows[-1]

    def _line(self, table: _Table) -> _Table:
        start, names = self._at, self._keys()
        self._expect("=")
        self._skip()
        table.into(names[:-1], start).members[names[-1]] = self._value()
        return table

    def _keys(self) -> list[str]:
        names = []
        while True:
            self._skip()
            found = _KEY.match(self._text, self._at)
            if found is None:
                raise _strange()
            names.append(str(_meaning(found[0])) if found[0][0] in "\"'" else found[0])
            self._at = found.end()
            self._skip()
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _value(self) -> Node:
        start = self._at
        if found := _STRING.match(self._text, start):
            self._at = found.end()
            return Node(start=start, end=self._at, kind="text", value=_meaning(found[0]))
        if self._text.startswith("[", start):
            items = tuple(self._listed("]", self._value))
            return Node(start=start, end=self._at, kind="array", items=items)
        if self._text.startswith("{", start):
            inner = _Table(start)
            self._listed("}", lambda: self._line(inner))
            return Node(start=start, end=self._at, kind="object", members=inner.node().members)
        found = _WORD.match(self._text, start)
        if found is None:
            raise _strange()
        self._at = start + len(found[0].rstrip())
        return Node(start=start, end=self._at, kind="word", value=_meaning(self._text[start : self._at]))

    def _listed(self, closing: str, one: Callable[[], _One]) -> list[_One]:
        found: list[_One] = []
        self._at += 1
        self._skip()
        while not self._text.startswith(closing, self._at):
            found.append(one())
            self._skip()
            if self._text.startswith(",", self._at):
                self._at += 1
                self._skip()
            elif not self._text.startswith(closing, self._at):
                raise _strange()
        self._at += 1
        return found

    def _expect(self, sign: str) -> None:
        self._skip()
        if not self._text.startswith(sign, self._at):
            raise _strange()
        self._at += len(sign)

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at


def _meaning(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        raise _strange() from None


def _strange() -> BadInput:
    return BadInput("It is TOML of a kind that guard cannot edit", hint="Change the entry by hand: README.md shows how.")
