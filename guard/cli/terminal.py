"""Printing and asking: the only module of the command line that talks to the person."""

from __future__ import annotations

import getpass
import os
import re
import signal
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

import typer

from guard.errors import BadInput

_NARROWEST = 20


class Exact(str):
    """A line that is printed as it is: of a program, or of what it printed or changed."""

    __slots__ = ()


def prose(lines: Iterable[str], stream: TextIO | None = None) -> Iterator[str]:
    """The lines as they go to a terminal (by default stdout): broken at spaces where they are too long for it, and what follows set in,
    so that no other line begins in the middle of one. `Exact` ones, and all that go elsewhere, are left alone."""
    width = _width(stream or sys.stdout)
    for line in lines:
        if isinstance(line, Exact) or not width or len(line) <= width:
            yield line
        else:
            indent = " " * (len(line) - len(line.lstrip(" ")) + 4)
            yield from textwrap.wrap(
                line, width, subsequent_indent=indent, expand_tabs=False, replace_whitespace=False, break_long_words=False,
                break_on_hyphens=False,
            )  # fmt: skip


def _width(stream: TextIO) -> int:
    """Of the terminal, in columns; 0 if there is none, or it is too narrow to care."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0
    return columns if columns >= _NARROWEST else 0


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


@contextmanager
def _asking() -> Iterator[None]:
    """Ctrl-C ends a question at once: asyncio would only cancel the task, which does not go on before it is answered."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def passphrase(prompt: str) -> str:
    """A passphrase, not echoed; "" if none was given."""
    with _asking():
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
    with _asking():
        given = str(typer.prompt(f"{prompt}\nType {expected} to confirm", default="", show_default=False))
    if given.strip() != expected:
        raise BadInput("What you typed is not what was asked for", hint="Nothing was done.")


def asked_for(prompt: str, example: str) -> str:
    """One line of the person at the terminal. `BadInput` with an example of the option where there is nobody, or nothing is typed."""
    if not interactive():
        raise BadInput("There is no terminal to ask for it", hint=f"Say it: {example}")
    with _asking():
        given = str(typer.prompt(prompt, default="", show_default=False)).strip()
    if not given:
        raise BadInput("Nothing was typed", hint="Nothing was decided.")
    return given


def duration(text: str) -> timedelta:
    """A length of time as people write it ("15m", "1h", "7d"). `BadInput` if it is none."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})(m|h|d)", text)
    if not found:
        raise BadInput(f"{text!r} is not a length of time", hint="Such as 15m, 1h or 7d.")
    return int(found[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[found[2]]


def agreed(question: str) -> None:
    """Have the person at the terminal say yes. `BadInput` if they do not; anything but y is a no."""
    with _asking():
        given = str(typer.prompt(f"{question} [y/N]", default="n", show_default=False))
    if given.strip().lower() not in ("y", "yes"):
        raise BadInput("You did not say yes", hint="Nothing was decided.")


def case_number(text: str) -> int:
    """A case's number as people write it ("0118", "118")."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadInput(f"{text!r} is not the number of a case", hint="`guard queue` lists the numbers of what waits.")
    return int(text)
