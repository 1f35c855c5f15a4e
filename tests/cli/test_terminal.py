import io
import sys
from datetime import timedelta

import pytest

from guard.cli import terminal
from guard.errors import BadInput


def test_an_encoding_that_lacks_a_character_gets_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    terminal.say(["plain", "‹U+202E›"])
    out.seek(0)
    assert out.read() == "plain\n\\u2039U+202E\\u203a\n"


def test_progress_is_quiet_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.progress("working")
    assert capsys.readouterr() == ("", "")


def test_nobody_is_there_in_a_pipe() -> None:
    assert not terminal.interactive()


@pytest.mark.parametrize(("text", "number"), [("0118", 118), ("1", 1), ("118", 118)])
def test_a_case_is_named_with_or_without_its_zeros(text: str, number: int) -> None:
    assert terminal.case_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "+1", " 1", "1.0", "٣", "9" * 16])
def test_what_is_no_number_of_a_case_is_said_so(text: str) -> None:
    with pytest.raises(BadInput, match="not the number of a case"):
        terminal.case_number(text)


@pytest.mark.parametrize(("text", "minutes"), [("15m", 15), ("1h", 60), ("7d", 7 * 24 * 60)])
def test_a_length_of_time_is_a_number_and_a_unit(text: str, minutes: int) -> None:
    assert terminal.duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "1", "h", "0h", "-1h", "1 h", "1.5h", "1y", "9999999d", "١h"])
def test_anything_else_is_no_length_of_time(text: str) -> None:
    with pytest.raises(BadInput):
        terminal.duration(text)
