"""What an engine looks after by itself: the next in line, old backups."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest

from guard import config, standing_grants
from guard.cli import compose
from guard.engine import Engine
from guard.errors import SandboxError
from guard.model import ANSWERED, Stage
from tests.e2e.serving import Place, approve, make, register
from tests.engines import WRITES, Ahead, limited, submitted, told, until
from tests.notify.receivers import Webhook, webhook


async def escalating(place: Place, clock: Ahead) -> Engine:
    settings = config.load(place.toml)
    return Engine(settings, dataclasses.replace(await compose.parts(settings, runs=True), clock=clock))


async def look(engine: Engine) -> None:
    """Tend as after a minute of nothing."""
    engine.housekeeping._look_again = 0.0
    await engine.housekeeping.look()


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


async def test_a_backup_expires_after_its_days_and_the_ledger_and_the_rollback_say_so(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    settings = limited(place, "[backups]\ndays = 2\n")
    clock = Ahead()
    async with Engine(settings, dataclasses.replace(await compose.parts(settings, runs=True), clock=clock)) as engine:
        case = await engine.settled((await submitted(engine)).id, 30, at=ANSWERED)
        await approve(place, str(case.id))
        await engine.housekeeping.look()
        assert (await engine.settled(case.id, 30)).stage is Stage.DONE
        for minutes, kinds in ((24 * 60, []), (49 * 60, ["backup.expired"])):
            clock.minutes, engine.housekeeping._expire_again = minutes, 0.0
            await engine.housekeeping.look()
            found = [json.loads(entry.body)["kind"] async for entry in engine.store.entries(case=case.id)]
            assert [kind for kind in found if kind.startswith("backup")] == kinds
    async with compose.open_desk(settings) as desk:
        with pytest.raises(SandboxError, match="has expired"):
            await desk.rollback(case.id, person="ann")


async def test_policies_that_cannot_be_written_hold_nothing_up_and_a_grant_that_is_over_permits_nothing(tmp_path: Path) -> None:
    place = await told(tmp_path, wait_seconds=1)
    policies = place.toml.parent / "policies"
    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        case = await submitted(engine)
        offered = standing_grants.offers(case)
        assert not isinstance(offered, str)
        end = engine.parts.clock.now() + timedelta(hours=1)
        given = standing_grants.write(case, [(offer, 0) for offer in offered], until=end, uses=2, person="ann")
        await engine.give(given)
        policies.rename(policies.with_name("away"))
        await engine.store.end_standing([one.id for one in given], why="ann revoked it", now=engine.parts.clock.now())
        assert (await submitted(engine, WRITES + "  # again")).stage is Stage.WAITING
        engine.start()
        assert (await engine.settled(case.id, 20)).stage is Stage.EXPIRED
