"""What a server says unasked, on its way to clients: to each in the order in which it came, to none later because another does not read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard

import anyio
import structlog
from anyio.abc import TaskGroup

log = structlog.get_logger("guard.upstream")

SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"
LONGEST_TELLING = 5.0
"""Seconds in which a client takes a notification."""
MOST_NOTICES = 10_000
"""Notifications of the server that may wait for one client; further ones are dropped."""


class Caller(Protocol):
    """The client's side of one request in flight, or of a connection as a whole."""

    @property
    def token(self) -> str | int | None:
        """The progress token that the client chose."""
        ...

    @property
    def id(self) -> str | int | None:
        """The id of the client's request."""
        ...

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        """Put a request of the server to the client. `MCPError` if it refuses or cannot be asked."""
        ...

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        """Hand on a notification of the server."""
        ...


@dataclass(frozen=True, slots=True)
class _Notice:
    method: str
    params: Mapping[str, Any] | None


class Notices:
    """Those of one connection. `end` when it is over: then nobody waits any more."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._waiting: dict[Caller, deque[_Notice | asyncio.Event]] = {}
        """What each client is still to be told; who has been told all is not in it."""
        self._over = self._flooded = False

    def add(self, group: TaskGroup, caller: Caller, method: str, params: Mapping[str, Any] | None) -> None:
        """Tell a client this, in `group`."""
        waiting = self._waiting.get(caller)
        if self._over:
            return
        if waiting is None:
            self._waiting[caller] = deque([_Notice(method, params)])
            group.start_soon(self._tell, caller, self._waiting[caller])
        elif len(waiting) < MOST_NOTICES:
            waiting.append(_Notice(method, params))
        elif not self._flooded:
            self._flooded = True
            log.warning("notifications are dropped: too many wait", server=self._server, limit=MOST_NOTICES)

    async def told(self, caller: Caller | None, *, longest: float | None = None) -> None:
        """Until a client has been told all that was said to it so far, or the connection is over; or so many seconds."""
        waiting = self._waiting.get(caller) if caller is not None else None
        if waiting is not None:
            waiting.append(mark := asyncio.Event())
            with anyio.move_on_after(longest):
                await mark.wait()

    def end(self) -> None:
        """The connection is over."""
        self._over = True
        for waiting in self._waiting.values():
            for mark in waiting:
                if isinstance(mark, asyncio.Event):
                    mark.set()
        self._waiting.clear()

    async def _tell(self, caller: Caller, waiting: deque[_Notice | asyncio.Event]) -> None:
        while waiting:
            notice = waiting.popleft()
            if isinstance(notice, asyncio.Event):
                notice.set()
                continue
            params = _addressed(caller, notice)
            if params is None:
                continue
            try:
                with anyio.move_on_after(LONGEST_TELLING):
                    await caller.tell(notice.method, params or None)
            except Exception:  # whatever keeps one client from hearing it, the calls beside it go on
                log.exception("a client was not told", server=self._server, method=notice.method)
        self._waiting.pop(caller, None)


def is_token(given: object) -> TypeGuard[str | int]:
    """Whether it can be a progress token."""
    return isinstance(given, str | int) and not isinstance(given, bool)


def _addressed(caller: Caller, notice: _Notice) -> dict[str, Any] | None:
    """The params with the client's own token or id, where the server gave back guard's; None if the client has none for it."""
    params = dict(notice.params or {})
    if notice.method == "notifications/progress":
        return {**params, "progressToken": caller.token} if caller.token is not None else None
    meta = params.get("_meta")
    if isinstance(meta, dict) and SUBSCRIPTION in meta:
        params["_meta"] = {**meta, SUBSCRIPTION: caller.id}
    return params
