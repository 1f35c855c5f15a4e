"""Which values are like which: what tells two arguments apart, and whether among some values there is one unlike those before."""

from __future__ import annotations

from guard.analyse.python.values import (
    Const,
    Dict,
    Foreign,
    Found,
    Function,
    Instance,
    Method,
    Object,
    Ref,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    is_number,
    options,
)


def fresh(before: list[Value], after: list[Value], numbered: bool = False) -> bool:
    """Whether among some values there is one, not a number, that is unlike all that were there before."""
    return is_news(after, before, {shape(option, numbered) for one in before for option in options(one)}, numbered)


def is_news(values: list[Value], before: list[Value], known: set[object], numbered: bool) -> bool:
    """Whether some values are unlike those before. Where there are but numbers and what is not known, nothing says a file's name."""
    if not numbered and not any(map(_says_something, values)) and not any(map(_says_something, before)):
        return False
    for value in values:
        for option in options(value):
            if is_number(option) or type(option) is Found:
                continue
            like = shape(option, numbered)
            if like not in known:
                return True
            if like is _NUMBER and not any(isinstance(other, Unknown) for one in before for other in options(one)):
                return True
    return False


def _says_something(value: Value) -> bool:
    """Whether there is something in a value that is known, and no number."""
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        kind = type(one)
        if isinstance(one, Union):
            waiting += one.options
        elif isinstance(one, (Seq, Dict)):
            if seen >= _MOST_SHAPES:
                return True
            waiting += held_in(one)
        elif kind is Const:
            if not is_number(one):
                return True
        elif kind not in _NOTHING_SAID and not (isinstance(one, Text) and one.prefix == ""):
            return True
    return False


_NUMBER = object()
_NOTHING_SAID = frozenset({Unknown, Found})


def says_something(shapes: set[object]) -> bool:
    """Whether among what containers held, as `shape` tells it apart, there is something that is known, and no number."""
    return not shapes <= {_NUMBER}


def shape(value: Value, numbered: bool, depth: int = 0) -> object:
    """What tells a value from others, numbers apart; containers by what they hold, if it is not too much."""
    kind = type(value)
    if isinstance(value, Method):  # each look-up makes another one
        return value.name, key_of(value.receiver)
    if isinstance(value, Text):
        return value.beginning or _NUMBER  # where it leads to is all that matters of a path
    if kind is Found or (kind is Unknown and not numbered):
        return _NUMBER
    if kind is Const:
        return _NUMBER if is_number(value) else key_of(value)
    if isinstance(value, (Seq, Dict, Union)) and (depth or _size(value) < _MOST_SHAPES):
        if isinstance(value, Seq):
            shapes = [shape(one, numbered, depth + 1) for one in value.items]
            return tuple(shapes) if value.exact and len(shapes) <= 8 else frozenset(shapes)
        if isinstance(value, Union):
            return frozenset([shape(one, numbered, depth + 1) for one in value.options])
        named = [(str(key), shape(one, numbered, depth + 1)) for key, one in value.items.items()]
        return frozenset([*named, *[shape(one, numbered, depth + 1) for one in value.rest]])
    return key_of(value)


_MOST_SHAPES = 256


def _size(value: Value) -> int:
    """How much there is in a value, counted up to `_MOST_SHAPES`; something that holds itself is too much."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_SHAPES:
        one = waiting.pop()
        seen += 1
        if type(one) not in _HOLDING:
            continue
        if isinstance(one, Union):
            waiting += one.options
        elif isinstance(one, Seq):
            waiting += one.items
        elif isinstance(one, Dict):
            waiting += [*one.items.values(), *one.rest]
    return seen


_HOLDING = frozenset({Seq, Dict, Union})


def leaves(value: Value) -> list[Value]:
    """What a value holds at the end of its containers; the value itself, if that is too much."""
    if type(value) not in _HOLDING:
        return [value]
    if _size(value) >= _MOST_SHAPES:
        return [value]
    waiting, found = [value], []
    while waiting:
        one = waiting.pop()
        if type(one) not in _HOLDING:
            found.append(one)
        elif isinstance(one, (Seq, Dict)):
            waiting += held_in(one)
        elif isinstance(one, Union):
            waiting += one.options
    return found


def held_in(container: Seq | Dict) -> list[Value]:
    """What is in a container, without taking it out."""
    if isinstance(container, Seq):
        return list(container.items)
    held = [*container.items.values(), *container.rest]
    return [*held, *map(Const, container.items), *([container.key] if container.key is not None else [])] if container.listed else held


def key_of(value: Value | None, depth: int = 0) -> object:
    """What tells two arguments apart."""
    if value is None:
        return None
    kind = type(value)
    if kind is Unknown:
        return value.taint
    if kind is Object:
        return id(value.cls)  # type: ignore[attr-defined]
    if isinstance(value, Const):
        try:
            hash(value.value)
        except TypeError:
            return id(value)
        return (type(value.value), value.value, value.taint)
    if isinstance(value, Foreign):
        return (value.taint, value.library)
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Ref):
        return value.name
    if isinstance(value, Function):
        return (id(value.node), id(value.scope), key_of(value.receiver, depth + 1) if depth < 3 else id(value.receiver))
    if isinstance(value, Instance):
        return (value.cls, key_of(value.resource, depth), value.taint)
    if isinstance(value, Union):
        return tuple(key_of(option, depth) for option in value.options)
    if isinstance(value, Seq) and len(value.items) <= 8 and depth < 3:
        return ("seq", value.exact, tuple(key_of(item, depth + 1) for item in value.items))
    return id(value)
