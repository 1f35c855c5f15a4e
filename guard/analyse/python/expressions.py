"""What expressions give: names through scopes and imports, attributes, subscripts, operators, strings put together, comprehensions."""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable
from typing import Any

from guard.analyse.python import fold, knowledge, special, tools
from guard.analyse.python.calls import Calls, bind, harmless_name
from guard.analyse.python.state import MAX_STEPS, TooMuch
from guard.analyse.python.values import (
    NONE, TAINTED, UNKNOWN, Args, Class, Const, Dict, Function, Instance, Method, Module, Object, Ref, Scope, Seq, Text, Union, Unknown, Value,
    known_text, options, parts_of, text, union,
)  # fmt: skip
from guard.model import Kind, Loop

INTERNALS = frozenset(
    """__subclasses__ __globals__ __builtins__ __code__ __closure__ __func__ f_globals f_locals f_back f_builtins f_code tb_frame tb_next
    gi_frame cr_frame ag_frame gi_code cr_code __mro__ mro __bases__ __base__ __getattribute__ __reduce__ __reduce_ex__ __import__ __loader__
    __self__ __weakref__ __subclasshook__ __kwdefaults__ __defaults__ __thisclass__ __self_class__ gi_yieldfrom __wrapped__ _getframe
    __objclass__ func_globals func_code im_class im_func im_self tb_lasti co_code __traceback__ __set_name__ __init_subclass__ __spec__
    __import_hook__ __builtin__ load_module exec_module find_module""".split()
)
"""Attributes that lead from an object into the interpreter."""

CALM = frozenset(
    {
        "__traceback__",
        "__self__",
        "__defaults__",
        "__init_subclass__",
        "__weakref__",
        "__func__",
        "__wrapped__",
        "__kwdefaults__",
        "__base__",
    }
)
"""Of these, those that ordinary code reads without going on."""

BUILTINS = frozenset(
    """abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr
    dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance
    issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed
    round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __build_class__ __debug__ __loader__ __spec__
    unicode xrange raw_input reduce unichr basestring long execfile reload file cmp apply buffer coerce intern""".split()
)

PYTHON2 = {
    "execfile": "runpy.run_path",
    "file": "builtins.open",
    "raw_input": "builtins.input",
    "reload": "importlib.reload",
    "apply": "builtins.map",
}

OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Mod: operator.mod, ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv, ast.BitXor: operator.xor, ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
}  # fmt: skip

DOORS = frozenset(
    "os sys subprocess builtins shutil importlib socket ctypes pickle posix pty code runpy imp multiprocessing marshal".split()
)
"""Modules that other modules import for themselves: as an attribute of those they are a way around an import."""

PEEKS = frozenset({"builtins.hasattr", "builtins.isinstance", "builtins.issubclass", "builtins.type", "builtins.repr", "builtins.id", "builtins.dir",
                   "builtins.help", "builtins.getattr", "builtins.callable", "inspect.getsource", "inspect.getmembers", "builtins.super"})  # fmt: skip
"""Callables that only look at a library thing that they are given."""


