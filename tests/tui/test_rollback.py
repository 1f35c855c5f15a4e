"""Undoing a committed change, from its timeline and from the case itself."""

from __future__ import annotations

from pathlib import Path

from tests.tui.build import bench, console, opened, press, screen_text, settle, until
from tests.tui.test_history import committed
from tui.history import TimelineScreen
from tui.rollback import RollbackDialog


async def test_a_committed_change_is_rolled_back_after_showing_it_and_typing_how_many(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case_id = await committed(of)
        path = of.root / "project" / "reports" / "week.md"
        assert path.read_text() == "new\nlines\n"
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, hands, "h")
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "b", apart=0.6)
            assert isinstance(app.screen, RollbackDialog)
            assert "reports/week.md  gets its former content back" in "\n".join(screen_text(app))
            await press(pilot, hands, "tab", "right")
            await press(pilot, hands, "enter", apart=0.6)
            assert "Type “1 path”; nothing was typed." in "\n".join(screen_text(app))
            assert path.read_text() == "new\nlines\n"
            await press(pilot, hands, *"1 path")
            await press(pilot, hands, "enter", apart=0.6)
            assert "→ goes on to Roll back" in "\n".join(screen_text(app))
            await press(pilot, hands, "right", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, TimelineScreen))
            await until(pilot, lambda: "rolled back" in "\n".join(screen_text(app)))
            assert "✓ Rolled back." in "\n".join(screen_text(app))
        assert path.read_text() == "old\n"
        assert (await of.desk.case(case_id)).rolled_back.startswith("ann")


async def test_a_case_that_is_done_offers_to_be_rolled_back_and_a_wrong_count_is_told(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case_id = await committed(of)
        async with opened(of) as (app, pilot, hands):
            app.open_case(case_id)
            await settle(pilot)
            text = "\n".join(screen_text(app))
            assert "It ran: 1 path changed." in text
            assert "nothing was sent · 3 shows what it printed" in text
            assert "b puts back what it changed" in text
            assert "b roll back" in screen_text(app)[-1]
            assert "3 Result 1" in text
            await press(pilot, hands, "b", apart=0.6)
            assert isinstance(app.screen, RollbackDialog)
            await press(pilot, hands, *"1 file")
            await press(pilot, hands, "enter", apart=0.6)
            assert "Type “1 path”; you typed “1 file”." in "\n".join(screen_text(app))
            await press(pilot, hands, *["backspace"] * 4, *"path")
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "right")
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "Rolled back." in "\n".join(screen_text(app)))
            await until(pilot, lambda: "b roll back" not in screen_text(app)[-1])
            await press(pilot, hands, "h", apart=0.6)
            await settle(pilot)
            assert any("rolled back" in row for row in screen_text(app)[2:]), "the list says it too"
