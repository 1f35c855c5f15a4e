"""Mutations of the corpus's programs: what a random hand, a cut connection or an attacker makes of a program that once parsed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "analyse"
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_NESTS = {
    "python": ("if x:\n", "def f():\n", "(", "[", "lambda: ", "f'{", 'x = """', "try:\n", "eval('''", "class A:\n"),
    "javascript": ("{", "(", "`${", "() => ", "if (x) ", "eval(`", "class A { m() {", "/*", "async function f() {", "<a>"),
    "shell": ("$(", "`", "( ", "{ ", "sh -c '", 'eval "', "if true; then ", "cat <<E\n", "for a in x; do ", "[[ "),
    "sql": ("(", "WITH a AS (", "/*", "BEGIN; ", "EXPLAIN ", "'", '"', "$$", "CASE WHEN ", "DO $$"),
}


def programs() -> dict[str, list[str]]:
    """Language -> programs: the corpus, the attacks on Python, the annotated examples."""
    found: dict[str, list[str]] = {"python": [], "javascript": [], "shell": [], "sql": []}
    for path in sorted(HERE.glob("*.jsonl")):
        for row in map(json.loads, path.read_text().splitlines()):
            found["javascript" if row["language"] == "typescript" else row["language"]].append(row["code"])
    found["python"] += (HERE / "python_attacks.txt").read_text().rstrip("\n").split("\n---\n")
    found["python"] += [path.read_text() for path in sorted((EXAMPLES / "python" / "examples").glob("*.py"))]
    found["javascript"] += [path.read_text() for path in sorted((EXAMPLES / "javascript" / "examples").glob("*.js"))]
    for language in ("shell", "sql"):
        lines = (EXAMPLES / language / "examples.tsv").read_text().splitlines()
        found[language] += [line.split("\t")[0] for line in lines if line and not line.startswith("#")]
    return found


def mutants(language: str, texts: list[str], count: int, seed: int) -> Iterator[str]:
    """So many mutants of programs in one language; the same ones for the same seed."""
    hand = random.Random(f"{language}{seed}")
    for _ in range(count):
        code = hand.choice(texts)
        for _ in range(hand.choice((1, 1, 2, 3))):
            code = hand.choice(_WAYS)(hand, language, code, texts)
        yield code


def _tokens(hand: random.Random, code: str) -> tuple[list[str], int]:
    found = _TOKEN.findall(code) or [""]
    return found, hand.randrange(len(found))


def _without_tokens(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    found, at = _tokens(hand, code)
    del found[at : at + hand.randint(1, 4)]
    return "".join(found)


def _with_tokens_twice(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    found, at = _tokens(hand, code)
    return "".join(found[:at] + found[at : at + hand.randint(1, 6)] * hand.choice((2, 2, 3, 300)) + found[at:])


def _with_tokens_elsewhere(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    found, at = _tokens(hand, code)
    moved = found[at : at + hand.randint(1, 8)]
    to = hand.randrange(len(found))
    return "".join(found[:to] + moved + found[to:])


def _spliced(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    other = hand.choice(texts)
    return code[: hand.randint(0, len(code))] + other[hand.randint(0, len(other)) :]


def _with_flipped_bytes(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    data = bytearray(code.encode("utf-8", "surrogatepass")) or bytearray(b" ")
    for _ in range(hand.randint(1, 4)):
        data[hand.randrange(len(data))] ^= 1 << hand.randrange(8)
    return data.decode("utf-8", hand.choice(("replace", "surrogateescape")))


def _cut(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    return code[: hand.randint(0, len(code))]


def _nested(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    opened = hand.choice(_NESTS[language]) * hand.choice((1, 2, 30, 3000))
    at = hand.choice((0, 0, hand.randint(0, len(code))))
    return code[:at] + opened + code[at:]


def _with_odd_characters(hand: random.Random, language: str, code: str, texts: list[str]) -> str:
    at = hand.randint(0, len(code))
    return code[:at] + hand.choice(("\0", "\u202e", "\u0430", "\ufeff", "\r", "\x0c", "\ud800", "\U000e0041", "\u2028", "\\")) + code[at:]


_WAYS: tuple[Callable[[random.Random, str, str, list[str]], str], ...] = (
    _without_tokens,
    _with_tokens_twice,
    _with_tokens_elsewhere,
    _spliced,
    _with_flipped_bytes,
    _cut,
    _nested,
    _with_odd_characters,
)