class Expressions(Calls):
    """Evaluation of expressions in a scope."""

    scope: Scope

    # --------------------------------------------------------------------------------------------------------------- entry

    def value(self, node: ast.expr | None) -> Value:
        """Evaluate; a library thing that is handed on, and not called here, is remembered."""
        if node is None:
            return NONE
        result = self.look(node)
        kind = type(node)
        if (kind is ast.Name or kind is ast.Attribute) and type(result) in (Ref, Union, Method) and not self.quiet:
            self.mention(result, node)
        return result

    def look(self, node: ast.expr) -> Value:
        """Evaluate, without remembering what is only looked up to be called or gone into."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuch
        method = self.EVALUATE.get(type(node))
        return method(self, node) if method is not None else UNKNOWN

    def mention(self, value: Value, node: ast.AST) -> None:
        """A function or module of a library is handed on to where it may be called unseen."""
        for option in options(value):
            if isinstance(option, Ref):
                name = knowledge.canonical(option.name)
                if name not in self.mentioned and (name.startswith(tools.MARK) or _worth_a_mention(name)):
                    self.mentioned[name] = node
            elif isinstance(option, Method) and isinstance(option.receiver, Instance):
                row = knowledge.method(option.receiver.cls, option.name)
                if row is not None and row.effectful:
                    self.mentioned.setdefault(row.name, node)

    # --------------------------------------------------------------------------------------------------------------- names

    def name(self, node: ast.Name) -> Value:
        return self.lookup(node.id, node)

    def lookup(self, name: str, node: ast.AST | None = None) -> Value:
        scope: Scope | None = self.scope
        crossed = False
        while scope is not None:
            if name in scope.foreign:
                scope = scope.foreign[name]
                crossed = True
            if name in scope.names and not (scope.is_class and crossed):
                found = scope.names[name]
                past = scope.history.get(name) if crossed else None
                return union([found, *past]) if past and not (len(past) == 1 and past[0] is found) else found
            scope = scope.parent
            crossed = True
        return self._global(name, node)

    def _global(self, name: str, node: ast.AST | None) -> Value:
        for star in self.module_scope.stars:
            if isinstance(star, Ref):
                full = knowledge.canonical(f"{star.name}.{name}")
                if knowledge.row(full) is not None or (knowledge.default(star.name) == "pure" and name not in BUILTINS):
                    return Ref(full)
                if knowledge.default(star.name) == "opaque" and name not in BUILTINS and not harmless_name(full):
                    return Ref(full)
            elif isinstance(star, Module) and name in star.scope.names:
                return star.scope.names[name]
        if name in BUILTINS:
            return Ref(PYTHON2.get(name, "builtins." + name))
        if name == "__file__":
            return Const(self.facts.mount + "/main.py")
        if name == "__name__":
            return Const("__main__")
        if name in ("__builtins__", "__builtin__"):
            return Ref("builtins")
        if (given := tools.injected(self.facts, name)) is not None:
            return given
        if node is not None and name not in self.undefined:
            self.undefined[name] = node
            if self.facts.profile:
                self.opaque(node, f"uses {name}, which the program does not define")
        return UNKNOWN

    # ---------------------------------------------------------------------------------------------------------- attributes

    def attribute_node(self, node: ast.Attribute) -> Value:
        return self.attribute(self.look(node.value), node.attr, node)

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        """`receiver.name`, looked up and not called."""
        if isinstance(receiver, Method):
            self.mention(receiver, node)
        if name in INTERNALS:
            self._internal(receiver, name, node)
            if name in ("f_globals", "f_builtins", "__globals__", "__builtins__", "f_locals") and not isinstance(receiver, (Object, Class)):
                return Ref("builtins") if "builtins" in name else Instance("builtins.Namespace")
        if name == "__call__" and isinstance(receiver, (Ref, Function, Method, Class)):
            return receiver
        if isinstance(receiver, Ref):
            return self._library(receiver, name, node)
        if isinstance(receiver, Object):
            return self._own(receiver, name)
        if isinstance(receiver, Class):
            return self._class_attribute(receiver, name)
        if isinstance(receiver, Module):
            return receiver.scope.names.get(name, UNKNOWN)
        if isinstance(receiver, Instance):
            return self._instance(receiver, name, node)
        if isinstance(receiver, Union):
            return union([self.attribute(option, name, node) for option in receiver.options])
        if isinstance(receiver, Dict) and name in receiver.items:
            return receiver.items[name]
        if isinstance(receiver, Function) and name == "__dict__":
            return UNKNOWN
        if isinstance(receiver, Unknown) and not receiver.taint:
            return UNKNOWN
        if isinstance(receiver, (Const, Text, Seq, Dict)):
            return Method(receiver, name)
        return TAINTED if receiver.taint else UNKNOWN

    def _internal(self, receiver: Value, name: str, node: ast.AST) -> None:
        own = isinstance(receiver, (Object, Class)) and receiver is not None
        if own and isinstance(receiver, (Object, Class)):
            cls = receiver.cls if isinstance(receiver, Object) else receiver
            if name in cls.fields or cls.lookup(name) is not None:
                return
        if name in CALM and not isinstance(receiver, Ref):
            return
        if isinstance(receiver, Ref) and name in ("__spec__", "__loader__", "__defaults__"):
            if name == "__spec__":
                return
        self.opaque(node, f"uses {name}, which leads into the interpreter", "py-internals")

    def _library(self, receiver: Ref, name: str, node: ast.AST) -> Value:
        if receiver.name.startswith(tools.MARK):
            return Ref(f"{receiver.name}.{name}")
        full = knowledge.canonical(f"{receiver.name}.{name}")
        if name == "__dict__" and (knowledge.default(receiver.name) == "opaque" or receiver.name == "builtins"):
            self.opaque(node, f"looks things up in {receiver.name} by computed names", "py-internals")
        if full.startswith("os.environ.") and name in ("environ",):
            return Ref("os.environ")
        row = knowledge.row(full)
        inner = name.lstrip("_")
        if row is None and not knowledge.is_known_inside(full):
            if inner in DOORS:
                self.opaque(node, f"reaches the module {inner} through {receiver.name}", "py-internals")
                return Ref(inner)
            if inner in knowledge.effectful_modules() and knowledge.is_module(receiver.name) and receiver.name in sys.stdlib_module_names:
                return Ref(inner)
        if row is not None and row.does and row.does[0].verb == "!sys_path":
            return Instance("sys.Path")
        if full in ("sys.stdin", "sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stdin__", "sys.__stderr__"):
            return Instance("sys.Stream")
        if full == "sys.modules" and not self.quiet:
            self.opaque(node, "looks modules up in the interpreter's own table", "py-dynamic")
        return Ref(full)

    def _own(self, receiver: Object, name: str) -> Value:
        cls = receiver.cls
        found = [cls.fields[name]] if name in cls.fields else []
        defined = cls.lookup(name)
        if defined is not None:
            if isinstance(defined, Function) and defined.kind == "property":
                return self.invoke(defined.bound(receiver), Args(), defined.node)
            found.append(bind(defined, receiver if not (isinstance(defined, Function) and defined.kind == "class") else cls))
        if found:
            return union(found)
        if name == "__class__":
            return cls
        if (foreign := cls.foreign()) is not None:
            return Method(Instance(self._made_by(foreign)), name)
        getter = cls.lookup("__getattr__")
        if isinstance(getter, Function):
            return self.invoke(getter.bound(receiver), Args([Const(name)]), getter.node)
        return UNKNOWN

    def _made_by(self, cls: Ref) -> str:
        """The class of the tables that a library class gives."""
        row = knowledge.row(knowledge.canonical(cls.name))
        return row.result if row is not None and row.result and row.result[0] not in "=&" else knowledge.canonical(cls.name)

    def _class_attribute(self, receiver: Class, name: str) -> Value:
        found = receiver.lookup(name)
        if found is not None:
            return bind(found, receiver) if isinstance(found, Function) and found.kind == "class" else found
        if name in receiver.fields:
            return receiver.fields[name]
        foreign = receiver.foreign()
        return Ref(f"{foreign.name}.{name}") if foreign is not None else UNKNOWN

    def _instance(self, receiver: Instance, name: str, node: ast.AST) -> Value:
        if receiver.cls == "pathlib.Path" and (found := special.path_attribute(receiver, name)) is not None:
            return found
        row = knowledge.method(receiver.cls, name)
        if row is not None and not row.effectful and row.result == receiver.cls:
            return Instance(row.result, receiver.resource, receiver.taint)
        if row is not None and not row.effectful and row.result and row.result[0] not in "=&":
            return Instance(row.result, receiver.resource, receiver.taint)
        if row is not None or receiver.cls in ("pathlib.Path", "boto3.Client", "kubernetes.Api"):
            return Method(receiver, name)
        return TAINTED if receiver.taint else UNKNOWN

    def set_attribute(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        for option in options(owner):
            if isinstance(option, Object):
                self._set_field(option.cls, name, value)
            elif isinstance(option, Class):
                self._set_field(option, name, value)
                option.scope.bind(name, value)
            elif isinstance(option, (Ref, Module)):
                full = f"{option.name}.{name}"
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
                    continue
                if isinstance(option, Ref) and (
                    knowledge.is_module(option.name) or knowledge.is_effectful(option.name) or knowledge.row(full)
                ):
                    self.opaque(node, f"replaces {full}", "py-patch")
                elif isinstance(option, Module):
                    option.scope.bind(name, value)
            if name in ("__class__", "__code__", "__bases__", "__globals__", "__builtins__"):
                self.opaque(node, f"sets {name} of an object", "py-internals")

    def _set_field(self, cls: Class, name: str, value: Value) -> None:
        old = cls.fields.get(name)
        cls.fields[name] = value if old is None else union([old, value])

    # ---------------------------------------------------------------------------------------------------------------- calls

    def call_node(self, node: ast.Call) -> Value:
        func = node.func
        if isinstance(func, ast.Attribute):
            receiver = self.look(func.value)
            name = func.attr
            if name in INTERNALS:
                self._internal(receiver, name, func)
            target: Value | None = None
        else:
            receiver, name = UNKNOWN, ""
            target = self.look(func)
        args = self.arguments(node, quiet=isinstance(target, Ref) and target.name in PEEKS)
        if target is not None:
            if isinstance(target, Ref) and target.name == "builtins.super":
                return self._super()
            return self.call(target, args, node)
        return union([self._call_attribute(option, name, args, node) for option in options(receiver)])

    def _super(self) -> Value:
        scope: Scope | None = self.scope
        while scope is not None:
            owner = scope.names.get("self")
            if isinstance(owner, Object):
                bases = [base for base in owner.cls.bases if isinstance(base, Class)]
                if bases:
                    return Object(bases[0])
                foreign = owner.cls.foreign()
                return Instance(self._made_by(foreign)) if foreign is not None else UNKNOWN
            scope = scope.parent
        return UNKNOWN

    def _call_attribute(self, receiver: Value, name: str, args: Args, node: ast.Call) -> Value:
        if isinstance(receiver, Instance):
            return self.instance_call(receiver, name, args, node)
        if isinstance(receiver, Ref):
            found = self.attribute(receiver, name, node.func)
            if isinstance(found, Ref) and found.name.startswith("pathlib.Path."):
                made = special.path_call(self, Instance("pathlib.Path", Const(".")), name, args) if name in ("home", "cwd") else None
                if made is not None:
                    return made
            return self.call(found, args, node)
        if isinstance(receiver, (Const, Text, Seq, Dict, Unknown)):
            return self.call_method(receiver, name, args, node)
        if isinstance(receiver, Object) and receiver.cls.lookup(name) is None and name not in receiver.cls.fields:
            if (foreign := receiver.cls.foreign()) is not None:
                return self.instance_call(Instance(self._made_by(foreign)), name, args, node)
            return self.loose(UNKNOWN, name, args, node)
        target = self.attribute(receiver, name, node)
        if isinstance(target, Unknown):
            return self.loose(target, name, args, node)
        return self.call(target, args, node)

    def instance_call(self, receiver: Instance, name: str, args: Args, node: ast.AST) -> Value:
        if receiver.cls == "pathlib.Path" and (found := special.path_call(self, receiver, name, args)) is not None:
            return found
        if receiver.cls == "boto3.Client" and (row := knowledge.method(receiver.cls, name)) is not None and row.effectful:
            return special.aws_method(self, receiver, name, args, node)
        if receiver.cls == "kubernetes.Api":
            return special.kube_method(self, name, args, node)
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
        self.opaque(node, "looks names up in its own namespace by computed names", "py-namespace")
        return UNKNOWN

    def arguments(self, node: ast.Call, *, quiet: bool = False) -> Args:
        args = Args()
        self.quiet += quiet
        try:
            for one in node.args:
                if isinstance(one, ast.Starred):
                    value = self.value(one.value)
                    if isinstance(value, Seq) and value.exact:
                        args.positional.extend(value.items)
                    else:
                        args.more = True
                        args.rest = union([args.rest, fold.element(value)]) if not isinstance(args.rest, Unknown) else fold.element(value)
                else:
                    args.positional.append(self.value(one))
            for keyword in node.keywords:
                value = self.value(keyword.value)
                if keyword.arg is not None:
                    args.named[keyword.arg] = value
                elif isinstance(value, Dict) and not value.rest:
                    args.named.update({str(key): one for key, one in value.items.items()})
                else:
                    args.more = True
        finally:
            self.quiet -= quiet
        return args

    # ------------------------------------------------------------------------------------------------------------ operators

    def constant(self, node: ast.Constant) -> Value:
        return Const(node.value)

    def binary(self, node: ast.BinOp) -> Value:
        chain = []
        left_node: ast.expr = node
        while isinstance(left_node, ast.BinOp):
            chain.append(left_node)
            left_node = left_node.left
        left = self.value(left_node)
        for one in reversed(chain):
            left = self.operate(one.op, left, self.value(one.right), one)
        return left

    def operate(self, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
        if isinstance(left, Union) or isinstance(right, Union):
            pairs = [(one, other) for one in options(left) for other in options(right)]
            if len(pairs) > 24:
                return TAINTED if left.taint or right.taint else UNKNOWN
            return union([self.operate(op, one, other, node) for one, other in pairs])
        taint = left.taint or right.taint
        kind = type(op)
        if kind is ast.Div and isinstance(left, Instance) and left.cls == "pathlib.Path":
            return special.path_call(self, left, "joinpath", Args([right])) or UNKNOWN
        if kind is ast.Div and isinstance(right, Instance) and right.cls == "pathlib.Path":
            return Instance("pathlib.Path", special.join_paths([left, right.resource or UNKNOWN]))
        if isinstance(left, Const) and isinstance(right, Const):
            return self._fold(kind, left, right, taint)
        if kind is ast.Add and (isinstance(left, Seq) or isinstance(right, Seq)):
            items = [*(left.items if isinstance(left, Seq) else []), *(right.items if isinstance(right, Seq) else [])]
            exact = isinstance(left, Seq) and isinstance(right, Seq) and left.exact and right.exact
            return Seq(items[:512], exact, taint)
        if kind is ast.Add and (_is_text(left) or _is_text(right)):
            return text((*parts_of(left), *parts_of(right)), taint)
        if kind is ast.Mod and _is_text(left):
            return self._percent(left, right, taint)
        return TAINTED if taint else UNKNOWN

    def _fold(self, kind: type[ast.operator], left: Const, right: Const, taint: bool) -> Value:
        run = OPERATORS.get(kind)
        a, b = left.value, right.value
        small = all(not isinstance(one, int) or abs(one) < 1 << 64 for one in (a, b)) and all(
            not isinstance(one, (str, bytes)) or len(one) <= fold.MAX for one in (a, b)
        )
        if kind is ast.Mod and isinstance(a, str):
            return self._percent(left, right, taint)
        if kind is ast.Mult and any(isinstance(one, (str, bytes)) for one in (a, b)):
            size = (len(a) * b if isinstance(b, int) else 0) if isinstance(a, (str, bytes)) else (len(b) * a if isinstance(a, int) else 0)
            small = small and size <= fold.MAX
        if run is None or not small:
            return TAINTED if taint else UNKNOWN
        return fold.lift(lambda: run(a, b), taint) or UNKNOWN

    def _percent(self, left: Value, right: Value, taint: bool) -> Value:
        values = right.items if isinstance(right, Seq) else [right]
        parts: list[str | None] = []
        index = 0
        for piece in parts_of(left):
            if piece is None:
                parts.append(None)
                continue
            chunks = piece.replace("%%", "\0").split("%")
            parts.append(chunks[0].replace("\0", "%"))
            for chunk in chunks[1:]:
                stripped = chunk.lstrip("0123456789.-+ #")
                named = chunk.startswith("(")
                plain = chunk[:1] in ("s", "d", "i") and not named
                if plain and index < len(values):
                    parts += parts_of(values[index])
                else:
                    parts.append(None)
                index += 1
                tail = chunk.partition(")")[2][1:] if named else chunk[1:] if plain else stripped[1:]
                parts.append(tail.replace("\0", "%"))
        return text(parts, taint)

    def joined(self, node: ast.JoinedStr) -> Value:
        pieces: list[list[tuple[str | None, ...]]] = []
        taint = False
        for one in node.values:
            if isinstance(one, ast.Constant):
                pieces.append([(str(one.value),)])
                continue
            assert isinstance(one, ast.FormattedValue)
            value = self.value(one.value)
            taint = taint or value.taint
            if one.format_spec is not None:
                self.value(one.format_spec)
                pieces.append([(None,)])
            elif one.conversion not in (-1, 115):
                pieces.append([(None,)])
            else:
                pieces.append([parts_of(option) for option in options(value)][:6])
        combined: list[tuple[str | None, ...]] = [()]
        for ways in pieces:
            if len(combined) * len(ways) > 12:
                ways = [(None,)]  # noqa: PLW2901 - too many ways: that part is unknown
            combined = [(*head, *tail) for head in combined for tail in ways]
        return union([text(parts, taint) for parts in combined])

    def boolean(self, node: ast.BoolOp) -> Value:
        return union([self.value(one) for one in node.values])

    def compare(self, node: ast.Compare) -> Value:
        self.quiet += 1
        try:
            self.value(node.left)
            for one in node.comparators:
                self.value(one)
        finally:
            self.quiet -= 1
        return UNKNOWN

    def unary(self, node: ast.UnaryOp) -> Value:
        value = self.value(node.operand)
        if isinstance(value, Const) and isinstance(node.op, ast.USub) and isinstance(value.value, (int, float)):
            return Const(-value.value)
        return UNKNOWN

    def conditional(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return union([self.value(node.body), self.value(node.orelse)])

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        items: list[Value] = []
        exact = True
        for one in node.elts:
            if isinstance(one, ast.Starred):
                value = self.value(one.value)
                if isinstance(value, Seq):
                    items.extend(value.items)
                    exact = exact and value.exact
                else:
                    items.append(fold.element(value))
                    exact = False
            elif type(one) is ast.Constant:
                items.append(Const(one.value))
            else:
                items.append(self.value(one))
            if len(items) > 512:
                exact = False
                del items[512:]
        return Seq(items, exact, any(item.taint for item in items))

    def mapping(self, node: ast.Dict) -> Value:
        result = Dict({})
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one)
            if key is None:
                if isinstance(value, Dict):
                    result.items.update(value.items)
                    result.rest.extend(value.rest)
                else:
                    result.rest.append(fold.element(value))
            else:
                fold.store(result, self.value(key), value)
        return result

    # ----------------------------------------------------------------------------------------------------------- subscripts

    def subscript(self, node: ast.Subscript) -> Value:
        owner = self.look(node.value)
        key = self.value(node.slice) if not isinstance(node.slice, ast.Slice) else None
        if isinstance(node.slice, ast.Slice):
            return self._slice(owner, node.slice)
        assert key is not None
        return union([self.item(option, key, node) for option in options(owner)])

    def item(self, owner: Value, key: Value, node: ast.AST) -> Value:
        """`owner[key]`."""
        if isinstance(owner, Ref):
            return self._library_item(owner, key, node)
        if isinstance(owner, Seq):
            index = key.value if isinstance(key, Const) else None
            if owner.exact and isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
                return owner.items[index]
            return owner.element()
        if isinstance(owner, Dict):
            return fold.lookup(owner, key)
        if isinstance(owner, Const):
            if isinstance(key, Const):
                return fold.lift(lambda: owner.value[key.value], owner.taint) or UNKNOWN
            return UNKNOWN
        if isinstance(owner, Instance):
            if owner.cls == "builtins.Namespace":
                return self._namespace_item(key, node)
            if owner.cls in (
                "boto3.Client",
                "pymongo.Client",
                "playwright.Browser",
                "googleapiclient.Service",
                "google.Client",
                "pandas.DataFrame",
            ):
                return owner
            row = knowledge.method(owner.cls, "__getitem__")
            return self.apply(row, Args([key]), node, owner) if row is not None and row.effectful else (TAINTED if owner.taint else UNKNOWN)
        if isinstance(owner, Object):
            getter = owner.cls.lookup("__getitem__")
            return self.call(bind(getter, owner), Args([key]), node) if getter is not None else UNKNOWN
        return TAINTED if owner.taint else UNKNOWN

    def _library_item(self, owner: Ref, key: Value, node: ast.AST) -> Value:
        if owner.name.startswith(tools.MARK):
            return Ref(f"{owner.name}.{known_text(key) or '?'}")
        if owner.name in ("os.environ", "os.environb"):
            self.called.add("os.environ")
            self.variable(key, node, "py-environment")
            return TAINTED
        if owner.name == "builtins":
            known = key.value if isinstance(key, Const) else None
            if isinstance(known, str) and known in BUILTINS:
                return Ref("builtins." + known)
            self.opaque(node, "looks builtins up by computed names", "py-internals")
        if owner.name == "sys.modules" and isinstance(key, Const) and isinstance(key.value, str):
            return self.import_name(key.value, node)
        row = knowledge.row(f"{owner.name}.__getitem__")
        if row is not None:
            return self.apply(row, Args([key]), node, owner)
        return UNKNOWN

    def _slice(self, owner: Value, node: ast.Slice) -> Value:
        bounds = [self.value(one) if one is not None else NONE for one in (node.lower, node.upper, node.step)]
        if isinstance(owner, Const) and all(isinstance(one, Const) for one in bounds):
            cut = [one.value for one in bounds if isinstance(one, Const)]
            return fold.lift(lambda: owner.value[slice(*cut)], owner.taint) or UNKNOWN
        if isinstance(owner, Seq):
            if owner.exact and all(isinstance(one, Const) for one in bounds):
                cut = [one.value for one in bounds if isinstance(one, Const)]
                try:
                    return Seq(owner.items[slice(*cut)], taint=owner.taint)
                except (TypeError, ValueError):
                    return UNKNOWN
            return Seq(list(owner.items), exact=False, taint=owner.taint)
        if isinstance(owner, Text) and node.lower is None:
            return text((owner.prefix[:0], None), owner.taint)
        return owner if isinstance(owner, Instance) else TAINTED if owner.taint else UNKNOWN

    # ------------------------------------------------------------------------------------------------------- functions, loops

    def lambda_node(self, node: ast.Lambda) -> Value:
        return self.make_function(node)

    def make_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, owner: Class | None = None) -> Function:
        spec = node.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        values = [self.value(one) for one in spec.defaults]
        defaults = dict(zip(names[len(names) - len(values) :], values, strict=True))
        for one, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if default is not None:
                defaults[one.arg] = self.value(default)
        func = Function(node, self.scope, defaults, owner)
        self.functions.append(func)
        return func

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
        outer, self.scope = self.scope, Scope(self.scope)
        old_class = outer.is_class
        try:
            return self._comprehend(node)
        finally:
            self.scope = outer
            outer.is_class = old_class

    def _comprehend(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
        first = node.generators[0]
        source = self.value(first.iter)
        plain = len(node.generators) == 1 and not first.ifs and not isinstance(node, ast.DictComp)
        letters = source
        if plain and isinstance(source, Const) and isinstance(source.value, (str, bytes)) and len(source.value) <= 2048:
            letters = fold.constant(list(source.value)) or source
        count = len(letters.items) if isinstance(letters, Seq) else 0
        if (
            plain
            and isinstance(letters, Seq)
            and letters.exact
            and count * self.unrolled <= 512
            and all(isinstance(one, Const) for one in letters.items)
        ):
            assert not isinstance(node, ast.DictComp)
            results = []
            self.unrolled *= max(count, 1)
            with self.looping(Loop.BOUNDED, count):
                for item in letters.items:
                    self.assign(first.target, item, node)
                    results.append(self.value(node.elt))
            self.unrolled //= max(count, 1)
            return Seq(results, taint=any(one.taint for one in results))
        loop = Loop.BOUNDED if isinstance(source, Seq) and source.exact else Loop.UNBOUNDED
        with self.looping(loop, len(source.items) if loop is Loop.BOUNDED and isinstance(source, Seq) else None):
            for index, generator in enumerate(node.generators):
                iterated = source if index == 0 else self.value(generator.iter)
                self.assign(generator.target, fold.element(iterated), node)
                for condition in generator.ifs:
                    self.value(condition)
            if isinstance(node, ast.DictComp):
                self.value(node.key)
                value = self.value(node.value)
                return Dict({}, [value], value.taint)
            element = self.value(node.elt)
            return Seq([element], exact=False, taint=element.taint)

    def assign(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def awaited(self, node: ast.Await) -> Value:
        return self.value(node.value)

    def yielded(self, node: ast.Yield) -> Value:
        self.scope.returns.append(Seq([self.value(node.value)], exact=False))
        return UNKNOWN

    def yielded_from(self, node: ast.YieldFrom) -> Value:
        self.scope.returns.append(Seq([fold.element(self.value(node.value))], exact=False))
        return UNKNOWN

    def named(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        scope = self.scope
        scope.bind(node.target.id, value)
        if scope.parent is not None:
            scope.parent.bind(node.target.id, value)
        return value

    def starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)

    EVALUATE: dict[type, Callable[[Any, Any], Value]] = {
        ast.Name: name, ast.Attribute: attribute_node, ast.Call: call_node, ast.Constant: constant, ast.BinOp: binary, ast.JoinedStr: joined,
        ast.BoolOp: boolean, ast.Compare: compare, ast.UnaryOp: unary, ast.IfExp: conditional, ast.List: sequence, ast.Tuple: sequence,
        ast.Set: sequence, ast.Dict: mapping, ast.Subscript: subscript, ast.Lambda: lambda_node, ast.ListComp: comprehension,
        ast.SetComp: comprehension, ast.GeneratorExp: comprehension, ast.DictComp: comprehension, ast.Await: awaited, ast.Yield: yielded,
        ast.YieldFrom: yielded_from, ast.NamedExpr: named, ast.Starred: starred,
    }  # fmt: skip


def _is_text(value: Value) -> bool:
    return isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str))


def _worth_a_mention(name: str) -> bool:
    if knowledge.is_module(name):
        return knowledge.default(name) == "opaque"
    return knowledge.is_effectful(name) and not harmless_name(name)


_KIND = Kind
