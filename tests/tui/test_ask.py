"""The ask dialog: a question to the agent, which changes nothing; the answer stands last, marked and escaped."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.events import Answered
from guard.model import Stage
from tests.tui.build import bench, console, opened, press, screen_text, settle, until
from tui.ask import AskDialog
from tui.case import CaseScreen
from tui.queue import QueueScreen


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_question_goes_to_the_agent_and_its_answer_stands_last_marked_and_escaped(tmp_path: Path, size: tuple[int, int]) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week(intent="A report.")
        async with opened(of, size=size) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "m", apart=0.6)
            assert isinstance(app.screen, AskDialog)
            await press(pilot, hands, "w", "h", "y", "?")
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: any("✓ Asked." in row for row in screen_text(app)))
            asked = await of.desk.case(case.id)
            assert [(said.person, said.text) for said in asked.asked] == [("ann", "why?")]
            assert (asked.stage, asked.seal, asked.expires_at) == (Stage.WAITING, case.seal, case.expires_at)

            await of.engine.feed(case.id, Answered(text="[/] \x1b]52;c;eA==\x07\u202etxt \u200b"))
            hands.turn(2)
            await until(pilot, lambda: any("The agent answered." in row for row in screen_text(app)))
            await press(pilot, hands, "6")
            rows = "\n".join(screen_text(app))
            places = [
                rows.index(text)
                for text in ("THE AGENT SAYS", "A report.", "ASKED", "why?", "THE AGENT ANSWERS", "unverified  ", "[/] ‹U+001B ESC›")
            ]
            assert places == sorted(places)
            assert "‹U+202E RLO›txt" in rows
            assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(rows)


async def test_the_queue_marks_what_the_agent_answered(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        await of.desk.ask(case.id, person="ann", text="why?")
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert not any("answered" in row for row in screen_text(app))
            await of.engine.feed(case.id, Answered(text="because"))
            hands.turn(2)
            await until(pilot, lambda: any("answered" in row for row in screen_text(app)))
            await press(pilot, hands, "/", *"is:answered")
            assert any("0001" in row and "answered" in row for row in screen_text(app))


async def test_a_question_that_is_not_taken_says_why(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        for _ in range(10):
            await of.desk.ask(case.id, person="ann", text="why?")
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "m", "ctrl+s", apart=0.6)
            assert any("Type what you want to know." in row for row in screen_text(app))
            await press(pilot, hands, "x", "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            assert any("Not asked: The agent was asked 10 times" in row for row in screen_text(app))


async def test_back_asks_nothing_and_a_pasted_burst_opens_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "m", apart=0.6)
            assert isinstance(app.screen, QueueScreen), "not from the queue"
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "m", "x", apart=0.6)
            await press(pilot, hands, "escape", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
        assert (await of.desk.case(case.id)).exchange == ()
