"""A case on the screen: what is shown of it, what was, and whether it can be answered here."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from guard.model import Stage
from tests.tui.build import (
    bench,
    console,
    opened,
    press,
    read,
    read_all,
    screen_text,
    settle,
    until,
)
from tui.case import CaseScreen
from tui.queue import QueueScreen
from tui.reject import RejectDialog


async def test_only_rows_that_stayed_on_the_screen_count_and_only_while_the_terminal_had_the_focus(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code="\n".join(f"x{i} = {i}" for i in range(100)))
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2")
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            part = screen.reading.parts["code"]
            await press(pilot, hands, "end", "g", apart=0.05)  # past everything in a moment
            assert part.share[0] == 0
            await read(pilot, hands)
            first = part.share[0]
            assert 0 < first < part.share[1]
            from textual import events

            app.post_message(events.AppBlur())
            await settle(pilot)
            await press(pilot, hands, "pagedown", "pagedown")
            app.focused_terminal = False
            await read(pilot, hands)
            assert part.share[0] == first
            app.post_message(events.AppFocus())
            await settle(pilot)
            await read(pilot, hands)
            assert part.share[0] > first
            seen = part.share[0]
            await press(pilot, hands, "question_mark")  # a dialog over it
            await read(pilot, hands)
            assert part.share[0] == seen
            await press(pilot, hands, "escape", "end")
            await read(pilot, hands)
            assert "not shown yet" in "\n".join(screen_text(app))  # there is a gap in the middle
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            for _ in range(20):
                await press(pilot, hands, "space")
                await read(pilot, hands)
            assert screen.reading.complete
            await pilot.resize_terminal(100, 30)
            await settle(pilot)
            assert screen.reading.complete  # a resize keeps what was shown


async def test_who_is_not_registered_reads_only(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person("bea", me=False)
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert "You are not registered here" in "\n".join(screen_text(app))


async def test_a_program_too_long_to_review_cannot_be_approved_here(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code="x = 1\n" * 6000)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert "rows cannot be reviewed here" in "\n".join(screen_text(app))
            await press(pilot, hands, "r", apart=0.6)
            assert isinstance(app.screen, RejectDialog)
            assert "cannot be reviewed" in "\n".join(screen_text(app))


async def test_approving_too_early_says_what_is_left_to_read(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await read(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            assert "First what was not on the screen yet: lines 1–32. Then press it again." in " ".join(" ".join(screen_text(app)).split())


async def test_an_edit_of_the_case_that_is_opened_shows_from_whom_it_came(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first = await of.week()
        await of.case(of.effect("fs.write", "b.txt", 1), code="y = 2\n", parent=first.id, edited_by="bea", agent="editor")
        app, _ = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.open_case(first.id + 1)
            await settle(pilot)
            assert f"0002  editor  python · 1 line · edit of {first.id:04d} by bea" in "\n".join(screen_text(app))
            assert dataclasses.is_dataclass(first)


async def test_however_long_the_names_are_its_time_is_on_the_screen(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        first = await of.week()
        name = "an-agent-with-a-rather-long-name-of-its-own"
        await of.case(of.effect("fs.write", "b.txt", 1), code="y = 2\n", parent=first.id, edited_by="bea", agent=name)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "/", *"long", "enter", apart=0.6)
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            await settle(pilot)
            assert screen_text(app)[0].rstrip().endswith("asked 1m ago, 59m left")


async def test_the_ledger_keeps_who_opened_a_case_how_long_and_how_much_of_it_was_shown(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await press(pilot, hands, "q")  # a glance
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
            assert [m for m in await of.desk.timeline(case.id) if m.kind == "case.opened"] == []
            hands.turn(2)
            await press(pilot, hands, "enter", apart=0.6)
            await read(pilot, hands)
            await press(pilot, hands, "space", apart=5.0)
            await read(pilot, hands)
            await press(pilot, hands, "q")
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
            hands.turn(2)
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            hands.turn(30)
        kept = [m.data for m in await of.desk.timeline(case.id) if m.kind == "case.opened"]
        assert [one["person"] for one in kept] == ["ann", "ann"], "also when the console ends"
        assert kept[0]["shown"].startswith("all of it; open for ")
        seconds = [int(one["shown"].split()[-2]) for one in kept]
        assert 5 <= seconds[0] < 30 <= seconds[1]


async def test_a_settled_case_offers_no_answer_in_its_footer(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            assert "r reject" in screen_text(app)[-1]
            await of.desk.reject(case.id, person="ann", reason="no")
            hands.turn(2)
            await until(pilot, lambda: "r reject" not in screen_text(app)[-1])
            assert screen_text(app)[-1].split() == ["space", "read", "n", "next", "effect", "?", "keys", "q", "back"]


async def test_a_refusal_that_no_policy_speaks_in_says_why_it_is_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        (of.root / "etc" / "policies" / "default.cedar").write_text("")
        await of.engine.refresh_policies()
        case = await of.week()
        assert case.stage is Stage.DENIED
        async with opened(of) as (app, pilot, hands):
            app.open_case(case.id)
            await settle(pilot)
            said = " ".join(" ".join(row.split()) for row in screen_text(app))
            assert "WHY IT IS REFUSED W R No policy permits it. Refused: no approval changes that." in said


async def test_a_case_names_the_others_that_wait_and_touch_the_same_file(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.case(of.effect("fs.read", "reports/week.md", 1), code="print(2)", ago=50)
        await of.case(of.effect("fs.read", "reports/else.md", 1), code="print(3)", ago=40)
        await of.case(of.effect("fs.delete", "reports/week.md", 1), code="print(4)", ago=30)
        async with opened(of) as (app, pilot, hands):
            app.open_case(1)
            await settle(pilot)
            assert any("Also  0002, 0004 wait and touch reports/week.md too" in row for row in screen_text(app))
