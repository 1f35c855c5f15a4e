"""`getattr` and `setattr`: attributes by names that a program computes. What an object of the program may give then is followed."""

from __future__ import annotations

import ast

from guard.analyse.python import knowledge
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.registry import special
from guard.analyse.python.special.surely import of_own
from guard.analyse.python.values import (
    EVERY,
    MAX_OPTIONS,
    NONE,
    UNKNOWN,
    Args,
    Class,
    Const,
    Function,
    Instance,
    Module,
    Object,
    Part,
    Ref,
    Text,
    Unknown,
    Value,
    known_text,
    lineage,
    options,
    union,
)
from guard.analyse.python.vocabulary import INTERNALS, LOADERS


@special
def getattr_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if len(args.positional) < 2:
        run.opaque(node, "reads an attribute whose name it computes", row.rule)
        return UNKNOWN
    owner, names = args.positional[0], args.positional[1]
    for fallback in args.positional[2:]:
        run.mention(fallback, node)
    found = [args.positional[2]] if len(args.positional) > 2 else []
    for option in options(names):
        known = known_text(option)
        if known is not None:
            if not known.isidentifier() and any(isinstance(one, Ref) and one.name not in LOADERS for one in options(owner)):
                if "/.." in known:  # made of `SOME_NAME`
                    run.opaque(node, "gives any attribute of a library to whoever holds one of its objects", row.rule)
                continue  # no library has one
            value = run.attribute(owner, known, node)
            if isinstance(option, Const) and option.made and isinstance(owner, Ref) and not _says_enough(owner, value):
                run.opaque(node, f"reads an attribute by a name that it puts together ({known})", row.rule)
            run.mention(value, node)
            found.append(value)
        elif isinstance(option, Text) and _begins(option.prefix, owner):
            found.append(_members(run, owner, option.prefix, node))
        elif isinstance(option, Text) and _ends(option.parts[-1], owner):
            found.append(_members(run, owner, "", node, option.parts[-1] or ""))
        elif (own := of_own(run, owner, node)) is not None:
            found.append(own)
        else:
            run.opaque(node, "reads an attribute whose name it computes", row.rule)
            if _own(owner) and not isinstance(option, Text):
                found.append(_members(run, owner, "", node))
    return union(found) if found else UNKNOWN


def _says_enough(owner: Ref, value: Value) -> bool:
    """Whether it matters little by which name a part of a library is asked for: it is one of those that compute."""
    return (
        knowledge.default(owner.name) == "pure"
        and isinstance(value, Ref)
        and not knowledge.is_effectful(value.name)
        and not knowledge.is_module(value.name)
        and not value.name.rpartition(".")[2].startswith("_")
    )


def _begins(prefix: str, owner: Value) -> bool:
    """Whether so begin only names that the program gives. What begins with one underscore, a library may have for itself."""
    if not prefix.startswith("_"):
        return bool(prefix) and _own(owner)
    return prefix[1:2] not in ("", "_") and all(
        isinstance(option, (Object, Class)) and (option.cls if isinstance(option, Object) else option).foreign() is None
        for option in options(owner)
    )


def _ends(end: Part, owner: Value) -> bool:
    """Whether so end only names that the program gives, of objects of classes that have nothing of a library."""
    return (
        bool(end)
        and not any(name.endswith(end or "") for name in INTERNALS)
        and not (end or "").endswith("_")
        and all(isinstance(option, Object) and option.cls.foreign() is None for option in options(owner))
    )


def _own(value: Value) -> bool:
    return all(isinstance(option, (Object, Class, Unknown)) for option in options(value))


def _members(run: Calls, owner: Value, prefix: str, node: ast.AST, end: str = "") -> Value:
    """What an attribute of the program's objects may be whose name begins and ends so. Of many, each is called with anything at once."""
    found: list[Value] = []
    run.outside.changed = True
    run.outside.missed += 1
    for option in options(owner):
        cls = option.cls if isinstance(option, Object) else option if isinstance(option, Class) else None
        if cls is None:
            continue
        cls.field(EVERY)
        for name in dict.fromkeys(name for one in lineage(cls) for name in (*one.scope.names, *one.fields)):
            if name.startswith(prefix) and name.endswith(end) and name != "__class__":
                found += options(run.attribute(option, name, node))
        if (lender := cls.foreign()) is not None and (prefix == "" or knowledge.lends(knowledge.canonical(lender.name), prefix)):
            run.opaque(node, f"calls a method of {lender.name} whose name it computes")
        found += [
            run.call(getter.bound(option), Args([UNKNOWN]), node)
            for hook in ("__getattr__", "__getattribute__")
            if isinstance(getter := cls.lookup(hook), Function)
        ]
    if len(found) <= MAX_OPTIONS:
        return union([*found, UNKNOWN])
    for value in found:
        run.lose(value)
    return UNKNOWN


@special
def setattr_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if not args.positional:
        return NONE
    for owner in options(args.positional[0]):
        if isinstance(owner, (Ref, Module)):
            run.opaque(node, "replaces a part of a library", row.rule)
            continue
        value = args.get(2, "value") or UNKNOWN
        for option in options(args.get(1) or UNKNOWN):
            name = known_text(option)
            if isinstance(owner, (Object, Class)) and name is None:
                run.set_any(owner, value)
            elif isinstance(owner, (Object, Class, Instance)):
                run.set_attribute(owner, name or "", value, node)
            else:
                run.set_attribute(owner, name or "", value, node)
                if name is not None and name.startswith("__"):
                    run.opaque(node, f"sets {name} of an object", row.rule)
    return NONE
