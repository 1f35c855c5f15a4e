"""Names of tools -> what calling them does. Pure; used for the tools of a wrapped server and for the calls of them inside programs.

The verb in a name decides where no list of the profile does. A name without a verb that is known to read writes.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

from guard.analyse.profile import Profile, Sink
from guard.model import Kind

RANK = {Kind.TOOL_READ: 0, Kind.TOOL_WRITE: 1, Kind.TOOL_DESTRUCTIVE: 2}
_READS = """
get list search find read fetch describe show view lookup count check query stat stats status info inspect browse whoami ping echo help docs
doc resolve retrieve summarize summary compare diff preview validate verify explain tree ls cat head tail history logs exists select
download paginate iterator
"""
_DESTROYS = """
delete remove destroy drop purge wipe erase clear truncate reset revoke cancel terminate kill stop uninstall disable discard rm rmdir unlink
prune flush overwrite format rollback revert force ban deactivate archive transfer pay refund
"""
_DOORS = """
execute exec eval run invoke call register deregister install mount import load script shell command deploy grant
"""
READS, DESTROYS = frozenset(_READS.split()), frozenset(_DESTROYS.split())
DOORS = frozenset(_DOORS.split())
"""Verbs that run or add what cannot be known: another tool, a program, a server."""
SQL_ARGUMENTS = ("sql", "sqlQuery", "sql_query", "statement")
"""Names of arguments that are SQL."""
SQL_WORDS = (
    "select ",
    "insert into ",
    "update ",
    "delete from ",
    "drop ",
    "truncate ",
    "alter ",
    "create table",
    "replace into ",
    "with ",
    "pragma ",
)
"""How statements begin, in lower case."""
TEXT_ARGUMENTS = ("query", "command", "text")
"""Names of arguments that may be."""
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def by_verb(name: str) -> tuple[Kind, str]:
    """What a tool of this name does, and the word that says so ("" if none does)."""
    parts = words(name)
    if found := next((word for word in parts if word in DESTROYS), ""):
        return Kind.TOOL_DESTRUCTIVE, found
    if parts and parts[0] in DOORS:
        return Kind.TOOL_DESTRUCTIVE, parts[0]
    return (Kind.TOOL_READ, parts[0]) if parts and parts[0] in READS else (Kind.TOOL_WRITE, "")


def takes_sql(name: str) -> bool:
    """Whether a tool is likely to run SQL: what it does, the statement says, and not its name."""
    spoken = words(re.split(r"[./]", name)[-1])
    return "sql" in spoken or spoken[-1:] == ["query"]


def words(name: str) -> list[str]:
    """The words of a camelCase or snake_case name, lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def by_method(name: str) -> Kind:
    """What calling this method of a service's client does, as a request; an unknown verb writes."""
    kind, word = by_verb(name)
    return Kind.HTTP_POST if word in DOORS else _REQUESTS[kind]


_REQUESTS = {Kind.TOOL_READ: Kind.HTTP_GET, Kind.TOOL_WRITE: Kind.HTTP_POST, Kind.TOOL_DESTRUCTIVE: Kind.HTTP_DELETE}


def listed(profile: Profile, name: str) -> Kind | None:
    """What the profile's lists say of a tool or request; the strictest list that matches counts. None: no list names it."""
    for patterns, kind in (
        ((*profile.destroys, *profile.gated, *profile.forbidden), Kind.TOOL_DESTRUCTIVE),
        (profile.writes, Kind.TOOL_WRITE),
        ((*profile.reads, *profile.safe), Kind.TOOL_READ),
    ):
        if any(_pattern(pattern).fullmatch(name) for pattern in patterns):
            return kind
    return None


def kind_of(profile: Profile, name: str) -> Kind:
    """What calling this tool inside a program does: by the profile's lists (dotted name or last word), else by its verb."""
    last = name.rsplit(".", 1)[-1]
    return listed(profile, name) or listed(profile, last) or by_verb(last)[0]


def sink_for(profile: Profile, name: str) -> tuple[Sink, str] | None:
    """The sink that a dotted name goes to, and what is left of the name after it."""
    for sink in sorted(profile.sinks, key=lambda s: (s.name != "*", len(s.name)), reverse=True):
        if sink.name == "*":
            return sink, name
        if name == sink.name or name.startswith(sink.name + "."):
            return sink, name if sink.named else name[len(sink.name) + 1 :]
        if sink.name.endswith("*") and fnmatchcase(name.split(".", maxsplit=1)[0], sink.name):
            return sink, name
    return None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/ ]*"))
