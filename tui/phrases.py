"""What several screens say in the same words: spans of time, numbers of cases, errors, how a case ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guard.errors import GuardError
from guard.model import Case
from guard.visible import visible, words
from tui.paint import Line, line


def ago(seconds: float) -> str:
    """A span of time in three cells or four: 40s, 41m, 3h, 12d."""
    seconds = max(0, int(seconds))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    return f"{seconds // 3600}h" if seconds < 48 * 3600 else f"{seconds // 86400}d"


def number(case_id: int) -> str:
    """A case's number as people say it: 0118."""
    return f"{case_id:04d}"


def sentence(error: GuardError) -> str:
    """What is wrong, and what to do about it."""
    return f"{str(error).rstrip('.')}. {error.hint}".rstrip()


def granted(found: Sequence[tuple[str, str]]) -> str:
    """The grants that let a case through, and who gave them; "" if none did."""
    return " and ".join(f"the grant {one} of {person}" for one, person in found)


def settled(case: Case) -> Line:
    """How a case ended, for whoever was about to answer it."""
    said = visible(case.outcome.rstrip(".")) if case.outcome else words(f"It is {case.stage.value} now")
    return line(("! ", "warn"), said, ". Nothing is left to decide here.")


def not_taken(refused: Mapping[int, str], *, named: bool) -> Line:
    """Which cases' answers were not taken, and why, each reason once; nothing if all were. `named`: by their numbers."""
    said = Line()
    for why in dict.fromkeys(refused.values()):
        which = ", ".join(number(case_id) for case_id, other in refused.items() if other == why)
        said += line(("; " if said.text.text else "! Not taken: ", "warn"), f"{which}: " if named else "", visible(why))
    return said
