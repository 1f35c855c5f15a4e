"""Every rule, by example: the annotated lines beside this file, and nothing else, is what the analysis sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse.python import knowledge
from tests.analyse.python import check

FILES = sorted(check.EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_line_has_exactly_the_effects_in_its_comment(path: Path) -> None:
    source = path.read_text()
    assert check.found(source) == check.expected(source)


def test_a_wrong_comment_is_noticed() -> None:
    source = 'open("a", "w")  # fs.read File a\n'
    assert check.found(source) != check.expected(source)


def test_every_rule_has_an_example() -> None:
    spoken = set().union(*(check.rules(path.read_text()) for path in FILES))
    assert set(knowledge.index().rules) - spoken == set()
