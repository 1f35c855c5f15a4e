"""What is wrong stands on top until it is right again; and the desk agrees with the banner."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from guard.errors import BadInput, LedgerBroken
from guard.model import Stage
from tests.tui.build import PASSPHRASE, bench, console, opened, press, read, read_all, screen_text, settle, until, wait_dead
from tui import keys
from tui.case import CaseScreen
from tui.reject import RejectDialog


def text(app: object) -> str:
    return " ".join(" ".join(row.split()) for row in screen_text(app))  # type: ignore[arg-type]


async def test_broken_policies_are_said_with_what_is_in_force_until_they_load_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            team = of.root / "etc" / "policies" / "team.cedar"
            team.write_text("permit (")
            await of.engine.refresh_policies()
            await until(pilot, lambda: "✖ Policies broken: team.cedar" in text(app))
            assert "the last good set" in text(app)
            team.unlink()
            await of.engine.refresh_policies()
            await until(pilot, lambda: "Policies broken" not in text(app))


async def test_a_ledger_that_does_not_verify_stops_every_approval(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        with sqlite3.connect(of.engine.config.state / "guard.db") as database:
            (name,) = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('ledger', 'entries')").fetchone()
            for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {trigger}")
            database.execute(
                f"UPDATE {name} SET body = CAST(replace(CAST(body AS TEXT), 'report', 'rep0rt') AS BLOB) WHERE seq = (SELECT max(seq) - 1 FROM {name})"
            )
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await until(pilot, lambda: "✖ The ledger does not verify" in text(app))
            hands.turn(2)
            await press(pilot, hands, "enter")
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert "nothing can be approved" in text(app)
        with pytest.raises(LedgerBroken):
            await of.desk.approve(case, person="ann", signer=None, shown="all")


async def test_a_store_that_cannot_be_read_is_said_and_reading_goes_on(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await of.store.close()
            await until(pilot, lambda: "✖ The store cannot be read" in text(app))
            hands.turn(2)
            await press(pilot, hands, "j", "enter", "a", "r", apart=0.6)
            await settle(pilot)
            assert "0001" in text(app)


async def test_a_store_that_somebody_else_locks_takes_no_answer_and_loses_none(tmp_path: Path) -> None:
    async with bench(tmp_path, patience=0.1) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "r", "4", apart=0.6)
            other = sqlite3.connect(of.store.path, isolation_level=None)
            try:
                other.execute("BEGIN IMMEDIATE")
                await press(pilot, hands, "ctrl+s", apart=0.6)
                await until(pilot, lambda: "! Not taken: another program has locked the store" in text(app))
                assert isinstance(app.screen, RejectDialog)  # what was written is still there
                assert (await of.desk.case(case.id)).stage is Stage.WAITING
            finally:
                other.close()
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert (await of.desk.case(case.id)).stage is Stage.REJECTED


async def test_a_clock_that_moves_back_revives_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            of.wall.time -= timedelta(hours=30)
            hands.turn(6)
            await settle(pilot)
            assert " 0s" in text(app)
            await press(pilot, hands, "enter", apart=0.6)
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            await wait_dead(pilot, hands)
            await press(pilot, hands, "right", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        times = [moment.at for moment in await of.desk.timeline(case.id)]
        assert times == sorted(times)
        assert not (await of.desk.health(ledger=True)).ledger


async def test_another_key_for_this_person_is_said_and_takes_the_right_to_sign(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            await of.store.set_key("ann", "ab" * 32, now=of.wall.now())
            await until(pilot, lambda: "! The key of ann is not the one registered since 12:00 UTC." in text(app))
            assert app.signer is None
            hands.turn(2)
            await press(pilot, hands, "enter", apart=0.6)
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert "Your key is not the registered one any more" in text(app)
        assert not (await of.desk.case(case.id)).approvals


async def test_a_case_that_cannot_be_painted_says_so_and_cannot_be_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise BadInput("text that is not visible would reach a screen", hint="Report it.")

    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            monkeypatch.setattr("tui.caseview.code_document", fault)  # a fault planted in the renderer
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "✖ This case cannot be shown: text that is not visible" in text(app))
            await press(pilot, hands, "a", "w", "e", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            await press(pilot, hands, "q", apart=0.6)
            assert app.screen is app.queue


async def test_a_window_that_is_too_small_is_for_reading_only(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(58, 19)) as pilot:
            await settle(pilot)
            assert "Make the window 60 x 20 or larger to decide" in text(app)
            hands.turn(2)
            await press(pilot, hands, "enter")
            for _ in range(8):
                await read(pilot, hands)
                await press(pilot, hands, "space")
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert not app.screen.reading.complete
        assert not (await of.desk.case(case.id)).approvals


@pytest.mark.parametrize("size", [(60, 20), (79, 24), (80, 24), (119, 40), (160, 50)])
async def test_every_row_is_as_wide_as_the_screen_and_the_footer_names_the_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        await of.week()
        app, hands = console(of)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            assert all(len(row) == size[0] for row in screen_text(app))
            assert "? keys" in screen_text(app)[-1]
            assert "q quit" in screen_text(app)[-1]
            hands.turn(2)
            await press(pilot, hands, "enter")
            assert all(len(row) == size[0] for row in screen_text(app))
            assert "q back" in screen_text(app)[-1]
            assert any("[1 Effects" in row and "][" not in row and " 6 " in row for row in screen_text(app))


async def test_a_reviewer_who_approves_fast_sees_himself(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.approved = [6.0] * 9
            assert app.pace() == ""
            app.approved.append(6.0)
            assert app.pace() == "10 approvals, 6 s each"
            app.approved += [30.0] * 10
            assert app.pace() == ""


async def test_the_palette_lists_what_the_table_lists(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            listed = [command.title for command in app.get_system_commands(app.screen)]
            assert listed[:-1] == [key.word for key in keys.on(keys.QUEUE)]
            await press(pilot, hands, "question_mark")
            await settle(pilot)
            assert all(key.help.split()[0] in text(app) for key in keys.on(keys.QUEUE)[:6])
