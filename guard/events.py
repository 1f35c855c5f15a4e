"""What can happen to a case, the world in which it happens, and the step that follows: the values that `guard.pipeline` takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guard.decide import Policies
from guard.model import Agent, Analysis, Approval, AuditEvent, BoxProfile, Case, Execution, Facts, Person, Rejection, Submission
from guard.review import Refused

# ------------------------------------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    submission: Submission
    facts: Facts
    analysis: Analysis
    box: BoxProfile
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    approval: Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    rejection: Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A person asks the agent something about the case. Neither this nor the answer moves its seal, its decision or its time."""

    person: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The case's own agent answers what it was asked: the front checks whose ticket it is."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """Decide again: the policies, or the people, changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An engine whose workspace and box are the sealed ones offers to run it."""

    analysis: Analysis
    """What the analysis says now: workspace modules that changed since make another seal."""
    box: BoxProfile | None = None
    """The box as it is now, where it can have changed since (the definition of a wrapped server's tool)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """It has waited for `minutes`: an escalation step. Taken once, whichever engine sees it first."""

    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    successor: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    execution: Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """The box could not be built: the program was never started."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The engine that ran it is dead, or the wrapped server that it was forwarded to never answered."""

    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicted:
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """What an engine left undone, a rehearsal or a commit, is taken over."""

    left_by: str
    """That engine: whoever is first is the runner, so of several that saw it one does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    person: str
    conflicts: tuple[str, ...] = ()


Event = (
    Submitted
    | Approved
    | Rejected
    | Asked
    | Answered
    | Rejudged
    | Claimed
    | Expired
    | Escalated
    | Edited
    | Ran
    | NotRun
    | Lost
    | Committed
    | Conflicted
    | Resumed
    | RolledBack
)

# ---------------------------------------------------------------------------------------------------------- commands and worlds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Start the case's program in its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Write the case's change set into the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    occasion: str


Command = Run | Commit | Notify


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What holds at the moment of the step."""

    now: datetime
    policies: Policies
    people: tuple[Person, ...]
    agents: tuple[Agent, ...] = ()
    engine: str = ""
    """Who feeds the event; a claim makes it the case's runner."""
    waits: timedelta = timedelta(hours=1)
    """How long a case waits for people."""
    spent: frozenset[str] = frozenset()
    """Standing grants that are used up."""
    parks: bool = True
    """False: there is nobody to ask (CI, headless); what would wait is denied."""
    runs: bool = True
    """False: an engine without a box submits (a person's edit); what could start waits until an engine with the box claims it."""
    waiting: int = 0
    """How many programs of the submitting agent are parked, or being tried, already."""
    most_waiting: int = 20
    """How many may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What follows from an event. `case` is None when an answer was refused: nothing moves, the record is kept."""

    case: Case | None
    commands: tuple[Command, ...] = ()
    records: tuple[AuditEvent, ...] = ()
    refused: Refused | None = None
    uses: tuple[str, ...] = ()
    """Standing grants of which this step takes one use each."""
