"""Calls of the program's own functions and classes: their bodies are read with the arguments, once for each way of calling them."""

from __future__ import annotations

import ast

from guard.analyse.python import knowledge
from guard.analyse.python.outside import Outside
from guard.analyse.python.rows import Rows
from guard.analyse.python.state import Around
from guard.analyse.python.values import (
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Function,
    Instance,
    Object,
    Ref,
    Scope,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    union,
)
from guard.model import Facts

DEEPEST = 16
MOST_AGAIN = 64
CONTEXTS = 6
"""Ways of calling one function that are told apart; further calls are read with unknown arguments."""


class Invocation(Rows):
    """Calls of what the program defines."""

    __slots__ = (
        "alive",
        "contexts",
        "effectful",
        "functions",
        "imported",
        "local",
        "memory",
        "outside",
        "quiet",
        "quietly",
        "reached",
        "stack",
        "unrolled",
    )

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.functions: list[Function] = []
        self.memory: dict[tuple[object, ...], Value] = {}
        self.effectful: list[tuple[Function, Args, Around, ast.AST]] = []
        """Calls of functions of the program in which something of the tables happened."""
        self.outside = Outside()
        self.imported: set[str] = set()
        self.local: Scope | None = None
        """The scope of the function that is being read."""
        self.unrolled = 1
        self.quiet = 0
        """> 0: names are looked at, not handed on (annotations, exception classes, isinstance)."""
        self.quietly: set[tuple[object, ...]] = set()
        """What in `memory` was read so."""
        self.alive: list[Args] = []
        """Arguments in `memory`, which tells some of them apart by their addresses."""
        self.contexts: dict[int, int] = {}
        self.stack: list[ast.AST] = []
        self.reached: set[int] = set()
        """Functions (by their nodes) that something called."""

    # what the layers above give
    def run_body(self, func: Function, scope: Scope) -> Value:
        raise NotImplementedError

    def call_ref(self, name: str, args: Args, node: ast.AST, receiver: Value | None = None) -> Value:
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
        names = [one.target.id for one in cls.node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
        for name, value in [*zip(names, args.positional, strict=False), *args.named.items()]:
            cls.fields[name] = union([cls.fields[name], value]) if name in cls.fields else value

    def invoke(self, func: Function, args: Args, node: ast.AST) -> Value:
        """Call a function of the program: its body is read with these arguments."""
        if func.node in self.stack or len(self.stack) >= DEEPEST:
            self.outside.changed = True
            return UNKNOWN
        self.reached.add(id(func.node))
        ident = id(func.node)
        self.contexts[ident] = self.contexts.get(ident, 0) + 1
        if self.contexts[ident] > CONTEXTS:
            self.outside.changed |= any(type(value) in _WIDENED for value in args.all())
            args = Args(
                [_widened(value) for value in args.positional], {name: _widened(value) for name, value in args.named.items()}, args.more
            )
        key = (
            ident,
            id(func.scope),
            key_of(func.receiver),
            tuple([key_of(value) for value in args.positional]),
            tuple(sorted([(name, key_of(value)) for name, value in args.named.items()])) if args.named else (),
            args.more,
            self.around.loop,
            self.around.certain,
        )
        if key in self.memory:
            self.outside.changed |= not self.quiet and key in self.quietly
            return self.memory[key]
        self.memory[key] = UNKNOWN
        if self.quiet:
            self.quietly.add(key)
        self.outside.values((*args.all(), *func.defaults.values()))
        applied, around = self.applied, (self.around.loop, self.around.count, self.around.certain)
        scope = Scope(func.scope)
        self._parameters(func, args, scope)
        self.stack.append(func.node)
        outside = self.outer_span, self.origin, self.local
        if func.origin != self.origin:  # its lines are of another file: what it does is shown at the call
            self.outer_span, self.origin = self.span(node) if func.origin else None, func.origin
        self.local = scope
        try:
            result = self.run_body(func, scope)
        finally:
            self.stack.pop()
            self.outer_span, self.origin, self.local = outside
        self.memory[key] = result
        self.outside.values((result,))
        self.alive.append(args)
        if self.applied != applied and len(self.effectful) < MOST_AGAIN:
            self.effectful.append((func, args, Around(*around), node))
            self.outside.changed |= self.quiet > 0
        return result

    def once_more(self) -> None:
        """Call what had effects again with the names, attributes and containers as the whole program left them, if they were other ones
        when it was read first."""
        if not self.effectful or self.outside.same(self.scopes(), self.imported):
            return
        self.memory.clear()
        self.contexts.clear()
        before = self.around
        for func, args, around, node in tuple(self.effectful):
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


def bind(value: Value, receiver: Value) -> Value:
    """A class attribute as seen through an instance: functions become bound methods."""
    if isinstance(value, Function) and value.kind != "static":
        return value.bound(receiver)
    return value


def _widened(value: Value) -> Value:
    if type(value) in _WIDENED:
        return TAINTED if value.taint else UNKNOWN
    return value


_WIDENED = frozenset({Const, Text})


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
        return (id(value.node), id(value.scope), id(value.receiver))
    if isinstance(value, Instance):
        return (value.cls, key_of(value.resource, depth), value.taint)
    if isinstance(value, Union):
        return tuple(key_of(option, depth) for option in value.options)
    if isinstance(value, Seq) and len(value.items) <= 8 and depth < 3:
        return ("seq", value.exact, tuple(key_of(item, depth + 1) for item in value.items))
    return id(value)
