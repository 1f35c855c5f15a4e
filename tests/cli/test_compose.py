import asyncio
import logging
import os
import shutil
import threading
from collections.abc import Callable

import pytest
import structlog

from guard import config
from guard.cli import compose
from guard.errors import ConfigError, PolicyError
from guard.ports import Analyst, Leases, Sandbox, Store, Workspace
from tests.cli.build import FETCHES, Home

FORBIDS = '@id("no-network") @why("None.") forbid (principal, action in Guard::Action::"network", resource);\n'


def test_an_engine_that_runs_has_every_part_and_the_desks_has_no_box(home: Home) -> None:
    async def look() -> None:
        for runs in (True, False):
            async with compose.open_engine(home.config, runs=runs) as engine:
                found = engine.parts
                for name in (n for kind in (Store, Leases, Analyst, Workspace) for n in vars(kind) if not n.startswith("_")):
                    assert any(hasattr(part, name) for part in (found.store, found.leases, found.analyst, found.workspace)), name
                assert (found.sandbox is not None) is runs
                if found.sandbox:
                    assert {name for name in vars(Sandbox) if not name.startswith("_")} <= set(dir(found.sandbox))

    asyncio.run(look())


@pytest.mark.parametrize(
    ("engine", "socket", "kinds"),
    [
        ("auto", "", ["bubblewrap"]),
        ("auto", "/run/engine.sock", ["bubblewrap", "container"]),
        ("bubblewrap", "/run/engine.sock", ["bubblewrap"]),
        ("container", "/run/engine.sock", ["container"]),
    ],
)
def test_the_configuration_names_the_kinds_of_boxes_in_order(home: Home, engine: str, socket: str, kinds: list[str]) -> None:
    chosen = config.SandboxTable(engine=engine, socket=socket)
    assert [kind.name for kind in compose.boxes(home.config.model_copy(update={"sandbox": chosen}))] == kinds


def test_an_engine_that_cannot_be_made_leaves_no_thread_behind(home: Home) -> None:
    before = threading.active_count()
    elsewhere = home.config.model_copy(update={"policies": home.root / "other"})

    async def open_() -> None:
        async with compose.open_engine(elsewhere, runs=True):
            raise AssertionError("it opened")

    with pytest.raises((ConfigError, PolicyError)):
        asyncio.run(open_())
    assert threading.active_count() <= before


def _told(home: Home, *steps: Callable[[], object]) -> list[tuple[str, set[str]]]:
    """What a running engine says is wrong with the policies, and which are in force, once it has seen each of these edits."""

    async def edit() -> list[tuple[str, set[str]]]:
        found = []
        async with compose.open_engine(home.config, runs=True) as engine:
            for step in steps:
                before = await engine.store.policies()
                seen = await engine.store.wait(-1, 0)
                step()
                async with asyncio.timeout(20):
                    while (now := await engine.store.policies()) == before:
                        seen = await engine.store.wait(seen, 5)
                assert now is not None
                found.append((now.problem, {note.id for note in (await engine.world()).policies.notes.values()}))
        return found

    return asyncio.run(edit())


def test_an_edit_of_the_policies_is_taken_up_by_a_running_engine(home: Home) -> None:
    (home.policies / "default.examples.toml").unlink()
    ((problem, ids),) = _told(home, lambda: (home.policies / "team.cedar").write_text(FORBIDS))
    assert (problem, "no-network" in ids) == ("", True)


def test_edits_are_still_taken_up_when_the_folder_was_away_and_another_one_took_its_place(home: Home) -> None:
    (home.policies / "default.examples.toml").unlink()
    aside = home.policies.with_name("aside")

    def back() -> None:
        shutil.copytree(aside, home.policies)
        (home.policies / "team.cedar").write_text(FORBIDS)

    (gone, kept), (problem, ids) = _told(home, lambda: home.policies.rename(aside), back)
    assert "does not exist" in gone
    assert "destroying-needs-a-backup" in kept, "the last good set stays in force"
    assert (problem, "no-network" in ids) == ("", True)


def test_edits_are_still_taken_up_after_an_examples_file_that_says_what_it_cannot(home: Home) -> None:
    examples = home.policies / "default.examples.toml"

    def corrected() -> None:
        examples.unlink()
        (home.policies / "team.cedar").write_text(FORBIDS)

    (wrong, kept), (problem, ids) = _told(home, lambda: examples.write_text("example = 5"), corrected)
    assert "default.examples.toml" in wrong
    assert "destroying-needs-a-backup" in kept
    assert (problem, "no-network" in ids) == ("", True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_edits_are_still_taken_up_after_the_folder_could_not_be_read_for_a_while(home: Home) -> None:
    (home.policies / "default.examples.toml").unlink()
    (home.policies / "team.cedar").write_text(FORBIDS)

    def readable() -> None:
        home.policies.chmod(0o700)
        (home.policies / "team.cedar").unlink()

    (problem, kept), (none, ids) = _told(home, lambda: home.policies.chmod(0), readable)
    assert "Permission denied" in problem
    assert "no-network" in kept
    assert (none, "no-network" in ids) == ("", False)


def test_the_overrides_of_the_command_line_reach_the_configuration(home: Home) -> None:
    other = home.root / "other project"
    other.mkdir()
    config = compose.configured(other, "other-agent")
    assert (config.workspace, config.agent) == (other, "other-agent")


def test_logs_go_to_stderr_with_their_values_quoted(home: Home) -> None:
    home.capture.readouterr()
    compose.log_to_stderr(logging.INFO)
    try:
        structlog.get_logger("guard").info("seen", text="a\x1b[2J\u202eb")
    finally:
        structlog.reset_defaults()
    said = home.capture.readouterr()
    assert said.out == ""
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err
    assert "event='seen'" in said.err


def test_two_guards_of_one_state_folder_see_the_same_queue(home: Home) -> None:
    case = home.submitted(FETCHES)

    async def look() -> None:
        async with compose.open_desk(home.config) as one, compose.open_desk(home.config) as other:
            assert [c.id for c in await one.queue()] == [c.id for c in await other.queue()] == [case.id]

    asyncio.run(look())
