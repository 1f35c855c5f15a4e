"""The little languages of libraries that evaluate a text: that of `DataFrame.query` and `eval`, an expression of columns (in backquotes,
or as names) and of the program's own variables (behind an @), and that of sympy, which is Python with sympy's names.

The first can call methods of columns and of variables, so it is calm only if all it calls are methods that look at a column. `pandas.eval`
has no columns: every name is a variable. The second calls whatever sympy has, which evaluates the texts that it is given in turn.
"""

from __future__ import annotations

import ast
import re

from guard.analyse.python.vocabulary import COLUMN_METHODS, FORMULA

_LOCAL = "_local_"
_QUOTED = re.compile(r"`[^`'\"().@]*`")
"""The name of a column; what else stands between backquotes may stand between two texts that have one each."""
_NODES = (
    ast.Module, ast.Expr, ast.Assign, ast.BoolOp, ast.Compare, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.List, ast.Tuple,
    ast.Call, ast.Attribute, ast.keyword, ast.operator, ast.boolop, ast.cmpop, ast.unaryop, ast.expr_context,
)  # fmt: skip


_NAME = re.compile(r"@?\s*([^\W\d]\w*)")


def calm(expression: str, *, columns: bool) -> bool:
    """Whether an expression only computes, and each of the lines that pandas makes of it; without `columns` all its names are variables."""
    if "#" in expression:
        return False
    return all(_calm_line(line.strip(), columns) for line in (expression, *expression.splitlines()))


def variables(expression: str) -> frozenset[str]:
    """Names in an expression that may be those of the program's variables."""
    return frozenset(_NAME.findall(expression))


def _calm_line(expression: str, columns: bool) -> bool:
    text = re.sub(r"@\s*(?=[A-Za-z_])", _LOCAL, _QUOTED.sub("column", expression)).strip()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not any(sign in expression for sign in "@(")  # an error, if not more than is seen here
    return all(_calm(one, columns) for one in ast.walk(tree))


def _calm(node: ast.AST, columns: bool) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in COLUMN_METHODS and not _of_local(node.value, columns)
    if isinstance(node, ast.Call):
        return columns and (isinstance(node.func, ast.Attribute) or (isinstance(node.func, ast.Name) and not _of_local(node.func, columns)))
    return isinstance(node, _NODES)


def _of_local(node: ast.AST, columns: bool) -> bool:
    """Whether something of a variable of the program is meant, and not of a column."""
    return any(isinstance(one, ast.Name) and (not columns or one.id.startswith(_LOCAL)) for one in ast.walk(node))


_CALLED = re.compile(r"([^\W\d]\w*)\s*\(")
_WORD = re.compile(r"[^\W\d]\w*")
_MEMBER = re.compile(r"(?<!\d)\.\s*[^\W\d]|\d\s+\.\s*[^\W\d]")


def mathematical(expression: str) -> bool:
    """Whether a text for sympy is a formula: no texts in it, nothing of its objects, and no calls but of functions of mathematics."""
    if any(sign in expression for sign in "\"'\\#@{") or "__" in expression or _MEMBER.search(expression):
        return False
    if re.search(r"[)\]]\s*\(", expression) and any(len(word) > 2 and word not in FORMULA for word in _WORD.findall(expression)):
        return False
    return all(word in FORMULA for word in _CALLED.findall(expression))
