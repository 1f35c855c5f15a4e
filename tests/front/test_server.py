"""The server over one engine, with the client in the same process: what a call may do to a case, and what it may not."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.client._memory import InMemoryTransport
from mcp.shared.exceptions import MCPError

from guard import config
from guard.cli import compose
from guard.engine import Engine
from guard.front import build_server, server
from guard.front.tasks import EXTENSION
from guard.model import ANSWERED, Stage
from tests.e2e.serving import Place, approve, edit, make, register, text
from tests.front.polling import GetTask, Task, TaskParams, Tasks

ERAS = ["legacy", "2026-07-28"]
SLEEPS = "import time\ntime.sleep(1)\nprint('to the end')"


@asynccontextmanager
async def served(root: Path, era: Any = ERAS[1], **settings: Any) -> AsyncIterator[tuple[Engine, Client]]:
    place = await register(make(root / "guard"))
    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        await server.open_engine(engine, "direct", token=False)
        async with Client(InMemoryTransport(build_server(engine)), mode=era, **settings) as client:
            yield engine, client


async def submitting() -> None:
    """Until a submission is being taken in."""
    async with asyncio.timeout(20):
        while not any(task.get_name() == "submit" for task in asyncio.all_tasks()):
            await asyncio.sleep(0)


async def only_case(engine: Engine, stage: Stage | None = None) -> Any:
    """The one case that there is (in this stage), as soon as there is one."""
    seen = 0
    async with asyncio.timeout(20):
        while not (found := await engine.store.cases(stages=[stage] if stage else ())):
            seen = await engine.store.wait(seen, 5)
    (case,) = found
    return case


async def tried(engine: Engine, number: int) -> Any:
    """The case, as soon as an engine has tried it and it waits for people."""
    seen = 0
    async with asyncio.timeout(20):
        while (case := await engine.store.load(number)).stage is not Stage.WAITING or not case.rehearsed:
            seen = await engine.store.wait(seen, 5)
    return case


@pytest.mark.parametrize("era", ERAS)
async def test_the_same_checks_hold_without_a_transport(tmp_path: Path, era: Any) -> None:
    async with served(tmp_path, era) as (engine, client):
        done = await client.call_tool("execute", {"code": "print(1)"})
        assert (done.is_error, done.content[0].text) == (False, "1\n")
        wrong = await client.call_tool("execute", {"code": b"print('\\ud800')".decode("unicode_escape")})
        assert "lone surrogate" in text(wrong)
        forbidden = await client.call_tool("execute", {"code": "import os\nos.remove('vault.txt')"})
        assert forbidden.structured_content["stage"] == "denied"
        parked = await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})
        assert parked.structured_content["stage"] == "waiting"
        await approve(Place(root=engine.config.state.parent), parked.structured_content["case"])
        kept = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
        assert not kept.is_error, text(kept)


async def test_a_client_of_the_tasks_extension_gets_a_task_and_then_the_result_of_what_people_made_of_it(tmp_path: Path) -> None:
    polling = Tasks()
    async with served(tmp_path, "auto", extensions=[polling]) as (engine, client):
        assert client.server_capabilities.extensions == {EXTENSION: {}}
        done = await client.call_tool("execute", {"code": "print(1)"})
        assert (done.is_error, done.content[0].text, polling.seen.empty()) == (False, "1\n", True)
        call = asyncio.create_task(client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"}))
        working = await asyncio.wait_for(polling.seen.get(), 20)
        assert (working.status, working.result) == ("working", None)
        place, old = Place(root=engine.config.state.parent), await only_case(engine, stage=Stage.WAITING)
        await edit(place, f"{old.id:04d}", "open('c.txt', 'w').write('y')")
        new = await tried(engine, (await engine.store.load(old.id)).successor)
        assert [change.path for change in new.execution.change_set.changes] == ["c.txt"]
        await approve(place, f"{new.id:04d}")
        told = await asyncio.wait_for(call, 40)
        assert "A person changed the program" in text(told)
        assert [change["path"] for change in told.structured_content["changed"]] == ["c.txt"]
        with pytest.raises(MCPError):
            await client.session.send_request(GetTask(params=TaskParams(task_id="another")), Task)


@pytest.mark.parametrize("era", ERAS)
async def test_a_submission_whose_caller_is_gone_at_once_is_taken_in_whole(tmp_path: Path, era: Any) -> None:
    async with served(tmp_path, era) as (engine, client):
        call = asyncio.create_task(client.call_tool("execute", {"code": SLEEPS}))
        await submitting()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        case = await only_case(engine)
        case = await engine.settled(case.id, 30)
        assert case.stage is Stage.DONE
        assert case.execution.stdout == "to the end\n"
        assert not [task for task in asyncio.all_tasks() if task.get_name() in ("submit", f"case-{case.id}") and not task.done()]


async def test_a_submission_that_is_being_taken_in_when_the_server_ends_is_not_left_half_made(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        async with Client(InMemoryTransport(build_server(engine)), mode=ERAS[1]) as client:
            call = asyncio.create_task(client.call_tool("execute", {"code": "print(1)"}))
            await submitting()
        await asyncio.gather(call, return_exceptions=True)
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "submit"]
        case = await engine.settled((await only_case(engine)).id, 30)
        assert case.stage is Stage.DONE


async def test_a_run_that_outlasts_the_clients_patience_is_answered_with_its_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LONGEST_WAIT", 0.2)
    async with served(tmp_path) as (engine, client):
        early = await client.call_tool("execute", {"code": SLEEPS})
        assert early.is_error
        assert early.structured_content["stage"] == "running"
        assert "has not ended yet" in text(early)
        assert "to the end" not in text(early)
        await engine.settled(int(early.structured_content["case"]), 30)
        late = await client.call_tool("guard_status", {"ticket": early.structured_content["ticket"]})
        assert not late.is_error
        assert late.content[0].text == "to the end\n"


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_follows_progress_is_held_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, era: Any) -> None:
    monkeypatch.setattr(server, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(server, "HEARTBEAT", 0.1)
    heard: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    async with served(tmp_path, era) as (_, client):
        result = await client.call_tool("execute", {"code": SLEEPS}, progress_callback=hear)
    assert not result.is_error
    assert len(heard) >= 2
    assert {message for _, message in heard} <= {"running", "committing"}


async def test_waiting_ends_at_the_cap_however_long_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LONGEST_WAIT", 0.2)
    async with served(tmp_path) as (engine, client):
        parked = await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})
        case = await engine.settled(int(parked.structured_content["case"]), 30, at=ANSWERED)
        assert case.stage is Stage.WAITING
        async with asyncio.timeout(10):
            again = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 1e9})
        assert again.is_error
        assert "it is parked" in text(again)


async def test_a_store_that_fails_is_said_to_the_model_and_the_server_stays_up(tmp_path: Path) -> None:
    async with served(tmp_path) as (engine, client):
        await engine.store.close()
        result = await client.call_tool("execute", {"code": "print(1)"})
        assert result.is_error
        assert "guard cannot do this now (StoreError)" in text(result)
        assert str(tmp_path) not in text(result)
        assert {tool.name for tool in (await client.list_tools()).tools} == {"execute", "guard_status", "guard_wait", "guard_answer"}


async def test_who_submits_is_configured_and_never_taken_from_the_client(tmp_path: Path) -> None:
    async with served(tmp_path) as (engine, client):
        result = await client.call_tool("execute", {"code": "print(1)", "intent": "I am agent 'admin'"}, meta={"agent": "admin"})
        case = await engine.store.load(int(result.structured_content["case"]))
    assert case.submission.agent == "claude"
    assert case.submission.intent == "I am agent 'admin'"
    assert case.submission.arguments == '{"language":"python"}'


async def test_the_ticket_of_a_program_that_a_person_edits_leads_to_the_edited_one(tmp_path: Path) -> None:
    async with served(tmp_path) as (engine, client):
        ticket = (await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})).structured_content["ticket"]
        place = Place(root=engine.config.state.parent)
        await edit(place, "1", "open('c.txt', 'w').write('x')")
        await tried(engine, 2)
        parked = await client.call_tool("guard_status", {"ticket": ticket})
        assert "Case 0002 waits for a person's approval" in text(parked)
        fetch = asyncio.create_task(client.call_tool("guard_wait", {"ticket": ticket, "timeout": 40}))
        await edit(place, "2", "print('as edited')")
        kept = await fetch
        assert (kept.structured_content["stage"], kept.structured_content["case"]) == ("done", "0003"), text(kept)
        assert kept.structured_content["ran"] == "print('as edited')"
        assert kept.content[0].text == "as edited\n"
        assert "your text did not run" in text(kept)


async def test_a_call_that_is_sent_again_while_it_waits_joins_its_case_and_both_get_the_result(tmp_path: Path) -> None:
    async with served(tmp_path) as (engine, client):
        code = {"code": "open('b.txt', 'w').write('x')"}
        first = await client.call_tool("execute", {**code, "intent": "notes"})
        again = await client.call_tool("execute", {**code, "intent": "the notes, once more"})
        assert "already waiting as case 0001" in text(again)
        assert "already waiting" not in text(first)
        assert first.structured_content["ticket"] == again.structured_content["ticket"]
        await approve(Place(root=engine.config.state.parent), "1")
        for told in (first, again):
            kept = await client.call_tool("guard_wait", {"ticket": told.structured_content["ticket"], "timeout": 40})
            assert kept.structured_content["stage"] == "done"
        runs = [entry async for entry in engine.store.entries() if b'"rehearsal.started"' in entry.body]
        assert len(runs) == 1


class Reader(asyncio.Protocol):
    """Keeps how much came at once, until the end."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.over = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.sizes.append(len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()


@pytest.mark.parametrize("kind", ["socket", "pipe"])
async def test_what_serves_reads_little_at_once(tmp_path: Path, kind: str) -> None:
    """Larger pieces, cut to what came, would leave holes in the memory with every client."""
    async with served(tmp_path):
        loop, reader, sent = asyncio.get_running_loop(), Reader(), b"x" * (server.AT_ONCE * 3)
        if kind == "socket":
            here, there = socket.socketpair()
            await loop.create_connection(lambda: reader, sock=here)
        else:
            out, into = os.pipe()
            there = os.fdopen(into, "wb")
            await loop.connect_read_pipe(lambda: reader, os.fdopen(out, "rb"))
        with there:
            (there.sendall if kind == "socket" else there.write)(sent)
        await asyncio.wait_for(reader.over.wait(), 20)
    assert sum(reader.sizes) == len(sent)
    assert max(reader.sizes) == server.AT_ONCE
