"""A text in the person's own editor: out of a private folder, where no project's settings lie."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from guard.cli.terminal import interactive
from guard.errors import BadInput, ConfigError

_SUFFIX = {"json": ".json", "python": ".py", "javascript": ".js", "typescript": ".ts", "shell": ".sh", "sql": ".sql"}


def edited(text: str, language: str) -> str:
    """The text as the person leaves it; a line break that the editor adds to the end is no change.

    `ConfigError` if there is no editor or it fails, `BadInput` if what it leaves is not UTF-8.
    """
    command = _command()
    with tempfile.TemporaryDirectory(prefix="guard-edit-") as folder:  # mode 0700
        path = Path(folder) / f"program{_SUFFIX.get(language, '.txt')}"
        path.write_bytes(text.encode())
        try:
            ended = subprocess.run([*command, str(path)], cwd=folder, check=False).returncode
        except OSError as error:
            raise ConfigError(f"{command[0]} cannot be started: {error.strerror}", hint="Set EDITOR to an editor that is there.") from None
        if ended:
            raise ConfigError(f"{command[0]} ended with exit code {ended}", hint="Nothing was submitted.")
        try:
            left = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            raise BadInput("What the editor left is not UTF-8 text", hint="Nothing was submitted.") from None
    return text if left == text + "\n" else left


def _command() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("vi" if interactive() else "")
    try:
        command = shlex.split(named)
    except ValueError:  # a quote that is not closed
        command = []
    if not command:
        raise ConfigError(f"{named!r} is no editor" if named else "There is no terminal to edit in", hint="Set EDITOR to an editor.")
    return command
