"""Choices of one of a few: by key and by mouse, and on a narrow screen one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import ComposeResult

from guard.visible import words
from tests.tui.build import bench, console, press, screen_text, settle
from tui.choices import Choice, Choices
from tui.screens import Dialog

PLACES = ("docs.python.org", "docs.python.org and below", "python.org and below")


class Chooser(Dialog):
    def compose(self) -> ComposeResult:
        options = (PLACES, ("1", "10", "50"))
        yield Choices([Choice(label=words(str(i)), options=tuple(map(words, some)), chosen=i) for i, some in enumerate(options)], id="box")

    def on_mount(self) -> None:
        self.query_one(Choices).focus()


@pytest.mark.parametrize("width", [60, 100])
async def test_keys_and_clicks_choose_within_what_there_is(tmp_path: Path, width: int) -> None:
    async with bench(tmp_path) as of:
        app, hands = console(of)
        async with app.run_test(size=(width, 24)) as pilot:
            await settle(pilot)
            app.push_screen(Chooser())
            await settle(pilot)
            chooser = app.screen.query_one(Choices)
            assert chooser.chosen == (0, 1)
            await press(pilot, hands, "left", "right")
            assert chooser.chosen == (1, 1)
            await press(pilot, hands, "down", "right", "right", "down")
            assert chooser.chosen == (1, 2)
            rows = [row for row in screen_text(app) if "(●)" in row]
            assert "(●) docs.python.org and below" in rows[0]
            assert ("2 of 3" in rows[0]) == (width == 60)
            assert "( ) 1   ( ) 10   (●) 50" in rows[1]
            await pilot.click(Choices, offset=(rows[0].index("(●)") if width == 100 else 20, 0))
            await settle(pilot)
            assert chooser.chosen[0] == (1 if width == 100 else 2)
            await pilot.click(Choices, offset=(rows[1].index("( ) 1") + 2, 1))
            await settle(pilot)
            assert chooser.chosen[1] == 0
