"""Which profile fits a wrapped server: from its name, its tools' names and their schemas. Pure.

A server that takes programs but fits no profile is handled generically; one that takes none has ordinary tools only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from guard.analyse.profile import CodeTool, Form, Profile

PLAIN = Profile(name="plain", code=(), form=Form.SCRIPT)
"""A server without code tools."""
_GENERIC = ("generic-js", "generic-python")
_ARGUMENTS = ("code", "script", "source_code", "program")
_SHELL = ("command", "cmd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The profile that is used, and why, in a sentence for people."""

    profile: Profile
    why: str


def detect(server: str, tools: Sequence[Mapping[str, Any]], profiles: Iterable[Profile]) -> Detection:
    """The profile of a server called `server` in its own words, with these raw tool definitions."""
    known = [profile for profile in profiles if profile.name not in _GENERIC]
    named = [p for p in known if any(fnmatchcase(server, pattern) for pattern in p.servers) and _takes_code(p, tools)]
    if named:
        best = max(named, key=lambda p: _common(p, tools))
        return Detection(profile=best, why=f"it calls itself {server!r} and has the tools of {best.name}")
    described = "\n".join(str(tool.get("description", "")) for tool in tools)
    for p in known:
        if p.mentions and _takes_code(p, tools) and all(text in described for text in p.mentions):
            return Detection(profile=p, why=f"its tools are described as those of {p.name} are")
    alike = [(p, _common(p, tools)) for p in known if not p.servers and _takes_code(p, tools)]
    alike = [(p, common) for p, common in alike if common >= 3]
    if alike:
        best, _ = max(alike, key=lambda found: found[1])
        return Detection(profile=best, why=f"it has the tools of {best.name}")
    return _generic(tools, {p.name: p for p in profiles})


def _takes_code(profile: Profile, tools: Sequence[Mapping[str, Any]]) -> bool:
    return any(code_tool(profile, tool) is not None for tool in tools)


def code_tool(profile: Profile, tool: Mapping[str, Any]) -> CodeTool | None:
    """The row of the profile for this tool, if it takes code as the profile says."""
    for row in profile.code:
        if fnmatchcase(str(tool.get("name", "")), row.name) and row.argument in _properties(tool):
            return row
    return None


def _common(profile: Profile, tools: Sequence[Mapping[str, Any]]) -> int:
    listed = (*(row.name for row in profile.code), *profile.safe, *profile.gated, *profile.forbidden)
    return sum(any(fnmatchcase(str(tool.get("name", "")), name) for name in listed) for tool in tools)


def _generic(tools: Sequence[Mapping[str, Any]], profiles: Mapping[str, Profile]) -> Detection:
    rows = [row for tool in tools if (row := _looks_like_code(tool)) is not None]
    if not rows:
        return Detection(profile=PLAIN, why="none of its tools takes a program")
    python = sum(row.language == "python" for row in rows) * 2 > len(rows)
    base = profiles["generic-python" if python else "generic-js"]
    names = ", ".join(row.name for row in rows)
    return Detection(
        profile=dataclasses.replace(base, code=tuple(rows)),
        why=f"no profile fits, and {names} takes programs: handled generically; what is not plain parks",
    )


def _looks_like_code(tool: Mapping[str, Any]) -> CodeTool | None:
    properties = _properties(tool)
    text = f"{tool.get('name', '')} {tool.get('description', '')} {properties}".lower()
    name = str(tool.get("name", ""))
    for argument in (*_ARGUMENTS, *_SHELL):
        if argument in properties and properties[argument] in ("string", None):
            if argument in _SHELL:
                return CodeTool(name=name, argument=argument, language="shell")
            return CodeTool(name=name, argument=argument, language=_language(text))
    return None


def _language(text: str) -> str:
    for word, language in (
        ("python", "python"),
        ("typescript", "typescript"),
        ("javascript", "javascript"),
        ("bash", "shell"),
        ("shell", "shell"),
    ):
        if word in text:
            return language
    return "typescript"  # JavaScript is TypeScript; a text in another language does not parse, and is opaque


def _properties(tool: Mapping[str, Any]) -> dict[str, Any]:
    schema = tool.get("inputSchema")
    known = schema.get("properties") if isinstance(schema, dict) else None
    return (
        {str(name): rule.get("type") if isinstance(rule, dict) else None for name, rule in known.items()} if isinstance(known, dict) else {}
    )
