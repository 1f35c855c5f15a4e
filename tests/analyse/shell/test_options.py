"""Arguments are read as getopt_long reads them."""

from __future__ import annotations

import pytest

from guard.analyse.shell.marks import SPLIT
from guard.analyse.shell.options import parse, spec

SORT = "k= o,output=write r i? reverse compress-program=run"


@pytest.mark.parametrize(
    "args", [["-o", "x", "a"], ["-ox", "a"], ["-rox", "a"], ["--output=x", "a"], ["--output", "x", "a"], ["--out=x", "a"], ["a", "-o", "x"]]
)
def test_a_value_is_found_in_every_form(args: list[str]) -> None:
    parsed = parse(args, SORT)
    assert parsed.value("o") == "x"
    assert parsed.operands == ["a"]


def test_two_dashes_end_the_options() -> None:
    assert parse(["--", "-o", "x"], SORT).operands == ["-o", "x"]


def test_an_attached_value_only() -> None:
    parsed = parse(["-i", "x"], SORT)
    assert parsed.has("i")
    assert parsed.operands == ["x"]
    assert parse(["-i.bak", "x"], SORT).value("i") == ".bak"


def test_unknown_options_are_told() -> None:
    assert parse(["-Z", "--zap=1"], SORT).unknown == ["-Z", "--zap=1"]


def test_a_word_that_may_be_an_option_is_told_where_options_can_do_harm() -> None:
    assert parse([SPLIT], SORT).unknown == [SPLIT]
    assert parse([SPLIT], "n= c=").unknown == []


def test_a_specification_is_closed_if_an_option_can_do_harm() -> None:
    assert spec(SORT).closed
    assert not spec("n= f=read R+tree").closed


def test_an_abbreviation_means_the_worst_that_it_may_mean() -> None:
    assert parse(["--co=x"], "color= compress-program=run").options[0][0].role == "run"


def test_without_permutation_the_first_operand_ends_the_options() -> None:
    parsed = parse(["-r", "a", "-o", "x"], SORT, permute=False)
    assert parsed.operands == ["a", "-o", "x"]
