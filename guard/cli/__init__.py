"""The command line. One module per family of commands; here they are put together, one row each, and errors become sentences.

`guard --help` answers within 0.3 s: the modules of commands import nothing slow at the top, each command imports what it needs itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any

import typer

from guard import __version__
from guard.cli import (
    audit,
    cases,
    check,
    compose,
    demo,
    doctor,
    env,
    grants,
    image,
    init,
    install,
    notify,
    person,
    policy,
    run,
    serve,
    wrap,
)
from guard.errors import BadInput, ConfigError, GuardError

Row = tuple[str, Callable[..., Any], str]
"""(name, function, example); the function's docstring is the help text."""

COMMANDS: tuple[Row, ...] = (
    ("init", init.init, "guard init --workspace ~/project --agent my-agent"),
    ("demo", demo.demo, "guard demo"),
    ("doctor", doctor.doctor, "guard doctor"),
    ("serve", serve.serve, "guard serve --http 127.0.0.1:8722"),
    ("wrap", wrap.wrap, "guard wrap tracker -- npx -y tracker-mcp"),
    ("install", install.install, "guard install tracker"),
    ("uninstall", install.uninstall, "guard uninstall tracker"),
    ("console", serve.console, "guard console"),
    ("check", check.check, "guard check report.py cleanup.sh"),
    ("run", run.run, "guard run report.py"),
    ("queue", cases.queue, "guard queue --watch"),
    ("show", cases.show, "guard show 0118"),
    ("approve", cases.approve, "guard approve 0118"),
    ("reject", cases.reject, 'guard reject 0118 --reason "archive them instead of deleting"'),
    ("ask", cases.ask, 'guard ask 0118 "why does it need the network?"'),
    ("edit", cases.edit, "guard edit 0118"),
    ("rollback", cases.rollback, "guard rollback 0118"),
)

ANSWERING = ("console", "show", "approve", "reject", "ask", "edit", "rollback", "grants", "person")
"""The commands in which somebody does or sees something as the person they are."""

GROUPS: tuple[tuple[str, str, tuple[Row, ...]], ...] = (
    (
        "policy",
        "Check, read and extend the policies.",
        (
            ("check", policy.check, "guard policy check"),
            ("show", policy.show, "guard policy show destroying-needs-a-backup"),
            ("packs", policy.packs, "guard policy packs --enable unattended"),
        ),
    ),
    (
        "env",
        "The packages that programs in the box may import.",
        (
            ("add", env.add, "guard env add pandas requests"),
            ("list", env.list_, "guard env list"),
            ("show", env.show, "guard env show"),
            ("remove", env.remove, "guard env remove requests"),
        ),
    ),
    (
        "audit",
        "Read and verify the ledger; find what nobody expected.",
        (
            ("list", audit.list_, "guard audit list --case 0118"),
            ("show", audit.show, "guard audit show 42"),
            ("verify", audit.verify, "guard audit verify"),
            ("divergences", audit.divergences, "guard audit divergences --jsonl >> candidates.jsonl"),
        ),
    ),
    (
        "person",
        "The people who may decide, and their keys.",
        (
            ("add", person.add, "guard person add ann --os-user ann --team data"),
            ("list", person.list_, "guard person list"),
            ("key", person.key, "guard person key"),
            ("remove", person.remove, "guard person remove ann"),
        ),
    ),
    (
        "image",
        "What programs run in when the box is a container.",
        (("build", image.build, "guard image build"),),
    ),
    (
        "notify",
        "How people are told that something waits for them.",
        (("test", notify.test, "guard notify test"),),
    ),
    (
        "grants",
        "What was approved for a while: standing grants.",
        (
            ("list", grants.list_, "guard grants list"),
            ("give", grants.give, "guard grants give 0118 --for 1h --uses 10"),
            ("revoke", grants.revoke, "guard grants revoke claude-may-write-out-txt-0118"),
        ),
    ),
)


def _app() -> typer.Typer:
    settings: dict[str, Any] = {
        "no_args_is_help": True,
        "rich_markup_mode": None,
        "context_settings": {"help_option_names": ["-h", "--help"]},
    }
    app = typer.Typer(name="guard", add_completion=False, pretty_exceptions_enable=False, **settings)
    app.callback()(_top)
    for name, function, example in COMMANDS:
        app.command(name, epilog=f"Example:  {example}")(function)
    for group, summary, rows in GROUPS:
        inner = typer.Typer(help=summary, **settings)
        for name, function, example in rows:
            inner.command(name, epilog=f"Example:  {example}")(function)
        app.add_typer(inner, name=group)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"guard {__version__}")
        raise typer.Exit


def _top(
    context: typer.Context,
    person: str = typer.Option(
        "", "--as", metavar="NAME", help="Answer as this person, who types the passphrase of their key.", show_default=False
    ),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and stop."),
) -> None:
    """A policy-driven security layer, with a person in the loop, for AI agents that submit programs.

    Begin with `guard init`, or with `guard demo` to see it work.
    """
    if (spoken := sys.getfilesystemencoding()) != "utf-8":
        hint = "Set PYTHONUTF8=1, or a locale of UTF-8 (LC_ALL=C.UTF-8)."
        raise ConfigError(f"guard writes file names as UTF-8, and this locale has them as {spoken}", hint=hint)
    if person and context.invoked_subcommand not in ANSWERING:
        raise BadInput(f"`guard --as` does nothing for {context.invoked_subcommand}", hint=f"It is for: {', '.join(ANSWERING)}.")
    compose.named.set(person)


app = _app()


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script, on the command line's arguments unless others are given.

    What is wrong with the world ends here: one line, one hint, the error's exit code; never a traceback.
    """
    _open_standard_streams()
    try:
        # In a context of its own: who is named in one invocation is not in the next of this process.
        copy_context().run(app, list(arguments) if arguments is not None else None, prog_name="guard")
    except GuardError as error:
        _complain(str(error), error.hint)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `guard audit list | head`
        _say_no_more()
        sys.exit(141)
    except OSError as error:
        _complain(str(error), "Is the disk full, or may guard not read or write there?")
        _say_no_more()
        sys.exit(os.EX_IOERR)


def _open_standard_streams() -> None:
    """Whoever started guard may have closed some: what is opened next must not take their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  (to the end of the process)


def _complain(what: str, hint: str) -> None:
    from guard.cli.page import safe
    from guard.cli.terminal import prose

    for line in prose([f"guard: {safe(what)}", *([f"hint: {safe(hint)}"] if hint else [])], sys.stderr):
        print(line, file=sys.stderr)


def _say_no_more() -> None:
    """What is still to be written goes nowhere: else the interpreter fails at its end, over what nobody reads."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
