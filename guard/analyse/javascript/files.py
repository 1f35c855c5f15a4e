"""Operations on files -> effects; reads of secrets and writes to what tools trust become what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from guard import path_rules
from guard.analyse import targets
from guard.analyse.javascript import globs
from guard.analyse.javascript.library import root
from guard.analyse.javascript.site import MOST, Site
from guard.analyse.javascript.values import HOLE, Constant, Function, Object, Ref, Text, Values, concat, merged, text, texts
from guard.model import Effect, Facts, Kind, Resource


def path_resources(values: Values, facts: Facts) -> list[tuple[Resource, bool, str]]:
    """(resource, exact, text) of each path that the values can be."""
    options = texts(values)
    found = [path_resource(option, facts) for option in options[: MOST * 4]]
    if len(options) > len(found) or len({(resource, exact) for resource, exact, _ in found}) > MOST:
        return [(path_rules.ANYWHERE, False, "*")]
    return list(dict.fromkeys(found))


def path_resource(value: Text, facts: Facts) -> tuple[Resource, bool, str]:
    known = value.known
    shape = value.shape
    if known.startswith("file://"):
        known, shape = known[7:], shape[7:]
    if value.complete:
        return path_rules.file(known or ".", facts), True, known
    head, slash, _ = known.rpartition("/")
    if known.startswith("~") and not slash:
        return path_rules.ANYWHERE, False, shape
    if slash:
        return path_rules.folder(head or "/", facts), False, shape
    return (path_rules.folder(".", facts), False, shape) if known else (path_rules.ANYWHERE, False, shape)


def _stand_in(shape: str, facts: Facts) -> str:
    """A canonical path that stands for a partly known one, to ask what its known parts say."""
    return path_rules.canonical_path(
        shape.replace("*", "unknown") if not shape.startswith("*") else "/unknown/" + shape.lstrip("*").lstrip("/"), facts
    )


def _begins_as_secret(shape: str, facts: Facts) -> bool:
    """Whether a name of which only a part is known may well be that of a secret: `".e" + rest`."""
    known = shape.rpartition("/")[2].strip("*")
    return known == "." or (len(known) > 1 and globs.asks_for_secrets(shape, facts))


def file_effect(site: Site, kind: Kind, values: Values, rule: str, verb: str) -> Iterable[Effect]:
    """Effects of one file operation; reads of secrets and writes to surfaces become what they are."""
    for resource, exact, shape in path_resources(values, site.facts):
        if shape == "/dev/stdin" and kind is Kind.FS_READ:
            continue
        if not exact and (site.climbs or ".." in shape.split("/")):
            resource = path_rules.ANYWHERE  # noqa: PLW2901 - what is not known of the path may lead up and out of the folder
        place = resource.name if exact else _stand_in(shape, site.facts)
        shown = path_rules.shown(resource.name, site.facts) if exact else (shape if shape != "*" else "a path that cannot be known")
        actual, note = kind, f"{verb} {shown}"
        if kind is Kind.FS_READ and (path_rules.is_secret(place, site.facts) or (not exact and _begins_as_secret(shape, site.facts))):
            actual, note = Kind.SECRET_READ, f"reads {shown}, which holds secrets"
        elif kind in (Kind.FS_WRITE, Kind.FS_CREATE, Kind.FS_SYMLINK, Kind.FS_MODE) and path_rules.is_surface(place, site.facts):
            actual, note = Kind.FS_SURFACE, f"{verb} {shown}, which tools run or trust by themselves"
        yield site.effect(actual, resource, rule, note, exact=exact)


def _glob(site: Site) -> Iterable[Effect]:
    """`glob(pattern, {cwd})`: looks where the pattern begins. Node's may have its callback in the place of the options."""
    if site.name.startswith("fs.") and site.argument(1) and all(isinstance(value, Function) for value in site.argument(1)):
        site = replace(site, arguments=site.arguments[:1])
    yield from _looks_below(site, site.option(1, "cwd", "root"), globs.patterns(site.argument(0) or (HOLE,)))


def _looks_below(site: Site, folder: Values | None, patterns: Iterable[Text]) -> Iterable[Effect]:
    for pattern in patterns:
        known = HOLE if not pattern.complete or globs.leads_elsewhere(pattern.known) else pattern
        below = folder is not None and known.complete and not known.known.startswith("/")
        values = concat([folder or (), (text("/"),), (known,)]) if below else (known,)
        yield from file_effect(site, Kind.FS_LIST, values, "js-fs-list", "looks at")
        yield from _found_secrets(site, texts(values))


def _found_secrets(site: Site, patterns: Iterable[Text]) -> Iterable[Effect]:
    """What is looked for by such a pattern is looked for to be read, by a name that the text does not have."""
    for pattern in patterns:
        if pattern != HOLE and globs.asks_for_secrets(pattern.shape, site.facts):
            resource = path_resource(globs.matched(pattern), site.facts)[0]
            yield site.effect(Kind.SECRET_READ, resource, "js-fs-list", f"looks for {pattern.shape}, which holds secrets", exact=False)


