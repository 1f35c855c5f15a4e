"""How an engine begins and ends: what it started is over, or somebody else's, when its lease is."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from guard import config
from guard.cli import compose
from guard.engine import Engine, state_folders
from guard.model import ANSWERED, Case, Stage, Submission
from guard.ports import Workspace
from guard.sandbox.commit import FileWorkspace
from guard.store.lease import FileLeases
from tests.e2e.serving import Place, approve, make, register


async def opened(place: Place, workspace: Workspace | None = None) -> Engine:
    """An engine that runs programs; the caller leaves it."""
    settings = config.load(place.toml)
    parts = await compose.parts(settings, runs=True)
    return Engine(settings, dataclasses.replace(parts, workspace=workspace) if workspace else parts)


@asynccontextmanager
async def looking(place: Place, number: int) -> AsyncIterator[Case]:
    async with compose.open_store(config.load(place.toml)) as store:
        yield await store.load(number)


async def test_a_commit_in_progress_is_ended_before_the_lease_is(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    reached, go = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "journal applying":
            reached.set()
            assert go.wait(30)

    engine = await opened(place, FileWorkspace(place.state, step=step))
    await engine.__aenter__()
    engine.start()
    case = await engine.submit(Submission(agent="claude", language="python", code="open('b.txt', 'w').write('x')"))
    case = await engine.settled(case.id, 30, at=ANSWERED)
    await approve(place, str(case.id))
    assert await asyncio.to_thread(reached.wait, 30)
    leaving = asyncio.create_task(engine.__aexit__())
    leases = FileLeases(state_folders(engine.config)["engines"])
    done, _ = await asyncio.wait([leaving], timeout=0.3)
    assert not done
    assert leases.alive(engine.id)
    go.set()
    await asyncio.wait_for(leaving, 30)
    assert not leases.alive(engine.id)
    async with looking(place, case.id) as kept:
        assert kept.stage is Stage.DONE
    assert (place.workspace / "b.txt").read_text() == "x"


async def test_a_run_that_is_stopped_with_its_engine_is_said_to_be_over(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    engine = await opened(place)
    async with engine:
        case = await engine.submit(Submission(agent="claude", language="python", code="import time\ntime.sleep(50)"))
        assert case.stage is Stage.RUNNING
    async with looking(place, case.id) as left:
        assert left.stage is Stage.INTERRUPTED


async def test_a_box_is_proved_once_and_a_store_followed_once_however_often_it_is_asked(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    engine = await opened(place)
    async with engine:
        assert await engine.prove() == await engine.prove()
        engine.start()
        engine.start()
        assert len([task for task in asyncio.all_tasks() if task.get_name() == "follow"]) == 1
        records = [json.loads(entry.body)["kind"] async for entry in engine.store.entries()]
    assert records.count("box.proved") == 1
