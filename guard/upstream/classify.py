"""An ordinary tool of a wrapped server -> what calling it does: `tool.read`, `tool.write` or `tool.destructive`. Pure.

In this order: what the operator says, what the profile says, else the verb in the tool's name and what its arguments say. The server's own
annotations can raise the result, never lower it: servers mark arbitrary code `readOnlyHint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guard.analyse.profile import Profile
from guard.analyse.tools import RANK, TEXT_ARGUMENTS, by_verb, listed, takes_sql
from guard.model import Kind

OVERRIDES = {"read": Kind.TOOL_READ, "write": Kind.TOOL_WRITE, "destructive": Kind.TOOL_DESTRUCTIVE}
_CODE = frozenset(
    (
        "code",
        "script",
        "command",
        "cmd",
        "shell",
        "sql",
        "statement",
        "program",
        "expression",
        "source",
        "eval",
        "javascript",
        "python",
        "bash",
    )
)
"""Names of arguments that carry programs."""


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
    named = listed(profile, name)
    judged = Judgement(kind=named, why=f"by the profile {profile.name}") if named else _by_name(name, tool)
    return _raised(judged, tool.get("annotations"))


def _by_name(name: str, tool: Mapping[str, Any]) -> Judgement:
    carried = sorted(_properties(tool) & _CODE)
    if carried:
        return Judgement(kind=Kind.TOOL_DESTRUCTIVE, why=f"its argument {carried[0]!r} carries a program")
    kind, word = by_verb(name)
    if kind is Kind.TOOL_READ and takes_sql(name) and _properties(tool) & frozenset(TEXT_ARGUMENTS):
        return Judgement(kind=Kind.TOOL_DESTRUCTIVE, why="its name says that it runs queries, and one of its arguments may be any")
    return Judgement(kind=kind, why=f"its name says {word!r}" if word else "nothing says that it only reads")


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
