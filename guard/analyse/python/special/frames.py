"""The little language of `DataFrame.query` and `eval`: an expression of columns (in backquotes, or as names) and of the program's own
variables (behind an @). It can call methods of both, so it is calm only if all it calls are methods that look at a column."""

from __future__ import annotations

import ast
import re

from guard.analyse.python.vocabulary import COLUMN_METHODS

_LOCAL = "_local_"
_QUOTED = re.compile(r"`[^`'\"().@]*`")
"""The name of a column; what else stands between backquotes may stand between two texts that have one each."""
_NODES = (
    ast.Module, ast.Expr, ast.Assign, ast.BoolOp, ast.Compare, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.List, ast.Tuple,
    ast.Call, ast.Attribute, ast.keyword, ast.operator, ast.boolop, ast.cmpop, ast.unaryop, ast.expr_context,
)  # fmt: skip


def calm(expression: str) -> bool:
    """Whether an expression only computes; one that cannot be parsed is an error, if not more than is seen here."""
    text = re.sub(r"@\s*(?=[A-Za-z_])", _LOCAL, _QUOTED.sub("column", expression)).strip()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not any(sign in expression for sign in "@(")
    return all(_calm(one) for one in ast.walk(tree))


def _calm(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in COLUMN_METHODS and not _of_local(node.value)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) or (isinstance(node.func, ast.Name) and not _of_local(node.func))
    return isinstance(node, _NODES)


def _of_local(node: ast.AST) -> bool:
    """Whether something of a variable of the program is meant, and not of a column."""
    return any(isinstance(one, ast.Name) and one.id.startswith(_LOCAL) for one in ast.walk(node))
