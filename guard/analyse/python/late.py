"""What runs late: generators, generator functions, `map` and its like, the values of a dictionary.

Such a thing is read where it is made, as if it were gone through at once, and once more wherever somebody goes through it, if anything that
it depends on has changed since then: that is what it would find.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from guard.analyse.python.likeness import key_of
from guard.analyse.python.parse import nodes
from guard.analyse.python.readings import still
from guard.analyse.python.values import UNKNOWN, Dict, Log, Scope, Seq, Value, options

if TYPE_CHECKING:
    from guard.analyse.python.invocation import Invocation


class Later:
    """How the items of one such thing are worked out, and on what they depend."""

    __slots__ = ("_again", "_busy", "_epoch", "_log", "_run", "_where", "given", "gone_through")

    def __init__(self, run: Invocation, again: Callable[[], Value], log: Log, given: Iterable[Value], epoch: int) -> None:
        self._run = run
        self._again = again
        self._log = log
        self._epoch = epoch
        self._where = run.scope, run.local, run.origin, run.outer_span
        self._busy = False
        self.given = tuple(given)
        """What it goes through itself."""
        self.gone_through = False
        """Whether anybody was seen to go through it."""

    def work_out(self, held: Seq) -> None:
        """Put what the items are by now to those that it holds."""
        if self._busy:
            return
        self.gone_through = True
        run = self._run
        if still(self._log, self.given, self._epoch):
            run.log.add(self._log)
            return
        run.renew()
        self._busy, epoch, log = True, run.epoch, run.log.begin()
        where = run.scope, run.local, run.origin, run.outer_span
        run.scope, run.local, run.origin, run.outer_span = self._where
        try:
            made = self._again()
        finally:
            run.scope, run.local, run.origin, run.outer_span = where
            self._busy, self._epoch, self._log = False, epoch, run.log.end(log)
        _merge(held, made)


def _merge(held: Seq, made: Value) -> None:
    """Let a sequence hold what another one that was made in its place does."""
    keys = {key_of(one) for one in held.items if type(one) not in _CONTAINERS}
    for option in options(made):
        if option is held:
            continue
        items = option.items if isinstance(option, Seq) else [UNKNOWN]
        held.extend([one for one in items if one not in held.items and (type(one) in _CONTAINERS or key_of(one) not in keys)])
        held.taint = held.taint or option.taint
    held.exact, held.moved = False, True


_CONTAINERS = frozenset({Seq, Dict})


def read_late(run: Invocation, again: Callable[[], Value], given: list[Value], node: ast.GeneratorExp | None = None) -> Value:
    """Read something that runs late; what it gives will be worked out again. `given`: what it goes through; `node`: the code of a
    generator, which looks names up in the scope that it is in."""
    if not run.careful:
        return again()
    epoch, outer = run.epoch, run.log.begin()
    try:
        made = again()
    finally:
        log = run.log.end(outer)
    if type(made) is Seq and made.late is None and not any(made is one for one in given):
        if node is not None:
            _look_up(node, run.scope, log)
        made.late = later = Later(run, again, log, given, epoch)
        run.late.append((made, later))
    return made


def _look_up(node: ast.GeneratorExp, scope: Scope, log: Log) -> None:
    """Write down what the names in a generator stand for, and where else they could be bound before."""
    for name in {one.id for one in nodes(node) if type(one) is ast.Name and type(one.ctx) is ast.Load}:
        at: Scope | None = scope
        while at is not None:
            at = at.foreign.get(name, at)
            found = at.names.get(name)
            log.taken.setdefault((at, name), found)
            at.observed = True
            at = at.parent if found is None else None
