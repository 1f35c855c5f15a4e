"""The proxy in one process with its client: how parked calls are delivered, and what is refused."""

from __future__ import annotations

import asyncio
import fcntl
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, Result

from guard.edit import edited
from guard.events import Edited, Submitted
from guard.front import http
from guard.front.tasks import EXTENSION
from guard.model import Stage, Verdict
from tests.e2e.serving import PERSON, desk, text
from tests.e2e.wrapping import LEGACY, MODERN, approved
from tests.front.polling import GetTask, Task, TaskParams, Tasks, UpdateParams, UpdateTask
from tests.front.proxies import Proxied, proxied
from tests.upstream.servers.stub import SHAPES
from tests.upstream.serving import Listened, listening


async def _approve_first(found: Proxied) -> None:
    case = (await found.engine.store.cases(stages=[Stage.WAITING]))[0]
    await approved(found.place, str(case.id))


async def test_a_client_that_declares_tasks_gets_a_handle_and_the_servers_own_answer_after_approval(tmp_path: Path) -> None:
    polling = Tasks()
    async with (
        proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found,
        Client(found.server, extensions=[polling], mode="auto") as client,
    ):
        assert client.server_capabilities.extensions == {EXTENSION: {}}
        call = asyncio.create_task(client.call_tool("echo", {"text": "hi"}))
        first = await asyncio.wait_for(polling.seen.get(), 20)
        assert first.status == "working"
        assert "waits for 1 person" in (first.status_message or "")
        assert first.result is None
        await _approve_first(found)
        assert text(await asyncio.wait_for(call, 20)) == "hi|[]"


async def _asked(found: Proxied, what: str = "why?") -> int:
    """ann asks about the case that waits."""
    case = (await found.engine.store.cases(stages=[Stage.WAITING]))[0]
    async with desk(found.place) as at:
        assert (await at.ask(case.id, person=PERSON, text=what)).refused is None
    return case.id


async def test_a_task_requires_the_answer_to_a_question_and_takes_it_by_an_update(tmp_path: Path) -> None:
    async def form(*_: Any) -> Any:
        raise AssertionError("a task's input is answered by tasks/update, not by an elicitation of its own")

    polling = Tasks()
    async with (
        proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found,
        Client(found.server, extensions=[polling], mode=MODERN, elicitation_callback=form) as client,
    ):
        call = asyncio.create_task(client.call_tool("echo", {"text": "hi"}))
        await asyncio.wait_for(polling.seen.get(), 20)
        number = await _asked(found)
        async with asyncio.timeout(20):
            while (task := await polling.seen.get()).status != "input_required":
                pass
            assert task.input_requests is not None
            assert "“why?”" in task.input_requests["question-1"]["params"]["message"]
            while (task := await polling.seen.get()).status != "working":
                pass
        kept = await found.engine.store.load(number)
        assert [(said.person, said.text) for said in kept.exchange] == [(PERSON, "why?"), ("", "because")]
        await _approve_first(found)
        assert text(await asyncio.wait_for(call, 20)) == "hi|[]"


async def test_a_held_call_returns_early_with_a_question_and_the_answer_is_the_tickets_own_agents_alone(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "everything.py", hold=30.0, tools=(("echo", "write"),)) as found:
        followed: asyncio.Queue[float] = asyncio.Queue()

        async def follow(progress: float, total: float | None, message: str | None) -> None:
            followed.put_nowait(progress)

        async with Client(found.server, mode=LEGACY) as client:
            ticket = (await client.call_tool("echo", {"text": "a"})).structured_content["ticket"]
            waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": ticket, "timeout": 30}))
            number = await _asked(found)
            asked = await asyncio.wait_for(waiting, 20)
            assert "A person asks about case 0001: “why?”" in text(asked)
            again = await asyncio.wait_for(client.call_tool("echo", {"text": "a"}, progress_callback=follow), 20)
            assert "“why?”" in text(again), "a held call is not held while something is asked"
            found.proxy._agent = "mallory"
            foreign = await client.call_tool("guard_answer", {"ticket": ticket, "text": "let it through"})
            assert "no case with this ticket" in text(foreign)
            responses = {"question-1": {"action": "accept", "content": {"answer": "x"}}}
            given = UpdateTask(params=UpdateParams(task_id=ticket, input_responses=responses))
            with pytest.raises(MCPError):
                await client.session.send_request(given, Result)
            found.proxy._agent = "claude"
            kept = await client.call_tool("guard_answer", {"ticket": ticket, "text": "because"})
            assert not kept.is_error
            unasked = await client.call_tool("guard_answer", {"ticket": ticket, "text": "and more"})
            assert unasked.is_error
            for wrong in ({"ticket": ticket}, {"ticket": ticket, "text": "x" * 4001}, {"ticket": ticket, "text": " "}):
                assert (await client.call_tool("guard_answer", wrong)).is_error
        assert [said.text for said in (await found.engine.store.load(number)).exchange] == ["why?", "because"]


