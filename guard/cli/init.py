"""`guard init`: the configuration, the policies, the state folder and the first person."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import interactive, new_passphrase, say
from guard.errors import ConfigError

if TYPE_CHECKING:
    from guard.config import Config

TEMPLATE = """\
# guard's configuration. Every key, with its meaning, is in README.md; a key that guard does not know is an error.

# The folder that programs may read, and change after approval.
workspace = {workspace}

# The name under which what this guard's client submits is judged. Never taken from what the client says of itself.
agent = {agent}

# Where the policies (*.cedar) lie, and where the store, the ledger, backups and keys are kept.
policies = {policies}
state = {state}

# What happens to a program that needs a person: it waits, or ("deny", for CI) it is denied and told so.
on_park = "wait"
wait_seconds = 3600

# Files that hold secrets: masked in the box unless reading them was approved.
secret_files = [
{secrets}]
"""


def init(
    *,
    workspace: Path = typer.Option(Path(), "--workspace", help="The folder that agents may work in.", show_default="this folder"),
    agent: str = typer.Option("agent", "--agent", help="The name under which what is submitted is judged."),
    state: Path | None = typer.Option(
        None, "--state", help="The folder of the store, the ledger, backups and keys.", show_default="your state folder"
    ),
    unattended: bool = typer.Option(
        False, "--unattended", help="Let approvals count without proof of presence (enables the pack `unattended`): for CI and trials."
    ),
    force: bool = typer.Option(False, "--force", help="Write guard.toml and the default policies anew."),
) -> None:
    """Set guard up for a folder, with you as the first person.

    Writes guard.toml and the default policies, and makes the state folder. On a terminal it offers to make you a key under a
    passphrase; what it signs proves that you were there.
    """
    from guard import config as configuration

    path = configuration.default_path().expanduser()
    if path.exists() and not force:
        raise ConfigError(f"There is a configuration already: {path}", hint="`guard init --force` writes it anew; cases and keys stay.")
    table = {"workspace": str(workspace.expanduser().resolve()), "agent": agent}
    config = configuration.build({**table, "state": str(state.expanduser().resolve())} if state else table, path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_policies(config.policies, unattended=unattended)
    _write(path, _toml(config))
    asyncio.run(_state(config, unattended=unattended))
    say(_next_steps(config))


def _toml(config: Config) -> str:
    values = {key: json.dumps(str(getattr(config, key)), ensure_ascii=False) for key in ("workspace", "agent", "policies", "state")}
    return TEMPLATE.format(**values, secrets="".join(f"    {json.dumps(pattern)},\n" for pattern in config.secret_files))


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _write_policies(folder: Path, *, unattended: bool) -> None:
    """The default set, its schema, its examples and the packs; a pack is enabled by lying beside the default set."""
    from guard.policy.load import builtin_folder

    source = builtin_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    shutil.copytree(source / "packs", folder / "packs", dirs_exist_ok=True)
    if unattended:
        shutil.copyfile(source / "packs" / "unattended.cedar", folder / "unattended.cedar")


async def _state(config: Config, *, unattended: bool) -> None:
    from guard import keys
    from guard.cli import compose, page
    from guard.desk import os_user
    from guard.engine import state_folders
    from guard.model import Person

    async with compose.open_desk(config) as desk:
        if me := await desk.me():
            say(f"You are registered already: {page.safe(me.name)}{'' if me.key else ', without a key'}.")
            return
        user = os_user()
        name = re.sub(r"[^A-Za-z0-9._-]", "-", user).lstrip("._-") or "me"
        folder, key = state_folders(config)["keys"], ""
        # First: whoever leaves at the passphrase is there, and makes a key later.
        await desk.store.add_person(Person(name=name, os_user=user), now=compose.WallClock().now())
        if interactive() and not unattended:
            say(f"A key proves that you ({page.safe(name)}) were there when something is approved. It is kept under a passphrase.")
            if chosen := new_passphrase("Passphrase (empty: no key now)", keys.SHORTEST):
                key = await asyncio.to_thread(keys.make, folder, name, chosen, anew=True)
                await desk.store.set_key(name, key, now=compose.WallClock().now())
        say(f"Registered you as {page.safe(name)}{' with a key' if key else ', without a key'}.")
        if not key and not unattended:
            say("Without a key you cannot approve anything yet, so all that needs a person is denied: `guard person key` makes one.")


def _next_steps(config: Config) -> list[str]:
    command = Path(sys.argv[0]).resolve()
    # -P: a client may start it in a workspace, and what lies there must not be imported in guard's place.
    started = [str(command)] if command.name == "guard" else [sys.executable, "-P", "-m", "guard"]
    client: dict[str, object] = {"command": started[0], "args": [*started[1:], "serve"]}
    if setting := os.environ.get("GUARD_CONFIG"):
        client["env"] = {"GUARD_CONFIG": str(Path(setting).expanduser().resolve())}
    snippet = json.dumps({"mcpServers": {"guard": client}}, indent=2)
    return [
        f"Configuration  {config.path}",
        f"Policies       {config.policies}",
        f"State          {config.state}",
        f"Workspace      {config.workspace}",
        "",
        "Next:",
        "  guard doctor       does everything hold on this machine?",
        "  guard console      watch and answer what waits",
        "",
        "Your AI client starts guard itself; this goes into its MCP configuration:",
        *(f"  {line}" for line in snippet.split("\n")),
    ]
