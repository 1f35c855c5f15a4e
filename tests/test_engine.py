"""How an engine begins and ends: what it started is over, or somebody else's, when its lease is."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guard import config
from guard.analyst import Analyst
from guard.cli import compose
from guard.engine import Engine, state_folders
from guard.errors import SandboxError
from guard.model import ANSWERED, Analysis, Case, Facts, Stage, Submission
from guard.ports import Workspace
from guard.sandbox.commit import FileWorkspace
from guard.store.lease import FileLeases
from tests.build import NO_REHEARSALS
from tests.e2e.serving import Place, approve, make, register
from tests.notify.receivers import Webhook, webhook


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


# ------------------------------------------------------------------------------------------------------------------ telling people

WRITES = "open('b.txt', 'w').write('x')"


async def told(tmp_path: Path, *routes: str, **settings: object) -> Place:
    """A place whose people are told by these routes, and where writing is not tried first."""
    place = await register(make(tmp_path / "guard", **settings))
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    with place.toml.open("a") as file:
        file.writelines(f"[[notify]]\n{route}\n" for route in routes)
    return place


async def kinds(engine: Engine, number: int) -> list[tuple[str, dict[str, object]]]:
    entries = [json.loads(entry.body) async for entry in engine.store.entries(case=number)]
    return [(entry["kind"], entry["data"]) for entry in entries if entry["kind"].startswith("notify.")]


async def submitted(engine: Engine, code: str = WRITES, **fields: str) -> Case:
    return await engine.submit(Submission(agent="claude", language="python", code=code, **fields))


async def until(engine: Engine, number: int, count: int) -> list[tuple[str, dict[str, object]]]:
    """What the ledger says of a case's notifications, once there are so many."""
    seen = 0
    async with asyncio.timeout(20):
        while len(found := await kinds(engine, number)) < count:
            seen = await engine.store.wait(seen, 5)
    return found


async def test_people_are_told_what_waits_and_who_settled_it_and_the_ledger_says_so(tmp_path: Path) -> None:
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url()}"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine)
            assert (await hook.wait(1))[0].startswith(f"guard {case.id:04d}: claude asks to write. Owed: 1 person")
            assert await until(engine, case.id, 1) == [("notify.sent", {"occasion": "asked", "routes": ["1 json"]})]
            await approve(place, str(case.id))  # by another process' desk, which tells before it ends
            assert (await hook.wait(2))[1] == f"guard {case.id:04d}: approved by ann."


async def test_what_runs_by_itself_calls_nobody(tmp_path: Path) -> None:
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url()}"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine, "print(1)")
            assert (await engine.settled(case.id, 30)).stage is Stage.DONE
        assert hook.raw == [], "an engine that ends has told what it had to tell"


async def test_a_notification_that_fails_is_in_the_ledger_without_its_address_and_changes_nothing(tmp_path: Path) -> None:
    """D10, D16: people cannot be reached."""
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url("fail/tok-1")}"', 'url = "nosuch://tok-2"')
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await submitted(engine)
            ((kind, data),) = await until(engine, case.id, 1)
            assert kind == "notify.failed"
            assert len(data["failures"]) == 2  # type: ignore[arg-type]
            assert (await engine.store.load(case.id)).stage is Stage.WAITING
            ledger = b"".join([entry.body async for entry in engine.store.entries()])
            assert [secret for secret in (b"tok-", b"s3cret", b"127.0.0.1") if secret in ledger] == []


class Ahead(compose.WallClock):
    """The time of this machine, and then some."""

    minutes = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=self.minutes)


async def escalating(place: Place, clock: Ahead) -> Engine:
    settings = config.load(place.toml)
    return Engine(settings, dataclasses.replace(await compose.parts(settings, runs=True), clock=clock))


async def look(engine: Engine) -> None:
    """Tend as after a minute of nothing."""
    engine._look_again = 0.0
    await engine.tend()


async def second_calls(hook: Webhook, count: int) -> list[str]:
    return [line for line in await hook.wait(count) if line.startswith("Still waiting: guard")]


async def test_the_next_in_line_is_called_once_whichever_engine_sees_it(tmp_path: Path) -> None:
    async with webhook() as hook:
        place = await told(tmp_path, f'url = "{hook.url()}"', f'url = "{hook.url("next")}"\nafter_minutes = 10')
        clock = Ahead()
        async with await escalating(place, clock) as engine, await escalating(place, clock) as other:
            case = await submitted(engine)
            await until(engine, case.id, 1)
            await look(engine)
            assert (await engine.store.load(case.id)).escalated == 0
            clock.minutes = 11
            await asyncio.gather(look(engine), look(other))
            await look(other)
            assert (await engine.store.load(case.id)).escalated == 10
            found = await until(engine, case.id, 2)
            assert found[1] == ("notify.sent", {"occasion": "waiting", "routes": ["2 json"]})
        assert len(await second_calls(hook, 2)) == 1
        assert hook.paths == ["/hook", "/next"]


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


def limited(place: Place, text: str) -> config.Config:
    place.toml.write_text(place.toml.read_text() + text)
    return config.load(place.toml)


async def test_one_more_program_than_may_run_at_once_waits_its_turn(tmp_path: Path) -> None:
    settings = limited(make(tmp_path / "guard"), "[agents.claude.limits]\nruns = 1\n")
    async with compose.open_engine(settings, runs=True) as engine:
        leave = engine.parts.leases.place("claude", 1)  # another engine's run
        assert leave is not None
        case = await submitted(engine, "print(1)")
        other = await engine.submit(Submission(agent="other", language="python", code="print(1)"))
        assert (await engine.settled(other.id, 30)).stage is Stage.DONE
        assert (await engine.store.load(case.id)).stage is Stage.RUNNING
        leave()
        assert (await engine.settled(case.id, 30)).stage is Stage.DONE


async def test_a_turn_that_does_not_come_is_a_failure_that_says_so(tmp_path: Path) -> None:
    settings = limited(make(tmp_path / "guard"), "[agents.claude.limits]\nruns = 1\nwall_seconds = 0.3\n")
    async with compose.open_engine(settings, runs=True) as engine:
        leave = engine.parts.leases.place("claude", 1)
        assert leave is not None
        case = await engine.settled((await submitted(engine, "print(1)")).id, 30)
        leave()
        assert (case.stage, "at once" in case.outcome) == (Stage.FAILED, True)


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


# ------------------------------------------------------------------------------------------------------------------- backups


async def test_a_backup_expires_after_its_days_and_the_ledger_and_the_rollback_say_so(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    settings = limited(place, "[backups]\ndays = 2\n")
    clock = Ahead()
    async with Engine(settings, dataclasses.replace(await compose.parts(settings, runs=True), clock=clock)) as engine:
        case = await engine.settled((await submitted(engine)).id, 30, at=ANSWERED)
        await approve(place, str(case.id))
        await engine.tend()
        assert (await engine.settled(case.id, 30)).stage is Stage.DONE
        for minutes, kinds in ((24 * 60, []), (49 * 60, ["backup.expired"])):
            clock.minutes, engine._expire_again = minutes, 0.0
            await engine.tend()
            found = [json.loads(entry.body)["kind"] async for entry in engine.store.entries(case=case.id)]
            assert [kind for kind in found if kind.startswith("backup")] == kinds
    async with compose.open_desk(settings) as desk:
        with pytest.raises(SandboxError, match="has expired"):
            await desk.rollback(case.id, person="ann")
