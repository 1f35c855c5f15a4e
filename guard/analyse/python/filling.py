"""Texts that values are put into: f-strings, `%`, `format` and `join`. What enters is the template, and what the values may be; what
leaves is the text, as far as it is known.

INVARIANT: a value that is not followed alternative by alternative, or that is put in by a width or a conversion, is a hole; but if one of
its alternatives goes up in the tree of folders, so may the text, and this is said (`CLIMBING`).
"""

from __future__ import annotations

from collections.abc import Iterable

from guard.analyse.python.values import CLIMBING, Args, Dict, Part, Seq, Union, Value, climbs, options, parts_of, text, union

MOST_WAYS = 12
"""Texts that are told apart; more of them are one with holes."""


def piece(value: Value) -> tuple[Part, ...]:
    """What a value adds to a text as it stands."""
    return altered(value) if type(value) is Union else parts_of(value)


def altered(value: Value) -> tuple[Part, ...]:
    """What a value adds to a text by a conversion, a width or a precision."""
    return CLIMBING if climbs([value]) else (None,)


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
            plain = field.partition(":")[0].partition("!")[0]
            if plain == "" or plain.isdigit():
                value = args.get(int(plain) if plain else auto)
                auto += not plain
            else:
                value = args.named.get(plain)
            if value is None:
                parts += altered(union(args.all())) if args.all() else (None,)
            else:
                parts += altered(value) if ":" in field or "!" in field else piece(value)
    return text(parts, taint)


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
                parts += altered(among)
            index += 1
            tail = chunk.partition(")")[2][1:] if named else chunk[1:] if plain else stripped[1:]
            parts.append(tail.replace("\0", "%"))
    return text(parts, taint)


def _held(value: Value) -> list[Value]:
    return value.look() if isinstance(value, (Seq, Dict)) else [value]


def joined(separator: str, items: Value, taint: bool) -> Value:
    """`separator.join(items)`"""
    taint = taint or items.taint
    if not isinstance(items, Seq):
        return text(altered(items), taint)
    if not items.exact:
        if climbs(items.items):
            return text(CLIMBING, taint)
        if items.moved:
            return text((None,), taint)
        return text((*parts_of(items.items[0])[:1], None), taint) if items.items and len(items.items) > 1 else text((None,), taint)
    parts: list[Part] = []
    for index, item in enumerate(items.look()):
        taint = taint or item.taint
        parts += [separator] if index else []
        parts += piece(item)
    return text(parts, taint)
