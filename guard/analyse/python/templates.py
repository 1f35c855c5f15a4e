"""Templates of `str.format`: their fields go through attributes and items of what they are given, as the program itself would."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from guard.analyse.python import knowledge
from guard.analyse.python.values import (
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Instance,
    Method,
    Module,
    Ref,
    Seq,
    Text,
    Value,
    options,
)
from guard.analyse.python.vocabulary import INTERNALS

_FIELD = re.compile(r"\{(\w*)((?:\.[^\W\d]\w*|\[[^\]{}]*\])+)")
_STEP = re.compile(r"\.(\w+)|\[([^\]]*)\]")
_MOST = 64


def walk(run: Any, template: Value, mapping: bool, args: Args, node: ast.AST) -> None:
    """What a template does to what it is given; `mapping`: its fields are names in one argument (`format_map`)."""
    said = template.value if isinstance(template, Const) else template.filled("") if isinstance(template, Text) else None
    if isinstance(said, str) and (not isinstance(template, Text) or template.parts != (None,)):
        for root, steps in _FIELD.findall(said)[:_MOST]:
            for value in _roots(run, root, mapping, args, node):
                _step(run, value, steps, node)
    if not isinstance(template, Const) and any(_leads_on(option) for value in _given(args) for option in options(value)):
        run.opaque(node, "formats something with a template that is only known when it runs", "py-internals")


def _roots(run: Any, root: str, mapping: bool, args: Args, node: ast.AST) -> Iterator[Value]:
    """What a field may begin at."""
    if mapping:
        found = run.item(args.get(0) or UNKNOWN, Const(root), node)
    elif root == "":
        yield from (option for value in args.positional or [UNKNOWN] for option in options(value))
        return
    elif root.isdigit():
        found = args.get(int(root)) or UNKNOWN
    elif root in args.named:
        found = args.named[root]
    else:
        found = run.item(args.rest, Const(root), node) if args.more else UNKNOWN
        found = found if found is not UNKNOWN or not args.more or root not in run.module_scope.names else run.module_scope.names[root]
    yield from options(found)


def _step(run: Any, value: Value, steps: str, node: ast.AST) -> None:
    for name, key in _STEP.findall(steps):
        if name in INTERNALS:
            run.opaque(node, "walks through attributes in a format string", "py-internals")
            return
        value = run.attribute(value, name, node) if name else run.item(value, Const(int(key) if key.isdigit() else key), node)
    run.mention(value, node)


def _given(args: Args) -> Iterator[Value]:
    """The arguments, and what stands in one that is a mapping."""
    for value in args.all():
        yield value
        if isinstance(value, Dict):
            yield from (*value.items.values(), *value.rest)


def _leads_on(value: Value) -> bool:
    """Whether a value has attributes that lead into the interpreter, or is one of its tables."""
    if isinstance(value, Ref):
        return knowledge.is_module(value.name) or knowledge.is_effectful(value.name)
    if isinstance(value, Instance):
        return value.cls == "builtins.Namespace"
    if isinstance(value, Method):
        return not isinstance(value.receiver, (Const, Text))
    return isinstance(value, (Function, Class, Module)) or (isinstance(value, Seq) and value.late is not None)
