"""One call of something known: what is called, with what, where; and how effects are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import HOLE, Array, Constant, Object, Text, Values
from guard.model import RUN, Effect, Facts, Kind, Resource, Span

MOST = 8
"""More alternatives for one resource than this are one unknown resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One call: what is called, with what, where. `read` gives an argument's values; `certain` is false for a callable handed on."""

    name: str
    arguments: list[Values]
    node: Node
    span: Span
    facts: Facts
    depth: int
    base: Text | None = None
    certain: bool = True
    tagged: bool = False
    server: str = ""
    climbs: bool = False
    """Some text of the program leads a path upwards (`..`)."""

    def argument(self, at: int) -> Values:
        """The values of an argument; none if it is not there."""
        return self.arguments[at] if at < len(self.arguments) else ()

    def option(self, at: int, *names: str) -> Values | None:
        """The values of an option in an object argument: None if it is not set, unknown if that cannot be told."""
        found: list[Values] = []
        for value in self.argument(at):
            if isinstance(value, Object):
                present = [value.properties[name] for name in names if name in value.properties]
                found.extend(present)
                if value.open and not present:
                    found.append((HOLE,))
            elif not isinstance(value, (Constant, Text, Array)):
                found.append((HOLE,))
        return tuple(v for values in found for v in values) if found else None

    def effect(self, kind: Kind, resource: Resource, rule: str, note: str, *, exact: bool = True) -> Effect:
        return Effect(kind=kind, resource=resource, exact=exact, certain=self.certain, span=self.span, rule=rule, note=note)

    def opaque(self, rule: str, note: str) -> Effect:
        return self.effect(Kind.OPAQUE, RUN, rule, note, exact=False)
