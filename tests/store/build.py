"""Builders for store tests: a case with every field set to something, and a store with active policies."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard import hash_chain
from guard.model import (
    Analysis,
    Approval,
    AuditEvent,
    BoxProfile,
    Case,
    Decision,
    Effect,
    Facts,
    Grant,
    Kind,
    Resource,
    ResourceType,
    Rule,
    Span,
    Stage,
    Submission,
    Terms,
    Verdict,
)
from guard.ports import ActivePolicies, Store
from guard.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
DIGEST = "d" * 64
EVENTS = (
    AuditEvent(kind="case.submitted", data={"agent": "claude"}),
    AuditEvent(kind="case.decided", data={"verdict": "review", "policies": ["writing-needs-a-person"]}),
    AuditEvent(kind="case.granted", data={"rules": 1}),
)


def case(ticket: str = "ticket-1", **changes: object) -> Case:
    target = Resource(type=ResourceType.FILE, name="/home/ada/project/a.txt")
    effect = Effect(kind=Kind.FS_WRITE, resource=target, span=Span(line=1, column=0, end_line=1, end_column=9), rule="py-open")
    waiting = Case(
        id=0,
        ticket=ticket,
        version=0,
        stage=Stage.WAITING,
        submission=Submission(agent="claude", language="python", code="open('a.txt', 'w')\n", workspace="/home/ada/project"),
        facts=Facts(workspace="/home/ada/project"),
        analysis=Analysis(language="python", effects=(effect,)),
        decision=Decision(verdict=Verdict.REVIEW, owed=Terms(approvals=1), policy_digest=DIGEST),
        grant=Grant(rules=(Rule(kinds=(Kind.FS_WRITE,), resource=target),)),
        box=BoxProfile(engine="bubblewrap"),
        seal="5" * 64,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        updated_at=NOW,
    )
    return replace(waiting, **changes)


def approval(of: Case, person: str = "ada") -> Approval:
    return Approval(case=of.id, seal=of.seal, person=person, at=NOW, attended=False, policy_digest=DIGEST)


def policies(generation: int = 1, digest: str = DIGEST, problem: str = "") -> ActivePolicies:
    files = (("default.cedar", f"// set {generation}\n"), ("schema.cedarschema", "entity Agent;\n"))
    return ActivePolicies(digest=digest, source="/etc/guard", files=files, activated_at=NOW, generation=generation, problem=problem)


@asynccontextmanager
async def opened(state: Path, *, patience: float = 5.0) -> AsyncIterator[SqliteStore]:
    """A store, with policies active."""
    store = await SqliteStore.open(state, patience=patience)
    try:
        if await store.policies() is None:
            await store.activate(policies(), now=NOW)
        yield store
    finally:
        await store.close()


async def created(store: Store, ticket: str = "ticket-1", records: Iterable[AuditEvent] = EVENTS) -> Case:
    return await store.create(case(ticket), tuple(records), now=NOW, policy_digest=DIGEST)


async def verified(store: Store) -> hash_chain.Verification:
    """The whole ledger of a store, checked against its own head."""
    check = hash_chain.Verifier(await store.head())
    async for entry in store.entries():
        check.feed(entry.seq, entry.body, entry.hash)
    return check.finish()
