import dataclasses
from datetime import timedelta

import pytest

from guard.cli import page
from guard.model import BoxProfile
from tests.build import NOON
from tests.cli.build import FETCHES, WRITES, Home


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert page.table([("a", "bb", "c"), ("aaa", "b", "")], head=("", "x", "y")) == ["     x   y", "a    bb  c", "aaa  b"]
    assert page.table([]) == []


@pytest.mark.parametrize(("seconds", "text"), [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (90_000, "1 d")])
def test_how_long_ago_is_said_in_one_unit(seconds: int, text: str) -> None:
    assert page.since(NOON, NOON + timedelta(seconds=seconds)) == text


def test_every_line_of_a_program_is_numbered_and_its_end_is_marked() -> None:
    assert list(page.code_lines("a\nb")) == ["Program, 2 lines", "  1 | a", "  2 | b", "  end of the program"]


def test_many_empty_lines_cannot_push_the_rest_out_of_sight() -> None:
    shown = list(page.code_lines("a\n" + "\n" * 500 + "b\n"))
    assert len(shown) < 8
    assert "500 empty lines" in " ".join(shown)
    assert shown[0] == "Program, 502 lines"
    assert shown[-2] == "  502 | b"


def test_a_box_without_a_network_is_said_before_an_approval(home: Home) -> None:
    case = home.submitted(FETCHES)
    assert any("no network" in line for line in page.case_lines(case))
    with_one = dataclasses.replace(case, box=BoxProfile(engine="x", network="broker"))
    assert not any("no network" in line for line in page.case_lines(with_one))
    assert not any("no network" in line for line in page.case_lines(home.submitted(WRITES)))


def test_nothing_invisible_comes_out_of_a_case(home: Home) -> None:
    case = home.submitted("# \x1b]0;evil\x07\u202e\u200b\n" + FETCHES)
    case = dataclasses.replace(case, outcome="\x1b[31m", submission=dataclasses.replace(case.submission, intent="\u202e\x00"))
    text = "".join(page.case_lines(case))
    assert text.isprintable()
