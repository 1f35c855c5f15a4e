"""Ledger and store figures: `python -m tests.bench.bench_ledger [--json]`. One line per figure; not collected as a test."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard import hash_chain
from guard.model import (
    Analysis,
    AuditEvent,
    BoxProfile,
    Case,
    Decision,
    Effect,
    Facts,
    Grant,
    Head,
    Kind,
    Reason,
    Resource,
    ResourceType,
    Rule,
    Span,
    Stage,
    Submission,
    Terms,
    Verdict,
)
from guard.ports import ActivePolicies
from guard.store.sqlite import SqliteStore
from tests.bench.figures import options, show

NOW = datetime.now(UTC)
EFFECTS = tuple(
    Effect(
        kind=Kind.FS_WRITE,
        resource=Resource(type=ResourceType.FILE, name=f"/home/ada/project/data/out{i}.csv"),
        span=Span(line=i + 1, column=4, end_line=i + 1, end_column=40),
        rule="py-open",
        note="opens for writing",
    )
    for i in range(8)
)
CASE = Case(
    id=0,
    ticket="",
    version=0,
    stage=Stage.WAITING,
    submission=Submission(agent="claude", language="python", code="print(sum(range(100)))\n" * 100, workspace="/home/ada/project"),
    facts=Facts(workspace="/home/ada/project", secret_patterns=("*.pem",) * 20),
    analysis=Analysis(language="python", effects=EFFECTS),
    decision=Decision(
        verdict=Verdict.REVIEW,
        owed=Terms(approvals=1),
        reasons=tuple(Reason(effect=i, policies=("writing-needs-a-person",), why="A person looks at what is written.") for i in range(8)),
    ),
    grant=Grant(rules=tuple(Rule(kinds=(effect.kind,), resource=effect.resource) for effect in EFFECTS)),
    box=BoxProfile(engine="bubblewrap"),
    seal="5" * 64,
    created_at=NOW,
    expires_at=NOW + timedelta(hours=1),
    updated_at=NOW,
)
EVENTS = (
    AuditEvent(kind="case.submitted", data={"agent": "claude", "code": "c" * 64, "language": "python", "intent": "write the report"}),
    AuditEvent(
        kind="case.decided",
        data={"verdict": "review", "policies": ["writing-needs-a-person"], "effects": [e.key for e in EFFECTS], "policy_digest": "d" * 64},
    ),
    AuditEvent(kind="case.granted", data={"grant": "e" * 64, "seal": "5" * 64}),
)


def verification(count: int) -> dict[str, float]:
    """Entries per second of building and of verifying a chain, without a database."""
    begin = time.perf_counter()
    entries = hash_chain.extend(Head(), [EVENTS[i % 3] for i in range(count)], NOW)
    built = time.perf_counter()
    result = hash_chain.verify(((e.seq, e.body, e.hash) for e in entries), Head(seq=count, hash=entries[-1].hash))
    done = time.perf_counter()
    if result.problem or result.count != count:
        raise SystemExit(f"the chain does not verify: {result.problem}")
    return {"extend, entries/s": count / (built - begin), "verify in memory, entries/s": count / (done - built)}


async def timed(name: str, rounds: int, step: Callable[[int], Awaitable[object]]) -> dict[str, float]:
    """p50 and p99 of a step, in milliseconds."""
    took = []
    for number in range(rounds):
        begin = time.perf_counter()
        await step(number)
        took.append((time.perf_counter() - begin) * 1000)
    cuts = statistics.quantiles(took, n=100)
    return {f"{name}, p50 ms": cuts[49], f"{name}, p99 ms": cuts[98]}


def fsync_time(folder: Path, rounds: int) -> dict[str, float]:
    """What this disk takes to sync one small append: the floor of every durable write."""
    took = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(rounds):
            file.write(b"x" * 4096)
            begin = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - begin) * 1000)
    return {"bare fsync, p50 ms": statistics.median(took)}


async def stored(folder: Path, rounds: int) -> dict[str, float]:
    """Latencies through the store, and verification of what was stored."""
    figures = fsync_time(folder, rounds)
    store = await SqliteStore.open(folder / "state")
    try:
        await store.activate(ActivePolicies(digest="d" * 64, source="/", files=(), activated_at=NOW), now=NOW)

        async def create(number: int) -> None:
            await store.create(replace(CASE, ticket=f"ticket-{number}"), EVENTS, now=NOW, policy_digest="d" * 64)

        async def save(number: int) -> None:
            before = cases[number]
            await store.save(replace(before, stage=Stage.RUNNING), EVENTS, now=NOW, before=before, policy_digest="d" * 64)

        figures |= await timed("create with 3 entries", rounds, create)
        cases = await store.cases(limit=rounds)
        figures |= await timed("save with 3 entries", rounds, save)
        figures |= await timed("append 1 entry", rounds, lambda _: store.append(EVENTS[:1], now=NOW))
        figures |= await timed("load", rounds, lambda number: store.load(number + 1))
        figures |= await timed("list 100 cases", 20, lambda _: store.cases(limit=100))
        check, begin = hash_chain.Verifier(await store.head()), time.perf_counter()
        async for entry in store.entries():
            check.feed(entry.seq, entry.body, entry.hash)
        result = check.finish()
        if result.problem:
            raise SystemExit(f"the ledger does not verify: {result.problem}")
        figures["verify from the store, entries/s"] = result.count / (time.perf_counter() - begin)
    finally:
        await store.close()
    return figures


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where to make the temporary store (its disk is measured)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        figures = verification(chosen.rounds * 20) | asyncio.run(stored(Path(folder), chosen.rounds))
    show(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
