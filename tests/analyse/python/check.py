"""Reads the annotated examples: real source, the expected effects of a line in its trailing comment."""

from __future__ import annotations

import re
from pathlib import Path

from guard.analyse.python import examine
from guard.model import Effect, Facts, Kind
from guard.path_rules import in_workspace, shown

EXAMPLES = Path(__file__).parent / "examples"
FACTS = Facts(workspace="/home/dev/project", home="/home/dev")
MARK = re.compile(r"  # (?=[a-z]+(\.[a-z_]+)?\b)")


def described(effect: Effect) -> str:
    """An effect as the comments write it: `kind Type name`, with "~" if it is not exact; `opaque` and unknown imports have no resource."""
    if effect.kind in (Kind.OPAQUE, Kind.IMPORT_UNKNOWN):
        return str(effect.kind)
    name = shown(effect.resource.name, FACTS) or "?"
    return f"{effect.kind} {effect.resource.type} {name}{'' if effect.exact else ' ~'}"


def found(source: str) -> dict[int, set[str]]:
    """Line -> effects that the analysis sees there."""
    lines: dict[int, set[str]] = {}
    for effect in examine(source, FACTS).effects:
        lines.setdefault(effect.span.line if effect.span else 0, set()).add(described(effect))
    return lines


def expected(source: str) -> dict[int, set[str]]:
    """Line -> effects that its comment promises."""
    lines = {}
    for number, line in enumerate(source.splitlines(), 1):
        if (mark := MARK.search(line)) and not line.startswith("#"):
            lines[number] = {one.strip() for one in line[mark.end() :].split(";")}
    return lines


def rules(source: str) -> set[str]:
    """The rule ids that speak in an example."""
    return {effect.rule for effect in examine(source, FACTS).effects}


def programs(text: str) -> list[str]:
    """The programs of a text, which dashes part."""
    return text.strip("\n").split("\n---\n")


def reads_in_workspace(code: str) -> bool:
    """Whether a program does nothing but compute and read in the workspace."""
    effects = [effect for effect in examine(code, FACTS).effects if effect.kind not in (Kind.COMPUTE, Kind.ANSWER)]
    return all(effect.kind in (Kind.FS_READ, Kind.FS_LIST) and in_workspace(effect.resource.name, FACTS) for effect in effects)
