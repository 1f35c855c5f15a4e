"""Texts that agents read: what asking and rejecting have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.model import Stage
from tests.tui.build import bench, opened, press, screen_text
from tui.writing import WritingDialog


@pytest.mark.parametrize("key", ["m", "r"])
async def test_who_is_not_registered_any_more_sends_nothing_and_keeps_the_text(tmp_path: Path, key: str) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", key, apart=0.6)
            dialog = app.screen
            assert isinstance(dialog, WritingDialog)
            dialog.editor.text = "why?"
            app.me = None
            await press(pilot, hands, "ctrl+s", apart=0.6)
            assert app.screen is dialog
            assert "You are not registered here" in "\n".join(screen_text(app))
            assert dialog.editor.text == "why?"
        kept = await of.desk.case(case.id)
        assert (kept.stage, kept.exchange) == (Stage.WAITING, ())
