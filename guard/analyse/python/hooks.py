"""Methods that the program's classes have for others to call: the interpreter for an operator, a builtin or a format, a library for what
it was given, or for a class that is derived from one of its own.

Where such a call is made is not always seen, nor what it is made with. So each of these methods is read as if it were called with anything
when the rest of the program was, whoever else calls it, and the functions that it gives are lost. If it changes by that something that the
program looked at before, the program is read once more, as one whose objects may do so from the moment they are made (`foresee`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from guard.analyse.python.invocation import bind
from guard.analyse.python.likeness import fresh, held_in, leaves
from guard.analyse.python.losing import Losing
from guard.analyse.python.parse import nodes
from guard.analyse.python.values import (
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Object,
    Partial,
    Ref,
    Scope,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    lineage,
    options,
    union,
)
from guard.model import Facts, Kind

Names = list[tuple[Scope | Class, dict[str, Value]]]
"""What names of scopes and attributes of classes stand for."""


class MayChange(Exception):
    """A method that is called unseen may have changed something before the program looked at it."""


class Hooks(Losing):
    """What is called unseen."""

    __slots__ = ("elsewhere", "foreseeing", "foreseen")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.foreseeing = False
        """Whether the program is read the second time."""
        self.foreseen: dict[Class, list[int]] = {}
        """Classes of which an object was made, and what was in its attributes then."""
        self.elsewhere = False
        """Whether what is read may happen at any time from now on: what it puts under a key may be there, or not."""

    def construct(self, cls: Class, args: Args, node: ast.AST) -> Value:
        made = super().construct(cls, args, node)
        if self.foreseeing and not self.elsewhere:
            held = [id(option) for value in cls.fields.values() for option in options(value)]
            if self.foreseen.get(cls) != held:
                self.foreseen[cls] = held
                self.foresee(cls)
        return union([made, UNKNOWN]) if cls.remade else made

    def foresee(self, cls: Class) -> None:
        """Put what the hooks of a class may put into names, attributes and containers there; what they do counts when they are read at
        the end, with all that they find then."""
        before = self._names()
        kept = self.effects, self.effectful, self.memory, self.contexts
        self.effects, self.effectful, self.memory, self.contexts, self.elsewhere = {}, {}, {}, {}, True
        try:
            known = len(self.refilled)
            self._call_all(_hooks(cls))
            if (again := len(self.refilled)) > known:
                self.memory.clear()
                self._call_all(_hooks(cls))
            for widen in self.refilled[again:]:  # it grows each time
                widen()
        finally:
            self.effects, self.effectful, self.memory, self.contexts = kept
            self.elsewhere = False
        for scope, name, old, new in _changes(before):
            scope.names[name] = value = union([old, new])
            scope.later = {**(scope.later or {}), name: value}

    def hooks_by_now(self) -> dict[tuple[int, int], Value]:
        """All methods that may be called unseen."""
        if not self.careful:
            return {}
        return {
            (id(hook.node if isinstance(hook, Function) else hook), id(cls)): hook for cls in self.outside.classes for hook in _hooks(cls)
        }

    def call_unseen(self, hooks: Iterable[Value]) -> None:
        """Read hooks as called with anything."""
        before = self._names()
        self.news.clear()
        self._call_all(hooks)
        there: set[int] | None = None
        changed = False
        for held, then, now in [*self.news, *((None, [old], [new]) for _, _, old, new in _changes(before))]:
            for value in now:
                self.lose_functions(value)
            if not changed and self._matters(_data(then), _data(now)):
                there = _containers(before) if there is None else there
                changed = held is None or id(held) in there
        if changed and not self.foreseeing and not any(effect.kind is Kind.OPAQUE for effect in self.effects.values()):
            raise MayChange
        if changed:
            self.opaque(None, "has objects that change, when they are used, what it looked at before", "py-hook")

    def _matters(self, then: list[Value], now: list[Value]) -> bool:
        """Whether there is something now that could not be there before."""
        return not any(type(one) is Unknown and not one.taint for one in then) and fresh(then, now, self.numbered)

    def meet(self, values: Iterable[Value]) -> None:
        """Things are compared with each other, or added: methods of the objects among them get the functions among them."""
        if not self.careful:
            return
        held = [leaf for value in values if type(value) in _CONTAINERS for leaf in leaves(value)]
        if any(isinstance(leaf, Object) for leaf in (*held, *values)):
            for leaf in held:
                self.lose_functions(leaf)

    def _call_all(self, hooks: Iterable[Value]) -> None:
        for hook in hooks:
            told = _TOLD.get(hook.name, ()) if isinstance(hook, Function) and not _is_of_classes(hook.receiver) else ()
            self.lose_functions(self.call(hook, Args(list(told), more=True), ast.Pass()))

    def _names(self) -> Names:
        classes = self.outside.classes
        scopes = dict.fromkeys((*self.scopes(), *(cls.scope for cls in classes)))
        return [*((scope, dict(scope.names)) for scope in scopes), *((cls, dict(cls.fields)) for cls in classes)]


def _changes(before: Names) -> list[tuple[Scope, str, Value, Value]]:
    """Names that stand for something else now: where, which, and for what. (What attributes are is joined where they are set.)"""
    return [
        (scope, name, then[name], now)
        for scope, then in before
        if isinstance(scope, Scope)
        for name, now in scope.names.items()
        if name in then and then[name] is not now
    ]


def _containers(names: Names) -> set[int]:
    """The containers that some names lead to."""
    found = set[int]()
    waiting = [value for _, held in names for value in held.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Union):
            waiting += one.options
        elif isinstance(one, (Seq, Dict)) and id(one) not in found:
            found.add(id(one))
            waiting += held_in(one)
    return found


def _data(values: list[Value]) -> list[Value]:
    """What is in some values besides functions and objects of the program."""
    return [leaf for value in values for leaf in leaves(value) if not isinstance(leaf, (Function, Partial, Object, Class))]


def _hooks(cls: Class) -> Iterator[Value]:
    """The methods of a class that others may call, bound to an object of it."""
    family = lineage(cls)
    called_back = any(_calls_back(base) for one in family for base in one.bases)
    held = [item for one in family for item in (*one.scope.names.items(), *one.fields.items())]
    for name, value in held:
        if name in _MAKING or not (called_back or _CALLED.fullmatch(name)):
            continue
        for option in options(value):
            if isinstance(option, Function) and option.kind != "property" and not _idle(option.node):
                yield bind(option, cls if option.kind == "class" else Object(cls))
            elif isinstance(option, Partial):
                yield option


_CONTAINERS = frozenset({Seq, Dict, Union})


def _idle(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a method only looks at its object and at what it is given, and gives no part of those."""
    only = node.body[0] if not isinstance(node, ast.Lambda) and len(node.body) == 1 else None
    return isinstance(only, ast.Return) and type(only.value) in _ANSWERS and not any(isinstance(one, _ACTING) for one in nodes(only))


