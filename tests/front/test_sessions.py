"""Sessions over streamable HTTP, on a real socket: what is plain JSON, what is a stream, and when a session is over."""

from __future__ import annotations

import asyncio
import functools
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.server import Server
from mcp_types import CallToolResult, ListToolsResult, TextContent

from guard.front import http, sessions

ACCEPT = {"accept": "application/json, text/event-stream"}
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}


@dataclass
class Probe:
    """A server with a tool that answers, one that says something first, and one that waits."""

    called: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    connections: list[weakref.ref[Any]] = field(default_factory=list)

    async def tools(self, ctx: Any, params: Any) -> ListToolsResult:
        return ListToolsResult(tools=[])

    async def call(self, ctx: Any, params: Any) -> CallToolResult:
        ctx.session._connection.exit_stack.callback(self.left.set)
        self.connections.append(weakref.ref(ctx.session._connection))
        self.called.set()
        if params.name == "tell":
            await ctx.session.report_progress(1.0)
        if params.name == "wait":
            await self.go.wait()
        return CallToolResult(content=[TextContent(type="text", text=params.name)])


@asynccontextmanager
async def served(listening: sessions.Listening | None = None) -> AsyncIterator[Probe]:
    probe, stop = Probe(), asyncio.Event()
    server = Server("probe", version="0", on_list_tools=probe.tools, on_call_tool=probe.call)
    with http.listen("127.0.0.1", 0) as listener:
        probe.url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        serving = http.serve(server, listener, token=None, token_file=Path("token"), stop=stop, listening=listening)
        task = asyncio.create_task(serving)
        try:
            yield probe
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)


class Raw:
    """A client that speaks HTTP alone."""

    def __init__(self, web: httpx2.AsyncClient, url: str) -> None:
        self.web, self.url, self.session = web, url, ""

    def request(self, method: str, params: dict[str, Any], key: int | None = None, **meta: Any) -> dict[str, Any]:
        params = {**params, "_meta": meta} if meta else params
        headers = {"mcp-session-id": self.session} if self.session else {}
        message = {"jsonrpc": "2.0", "method": method, "params": params, **({} if key is None else {"id": key})}
        return {"method": "POST", "url": self.url, "json": message, "headers": headers}

    async def post(self, method: str, params: dict[str, Any], key: int | None = None, **meta: Any) -> httpx2.Response:
        return await self.web.request(**self.request(method, params, key, **meta))

    async def call(self, name: str, key: int = 1, **meta: Any) -> httpx2.Response:
        return await self.post("tools/call", {"name": name, "arguments": {}}, key, **meta)


@asynccontextmanager
async def client(url: str) -> AsyncIterator[Raw]:
    async with httpx2.AsyncClient(headers=ACCEPT, timeout=20) as web:
        raw = Raw(web, url)
        hello = await raw.post("initialize", HELLO, 0)
        assert hello.headers["content-type"] == "application/json"
        raw.session = hello.headers["mcp-session-id"]
        assert (await raw.post("notifications/initialized", {})).status_code == 202
        yield raw


def port(answer: httpx2.Response) -> int:
    return int(answer.extensions["network_stream"].get_extra_info("client_addr")[1])


async def test_an_answer_that_comes_at_once_is_plain_json_on_a_socket_that_is_used_again() -> None:
    async with served() as probe, client(probe.url) as raw:
        answers = [await raw.call("look", key) for key in (1, 2)]
        assert [answer.headers["content-type"] for answer in answers] == ["application/json"] * 2
        assert [answer.json()["id"] for answer in answers] == [1, 2]
        assert port(answers[0]) == port(answers[1])


async def test_what_is_said_before_the_answer_comes_before_it_on_a_stream() -> None:
    async with served() as probe, client(probe.url) as raw:
        answer = await raw.call("tell", progressToken="p")
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.text.index("notifications/progress") < answer.text.index('"result"')


async def test_an_answer_that_takes_its_time_has_its_headers_sent_before_and_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SOON", 0.05)
    monkeypatch.setattr(sessions, "PING", 0.05)
    async with served() as probe, client(probe.url) as raw:
        async with raw.web.stream(**raw.request("tools/call", {"name": "wait", "arguments": {}}, 1)) as answer:
            assert answer.headers["content-type"] == "text/event-stream"
            lines = answer.aiter_lines()
            assert (await anext(lines)).startswith(":")
            probe.go.set()
            assert '"text":"wait"' in "".join([line async for line in lines])


async def test_a_call_that_the_client_cancels_ends_with_an_error() -> None:
    async with served() as probe, client(probe.url) as raw:
        asked = asyncio.create_task(raw.call("wait", 7))
        await asyncio.wait_for(probe.called.wait(), 10)
        await raw.post("notifications/cancelled", {"requestId": 7})
        answer = await asyncio.wait_for(asked, 10)
        assert "cancelled" in answer.text
        assert answer.headers["content-type"] == "text/event-stream", "the SDK's client, if it is closing, breaks over plain JSON"


