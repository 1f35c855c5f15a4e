"""What an expression can be, as far as the text tells: plain values for text with holes, arrays, objects, functions and known library
references. A node's values are a tuple of alternatives; `UNKNOWN` among them says that there may be others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product

from guard.analyse.javascript.syntax import Node

LONGEST = 100_000
"""Longer texts are known by their beginning only."""
LIMIT = 12
"""More alternatives than this are one UNKNOWN."""
HEAVIEST = 1000
"""Of arrays in which there are more arrays than this, only what matters of the elements is known, not where it stands."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, boolean, null or undefined (None)."""

    value: float | bool | None


@dataclass(frozen=True, slots=True)
class Text:
    """A string of which `pieces` are known; None is a hole."""

    pieces: tuple[str | None, ...]

    @property
    def complete(self) -> bool:
        return None not in self.pieces

    @property
    def known(self) -> str:
        """The known beginning."""
        return self.pieces[0] if self.pieces and self.pieces[0] is not None else ""

    @property
    def shape(self) -> str:
        """All of it, every hole as one "*"."""
        return "".join("*" if piece is None else piece for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Array:
    """An array. `open`: after the items, which stand where they stand, there may be more, which `more` says (empty: anything)."""

    items: tuple[tuple[Value, ...], ...]
    open: bool = False
    more: tuple[Value, ...] = ()
    weight: int = field(init=False, compare=False, repr=False)
    """How many arrays there are in it, each as often as it stands there, and itself: one that grows by its own elements grows fast."""
    digest: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        weight = 1 + sum(value.weight for values in (*self.items, self.more) for value in values if isinstance(value, Array))
        object.__setattr__(self, "weight", weight)
        object.__setattr__(self, "digest", hash((self.items, self.open, self.more)))

    def __hash__(self) -> int:
        return self.digest

    @property
    def others(self) -> tuple[Value, ...]:
        """What an element that is not among the items can be."""
        return self.more or ANY


@dataclass(frozen=True, slots=True)
class Object:
    """An object literal; `open`: other properties may be there too. Two are equal if they are from the same place."""

    properties: dict[str, tuple[Value, ...]] = field(default_factory=dict, compare=False)
    open: bool = False
    origin: object = field(default_factory=object)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A `Map`: what its keys and its values can be."""

    keys: tuple[Value, ...]
    held: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function or class of the program itself."""

    node: Node


@dataclass(frozen=True, slots=True)
class Ref:
    """A known library thing by its canonical name (`fs.readFile`, `fetch`, `pg.Client().query`), with arguments bound so far."""

    name: str
    bound: tuple[tuple[Value, ...], ...] = ()
    base: Text | None = None
    """Where an instance points to, such as the base URL of a client."""


Value = Unknown | Constant | Text | Array | Object | Keyed | Function | Ref
Values = tuple[Value, ...]

UNKNOWN = Unknown()
NOTHING: Values = ()
ANY: Values = (UNKNOWN,)
HOLE = Text((None,))


def text(value: str) -> Text:
    return Text((value,))


def join(*many: Values) -> Values:
    """All alternatives once; too many are UNKNOWN (references are kept: they are what matters)."""
    seen: dict[Value, None] = {}
    for values in many:
        for value in values:
            seen[_lighter(value) if isinstance(value, Array) and value.weight > HEAVIEST else value] = None
    if len(seen) <= LIMIT:
        return tuple(seen)
    kept = [value for value in seen if isinstance(value, (Ref, Function, Object, Array))]
    return (*kept[: LIMIT * 4], UNKNOWN)


def _lighter(value: Array) -> Array:
    """An array of which only the references and functions are known that are anywhere in it."""
    found: dict[Value, None] = {}
    todo, seen = [value], {id(value)}
    while todo:
        one = todo.pop()
        for inner in (inner for values in (*one.items, one.more) for inner in values):
            if isinstance(inner, (Ref, Function)):
                found[inner] = None
            elif isinstance(inner, Array) and id(inner) not in seen:
                seen.add(id(inner))
                todo.append(inner)
    return Array((), True, (*found, UNKNOWN))


def elements(values: Values) -> Values:
    """What iterating over the values gives."""
    found: list[Values] = []
    for value in values:
        if isinstance(value, Array):
            found.extend(value.items)
            if value.open:
                found.append(value.others)
        elif isinstance(value, Keyed):
            found.append((Array((value.keys, value.held)),))
        elif isinstance(value, Text) and value.complete and len(value.known) <= 8:
            found.append(tuple(text(c) for c in value.known))
        else:
            found.append(ANY)
    return join(*found) or ANY


def element(values: Values, at: int) -> Values:
    """What stands at an index of the values."""
    found: list[Values] = []
    for value in values:
        if isinstance(value, Array):
            if 0 <= at < len(value.items):
                found.append(value.items[at])
            elif value.open:
                found.append(value.others)
        elif isinstance(value, Object):
            found.append(value.properties.get(str(at), ANY))
        else:
            found.append(ANY)
    return join(*found) or ANY


def any_of(properties: dict[str, Values]) -> dict[str, Values]:
    """Properties that something unknown may have replaced."""
    return {name: join(values, ANY) for name, values in properties.items()}


def overlaid(properties: dict[str, Values], given: Values) -> tuple[dict[str, Values], bool]:
    """Properties with those of what is spread over them, whichever it is, and whether there may be others."""
    if not all(isinstance(value, (Object, Constant)) for value in given):
        return any_of(properties), True
    objects = [value if isinstance(value, Object) else Object() for value in given] or [Object()]
    if len(objects) == 1:
        over = objects[0]
        return {**(any_of(properties) if over.open else properties), **over.properties}, over.open
    made = [overlaid(properties, (one,)) for one in objects]
    every = dict.fromkeys(name for found, _ in made for name in found)
    missing: Values = (Constant(None),)
    return {name: join(*[found.get(name, missing) for found, _ in made]) for name in every}, any(open_ for _, open_ in made)


def merged(pieces: list[str | None]) -> Text:
    """A text from pieces, neighbours joined; of one that would be too long only the beginning is known."""
    if sum(len(piece) for piece in pieces if piece is not None) > LONGEST:
        return Text(((pieces[0] or "")[:1000], None))
    out: list[str | None] = []
    for piece in pieces:
        if piece == "" and out:
            continue
        if out and (piece is None and out[-1] is None):
            continue
        last = out[-1] if out else None
        if out and piece is not None and last is not None:
            out[-1] = last + piece
        else:
            out.append(piece)
    if len(out) > 1 and out[0] == "":
        out = out[1:]
    return Text(tuple(out) or ("",))


def as_text(value: Value) -> Text:
    """What a value becomes in a string."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Constant):
        return text(number_text(value.value))
    if isinstance(value, Array) and not value.open:
        pieces: list[str | None] = []
        for at, item in enumerate(value.items):
            if at:
                pieces.append(",")
            if item != (Constant(None),):  # null and undefined are empty here
                pieces.extend(as_text(item[0]).pieces if len(item) == 1 else (None,))
        return merged(pieces)
    return HOLE


def number_text(value: float | bool | None) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def concat(parts: list[Values]) -> Values:
    """Every combination of the parts' texts; a part without a known value is a hole."""
    choices = []
    total = 1
    for part in parts:
        options = tuple(dict.fromkeys(as_text(value) for value in part)) or (HOLE,)
        total *= len(options)
        choices.append(options if total <= LIMIT else (HOLE,))
        if total > LIMIT:
            total //= len(options)
    return tuple(dict.fromkeys(merged([piece for option in combination for piece in option.pieces]) for combination in product(*choices)))


def texts(values: Values) -> tuple[Text, ...]:
    """The texts that values can be; no value at all, or an unknown one, is a hole."""
    found = tuple(dict.fromkeys(as_text(value) for value in values))
    return found or (HOLE,)
