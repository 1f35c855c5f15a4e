"""`guard wrap`: stand in front of somebody else's MCP server."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from guard.upstream.target import SignIn
    from guard.upstream.wrapped import Settings

POLICY = """\
// Written by `guard wrap {name}` when it first stood in front of that server; yours to edit, guard does not write it again.
// Everything else through {name} follows the other policies: by default a person is asked.

{permit}"""
READS_RUN = """\
@id("reads-through-{name}-run") @why("What only reads through {name}, and is known exactly, changes nothing.")
permit (principal, action == Guard::Action::"tool.read", resource in Guard::Server::"{name}") when {{ context.exact }};
"""
READS_PARK = """\
// Reads wait for a person too (--reads park). To let them run by themselves:
// permit (principal, action == Guard::Action::"tool.read", resource in Guard::Server::"{name}") when {{ context.exact }};
"""


def wrap(
    name: str = typer.Argument(help="What policies, cases and the ledger call this server."),
    command: list[str] | None = typer.Argument(
        None, metavar="-- COMMAND ARGS…", help="The server to start, with its own options.", show_default=False
    ),
    *,
    url: str = typer.Option("", "--url", help="The server to connect to (streamable HTTP) instead of starting one."),
    header: list[str] = typer.Option(
        [],
        "--header",
        metavar="'NAME: VALUE'",
        help="Sent with every request to the URL. Refer to secrets: ${env:X}, ${file:X}, ${keyring:X/Y}.",
    ),
    header_env: list[str] = typer.Option(
        [], "--header-env", metavar="NAME=VARIABLE", help="The same, from an environment variable (what `guard install` writes)."
    ),
    oauth: str = typer.Option("", "--oauth", metavar="GRANT", help="Sign in to the URL: browser, client-credentials, assertion."),
    client_id: str = typer.Option("", "--client-id", help="The OAuth client that was registered there beforehand."),
    client_secret: str = typer.Option("", "--client-secret", help="A reference to its secret: ${env:X}, ${file:X}, ${keyring:X/Y}."),
    client_key: str = typer.Option("", "--client-key", metavar="FILE", help="Instead of a secret: its private key, in a PEM file."),
    client_metadata: str = typer.Option("", "--client-metadata", metavar="URL", help="A document that describes the OAuth client."),
    issuer: str = typer.Option("", "--issuer", metavar="URL", help="The authorisation server that alone gets these credentials."),
    assertion: str = typer.Option("", "--assertion", help="A reference to who you are, as your identity provider asserts it (ID-JAG)."),
    http: str = typer.Option("", "--http", metavar="HOST:PORT", help="Serve streamable HTTP at /mcp instead of stdio; loopback only."),
    token: bool = typer.Option(True, "--token/--no-token", help="Ask clients over HTTP for the bearer token."),
    policy: Path | None = typer.Option(
        None, "--policy", help="Take this policy file instead of the one that guard writes.", show_default=False
    ),
    reads: str = typer.Option("run", "--reads", help="Whether what only reads runs by itself or parks: run, park."),
    profile: str = typer.Option("", "--profile", help="Handle the server by this profile instead of the detected one."),
    tool: list[str] = typer.Option(
        [], "--tool", metavar="NAME=CLASS", help="What a tool does: read, write, destructive, forbidden. In programs NAME may have a *."
    ),
    hold: float = typer.Option(45.0, "--hold", min=0.0, help="Seconds that a parked call is held if the client follows its progress."),
    agent: str = typer.Option("", "--agent", help="Judge under this name instead of the configured one.", show_default=False),
) -> None:
    """Stand in front of an MCP server of somebody else.

    What is harmless passes, what is not waits for a person. An AI client starts `guard wrap NAME -- COMMAND ARGS…` where it started
    `COMMAND ARGS…`; nothing else changes for either.
    """
    if reads not in ("run", "park"):
        raise BadInput(f"--reads is run or park, not {reads!r}", hint="guard wrap NAME --reads park -- COMMAND")
    pairs = tuple(_pair(text, "=", "--tool NAME=CLASS") for text in tool)
    held = (_pair(text, "=", "--header-env NAME=VARIABLE") for text in header_env)
    headers = (*(_pair(text, ":", "--header 'NAME: VALUE'") for text in header), *((name, f"${{env:{value}}}") for name, value in held))
    from guard.upstream.target import Target
    from guard.upstream.wrapped import Settings

    sign_in = _sign_in(
        oauth, client_id=client_id, client_secret=client_secret, client_key=client_key, client_metadata=client_metadata,
        issuer=issuer, assertion=assertion,
    )  # fmt: skip
    target = Target(name=name, command=tuple(command or ()), url=url, headers=headers, sign_in=sign_in)
    text, chosen = policy_text(name, reads, policy), policy is not None or reads == "park"
    settings = Settings(target=target, profile=profile, tools=pairs)
    asyncio.run(_wrap(settings, text, chosen=chosen, http=http, token=token, hold=hold, agent=agent))


def _sign_in(grant: str, **credentials: str) -> SignIn | None:
    from guard.upstream.target import Grant, SignIn

    if grant:
        if grant not in list(Grant):
            raise BadInput(f"--oauth is {', '.join(Grant)}, not {grant!r}", hint="guard wrap NAME --url URL --oauth browser")
        return SignIn(grant=Grant(grant), **credentials)
    if any(credentials.values()):
        raise BadInput("These options are about signing in", hint="Say how, too: --oauth browser, client-credentials or assertion.")
    return None


def _pair(text: str, separator: str, usage: str) -> tuple[str, str]:
    name, found, value = text.partition(separator)
    if not found or not name.strip() or not value.strip():
        raise BadInput(f"{text!r} is not of the form {usage}", hint=f"Write {usage}.")
    return name.strip(), value.strip()


async def _wrap(settings: Settings, policy: str, *, chosen: bool, http: str, token: bool, hold: float, agent: str) -> None:
    from guard.cli import compose
    from guard.cli.serve import address_of
    from guard.front.proxy import Proxy, build_proxy
    from guard.front.server import serve_http, serve_stdio
    from guard.upstream.catalogue import profiles
    from guard.upstream.wrapped import Wrapped

    compose.log_to_stderr(logging.INFO)
    address = address_of(http) if http else None
    config = compose.configured(None, agent)
    folder = config.state / "upstreams"
    if settings.target.sign_in and config.tokens == "file":
        sign_in = replace(settings.target.sign_in, folder=str(config.state / "sign-ins"))
        settings = replace(settings, target=replace(settings.target, sign_in=sign_in))
    wrapped = Wrapped(settings, profiles(config.path.parent / "profiles"), folder)
    file = config.policies / f"wrapped-{wrapped.name}.cedar"
    written = write_policy(file, policy, guards_own=[policy_text(wrapped.name, reads, None) for reads in ("run", "park")])
    async with compose.open_engine(config, runs=False, upstream=wrapped) as engine:
        if written:
            _say(f"Wrote {file}:\n{policy}")
        elif chosen and file.read_text("utf-8") != policy:
            _say(f"{file} is there already, so --policy and --reads change nothing: edit it, or remove it first.")
        proxy = Proxy(engine, wrapped, hold=hold)
        server = build_proxy(proxy, wrapped)
        if address:
            await serve_http(engine, *address, server=server, guarded=token, listening=proxy.listening)
        else:
            await serve_stdio(engine, server, opening=proxy.opening)


def policy_text(name: str, reads: str, given: Path | None) -> str:
    """The policy of a server wrapped for the first time: the operator's own file, or guard's. `ConfigError` if it cannot be read."""
    if given is None:
        return POLICY.format(name=name, permit=(READS_RUN if reads == "run" else READS_PARK).format(name=name))
    try:
        return given.expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The policy {given} cannot be read: {error}", hint="Name a text file of Cedar policies.") from None


def write_policy(file: Path, text: str, *, guards_own: Collection[str] = ()) -> bool:
    """Write the policy of a wrapped server. False if there is one already: it is the user's, unless it still is what guard wrote (one of
    `guards_own`). `PolicyError` if the policies would not load with it: nothing is written then."""
    from guard.policy.load import load, read

    try:
        if file.exists() and (file.read_text("utf-8") == text or file.read_text("utf-8") not in guards_own):
            return False
        if text not in guards_own:
            load(tuple(sorted({**dict(read(file.parent)), file.name: text}.items())))
        made = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        made.write_text(text, encoding="utf-8")
        made.replace(file)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The policy {file} cannot be written: {error}", hint="Check the policies folder.") from None
    return True


def _say(text: str) -> None:
    print(text, file=sys.stderr)
