"""Cycles end and lose nothing; depth is bounded, and that is said."""

from __future__ import annotations

from guard.analyse.javascript.values import UNKNOWN, Ref
from tests.analyse.javascript.test_evaluate import evaluator, value_of


def test_cycles_end_and_lose_nothing() -> None:
    assert Ref("fetch") in value_of("a", "let a = b, b = a; b = fetch;")
    assert Ref("fetch") in value_of("f()", "function f() { return g() || fetch } function g() { return f() }")
    assert any(value == UNKNOWN or not getattr(value, "complete", True) for value in value_of("s", "let s = 'a'; s = s + s;"))


def test_depth_is_bounded_and_said() -> None:
    found = evaluator("a" + ".b()" * 400)
    for node in found.program.order:
        found.values(node)
    assert "too deeply" in found.gave_up
