"""What is wrong stands on top until it is right again; and the desk agrees with the banner."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from guard.errors import LedgerBroken
from tests.tui.build import bench, console, press, read, screen_text, settle, until
from tui import keys
from tui.case import CaseScreen


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
            for _ in range(5):
                await read(pilot, hands)
                await press(pilot, hands, "space")
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
            assert any("[1 Effects" in row and " 6 " in row for row in screen_text(app))


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