def _walk(site: Site) -> Iterable[Effect]:
    """Deno's `walk(folder, {exts})`"""
    yield from file_effect(site, Kind.FS_LIST, site.argument(0), "js-fs-list", "looks at")
    for ending in globs.patterns(site.option(1, "exts") or ()):
        yield from _found_secrets(site, [merged([*folder.pieces, "/*", *ending.pieces]) for folder in texts(site.argument(0) or (HOLE,))])


def _scan(site: Site) -> Iterable[Effect]:
    """`new Bun.Glob(pattern).scan(folder)`"""
    given = site.argument(0)
    folder = site.option(0, "cwd") if not any(isinstance(value, Text) for value in given) else given
    yield from _looks_below(site, folder, (site.base or HOLE,))


def _files(rule: str, *actions: tuple[Kind, int, str]) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        for kind, at, verb in actions:
            values = site.argument(at)
            if values and all(isinstance(value, Constant) and isinstance(value.value, float) for value in values):
                continue  # a descriptor: opening it was the effect
            yield from file_effect(site, kind, values, rule, verb)

    return effects


def _read(site: Site) -> Iterable[Effect]:
    """`readFile(path, {flag})`: with the flags of a write, the file is made or emptied."""
    yield from _files("js-fs-read", (Kind.FS_READ, 0, "reads"))(site)
    flags = [flag for value in site.argument(1) if isinstance(value, Object) for flag in _flags(value)]
    if not all(flag.complete and flag.known in ("r", "rs", "sr", "undefined", "null") for flag in flags):
        yield from _files("js-fs-open", (Kind.FS_WRITE, 0, "opens for writing"))(site)


def _flags(options: Object) -> Iterable[Text]:
    for name in ("flag", "flags"):
        if name in options.properties:
            yield from texts(options.properties[name])


def _open(site: Site) -> Iterable[Effect]:
    """`open(path, flags)` in Node, `open(path, {write: true})` in Deno."""
    flags = site.argument(1)
    modes: set[str] = set()
    for value in flags:
        if isinstance(value, Text):
            modes.add(
                "r" if value.complete and value.known in ("r", "rs", "sr") else "w+" if "+" in value.known or not value.complete else "w"
            )
        elif isinstance(value, Object):
            on = [name for name in ("write", "append", "truncate", "create", "createNew") if name in value.properties]
            modes.update({"w"} if on else set())
            modes.update({"r"} if not on or "read" in value.properties else set())
            modes.update({"w+"} if value.open else set())
        elif not (isinstance(value, Constant) and value.value is None):
            modes.add("w+")
    modes = modes or {"r"}
    if modes & {"r", "w+"}:
        yield from file_effect(site, Kind.FS_READ, site.argument(0), "js-fs-open", "opens")
    if modes & {"w", "w+"}:
        yield from file_effect(site, Kind.FS_WRITE, site.argument(0), "js-fs-open", "opens for writing")


def _edit(site: Site) -> Iterable[Effect]:
    """shelljs `sed("-i", …, file)`."""
    last = site.arguments[-1] if site.arguments else ()
    in_place = any(text.known.startswith("-i") or not text.complete for text in texts(site.argument(0)))
    yield from file_effect(site, Kind.FS_READ, last, "js-fs-read", "reads")
    if in_place:
        yield from file_effect(site, Kind.FS_WRITE, last, "js-fs-write", "edits")


def _without_flags(effects: Callable[[Site], Iterable[Effect]]) -> Callable[[Site], Iterable[Effect]]:
    """Shell-like functions take flags (`-rf`) before their paths, and several paths."""

    def unflagged(site: Site) -> Iterable[Effect]:
        arguments = [a for a in site.arguments if not all(t.known.startswith("-") and t.complete for t in texts(a))]
        yield from effects(replace(site, arguments=arguments))
        if root(site.name) == "shelljs":
            for more in arguments[1:] if not site.name.endswith((".cp", ".mv", ".ln")) else ():
                yield from effects(replace(site, arguments=[more]))

    return unflagged


def _extract(site: Site) -> Iterable[Effect]:
    values = site.argument(0)
    found = site.option(0, "cwd", "C", "path")
    yield from file_effect(
        site, Kind.FS_WRITE, found if found is not None else values or (HOLE,), "js-fs-extract", "unpacks an archive into"
    )


def _saved(site: Site) -> Iterable[Effect]:
    """`page.pdf({path})`: a file, if a path is given."""
    path = site.option(0, "path")
    if path is not None:
        yield from file_effect(site, Kind.FS_WRITE, path, "js-fs-write", "writes")


def _path_option(site: Site) -> Iterable[Effect]:
    """`extractRawText({path})`, or `{buffer}`."""
    path = site.option(0, "path")
    if path is not None:
        yield from file_effect(site, Kind.FS_READ, path, "js-fs-read", "reads")


