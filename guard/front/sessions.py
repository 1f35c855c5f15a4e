"""Streamable HTTP: the requests of one client, by the id of its session, as one connection to an MCP server.

The SDK's own transport answers each request with an event stream, six tasks for each, and clients close the socket of a stream when they
have their answer. Here an answer that comes soon, with nothing said before it, is plain JSON on a socket that is used again; a stream
begins when something else is said, or when the answer takes its time (who waits longer than a minute for headers gives up).

Requests of the modern era have no session; they are the SDK's.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anyio
import structlog
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server import Server
from mcp.server._streamable_http_modern import handle_modern_request  # what the SDK's own session manager hands these requests to
from mcp.server.runner import serve_loop
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER, REQUEST_CANCELLED, check_accept_headers
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp_types import (
    INVALID_REQUEST,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.requests import Request

from guard.channel import Outgoing

log = structlog.get_logger("guard.front")

MOST = 100
"""Sessions; one more is refused while a request is open for each of them."""
MOST_RESTING = 50
"""Sessions that no request is open for. One more takes the place of the one that nobody has used for longest: many clients go without a
word, and each would keep its place for half an hour. A client that holds the stream for what belongs to no request keeps its session."""
IDLE = 1800.0
"""Seconds after which a session that no request is open for is over."""
TIDY = 1.0
"""Seconds from the end of a session until what it was made of is collected; sooner if `MOST_ENDED` have ended."""
MOST_ENDED = 16
PLAIN = frozenset({"initialize", "tools/call"})
"""What is answered with plain JSON if it can be: the requests that every client makes, or makes often. To others the answer is a stream, as
it is from a server that the SDK serves."""
SOON = 1.0
"""Seconds within which an answer is plain JSON."""
PING = 15.0
"""Seconds of silence on a stream before a comment shows that somebody is there."""
_BUFFER = 16
"""Messages that wait for a request's stream; then the server waits."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Streams = dict[RequestId | None, MemoryObjectSendStream[JSONRPCMessage]]
Listening = Callable[[str, bool], None]
"""Told of a session (by its id) that its client holds the stream for what belongs to no request, or no longer does."""


class _Session:
    """One client's connection."""

    def __init__(self) -> None:
        self.id = secrets.token_urlsafe(24)
        self.incoming, self.read = anyio.create_memory_object_stream[SessionMessage | Exception](_BUFFER)
        self.streams: Streams = {}
        """Where messages go, by the request that they belong to; None: those that belong to none."""
        self.open = 0
        """HTTP requests under way."""
        self.used = 0.0
        self.ended = False

    async def deliver(self, item: SessionMessage) -> None:
        """Hand a message of the server to the HTTP request that it belongs to; to nobody, if that is gone."""
        message, about = item.message, item.metadata
        key: RequestId | None = None
        if isinstance(message, JSONRPCResponse | JSONRPCError):
            key = message.id
        elif isinstance(about, ServerMessageMetadata):
            key = about.related_request_id
        stream = self.streams.get(key)
        if stream is not None:
            try:
                await _put(stream, message)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                self.streams.pop(key, None)

    async def unanswered(self, key: RequestId) -> None:
        """A request ended without an answer, since the client cancelled it; its HTTP request ends with one."""
        error = ErrorData(code=REQUEST_CANCELLED, message="Request cancelled")
        await self.deliver(SessionMessage(JSONRPCError(jsonrpc="2.0", id=key, error=error)))

    def end(self) -> None:
        """No more requests: the server's loop ends, and with it every open stream."""
        self.ended = True
        self.incoming.close()
        for stream in list(self.streams.values()):
            stream.close()


