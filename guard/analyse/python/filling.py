"""Texts that values are put into: f-strings, `%`, `format` and `join`. What enters is the template, and what the values may be; what
leaves is the text, as far as it is known.

INVARIANT: a value that is not followed alternative by alternative, or that is put in by a width or a conversion, is a hole; but if one of
its alternatives goes up in the tree of folders, so may the text, and this is said (`CLIMBING`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guard.analyse.python.values import (
    CLIMBING,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Object,
    Part,
    Seq,
    Union,
    Value,
    climbs,
    is_number,
    known_text,
    options,
    parts_of,
    text,
    union,
)

MOST_WAYS = 12
"""Texts that are told apart; more of them are one with holes."""


def piece(value: Value) -> tuple[Part, ...]:
    """What a value adds to a text as it stands."""
    return altered(value) if type(value) is Union else parts_of(value)


def another(values: Iterable[Value]) -> tuple[Part, ...]:
    """A text that is made of some values in a way that is not followed: if the program says a part of one, anything."""
    data = all(parts_of(option) == (None,) or parts_of(option)[0] == "./" for value in values for option in options(value))
    return (None,) if data else CLIMBING


def altered(value: Value, spec: str = "") -> tuple[Part, ...]:
    """What a value adds to a text by a conversion, a width or a precision, or as one of several: a hole, or dots that may be steps up."""
    if climbs([value]) or ".." in spec or _FILLED_WITH_DOTS.match(spec):
        return CLIMBING
    for option in options(value):
        if parts_of(option) is CLIMBING and not _NUMERIC.search(spec):
            return CLIMBING
        known = known_text(option)
        if isinstance(option, Const) and type(option.value) is int and spec.endswith("c"):
            known = chr(option.value) if 0 <= option.value < 0x110000 else ""
        if known is not None and (known == "." or known.startswith("./") or known.endswith("/.") or (spec and known.startswith("."))):
            return CLIMBING
    return (None,)


_NUMERIC = re.compile(r"[bdeEfFgGnoxX%]$")
"""How a number is shown, and nothing else can be."""

_FILLED_WITH_DOTS = re.compile(r"\.[<>^=]|.*[{]")
"""How a width is filled with dots, or with what another argument says."""


def combined(pieces: Iterable[Value | str | tuple[Part, ...]], taint: bool) -> Value:
    """The texts that pieces make one behind the other: texts, parts, and values of which each alternative makes another."""
    ways: list[tuple[Part, ...]] = [()]
    for one in pieces:
        tails = [parts_of(option) for option in options(one)] if isinstance(one, Value) else [(one,) if isinstance(one, str) else one]
        if isinstance(one, Value) and len(ways) * len(tails) > MOST_WAYS:
            tails = [altered(one)]
        ways = [(*head, *tail) for head in ways for tail in tails]
    return union([text(parts, taint) for parts in ways])


def formatted(template: tuple[Part, ...], args: Args, taint: bool) -> Value:
    """`template.format(args)`: known fields are filled in, others are holes."""
    parts: list[Part] = []
    auto = 0
    for one in template:
        if one is None:
            parts.append(None)
            continue
        rest = one
        while rest:
            head, brace, tail = rest.partition("{")
            parts.append(head.replace("}}", "}"))
            if not brace:
                break
            if tail.startswith("{"):
                parts.append("{")
                rest = tail[1:]
                continue
            field, rest = _field(tail)
            plain, _, spec = field.partition(":")
            plain = plain.partition("!")[0]
            if inside := _INSIDE.fullmatch(plain):
                parts += _member(args, inside)
                continue
            if plain == "" or plain.isdigit():
                value = args.get(int(plain) if plain else auto)
                auto += not plain
            else:
                value = args.named.get(plain)
            if value is None:
                parts += altered(union(args.all())) if args.all() else (None,)
            else:
                parts += altered(value, spec or "s") if ":" in field or "!" in field else piece(value)
    return text(parts, taint)


_INSIDE = re.compile(r"(\w*)([.\[].*)")


def _member(args: Args, field: re.Match[str]) -> tuple[Part, ...]:
    """What a field adds that goes into an argument: a value of a mapping, or nobody knows what."""
    root, key = field[1], field[2][1:-1]
    owner = args.get(int(root)) if root.isdigit() else args.named.get(root)
    if isinstance(owner, Dict) and field[2] == f"[{key}]" and not owner.rest and isinstance(owner.items.get(key), Const):
        return altered(owner.items[key], "s")
    if isinstance(owner, Foreign) or (owner is not None and is_number(owner)):
        return (None,)
    return CLIMBING


def _field(tail: str) -> tuple[str, str]:
    """A replacement field, in which others may be, and what is behind it."""
    depth = 1
    for index, letter in enumerate(tail):
        depth += (letter == "{") - (letter == "}")
        if not depth:
            return tail[:index], tail[index + 1 :]
    return tail, ""


def percent(left: Value, right: Value, taint: bool) -> Value:
    """`left % right`, of which the left is a text."""
    if _own(right):
        return text((*parts_of(left)[:1], *CLIMBING), taint)
    several = isinstance(right, Seq) and right.exact
    values = right.look() if isinstance(right, Seq) and several else [right]
    among = union([one for one in values for one in _held(one)])
    parts: list[Part] = []
    index = 0
    for one in parts_of(left):
        if one is None:
            parts.append(None)
            continue
        chunks = one.replace("%%", "\0").split("%")
        parts.append(chunks[0].replace("\0", "%"))
        for chunk in chunks[1:]:
            stripped = chunk.lstrip("0123456789.-+ #*")
            named = chunk.startswith("(")
            plain = chunk[:1] in ("s", "d", "i") and not named
            if plain and index < len(values) and (several or not isinstance(right, (Seq, Dict))):
                parts += piece(values[index])
            else:
                parts += altered(among, (stripped if not named else chunk.partition(")")[2].lstrip("0123456789.-+ #*"))[:1] or "s")
            index += 1
            tail = chunk.partition(")")[2][1:] if named else chunk[1:] if plain else stripped[1:]
            parts.append(tail.replace("\0", "%"))
    return text(parts, taint)


def _own(value: Value) -> bool:
    """Whether a value may be something of the program that gives what it holds in its own way."""
    return any(isinstance(option, (Object, Class)) for option in options(value))


def _held(value: Value) -> list[Value]:
    return value.look() if isinstance(value, (Seq, Dict)) else [value]


def joined(separator: str, items: Value, taint: bool) -> Value:
    """`separator.join(items)`"""
    taint = taint or items.taint
    if not isinstance(items, Seq):
        return text(CLIMBING if _own(items) else altered(items), taint)
    held = items.look()
    if not items.exact:
        if any(altered(one) == CLIMBING for one in held):
            return text(CLIMBING, taint)
        return text((*parts_of(held[0])[:1], None), taint) if len(held) > 1 and not items.moved else text((None,), taint)
    parts: list[Part] = []
    for index, item in enumerate(held):
        taint = taint or item.taint
        parts += [separator] if index else []
        parts += piece(item)
    return text(parts, taint)
