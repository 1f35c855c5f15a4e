"""Which values are like which: what tells two arguments apart, and whether among some values there is one unlike those before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
    if not numbered and not any(map(says_anything, values)) and not any(map(says_anything, before)):
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


def says_anything(value: Value, plain: Callable[[Value], bool] = is_number) -> bool:
    """Whether there is something in a value that is known, and is not `plain`: no number."""
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
            if not plain(one):
                return True
        elif isinstance(one, Instance):
            if one.cls not in _CALM_THINGS:
                return True
        elif kind not in _NOTHING_SAID and not (isinstance(one, Text) and one.prefix == ""):
            return True
    return False


def is_plain(value: Value) -> bool:
    """Whether a value is a number, None or one of the truth values: no name of anything."""
    return is_number(value) or (type(value) is Const and (value.value is None or type(value.value) is bool))


_NUMBER = object()
_NOTHING_SAID = frozenset({Unknown, Found})
_CALM_THINGS = frozenset({"tkinter.Window"})
"""Classes of libraries of which no more is known than that, by their names, some methods reach devices."""


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
    while waiting:
        if seen + len(waiting) >= _MOST_SHAPES:  # each of them counts
            return _MOST_SHAPES
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


def key_of(value: Value | None) -> object:
    """What tells two arguments apart; of what holds too much, which one it is."""
    if value is None:
        return None
    return _key(value, 0) if type(value) not in _NESTING or _inside(value) < _MOST_SHAPES else id(value)


_NESTING = frozenset({Seq, Union, Instance, Function})


def _inside(value: Value) -> int:
    """How many values make up the key of one, counted up to `_MOST_SHAPES`: each is counted as often as it is come to."""
    waiting: list[tuple[Value, int]] = [(value, 0)]
    seen = 0
    while waiting and seen < _MOST_SHAPES:
        one, depth = waiting.pop()
        seen += 1
        if isinstance(one, Union):
            waiting += [(option, depth) for option in one.options]
        elif isinstance(one, Seq) and len(one.items) <= 8 and depth < 3:
            waiting += [(item, depth + 1) for item in one.items]
        elif isinstance(one, Instance) and one.resource is not None:
            waiting.append((one.resource, depth))
        elif isinstance(one, Function) and one.receiver is not None and depth < 3:
            waiting.append((one.receiver, depth + 1))
    return seen


def _key(value: Value | None, depth: int) -> object:
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
        return (id(value.node), id(value.scope), _key(value.receiver, depth + 1) if depth < 3 else id(value.receiver))
    if isinstance(value, Instance):
        return (value.cls, _key(value.resource, depth), value.taint)
    if isinstance(value, Union):
        return tuple(_key(option, depth) for option in value.options)
    if isinstance(value, Seq) and len(value.items) <= 8 and depth < 3:
        return ("seq", value.exact, tuple(_key(item, depth + 1) for item in value.items))
    return id(value)


def overwritten(before: object, now: dict[Any, Value]) -> bool:
    """Whether something else stands under a key of a mapping than before."""
    assert isinstance(before, dict)
    return any(value is not (old := before.get(key)) and key_of(value) != key_of(old) for key, value in now.items())
