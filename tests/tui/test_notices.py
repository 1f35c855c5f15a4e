"""The Look line is empty in most cases; it holds what is new, hidden or surprising."""

from __future__ import annotations

import dataclasses

from guard.model import Rejection, Stage
from guard.past import past
from guard.visible import findings, lines
from tests.build import NOON, WRITE, case, effect, submission
from tui.notices import notices_of

SENDS = effect("http.post", "Endpoint", "hooks.example.net:443")


def said(of, code: str = "print(1)", earlier: tuple = ()) -> list[str]:
    return [f"{n.sign} {n.text.text}" for n in notices_of(of, findings(lines(code)), past(of, earlier))]


def test_an_everyday_program_has_nothing_to_look_at() -> None:
    assert said(case(WRITE)) == []


def test_a_host_is_named_the_first_time() -> None:
    assert said(case(SENDS)) == ["✱ first time claude sends to hooks.example.net"]
    known = dataclasses.replace(case(SENDS, submission=submission("y")), id=1, stage=Stage.DONE)
    assert said(case(SENDS), earlier=(known,)) == []


def test_private_data_that_goes_to_a_host_comes_first_and_the_host_is_typed() -> None:
    leaks = dataclasses.replace(SENDS, tainted=True)
    found = notices_of(case(leaks, WRITE), findings(lines("x")), past(case(leaks), ()))
    assert [n.text.text for n in found] == ["private data goes to hooks.example.net", "first time claude sends to hooks.example.net"]
    assert found[0].typed == "hooks.example.net"
    assert said(case(dataclasses.replace(WRITE, tainted=True))) == []


def test_hidden_and_lookalike_letters_come_with_their_lines() -> None:
    """D2: they are worth a second look, and what is new must be typed."""
    assert said(case(WRITE), "a\nb = '\u200b\u200b\u200b'\n") == ["‹› 3 hidden characters, first in L2"]
    assert said(case(WRITE), "import p\u0430ypal") == ["! letters that look alike in L1: p‹U+0430›ypal"]


def test_long_lines_right_to_left_letters_and_files_that_run_later() -> None:
    assert said(case(WRITE), "x" * 3000) == ["! a line of 3,000 characters"]
    assert said(case(WRITE), "# שלום") == ["! right-to-left letters in L1"]
    assert said(case(effect("fs.surface", "File", "Makefile"))) == ["✱ Makefile is run later by other tools"]


def test_an_earlier_rejection_and_what_was_not_predicted() -> None:
    no = dataclasses.replace(case(WRITE), id=97, stage=Stage.REJECTED, rejection=Rejection(case=97, person="ann", at=NOON, reason="no"))
    assert said(case(WRITE), earlier=(no,)) == ["! rejected before: 0097"]
    assert [n.text.text for n in notices_of(case(WRITE), findings(()), None, 1)] == ["touched 1 path that was not predicted"]
    assert [n.typed for n in notices_of(case(WRITE), findings(()), None, 2)] == ["2"]
