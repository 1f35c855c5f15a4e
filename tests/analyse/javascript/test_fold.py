"""Constant folding: the tricks that names and addresses are hidden with come out as text."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import fold
from guard.analyse.javascript.values import HOLE, Constant, text
from tests.analyse.javascript.test_evaluate import value_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('"a" + "b" + 1', "ab1"),
        ("1 + 2 + 'x'", "12x"),
        ("`a${'b'}c`", "abc"),
        ("['a','b'].join('/')", "a/b"),
        ("'cba'.split('').reverse().join('')", "abc"),
        ("[...'cba'].reverse().join('')", "abc"),
        ("String.fromCharCode(102, 115)", "fs"),
        ("'\\x66\\u0073'", "fs"),
        ("atob('ZnM=')", "fs"),
        ("Buffer.from('6673', 'hex').toString()", "fs"),
        ("decodeURIComponent('%66s')", "fs"),
        ("'XfsX'.slice(1, 3)", "fs"),
        ("'Afs'.substring(1)", "fs"),
        ("'f-s'.replace('-', '')", "fs"),
        ("'FS'.toLowerCase()", "fs"),
        ("'ab'.repeat(2)", "abab"),
        ("'f'.concat('s')", "fs"),
        ("(true && 'fs') || 'x'", "fs"),
        ("require('path').join('a', '..', 'b', 'c')", "b/c"),
        ("require('path').resolve('/a', 'b')", "/a/b"),
        ("require('path').dirname('/a/b.txt')", "/a"),
        ("new URL('/x', 'https://u.example/y').href", None),
        ("new URL('/x', 'https://u.example/y')", "https://u.example/x"),
        ("['a','b','c'][1]", "b"),
        ("({k: 'v'}).k", "v"),
        ("({k: 'v'})['k']", "v"),
        ("(() => 'r')()", "r"),
        ("['x'].concat(['y']).join('')", "xy"),
    ],
)
def test_text_is_folded(source: str, text: str | None) -> None:
    found = value_of(source)
    assert text is None or text in [getattr(value, "known", None) for value in found if getattr(value, "complete", False)]


def test_numbers_in_every_notation() -> None:
    assert [fold.number(source) for source in ("0x10", "0b11", "1_000", "2n", "1e3", ".5", "08x")] == [16, 3, 1000, 2, 1000, 0.5, None]


def test_arithmetic_never_raises() -> None:
    assert fold.arithmetic("/", (Constant(1.0),), (Constant(0.0),)) == fold.ANY
    assert fold.arithmetic("<<", (Constant(1.0),), (Constant(3.0),)) == (Constant(8.0),)


def test_what_cannot_be_folded_is_a_hole_and_never_wrong() -> None:
    for source in (
        "'a'.replace(/x/, 'b')",
        "'a'.padStart(n)",
        "x + 'tail'",
        "['a', y].join('')",
        "'ab'.repeat(1e9)",
        "require('path').resolve('a', x)",
    ):
        assert all(not getattr(value, "complete", False) for value in value_of(source)), source


@pytest.mark.parametrize("source", [r"'x/etc/passwd'.replace('x', '$`')", r"'\ufeff/etc/passwd'.trim()"])
def test_what_the_language_makes_of_a_text_is_not_guessed_otherwise(source: str) -> None:
    assert value_of(source)[0] in (HOLE, text("/etc/passwd"))
