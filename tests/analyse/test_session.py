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


@pytest.mark.parametrize(
    ("earlier", "last"),
    [
        ("import os\ngone = (os.remove(name) for name in ['/a'])", "list(gone)"),
        ("import os\ngone = map(os.remove, ['/a'])", "list(gone)"),
        ("import os, itertools\ngone = [itertools.starmap(os.remove, [('/a',)])]", "next(gone[0])"),
        ("report = open('/a', 'w')", "report.write('changed again')"),
        ("opened = [open('/a', 'w')]", "opened[0].write('changed again')"),
        ("hook = open('/p/Makefile', 'a')", "hook.write('all:')"),
    ],
)
def test_what_an_earlier_program_left_to_be_set_off_counts(earlier: str, last: str) -> None:
    (seen,) = effects(earlier, last)
    assert seen.kind in (Kind.FS_DELETE, Kind.FS_WRITE, Kind.FS_SURFACE)
    assert "earlier program" in seen.note


@pytest.mark.parametrize(
    "earlier",
    [
        "open('/a', 'w').write('x')",
        "with open('/a', 'w') as report:\n    report.write('x')",
        "import pathlib\npathlib.Path('/a').write_text('x')",
    ],
)
def test_a_file_that_was_written_and_let_go_does_not_count_again(earlier: str) -> None:
    assert effects(earlier, "print(1)") == []


@pytest.mark.parametrize("earlier", ["exec(input())", "x = (", "import os\nsetattr(os, input(), print)"])
def test_a_session_that_cannot_be_known_stays_so(earlier: str) -> None:
    assert Kind.OPAQUE in {seen.kind for seen in effects(earlier, "print(1)")}


def test_in_other_languages_a_session_cannot_be_known() -> None:
    assert {seen.kind for seen in effects("1", "require('fs').rmSync('/a')", language="javascript")} == {Kind.FS_DELETE, Kind.OPAQUE}


def test_the_programs_that_were_read_together_are_named_by_their_digests() -> None:
    found = analyse("python", "print(1)", Facts(earlier=("a = 1", "b = 2")))
    digests = [hashlib.sha256(text).hexdigest() for text in (b"a = 1", b"b = 2")]
    assert found.modules == (("earlier program 1", digests[0]), ("earlier program 2", digests[1]))


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        ("import os\nact = os.remove", "int('a')\nact = print", "act('/a')"),
        ("import os\npath = '/a'", "raise ValueError\npath = '/tmp/b'", "os.remove(path)"),
        ("import os", "int('a')\nos = None", "os.remove('/a')"),
        ("def act(path):\n    import os\n    os.remove(path)", "int('a')\ndef act(path): pass", "act('/a')"),
    ],
)
def test_an_earlier_program_may_have_stopped_anywhere_and_what_it_would_have_changed_then_did_not(
    first: str, second: str, last: str
) -> None:
    assert (Kind.FS_DELETE, "/a") in {(seen.kind, seen.resource.name) for seen in effects(first, second, last)}


def test_an_earlier_program_that_failed_hides_no_tool_behind_a_name_of_its_own() -> None:
    facts = Facts(profile="pydantic-ai", server="srv", earlier=("int('a')\ndef delete_rows(table): pass",))
    found = analyse("python", "await delete_rows('orders')", facts)
    assert "srv/delete_rows" in {effect.resource.name for effect in found.effects if effect.kind is Kind.TOOL_DESTRUCTIVE}


@pytest.mark.parametrize("earlier", ["'''", "x = 1 \\", "if print(1): pass\nelse"])
def test_an_earlier_program_that_is_none_swallows_nothing_of_the_next(earlier: str) -> None:
    assert Kind.OPAQUE in {seen.kind for seen in effects(earlier, "import os; os.remove('/a') #'''")}
