"""Programs of a session are read together: what an earlier one defined, a later one can call."""

from __future__ import annotations

import hashlib

import pytest

from guard.analyse import analyse
from guard.model import Effect, Facts, Kind, Span


def effects(*programs: str, language: str = "python") -> list[Effect]:
    """What the last of the programs does, without `compute` and `answer`."""
    *earlier, last = programs
    found = analyse(language, last, Facts(restorable=False, server="repl", earlier=tuple(earlier)))
    return [effect for effect in found.effects if effect.kind not in (Kind.COMPUTE, Kind.ANSWER)]


def test_a_name_of_an_earlier_program_means_what_it_means_there() -> None:
    (seen,) = effects("import os", "wipe = os.remove", "print(1)\nwipe('/data/a')")
    assert (seen.kind, seen.resource.name) == (Kind.FS_DELETE, "/data/a")
    assert seen.span == Span(line=2, column=0, end_line=2, end_column=15), "where it stands in its own program"


def test_what_an_earlier_program_did_at_top_level_happened_before() -> None:
    assert effects("import os\nos.remove('/data/a')", "print(1)") == []


@pytest.mark.parametrize(
    "earlier", ["import os\ndef f():\n    os.remove('/a')", "import os\nclass C:\n    def f(self):\n        os.remove('/a')"]
)
def test_what_earlier_functions_would_do_counts(earlier: str) -> None:
    (seen,) = effects(earlier, "print(1)")
    assert seen.kind is Kind.FS_DELETE
    assert seen.span is None
    assert "earlier program" in seen.note


@pytest.mark.parametrize("earlier", ["exec(input())", "x = (", "import os\nsetattr(os, input(), print)"])
def test_a_session_that_cannot_be_known_stays_so(earlier: str) -> None:
    assert Kind.OPAQUE in {seen.kind for seen in effects(earlier, "print(1)")}


def test_in_other_languages_all_that_earlier_programs_do_counts() -> None:
    assert Kind.FS_DELETE in {seen.kind for seen in effects("require('fs').rmSync('/a')", "1 + 1", language="javascript")}


def test_the_programs_that_were_read_together_are_named_by_their_digests() -> None:
    found = analyse("python", "print(1)", Facts(earlier=("a = 1", "b = 2")))
    digests = [hashlib.sha256(text).hexdigest() for text in (b"a = 1", b"b = 2")]
    assert found.modules == (("earlier program 1", digests[0]), ("earlier program 2", digests[1]))
