"""What the engine may count on of any wrapped server, over each transport and in each era."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from guard.errors import NotForwarded, UpstreamError
from guard.model import BoxProfile, Case, Facts
from guard.ports import Upstream
from guard.upstream.catalogue import profiles
from guard.upstream.target import Target
from guard.upstream.wrapped import Settings, Wrapped
from tests import build
from tests.upstream.serving import listening

SERVERS = Path(__file__).parent.parent / "upstream" / "servers"
FACTS = Facts(workspace="/work/project")
KINDS = {
    "stdio-handshake": (("stub.py", "ordinary"), "get_file", {"path": "x"}),
    "stdio-modern": (("everything.py",), "get_stats", {}),
    "http": ((), "test_simple_text", {}),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    upstream: Upstream
    tool: str
    arguments: dict[str, Any]
    make: Wrapped

    async def case(self) -> Case:
        submission = self.make.submission("claude", {"name": self.tool, "arguments": self.arguments})
        call = await self.upstream.describe(submission, FACTS)
        return dataclasses.replace(build.case(), submission=submission, facts=call.facts, box=call.box)


@asynccontextmanager
async def subject(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Subject]:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    command, tool, arguments = KINDS[kind]
    async with AsyncExitStack() as stack:
        if command:
            target = Target(name="files", command=(sys.executable, str(SERVERS / command[0]), *command[1:]))
        else:
            target = Target(name="files", url=await stack.enter_async_context(listening()))
        made = Wrapped(Settings(target=target), profiles(tmp_path / "none"), tmp_path / "upstreams")
        stack.push_async_callback(made.close)
        await made.refresh(await made.own())
        yield Subject(upstream=made, tool=tool, arguments=arguments, make=made)


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


async def test_a_call_is_described_and_forwarded_and_its_answer_is_json_with_a_result(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with subject(kind, tmp_path, monkeypatch) as it:
        case = await it.case()
        assert case.box.engine == "upstream"
        assert (case.facts.server, case.facts.restorable, case.facts.workspace) == (it.upstream.name, False, "")
        execution = await it.upstream.call(case)
        assert execution.succeeded
        assert json.loads(execution.result)["result"]["content"]
        assert not execution.change_set.changes


async def test_the_same_call_is_described_the_same_so_that_its_seal_holds(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with subject(kind, tmp_path, monkeypatch) as it:
        assert (await it.case()).box == (await it.case()).box


async def test_a_case_that_was_decided_for_another_definition_is_not_forwarded(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with subject(kind, tmp_path, monkeypatch) as it:
        case = await it.case()
        for box in (
            dataclasses.replace(case.box, tool="0" * 64),
            dataclasses.replace(case.box, digest="0" * 64),
            BoxProfile(engine="none"),
        ):
            with pytest.raises(NotForwarded):
                await it.upstream.call(dataclasses.replace(case, box=box))


async def test_a_tool_that_the_server_has_not_cannot_be_described(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with subject(kind, tmp_path, monkeypatch) as it:
        submission = dataclasses.replace((await it.case()).submission, tool="no_such_tool")
        with pytest.raises(UpstreamError):
            await it.upstream.describe(submission, FACTS)


async def test_it_works_again_after_its_connection_was_closed(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with subject(kind, tmp_path, monkeypatch) as it:
        case = await it.case()
        await it.upstream.close()
        assert (await it.upstream.call(case)).succeeded
