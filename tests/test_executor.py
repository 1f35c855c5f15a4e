"""Places to run in: as many of an agent's programs as may run at once, and no more."""

from __future__ import annotations

from pathlib import Path

from guard.cli import compose
from guard.model import Stage, Submission
from tests.e2e.serving import make
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
