"""An edit is a new submission: judged anew, shown live, and it supersedes what it came from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from guard.model import Ending, Execution, Facts, Stage
from tests.tui.build import bench, opened, press, screen_text, settle, until
from tui.case import CaseScreen
from tui.edit import SETTLES, EditScreen

PROGRAM = "import shutil\nshutil.rmtree('data/raw')\nopen('out.txt', 'w').write('x')\n"


async def test_an_edit_shows_what_it_changes_and_becomes_a_new_case(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        old = await of.case(of.effect("fs.delete", "data/raw/", 2, exact=True), of.effect("fs.write", "out.txt", 3), code=PROGRAM)
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "e", apart=0.6)
            assert isinstance(app.screen, EditScreen)
            app.screen.editor.text = "open('out.txt', 'w').write('x')\n"
            await settle(pilot)
            hands.turn(SETTLES + 0.01)
            await until(pilot, lambda: "− [D] deletes" in "\n".join(screen_text(app)))
            text = "\n".join(screen_text(app))
            assert "= [W] creates or replaces out.txt" in text
            assert "Owed before  1 person and a backup" in text
            assert "Owed now     1 person" in text
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen) and app.screen.case_id != old.id)
            await until(pilot, lambda: f"edit of {old.id:04d} by ann" in "\n".join(screen_text(app)))
            await press(pilot, hands, "d")
            assert "- shutil.rmtree('data/raw')" in "\n".join(screen_text(app))
        superseded, new = await of.desk.case(old.id), await of.desk.case(old.id + 1)
        assert (superseded.stage, superseded.successor) == (Stage.SUPERSEDED, new.id)
        assert (new.submission.parent, new.submission.edited_by, new.submission.agent) == (old.id, "ann", old.submission.agent)
        assert new.stage is Stage.WAITING
        assert new.box == old.box


async def test_an_edit_down_to_nothing_owed_waits_for_an_engine_with_a_box(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        old = await of.case(of.effect("fs.write", "out.txt", 3), code=PROGRAM)
        answer = await of.desk.edit(old, "print(1)\n", person="ann")
        assert answer.refused is None
        assert answer.case.stage is Stage.WAITING
        assert answer.case.decision.owed.approvals == 0
        assert (await of.desk.case(answer.case.id)).stage is Stage.WAITING  # nothing here runs it


async def test_editing_starts_without_hidden_characters_and_leaving_asks_if_something_changed(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        old = await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "e", apart=0.6)
            assert "1 hidden character removed" in "\n".join(screen_text(app))
            await press(pilot, hands, "x")
            hands.turn(1)
            await settle(pilot)
            assert "1 line changed" in "\n".join(screen_text(app))
            await press(pilot, hands, "escape")
            assert isinstance(app.screen, EditScreen)
            await press(pilot, hands, "escape")
            assert isinstance(app.screen, CaseScreen)
        assert (await of.desk.case(old.id)).stage is Stage.WAITING


async def test_arguments_of_a_wrapped_call_are_edited_a_line_each_and_half_typed_ones_are_not_taken(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        sent = '{"path":"x","text":"a"}'
        call = of.effect("tool.write", "files/write_file", rule="tool-call")
        facts = Facts(restorable=False, server="files", profile="plain")
        old = await of.case(call, code=sent, facts=facts, server="files", tool="write_file", language="json", arguments=sent)
        async with opened(of, size=(100, 30)) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "e", apart=0.6)
            assert isinstance(app.screen, EditScreen)
            assert app.screen.editor.text == '{\n  "path": "x",\n  "text": "a"\n}'
            app.screen.editor.text = '{"path": "y", "te'
            await press(pilot, hands, "ctrl+s", apart=0.6)
            assert "! These are no arguments" in "\n".join(screen_text(app))
            app.screen.editor.text = '{"path": "y", "text": "a"}'
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen) and app.screen.case_id != old.id)
        new = await of.desk.case(old.id + 1)
        assert new.submission.code == new.submission.arguments == '{"path":"y","text":"a"}'
        assert new.analysis.effects == old.analysis.effects


async def test_who_could_not_reject_it_cannot_edit_it_and_a_settled_case_is_not_edited(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        refused = await of.desk.edit(case, "print(1)", person="nobody")
        assert refused.refused is not None
        assert refused.refused.code == "unknown-person"
        await of.desk.reject(case.id, person="ann", reason="no")
        late = await of.desk.edit(case, "print(1)", person="ann")
        assert late.refused is not None
        assert late.refused.why == "ann rejected it: no"
        assert len(await of.desk.history()) == 1


async def test_what_a_trial_run_found_is_no_change_of_the_edit(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.case(of.effect("fs.write", "out.txt", 1), code="open('out.txt', 'w').write('x')\n")
        did = dataclasses.replace(case.decision, effects=(of.effect("fs.create", "out.txt"),))
        tried = dataclasses.replace(case, decision=did, execution=Execution(ending=Ending.EXITED), rehearsed=True)
        await of.store.save(tried, (), now=of.wall.now(), before=case, policy_digest=None)
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "e", apart=0.6)
            await until(pilot, lambda: "= [W] creates or replaces out.txt" in "\n".join(screen_text(app)))
            assert not any("+ [" in row or "− [" in row for row in screen_text(app))


async def test_a_case_that_is_settled_while_it_is_edited_says_so_and_keeps_the_text(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        case = await of.week(code="print(1)\n")
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "e", *"1+1", apart=0.6)
            await of.desk.reject(case.id, person="bea", reason="no")
            hands.turn(2)
            await until(pilot, lambda: any("bea rejected it: no. Nothing is left" in row for row in screen_text(app)))
            assert isinstance(app.screen, EditScreen)
            assert app.screen.code == "1+1print(1)\n"


async def test_after_an_edit_the_cursor_of_the_queue_is_on_the_new_case_and_once_that_is_answered_where_the_old_one_was(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        for ago in (50, 40, 30):
            await of.case(of.effect("fs.write", f"{ago}.txt", 1), code=f"open('{ago}.txt', 'w')\n", ago=ago)
        async with opened(of) as (app, pilot, hands):
            queue = app.queue
            await press(pilot, hands, "j", "enter", "e", apart=0.6)
            assert isinstance(app.screen, EditScreen)
            app.screen.editor.text = "open('b.txt', 'w').write('x')\n"
            await settle(pilot)
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen) and app.screen.case_id == 4)
            await until(pilot, lambda: queue.listing.cursor == 4)
            await until(pilot, lambda: hands.turn(1) or list(queue.listing.items) == [1, 3, 4])
            await of.desk.reject(4, person="ann", reason="no")
            await until(pilot, lambda: queue.rows[4].stage is Stage.REJECTED)
            await until(pilot, lambda: hands.turn(1) or (list(queue.listing.items), queue.listing.cursor) == ([1, 3], 3))
            await press(pilot, hands, "q", "enter")
            assert app.screen is queue, "the cursor moved while it was out of sight"
            assert "The list just moved: one moment." in "\n".join(screen_text(app))
