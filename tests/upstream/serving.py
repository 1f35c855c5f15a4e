"""A server over HTTP within the test's own process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from tests.upstream.servers import conformance

App = Callable[[Any, Any, Any], Awaitable[None]]


@asynccontextmanager
async def listening(seen: list[dict[str, str]] | None = None, app: App | None = None, *, lifespan: bool = False) -> AsyncIterator[str]:
    """The URL of the conformance server (or of another application); `seen` gets the headers of every request, and the
    port that it came from."""
    inner = app or conformance.server.streamable_http_app()

    async def door(scope: Any, receive: Any, send: Any) -> None:
        if seen is not None and scope["type"] == "http":
            seen.append({name.decode(): value.decode() for name, value in scope["headers"]} | {"(port)": str(scope["client"][1])})
        await inner(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                door, log_config=None, lifespan="on" if lifespan or app is None else "off", ws="none", timeout_graceful_shutdown=1
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def guarded(asked: list[dict[str, str]], app: App | None = None) -> AsyncIterator[str]:
    """The URL of a server that wants a token, and gives one at its own `/token`; behind it `app`."""

    async def door(scope: Any, receive: Any, send: Any) -> None:
        if app is not None and (scope["type"] != "http" or (b"authorization", b"Bearer t") in scope["headers"]):
            await app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        origin, path = f"http://{headers['host']}", scope["path"]
        extra, status, said = [], 200, b"{}"
        if path == "/token":
            form = parse_qs((await receive())["body"].decode())
            asked.append({**{name: values[0] for name, values in form.items()}, "authorization": headers.get("authorization", "")})
            said = b'{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}'
        elif path.startswith("/.well-known/oauth-protected-resource"):
            said = f'{{"resource": "{origin}/mcp", "authorization_servers": ["{origin}"]}}'.encode()
        elif path.startswith("/.well-known/"):
            said = f'{{"issuer": "{origin}", "authorization_endpoint": "{origin}/a", "token_endpoint": "{origin}/token"}}'.encode()
        elif headers.get("authorization") != "Bearer t":
            status, extra = 401, [(b"www-authenticate", b"Bearer")]
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json"), *extra]})
        await send({"type": "http.response.body", "body": said})

    async with listening(app=door, lifespan=app is not None) as url:
        yield url
