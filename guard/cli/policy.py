"""`guard policy`: check a set and its examples, read it, switch packs on and off."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import say
from guard.errors import BadInput

if TYPE_CHECKING:
    from guard.policy.examples import Outcome

FOLDER = typer.Argument(None, help="A policies folder; the configured one if absent.", show_default=False)


def check(folder: Path | None = FOLDER) -> None:
    """Load a policies folder and run its examples.

    Exit code 0 if every example holds, 1 if one does not, 78 if a policy does not load (then with its file and line).
    """
    from guard.policy import examples, load

    place = folder or _folder()
    files = load.read(place)
    policies = load.load(files)
    outcomes = list(examples.run(files))
    say(_table(outcomes))
    failed = [outcome for outcome in outcomes if outcome.problem]
    say(
        f"{place}: {len(policies.notes)} policies load; {len(outcomes) - len(failed)} of {len(outcomes)} examples hold. "
        f"Set {policies.digest[:12]}."
    )
    if failed:
        raise typer.Exit(1)


def show(
    policy: str = typer.Argument("", help="The @id of a policy; all of them if absent.", show_default=False),
    folder: Path | None = typer.Option(None, "--folder", help="A policies folder; the configured one if absent.", show_default=False),
) -> None:
    """List the policies with what each is for, or show the text of one."""
    from guard.cli.page import safe, table
    from guard.policy import load

    files = load.read(folder or _folder())
    notes = load.load(files).notes.values()
    if not policy:
        rows = [("forbid" if n.forbids else "permit", safe(n.id), safe(f"{n.file}:{n.line}"), safe(n.why)) for n in notes]
        say(table(rows, head=("", "policy", "where", "why")))
        return
    note = next((n for n in notes if n.id == policy), None)
    if note is None:
        raise BadInput(f"There is no policy {policy!r}", hint="`guard policy show` lists them.")
    say(f"{safe(note.file)}:{note.line}")
    say(map(safe, load.text_of(files, note).split("\n")))


def packs(
    enable: str = typer.Option("", "--enable", metavar="NAME", help="Switch a pack on: copy it beside your policies."),
    disable: str = typer.Option("", "--disable", metavar="NAME", help="Switch a pack off: remove that copy."),
) -> None:
    """List ready-made policies (packs), or switch one on or off."""
    from guard.cli.page import table
    from guard.policy.load import builtin_folder

    known = {path.stem: path for path in sorted((builtin_folder() / "packs").glob("*.cedar"))}
    for name in filter(None, (enable, disable)):
        if name not in known:
            raise BadInput(f"There is no pack {name!r}", hint=f"There are: {', '.join(known)}.")
    folder = _folder()
    if enable:
        shutil.copyfile(known[enable], folder / known[enable].name)
    if disable:
        _remove(folder / known[disable].name, known[disable])
    if enable or disable:
        problem = asyncio.run(_take_up())
        say(problem or "The new set is in force.")
    say(table([(name, "on" if (folder / path.name).exists() else "off", _purpose(path)) for name, path in known.items()]))


def _remove(copy: Path, pack: Path) -> None:
    if not copy.exists():
        raise BadInput(f"The pack {pack.stem} is not on", hint="`guard policy packs` lists which are.")
    if copy.read_bytes() != pack.read_bytes():
        raise BadInput(f"{copy} was edited: it is not the pack any more", hint="Remove it yourself if you mean it.")
    copy.unlink()


async def _take_up() -> str:
    """Make what lies in the folder the active set; what is wrong with it, or ""."""
    from guard.cli import compose

    async with compose.open_engine(compose.configured(), runs=False) as engine:
        return await engine.refresh_policies()


def _purpose(pack: Path) -> str:
    first = pack.read_text("utf-8").split("\n", 1)[0]
    return first.removeprefix("//").strip()


def _folder() -> Path:
    """The configured policies folder; the built-in one where there is no configuration."""
    from guard import config
    from guard.policy.load import builtin_folder

    if not config.default_path().exists():
        return builtin_folder()
    return config.load().policies


def _table(outcomes: list[Outcome]) -> list[str]:
    from guard.cli.page import safe, table
    from guard.decide import owed_words

    rows = [
        ("ok" if not o.problem else "FAILS", safe(o.example.title), o.decision.verdict.value, owed_words(o.decision), safe(o.problem))
        for o in outcomes
    ]
    return table(rows, head=("", "example", "verdict", "owed", ""))
