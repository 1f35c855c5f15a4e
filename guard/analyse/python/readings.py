"""What reading a function of the program, or something that runs late, gave; and whether reading it now would give the same.

INVARIANT: a result is used again only where nothing has changed that the reading depended on: the names and fields that were looked up
outside, those that were bound there (which a second run would bind again), the defaults, and the content of containers. Of those a change
anywhere counts (`epoch`): containers are known under many names. A container that is given now must be the one that was given then, since
it may be filled, kept or given back.
"""

from __future__ import annotations

from collections.abc import Iterable

from guard.analyse.python.likeness import fresh, key_of
from guard.analyse.python.outside import HOLDING, held_by
from guard.analyse.python.values import Args, Class, Dict, Instance, Log, Scope, Seq, Union, Value, options


class Reading:
    """One reading. Until it is at its end, `log` is None and `result` is what it is taken to give."""

    __slots__ = ("args", "defaults", "epoch", "log", "result")

    def __init__(self, result: Value, args: Args, defaults: dict[str, Value], epoch: int) -> None:
        self.result = result
        self.args = args
        self.defaults = defaults
        self.epoch = epoch
        """How often a container had changed when it began."""
        self.log: Log | None = None

    def stands(self, args: Args, defaults: dict[str, Value]) -> bool:
        """Whether a call with such arguments, that has the same key, would be read in the same way."""
        if self.log is None:
            return True
        return (
            all(map(_is_the_one, self.args.all(), args.all()))
            and (self.defaults is defaults or list(map(key_of, self.defaults.values())) == list(map(key_of, defaults.values())))
            and still(self.log, (*args.all(), *defaults.values()), self.epoch)
        )


def still(log: Log, given: Iterable[Value], epoch: int) -> bool:
    """Whether all that was looked up is as it was found, and all that was bound as it was left, with what is in it; `given`: what else
    came in."""
    for found in (log.taken, log.written):
        for (owner, name), then in found.items():
            now = owner.current(name)
            if now is not then:
                if _differs(owner, then, now):
                    return False
                found[owner, name] = now  # to be compared no more
    return not _changed((*log.taken.values(), *log.written.values(), *given), epoch)


def _changed(values: Iterable[Value | None], epoch: int) -> bool:
    """Whether a container among some values, or in one of them, was changed after a time. One that holds too much counts as changed."""
    waiting = [value for value in values if value is not None and type(value) in HOLDING]
    seen = set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, (Seq, Dict)) and (one.changed > epoch or len(seen) > MOST_HELD):
            return True
        waiting += [value for value in held_by(one) if type(value) in HOLDING]
    return False


MOST_HELD = 256
"""Things in containers that are looked at to see whether they changed."""


def _differs(owner: Scope | Class, then: Value | None, now: Value | None) -> bool:
    """Whether one value may be what the other is not. In a field all containers that it ever held are together, whichever is changed."""
    if then is None or now is None:
        return True
    known = options(then)
    keys = {key_of(one) for one in known}
    for one in options(now):
        if one in known or (key_of(one) in keys and type(one) not in _CONTAINERS):
            continue
        if type(owner) is not Class or type(one) not in _CONTAINERS or fresh([then], [one], numbered=True):
            return True
    return False


_CONTAINERS = frozenset({Seq, Dict})


def _is_the_one(then: Value, now: Value) -> bool:
    """Whether of two values with the same key all containers in one are those in the other."""
    if then is now:
        return True
    if type(then) is Union and type(now) is Union:
        return all(map(_is_the_one, then.options, now.options))
    if isinstance(then, Instance) and isinstance(now, Instance) and then.resource is not None and now.resource is not None:
        return _is_the_one(then.resource, now.resource)
    return type(then) is not Seq
