"""How an engine begins and ends: what it started is over, or somebody else's, when its lease is."""

from __future__ import annotations

import asyncio
import dataclasses
import fcntl
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guard import config
from guard.analyst import Analyst
from guard.cli import compose
from guard.engine import Engine, state_folders
from guard.errors import SandboxError, StoreError
from guard.model import ANSWERED, Analysis, Case, Facts, Stage, Submission, Verdict
from guard.ports import Present, Workspace
from guard.sandbox.changeset.commit import FileWorkspace
from guard.store.lease import FileLeases
from guard.store.sqlite import SqliteStore
from tests.e2e.serving import Place, approve, make, register
from tests.engines import WRITES, limited, submitted, told


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


class Part:
    """A part of which only the end is of interest."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks, self.closed = breaks, False

    async def close(self) -> None:
        self.closed = True
        if self.breaks:
            raise SandboxError("it does not end", hint="")


async def test_each_part_is_closed_whatever_becomes_of_the_others(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    settings = config.load(place.toml)
    parts = await compose.parts(settings, runs=False)
    await parts.analyst.close()
    analyst, sandbox, upstream = Part(breaks=True), Part(breaks=True), Part()
    engine = Engine(settings, dataclasses.replace(parts, analyst=analyst, sandbox=sandbox, upstream=upstream))
    with pytest.raises(SandboxError, match="does not end"):
        async with engine:
            pass
    assert (analyst.closed, sandbox.closed, upstream.closed) == (True, True, True)
    assert not FileLeases(state_folders(settings)["engines"]).alive(engine.id)
    with pytest.raises(StoreError, match="closed"):
        await engine.store.head()


async def test_a_run_that_is_stopped_with_its_engine_is_said_to_be_over(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    engine = await opened(place)
    async with engine:
        case = await engine.submit(Submission(agent="claude", language="python", code="import time\ntime.sleep(50)"))
        assert case.stage is Stage.RUNNING
    async with looking(place, case.id) as left:
        assert left.stage is Stage.INTERRUPTED


class Overtaken(SqliteStore):
    """A store in which something happens after a decision was begun and before it is saved."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def present(self, *, agent: str = "", code: str = "") -> Present:
        found = await super().present(agent=agent, code=code)
        if self.meanwhile:
            work, self.meanwhile = self.meanwhile, None
            await work()
        return found


async def test_who_was_removed_while_a_case_was_claimed_has_not_approved_it(tmp_path: Path) -> None:
    place = await told(tmp_path)
    settings = config.load(place.toml)
    parts = await compose.parts(settings, runs=True)
    await parts.store.close()
    store = await Overtaken.open(settings.state)
    async with Engine(settings, dataclasses.replace(parts, store=store)) as engine:
        case = await submitted(engine)
        await approve(place, str(case.id))
        store.meanwhile = lambda: store.remove_person("ann", by="ann", now=datetime.now(UTC))
        await engine.claim(await store.load(case.id))
        assert store.meanwhile is None
        assert [person.name for person in await store.people()] == []
        assert (await store.load(case.id)).stage is not Stage.RUNNING


async def test_a_submission_is_decided_by_what_holds_now_and_the_store_is_read_again_only_if_something_changed(tmp_path: Path) -> None:
    reads = 0

    class Counted(SqliteStore):
        async def present(self, *, agent: str = "", code: str = "") -> Present:
            nonlocal reads
            reads += bool(code)
            return await super().present(agent=agent, code=code)

    place = await told(tmp_path)
    settings = config.load(place.toml)
    parts = await compose.parts(settings, runs=False)
    await parts.store.close()
    store = await Counted.open(settings.state)
    async with Engine(settings, dataclasses.replace(parts, store=store)) as engine, compose.open_engine(settings, runs=False) as other:
        said = [(await submitted(engine, f"{WRITES} # {number}")).decision.verdict for number in range(3)]
        assert (said, reads) == ([Verdict.REVIEW] * 3, 1)
        await other.store.remove_person("ann", by="ann", now=datetime.now(UTC))
        assert (await submitted(engine, WRITES)).decision.verdict is Verdict.DENY
        assert reads == 2
        (place.toml.parent / "policies" / "open.cedar").write_text('@id("open") @why("x") permit (principal, action, resource);')
        assert await other.refresh_policies() == ""
        assert (await submitted(engine, WRITES)).decision.verdict is Verdict.ALLOW
        assert reads == 3


