"""What functions take from outside themselves while they are read, and whether that is still so at the end of the program.

A function is read where it is called, with the names, attributes and containers as they are then; what the program puts into those later
it may see as well, so calls with effects are read again when the whole program is known (`Invocation.once_more`). That second reading is a
function of the same text, the same arguments and what comes in from outside, and of nothing else:

- names beyond the scope of the function, found or not (`Scope.take`), and attributes of the program's classes (`Class.lookup`, `field`);
- containers that come in through such a name, a member or an argument, and what is inside them (`value`);
- the methods of some name in the libraries that are imported by then (`method`);
- rare things that nobody follows so closely: whoever touches one says so (`changed`), and so does whoever stops short of reading a call as
  it stands, since a call that is read by itself is cut off elsewhere (`Invocation.invoke`).

If each of them was the same object with the same content whenever it was taken, and is so at the end, then the second reading would go
the same way as the first, step by step, and write the same effects down at the same places, where they merge into what is there. Whether
a thing is the same is asked by identity: what only looks alike counts as changed, and the program is read again.
"""

from __future__ import annotations

from collections.abc import Iterable

from guard.analyse.python import knowledge
from guard.analyse.python.knowledge import Row
from guard.analyse.python.values import Class, Dict, Instance, Method, Partial, Scope, Seq, Union, Value


class Outside:
    """What was taken so far."""

    __slots__ = ("changed", "classes", "containers", "methods", "missed")

    def __init__(self) -> None:
        self.changed = False
        """Whether something was taken that is another thing by now, or that is not followed."""
        self.classes: list[Class] = []
        """All classes of the program; they and the scopes remember by themselves what was looked up in them."""
        self.missed = 0
        """How often something was not there when it was asked for: what is put there later is seen by a second reading alone."""
        self.containers: dict[int, tuple[Seq | Dict, object]] = {}
        self.methods: dict[str, tuple[Row, ...]] = {}

    def value(self, value: Value) -> None:
        """A value comes into a function; what is inside may be taken too."""
        if type(value) in HOLDING:  # few are, and each value is asked
            self.values((value,))

    def values(self, values: Iterable[Value]) -> None:
        waiting = [value for value in values if type(value) in HOLDING]
        seen = set[int]()  # by many ways one comes to what values that are made of each other hold
        while waiting:
            one = waiting.pop()
            if isinstance(one, (Seq, Dict)):
                now = _content(one)
                before = self.containers.setdefault(id(one), (one, now))[1]
                if before is not now:
                    self.changed |= before != now
                    continue
            elif id(one) in seen:
                continue
            else:
                seen.add(id(one))
            waiting += [value for value in held_by(one) if type(value) in HOLDING]

    def method(self, name: str, found: tuple[Row, ...]) -> None:
        """A function calls a method that is looked up in the libraries that are imported."""
        self.changed |= self.methods.setdefault(name, found) != found

    def same(self, scopes: Iterable[Scope], imported: set[str]) -> bool:
        """Whether all that was taken is still as it was. `scopes`: those that functions were defined in."""
        return not (
            self.changed
            or any(knowledge.loose(name, imported) != then for name, then in self.methods.items())
            or any(cls.changed() for cls in self.classes)
            or any(scope.changed() for scope in scopes)
            or any(_content(one) != then for one, then in self.containers.values())
        )


HOLDING = frozenset({Seq, Dict, Union, Instance, Method, Partial})
"""Values that are, or hold, what may change."""


def held_by(value: Value) -> Iterable[Value]:
    """What is in a value of the kinds `HOLDING`."""
    if isinstance(value, Seq):
        return value.items if value.late is None else (*value.items, *value.late.given)
    if isinstance(value, Dict):
        return (*value.items.values(), *value.rest, *((value.key,) if value.key is not None else ()))
    if isinstance(value, Union):
        return value.options
    if isinstance(value, Instance):
        return (value.resource,) if value.resource is not None else ()
    if isinstance(value, Method):
        return (value.receiver,)
    return (value.func, *value.args.all()) if isinstance(value, Partial) else ()


def _content(value: Seq | Dict) -> object:
    """What a container holds, to be compared: values are equal if they are the same object."""
    if isinstance(value, Seq):
        return value.exact, value.taint, tuple(value.items)
    return value.taint, value.key, dict(value.items), tuple(value.rest)
