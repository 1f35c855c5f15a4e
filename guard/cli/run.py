"""`guard run`: one program through the whole of guard, here: decided, parked if need be, run in the box, committed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.cli.inputs import read
from guard.cli.serve import AGENT, WORKSPACE
from guard.cli.terminal import progress, prose, say

if TYPE_CHECKING:
    from guard.config import Config
    from guard.engine import Engine
    from guard.model import Case
    from guard.upstream.command import Command

EXIT = {"done": 0, "failed": 1, "interrupted": 1, "waiting": 10, "expired": 10, "denied": 20, "rejected": 20}


def run(
    *,
    file: Path = typer.Argument(help="The program; - is stdin."),
    language: str = typer.Option("", "--language", help="The language, where the file's name does not tell.", show_default=False),
    wait: bool = typer.Option(True, "--wait/--no-wait", help="Stay while it waits for a person; it runs here then."),
    raw: bool = typer.Option(False, "--raw", help="Print what the program printed as it is, hidden characters too."),
    profile: str = typer.Option(
        "", "--profile", help="Hand it to the command of this profile (lootbox) instead of the box.", show_default=False
    ),
    workspace: Path | None = WORKSPACE,
    agent: str = AGENT,
) -> None:
    """Submit a program and run it here once it may run.

    If a person edits it meanwhile, what they made of it runs, and this says so.

    With --profile the program goes to a command that has no box of guard's: what is not proven harmless waits for a person.

    Exit code: 0 if it ran and its changes were kept, 1 if it failed, 10 if it still waits or expired, 20 if it was denied or rejected.
    """
    from guard.cli import compose

    config = compose.configured(workspace, agent)
    spoken, code = read(file, language)
    command = _command(config, profile) if profile else None
    case = asyncio.run(_run(config, spoken, code, wait=wait, command=command))
    _report(case, raw=raw)
    raise typer.Exit(EXIT.get(case.stage.value, 1))


def _command(config: Config, name: str) -> Command:
    from guard.errors import BadInput
    from guard.upstream.catalogue import profiles
    from guard.upstream.command import Command

    known = {profile.name: profile for profile in profiles(config.path.parent / "profiles")}
    if name not in known:
        commands = ", ".join(sorted(profile.name for profile in known.values() if profile.command))
        raise BadInput(f"There is no profile {name!r}", hint=f"Those of commands: {commands}.")
    return Command(known[name])


async def _run(config: Config, language: str, code: str, *, wait: bool, command: Command | None) -> Case:
    from guard.cli import compose
    from guard.model import ANSWERED, Stage, Submission

    async with compose.open_engine(config, runs=command is None, upstream=command) as engine:
        if command is None:
            progress("Proving that the box can deny …")
            await engine.prove()
        engine.start()
        progress("Deciding …")
        submission = Submission(agent=config.agent, language=language, code=code, tool="run")
        case = await engine.submit(command.submission(config.agent, code) if command else submission)
        longest = config.box_limits.wall_seconds + 60
        case = await engine.settled(case.id, longest, at=ANSWERED)
        if case.stage is Stage.WAITING:
            _parked(case)
        return await _to_the_end(engine, case, config) if wait else case


async def _to_the_end(engine: Engine, case: Case, config: Config) -> Case:
    """Until it is final, or what people edited it into is: as long as people may take, and the run after it."""
    from guard.cli import page
    from guard.model import Stage

    longest = config.wait_seconds + 2 * config.box_limits.wall_seconds + 60
    while (case := await engine.settled(case.id, longest)).successor:
        was, case = case, await engine.store.load(case.successor)
        editor = page.safe(case.submission.edited_by)
        _note(f"{editor} edited case {page.number(was.id)}: what counts now is case {page.number(case.id)}.")
        if case.stage is Stage.WAITING:
            _parked(case)
    return case


def _parked(case: Case) -> None:
    from guard.cli import page

    number = page.number(case.id)
    _note(
        f"Case {number} waits: {page.verdict_line(case.decision)}.",
        *(f"  {line}" for line in page.effect_lines(case.decision, case.facts)),
        f"  guard approve {number}    guard reject {number} --reason …",
    )


def _note(*lines: str) -> None:
    """Say something beside the program's own output."""
    for line in prose(lines, sys.stderr):
        print(line, file=sys.stderr, flush=True)


def _report(case: Case, *, raw: bool) -> None:
    from guard.cli import page
    from guard.visible import lines

    if case.execution and case.answerable:
        if raw:
            sys.stdout.write(case.execution.stdout)
            sys.stderr.write(case.execution.stderr)
        else:
            say(line.text.text for line in lines(case.execution.stdout) if case.execution.stdout)
            for line in lines(case.execution.stderr) if case.execution.stderr else ():
                print(line.text.text, file=sys.stderr)
    if case.submission.edited_by:
        what = "What ran" if case.execution and case.answerable else "What was decided on"
        _note(f"{what} is the program as {page.safe(case.submission.edited_by)} edited it, not the file.")
    _note(f"Case {page.number(case.id)}: {case.stage.value}. {page.safe(case.outcome)}")
