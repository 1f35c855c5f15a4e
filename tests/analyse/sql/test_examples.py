"""Every line of examples.tsv, and that every rule has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guard.analyse import sql
from tests.analyse.sql.check import effects, found

LINES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("examples.tsv").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[line[0][:60] for line in LINES])
def test_a_text_has_exactly_these_effects(text: str, expected: str) -> None:
    assert sorted(effects(text)) == sorted([] if expected == "-" else expected.split("; "))


def test_every_rule_has_an_example() -> None:
    folder = Path(sql.__file__).parent
    rules = {rule for path in folder.glob("*.py") for rule in re.findall(r'"(sql-[a-z-]+)"', path.read_text())}
    assert rules - {effect.rule for text, _ in LINES for effect in found(text)} == set()
