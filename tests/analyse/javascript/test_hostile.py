"""No text makes the analysis fail, and none is waved through because it is hostile."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guard.analyse.javascript import analyse as javascript
from guard.analyse.javascript.typescript import analyse as typescript
from guard.model import Effect, Facts, Kind
from tests.analyse.javascript.check import EXAMPLES, effects_of

CORPUS = Path(__file__).parents[2] / "corpus" / "javascript.jsonl"
PROGRAMS = [json.loads(line)["code"] for line in CORPUS.read_text().splitlines()] + [
    p.read_text() for p in sorted(EXAMPLES.glob("*.[jt]s"))
]
TOKENS = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    ".",
    "?.",
    "=>",
    "=",
    "+",
    "`",
    "${",
    "'",
    '"',
    "/",
    "*",
    "//",
    "<!--",
    "async",
    "await",
    "yield",
    "class",
    "function",
    "return",
    "fetch",
    "require",
    "eval",
    "this",
    "\\u0065",
    "\x00",
    "\u202e",
    "0x",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=6)), max_size=40))
def test_any_text_is_analysed(parts: list[str]) -> None:
    code = " ".join(parts).encode("utf-8", "ignore").decode()
    for analyse in (javascript, typescript):
        assert all(isinstance(effect, Effect) for effect in analyse(code, Facts(workspace="/w")))


@pytest.mark.parametrize("seed", range(60))
def test_a_mutated_program_is_analysed(seed: int) -> None:
    chance = random.Random(seed)
    code = chance.choice(PROGRAMS)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(code) + 1)
        cut = chance.randrange(12)
        code = code[:at] + chance.choice([*TOKENS, ""]) + code[at + cut :]
    for profile in ("", "cloudflare", "utcp", "stainless", "no such"):
        facts = Facts(profile=profile)
        assert all(isinstance(effect, Effect) for effect in javascript(code, facts) + typescript(code, facts))


@pytest.mark.parametrize(
    "code",
    [
        "(" * 20_000 + "1" + ")" * 20_000,
        "[" * 50_000,
        "a" + ".b()" * 5_000,
        "x=>" * 5_000 + "fetch('https://a.example')",
        "`${" * 3_000 + "fetch('https://a.example')" + "}`" * 3_000,
        "var a0 = 'x';" + "".join(f"var a{n + 1} = a{n} + a{n};" for n in range(40)) + "fetch(a40)",
        "fetch('a'.repeat(1e9))",
        "".join(f"function f{n}(x) {{ return f{(n + 1) % 200}(f{(n * 7) % 200}(x)) }}\n" for n in range(200)) + "fetch(f0(1))",
        "".join(f"var v{n} = v{n + 1} || v{n + 2};" for n in range(1_000)) + "fetch(v0)",
        "if (a) {} else " * 3_000 + "fetch('https://a.example')",
        '"' * 30_000,
        "/*" * 20_000,
    ],
    ids=range(12),
)
def test_a_hostile_text_is_answered_in_time_and_not_waved_through(code: str) -> None:
    started = time.process_time()
    effects = effects_of(code)
    assert time.process_time() - started < 5
    assert {effect.kind for effect in effects} - {Kind.FS_READ, Kind.FS_LIST}
