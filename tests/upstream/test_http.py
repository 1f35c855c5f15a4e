"""A server behind a URL."""

from __future__ import annotations

import socket

import pytest

from guard.errors import ConfigError, NotForwarded
from guard.upstream import http
from guard.upstream.http import connect
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
