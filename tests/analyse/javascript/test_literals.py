"""Names, keys and strings as they are written."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.literals import unescape
from guard.analyse.javascript.values import text
from tests.analyse.javascript.test_declarations import program
from tests.analyse.javascript.test_evaluate import value_of


def test_escapes_in_names_are_resolved() -> None:
    assert unescape("\\u0065val") == "eval"
    assert unescape("\\u{65}val") == "eval"
    assert unescape("bad\\uXY") == "bad\\uXY"
    assert program("const \\u0061b = 1;").top.find("ab") is not None


@pytest.mark.parametrize(
    ("literal", "stands_for"),
    [(r"'\x65val'", "eval"), (r"'\u0065\u{76}al'", "eval"), (r"'\145val'", "eval"), ("'ev\\\nal'", "eval"), (r"'\e\n'", "e\n")],
)
def test_escapes_in_strings_are_resolved(literal: str, stands_for: str) -> None:
    assert value_of(literal) == (text(stands_for),)
