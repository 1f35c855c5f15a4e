"""Ways around an analysis: each program of `tests/corpus/javascript_attacks.txt` hides an effect, and none may pass as computing or reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse import analyse
from tests.analyse.javascript.check import FACTS
from tests.corpus.test_corpus import verdict

ATTACKS = (Path(__file__).parents[2] / "corpus/javascript_attacks.txt").read_text().rstrip("\n").split("\n---\n")
NAMES = [f"{number}: {code.replace(chr(10), '; ')[:60]}" for number, code in enumerate(ATTACKS, 1)]


@pytest.mark.parametrize("code", ATTACKS, ids=NAMES)
def test_a_hidden_effect_does_not_pass(code: str) -> None:
    assert verdict(analyse("javascript", code, FACTS)) == "review"


def test_the_list_does_not_shrink() -> None:
    assert len(ATTACKS) >= 1506
