"""Past cases, timelines and rollback."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from guard.desk import Moment
from guard.events import Claimed, Ran
from guard.model import ChangeSet, Ending, Execution, Kind, Stage
from guard.sandbox.changeset.blobs import Blobs
from tests.tui.build import NOON, PASSPHRASE, Bench, bench, console, opened, press, screen_text, settle, until
from tui.history import HistoryScreen, TimelineScreen, same_line


async def committed(of: Bench) -> int:
    """A case that ran and replaced a file, as an engine with a box would have left it."""
    import hashlib

    from guard.model import Change, EntryKind, FileType, Print

    (of.root / "project" / "reports").mkdir()
    path = of.root / "project" / "reports" / "week.md"
    path.write_text("old\n")
    path.chmod(0o644)
    case = await of.week()
    signer = await of.desk.unlock("ann", PASSPHRASE)
    await of.desk.approve(case, person="ann", signer=signer, shown="all 15 lines")
    digest = Blobs(of.engine.config.state / "blobs").add(b"new\nlines\n")
    before = Print(type=FileType.FILE, mode=0o644, size=4, digest=hashlib.sha256(b"old\n").hexdigest())
    change = Change(
        kind=EntryKind.MODIFIED, path="reports/week.md", before=before, after=dataclasses.replace(before, size=10, digest=digest)
    )
    execution = Execution(ending=Ending.EXITED, stdout="done\n", seconds=1.9, change_set=ChangeSet(changes=(change,)))
    await of.engine.feed(case.id, Claimed(analysis=case.analysis))
    answer = await of.engine.feed(case.id, Ran(execution=execution))
    assert (await of.engine.settled(case.id, 5)).stage is Stage.DONE
    assert answer.case.decision.effects[0].kind is Kind.FS_WRITE
    return case.id


async def test_a_past_case_opens_as_a_timeline_that_says_what_ran_is_what_was_signed(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await committed(of)
        await of.desk.reject((await of.cleanup()).id, person="ann", reason="archive them")
        app, hands = console(of)
        async with app.run_test(size=(100, 24)) as pilot:
            await settle(pilot)
            await press(pilot, hands, "h")
            assert isinstance(app.screen, HistoryScreen)
            text = "\n".join(screen_text(app))
            assert "rejected    ann: archive them · delete" in text
            assert "done        ann: create or replace reports/week.md" in text
            assert "settled" in text
            assert "asked" not in text, "both times stand there where there is room"
            await press(pilot, hands, "j")
            await press(pilot, hands, "enter", apart=0.6)
            assert isinstance(app.screen, TimelineScreen)
            text = "\n".join(screen_text(app))
            for said in (
                "asked",
                "judged",
                "review: 1 person",
                "approved",
                "ann signed",
                "was shown all 15 lines",
                "ran",
                "1 path changed",
                "done:",
            ):
                assert said in text, text
            assert "✓ what ran is what was signed" in text
            await until(pilot, lambda: "ledger ✓" in "\n".join(screen_text(app)))
            await press(pilot, hands, "enter", apart=0.6)
            assert '"language": "python"' in "\n".join(screen_text(app))


async def test_the_diff_of_what_a_run_changed_is_shown_line_by_line(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case_id = await committed(of)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.open_case(case_id)
            await settle(pilot)
            await press(pilot, hands, "3")
            text = "\n".join(screen_text(app))
            for said in (
                "1 path changed",
                "reports/week.md",
                "- old",
                "+ new",
                "+ lines",
                "what it printed",
                "done",
            ):
                assert said in text, text


async def test_the_history_filter_speaks_the_language_of_the_queue(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.cleanup()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, hands, "h", "slash", *"class:D")
            await press(pilot, hands, "enter", apart=0.6)
            screen = app.screen
            assert isinstance(screen, HistoryScreen)
            assert list(screen.listing.items) == [2]


async def test_the_timeline_says_why_the_seals_differ_and_what_came_since_the_ledger_was_verified(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.case(of.effect("fs.write", "a.txt", 1))
        signed = dataclasses.replace(case, stage=Stage.DONE, rehearsed=True, seal="2" * 64)
        at = {"at": NOON, "case": 1}
        moments = [
            Moment(seq=1, kind="case.submitted", data={"seal": "1" * 64}, **at),
            Moment(seq=2, kind="case.approved", data={"seal": "2" * 64}, **at),
        ]
        assert same_line(signed, moments).text.text.endswith(
            "proposed 1111 · decided 2222 · ran 2222  what the trial did joined the first  ✓ what ran is what was signed"
        )
        async with opened(of, size=(120, 30)) as (app, pilot, hands):
            await press(pilot, hands, "v", apart=0.6)
            await until(pilot, lambda: "The ledger verifies: 4 entries" in screen_text(app)[-2])
            await press(pilot, hands, "j")
            assert "ledger ✓ 4 entries" in screen_text(app)[-2]
            await of.week()
            await until(pilot, lambda: "ledger ✓ 4 entries, 2 since" in screen_text(app)[-2])


async def test_a_case_that_a_grant_released_names_it_and_its_giver_even_once_it_has_ended(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        draft = await of.desk.draft(case, person="ann", rungs=[0], lasts=timedelta(hours=1), uses=2)
        await of.desk.give(draft, signer=await of.desk.unlock("ann", PASSPHRASE))
        await of.engine.feed(case.id, Claimed(analysis=case.analysis))
        assert (await of.engine.settled(case.id, 5)).stage is Stage.INTERRUPTED, "this engine has no box"
        (grant,) = draft.grants
        await of.desk.revoke(grant.id, person="ann")
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "h", apart=0.6)
            assert "by ann's grant: " in "\n".join(screen_text(app))
            await press(pilot, hands, "enter", apart=0.6)
            text = "\n".join(screen_text(app))
            what = f"started      by the grant {grant.id} of ann"
            for said in (what, f"granted      ann, for a while: {grant.what}, 2 times until 2026-11-22 13:00 UTC"):
                assert said in text, text
            assert f"{grant.what}, which ann gave: ann revoked it" in text
            app.open_case(case.id)
            await settle(pilot)
            assert f"INTERRUPTED ✓ Released by the grant {grant.id} of ann." in "\n".join(screen_text(app))


@pytest.mark.parametrize("timeline", [False, True])
async def test_verifying_the_ledger_says_so_in_the_history_and_in_a_timeline(tmp_path: Path, timeline: bool) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "h", *["enter"] * timeline, apart=0.6)
            await press(pilot, hands, "v", apart=0.6)
            await until(pilot, lambda: "✓ The ledger verifies: " in "\n".join(screen_text(app)))
            await settle(pilot)
            assert "✓ The ledger verifies: " in "\n".join(screen_text(app)), "what comes of it is not painted over"


async def test_the_history_says_when_a_case_was_settled_and_on_a_wide_screen_also_when_it_was_asked(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week(ago=7200)
        await of.week(ago=60)
        await of.desk.reject(case.id, person="ann", reason="no")
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "h", apart=0.6)
            rows = screen_text(app)
            assert any(row.split()[:4] == ["case", "RWND?", "asked", "settled"] for row in rows)
            assert any("22 Nov 10:00 22 Nov 12:00 report     rejected" in row for row in rows)
            assert any("22 Nov 11:59 not yet      report     waiting" in row for row in rows)
