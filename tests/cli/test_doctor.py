import asyncio
import os

import pytest

from guard.cli import compose
from guard.model import AuditEvent
from tests.cli.build import Home
from tests.sandbox.folding import mounted, needs_fuse


def test_everything_holds_on_a_machine_that_can_run_guard(home: Home) -> None:
    said = home.guard("doctor")
    assert said.code == 0, said.out
    for name in (
        "versions",
        "configuration",
        "state",
        "policies",
        "ledger",
        "people",
        "bubblewrap: box",
        "bubblewrap: copy-on-write",
        "workspace",
    ):
        assert f"  {name}" in said.out, name
    assert "Everything holds." in said.out
    assert "MISSING" not in said.out
    assert home.guard("doctor").code == 0  # what the first one left is private, too


def test_without_a_configuration_doctor_says_what_to_do(bare: Home) -> None:
    said = bare.guard("doctor")
    assert said.code == 1
    assert "guard init" in said.out


def test_one_failing_check_does_not_hide_the_others(home: Home) -> None:
    (home.policies / "team.cedar").write_text("permit;")
    (home.state / "selftest.bubblewrap.json").write_text("{}")
    (home.state / "open").mkdir(mode=0o755)
    said = home.guard("doctor")
    assert said.code == 1
    assert "team.cedar:1" in said.out
    assert "open to other users" in said.out
    assert "entries verify" in said.out
    assert "bubblewrap: box" in said.out


def test_nobody_who_can_approve_is_missing(bare: Home) -> None:
    said = bare.init().guard("doctor")
    assert said.code == 1
    assert "nobody here can approve" in said.out


@pytest.mark.parametrize("token", [True, False])
def test_a_guard_that_asked_for_no_token_is_named(token: bool, home: Home) -> None:
    async def start() -> None:
        async with compose.open_store(home.config) as store:
            data = {"transport": "http", "token": token}
            await store.append([AuditEvent(kind="guard.started", data=data)], now=compose.WallClock().now())

    asyncio.run(start())
    assert ("accepted  http" in home.guard("doctor").out) is not token


def test_unattended_approvals_are_said_to_be_accepted(home: Home) -> None:
    assert "accepted  people" in home.guard("doctor").out


def test_a_workspace_that_no_box_can_have_is_missing(home: Home) -> None:
    os.setxattr(home.workspace, "user.overlay.opaque", b"y")
    said = home.guard("doctor")
    assert said.code == 1
    assert "MISSING   workspace" in said.out
    assert "attributes of an overlay file system" in said.out


@needs_fuse
def test_a_workspace_whose_file_system_folds_names_is_said_to(bare: Home) -> None:
    (bare.root / "below").mkdir()
    (bare.root / "below" / "file").touch()
    with mounted(bare.root / "below", bare.workspace):
        assert "takes other spellings" in bare.init().guard("doctor").out
