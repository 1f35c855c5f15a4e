"""The outside world on one screen: what the engine and the desk need of it, as Protocols. Backends implement these and never import
each other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from guard.model import (
    Analysis,
    AuditEvent,
    BoxProfile,
    Case,
    Change,
    ChangeSet,
    Effect,
    Entry,
    Execution,
    Facts,
    Grant,
    Head,
    Limits,
    Person,
    Stage,
    Standing,
    Submission,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall clock, timezone-aware UTC."""
        ...


# ----------------------------------------------------------------------------------------------------------------------- store


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePolicies:
    """The one policy set in force for everything that shares this store."""

    digest: str
    source: str
    """Folder that it was read from: a guard configured with another folder may not use this store."""
    files: tuple[tuple[str, str], ...]
    """(name, text) of the schema and every policy file, sorted by name."""
    activated_at: datetime
    generation: int = 1
    problem: str = ""
    """Not empty: a newer edit on disk does not load, and why; this set stays in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What a decision is made by, as the store has it at one moment."""

    policies: ActivePolicies | None
    head: Head
    people: tuple[Person, ...] = ()
    """By name."""
    standing: tuple[Standing, ...] = ()
    waiting: int = 0
    """How many programs of the agent that was asked about wait for people or are being tried."""
    alike: tuple[Case, ...] = ()
    """Those of them with the code that was asked about."""


class Notices(Protocol):
    """What people were told of lately, and what was held back: shared by all engines of a store, so that a flood over several is one."""

    async def say(self, about: str, *, most: int, since: datetime, now: datetime) -> bool:
        """Count one call about what `about` names; False, and nothing is counted, if there were `most` after `since`."""
        ...

    async def hold(self, routes: Sequence[str], *, until: datetime) -> None:
        """Owe these places (by label) a digest, from then on; one that is owed earlier keeps its time."""
        ...

    async def held(self) -> Mapping[str, datetime]:
        """The places that are owed a digest, and from when on."""
        ...

    async def take(self, routes: Sequence[str], *, now: datetime, until: datetime) -> tuple[str, ...]:
        """Put off to `until` what these places are owed now: then they are owed it again, unless it was sent. Returns those of them that
        were owed something: of two engines one gets each."""
        ...

    async def release(self, routes: Sequence[str], *, until: datetime) -> None:
        """It was sent: owe these places, put off to `until`, nothing any more, unless something earlier was held back since."""
        ...


