"""One connection to a wrapped server, owned by one long-lived task; requests come from any task.

Messages are raw: params go out and results come back as they are, ids and progress tokens alone are guard's own and mapped back. What
the server says while a request is in flight (progress, log, questions) goes to the caller of that request, in order, before its result.

Answers find their requests here: the SDK's dispatcher costs a request a queue, two spans of a tracer that is not there, and a turn.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio
import structlog
from anyio.abc import TaskGroup
from mcp.shared.exceptions import MCPError
from mcp.shared.jsonrpc_dispatcher import cancelled_request_id_from_params
from mcp.shared.message import ClientMessageMetadata, SessionMessage
from mcp_types import (
    CONNECTION_CLOSED,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)

from guard.channel import Line
from guard.errors import GuardError, NotForwarded, UpstreamError
from guard.upstream import stdio
from guard.upstream.notices import LONGEST_TELLING, SUBSCRIPTION, Caller, Notices, is_token
from guard.upstream.target import Target

log = structlog.get_logger("guard.upstream")

BROKEN = "No answer came: "
"""How guard's own HTTP client begins; see `http._Web`."""
LOST = "it no longer knows this session"
"""As a server says by 404: it was started anew, say."""
_NO_ANSWER = (
    (CONNECTION_CLOSED, BROKEN, ""),
    (CONNECTION_CLOSED, "SSE stream ended", ""),
    (CONNECTION_CLOSED, "SSE stream failed: ", ""),
    (INTERNAL_ERROR, "Server returned an error response", ""),  # an HTTP error without a message in it: a gateway's, as a rule
    (INVALID_REQUEST, "Unexpected content type: ", ""),
    (INVALID_REQUEST, "server answered a request with 202 Accepted", ""),
    (INVALID_REQUEST, "Redirect to ", ""),
    (PARSE_ERROR, "Failed to parse ", "what it sent is no JSON-RPC message, or broke off"),
    (INTERNAL_ERROR, stdio.UNREADABLE, ""),
)
"""How the transports begin where no answer came, or none that can be read (mcp 2.3: `client/streamable_http.py`), and
what people are told instead of it."""
LONGEST_START = 60.0
"""Seconds in which a server must be connected."""
MOST_QUESTIONS = 100
"""Requests of the server that may be open at once; further ones are not answered."""
_LONGEST_CANCEL = 5.0
"""Seconds in which a server must take the word that a request is cancelled."""


@dataclass(frozen=True, slots=True)
class _Request:
    """One that is in flight."""

    caller: Caller | None
    answer: asyncio.Future[JSONRPCResponse | JSONRPCError | None]
    """None: the connection ended before it."""


