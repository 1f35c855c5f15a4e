"""Lazy, memoised evaluation: a node's values are worked out when a rule asks for them, cycles by rounds until nothing changes any more.

Bounded in depth and steps; when a bound is hit, `gave_up` says so and the analysis as a whole is opaque, so a value that is cut short
never hides an effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from guard.analyse.javascript.literals import property_name
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import (
    ANY,
    NOTHING,
    UNKNOWN,
    Array,
    Constant,
    Function,
    Object,
    Ref,
    Text,
    Value,
    Values,
    concat,
    elements,
    join,
)

DEPTH = 110
STEPS = 150_000
ROUNDS = 12
MOST_FOLDERS = 6
COARSE = 5
"""After so many rounds, what may be missing is told apart no longer."""


class Fixpoint:
    """The values of one program's nodes. `roots`: names that the profile's server injects -> their references. `is_module`: others call its
    functions with what they like, and change its objects."""

    handlers: ClassVar[Mapping[str, Callable[[Any, Node], Values]]] = {}
    """Type of a node -> how its values are worked out; anything else can be anything."""

    def __init__(
        self,
        program: Program,
        roots: Callable[[str], Ref | Text | None],
        client: Callable[[Node, int], Ref | None],
        cwd: str,
        *,
        is_module: bool = False,
    ) -> None:
        self.program = program
        self.tree = program.tree
        self.roots = roots
        self.client = client
        self.cwd = cwd
        self.is_module = is_module
        self.gave_up = ""
        self.sparse = re.search(rb"[\[,]\s*,", self.tree.source) is not None
        self.memo: dict[object, Values] = {}
        self.round: dict[object, Values] = {}
        self.before: dict[object, Values] = {}
        self.busy: set[object] = set()
        self.cuts: set[object] = set()
        self.depth = 0
        self.steps = 0

    def values(self, node: Node) -> Values:
        """All that `node` can be."""
        while node.type in TRANSPARENT and node.kids and node.type != "yield_expression":  # which gives what it is sent
            node = node.kids[0]
        found = self.memo.get(node)
        if found is not None:
            return found
        return self.guarded(node, lambda: self.handlers.get(node.type, _anything)(self, node))

    def guarded(self, key: object, work: Callable[[], Values]) -> Values:
        """Run `work` once per key and round, with cycles cut, depth and steps bounded.

        A cycle (`x = f(x)`) is cut where it is met again: what the round before found is taken there, and the rounds go on until that
        does not change any more. From the third round on only references and functions are carried, of which there are finitely many,
        and how all the texts begin, which can only become shorter.
        """
        found = self.memo.get(key)
        if found is not None:
            return found
        found = self.round.get(key)
        if found is not None:
            return found
        if key in self.busy:
            self.cuts.add(key)
            return self.before.get(key, NOTHING)
        if self.depth == 0:
            return self._settled(key, work)
        return self._once(key, work)

    def _once(self, key: object, work: Callable[[], Values]) -> Values:
        self.steps += 1
        if self.depth > DEPTH or self.steps > STEPS:
            self.gave_up = "is nested too deeply to follow" if self.depth > DEPTH else "is too large to follow"
            return ANY
        self.busy.add(key)
        self.depth += 1
        try:
            result = work()
        finally:
            self.depth -= 1
            self.busy.discard(key)
        self.round[key] = result
        return result

    def _settled(self, key: object, work: Callable[[], Values]) -> Values:
        for attempt in range(ROUNDS):
            self.round, self.cuts = {}, set()
            result = self._once(key, work)
            stable = all(self.before.get(cut, NOTHING) == self._carried(cut, attempt) for cut in self.cuts)
            if stable:
                break
            self.before = {cut: self._carried(cut, attempt) for cut in self.cuts}
        else:
            self.gave_up = "is too entangled to follow"
        self.memo.update(self.round)
        self.round, self.before = {}, {}
        return result

    def _carried(self, cut: object, attempt: int) -> Values:
        values = self.round.get(cut, NOTHING)
        if attempt < 2 or (values == self.before.get(cut) and all(isinstance(value, Object) and _says_all(value) for value in values)):
            return values
        return _widened(values, coarse=attempt > COARSE)

    def one(self, node: Node | None) -> Values:
        return ANY if node is None else self.values(node)

    def key(self, node: Node | None) -> str | None:
        """The name of a property key, folded if it is computed; None if it cannot be known."""
        if node is None:
            return None
        is_index = node.parent is not None and node.parent.type == "subscript_expression" and node.type != "string"
        name = None if is_index else property_name(self.tree, node)
        if name is None:
            values = self.values(node)
            if len(values) == 1 and isinstance(values[0], (Text, Constant)):
                folded = concat([values])[0]
                return folded.known if isinstance(folded, Text) and folded.complete else None
        return name


MISSING = Constant(None)


def _says_all(value: Object) -> bool:
    """Whether objects that are equal have the same properties: what a search of folders gives, by its paths."""
    return isinstance(value.origin, tuple)


def _is_missing(value: Value) -> bool:
    return isinstance(value, Text) and value.known.startswith("undefined")


def _widened(values: Values, *, coarse: bool = False, inner: bool = False) -> Values:
    """References and functions as they are, of texts how they begin, of arrays (once) what their elements are: of these there are few."""
    kept: Values = tuple(value for value in values if isinstance(value, (Ref, Function)) or (value == MISSING and not coarse))
    others = [value for value in values if value not in kept]
    if not coarse and any(_is_missing(value) for value in others):  # "undefined/name": what is taken from an array may not be there
        kept = (*kept, Text(("undefined", None)))
        others = [value for value in others if not _is_missing(value)]
    if not others:
        return kept
    arrays = [value for value in others if isinstance(value, Array)]
    if len(arrays) == len(others) and not inner and any(value.items or value.open for value in arrays):
        return (
            *kept,
            Array((), True, _widened(join(*[elements((value,)) for value in arrays if value != Array(())]), coarse=coarse, inner=True)),
        )
    if any(".." in (piece or "") for value in others if isinstance(value, Text) for piece in value.pieces):
        return (*kept, UNKNOWN)  # it may climb further in each round
    folders = () if coarse else _folders(others)
    if folders:
        return (*kept, *[Text(pieces) for folder in folders for pieces in ((folder,), (folder + "/", None))])
    start = _common([value.known if isinstance(value, Text) else "" for value in others])
    if start and Text((start,)) in others and _are_below((start,), others):
        return (*kept, Text((start,)), Text((start + "/", None)))
    return (*kept, Text((start, None)) if start else UNKNOWN)


def _folders(values: Sequence[Value]) -> tuple[str, ...]:
    """The few folders below which all other texts go on: walks through trees, which never leave them by name alone."""
    whole = [value.known for value in values if isinstance(value, Text) and value.complete]
    tops = tuple(one for one in whole if not any(one.startswith(other + "/") for other in whole))
    return tops if len(tops) < len(values) and len(tops) <= MOST_FOLDERS and _are_below(tops, values) else ()


def _are_below(folders: tuple[str, ...], values: Sequence[Value]) -> bool:
    """Whether all texts are one of the folders, or go on below one."""
    starts = tuple(folder + "/" for folder in folders)
    return all(
        isinstance(value, Text) and (value.known.startswith(starts) or (value.complete and value.known in folders)) for value in values
    )


def _common(texts: list[str]) -> str:
    """How all the texts begin."""
    low, high = min(texts), max(texts)
    return low[: next((at for at, letter in enumerate(low) if high[at : at + 1] != letter), len(low))]


def _anything(_: Fixpoint, node: Node) -> Values:
    return ANY
