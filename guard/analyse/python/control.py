"""Control flow: branches, loops, what leaves them early, and what names are where several ways meet.

Branches are both taken and joined. A loop's body is read once with the names that it counts up made unknown, and once more if a name
came out of it with another thing in it.
"""

from __future__ import annotations

import ast
import re

from guard.analyse.python import fold
from guard.analyse.python.definitions import Definitions
from guard.analyse.python.invocation import bind
from guard.analyse.python.likeness import fresh, key_of
from guard.analyse.python.parse import blocks
from guard.analyse.python.values import (
    CLIMBING,
    FOUND,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Injected,
    Instance,
    Method,
    Object,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    options,
    parts_of,
    text,
    union,
)
from guard.analyse.python.vocabulary import LEADING
from guard.model import Loop

MAX_LOOP_DEPTH = 3
MAX_TURNS = 16
MAX_READINGS = 4
"""Times that a loop's body is read; what changes still at the third is taken for anything."""


class ControlFlow(Definitions):
    """Branches and loops."""

    __slots__ = ()

    def on_Return(self, node: ast.Return) -> bool:
        self.scope.returns.append(self.value(node.value))
        return True

    def on_Raise(self, node: ast.Raise) -> bool:
        for one in (node.exc, node.cause):
            if one is not None:
                self.lose_fields(self.value(one))  # who catches it takes them out again
        return True

    def on_Break(self, node: ast.Break) -> bool:
        return True

    def on_Continue(self, node: ast.Continue) -> bool:
        return True

    # ------------------------------------------------------------------------------------------------------------ branches

    def on_If(self, node: ast.If) -> bool:
        ends: list[dict[str, Value]] = []
        certain = self.around.certain
        current: ast.If = node
        while True:
            self.value(current.test)
            before = dict(self.scope.names)
            cwd = self.cwd
            self.around.certain = False if not _main_guard(current.test) else certain
            if not self.block(current.body):
                ends.append(self.scope.names)
            self.cwd = cwd if self.cwd is cwd else UNKNOWN
            self.scope.names = before
            if len(current.orelse) == 1 and isinstance(current.orelse[0], ast.If):
                current = current.orelse[0]
                continue
            if not self.block(current.orelse):
                ends.append(self.scope.names)
            break
        self.around.certain = certain
        if not ends:
            return True
        self.scope.names = self._joined(ends)
        return False

    def on_Try(self, node: ast.Try) -> bool:
        before = dict(self.scope.names)
        certain = self.around.certain
        ended = self.block(node.body)
        stopped = self._stopped(before, self.scope.names, node)
        if not ended:
            ended = self.block(node.orelse)
        ends = [] if ended else [self.scope.names]
        self.around.certain = False
        for handler in node.handlers:
            self.scope.names = dict(stopped)
            self.annotation(handler.type)
            if handler.name:
                self.scope.bind(handler.name, UNKNOWN)
            if not self.block(handler.body):
                ends.append(self.scope.names)
            if handler.name:  # Python removes it
                self.scope.names.pop(handler.name, None)
        self.around.certain = certain
        self.scope.names = self._joined(ends) if ends else stopped
        return self._finally(node, stopped) or not ends

    def _finally(self, node: ast.Try, stopped: dict[str, Value]) -> bool:
        """The last part of a `try`, which runs whether the rest came to its end or not."""
        whole = self.scope.names
        self.scope.names = self._joined([whole, stopped]) if node.finalbody else whole
        ended = self.block(node.finalbody)
        if node.finalbody:
            own = set().union(*map(self.assigned_in, node.finalbody))
            self.scope.names |= {name: value for name, value in whole.items() if name not in own}
        return ended

    on_TryStar = on_Try

    def on_With(self, node: ast.With | ast.AsyncWith) -> bool:
        swallows = False
        for item in node.items:
            value = self.value(item.context_expr)
            swallows |= any(not isinstance(one, Instance) or one.cls.startswith("contextlib.") for one in options(value))
            if any(isinstance(option, Object) for option in options(value)):
                value = union([self._entered(option, node) for option in options(value)])
            if isinstance(value, Seq) and not value.exact:
                held = value.look()
                if len(held) == 1 or value.late is not None:  # a @contextmanager: what it yields
                    value = union(held)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, node)
        before = dict(self.scope.names)
        ended = self.block(node.body)
        if swallows:  # an exception may end the block, and the program go on behind it
            self.scope.names = self._stopped(before, self.scope.names, node)
        return ended

    on_AsyncWith = on_With

    def _entered(self, value: Value, node: ast.With | ast.AsyncWith) -> Value:
        """What `with` an object of the program gives."""
        if not isinstance(value, Object):
            return value
        enter = value.cls.lookup("__enter__") or value.cls.lookup("__aenter__")
        for name in ("__exit__", "__aexit__"):
            if (leave := value.cls.lookup(name)) is not None:
                self.call(bind(leave, value), Args(more=True), node)
        return self.call(bind(enter, value), Args(), node) if enter is not None else value

    def on_Match(self, node: ast.Match) -> bool:
        subject = self.value(node.subject)
        if self.outside.classes:
            self.lose_functions(subject)  # which an object in a pattern is compared with
        before = dict(self.scope.names)
        ends = [before]
        certain, self.around.certain = self.around.certain, False
        for case in node.cases:
            self.scope.names = dict(before)
            self.pattern(case.pattern, subject)
            if case.guard is not None:
                self.value(case.guard)
            if not self.block(case.body):
                ends.append(self.scope.names)
        self.around.certain = certain
        self.scope.names = self._joined(ends)
        return False

    # ------------------------------------------------------------------------------------------------------- ways that meet

    def _joined(self, ends: list[dict[str, Value]]) -> dict[str, Value]:
        """Names after several ways have come together. What one of them did not bind is there what it is outside."""
        joined = _join(ends)
        if len(ends) == 1 or (self.scope.parent is not None and not self.scope.is_class):
            return joined  # a local name that is not bound is nothing
        everywhere = set(ends[0]).intersection(*ends[1:])
        if len(everywhere) == len(joined):
            return joined
        for name, value in joined.items():
            if name not in everywhere and (outside := self._outside(name, value)) is not None:
                joined[name] = union([outside, value])
        return joined

    def _outside(self, name: str, value: Value) -> Value | None:
        """What a name of a module or class means where it is not bound, if it may be called."""
        if self.scope.parent is not None:
            scope, self.scope = self.scope, self.scope.parent
            try:
                return self.lookup(name)
            finally:
                self.scope = scope
        calls = name in self.called_names or any(isinstance(one, (Ref, Injected, Function, Class, Method)) for one in options(value))
        return self._global(name, None) if name in LEADING or (calls and self.profile is not None) else None

    def _stopped(self, before: dict[str, Value], after: dict[str, Value], node: ast.stmt) -> dict[str, Value]:
        """Names where a part of the program was left somewhere in its midst: each may be whatever it ever was."""
        joined = self._joined([before, after])
        for name in self.assigned_in(node) | self.global_names:
            if name in joined and (past := self.scope.history.get(name)):
                joined[name] = union([joined[name], *past])
        return joined

    # --------------------------------------------------------------------------------------------------------------- loops

    def on_For(self, node: ast.For | ast.AsyncFor) -> None:
        given = self.value(node.iter)
        source = self.iterated(given, node)
        known = isinstance(source, Seq) and source.exact
        if isinstance(source, Instance) and source.cls == "io.File":
            source = TAINTED
        self._loop(
            node,
            source,
            Loop.BOUNDED if known else Loop.UNBOUNDED,
            len(source.items) if isinstance(source, Seq) and known else None,
            source.items if isinstance(source, Seq) and known else [],
            lazy=source is not given,
        )

    on_AsyncFor = on_For

    def on_While(self, node: ast.While) -> None:
        self._loop(node, UNKNOWN, Loop.UNBOUNDED, None, [])

    def _loop(
        self,
        node: ast.For | ast.AsyncFor | ast.While,
        source: Value,
        loop: Loop,
        count: int | None,
        items: list[Value],
        *,
        lazy: bool = False,
    ) -> None:
        names = self.scope.names
        assigned = self.assigned_in(node)
        for name in assigned:
            value = names.get(name)
            if isinstance(value, Const) and not isinstance(value.value, (str, bytes)) and value.value is not None:
                names[name] = FOUND
        before = dict(names)
        certain = self.around.certain
        leaves = _leaves(node)
        self.loops += 1
        outer, self.refilled = self.refilled, []
        with self.looping(loop, count):
            for attempt in range(MAX_READINGS):
                again, done = len(self.refilled), (self.applied, self.remembered)
                if isinstance(node, ast.While):
                    self.value(node.test)
                    self.around.certain = certain and attempt == 0 and isinstance(node.test, ast.Constant)
                else:
                    self.assign(node.target, fold.element(source), node)
                self.block(node.body)
                joined = self._stopped(before, self.scope.names, node) if leaves else self._joined([before, self.scope.names])
                self.scope.names = joined
                longer = _longer(before, joined, assigned) if self.careful else []
                if longer and not attempt and not leaves and isinstance(node, ast.For) and self._turn_by_turn(node, before, items):
                    break
                for name in longer if attempt else ():
                    joined[name] = _any_text(joined[name])
                refilled = self.refilled[again:]
                idle = done == (self.applied, self.remembered)  # no effect in it: to know more is worth less
                for widen in refilled if attempt > (0 if idle else 1) else ():
                    widen()
                other = _refilled(before, joined, assigned, self.numbered) if self.careful else []
                for name in other if attempt > 1 else ():
                    joined[name] = union([joined[name], UNKNOWN])
                if self.loops > MAX_LOOP_DEPTH or not (longer or refilled or other or (attempt == 0 and _grown(before, joined, assigned))):
                    break
                self.read_again()
                if refilled and not isinstance(node, ast.While) and isinstance(node.iter, _ITERATORS):
                    source = union([source, self.value(node.iter)])  # what the body changes, an iterator sees
                if lazy:
                    source = UNKNOWN
                before = dict(joined)
        self.refilled = outer + self.refilled
        self.loops -= 1
        self.around.certain = certain
        self.block(node.orelse)

    def _turn_by_turn(self, node: ast.For, before: dict[str, Value], items: list[Value]) -> bool:
        """Read the body once for each of a few known items, so that what a path grows to is known. False: they are too many."""
        if not items or not self.affordable(len(items), MAX_TURNS):
            return False
        self.scope.names = dict(before)
        self.unrolled *= len(items)
        for item in items:
            self.assign(node.target, item, node)
            self.block(node.body)
        self.unrolled //= len(items)
        return True