class Link:
    """One connection. `open` before use, `close` at the end; both from any task.

    Clients that left without a word leave one behind each, for half an hour: it holds what it needs, when it needs it.
    """

    def __init__(self, target: Target, *, audience: Caller | None = None, listens: bool = True) -> None:
        self.target = target
        self.audience = audience
        """Who hears what belongs to no request: the one client that this connection is for, if it is for one."""
        self.changed = False
        """The server said that its tools changed."""
        self.ended = asyncio.Event()
        self._ids = itertools.count(1)
        self._open: dict[int, _Request] = {}
        self._questions: dict[RequestId, anyio.CancelScope] = {}
        """Requests of the server that are being answered."""
        self._pestered = False
        """It asked more at once than is answered."""
        self._notices = Notices(target.name)
        self._closing = asyncio.Event()
        self._ready = False
        self._listens = listens
        self._line: Line | None = None
        self._group: TaskGroup | None = None
        self.why = ""
        """Why it broke, if it did."""
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        return self._ready and not self._closing.is_set() and not self.ended.is_set()

    async def open(self) -> None:
        """Connect. `NotForwarded` if that cannot be done."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._own(ready), name=f"link-{self.target.name}")
        try:
            await asyncio.wait((self._task, ready), timeout=LONGEST_START, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:  # nobody wants it any more
            await self.close()
            raise
        if not self._ready:
            await self.close()
            why = self.why.rstrip(".") or f"it does not answer within {LONGEST_START:g} seconds. Its own log says more"
            raise NotForwarded(f"{self.target.name} cannot be reached: {why}.")

    async def close(self) -> None:
        """End the connection, and with it a server that guard started."""
        self._closing.set()
        if self._task:
            with anyio.CancelScope(shield=True):
                await asyncio.gather(self._task, return_exceptions=True)

    def listen(self, on: bool) -> None:
        """Whether what the server says unasked, beside any request, has a listener. Over HTTP that takes a stream of its own."""
        self._listens = on
        if self._line is not None and self.alive:
            self._line.listen(on)

    async def _own(self, ready: asyncio.Future[None]) -> None:
        try:
            async with anyio.create_task_group() as self._group:
                async with self._transport(self._group) as self._line:
                    self._line.listen(self._listens)
                    self._ready = True
                    if not ready.done():
                        ready.set_result(None)
                    await self._closing.wait()
                    self._end()
                self._group.cancel_scope.cancel()
        except (GuardError, OSError, ExceptionGroup) as error:
            self.why = _said(error)
            log.warning("the connection broke", server=self.target.name, why=self.why)
        finally:
            self._end()

    def _end(self) -> None:
        """Nothing more is sent or answered."""
        self.ended.set()
        self._notices.end()
        for request in self._open.values():
            if not request.answer.done():
                request.answer.set_result(None)

    def _transport(self, group: TaskGroup) -> AbstractAsyncContextManager[Line]:
        if self.target.url:
            from guard.upstream import http

            return http.connect(self.target, group, self._take)
        return self._over_stdio()

    @asynccontextmanager
    async def _over_stdio(self) -> AsyncIterator[Line]:
        async with stdio.connect(self.target) as (messages, line), anyio.create_task_group() as group:
            group.start_soon(self._read, messages)
            yield line
            group.cancel_scope.cancel()

    # ------------------------------------------------------------------------------------------------------------- to the server

    async def request(
        self, method: str, params: Mapping[str, Any] | None, caller: Caller | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The server's raw result. `MCPError` is its error; `UpstreamError` when the connection ended and nothing can be known."""
        if not self.alive:
            raise NotForwarded(f"The connection to {self.target.name} has ended.")
        key = next(self._ids)
        request = _Request(caller, asyncio.get_running_loop().create_future())
        self._open[key] = request
        try:
            await self._say(JSONRPCRequest(jsonrpc="2.0", id=key, method=method, **_given(_with_token(params, caller, key))), headers)
            answer = await request.answer
        except asyncio.CancelledError:
            if method not in ("initialize", "server/discover"):
                await self._cancelled(key)
            raise
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            self._closing.set()
            answer = None
        finally:
            del self._open[key]
        await self._notices.told(caller, longest=LONGEST_TELLING)
        await self._notices.told(self.audience, longest=LONGEST_TELLING)
        if isinstance(answer, JSONRPCResponse):
            return answer.result
        why = "Connection closed" if answer is None else _unanswered(answer.error)
        if answer is not None and not why:
            raise MCPError.from_jsonrpc_error(answer)
        if why == LOST:
            self._closing.set()  # with the session the connection is over; else it is one request's stream that ended
        raise UpstreamError(f"{self.target.name} did not answer: {why}.")

    async def notify(self, method: str, params: Mapping[str, Any] | None) -> None:
        """Hand on a notification of the client. Nobody learns whether the server took it."""
        if self.alive:
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                await self._say(JSONRPCNotification(jsonrpc="2.0", method=method, **_given(params)))

    async def _cancelled(self, key: int) -> None:
        """Tell the server that nobody wants the answer any more."""
        with anyio.move_on_after(_LONGEST_CANCEL, shield=True):
            await self.notify("notifications/cancelled", {"requestId": key, "reason": "caller cancelled"})

    async def _say(self, message: JSONRPCMessage, headers: Mapping[str, str] | None = None) -> None:
        assert self._line
        await self._line.send(SessionMessage(message, metadata=ClientMessageMetadata(headers=dict(headers)) if headers else None))

    # ----------------------------------------------------------------------------------------------------------- from the server

    async def _read(self, messages: AsyncIterable[SessionMessage | Exception]) -> None:
        with suppress(anyio.ClosedResourceError):
            async for item in messages:
                await self._take(item)
        self._closing.set()  # the server is gone

    async def _take(self, item: SessionMessage | Exception) -> None:
        """Take what the server says, at once: what comes of it is done by others."""
        assert self._group
        match item.message if isinstance(item, SessionMessage) else None:
            case JSONRPCResponse() | JSONRPCError() as answer:
                request = self._open.get(_key(answer.id))
                if request is not None and not request.answer.done():
                    request.answer.set_result(answer)
            case JSONRPCRequest() as question:
                self._questioned(question)
            case JSONRPCNotification() as notice:
                self._told(notice.method, notice.params)

    def _questioned(self, question: JSONRPCRequest) -> None:
        assert self._group
        if question.id in self._questions or len(self._questions) >= MOST_QUESTIONS:
            if not self._pestered:
                self._pestered = True
                log.warning("questions are passed over: too many are open, or one with their id", server=self.target.name)
            return
        # Before it begins, since the word that it is cancelled may come with it.
        scope = self._questions[question.id] = anyio.CancelScope()
        self._group.start_soon(self._answer, question, scope)

    async def _answer(self, question: JSONRPCRequest, scope: anyio.CancelScope) -> None:
        """Answer a request of the server; not one that it cancels meanwhile."""
        try:
            with scope:
                answer = await self._answer_to(question)
            if not scope.cancel_called:
                with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                    await self._say(answer)
        finally:
            del self._questions[question.id]

    async def _answer_to(self, question: JSONRPCRequest) -> JSONRPCResponse | JSONRPCError:
        try:
            return JSONRPCResponse(jsonrpc="2.0", id=question.id, result=await self._asked(question.method, question.params))
        except MCPError as error:
            return JSONRPCError(jsonrpc="2.0", id=question.id, error=error.error)
        except Exception:  # whatever became of one question, the calls beside it go on
            log.exception("a question was not answered", server=self.target.name, method=question.method)
            failed = ErrorData(code=INTERNAL_ERROR, message="The client could not be asked.")
            return JSONRPCError(jsonrpc="2.0", id=question.id, error=failed)

    async def _asked(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        if method == "ping":
            return {}
        caller = self._whose()
        if caller is None:
            raise MCPError(INVALID_REQUEST, f"There is nobody to ask {method!a:.60}: no call that it could belong to is in flight.")
        return await caller.ask(method, params)

    def _whose(self) -> Caller | None:
        """Servers do not say which call they ask for. With one client it is the newest; with several it could reach the wrong one."""
        calls = [request.caller for request in self._open.values() if request.caller is not None]
        if self.audience is not None:
            return calls[-1] if calls else self.audience
        return calls[0] if len(calls) == 1 else None

    def _told(self, method: str, params: Mapping[str, Any] | None) -> None:
        """Runs in the order of receipt: so a notification is on its way before the result that follows it."""
        if method == "notifications/tools/list_changed":
            self.changed = True
        if method == "notifications/cancelled":
            cancelled = cancelled_request_id_from_params(params)
            if cancelled is not None and (asking := self._questions.get(cancelled)) is not None:
                asking.cancel()
        elif (caller := self._listener(method, params or {})) is not None:
            assert self._group
            self._notices.add(self._group, caller, method, params)

    def _listener(self, method: str, params: Mapping[str, Any]) -> Caller | None:
        """Who hears a notification. Asked when it comes: before it is handed on the request can have been answered."""
        if method == "notifications/progress":
            return self._caller(params.get("progressToken"))
        meta = params.get("_meta")
        if isinstance(meta, dict) and SUBSCRIPTION in meta:
            return self._caller(meta[SUBSCRIPTION])
        return self._whose() if method == "notifications/message" else self.audience

    def _caller(self, given: object) -> Caller | None:
        """Whose request has the id that the server gave back."""
        request = self._open.get(_key(given))
        return request.caller if request else None


def _unanswered(error: ErrorData) -> str:
    """Why there is no answer, if the transport speaks in place of the server; else "". Servers use the same codes for their own errors."""
    if error.data is None:
        for code, beginning, instead in _NO_ANSWER:
            if error.code == code and error.message.startswith(beginning):
                return instead or error.message.removeprefix(BROKEN).rstrip(".")
    return ""


def _said(error: BaseException) -> str:
    """What went wrong, at the leaves of a group."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(_said(inner) for inner in error.exceptions))
    if isinstance(error, GuardError):
        return f"{str(error).rstrip('.')}. {error.hint}".strip()
    return f"{type(error).__name__}: {error}"


def _key(given: object) -> int:
    """The id that the server gave back; -1 if it is none of ours. Some give integers back as text."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 19 else -1


def _with_token(params: Mapping[str, Any] | None, caller: Caller | None, key: int) -> Mapping[str, Any] | None:
    """The params with guard's progress token in place of the client's: tokens of two clients may be the same."""
    meta = (params or {}).get("_meta")
    if caller is None or not isinstance(meta, dict) or not is_token(meta.get("progressToken")):
        return params
    return {**(params or {}), "_meta": {**meta, "progressToken": key}}


def _given(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """The field that holds the params, if there are any: JSON-RPC knows no params that are null."""
    return {} if params is None else {"params": dict(params)}
