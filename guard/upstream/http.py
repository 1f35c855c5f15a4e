"""A wrapped server behind a URL: streamable HTTP, with the headers that the operator names.

Every client of guard's gets a connection to the server, and every call of it is a request: so certificates are loaded once per process, and
sockets are used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CONNECTION_CLOSED

from guard.channel import Streams
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


@asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Streams]:
    """The server's messages, and how to send to it. `ConfigError` if a secret in the headers cannot be had."""
    headers = {"Accept-Encoding": "identity", **{name: resolved(value) for name, value in target.headers}}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=_LONGEST_IDLE)
    async with AsyncExitStack() as stack:
        auth = await stack.enter_async_context(oauth.authentication(target))
        web = _Web(
            headers=headers, timeout=TIMEOUT, limits=limits, auth=auth, verify=_certificates(), event_hooks={"response": [_answered]}
        )
        await stack.enter_async_context(web)
        client = streamable_http_client(target.url, http_client=web, max_sse_event_size=LONGEST_EVENT)
        messages, outgoing = await stack.enter_async_context(client)
        yield messages, outgoing.send


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

    async def send(self, request: httpx2.Request, **settings: Any) -> httpx2.Response:
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
