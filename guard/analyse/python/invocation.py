"""Calls of the program's own functions and classes: their bodies are read with the arguments, once for each way of calling them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import partial

from guard.analyse.python import knowledge
from guard.analyse.python.late import Later
from guard.analyse.python.likeness import fresh, held_in, is_news, key_of, leaves, overwritten, says_something, shape
from guard.analyse.python.outside import Outside
from guard.analyse.python.readings import Reading
from guard.analyse.python.rows import Rows
from guard.analyse.python.state import Around, TooMuch
from guard.analyse.python.values import (
    NOTHING,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Instance,
    Log,
    Object,
    Scope,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    climbs,
    options,
    union,
)
from guard.model import Facts

DEEPEST = 16
MOST_AGAIN = 64
MOST_READINGS = 600
"""Loops and recursive calls that are read again, in one program."""
MOST_RECURSION = 2
"""Calls of a function from within itself that are read one in the other."""
CONTEXTS = 6
"""Ways of calling one function that are told apart; further calls are read with unknown arguments."""


class Invocation(Rows):
    """Calls of what the program defines."""

    __slots__ = (
        "arguments_of",
        "assumed",
        "contexts",
        "effectful",
        "epoch",
        "functions",
        "general",
        "imported",
        "late",
        "local",
        "log",
        "memory",
        "outside",
        "quiet",
        "reached",
        "readings",
        "recursive",
        "remembered",
        "renewed",
        "scope",
        "stack",
        "unrolled",
    )

    scope: Scope

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.functions: list[Function] = []
        self.memory: dict[tuple[object, ...], Reading] = {}
        self.log = Log()
        self.epoch = 0
        """How often a container that is watched has changed."""
        self.renewed = 0
        """Readings that were made anew, since something had changed since."""
        self.effectful: dict[tuple[object, ...], tuple[Function, Args, Around, ast.AST]] = {}
        """Calls of functions of the program in which something of the tables happened, or something was missing."""
        self.general = set[ast.AST]()
        """Functions to which others are added in a way that is not followed (`singledispatch`): they may give anything."""
        self.outside = Outside()
        self.imported: set[str] = set()
        self.late: list[tuple[Seq, Later]] = []
        """Things that run late."""
        self.local: Scope | None = None
        """The scope of the function that is being read."""
        self.unrolled = 1
        self.quiet = 0
        """> 0: names are looked at, not handed on (annotations, exception classes, isinstance)."""
        self.contexts: dict[int, int] = {}
        self.stack: list[ast.AST] = []
        self.readings = 0
        self.remembered = 0
        """Calls of which the result was known: what they do is written down already."""
        self.arguments_of: dict[ast.AST, Args] = {}
        """Function that is being read -> what it was given last."""
        self.recursive: set[ast.AST] = set()
        """Functions that were called from within themselves."""
        self.assumed: dict[ast.AST, Value] = {}
        """The recursive function that is being read, and what its calls of itself are taken to give."""
        self.reached: set[int] = set()
        """Functions (by their nodes) that something called."""

    # what the layers above give
    def run_body(self, func: Function, scope: Scope) -> Value:
        raise NotImplementedError

    def call_ref(self, name: str, args: Args, node: ast.AST, receiver: Value | None = None) -> Value:
        raise NotImplementedError

    def escape(self, args: Args) -> None:
        raise NotImplementedError

    def construct(self, cls: Class, args: Args, node: ast.AST) -> Value:
        instance = Object(cls)
        init = cls.lookup("__init__")
        if isinstance(init, Function):
            self.invoke(init.bound(instance), args, node)
        else:
            base = cls.foreign()
            if base is not None and knowledge.is_effectful(base.name):
                self.call_ref(base.name, args, node)
            if base is not None:
                self.escape(args)  # what a tuple, a model or a thread has in it comes out in other ways than by its fields
            self._data_fields(cls, args)
        for hook in ("__new__", "__post_init__"):
            method = cls.lookup(hook)
            if isinstance(method, Function):
                self.invoke(method.bound(instance), args if hook == "__new__" else Args(), node)
        return instance

    def _data_fields(self, cls: Class, args: Args) -> None:
        """Arguments of a dataclass or NamedTuple become its fields, in order."""
        if cls.node is None:
            return
        names = _fields(cls)
        if isinstance(cls.lookup("__new__"), Function):  # which may make something else of the arguments
            args = Args(args.positional, args.named, more=True)
        for name, value in [*zip(names, args.positional, strict=False), *args.named.items()]:
            cls.fields[name] = union([cls.fields[name], value]) if name in cls.fields else value
        for name in (*names, *(cls.scope.names if cls.foreign() is not None else ())) if args.more else ():
            if not isinstance(cls.scope.names.get(name), (Function, Class)):
                cls.fields[name] = union([cls.fields[name], args.rest]) if name in cls.fields else args.rest

    def invoke(self, func: Function, args: Args, node: ast.AST) -> Value:
        """Call a function of the program: its body is read with these arguments."""
        deep = 0
        if func.node in self.stack:
            deep = self.stack.count(func.node)
            self.recursive.add(func.node)
            self.read_again()
        if len(self.stack) >= DEEPEST or (deep and not self._goes_on(func, deep, args)):
            self.outside.changed = True
            return self.assumed.get(func.node, UNKNOWN)
        self.reached.add(id(func.node))
        ident = id(func.node)
        self.contexts[ident] = self.contexts.get(ident, 0) + 1
        key = self._key(func, args)
        if (self.contexts[ident] > CONTEXTS or deep >= MOST_RECURSION) and key not in self.memory:
            self.outside.changed |= any(type(value) in _WIDENED for value in args.all())
            args = self._widen(func, args, deep)
            key = self._key(func, args)
        before = self.memory.get(key)
        if before is not None and self._remembers(before, func, args):
            return before.result
        reading = Reading(self.assumed.get(func.node, UNKNOWN), args, func.defaults, self.epoch)
        self.memory[key] = reading
        self.outside.values((*args.all(), *func.defaults.values()))
        missed, applied, around = self.outside.missed, self.applied, (self.around.loop, self.around.count, self.around.certain)
        scope = Scope(func.scope)
        self._parameters(func, args, scope)
        self.stack.append(func.node)
        around_it, self.arguments_of[func.node] = self.arguments_of.get(func.node, args), args
        outside = self.outer_span, self.origin, self.local, self.quiet
        if func.origin != self.origin:  # its lines are of another file: what it does is shown at the call
            self.outer_span, self.origin = self.span(node) if func.origin else None, func.origin
        self.local, self.quiet = scope, 0
        log = self.log.begin() if self.careful else None
        try:
            result = self.run_body(func, scope) if deep or self.assumed or not self.careful else self._recursive(func, args, scope, key)
        finally:
            self.stack.pop()
            self.arguments_of[func.node] = around_it
            self.outer_span, self.origin, self.local, self.quiet = outside
            reading.log = self.log.end(log, scope) if log is not None else None
        # Something may remember what it gave before, such as a cache.
        reading.result = result = result if before is None else union([before.result, result])
        if scope.yields and reading.log is not None:
            self._runs_late(func, args, node, reading)
        self.outside.values((result,))
        if self.applied != applied or self.outside.missed != missed:
            self.effectful[*key, *(id(one) for one in args.all() if type(one) is Seq)] = (func, args, Around(*around), node)
        return result

    def _remembers(self, before: Reading, func: Function, args: Args) -> bool:
        """Whether what a call gave before is what it gives now; if so, it counts as made once more."""
        if self.careful and not before.stands(args, func.defaults):
            self.renew()
            return False
        self.remembered += 1
        if before.log is not None:
            self.log.add(before.log)
            for held in before.log.changed.values():
                if isinstance(held, Seq):
                    held.exact = False  # what it puts there is there once more
        return True

    def _runs_late(self, func: Function, args: Args, node: ast.AST, reading: Reading) -> None:
        """What a generator function gives is worked out when somebody goes through it."""
        assert reading.log is not None
        for option in options(reading.result):
            if type(option) is Seq and option.late is None:
                given = (*args.all(), *func.defaults.values())
                option.late = later = Later(self, partial(self.invoke, func, args, node), reading.log, given, reading.epoch)
                self.late.append((option, later))

    def go_through(self, values: Iterable[Value]) -> None:
        """Some values go where they are gone through, if they are things that run late."""
        for value in values:
            if type(value) is Seq and value.late is not None:
                value.late.work_out(value)

    def renew(self) -> None:
        """Something is read anew, since what it depends on has changed: so often, and no more."""
        self.renewed += 1
        if self.renewed > MOST_READINGS:
            raise TooMuch

    def _key(self, func: Function, args: Args) -> tuple[object, ...]:
        """What tells this way of calling a function from others."""
        return (
            id(func.node),
            id(func.scope),
            key_of(func.receiver),
            tuple([key_of(value) for value in args.positional]),
            tuple(sorted([(name, key_of(value)) for name, value in args.named.items()])) if args.named else (),
            args.more,
            self.around.loop,
            self.around.certain,
        )

    def _goes_on(self, func: Function, deep: int, args: Args) -> bool:
        """Whether a call of a function from within itself is read: where it is given something else than the call around it."""
        if not self.careful or deep > MOST_RECURSION + 1:
            return False
        around = self.arguments_of[func.node]
        if not _alike(around, args):
            return True
        before = [*around.positional, *around.named.values()]
        after = [*args.positional, *(args.named[name] for name in around.named)]
        return any(fresh([old], [new], self.numbered) for old, new in zip(before, after, strict=True))

    def _widen(self, func: Function, args: Args, deep: int) -> Args:
        """Arguments that stand for those of all further calls. From within itself a function is first read with those widened that are
        not like the ones of the call around it; if the others change by that as well, then with all of them."""
        if not deep:
            return Args([_widened(one) for one in args.positional], {name: _widened(one) for name, one in args.named.items()}, args.more)
        around = self.arguments_of[func.node]
        if deep > MOST_RECURSION or not _alike(around, args) or climbs([leaf for one in args.all() for leaf in leaves(one)]):
            return Args([_anything(one) for one in args.positional], {name: _anything(one) for name, one in args.named.items()}, args.more)
        return Args(
            [self._settled(old, new) for old, new in zip(around.positional, args.positional, strict=True)],
            {name: self._settled(around.named[name], new) for name, new in args.named.items()},
        )

    def _settled(self, old: Value, new: Value) -> Value:
        return _anything(new) if fresh([old], [new], self.numbered) else new

    def _recursive(self, func: Function, args: Args, scope: Scope, key: tuple[object, ...]) -> Value:
        """Read the body of a function that calls itself: those calls may give anything; where the others give something that is known,
        then as if those gave nothing, and once more as if they gave what it gave then, which must be all."""
        known, counted = len(self.memory), len(self.contexts)
        result = self.run_body(func, scope)
        if func.node not in self.recursive or not _needs_more(leaves(result)):
            return result
        widest, result = result, NOTHING
        try:
            for _ in range(2):
                for one in [*self.memory][known:]:
                    del self.memory[one]
                for called in [*self.contexts][counted:]:
                    del self.contexts[called]
                self.assumed[func.node] = self.memory[key].result = result
                scope = self.local = Scope(func.scope)
                self._parameters(func, args, scope)
                before, result = result, union([result, self.run_body(func, scope)])
            return result if not fresh(leaves(before), leaves(result)) else widest
        finally:
            self.assumed.clear()

    def once_more(self) -> None:
        """Call what had effects again with the names, attributes and containers as the whole program left them, if they were other ones
        when it was read first."""
        self.go_through([held for held, later in self.late if not later.gone_through])
        if not self.effectful or self.outside.same(self.scopes(), self.imported):
            return
        if len(self.effectful) > MOST_AGAIN:
            raise TooMuch
        self.memory.clear()
        self.contexts.clear()
        before = self.around
        for func, args, around, node in tuple(self.effectful.values()):
            self.around = around
            self.invoke(func, args, node)
        self.around = before

    def scopes(self) -> set[Scope]:
        """The scopes in which functions were defined, and those around them."""
        found = set[Scope]()
        for func in self.functions:
            scope: Scope | None = func.scope
            while scope is not None and scope not in found:
                found.add(scope)
                scope = scope.parent
        return found

    def watched(self, held: Seq | Dict) -> bool:
        """Whether it matters when a container changes: somebody looked into it, or a function got it, before."""
        return self.careful and (held.taken or id(held) in self.outside.containers)

    def touch(self, held: Seq | Dict) -> None:
        """A container is another one from now on, for all that was read before."""
        self.epoch += 1
        held.changed = self.epoch

    def widen(self, held: Seq | Dict) -> None:
        """Let a container hold anything from now on."""
        self.touch(held)
        held.widen()

    def change(self, held: Seq | Dict, how: Callable[[], object]) -> None:
        """Change a container that is watched: if there is something else now, the loops around must know."""
        self.log.changed[id(held)] = held
        content = dict(held.items) if isinstance(held, Dict) else held.exact
        if held.taken:
            self._refill(held, how)
        else:
            how()
        if isinstance(held, Dict) and overwritten(content, held.items):
            self.touch(held)
            self.remember(held, content)

    def _refill(self, held: Seq | Dict, how: Callable[[], object]) -> None:
        before, count, exact = held_in(held), len(held.items), isinstance(held, Seq) and held.exact
        if held.shapes is None:
            held.shapes = {shape(option, self.numbered) for one in before for option in options(one)}
        how()
        if isinstance(held, Seq):
            new = held.items[count:]
        else:
            there = set(map(id, before))
            new = [one for one in held_in(held) if id(one) not in there]
        if new and is_news(new, before, held.shapes, self.numbered):
            self.touch(held)
            self.refilled.append(partial(self.widen, held))
            self.news.append((held, before, new))
        elif exact and says_something(held.shapes):  # something else may be at its place
            self.touch(held)
        held.shapes.update([shape(option, self.numbered) for one in new for option in options(one)])

    def read_again(self) -> None:
        """Something is read once more: so often, and no more, is a program followed."""
        self.readings += 1
        if self.readings > MOST_READINGS:
            raise TooMuch

    def affordable(self, count: int, most: int) -> bool:
        """Whether a loop of so many turns may be followed turn by turn within those that are followed already."""
        self.outside.changed |= count <= most < count * self.unrolled and self.local is not None
        return count * self.unrolled <= most

    def _parameters(self, func: Function, args: Args, scope: Scope) -> None:
        spec = func.node.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        given = list(args.positional)
        if func.receiver is not None and names and func.kind != "static":
            given.insert(0, func.receiver)
        for position, name in enumerate(names):
            if position < len(given):
                value: Value = given[position]
            elif name in args.named:
                value = args.named[name]
            elif args.more:
                value = union([args.rest, func.defaults[name]]) if name in func.defaults else args.rest
            else:
                value = func.defaults.get(name, UNKNOWN)
            scope.bind(name, value)
        for one in spec.kwonlyargs:
            fallback = args.rest if args.more else func.defaults.get(one.arg, UNKNOWN)
            scope.bind(one.arg, args.named.get(one.arg, fallback))
        if spec.vararg:
            scope.bind(spec.vararg.arg, Seq(given[len(names) :] or ([args.rest] if args.more else []), exact=not args.more))
        if spec.kwarg:
            known = {*names, *(one.arg for one in spec.kwonlyargs)}
            rest: dict[object, Value] = {name: value for name, value in args.named.items() if name not in known}
            scope.bind(spec.kwarg.arg, Dict(rest, [args.rest] if args.more else []))


def _fields(cls: Class, depth: int = 0) -> list[str]:
    """The annotated names of a class, after those of the classes that it is derived from: the order of a dataclass's arguments."""
    inherited = [name for base in reversed(cls.bases) if isinstance(base, Class) and depth < 20 for name in _fields(base, depth + 1)]
    own = cls.node.body if cls.node is not None else ()
    names = [one.target.id for one in own if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    return list(dict.fromkeys([*inherited, *names]))


def _alike(around: Args, args: Args) -> bool:
    """Whether two calls are given arguments at the same places."""
    return len(around.positional) == len(args.positional) and around.named.keys() == args.named.keys() and not args.more


def _needs_more(leaves: list[Value]) -> bool:
    """Whether what a function gives is in part paths, and in part not known."""
    paths = any(type(leaf) is Instance or (type(leaf) is Text and leaf.prefix) for leaf in leaves)
    return paths and any(isinstance(leaf, Unknown) for leaf in leaves)


def bind(value: Value, receiver: Value) -> Value:
    """A class attribute as seen through an instance: functions become bound methods."""
    if isinstance(value, Function) and value.kind != "static":
        return value.bound(receiver)
    if type(value) is Union and value is not NOTHING:
        return union([bind(option, receiver) for option in value.options])
    return value


def _widened(value: Value) -> Value:
    if type(value) in _WIDENED:
        return TAINTED if value.taint else UNKNOWN
    return value


def _anything(value: Value) -> Value:
    """A value that a recursive call is given, as those after it may be given it: of the same kind, if it is an object."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Instance):
            found.append(Instance(option.cls, UNKNOWN if option.resource is not None else None, option.taint))
        elif isinstance(option, (Const, Text, Seq, Dict)):
            found.append(TAINTED if option.taint else UNKNOWN)
        else:
            found.append(option)
    return union(found)


_WIDENED = frozenset({Const, Text})
