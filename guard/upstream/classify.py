"""An ordinary tool of a wrapped server -> what calling it does: `tool.read`, `tool.write` or `tool.destructive`. Pure.

In this order: what the operator says, what the profile says, else the verb in the tool's name and what its arguments say. The server's own
annotations can raise the result, never lower it: servers mark arbitrary code `readOnlyHint`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from guard.analyse.profile import Profile
from guard.model import Kind

RANK = {Kind.TOOL_READ: 0, Kind.TOOL_WRITE: 1, Kind.TOOL_DESTRUCTIVE: 2}
OVERRIDES = {"read": Kind.TOOL_READ, "write": Kind.TOOL_WRITE, "destructive": Kind.TOOL_DESTRUCTIVE}

READS = frozenset(
    """
    get list search find read fetch describe show view lookup count check query stat status info inspect browse whoami ping echo
    help docs doc resolve retrieve summarize summary compare diff preview validate verify explain tree ls cat head tail history log
    logs
    """.split()
)
DESTROYS = frozenset(
    """
    delete remove destroy drop purge wipe erase clear truncate reset revoke cancel terminate kill stop uninstall disable discard rm
    rmdir unlink prune flush overwrite format rollback revert force ban deactivate archive transfer pay refund
    """.split()
)
DOORS = frozenset(
    """
    execute exec eval run invoke call register deregister install mount import load script shell command deploy grant
    """.split()
)
"""Verbs that run or add what cannot be known: another tool, a program, a server."""
_CODE = frozenset(
    """
    code script command cmd shell sql statement program expression source eval javascript python bash
    """.split()
)
"""Names of arguments that carry programs."""
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a tool does, and in a few words why guard thinks so."""

    kind: Kind
    why: str


def classify(tool: Mapping[str, Any], profile: Profile, overrides: Mapping[str, str]) -> Judgement:
    """What calling a tool with this raw definition does."""
    name = str(tool.get("name", ""))
    if said := overrides.get(name):
        return Judgement(kind=OVERRIDES[said], why="as configured here")
    listed = _listed(name, profile)
    judged = listed or _by_name(name, tool)
    return _raised(judged, tool.get("annotations"))


def _listed(name: str, profile: Profile) -> Judgement | None:
    for kind, patterns in (
        (Kind.TOOL_DESTRUCTIVE, (*profile.gated, *profile.destroys)),
        (Kind.TOOL_WRITE, profile.writes),
        (Kind.TOOL_READ, (*profile.safe, *profile.reads)),
    ):
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return Judgement(kind=kind, why=f"by the profile {profile.name}")
    return None


def _by_name(name: str, tool: Mapping[str, Any]) -> Judgement:
    words = [word.lower() for word in _WORD.findall(name)]
    carried = sorted(_properties(tool) & _CODE)
    if carried:
        return Judgement(kind=Kind.TOOL_DESTRUCTIVE, why=f"its argument {carried[0]!r} carries a program")
    if found := next((word for word in words if word in DESTROYS), ""):
        return Judgement(kind=Kind.TOOL_DESTRUCTIVE, why=f"its name says {found!r}")
    if words and words[0] in DOORS:
        return Judgement(kind=Kind.TOOL_DESTRUCTIVE, why=f"its name says {words[0]!r}: what it runs or adds cannot be known")
    if words and words[0] in READS:
        return Judgement(kind=Kind.TOOL_READ, why=f"its name says {words[0]!r}")
    return Judgement(kind=Kind.TOOL_WRITE, why="nothing says that it only reads")


def _properties(tool: Mapping[str, Any]) -> frozenset[str]:
    schema = tool.get("inputSchema")
    known = schema.get("properties") if isinstance(schema, dict) else None
    return frozenset(str(name).lower() for name in known) if isinstance(known, dict) else frozenset()


def _raised(judged: Judgement, annotations: Any) -> Judgement:
    hints = annotations if isinstance(annotations, dict) else {}
    hinted = Kind.TOOL_READ
    if hints.get("destructiveHint") is True and hints.get("readOnlyHint") is not True:
        hinted = Kind.TOOL_DESTRUCTIVE
    elif hints.get("readOnlyHint") is False:
        hinted = Kind.TOOL_WRITE
    if RANK[hinted] > RANK[judged.kind]:
        return Judgement(kind=hinted, why="by the server's own annotation")
    return judged
