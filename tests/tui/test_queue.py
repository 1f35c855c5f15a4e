"""The queue: live, still under the cursor, and deaf to pastes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from guard.model import Stage
from tests.tui.build import PASSPHRASE, bench, console, press, read, screen_text, send, settle, until, wait_dead
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
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            hands.turn(2)
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
                for _ in range(6):
                    await read(pilot, hands)
                    await press(pilot, hands, "space")
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
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            hands.turn(2)
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
