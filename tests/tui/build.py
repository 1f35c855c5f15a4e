"""A console on a real desk: temporary store, real policies and keys, hand-made analyses, and clocks that tests turn."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from guard import config, keys
from guard.analyst import Analyst
from guard.desk import Desk, os_user
from guard.engine import Engine, state_folders
from guard.events import Submitted
from guard.grant import changes_as_effects
from guard.model import (
    ANSWER,
    Analysis,
    BoxProfile,
    Case,
    Change,
    ChangeSet,
    Effect,
    Ending,
    Execution,
    Facts,
    FileType,
    Kind,
    Loop,
    Person,
    Print,
    Resource,
    ResourceType,
    Span,
    Submission,
)  # fmt: skip
from guard.pipeline import advance
from guard.ports import Parts
from guard.sandbox.changeset.commit import FileWorkspace
from guard.store.lease import FileLeases
from guard.store.sqlite import SqliteStore
from tests.build import NO_REHEARSALS
from tui.app import Console
from tui.case import CaseScreen
from tui.clock import BURST, DEAD, PAINTED

ROOT = Path(__file__).parent.parent.parent
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSPHRASE = "correct horse"

CODE = '''import json
import time
from pathlib import Path

import requests

RAW = Path("data/raw")
CUTOFF = time.time() - 30 * 86400


def stale(folder):
    """Exports nobody has touched for thirty days."""
    for path in sorted(folder.rglob("*.csv")):
        if path.stat().st_mtime < CUTOFF:
            yield path


removed = []
for path in stale(RAW):
    removed.append({"name": str(path), "bytes": path.stat().st_size})
    path.unlink()

report = Path("reports/cleanup.json")
report.write_text(json.dumps(removed, indent=2))

# tell the team\u202e")0 ,elif_on(tnirp
reply = requests.post(
    "https://hooks.example.net/cleanup",
    json={"removed": len(removed), "files": removed},
    timeout=10,
)
print(f"removed {len(removed)} files, told the team: {reply.status_code}")
'''
SMALL = "\n".join(["from pathlib import Path", "", "rows = []", "for n in range(7):", "    rows.append(n * n)", "", "text = []",
                   "for row in rows:", "    text.append(str(row))", "", 'Path("reports/week.md").write_text(', '    "\\n".join(text)', ")", "", "print(len(rows))"])  # fmt: skip


class Hands:
    """The console's clock, turned by hand: nothing happens until `turn`."""

    def __init__(self) -> None:
        self.time = 1000.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._count = 0

    def now(self) -> float:
        return self.time

    def at(self, stamp: float) -> float:
        return self.time

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self._count += 1
        self._due.append((self.time + seconds, self._count, act))

    def turn(self, seconds: float) -> None:
        end = self.time + seconds
        while due := sorted(item for item in self._due if item[0] <= end):
            self._due.remove(due[0])
            self.time = max(self.time, due[0][0])
            due[0][2]()
        self.time = end


class WallHands:
    """The engine's wall clock."""

    def __init__(self, time: datetime = NOON) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


class Bench:
    """A desk on a temporary store, with what a test needs to put cases there."""

    def __init__(self, root: Path, engine: Engine, wall: WallHands) -> None:
        self.root, self.engine, self.wall = root, engine, wall
        self.desk = Desk(engine)
        self.store = engine.store
        self.keys = state_folders(engine.config)["keys"]
        self._ticket = 0

    @property
    def workspace(self) -> str:
        return str(self.engine.config.workspace)

    async def person(self, name: str = "ann", *, key: bool = True, me: bool = True, **fields: Any) -> Person:
        public = keys.make(self.keys, name, PASSPHRASE) if key else ""
        person = Person(name=name, os_user=os_user() if me else "", key=public, **fields)
        await self.store.add_person(person, now=self.wall.now())
        return person

    async def case(
        self, *effects: Effect, code: str = SMALL, agent: str = "report", ago: float = 60.0, facts: Facts | None = None, **fields: Any
    ) -> Case:
        """Submit a program with these effects, so many seconds ago."""
        self._ticket += 1
        facts = facts or self.engine.config.facts()
        event = Submitted(
            submission=dataclasses.replace(Submission(agent=agent, language="python", code=code, workspace=facts.workspace), **fields),
            facts=facts,
            analysis=Analysis(language="python", effects=(*effects, ANSWER)),
            box=BoxProfile(engine="bubblewrap"),
            ticket=f"ticket-{self._ticket}",
        )
        world = dataclasses.replace(await self.engine.world(), now=self.wall.now() - timedelta(seconds=ago))
        step = advance(None, event, world)
        assert step.case is not None
        return await self.store.create(step.case, step.records, now=world.now, policy_digest=world.policies.digest)

    def effect(self, kind: str, name: str = "", line: int = 0, **fields: Any) -> Effect:
        family = kind.split(".", maxsplit=1)[0]
        types = {"fs": ResourceType.FILE, "net": ResourceType.ENDPOINT, "http": ResourceType.ENDPOINT, "env": ResourceType.VARIABLE,
                 "secret": ResourceType.FILE, "proc": ResourceType.PROGRAM, "sql": ResourceType.TABLE, "tool": ResourceType.TOOL}  # fmt: skip
        type_ = types.get(family, ResourceType.RUN)
        if name.endswith("/"):
            type_, name = ResourceType.FOLDER, name.rstrip("/")
        if type_ in (ResourceType.FILE, ResourceType.FOLDER) and not name.startswith("/"):
            name = f"{self.workspace}/{name}"
        if type_ is ResourceType.ENDPOINT and ":" not in name:
            name += ":443"
        resource = Resource(type=type_, name="run" if type_ is ResourceType.RUN else name)
        span = Span(line=line, column=0, end_line=line, end_column=1) if line else None
        return Effect(kind=Kind(kind), resource=resource, span=span, **fields)

    async def cleanup(self, **fields: Any) -> Case:
        """The case of the pictures: deletes, sends, writes, reads, and hides a character."""
        effects = (
            self.effect("fs.delete", "data/raw/", 21, exact=False, loop=Loop.UNBOUNDED),
            self.effect("http.post", "hooks.example.net", 27),
            self.effect("fs.write", "reports/cleanup.json", 24),
            self.effect("fs.read", "data/raw/", 13, exact=False),
        )
        options = {"code": CODE, "agent": "etl-bot", "ago": 2460, "intent": "Routine cleanup of old exports, no side effects."}
        return await self.case(*effects, **{**options, **fields})

    async def week(self, **fields: Any) -> Case:
        """A harmless one: level 1, 15 lines."""
        return await self.case(self.effect("fs.write", "reports/week.md", 11), **fields)


