"""Reads the annotated examples: real source, the expected effects of a line in its trailing comment."""

from __future__ import annotations

import re
from pathlib import Path

from guard.analyse.javascript import analyse as javascript
from guard.analyse.javascript.typescript import analyse as typescript
from guard.model import Effect, Facts, Kind
from guard.path_rules import shown

EXAMPLES = Path(__file__).parent / "examples"
FACTS = Facts(workspace="/home/dev/project", home="/home/dev")
MARK = re.compile(r"  // (?=[a-z]+(\.[a-z_]+)?\b)")


def effects_of(source: str, *, language: str = "javascript", profile: str = "") -> tuple[Effect, ...]:
    analyse = typescript if language == "typescript" else javascript
    facts = Facts(profile=profile) if profile else FACTS
    return analyse(source, facts, 0, "server" if profile else "")


def described(effect: Effect) -> str:
    """An effect as the comments write it: `kind Type name`, with "~" if it is not exact, "?" if it only may happen, "*n" in a loop."""
    loop = (
        ""
        if effect.loop == "one"
        else " *" + (str(effect.count) if effect.count is not None else "n" if effect.loop == "bounded" else "many")
    )
    if effect.kind in (Kind.OPAQUE, Kind.IMPORT_UNKNOWN):
        return f"{effect.kind}"
    name = shown(effect.resource.name, FACTS) or "-"
    marks = f"{'' if effect.exact else ' ~'}{'' if effect.certain else ' ?'}{loop}{' tainted' if effect.tainted else ''}"
    return f"{effect.kind} {effect.resource.type} {name}{marks}"


def found(source: str, *, language: str = "javascript", profile: str = "") -> dict[int, set[str]]:
    """Line -> effects that the analysis sees there."""
    lines: dict[int, set[str]] = {}
    for effect in effects_of(source, language=language, profile=profile):
        lines.setdefault(effect.span.line if effect.span else 0, set()).add(described(effect))
    return lines


def expected(source: str) -> dict[int, set[str]]:
    """Line -> effects that its comment promises."""
    lines = {}
    for number, line in enumerate(source.splitlines(), 1):
        if (mark := MARK.search(line)) and not line.startswith("//"):
            lines[number] = {one.strip() for one in line[mark.end() :].split(";")}
    return lines


def check(source: str, *, language: str = "javascript", profile: str = "") -> None:
    """The one question of the tests here: does the analysis see exactly what the comments promise?"""
    assert found(source, language=language, profile=profile) == expected(source)