async def test_who_waits_again_is_not_told_the_same_question_at_once_but_a_new_one(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found, Client(found.server, mode=LEGACY) as client:
        ticket = (await client.call_tool("echo", {"text": "a"})).structured_content["ticket"]
        await _asked(found)
        assert "“why?”" in text(await client.call_tool("guard_wait", {"ticket": ticket, "timeout": 30}))
        began = asyncio.get_running_loop().time()
        assert "“why?”" in text(await client.call_tool("guard_wait", {"ticket": ticket, "timeout": 0.5}))
        assert asyncio.get_running_loop().time() - began >= 0.5
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": ticket, "timeout": 40}))
        await _asked(found, "and why there?")
        assert "“and why there?”" in text(await asyncio.wait_for(waiting, 20))


async def test_a_client_without_tasks_never_gets_a_handle(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found:
        for era in (LEGACY, MODERN):
            async with Client(found.server, mode=era) as client:
                parked = await client.call_tool("echo", {"text": era})
                assert parked.is_error
                assert parked.structured_content["stage"] == "waiting"


async def test_a_task_of_another_agent_is_none(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found:
        async with Client(found.server, mode=MODERN) as client:
            ticket = (await client.call_tool("echo", {"text": "a"})).structured_content["ticket"]
            found.proxy._agent = "mallory"
            with pytest.raises(MCPError):
                await client.session.send_request(GetTask(params=TaskParams(task_id=ticket)), Task)


async def test_names_that_are_not_listed_are_refused_and_the_ledger_says_so(tmp_path: Path) -> None:
    async with (
        proxied(tmp_path / "g", "stub.py", "ordinary", tools=(("write_file", "forbidden"),)) as found,
        Client(found.server, mode=LEGACY) as client,
    ):
        assert "write_file" not in {tool.name for tool in (await client.list_tools()).tools}
        for name in ("write_file", "no_such_tool", ""):
            with pytest.raises(MCPError, match="no tool"):
                await client.call_tool(name, {})
        kinds = [json.loads(entry.body)["kind"] async for entry in found.engine.store.entries()]
        assert kinds.count("call.refused") == 3
        assert await found.engine.store.cases() == []


async def test_guards_own_tools_stand_behind_those_of_the_server(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "utcp") as found, Client(found.server, mode=LEGACY) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert names[-3:] == ["guard_status", "guard_wait", "guard_answer"]
        assert names[:-3] == [tool["name"] for tool in SHAPES["utcp"][1]]


@pytest.mark.parametrize(
    ("shape", "tool", "arguments", "kinds"),
    [
        ("cloudflare", "execute", {"code": "async () => cloudflare.request({method: 'GET', path: '/zones'})"}, ["tool.read"]),
        ("cloudflare", "execute", {"code": "async () => cloudflare.request({method: 'DELETE', path: '/zones/1'})"}, ["tool.destructive"]),
        ("cloudflare", "search", {"code": "async () => anything()"}, ["tool.read"]),
        ("stainless", "execute", {"code": "async function run(client) { return client.zones.list() }"}, ["tool.read"]),
        ("stainless", "execute", {"code": "async function run(client) { return client.delete('/x/1') }"}, ["tool.destructive"]),
        ("utcp", "call_tool_chain", {"code": "return files.read_file({path: 'a'})"}, ["tool.read"]),
        ("utcp", "register_manual", {"manual_call_template": "x"}, ["tool.destructive"]),
        ("agent-codemode", "add_mcp_server", {"name": "x", "command": "sh", "args": "-c"}, ["tool.destructive"]),
        ("agent-codemode", "save_skill", {"name": "x", "code": "1"}, ["tool.destructive"]),
        ("docker-gateway", "mcp-exec", {"name": "x", "arguments": ""}, ["tool.destructive"]),
        ("executor", "resume", {"executionId": "x", "action": "accept"}, ["tool.destructive"]),
        ("unknown-code", "run_script", {"script": "helper()"}, ["opaque"]),
        ("elusznik", "run_python", {"code": "print(await mcp_files.list_files())", "servers": ["files"]}, ["tool.read"]),
    ],
)  # fmt: skip
async def test_programs_and_side_doors_of_the_known_servers_are_seen_for_what_they_do(
    shape: str, tool: str, arguments: dict[str, Any], kinds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    monkeypatch.setenv("NOTES", str(notes))
    async with proxied(tmp_path / "g", "stub.py", shape) as found, Client(found.server, mode=LEGACY) as client:
        await client.call_tool(tool, arguments)
        case = (await found.engine.store.cases())[0]
        assert [effect.kind.value for effect in case.decision.effects if effect.kind.value != "answer"] == kinds
        assert (case.stage is not Stage.WAITING) == (kinds == ["tool.read"])
        assert notes.exists() == (kinds == ["tool.read"])
        assert json.loads(case.submission.arguments) == arguments


async def test_a_code_tool_called_without_a_program_is_not_taken(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "cloudflare") as found, Client(found.server, mode=LEGACY) as client:
        for arguments in ({}, {"code": 7}, {"code": None}):
            answer = await client.call_tool("execute", arguments)
            assert answer.is_error
            assert "takes a program as text" in text(answer)
        assert await found.engine.store.cases() == []


async def test_what_the_request_carries_beside_its_arguments_is_sealed_with_it_but_for_its_envelope(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "ordinary") as found, Client(found.server, mode=LEGACY) as client:
        seals = []
        for meta in ({"acme/tenant": "a", "traceparent": "1"}, {"acme/tenant": "a", "traceparent": "2"}, {"acme/tenant": "b"}):
            found.proxy._parked.clear()
            await client.call_tool("write_file", {"path": "x"}, meta=meta)
            case = (await found.engine.store.cases(newest_first=True))[0]
            seals.append(case.seal)
            assert json.loads(case.submission.extra)["_meta"] == {"acme/tenant": meta["acme/tenant"]}
        assert seals[0] == seals[1] != seals[2]


async def test_parked_calls_of_an_earlier_process_are_joined(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "ordinary") as found, Client(found.server, mode=LEGACY) as client:
        first = (await client.call_tool("write_file", {"path": "x"})).structured_content["case"]
        found.proxy._parked.clear()
        await found.proxy.open()
        again = await client.call_tool("write_file", {"path": "x"})
        assert again.structured_content["case"] == first
        assert "Nothing was added" in text(again)


async def _edit(found: Proxied, number: str, text_: str) -> int:
    """ann edits the case; what it became."""
    async with desk(found.place) as at:
        answer = await at.edit(await at.case(int(number)), text_, person=PERSON)
    assert answer.refused is None, answer.refused
    return answer.case.id


async def test_an_edited_call_is_forwarded_as_it_was_edited_once_and_whoever_waits_for_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    async with proxied(tmp_path / "g", "stub.py", "ordinary") as found, Client(found.server, mode=LEGACY) as client:
        given = (await client.call_tool("write_file", {"path": "x", "text": "a"})).structured_content
        new = await _edit(found, given["case"], '{"path": "y", "text": "a"}')
        waits = text(await client.call_tool("guard_status", {"ticket": given["ticket"]}))
        assert f"what is decided on is the edited one, case {new:04d}" in waits
        await approved(found.place, str(new))
        told = await client.call_tool("guard_wait", {"ticket": given["ticket"], "timeout": 30})
        assert [block.text for block in told.content] == [
            f'A person changed this call before it was forwarded, as case {new:04d}; yours was not. What was sent:\n{{"path":"y","text":"a"}}',
            '{"path": "y", "text": "a"}',
        ]
    assert (tmp_path / "notes").read_text() == 'write_file {"path": "y", "text": "a"}\n'


async def test_a_program_that_an_edit_made_harmless_runs_at_once_in_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    async with proxied(tmp_path / "g", "stub.py", "cloudflare") as found, Client(found.server, mode=LEGACY) as client:
        program = "async () => cloudflare.request({method: %s, path: '/zones/1'})"
        given = (await client.call_tool("execute", {"code": program % "'DELETE'", "account_id": "7"})).structured_content
        await _edit(found, given["case"], program % "'GET'")
        told = await client.call_tool("guard_wait", {"ticket": given["ticket"], "timeout": 30})
        assert not told.is_error, text(told)
        assert json.loads(told.content[1].text) == {"code": program % "'GET'", "account_id": "7"}
        found.proxy._parked.clear()
        await found.proxy.open()  # as after a restart
        again = await client.call_tool("execute", {"code": program % "'DELETE'", "account_id": "7"})  # fetched: it is a new call
        assert int(again.structured_content["case"]) > int(given["case"]) + 1
    assert "DELETE" not in (tmp_path / "notes").read_text()


async def test_an_edit_does_not_run_before_the_case_that_it_replaces_is_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    async with (
        proxied(tmp_path / "g", "stub.py", "cloudflare") as found,
        Client(found.server, mode=LEGACY) as client,
        desk(found.place) as at,
    ):
        code = "async () => cloudflare.request({method: 'DELETE', path: '/zones/1'})"
        case = await at.case(int((await client.call_tool("execute", {"code": code})).structured_content["case"]))
        submission = edited(case, code.replace("DELETE", "GET"), person=PERSON)
        analysis = await found.engine.analyse_edit(case, submission)
        new = await at._engine.create(Submitted(submission=submission, facts=case.facts, analysis=analysis, box=case.box, ticket="t"))
        assert new.decision.verdict is Verdict.ALLOW
        await found.engine.claim(new)
        assert (await found.engine.store.load(new.id)).stage is Stage.WAITING
        await found.engine.feed(case.id, Edited(successor=new.id, person=PERSON))
        assert (await found.engine.settled(new.id, 20)).stage is Stage.DONE


async def test_the_task_of_an_edited_call_keeps_its_name_and_ends_with_what_ran(tmp_path: Path) -> None:
    polling = Tasks()
    async with (
        proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found,
        Client(found.server, extensions=[polling], mode=MODERN) as client,
    ):
        call = asyncio.create_task(client.call_tool("echo", {"text": "hi"}))
        first = await asyncio.wait_for(polling.seen.get(), 20)
        number = (await found.engine.store.cases(stages=[Stage.WAITING]))[0].id
        new = await _edit(found, str(number), '{"text": "ho"}')
        await approved(found.place, str(new))
        told = await asyncio.wait_for(call, 20)
        assert told.content[1].text == "ho|[]"
        while not polling.seen.empty():
            assert polling.seen.get_nowait().task_id == first.task_id


async def _until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not ready():
            await asyncio.sleep(0.01)


async def _progress(*_: Any) -> None:
    """A client that follows progress is held."""


def _attending(found: Proxied) -> list[int]:
    """How many clients attend each call."""
    return sorted(len(listeners._present) for listeners in found.wrapped._attending.values())


@dataclass(slots=True, kw_only=True)
class _UnderWay:
    """A parked call that two clients hold, now approved and under way until the file is there."""

    found: Proxied
    there: Path
    clients: list[Client] = field(default_factory=list)
    calls: list[asyncio.Task[CallToolResult]] = field(default_factory=list)
    leaving: list[AsyncExitStack] = field(default_factory=list)

    async def enter(self) -> None:
        self.leaving.append(AsyncExitStack())
        self.clients.append(await self.leaving[-1].enter_async_context(Client(self.found.server, mode=LEGACY)))

    def call(self, client: int) -> None:
        calling = self.clients[client].call_tool("check_until", {"path": str(self.there)}, progress_callback=_progress)
        self.calls.append(asyncio.create_task(calling))

    async def cancel(self, *calls: int) -> None:
        for call in calls:
            self.calls[call].cancel()
            await asyncio.wait([self.calls[call]])
            await self.clients[call].list_tools()  # what it sent before has arrived

    async def begin(self, *, taken_in_together: bool) -> None:
        with (self.found.place.state / "guard.lock").open("rb") as held:
            if taken_in_together:
                fcntl.flock(held, fcntl.LOCK_EX)
            self.call(0)
            await _until(lambda: _attending(self.found) == [1])
            if not taken_in_together:
                await _until(lambda: bool(self.found.proxy._parked))
            self.call(1)
            await _until(lambda: sum(_attending(self.found)) == 2)
            assert _attending(self.found) == ([1, 1] if taken_in_together else [2])
        await _until(lambda: _attending(self.found) == [2])
        async with asyncio.timeout(20):
            await _approve_first(self.found)
        await _until(Path(f"{self.there}.began").exists)


@asynccontextmanager
async def _under_way(root: Path, *, taken_in_together: bool = False) -> AsyncIterator[_UnderWay]:
    async with proxied(root / "g", "everything.py", hold=30.0, tools=(("check_until", "write"),)) as found:
        made = _UnderWay(found=found, there=root / "there")
        try:
            await made.enter()
            await made.enter()
            await made.begin(taken_in_together=taken_in_together)
            yield made
        finally:
            for leaving in reversed(made.leaving):
                await leaving.aclose()


async def test_a_call_that_is_cancelled_while_it_is_taken_in_is_not_forwarded(tmp_path: Path) -> None:
    there = tmp_path / "there"
    async with (
        proxied(tmp_path / "g", "everything.py", tools=(("check_until", "read"),)) as found,
        Client(found.server, mode=LEGACY) as client,
    ):
        with (found.place.state / "guard.lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            call = asyncio.create_task(client.call_tool("check_until", {"path": str(there)}))
            await _until(lambda: bool(found.wrapped._attending))
            call.cancel()
            await asyncio.wait([call])
            await client.list_tools()  # what it sent before has arrived
        seen = 0
        async with asyncio.timeout(20):
            while not (cases := await found.engine.store.cases()):
                seen = await found.engine.store.wait(seen, 1)
        there.touch()
        case = await found.engine.settled(cases[0].id, 20)
        assert (case.stage, "cancelled" in case.outcome) == (Stage.FAILED, True)
        assert not Path(f"{there}.began").exists()
        await _until(lambda: not found.wrapped._attending)


async def test_a_result_that_is_fetched_again_takes_no_other_one_of_the_same_call_away(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "everything.py", tools=(("echo", "write"),)) as found, Client(found.server, mode=LEGACY) as client:

        async def told(ticket: str) -> str:
            return text(await client.call_tool("guard_wait", {"ticket": ticket, "timeout": 20}))

        first = (await client.call_tool("echo", {"text": "hi"})).structured_content["ticket"]
        await _approve_first(found)
        assert await told(first) == "hi|[]"
        await client.call_tool("echo", {"text": "hi"})
        await _approve_first(found)
        await found.engine.settled(2, 20)
        assert await told(first) == "hi|[]"
        assert text(await client.call_tool("echo", {"text": "hi"})) == "hi|[]", "the second result, which nobody fetched"
        assert len(await found.engine.store.cases()) == 2


@pytest.mark.parametrize("taken_in_together", [False, True])
@pytest.mark.parametrize("leaver", [0, 1])
async def test_a_client_that_cancels_ends_nothing_that_another_one_waits_for(leaver: int, taken_in_together: bool, tmp_path: Path) -> None:
    async with _under_way(tmp_path, taken_in_together=taken_in_together) as call:
        await call.cancel(leaver)
        call.there.touch()
        assert text(await asyncio.wait_for(call.calls[1 - leaver], 20)) == "there"
        await _until(lambda: not call.found.wrapped._attending)


async def test_a_call_that_all_its_clients_cancelled_is_ended(tmp_path: Path) -> None:
    async with _under_way(tmp_path, taken_in_together=True) as call:
        await call.cancel(0, 1)
        case = await call.found.engine.settled(1, 20)
        assert (case.stage, "cancelled" in case.outcome) == (Stage.INTERRUPTED, True)
        assert not call.found.wrapped._attending


async def test_a_client_that_is_gone_ends_no_call_over_its_connection_that_another_one_waits_for(tmp_path: Path) -> None:
    async with _under_way(tmp_path) as call:
        gone = next(iter(call.found.wrapped._attending.values()))._carrier.session
        await call.leaving[1].aclose()
        await _until(lambda: _attending(call.found) == [1])
        assert gone.alive
        call.there.touch()
        assert text(await asyncio.wait_for(call.calls[0], 20)) == "there"
        await _until(lambda: not gone.alive)
        await asyncio.gather(*call.calls, return_exceptions=True)


async def test_a_call_that_is_sent_again_while_it_runs_is_answered_when_it_ends(tmp_path: Path) -> None:
    async with _under_way(tmp_path) as call:
        call.call(1)
        await _until(lambda: _attending(call.found) == [3])
        call.there.touch()
        assert [text(result) for result in await asyncio.wait_for(asyncio.gather(*call.calls), 20)] == ["there"] * 3


@pytest.mark.parametrize(
    ("shape", "tool", "code"),
    [
        ("elusznik", "run_python", "await runtime.call_tool('zones', 'list_zones', {})"),
        ("jx-codemode", "execute_code", "await fetch('http://localhost:1/mcp/call', {method: 'POST', body: JSON.stringify({server: 'zones', tool: 'list_zones', args: {}})})"),
    ],
)  # fmt: skip
async def test_servers_behind_the_wrapped_one_are_no_wrapped_servers_of_the_same_name(
    shape: str, tool: str, code: str, tmp_path: Path
) -> None:
    async with proxied(tmp_path / "g", "stub.py", shape) as found, Client(found.server, mode=LEGACY) as client:
        await client.call_tool(tool, {"code": code})
        case = (await found.engine.store.cases())[0]
        tools = [effect.resource.name for effect in case.decision.effects if effect.resource.type.value == "Tool"]
        assert tools == ["files/zones.list_zones"]


async def test_guard_listens_to_a_server_for_a_client_as_long_as_that_client_listens(tmp_path: Path) -> None:
    server, stop = Listened(), asyncio.Event()
    accept = {"accept": "application/json, text/event-stream"}
    async with listening(app=server) as upstream, proxied(tmp_path / "g", url=upstream) as found, httpx2.AsyncClient(headers=accept) as web:
        with http.listen("127.0.0.1", 0) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
            listens = found.proxy.listening
            task = asyncio.create_task(http.serve(found.server, listener, token=None, token_file=tmp_path, stop=stop, listening=listens))
            hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}
            began = await web.post(url, json={"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello})
            session = {"mcp-session-id": began.headers["mcp-session-id"]}
            await web.post(url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=session)
            await web.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=session)
            assert server.streams == 0
            async with web.stream("GET", url, headers=session) as stream:
                await server.listeners(1)
                async for line in stream.aiter_lines():
                    if "notifications/resources/list_changed" in line:
                        break
            await server.listeners(0)
            stop.set()
            await asyncio.wait_for(task, 10)


async def test_a_server_behind_a_url_that_was_started_anew_is_connected_to_anew_and_a_lost_call_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: set[str] = set()
    called: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = json.loads((await receive())["body"] or b"{}")
        method, headers = message.get("method"), {name.decode(): value.decode() for name, value in scope["headers"]}
        known = headers.get("mcp-session-id", "")
        status, body = 200, {"jsonrpc": "2.0", "id": message.get("id")}
        if method == "initialize":
            known = f"s{len(called)}-{len(sessions)}"
            sessions.add(known)
            info = {"name": "files", "version": "0"}
            body["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": info}
        elif known not in sessions:
            status, body["error"] = 404, {"code": -32600, "message": "Session not found"}
        elif method == "tools/list":
            body["result"] = {"tools": [{"name": "get_file", "inputSchema": {"type": "object"}}]}
        elif method == "tools/call":
            called.append(message["params"]["arguments"]["path"])
            body["result"] = {"content": [{"type": "text", "text": "fine"}]}
        kind = [(b"content-type", b"application/json"), (b"mcp-session-id", known.encode())]
        await send({"type": "http.response.start", "status": status if scope["method"] == "POST" else 405, "headers": kind})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    async with (
        listening(app=app) as url,
        proxied(tmp_path / "g", url=url) as found,
        Client(found.server, mode=LEGACY) as client,
    ):
        assert text(await client.call_tool("get_file", {"path": "a"})) == "fine"
        sessions.clear()
        lost = await client.call_tool("get_file", {"path": "b"})
        assert lost.is_error
        assert "it no longer knows this session" in text(lost)
        assert text(await client.call_tool("get_file", {"path": "c"})) == "fine"
        sessions.clear()
        monkeypatch.setattr(found.wrapped, "_listed_at", -1e9)  # the tools are asked for first, and nothing is lost
        assert text(await client.call_tool("get_file", {"path": "d"})) == "fine"
        sessions.clear()
        assert (await client.session.list_tools()).tools[0].name == "get_file"
    assert called == ["a", "c", "d"]
