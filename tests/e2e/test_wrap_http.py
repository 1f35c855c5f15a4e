"""`guard wrap --url … --http …`: HTTP on both sides, in both eras."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from guard.clients.entries import install
from tests.e2e.serving import Place, free_port, make, register, started, text
from tests.e2e.wrapping import LEGACY, MODERN, SERVERS, approved
from tests.upstream.servers import conformance
from tests.upstream.serving import guarded, listening

READ = "return await call_tool('get_zone', {'name': 'a.example'})"
KEEP = """\
@id("no-new-zones") @why("Zones are made by hand.")
forbid (principal, action, resource == Guard::Tool::"zones/create_zone");
"""
DELETE = "return await call_tool('delete_zone', {'name': '%s.example'})"


@dataclass(frozen=True, kw_only=True)
class Listening:
    place: Place
    url: str

    @property
    def token(self) -> str:
        return (self.place.state / "http.token").read_text().strip()

    @asynccontextmanager
    async def client(self, era: Any) -> AsyncIterator[Client]:
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {self.token}"}, timeout=90) as web:
            async with Client(streamable_http_client(self.url, http_client=web), mode=era) as opened:
                yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """FastMCP's CodeMode over HTTP, and guard over HTTP before it."""
    place = asyncio.run(register(make(tmp_path_factory.mktemp("wrap") / "guard")))
    (place.toml.parent / "policies" / "keep.cedar").write_text(KEEP)
    upstream, front = free_port(), free_port()
    environment = {**place.environment, "NOTES": str(place.root / "notes")}
    with (
        open(os.devnull, "wb") as log,
        started([sys.executable, str(SERVERS / "codemode.py"), str(upstream)], upstream, env=environment, stderr=log) as url,
    ):
        command = [sys.executable, "-m", "guard", "wrap", "zones", "--url", url, "--http", f"127.0.0.1:{front}"]
        with started(command, front, env=environment, stderr=log) as through:
            yield Listening(place=place, url=through)


@pytest.mark.parametrize("era", [LEGACY, MODERN])
async def test_reads_pass_and_a_deletion_waits_for_a_person(served: Listening, era: str) -> None:
    async with served.client(era) as client:
        assert text(await client.call_tool("execute", {"code": READ})) == '{"zone":"a.example"}'
        facts = (await client.call_tool("execute", {"code": DELETE % era})).structured_content
        assert facts["stage"] == "waiting"
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approved(served.place, facts["case"])
        assert f"deleted {era}.example" in text(await waiting)
    assert (served.place.root / "notes").read_text().splitlines().count(f"delete {era}.example") == 1


@pytest.mark.parametrize("era", [LEGACY, MODERN])
async def test_what_a_policy_forbids_is_denied(served: Listening, era: str) -> None:
    async with served.client(era) as client:
        code = "return await call_tool('create_zone', {'name': 'forbidden.example'})"
        denied = (await client.call_tool("execute", {"code": code})).structured_content
        assert denied["stage"] == "denied"
    notes = served.place.root / "notes"
    assert not notes.exists() or "forbidden" not in notes.read_text()  # another worker may have what makes it


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}])
async def test_without_the_token_nothing_is_served(served: Listening, headers: dict[str, str]) -> None:
    async with httpx2.AsyncClient(headers=headers) as web:
        assert (await web.post(served.url, json={})).status_code == 401


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_both_names_of_this_machine_are_taken_and_no_other(served: Listening, host: str) -> None:
    port = served.url.split(":")[2].split("/")[0]
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accepted = {"authorization": f"Bearer {served.token}", "accept": "application/json, text/event-stream"}
    async with httpx2.AsyncClient(headers=accepted) as web:
        assert (await web.post(served.url, json=body, headers={"host": f"{host}:{port}"})).status_code != 421
        assert (await web.post(served.url, json=body, headers={"host": "evil.example"})).status_code in (403, 421)


