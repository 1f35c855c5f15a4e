"""What one running case may let out onto the network: asked anew for every effect, and in the ledger before it happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from guard.events import World
from guard.model import AuditEvent, Case, Effect
from guard.pipeline import may_leave
from guard.ports import Clock, Store


class CaseGate:
    """See `guard.ports.Gate`. `world` tells what holds at this moment: time, policies, people."""

    def __init__(self, case: Case, store: Store, clock: Clock, world: Callable[[], Awaitable[World]]) -> None:
        self._case, self._store, self._clock, self._world = case, store, clock, world

    async def permits(self, effect: Effect) -> str:
        return may_leave(self._case, effect, await self._world())

    async def record(self, kind: str, data: dict[str, Any]) -> None:
        await self._store.append([AuditEvent(kind=kind, case=self._case.id, data=data)], now=self._clock.now())
