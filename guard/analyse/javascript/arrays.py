"""Arrays -> what stands where: methods that give back other arrays, the elements of an object. What has no known place says so.

Pure; whatever is not worked out here is unknown, never wrong.
"""

from __future__ import annotations

from guard.analyse.javascript.values import (
    ANY,
    HOLE,
    Array,
    Constant,
    Object,
    Text,
    Unknown,
    Value,
    Values,
    as_text,
    concat,
    elements,
    join,
    text,
)  # fmt: skip

LIMIT_ITEMS = 3000


def method(name: str, value: Array, arguments: list[Values]) -> Values:
    if name == "join":
        if value.open:
            return (HOLE,)
        separator = plain(arguments, 0) if arguments else ","
        if separator is None or len(value.items) > 2000:
            return (HOLE,)
        parts: list[Values] = []
        for at, item in enumerate(value.items):
            if at and separator:
                parts.append((text(separator),))
            parts.append(tuple(text("") if value == Constant(None) else value for value in item))
        return concat(parts) if parts else (text(""),)
    if name in ("reverse", "toReversed") and not value.open:
        return (Array(value.items[::-1]),)
    if name in ("sort", "toSorted", "reverse", "toReversed"):
        return (Array((elements((value,)),) * len(value.items), value.open, value.more),)
    if name == "slice":
        return (_sliced(value, integer(arguments, 0, 0), integer(arguments, 1, len(value.items)), ends=len(arguments) > 1),)
    if name == "filter":
        return (_some_of(value),)
    if name == "concat":
        return (_chained(value, arguments),)
    if name == "flat":
        return (_flat(value),)
    if name == "values":  # an iterator, which is taken for what it goes through
        return (value,)
    if name == "entries":
        more = (Array((ANY, value.others)),) if value.open else ()
        return (Array(tuple((Array(((Constant(float(at)),), item)),) for at, item in enumerate(value.items)), value.open, more),)
    if name == "next":
        return (Object({"value": join(elements((value,)), ANY)}, origin=("next", value)),)
    if name in ("splice", "toSpliced"):
        return (_some_of(value) if name == "splice" else Array((), True, join(elements((value,)), *arguments[2:], ANY)),)
    if name == "toString":
        return (as_text(value),)
    return ANY


def _some_of(value: Array) -> Array:
    """Some of the elements, it cannot be known which."""
    return Array((), True, elements((value,)) if value.items or value.open else ())


def _sliced(value: Array, start: int | None, end: int | None, *, ends: bool) -> Array:
    known = len(value.items)
    if start is None or end is None or (value.open and not (0 <= start <= known and 0 <= end <= known)):
        return _some_of(value)
    return Array(value.items[start:], True, value.more) if value.open and not ends else Array(value.items[start:end])


def _chained(value: Array, arguments: list[Values]) -> Array:
    """`a.concat(b, …)`: only what stands before the first part of unknown length has a known place."""
    items, rest, open_ = list(value.items), [value.others] if value.open else [], value.open
    for argument in arguments:
        other = argument[0] if len(argument) == 1 else None
        added = list(other.items) if isinstance(other, Array) else [argument]
        (rest if open_ else items).extend(added)
        unknown = len(argument) != 1 or isinstance(other, Unknown)
        if unknown or (isinstance(other, Array) and other.open):
            rest.append(other.others if isinstance(other, Array) else ANY)
            open_ = True
    more = join(*rest, *items[LIMIT_ITEMS:])
    return Array(tuple(items[:LIMIT_ITEMS]), open_ or len(items) > LIMIT_ITEMS, more)


def _flat(value: Array) -> Array:
    inner = [item[0] if len(item) == 1 else None for item in value.items]
    known = [one for one in inner if isinstance(one, Array) and not one.open]
    if len(known) == len(inner) and not value.open:
        return Array(tuple(item for one in known for item in one.items)[:LIMIT_ITEMS], len(known) != len(inner))
    held = elements((value,))
    return Array((), True, join(*[elements((one,)) if isinstance(one, Array) else (one,) for one in held], ANY))


def integer(arguments: list[Values], at: int, default: int) -> int | None:
    if at >= len(arguments):
        return default
    value = arguments[at][0] if len(arguments[at]) == 1 else None
    return int(value.value) if isinstance(value, Constant) and isinstance(value.value, float) and abs(value.value) < 1e9 else None


def plain(arguments: list[Values], at: int) -> str | None:
    value = arguments[at][0] if at < len(arguments) and len(arguments[at]) == 1 else None
    return value.known if isinstance(value, Text) and value.complete else None


def _in_order(value: Value) -> bool:
    """Whether an object's properties are all known, and come in the order in which they are written: numbers would come first."""
    return isinstance(value, Object) and not value.open and not any(key.isdigit() for key in value.properties)


def listed(arguments: list[Values], cwd: str) -> Values:
    return tuple(_values_of(value) for value in (arguments[0] if arguments else ANY))


def _values_of(value: Value) -> Array:
    held = tuple(value.properties.values()) if isinstance(value, Object) else ()
    return Array(held) if _in_order(value) else Array((), True, join(*held, ANY))


def keys(arguments: list[Values], cwd: str) -> Values:
    return tuple(_keys_of(value) for value in (arguments[0] if arguments else ANY))


def _keys_of(value: Value) -> Array:
    held = tuple(text(key) for key in value.properties) if isinstance(value, Object) else ()
    return Array((), True, held if held and isinstance(value, Object) and not value.open else (HOLE,))


def entries(arguments: list[Values], cwd: str) -> Values:
    return tuple(_entries_of(value) for value in (arguments[0] if arguments else ANY))


def _entries_of(value: Value) -> Array:
    pairs = value.properties.items() if isinstance(value, Object) else ()
    items: list[Values] = [(Array(((text(key),), held)),) for key, held in pairs]
    return Array(tuple(items)) if _in_order(value) else Array((), True, join(*items, ANY))
