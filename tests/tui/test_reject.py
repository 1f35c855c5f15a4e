"""The reject dialog: four sentences to begin with, and a text of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.build import bench, opened, press, screen_text, until
from tui.button import Push
from tui.case import CaseScreen
from tui.fields import Editor
from tui.queue import QueueScreen
from tui.reject import REASONS, RejectDialog


async def test_a_reason_typed_at_once_goes_into_the_text_whatever_its_letters_do_in_the_case(tmp_path: Path) -> None:
    reason = "archive them instead of deleting: 1 copy, quietly"
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "r", *reason, apart=0.6)
            assert isinstance(app.screen, RejectDialog)
            assert app.screen.query_one(Editor).text == reason
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        rejected = await of.desk.case(case.id)
        assert rejected.rejection is not None
        assert rejected.rejection.reason == reason


async def test_enter_goes_on_to_reject_a_second_one_sends_and_what_was_written_is_there_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", "enter", apart=0.6)
            assert "A rejection needs a reason" in "\n".join(screen_text(app))
            await press(pilot, hands, *"no", apart=0.6)
            assert "A rejection needs a reason" not in "\n".join(screen_text(app))
            await press(pilot, hands, "enter", "enter", "enter")
            assert isinstance(app.focused, Push)
            assert app.focused.id == "send"
            assert isinstance(app.screen, RejectDialog), "a held enter is one"
            assert "← goes to Back  esc, ⏎ presses what is marked" in "\n".join(screen_text(app))
            await press(pilot, hands, "left", "enter", apart=0.6)
            assert isinstance(app.screen, QueueScreen)
            assert (await of.desk.case(case.id)).rejection is None
            await press(pilot, hands, "r", "w", "enter", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        rejected = (await of.desk.case(case.id)).rejection
        assert rejected is not None
        assert rejected.reason == "now"


@pytest.mark.parametrize(("keys", "number"), [(["down"], 0), (["down", "down"], 1), (["up"], 3), (["down", "up"], 3), (["up", "down"], 0)])
async def test_arrows_put_a_sentence_into_the_text_and_more_can_be_added(tmp_path: Path, keys: list[str], number: int) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", *keys, apart=0.6)
            await press(pilot, hands, *", 1", "up")
            assert isinstance(app.screen, RejectDialog)
            assert app.screen.query_one(Editor).text == f"{REASONS[number]}, 1", "what was written is not taken away by an arrow"
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        rejected = await of.desk.case(case.id)
        assert rejected.rejection is not None
        assert rejected.rejection.reason == f"{REASONS[number]}, 1"


async def test_a_click_on_a_sentence_puts_it_there(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", apart=0.6)
            await pilot.click("#what", offset=(8, 2))
            assert app.screen.query_one(Editor).text == REASONS[1]


async def test_escape_goes_back_and_rejects_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", "n", "o", "escape", apart=0.6)
            assert isinstance(app.screen, QueueScreen)
        assert (await of.desk.case(case.id)).rejection is None


async def test_settled_elsewhere_while_the_reason_is_typed_is_said_and_typing_goes_on_into_the_text(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", *"no", apart=0.6)
            await of.desk.reject(case.id, person="bea", reason="never")
            hands.turn(2)
            await until(pilot, lambda: any("bea rejected" in row for row in screen_text(app)))
            await press(pilot, hands, *"qrea", "ctrl+s", apart=0.6)
            assert isinstance(app.screen, RejectDialog)
            assert app.screen.query_one(Editor).text == "noqrea"
            assert app.screen.query_one("#send", Push).dead