_ITERATORS = (ast.Call, ast.GeneratorExp)


def _leaves(node: ast.stmt) -> bool:
    """Whether a loop may end, or a turn of it, in the midst of its body."""
    return any(type(one) in _LEAVING for one in blocks(node))


_LEAVING = frozenset({ast.Break, ast.Continue})


def _main_guard(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _join(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """Names after several ways have come together."""
    if len(ends) == 1:
        return ends[0]
    joined = dict(ends[0])
    for other in ends[1:]:
        for name, value in other.items():
            mine = joined.get(name)
            if mine is None:
                joined[name] = value
            elif mine is not value:
                joined[name] = union([mine, value])
    return joined


def _longer(before: dict[str, Value], after: dict[str, Value], names: set[str]) -> list[str]:
    """Names that had a text or a path before a loop and have another one after it."""
    return [
        name
        for name in names
        if name in before
        and after[name] is not before[name]
        and any(_is_path(option) and all(key_of(option) != key_of(one) for one in options(before[name])) for option in options(after[name]))
    ]


def _refilled(before: dict[str, Value], after: dict[str, Value], names: set[str], numbered: bool) -> list[str]:
    """Names that a loop looked into, or had a text, and that stand for something with other things in it after its body."""
    return [name for name in names if name in before and after[name] is not before[name] and _differs(before[name], after[name], numbered)]


def _differs(before: Value, after: Value, numbered: bool) -> bool:
    holds = [one for one in options(before) if isinstance(one, (Seq, Dict)) and one.taken]
    held = [value for one in holds for value in one.look()]
    others = [value for one in options(after) if isinstance(one, (Seq, Dict)) and one not in holds for value in one.look()]
    if holds and fresh(held, others, numbered):
        return True
    known = fresh([], [*held, *(one for one in options(before) if _is_path(one) or isinstance(one, Object))])
    return known and _may_be_anything(after) and not _may_be_anything(before)


def _may_be_anything(value: Value) -> bool:
    return any(isinstance(one, Unknown) for one in options(value))


def _is_path(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, str)
    return isinstance(value, Text) or (isinstance(value, Instance) and value.cls == "pathlib.Path")


def _any_text(value: Value) -> Value:
    """The value of a name whose text every turn of a loop changes: anything."""
    paths: list[Value] = [Instance(one.cls, UNKNOWN) for one in options(value) if isinstance(one, Instance) and one.cls == "pathlib.Path"]
    things = [one for one in options(value) if not _is_path(one)]
    texts = [part or "" for one in options(value) if _is_path(one) for part in parts_of(one)]
    if any(_DOTTED.search(part) for part in texts):  # the next turns may make steps up of it
        things.append(text(CLIMBING, value.taint))
    return union([*things, *(paths or (TAINTED if value.taint else UNKNOWN,))])


_DOTTED = re.compile(r"(?:^|/)\.|\.(?:$|/)")
"""Dots that more of the same could join into the folder above."""


def _grown(before: dict[str, Value], after: dict[str, Value], names: set[str]) -> bool:
    """Whether a loop left something new in a name that it assigns: then its body must be read again."""
    for name in names:
        new, old = after.get(name), before.get(name)
        if new is None or new is old or isinstance(new, Unknown):
            continue
        fresh = [option for option in options(new) if not isinstance(option, (Unknown, Const, Text, Seq, Dict))]
        known = options(old) if old is not None else ()
        if old is not None and any(all(option is not one for one in known) for option in fresh):
            return True
    return False
