"""Help and policies are read, and left by any key that means back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.build import bench, console, opened, press, screen_text, settle
from tui import keys
from tui.help import HelpDialog, PolicyDialog
from tui.queue import QueueScreen


@pytest.mark.parametrize("back", ["escape", "q", "question_mark"])
async def test_help_lists_every_key_of_the_screen(tmp_path: Path, back: str) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        app, hands = console(of)
        async with app.run_test(size=(160, 50)) as pilot:
            await settle(pilot)
            await press(pilot, hands, "question_mark")
            assert isinstance(app.screen, HelpDialog)
            text = "\n".join(screen_text(app))
            assert all(key.help in text for key in keys.on(keys.QUEUE))
            await press(pilot, hands, back, apart=0.6)
            assert isinstance(app.screen, QueueScreen)


async def test_what_a_screen_abbreviates_is_explained_below_its_keys(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "question_mark")
            assert "policies 4a42" in "\n".join(screen_text(app))
            await press(pilot, hands, "escape")
            await press(pilot, hands, "enter", "question_mark", apart=0.6)
            assert "seal " in "\n".join(screen_text(app))
            assert "L10 " in "\n".join(screen_text(app))


async def test_a_sentence_that_is_too_long_for_the_window_goes_on_under_its_beginning(tmp_path: Path) -> None:
    async with bench(tmp_path) as of, opened(of) as (app, pilot, hands):
        await press(pilot, hands, "question_mark")
        rows = screen_text(app)
        at = next(i for i, row in enumerate(rows) if "Filter: class:D" in row)
        assert rows[at + 1].index("left<10m") == rows[at].index("Filter")


async def test_the_policies_begin_with_the_first_that_asks(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "p", apart=0.6)
            await settle(pilot)
            assert isinstance(app.screen, PolicyDialog)
            assert '▶ @id("' in screen_text(app)[3]


async def test_the_policies_in_force_are_shown_with_those_that_ask_for_something_marked(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of, size=(160, 60)) as (app, pilot, hands):
            await press(pilot, hands, "enter", "p")
            assert isinstance(app.screen, PolicyDialog)
            text = "\n".join(screen_text(app))
            assert "default.cedar" in text
            assert '▶ @id("destroying-needs-a-backup")' in text
            assert '▶ @id("computing-runs")' not in text