class Store(Notices, Protocol):
    """Cases, the ledger, people, the active policies and payloads, shared by every guard process of one state folder.

    Raises `StoreError` when the world is broken, `Conflict` when somebody else was first.
    """

    async def create(
        self,
        case: Case,
        records: Sequence[AuditEvent],
        *,
        now: datetime,
        policy_digest: str,
        uses: Sequence[str] = (),
        seen: Present | None = None,
    ) -> Case:
        """Store a new case (its `id` is given here) and append `records` to the ledger in one transaction.

        `Conflict` if the active policies are not `policy_digest`, or if the people, the standing grants, or what waits of its agent and
        with its code, are no longer those of `seen`, or an entry is later than `now` (without `seen`: whoever and whatever).
        Records with `case=None` get the new id. The code is kept as a payload.
        """
        ...

    async def save(
        self,
        case: Case,
        records: Sequence[AuditEvent],
        *,
        now: datetime,
        before: Case,
        policy_digest: str | None,
        people: Sequence[Person] | None = None,
        uses: Sequence[str] = (),
    ) -> Case:
        """Replace `before` by `case` and append `records`, in one transaction, comparing version, stage, seal and approvals with
        `before`, the active policies with `policy_digest` and who is registered with `people` unless they are None, and taking one use
        of each standing grant in `uses`. `Conflict` if any differs or a grant is used up. Records with `case=None` get its id. Returns
        the case with its new version."""
        ...

    async def load(self, case_id: int) -> Case:
        """`BadInput` if there is no such case."""
        ...

    async def by_ticket(self, ticket: str) -> Case | None: ...

    async def cases(
        self,
        *,
        stages: Sequence[Stage] = (),
        agent: str = "",
        after: int = 0,
        numbers: Sequence[int] | None = None,
        limit: int = 1000,
        newest_first: bool = False,
    ) -> list[Case]:
        """Cases by number (above `after`; of `numbers` alone, if given): in any of these stages (none given: in all), of one agent if
        given."""
        ...

    async def due(self, now: datetime) -> list[Case]:
        """Cases that wait or rehearse and whose time is over."""
        ...

    async def present(self, *, agent: str = "", code: str = "") -> Present:
        """What a decision is made by now, read at one moment; with what waits of `agent`, and which of it has the code digest `code`."""
        ...

    async def append(self, records: Sequence[AuditEvent], *, now: datetime) -> Head:
        """Append to the ledger alone (start of guard, self-test results)."""
        ...

    async def head(self) -> Head: ...

    def entries(self, *, after: int = 0, case: int | None = None) -> AsyncIterator[Entry]:
        """Ledger entries in order."""
        ...

    async def standing(self) -> list[Standing]:
        """Standing grants, oldest first."""
        ...

    async def add_standing(self, given: Sequence[Standing], *, now: datetime) -> None:
        """Keep grants, with a ledger entry each. `Conflict` if an id is taken."""
        ...

    async def end_standing(self, ids: Sequence[str], *, why: str, now: datetime) -> None:
        """Take grants out, with a ledger entry each; ids that are gone are passed over."""
        ...

    async def put(self, data: bytes) -> str:
        """Keep a payload (exact code, output, policy text) by its sha256 (hex)."""
        ...

    async def get(self, digest: str) -> bytes | None: ...

    async def policies(self) -> ActivePolicies | None: ...

    async def activate(self, policies: ActivePolicies, *, now: datetime) -> ActivePolicies:
        """Make a set the active one from `now` on, with a ledger entry `policies.activated`; `Conflict` if its generation is not the
        successor of the active one's."""
        ...

    async def people(self) -> tuple[Person, ...]: ...

    async def add_person(self, person: Person, *, now: datetime) -> None:
        """With a ledger entry `person.added`; `Conflict` if somebody has that name."""
        ...

    async def set_key(self, name: str, key: str, *, now: datetime) -> None:
        """Register a person's public key instead of the one they had, with a ledger entry `person.key`; `BadInput` if there is no such
        person. What they signed with another key counts no more."""
        ...

    async def remove_person(self, name: str, *, by: str, now: datetime) -> None:
        """With a ledger entry `person.removed` that says who did it; `BadInput` if there is no such person.

        What they approved counts no more."""
        ...

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109  (a result, not an error, when it has passed)
        """Return the store's change counter as soon as it differs from `seen` (from any process), or after `timeout` seconds. The counter
        is this object's own; begin with 0, which returns at once."""
        ...

    async def close(self) -> None: ...


# --------------------------------------------------------------------------------------------------------------------- sandbox


class Gate(Protocol):
    """Who answers for what one run lets out onto the network: the engine, on behalf of its case."""

    async def permits(self, effect: Effect) -> str:
        """ "" if today's policies permit this exact effect on the case's true terms; else why not, one sentence."""
        ...

    async def record(self, kind: str, data: dict[str, Any]) -> None:
        """Write `net.intent` or `net.refused` to the ledger, durably. Raises `StoreError`: then nothing leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run in a box."""

    case: int
    language: str
    code: str
    facts: Facts
    grant: Grant
    limits: Limits
    masked: tuple[str, ...] = ()
    """Canonical real paths in the workspace that must not be readable in the box (secrets not granted, paths closed by a forbid)."""
    gate: Gate | None = None
    """Without one, nothing leaves the box, whatever was granted (a rehearsal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """One promise of the box, and whether it holds on this machine."""

    name: str
    holds: bool
    detail: str = ""
    """What was tried and seen; if it does not hold, what to do about it."""


class Sandbox(Protocol):
    """One kind of sealed box. A run that cannot be built raises `SandboxError`; a program that fails is an `Execution`."""

    def profile(self, limits: Limits) -> BoxProfile: ...

    async def prove(self) -> Sequence[Guarantee]:
        """The deny self-test: a canary tries to write outside, to connect and to read a planted secret; a positive control shows that
        each would succeed outside the box."""
        ...

    async def run(self, job: Job) -> Execution:
        """Run to the death of the box's pid namespace, then seal what changed into the content-addressed store."""
        ...

    async def close(self) -> None: ...


