"""Ways around an analysis: each program of `tests/corpus/python_attacks.txt` hides an effect, and none may pass as computing or reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse import analyse
from guard.model import Kind
from guard.path_rules import in_workspace
from tests.analyse.python.check import FACTS

ATTACKS = (Path(__file__).parents[2] / "corpus/python_attacks.txt").read_text().rstrip("\n").split("\n---\n")


NAMES = [f"{number}: {code.replace(chr(10), '; ')[:60]}" for number, code in enumerate(ATTACKS, 1)]


@pytest.mark.parametrize("code", ATTACKS, ids=NAMES)
def test_a_hidden_effect_does_not_pass(code: str) -> None:
    effects = [effect for effect in analyse("python", code, FACTS).effects if effect.kind not in (Kind.COMPUTE, Kind.ANSWER)]
    assert any(effect.kind not in (Kind.FS_READ, Kind.FS_LIST) or not in_workspace(effect.resource.name, FACTS) for effect in effects)


@pytest.mark.parametrize(
    "code",
    [
        "x = [" + "'a', " * 520 + "'/etc/passwd']\nfor p in x: print(open(p).read())",
        "x = [" + "'a', " * 520 + "'/etc/passwd']\nprint(open(x[520]).read())",
        "x = ['a'] * 512 + ['/etc/passwd']\nfor p in x: print(open(p).read())",
        "x = []\n" + "x.append('a')\n" * 600 + "x.append('/etc/passwd')\nfor p in x: print(open(p).read())",
        "x = ['a'] * 300\nx.extend(['a'] * 300 + ['/etc/passwd'])\nfor p in x: print(open(p).read())",
        f"for n in {[str(n) for n in range(20)]} + ['../../x']: print(open('data/' + n).read())",
    ],
)
def test_what_is_at_the_end_of_a_long_list_counts(code: str) -> None:
    test_a_hidden_effect_does_not_pass(code)


def test_the_list_does_not_shrink() -> None:
    assert len(ATTACKS) >= 3330
