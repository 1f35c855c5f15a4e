"""Shell text -> effects: tree-sitter-bash, words as a shell would expand them, and tables of programs.

What cannot be known (computed commands, text that does not parse, variables that change what commands do) is an `opaque` effect with one
sentence for a person. Deliberately absent: reading scripts that a command runs; those are opaque.
"""

from __future__ import annotations

from guard.analyse.shell.source import prepared
from guard.analyse.shell.state import Shell
from guard.analyse.shell.walk import analyse_text
from guard.model import Effect, Facts


def analyse(code: str, facts: Facts, depth: int, argument: str) -> tuple[Effect, ...]:
    """All effects of a shell text, in the order in which they are met. `argument` is not used. Never raises on any text."""
    sh = Shell(facts=facts, depth=depth, source=prepared(code), folders=(facts.mount if facts.workspace else "/",))
    analyse_text(sh)
    return tuple(sh.effects)
