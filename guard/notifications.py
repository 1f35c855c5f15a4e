"""People told of cases, in the background, and the ledger told what became of it.

Whatever becomes of a notification changes nothing about its case. What is said, and to whom, is the notifier's.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Coroutine
from typing import Any

import structlog

from guard.model import AuditEvent, Case, Stage
from guard.ports import Clock, Delivery, Notifier, Store

log = structlog.get_logger("guard.notifications")

FAREWELL = 5.0
"""Seconds that notifications under way are waited for when an engine ends."""


class Notifications:
    """The notifications of one engine; without a notifier nobody is told anything."""

    def __init__(self, store: Store, clock: Clock, notifier: Notifier | None) -> None:
        self._store, self._clock, self._notifier = store, clock, notifier
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, case: Case, occasion: str) -> None:
        """Begin to tell people of a case."""
        if self._notifier:
            self._begin(self._notify(self._notifier, case, occasion))

    def digest(self) -> None:
        """Begin to tell of what waits those from whom something was held back."""
        if self._notifier:
            self._begin(self._digest(self._notifier))

    async def test(self) -> Delivery:
        """Send a test to every route; what became of it is kept as of any other."""
        delivery = await self._notifier.test() if self._notifier else Delivery()
        await self._delivered(delivery, "test")
        return delivery

    async def close(self) -> None:
        """Wait a little for what is under way: a command line that approves ends at once, and what it has to tell is told first."""
        if self._under_way:
            ended = await asyncio.wait(self._under_way, timeout=FAREWELL)
            for task in ended[1]:
                task.cancel()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="notify")
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("people could not be told", error=type(error).__name__)  # its text may hold an address, and that a token

    async def _notify(self, notifier: Notifier, case: Case, occasion: str) -> None:
        told = frozenset[str]()
        if occasion != "asked":
            entries = [json.loads(entry.body) async for entry in self._store.entries(case=case.id)]
            told = frozenset(route for entry in entries if entry["kind"] == "notify.sent" for route in entry["data"]["routes"])
        await self._delivered(await notifier.notify(case, occasion, told), occasion, case.id)

    async def _digest(self, notifier: Notifier) -> None:
        waiting = functools.partial(self._store.cases, stages=[Stage.WAITING], limit=1_000_000)
        await self._delivered(await notifier.digest(waiting), "digest")

    async def _delivered(self, delivery: Delivery, occasion: str, case: int | None = None) -> None:
        """Keep in the ledger what became of a notification."""
        found = (("notify.sent", "routes", delivery.told), ("notify.failed", "failures", delivery.failures))
        records = [AuditEvent(kind=kind, case=case, data={"occasion": occasion, name: list(said)}) for kind, name, said in found if said]
        if records:
            await self._store.append(records, now=self._clock.now())
        if delivery.failures and occasion != "test":
            log.error("people could not be told", failures=list(delivery.failures))
