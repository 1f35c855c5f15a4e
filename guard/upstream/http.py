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

import httpcore2
import httpx2
from mcp.client.streamable_http import streamable_http_client

from guard.upstream import oauth
from guard.upstream.secrets import resolved
from guard.upstream.target import Target

LONGEST_EVENT = 64 << 20
"""Bytes of one event of the server."""
TIMEOUT = httpx2.Timeout(30.0, read=None)
"""Seconds; an answer may take as long as the call may."""
_LONGEST_IDLE = 3.0
"""Seconds after which a socket is not used again: many servers close it after five, and a request that meets that is lost."""
_MOST_WAITING = 1 << 16
"""Bytes of a request that are held back."""
LONGEST_REST = 1.0
"""Seconds in which a stream whose last message was read may end, so that its socket can be used again."""


@asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Any]:
    """The server's messages, and where to send to it. `ConfigError` if a secret in the headers cannot be had."""
    headers = {name: resolved(value) for name, value in target.headers}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=_LONGEST_IDLE)
    async with AsyncExitStack() as stack:
        auth = await stack.enter_async_context(oauth.authentication(target))
        web = httpx2.AsyncClient(
            headers=headers, timeout=TIMEOUT, limits=limits, auth=auth, verify=_certificates(), event_hooks={"response": [_answered]}
        )
        await stack.enter_async_context(web)
        # INVARIANT: the only place that uses private names of httpx2; nothing public says how sockets are used.
        pool = web._transport._pool  # type: ignore[attr-defined]
        pool._network_backend = _Sockets(pool._network_backend)
        yield await stack.enter_async_context(streamable_http_client(target.url, http_client=web, max_sse_event_size=LONGEST_EVENT))


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Loading them takes tens of milliseconds."""
    return httpx2.create_ssl_context()


async def _answered(response: httpx2.Response) -> None:
    response.stream = _Rest(response.stream)


class _Sockets(httpcore2.AsyncNetworkBackend):
    """Sockets as `_Socket` uses them."""

    def __init__(self, backend: httpcore2.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(self, *given: Any, **named: Any) -> httpcore2.AsyncNetworkStream:
        return _Socket(await self._backend.connect_tcp(*given, **named))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _Socket(httpcore2.AsyncNetworkStream):
    """A request goes out at once, when its answer is read: else its head wakes the server, which then waits for the body. What arrives is
    acknowledged at once: a server whose sockets do not send at once waits with the body of an answer for that, 40 ms else."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._waiting = bytearray()
        self._socket = stream.get_extra_info("socket")

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._waiting += buffer
        if len(self._waiting) > _MOST_WAITING:
            await self._flush(timeout)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if self._waiting:
            with contextlib.suppress(httpcore2.WriteError):  # a server that takes no more may have said why
                await self._flush(TIMEOUT.write)
        found = await self._stream.read(max_bytes, timeout)
        if self._socket is not None and hasattr(socket, "TCP_QUICKACK"):
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return found

    async def _flush(self, timeout: float | None) -> None:  # noqa: ASYNC109
        waiting, self._waiting = bytes(self._waiting), bytearray()
        await self._stream.write(waiting, timeout)

    async def start_tls(self, *given: Any, **named: Any) -> httpcore2.AsyncNetworkStream:
        return _Socket(await self._stream.start_tls(*given, **named))

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Rest(httpx2.AsyncByteStream):
    """A response whose reader stops at the message that it waited for: what follows it (the end of the body, as a rule) is read too, since
    a socket with something left in it is closed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._parts: AsyncIterator[bytes] = aiter(stream)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts

    async def aclose(self) -> None:
        try:
            with contextlib.suppress(TimeoutError, httpx2.TransportError):
                async with asyncio.timeout(LONGEST_REST):
                    async for _ in self._parts:
                        pass
        finally:
            await self._stream.aclose()
