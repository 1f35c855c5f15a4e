"""Values that go where nobody follows them: callbacks, what is given to code that is not known, what is put into things that are not
known or that give it out again in their own way.

What is called there and then was called. The rest is `lost`: it may come back from there under any name, and be called with anything, so
it is read like this when the rest of the program was (`lost_by_now`).
"""

from __future__ import annotations

import ast
from functools import partial

from guard.analyse.python import knowledge
from guard.analyse.python.invocation import Invocation, bind
from guard.analyse.python.likeness import held_in, is_plain, leaves, says_anything, shape
from guard.analyse.python.state import TooMuch
from guard.analyse.python.values import (
    ABSENT,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Found,
    Function,
    Instance,
    Method,
    Object,
    Partial,
    Ref,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    is_number,
    lineage,
    options,
    union,
)
from guard.analyse.python.vocabulary import ARGUMENT_PARSERS, HOLDS, INTERNALS, PEEKS
from guard.model import Facts, Loop

_MOST_PUT, _MOST_PUTS = 8, 10000
"""Things that are told apart in a container that something was put into where nobody knows it, and how often that is followed in all."""


class Losing(Invocation):
    """What becomes of values that are handed on."""

    __slots__ = ("away", "gone", "lost", "put")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.lost: dict[tuple[int, int], Value] = {}
        """What may be called with anything, from where nobody follows it."""
        self.gone: dict[Class, None] = {}
        """Classes of which an object may be there."""
        self.away: dict[int, Seq | Dict] = {}
        """Containers that may be there."""
        self.put = set[tuple[int, object]]()
        """What was put into which of them, as far as it can be told apart."""

    def call(self, func: Value, args: Args, node: ast.AST) -> Value:
        raise NotImplementedError

    def callbacks(self, args: Args, node: ast.AST, name: str = "") -> None:
        """Run whatever callable is among the arguments, with the elements of the other arguments."""
        if not (args.positional or args.named or args.more):
            return
        if name == "builtins.print" and "file" in args.named:
            self.lose(args.named["file"])
        funcs: list[Value] = []
        for value in args.all():
            kind = type(value)
            if kind is Seq:
                self.go_through((value,))
            if kind in _CALLABLE:
                funcs.append(value)
            elif kind is Union:
                funcs += [option for option in options(value) if type(option) in _CALLABLE]
        if not funcs or (name in PEEKS and not self.checks(name)) or name in HOLDS:
            return
        items = [value for value in args.positional if isinstance(value, (Seq, Dict))]
        given = [item.element() for item in items] or [UNKNOWN, UNKNOWN]
        library, dot, _ = name.partition(".")
        if items and (not dot or knowledge.is_foreign(library) or not args.named.keys() <= _ASIDE):
            given = [union([value, UNKNOWN]) for value in given]  # it may be called with something else
        known = items[0] if len(items) == 1 and isinstance(items[0], Seq) and items[0].exact else None
        with self.looping(Loop.BOUNDED if known is not None else Loop.UNBOUNDED, len(known.items) if known is not None else None):
            for func in funcs:
                if isinstance(func, Ref) and not knowledge.is_effectful(func.name):
                    continue
                if isinstance(func, Class):
                    continue
                self.lose(self.call(func, Args(list(given), {}, more=not items), node))

    def checks(self, name: str) -> bool:
        """Whether a class of the program has a say in what `isinstance` gives: it gets what is asked about."""
        return name in _TYPE_CHECKS and any(hook in cls.scope.names for cls in self.outside.classes for hook in _CHECKS)

    def hands_over(self, name: str, args: Args) -> None:
        """Something that holds the arguments of the command line, or makes them, goes to a callable that could put some there."""
        if self.bare and not name.startswith(_PARSERS) and any(map(holds_arguments, args.all())):
            self.has_arguments()

    def escape(self, args: Args) -> None:
        """Arguments go to code that is not known: the functions among them may be called with anything."""
        if self.lacking:
            self.hands_over("", args)
        for value in args.all():
            self.lose(value)
            for option in options(value):
                if isinstance(option, Function):
                    option.escaped = True

    def lose_held(self, args: Args) -> None:
        """Arguments go to code that gives something made of them: what is called there was called, the rest is lost."""
        for value in args.all():
            for option in options(value):
                if isinstance(option, (Seq, Dict, Object)):
                    self.lose(option)

    def lose_fields(self, value: Value) -> None:
        """What is in the fields of an object goes where nobody follows it."""
        for option in options(value):
            if isinstance(option, Object):
                self.lose(Seq(list(option.cls.fields.values())))

    def lose_functions(self, value: Value) -> None:
        """Functions of the program that are, or are in, a value go where nobody follows them."""
        if type(value) in _PLAIN:
            return
        waiting, seen = [value], set[int]()
        while waiting:
            one = waiting.pop()
            kind = type(one)
            if kind in _PLAIN:
                continue
            if kind is Function or kind is Partial:
                self.lose(one)
            elif isinstance(one, Union):
                waiting += one.options
            elif isinstance(one, (Seq, Dict)) and id(one) not in seen:
                seen.add(id(one))
                waiting += held_in(one)

    def lose(self, value: Value) -> None:
        """A value goes where nobody follows it, with what is in it."""
        self.stow((value,))
        waiting, seen = list(options(value)), set[int]()
        while waiting:
            one = waiting.pop()
            if isinstance(one, (Function, Class, Partial)):
                self.lost.setdefault((id(one.node if isinstance(one, Function) else one), id(type(one))), one)
            if isinstance(one, (Object, Class)):
                self.gone[one.cls if isinstance(one, Object) else one] = None
            elif isinstance(one, (Seq, Dict)) and id(one) not in seen:
                seen.add(id(one))
                self.away[id(one)] = one
                waiting += [option for item in one.look() for option in options(item)]

    def put_there(self, value: Value) -> None:
        """Something is put into a container that nobody knows: one of those, perhaps, that went where nobody follows them."""
        if is_number(value) or not self.careful:
            return
        in_fields = [one for cls in self.gone for field in cls.fields.values() for one in options(field)]
        held = [*self.away.values(), *(one for one in in_fields if isinstance(one, (Seq, Dict)) and id(one) not in self.away)]
        for option in options(value):
            for one in options(self._as_put(option)):
                self._put(one, held)

    def _as_put(self, value: Value) -> Value:
        """What is known of a value that is put somewhere: a container that says nothing is as good as anything, and webs of such, which
        hold each other, need not be followed."""
        if type(value) not in _NESTED:
            return value
        self.lose(value)  # so what comes into it by way of what nobody knows is found in it
        if says_anything(value, is_plain):
            return value
        return union([UNKNOWN, TAINTED]) if value.taint else UNKNOWN

    def _put(self, value: Value, there: list[Seq | Dict]) -> None:
        like, data = shape(value, self.numbered), not value.taint and _is_data(value)
        for held in there:
            if held is value or (id(held), like) in self.put or (data and _holds_anything(held)):
                continue
            self.put.add((id(held), like))
            if len(self.put) > _MOST_PUTS:
                raise TooMuch
            self.away[id(held)] = held  # its number stays its own
            before = held_in(held)
            more = value if len(before) < _MOST_PUT else UNKNOWN  # so much is in it that this may as well be anything
            if more not in before:
                self.change(held, partial(held.put, more) if isinstance(held, Seq) else partial(held.put, [more]))

    def lost_by_now(self) -> dict[tuple[int, int], Value]:
        """What is lost, with the methods and fields of objects that are."""
        for cls in list(self.gone):
            self.lose_fields(Object(cls))
            for one in lineage(cls):
                for name, method in one.scope.names.items():
                    if isinstance(method, Function) and name != "__init__" and name not in INTERNALS:
                        self.lost.setdefault((id(method.node), id(cls)), bind(method, Object(cls)))
        return dict(self.lost)


