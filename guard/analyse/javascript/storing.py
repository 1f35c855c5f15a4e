"""Functions that store into what they are given, and the ways to call them by a name of the program's choice."""

from __future__ import annotations

import re

from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.syntax import Node, Tree

STORERS = frozenset({"assign", "defineProperty", "defineProperties", "set"})
TAKEN = STORERS | {"setPrototypeOf", "constructor"}
CHANGERS = frozenset(
    {
        "applyPatch",
        "applyOperation",
        "applyReducer",
        "__assign",
        "extendObservable",
        "plainToClassFromExist",
        "plainToInstanceFromExist",
        "applyChange",
        "revertChange",
        "merge",
        "mergeWith",
        "defaults",
        "defaultsDeep",
        "extend",
        "assignIn",
        "assignWith",
        "assignInWith",
        "setWith",
        "updateWith",
    }
)
"""Functions that store into their first argument what cannot be known by name: builtins as methods, libraries' by any name."""


def stores(name: str) -> bool:
    """Whether a name, or a module's last part, is that of a function which stores into its first argument."""
    return re.split(r"[./]", name)[-1] in CHANGERS | STORERS


def is_taken(tree: Tree, node: Node) -> bool:
    """Whether of `Object` or `Reflect`, named here, a function that stores is taken, to be called elsewhere: `const f = Object.assign`."""
    use = node.parent
    if use is None or use.type in ("binary_expression", "unary_expression", "call_expression", "new_expression", "switch_case"):
        return False
    if use.type == "member_expression":
        if use.field("object") is not node or name_of(tree, use.fields["property"]) not in TAKEN:
            return False
        return use.parent is None or use.parent.field("function") is not use
    pattern = use.field("name") if use.type == "variable_declarator" else None
    if pattern is not None and pattern.type == "object_pattern":
        return any(kid.type == "rest_pattern" or not TAKEN.isdisjoint(re.findall(r"[\w$]+", tree.text(kid))) for kid in pattern.kids)
    return True
