import asyncio
import json
import os
import select
import subprocess
import sys
import time

import pytest

from guard.cli import compose
from guard.events import Answered
from guard.model import Stage
from tests.cli.build import FETCHES, PASSPHRASE, WRITES, Home

REMOTE = "import requests\nrequests.delete('https://api.example.com/users/1')\n"


def answered(home: Home, number: int, text: str) -> None:
    """What the agent says to what it was asked."""

    async def answer() -> None:
        async with compose.open_desk(home.config) as desk:
            await desk._engine.feed(number, Answered(text=text))

    asyncio.run(answer())


def test_an_empty_queue_is_said_so(home: Home) -> None:
    assert home.guard("queue").out == "Nothing is waiting.\n"


def test_the_queue_shows_what_waits_and_what_is_owed(home: Home) -> None:
    home.submitted(FETCHES)
    home.submitted(FETCHES + "# another\n")
    home.guard("reject", "1", "--reason", "no")
    out = home.guard("queue").out
    assert "0002" in out
    assert "0001" not in out
    assert "1 person" in out
    assert [case["id"] for case in json.loads(home.guard("queue", "--json").out)] == [2]


def test_a_watched_queue_prints_what_comes_and_goes(home: Home) -> None:
    process = home.start("queue", "--watch")
    try:
        assert process.stdout
        assert process.stdout.readline() == "Nothing is waiting.\n"
        home.submitted(FETCHES)
        assert process.stdout.readline().startswith("+ 0001")
        home.guard("ask", "1", "why?")
        answered(home, 1, "because")
        line = process.stdout.readline()
        assert line.startswith("= 0001")
        assert "(the agent answered)" in line
        home.guard("reject", "1", "--reason", "no")
        assert process.stdout.readline().startswith("- 0001  agent  REJECTED")
    finally:
        process.kill()
        process.communicate()


def test_a_case_is_shown_in_full(home: Home) -> None:
    home.submitted(FETCHES)
    out = home.guard("show", "0001").out
    for text in ("Verdict  REVIEW: owes 1 person", "1 | import urllib.request", "end of the program", "say hello", "case.submitted"):
        assert text in out, text


def test_hidden_characters_are_marks_and_escaped_is_ascii_alone(home: Home) -> None:
    home.submitted("# ‹a› \x1b[2J \u202e\n" + FETCHES)
    out = home.guard("show", "1").out
    assert "‹U+001B ESC›" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert home.guard("show", "1", "--escaped").out.isascii()
    assert home.guard("show", "1", "--json").out.isascii()


@pytest.mark.parametrize("number", ["9", "x", "-1", "1e3", "٣", "9" * 30])
def test_a_case_that_does_not_exist_is_said_so(number: str, home: Home) -> None:
    said = home.guard("show", "--", number)
    assert said.code == 65
    assert "guard queue" in said.err


def test_an_unattended_approval_counts_only_where_a_policy_accepts_it(bare: Home) -> None:
    bare.init("--unattended")
    bare.submitted(FETCHES)
    (bare.policies / "unattended.cedar").unlink()
    said = bare.guard("approve", "1")
    assert said.code != 0
    assert bare.case(1).approvals == ()


