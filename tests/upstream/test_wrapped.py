"""One wrapped server as the engine sees it: what a call means, and that it is forwarded once."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from guard.analyse import analyse
from guard.errors import BadInput, ConfigError, NotForwarded, UpstreamError
from guard.model import Case, Facts
from guard.upstream.attendance import Attendance
from guard.upstream.catalogue import profiles
from guard.upstream.session import introduced
from guard.upstream.target import Target
from guard.upstream.wrapped import Settings, Wrapped
from tests import build
from tests.upstream.test_link import INTRODUCTION, Client

STUB = Path(__file__).parent / "servers" / "stub.py"
FACTS = Facts(workspace="/work/project", home="/home/ann")


@asynccontextmanager
async def wrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str = "ordinary", **settings: Any) -> AsyncIterator[Wrapped]:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    target = Target(name="files", command=(sys.executable, str(STUB), shape))
    made = Wrapped(Settings(target=target, **settings), profiles(tmp_path / "none"), tmp_path / "upstreams")
    try:
        await made.refresh(await made.own())
        yield made
    finally:
        await made.close()


async def case(of: Wrapped, name: str, arguments: dict[str, Any], **fields: Any) -> Case:
    submission = of.submission("claude", {"name": name, "arguments": arguments})
    call = await of.describe(submission, FACTS)
    return dataclasses.replace(build.case(), submission=submission, facts=call.facts, box=call.box, **fields)


def lines(tmp_path: Path) -> int:
    notes = tmp_path / "notes"
    return len(notes.read_text().splitlines()) if notes.exists() else 0


async def test_equal_arguments_are_one_text_however_they_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        first, second = (
            server.submission("a", {"name": "get_file", "arguments": given}) for given in ({"b": 1.0, "a": "é"}, {"a": "é", "b": 1})
        )
        assert first == second
        assert first.arguments == first.code == '{"a":"é","b":1}'


@pytest.mark.parametrize("given", [{"a": 2**60}, {"a": float("nan")}, {"a": "\ud800"}, {"a": [float("inf")]}])
async def test_arguments_that_have_no_one_text_are_refused(given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        with pytest.raises(BadInput):
            server.submission("a", {"name": "get_file", "arguments": given})


async def test_a_call_is_described_without_a_workspace_and_bound_to_the_servers_identity_and_definition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        found = await server.describe(server.submission("a", {"name": "delete_file"}), FACTS)
        assert (found.facts.workspace, found.facts.restorable, found.facts.server) == ("", False, "files")
        assert (found.box.engine, found.box.digest) == ("upstream", server.target.identity)
        other = await server.describe(server.submission("a", {"name": "get_file"}), FACTS)
        assert found.box.tool != other.box.tool
        with pytest.raises(NotForwarded):
            await server.describe(server.submission("a", {"name": "nothing"}), FACTS)


async def test_a_call_is_described_although_the_client_leaves_over_whose_connection_the_tools_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        other = await introduced(server.target, INTRODUCTION, Client())
        await server.refresh(other)
        other.link.changed = True
        describing = asyncio.create_task(server.describe(server.submission("a", {"name": "get_file"}), FACTS))
        while other.link.changed:  # until it asks
            await asyncio.sleep(0)
        await server.part(other)
        assert (await asyncio.wait_for(describing, 20)).box.digest == server.target.identity


async def test_a_call_is_forwarded_once_and_its_answer_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        done = await server.call(await case(server, "get_file", {"path": "x"}))
        assert done.succeeded
        assert done.stdout == '{"path": "x"}'
        assert json.loads(done.result)["result"]["vendorResult"] == {"a": None}
        failed = await server.call(await case(server, "get_file", {"path": "error"}))
        assert not failed.succeeded
        assert json.loads(failed.result)["error"]["code"] == -32050
    assert lines(tmp_path) == 2


async def test_a_server_that_hangs_is_given_up_and_what_happened_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch, longest_call=0.3) as server:
        with pytest.raises(UpstreamError, match="did not answer") as raised:
            await server.call(await case(server, "get_file", {"path": "hang"}))
        assert not isinstance(raised.value, NotForwarded)
    assert lines(tmp_path) == 1


async def test_a_client_that_cancels_ends_the_wait_and_what_happened_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        made = await case(server, "get_file", {"path": "hang"})
        attendance = Attendance(session=await server.own(), caller=Client(), meta={})
        server.attend(made.ticket, attendance)
        calling = asyncio.create_task(server.call(made))
        async with asyncio.timeout(10):
            while not lines(tmp_path):
                await asyncio.sleep(0.01)
        attendance.cancelled = True
        server.leave(attendance)
        with pytest.raises(UpstreamError, match="cancelled"):
            await calling


async def test_a_definition_that_changed_after_the_decision_is_not_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch) as server:
        made = await case(server, "get_file", {"path": "x"})
        server.see([{**server.definitions["get_file"], "description": "Other."}])  # as a client's tools/list would
        with pytest.raises(NotForwarded, match="changed the definition"):
            await server.call(made)
        elsewhere = dataclasses.replace(made, box=dataclasses.replace(made.box, digest="0" * 64))
        with pytest.raises(NotForwarded):
            await server.call(elsewhere)
    assert lines(tmp_path) == 0


async def test_the_profile_that_was_found_first_stays_whatever_the_server_calls_itself_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wrapped(tmp_path, monkeypatch, "ordinary") as server:
        assert server.profile.name == "plain"
    async with wrapped(tmp_path, monkeypatch, "utcp") as server:
        assert server.profile.name == "plain"
        assert "as it was when guard first saw it" in server.why
    async with wrapped(tmp_path, monkeypatch, "utcp", profile="utcp") as server:
        assert server.profile.name == "utcp"


@pytest.mark.parametrize(
    ("shape", "tool", "failed", "succeeded"),
    [
        # with whatever was logged before, and `success` true
        ("utcp", "call_tool_chain", '["n 3","[ERROR] Code execution failed: Error: x"]', '["n 3","[ERROR] too late"]'),
        (
            "agent-codemode",
            "execute_code",
            '{\n  "success": false,\n  "execution_ok": true,\n  "code_error": "ValueError"\n}',
            '{\n  "success": true,\n  "execution_ok": true,\n  "stdout": "{\\n  \\"success\\": false"\n}',
        ),
        ("pctx", "execute_typescript", "Code Executed Successfully: false\n", "Code Executed Successfully: true\n\n# Return Value\n1"),
        ("docker-gateway", "code-mode-x", "Error running script: no", "no Error running script: at all"),
    ],
)
async def test_a_text_that_says_that_the_program_failed_is_a_failure(
    shape: str, tool: str, failed: str, succeeded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers of servers that do not say `isError`. (The stub answers with what it was sent.)"""
    async with wrapped(tmp_path, monkeypatch, shape) as server:
        argument = "script" if shape == "docker-gateway" else "code"
        codes = [(await server.call(await case(server, tool, {argument: said, "said": said}))).exit_code for said in (failed, succeeded)]
    assert codes == [1, 0]


