"""Places to run in: as many of an agent's programs as may run at once, and no more; and what a run must not read."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from pathlib import Path

from guard import config
from guard.cli import compose
from guard.model import Stage, Submission
from tests.e2e.serving import make, register
from tests.engines import limited, submitted


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


OPENS = "import os\nos.chmod('shut', 0o755)\nprint(open('shut/.env').read())\n"


async def test_a_secret_in_a_folder_that_guard_cannot_look_into_is_not_read_by_a_program_that_opens_the_folder(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    shut = place.workspace / "shut"
    shut.mkdir()
    (shut / ".env").write_text("planted")
    shut.chmod(0)
    hidden = "".join(chr(ord(c) ^ 1) for c in OPENS)
    code = f"import sys\nexec(''.join(chr(ord(c) ^ (len(sys.path[0:0]) + 1)) for c in {hidden!r}))\n"
    try:
        async with compose.open_engine(config.load(place.toml), runs=True) as engine:
            case = await engine.settled((await submitted(engine, code)).id, 30)
    finally:
        shut.chmod(0o700)
    assert case.execution is not None
    assert "planted" not in case.execution.stdout
    assert "Error" in case.execution.stderr


async def test_while_the_files_of_a_large_workspace_are_asked_about_everybody_else_is_served(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard"))
    closes = f'forbid (principal, action == Guard::Action::"fs.read", resource in Guard::Folder::"{place.workspace}/closed");'
    (place.toml.parent / "policies" / "closes.cedar").write_text(f'@id("closes") @why("closed") {closes}')
    for number in range(20):
        folder = place.workspace / ("closed" if number == 19 else f"open{number}")
        folder.mkdir()
        for name in range(500):
            (folder / f"{name}.txt").touch()
    turns = [(clock := time.thread_time)()]  # what the loop's own thread does, not what a busy machine does meanwhile

    async def serve() -> None:
        while True:
            await asyncio.sleep(0)
            turns.append(clock())

    async with compose.open_engine(config.load(place.toml), runs=True) as engine:
        serving = asyncio.create_task(serve())
        shown = "import os\nprint(len(os.listdir('open3')), os.path.exists('closed/3.txt'))"
        case = await engine.settled((await submitted(engine, shown)).id, 60)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    assert case.execution is not None
    assert case.execution.stdout == "500 False\n"
    assert max(later - earlier for earlier, later in itertools.pairwise(turns)) < (turns[-1] - turns[0]) / 3
