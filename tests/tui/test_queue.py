"""The queue: live, still under the cursor, and deaf to pastes."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from guard.model import AuditEvent, Change, ChangeSet, Ending, EntryKind, Execution, FileType, Print, Stage
from tests.tui.build import PASSPHRASE, bench, console, opened, press, read_all, screen_text, send, settle, until, wait_dead
from tui.app import Console
from tui.approve import ApproveDialog
from tui.case import CaseScreen
from tui.clock import REST, SETTLED
from tui.queue import QueueScreen


async def test_the_worst_and_the_oldest_are_named_whatever_the_order(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week(ago=1800)
        await of.cleanup(ago=60)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            for _ in range(4):
                top = screen_text(app)[0]
                assert "2 waiting   1 D or ?   oldest 0001 30m · next to expire 0001 30m" in top
                await press(pilot, hands, "o")
            assert [row[1:5] for row in screen_text(app)[2:4]] == ["0002", "0001"]
            await press(pilot, hands, "o", "o")
            assert [row[1:5] for row in screen_text(app)[2:4]] == ["0001", "0002"]


async def test_new_cases_are_counted_and_sorted_in_when_asked_or_after_a_rest(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first = await of.week(ago=600)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await of.cleanup()
            await until(pilot, lambda: "+1 new, u shows it" in "\n".join(screen_text(app)))
            queue = app.screen
            assert isinstance(queue, QueueScreen)
            assert list(queue.listing.items) == [first.id]
            await press(pilot, hands, "u")
            assert len(queue.listing.items) == 2
            assert queue.listing.cursor == first.id  # the cursor stays with its case
            await of.cleanup(code="other = 1")
            await until(pilot, lambda: "+1 new" in "\n".join(screen_text(app)))
            hands.turn(REST + 0.1)
            await settle(pilot)
            assert len(queue.listing.items) == 3
            assert queue.listing.cursor == first.id


async def test_after_the_list_moved_by_itself_enter_and_r_wait(tmp_path: Path) -> None:
    """D17."""
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await of.cleanup()
            await until(pilot, lambda: "+1 new" in "\n".join(screen_text(app)))
            hands.turn(REST + 0.05)
            await settle(pilot)
            await press(pilot, hands, "enter")
            assert isinstance(app.screen, QueueScreen)
            assert "The list just moved" in "\n".join(screen_text(app))
            await press(pilot, hands, "r")
            assert isinstance(app.screen, QueueScreen)
            hands.turn(2)
            await press(pilot, hands, "enter")
            assert isinstance(app.screen, CaseScreen)


async def test_a_settled_case_stays_for_a_moment_with_who_settled_it(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person("bea", me=False)
        case = await of.week()
        await of.cleanup()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await of.desk.reject(case.id, person="bea", reason="not today")
            await until(pilot, lambda: "bea rejected it: not today" in "\n".join(screen_text(app)))
            assert "settled" in "\n".join(screen_text(app))
            hands.turn(SETTLED + 0.1)
            await settle(pilot)
            assert "0001" not in "\n".join(screen_text(app))


async def test_the_filter_counts_while_one_types_and_escape_clears_it(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.cleanup()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, hands, "slash", *"class:D")
            await press(pilot, hands, "enter", apart=0.6)
            queue = app.screen
            assert isinstance(queue, QueueScreen)
            assert list(queue.listing.items) == [2]
            assert "1 of 2 match class:D" in "\n".join(screen_text(app))
            await press(pilot, hands, "escape")
            assert len(queue.listing.items) == 2


@pytest.mark.parametrize("where", ["queue", "case", "approve", "typed"])
@pytest.mark.parametrize("how", ["held", "unbracketed", "bracketed", "while a case arrives"])
async def test_keys_that_no_person_pressed_approve_nothing(tmp_path: Path, where: str, how: str) -> None:
    """D17."""
    keys = [*"aaaa", "enter", *"yyyy", "enter", "right", "enter", "space"]
    async with bench(tmp_path) as of:
        await of.person()
        case = await (of.cleanup() if where == "typed" else of.week())
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            hands.turn(2)
            if where != "queue":
                await press(pilot, hands, "enter")
                await read_all(pilot, hands)
            if where in ("approve", "typed"):
                await press(pilot, hands, "a", apart=0.6)
                assert isinstance(app.screen, ApproveDialog)
                await wait_dead(pilot, hands)
            if how == "bracketed":
                app.post_message(events.Paste("aaaa\nyyyy\ndata/raw\n"))
                await settle(pilot)
            elif how == "held":
                for key in ("a", "enter", "space"):
                    for _ in range(20):
                        await press(pilot, hands, key, apart=0.03)
            else:
                if how != "unbracketed":
                    await of.cleanup(code="x = 1")
                for key in ("right", "enter", *"data/raw", *keys):
                    send(app, key)
                await settle(pilot)
                hands.turn(1)
                await settle(pilot)
            await settle(pilot)
        kept = await of.desk.case(case.id)
        assert not kept.approvals
        assert kept.stage is Stage.WAITING


async def test_a_paste_outside_a_text_field_is_dropped_and_said(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.post_message(events.Paste("aaaaa"))
            await settle(pilot)
            assert "Ignored a paste of 5 characters." in "\n".join(screen_text(app))


async def test_a_click_selects_and_a_click_on_the_selection_opens(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await pilot.click("#list", offset=(10, 1))
            await settle(pilot)
            queue = app.screen
            assert isinstance(queue, QueueScreen)
            assert queue.listing.cursor == queue.listing.items[1]
            app._chained_clicks, app._click_chain_last_time = 1, None  # a second click, not a double click
            await pilot.click("#list", offset=(10, 1))
            await settle(pilot)
            assert isinstance(app.screen, CaseScreen)


async def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "Nothing is waiting. New cases appear here by themselves." in "\n".join(screen_text(app))


async def test_an_empty_queue_tells_the_day_and_what_is_granted(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        kept = await of.case(of.effect("http.get", "docs.python.org", 3), agent="docs-bot")
        draft = await of.desk.draft(kept, person="ann", rungs=[0], lasts=timedelta(minutes=20), uses=3)
        assert (await of.desk.give(draft, signer=await of.desk.unlock("ann", PASSPHRASE))).refused is None
        await of.desk.reject(kept.id, person="ann", reason="no")
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await of.desk.reject(case.id, person="ann", reason="no")
            await until(pilot, lambda: "ann rejected it" in "\n".join(screen_text(app)))
            hands.turn(SETTLED + 1)
            await until(pilot, lambda: "Today: 0 ran by themselves, 2 rejected.  h lists them" in "\n".join(screen_text(app)))
            assert "1 grant is in force, the next ends at 12:20 UTC.  w lists them" in "\n".join(screen_text(app))


async def test_like_cases_are_marked_and_rejected_together(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        like = [await of.week(code=f"print({i})", ago=100 - i) for i in range(3)]
        other = await of.week(code="print(9)", agent="somebody-else", ago=50)
        grave = await of.cleanup(ago=40)
        async with opened(of) as (app, pilot, hands):
            queue = app.screen
            assert isinstance(queue, QueueScreen)
            assert queue.listing.cursor == grave.id
            await press(pilot, hands, "*")
            assert "answered one by one" in "\n".join(screen_text(app))
            assert not queue.marked
            await press(pilot, hands, "j", "*")
            assert queue.marked == {case.id for case in like}
            assert "3 marked" in "\n".join(screen_text(app))
            assert sum(row.startswith("*00") for row in screen_text(app)) == 2
            await press(pilot, hands, "r", "4", "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        for case in like:
            assert (await of.desk.case(case.id)).stage is Stage.REJECTED
        assert (await of.desk.case(other.id)).stage is Stage.WAITING


async def test_what_nothing_else_is_like_is_not_marked_and_a_filter_without_a_match_says_so(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.week(agent="other")
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "*")
            assert "Nothing else that waits does the same to the same things." in "\n".join(screen_text(app))
            assert not app.queue.marked
            await press(pilot, hands, "slash", *"0002", "enter", apart=0.6)
            assert list(app.queue.listing.items) == [2]
            await press(pilot, hands, "slash", *"zz", "enter", apart=0.6)
            assert "Nothing that waits matches the filter.  esc clears it" in "\n".join(screen_text(app))


@pytest.mark.parametrize(("width", "said"), [(60, "expires 0001 59m"), (80, "next to expire 0001 59m"), (160, "1 destroy or unseen")])
async def test_the_top_line_has_room_for_what_it_says(tmp_path: Path, width: int, said: str) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup(ago=30)
        async with opened(of, size=(width, 24)) as (app, _, _):
            assert said in screen_text(app)[0]
            assert screen_text(app)[0].rstrip().endswith("ann") == (width >= 80)


async def test_of_marked_cases_each_that_was_not_rejected_is_named_with_its_reason(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        like = [await of.week(code=f"print({i})", ago=100 - i) for i in range(4)]
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await press(pilot, hands, "*", "r", "4", apart=0.6)
            await of.desk.reject(like[1].id, person="ann", reason="no")
            await of.desk.edit(like[3], "print(5)", person="ann")
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
            said = (
                "✓ Rejected: 2 cases. The agent reads your reason. ! Not taken: 0002: ann rejected it: no; 0004: ann edited it: case 0005."
            )
            assert said in "\n".join(screen_text(app))
        assert [(await of.desk.case(case.id)).stage.value for case in like] == ["rejected", "rejected", "rejected", "superseded"]


async def test_marked_cases_are_approved_together_only_if_each_was_read(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first, second, unread = [await of.week(code=f"print({i})", ago=100 - i) for i in range(3)]
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            hands.turn(2)
            await press(pilot, hands, "*", "enter", apart=0.6)
            for number in (first.id, second.id):
                assert isinstance(app.screen, CaseScreen)
                assert app.screen.case_id == number
                await read_all(pilot, hands)
                if number == first.id:
                    await press(pilot, hands, "J", apart=0.6)
                    await settle(pilot)
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, ApproveDialog)
            text = "\n".join(screen_text(app))
            assert "Approve 0002 and 1 like it?  You sign each:" in text
            assert f"0001 {first.seal[:4]} {first.seal[4:8]}: marked like it, and read by you" in text
            await wait_dead(pilot, hands)
            await press(pilot, hands, "right", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            assert "Signed as ann: 2 cases." in "\n".join(screen_text(app))
        for case, approvals in ((first, 1), (second, 1), (unread, 0)):
            assert len((await of.desk.case(case.id)).approvals) == approvals


async def test_a_marked_case_whose_trial_surprised_is_not_approved_beside_another(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first, surprising = [await of.week(code=f"print({i})", ago=100 - i) for i in range(2)]
        after = Print(type=FileType.FILE, mode=0o644, size=9, digest="0" * 64)
        changes = ChangeSet(changes=(Change(kind=EntryKind.CREATED, path="Makefile", after=after),))
        tried = dataclasses.replace(surprising, execution=Execution(ending=Ending.EXITED, change_set=changes), rehearsed=True)
        await of.store.save(tried, (), now=of.wall.now(), before=surprising, policy_digest=None)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            hands.turn(2)
            await press(pilot, hands, "*", apart=0.6)
            assert app.queue.marked == {first.id, surprising.id}
            await press(pilot, hands, "j", "enter", apart=0.6)
            await read_all(pilot, hands)
            assert app.reading(surprising.id, tried.seal).complete
            await press(pilot, hands, "K", apart=0.6)
            await settle(pilot)
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, ApproveDialog)
            assert app.screen.like == ()
            assert "like it" not in "\n".join(screen_text(app))


async def test_j_and_k_go_through_the_queue_in_its_order(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        old, new, grave = await of.week(ago=300), await of.week(code="x = 1", ago=60), await of.cleanup(ago=5)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            for key, expected in (("K", grave), ("J", old), ("J", new), ("J", new), ("K", old)):
                await press(pilot, hands, key, apart=0.6)
                await settle(pilot)
                assert isinstance(app.screen, CaseScreen)
                assert app.screen.case_id == expected.id
            await press(pilot, hands, "q", apart=0.6)
            assert app.queue.listing.cursor == old.id
            await press(pilot, hands, "enter", apart=0.6)
            await of.desk.reject(old.id, person="ann", reason="no")
            await until(pilot, lambda: old.id not in app.queue.order)
            await press(pilot, hands, "J", apart=0.6)
            await settle(pilot)
            assert isinstance(app.screen, CaseScreen)
            assert app.screen.case_id == new.id  # from where the settled one stood


async def test_numbers_of_five_digits_are_shown_whole(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            row = app.queue.rows.pop(case.id)
            app.queue.rows[12345] = dataclasses.replace(row, id=12345)
            app.queue.put_matching()
            await settle(pilot)
            assert "▌12345 -W---" in "\n".join(screen_text(app))
            assert all(len(row) == 80 for row in screen_text(app))


async def test_a_host_that_its_agent_never_reached_is_marked_until_a_program_was_let_reach_it(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first = await of.case(of.effect("http.get", "pypi.org", 1), agent="docs-bot")
        await of.case(of.effect("http.get", "pypi.org", 1), agent="docs-bot", code="again")
        await of.case(of.effect("http.get", "pypi.org", 1), agent="other", code="again")
        await of.week(agent="docs-bot")

        def marked(app: Console) -> list[str]:
            return [row[1:5] for row in screen_text(app)[2:8] if "✱new host" in row]

        async with opened(of) as (app, pilot, hands):
            assert marked(app) == ["0001", "0002", "0003"]
            assert any("Look  ✱ first time docs-bot fetches from pypi.org" in row for row in screen_text(app))
            await press(pilot, hands, "/", *"is:new agent:docs-bot", "enter")
            assert [row[1:5] for row in screen_text(app)[2:5]] == ["0001", "0002", "    "]
            await press(pilot, hands, "escape")
            done = dataclasses.replace(first, stage=Stage.DONE, outcome="done")
            await of.store.save(done, (AuditEvent(kind="case.closed", case=1),), now=of.wall.now(), before=first, policy_digest=None)
            hands.turn(2)
            await until(pilot, lambda: marked(app) == ["0003"])
            await press(pilot, hands, "down")
            await until(pilot, lambda: any(row.startswith(" 0002 Fetches from pypi.org") for row in screen_text(app)))
            assert not any("first time" in row for row in screen_text(app))


async def test_approve_in_the_queue_approves_nothing_and_says_where_it_is_done(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, QueueScreen)
            assert any("⏎ opens 0001: it is approved there, once you have read it." in row for row in screen_text(app))
        assert (await of.desk.case(case.id)).approvals == ()
