"""Friction grows with harm and novelty; what is to be typed is the thing itself."""

from __future__ import annotations

import dataclasses

import pytest

from guard.model import Stage
from guard.visible import Findings
from tests.build import DELETE, OPAQUE, REMOTE_DELETE, WRITE, approval, case, effect, world
from tui.notices import notices_of
from tui.signing import friction, moved

HIDDEN = Findings(hidden=3, hidden_line=4)


@pytest.mark.parametrize(
    ("effects", "found", "level", "typed"),
    [
        ([WRITE], Findings(), 1, ""),
        ([WRITE], HIDDEN, 2, "3 hidden"),
        ([effect("fs.surface", "File", "Makefile")], Findings(), 2, "Makefile"),
        ([DELETE], Findings(), 3, "a.txt"),
        ([DELETE], HIDDEN, 3, "a.txt"),
        ([effect("fs.delete", "Folder", "data/raw", exact=False)], Findings(), 3, "data/raw"),
        ([effect("fs.delete", "File", f"f{i}") for i in range(41)], Findings(), 3, "41 files"),
        ([effect("fs.delete", "Folder", f"d{i}") for i in range(2)], Findings(), 3, "2 folders"),
        ([OPAQUE], Findings(), 3, "unseen"),
        ([OPAQUE, DELETE], Findings(), 3, "a.txt"),
        ([REMOTE_DELETE], Findings(), 3, "no backup"),
    ],
)
def test_the_level_and_what_is_typed(effects: list, found: Findings, level: int, typed: str) -> None:
    of = case(*effects)
    assert (friction(of, notices_of(of, found, None)).level, friction(of, notices_of(of, found, None)).typed) == (level, typed)


@pytest.mark.parametrize(
    ("path", "typed"),
    [(".github/workflows/ci.yml", "ci.yml"), ("data/exports/" + "2026/" * 4 + "old.csv", "old.csv"), ("data/raw", "data/raw")],
)
def test_a_path_that_cannot_be_typed_as_it_is_is_named_by_its_last_part(path: str, typed: str) -> None:
    assert friction(case(effect("fs.delete", "File", path)), ()).typed == typed


@pytest.mark.parametrize("name", ["a\u0430b.txt", "x" * 25, "‹U+202E›", "a'b", " a"])
def test_a_name_that_cannot_be_typed_as_it_is_gives_way_to_digits_of_the_seal(name: str) -> None:
    of = case(effect("fs.delete", "File", name))
    assert friction(of, ()).typed == of.seal[:4]


def test_what_moved_since_the_dialog_opened_is_said() -> None:
    was = case(WRITE)
    digest = was.decision.policy_digest
    assert moved(was, was, "1 person", digest) is None
    said = {
        "settled": moved(was, dataclasses.replace(was, stage=Stage.EXPIRED, outcome="Nobody answered."), "", digest),
        "seal": moved(was, dataclasses.replace(was, seal="0" * 64), "", digest),
        "policies": moved(was, was, "2 people", "f" * 64),
        "signed": moved(was, dataclasses.replace(was, approvals=(approval(was, "bea"),)), "", digest),
    }
    text = {key: line.text.text for key, line in said.items() if line}
    assert text["settled"].startswith("! Nobody answered.")
    assert text["seal"] == "! The program changed after you read it."
    assert text["policies"] == "! The policies changed; what is owed is now 2 people."
    assert text["signed"] == "! bea approved it meanwhile. Look again."
    assert world().policies.digest == digest
