"""A command that runs programs, behind guard: a real process, decided before it starts, started once."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from pathlib import Path

import pytest

from guard.analyse import analyse
from guard.errors import ConfigError, NotForwarded
from guard.model import Case, Ending, Facts, Kind
from guard.upstream.catalogue import profiles
from guard.upstream.command import MOST_OUTPUT, Command
from tests import build

PROFILES = {profile.name: profile for profile in profiles(Path("/nonexistent"))}
FACTS = Facts(workspace="/work/project", home="/home/ann")


@pytest.fixture
def lootbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command that notes what it was given, and then does what the test writes after it."""
    made = tmp_path / "bin" / "lootbox"
    made.parent.mkdir()
    made.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/notes\n')
    made.chmod(0o755)
    monkeypatch.setenv("PATH", f"{made.parent}:/usr/bin:/bin")
    return made


async def decided(command: Command, code: str) -> Case:
    submission = command.submission("claude", code)
    call = await command.describe(submission, FACTS)
    return dataclasses.replace(build.case(), submission=submission, facts=call.facts, box=call.box)


async def test_the_command_gets_exactly_the_program_and_its_output_comes_back(lootbox: Path, tmp_path: Path) -> None:
    lootbox.write_text(lootbox.read_text() + "echo said; echo wrong >&2; exit 3\n")
    command = Command(PROFILES["lootbox"])
    code = 'console.log("a");\n// $(rm -rf /) \'"'
    execution = await command.call(await decided(command, code))
    assert (tmp_path / "notes").read_text() == f"exec\n{code}\n"
    assert (execution.stdout, execution.stderr, execution.exit_code, execution.succeeded) == ("said\n", "wrong\n", 3, False)


async def test_its_tools_are_effects_and_nothing_of_it_can_be_restored(lootbox: Path) -> None:
    command = Command(PROFILES["lootbox"])
    call = await command.describe(command.submission("claude", "1"), FACTS)
    assert (call.program, call.facts.restorable, call.facts.workspace) == (True, False, "")
    found = analyse("typescript", "await tools.files.delete_file({path: 'a'})", call.facts)
    assert (Kind.TOOL_DESTRUCTIVE, "lootbox/files.delete_file") in {(effect.kind, effect.resource.name) for effect in found.effects}


async def test_a_command_that_became_another_after_the_decision_is_not_started(lootbox: Path, tmp_path: Path) -> None:
    command = Command(PROFILES["lootbox"])
    case = await decided(command, "1")
    lootbox.write_text("#!/bin/sh\ntouch was-here\n")
    with pytest.raises(NotForwarded, match="another program"):
        await command.call(case)
    lootbox.unlink()
    with pytest.raises(NotForwarded, match="no command"):
        await command.describe(case.submission, FACTS)
    assert not (tmp_path / "notes").exists()


async def test_a_flood_is_cut_and_what_is_left_running_ends_with_it(lootbox: Path, tmp_path: Path) -> None:
    lootbox.write_text(
        f"#!{shutil.which('sh')}\nhead -c {MOST_OUTPUT + 10} /dev/zero | tr '\\0' x\nsleep 600 > /dev/null 2>&1 &\necho $! > {tmp_path}/pid\n"
    )
    command = Command(PROFILES["lootbox"])
    execution = await command.call(await decided(command, "1"))
    assert (len(execution.stdout), execution.truncated, execution.ending) == (MOST_OUTPUT, True, Ending.EXITED)
    process = Path("/proc") / (tmp_path / "pid").read_text().strip()
    async with asyncio.timeout(10):
        while process.exists() and " Z " not in (process / "stat").read_text():
            await asyncio.sleep(0.01)


def test_a_profile_of_a_server_is_no_command() -> None:
    with pytest.raises(ConfigError, match="not of a command"):
        Command(PROFILES["cloudflare"])
