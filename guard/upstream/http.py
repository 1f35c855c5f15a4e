"""A wrapped server behind a URL: streamable HTTP, with the headers that the operator names.

Every client of guard's gets a connection to the server, and every call of it is a request: so certificates are loaded once per process, and
sockets are used again, whosever request it was. A connection holds neither a task nor a socket while nothing is asked: the messages of one
client go one by one through the SDK's transport, and the stream for what the server says unasked is there while somebody listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from weakref import WeakKeyDictionary

import anyio
import httpx2
import structlog
from anyio.abc import TaskGroup
from mcp.client.auth import OAuthFlowError
from mcp.client.streamable_http import StreamableHTTPTransport
from mcp.shared.message import SessionMessage
from mcp_types import CONNECTION_CLOSED, ErrorData, JSONRPCError, JSONRPCRequest, JSONRPCResponse, RequestId

from guard.channel import Incoming, Line, Outgoing
from guard.errors import GuardError
from guard.upstream import oauth
from guard.upstream.link import BROKEN, LOST
from guard.upstream.secrets import resolved
from guard.upstream.target import Target

LONGEST_EVENT = 64 << 20
"""Bytes of one event of the server, and of an answer that is none."""
_REFUSED = " (name a token with --header, or sign in with --oauth)"
TIMEOUT = httpx2.Timeout(30.0, read=None)
"""Seconds; an answer may take as long as the call may."""
_LONGEST_IDLE = 3.0
"""Seconds after which a socket is not used again: many servers close it after five, and a request that meets that is lost."""
LONGEST_REST = 1.0
"""Seconds in which a stream whose last message was read may end, so that its socket can be used again."""


LONGEST_ACKNOWLEDGEMENT = 30.0
"""Seconds in which the server takes what is no request."""
LONGEST_FAREWELL = 2.0
"""Seconds in which it takes that a client has left."""
SHORTEST_LISTENING = 1.0
"""Seconds from one request for what the server says unasked to the next."""
log = structlog.get_logger("guard.upstream")


def load() -> None:
    """Load what the first connection needs."""
    httpx2.AsyncHTTPTransport(verify=_certificates())


@asynccontextmanager
async def connect(target: Target, group: TaskGroup, take: Callable[[SessionMessage | Exception], Awaitable[None]]) -> AsyncIterator[Line]:
    """The way to the server, whose requests are under way in `group`. `take` gets its messages. `ConfigError` if a secret in the headers
    cannot be had."""
    headers = {"Accept-Encoding": "identity", **{name: resolved(value) for name, value in target.headers}}
    async with (
        oauth.authentication(target) as auth,
        _sockets() as sockets,
        _Web(headers=headers, timeout=TIMEOUT, transport=sockets, auth=auth, event_hooks={"response": [_answered]}) as web,
    ):
        line = _Line(StreamableHTTPTransport(target.url, max_sse_event_size=LONGEST_EVENT), web, group, take)
        try:
            yield line
        finally:
            await line.close()


class _Line:
    """One client's way to the server."""

    def __init__(
        self,
        transport: StreamableHTTPTransport,
        web: httpx2.AsyncClient,
        group: TaskGroup,
        take: Callable[[SessionMessage | Exception], Awaitable[None]],
    ) -> None:
        self._transport, self._web, self._group = transport, web, group
        self._take = take
        self._taken: Any = Outgoing(self._heard)
        self._turn = asyncio.Lock()
        self._unanswered: set[RequestId] = set()
        self._wanted = self._introduced = False
        self._listening: anyio.CancelScope | None = None

    async def send(self, message: SessionMessage, /) -> None:
        """Send one message: a request begins, anything else is with the server when this returns, since the next must not overtake it.
        What the server does not acknowledge in time is overtaken all the same."""
        one: Any = _One(message)
        asked = message.message if isinstance(message.message, JSONRPCRequest) else None
        posts: Any = _Posts(functools.partial(self._post, asked.id)) if asked is not None else self._group
        async with self._turn:
            with anyio.move_on_after(LONGEST_ACKNOWLEDGEMENT) as limit:
                await self._transport.post_writer(self._web, one, self._taken, self._taken, self._begin, posts)
        if limit.cancelled_caught:
            log.warning("the server does not acknowledge what it is told", url=self._transport.url)

    def _post(self, request: RequestId, run: Callable[..., Awaitable[None]], *given: Any) -> None:
        self._unanswered.add(request)
        self._group.start_soon(self._posted, request, run, *given)

    async def _posted(self, request: RequestId, run: Callable[..., Awaitable[None]], *given: Any) -> None:
        """One request under way. Whatever becomes of it, it is answered, and nothing else ends with it."""
        why = "the answer is to another request"
        try:
            await run(*given)
        except (GuardError, OAuthFlowError):  # who cannot sign in has no connection
            raise
        except Exception as error:  # what cannot be put into a request, or read, is this request's failure alone
            log.warning("a request failed", url=self._transport.url, error=repr(error))
            why = f"{type(error).__name__} {error}".rstrip()
        finally:
            unanswered = request in self._unanswered
            self._unanswered.discard(request)
        if unanswered:
            said = ErrorData(code=CONNECTION_CLOSED, message=BROKEN + why)
            await self._take(SessionMessage(JSONRPCError(jsonrpc="2.0", id=request, error=said)))

    async def _heard(self, item: SessionMessage | Exception) -> None:
        if isinstance(item, SessionMessage) and isinstance(item.message, JSONRPCResponse | JSONRPCError) and item.message.id is not None:
            self._unanswered.discard(item.message.id)
        await self._take(item)

    def listen(self, on: bool, /) -> None:
        """Hold the stream for what the server says unasked, or not."""
        self._wanted = on
        if on and self._introduced and self._listening is None:
            self._listening = anyio.CancelScope()
            self._group.start_soon(self._listen, self._listening)
        elif not on and self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _begin(self) -> None:
        """The client says that it is initialised; before that a server gives no stream."""
        self._introduced = True
        self.listen(self._wanted)

    async def _listen(self, scope: anyio.CancelScope) -> None:
        with scope:
            await self._transport.handle_get_stream(self._web, self._taken)

    async def close(self) -> None:
        """Tell the server that the client has left, if it listens."""
        if self._transport.session_id:
            with anyio.move_on_after(LONGEST_FAREWELL):
                await self._transport.terminate_session(self._web)