@asynccontextmanager
async def bench(root: Path, *, patience: float = 5.0, now: datetime = NOON) -> AsyncIterator[Bench]:
    """An engine without a sandbox on a fresh state folder."""
    (root / "project").mkdir()
    shutil.copytree(ROOT / "policies", root / "etc" / "policies", ignore=shutil.ignore_patterns("packs", "*.toml"))
    (root / "etc" / "policies" / "no-rehearsals.cedar").write_text(NO_REHEARSALS)
    table = {"workspace": str(root / "project"), "state": str(root / "state"), "policies": str(root / "etc" / "policies")}
    loaded = config.build(table, root / "etc" / "guard.toml")
    wall = WallHands(now)
    parts = Parts(
        store=await SqliteStore.open(loaded.state, patience=patience),
        leases=FileLeases(state_folders(loaded)["engines"]),
        clock=wall,
        analyst=Analyst(count=1),
        workspace=FileWorkspace(loaded.state),
    )
    async with Engine(loaded, parts) as engine:
        yield Bench(root, engine, wall)


async def press(pilot: Pilot[None], hands: Hands, *pressed: str, apart: float = 0.1) -> None:
    """Keys as a person presses them: one after the other, each followed by what it causes."""
    for key in pressed:
        send(pilot.app, key)
        await _drain(pilot)
        hands.turn(max(apart, BURST * 1.2))
        await settle(pilot)


def send(app: App[None], key: str) -> None:
    """One key, as the terminal's driver sends it."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    character = key if len(key) == 1 else " " if key == "space" else None
    app.post_message(events.Key(name, character))


async def settle(pilot: Pilot[None], rounds: int = 3) -> None:
    """Until what was asked for is done: workers, messages, painting."""
    for _ in range(rounds):
        busy = [worker for worker in pilot.app.workers if worker.group != "follow" and not worker.is_finished]
        if busy:
            with suppress(WorkerCancelled):  # an exclusive one was overtaken by the next
                await asyncio.wait_for(pilot.app.workers.wait_for_complete(busy), 10)
        await _drain(pilot)
    if error := pilot.app._exception:
        raise error


async def _drain(pilot: Pilot[None]) -> None:
    await pilot._wait_for_screen()
    await asyncio.sleep(0)
    pilot.app.screen._on_timer_update()


async def read(pilot: Pilot[None], hands: Hands) -> None:
    """Look at what is on the screen for long enough."""
    await settle(pilot)
    hands.turn(PAINTED + 0.1)
    await settle(pilot)


async def read_all(pilot: Pilot[None], hands: Hands) -> None:
    """Have all of the opened case on the screen for long enough, as `space` leads through it."""
    screen = pilot.app.screen
    assert isinstance(screen, CaseScreen)
    for _ in range(20):
        await read(pilot, hands)
        if screen.reading.complete:
            return
        await press(pilot, hands, "space")
    raise AssertionError("\n".join(screen_text(screen.console_app)))


async def wait_dead(pilot: Pilot[None], hands: Hands) -> None:
    """Until the buttons of a dialog live."""
    hands.turn(DEAD + 0.1)
    await settle(pilot)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait, bounded, for what comes from the store."""
    end = asyncio.get_running_loop().time() + 10
    while not holds():
        assert asyncio.get_running_loop().time() < end, "\n".join(screen_text(pilot.app))
        await asyncio.sleep(0.01)
        await settle(pilot, 1)


def console(of: Bench, **options: Any) -> tuple[Console, Hands]:
    hands = Hands()
    return Console(of.desk, clock=hands, **options), hands


@asynccontextmanager
async def opened(of: Bench, *, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[tuple[Console, Pilot[None], Hands]]:
    """A console in a window of this size: the queue is there, and steady."""
    app, hands = console(of, **options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        hands.turn(2)
        await settle(pilot)
        yield app, pilot, hands


def screen_text(app: Console) -> list[str]:
    """What stands on the screen, row by row."""
    _, height = app.size
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()][:height]


async def rehearsed(of: Bench, case: Case, *changes: Change, stdout: str = "") -> Case:
    """The case as a trial that made these changes left it, decided on them."""
    run = Execution(ending=Ending.EXITED, stdout=stdout, change_set=ChangeSet(changes=changes))
    did = changes_as_effects(run.change_set, case.facts)
    decision = dataclasses.replace(case.decision, effects=(*did, ANSWER), reasons=())
    tried = dataclasses.replace(case, execution=run, rehearsed=True, decision=decision)
    await of.store.save(tried, (), now=of.wall.now(), before=case, policy_digest=None)
    return tried


def there(text: bytes) -> Print:
    return Print(type=FileType.FILE, mode=0o644, size=len(text), digest=hashlib.sha256(text).hexdigest())
