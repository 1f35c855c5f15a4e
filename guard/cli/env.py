"""`guard env`: the packages that programs in the box may import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import progress, say
from guard.errors import BadInput

if TYPE_CHECKING:
    from guard.sandbox.environment import Environment, Environments

RESTART = "A guard that runs keeps what it started with: restart it. Cases that wait were sealed with the old packages."


def add(packages: list[str] = typer.Argument(help="Names as on PyPI, with versions if you like: 'pandas>=2,<3'.")) -> None:
    """Install packages for programs in the box.

    Apart from guard's own, by a lock file with hashes. Only wheels are taken. Nothing is ever installed while a program runs. pip's own
    configuration says where packages come from.
    """
    environments = _environments()
    _change(environments, {**_asked(environments), **{_plain(one): one for one in packages}})


def remove(packages: list[str] = typer.Argument(help="Names that were asked for; what only they needed goes too.")) -> None:
    """Take packages out again; the rest is resolved anew."""
    environments = _environments()
    asked = _asked(environments)
    for one in packages:
        if asked.pop(_plain(one), None) is None:
            raise BadInput(f"{one!r} was not asked for", hint="`guard env list` marks what was.")
    _change(environments, asked)


def list_() -> None:
    """List what is installed, with what was asked for marked."""
    found = _environments().current()
    if found is None:
        say("Nothing is installed: programs have Python's standard library, and what this machine's own Python has.")
        return
    named = {_plain(one) for one in found.asked}
    say(f"{'*' if _plain(name) in named else ' '} {name} {version}" for name, version in found.packages)


def show() -> None:
    """Show the lock file, its digest and where the environment lies."""
    from guard.sandbox.environment import LOCK

    found = _environments().current()
    if found is None:
        raise BadInput("The box has no packages of its own", hint="guard env add pandas requests")
    say([f"digest  {found.digest}", f"folder  {found.folder}", "", (found.folder / LOCK).read_text().rstrip()])


def _environments() -> Environments:
    from guard.cli import compose
    from guard.sandbox.environment import Environments
    from guard.store import folder

    state = compose.configured().state
    folder.prepare(state)
    return Environments(state)


def _plain(requirement: str) -> str:
    from guard.sandbox.environment import plain

    return plain(requirement)


def _asked(environments: Environments) -> dict[str, str]:
    """By its plain name, what was asked for so far."""
    found = environments.current()
    return {_plain(one): one for one in found.asked} if found else {}


def _change(environments: Environments, asked: dict[str, str]) -> None:
    made: Environment | None = environments.change(list(asked.values()), tell=progress, shown=sys.stderr.isatty())
    say(f"The box has {made.words}." if made else "The box has no packages of its own any more.")
    print(RESTART, file=sys.stderr)
