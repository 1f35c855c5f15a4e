"""Another guard process, for tests: `python -m tests.store.writer STATE WHAT [NAME]`. Prints a line for each thing that is durable."""

import asyncio
import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path

from guard.errors import Conflict
from guard.model import AuditEvent
from guard.store import ledger
from guard.store.connection import transaction
from tests.store.build import DIGEST, EVENTS, NOW, created, opened


def say(text: object) -> None:
    print(text, flush=True)


async def create(state: Path, name: str) -> None:
    """New cases without end; each number is printed once it is stored."""
    async with opened(state) as store:
        for number in range(100_000):
            say((await created(store, f"{name}-{number}")).id)


async def compete(state: Path, name: str) -> None:
    """Save case 1 fifty times, loading it again whenever somebody else was first; prints how often that was."""
    async with opened(state) as store:
        wins = conflicts = 0
        while wins < 50:
            before = await store.load(1)
            try:
                await store.save(replace(before, runner=name), EVENTS, now=NOW, before=before, policy_digest=DIGEST)
                wins += 1
            except Conflict:
                conflicts += 1
        say(conflicts)


async def once(state: Path, name: str) -> None:
    """Save case 1 as it was at the start, when told to; prints "won" or "conflict"."""
    async with opened(state) as store:
        before = await store.load(1)
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        try:
            await store.save(replace(before, runner=name), EVENTS, now=NOW, before=before, policy_digest=DIGEST)
            say("won")
        except Conflict:
            say("conflict")


async def append(state: Path, name: str) -> None:
    """Append one entry when told to, and print when it was durable, on the clock that all processes share."""
    async with opened(state) as store:
        say("ready")
        while await asyncio.to_thread(sys.stdin.readline):
            await store.append([AuditEvent(kind=name)], now=NOW)
            say(time.monotonic())


async def hang(state: Path, name: str) -> None:
    """Write a case's change and its entries, then stay inside the transaction."""

    def work(database: sqlite3.Connection) -> None:
        database.execute("UPDATE cases SET stage = 'running', version = version + 1")
        ledger.append(database, [AuditEvent(kind=name, data={"text": "x" * 100_000})] * 20, NOW)
        say("inside")
        sys.stdin.read()

    async with opened(state) as store:
        await store._writer.run(lambda database: transaction(database, store._lock, work))


if __name__ == "__main__":
    asyncio.run(
        {"create": create, "compete": compete, "once": once, "append": append, "hang": hang}[sys.argv[2]](Path(sys.argv[1]), sys.argv[3])
    )
