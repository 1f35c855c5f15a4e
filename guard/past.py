"""A case held against its agent's past: what is new about it, and how the like of it ended.

Cases enter, a value leaves; pure. Only what was let through counts as known: a host that was asked for and refused stays new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from guard.model import CLASSES, UNSEEN, Case, Class, Kind, Resource, ResourceType, Stage

LET_THROUGH = frozenset({Stage.RUNNING, Stage.COMMITTING, Stage.DONE, Stage.FAILED, Stage.INTERRUPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Earlier cases of one agent, newest first, as they bear on one case."""

    program: tuple[Case, ...] = ()
    """With the same code."""
    shape: tuple[Case, ...] = ()
    """With the same effects on the same things, but another text."""
    agent: tuple[Case, ...] = ()
    """All of them."""
    new: tuple[Resource, ...] = ()
    """What the case would send to, fetch from or call, and none of the earlier ones was let do so."""
    never: tuple[str, ...] = ()
    """Grave things it would do ("destroyed anything", "ran what cannot be seen") that none of at least `ENOUGH` earlier ones did."""

    @property
    def rejected(self) -> tuple[Case, ...]:
        """The same program or shape, rejected before."""
        return tuple(case for case in (*self.program, *self.shape) if case.stage is Stage.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What became of the cases of one day."""

    alone: int = 0
    """Ran without being asked for."""
    approved: int = 0
    rejected: int = 0
    expired: int = 0
    denied: int = 0


def today(cases: Sequence[Case], now: datetime) -> Today:
    """Counted over the cases that were submitted on the day (UTC) of `now`."""
    of_today = [case for case in cases if case.created_at.astimezone(UTC).date() == now.astimezone(UTC).date()]
    stages = [case.stage for case in of_today]
    through = [case for case in of_today if case.stage in LET_THROUGH]
    approved = sum(bool(case.approvals) for case in through)
    return Today(
        alone=len(through) - approved, approved=approved, rejected=stages.count(Stage.REJECTED),
        expired=stages.count(Stage.EXPIRED), denied=stages.count(Stage.DENIED),
    )  # fmt: skip


def alike(case: Case, other: Case) -> bool:
    """Whether two cases of one agent do the same to the same things, by programs that may differ."""
    return case.submission.agent == other.submission.agent and _shape(case) == _shape(other)


ENOUGH = 5
"""With fewer earlier programs, that something never happened says nothing."""


def reaches(case: Case) -> tuple[Resource, ...]:
    """The hosts and tools that the case would send to, fetch from or call."""
    asked = (e for e in case.decision.effects if Class.NETWORK in e.classes or e.kind.value.startswith("tool."))
    return tuple(dict.fromkeys(e.resource for e in asked if e.resource.name and e.resource.type is not ResourceType.RUN))


def reached(earlier: Iterable[Case]) -> frozenset[Resource]:
    """The hosts and tools that those of these cases which were let through were let reach."""
    return frozenset(one for case in earlier if case.stage in LET_THROUGH for one in reaches(case))


def past(case: Case, earlier: Sequence[Case], known: frozenset[Resource] = frozenset()) -> Past:
    """What `earlier` (cases of the same agent, newest first) says about the case. `known`: what still earlier ones reached."""
    others = tuple(other for other in earlier if other.id != case.id and other.submission.agent == case.submission.agent)
    code, shape = case.submission.code_digest, _shape(case)
    program = tuple(other for other in others if other.submission.code_digest == code)
    alike = tuple(other for other in others if other not in program and _shape(other) == shape)
    through = [other for other in others if other.stage in LET_THROUGH]
    known |= reached(through)
    new = tuple(resource for resource in reaches(case) if resource not in known)
    never = tuple(said for said, did in _GRAVE if _any(case, did) and len(through) >= ENOUGH and not any(_any(o, did) for o in through))
    return Past(program=program, shape=alike, agent=others, new=new, never=never)


def _shape(case: Case) -> frozenset[tuple[Kind, Resource]]:
    return frozenset((effect.kind, effect.resource) for effect in case.decision.effects)


def _any(case: Case, kinds: frozenset[Kind]) -> bool:
    return any(effect.kind in kinds for effect in case.decision.effects)


_GRAVE = (
    ("destroyed anything", frozenset(kind for kind, classes in CLASSES.items() if Class.DESTRUCTIVE in classes) - UNSEEN),
    ("did what cannot be seen", UNSEEN),
)
