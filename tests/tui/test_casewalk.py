"""Going through a case: jumps, pages, folds, searches."""

from __future__ import annotations

from pathlib import Path

from guard.model import Change, EntryKind
from tests.tui.build import (
    bench,
    opened,
    press,
    read,
    read_all,
    rehearsed,
    screen_text,
    settle,
    there,
)
from tui.case import CaseScreen


async def test_enter_jumps_from_an_effect_to_its_line_and_back(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "j")
            await press(pilot, hands, "enter", apart=0.6)
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            assert screen.tab == 2
            assert screen.main.document.lines[screen.main.cursor].number == "21"
            await press(pilot, hands, "enter", apart=0.6)
            assert screen.tab == 1
            assert screen.left.document.lines[screen.left.cursor].key == ("effect", 0)
            await press(pilot, hands, "n", "n")
            assert screen.main.document.lines[screen.main.cursor].number == "27"


async def test_after_a_trial_the_line_that_destroys_is_marked_and_effect_and_line_lead_to_each_other(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.case(of.effect("fs.delete", "reports/", 10, exact=False), of.effect("fs.list", "reports/", 4))
        gone = Change(kind=EntryKind.DELETED, path="reports/a.txt", before=there(b"old\n"))
        await rehearsed(of, case, gone)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            assert any("deletes reports/a.txt  L10" in row for row in screen_text(app))
            await press(pilot, hands, "2")
            assert any(row.startswith("D  10 ") for row in screen_text(app)), "\n".join(screen_text(app))
            await press(pilot, hands, "n")
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            assert screen.view.document.lines[screen.view.cursor].key == ("line", 10)
            await press(pilot, hands, "enter", apart=0.6)
            assert screen.tab == 1
            assert screen.view.document.lines[screen.view.cursor].key == ("effect", 0)


async def test_what_a_deleted_file_held_is_one_key_away_and_the_status_says_that_it_is_folded(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.case(of.effect("fs.delete", "old.txt", 1))
        held = "".join(f"line {i}\n" for i in range(60)).encode()
        (of.root / "project" / "old.txt").write_bytes(held)
        await rehearsed(of, case, Change(kind=EntryKind.DELETED, path="old.txt", before=there(held)))
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            await read_all(pilot, hands)
            assert any("all of it, deleted files folded · ready to decide" in row for row in screen_text(app))
            await press(pilot, hands, "3", "j", "j")
            await press(pilot, hands, "enter", apart=0.6)
            text = "\n".join(screen_text(app))
            assert "old.txt  deleted: what it held, 60 lines" in text
            assert "line 0" in text
            await press(pilot, hands, "escape")
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            assert screen._shown_words() == "all 15 lines, all effects, all changes but what deleted files held"


async def test_slash_finds_a_text_in_what_is_shown_and_goes_round(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2", "slash", *"ROWS", apart=0.6)
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            found = []
            for _ in range(5):
                await press(pilot, hands, "enter", apart=0.6)
                found.append(screen.view.document.lines[screen.view.cursor].number)
            assert found == ["3", "5", "8", "15", "3"]
            await press(pilot, hands, "escape", "slash", *"zzz", "enter", apart=0.6)
            assert "Not found." in "\n".join(screen_text(app))
            await press(pilot, hands, "q", apart=0.6)
            assert app.screen is app.queue


async def test_approving_too_early_shows_what_is_unread_and_says_so_until_it_was_seen(tmp_path: Path) -> None:
    said = "First what was not on the screen yet"
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            await press(pilot, hands, "a")
            assert any(said in row for row in screen_text(app))
            await read(pilot, hands)
            assert any(said in row for row in screen_text(app)), "it stands until the next key"
            await press(pilot, hands, "j", apart=0.6)
            assert not any(said in row for row in screen_text(app))
            assert any("not shown yet" in row for row in screen_text(app))


async def test_space_leaves_no_page_before_it_counts_and_begins_the_changes_at_their_top(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "out.txt", 1), code="\n".join(f"print({n})" for n in range(60)))
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", apart=0.6)
            while app.screen.tab == 1:
                await press(pilot, hands, "space", apart=0.6)
            assert app.screen.main.scroll_offset.y == 0
            await press(pilot, hands, "space", apart=0.01)  # too soon: what is there does not count yet
            assert (app.screen.tab, app.screen.main.scroll_offset.y) == (2, 0)
            assert any("One moment" in row for row in screen_text(app))
            tops = []
            while app.screen.reading.missing():
                hands.turn(0.6)
                await settle(pilot)
                tops.append(app.screen.main.scroll_offset.y)
                await press(pilot, hands, "space", apart=0.6)
            assert tops == sorted(tops), "it goes on, and never back"
