"""The HTTP transport on a real socket: who may come in, and which bodies are taken."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server import Server
from mcp_types import ListToolsResult, Tool

from guard.errors import ConfigError
from guard.front import http
from guard.front.wire import LONGEST_MESSAGE

TOKEN = "correct-horse-battery-staple"
RIGHT = {"authorization": f"Bearer {TOKEN}"}
JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


async def tools(ctx: Any, params: Any) -> ListToolsResult:
    return ListToolsResult(tools=[Tool(name="probe", input_schema={"type": "object"})])


@asynccontextmanager
async def served(host: str = "127.0.0.1") -> AsyncIterator[str]:
    """The address of a server that ends with the block."""
    with http.listen(host, 0) as listener:
        port = listener.getsockname()[1]
        stop = asyncio.Event()
        task = asyncio.create_task(
            http.serve(Server("probe", version="0", on_list_tools=tools), listener, token=TOKEN, token_file=Path("token"), stop=stop)
        )
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{port}/mcp"
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)


def ping(**extra: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 3, "method": "ping", **extra}


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_client_with_the_token_is_served_in_both_eras_under_both_names(mode: Any, host: str) -> None:
    web = httpx2.AsyncClient(headers=RIGHT)
    async with served(host) as url, web, Client(streamable_http_client(url, http_client=web), mode=mode) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["probe"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", f"Bearer {TOKEN[:-1]}")],
        [("authorization", f"Bearer {TOKEN}x")],
        [("authorization", f"Basic {TOKEN}")],
        [("authorization", TOKEN)],
        [("authorization", f"Bearer {TOKEN}"), ("authorization", "Bearer other")],
        [("cookie", f"authorization={TOKEN}")],
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_without_the_token_nobody_comes_in(headers: list[tuple[str, str]], method: str) -> None:
    async with served() as url, httpx2.AsyncClient() as web:
        answer = await web.request(method, url, json=ping() if method == "POST" else None, headers=[*JSON.items(), *headers])
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="guard"'


async def test_the_token_in_the_address_is_not_taken() -> None:
    async with served() as url, httpx2.AsyncClient() as web:
        assert (await web.post(f"{url}?access_token={TOKEN}&token={TOKEN}", json=ping(), headers=JSON)).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", "127.0.0.1:{port}.evil.example"])
async def test_a_foreign_host_is_refused_also_with_the_token(host: str) -> None:
    async with served() as url, httpx2.AsyncClient(headers={**RIGHT, **JSON}) as web:
        port = url.split(":")[2].split("/")[0]
        answer = await web.post(url, json=ping(), headers={"host": host.format(port=port)})
        assert answer.status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example"])
async def test_a_foreign_origin_is_refused_also_with_the_token(origin: str) -> None:
    async with served() as url, httpx2.AsyncClient(headers={**RIGHT, **JSON}) as web:
        assert (await web.post(url, json=ping(), headers={"origin": origin})).status_code == 403


@pytest.mark.parametrize(
    ("body", "says", "status"),
    [
        (b'{"jsonrpc":"2.0","id":3,"method":"tools/list","method":"ping"}', "'method' stands twice", 400),
        (b'{"jsonrpc":"2.0","id":3,"method":"ping","params":{"n":Infinity}}', "not a finite number", 400),
        (b'{"jsonrpc":"2.0","id":3,"method":"ping","params":{"n":123456789012345678901234567890}}', "beyond 2^53", 400),
        (b'{"jsonrpc":"2.0","id":3,"method":"ping","params":{"s":"\\udfff"}}', "lone surrogate", 400),
        (b"x" * (LONGEST_MESSAGE + 1), "longer than 32 MiB", 413),
    ],
)
async def test_a_body_that_readers_disagree_about_is_refused_with_a_json_rpc_error(body: bytes, says: str, status: int) -> None:
    async with served() as url, httpx2.AsyncClient(headers={**RIGHT, **JSON}) as web:
        answer = await web.post(url, content=body)
        assert answer.status_code == status
        assert says in answer.json()["error"]["message"]
        assert answer.json()["id"] == (3 if status == 400 else None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "example.com", "127.0.0.2", "localhost.evil.example"])
def test_no_other_address_than_this_machines_own_is_listened_on(host: str) -> None:
    with pytest.raises(ConfigError, match="on this machine only"):
        http.listen(host, 0)


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with http.listen("127.0.0.1", 0) as first, pytest.raises(ConfigError, match="cannot listen"):
        http.listen("127.0.0.1", first.getsockname()[1])


def test_the_token_is_made_once_for_this_user_alone_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "http.token"
    made = http.token(file)
    assert len(made) >= 43
    assert file.stat().st_mode & 0o777 == 0o600
    assert http.token(file) == made
    assert os.listdir(tmp_path) == ["http.token"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_token_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "http.token"
    http.token(file)
    file.chmod(mode)
    with pytest.raises(ConfigError, match="Other users may read"):
        http.token(file)


@pytest.mark.parametrize("text", ["", "\n", "short", "has a space in the middle of it", "ümlaut-ümlaut-ümlaut"])
def test_a_file_without_a_usable_token_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "http.token"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="is not one"):
        http.token(file)


def test_a_token_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    http.token(tmp_path / "real")
    (tmp_path / "http.token").symlink_to("real")
    with pytest.raises(ConfigError, match="cannot be used"):
        http.token(tmp_path / "http.token")


def test_a_token_that_cannot_be_kept_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        http.token(tmp_path / "nowhere" / "http.token")