async def test_what_other_tools_of_such_a_server_answer_is_not_read_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wrapped(tmp_path, monkeypatch, "pctx") as server:
        assert (await server.call(await case(server, "list_functions", {"said": "Github.getIssue"}))).exit_code == 0


@pytest.mark.parametrize("settings", [{"profile": "nobodys"}, {"tools": (("a", "harmless"),)}])
async def test_settings_that_mean_nothing_are_refused_with_a_hint(settings: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        Wrapped(Settings(target=Target(name="a", command=("x",)), **settings), profiles(tmp_path), tmp_path)
    assert refused.value.hint


async def test_a_program_is_not_sent_once_the_session_is_not_the_one_it_was_read_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "keeps.toml").write_text("name = 'keeps'\nform = 'script'\nsession = true\n[[code]]\nname = 'run_python'\nlanguage = 'python'\n")
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    target = Target(name="files", command=(sys.executable, str(STUB), "elusznik"))
    server = Wrapped(Settings(target=target, profile="keeps"), profiles(own), tmp_path / "upstreams")
    try:
        await server.refresh(await server.own())
        first = await case(server, "run_python", {"code": "a = 1"})
        second = await case(server, "run_python", {"code": "print(a)"})
        assert second.facts.earlier == ()
        await server.call(first)
        with pytest.raises(NotForwarded, match="Another program"):
            await server.call(second)
        assert lines(tmp_path) == 1
        again = await case(server, "run_python", {"code": "print(a)"})
        assert again.facts.earlier == ("a = 1",)
        read = analyse("python", "print(a)", again.facts)
        await server.call(dataclasses.replace(again, analysis=read))
        assert lines(tmp_path) == 2
    finally:
        await server.close()
