"""`vars(thing)` and `thing.__dict__`, where nobody knows what the thing is: a class of the interpreter, perhaps, in which is what leads on
(`type.__dict__["__subclasses__"]`, `object.__dict__["__getattribute__"]`).

What is in there does nothing until it is called. So a program may look: whoever takes more than names out of it, and anywhere calls
something that nobody knows, is told (`Calls.walked`, `Calls.unseen`)."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence, Set

from guard.analyse.python.parse import nodes
from guard.analyse.python.vocabulary import PLAIN

EXCEPTIONS = frozenset(name for name, thing in vars(builtins).items() if isinstance(thing, type) and issubclass(thing, BaseException))
"""Names that a program calls to raise something."""

_LOOKS = frozenset({"print", "len", "str", "repr", "bool", "sorted", "list", "set", "tuple", "pprint"})
_NAMES = frozenset({"keys", "update", "clear", "__contains__"})


def only_looked_at(tree: ast.AST | None, attributes: ast.AST) -> bool:
    """Whether of the attributes of something, of which this is the expression, no more is taken than their names, and their texts."""
    if tree is None:
        return False
    if _is_namespace(tree, attributes):
        return True
    if bound_again(tree, _LOOKS):
        return False
    parents = {id(inner): one for one in nodes(tree) for inner in ast.iter_child_nodes(one)}
    outer = parents.get(id(attributes))
    if isinstance(outer, ast.Attribute) and outer.attr == "items":
        pairs = parents.get(id(outer))
        while isinstance(around := parents.get(id(pairs)), ast.Call) and _looks(around, pairs):
            pairs = around
        return isinstance(around, (ast.For, ast.comprehension)) and around.iter is pairs and _texts_alone(tree, around, parents)
    if isinstance(outer, ast.Subscript):
        return outer.value is attributes and not isinstance(outer.ctx, ast.Load)
    if isinstance(outer, (ast.For, ast.comprehension)):
        return outer.iter is attributes
    if isinstance(outer, ast.Attribute):
        return outer.attr in _NAMES
    if isinstance(outer, ast.Compare):  # `==` would hand it to a class of the program
        return outer.comparators == [attributes] and isinstance(outer.ops[0], (ast.In, ast.NotIn))
    return _is_shown(outer, attributes)


def _is_namespace(tree: ast.AST, attributes: ast.AST) -> bool:
    """Whether they are those of a name that stands for nothing but `types.SimpleNamespace(…)`, which has what it is given alone."""
    thing = attributes.args[0] if isinstance(attributes, ast.Call) and attributes.args else getattr(attributes, "value", None)
    if not isinstance(thing, ast.Name):
        return False
    made = [
        one.targets[0]
        for one in nodes(tree)
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call) and ast.unparse(one.value.func) in _NAMESPACES
    ]
    bound = [one for one in nodes(tree) if isinstance(one, ast.Name) and one.id == thing.id and not isinstance(one.ctx, ast.Load)]
    return bool(bound) and all(one in made for one in bound) and not bound_again(tree, {thing.id, "types"}, bound)


_NAMESPACES = frozenset({"types.SimpleNamespace"})


def _is_shown(outer: ast.AST | None, thing: ast.AST) -> bool:
    return isinstance(outer, ast.FormattedValue) or (isinstance(outer, ast.Call) and _looks(outer, thing))


def _looks(call: ast.Call, given: ast.AST | None) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in _LOOKS and given in call.args and not call.keywords


def _texts_alone(tree: ast.AST, loop: ast.For | ast.comprehension, parents: dict[int, ast.AST]) -> bool:
    """Whether the value of each `name, value` is only shown."""
    target = loop.target
    if not (isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(value := target.elts[1], ast.Name)):
        return False
    used = [one for one in nodes(tree) if isinstance(one, ast.Name) and one.id == value.id and isinstance(one.ctx, ast.Load)]
    return all(_is_shown(parents.get(id(one)), one) for one in used)


def bound_again(tree: ast.AST | None, names: Set[str], known: Sequence[ast.AST] = ()) -> bool:
    """Whether a program gives one of these names to something else than at the places that are known."""
    return any(
        (isinstance(one, ast.Name) and one.id in names and not isinstance(one.ctx, ast.Load) and one not in known)
        or (getattr(one, "name", None) in names and not (isinstance(one, ast.alias) and one.name == "types" and one.asname is None))
        or getattr(one, "asname", None) in names
        or getattr(one, "arg", None) in names
        for one in (nodes(tree) if tree is not None else ())
    )


def catches(tree: ast.AST | None) -> bool:
    """Whether a program gets hold of errors about attributes, which have the object with them."""
    return any(
        (isinstance(one, ast.ExceptHandler) and one.name and (one.type is None or not _named(one.type) - {""} <= _OTHERS))
        or (isinstance(one, ast.FunctionDef) and one.name in ("__exit__", "__aexit__"))
        or (isinstance(one, ast.Attribute) and one.attr in _ERRORS)
        or (isinstance(one, ast.alias) and one.name in _ERRORS)
        for one in (nodes(tree) if tree is not None else ())
    )


def hooks(tree: ast.AST) -> bool:
    """Whether a program defines methods that others call without a call: to print an object, to compare it, to forget it."""
    return any(type(one) is ast.FunctionDef and one.name[:2] == "__" and one.name not in _BY_CALLS for one in nodes(tree))


_BY_CALLS = frozenset(
    "__init__ __new__ __post_init__ __call__ __enter__ __exit__ __getitem__ __setitem__ __iter__ __next__".split()  # noqa: SIM905
)
"""Methods that are called where the program says so."""


def _named(node: ast.AST) -> Set[str]:
    return {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node)}


_OTHERS = PLAIN - {"AttributeError", "Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup", "StandardError"}
"""Errors that are not about attributes."""

_ERRORS = frozenset(
    "exc_info excepthook last_value last_exc exception exceptions exc_value unraisablehook push __context__ __cause__".split()  # noqa: SIM905
)
"""Names by which others get hold of an error."""
