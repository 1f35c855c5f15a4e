"""Databases and environment variables -> effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from guard import path_rules
from guard.analyse import embedded, targets
from guard.analyse.javascript.site import MOST, Site
from guard.analyse.javascript.values import Object, Text, Values, texts
from guard.model import Effect, Kind


def _file(site: Site) -> str:
    """The name of the database that a call asks, where that is a file."""
    asks = site.name.startswith(("better-sqlite3", "sqlite.", "sqlite3.", "bun:sqlite."))
    known = site.base.known if asks and site.base is not None and site.base.complete else ""
    if not known or known.startswith(("file:", ":memory:")):
        return ""
    return path_rules.file_database(path_rules.canonical_path(known, site.facts))


def _pragma(site: Site) -> Iterable[Effect]:
    yield from _sql(replace(site, arguments=[tuple(Text(("PRAGMA ", *value.pieces)) for value in texts(site.argument(0)))]))


def _sql(site: Site) -> Iterable[Effect]:
    first = site.option(0, "sql", "text", "query") if any(isinstance(v, Object) for v in site.argument(0)) else site.argument(0)
    for value in texts(first or ())[:MOST]:
        if not value.known:
            yield site.opaque("js-sql", "runs SQL that cannot be known")
            continue
        written = "".join("?" if piece is None else piece for piece in value.pieces)
        name = _file(site) if value.complete else ""
        for effect in embedded.effects_of("sql", written, site.facts, at=site.span, depth=site.depth, argument=name):
            yield replace(effect, exact=effect.exact and (value.complete or site.tagged), certain=effect.certain and site.certain)


def _mongo(kind: Kind) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        parts = site.base.shape.rsplit("/", 1) if site.base is not None and site.base.complete else ["", ""]
        name = parts[-1]
        resource = targets.table("mongodb", name) if name else targets.database("mongodb")
        verb = site.name.rsplit(".", 1)[-1]
        yield site.effect(kind, resource, "js-mongo", f"{verb} on {name or 'a collection'}", exact=bool(name))

    return effects


def _store(kind: Kind, name: str) -> Callable[[Site], Iterable[Effect]]:
    """What is asked of a store of keys and values, by the name of the method."""

    def effects(site: Site) -> Iterable[Effect]:
        yield site.effect(kind, targets.database(name), "js-store", f"{name}: {site.name.rsplit('.', 1)[-1]}")

    return effects


def variable_effects(site: Site, values: Values) -> Iterable[Effect]:
    for value in texts(values)[:MOST]:
        name = value.known if value.complete else ""
        secret = not name or path_rules.is_secret_variable(name, site.facts)
        what = f"reads the variable {name}" if name else "reads variables that cannot be known"
        yield site.effect(Kind.SECRET_READ if secret else Kind.ENV_READ, targets.variable(name), "js-env", what, exact=bool(name))


def _variable(site: Site) -> Iterable[Effect]:
    yield from variable_effects(site, site.argument(0))


def _environment(site: Site) -> Iterable[Effect]:
    yield from variable_effects(site, ())


def _variable_write(site: Site) -> Iterable[Effect]:
    for value in texts(site.argument(0))[:MOST]:
        name = value.known if value.complete else ""
        yield site.effect(
            Kind.ENV_READ,
            targets.variable(name),
            "js-env",
            f"changes the variable {name or 'whose name cannot be known'}",
            exact=bool(name),
        )


SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {
    "sql": _sql,
    "pragma": _pragma,
    "mongo-read": _mongo(Kind.SQL_SELECT),
    "mongo-insert": _mongo(Kind.SQL_INSERT),
    "mongo-update": _mongo(Kind.SQL_UPDATE),
    "mongo-delete": _mongo(Kind.SQL_DELETE),
    "mongo-drop": _mongo(Kind.SQL_DROP),
    "redis-read": _store(Kind.SQL_SELECT, "redis"),
    "redis-write": _store(Kind.SQL_UPDATE, "redis"),
    "redis-delete": _store(Kind.SQL_DELETE, "redis"),
    "kv-read": _store(Kind.SQL_SELECT, "kv"),
    "kv-write": _store(Kind.SQL_UPDATE, "kv"),
    "kv-delete": _store(Kind.SQL_DELETE, "kv"),
    "variable": _variable,
    "variable-write": _variable_write,
    "environment": _environment,
}
"""Spec -> the function that says what a call with it does."""