_PARSERS = (*(f"{cls}." for cls in ARGUMENT_PARSERS), "getopt.")


def holds_arguments(value: Value, depth: int = 0) -> bool:
    """Whether a value is, or has in it, a list of the command line's arguments, or what makes something of those."""
    if isinstance(value, (Seq, Dict)):
        held = value.items.values() if isinstance(value, Dict) else value.items
        return depth > 4 or any(one is ABSENT or holds_arguments(one, depth + 1) for one in held)
    if isinstance(value, Union):
        return any(holds_arguments(one, depth) for one in value.options)
    return (isinstance(value, Ref) and value.name == "sys.argv") or (isinstance(value, Instance) and value.cls in ARGUMENT_PARSERS)


_ASIDE = frozenset({"key", "reverse", "default"})
"""Keywords of sorted, min and max: what they give is called with the elements, or not at all."""

_TYPE_CHECKS = frozenset({"builtins.isinstance", "builtins.issubclass"})
_CHECKS = ("__instancecheck__", "__subclasscheck__", "__subclasshook__")


def _is_data(value: Value) -> bool:
    """Whether a value is but texts, numbers and what nobody knows, in whatever containers."""
    return all(type(leaf) in _TEXTS for leaf in leaves(value))


def _holds_anything(held: Seq | Dict) -> bool:
    """Whether what a container gives may be any data already, a path that leads up among it."""
    return any(type(one) is Unknown and not one.taint for one in (held.items if isinstance(held, Seq) else held.rest))


_TEXTS = frozenset({Const, Text, Unknown, Found})
_NESTED = frozenset({Seq, Dict})
_PLAIN = frozenset({Unknown, Found, Foreign, Const, Text, Object, Instance, Ref})

_CALLABLE = frozenset({Function, Ref, Method, Partial, Class})
