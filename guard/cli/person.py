"""`guard person`: who may decide here, and their keys."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import typer

from guard.cli.cases import me
from guard.cli.terminal import interactive, new_passphrase, say
from guard.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from guard.desk import Desk
    from guard.model import Person


def add(
    name: str = typer.Argument(help="A short name: letters, digits, dots, dashes.", metavar="NAME"),
    os_user: str = typer.Option(
        "", "--os-user", help="Their user name on this machine; if absent yours, or none if you are registered.", show_default=False
    ),
    team: list[str] = typer.Option([], "--team", help="A team they are in; may be given several times.", show_default=False),
    key: str = typer.Option("", "--key", metavar="HEX", help="Their public key, if they have one.", show_default=False),
) -> None:
    """Register a person.

    What they may approve is for the policies to say. Who has no user of their own here makes a key (`guard person key NAME`) and answers
    as `guard --as NAME`, by its passphrase.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise BadInput(f"{name!r} is not a name that guard takes", hint="Letters, digits, dots, dashes and underscores, at most 64.")
    if key and not re.fullmatch(r"[0-9a-f]{64}", key):
        raise BadInput("That is not an Ed25519 public key in hex", hint="`guard person key` prints it.")
    asyncio.run(_add(name, os_user, tuple(team), key))


def remove(name: str = typer.Argument(help="Their name, as `guard person list` prints it.", metavar="NAME")) -> None:
    """Take a person out.

    What they approved and has not run yet counts no more; what they granted ends. Policies say who may.
    """
    asyncio.run(_remove(name))


def list_() -> None:
    """List who is registered."""
    asyncio.run(_list())


def key(name: str = typer.Argument("", help="A person without a user here.", metavar="[NAME]", show_default="you")) -> None:
    """Make your key under a passphrase.

    Its public half is registered; with it your approvals prove that you were there.
    """
    if not interactive():
        raise ConfigError("A key needs a terminal: its passphrase is typed", hint="Run `guard person key` in a terminal.")
    asyncio.run(_key(name))


async def _add(name: str, os_user: str, teams: tuple[str, ...], key: str) -> None:
    from guard.cli import compose
    from guard.desk import os_user as mine
    from guard.model import Person

    async with compose.open_desk(compose.configured()) as desk:
        users = [known.os_user for known in await desk.people()]
        if os_user in users and os_user:
            raise BadInput(f"Somebody is registered for the user {os_user!r} already", hint="`guard person list` shows who.")
        user = os_user or ("" if mine() in users else mine())
        await desk.store.add_person(Person(name=name, teams=teams, os_user=user, key=key), now=compose.WallClock().now())
    say(f"Registered {name}.")
    if not user and not key:
        say(f"They have no user of their own here: `guard person key {name}` makes their key, for `guard --as {name} console`.")


async def _remove(name: str) -> None:
    from guard.cli import compose
    from guard.cli.page import safe

    async with compose.open_desk(compose.configured()) as desk:
        ended = await desk.remove_person(name, person=(await me(desk)).name)
    say(f"Removed {safe(name)}. What they approved counts no more.")
    if ended:
        say(f"What they granted for a while has ended: {', '.join(map(safe, ended))}.")


async def _list() -> None:
    from guard.cli import compose
    from guard.cli.page import safe, table

    async with compose.open_desk(compose.configured()) as desk:
        people = await desk.people()
    rows = [(safe(p.name), safe(p.os_user) or "-", safe(", ".join(p.teams)) or "-", p.key or "no key") for p in people]
    say(table(rows, head=("person", "user here", "teams", "public key")) if rows else "Nobody is registered: `guard person add NAME`.")


async def _key(name: str) -> None:
    from guard import keys
    from guard.cli import compose
    from guard.engine import state_folders

    config = compose.configured()
    async with compose.open_desk(config) as desk:
        someone = await _without_user(desk, name) if name else await me(desk)
        if not (chosen := new_passphrase("Passphrase", keys.SHORTEST)):
            raise BadInput("No passphrase was given", hint="Nothing was made; `guard person key` asks again.")
        public = await asyncio.to_thread(keys.make, state_folders(config)["keys"], someone.name, chosen, anew=not someone.key)
        await desk.store.set_key(someone.name, public, now=compose.WallClock().now())
    say(f"{someone.name} has a key now; its public half is {public}.")


async def _without_user(desk: Desk, name: str) -> Person:
    """The registered person of this name, who is nobody else's user. `BadInput` if there is none, or they have a key: whoever may use this
    account could take their place with another one."""
    someone = next((p for p in await desk.people() if p.name == name), None)
    if someone is None:
        raise BadInput(f"{ascii(name)[1:-1]} is not registered", hint="`guard person list` shows who is.")
    mine = await desk.me()
    if someone.os_user and someone != mine:
        raise BadInput(f"{name} makes their key themselves, as the user {someone.os_user}", hint="`guard person key`")
    if someone.key and someone != mine:
        raise BadInput(
            f"{name} has a key already", hint=f"Is it lost? `guard person remove {name}` ends what it approved; then add them anew."
        )
    return someone
