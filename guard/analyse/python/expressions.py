"""What expressions give: names through scopes and imports, attributes, subscripts, operators, strings put together, comprehensions."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any, ClassVar

from guard.analyse.python import fold, knowledge
from guard.analyse.python.calls import bind
from guard.analyse.python.names import Names
from guard.analyse.python.special import network, paths
from guard.analyse.python.values import (
    NONE,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Function,
    Injected,
    Instance,
    Object,
    Ref,
    Scope,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    known_text,
    options,
    parts_of,
    tainted,
    text,
    union,
)
from guard.analyse.python.vocabulary import BUILTINS, CALM, INTERNALS, PEEKS
from guard.model import Loop

OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.BitXor: operator.xor,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}

_WALK = re.compile(r"\{[^{}]*[.\[](?:" + "|".join(sorted(word for word in INTERNALS - CALM if word.startswith("__"))) + r")\b[^{}]*\}")
"""A replacement field that goes into the interpreter, whatever will format it."""


class Expressions(Names):
    """Evaluation of expressions in a scope."""

    # --------------------------------------------------------------------------------------------------------------- entry

    # --------------------------------------------------------------------------------------------------------------- names

    # ---------------------------------------------------------------------------------------------------------- attributes

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
        args = self.arguments(node, quiet=target is not None and _peeks(target, node))
        if target is not None:
            if isinstance(target, Ref) and target.name == "builtins.super":
                return self._super()
            self.by_name_at = node if isinstance(target, Ref) and isinstance(func, ast.Name) and target.name.endswith(func.id) else None
            return self.call(target, args, node)
        if not isinstance(receiver, Union):
            return self._call_attribute(receiver, name, args, node)
        return union([self._call_attribute(option, name, args, node) for option in receiver.options])

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
                made = paths.path_call(self, Instance("pathlib.Path", Const(".")), name, args) if name in ("home", "cwd") else None
                if made is not None:
                    return made
            self.by_name_at = node if knowledge.is_module(receiver.name) else None
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
        if receiver.cls == "pathlib.Path" and (found := paths.path_call(self, receiver, name, args)) is not None:
            return found
        if receiver.cls == "boto3.Client" and (row := knowledge.method(receiver.cls, name)) is not None and row.effectful:
            return network.aws_method(self, receiver, name, args, node)
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
        self.opaque(node, "looks names up in its own namespace by computed names", "py-namespace")
        return UNKNOWN

    def arguments(self, node: ast.Call, *, quiet: bool = False) -> Args:
        args = Args()
        self.quiet += quiet
        try:
            for one in node.args:
                if type(one) is not ast.Starred:
                    args.positional.append(self.value(one))
                    continue
                value = self.value(one.value)
                if isinstance(value, Seq) and value.exact:
                    args.positional.extend(value.items)
                else:
                    args.more = True
                    args.rest = union([args.rest, fold.element(value)]) if not isinstance(args.rest, Unknown) else fold.element(value)
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
        if isinstance(node.value, str) and "__" in node.value and _WALK.search(node.value):
            self.opaque(node, "walks through attributes in a format string", "py-internals")
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
            return paths.path_call(self, left, "joinpath", Args([right])) or UNKNOWN
        if kind is ast.Div and isinstance(right, Instance) and right.cls == "pathlib.Path":
            return Instance("pathlib.Path", paths.join_paths([left, right.resource or UNKNOWN]))
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
            operands = [(self.value(one), one) for one in (node.left, *node.comparators)]
        finally:
            self.quiet -= 1
        for some, _ in operands:
            if isinstance(some, Object):  # its own __eq__, __lt__, __contains__ gets the others
                for value, one in operands:
                    self.mention(value, one)
                break
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
            elif type(one) is ast.Constant and type(one.value) is not str:
                items.append(Const(one.value))
            else:
                items.append(self.value(one))
            if len(items) > 512:
                exact = False
                del items[512:]
        return Seq(items, exact, tainted(items))

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
        if not isinstance(owner, Union):
            return self.item(owner, key, node)
        return union([self.item(option, key, node) for option in owner.options])

    def item(self, owner: Value, key: Value, node: ast.AST) -> Value:
        """`owner[key]`."""
        if isinstance(owner, Injected):
            known = known_text(key)
            if known is None:
                self.opaque(node, f"picks something of {owner.name} by a computed name: it could be any tool", "py-tool")
            return Injected(f"{owner.name}.{known or '?'}")
        if isinstance(owner, Ref):
            return self._library_item(owner, key, node)
        if isinstance(owner, Foreign):
            return owner
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
            if owner.cls == "sys.Path" and isinstance(key, Const) and key.value == 0:
                return Const(self.facts.mount)
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
        if owner.name in ("os.environ", "os.environb"):
            self.called.add("os.environ")
            self.variable(key, node, "py-environment")
            return TAINTED
        if owner.name == "builtins":
            known = key.value if isinstance(key, Const) else None
            if isinstance(known, str) and known in BUILTINS:
                return Ref("builtins." + known)
            self.opaque(node, "looks builtins up by computed names", "py-internals")
        if owner.name == "sys.modules":
            known = known_text(key)
            if known == "__main__":
                return self.import_name(known, node)
            self.opaque(node, "looks modules up in the interpreter's own table", "py-dynamic")
            return self.import_name(known, node) if known is not None else UNKNOWN
        if owner.name == "sys.argv" and isinstance(key, Const) and key.value == 0:
            return self.lookup("__file__")
        row = knowledge.row(f"{owner.name}.__getitem__")
        if row is not None:
            return self.apply(row, Args([key]), node, owner)
        library = owner.name.partition(".")[0]
        return Foreign(library) if knowledge.is_foreign(library) else UNKNOWN

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
        func.origin = self.origin
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

    EVALUATE: ClassVar[dict[type, Callable[[Any, Any], Value]]] = {
        ast.Name: Names.name,
        ast.Attribute: Names.attribute_node,
        ast.Call: call_node,
        ast.Constant: constant,
        ast.BinOp: binary,
        ast.JoinedStr: joined,
        ast.BoolOp: boolean,
        ast.Compare: compare,
        ast.UnaryOp: unary,
        ast.IfExp: conditional,
        ast.List: sequence,
        ast.Tuple: sequence,
        ast.Set: sequence,
        ast.Dict: mapping,
        ast.Subscript: subscript,
        ast.Lambda: lambda_node,
        ast.ListComp: comprehension,
        ast.SetComp: comprehension,
        ast.GeneratorExp: comprehension,
        ast.DictComp: comprehension,
        ast.Await: awaited,
        ast.Yield: yielded,
        ast.YieldFrom: yielded_from,
        ast.NamedExpr: named,
        ast.Starred: starred,
    }


def _is_text(value: Value) -> bool:
    return isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str))


def _peeks(target: Value, node: ast.Call) -> bool:
    """Whether a call only looks at what it is given; `type` with three arguments makes a class of them."""
    return isinstance(target, Ref) and target.name in PEEKS and not (target.name == "builtins.type" and len(node.args) > 1)
