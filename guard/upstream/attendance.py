"""The clients that are there while a call is decided and runs: over whose connection it goes, who hears what the server says meanwhile,
and when nobody wants it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_REQUEST

from guard.upstream.notices import Caller
from guard.upstream.session import Session


@dataclass(slots=True, kw_only=True, eq=False)
class Attendance:
    """One client that sent the call and is there."""

    session: Session
    """Its connection to the server."""
    caller: Caller
    meta: Mapping[str, Any]
    cancelled: bool = False
    """It wants the call to stop."""
    ticket: str = ""
    """Of the case that it attends."""
    answer: asyncio.Future[Mapping[str, Any] | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """What the server answered (`result` or `error`), as soon as it did; None: nothing that can be told."""


class Listeners:
    """The clients that attend one case: `notices.Caller` of its call, in the name of one of them.

    INVARIANT: the call ends for its clients only when each that was there while it ran has cancelled. Who left with the case's ticket
    still waits for what comes of it.
    """

    def __init__(self) -> None:
        self._present: list[Attendance] = []
        self._carrier: Attendance | None = None
        """Over whose connection the call goes, if it goes over a client's."""
        self._expected = False
        """Somebody who is not here has the ticket."""
        self._asking: anyio.CancelScope | None = None
        self.under_way = False

    @property
    def empty(self) -> bool:
        return not self._present and not self.under_way

    @property
    def wanted(self) -> bool:
        """Whether anybody waits for what comes of the call."""
        return self._expected or any(not one.cancelled for one in self._present)

    def join(self, attendance: Attendance) -> None:
        self._present.append(attendance)

    def leave(self, attendance: Attendance) -> None:
        """The client is no longer there. If it `cancelled`, and nobody else waits, a call that is under way is stopped."""
        if attendance in self._present:
            self._present.remove(attendance)
            self._expected = self._expected or (self.under_way and not attendance.cancelled)
            if self._asking is not None and not self.wanted:
                self._asking.cancel()

    def begin(self) -> Attendance | None:
        """The call goes out now: over the connection of the client that came last. None if nobody is there who wants it."""
        self.under_way = True
        self._expected = not self._present
        alive = [one for one in self._present if not one.cancelled and one.session.alive]
        self._carrier = alive[-1] if alive else None
        return self._carrier

    def asks(self, asking: anyio.CancelScope) -> None:
        """Around the call, which `leave` may stop."""
        self._asking = asking

    def goes_over(self, session: Session) -> bool:
        """Whether a call that somebody waits for is under way over this connection."""
        return self.under_way and self.wanted and self._carrier is not None and self._carrier.session is session

    def end(self, answer: Mapping[str, Any] | None) -> bool:
        """Tell who is there what the server answered. Whether anybody is."""
        self.under_way, self._asking = False, None
        waiting = [one for one in self._present if not one.answer.done()]
        for one in waiting:
            one.answer.set_result(answer)
        return bool(waiting)

    # ------------------------------------------------------------------------------------------ the caller: one of them at a time

    @property
    def _voice(self) -> Attendance | None:
        if self._carrier in self._present and not self._carrier.cancelled:
            return self._carrier
        return next((one for one in reversed(self._present) if not one.cancelled), None)

    @property
    def token(self) -> str | int | None:
        return self._voice.caller.token if self._voice else None

    @property
    def id(self) -> str | int | None:
        return self._voice.caller.id if self._voice else None

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        if self._voice is None:
            raise MCPError(INVALID_REQUEST, f"There is nobody to ask {method!a:.60}: the clients of this call have left.")
        return await self._voice.caller.ask(method, params)

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        if self._voice is not None:
            await self._voice.caller.tell(method, params)
