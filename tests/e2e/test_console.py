"""`guard console` in a real terminal: what a newcomer does, and what must not happen when things go wrong there."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guard.model import Stage
from tests.e2e.terminal import MISSING, Terminal, tmux
from tests.tui.build import PASSPHRASE, Bench, bench
from tests.tui.terminal import HOSTILE

pytestmark = pytest.mark.skipif(MISSING and not os.environ.get("CI"), reason="tmux is not installed")

PROGRAM = """from pathlib import Path

Path("report.txt").write_text("hello")
Path("old.csv").unlink()
"""


@asynccontextmanager
async def place(root: Path) -> AsyncIterator[Bench]:
    """A guard with one person and her key, and a desk to look at it from here."""
    async with bench(root, now=datetime.now(UTC)) as of:
        lines = [
            f'{key} = "{value}"'
            for key, value in (("workspace", root / "project"), ("state", root / "state"), ("policies", root / "etc" / "policies"))
        ]
        (root / "etc" / "guard.toml").write_text("\n".join(lines) + "\n")
        await of.person()
        yield of


def read_all(console: Terminal) -> None:
    console.until("ready to decide", nudge=lambda: console.press("Space"), every=0.5)


async def test_a_newcomer_finds_understands_edits_and_approves_a_case(tmp_path: Path) -> None:
    async with place(tmp_path) as of:
        (tmp_path / "project" / "old.csv").write_text("1,2\n")
        (tmp_path / "program.py").write_text(PROGRAM)
        with tmux(tmp_path) as server:
            run = server.start("run", str(tmp_path / "program.py"))
            console = server.start("console")
            console.until("1 waiting", "Deletes old.csv, creates or replaces report.txt.", "⏎ open", "? keys")
            console.press("?")
            console.until("Open the case at the cursor.")
            console.press("Escape")
            console.until("Open the case", gone=True)
            console.press("Enter")
            console.until("[1 Effects", "DESTROYS", "deletes old.csv", "a approve")
            console.press("a")  # too early: it shows what is to be read instead
            console.until("First what was not on the screen yet: ")
            read_all(console)
            console.press("e")
            console.until("Editing 0001 → a new case", "deletes old.csv")
            console.press("Down", "Down", "Down", "End")
            for _ in range(len('Path("old.csv").unlink()')):
                console.press("BSpace")
            console.until("− [D] deletes old.csv", "Owed now 1 person")
            console.press("C-s")
            console.until("0002", "edit of 0001 by ann")
            read_all(console)
            console.press("a")
            console.until("Approve 0002? You sign:", "Passphrase")
            console.type(PASSPHRASE)
            console.press("Tab", "Tab")
            console.until("Signed as ann", nudge=lambda: console.press("Enter"))
            run.until("ann edited case 0001: what counts now is case 0002.", "What ran is the program as ann edited it", "Case 0002: done.")
        old, edited = await of.desk.case(1), await of.desk.case(2)
        assert (old.stage, old.approvals) == (Stage.SUPERSEDED, ())
        assert [(approval.person, approval.attended) for approval in edited.approvals] == [("ann", True)]
        assert "old.csv" not in edited.submission.code


async def test_an_editor_that_cannot_be_started_gives_the_screen_back(tmp_path: Path) -> None:
    async with place(tmp_path) as of:
        await of.week()
        with tmux(tmp_path) as server:
            console = server.start("console", "1", VISUAL="/no/such/editor")
            console.until("0001 report python · 15 lines", "e edit")
            console.press("e")
            console.until("Editing 0001")
            console.press("C-e")
            console.until("Editing 0001", "/no/such/editor could not be run (No such file or directory). $EDITOR names it.")


async def test_pasted_keys_approve_nothing_on_any_screen(tmp_path: Path) -> None:
    keys = "aaaa\nyyyy\n\t\n \n"
    async with place(tmp_path) as of:
        case = await of.week()
        with tmux(tmp_path) as server:
            console = server.start("console", size=(160, 50))
            console.until("1 waiting", "live")
            console.paste(keys, bracketed=True)
            console.until("Ignored a paste of")
            console.paste(keys, bracketed=False)
            console.until("keys that came at once")
            console.until("[1 Effects", nudge=lambda: console.press("Enter"))  # at first it is the repeat of a dropped one
            read_all(console)
            console.paste(keys, bracketed=True)
            console.until("Ignored a paste of")
            console.paste(keys, bracketed=False)
            console.until("keys that came at once")
            console.until("Approve 0001?", "Passphrase", nudge=lambda: console.press("a"))
            console.type(PASSPHRASE)
            console.press("Tab")
            for bracketed in (True, False):
                console.paste(keys, bracketed=bracketed)
            console.until("Approve 0001?")
        kept = await of.desk.case(case.id)
        assert not kept.approvals
        assert kept.stage is Stage.WAITING


async def test_a_terminal_that_resizes_or_dies_in_the_middle_of_an_answer_leaves_none(tmp_path: Path) -> None:
    async with place(tmp_path) as of:
        case = await of.week()
        with tmux(tmp_path) as server:
            console = server.start("console", size=(160, 50))
            console.until("1 waiting", "live")
            console.press("Enter")
            read_all(console)
            console.press("a")
            console.until("Approve 0001?", "Passphrase")
            console.type(PASSPHRASE)
            for size in ((60, 20), (80, 24), (58, 19), (160, 50)):
                console.resize(*size)
                console.until("Approve 0001?", "Back")
            pid = console.pid()
            console.kill()
            end = time.monotonic() + 10
            while Path(f"/proc/{pid}").exists():
                assert time.monotonic() < end, "it outlived its terminal"
                time.sleep(0.05)
            assert not (await of.desk.case(case.id)).approvals
            again = server.start("console", "0001")
            again.until("0001 report python · 15 lines", "lines 1–15 not shown yet")  # nothing counts as read, and nothing is half done
        assert (await of.desk.case(case.id)).stage is Stage.WAITING


async def test_of_two_consoles_on_one_case_the_second_sees_who_settled_it(tmp_path: Path) -> None:
    async with place(tmp_path) as of:
        case = await of.week()
        with tmux(tmp_path) as server:
            consoles = [server.start("console", "1", size=size) for size in ((80, 24), (160, 50))]
            for console in consoles:
                console.until("0001 report python · 15 lines", "a approve")
            first, second = consoles
            first.press("r")
            first.until("Reject 0001, for good.")
            first.type("quite reasonable, but no")
            first.press("C-s")
            second.until("ann rejected it: quite reasonable, but no. Nothing is left to decide here")
            second.press("a")
            second.press("r")
            second.until("Nothing is left to decide here")
        assert (await of.desk.case(case.id)).stage is Stage.REJECTED


async def test_hostile_text_reaches_neither_title_nor_clipboard_nor_cursor(tmp_path: Path) -> None:
    async with place(tmp_path) as of:
        text = "".join(HOSTILE) + "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1bP+q\x1b\\"
        await of.case(of.effect("fs.write", "a.txt", 1), code=f"x = 1  # {text}\n", intent=text, tool=text[:60])
        with tmux(tmp_path) as server:
            console = server.start("console", size=(160, 50))
            title = console.title()
            console.until("1 waiting", "live")
            console.press("Enter")
            console.until("[1 Effects", "‹U+001B ESC›", "hidden characters")
            console.press("6")
            console.until("[6 Agent says", "unverified", "‹U+001B ESC›")
            rows = console.screen().split("\n")
            assert rows[0].startswith(" 0001  report  python")
            assert "q back" in "".join(rows[48:50])
            assert console.title() == title
            assert "owned" not in server.run("list-buffers")
