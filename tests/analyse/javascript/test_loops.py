"""How often: once, a known number of times, without bound."""

from __future__ import annotations

import pytest

from guard.model import Loop
from tests.analyse.javascript.check import effects_of

CASES = {
    "fetch('https://a.example')": (Loop.ONE, None),
    "for (let i = 0; i < 10; i++) fetch('https://a.example')": (Loop.BOUNDED, 10),
    "for (let i = 1; i <= n; i++) fetch('https://a.example')": (Loop.BOUNDED, None),
    "for (const x of [1, 2, 3]) fetch('https://a.example')": (Loop.BOUNDED, 3),
    "for (const x of items) fetch('https://a.example')": (Loop.BOUNDED, None),
    "[1, 2].forEach(() => [1, 2, 3].map(() => fetch('https://a.example')))": (Loop.BOUNDED, 6),
    "while (true) fetch('https://a.example')": (Loop.UNBOUNDED, None),
    "for (;;) fetch('https://a.example')": (Loop.UNBOUNDED, None),
    "do { fetch('https://a.example') } while (more)": (Loop.UNBOUNDED, None),
    "function go() { fetch('https://a.example'); go(); } go()": (Loop.UNBOUNDED, None),
    "function go() { fetch('https://a.example') } for (const x of [1, 2]) go()": (Loop.BOUNDED, 2),
    "function go() { fetch('https://a.example') } go(); go();": (Loop.BOUNDED, 2),
    "setInterval(() => fetch('https://a.example'), 10)": (Loop.UNBOUNDED, None),
    "setTimeout(() => fetch('https://a.example'), 10)": (Loop.ONE, None),
    "Promise.all([1, 2].map(async () => fetch('https://a.example')))": (Loop.BOUNDED, 2),
}


@pytest.mark.parametrize("code", CASES)
def test_how_often_a_request_is_sent(code: str) -> None:
    (effect,) = effects_of(code)
    assert (effect.loop, effect.count) == CASES[code]
