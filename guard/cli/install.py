"""`guard install` and `guard uninstall`: let the servers that an AI client starts go through guard, and back."""

from __future__ import annotations

import difflib
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.errors import BadInput, ConfigError, GuardError

if TYPE_CHECKING:
    from guard.clients.entries import Format

FILE = typer.Option(None, "--file", help="This configuration file instead of those that are found.", show_default=False)
YES = typer.Option(False, "--yes", help="Write without asking.")


def install(
    names: list[str] | None = typer.Argument(None, metavar="[SERVER…]", help="The servers to protect; none: list what there is."),
    *,
    file: Path | None = FILE,
    yes: bool = YES,
) -> None:
    """Put guard before the MCP servers that AI clients start.

    It changes the clients' configuration. Without names it lists the servers that it finds. With names it shows what would change, and
    asks. `guard uninstall` takes it back.
    """
    from guard.cli import compose
    from guard.clients.entries import install as put

    found = _files(file)
    if not names:
        _list(found)
        return
    compose.configured()  # without a configuration guard would not start, and the client had no server at all
    command = _command()
    _change(found, names, lambda text, name, form: put(text, name, command, form), yes=yes)
    if setting := os.environ.get("GUARD_CONFIG"):
        print(f"GUARD_CONFIG is set here: add GUARD_CONFIG={setting} to the variables of the entries, or that of the AI client itself.")


def uninstall(
    names: list[str] = typer.Argument(metavar="SERVER…", help="The servers to start directly again."),
    *,
    file: Path | None = FILE,
    yes: bool = YES,
) -> None:
    """Take guard away again: the clients' configuration is as it was."""
    from guard.clients.entries import uninstall as take

    _change(_files(file), names, take, yes=yes)


def _files(given: Path | None) -> list[tuple[str, Path]]:
    from guard.clients.places import lists, places

    if given is not None:
        return [("", file) for file in lists(given.expanduser()) if file == given.expanduser() or file.is_file()]
    found = [(place.client, place.file) for place in places(Path.home(), Path.cwd())]
    if not found:
        raise ConfigError("No configuration of an AI client is found here or in your home", hint="Name one with --file.")
    return found


def _list(found: list[tuple[str, Path]]) -> None:
    from guard.cli.page import safe
    from guard.clients.entries import entries, format_of

    for client, file in found:
        print(f"{safe(str(file))}{f'  ({client})' if client else ''}")
        try:
            listed = entries(_read(file), format_of(file))
        except GuardError as error:
            print(f"  {safe(str(error))}")
            continue
        if not listed:
            print("  no servers")
        for entry in listed:
            state = "through guard" if entry.wrapped else entry.why_not or "direct"
            project = f"  (in {safe(entry.project)})" if entry.project else ""
            print(f"  {safe(entry.name):24} {safe(entry.shown):32} {safe(state)}{project}")


def _change(found: list[tuple[str, Path]], names: list[str], change: Callable[[str, str, Format], str], *, yes: bool) -> None:
    from guard.cli.page import safe
    from guard.clients.entries import format_of, held

    for name in names:
        file = _holder(found, name)
        before = _read(file)
        form = format_of(file)
        after = change(before, name, form)
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(file), str(file), lineterm="", n=1)
        hidden = (*held(before, form), *held(after, form))
        print("\n".join(safe(_masked(line, hidden)) for line in lines))
        if not yes and not typer.confirm("Write this?"):
            print(f"{safe(name)}: nothing was changed.")
            continue
        _write(file, before, after)
        print(f"{safe(name)}: written. Restart the AI client.")


def _masked(line: str, hidden: tuple[str, ...]) -> str:
    for one in hidden:
        line = line.replace(one, "…")
    return line


def _holder(found: list[tuple[str, Path]], name: str) -> Path:
    """The one file in which that server is."""
    from guard.clients.entries import entries, format_of

    holders, broken = [], []
    for _, file in found:
        try:
            listed = entries(_read(file), format_of(file))
        except GuardError as error:
            if len(found) == 1:
                raise BadInput(f"{file}: {error}", hint=error.hint) from None
            broken.append(f" {file} cannot be read: {error}.")
            continue
        if any(entry.name == name for entry in listed):
            holders.append(file)
    if len(holders) > 1:
        raise BadInput(f"Several files have a server {name!r}: {', '.join(map(str, holders))}", hint="Name one of them with --file.")
    if not holders:
        raise BadInput(f"No configuration that is found has a server {name!r}.{''.join(broken)}", hint="`guard install` lists the servers.")
    return holders[0]


def _command() -> str:
    """What an AI client starts: this guard by its full path. Clients have other search paths, on which `guard` may be another program."""
    started = Path(sys.argv[0]).absolute()
    beside = Path(sys.executable).with_name("guard")
    for own in (started, beside):
        if own.name == "guard" and os.access(own, os.X_OK) and own.is_file():
            return str(own)
    found = shutil.which("guard")
    if not found:
        raise ConfigError("The command `guard` is not on the search path", hint="Install guard as a command first: pipx install guard.")
    return found


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}", hint="Name another with --file.") from None


def _write(file: Path, before: str, after: str) -> None:
    """Replace the file at once, with its mode, unless somebody else changed it meanwhile. Links stay links."""
    target = file.resolve()
    made = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only")
        found = target.stat()
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as opened:
                os.fchown(descriptor, found.st_uid, found.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(found.st_mode))
                opened.write(after.encode("utf-8"))
            if _read(target) != before:
                raise ConfigError(f"{file} changed meanwhile", hint="Try again.")
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}", hint="Nothing was changed.") from None