class Workspace(Protocol):
    """The user's files: commits a sealed change set, journalled and with backup, touching them through directory descriptors only."""

    async def commit(self, case_id: int, workspace: str, change_set: ChangeSet) -> tuple[str, ...]:
        """Apply it. Returns conflicts (one sentence each); not empty means that nothing was changed. Idempotent: called again after a
        crash it rolls its journal forward."""
        ...

    async def sides(self, workspace: str, change: Change) -> tuple[bytes | None, bytes | None]:
        """The bytes of a changed file before and after, for showing them: b"" where there is nothing (or no file), None where they are
        too many or no longer known."""
        ...

    async def rollback(self, case_id: int, workspace: str) -> tuple[str, ...]:
        """Put back what the commit of this case replaced. Returns conflicts; not empty means that nothing was changed. `SandboxError` if
        there is no backup, or no longer."""
        ...

    async def backups(self) -> tuple[int, ...]:
        """Cases whose commits can be rolled back still."""
        ...

    async def expire(self, agents: Mapping[int, str], keep: frozenset[str], *, age: timedelta, most: int, now: datetime) -> tuple[int, ...]:
        """Let go of backups older than `age`, and of each agent's oldest ones beyond `most` bytes (`agents`: whose case is whose), and of
        kept contents that neither these nor `keep` name. Returns the cases that can be rolled back no more."""
        ...

    async def recover(self, workspace: str) -> tuple[int, ...]:
        """Finish what a crash left half done in this workspace; the cases that are rolled back there, now or before."""
        ...


TOOL_CALL, TOOL_CHANGED, TOOL_HIDDEN = "tool-call", "tool-changed", "tool-hidden"
"""Rules of what a call of a wrapped server does beside its program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What guard knows of one call of a wrapped server before it decides."""

    facts: Facts
    box: BoxProfile
    """The server's identity and the definition of the tool, for the seal."""
    program: bool
    """The code is a program, to be analysed; its effects come on top of `effects`."""
    effects: tuple[Effect, ...] = ()
    """What the call does beside that: an ordinary tool's one effect, a definition that changed."""


class Upstream(Protocol):
    """One wrapped server: what its calls mean, and the only way to it. `UpstreamError` when it cannot be reached."""

    @property
    def name(self) -> str:
        """Its name in policies, cases and the ledger."""
        ...

    async def describe(self, submission: Submission, facts: Facts) -> Call:
        """What the call means by the server's definitions as they are now. `facts`: what the configuration knows."""
        ...

    async def call(self, case: Case) -> Execution:
        """Forward the case's call, once. `NotForwarded` if the server cannot have seen it; any other `UpstreamError`: it may have."""
        ...

    async def close(self) -> None: ...


class Leases(Protocol):
    """Who is alive among the engines that share a store."""

    def enlist(self) -> str:
        """A fresh engine id, alive as long as this process (or until `dismiss`)."""
        ...

    def alive(self, engine: str) -> bool: ...

    def dismiss(self, engine: str) -> None: ...

    def place(self, name: str, most: int) -> Callable[[], None] | None:
        """Take one of `most` places under a name that all engines share; what gives it back, or None if all are taken. A place of a dead
        process is free."""
        ...


class Analyst(Protocol):
    """`guard.analyse` in a resource-limited process with a deadline; a crash or time-out there is an opaque analysis."""

    async def analyse(self, language: str, code: str, facts: Facts) -> Analysis: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a notification."""

    told: tuple[str, ...] = ()
    """Labels of the routes that took it; never addresses."""
    failures: tuple[str, ...] = ()
    """One sentence each."""


class Notifier(Protocol):
    """How people are called. Never raises for what a service does, never changes a verdict."""

    async def notify(self, case: Case, occasion: str, told: frozenset[str] = frozenset()) -> Delivery:
        """Tell people about a case: "asked", "waiting" (an escalation step is due), "approved", "settled". `told`: routes that were
        called about it before."""
        ...

    def step(self, case: Case, now: datetime) -> int:
        """The escalation step (minutes) whose time has come for a waiting case; 0 if none has."""
        ...

    async def digest_due(self, now: datetime) -> bool:
        """Whether somebody is to be told what was held back."""
        ...

    async def digest(self, waiting: Callable[[], Awaitable[Sequence[Case]]]) -> Delivery:
        """Tell those from whom something was held back what waits for them, at least once. `waiting` tells what does."""
        ...

    async def test(self) -> Delivery:
        """Say to every route that it works."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The backends of one engine. Without `sandbox` and `upstream` it runs nothing."""

    store: Store
    leases: Leases
    clock: Clock
    analyst: Analyst
    workspace: Workspace
    sandbox: Sandbox | None = None
    notifier: Notifier | None = None
    upstream: Upstream | None = None
