"""Without UTF-8 every sign has an ASCII one, and what has none cannot be approved."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.visible import visible
from tests.tui.build import bench, opened, press, read_all, screen_text
from tui.approve import ApproveDialog
from tui.case import CaseScreen
from tui.paint import width
from tui.symbols import ascii_text, has_signs, speaks_utf8


@pytest.mark.parametrize(
    ("environment", "speaks"),
    [
        ({}, True), ({"LANG": "C.UTF-8"}, True), ({"LANG": "de_DE.utf8"}, True), ({"LANG": "C"}, False), ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, False), ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, True),
    ],
)  # fmt: skip
def test_the_first_locale_that_is_set_counts(environment: dict[str, str], speaks: bool) -> None:
    assert speaks_utf8(environment) is speaks


@given(st.text(max_size=60))
def test_the_ascii_of_a_text_is_as_wide_as_the_text(text: str) -> None:
    shown = visible(text).text
    assert ascii_text(shown).isascii()
    assert width(ascii_text(shown)) == width(shown)


def test_marks_keep_their_meaning_and_letters_without_a_sign_are_known() -> None:
    assert ascii_text("‹U+202E RLO› ┊ ✱ ▌") == "<U+202E RLO> : * >"
    assert has_signs("│ 1 › → …")
    assert not has_signs("漢")


@pytest.mark.parametrize(("code", "approvable"), [("print(1)  # tell \u202e", True), ("print('漢字')", False)])
async def test_a_terminal_without_utf8_gets_ascii_alone(tmp_path: Path, code: str, approvable: bool) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week(code=code)
        async with opened(of, utf8=False) as (app, pilot, hands):
            assert "".join(screen_text(app)).isascii()
            assert ">0001 -W---" in "\n".join(screen_text(app))
            await press(pilot, hands, "enter", "2", apart=0.6)
            assert "".join(screen_text(app)).isascii()
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert "".join(screen_text(app)).isascii()
            assert isinstance(app.screen, ApproveDialog if approvable else CaseScreen)
            if not approvable:
                assert "has letters that it cannot show" in "\n".join(screen_text(app))
