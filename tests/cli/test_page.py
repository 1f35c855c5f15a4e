import dataclasses
from datetime import timedelta

import pytest

from guard.cli import page
from guard.cli.terminal import Exact
from guard.desk import FileDiff
from guard.model import BoxProfile, Change, EntryKind, FileType, Print, Reached, Said, Traffic
from tests import build
from tests.build import NOON, effect, execution
from tests.cli.build import FETCHES, WRITES, Home


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert page.table([("a", "bb", "c"), ("aaa", "b", "")], head=("", "x", "y")) == ["     x   y", "a    bb  c", "aaa  b"]
    assert page.table([]) == []


@pytest.mark.parametrize(("seconds", "text"), [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (90_000, "1 d")])
def test_how_long_ago_is_said_in_one_unit(seconds: int, text: str) -> None:
    assert page.since(NOON, NOON + timedelta(seconds=seconds)) == text


def test_a_verdict_says_what_it_owes_and_what_a_denial_lacks() -> None:
    world, none = build.world(), build.world(people=())
    assert (
        page.verdict_line(build.case(build.REMOTE_DELETE, at=world).decision)
        == "REVIEW: owes 1 person, who accepts that no backup can be taken"
    )
    assert (
        page.verdict_line(build.case(build.WRITE, at=none).decision)
        == "DENY: needs 1 person who may approve it, and none of those registered may"
    )


def test_what_is_sent_beside_the_arguments_is_shown(home: Home) -> None:
    case = home.submitted(FETCHES)
    beside = dataclasses.replace(case.submission, extra='{"_meta":{"account":"production"}}')
    lines = list(page.case_lines(dataclasses.replace(case, submission=beside)))
    assert 'Beside   {"_meta":{"account":"production"}}' in lines


def test_lines_of_the_program_its_output_and_its_changes_are_exact(home: Home) -> None:
    case = dataclasses.replace(home.submitted(FETCHES), execution=execution(stdout="said\n", stderr="err\n"))
    diff = FileDiff(change=build.change("modified"), unexpected=False, lines=(("+", "added"),))
    shown = [*page.case_lines(case), *page.diff_lines([diff])]
    exact = [line for line in map(page.ascii_only, shown) if isinstance(line, Exact)]
    assert [line.split("|")[-1].strip() for line in exact] == [*FETCHES.rstrip("\n").split("\n"), "said", "err", "+added"]


def test_every_line_of_a_program_is_numbered_and_its_end_is_marked() -> None:
    assert list(page.code_lines("a\nb")) == ["Program, 2 lines", "  1 | a", "  2 | b", "  end of the program"]


def test_many_empty_lines_cannot_push_the_rest_out_of_sight() -> None:
    shown = list(page.code_lines("a\n" + "\n" * 500 + "b\n"))
    assert len(shown) < 8
    assert "500 empty lines" in " ".join(shown)
    assert shown[0] == "Program, 502 lines"
    assert shown[-2] == "  502 | b"


def test_a_case_that_was_tried_is_told_by_what_it_did(home: Home) -> None:
    case = home.submitted(WRITES)
    did = dataclasses.replace(case.decision, effects=(effect("fs.create", "File", f"{case.facts.workspace}/out.txt"),))
    assert page.told(dataclasses.replace(case, execution=None)) == "Creates or replaces out.txt."
    assert page.told(dataclasses.replace(case, decision=did, execution=execution())) == "Creates out.txt."


def test_a_box_without_a_network_is_said_before_an_approval(home: Home) -> None:
    case = home.submitted(FETCHES)
    assert any("no network" in line for line in page.case_lines(case))
    with_one = dataclasses.replace(case, box=BoxProfile(engine="x", network="broker"))
    assert not any("no network" in line for line in page.case_lines(with_one))
    assert not any("no network" in line for line in page.case_lines(home.submitted(WRITES)))


def test_what_a_run_reached_and_what_was_not_let_out_is_said() -> None:
    reached = (
        Reached(endpoint="a.example:443", requests=2, sent=10, received=20),
        Reached(endpoint="b.example:80", requests=1, sent=0, received=0),
    )
    shown = list(
        page.execution_lines(execution(traffic=Traffic(reached=reached, refused=("http.get evil.example:80: it was not approved",))))
    )
    assert "  reached a.example:443: 2 requests, 10 bytes sent, 20 received" in shown
    assert "  reached b.example:80: 1 request, 0 bytes sent, 0 received" in shown
    assert "  not let out: http.get evil.example:80: it was not approved" in shown


def test_nothing_invisible_comes_out_of_a_case(home: Home) -> None:
    case = home.submitted("# \x1b]0;evil\x07\u202e\u200b\n" + FETCHES)
    case = dataclasses.replace(case, outcome="\x1b[31m", submission=dataclasses.replace(case.submission, intent="\u202e\x00"))
    exchange = (Said(person="ann\x1b", text="why\u202e?", at=NOON), Said(person="", text="\x1b]52;c;x\x07 [/] \u200b", at=NOON))
    text = "".join((*page.case_lines(case), *page.said_lines(dataclasses.replace(case, exchange=exchange))))
    assert text.isprintable()
    assert "‹U+001B ESC›]52" in text


def test_the_agents_words_come_after_the_questions_and_are_marked_as_unchecked(home: Home) -> None:
    exchange = (Said(person="ann", text="why?", at=NOON), Said(person="", text="because", at=NOON))
    lines = [line for line in page.said_lines(dataclasses.replace(home.submitted(FETCHES), exchange=exchange)) if line]
    assert lines == [
        "The agent says (nobody checked it): “say hello”",
        "ann asked, 12:00:00 UTC: “why?”",
        "The agent answered (nobody checked it), 12:00:00 UTC: “because”",
    ]


def diffed(lines: tuple[tuple[str, str], ...] | None, *, unexpected: bool = False, mode: int = 0o644) -> list[str]:
    before = Print(type=FileType.FILE, mode=0o644, size=2000, digest="ab" * 32)
    change = Change(kind=EntryKind.MODIFIED, path="a\x1b.txt", before=before, after=dataclasses.replace(before, mode=mode))
    return list(page.diff_lines([FileDiff(change=change, unexpected=unexpected, lines=lines)]))


def test_a_changed_file_is_shown_line_by_line_with_hidden_characters_as_marks() -> None:
    found = diffed((("-", "old"), ("+", "new\u202e")))
    assert found[1:] == ["Changes of files", "  modified a‹U+001B ESC›.txt", "    -old", "    +new‹U+202E RLO›"]


def test_what_was_not_predicted_and_what_becomes_executable_is_said() -> None:
    assert diffed((), unexpected=True, mode=0o755)[2].endswith("(mode 0644 -> 0755)  ! not predicted")


def test_what_is_not_text_is_said_with_size_and_digest() -> None:
    assert diffed(None)[3] == "    file of 2,000 bytes abababababab -> file of 2,000 bytes abababababab, not shown as text"
