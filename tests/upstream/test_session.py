"""An initialised connection: its era, its tools, its headers."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from guard.errors import NotForwarded
from guard.upstream.link import Link
from guard.upstream.session import Session, introduced, opened
from guard.upstream.target import SignIn, Target
from tests.upstream.serving import listening
from tests.upstream.test_link import INTRODUCTION, Client

SERVERS = Path(__file__).parent / "servers"


def target(*command: str) -> Target:
    return Target(name="s", command=(sys.executable, str(SERVERS / command[0]), *command[1:]))


async def test_guard_speaks_the_newest_era_that_the_server_speaks() -> None:
    for command, modern, name in ((("stub.py", "ordinary"), False, "files"), (("everything.py",), True, "everything")):
        session = await opened(target(*command))
        assert (session.modern, session.server_info["name"]) == (modern, name)
        assert await session.tools()
        await session.link.close()


async def test_a_server_is_not_taken_for_an_older_one_while_a_person_signs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guard.upstream.session.PROBE", 0.0)
    eras = []
    async with listening() as url:
        for sign_in in (None, SignIn(folder=str(tmp_path))):
            session = await opened(Target(name="s", url=url, sign_in=sign_in))
            eras.append(session.modern)
            await session.link.close()
    assert eras == [False, True]


async def test_a_client_is_introduced_in_its_own_words_and_gets_the_servers_own_answer() -> None:
    session = await introduced(target("stub.py", "ordinary"), INTRODUCTION, Client())
    assert session.hello["vendorHello"] is True
    assert (session.version, session.modern) == ("2024-11-05", False)
    await session.link.close()


async def test_a_command_that_is_no_server_cannot_be_used() -> None:
    with pytest.raises(NotForwarded, match="cannot be used") as raised:
        await opened(Target(name="s", command=("/bin/true",)))
    assert raised.value.hint


SILENT = """
import json, sys
for line in sys.stdin:
    heard = json.loads(line)
    if heard.get("method") == sys.argv[1]:
        print(json.dumps({"jsonrpc": "2.0", "id": heard["id"], "result": {"protocolVersion": "2025-11-25"}}), flush=True)
"""


async def test_a_server_that_answers_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROBE", "LONGEST_HELLO"):
        monkeypatch.setattr(f"guard.upstream.session.{name}", 0.2)
    with pytest.raises(NotForwarded, match="no answer came in time"):
        await asyncio.wait_for(opened(Target(name="s", command=(sys.executable, "-c", SILENT, "nothing"))), 20)


async def test_a_server_that_does_not_list_its_tools_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await introduced(Target(name="s", command=(sys.executable, "-c", SILENT, "initialize")), INTRODUCTION, Client())
    for name in ("PROBE", "LONGEST_LISTING"):
        monkeypatch.setattr(f"guard.upstream.session.{name}", 0.1)
    with pytest.raises(NotForwarded, match="does not list its tools"):
        await asyncio.wait_for(session.tools(), 20)
    assert session.alive
    await session.link.close()


class Pages(Session):
    """A session that answers tools/list from a script."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        super().__init__(Link(Target(name="s", command=("x",))), {}, modern=False, version="2025-11-25")
        self.pages = list(pages)

    async def own(self, method: str, params: Any = None) -> dict[str, Any]:
        return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]


async def test_all_pages_are_read() -> None:
    session = Pages({"tools": [{"name": "a"}], "nextCursor": "1"}, {"tools": [{"name": "b"}]})
    assert [tool["name"] for tool in await session.tools()] == ["a", "b"]


@pytest.mark.parametrize("page", [{}, {"tools": None}, {"tools": [3]}, {"tools": [{"name": 7}]}, {"tools": [{}]}])
async def test_a_list_of_tools_that_is_none_is_said(page: dict[str, Any]) -> None:
    with pytest.raises(NotForwarded, match="lists tools that are none"):
        await Pages(page).tools()


async def test_a_list_that_turns_in_a_circle_ends() -> None:
    assert len(await Pages({"tools": [{"name": "a"}], "nextCursor": "same"}).tools()) <= 100


def test_the_modern_era_names_method_tool_and_mirrored_arguments_in_headers() -> None:
    session = Session(Link(Target(name="s", command=("x",))), {}, modern=True, version="2026-07-28")
    session.schemas = {"get": {"type": "object", "properties": {"zone": {"type": "string", "x-mcp-header": "Zone"}}}}
    headers = session._headers("tools/call", {"name": "get", "arguments": {"zone": "a"}})
    assert headers == {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "get", "Mcp-Param-Zone": "a"}
