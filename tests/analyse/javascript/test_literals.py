"""Names, keys and strings as they are written."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.literals import is_number, unescape
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


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("let i = 0; for (; i < 3; i++) probe(i)", True),
        ("let i = 0; i += 2; probe(i - 1)", True),
        ("const n = 7; probe((n >> 1) + 1)", True),
        ("let i = 0; i += text; probe(i)", False),
        ("let i = 0; i = text; probe(i)", False),
        ("let i = 0; [i] = list; probe(i)", False),
        ("let i; probe(i)", False),
        ("function f(i = 0) { probe(i) }", False),
        ("probe(free)", False),
    ],
)
def test_what_is_only_ever_given_numbers_is_a_number(source: str, number: bool) -> None:
    read = program(source)
    (call,) = [node for node in read.order if node.type == "call_expression"]
    assert is_number(read.tree, call.fields["arguments"].kids[0]) is number
