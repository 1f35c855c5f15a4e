"""What differs from this agent's and this program's past, and what hides: at most a few notices, most telling first, none in most cases."""

from __future__ import annotations

from dataclasses import dataclass

from guard.desk import Past
from guard.model import Case, Kind, Resource
from guard.visible import Findings, Visible, visible, words
from guard.words import count, letters, name, telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to look at."""

    sign: str
    """‹› hidden text, ✱ new, ! surprising."""
    text: Visible
    typed: str
    """What a person types to say that it was seen."""
    line: int = 0


def notices_of(case: Case, found: Findings, past: Past | None, unexpected: int = 0) -> tuple[Notice, ...]:
    """The notices of a case."""
    out: list[Notice] = []
    if unexpected:
        out.append(
            Notice(
                sign="!", text=words(f"touched {count(unexpected, 'path')} that {_was(unexpected)} not predicted"), typed=str(unexpected)
            )
        )
    out += _private(case)[:1]
    if found.hidden:
        said = f"{count(found.hidden, 'hidden character')}, first in L{found.hidden_line}"
        out.append(Notice(sign="‹›", text=words(said), typed=f"{found.hidden} hidden", line=found.hidden_line))
    for line, word in found.mixed[:1]:
        out.append(Notice(sign="!", text=words(f"letters that look alike in L{line}: ") + word, typed=f"L{line}", line=line))
    if past is not None:
        out += _new(case, past)
    for effect in case.decision.effects:
        if effect.kind is Kind.FS_SURFACE:
            what = name(effect.resource, case.facts)
            out.append(Notice(sign="✱", text=what + words(" is run later by other tools"), typed=what.text))
            break
    if found.longest:
        out.append(Notice(sign="!", text=words(f"a line of {found.longest:,} characters"), typed=str(found.longest)))
    if found.rtl:
        out.append(Notice(sign="!", text=words(f"right-to-left letters in L{found.rtl}"), typed=f"L{found.rtl}", line=found.rtl))
    return tuple(out)


def _private(case: Case) -> list[Notice]:
    """What carries a secret, or a private file, onto the network."""
    return [
        Notice(
            sign="!",
            text=words("private data goes to ") + (name(e.resource, case.facts) if e.resource.name else words("a host that it computes")),
            typed=name(e.resource, case.facts).text or "private data",
        )
        for e in telling(case.decision.effects)
        if e.tainted and "N" in letters(e)
    ]


def _new(case: Case, past: Past) -> list[Notice]:
    out = [
        Notice(
            sign="✱",
            text=words("first time ") + visible(case.submission.agent) + words(_goes(case, one)) + name(one, case.facts),
            typed=name(one, case.facts).text,
        )
        for one in past.new
        if name(one, case.facts).text
    ]
    out += [
        Notice(sign="✱", text=words(f"none of {len(past.agent)} earlier programs {said}"), typed=str(len(past.agent)))
        for said in past.never
    ]
    if past.rejected:
        last = past.rejected[0]
        out.append(Notice(sign="!", text=words(f"rejected before: {last.id:04d}"), typed=f"{last.id:04d}"))
    return out


def _goes(case: Case, resource: Resource) -> str:
    kinds = {e.kind for e in case.decision.effects if e.resource == resource}
    if kinds & {Kind.HTTP_POST, Kind.HTTP_PUT, Kind.HTTP_PATCH}:
        return " sends to "
    if Kind.HTTP_DELETE in kinds:
        return " deletes at "
    return " fetches from " if kinds & {Kind.HTTP_GET, Kind.HTTP_HEAD} else " uses "


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
