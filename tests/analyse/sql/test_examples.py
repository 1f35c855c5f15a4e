"""Every line of examples.tsv, and that every rule has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guard.analyse import sql
from tests.analyse.sql.check import effects, found


def lines(name: str) -> list[tuple[str, ...]]:
    text = Path(__file__).with_name(name).read_text()
    return [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]


LINES, FILES = lines("examples.tsv"), lines("files.tsv")


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[line[0][:60] for line in LINES])
def test_a_text_has_exactly_these_effects(text: str, expected: str) -> None:
    assert sorted(effects(text)) == sorted([] if expected == "-" else expected.split("; "))


@pytest.mark.parametrize(("text", "expected"), FILES, ids=[line[0][:60] for line in FILES])
def test_a_text_for_a_database_file_is_read_as_sqlite_reads_it(text: str, expected: str) -> None:
    assert sorted(effects(text, "file:/ws/app.db")) == sorted(expected.split("; "))


def test_every_rule_has_an_example() -> None:
    folder = Path(sql.__file__).parent
    rules = {rule for path in folder.glob("*.py") for rule in re.findall(r'"(sql-[a-z-]+)"', path.read_text())}
    assert rules - {effect.rule for text, _ in LINES for effect in found(text)} == set()
