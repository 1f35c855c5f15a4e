import fcntl
import io
import os
import pty
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

import pytest

from guard.cli import terminal
from guard.errors import BadInput


def test_an_encoding_that_lacks_a_character_gets_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    terminal.say(["plain", "‹U+202E›"])
    out.seek(0)
    assert out.read() == "plain\n\\u2039U+202E\\u203a\n"


@contextmanager
def screen(columns: int) -> Iterator[TextIO]:
    """A terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    try:
        with os.fdopen(slave, "w") as stream:
            yield stream
    finally:
        os.close(master)


def test_on_a_terminal_no_word_is_broken_and_what_follows_is_set_in() -> None:
    line = "  Verdict  a-person-may-approve: Anything not forbidden may happen once a person has approved it."
    with screen(40) as stream:
        assert list(terminal.prose([line, "short", "", "x" * 60], stream)) == [
            "  Verdict  a-person-may-approve:",
            "      Anything not forbidden may happen",
            "      once a person has approved it.",
            "short",
            "",
            "x" * 60,
        ]


def test_lines_of_a_program_and_what_is_no_terminal_are_left_alone() -> None:
    exact = terminal.Exact("   1 | print('one two three four five')  # six seven")
    with screen(30) as stream:
        assert list(terminal.prose([exact], stream)) == [exact]
    assert list(terminal.prose(["word " * 60], io.StringIO())) == ["word " * 60]


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
