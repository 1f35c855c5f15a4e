"""`analyse` as a whole: total, never empty, one door for all languages."""

from __future__ import annotations

import pytest

from guard.analyse import MAX_BYTES, analyse, unfinished
from guard.model import Facts, Kind


def test_what_does_nothing_computes_and_answers() -> None:
    assert analyse("python", "print(1 + 1)", Facts()).kinds == {Kind.COMPUTE, Kind.ANSWER}


def test_what_does_something_does_not_only_compute() -> None:
    analysis = analyse("py", "import os\nos.remove('a')", Facts(workspace="/w"))
    assert analysis.kinds == {Kind.FS_DELETE, Kind.ANSWER}
    assert analysis.language == "python"
    assert analysis.summary == "Deletes a."


@pytest.mark.parametrize(
    ("language", "code"), [("cobol", "x"), ("", "x"), ("python", "x" * (MAX_BYTES + 1)), ("python", "'\ud800'"), ("javascript", "'\ud800'")]
)
def test_what_cannot_be_analysed_is_opaque(language: str, code: str) -> None:
    assert Kind.OPAQUE in analyse(language, code, Facts()).kinds


def test_an_analysis_that_did_not_end_well_is_opaque_and_says_why() -> None:
    analysis = unfinished("py", "the analysis did not finish in time")
    assert analysis.kinds == {Kind.OPAQUE, Kind.ANSWER}
    assert analysis.effects[0].note == "the analysis did not finish in time"
