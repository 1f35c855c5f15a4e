"""What is put into attributes: of the program's own objects and classes, of parsers of arguments, of libraries.

A function or an object that goes where nobody follows it may come back from there under any name, and be called with anything: it is
`lost`, and is read so when the rest of the program was.
"""

from __future__ import annotations

import ast
from functools import partial

from guard.analyse.python import knowledge
from guard.analyse.python.calls import Calls
from guard.analyse.python.invocation import bind
from guard.analyse.python.likeness import fresh
from guard.analyse.python.values import (
    ANY,
    EVERY,
    NONE,
    UNKNOWN,
    Args,
    Class,
    Dict,
    Function,
    Instance,
    Module,
    Object,
    Ref,
    Unknown,
    Value,
    options,
    union,
)
from guard.analyse.python.vocabulary import ARGUMENT_PARSERS, PARSER_TEXTS

_INNER = frozenset({"__class__", "__code__", "__bases__", "__globals__", "__builtins__", "__defaults__", "__kwdefaults__"})
"""Attributes that make another thing of an object."""

_SOURCE = frozenset({"__file__", "__path__", "__loader__", "__spec__"})
"""Attributes of a module by which others find its files."""


class Setting(Calls):
    """Assignment to attributes, by known and by unknown names."""

    __slots__ = ()

    def set_attribute(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        if name == "__dict__":
            self.set_attributes(owner, Args([value]), node)
            for one in options(owner):  # what is put into that mapping later is an attribute, too
                if isinstance(one, (Object, Class)):
                    self._set_field(one.cls if isinstance(one, Object) else one, ANY, UNKNOWN)
        for option in options(owner):
            if isinstance(option, Object):
                self._set_field(option.cls, name, value)
                self._through_descriptor(option, name, value, node)
            elif isinstance(option, Class):
                self._set_field(option, name, value)
                option.scope.set(name, value)
                self.unseen |= name.startswith("__") and isinstance(value, Unknown)  # operators call it
            elif isinstance(option, Instance) and option.cls in ARGUMENT_PARSERS and name not in PARSER_TEXTS:
                self.has_arguments()
            elif isinstance(option, (Ref, Module)):
                full = f"{option.name}.{name}"
                if full == "sys.argv":
                    self.has_arguments()
                if full in (
                    "sys.stdin",
                    "sys.stdout",
                    "sys.stderr",
                    "sys.ps1",
                    "sys.dont_write_bytecode",
                    "sys.tracebacklimit",
                    "sys.argv",
                    "sys.excepthook",
                ):
                    self.lose(value)  # its methods are called by whatever prints, or asks
                    continue
                if isinstance(option, Ref) and (
                    option.name.startswith("builtins.")
                    or knowledge.is_module(option.name)
                    or knowledge.is_effectful(option.name)
                    or knowledge.row(full)
                ):
                    self.opaque(node, f"replaces {full}", "py-patch")
                elif isinstance(option, Module):
                    option.scope.set(name, value)
            else:
                for cls in self.gone if isinstance(option, (Unknown, Instance)) else ():  # it may be an object of one of these
                    if name in cls.fields or cls.lookup(name) is not None:
                        self._set_field(cls, name, value)
                self.lose(value)
            if name in _INNER or (name in _SOURCE and not isinstance(option, (Object, Class))):
                self.opaque(node, f"sets {name} of an object", "py-internals")

    def set_attributes(self, owner: Value, given: Args, node: ast.AST) -> None:
        """Set attributes of an object through its `__dict__`: those that are named, or any."""
        for value in given.all():
            for option in options(value) if value not in given.named.values() else ():
                if isinstance(option, Dict):
                    for key, one in option.items.items():
                        self.set_attribute(owner, str(key), one, node)
                if not isinstance(option, Dict) or option.rest:
                    self.lose(option)
                    for one in options(owner):
                        self.set_any(one, union(option.rest) if isinstance(option, Dict) else UNKNOWN)
        for name, one in given.named.items():
            self.set_attribute(owner, name, one, node)

    def set_any(self, owner: Value, value: Value) -> None:
        """Set some attribute of an object, nobody knows which."""
        self.lose(value)
        cls = owner.cls if isinstance(owner, Object) else owner
        if isinstance(cls, Class):
            for name in dict.fromkeys((*cls.fields, *cls.scope.names, ANY)):
                if not isinstance(cls.scope.names.get(name), Function):
                    self._set_field(cls, name, value)

    def _through_descriptor(self, owner: Object, name: str, value: Value, node: ast.AST) -> None:
        """Set an attribute that the class has an object with a method for."""
        for option in options(owner.cls.lookup(name) or NONE):
            if isinstance(option, Object) and (setter := option.cls.lookup("__set__")) is not None:
                self.call(bind(setter, option), Args([owner, value]), node)

    def _set_field(self, cls: Class, name: str, value: Value) -> None:
        old = cls.fields.get(name)
        cls.fields[name] = joined = value if old is None else union([old, value])
        if (name in cls.taken or EVERY in cls.taken) and self.careful:  # looked up before, there or in the class
            before = [one for one in (old, cls.lookup(name)) if one is not None]
            if fresh(before, [joined], self.numbered):
                self.refilled.append(partial(cls.widen, name))
                self.news.append((None, before, [joined]))
