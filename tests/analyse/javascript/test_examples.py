"""The annotated examples say what the analysis sees, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyse.javascript.check import EXAMPLES, check, effects_of

FILES = sorted(path for path in EXAMPLES.rglob("*.[jt]s"))


def language(path: Path) -> str:
    return "typescript" if path.suffix == ".ts" else "javascript"


def profile(path: Path) -> str:
    return path.stem if path.parent.name == "profiles" else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_the_analysis_sees_what_the_comments_say(path: Path) -> None:
    check(path.read_text(), language=language(path), profile=profile(path))


def test_every_effect_has_a_place_and_a_sentence() -> None:
    for path in FILES:
        for effect in effects_of(path.read_text(), language=language(path), profile=profile(path)):
            assert effect.span is not None
            assert effect.note
            assert "\n" not in effect.note
