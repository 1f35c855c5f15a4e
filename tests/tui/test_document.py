"""A case as documents: what must be shown is marked as needed, and the agent's words come last."""

from __future__ import annotations

import dataclasses

import pytest

from guard.model import Reached, Rejection, Said, Stage, Traffic
from guard.past import past
from tests.build import DELETE, FACTS, NOON, READ, WRITE, case, change, effect, execution, submission
from tests.tui.test_effects import tried
from tui.document import (
    against_document,
    agent_document,
    code_document,
    crossing_line,
    ended_lines,
    grant_document,
    headline_line,
    owed_line,
    past_document,
)
from tui.textview import Document


def text(of: Document) -> list[str]:
    return [one.body.text.text for one in of.lines]


def test_a_past_case_says_what_it_would_have_done_and_how_it_ended() -> None:
    earlier = dataclasses.replace(case(WRITE), id=7, stage=Stage.DONE, outcome="It ran.")
    assert "   0007 done         create or replace a.txt  It ran." in text(past_document(past(case(READ), (earlier,))))


def test_all_of_the_code_its_end_and_every_argument_must_be_shown() -> None:
    of = code_document(case(WRITE, submission=submission("a\nb\n", arguments='{"path":"\\u202ex"}')))
    assert text(of)[:3] == ["a", "b", "── end of the program ──"]
    assert '  "path": "‹U+202E RLO›x"' in text(of)
    assert all(one.needed for one in of.lines)
    assert list(of.needed()) == [(0, of.offsets[-1])]


def test_what_is_sent_beside_the_arguments_must_be_shown_too() -> None:
    of = code_document(case(WRITE, submission=submission("a\n", extra='{"_meta":{"account":"production"}}')))
    assert "── sent beside the arguments ──" in text(of)
    assert '    "account": "production"' in text(of)
    assert all(one.needed for one in of.lines)


def test_arguments_that_say_no_more_than_the_top_of_the_screen_are_left_out() -> None:
    def said(arguments: str) -> list[str]:
        return text(code_document(case(WRITE, submission=submission("a\n", arguments=arguments))))

    assert said('{"language":"python"}') == said("{}") == ["a", "── end of the program ──"]
    for arguments in ('{"language":"shell"}', '{"language":"python","timeout":5}', '{"language": "python"}', "python"):
        assert "── arguments of the call ──" in said(arguments)


def test_a_rejected_case_says_so_once() -> None:
    no = Rejection(case=118, person="ann", reason="archive them", at=NOON)
    of = dataclasses.replace(case(WRITE), stage=Stage.REJECTED, outcome="ann rejected it: archive them", rejection=no)
    assert owed_line(of, "").text.text == "Is    REJECTED by ann: archive them"
    ended = dataclasses.replace(case(WRITE), stage=Stage.FAILED, outcome="It ended with exit code 1.")
    assert owed_line(ended, "").text.text == "Is    FAILED It ended with exit code 1."


def test_the_agents_words_are_marked_and_need_not_be_believed_or_read() -> None:
    """D5."""
    of = agent_document(case(WRITE, submission=submission(intent="Totally \x1b[1msafe")))
    assert "unverified" in text(of)[0]
    assert text(of)[1] == "  Totally ‹U+001B ESC›[1msafe"
    assert not any(one.needed for one in of.lines)


def test_what_was_asked_and_answered_stands_below_escaped_and_need_not_be_read() -> None:
    exchange = (Said(person="bea", text="why\u202e?", at=NOON), Said(person="", text="a\x1bb", at=NOON))
    of = agent_document(dataclasses.replace(case(WRITE), exchange=exchange))
    assert text(of)[2:] == [
        "", " ASKED   bea  12:00:00 UTC", "  why‹U+202E RLO›?", "", " THE AGENT ANSWERS   unverified  12:00:00 UTC", "  a‹U+001B ESC›b",
    ]  # fmt: skip
    assert not any(one.needed for one in of.lines)


@pytest.mark.parametrize(
    ("crossing", "said"),
    [
        ({7: ["/work/project/a.txt"]}, "Also  0007 waits and touches a.txt too"),
        ({9: ["/x", "/y"], 7: ["/x"]}, "Also  0007, 0009 wait and touch 2 things of it too"),
        ({i: ["d/orders"] for i in range(6)}, "Also  0000, 0001, 0002, 0003 and 2 more wait and touch d/orders too"),
    ],
)
def test_other_cases_that_touch_the_same_are_named(crossing: dict[int, list[str]], said: str) -> None:
    assert crossing_line(crossing, dataclasses.replace(FACTS, workspace="/work/project")).text.text == said


def test_the_headline_is_the_sentence_of_the_effects() -> None:
    assert headline_line(case(DELETE, WRITE)).text.text == "Deletes a.txt, creates or replaces a.txt."


def test_the_grant_is_in_words_and_names_what_it_does_not_cover() -> None:
    found = text(grant_document(case(WRITE, effect("opaque"))))
    assert "  create or replace  a.txt" in found
    assert any(row.startswith("Not covered: what cannot be seen") for row in found)


def test_the_past_has_outcomes_and_an_edit_its_diff() -> None:
    assert text(past_document(past(case(WRITE), []))) == [
        " same program: never",
        " same effects, another text: never",
        " same agent: never",
    ]
    assert "+ b" in text(against_document("a\n", "b\n"))


def test_what_is_owed_names_the_policy_of_the_worst_effect_first() -> None:
    of = case(READ, WRITE, DELETE)
    said = owed_line(of, "1 person and a backup").text.text
    assert said.startswith("Owed  1 person and a backup  by destroying-needs-a-backup and ")


def ended(stderr: str, **fields) -> list[str]:
    run = execution(stderr=stderr, exit_code=1, seconds=0.42, **fields)
    return [one.text.text for one in ended_lines(dataclasses.replace(case(WRITE), stage=Stage.FAILED, execution=run))]


def test_a_run_that_failed_says_why_and_what_left_the_box() -> None:
    trace = "Traceback (most recent call last):\n  File …\nModuleNotFoundError: No module named 'x\x1b'\n\n"
    why = "Why   ModuleNotFoundError: No module named 'x‹U+001B ESC›'"
    assert ended(trace) == [why, "Ran   0.4 s · nothing was sent · 3 shows what it printed"]
    sent = Traffic(reached=(Reached(endpoint="a.org:443", requests=1, sent=812, received=4),))
    assert ended("", stdout="", traffic=sent) == ["Ran   0.4 s · 812 bytes sent to a.org"]
    assert ended_lines(case(WRITE)) == []


def test_a_line_is_marked_by_the_worst_that_was_predicted_of_it_also_once_it_was_tried() -> None:
    of = tried(change("deleted"))
    assert [(one.number, one.letter) for one in code_document(of).lines[:3]] == [("1", "R"), ("2", "D"), ("3", "")]
