"""What binds names: assignments and deletions, `global` and `nonlocal`, the patterns of `match`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from guard.analyse.python import filling, fold, foreign, knowledge, windows
from guard.analyse.python.expressions import Expressions
from guard.analyse.python.invocation import bind
from guard.analyse.python.likeness import held_in, leaves
from guard.analyse.python.parse import nodes
from guard.analyse.python.stowing import leads_up
from guard.analyse.python.values import (
    ATTRIBUTES,
    UNKNOWN,
    Args,
    Const,
    Dict,
    Foreign,
    Injected,
    Instance,
    Method,
    Object,
    Ref,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    known_text,
    options,
    text,
    union,
)
from guard.analyse.python.vocabulary import BUILTINS, WINDOWS
from guard.model import Facts


class Bindings(Expressions):
    """Statements and patterns that bind names."""

    __slots__ = ("assigned", "global_names", "loops")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.scope = self.module_scope
        self.loops = 0
        self.assigned: dict[ast.AST, set[str]] = {}
        """Statement -> names that it or its parts bind."""
        self.global_names: set[str] = set()
        """Names that functions declare to be the module's."""

    def on_Assign(self, node: ast.Assign) -> None:
        alias = type(node.value) in _NAMING and type(node.targets[0]) is ast.Name
        value = self.look(node.value) if alias else self.value(node.value)
        if alias and not isinstance(value, Injected) and not (isinstance(value, Ref) and knowledge.is_module(value.name)):
            self.mention(value, node.value)
        if isinstance(node.value, ast.GeneratorExp) and isinstance(value, Seq):
            value.exact, value.moved = False, True  # somebody may have gone on in it before it is asked for its first
        for target in node.targets:
            self.assign(target, value, node)

    def on_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.hint(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.value(node.value), node)

    def hint(self, node: ast.expr | None) -> None:
        """An annotation of a name; a text in it is code, too, for all that ask for types (get_type_hints, pydantic, singledispatch)."""
        if node is None:
            return
        for one in nodes(node):
            if type(one) is ast.Name and one.id not in BUILTINS:
                self.type_texts(self.lookup(one.id), node)
        if type(node) is ast.Name:
            return
        self.annotation(node)
        if any(map(_is_called, nodes(node))):
            for one in filter(_is_called, ast.walk(node)):
                self.run_text(one.value, self.scope, one)  # type: ignore[attr-defined]

    def type_texts(self, value: Value, node: ast.AST) -> None:
        """Texts that a library evaluates for the types of a class's fields."""
        for option in (option for one in leaves(value) for option in options(one)):
            if isinstance(option, Text):
                self.opaque(node, "builds the text of an annotation, which can be evaluated as code", "py-dynamic")
            elif "(" in (known := known_text(option) or ""):
                self.run_text(known, self.module_scope, node)

    def annotation(self, node: ast.expr | None) -> None:
        """An annotation is code that runs; what it names is only looked at."""
        if node is None or isinstance(node, (ast.Name, ast.Constant)):
            return
        self.quiet += 1
        try:
            for option in options(self.value(node)):
                if isinstance(option, Const) and isinstance(option.value, str):
                    self.run_text(option.value, self.module_scope, node)
                elif isinstance(option, Text):
                    self.opaque(node, "builds the text of an annotation, which can be evaluated as code", "py-dynamic")
        finally:
            self.quiet -= 1

    def on_AugAssign(self, node: ast.AugAssign) -> None:
        right = self.value(node.value)
        if isinstance(node.target, ast.Name):
            left = self.lookup(node.target.id)
            if isinstance(left, Ref) and left.name == "sys.argv":
                self.has_arguments()
            if self._adds_to(left, right, node) and type(left) is not Union:
                return
            if self.loops and isinstance(left, (Const, Text)) and isinstance(node.op, ast.Add):
                grown = self.operate(node.op, left, right, node)
                head = grown.prefix if isinstance(grown, Text) else _head(grown)
                self.assign(node.target, text((head, *filling.altered(right)), left.taint or right.taint), node)
                return
            self.assign(node.target, self.operate(node.op, left, right, node), node)
        elif isinstance(node.target, ast.Attribute):
            owner = self.look(node.target.value)
            old = self.look(node.target)
            if isinstance(owner, Ref) or node.target.attr == "__dict__":
                self.set_attribute(owner, node.target.attr, right, node)
            elif self._adds_to(old, right, node) and type(old) is not Union:
                return
            elif any(isinstance(one, Text) or known_text(one) is not None or _is_path(one) for one in options(old)):
                self._add_to_attribute(owner, old, right, node)
            else:
                self.lose(right)
        elif isinstance(node.target, ast.Subscript):
            if type(right) is not Const and isinstance(node.op, (ast.Add, ast.BitOr)):
                self._adds_to(self.look(node.target), right, node)
            self.lose(right)
            self.assign(node.target, UNKNOWN, node)

    def _adds_to(self, left: Value, right: Value, node: ast.AugAssign) -> bool:
        """Whether something is put into what a name stands for, which has other names too."""
        adds = False
        for option in options(left):
            if isinstance(option, (Seq, Dict)) and isinstance(node.op, (ast.Add, ast.BitOr)):
                self.change(option, partial(fold.container_method, option, "update", Args([right])))
                adds = True
            elif isinstance(option, Instance) and option.cls == ATTRIBUTES and option.resource is not None:
                self.set_attributes(option.resource, Args([right]), node)
            elif isinstance(option, (Unknown, Instance)) and isinstance(right, (Seq, Dict)):
                self.put_there(union(held_in(right)))
        return adds

    def _add_to_attribute(self, owner: Value, old: Value, right: Value, node: ast.AugAssign) -> None:
        assert isinstance(node.target, ast.Attribute)
        for option in options(old):
            if not isinstance(option, (Seq, Dict)):
                self.set_attribute(owner, node.target.attr, self.operate(node.op, option, right, node), node)

    def assign(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        if type(value) is Const and value.made and self.careful and not self.spelt:
            self.spelt = leads_up((value,), pieces=False)
        if type(target) is ast.Name:
            self.scope.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value, node)
        elif isinstance(target, ast.Attribute):
            owner = self.look(target.value)
            self.set_attribute(owner, target.attr, value, node)
            for option in options(owner):
                if isinstance(option, Object) and (setter := option.cls.lookup("__setattr__")) is not None:
                    self.call(bind(setter, option), Args([Const(target.attr), value]), node)
        elif isinstance(target, ast.Subscript):
            self._store(target, value, node)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Seq([fold.element(value)], exact=False), node)

    def _unpack(self, targets: list[ast.expr], value: Value, node: ast.AST) -> None:
        starred = any(isinstance(one, ast.Starred) for one in targets)
        columns: list[list[Value]] = [[] for _ in targets]
        for option in options(value):
            exact = isinstance(option, Seq) and option.exact and len(option.items) == len(targets) and not starred
            for index, column in enumerate(columns):
                column.append(option.look()[index] if exact and isinstance(option, Seq) else fold.element(option))
        for one, column in zip(targets, columns, strict=True):
            inner = one.value if isinstance(one, ast.Starred) else one
            joined = union(column) if column else UNKNOWN
            self.assign(inner, Seq([joined], exact=False) if isinstance(one, ast.Starred) else joined, node)

    def _store(self, target: ast.Subscript, value: Value, node: ast.AST) -> None:
        owner = self.look(target.value)
        key = self.value(target.slice) if not isinstance(target.slice, ast.Slice) else UNKNOWN
        self.lose_functions(key)  # which an object among the keys is compared with
        for option in options(owner):
            if isinstance(option, (Dict, Seq)):
                inner = fold.element(value) if isinstance(target.slice, ast.Slice) else value
                under = UNKNOWN if self.elsewhere else key
                how = partial(fold.store, option, under, inner) if isinstance(option, Dict) else partial(option.put, inner)
                self.replaced(option, under)
                self.change(option, how) if self.watched(option) else how()
            elif isinstance(option, Instance) and option.cls == ATTRIBUTES and option.resource is not None:
                name = known_text(key)
                if name is not None:
                    self.set_attribute(option.resource, name, value, node)
                else:
                    for one in options(option.resource):
                        self.set_any(one, value)
            elif isinstance(option, Instance) and option.cls == "builtins.Namespace":
                if isinstance(key, Const) and isinstance(key.value, str) and not key.value.startswith("__"):
                    self.module_scope.set(key.value, value)
                else:
                    self.opaque(node, "sets names in its own namespace that it computes", "py-namespace")
            elif isinstance(option, Ref) and option.name in ("builtins", "sys.modules"):
                self.opaque(node, f"replaces a part of {option.name}", "py-patch")
            elif isinstance(option, Ref) and option.name == "os.environ":
                self.called.add("os.environ")
            elif isinstance(option, Ref) and option.name == "sys.argv":
                self.has_arguments()
            elif isinstance(option, Ref) and (row := knowledge.row(knowledge.canonical(option.name) + ".__setitem__")) is not None:
                self.apply(row, Args([key, value]), node, option)
            elif isinstance(option, Object) and (setter := option.cls.lookup("__setitem__")) is not None:
                self.call(bind(setter, option), Args([key, value]), node)
            else:
                if not WINDOWS.isdisjoint(self.imported):
                    windows.option_set(self, key, value, node)
                if isinstance(option, Foreign):
                    foreign.touches(self, option.library, "__setitem__", Args([value]), node)
                elif isinstance(option, (Unknown, Instance, Method)):
                    self.put_there(fold.element(value) if isinstance(target.slice, ast.Slice) else value)
                self.lose(value)

    def on_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                owner = self.look(target.value)
                if not isinstance(target.slice, ast.Slice):
                    self.lose_functions(self.value(target.slice))
                for option in options(owner):
                    if isinstance(option, Seq):
                        self.touch(option)
                        option.exact, option.moved = False, True
                if isinstance(owner, Ref) and owner.name in ("builtins", "sys.modules"):
                    self.opaque(node, f"removes a part of {owner.name}", "py-patch")
                elif isinstance(owner, Instance) and owner.cls == "builtins.Namespace":
                    self.opaque(node, "removes a name by its text", "py-patch")
            elif isinstance(target, ast.Attribute):
                owner = self.look(target.value)
                if isinstance(owner, Ref) and knowledge.is_module(owner.name):
                    self.opaque(node, f"removes a part of {owner.name}", "py-patch")
            elif isinstance(target, ast.Name):
                scope = self.scope.foreign.get(target.id, self.scope)
                if scope.parent is None or scope.is_class:  # else it is local, and unbound from now on
                    scope.names.pop(target.id, None)

    def on_Global(self, node: ast.Global) -> None:
        self.global_names.update(node.names)
        self.outside.changed = True
        top = self.scope
        while top.parent is not None:
            top = top.parent
        if top is not self.scope:
            self.scope.foreign.update(dict.fromkeys(node.names, top))

    def on_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.outside.changed = True
        for name in node.names:
            outer = self.scope.parent
            while outer is not None and (name not in outer.names or outer.is_class):
                outer = outer.parent
            if outer is not None:
                self.scope.foreign[name] = outer

    def assigned_in(self, node: ast.AST) -> set[str]:
        """Names that a statement or its parts bind."""
        found = self.assigned.get(node)
        if found is None:
            found = self.assigned[node] = _bound_names(node)
        return found

    def pattern(self, pattern: ast.pattern, subject: Value) -> None:
        """Bind the names of a pattern to the parts of the subject that they may be."""
        if isinstance(pattern, ast.MatchValue):
            self.annotation(pattern.value)
        elif isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None:
                self.pattern(pattern.pattern, subject)
            if pattern.name:
                self.scope.bind(pattern.name, subject)
        elif isinstance(pattern, ast.MatchStar) and pattern.name:
            self.scope.bind(pattern.name, Seq([subject], exact=False))  # the subject is already one element
        elif isinstance(pattern, ast.MatchOr):
            for one in pattern.patterns:
                self.pattern(one, subject)
        elif isinstance(pattern, ast.MatchSequence):
            for one in pattern.patterns:
                self.pattern(one, fold.element(subject))
        elif isinstance(pattern, ast.MatchMapping):
            held = union([option.element() if isinstance(option, Dict) else UNKNOWN for option in options(subject)])
            for one in pattern.patterns:
                self.pattern(one, held)
            if pattern.rest:
                self.scope.bind(pattern.rest, Dict({}, [held]))
        elif isinstance(pattern, ast.MatchClass):
            self._class_pattern(pattern, subject)

    def _class_pattern(self, pattern: ast.MatchClass, subject: Value) -> None:
        self.annotation(pattern.cls)
        for one in pattern.patterns:  # `case str(text)` is the subject itself, `case Point(x, y)` one of its attributes
            fields = [field for option in options(subject) if isinstance(option, Object) for field in option.cls.fields.values()]
            self.outside.changed |= any(isinstance(option, Object) for option in options(subject))
            self.pattern(one, union([subject, *fields]))
        for name, one in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            found = self.attribute(subject, name, pattern)
            self.mention(found, pattern)
            self.pattern(one, found)


def _is_path(value: Value) -> bool:
    return isinstance(value, Instance) and value.cls == "pathlib.Path"


_NAMING = frozenset({ast.Name, ast.Attribute})


def _is_called(node: ast.AST) -> bool:
    """Whether it is a text that calls something."""
    return type(node) is ast.Constant and type(node.value) is str and "(" in node.value


def _head(value: Value) -> str:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""


def _bound_names(tree: ast.AST) -> set[str]:
    """Names that a statement or its parts bind."""
    found: set[str] = set()
    for node in nodes(tree):
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                found.add(node.id)  # type: ignore[attr-defined]
        elif kind in _BINDING:
            found.update(_bound(node))
    return found


_BINDING = frozenset(
    {ast.alias, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping}
)


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that one node of the kinds `_BINDING` binds by itself."""
    match node:
        case ast.alias(name=name, asname=other):
            yield other or name.split(".", maxsplit=1)[0]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
            yield node.name
        case ast.MatchMapping() if node.rest:
            yield node.rest