class Sessions:
    """The ASGI face of a server. Enter `serving` before the first request."""

    def __init__(
        self,
        server: Server[Any],
        security: TransportSecuritySettings,
        *,
        listening: Listening = lambda session, on: None,
        most: int = MOST,
        resting: int = MOST_RESTING,
        idle: float = IDLE,
    ) -> None:
        self._server, self._security, self._listening = server, security, listening
        self._most, self._most_resting, self._idle = most, resting, idle
        self._guard = TransportSecurityMiddleware(security)
        self._sessions: dict[str, _Session] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._state: Any = None
        self._resting: asyncio.TimerHandle | None = None
        """There while a session is that no request is open for: one for all of them, since each that is cancelled stays until its time."""
        self._tidying: asyncio.TimerHandle | None = None
        self._ended = 0
        """Sessions that have ended since."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """All sessions are over at its end."""
        async with self._server.lifespan(self._server) as self._state:
            try:
                yield
            finally:
                self.end()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                for timer in (self._resting, self._tidying):
                    if timer is not None:
                        timer.cancel()

    def end(self) -> None:
        """End every session: open streams end with them."""
        for session in list(self._sessions.values()):
            self._end(session)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, message: JSONRPCMessage | None) -> None:
        """One HTTP request; `message`: what its body holds, if it is a POST."""
        request = Request(scope, receive)
        version = request.headers.get(MCP_PROTOCOL_VERSION_HEADER)
        if version is not None and version not in HANDSHAKE_PROTOCOL_VERSIONS:
            await handle_modern_request(self._server, self._security, False, self._state, scope, receive, send)
            return
        if (refused := await self._guard.validate_request(request, is_post=message is not None)) is not None:
            await refused(scope, receive, send)
            return
        session = await self._session(request, send, message)
        if session is None:
            return
        session.open += 1
        try:
            await self._serve(session, request, send, message)
        finally:
            session.open -= 1
            session.used = asyncio.get_running_loop().time()
            if not session.open and not session.ended and self._resting is None:
                self._resting = asyncio.get_running_loop().call_later(self._idle, self._end_idle)

    async def _session(self, request: Request, send: Send, message: JSONRPCMessage | None) -> _Session | None:
        """The session of a request, made by `initialize`. None: the request has been refused."""
        known = request.headers.get(MCP_SESSION_ID_HEADER)
        if request.method not in ("POST", "GET", "DELETE"):
            await refuse(send, 405, "Use POST, GET or DELETE.", headers=[(b"allow", b"GET, POST, DELETE")])
        elif known is not None:
            if (found := self._sessions.get(known)) is not None:
                return found
            await refuse(send, 404, "There is no such session (any more): send initialize.")
        elif not isinstance(message, JSONRPCRequest) or message.method != "initialize":
            await refuse(send, 400, "A session id is missing: send initialize first.")
        elif (made := self._made()) is not None:
            return made
        else:
            await refuse(send, 503, "Too many sessions are in use.")
        return None

    def _made(self) -> _Session | None:
        unused = self._unused()
        if len(self._sessions) >= self._most and not unused:
            return None
        if len(self._sessions) >= self._most or len(unused) >= self._most_resting:
            self._end(unused[0])
        session = _Session()
        self._sessions[session.id] = session
        task = asyncio.create_task(self._run(session), name="session")
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return session

    async def _run(self, session: _Session) -> None:
        try:
            await serve_loop(self._server, session.read, Outgoing(session.deliver), lifespan_state=self._state, session_id=session.id)
        finally:
            self._end(session)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a session broke", error=repr(error))

        self._ended += 1
        if self._tidying is None:
            self._tidying = asyncio.get_running_loop().call_later(TIDY, self._tidy)
        elif self._ended >= MOST_ENDED:
            self._tidying.cancel()
            self._tidy()

    def _tidy(self) -> None:
        """A session is a knot of tasks, streams and scopes that hold each other. The collector looks at what has lived for a while too
        seldom: the knots of many sessions would lie about, and what is made next takes new memory."""
        self._tidying, self._ended = None, 0
        gc.collect()

    def _unused(self) -> list[_Session]:
        """Sessions that no request is open for, the one first that nobody has used for longest."""
        return sorted((session for session in self._sessions.values() if not session.open), key=lambda session: session.used)

    def _end_idle(self) -> None:
        self._resting, now = None, asyncio.get_running_loop().time()
        for session in self._unused():
            if session.used + self._idle > now:
                self._resting = asyncio.get_running_loop().call_at(session.used + self._idle, self._end_idle)
                break
            self._end(session)

    def _end(self, session: _Session) -> None:
        self._sessions.pop(session.id, None)
        session.end()

    async def _serve(self, session: _Session, request: Request, send: Send, message: JSONRPCMessage | None) -> None:
        takes_json, takes_streams = check_accept_headers(request)
        if request.method == "DELETE":
            self._end(session)
            await respond(send, 200, b"", session.id)
        elif not takes_streams or not (takes_json or request.method == "GET"):
            await refuse(send, 406, "Accept application/json and text/event-stream.")
        elif isinstance(message, JSONRPCRequest):
            await self._answer(session, request, send, message)
        elif message is not None:
            try:
                await _put(session.incoming, SessionMessage(message, metadata=ServerMessageMetadata()))
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                await refuse(send, 404, "The session has ended.")
            else:
                await respond(send, 202, b"", session.id)
        elif None in session.streams:
            await refuse(send, 409, "The session has a stream already.")
        else:
            with _stream(session, None) as messages:
                try:
                    self._listening(session.id, True)
                    await _tell(session, request.receive, send, messages, None)
                finally:
                    self._listening(session.id, False)

    async def _answer(self, session: _Session, request: Request, send: Send, message: JSONRPCRequest) -> None:
        if message.id in session.streams:
            await refuse(send, 400, "A request with this id is open already.", key=message.id)
            return
        metadata = ServerMessageMetadata(on_request_unanswered=functools.partial(session.unanswered, message.id))
        with _stream(session, message.id) as messages:
            first: JSONRPCMessage | None = None
            ended = False
            try:
                await _put(session.incoming, SessionMessage(message, metadata=metadata))
                if message.method in PLAIN:
                    with anyio.move_on_after(SOON):
                        first = await messages.receive()
            except (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream):
                ended = True
            # Who ends a session, or cancels, may read no more: the SDK's client breaks over plain JSON then, but not over a stream.
            if ended:
                await respond(send, 200, b"", session.id, headers=[(b"content-type", b"text/event-stream")])
            elif isinstance(first, JSONRPCResponse) or (isinstance(first, JSONRPCError) and first.error.code != REQUEST_CANCELLED):
                await respond(send, 200, _text(first), session.id)
            else:
                await _tell(session, request.receive, send, messages, first)
        if message.method == "initialize" and isinstance(first, JSONRPCError):
            self._end(session)


async def _put(stream: MemoryObjectSendStream[Any], item: Any) -> None:
    """Hand an item on: where there is room without the turn of the event loop that `send` takes first."""
    try:
        stream.send_nowait(item)
    except anyio.WouldBlock:
        await stream.send(item)


@contextmanager
def _stream(session: _Session, key: RequestId | None) -> Iterator[MemoryObjectReceiveStream[JSONRPCMessage]]:
    """What the server says that belongs to a request (None: to none), for as long as somebody listens."""
    stream, messages = anyio.create_memory_object_stream[JSONRPCMessage](_BUFFER)
    session.streams[key] = stream
    with stream, messages:
        try:
            yield messages
        finally:
            session.streams.pop(key, None)


async def _tell(
    session: _Session,
    receive: Receive,
    send: Send,
    messages: MemoryObjectReceiveStream[JSONRPCMessage],
    first: JSONRPCMessage | None,
) -> None:
    """Tell messages as events until the answer, the end of the session, or the client is gone."""
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache, no-transform")]
    headers.append((MCP_SESSION_ID_HEADER.encode(), session.id.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def leave_with_client() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(leave_with_client)
        message = first
        try:
            while True:
                if message is not None:
                    event = b"event: message\r\ndata: " + _text(message) + b"\r\n\r\n"
                    await send({"type": "http.response.body", "body": event, "more_body": True})
                    if isinstance(message, JSONRPCResponse | JSONRPCError):
                        break
                message = None
                with anyio.move_on_after(PING) as waited:
                    message = await messages.receive()
                if waited.cancelled_caught:
                    await send({"type": "http.response.body", "body": b": waiting\r\n\r\n", "more_body": True})
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            pass
        group.cancel_scope.cancel()
    await send({"type": "http.response.body", "body": b""})


def _text(message: JSONRPCMessage) -> bytes:
    return message.model_dump_json(by_alias=True, exclude_unset=True).encode()


async def refuse(
    send: Send,
    status: int,
    words: str,
    *,
    code: int = INVALID_REQUEST,
    key: RequestId | None = None,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """Answer with a JSON-RPC error."""
    error = JSONRPCError(jsonrpc="2.0", id=key, error=ErrorData(code=code, message=words))
    await respond(send, status, _text(error), headers=headers)


async def respond(send: Send, status: int, body: bytes, session: str = "", *, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    """Answer with a JSON body, or none."""
    own = [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store"), *(headers or ())]
    if body:
        own.append((b"content-type", b"application/json"))
    if session:
        own.append((MCP_SESSION_ID_HEADER.encode(), session.encode()))
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})
