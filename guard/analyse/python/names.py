"""What names and attributes stand for: scopes, builtins, star-imports, library modules, objects of the program.

A library thing that is looked up and handed on, instead of being called, is remembered (`mention`): if it is never seen called, that
is an effect of its own.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from guard.analyse.profile import Style
from guard.analyse.python import fold, knowledge, origins, tools, walks
from guard.analyse.python.invocation import bind
from guard.analyse.python.setting import Setting
from guard.analyse.python.special import paths
from guard.analyse.python.state import MAX_STEPS, TooMuch
from guard.analyse.python.values import (
    ABSENT,
    ANY,
    ATTRIBUTES,
    NONE,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Found,
    Function,
    Injected,
    Instance,
    Method,
    Module,
    Object,
    Partial,
    Ref,
    Scope,
    Seq,
    Super,
    Text,
    Union,
    Unknown,
    Value,
    options,
    union,
)
from guard.analyse.python.vocabulary import (
    ARGUMENT_PARSERS,
    ASSUMED,
    BUILTINS,
    CALM,
    CODE_FACTS,
    DOORS,
    FAMILY,
    FAR_DOORS,
    INTERNALS,
    LOADERS,
    MODULE_TEXTS,
    PLAIN,
    TAKES,
    TEST_MARKS,
    WINDOWS,
)
from guard.path_rules import SCRIPT

PYTHON2 = {
    "execfile": "runpy.run_path",
    "file": "builtins.open",
    "raw_input": "builtins.input",
    "reload": "importlib.reload",
    "apply": "builtins.map",
}


EVALUATE: dict[type, Callable[[Any, Any], Value]] = dict.fromkeys(ast.expr.__subclasses__(), lambda run, node: UNKNOWN)
"""Kind of expression -> the method that evaluates it; filled by the layers above."""
_MENTIONED = frozenset({Ref, Union, Method, Injected})
"""What may be, or hold, a thing of a library."""


class Names(Setting):
    """Names and attributes in a scope."""

    __slots__ = ()

    def value(self, node: ast.expr | None) -> Value:
        """Evaluate; a library thing that is handed on, and not called here, is remembered."""
        if node is None:
            return NONE
        self.steps = steps = self.steps + 1  # as in `look`, which every expression would go through once more
        if steps > MAX_STEPS:
            raise TooMuch
        result = EVALUATE[type(node)](self, node)
        if type(result) in _MENTIONED and not self.quiet:
            if isinstance(node, (ast.Name, ast.Attribute)):
                self.mention(result, node)
            elif isinstance(node, ast.Call) and isinstance(result, Ref) and knowledge.is_module(result.name):
                self.mention(result, node)  # what __import__("os") gives
        return result

    def look(self, node: ast.expr) -> Value:
        """Evaluate, without remembering what is only looked up to be called or gone into."""
        self.steps = steps = self.steps + 1
        if steps > MAX_STEPS:
            raise TooMuch
        return EVALUATE[type(node)](self, node)

    def mention(self, value: Value, node: ast.AST) -> None:
        """A function or module of a library is handed on to where it may be called unseen."""
        for option in options(value):
            if isinstance(option, Ref):
                name = knowledge.canonical(option.name)
                if name not in self.mentioned and _worth_a_mention(name):
                    self.mentioned[name] = node
            elif isinstance(option, Injected):
                found = tools.leads(self.profile, option.name) if self.profile is not None else None
                if found is not None and found[0].style is not Style.DATA:
                    self.opaque(node, f"hands {option.name} on to code that cannot be followed: it could call any tool", tools.RULE)
            elif isinstance(option, Method) and isinstance(option.receiver, Instance):
                row = knowledge.method(option.receiver.cls, option.name)
                if row is not None and row.effectful:
                    self.mentioned.setdefault(row.name, node)

    def name(self, node: ast.Name) -> Value:
        own = self.scope.names.get(node.id)
        return own if own is not None and node.id not in self.scope.foreign else self.lookup(node.id, node)

    def lookup(self, name: str, node: ast.AST | None = None) -> Value:
        scope: Scope | None = self.scope
        crossed = beyond = False
        while scope is not None:
            if name in scope.foreign:
                scope = scope.foreign[name]
                crossed = True
            if beyond:
                scope.take(name)
            if name in scope.names and not (scope.is_class and crossed):
                found = scope.names[name]
                if beyond:
                    self.outside.value(found)
                past = scope.history.get(name) if crossed else None
                return union([found, *past]) if past and not (len(past) == 1 and past[0] is found) else found
            beyond = beyond or scope is self.local
            scope = scope.parent
            crossed = True
        return self._global(name, node)

    def _global(self, name: str, node: ast.AST | None) -> Value:
        if self.module_scope.stars and (starred := self._starred(name)) is not None:
            return starred
        if name in BUILTINS:
            return Ref(PYTHON2.get(name, "builtins." + name))
        if name in PLAIN:
            return UNKNOWN
        if name == "__file__":
            return Const(f"{self.facts.mount}/{SCRIPT}")
        if name == "__name__":
            return Const("__main__")
        if name in ("__builtins__", "__builtin__"):
            return Ref("builtins")
        if name == "get_ipython":
            return Ref("IPython.get_ipython")  # where a notebook runs it, nobody imports this
        if self.profile is not None and tools.leads(self.profile, name) is not None:
            return Injected(name)
        if name in ASSUMED:
            self.imported.add(name)
            return Ref(knowledge.canonical(name))
        self.outside.missed += self.careful
        if node is not None and name not in self.undefined:
            self.undefined[name] = node
            if self.profile is not None:  # a wrapped server may have put anything there
                self.opaque(node, f"uses {name}, which the program does not define")
        return UNKNOWN

    def _starred(self, name: str) -> Value | None:
        """What a name is that may come out of `from library import *`: of the libraries that are known to have it, or of any."""
        stars = self.module_scope.stars
        given = [found for star in stars if (found := self.given_by(star, name)) is not None]
        perhaps = given or [found for star in stars if (found := self._perhaps(star, name)) is not None]
        return union(perhaps) if perhaps else None

    def given_by(self, star: Value, name: str) -> Value | None:
        """What `from library import *` is known to bind a name to, or may bind it to where the library can do anything."""
        if isinstance(star, Module):
            found = [star.scope.names[name]] if name in star.scope.names else []
            found += [one for inner in star.scope.stars if inner is not star and (one := self.given_by(inner, name)) is not None]
            return union(found) if found else None
        if not isinstance(star, Ref):
            return None
        full = knowledge.canonical(f"{star.name}.{name}")
        if knowledge.row(full) is not None or (name not in BUILTINS and knowledge.is_known_inside(full)):
            return Ref(full)
        return None

    def _perhaps(self, star: Value, name: str) -> Value | None:
        """What it may bind a name to that the tables do not know of it."""
        if not isinstance(star, Ref) or name in BUILTINS:
            return None
        full = knowledge.canonical(f"{star.name}.{name}")
        standing = knowledge.default(star.name)
        harmless = knowledge.harmless_name(full) and ((said := knowledge.lookup(full)) is None or not said.effectful)
        return Ref(full) if standing == "pure" or (standing == "opaque" and not harmless) else None

    def attribute_node(self, node: ast.Attribute) -> Value:
        inner = node.value
        if node.attr in CODE_FACTS and isinstance(inner, ast.Attribute) and inner.attr == "__code__":
            self.look(inner.value)  # how many parameters a function has, and such
            return UNKNOWN
        return self.attribute(self.look(inner), node.attr, node)

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        """`receiver.name`, looked up and not called."""
        if type(receiver) is Method:
            receiver = self.part(receiver, node)
        if name in INTERNALS:
            self._internal(receiver, name, node)
            if name in ("f_globals", "f_builtins", "__globals__", "__builtins__", "f_locals") and not isinstance(receiver, (Object, Class)):
                return Ref("builtins") if "builtins" in name else Instance("builtins.Namespace")
        if isinstance(receiver, Unknown):
            return self._of_unknown(receiver, name, node)
        if isinstance(receiver, Ref) and name != "__call__":
            return self._library(receiver, name, node)
        if name == "__call__" and isinstance(receiver, (Ref, Function, Method, Class)):
            return receiver
        if isinstance(receiver, Injected):
            return self.injected(f"{receiver.name}.{name}", node)
        if isinstance(receiver, (Object, Class, Super)):
            found = self._of_program(receiver, name)
            self.outside.value(found)
            return found
        if isinstance(receiver, Module):
            if name == "__dict__":
                if receiver.scope is self.module_scope:
                    return Instance("builtins.Namespace")
                self.opaque(node, f"looks things up in {receiver.name} by computed names", "py-internals")
            held = receiver.scope.take(name)
            self.outside.value(held or UNKNOWN)
            return held or UNKNOWN
        if isinstance(receiver, Instance):
            return self._instance(receiver, name, node)
        if isinstance(receiver, Union):
            return union([self.attribute(option, name, node) for option in having(receiver, name)])
        if isinstance(receiver, Dict) and name in receiver.items:
            receiver.taken = True
            return receiver.items[name]
        if isinstance(receiver, Function):
            return self._of_function(receiver, name)
        if isinstance(receiver, Partial) and (given := _of_partial(receiver, name)) is not None:
            return given
        if isinstance(receiver, (Const, Text, Seq, Dict)):
            return self.kept_in(receiver, name)
        return TAINTED if receiver.taint else UNKNOWN

    def _of_function(self, receiver: Function, name: str) -> Value:
        if name == "__defaults__":
            return Seq(list(receiver.defaults.values()), exact=False)
        if name == "register":
            self.general.add(receiver.node)
            self.outside.changed = True
        return Method(UNKNOWN, name) if self.acts(UNKNOWN, name) else UNKNOWN  # what a decorator made of it

    def _of_program(self, receiver: Object | Class | Super, name: str) -> Value:
        if name == "__setattr__" and receiver.lookup(name) is None:
            owners: dict[type, list[Value]] = {Object: [receiver], Super: [receiver.receiver] if isinstance(receiver, Super) else []}
            return Partial(Ref("builtins.setattr"), Args(owners.get(type(receiver), [])))
        if isinstance(receiver, Object):
            return self._own(receiver, name)
        return self._class_attribute(receiver, name) if isinstance(receiver, Class) else self._inherited(receiver, name)

    def _inherited(self, receiver: Super, name: str) -> Value:
        """An attribute of what `super()` gives."""
        found, of = receiver.lookup(name), receiver.receiver
        if found is None:
            foreign = (of.cls if isinstance(of, Object) else of).foreign()
            return Method(Instance(self._made_by(foreign)), name) if foreign is not None else UNKNOWN
        if isinstance(found, Function) and found.kind == "property":
            return self.invoke(found.bound(of), Args(), found.node)
        return bind(found, of.cls if isinstance(of, Object) and isinstance(found, Function) and found.kind == "class" else of)

    def part(self, value: Value, node: ast.AST) -> Value:
        """What something is gone on from, taken from or gone through: what looks like a method is a property then."""
        if type(value) is Method:
            self.mention(value, node)
            return fold.owner_of(value)
        return value

    def _of_unknown(self, receiver: Unknown, name: str, node: ast.AST) -> Value:
        self.asked.add(name)
        if name == "obj" and walks.catches(self.tree):
            self.opaque(node, "takes what an error was about, whatever that was", "py-internals")
        if name in fold.CHANGES and type(receiver) is not Foreign:
            self.put_there(UNKNOWN)
        if name == "__dict__" and not walks.only_looked_at(self.tree, node):
            self.walked = node
        elif name in ("__get__", "__set__", "__delete__"):
            self.unseen = True
        inner = name.lstrip("_")
        if inner in FAR_DOORS:
            if name.startswith("_"):
                self.opaque(node, f"reaches the module {inner} through a value that is not known", "py-internals")
            return Ref(inner)
        if name == "tk" and not WINDOWS.isdisjoint(self.imported):
            return Instance("tkinter.Tk")  # every window and button has the interpreter of Tcl
        if self.acts(receiver, name):
            return Method(receiver, name)
        if isinstance(receiver, (Foreign, Found)) or receiver is ABSENT:
            return receiver
        return TAINTED if receiver.taint else UNKNOWN

    def injected(self, name: str, node: ast.AST) -> Injected:
        """What a dotted name of the server's stands for. Its packages are modules as others are, with doors into the interpreter."""
        if door := next((part for part in name.split(".")[1:] if _is_door(part)), ""):
            self.opaque(node, f"uses {door}, which leads into the interpreter", "py-internals")
        return Injected(name)

    def _internal(self, receiver: Value, name: str, node: ast.AST) -> None:
        if isinstance(receiver, (Object, Class)):
            cls = receiver.cls if isinstance(receiver, Object) else receiver
            if cls.field(name) is not None or cls.lookup(name) is not None or name in FAMILY:
                return
        if name in CALM and not isinstance(receiver, Ref):
            return
        if name in FAMILY and name != "__subclasses__" and type(receiver) is Unknown:
            return
        if isinstance(receiver, Ref) and name == "__spec__":
            return
        self.opaque(node, f"uses {name}, which leads into the interpreter", "py-internals")

    def _library(self, receiver: Ref, name: str, node: ast.AST) -> Value:
        made, full, notes = _member(receiver.name, name)
        if self.bare:
            if full == "sys.argv":
                self.lacking = True
            elif (receiver.name == "sys.argv" and name not in TAKES) or full == "unittest.mock":
                self.has_arguments()
            elif receiver.name == "pytest" and name not in TEST_MARKS:
                self.has_arguments()  # pytest.MonkeyPatch puts other things into other modules
        if full in MODULE_TEXTS:
            return Const(MODULE_TEXTS[full])
        if receiver.name in LOADERS and not name.startswith("__"):
            self.opaque(node, "loads native code by its name", "py-native")
        for note in notes:
            self.opaque(node, note, "py-internals")
        if (
            name == "__dict__" and not notes and self.profile is not None and knowledge.is_module(receiver.name)
        ):  # no box holds what it finds
            self.opaque(node, f"looks things up in {receiver.name} by computed names", "py-internals")
        return made(full)

    def _own(self, receiver: Object, name: str) -> Value:
        cls = receiver.cls
        always = cls.lookup("__getattribute__")
        if isinstance(always, Function) and name != "__class__":
            return self.invoke(always.bound(receiver), Args([Const(name)]), always.node)
        set_to = cls.field(name)
        found = [set_to] if set_to is not None else []
        defined = cls.lookup(name)
        if defined is not None:
            if isinstance(defined, Function) and defined.kind == "property":
                return self.invoke(defined.bound(receiver), Args(), defined.node)
            bound = bind(defined, receiver if not (isinstance(defined, Function) and defined.kind == "class") else cls)
            found.append(self._described(bound, receiver, cls))
        if found:
            return union([*found, *([one] if (one := cls.field(ANY)) is not None else [])])
        self.reaches_into(receiver, name)
        if name == "__class__":
            return cls
        if name == "__dict__":
            return Instance(ATTRIBUTES, receiver)
        if (foreign := cls.foreign()) is not None:
            return Method(Instance(self._made_by(foreign)), name)
        getter = cls.lookup("__getattr__")
        if isinstance(getter, Function):
            return self.invoke(getter.bound(receiver), Args([Const(name)]), getter.node)
        self.outside.missed += self.careful
        return UNKNOWN

    def _described(self, defined: Value, owner: Value, cls: Class) -> Value:
        """What a class's attribute gives that is an object with a method for that."""
        found: list[Value] = []
        for option in options(defined):
            getter = option.cls.lookup("__get__") if isinstance(option, Object) else None
            found.append(option if getter is None else self.call(bind(getter, option), Args([owner, cls]), ast.Pass()))
        return union(found) if found else defined

    def reaches_into(self, owner: Object, name: str) -> None:
        """Something of what an argument parser gave is used that is no argument: it may change the others."""
        if owner.cls is self.namespace and name not in ("__class__", "__dict__"):
            self.has_arguments()

    def _made_by(self, cls: Ref) -> str:
        """The class of the tables that a library class gives."""
        row = knowledge.row(knowledge.canonical(cls.name))
        return row.result if row is not None and row.makes else knowledge.canonical(cls.name)

    def _class_attribute(self, receiver: Class, name: str) -> Value:
        if name == "__class__":
            return UNKNOWN  # the class of a class
        found = receiver.lookup(name)
        if found is not None:
            bound = (
                bind(found, receiver) if isinstance(found, Function) and found.kind == "class" else self._described(found, NONE, receiver)
            )
            return bound if (perhaps := receiver.field(ANY)) is None else union([bound, perhaps])
        if (set_to := receiver.field(name)) is not None:
            return set_to
        foreign = receiver.foreign()
        return Ref(f"{foreign.name}.{name}") if foreign is not None else UNKNOWN

    def _instance(self, receiver: Instance, name: str, node: ast.AST) -> Value:
        self.asked.add(name)
        if name == "__class__":
            return Ref(receiver.cls)
        if receiver.cls == "pathlib.Path" and (found := paths.path_attribute(receiver, name)) is not None:
            return found
        row = knowledge.method(receiver.cls, name)
        if receiver.cls in ARGUMENT_PARSERS and (row is None or row.name.endswith(".*")):
            self.has_arguments()
        if row is not None and not row.effectful and row.result == receiver.cls:
            return Instance(row.result, receiver.resource, receiver.taint)
        if row is not None and not row.effectful and row.makes:
            return Instance(row.result, receiver.resource, receiver.taint)
        if row is not None and not row.effectful and row.result.startswith("&"):
            return Ref(row.result[1:])
        if row is not None or receiver.cls in ("pathlib.Path", "boto3.Client", "kubernetes.Api", "builtins.Namespace", ATTRIBUTES):
            return Method(receiver, name)
        return origins.made_of([receiver], receiver.taint)