async def test_clients_of_both_eras_at_once_get_their_own_answers(served: Listening) -> None:
    async def ask(era: str, number: int) -> str:
        async with served.client(era) as client:
            result = await client.call_tool("execute", {"code": f"return await call_tool('get_zone', {{'name': 'z{number}'}})"})
            return text(result)

    said = await asyncio.gather(*(ask((LEGACY, MODERN)[number % 2], number) for number in range(12)))
    assert said == [f'{{"zone":"z{number}"}}' for number in range(12)]


async def test_connections_that_end_leave_no_descriptors_behind(served: Listening) -> None:
    (process,) = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and _is_guard(entry, served.url)]

    async def rounds(count: int) -> int:
        for _ in range(count):
            async with served.client(LEGACY) as client:
                await client.list_tools()
        async with asyncio.timeout(10):
            while True:
                await asyncio.sleep(0.2)
                found = len(list((process / "fd").iterdir()))
                if found <= before + 3:
                    return found

    before = 1 << 20
    before = await rounds(3)
    assert await rounds(25) <= before + 3


def _is_guard(entry: Path, url: str) -> bool:
    try:
        words = (entry / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"wrap" in words and url.removeprefix("http://").removesuffix("/mcp").encode() in words


@asynccontextmanager
async def signing_in(place: Place, url: str, **environment: str) -> AsyncIterator[Client]:
    """A client of guard before a server that wants a token, which guard gets by itself."""
    words = ["--oauth", "client-credentials", "--client-id", "robot", "--client-secret", "${env:ROBOT}"]
    words += ["--issuer", url.removesuffix("/mcp")]
    settings = StdioServerParameters(
        command=sys.executable, args=["-m", "guard", "wrap", "suite", "--url", url, *words],
        env={**place.environment, "ROBOT": "s3cret", **environment},
    )  # fmt: skip
    with open(os.devnull, "w", encoding="utf-8") as errors:
        async with Client(stdio_client(settings, errlog=errors), mode=LEGACY) as client:
            yield client


async def test_guard_signs_in_by_itself_and_keeps_the_token_for_this_user_alone(tmp_path: Path) -> None:
    place = make(tmp_path / "guard")
    asked: list[dict[str, str]] = []
    async with guarded(asked, conformance.server.streamable_http_app()) as url:
        for _ in range(2):
            async with signing_in(place, url) as client:
                assert len((await client.list_tools()).tools) > 5
    assert len(asked) == 1
    (file,) = (place.state / "sign-ins").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "s3cret" not in file.read_text()


async def test_tokens_that_belong_in_a_keyring_are_never_written_to_a_file_instead(tmp_path: Path) -> None:
    place = make(tmp_path / "guard", tokens="keyring")
    async with guarded([], conformance.server.streamable_http_app()) as url:
        with pytest.RaisesGroup(pytest.RaisesExc(MCPError, match="keyring cannot be used"), flatten_subgroups=True):
            async with signing_in(place, url, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring"):
                pass
    assert not (place.state / "sign-ins").exists()


async def test_an_entry_that_had_a_url_reaches_it_through_guard_with_its_headers(tmp_path: Path) -> None:
    place = make(tmp_path / "guard")
    seen: list[dict[str, str]] = []
    async with listening(seen) as url:
        before = {"mcpServers": {"suite": {"type": "http", "url": url, "headers": {"Authorization": "Bearer s3cret"}}}}
        entry = json.loads(install(json.dumps(before), "suite", sys.executable))["mcpServers"]["suite"]
        settings = StdioServerParameters(
            command=entry["command"], args=["-m", "guard", *entry["args"]], env={**place.environment, **entry["env"]}
        )
        with open(os.devnull, "w", encoding="utf-8") as errors:
            async with Client(stdio_client(settings, errlog=errors), mode=LEGACY) as client:
                assert len((await client.list_tools()).tools) > 5
    assert {headers["authorization"] for headers in seen} == {"Bearer s3cret"}
