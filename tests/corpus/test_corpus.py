"""Our own regression corpus: what a program was once seen to do, it is seen to do; a verdict may only become stricter by an edit here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guard.analyse import analyse
from guard.model import Analysis, Kind
from guard.path_rules import in_workspace
from tests.analyse.python.check import FACTS, described

ROWS = [json.loads(line) for path in sorted(Path(__file__).parent.glob("*.jsonl")) for line in path.read_text().splitlines()]
PINNED = {"python": 323, "shell": 251, "sql": 76, "javascript": 135, "typescript": 19}
"""Labelled effects per language: the corpus may grow, never shrink."""


def verdict(analysis: Analysis) -> str:
    """What the default policies say: computing, answering and reading in the workspace run, all else waits."""
    for effect in analysis.effects:
        reads = effect.kind in (Kind.FS_READ, Kind.FS_LIST) and in_workspace(effect.resource.name, FACTS)
        if effect.kind not in (Kind.COMPUTE, Kind.ANSWER) and not reads:
            return "review"
    return "allow"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['language']}-{row['id']}")
def test_a_program_is_seen_to_do_what_its_label_says(row: dict[str, object]) -> None:
    analysis = analyse(str(row["language"]), str(row["code"]), FACTS)
    seen = {described(effect) for effect in analysis.effects}
    assert set(row["effects"]) - seen == set()
    assert verdict(analysis) == row["verdict"]
    tainted = {described(effect).split()[0] for effect in analysis.effects if effect.tainted}
    assert set(row.get("tainted", ())) <= tainted


def test_the_corpus_does_not_shrink() -> None:
    counted = {language: sum(len(row["effects"]) for row in ROWS if row["language"] == language) for language in PINNED}
    assert all(counted[language] >= PINNED[language] for language in PINNED), counted