async def test_a_request_that_is_open_when_its_session_ends_is_an_empty_stream() -> None:
    async with served() as probe, client(probe.url) as raw:
        asked = asyncio.create_task(raw.call("wait", 7))
        await asyncio.wait_for(probe.called.wait(), 10)
        await raw.web.delete(probe.url, headers={"mcp-session-id": raw.session})
        answer = await asyncio.wait_for(asked, 10)
        assert (answer.headers["content-type"], answer.text) == ("text/event-stream", "")


async def test_an_id_that_is_in_use_is_refused_and_the_first_request_unharmed() -> None:
    async with served() as probe, client(probe.url) as raw:
        asked = asyncio.create_task(raw.call("wait", 7))
        await asyncio.wait_for(probe.called.wait(), 10)
        assert (await raw.call("look", 7)).status_code == 400
        probe.go.set()
        assert '"text":"wait"' in (await asked).text


async def test_a_session_has_one_stream_of_its_own_which_ends_with_it() -> None:
    async with served() as probe, client(probe.url) as raw:
        headers = {"mcp-session-id": raw.session}
        async with raw.web.stream("GET", probe.url, headers=headers) as listening:
            assert listening.headers["content-type"] == "text/event-stream"
            assert (await raw.web.get(probe.url, headers=headers)).status_code == 409
            await raw.call("look")
            assert (await raw.web.delete(probe.url, headers=headers)).status_code == 200
            assert await asyncio.wait_for(listening.aread(), 10) == b""
        await asyncio.wait_for(probe.left.wait(), 10)
        assert (await raw.call("look")).status_code == 404


@pytest.mark.parametrize("limit", ["most", "resting"])
async def test_when_too_many_are_there_the_one_that_nobody_used_for_longest_is_over(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(http, "Sessions", functools.partial(sessions.Sessions, **{limit: 2}))
    async with served() as probe, client(probe.url) as first, client(probe.url) as second:
        await first.call("look")
        async with client(probe.url) as third:
            assert [(await raw.call("look")).status_code for raw in (first, second, third)] == [200, 404, 200]


async def test_when_all_are_in_use_one_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "Sessions", functools.partial(sessions.Sessions, most=1))
    async with served() as probe, client(probe.url) as raw:
        asked = asyncio.create_task(raw.call("wait"))
        await asyncio.wait_for(probe.called.wait(), 10)
        assert (await Raw(raw.web, probe.url).post("initialize", HELLO, 0)).status_code == 503
        probe.go.set()
        assert (await asked).status_code == 200


async def test_a_session_that_nobody_uses_is_over_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "Sessions", functools.partial(sessions.Sessions, idle=0.1))
    async with served() as probe, client(probe.url) as raw:
        assert (await raw.call("look")).status_code == 200
        await asyncio.wait_for(probe.left.wait(), 10)
        assert (await raw.call("look")).status_code == 404


async def test_what_an_ended_session_was_made_of_is_given_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TIDY", 0.05)
    async with served() as probe, client(probe.url) as raw:
        await raw.call("look")
        (kept,) = probe.connections
        gc.disable()
        try:
            await raw.web.delete(probe.url, headers={"mcp-session-id": raw.session})
            async with asyncio.timeout(10):
                while kept() is not None:
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()


async def test_a_client_listens_as_long_as_it_holds_its_stream() -> None:
    heard: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
    async with served(lambda session, on: heard.put_nowait((session, on))) as probe, client(probe.url) as raw:
        await raw.call("look")
        assert heard.empty()
        async with raw.web.stream("GET", probe.url, headers={"mcp-session-id": raw.session}):
            assert await asyncio.wait_for(heard.get(), 10) == (raw.session, True)
        assert await asyncio.wait_for(heard.get(), 10) == (raw.session, False)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"method": "PUT"}, 405),
        ({"headers": {"mcp-session-id": "forged"}}, 404),
        ({"headers": {}}, 400),
        ({"headers": {"content-type": "text/plain", "mcp-session-id": "{}"}}, 400),
        ({"headers": {"accept": "text/html", "mcp-session-id": "{}"}}, 406),
        ({"headers": {"accept": "application/json", "mcp-session-id": "{}"}}, 406),
    ],
)
async def test_a_request_that_belongs_nowhere_is_refused(given: dict[str, Any], status: int) -> None:
    async with served() as probe, client(probe.url) as raw:
        headers = {name: value.format(raw.session) for name, value in given.get("headers", {}).items()}
        body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
        headers = {"content-type": "application/json", **headers}
        answer = await raw.web.request(given.get("method", "POST"), probe.url, content=body, headers=headers)
        assert answer.status_code == status
