"""Expressions that put one thing twice into a text, with nothing between: what is found is no step up, but a dot of it is one so."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from guard.analyse.python.values import CLIMBING, Const, Foreign, Found, Text, Unknown, Value, options, text

_PLACES = re.compile(r"%s%s|\{\}\{\}|\{(\w+)\}\{\1\}|%\((\w+)\)s%\(\2\)s")
"""Two places of a template, one behind the other."""


def again(one: ast.expr | None, other: ast.expr | None) -> bool:
    """Whether two expressions are the same one, of a name, of a part of it or of what a call gives."""
    if type(one) is not type(other) or not isinstance(one, (ast.Name, ast.Subscript, ast.Attribute, ast.Call)):
        return False
    if isinstance(one, ast.Name) and isinstance(other, ast.Name):
        return one.id == other.id
    return other is not None and ast.dump(one) == ast.dump(other)


def multiplies(one: ast.expr) -> bool:
    """Whether an expression is so many times another one."""
    return isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)


def twice(value: Value, *, among_texts: bool = False) -> Value:
    """What a value is behind itself: two dots, perhaps. Texts that are known are what they are; what is found may as well be a number,
    but not where it is put behind a text as it is."""
    if any(_found_text(option) or (among_texts and type(option) in _ANY) for option in options(value)):
        return text(CLIMBING, value.taint)
    return value


_ANY = frozenset({Found, Foreign})


def _found_text(value: Value) -> bool:
    return (isinstance(value, Text) and value.parts == (None,)) or (type(value) is Unknown and value.taint)


def in_template(node: ast.AST, template: Value | None, result: Value) -> Value:
    """What `template % (a, a)`, `template.format(a, a)` or `"".join([a, a])` give, where they give what is not known."""
    if type(result) is Text or type(result) is Found or type(result) is Unknown:
        given = _given(node)
        known = template.value if isinstance(template, Const) else None
        if isinstance(known, str) and given is not None and any(map(again, given, given[1:])):
            joins = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
            if known in ("", ".") if joins else _PLACES.search(known):
                return text(CLIMBING, result.taint)
        if isinstance(known, str) and isinstance(node, ast.Call) and (found := _PLACES.search(known)) and found[1]:
            return text(CLIMBING, result.taint)
    return result


def in_call(name: str, node: ast.Call, result: Value) -> Value:
    """What `operator.add(a, a)` or `operator.mul(a, 2)` give, where they give what is not known."""
    if name not in _OPERATORS or len(node.args) != 2 or not (type(result) is Found or _found_text(result)):
        return result
    return text(CLIMBING, result.taint) if name.endswith("mul") or again(*node.args) else result


_OPERATORS = frozenset(f"operator.{name}" for name in ("add", "concat", "iadd", "iconcat", "mul", "imul"))


def _given(node: ast.AST) -> Sequence[ast.expr] | None:
    if isinstance(node, ast.BinOp):
        return node.right.elts if isinstance(node.right, ast.Tuple) else None
    if isinstance(node, ast.Call):
        if len(node.args) == 1 and isinstance(node.args[0], (ast.List, ast.Tuple)):
            return node.args[0].elts
        return node.args
    return None
