"""`getattr(thing, name)(…)` as a statement of its own, by a name that comes from data: the machines of puzzles are written so.

Whatever the name is, what is called is something that `thing` has, and nobody keeps what it gives. Where `thing` is surely an object of a
plain class of the program, that is one of its own methods or fields, or what every object has; to call the latter and drop what comes of
it does no more than set a field or make one more such object.

INVARIANT: "surely" is meant against a program that hides. A variable counts if all that is ever assigned to it are calls of the class by
its name. The first parameter of a method counts if nothing else than an object of the class can have been given there: the method is
looked up nowhere but on such objects, by any way to look things up (`Calls.asked` is what was asked of values that are not known).
"""

from __future__ import annotations

import ast

from guard.analyse.python.calls import Calls
from guard.analyse.python.parse import nodes
from guard.analyse.python.values import EVERY, Args, Class, Object, Partial, Ref, Value, options, union

_BASES = frozenset({"builtins.object", "abc.ABC"})
_DECORATORS = frozenset({"dataclass", "total_ordering"})
_HOOKS = ("__new__", "__getattr__", "__getattribute__", "__init_subclass__")
_CALM = frozenset({"__init__", "__name__", "__doc__", "__file__", "__post_init__"})
"""Attributes between double underscores by which nobody comes from an object to a function."""
_LEADING = frozenset(
    {"vars", "globals", "locals", "inspect", "operator", "gc", "types", "exec", "eval", "doctest", "timeit"}
    | {"__main__", "__builtins__", "__import__"}
)
"""Names by which a program comes to its own classes otherwise, or runs texts."""


def called_blindly(run: Calls, owner: Value, node: ast.AST) -> Value | None:
    """All that such a call may call; None if the object is not surely one of a plain class."""
    if node is not run.dropped or not isinstance(node, ast.Call) or run.tree is None or run.origin:
        return None
    name = node.args[0].id if isinstance(node.args[0], ast.Name) else ""
    found: list[Value] = []
    for option in options(owner):
        if not isinstance(option, Object) or not _plain(option.cls) or not _surely(run, name, option.cls):
            return None
        found += [run.attribute(option, name, node) for name in _names(option.cls) if name != "__class__"]
        option.cls.field(EVERY)
        found += [option.cls, Partial(Ref("builtins.setattr"), Args([option]))]
    run.outside.changed = True
    run.outside.missed += 1
    return union(found)


def _plain(cls: Class, depth: int = 0) -> bool:
    """Whether a class is what its text says: nothing of a library in it, and nobody else makes its objects, or finds its attributes."""
    made = cls.node
    return (
        made is not None
        and depth < 20
        and not made.keywords
        and all(_last(one) in _DECORATORS for one in made.decorator_list)
        and not any(hook in cls.scope.names for hook in _HOOKS)
        and all(_plain(base, depth + 1) if isinstance(base, Class) else isinstance(base, Ref) and base.name in _BASES for base in cls.bases)
    )


def _last(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _names(cls: Class) -> list[str]:
    inherited = [name for base in cls.bases if isinstance(base, Class) for name in _names(base)]
    return list(dict.fromkeys([*cls.scope.names, *cls.fields, *inherited]))


def _surely(run: Calls, name: str, cls: Class) -> bool:
    """Whether a name stands for an object of a class, and can stand for nothing else."""
    tree = run.tree
    if tree is None or not name or any(_leads_on(one) for one in nodes(tree)):
        return False
    functions = [one for one in nodes(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    if not any(name in _parameters(one) for one in functions):
        return _only_made(tree, name, cls.name)
    method = run.stack[-1] if run.stack else None
    if not isinstance(method, ast.FunctionDef) or method.decorator_list or _parameters(method)[:1] != [name]:
        return False
    if cls.node is None or not any(method in one.node.body for one in _lineage(cls) if one.node is not None):
        return False
    run.relied.setdefault(method.name, method)
    return not any(_names_it(one, method.name) or _stores(one, name) for one in nodes(tree))


def _lineage(cls: Class) -> list[Class]:
    return [cls, *(one for base in cls.bases if isinstance(base, Class) for one in _lineage(base))]


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[str]:
    spec = function.args
    return [one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg) if one is not None]


def _leads_on(node: ast.AST) -> bool:
    """Whether there is a way from an object to its class, or from there to its functions."""
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("__") and node.attr not in _CALM
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return any(one.name.partition(".")[0] in _LEADING for one in node.names) or getattr(node, "module", None) in _LEADING
    return isinstance(node, ast.Name) and node.id in _LEADING


def _names_it(node: ast.AST, method: str) -> bool:
    """Whether a method is named otherwise than where it is defined, or asked for at an object."""
    if isinstance(node, ast.Name):
        return node.id == method
    if isinstance(node, ast.MatchClass):
        return method in node.kwd_attrs
    return isinstance(node, ast.Constant) and node.value == method


def _stores(node: ast.AST, name: str) -> bool:
    """Whether a name is bound otherwise than as a parameter."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0]) in (name, "*")
    return name in (getattr(node, "name", None), getattr(node, "rest", None))


def _only_made(tree: ast.AST, name: str, cls: str) -> bool:
    """Whether all that a name is bound to are new objects of a class, whose name is bound to that alone."""
    made = {
        id(one.targets[0])
        for one in nodes(tree)
        if isinstance(one, ast.Assign)
        and len(one.targets) == 1
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Name)
        and one.value.func.id == cls
    }
    bound = [one for one in nodes(tree) if _stores(one, name) and id(one) not in made]
    classes = [one for one in nodes(tree) if _stores(one, cls)]
    return not bound and len(classes) == 1 and isinstance(classes[0], ast.ClassDef)
