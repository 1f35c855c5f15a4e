"""Approve for a while: the text first, the same presence, listed, revoked."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from guard.model import Stage
from tests.tui.build import (
    PASSPHRASE,
    Bench,
    Hands,
    bench,
    console,
    opened,
    press,
    read,
    read_all,
    screen_text,
    send,
    settle,
    until,
    wait_dead,
)
from tui.case import CaseScreen
from tui.choices import Choices
from tui.fields import Field
from tui.grants import GrantsScreen, RevokeDialog, WhileDialog


def text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_text(pilot.app))  # type: ignore[arg-type]


async def fetch(of: Bench, host: str = "docs.python.org", **fields: object) -> object:
    return await of.case(of.effect("http.get", host, 3), agent="docs-bot", **fields)  # type: ignore[arg-type]


async def to_while(pilot: Pilot[None], hands: Hands) -> None:
    """Open the case at the cursor, read it all, press `w`, type what is new."""
    hands.turn(2)
    await press(pilot, hands, "enter", apart=0.6)
    await read_all(pilot, hands)
    await press(pilot, hands, "w", apart=0.6)
    assert isinstance(pilot.app.screen, WhileDialog), text(pilot)
    dialog = pilot.app.screen
    await until(pilot, lambda: dialog.draft is not None)
    await read(pilot, hands)
    await wait_dead(pilot, hands)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_grant_is_shown_as_text_signed_with_a_passphrase_listed_and_revoked(tmp_path: Path, size: tuple[int, int]) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await fetch(of)
        await fetch(of, code="print(2)", ago=5)
        app, hands = console(of)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await to_while(pilot, hands)
            shown = text(pilot)
            assert '@id("docs-bot-may-get-docs-python-org-443-0001") @uses("10")' in shown
            assert ') when { context.now < datetime("2026-11-22T13:00:00Z") };' in shown
            assert "releases this case, and 1 more: 0002" in shown
            assert "guard sees the host only" in shown
            assert await of.desk.grants() == []
            await press(pilot, hands, "down", "down", "right", apart=0.2)  # 50 times
            await until(pilot, lambda: '@uses("50")' in text(pilot))
            await read(pilot, hands)
            await press(pilot, hands, "tab", *PASSPHRASE, "tab", *"docs.python.org", apart=0.06)
            assert await of.desk.grants() == []
            await press(pilot, hands, "tab", "tab", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            await until(pilot, lambda: "Granted until 22 Nov 13:00 UTC, 50 times. It releases 0001, 0002." in text(pilot))
            (grant,) = await of.desk.grants()
            assert (grant.person, grant.left) == ("ann", 50)
            await press(pilot, hands, "q", apart=0.6)
            await press(pilot, hands, "w", apart=0.6)
            assert isinstance(app.screen, GrantsScreen)
            await until(pilot, lambda: "docs-bot may fetch from docs.python.org" in text(pilot))
            await until(pilot, lambda: "permit (" in text(pilot))
            await press(pilot, hands, "r", apart=0.6)
            assert isinstance(app.screen, RevokeDialog)
            assert "← goes to Back  esc, ⏎ presses what is marked" in text(pilot)
            for back in (["left", "enter"], ["escape"]):
                await press(pilot, hands, *back, apart=0.6)
                await until(pilot, lambda: "Nothing was revoked." in text(pilot))
                assert len(await of.desk.grants()) == 1
                await press(pilot, hands, "r", apart=0.6)
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "no grants in force" in text(pilot))
            assert "Revoked" in text(pilot)
        assert await of.desk.grants() == []


async def test_nothing_is_granted_before_passphrase_typed_word_and_text_shown(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await fetch(of)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await to_while(pilot, hands)
            sign = app.screen.query_one("#sign")
            assert sign.dead  # type: ignore[attr-defined]
            app.screen.query_one("#typed").value = "docs.python.org"  # type: ignore[attr-defined]
            await settle(pilot)
            assert not sign.dead  # type: ignore[attr-defined]
            sign.focus()
            await press(pilot, hands, "enter", apart=0.6)
            await until(pilot, lambda: "passphrase" in text(pilot).lower())
            assert isinstance(app.screen, WhileDialog)
            app.screen.query_one(Choices).focus()
            await press(pilot, hands, "right")  # a wider place: another text, not shown yet
            assert sign.dead  # type: ignore[attr-defined]
        assert await of.desk.grants() == []


async def test_what_is_typed_goes_where_it_is_asked_for_wherever_the_focus_is(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await fetch(of)
        async with opened(of) as (app, pilot, hands):
            await to_while(pilot, hands)
            assert app.focused is app.screen.query_one(Choices)
            await press(pilot, hands, *PASSPHRASE, "enter", "up", "down", apart=0.3)
            assert app.focused is app.screen.query_one(Choices), "arrows move the rows from anywhere"
            app.screen.query_one("#sign").focus()
            await settle(pilot)
            assert "(· Sign the grant ·)" in text(pilot)
            await press(pilot, hands, "enter", apart=0.6)
            assert "Type “docs.python.org”; nothing was typed." in text(pilot)
            await press(pilot, hands, *"docs.python.org")
            assert (app.screen.query_one("#passphrase", Field).value, app.screen.query_one("#typed", Field).value) == (
                PASSPHRASE,
                "docs.python.org",
            )
            await press(pilot, hands, "enter", apart=0.6)
            assert "→ goes on to Sign the grant" in text(pilot)
            await press(pilot, hands, "right", "enter", apart=0.6)
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
        assert len(await of.desk.grants()) == 1


async def test_letters_pasted_as_keys_while_the_rows_have_the_focus_are_not_typed(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await fetch(of)
        async with opened(of) as (app, pilot, hands):
            await to_while(pilot, hands)
            app.screen.query_one("#passphrase", Field).value = PASSPHRASE
            for key in "docs.python.org":
                send(app, key)
            await settle(pilot)
            hands.turn(0.1)
            await settle(pilot)
            assert app.screen.query_one("#typed", Field).value == ""
            assert "Type it; a paste does not count." in text(pilot)


@pytest.mark.parametrize("kind", ["fs.delete", "secret.read", "fs.surface", "opaque"])
async def test_what_must_be_looked_at_each_time_is_never_offered(tmp_path: Path, kind: str) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect(kind, ".env" if kind == "secret.read" else "Makefile", 1))
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "w", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            assert "Not offered" in text(pilot)


async def test_a_case_settled_elsewhere_closes_the_dialog_and_grants_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        case = await fetch(of)
        app, hands = console(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await to_while(pilot, hands)
            await of.desk.reject(case.id, person="bea", reason="no")  # type: ignore[attr-defined]
            await until(pilot, lambda: isinstance(app.screen, CaseScreen))
            await until(pilot, lambda: "bea rejected it: no" in text(pilot))
        assert (await of.desk.case(case.id)).stage is Stage.REJECTED  # type: ignore[attr-defined]
        assert await of.desk.grants() == []


async def test_a_grant_that_does_not_release_the_case_names_the_policy_that_holds_it_and_what_that_wants(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        held = '@id("fetches-need-a-person") @why("x") forbid (principal, action == Guard::Action::"http.get", resource) unless { context.approvals >= 1 };'
        (of.root / "etc" / "policies" / "team.cedar").write_text(held)
        await of.engine.refresh_policies()
        await of.person()
        await fetch(of)
        async with opened(of, size=(160, 50)) as (app, pilot, hands):
            await to_while(pilot, hands)
            assert "does not release this case: 1 person by fetches-need-a-person" in text(pilot)
            assert isinstance(app.screen, WhileDialog)
