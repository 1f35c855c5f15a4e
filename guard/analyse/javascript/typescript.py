"""TypeScript -> effects: the JavaScript analysis over TypeScript's grammar; types do nothing at run time."""

from __future__ import annotations

from guard.analyse.javascript import analyse_with
from guard.model import Effect, Facts


def analyse(code: str, facts: Facts, depth: int = 0, argument: str = "") -> tuple[Effect, ...]:
    """The effects of a TypeScript (or TSX) program. `argument`: the name of the wrapped server."""
    return analyse_with(code, facts, depth, argument, ("typescript", "tsx", "javascript"), typed=True)