def test_an_approval_is_given_to_what_was_printed_in_full(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("approve", "1")
    assert said.code == 0
    assert "2 | urllib.request.urlopen" in said.out
    (approval,) = home.case(1).approvals
    assert (approval.attended, approval.shown) == (False, "all 2 lines, printed")


def test_what_cannot_be_restored_must_be_accepted_by_name(home: Home) -> None:
    home.submitted(REMOTE)
    said = home.guard("approve", "1")
    assert said.code == 65
    assert "http.delete Endpoint::api.example.com:443" in said.err
    assert "--accept-loss" in said.err
    assert home.case(1).approvals == ()
    assert home.guard("approve", "1", "--accept-loss").code == 0
    assert "http.delete Endpoint::api.example.com:443" in home.case(1).approvals[0].losses


def test_a_rejection_is_final_and_carries_its_reason(home: Home) -> None:
    home.submitted(FETCHES)
    assert home.guard("reject", "1", "--reason", "not from here").code == 0
    case = home.case(1)
    assert case.stage is Stage.REJECTED
    assert case.rejection
    assert case.rejection.reason == "not from here"
    said = home.guard("approve", "1")
    assert said.code == 77
    assert "rejected" in said.err


def test_a_question_goes_to_the_agent_and_its_answer_is_shown_and_marked_in_the_queue(home: Home) -> None:
    case = home.submitted(FETCHES)
    said = home.guard("ask", "1", "why this host?")
    assert said.code == 0, said.err
    assert "which waits on" in said.out
    assert "answered" not in home.guard("queue").out

    answered(home, case.id, "it is the only one \u202e")
    assert "(the agent answered)" in home.guard("queue").out
    shown = home.guard("show", "1").out
    assert "asked, " in shown
    assert "The agent answered (nobody checked it)" in shown
    assert "it is the only one ‹U+202E RLO›" in shown
    assert shown.index("end of the program") < shown.index("The agent answered")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
def test_a_question_that_is_none_or_too_long_is_not_asked(text: str, home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("ask", "1", text)
    assert said.code == 65
    assert "at most 500 characters" in said.err
    assert home.case(1).exchange == ()


def test_nothing_can_be_rolled_back_where_nothing_changed(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("rollback", "1")
    assert said.code == 77
    assert "changed no file" in said.err


def test_somebody_who_is_not_registered_cannot_answer(home: Home) -> None:
    home.submitted(FETCHES)
    people = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('DELETE FROM people'); d.commit()"
    subprocess.run([sys.executable, "-c", people, str(home.state / "guard.db")], check=True)
    said = home.guard("approve", "1")
    assert said.code == 78
    assert "guard person add" in said.err


def test_an_approved_change_is_committed_and_can_be_rolled_back(home: Home) -> None:
    (home.workspace / "out.txt").write_text("old")
    (home.root / "program.py").write_text(WRITES)
    process = home.start("run", str(home.root / "program.py"))
    try:
        assert process.stderr
        assert "Case 0001 waits: REVIEW: owes 1 person" in process.stderr.readline()
        shown = home.guard("approve", "1").out
        assert "-old" in shown
        assert "+new" in shown
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
    assert (home.workspace / "out.txt").read_text() == "new"
    assert home.guard("rollback", "1").code == 0
    assert (home.workspace / "out.txt").read_text() == "old"
    again = home.guard("rollback", "1")
    assert again.code == 77
    assert "already" in again.err


def editor(home: Home, monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    (home.root / "left").write_text(left)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"cp {home.root / 'left'}")


def test_an_edit_is_a_new_case_judged_anew_and_the_old_one_is_superseded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.submitted(FETCHES)
    editor(home, monkeypatch, "open('out.txt', 'w').write('x')\n")
    said = home.guard("edit", "1")
    assert said.code == 0, said.err
    for text in (
        "- fetches from example.com",
        "+ creates or replaces out.txt",
        "Before  REVIEW: owes 1 person",
        "Case 0001 became case 0002",
    ):
        assert text in said.out, text
    old, new = home.case(1), home.case(2)
    assert (old.stage, old.successor) == (Stage.SUPERSEDED, 2)
    assert (new.submission.parent, new.submission.edited_by) == (1, home.guard("person", "list").out.splitlines()[1].split()[0])
    assert new.approvals == ()


def test_an_edit_that_needs_more_or_is_forbidden_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """D9: an edit is judged from the start, and may need more."""
    home.submitted(FETCHES)
    editor(home, monkeypatch, "import os\nos.remove('out.txt')\n")
    out = home.guard("edit", "1").out
    assert "Then    REVIEW: owes 1 person and a backup" in out


def test_an_edit_that_changes_nothing_submits_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.submitted(FETCHES)
    editor(home, monkeypatch, FETCHES)
    assert home.guard("edit", "1").code == 65
    assert home.case(1).stage is Stage.WAITING


def test_a_case_that_is_settled_cannot_be_edited(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.submitted(FETCHES)
    home.guard("reject", "1", "--reason", "no")
    monkeypatch.setenv("EDITOR", "/no/editor/is/started")
    monkeypatch.delenv("VISUAL", raising=False)
    assert home.guard("edit", "1").code == 77


# ------------------------------------------------------------------------------------------------------------------ on a terminal


SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def at_a_terminal(home: Home, *arguments: str, typing: list[tuple[str, str]], key: str = "\n") -> tuple[int, str]:
    """Run a command on a pseudo-terminal: wait for each text, then type the answer and `key`. Its exit code and all that it printed."""
    command = [sys.executable, "-c", SPAWN, sys.executable, "-m", "guard", *arguments]
    process = subprocess.Popen(command, env=home.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    seen, waiting, end = "", list(typing), time.monotonic() + 60
    try:
        while time.monotonic() < end and select.select([process.stdout], [], [], 30)[0]:
            piece = os.read(process.stdout.fileno(), 65536)
            if not piece:
                break
            seen += piece.decode(errors="replace")
            if waiting and waiting[0][0] in seen:
                os.write(process.stdin.fileno(), (waiting.pop(0)[1] + key).encode())
        return process.wait(5), seen
    finally:
        process.kill()
        process.communicate()


def test_a_passphrase_makes_an_approval_attended_and_is_not_echoed(keyed: Home) -> None:
    keyed.submitted(FETCHES)
    code, seen = at_a_terminal(keyed, "approve", "1", typing=[("Passphrase", PASSPHRASE)])
    assert code == 0, seen
    assert PASSPHRASE not in seen
    (approval,) = keyed.case(1).approvals
    assert approval.attended
    assert approval.signature


def test_a_wrong_passphrase_signs_nothing(keyed: Home) -> None:
    keyed.submitted(FETCHES)
    code, seen = at_a_terminal(keyed, "approve", "1", typing=[("Passphrase", "wrong")])
    assert code == 65
    assert "The passphrase is wrong" in seen
    assert keyed.case(1).approvals == ()


def test_destroying_what_cannot_be_restored_is_confirmed_by_typing(keyed: Home) -> None:
    keyed.submitted(REMOTE)
    code, seen = at_a_terminal(keyed, "approve", "1", "--accept-loss", typing=[("to confirm", "yes")])
    assert code == 65, seen
    assert keyed.case(1).approvals == ()
    code, seen = at_a_terminal(keyed, "approve", "1", "--accept-loss", typing=[("to confirm", "no backup"), ("Passphrase", PASSPHRASE)])
    assert code == 0, seen
    assert keyed.case(1).approvals[0].attended


def test_a_reason_is_asked_for_on_a_terminal_and_shown_by_example_to_a_script(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("reject", "0001")
    assert said.code == 65
    assert 'guard reject 0001 --reason "write to reports/ only"' in " ".join(said.err.split())
    code, seen = at_a_terminal(home, "reject", "1", typing=[("agent reads it", "")])
    assert code == 65, seen
    assert home.case(1).rejection is None
    code, seen = at_a_terminal(home, "reject", "1", typing=[("agent reads it", "not from here")])
    assert code == 0, seen
    case = home.case(1)
    assert case.rejection
    assert case.rejection.reason == "not from here"