_ANSWERS = frozenset({ast.JoinedStr, ast.Compare, ast.Constant})
_ACTING = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)

_CALLED = re.compile(r"_\w+_")
"""Names that the interpreter and libraries look methods up by, whatever the class is derived from."""

_MAKING = frozenset({"__init__", "__new__", "__class__"})
"""What is called where an object is made, which is seen."""


def _is_of_classes(receiver: Value | None) -> bool:
    """Whether a method is a metaclass's: what is looked up in its classes is not seen where it stands."""
    base = receiver.cls.foreign() if isinstance(receiver, Object) else None
    return base is not None and base.name in ("builtins.type", "enum.EnumMeta", "enum.EnumType", "abc.ABCMeta")


def _calls_back(base: Value) -> bool:
    """Whether a class from outside has methods that call those of a class derived from it, whatever they are called."""
    return isinstance(base, Ref) and not base.name.startswith(_STILL)


_STILL = ("builtins.", "abc.ABC", "typing.", "typing_extensions.", "enum.", "collections.namedtuple", "collections.abc.")
"""Classes that call nothing but what has underscores around it."""

SOME_NAME = Const("/.." * 32)
"""The name of an attribute: none of those that lead into the interpreter, which are seen where they stand; as a path the worst that there
is; and for an attribute of a library it stands for any of them."""

_TOLD: dict[str, tuple[Value, ...]] = {
    "__getattr__": (SOME_NAME,),
    "__getattribute__": (SOME_NAME,),
    "__setattr__": (SOME_NAME,),
    "__delattr__": (SOME_NAME,),
    "__set_name__": (UNKNOWN, SOME_NAME),
    **dict.fromkeys(("__getitem__", "__contains__", "__missing__", "__call__"), (Text((None,)),)),
}
"""What some methods are given: the name of an attribute, or what somebody else found. Where it is more than that, the call is seen."""
