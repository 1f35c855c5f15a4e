"""Call expressions: what is called, as whose method, with which arguments. What the call does is for `calls`."""

from __future__ import annotations

import ast

from guard.analyse.python import doubling, fold, knowledge, windows
from guard.analyse.python.names import Names, having
from guard.analyse.python.parse import nodes
from guard.analyse.python.special import clouds, network, paths
from guard.analyse.python.values import (
    ABSENT,
    ATTRIBUTES,
    MAX_OPTIONS,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Instance,
    Object,
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
from guard.analyse.python.vocabulary import INTERNALS, PEEKS, WINDOWS

_PUTS = frozenset({"format", "join"})


class CallSites(Names):
    """Evaluation of calls."""

    __slots__ = ()

    def call_node(self, node: ast.Call) -> Value:
        func = node.func
        if type(func) is ast.Attribute:
            receiver = self.look(func.value)
            name = func.attr
            if name in INTERNALS:
                self._internal(receiver, name, func)
            target: Value | None = None
        else:
            receiver, name = UNKNOWN, ""
            target = self.look(func)
        if target is None:
            args = self.arguments(node)
            self._to_windows(receiver, name, args, node)
            if type(receiver) is not Union:
                result = self._call_attribute(receiver, name, args, node)
            else:
                result = union([self._call_attribute(option, name, args, node) for option in having(receiver, name)])
        elif isinstance(target, Ref):
            args = self.arguments(node, quiet=_peeks(target, node) and not self.checks(target.name))
            if target.name == "builtins.super":
                return self._super(args)
            self._to_windows(target, "", args, node)
            self.by_name_at = node if isinstance(func, ast.Name) and target.name.endswith(func.id) else None
            result = doubling.in_call(target.name, node, self.call(target, args, node))
        else:
            args = self.arguments(node)
            self._to_windows(target, "", args, node)
            self.by_name_at = None
            result = self.call(target, args, node)
        if name in _PUTS:
            result = doubling.in_template(node, receiver, result)
        return ABSENT if self.lacking and (receiver is ABSENT or ABSENT in args.positional) else result

    def _to_windows(self, called: Value, name: str, args: Args, node: ast.Call) -> None:
        if (args.positional or args.named) and not WINDOWS.isdisjoint(self.imported):
            for option in options(called):
                windows.given(self, option, name, args, node)

    def _super(self, args: Args) -> Value:
        """`super()`, or `super(cls, thing)`: without arguments, of the class around and of the first parameter of its method."""
        if len(args.positional) > 1:
            after, receiver = args.positional[:2]
        else:
            inner, scope = self.scope, self.scope.parent
            while scope is not None and not scope.is_class:
                self.outside.changed = self.outside.changed or inner is self.local
                inner, scope = scope, scope.parent
            after = scope.names.get("__class__", UNKNOWN) if scope is not None else UNKNOWN
            receiver = next(iter(inner.names.values()), UNKNOWN)
        found = [Super(one, after) for one in options(receiver) if isinstance(one, (Object, Class)) and isinstance(after, Class)]
        return union(found) if found else UNKNOWN

    def _of_library_base(self, receiver: Super, name: str, args: Args, node: ast.Call) -> Value:
        """A method that none of the program's own classes has."""
        cls = receiver.receiver.cls if isinstance(receiver.receiver, Object) else receiver.receiver
        foreign = cls.foreign()
        if foreign is not None:
            return self.instance_call(Instance(self._made_by(foreign)), name, args, node)
        return self.loose(UNKNOWN, name, args, node)

    def _call_attribute(self, receiver: Value, name: str, args: Args, node: ast.Call) -> Value:
        if type(receiver) in _READY:
            return self.call_method(receiver, name, args, node)
        if isinstance(receiver, Instance):
            return self.instance_call(receiver, name, args, node)
        if isinstance(receiver, Ref):
            found = self.attribute(receiver, name, node.func)
            self.by_name_at = node if knowledge.is_module(receiver.name) else None
            return self.call(found, args, node)
        plain = name != "__setattr__"
        if isinstance(receiver, Super) and receiver.lookup(name) is None and plain:
            return self._of_library_base(receiver, name, args, node)
        if isinstance(receiver, Object) and plain and receiver.cls.lookup(name) is None and receiver.cls.field(name) is None:
            self.reaches_into(receiver, name)
            if (foreign := receiver.cls.foreign()) is not None:
                return self.instance_call(Instance(self._made_by(foreign)), name, args, node)
            if receiver.cls.lookup("__getattr__") is None:
                self.outside.missed += self.careful
                return self.loose(UNKNOWN, name, args, node)
        target = self.attribute(receiver, name, node)
        if isinstance(target, Unknown):
            self.unseen = True
            return self.loose(target, name, args, node)
        return self.call(target, args, node)

    def instance_call(self, receiver: Instance, name: str, args: Args, node: ast.AST) -> Value:
        if name == "__class__":
            return self.call(Ref(receiver.cls), args, node)
        if receiver.cls == "pathlib.Path" and (found := paths.path_call(self, receiver, name, args)) is not None:
            return found
        if receiver.cls == "boto3.Client" and (row := knowledge.method(receiver.cls, name)) is not None and row.effectful:
            return network.aws_method(self, receiver, name, args, node)
        if receiver.cls == clouds.API and (row := knowledge.method(receiver.cls, name)) is not None and row.effectful:
            return clouds.google_method(self, receiver, name, args, node)
        if receiver.cls == "kubernetes.Api":
            return network.kube_method(self, name, args, node)
        if receiver.cls == "builtins.Namespace":
            return self._namespace_call(name, args, node)
        if receiver.cls == "sys.Path":
            return self._sys_path(name, args, node)
        return self.call_method(receiver, name, args, node)

    def _sys_path(self, name: str, args: Args, node: ast.AST) -> Value:
        if name not in ("append", "extend", "remove", "pop", "copy", "index", "count"):
            self.opaque(node, "changes where modules are found", "py-sys-path")
        return UNKNOWN

    def _namespace_call(self, name: str, args: Args, node: ast.AST) -> Value:
        if name in ("get", "__getitem__", "pop", "setdefault") and args.positional:
            return self._namespace_item(args.positional[0], node)
        if name in ("keys", "__contains__", "__len__"):
            return UNKNOWN
        self.opaque(node, "looks names up in its own namespace by computed names", "py-namespace")
        return UNKNOWN

    def _namespace_item(self, key: Value, node: ast.AST) -> Value:
        if isinstance(key, Const) and key.value == "__builtins__":
            self.opaque(node, "takes the builtins out of a namespace", "py-internals")
            return Ref("builtins")
        if isinstance(key, Const) and isinstance(key.value, str) and key.value not in INTERNALS:
            found = self.lookup(key.value)
            self.mention(found, node)
            return found
        if isinstance(key, Text) and key.prefix and not key.prefix.startswith("_") and not self.module_scope.stars:
            return self._names_in_sight(key.prefix, node)
        if type(key) is Union:
            return union([self._namespace_item(option, node) for option in key.options])
        self.opaque(node, "looks names up in its own namespace by computed names", "py-namespace")
        return UNKNOWN

    def _names_in_sight(self, prefix: str, node: ast.AST) -> Value:
        """What a name that begins so may be. A name that is defined later may be meant as well: such a program is read again."""
        self.outside.changed = True
        self.outside.missed += 1
        seen = set[str]()
        scope: Scope | None = self.scope
        while scope is not None:
            seen |= {name for name in scope.names if name.startswith(prefix)}
            scope = scope.parent
        found = [self.lookup(name) for name in sorted(seen)]
        if self.tree is None or any(_binds(one, prefix) not in ("", *seen) for one in nodes(self.tree)):
            self.opaque(node, "looks names up in its own namespace that it computes, and sets such names later", "py-namespace")
        for value in found:
            self.mention(value, node)
        return self.one_of(found)

    def one_of(self, found: list[Value]) -> Value:
        """One of some values, or another one. Functions that are too many to be told apart may each be called with anything."""
        if len(found) <= MAX_OPTIONS:
            return union([*found, UNKNOWN])
        for value in found:
            self.lose(value)
        return UNKNOWN

    def arguments(self, node: ast.Call, *, quiet: bool = False) -> Args:
        if not node.args and not node.keywords:
            return Args()
        args = Args()
        outside, self.quiet = self.quiet, int(quiet)  # what is given to a function is handed on, wherever the call stands
        try:
            for one in node.args:
                if type(one) is not ast.Starred:
                    args.positional.append(self.value(one))
                    continue
                value = self.value(one.value)
                if isinstance(value, Seq) and value.exact:
                    args.positional.extend(value.look())
                else:
                    args.more = True
                    args.rest = union([args.rest, fold.element(value)]) if not isinstance(args.rest, Unknown) else fold.element(value)
            for keyword in node.keywords:
                value = self.value(keyword.value)
                if keyword.arg is not None:
                    args.named[keyword.arg] = value
                elif isinstance(value, Dict) and not value.rest:
                    args.named.update({str(key): one for key, one in value.items.items()})
                elif (given := self._parsed(value)) is not None:
                    args.named.update(given)
                else:
                    self.lose(value)
                    args.more = True
        finally:
            self.quiet = outside
        return args

    def _parsed(self, value: Value) -> dict[str, Value] | None:
        """What `**vars(parser.parse_args())` gives."""
        parsed = value.resource if isinstance(value, Instance) and value.cls == ATTRIBUTES else None
        if not isinstance(parsed, Object) or parsed.cls is not self.namespace:
            return None
        return {name: found for name in parsed.cls.fields if (found := parsed.cls.field(name)) is not None}


_READY = frozenset({Const, Text, Seq, Dict, Unknown, Foreign})
"""Values whose methods are known by their names alone."""


def _peeks(target: Ref, node: ast.Call) -> bool:
    """Whether a call only looks at what it is given; `type` with three arguments makes a class of them."""
    return target.name in PEEKS and not (target.name == "builtins.type" and len(node.args) > 1)


def _binds(node: ast.AST, prefix: str) -> str:
    """The name that begins so and is bound here, if any."""
    if isinstance(node, ast.Name):
        name = "" if isinstance(node.ctx, ast.Load) else node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        name = node.name
    else:
        name = (node.asname or node.name) if isinstance(node, ast.alias) else ""
    return name if name.startswith(prefix) else ""
