"""`guard serve` and `guard console`: the face that AI clients see, and the one that people see."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import typer

from guard.cli.terminal import case_number, interactive
from guard.errors import BadInput, ConfigError

WORKSPACE = typer.Option(None, "--workspace", help="Work in this folder instead of the configured one.", show_default=False)
AGENT = typer.Option("", "--agent", help="Judge under this name instead of the configured one.", show_default=False)


def serve(
    http: str = typer.Option("", "--http", metavar="HOST:PORT", help="Serve streamable HTTP at /mcp instead of stdio; loopback only."),
    workspace: Path | None = WORKSPACE,
    agent: str = AGENT,
) -> None:
    """Serve MCP: take programs in, run what is safe, park the rest.

    Without options it speaks MCP over stdin and stdout: an AI client starts it so. Before it answers it proves that its box can deny.
    """
    asyncio.run(_serve(http, workspace, agent))


def console(case: str = typer.Argument("", metavar="[CASE]", help="Open this case at once.", show_default=False)) -> None:
    """Open the approval console: all that waits, to answer it."""
    from guard.cli import compose
    from tui import run  # Textual takes 0.5 s

    config = compose.configured()
    if not interactive():
        raise ConfigError("The console needs a terminal", hint="From a script: `guard queue`, `guard show`, `guard approve`.")
    compose.log_to_stderr(logging.CRITICAL)  # the terminal is the console's
    signer = compose.identified(config)
    run(lambda: compose.open_desk(config, signer=signer), case=case_number(case) if case else None)


async def _serve(http: str, workspace: Path | None, agent: str) -> None:
    from guard.cli import compose
    from guard.front import serve_http, serve_stdio

    compose.log_to_stderr(logging.INFO)
    address = address_of(http) if http else None
    config = compose.configured(workspace, agent)
    async with compose.open_engine(config, runs=True, ahead=True) as engine:
        if address:
            await serve_http(engine, *address)
            return
        if sys.stdin.isatty():
            print("guard speaks MCP here: an AI client starts it. `guard console` is for people. Ctrl+C stops.", file=sys.stderr)
        await serve_stdio(engine)


def address_of(text: str) -> tuple[str, int]:
    """(host, port) of HOST:PORT. `BadInput` if it is none."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadInput(f"{text!r} is not HOST:PORT", hint="Such as 127.0.0.1:8722.")
    return host.strip("[]"), int(port)
