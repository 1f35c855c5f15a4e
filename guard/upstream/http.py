"""A wrapped server behind a URL: streamable HTTP, with the headers that the operator names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client

from guard.upstream import oauth
from guard.upstream.secrets import resolved
from guard.upstream.target import Target

LONGEST_EVENT = 64 << 20
"""Bytes of one event of the server."""
TIMEOUT = httpx2.Timeout(30.0, read=None)
"""Seconds; an answer may take as long as the call may."""


@asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Any]:
    """The server's messages, and where to send to it. `ConfigError` if a secret in the headers cannot be had."""
    headers = {name: resolved(value) for name, value in target.headers}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
    async with AsyncExitStack() as stack:
        auth = await stack.enter_async_context(oauth.authentication(target))
        web = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=TIMEOUT, limits=limits, auth=auth))
        yield await stack.enter_async_context(streamable_http_client(target.url, http_client=web, max_sse_event_size=LONGEST_EVENT))
