"""Ways around an analysis: each program of `tests/corpus/python_attacks.txt` hides an effect, and none may pass as computing or reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse import analyse
from guard.model import Kind
from guard.places import in_workspace
from tests.analyse.python.check import FACTS

ATTACKS = (Path(__file__).parents[2] / "corpus/python_attacks.txt").read_text().rstrip("\n").split("\n---\n")


NAMES = [f"{number}: {code.replace(chr(10), '; ')[:60]}" for number, code in enumerate(ATTACKS, 1)]


@pytest.mark.parametrize("code", ATTACKS, ids=NAMES)
def test_a_hidden_effect_does_not_pass(code: str) -> None:
    effects = [effect for effect in analyse("python", code, FACTS).effects if effect.kind not in (Kind.COMPUTE, Kind.ANSWER)]
    assert any(effect.kind not in (Kind.FS_READ, Kind.FS_LIST) or not in_workspace(effect.resource.name, FACTS) for effect in effects)


def test_the_list_does_not_shrink() -> None:
    assert len(ATTACKS) >= 1540
