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

from guard.channel import Streams
from guard.upstream import oauth
from guard.upstream.secrets import resolved
from guard.upstream.target import Target

LONGEST_EVENT = 64 << 20
"""Bytes of one event of the server."""
TIMEOUT = httpx2.Timeout(30.0, read=None)
"""Seconds; an answer may take as long as the call may."""
_LONGEST_IDLE = 3.0
"""Seconds after which a socket is not used again: many servers close it after five, and a request that meets that is lost."""
LONGEST_REST = 1.0
"""Seconds in which a stream whose last message was read may end, so that its socket can be used again."""


@asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Streams]:
    """The server's messages, and how to send to it. `ConfigError` if a secret in the headers cannot be had."""
    headers = {name: resolved(value) for name, value in target.headers}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=_LONGEST_IDLE)
    async with AsyncExitStack() as stack:
        auth = await stack.enter_async_context(oauth.authentication(target))
        web = httpx2.AsyncClient(
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
    response.stream = _Rest(response.stream)
    stream = response.extensions.get("network_stream")
    connected = stream.get_extra_info("socket") if stream is not None else None
    if connected is not None and hasattr(socket, "TCP_QUICKACK"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


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
