"""The reject dialog: four sentences to begin with, and a text of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.build import bench, opened, press, until
from tui.fields import Editor
from tui.queue import QueueScreen
from tui.reject import REASONS, RejectDialog


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_a_number_puts_its_sentence_into_the_text_and_more_can_be_added(tmp_path: Path, number: int) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", apart=0.6)
            await press(pilot, hands, str(number), *", 1", "tab")
            assert isinstance(app.screen, RejectDialog)
            assert app.screen.query_one(Editor).text == f"{REASONS[number - 1]}, 1"
            await press(pilot, hands, "right", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        rejected = await of.desk.case(case.id)
        assert rejected.rejection is not None
        assert rejected.rejection.reason == f"{REASONS[number - 1]}, 1"


async def test_back_is_the_answer_that_has_the_focus(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", "enter", apart=0.6)
            assert isinstance(app.screen, QueueScreen)
        assert (await of.desk.case(case.id)).rejection is None
