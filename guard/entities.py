"""What Cedar is told about the world of one question: uids, moments, and the entities with all that is above them.

The set of a question is complete by construction: each resource comes with its chain of parents up to a root, since Cedar would silently
skip a forbid whose hierarchy is missing. Pure: plain data goes out, which `guard.decide` has Cedar parse against the schema.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from guard.model import UNSEEN, Agent, Effect, Facts, Person, Resource, ResourceType, Standing
from guard.path_rules import database_file, file_database, is_secret, is_surface

Plain = list[dict[str, Any]]
"""Entities as the JSON data that Cedar parses."""
Told = frozenset[str] | None
"""The attributes of entities that are told of; None: all."""


def uid(kind: str, name: str) -> dict[str, str]:
    """Names an entity in a request, or as another one's parent."""
    return {"type": f"Guard::{kind}", "id": name}


def time(moment: datetime) -> str:
    """A moment as Cedar's `datetime`, which knows milliseconds. That it is one the schema says: an explicit constructor takes twice as
    long to parse, in every request; without a schema this is a text, and a condition on it breaks."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_case(agent: Agent, effects: Sequence[Effect], people: Iterable[Person], edited_by: str, *, told: Told = None) -> Plain:
    """All that a request about a case as a whole can name (who may approve it, try it, roll it back): its agent, the people, the case."""
    return _of_case(agent, effects, people, edited_by, told=told).plain


def of_effects(
    agent: Agent,
    effects: Sequence[Effect],
    facts: Facts,
    people: Iterable[Person],
    edited_by: str,
    *,
    told: Told = None,
    alike: Container[str] = (),
) -> Plain:
    """All that a request about an effect of a case can name: that of the case, and what its effects are done to, but those of the kinds
    `alike`, which get one answer whatever they are done to."""
    found = _of_case(agent, effects, people, edited_by, told=told)
    for effect in effects:
        if effect.kind not in alike:
            found.resource(effect.resource, facts)
    return found.plain


def of_people(people: Iterable[Person], on: Person | Standing, *, told: Told = None) -> tuple[Plain, dict[str, str]]:
    """All that a request about a person or a standing grant can name, and which of it is acted on."""
    found = _Entities(told)
    for someone in people:
        found.person(someone)
    if isinstance(on, Person):
        return found.plain, uid("Person", on.name)
    found.grant(on.id, on.person)
    return found.plain, uid("Grant", on.id)


_EACH = (
    (ResourceType.FILE, "/w/file"),
    (ResourceType.ENDPOINT, "host.example:443"),
    (ResourceType.TOOL, "server/tool"),
    (ResourceType.TABLE, file_database("/w/file") + "/table"),
    (ResourceType.PROGRAM, "program"),
    (ResourceType.VARIABLE, "VARIABLE"),
    (ResourceType.RUN, "run"),
)
"""Resources which, with what is above them, are of every type."""


def of_every_kind() -> Plain:
    """One entity or more of every kind that guard tells Cedar of, with all attributes and parents: what a schema must take."""
    person = Person(name="person", teams=("team",))
    found = _of_case(Agent(name="agent", teams=("team",), owner="person"), (), (person,), "person")
    for kind, name in _EACH:
        found.resource(Resource(type=kind, name=name), Facts(workspace="/w"))
    found.grant("grant", "person")
    return found.plain


class _Entities:
    """The entities of one request; the first word on each counts. What is added comes with all that is above it."""

    def __init__(self, told: Told) -> None:
        self._found: dict[tuple[str, str], dict[str, Any]] = {}
        self._told = told

    @property
    def plain(self) -> Plain:
        return list(self._found.values())

    def add(self, kind: str, name: str, parents: Iterable[tuple[str, str]] = (), **attrs: Any) -> None:
        if (kind, name) not in self._found:
            parent_ids = [uid(*parent) for parent in parents]
            if attrs and self._told is not None:
                attrs = {attribute: value for attribute, value in attrs.items() if attribute in self._told}
            self._found[kind, name] = {"uid": uid(kind, name), "attrs": attrs, "parents": parent_ids}

    def person(self, someone: Person) -> None:
        for team in someone.teams:
            self.add("Team", team)
        self.add("Person", someone.name, [("Team", team) for team in someone.teams])

    def grant(self, name: str, giver: str) -> None:
        self.add("Person", giver)  # who may be gone
        self.add("Grant", name, given_by=_is(giver))

    def resource(self, resource: Resource, facts: Facts) -> None:
        """A resource and its chain of parents up to a root."""
        kind, name = resource.type, resource.name
        if (kind.value, name) in self._found:
            return
        if kind in (ResourceType.FILE, ResourceType.FOLDER):
            self._path(kind, name, facts)
        elif kind is ResourceType.ENDPOINT:
            host, _, port = name.rpartition(":")
            self.add("Endpoint", name, [("Domain", host)], host=host, port=int(port) if port.isdecimal() else 0)
            self._domain(host)
        elif kind is ResourceType.DOMAIN:
            self._domain(name)
        elif kind is ResourceType.TOOL:
            server = name.split("/", 1)[0]
            self.add("Tool", name, [("Server", server)])
            self.add("Server", server)
        elif kind is ResourceType.TABLE:
            database = name.rsplit("/", 1)[0]
            self.add("Table", name, [("Database", database)])
            self._database(database, facts)
        elif kind is ResourceType.DATABASE:
            self._database(name, facts)
        else:
            self.add(kind.value, name)

    def _path(self, kind: ResourceType, name: str, facts: Facts) -> None:
        if kind is ResourceType.FILE:
            self.add("File", name, _above(name, facts), **self._marks(name, facts, "secret", "surface"))
            name = _parent(name)
        while ("Folder", name) not in self._found:  # above a known folder, all are known
            self.add("Folder", name, _above(name, facts), **self._marks(name, facts, "secret"))
            name = _parent(name)
        self.add("Folder", "workspace", secret=False)

    def _marks(self, name: str, facts: Facts, *marks: str) -> dict[str, bool]:
        """What sort of path it is, where that is told."""
        return {mark: _MARKS[mark](name, facts) for mark in marks if self._told is None or mark in self._told}

    def _database(self, name: str, facts: Facts) -> None:
        """A database; one that is a file lies in that file, and so in its folders: what closes them closes it."""
        file = database_file(name)
        self.add("Database", name, [("File", file)] if file else [])
        if file:
            self._path(ResourceType.FILE, file, facts)

    def _domain(self, name: str) -> None:
        while ("Domain", name) not in self._found:  # above a known domain, all are known
            above = name.partition(".")[2] if not name.replace(".", "").isdigit() else ""
            self.add("Domain", name, [("Domain", above)] if above else [])
            name = above or name


_MARKS = {"secret": is_secret, "surface": is_surface}


def _of_case(agent: Agent, effects: Sequence[Effect], people: Iterable[Person], edited_by: str, *, told: Told = None) -> _Entities:
    found = _Entities(told)
    add = found.add
    for team in agent.teams:
        add("Team", team)
    for someone in people:
        found.person(someone)
    if agent.owner:
        add("Person", agent.owner)
    if edited_by:
        add("Person", edited_by)
    owner: dict[str, Any] = {"owner": _is(agent.owner)} if agent.owner else {}
    add("Agent", agent.name, [("Team", team) for team in agent.teams], **owner)
    classes = {c.value for e in effects for c in e.classes} | ({"unseen"} if any(e.kind in UNSEEN for e in effects) else set())
    edited: dict[str, Any] = {"edited_by": _is(edited_by)} if edited_by else {}
    add("Case", "case", classes=sorted(classes), **owner, **edited)
    return found


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _above(path: str, facts: Facts) -> list[tuple[str, str]]:
    parents = [("Folder", _parent(path))] if path != "/" else []
    return [*parents, ("Folder", "workspace")] if path == facts.workspace else parents


def _is(person: str) -> dict[str, Any]:
    return {"__entity": uid("Person", person)}