async def test_a_run_whose_end_could_not_be_saved_is_over_once_the_store_takes_it(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    settings = config.load(place.toml)
    parts = await compose.parts(settings, runs=True)
    await parts.store.close()
    store = await SqliteStore.open(settings.state, patience=0.1)
    async with Engine(settings, dataclasses.replace(parts, store=store)) as engine:
        case = await submitted(engine, "import time\ntime.sleep(0.3)")
        assert case.stage is Stage.RUNNING
        await engine.housekeeping.look()
        await engine.housekeeping.look()
        assert (await store.load(case.id)).stage is Stage.RUNNING, "what is under way is left alone"
        (run,) = [task for task in asyncio.all_tasks() if task.get_name() == f"case-{case.id}"]
        with (place.state / "guard.lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            await asyncio.wait([run])
        await engine.housekeeping.look()
        await engine.housekeeping.look()
        assert (await store.load(case.id)).stage is Stage.INTERRUPTED


async def test_of_two_engines_one_takes_over_what_a_dead_one_left(tmp_path: Path) -> None:
    place = await told(tmp_path)
    async with await opened(place) as one, await opened(place) as other:
        case = await submitted(one)
        left = dataclasses.replace(case, stage=Stage.REHEARSING, runner="0123456789abcdef")
        left = await one.store.save(left, [], now=datetime.now(UTC), before=case, policy_digest=None)
        for engine in (one, other):  # both saw it
            await engine.housekeeping._take_over(left)
        records = [json.loads(entry.body) async for entry in one.store.entries(case=case.id)]
        assert [record["data"]["engine"] for record in records if record["kind"] == "rehearsal.resumed"] == [one.id]


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


# ------------------------------------------------------------------------------------------------------------------- what is parked


async def test_the_same_program_submitted_again_while_it_waits_joins_its_case_and_runs_once(tmp_path: Path) -> None:
    place = await told(tmp_path)
    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        engine.start()
        first, again = await asyncio.gather(submitted(engine), submitted(engine, intent="told anew"))
        assert first.id == again.id
        others = [
            await submitted(engine, WRITES + " "),
            await engine.submit(Submission(agent="claude", language="python", code=WRITES, arguments='{"a":1}')),
            await engine.submit(Submission(agent="other", language="python", code=WRITES)),
        ]
        assert len({first.id, *(case.id for case in others)}) == 4
        await approve(place, str(first.id))
        assert (await engine.settled(first.id, 30)).stage is Stage.DONE
        records = [json.loads(entry.body)["kind"] async for entry in engine.store.entries(case=first.id)]
        assert (records.count("case.joined"), records.count("run.started")) == (1, 1)
        assert (await submitted(engine)).id not in {first.id, *(case.id for case in others)}, "what is over is not joined"


async def test_one_agent_may_park_so_many_and_others_are_heard(tmp_path: Path) -> None:
    """D13."""
    place = await told(tmp_path, most_waiting=2)
    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        parked = [await submitted(engine, f"{WRITES}  # {i}") for i in range(3)]
        assert [case.stage for case in parked] == [Stage.WAITING, Stage.WAITING, Stage.DENIED]
        assert "(2)" in parked[2].outcome
        assert (await submitted(engine, f"{WRITES}  # 0")).id == parked[0].id, "what waits already is no more"
        assert (await submitted(engine, "print(1)")).stage is Stage.RUNNING
        assert (await engine.submit(Submission(agent="other", language="python", code=WRITES))).stage is Stage.WAITING
        answers = [json.loads(entry.body)["kind"] async for entry in engine.store.entries(case=parked[2].id)]
        assert answers == ["case.submitted", "case.decided", "case.closed"]


async def test_two_engines_join_one_case_and_keep_one_limit(tmp_path: Path) -> None:
    place = await told(tmp_path, most_waiting=2)
    settings = config.load(place.toml)
    async with compose.open_engine(settings, runs=False) as one, compose.open_engine(settings, runs=False) as other:
        same = await asyncio.gather(*(submitted(engine) for engine in (one, other) * 3))
        assert {case.id for case in same} == {same[0].id}
        more = await asyncio.gather(*(submitted(engine, f"{WRITES}  # {i}") for i, engine in enumerate((one, other) * 3)))
        assert sorted(case.stage for case in more) == [Stage.DENIED] * 5 + [Stage.WAITING]


class Slow(Analyst):
    """An analyst that tells when it has an answer, and gives it later."""

    def __init__(self) -> None:
        super().__init__(count=1)
        self.found, self.go = asyncio.Event(), asyncio.Event()

    async def analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        analysis = await super().analyse(language, code, facts)
        self.found.set()
        await self.go.wait()
        return analysis


@asynccontextmanager
async def analysing(place: Place) -> AsyncIterator[tuple[asyncio.Task[Case], Engine]]:
    """A submission whose analysis ends with this block, and another engine of its store."""
    settings, analyst = config.load(place.toml), Slow()
    parts = await compose.parts(settings, runs=False)
    await parts.analyst.close()
    async with Engine(settings, dataclasses.replace(parts, analyst=analyst)) as slow, compose.open_engine(settings, runs=False) as other:
        submission = asyncio.create_task(submitted(slow))
        await asyncio.wait_for(analyst.found.wait(), 30)
        yield submission, other
        analyst.go.set()
        await asyncio.wait_for(submission, 30)


async def test_what_was_parked_while_a_program_was_analysed_is_joined(tmp_path: Path) -> None:
    async with analysing(await told(tmp_path)) as (submission, other):
        parked = await submitted(other)
    assert submission.result().id == parked.id


async def test_who_was_removed_while_a_program_was_analysed_is_nobody_to_ask(tmp_path: Path) -> None:
    async with analysing(await told(tmp_path)) as (submission, other):
        for person in await other.store.people():
            await other.store.remove_person(person.name, by=person.name, now=datetime.now(UTC))
    assert submission.result().stage is Stage.DENIED


async def test_a_place_that_became_free_while_a_program_was_analysed_is_taken(tmp_path: Path) -> None:
    place = await told(tmp_path, most_waiting=1)
    async with compose.open_engine(config.load(place.toml), runs=False) as engine:
        parked = await submitted(engine, f"{WRITES}  # other")
    async with analysing(place) as (submission, other):
        ended = dataclasses.replace(parked, stage=Stage.EXPIRED)
        await other.store.save(ended, [], now=datetime.now(UTC), before=parked, policy_digest=None)
    assert submission.result().stage is Stage.WAITING


# --------------------------------------------------------------------------------------------------------------------- limits


async def test_limits_of_an_agent_and_of_a_class_hold_in_the_box_and_are_in_the_seal(tmp_path: Path) -> None:
    text = "[agents.claude.limits]\nwall_seconds = 0.7\n[class_limits.write]\nprocesses = 9\n"
    place = await register(make(tmp_path / "guard"))
    async with compose.open_engine(limited(place, text), runs=True) as engine:
        engine.start()
        case = await engine.settled((await submitted(engine, "while True: pass")).id, 30)
        assert (case.stage, "ran too long" in case.outcome) == (Stage.FAILED, True)
        case = await engine.submit(Submission(agent="other", language="python", code=WRITES))
        assert (case.box.limits.processes, case.box.limits.wall_seconds) == (9, 60)
        case = await engine.settled(case.id, 30, at=ANSWERED)
        await approve(place, str(case.id))
        assert (await engine.settled(case.id, 30)).stage is Stage.DONE