class _Posts:
    """The task group of one request, as the SDK's transport wants one."""

    def __init__(self, start: Callable[..., None]) -> None:
        self.start_soon = start


class _One(Incoming):
    """One message as the stream of messages that the SDK's transport reads."""

    last_context = None

    def __init__(self, message: SessionMessage) -> None:
        async def one() -> AsyncGenerator[SessionMessage | Exception]:
            yield message

        super().__init__(one())


class _Sockets(httpx2.AsyncBaseTransport):
    """The sockets of all connections. What belongs to one (cookies, headers, who signs in) is its own client's; this one knows nothing of
    them, but by which proxy a host is reached."""

    def __init__(self) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=_LONGEST_IDLE)
        none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._web = httpx2.AsyncClient(timeout=TIMEOUT, limits=limits, verify=_certificates(), cookies=none)
        self.users = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._web.send(request, stream=True)

    async def aclose(self) -> None:
        """Nothing: the sockets are everybody's."""

    async def close(self) -> None:
        await self._web.aclose()


_open: WeakKeyDictionary[asyncio.AbstractEventLoop, _Sockets] = WeakKeyDictionary()


@asynccontextmanager
async def _sockets() -> AsyncIterator[_Sockets]:
    """The sockets of this event loop, which are closed when no connection is there any more."""
    loop = asyncio.get_running_loop()
    sockets = _open.get(loop)
    if sockets is None:
        sockets = _open[loop] = _Sockets()
    sockets.users += 1
    try:
        yield sockets
    finally:
        sockets.users -= 1
        if not sockets.users:
            del _open[loop]
            await sockets.close()


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Loading them takes tens of milliseconds."""
    return httpx2.create_ssl_context()


async def _answered(response: httpx2.Response) -> None:
    """The headers are there; a server whose sockets do not send at once waits with the body until they are acknowledged: 40 ms else."""
    response.stream = _Rest(response.stream, response.headers)
    stream = response.extensions.get("network_stream")
    connected = stream.get_extra_info("socket") if stream is not None else None
    if connected is not None and hasattr(socket, "TCP_QUICKACK"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class _Web(httpx2.AsyncClient):
    """A client for which a request that fails is one request's failure: the SDK's transport ends with the first exception, and with it all
    other requests under way. Of a status it says only that it was one."""

    _listened = -SHORTEST_LISTENING

    async def send(self, request: httpx2.Request, **settings: Any) -> httpx2.Response:
        if request.method == "GET":  # a server can end the stream at once, and ask for it again without a pause
            await asyncio.sleep(self._listened + SHORTEST_LISTENING - time.monotonic())
            self._listened = time.monotonic()
        try:
            response = await super().send(request, **settings)
        except httpx2.TransportError as error:
            return _error(request, 502, f"{type(error).__name__} {error}".rstrip())
        status = response.status_code
        if status == 404 and "mcp-session-id" in request.headers:
            why = LOST
        elif request.method != "POST" or status < 400 or await _spoken(response):
            return response
        else:
            why = f"HTTP {status} {response.reason_phrase}{_REFUSED if status in (401, 403) else ''}"
        await response.aclose()
        return _error(request, status, why)


async def _spoken(response: httpx2.Response) -> bool:
    """Whether an error is told in the protocol: what stands before a server, asking for a sign-in, often answers in a JSON of its own."""
    if "json" not in response.headers.get("content-type", ""):
        return False
    try:
        return b'"jsonrpc"' in await response.aread()
    except httpx2.StreamError:
        return False


def _error(request: httpx2.Request, status: int, why: str) -> httpx2.Response:
    said = {"code": CONNECTION_CLOSED, "message": BROKEN + why}
    return httpx2.Response(status, json={"jsonrpc": "2.0", "id": None, "error": said}, request=request)


class _Rest(httpx2.AsyncByteStream):
    """A response whose reader stops at the message that it waited for: what follows it (the end of the body, as a rule) is read too, since
    a socket with something left in it is closed. Nor is more read than a message may be long, however small it was sent."""

    def __init__(self, stream: Any, headers: httpx2.Headers) -> None:
        self._stream = stream
        self._streams = headers.get("content-type", "").lower().startswith("text/event-stream")
        self._packed = headers.get("content-encoding", "identity").lower()
        self._parts = self._bounded()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self  # and not the generator: who is stopped while reading would close it under `aclose`

    async def __anext__(self) -> bytes:
        return await anext(self._parts)

    async def _bounded(self) -> AsyncIterator[bytes]:
        if self._packed != "identity":
            raise httpx2.StreamError(f"It is packed by {self._packed!a}, which was not asked for")
        size = 0
        try:
            async for part in self._stream:
                size += len(part)
                if size > LONGEST_EVENT and not self._streams:
                    raise httpx2.StreamError(f"It is longer than {LONGEST_EVENT} bytes")
                yield part
        except httpx2.TransportError as error:
            raise httpx2.StreamError(f"It broke off: {error}") from None

    async def aclose(self) -> None:
        try:
            with contextlib.suppress(TimeoutError, RuntimeError):  # StreamError is one; and so is what its reader, stopped, leaves
                async with asyncio.timeout(LONGEST_REST):
                    async for _ in self:
                        pass
        finally:
            await self._stream.aclose()
