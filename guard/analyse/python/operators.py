"""Constants and operators: what arithmetic, `+`, `%`, `/` and f-strings give, texts piece by piece."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from guard.analyse.python import doubling, filling, fold, origins
from guard.analyse.python.call_sites import CallSites
from guard.analyse.python.invocation import bind
from guard.analyse.python.special import paths
from guard.analyse.python.values import (
    CLIMBING,
    FOUND,
    NUMBER,
    TAINTED,
    UNKNOWN,
    Args,
    Const,
    Foreign,
    Found,
    Function,
    Instance,
    Object,
    Part,
    Partial,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    climbs,
    is_number,
    known_text,
    options,
    parts_of,
    text,
    union,
)
from guard.analyse.python.vocabulary import CALM, INTERNALS

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

_METHODS: dict[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow",
    ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or", ast.BitXor: "xor", ast.BitAnd: "and", ast.MatMult: "matmul",
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.In: "in", ast.NotIn: "in",
}  # fmt: skip
"""Operator -> the method, without its underscores, that a class gives it a meaning by."""
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
_MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "in": "contains"}
"""What the right side is asked where it is not the same name with an "r"."""

_WALK = re.compile(r"\{[^{}]*[.\[](?:" + "|".join(sorted(word for word in INTERNALS - CALM if word.startswith("__"))) + r")\b[^{}]*\}")
"""A replacement field that goes into the interpreter, whatever will format it."""


class Operators(CallSites):
    """Evaluation of constants and operators."""

    __slots__ = ()

    def unary(self, node: ast.UnaryOp) -> Value:
        value = self.value(node.operand)
        if isinstance(value, Const) and isinstance(node.op, ast.USub) and isinstance(value.value, (int, float)):
            return Const(-value.value)
        return self._own_unary(type(node.op), value, node)

    def _own_unary(self, kind: type[ast.unaryop], value: Value, node: ast.AST) -> Value:
        method = _UNARY.get(kind)
        found = [
            self.call(bind(own, option), Args(), node) if (own := option.cls.lookup(method)) is not None else UNKNOWN
            for option in options(value)
            if method and isinstance(option, Object)
        ]
        return union(found) if found else UNKNOWN

    def constant(self, node: ast.Constant) -> Value:
        if type(node.value) is str and "__" in node.value and _WALK.search(node.value):
            self.opaque(node, "walks through attributes in a format string", "py-internals")
        return Const(node.value)

    def binary(self, node: ast.BinOp) -> Value:
        chain = []
        left_node: ast.expr = node
        while type(left_node) is ast.BinOp:
            chain.append(left_node)
            left_node = left_node.left
        left, before = self.value(left_node), left_node
        for one in reversed(chain):
            right = self.value(one.right)
            if type(one.op) is ast.Add and self.careful and (doubling.again(before, one.right) or doubling.multiplies(one.right)):
                right = doubling.twice(right, among_texts=_is_text(left))
            template, left = left, self.operate(one.op, left, right, one)
            if type(one.op) is ast.Mod:
                left = doubling.in_template(one, template, left)
            before = one.right
        return left

    def operate(self, op: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
        if type(left) is Union or type(right) is Union:
            pairs = [(one, other) for one in options(left) for other in options(right)]
            if len(pairs) > 24:
                taint = left.taint or right.taint
                return text(CLIMBING, taint) if CLIMBING in map(filling.altered, (left, right)) else TAINTED if taint else UNKNOWN
            return union([self.operate(op, one, other, node) for one, other in pairs])
        taint = left.taint or right.taint
        kind = type(op)
        for one in (left, right):
            if type(one) in _CALLABLE:
                self.lose_functions(one)
        if (own := self.own_operator(kind, left, right, node)) is not None:
            return own
        for one, other in ((left, right), (right, left)):
            if type(one) is Foreign or (type(one) is Instance and one.cls != "pathlib.Path"):
                self.stow((other,))
            if type(one) is Foreign and (isinstance(other, Unknown) or is_number(other)):
                return Foreign(one.library, taint)  # what a library makes of its own things is one of them
        if (type(left) is Found and (type(right) is Found or is_number(right))) or (type(right) is Found and is_number(left)):
            return NUMBER if taint else FOUND
        if kind is ast.Mult and not (isinstance(left, Const) and isinstance(right, Const)):
            return _repeated(left, right, taint)
        if type(left) is Unknown and type(right) is not Seq and kind is not ast.Div and not (kind is ast.Add and _is_text(right)):
            return TAINTED if taint else UNKNOWN
        if isinstance(left, Instance) and left.cls in MADE_OF:
            return Instance(left.cls, None, taint)
        if kind is ast.Div and (path := self._divided_path(left, right)) is not None:
            return path
        if isinstance(left, Const) and isinstance(right, Const):
            return self._fold(kind, left, right, taint)
        if kind is ast.Add and (isinstance(left, Seq) or isinstance(right, Seq)):
            items = [*(left.look() if isinstance(left, Seq) else [UNKNOWN]), *(right.look() if isinstance(right, Seq) else [])]
            exact = isinstance(left, Seq) and isinstance(right, Seq) and left.exact and right.exact
            joined = Seq([], exact, taint)
            joined.extend(items)
            return joined
        if kind is ast.Add and (_is_text(left) or _is_text(right)) and not (is_number(left) or is_number(right)):
            return text((*parts_of(left), *parts_of(right)), taint)
        if kind is ast.Mod and _is_text(left):
            return filling.percent(left, right, taint)
        self.lose_held(Args([left, right]))
        if kind in _AMONG and isinstance(left, Seq):
            return Seq([*left.look(), *(right.look() if isinstance(right, Seq) else [UNKNOWN])], False, taint)
        return origins.made_of([left, right], taint) if self.careful else TAINTED if taint else UNKNOWN

    def _divided_path(self, left: Value, right: Value) -> Value | None:
        if isinstance(left, Instance) and left.cls == "pathlib.Path":
            return paths.path_call(self, left, "joinpath", Args([right])) or UNKNOWN
        if isinstance(right, Instance) and right.cls == "pathlib.Path":
            return Instance("pathlib.Path", paths.join_paths([left, right.resource or UNKNOWN]))
        return None

    def own_operator(self, kind: type[ast.operator | ast.cmpop], left: Value, right: Value, node: ast.AST) -> Value | None:
        """What a class of the program makes of an operator on its objects; None where none does."""
        name = _METHODS.get(kind, "")
        inplace = [(left, f"__i{name}__", right)] if isinstance(node, ast.AugAssign) else []
        for owner, method, other in (*inplace, (left, f"__{name}__", right), (right, f"__{_MIRRORED.get(name, f'r{name}')}__", left)):
            if isinstance(owner, Object) and (found := owner.cls.lookup(method)) is not None:
                return self.call(bind(found, owner), Args([other]), node)
        return None

    def _fold(self, kind: type[ast.operator], left: Const, right: Const, taint: bool) -> Value:
        run = OPERATORS.get(kind)
        a, b = left.value, right.value
        small = all(not isinstance(one, int) or abs(one) < 1 << 64 for one in (a, b)) and all(
            not isinstance(one, (str, bytes)) or len(one) <= fold.MAX for one in (a, b)
        )
        if kind is ast.Mod and isinstance(a, str):
            return filling.percent(left, right, taint)
        if kind is ast.Mult and any(isinstance(one, (str, bytes)) for one in (a, b)):
            size = (len(a) * b if isinstance(b, int) else 0) if isinstance(a, (str, bytes)) else (len(b) * a if isinstance(a, int) else 0)
            small = small and size <= fold.MAX
        if run is None or not small:
            return TAINTED if taint else UNKNOWN
        return fold.lift(lambda: run(a, b), taint) or UNKNOWN

    def joined(self, node: ast.JoinedStr) -> Value:
        pieces: list[Value | str | tuple[Part, ...]] = []
        taint = False
        before: ast.expr | None = None
        for one in node.values:
            if isinstance(one, ast.Constant):
                pieces.append(str(one.value))
                before = None
                continue
            assert isinstance(one, ast.FormattedValue)
            value = self.value(one.value)
            if doubling.again(before, one.value):
                value = doubling.twice(value, among_texts=True)
            before = one.value
            taint = taint or value.taint
            spec = "s"
            if one.format_spec is not None:
                given = self.value(one.format_spec)
                spec = "".join(part or "" for part in parts_of(given)) or "s"
            plain = one.format_spec is None and one.conversion in (-1, 115)
            pieces.append(value if plain else filling.altered(value, spec))
        return filling.combined(pieces, taint)


_AMONG = frozenset({ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor})
"""Operators of sets: what they give is some of what is in the two."""

MADE_OF = frozenset({"altair.Chart", "PIL.Picture", "matplotlib.Figure"})
"""Classes of libraries of whose objects operators make others."""

_CALLABLE = frozenset({Function, Partial})


def _is_text(value: Value) -> bool:
    return isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str))


def _repeated(left: Value, right: Value, taint: bool) -> Value:
    """A text or sequence so many times."""
    if climbs((left, right)):
        return text(CLIMBING, taint)
    held, count = (left, right) if isinstance(left, Seq) else (right, left)
    if not isinstance(held, Seq):
        for one, number in ((left, right), (right, left)):
            if (
                isinstance(number, Const)
                and is_number(number)
                and number.value not in (0, 1)
                and (repeated := doubling.twice(one)) is not one
            ):
                return repeated
        return (
            text(CLIMBING, taint) if any("." in (known_text(one) or "") for one in (left, right)) else origins.made_of([left, right], taint)
        )
    times = count.value if isinstance(count, Const) and type(count.value) is int else None
    known = times is not None and 0 <= times * len(held.items) <= 512
    return Seq(held.look() * times, held.exact, taint) if times is not None and known else Seq(list(held.look()), False, taint)
