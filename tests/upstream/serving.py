"""A server over HTTP within the test's own process."""

from __future__ import annotations

import asyncio
import json
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


class Listened:
    """An application: a server that answers whatever is asked with nothing, and counts who holds a stream for what it says unasked."""

    def __init__(self) -> None:
        self.sessions = 0
        self.cookies: list[tuple[str, str]] = []
        """Of each request that belongs to a session: the session, and the cookies that came with it."""
        self.streams = 0
        self.changed = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if scope["method"] == "GET":
            return await self._stream(receive, send)
        body = (await receive())["body"]
        asked = json.loads(body) if body else {}
        extra = []
        if "mcp-session-id" in headers:
            self.cookies.append((headers["mcp-session-id"], headers.get("cookie", "")))
        else:
            self.sessions += 1
            extra = [(b"mcp-session-id", b"%d" % self.sessions), (b"set-cookie", b"node=%d" % self.sessions)]
        said = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {"protocolVersion": "2025-11-25"}}) if "id" in asked else ""
        kind = (b"content-type", b"application/json")
        await send({"type": "http.response.start", "status": 200 if said else 202, "headers": [kind, *extra]})
        await send({"type": "http.response.body", "body": said.encode()})

    async def _stream(self, receive: Any, send: Any) -> None:
        self._count(1)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        notice = b'data: {"jsonrpc": "2.0", "method": "notifications/resources/list_changed"}\n\n'
        await send({"type": "http.response.body", "body": notice, "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        self._count(-1)

    def _count(self, more: int) -> None:
        self.streams += more
        self.changed.set()

    async def listeners(self, count: int) -> None:
        """Until so many streams are held."""
        async with asyncio.timeout(20):
            while self.streams != count:
                self.changed.clear()
                await self.changed.wait()
