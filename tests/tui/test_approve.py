"""The last look: what is signed, and what the button says will come of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.build import WRITE, approval, case, execution, submission
from tests.tui.build import PASSPHRASE, bench, console, opened, press, screen_text, settle
from tui.approve import ApproveDialog


def verb(of: ApproveDialog) -> str:
    return of._verb()


def test_the_button_names_the_outcome() -> None:
    def said(**fields: object) -> str:
        of = dataclasses.replace(case(WRITE), **fields)  # type: ignore[arg-type]
        return verb(ApproveDialog(of, (), shown="all", opened=0.0))

    plain = case(WRITE)
    two = dataclasses.replace(plain.decision, owed=dataclasses.replace(plain.decision.owed, approvals=2))
    assert said() == "Sign and run"
    assert said(execution=execution()) == "Sign and commit"
    assert said(submission=submission(server="github", tool="create_issue")) == "Sign and forward"
    assert said(decision=two) == "Sign (1 of 2)"
    assert said(decision=two, approvals=(approval(plain, "bea"),)) == "Sign and run"


async def test_files_that_can_be_put_back_are_said_to_be(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        cases = [await of.week(), await of.case(of.effect("http.post", "hooks.example.net")), await of.week(server="github")]
        async with opened(of) as (app, pilot, _):
            for waiting, kept in zip(cases, (True, False, False), strict=True):
                await app.push_screen(ApproveDialog(waiting, (), shown="all", opened=0.0))
                await settle(pilot)
                assert ("it can be rolled back" in "\n".join(screen_text(app))) is kept
                app.pop_screen()


async def test_more_than_six_clauses_are_counted_by_class(tmp_path: Path) -> None:
    kinds = ("fs.read", "fs.list", "fs.create", "fs.write", "fs.mode", "env.read", "http.get", "http.post", "sql.select", "sql.insert")
    async with bench(tmp_path) as of:
        await of.person()
        waiting = await of.case(*[of.effect(kind, f"thing{i}") for i, kind in enumerate(kinds)])
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.push_screen(ApproveDialog(waiting, (), shown="all", opened=0.0))
            await settle(pilot)
            text = "\n".join(screen_text(app))
            assert "and 4 more of the classes R, all shown in tab 1" in text
            assert waiting.seal[:4] in text


async def test_in_the_smallest_window_what_has_the_focus_is_in_sight_however_much_is_signed(tmp_path: Path) -> None:
    kinds = ("fs.delete", "opaque", "http.post", "fs.create", "fs.write", "fs.read", "env.read", "sql.select")
    async with bench(tmp_path) as of:
        await of.person()
        waiting = await of.case(*[of.effect(kind, f"a-thing-with-a-long-name-{i}") for i, kind in enumerate(kinds)])
        async with opened(of, size=(60, 20)) as (app, pilot, hands):
            app.push_screen(ApproveDialog(waiting, (), shown="all", opened=0.0))
            await settle(pilot)
            assert "Passphrase" in "\n".join(screen_text(app))
            await press(pilot, hands, "tab", "tab", apart=0.6)
            await settle(pilot)
            assert "[▸ Back  esc ◂]" in "\n".join(screen_text(app))
            await press(pilot, hands, "pageup")
            assert "Approve 0001?  You sign:" in "\n".join(screen_text(app)), "what scrolled away can be scrolled back"


async def test_an_open_question_is_said_and_until_when_the_key_is_open_where_no_passphrase_is_asked(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        waiting = await of.week()
        asked = (await of.desk.ask(waiting.id, person="ann", text="why?")).case
        async with opened(of) as (app, pilot, _):

            async def said(of_: object) -> str:
                app.push_screen(ApproveDialog(of_, (), shown="all", opened=0.0))  # type: ignore[arg-type]
                await settle(pilot)
                text = "\n".join(screen_text(app))
                app.pop_screen()
                return text

            text = await said(waiting)
            assert "has no answer yet" not in text
            assert "open until" not in text
            assert "Passphrase" in text
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            text = await said(asked)
            assert "Asked   your question at 12:00 UTC has no answer yet" in text
            assert "Key     open until 12:14 UTC" in text
