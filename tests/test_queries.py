"""What people see of cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.model import ANSWERED, Stage
from guard.queries import moment
from tests.e2e.serving import Place, make
from tests.engines import at_work, submitted


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make(tmp_path / "guard")


async def test_health_says_what_is_wrong_with_policies_and_ledger(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        health = await desk.health(ledger=True)
        assert (health.policies, health.ledger) == ("", "")
        assert health.entries > 0
        (place.toml.parent / "policies" / "team.cedar").write_text("nonsense")
        await engine.refresh_policies()
        assert "team.cedar:1" in (await desk.health()).policies


async def test_a_case_is_seen_with_its_changes_line_by_line_and_its_ledger_entries_in_order(place: Place) -> None:
    (place.workspace / "b.txt").write_text("a\nb\n")
    async with at_work(place) as (engine, desk):
        case = await submitted(engine, "open('b.txt', 'w').write('a\\nc\\n')")
        waiting = await engine.settled(case.id, 30, at=ANSWERED)
        assert waiting.stage is Stage.WAITING
        assert [one.id for one in await desk.queue()] == [case.id]
        (file,) = await desk.diff(waiting)
        assert (file.change.path, file.unexpected) == ("b.txt", False)
        assert file.lines is not None
        assert {("-", "b"), ("+", "c")} <= set(file.lines)
        told = await desk.timeline(case.id)
        assert [one.kind for one in told][:2] == ["case.submitted", "case.decided"]
        assert [one.seq for one in told] == sorted(one.seq for one in told)
        assert (await desk.head(), (case.id,)) == await desk.changed(told[0].seq - 1)


def test_an_entry_is_a_line_of_the_timeline() -> None:
    line = moment(b'{"at":"2026-01-01T12:00:00+00:00","case":7,"data":{"code":"c0de"},"kind":"run.started","prev":"","seq":3}')
    assert (line.seq, line.case, line.kind, line.data, line.at.hour) == (3, 7, "run.started", {"code": "c0de"}, 12)
