"""Submission -> Analysis: what could this program do?

Pure and total: no files, no clock, no network, and no exception on hostile code; what cannot be known is an `opaque` effect with one
sentence for a person. Every language is one row in `ANALYSERS`; a language without a row is opaque. Run it through `guard.analyst`,
which holds it in a resource-limited process with a deadline: a native crash or an endless loop there is an opaque analysis too.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from guard.model import Effect, Facts

Analyser = Callable[[str, Facts, int, str], tuple[Effect, ...]]
"""(code, facts, depth of nesting, argument) -> effects, without `compute` and `answer`."""

ANALYSERS = {
    "python": "guard.analyse.python",
    "javascript": "guard.analyse.javascript",
    "typescript": "guard.analyse.javascript.typescript",
    "shell": "guard.analyse.shell",
    "sql": "guard.analyse.sql",
}
"""Language -> module with an `analyse` of type Analyser; imported at first use (grammars are slow to load)."""

ALIASES = {"py": "python", "python3": "python", "js": "javascript", "ts": "typescript", "tsx": "typescript", "bash": "shell", "sh": "shell"}


def analyser_for(language: str) -> Analyser | None:
    """The analyser of a language, or None if guard has none."""
    name = ALIASES.get(language.lower(), language.lower())
    if name not in ANALYSERS:
        return None
    return cast(Analyser, import_module(ANALYSERS[name]).analyse)
