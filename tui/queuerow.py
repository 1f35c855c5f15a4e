"""The rows of the queue, and their columns.

A row keeps a few small values instead of the whole case, so that ten thousand fit and sort at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from guard.desk import reaches
from guard.model import Case, Effect, Kind, Resource, ResourceType, Stage
from guard.visible import Visible, hides, visible, words
from guard.words import Clause, clauses, count, letter, letters, name, strip, telling
from tui.paint import NARROW, WIDE, Line, Told, columns, fit, fit_clauses, line, width
from tui.phrases import ago, number

RISK = "?DNWR"
"""Worst first."""
LATER = "runs later"
"""What is said of a write into a file that other tools run; among the worst."""
MOST_TOUCHED = 50
"""Files and tables of one case that are held against those of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a row of the queue, its order and the filter need of a case."""

    id: int
    agent: Visible
    strip: str
    created: datetime
    expires: datetime
    would: Visible
    clauses: tuple[Told, ...]
    """Its clauses, so that a narrow row holds whole ones."""
    owed: str
    surprise: str
    """What hides, leaks, or runs later; "" if nothing does."""
    search: str
    """Everything that a word of the filter is looked for in, lower case."""
    hosts: tuple[str, ...]
    signed: tuple[str, ...]
    seal: str
    version: int
    stage: Stage
    outcome: str = ""
    is_: frozenset[str] = frozenset()
    """What `is:` of the filter asks: new, edited, tried, hidden, asked, answered."""
    agent_name: str = ""
    risk: int = len(RISK)
    """Its place in `RISK`."""
    shape: int = 0
    """Equal for cases of one agent that do the same to the same things."""

    reaches: tuple[Resource, ...] = ()
    """The hosts and tools that it would reach."""
    new: str = ""
    """That one of those is new to its agent; known once `against` was asked."""

    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    """Files and tables that it changes, and that it reads: of many, some."""

    def crosses(self, other: Waiting) -> frozenset[str]:
        """What both touch and at least one of them changes: how one ends matters to the other."""
        return self.writes & (other.writes | other.reads) | self.reads & other.writes

    @property
    def grave(self) -> bool:
        return self.risk < 2

    @property
    def badge(self) -> str:
        """The most telling surprise, and how far a question to the agent is."""
        first = self.new if self.new and not self.surprise.startswith(("‹›", "!")) else self.surprise
        return " ".join(filter(None, (first, next((word for word in ("answered", "asked") if word in self.is_), ""))))

    def told(self, cells: int) -> Visible:
        """What it would do, in so many cells."""
        if width(self.would.text) <= cells:
            tried = words(" (tried already)" if "tried" in self.is_ and self.stage is Stage.WAITING else "")
            return self.would + tried if width(self.would.text) + len(tried) <= cells else self.would
        return fit_clauses(self.would.text, self.clauses, cells)

    def against(self, known: frozenset[Resource]) -> Waiting:
        """The row, held against what its agent was let reach before."""
        fresh = [resource for resource in self.reaches if resource not in known]
        tool = all(resource.type in (ResourceType.TOOL, ResourceType.SERVER) for resource in fresh)
        new = "" if not fresh else "✱new tool" if tool else "✱new host"
        is_ = self.is_ - {"new"} | ({"new"} if new or self.surprise.startswith("✱") else set())
        return self if new == self.new else dataclasses.replace(self, new=new, is_=is_)


Order = Callable[[Waiting], tuple[object, ...]]
ORDERS: dict[str, Order] = {
    "risk": lambda of: (not of.surprise.startswith("!"), min(of.risk, 1) if LATER in of.surprise else of.risk, of.created, of.id),
    "expiry": lambda of: (of.expires, of.id),
    "age": lambda of: (of.created, of.id),
    "agent": lambda of: (of.agent_name, of.created, of.id),
}
"""By what the queue is sorted; the first is how it starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the top line says of all that waits, whatever the order and the filter."""

    waiting: int = 0
    grave: int = 0
    oldest: Waiting | None = None
    due: Waiting | None = None


def tally(rows: Iterable[Waiting]) -> Tally:
    """Counted in one pass."""
    many = grave = 0
    oldest = due = None
    for of in rows:
        if of.stage is Stage.WAITING:
            many += 1
            grave += of.risk < 2
            if oldest is None or of.created < oldest.created:
                oldest = of
            if due is None or of.expires < due.expires:
                due = of
    return Tally(waiting=many, grave=grave, oldest=oldest, due=due)


def summary(case: Case) -> Waiting:
    """The row of a case."""
    effects, facts = case.decision.effects or case.analysis.effects, case.facts
    told = clauses(effects, facts, bare=True)
    would = ", ".join(clause.text for clause in told) or "only compute"
    hidden, letters_ = hides(case.submission.code[:20_000]), strip(effects)
    surprise = _surprise(case, hidden=hidden)
    names = [name(e.resource, facts).text for e in telling(effects)]
    return Waiting(
        id=case.id,
        agent=visible(case.submission.agent),
        strip=letters_,
        created=case.created_at,
        expires=case.expires_at,
        would=words(would),
        clauses=tuple(_told(told)),
        owed=owed(case),
        surprise=surprise,
        search=" ".join((number(case.id), would, case.submission.agent, *names, case.submission.code[:4000])).lower(),
        hosts=tuple(e.resource.name.rpartition(":")[0] for e in effects if "N" in letters(e)),
        signed=tuple(a.person for a in case.approvals),
        seal=case.seal,
        version=case.version,
        stage=case.stage,
        outcome=case.outcome,
        is_=frozenset(
            word
            for word, holds in (
                ("edited", bool(case.submission.edited_by)),
                ("tried", case.execution is not None),
                ("hidden", hidden),
                ("new", surprise.startswith("✱")),
                ("answered", case.replied),
                ("asked", bool(case.asked)),
            )
            if holds
        ),
        agent_name=case.submission.agent,
        reaches=reaches(case),
        writes=_touched(effects, "DW"),
        reads=_touched(effects, "R"),
        shape=hash((case.submission.agent, frozenset((e.kind, e.resource) for e in case.decision.effects))),
        risk=next((i for i, one in enumerate(RISK) if one in letters_), len(RISK)),
    )


def _touched(effects: Iterable[Effect], classes: str) -> frozenset[str]:
    found = (e.resource.name for e in effects if e.resource.type in (ResourceType.FILE, ResourceType.TABLE) and letter(e) in classes)
    return frozenset(islice(found, MOST_TOUCHED))


def _told(clauses_: Sequence[Clause]) -> Iterator[Told]:
    """Where the clauses stand once commas join them, and the names in them."""
    at = 0
    for clause in clauses_:
        names: list[int] = []
        for text, named in clause.parts:
            names += (at, at + len(text)) if named else ()
            at += len(text)
        yield tuple(names), at
        at += len(", ")


def owed(case: Case) -> str:
    """The narrow column: people still needed, and what else."""
    need, have = case.decision.owed.approvals, len(case.approvals)
    more = "+loss" if case.decision.losses else "+backup" if case.decision.backup else ""
    people = f"{need - have} of {need}" if have else str(need) if more else count(need, "person")
    return f"{people} {more}".rstrip()


def _surprise(case: Case, *, hidden: bool) -> str:
    if any(e.tainted and "N" in letters(e) for e in case.decision.effects):
        return "!private"
    if hidden:
        return "‹›hidden"
    if any(e.kind is Kind.FS_SURFACE for e in case.decision.effects):
        return f"✱{LATER}"
    return ""


def class_strip(strip_: str) -> Line:
    """The five columns, painted: D and ? reversed."""
    return line(*((one, f"bad{one}" if one in "D?" else one if one != "-" else "dim") for one in strip_))


def row(of: Waiting, cells: int, now: datetime, *, here: bool, marked: bool = False, digits: int = 4) -> list[Line]:
    """A case as one row of the queue (two under 80 columns)."""
    left, whole = (of.expires - now).total_seconds(), (of.expires - of.created).total_seconds()
    hurry = "!" if left < whole / 3 else " "
    gone = of.stage is not Stage.WAITING
    age = line(ago((now - of.created).total_seconds()).rjust(4), (hurry, "warn"))
    sign = ("▌", "strong") if here else ("*", "warn") if marked else " "
    head = line(sign, (number(of.id).rjust(digits), "strong" if here else "bold"))
    badge = line((of.badge, "warn")) if of.badge and not gone else Line()
    due = line(("settled", "dim")) if gone else line((of.owed, "warn" if "+" in of.owed else ""))
    agent = line((fit(of.agent, 16 if cells >= WIDE else 10), "dim"))
    if cells < NARROW:
        first = columns([(head, digits + 2), (class_strip(of.strip), 5), (age, 5), (agent, 12), (due, cells - 28 - digits)])
        room = cells - 4 - width(badge.text.text)
        return [first, columns([(Line(), 2), (_middle(of, room), room), (badge, width(badge.text.text))])]
    last = 9
    first_cells = [(head, digits + 1), (class_strip(of.strip), 5), (age, 5)]
    if cells >= WIDE:
        first_cells.append((line((ago(left).rjust(4) + " left", "dim" if hurry == " " else "warn")), 9))
    first_cells.append((agent, 16 if cells >= WIDE else 10))
    used = sum(size + 1 for _, size in first_cells) + last + 1
    mark = width(badge.text.text)
    room = cells - used - (mark + 1 if mark else 0)
    middle = [(_middle(of, room), room)] + ([(badge, mark)] if mark else [])
    return [columns([*first_cells, *middle, (due, last)])]


def _middle(of: Waiting, cells: int) -> Line:
    """What it would do; of one that is settled, how."""
    return line(of.told(cells)) if of.stage is Stage.WAITING else line((visible(of.outcome), "gone"))


LEGEND = "   R reads  W writes  N network  D destroys  ? unseen"
SHORT_LEGEND = "R read W write N net D destroy ? unseen"


def heading(cells: int, *, digits: int = 4) -> Line:
    """The words above the columns, and what the letters mean where there is room."""
    case = "case".rjust(digits)
    if cells < NARROW:
        return line((f"{case}  RWND? age   agent        owed", "dim"))
    left = "      left " if cells >= WIDE else ""
    agent = "agent".ljust(17 if cells >= WIDE else 11)
    start = f"{case} RWND?  age {' ' if not left else ''}{left}{agent}would"
    room = cells - len(start) - 10
    if len(LEGEND) > room:  # what it would do says itself what it is
        start, room = start.removesuffix("would"), room + len("would")
    legend = LEGEND if len(LEGEND) <= room else SHORT_LEGEND if len(SHORT_LEGEND) <= room else "D destroys  ? unseen"
    return line((start + legend[:room].ljust(room) + "owed", "dim"))
