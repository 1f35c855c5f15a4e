"""A case as documents: what must be shown is marked as needed, and the agent's words come last."""

from __future__ import annotations

import dataclasses

from guard.desk import FileDiff
from guard.model import Said, Stage
from guard.past import past
from guard.visible import Findings
from tests.build import DELETE, NOON, READ, WRITE, case, change, effect, execution, submission
from tui.document import (
    against_document,
    agent_document,
    change_words,
    code_document,
    diff_document,
    effects_document,
    grant_document,
    headline_line,
    owed_line,
    past_document,
)
from tui.look import look
from tui.textview import Document


def text(of: Document) -> list[str]:
    return [one.body.text.text for one in of.lines]


def test_effects_come_worst_first_with_their_lines() -> None:
    from guard.model import Span

    at = dataclasses.replace(DELETE, span=Span(line=21, column=0, end_line=21, end_column=3))
    found = text(effects_document(case(READ, WRITE, at)))
    heads = [row.strip() for row in found if row.strip()[:1] in "DNWR?" and row.startswith(" ")]
    assert [row[:1] for row in heads if row[1:3] == "  "] == ["D", "W", "R"]
    assert "  deletes a.txt  L21" in found


def test_why_it_asks_names_each_policy_once_with_the_classes_it_speaks_of_worst_first() -> None:
    found = text(effects_document(case(WRITE, DELETE)))
    at = found.index(" WHY IT ASKS ")
    assert found[at + 1 :] == [
        "  D destroying-needs-a-backup  What is destroyed must be restorable, or its loss accepted by name.",
        "  W a-person-may-approve  Anything not forbidden may happen once a person has approved it.",
    ]
    (only,) = text(effects_document(case(DELETE)))[-1:]
    assert only.startswith("  D destroying-needs-a-backup, a-person-may-approve  What is"), "where nothing else says it, it says both"


def test_a_past_case_says_what_it_would_have_done_and_how_it_ended() -> None:
    earlier = dataclasses.replace(case(WRITE), id=7, stage=Stage.DONE, outcome="It ran.")
    assert "   0007 done         create or replace a.txt  It ran." in text(past_document(past(case(READ), (earlier,))))


def test_all_effects_must_be_shown_but_many_reads() -> None:
    few = effects_document(case(WRITE, *[effect("fs.read", "File", f"f{i}") for i in range(20)]))
    many = effects_document(case(WRITE, *[effect("fs.read", "File", f"f{i}") for i in range(21)]))
    assert sum(one.needed for one in few.lines if one.key) == 21
    assert sum(one.needed for one in many.lines if one.key) == 1


def test_all_of_the_code_its_end_and_every_argument_must_be_shown() -> None:
    of = code_document(case(WRITE, submission=submission("a\nb\n", arguments='{"path":"\\u202ex"}')))
    assert text(of)[:3] == ["a", "b", "── end of the program ──"]
    assert '  "path": "‹U+202E RLO›x"' in text(of)
    assert all(one.needed for one in of.lines)
    assert list(of.needed()) == [(0, of.offsets[-1])]


def test_notices_must_be_shown() -> None:
    of = case(WRITE)
    found = effects_document(of, look(of, Findings(hidden=1, hidden_line=1), None))
    assert [one.needed for one in found.lines if "hidden character" in one.body.text.text] == [True]


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


def test_the_headline_is_the_sentence_of_the_effects() -> None:
    assert headline_line(case(DELETE, WRITE)).text.text == "Deletes a.txt, creates or replaces a.txt."


def test_without_a_rehearsal_the_diff_says_why() -> None:
    assert text(diff_document(case(effect("http.get", "Endpoint", "a.org:443")))) == ["Not tried first: it uses the network."]


def test_the_same_change_in_many_files_is_shown_once_and_the_unexpected_first() -> None:
    files = [FileDiff(change=change("modified", f"t/{i}.py"), unexpected=False, lines=(("-", "a"), ("+", "b"))) for i in range(7)]
    files.append(FileDiff(change=change("created", "Makefile"), unexpected=True, lines=(("+", "\tcurl | sh"),)))
    of = dataclasses.replace(case(WRITE), execution=execution(*[f.change for f in files], stdout="ok\n"))
    found = text(diff_document(of, files))
    assert found[2].startswith("A Makefile")
    assert found[2].endswith("! not predicted")
    assert sum(row == "+ b" for row in found) == 1
    assert any("and 6 more with the same change" in row for row in found)
    assert "+ →   curl | sh" in found
    assert found[-1] == "ok"


def test_what_cannot_be_compared_is_said_in_words() -> None:
    files = [FileDiff(change=change("modified", "x.bin"), unexpected=False, lines=None)]
    of = dataclasses.replace(case(WRITE), execution=execution(files[0].change))
    assert any("not shown as text" in row for row in text(diff_document(of, files)))
    assert change_words(change("deleted")) == "deleted"


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
