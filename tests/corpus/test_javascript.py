"""Our own regression corpus for JavaScript and TypeScript: what a program was once seen to do, it is seen to do; no verdict gets looser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guard.model import Effect, Kind
from guard.places import in_workspace, shown
from tests.analyse.javascript.check import FACTS, effects_of

ROWS = [json.loads(line) for line in (Path(__file__).parent / "javascript.jsonl").read_text().splitlines()]
PINNED = 64
"""Labelled effects: the corpus may grow, never shrink."""


def described(effect: Effect) -> str:
    if effect.kind in (Kind.OPAQUE, Kind.IMPORT_UNKNOWN):
        return str(effect.kind)
    return f"{effect.kind} {effect.resource.type} {shown(effect.resource.name, FACTS) or '?'}{'' if effect.exact else ' ~'}"


def verdict(effects: tuple[Effect, ...]) -> str:
    """What the default policies say: computing and reading in the workspace run, all else waits."""
    reads = (Kind.FS_READ, Kind.FS_LIST)
    return "allow" if all(e.kind in reads and in_workspace(e.resource.name, FACTS) for e in effects) else "review"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_program_is_seen_to_do_what_its_label_says(row: dict[str, list[str] | str]) -> None:
    effects = effects_of(str(row["code"]), language=str(row["language"]))
    assert set(row["effects"]) <= {described(effect) for effect in effects}
    assert verdict(effects) == row["verdict"]
    assert set(row.get("tainted", ())) <= {str(effect.kind) for effect in effects if effect.tainted}


def test_the_corpus_does_not_shrink() -> None:
    assert sum(len(row["effects"]) for row in ROWS) >= PINNED
