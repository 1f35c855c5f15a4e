"""Whether a question about a name tells hidden files from others."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.hidden import asks, is_between
from guard.analyse.javascript.values import Constant, Text


@pytest.mark.parametrize(
    ("pattern", "flags", "answer"),
    [
        (r"^\W", "", True),
        (r"^[^a-z]", "i", True),
        (r"^\p{P}", "u", True),
        (r"^(?<dot>\.)\w+", "", True),
        (r"(?<!\w)\.\w", "", True),
        (r"^\w", "", False),
        (r"^\p{L}", "u", False),
        (r"\.js$", "", None),
        (r"^.", "", None),
        (r"[", "", None),
        (r"\." * 200, "", None),
    ],
)
def test_what_a_pattern_asks(pattern: str, flags: str, answer: bool | None) -> None:
    assert asks(pattern, flags) is answer


@pytest.mark.parametrize(("value", "between"), [(Text(("0",)), True), (Text(("A",)), True), (Text(("m",)), False), (Text((".",)), False),
                                                (Constant(48.0), True), (Constant(97.0), False)])  # fmt: skip
def test_what_stands_between_a_dot_and_letters(value: Text | Constant, between: bool) -> None:
    assert is_between((value,)) is between
