"""Colours for code: by line and character, and none rather than late ones."""

from __future__ import annotations

import pytest

from tui.highlight import highlight


def test_spans_are_in_characters_of_their_lines() -> None:
    found = highlight("python", "import os\nx = 'é漢' + foo(1)  # end\n")
    assert (0, 6, "keyword") in found[1]
    assert (4, 8, "string") in found[2]
    assert (19, 24, "comment") in found[2]


def test_a_text_over_several_lines_is_coloured_on_each() -> None:
    found = highlight("python", '"""one\ntwo\nthree"""\n')
    assert {1, 2, 3} <= set(found)


@pytest.mark.parametrize("language", ["javascript", "typescript", "shell"])
def test_other_languages(language: str) -> None:
    assert highlight(language, "if (x) { y('a') }\n")


def test_unknown_languages_and_long_programs_stay_plain() -> None:
    assert highlight("cobol", "MOVE A TO B") == {}
    assert highlight("python", "x = 1\n" * 60_000) == {}


@pytest.mark.parametrize("code", ["", "\x00\x1b", "(" * 5000, "'" * 999, "\u202e" * 100, "def f(:\n" * 50])
def test_broken_programs_are_no_error(code: str) -> None:
    highlight("python", code)
