"""A program's effects -> one sentence in fixed words (CONSOLE.md section 4). Made of the effects alone, never of the program's text.

Clauses come in the order destructive, not visible, network, write, read; at most three, then "and N more". Destructive and invisible
effects are never among the "more".
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from guard.model import CLASSES, Class, Effect, Facts, Kind, Loop, ResourceType
from guard.places import shown

SHOWN = 3
UNSEEN = (Kind.OPAQUE, Kind.IMPORT_UNKNOWN, Kind.PROC_EXEC)

# kind: (one, many, unknown); {x} the resource, {n} how many, {where} the nearest common folder or nothing
WORDS: dict[Kind, tuple[str, str, str]] = {
    Kind.FS_READ: ("reads {x}", "reads {n} files{where}", "reads files that it finds while running"),
    Kind.FS_LIST: ("lists {x}", "lists {n} folders", "lists folders that it finds while running"),
    Kind.FS_CREATE: ("creates {x}", "creates {n} files{where}", "writes to a place that it computes"),
    Kind.FS_WRITE: ("creates or replaces {x}", "changes {n} files{where}", "writes to a place that it computes"),
    Kind.FS_DELETE: ("deletes {x}", "deletes {n} files{where}", "deletes files, which is not known"),
    Kind.FS_MODE: ("changes the rights of {x}", "changes the rights of {n} files{where}", "changes the rights of files that it computes"),
    Kind.FS_SYMLINK: ("makes the link {x}", "makes {n} links{where}", "makes links at places that it computes"),
    Kind.FS_SURFACE: ("changes {x}, which runs by itself later", "changes {n} files that run by themselves later", "changes files that run later"),
    Kind.ENV_READ: ("reads the variable {x}", "reads {n} variables", "reads variables by computed names"),
    Kind.SECRET_READ: ("uses the secret {x}", "uses {n} secrets", "uses secrets that it computes"),
    Kind.NET_CONNECT: ("connects to {x}", "connects to {n} hosts: {all}", "connects to a host that it computes"),
    Kind.HTTP_GET: ("fetches from {x}", "fetches from {n} hosts: {all}", "fetches from a host that it computes"),
    Kind.HTTP_HEAD: ("asks {x}", "asks {n} hosts: {all}", "asks a host that it computes"),
    Kind.HTTP_POST: ("sends data to {x}", "sends data to {n} hosts: {all}", "sends data to a host that it computes"),
    Kind.HTTP_DELETE: ("deletes at {x}", "deletes at {n} hosts: {all}", "deletes at a host that it computes"),
    Kind.TOOL_READ: ("asks {x}", "calls {n} tools: {all}", "calls a tool whose name it computes"),
    Kind.TOOL_WRITE: ("changes things through {x}", "changes things through {n} tools: {all}", "calls a tool whose name it computes"),
    Kind.TOOL_DESTRUCTIVE: ("destroys things through {x}", "destroys things through {n} tools: {all}", "calls a tool whose name it computes"),
    Kind.SQL_SELECT: ("reads the table {x}", "reads {n} tables", "reads from a database"),
    Kind.SQL_INSERT: ("adds rows to {x}", "adds rows to {n} tables", "adds rows to a database"),
    Kind.SQL_UPDATE: ("changes rows in {x}", "changes rows in {n} tables", "changes rows in a database"),
    Kind.SQL_DELETE: ("deletes rows in {x}", "deletes rows in {n} tables", "deletes rows in a database"),
    Kind.SQL_DROP: ("drops {x}", "drops {n} tables: {all}", "drops tables"),
    Kind.PROC_EXEC: ("starts the program {x}", "starts {n} programs: {all}", "starts a program whose name it computes"),
    Kind.IMPORT_UNKNOWN: ("uses an unknown module", "uses unknown modules", "uses an unknown module"),
    Kind.OPAQUE: ("does something that cannot be seen before it runs",) * 3,
}
WORDS[Kind.HTTP_PUT] = WORDS[Kind.HTTP_PATCH] = WORDS[Kind.HTTP_POST]

JOINED = {Kind.HTTP_PUT: Kind.HTTP_POST, Kind.HTTP_PATCH: Kind.HTTP_POST}


def summarise(effects: tuple[Effect, ...], facts: Facts) -> str:
    """The headline for these effects."""
    groups: dict[Kind, list[Effect]] = {}
    for effect in effects:
        if effect.kind not in (Kind.COMPUTE, Kind.ANSWER):
            groups.setdefault(JOINED.get(effect.kind, effect.kind), []).append(effect)
    if not groups:
        return "only computes"
    ranked = sorted(groups.items(), key=lambda item: (_rank(item[0]), list(Kind).index(item[0])))
    clauses = [_clause(kind, found, facts) for kind, found in ranked]
    musts = sum(_rank(kind) < 2 for kind, _ in ranked)
    keep = max(SHOWN, musts)
    if len(clauses) <= keep:
        return _joined(clauses)
    more = [_letter(kind) for kind, _ in ranked[keep:]]
    counted = ", ".join(f"{more.count(letter)} {letter}" for letter in dict.fromkeys(more))
    return f"{', '.join(clauses[:keep])} and {len(more)} more ({counted})"


def _rank(kind: Kind) -> int:
    return "D?NWR".index(_letter(kind))


def _letter(kind: Kind) -> str:
    if kind in UNSEEN:
        return "?"
    classes = CLASSES[kind]
    for letter, one in (("D", Class.DESTRUCTIVE), ("N", Class.NETWORK), ("W", Class.WRITE)):
        if one in classes:
            return letter
    return "R"


def _clause(kind: Kind, effects: list[Effect], facts: Facts) -> str:
    one, many, unknown = WORDS[kind]
    names = list(dict.fromkeys(_name(effect, facts) for effect in effects if effect.resource.name not in ("", "/")))
    may = "" if any(effect.certain for effect in effects) or kind in UNSEEN else "may "
    if not names:
        text = unknown
    elif len(names) == 1:
        text = one.format(x=names[0])
    elif len(names) <= SHOWN:
        text = one.format(x=_joined(names))
    else:
        text = many.format(n=len(names), where=_where(effects, facts), all=", ".join(names[:SHOWN]) + " …")
    if may:
        text = may + _infinitive(text)
    return text + _often(effects)


def _often(effects: list[Effect]) -> str:
    if len(effects) != 1:
        return ""
    effect = effects[0]
    if effect.loop is Loop.ONE or effect.kind in (Kind.OPAQUE, Kind.IMPORT_UNKNOWN):
        return ""
    return f", {effect.count} times" if effect.count is not None and effect.count > 1 else ", in a loop" if effect.count is None else ""


def _name(effect: Effect, facts: Facts) -> str:
    resource = effect.resource
    if resource.type in (ResourceType.FILE, ResourceType.FOLDER):
        name = shown(resource.name, facts)
        return name if effect.exact else f"files in {name}"
    if resource.type is ResourceType.ENDPOINT:
        host, _, port = resource.name.rpartition(":")
        return host if port in ("80", "443") else resource.name
    return resource.name


def _where(effects: list[Effect], facts: Facts) -> str:
    folders = {posixpath.dirname(effect.resource.name) for effect in effects if effect.resource.type in (ResourceType.FILE, ResourceType.FOLDER)}
    if not folders:
        return ""
    common = posixpath.commonpath(folders)
    return "" if common == "/" else f" in {shown(common, facts)}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _infinitive(text: str) -> str:
    verb, space, rest = text.partition(" ")
    plain: Callable[[str], str] = lambda word: word[:-2] if word.endswith(("shes", "ches")) else word[:-1]  # noqa: E731
    return plain(verb) + space + rest.replace(" or replaces", " or replace")
