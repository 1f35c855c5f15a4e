"""A server behind a URL."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from guard.errors import ConfigError, NotForwarded, UpstreamError
from guard.upstream import http
from guard.upstream.http import connect
from guard.upstream.link import Link
from guard.upstream.session import introduced, opened
from guard.upstream.target import Target
from tests.upstream.serving import Listened, listening
from tests.upstream.test_link import INTRODUCTION, Client


async def test_headers_are_sent_with_every_request_and_secrets_come_from_where_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0k3n")
    seen: list[dict[str, str]] = []
    async with listening(seen) as url:
        target = Target(name="suite", url=url, headers=(("Authorization", "Bearer ${env:TOKEN}"), ("X-Team", "a")))
        session = await opened(target)
        assert {tool["name"] for tool in await session.tools()} >= {"test_simple_text"}
        await session.link.close()
    assert seen
    assert all((headers["authorization"], headers["x-team"]) == ("Bearer t0k3n", "a") for headers in seen)
    assert "t0k3n" not in target.identity + repr(target)


async def test_a_secret_that_is_not_there_is_said_before_anything_is_sent() -> None:
    seen: list[dict[str, str]] = []
    async with listening(seen) as url:
        target = Target(name="suite", url=url, headers=(("Authorization", "${env:NOT_SET_ANYWHERE}"),))
        async with anyio.create_task_group() as group:
            with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE"):
                async with connect(target, group, lambda _: asyncio.sleep(0)):
                    pass
        with pytest.raises(NotForwarded, match="NOT_SET_ANYWHERE"):
            await opened(target)
    assert seen == []


async def test_a_server_that_is_not_there_is_said_with_a_hint() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotForwarded) as raised:
        await opened(Target(name="suite", url=f"http://127.0.0.1:{port}/mcp"))
    assert raised.value.hint


def _http(body: bytes, kind: str = "application/json", status: str = "200 OK", *more: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body) if length is None else length}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


GOOD = b'{"jsonrpc":"2.0","id":1,"result":{"content":[]}}'


@asynccontextmanager
async def _answering(bad: bytes) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The URL of a server that answers its first request once the event is set, and each after that with these very bytes, and no more."""
    requests = itertools.count()
    go = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        if next(requests) == 0:
            await go.wait()
            bytes_ = _http(GOOD)
        else:
            bytes_ = bad
        with contextlib.suppress(ConnectionError):
            writer.write(bytes_)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp", go


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"", "disconnected"),
        (_http(b'{"json', length=500), "broke off"),
        (_http(b"{no json"), "no JSON-RPC message"),
        (_http(b""), "no JSON-RPC message"),
        (_http(b'{"jsonrpc":"2.0","id":2,"result":{"a":"\\ud800"}}'), "no JSON-RPC message"),
        (_http(b"data: {no json\r\n\r\n", "text/event-stream"), "no JSON-RPC message"),
        (_http(b"data: ", "text/event-stream"), "ended without a response"),
        (_http(b"<html>", "text/html"), "content type"),
        (_http(b"", "text/plain", "307 Temporary Redirect", "location: http://127.0.0.1:9/stolen"), "not followed"),
        (_http(b"bad", "text/plain", "502 Bad Gateway"), "HTTP 502 Bad Gateway"),
        (_http(b"", "text/plain", "401 Unauthorized"), "--oauth"),
        (_http(b'{"error":"invalid_token"}', "application/json", "401 Unauthorized"), "HTTP 401 Unauthorized.*--oauth"),
        (_http(b"x" * 3000, "application/json", "503 Service Unavailable"), "HTTP 503 Service Unavailable"),
        (_http(b"x" * 3000), "broke off"),
        (_http(b'{"jsonrpc":"2.0","id":999,"result":{}}'), "another request"),
        (_http(gzip.compress(GOOD), "application/json", "200 OK", "content-encoding: gzip"), "broke off"),
    ],
)  # fmt: skip
async def test_what_is_no_answer_leaves_its_call_unknown_and_others_unharmed(bad: bytes, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_EVENT", 2000)
    async with _answering(bad) as (url, go), asyncio.timeout(10):
        link = Link(Target(name="files", url=url))
        await link.open()
        other = asyncio.create_task(link.request("tools/call", {"name": "a"}))
        await asyncio.sleep(0)
        with pytest.raises(UpstreamError, match=why):
            await link.request("tools/call", {"name": "b"})
        assert link.alive
        go.set()
        assert await other == {"content": []}
        await link.close()


async def test_a_request_that_cannot_be_put_fails_alone() -> None:
    async with _answering(b"") as (url, go), asyncio.timeout(10):
        link = Link(Target(name="files", url=url))
        await link.open()
        other = asyncio.create_task(link.request("tools/call", {"name": "a"}))
        await asyncio.sleep(0)
        with pytest.raises(UpstreamError, match="UnicodeEncodeError"):
            await link.request("caf\u00e9", {}, headers={"mcp-method": "caf\u00e9"})
        assert link.alive
        go.set()
        assert await other == {"content": []}
        await link.close()


@asynccontextmanager
async def _silent(*kinds: str) -> AsyncIterator[str]:
    """The URL of a server that gives a session and answers calls, but nothing to requests of these kinds."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                body = await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0))
                if any(kind in head.split(" ", 1)[0] or kind in body.decode() for kind in kinds):
                    await reader.read()
                known = re.search(rb'"id":(\d+)', body)
                answer = b'{"jsonrpc":"2.0","id":' + known[1] + b',"result":{"capabilities":{}}}' if known else b""
                writer.write(_http(answer, "application/json", "200 OK" if known else "202 Accepted", "mcp-session-id: s1"))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp"


async def test_what_the_server_does_not_acknowledge_holds_nothing_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_ACKNOWLEDGEMENT", 0.05)
    async with _silent("roots/list_changed") as url, asyncio.timeout(10):
        link = Link(Target(name="files", url=url), listens=False)
        await link.open()
        await link.request("initialize", {})
        await link.notify("notifications/roots/list_changed", None)
        assert await link.request("tools/list", {}) == {"capabilities": {}}
        await link.close()


async def test_a_server_that_does_not_listen_to_a_farewell_is_left_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_FAREWELL", 0.05)
    async with _silent("delete") as url, asyncio.timeout(10):
        link = Link(Target(name="files", url=url), listens=False)
        await link.open()
        await link.request("initialize", {})
        await link.close()
        link.listen(True)  # of no use any more, and no failure


async def _sockets() -> int:
    """How many of them a connection uses for ten requests."""
    seen: list[dict[str, str]] = []
    async with listening(seen) as url:
        session = await introduced(Target(name="suite", url=url), INTRODUCTION, Client())
        for _ in range(8):
            await session.tools()
        await session.link.close()
    assert len(seen) >= 10
    return len({headers["(port)"] for headers in seen})


async def test_requests_use_their_sockets_again_although_each_is_answered_by_a_stream() -> None:
    assert await _sockets() <= 3


async def test_a_socket_that_the_server_may_be_about_to_close_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_LONGEST_IDLE", 0.0)
    assert await _sockets() >= 8


async def test_connections_share_their_sockets_but_no_cookies() -> None:
    seen: list[dict[str, str]] = []
    server = Listened()
    async with listening(seen, server) as url:
        target = Target(name="suite", url=url)
        first, second = [await introduced(target, INTRODUCTION, Client()) for _ in range(2)]
        for session in (first, second, first):
            await session.request("ping", None)
        assert len({request["(port)"] for request in seen}) == 1
        for session in (first, second):
            await session.link.close()
    assert set(server.cookies) == {("1", "node=1"), ("2", "node=2")}


async def test_what_a_server_says_unasked_has_a_stream_as_long_as_somebody_listens() -> None:
    server, client = Listened(), Client()
    async with listening(app=server) as url:
        session = await introduced(Target(name="suite", url=url), INTRODUCTION, client, listens=False)
        session.link.listen(True)
        assert server.streams == 0, "no server has a stream for a client that is not initialised"
        session.link.listen(False)
        await session.link.notify("notifications/initialized", None)
        await session.request("ping", None)
        assert server.streams == 0
        assert client.heard == []
        for _ in range(2):
            session.link.listen(True)
            await server.listeners(1)
            async with asyncio.timeout(20):
                while not client.heard:
                    await asyncio.sleep(0)
            assert [method for method, _ in client.heard] == ["notifications/resources/list_changed"]
            client.heard.clear()
            session.link.listen(False)
            await server.listeners(0)
        assert await session.request("ping", None), "the connection is there all the same"
        await session.link.close()


async def test_a_message_does_not_overtake_a_notification_before_it() -> None:
    order: list[str] = []
    slow = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked = json.loads((await receive())["body"])
        order.append(asked["method"])
        if asked["method"] == "notifications/initialized":
            await asyncio.wait_for(slow.wait(), 20)
            order.append("taken")
        said = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {}}) if "id" in asked else ""
        await send({"type": "http.response.start", "status": 200 if said else 202, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": said.encode()})

    async with listening(app=app) as url:
        session = await introduced(Target(name="suite", url=url), INTRODUCTION, Client())
        telling = asyncio.create_task(session.link.notify("notifications/initialized", None))
        await asyncio.sleep(0)
        asking = asyncio.create_task(session.request("ping", None))
        while len(order) < 2:
            await asyncio.sleep(0.01)
        slow.set()
        await asyncio.gather(telling, asking)
        assert order == ["initialize", "notifications/initialized", "taken", "ping"]
        await session.link.close()
