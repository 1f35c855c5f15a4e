"""What is found in one SQL statement: effects on tables, databases and files, reported in one way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlglot import exp

from guard import path_rules
from guard.analyse import targets
from guard.model import RUN, Effect, Facts, Kind, Loop, Resource, Span

HOLE = "__hole__"
"""What stands in the text for a part that is not known."""


@dataclass(slots=True)
class Report:
    """The place of one statement and the effects found in it so far."""

    facts: Facts
    depth: int
    database: str
    span: Span | None
    effects: list[Effect] = field(default_factory=list)
    certain: bool = True

    def emit(self, kind: Kind, resource: Resource, rule: str, note: str, *, exact: bool = True, loop: Loop = Loop.ONE) -> None:
        """Reports one effect; a resource with an unknown part in its name is known as far as its database."""
        effect = Effect(
            kind=kind,
            resource=resource,
            exact=exact and HOLE not in resource.name,
            certain=self.certain,
            loop=loop,
            span=self.span,
            rule=rule,
            note=note.replace(HOLE, "…")[:300],
        )
        if HOLE in resource.name:
            name = f"{self.database}/" if resource.name.partition("/")[1] else ""
            effect = Effect(
                kind=kind,
                resource=Resource(type=resource.type, name=name),
                exact=False,
                certain=self.certain,
                loop=loop,
                span=self.span,
                rule=rule,
                note=effect.note,
            )
        if effect not in self.effects:
            self.effects.append(effect)

    def opaque(self, rule: str, note: str) -> None:
        self.emit(Kind.OPAQUE, RUN, rule, note, exact=False)

    def on_database(self, kind: Kind, rule: str, note: str, name: str | None = None) -> None:
        name = self.database if name is None else path_rules.server_database(name)
        self.emit(kind, targets.database(name), rule, note, exact=bool(name))

    def table(self, kind: Kind, table: exp.Expression | None, rule: str, verb: str, *, loop: Loop = Loop.ONE) -> None:
        """An effect on one table; what is no plain name (a function, a variable) is on the database."""
        if isinstance(table, exp.Schema):
            table = table.this
        if not isinstance(table, exp.Table) or not table.name:
            self.on_database(kind, rule, f"{verb} what is not a plain table")
            return
        database = path_rules.server_database(table.catalog) or self.database
        name = f"{table.db}.{table.name}" if table.db else table.name
        self.emit(kind, targets.table(database, name), rule, f"{verb} {name}", loop=loop)

    def path(self, kind: Kind, word: str, rule: str, verb: str) -> None:
        """A file or URL that SQL names."""
        text = word.strip("'\"")
        if re.match(r"\w[\w+.-]*://", text):
            target, exact = targets.url_target(text, complete=HOLE not in text)
            upload = kind is Kind.FS_WRITE
            self.emit(Kind.HTTP_PUT if upload else Kind.HTTP_GET, target, rule, f"{verb} {text[:80]}", exact=exact)
            return
        resource = path_rules.file(text, self.facts) if text and HOLE not in text else path_rules.ANYWHERE
        exact = resource != path_rules.ANYWHERE
        if kind is Kind.FS_READ and exact and path_rules.is_secret(resource.name, self.facts):
            kind = Kind.SECRET_READ
        if kind is Kind.FS_WRITE and exact and path_rules.is_surface(resource.name, self.facts):
            kind = Kind.FS_SURFACE
        self.emit(kind, resource, rule, f"{verb} {text[:80] or 'a file'}", exact=exact)
