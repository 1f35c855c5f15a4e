"""`getattr(thing, name)` by a name that comes from data, where `thing` is surely an object of a plain class of the program: the machines of
puzzles call their own methods so.

Whatever the name is, it is one of the methods or fields of the object, or what every object has. From the latter a way into the interpreter
goes on by names between underscores, which are seen where they stand, or by another computed name, of something that is then no object of
that class. The ways back into the program are closed by reading everything as if it were taken: each method is called with anything
(`Calls.lose`), and each field may be anything.

INVARIANT: "surely" is meant against a program that hides. A variable counts if all that is ever assigned to it are calls of the class by
its name. The first parameter of a method counts if nothing else than an object of the class can have been given there: the method is
looked up nowhere but on such objects, by any way to look things up (`Calls.asked` is what was asked of values that are not known).
"""

from __future__ import annotations

import ast

from guard.analyse.python.calls import Calls
from guard.analyse.python.parse import nodes
from guard.analyse.python.values import EVERY, UNKNOWN, Class, Object, Ref, Unknown, Value, lineage, options, union

_BASES = frozenset({"builtins.object", "abc.ABC"})
_DECORATORS = frozenset({"dataclass", "total_ordering"})
_HOOKS = ("__new__", "__getattr__", "__getattribute__", "__init_subclass__")
_CALM = frozenset({"__init__", "__name__", "__qualname__", "__doc__", "__file__", "__post_init__"})
"""Attributes between double underscores by which nobody comes from an object to a function."""
_LEADING = frozenset(
    {"vars", "globals", "locals", "inspect", "operator", "gc", "types", "exec", "eval", "doctest", "timeit"}
    | {"make_dataclass", "ABCMeta", "__main__", "__builtins__", "__import__"}
)
"""Names by which a program comes to its own classes otherwise, or runs texts."""


def of_own(run: Calls, owner: Value, node: ast.AST) -> Value | None:
    """What such an attribute may be; None if the object is not surely one of a plain class."""
    given = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if not isinstance(given, ast.Name) or run.origin:
        return None
    family: list[Class] = []
    for option in options(owner):
        if not isinstance(option, Object) or not _surely(run, given.id, option.cls):
            return None
        family += [cls for cls in run.outside.classes if option.cls in lineage(cls)]  # `super()` gives an object for one of its base
    if not family or not all(map(_plain, family)):
        return None
    run.outside.changed = True
    run.outside.missed += 1
    found: list[Value] = [UNKNOWN]
    for cls in family:
        thing = Object(cls)
        cls.field(EVERY)
        run.lose(cls)
        run.lose_fields(thing)
        run.set_any(thing, UNKNOWN)
        found += [run.attribute(thing, name, node) for name in _names(cls) if name != "__class__"]
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
    return list(dict.fromkeys(name for one in lineage(cls) for name in (*one.scope.names, *one.fields)))


def _surely(run: Calls, name: str, cls: Class) -> bool:
    """Whether a name stands for an object of a class, and can stand for nothing else."""
    if any(isinstance(base, Unknown) for one in run.outside.classes for base in one.bases):
        return False
    key = name, cls, run.stack[-1] if run.stack else None
    if key not in run.settled:
        run.settled[key] = run.tree is not None and _stands_for(run, run.tree, name, cls)
    return run.settled[key]


def _stands_for(run: Calls, tree: ast.AST, name: str, cls: Class) -> bool:
    if _asks_for_types(tree) or any(_leads_on(one) for one in nodes(tree)):
        return False
    functions = [one for one in nodes(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))]
    if not any(name in _parameters(one) for one in functions):
        return _only_made(tree, name, cls.name)
    method = run.stack[-1] if run.stack else None
    if not isinstance(method, ast.FunctionDef) or method.decorator_list or _parameters(method)[:1] != [name]:
        return False
    if cls.node is None or not any(method in one.node.body for one in lineage(cls) if one.node is not None):
        return False
    run.relied.setdefault(method.name, method)
    if any(_stores(one, name) for one in nodes(method) if one is not method):
        return False
    return not any(_names_it(one, method.name) for one in nodes(tree))


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


def _asks_for_types(tree: ast.AST) -> bool:
    """Whether `type` is there for anything else than the name of one: it makes classes."""
    asked = [one.value for one in nodes(tree) if isinstance(one, ast.Attribute) and one.attr in _CALM]
    named = {id(one.func) for one in asked if isinstance(one, ast.Call)}
    return any(isinstance(one, ast.Name) and one.id == "type" and id(one) not in named for one in nodes(tree))


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
