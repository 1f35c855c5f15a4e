"""TypeScript -> effects: the JavaScript analysis over TypeScript's grammar; types do nothing at run time."""

from __future__ import annotations

from guard.analyse import Examined
from guard.analyse.javascript import TYPED, analyse_with, examine_with
from guard.model import Effect, Facts


def analyse(code: str, facts: Facts, depth: int = 0, argument: str = "") -> tuple[Effect, ...]:
    """The effects of a TypeScript (or TSX) program. `argument`: the name of the wrapped server."""
    return analyse_with(code, facts, depth, argument, TYPED)


def examine(code: str, facts: Facts) -> Examined:
    """The effects of a TypeScript program of our box, with the modules of the workspace that it imports."""
    return examine_with(code, facts, TYPED)