def _temporary(site: Site) -> Iterable[Effect]:
    prefix = site.argument(0)
    inside = prefix if any(isinstance(value, Text) for value in prefix) else (Text(("/tmp/", None)),)  # noqa: S108 - the name of a place
    yield from file_effect(site, Kind.FS_CREATE, tuple(merged([*value.pieces, None]) for value in texts(inside)), "js-fs-create", "makes")


def _chdir(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-chdir", "changes its working folder, so relative paths mean something else")


def _bun_file(site: Site) -> Iterable[Effect]:
    yield from file_effect(site, Kind.FS_READ, site.argument(0), "js-fs-read", "reads")


def _of_bun_file(kind: Kind, rule: str, verb: str) -> Callable[[Site], Iterable[Effect]]:
    """`Bun.file(path).delete()`: what is done to the file that an object stands for."""
    return lambda site: file_effect(site, kind, (site.base or HOLE,), rule, verb)


def _sqlite(site: Site) -> Iterable[Effect]:
    names = texts(site.argument(0))
    if not site.arguments or all(name.complete and name.known in (":memory:", "") for name in names):
        return
    reads = _only_reads(site) and not any(name.shape.startswith("file:") for name in names)
    yield from file_effect(site, Kind.FS_READ if reads else Kind.FS_WRITE, site.argument(0), "js-sqlite", "opens the database")


_HARMLESS = frozenset({"fileMustExist", "timeout", "strict", "safeIntegers", "readBigInts", "enableForeignKeyConstraints", "returnArrays"})


def _only_reads(site: Site) -> bool:
    """Whether a database is opened for reading alone: each library has its own word for that, and ignores the others'."""
    given = site.argument(1)
    if site.name == "sqlite3.Database":
        return [isinstance(value, Ref) and value.name == "sqlite3.OPEN_READONLY" for value in given] == [True]
    flag = "readOnly" if site.name.startswith("sqlite.") else "readonly"
    if len(given) != 1 or not isinstance(given[0], Object) or given[0].open or not given[0].properties.keys() <= {flag, *_HARMLESS}:
        return False
    return [isinstance(value, Constant) and value.value is True for value in given[0].properties.get(flag, ())] == [True]


def _storage(site: Site) -> Iterable[Effect]:
    """`localStorage.setItem(…)`: kept on disk by Deno, by the browser elsewhere."""
    yield from file_effect(site, Kind.FS_WRITE, (HOLE,), "js-sqlite", "keeps something in")


def _kv(site: Site) -> Iterable[Effect]:
    """`Deno.openKv(path)`: without a path, a database in a place of Deno's choice; with a URL, one of a server."""
    given = texts(site.argument(0)) if site.argument(0) else [HOLE]
    if any(name.complete and name.known == ":memory:" for name in given):
        return
    served = [name for name in given if name.known.lower().startswith(("http:", "https:"))]
    for name in served:
        resource, exact = targets.url_target(name.known, complete=name.complete)
        yield site.effect(Kind.NET_CONNECT, resource, "js-sqlite", f"opens the database of {resource.name}", exact=exact)
    if len(served) < len(given):
        paths = tuple(name for name in given if name not in served)
        yield from file_effect(site, Kind.FS_WRITE, paths, "js-sqlite", "opens the database in")


SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {
    "read": _without_flags(_read),
    "list": _without_flags(_files("js-fs-list", (Kind.FS_LIST, 0, "looks at"))),
    "glob": _glob,
    "scan": _scan,
    "walk": _walk,
    "open": _open,
    "write": _files("js-fs-write", (Kind.FS_WRITE, 0, "writes")),
    "write-second": _files("js-fs-write", (Kind.FS_WRITE, 1, "writes")),
    "create": _without_flags(_files("js-fs-create", (Kind.FS_CREATE, 0, "makes"))),
    "delete": _without_flags(_files("js-fs-delete", (Kind.FS_DELETE, 0, "deletes"))),
    "mode": _files("js-fs-mode", (Kind.FS_MODE, 0, "changes the mode, owner or times of")),
    "move": _without_flags(_files("js-fs-move", (Kind.FS_DELETE, 0, "moves away"), (Kind.FS_WRITE, 1, "writes"))),
    "copy": _without_flags(_files("js-fs-copy", (Kind.FS_READ, 0, "copies"), (Kind.FS_WRITE, 1, "writes"))),
    "link": _without_flags(_files("js-fs-link", (Kind.FS_READ, 0, "links to"), (Kind.FS_SYMLINK, 1, "makes the link"))),
    "edit": _edit,
    "extract": _extract,
    "saved": _saved,
    "path-option": _path_option,
    "temporary": _temporary,
    "chdir": _chdir,
    "bun-file": _bun_file,
    "bun-file-write": _of_bun_file(Kind.FS_WRITE, "js-fs-write", "writes"),
    "bun-file-delete": _of_bun_file(Kind.FS_DELETE, "js-fs-delete", "deletes"),
    "sqlite": _sqlite,
    "kv": _kv,
    "storage": _storage,
}
"""Spec -> the function that says what a call with it does."""
