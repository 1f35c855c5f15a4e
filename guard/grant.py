"""The least that a run needs, and whether something that happened lies inside it.

A grant follows from the effects that were shown, nothing else: what cannot be seen (`opaque`, an unknown program or import) grants
nothing of its own. What a run changed comes back as effects of the exact kind (`changes_as_effects`) and is held against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guard.model import (
    UNSEEN,
    Change,
    ChangeSet,
    Effect,
    EntryKind,
    Facts,
    FileType,
    Grant,
    Kind,
    Loop,
    Print,
    Resource,
    ResourceType,
    Rule,
)
from guard.path_rules import is_surface

_NOTHING = UNSEEN | {Kind.COMPUTE, Kind.ANSWER}

_INCLUDES = {
    Kind.FS_WRITE: frozenset({Kind.FS_WRITE, Kind.FS_CREATE}),
    Kind.FS_SURFACE: frozenset({Kind.FS_SURFACE}),
    Kind.FS_READ: frozenset({Kind.FS_READ, Kind.FS_LIST}),
}
"""Kinds that a granted kind includes beside itself: "writes X" is said of a file that may or may not exist yet."""


def grant(effects: tuple[Effect, ...]) -> Grant:
    """One rule per resource, in the order in which the effects were seen."""
    together: dict[tuple[Resource, bool], list[Effect]] = {}
    for effect in effects:
        if effect.kind not in _NOTHING:
            together.setdefault((effect.resource, effect.exact), []).append(effect)
    return Grant(rules=tuple(_rule(resource, exact, same) for (resource, exact), same in together.items()))


def _rule(resource: Resource, exact: bool, effects: list[Effect]) -> Rule:
    uses = _uses(effects) if exact and resource.type is ResourceType.ENDPOINT else None
    return Rule(kinds=tuple(dict.fromkeys(effect.kind for effect in effects)), resource=resource, exact=exact, uses=uses)


def _uses(effects: list[Effect]) -> int | None:
    """How often they happen, by the places in the code: requests where any are seen (each brings its connection), else connections."""
    counted = [effect for effect in effects if effect.kind is not Kind.NET_CONNECT] or effects
    times = [1 if effect.loop is Loop.ONE else effect.count for effect in counted]
    return None if None in times else sum(filter(None, times))


def uses(given: Grant, effect: Effect) -> int | None:
    """How many requests to the effect's resource are counted in the grant; None: as many as it likes."""
    counts = [rule.uses for rule in given.rules if _rule_covers(rule, effect)]
    return None if None in counts else sum(filter(None, counts))


def covers(given: Grant, effect: Effect) -> bool:
    """Whether the grant covers an exact effect: the same kind on the same resource, or on one that lies in a rule's folder or host."""
    return any(_rule_covers(rule, effect) for rule in given.rules)


def _rule_covers(rule: Rule, effect: Effect) -> bool:
    kinds = {k for granted in rule.kinds for k in _INCLUDES.get(granted, frozenset({granted}))}
    wanted, on = effect.resource, rule.resource
    if effect.kind in kinds and (wanted == on or (not (rule.exact and on.type is ResourceType.FILE) and _lies_in(wanted, on))):
        return True
    # A folder on the way to something that may be written: `makedirs("out/a")` makes "out" too.
    makes = {Kind.FS_CREATE, Kind.FS_WRITE, Kind.FS_SURFACE} & set(rule.kinds)
    return bool(makes) and effect.kind is Kind.FS_CREATE and wanted.type is ResourceType.FOLDER and _lies_in(on, wanted)


def _lies_in(inner: Resource, outer: Resource) -> bool:
    """Whether one resource lies in another: a path below a folder, a host in a domain, a table in a database, a tool on a server."""
    files = (ResourceType.FILE, ResourceType.FOLDER)
    if inner.type in files and outer.type is ResourceType.FOLDER:
        return inner.name == outer.name or inner.name.startswith(outer.name.rstrip("/") + "/")
    if inner.type is ResourceType.ENDPOINT and outer.type is ResourceType.DOMAIN:
        host = inner.name.rpartition(":")[0]
        return bool(outer.name) and (host == outer.name or host.endswith("." + outer.name))
    if inner.type is ResourceType.TABLE and outer.type is ResourceType.DATABASE:
        return inner.name.rsplit("/", 1)[0] == outer.name
    return inner.type is ResourceType.TOOL and outer.type is ResourceType.SERVER and inner.name.split("/", 1)[0] == outer.name


_KINDS = {
    EntryKind.CREATED: Kind.FS_CREATE,
    EntryKind.MODIFIED: Kind.FS_WRITE,
    EntryKind.MODE: Kind.FS_MODE,
    EntryKind.SYMLINK: Kind.FS_SYMLINK,
    EntryKind.DELETED: Kind.FS_DELETE,
}


def changes_as_effects(change_set: ChangeSet, facts: Facts) -> tuple[Effect, ...]:
    """Every entry of a change set as effects of its exact kind, on its exact path."""
    return tuple(effect for change in change_set.changes for effect in _change(change, facts))


def _change(change: Change, facts: Facts) -> Iterator[Effect]:
    path = f"{facts.workspace.rstrip('/')}/{change.path}"
    there = change.after or change.before
    folder = there is not None and there.type is FileType.FOLDER
    resource = Resource(type=ResourceType.FOLDER if folder else ResourceType.FILE, name=path)
    kind = _KINDS[change.kind]
    if kind in (Kind.FS_CREATE, Kind.FS_WRITE, Kind.FS_SYMLINK) and not folder and is_surface(path, facts):
        kind = Kind.FS_SURFACE
    yield Effect(kind=kind, resource=resource, rule="change", note=f"{change.kind.value} by the run")
    if change.kind is EntryKind.MODIFIED and _became_executable(change.before, change.after):
        yield Effect(kind=Kind.FS_MODE, resource=resource, rule="change", note="became executable by the run")
    replaced = change.kind in (EntryKind.CREATED, EntryKind.SYMLINK) and change.before is not None
    if replaced and change.before and change.after and change.before.type is not change.after.type:
        yield Effect(kind=Kind.FS_DELETE, resource=resource, rule="change", note="replaced by something of another type")


def _became_executable(before: Print | None, after: Print | None) -> bool:
    return before is not None and after is not None and bool(after.mode & 0o111 & ~before.mode)
