"""What all screens share: the footer does by mouse what the key does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.build import bench, opened, press, read_all, screen_text, settle
from tui import keys
from tui.case import CaseScreen
from tui.fields import Editor
from tui.help import HelpDialog
from tui.history import HistoryScreen
from tui.screens import Dialog, Footer


def test_every_place_of_the_footer_does_what_it_says() -> None:
    for face in (keys.QUEUE, keys.CASE, keys.HISTORY, keys.TIMELINE):
        footer = Footer(face)
        at = 0
        shown = footer._shown()
        assert all(key.spare for key in keys.footer(face) if key not in shown)
        for key in shown:
            assert footer.action_at(at) == key.action
            at += len(key.label) + len(key.word) + 3
        assert footer.action_at(at) is None


async def test_the_footer_is_clicked(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await pilot.click("#footer", offset=(screen_text(app)[-1].index("? keys"), 0))
            await settle(pilot)
            assert isinstance(app.screen, HelpDialog)
            await press(pilot, hands, "escape")
            await pilot.click("#footer", offset=(screen_text(app)[-1].index("history"), 0))
            await settle(pilot)
            assert isinstance(app.screen, HistoryScreen)


@pytest.mark.parametrize("key", ["a", "r", "m"])
async def test_in_each_dialog_letters_are_typed_though_a_button_has_the_focus(tmp_path: Path, key: str) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of, size=(80, 40)) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            await read_all(pilot, hands)
            await press(pilot, hands, key, apart=1.0)
            assert isinstance(app.screen, Dialog)
            app.screen.query_one("#back").focus()
            await press(pilot, hands, *" a space", apart=0.6)
            field = app.screen.query("Field, Editor").first()
            assert (field.text if isinstance(field, Editor) else field.value) == " a space"  # type: ignore[attr-defined]


async def test_a_margin_letter_and_a_tab_are_clicked(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            rows = screen_text(app)
            tabs = next(i for i, row in enumerate(rows) if "2 Code" in row)
            await pilot.click("#tabs", offset=(rows[tabs].index("2 Code"), 0))
            await settle(pilot)
            assert screen.tab == 2
            await press(pilot, hands, "pagedown")
            rows = screen_text(app)
            row = next(i for i, one in enumerate(rows) if "path.unlink()" in one)
            await pilot.click("#main", offset=(0, row - screen.main.region.y))
            await settle(pilot)
            assert screen.tab == 1
            assert screen.left.document.lines[screen.left.cursor].key == ("effect", 0)
