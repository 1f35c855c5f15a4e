"""Cycles end and lose nothing; depth is bounded, and that is said."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Ref, Text
from tests.analyse.javascript.test_evaluate import evaluator, value_of
from tests.analyse.javascript.test_parameters import _probed


def test_cycles_end_and_lose_nothing() -> None:
    assert Ref("fetch") in value_of("a", "let a = b, b = a; b = fetch;")
    assert Ref("fetch") in value_of("f()", "function f() { return g() || fetch } function g() { return f() }")
    assert any(value == UNKNOWN or not getattr(value, "complete", True) for value in value_of("s", "let s = 'a'; s = s + s;"))


def test_depth_is_bounded_and_said() -> None:
    found = evaluator("a" + ".b()" * 400)
    for node in found.program.order:
        found.values(node)
    assert "too deeply" in found.gave_up


@pytest.mark.parametrize(
    "code",
    [
        "const q = ['a']; while (q.length) { const d = q.pop(); probe(d); for (const n of fs.readdirSync(d)) q.push(d + '/' + n) }",
        "class C { q = []; constructor(r) { this.q.push(r) } go() { const d = this.q.shift(); probe(d);"
        " for (const n of fs.readdirSync(d)) this.q.push(d + '/' + n) } } new C('a').go();",
        "function all(d, out = []) { for (const n of fs.readdirSync(d)) { all(d + '/' + n, out); out.push(d + '/' + n) } return out }"
        " for (const f of all('a')) probe(f);",
        "function* all(d) { for (const n of fs.readdirSync(d)) { yield* all(d + '/' + n); yield d + '/' + n } }"
        " const kept = []; for (const f of all('a')) { probe(f); kept.push(f) }",
    ],
)
def test_a_walk_stays_in_its_folder(code: str) -> None:
    found = _probed("const fs = require('fs'); " + code)
    assert UNKNOWN not in found
    assert all(one.known.startswith(("a", "undefined")) for one in found if isinstance(one, Text))


def test_yield_gives_what_it_is_sent() -> None:
    assert UNKNOWN in _probed("function* g() { probe(yield 'a') }")


def test_a_walk_of_several_folders_stays_in_them() -> None:
    code = "function all(d) { probe(d); fs.readdirSync(d).map(n => all(d + '/' + n)) } for (const d of ['a', 'b', 'c']) all(d);"
    found = _probed("const fs = require('fs'); " + code)
    assert {one.known[:1] for one in found if isinstance(one, Text)} == {"a", "b", "c"}
    assert UNKNOWN not in found


def test_a_walk_that_may_climb_ends_anywhere() -> None:
    code = "function all(d) { probe(d); all(d + '/' + dot + dot); all(d + '/x') } const dot = '.'; for (const d of ['a', 'b']) all(d);"
    assert any(one.known == "" for one in _probed(code) if isinstance(one, Text))