def having(receiver: Union, name: str) -> list[Value]:
    """Of the alternatives of a value those that can have an attribute: None has none, and to ask it for one is an error."""
    if name.startswith("__"):
        return list(receiver.options)
    return [one for one in receiver.options if not (type(one) is Const and one.value is None)] or list(receiver.options)


def _of_partial(receiver: Partial, name: str) -> Value | None:
    """What a partial function was given: what is put there later is given to the function."""
    if name == "args":
        return Seq(list(receiver.args.positional), exact=not receiver.args.more)
    if name == "keywords":
        return Dict(receiver.args.named, [receiver.args.rest] if receiver.args.more else [])
    return receiver.func if name == "func" else None


def _of_stdlib(owner: str, inner: str) -> bool:
    return inner not in DOORS and owner != "builtins" and owner.partition(".")[0] in sys.stdlib_module_names


def _worth_a_mention(name: str) -> bool:
    if knowledge.is_module(name):
        return knowledge.default(name) == "opaque"
    return knowledge.is_effectful(name) and not knowledge.harmless_name(name)


@lru_cache(maxsize=1 << 14)
def _member(owner: str, name: str) -> tuple[type[Ref | Instance], str, tuple[str, ...]]:
    """What a name of a library's thing is, as a kind of value and its name, and what is to be said about reaching for it."""
    full = knowledge.canonical(f"{owner}.{name}")
    notes = []
    if name == "__dict__" and owner not in ("math", "cmath"):  # those are written in C, and import nothing
        notes.append(f"looks things up in {owner} by computed names")
    if owner == "builtins.__loader__" or (name == "loader" and owner.endswith("__spec__")):
        notes.append("uses the module loader, which leads into the interpreter")
    if full.startswith("os.environ.") and name == "environ":
        return Ref, "os.environ", tuple(notes)
    row = knowledge.row(full)
    inner = name.lstrip("_")
    if row is None and not knowledge.is_known_inside(full):
        if name.startswith("_") and not name.startswith("__") and not name.endswith("_") and _of_stdlib(owner, inner):
            notes.append(f"uses {full}, which is none of the module's public names")
        if inner in DOORS:
            return Ref, inner, (*notes, f"reaches the module {inner} through {owner}")
        if inner in knowledge.effectful_modules() and _of_stdlib_module(owner) and inner != owner:  # `copy.copy` is no module
            return Ref, inner, tuple(notes)
    if row is not None and row.does and row.does[0].verb == "!sys_path":
        return Instance, "sys.Path", tuple(notes)
    if full in _STREAMS:
        return Instance, "sys.Stream", tuple(notes)
    return Ref, full, tuple(notes)


def _of_stdlib_module(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names and not name.rpartition(".")[2][:1].isupper()


_STREAMS = frozenset({"sys.stdin", "sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stdin__", "sys.__stderr__"})

_TOLD = frozenset({"__all__", "__annotations__", "__doc__", "__file__", "__name__", "__version__"})
"""What a module or a function says of itself, as data."""


def _is_door(name: str) -> bool:
    return name in DOORS or name in INTERNALS or (name.startswith("__") and name.endswith("__") and name not in _TOLD)
