"""A server over HTTP within the test's own process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from tests.upstream.servers import conformance

App = Callable[[Any, Any, Any], Awaitable[None]]


@asynccontextmanager
async def listening(seen: list[dict[str, str]] | None = None, app: App | None = None) -> AsyncIterator[str]:
    """The URL of the conformance server (or of another application); `seen` gets the headers of every request."""
    inner = app or conformance.server.streamable_http_app()

    async def door(scope: Any, receive: Any, send: Any) -> None:
        if seen is not None and scope["type"] == "http":
            seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await inner(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(door, log_config=None, lifespan="on" if app is None else "off", ws="none", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            await serving
