"""A server behind a URL."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from guard.errors import ConfigError, NotForwarded
from guard.upstream import http
from guard.upstream.http import connect
from guard.upstream.link import Link
from guard.upstream.session import introduced, opened
from guard.upstream.target import Target
from tests.upstream.serving import listening
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
        with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE"):
            async with connect(target):
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


@asynccontextmanager
async def _answering(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[Link]:
    """A connection to a server that answers one request by itself."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.close()
        await writer.wait_closed()
        done.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        link = Link(Target(name="raw", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp"))
        await link.open()
        yield link
        await link.close()
        await asyncio.wait_for(done.wait(), 20)


def _answer(status: str, message: dict[str, Any]) -> bytes:
    said = json.dumps({"jsonrpc": "2.0", **message})
    return f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {len(said)}\r\n\r\n{said}".encode()


@pytest.mark.parametrize("size", [10, 1 << 20])
async def test_a_request_goes_out_whole_and_not_its_head_before_its_body(size: int) -> None:
    read: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(1 << 16)
        head, _, body = first.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        read.extend((body, await reader.readexactly(length - len(body))))
        writer.write(_answer("200 OK", {"id": json.loads(b"".join(read))["id"], "result": {"ok": True}}))

    async with _answering(answer) as link:
        assert await link.request("tools/call", {"name": "x" * size}) == {"ok": True}
    assert json.loads(b"".join(read))["params"]["name"] == "x" * size
    assert read[0], "what came first holds some of the body"


async def test_a_server_that_answers_before_it_has_read_everything_is_heard() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        writer.write(_answer("413 Too Large", {"id": None, "error": {"code": -32050, "message": "too much"}}))
        while await reader.read(1 << 16):
            pass

    async with _answering(answer) as link:
        with pytest.raises(MCPError, match="too much"):
            await link.request("tools/call", {"name": "x" * (1 << 22)})
