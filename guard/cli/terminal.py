"""Printing and asking: the only module of the command line that talks to the person."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Iterable
from datetime import timedelta

import typer

from guard.errors import BadInput


def say(lines: Iterable[str] | str) -> None:
    """Print lines that are safe already (see `guard.cli.page`). An encoding that lacks a character gets an escape, not a crash."""
    for line in [lines] if isinstance(lines, str) else lines:
        try:
            print(line, flush=True)
        except UnicodeEncodeError:
            print(line.encode("ascii", "backslashreplace").decode(), flush=True)


def progress(line: str) -> None:
    """One line about long work; nothing in a pipe."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


def interactive() -> bool:
    """Whether a person is at this terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def passphrase(prompt: str) -> str:
    """A passphrase, not echoed; "" if none was given."""
    return getpass.getpass(f"{prompt}: ")


def new_passphrase(prompt: str, shortest: int) -> str:
    """A passphrase for a new key, given twice; asked for until it will do. "" if none was given."""
    while given := passphrase(prompt):
        if len(given) < shortest:
            prompt = f"Too short; one of {shortest} characters or more"
        elif passphrase("The same again") != given:
            prompt = "The two differ; once more from the start"
        else:
            break
    return given


def typed(expected: str, prompt: str) -> None:
    """Have the person type `expected`. `BadInput` if they type anything else."""
    if str(typer.prompt(f"{prompt}\nType {expected} to confirm", default="", show_default=False)).strip() != expected:
        raise BadInput("What you typed is not what was asked for", hint="Nothing was decided; the case still waits.")


def duration(text: str) -> timedelta:
    """A length of time as people write it ("15m", "1h", "7d"). `BadInput` if it is none."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})(m|h|d)", text)
    if not found:
        raise BadInput(f"{text!r} is not a length of time", hint="Such as 15m, 1h or 7d.")
    return int(found[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[found[2]]


def agreed(question: str) -> None:
    """Have the person at the terminal say yes. `BadInput` if they do not; anything but y is a no."""
    if str(typer.prompt(f"{question} [y/N]", default="n", show_default=False)).strip().lower() not in ("y", "yes"):
        raise BadInput("You did not say yes", hint="Nothing was decided.")


def case_number(text: str) -> int:
    """A case's number as people write it ("0118", "118")."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadInput(f"{text!r} is not the number of a case", hint="`guard queue` lists the numbers of what waits.")
    return int(text)
