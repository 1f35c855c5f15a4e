"""What several screens say in the same words."""

from __future__ import annotations

import dataclasses

import pytest

from guard.errors import BadInput
from tests.build import WRITE, case
from tui.phrases import ago, not_taken, number, sentence, settled


@pytest.mark.parametrize(("seconds", "said"), [(-5, "0s"), (40, "40s"), (2460, "41m"), (7300, "2h"), (48 * 3600, "2d")])
def test_spans_of_time(seconds: float, said: str) -> None:
    assert ago(seconds) == said


def test_numbers_and_errors() -> None:
    assert number(118) == "0118"
    assert sentence(BadInput("It has no end.", hint="Add one.")) == "It has no end. Add one."


def test_answers_that_were_not_taken_are_told_once_for_each_reason() -> None:
    assert not_taken({}, named=True).text.text == ""
    said = not_taken({1: "settled", 2: "no right", 3: "settled"}, named=True).text.text
    assert said == "! Not taken: 0001, 0003: settled; 0002: no right"


def test_a_settled_case_says_its_outcome_or_its_stage() -> None:
    assert settled(case(WRITE)).text.text == "! It is waiting now. Nothing is left to decide here."
    over = dataclasses.replace(case(WRITE), outcome="Rejected by ann.")
    assert settled(over).text.text == "! Rejected by ann. Nothing is left to decide here."
