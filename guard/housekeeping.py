"""What an engine looks after unasked: what is due, what is ready, what the dead left, what new policies change.

Everything is in the store, so a look is all it takes: any number of engines look at the same cases, the first one moves them, and what
somebody else made moot is nothing to do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from guard.config import Config
from guard.errors import GuardError
from guard.events import Escalated, Event, Expired, Lost, Rejudged, Resumed, RolledBack, World
from guard.model import AuditEvent, Case, Stage
from guard.notifications import Notifications
from guard.ports import Parts, Store

log = structlog.get_logger("guard.housekeeping")

EXPIRE_AGAIN = 3600.0
"""Seconds between looks at how long backups have been kept."""
BREATH = 0.25
"""Seconds between two looks at a store that changes all the time: each costs a dozen reads, and every call writes."""
LOOK_AGAIN = 60.0
"""Seconds between looks at all waiting cases, whatever happened."""
TICK = 1.0
"""Seconds between looks at what time alone changes (expiry, dead engines)."""


class Driver(Protocol):
    """What an engine does for its housekeeping."""

    id: str
    config: Config
    parts: Parts
    notifications: Notifications

    async def world(self) -> World: ...

    async def retire(self, ids: Sequence[str] = (), *, why: str = ...) -> None: ...

    async def offer(self, case: Case, event: Event) -> None: ...

    async def claim(self, case: Case) -> None: ...

    def fits(self, case: Case) -> bool: ...

    def at_work(self, case: Case) -> bool: ...


class Housekeeping:
    """Looks around for one engine, now and then or whenever its store changes."""

    def __init__(self, driver: Driver) -> None:
        self._driver, self._parts, self._store = driver, driver.parts, driver.parts.store
        self.recovered = asyncio.Event()
        """Set once what a dead process left half done in the workspace is finished."""
        self._seen, self._judged_by, self._look_again = 0, "", 0.0
        self._expire_again = 0.0
        self._idle: set[tuple[int, int]] = set()
        """Cases (as they were) that this engine is to do, and at the last look did not."""
        self._stopped = False

    def stop(self) -> None:
        """Look no more after this look, even if the cancellation of `follow` is lost on the way."""
        self._stopped = True

    async def follow(self) -> None:
        """Look around whenever the store changes, and every second, until stopped."""
        self._expire_again = asyncio.get_running_loop().time() + LOOK_AGAIN  # who runs one program has no time for it
        seen = -1
        while not self._stopped:
            try:
                if not self.recovered.is_set():
                    await self.recover()
                    self.recovered.set()
                seen = await self._store.wait(seen, TICK)
                await self.look()
                await asyncio.sleep(BREATH)
            except GuardError as error:
                log.error("the store cannot be followed", error=str(error), hint=error.hint)
                await asyncio.sleep(TICK)
            except Exception:  # a fault of guard's own: nothing was permitted by it, and what waits must not wait for ever
                log.exception("following the store broke")
                await asyncio.sleep(TICK)

    async def look(self) -> None:
        """One look around."""
        try:
            await self._driver.retire()
        except GuardError as error:  # what is over permits nothing, wherever its text still stands; all else goes on
            log.error("standing grants that are over cannot be taken out of the policies", error=str(error), hint=error.hint)
        world = await self._driver.world()
        for case in await self._store.due(world.now):
            await self._driver.offer(case, Expired())
        idle = set()
        for case in await self._store.cases(stages=[Stage.RUNNING, Stage.COMMITTING, Stage.REHEARSING]):
            if not self._parts.leases.alive(case.runner):
                await self._take_over(case)
            elif case.runner == self._driver.id and not self._driver.at_work(case):
                idle.add((case.id, case.version))
                if (case.id, case.version) in self._idle:  # seen once, it may just have been saved and be about to begin
                    await self._take_over(case)
        self._idle = idle
        for case in await self._waiting(world):
            if case.decision.policy_digest != world.policies.digest:
                await self._driver.offer(case, Rejudged())
            await self._escalate(case, world)
            await self._driver.claim(case)
        await self._expire(world)
        if self._parts.notifier and await self._parts.notifier.digest_due(world.now):
            self._driver.notifications.digest()

    async def _expire(self, world: World) -> None:
        """Let go of backups that are too old or too many, once an hour."""
        if self._parts.sandbox is None or asyncio.get_running_loop().time() < self._expire_again:
            return
        self._expire_again = asyncio.get_running_loop().time() + EXPIRE_AGAIN
        stages = [Stage.REHEARSING, Stage.WAITING, Stage.RUNNING, Stage.COMMITTING]
        undecided = [case.execution for case in await self._store.cases(stages=stages, limit=1_000_000) if case.execution]
        sides = (side for one in undecided for change in one.change_set.changes for side in (change.before, change.after))
        keep = frozenset(side.digest for side in sides if side)
        workspace, settings = self._parts.workspace, self._driver.config.backups
        agents = {number: (await self._store.load(number)).submission.agent for number in await workspace.backups()}
        gone = await workspace.expire(
            agents, keep, age=timedelta(days=settings.days), most=settings.bytes_per_agent, now=self._parts.clock.now()
        )
        if gone:
            await self._store.append([AuditEvent(kind="backup.expired", case=number) for number in gone], now=world.now)

    async def recover(self) -> None:
        """Finish what a dead process left half done in the workspace, and write down whose rollbacks are whole. Commits are resumed by
        their cases; a rollback has no stage of its own."""
        if self._parts.sandbox is None:
            return
        try:
            rolled_back = await self._parts.workspace.recover(str(self._driver.config.workspace))
        except GuardError as error:  # what waits for other reasons goes on; a commit meets the same, and says so in its case
            log.error("what a crash left half done cannot be finished", error=str(error), hint=error.hint)
            return
        for case_id in rolled_back:
            case = await self._store.load(case_id)
            if case.stage is Stage.DONE and not case.rolled_back:
                bodies = [json.loads(entry.body) async for entry in self._store.entries(case=case_id)]
                people = [body["data"]["person"] for body in bodies if body["kind"] == "rollback.started"]
                await self._driver.offer(case, RolledBack(person=people[-1] if people else "nobody known"))

    async def _waiting(self, world: World) -> list[Case]:
        """Waiting cases to look at: those that something happened to since the last look; all of them, when the policies are others,
        and now and then, since policies may speak of time."""
        clock = asyncio.get_running_loop().time()
        if world.policies.digest != self._judged_by or clock >= self._look_again:
            self._seen, self._judged_by, self._look_again = (await self._store.head()).seq, world.policies.digest, clock + LOOK_AGAIN
            return await self._store.cases(stages=[Stage.WAITING], limit=1_000_000)
        self._seen, numbers = await touched(self._store, self._seen)
        found = await self._numbered(numbers, Stage.WAITING, Stage.SUPERSEDED)
        # An edit may run from the moment on in which the case that it replaces is settled.
        edits = await self._numbered([case.successor for case in found if case.successor], Stage.WAITING)
        return list({case.id: case for case in (*found, *edits) if case.stage is Stage.WAITING}.values())

    async def _numbered(self, numbers: Sequence[int], *stages: Stage) -> list[Case]:
        return await self._store.cases(stages=stages, numbers=numbers, limit=len(numbers)) if numbers else []

    async def _take_over(self, case: Case) -> None:
        """A run that died, with its engine or without, is over; a rehearsal or a commit goes on in an engine that can do it."""
        if case.stage is Stage.RUNNING:
            await self._driver.offer(case, Lost())
        elif self._driver.fits(case):
            await self._driver.offer(case, Resumed(left_by=case.runner))

    async def _escalate(self, case: Case, world: World) -> None:
        """Call the next in line, if nobody answered for long enough."""
        notifier = self._parts.notifier
        if notifier and self._driver.fits(case) and (minutes := notifier.step(case, world.now)) > case.escalated:
            await self._driver.offer(case, Escalated(minutes=minutes))


async def touched(store: Store, after: int) -> tuple[int, tuple[int, ...]]:
    """The number of the last ledger entry, and the cases that entries after number `after` are about."""
    cases: dict[int, None] = {}
    last = after
    async for entry in store.entries(after=after):
        last = entry.seq
        about = json.loads(entry.body)["case"]
        if about is not None:
            cases[about] = None
    return last, tuple(cases)
