"""Engines in a place of their own, for the tests of what an engine does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard import config, keys
from guard.cli import compose
from guard.desk import Desk
from guard.engine import Engine, state_folders
from guard.model import Case, Person, Submission
from tests.build import NO_REHEARSALS
from tests.e2e.serving import Place, make, register

WRITES = "open('b.txt', 'w').write('x')"


async def told(tmp_path: Path, *routes: str, **settings: object) -> Place:
    """A place whose people are told by these routes, and where writing is not tried first."""
    place = await register(make(tmp_path / "guard", **settings))
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    with place.toml.open("a") as file:
        file.writelines(f"[[notify]]\n{route}\n" for route in routes)
    return place


@asynccontextmanager
async def at_work(place: Place) -> AsyncIterator[tuple[Engine, Desk]]:
    """An engine that runs programs, and a desk of another engine on the same store, with ann registered with a key."""
    settings = config.load(place.toml)
    async with compose.open_engine(settings, runs=True) as engine, compose.open_desk(settings) as desk:
        public = keys.make(state_folders(settings)["keys"], "ann", "correct horse")
        await engine.store.add_person(Person(name="ann", key=public), now=desk.now())
        engine.start()
        yield engine, desk


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


def limited(place: Place, text: str) -> config.Config:
    place.toml.write_text(place.toml.read_text() + text)
    return config.load(place.toml)


class Ahead(compose.WallClock):
    """The time of this machine, and then some."""

    minutes = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=self.minutes)
