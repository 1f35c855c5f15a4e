"""MCP over streamable HTTP at /mcp, for this machine alone: loopback address, known Host and Origin, bearer token.

Other users of the machine and web pages (DNS rebinding) can reach a loopback port. Host and Origin keep the pages out, the token keeps
everybody out who cannot read a file of this user. Each body is checked before anything reads it (`guard.front.wire`).
"""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
import socket
import stat
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings

from guard.errors import ConfigError
from guard.front.sessions import Listening, Message, Receive, Scope, Send, Sessions, refuse, respond
from guard.front.wire import LONGEST_MESSAGE, TOO_LONG, Refusal, taken

log = structlog.get_logger("guard.front")

PATH = "/mcp"
LOOPBACK = {"localhost": socket.AF_INET, "127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
_GRACE = 2
"""Seconds that open requests get when guard stops."""

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address. `ConfigError` for any other host, or a port that cannot be had."""
    if host not in LOOPBACK:
        raise ConfigError(
            f"guard serves HTTP on this machine only, not on {host!r}",
            hint=f"Use one of {', '.join(LOOPBACK)}; for other machines put an authenticating reverse proxy in front.",
        )
    family = LOOPBACK[host]
    try:
        listener = socket.create_server(("127.0.0.1" if family is socket.AF_INET else "::1", port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"guard cannot listen on {host}:{port}: {error}", hint="Name a free port, or 0 for any.") from None
    # What it accepts has this from it. Else a body waits until the client has acknowledged the headers, for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def token(file: Path) -> str:
    """The bearer token in a file, made with mode 0600 if absent. `ConfigError` if others may read it, or it is too short."""
    try:
        made = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        if not file.exists():
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "w", encoding="ascii") as opened:
                opened.write(secrets.token_urlsafe(32) + "\n")
            with suppress(FileExistsError):  # another guard was first
                os.link(made, file)
            made.unlink()
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        with open(descriptor, encoding="utf-8") as opened:
            found = os.fstat(descriptor)
            text = opened.read(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The token file {file} cannot be used: {error}", hint="Name another with `token_file` in [http].") from None
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
        raise ConfigError(f"Other users may read the token file {file}", hint=f"Remove it (guard makes a new one), or: chmod 600 {file}")
    if len(text) < 16 or not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigError(f"The token in {file} is not one", hint="Remove the file: guard makes a new one.")
    return text


def application(server: Server[Any], *, port: int, token: str | None, listening: Listening | None = None) -> tuple[Application, Sessions]:
    """The ASGI application that serves `server` at /mcp to whoever knows the token (None: to every process of this machine), and the
    sessions behind it."""
    names = [f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]")]
    security = TransportSecuritySettings(allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names])
    sessions = Sessions(server, security, listening=listening) if listening else Sessions(server, security)
    expected = token.encode() if token is not None else None

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if expected is not None and not _knows(scope, expected):
            return await respond(send, 401, b"", headers=[(b"www-authenticate", b'Bearer realm="guard"')])
        if scope["path"].rstrip("/") != PATH:
            return await refuse(send, 404, f"MCP is served at {PATH}.")
        if scope["method"] != "POST":
            return await sessions(scope, receive, send, None)
        body = await _body(receive)
        message = TOO_LONG if body is None else taken(body)
        if isinstance(message, Refusal):
            return await refuse(send, 413 if body is None else 400, message.message, code=message.code, key=message.id)
        return await sessions(scope, _again(body or b"", receive), send, message)

    return door, sessions


def _knows(scope: Scope, expected: bytes) -> bool:
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, credentials = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
    # The comparison takes equally long however much of the token is right.
    return hmac.compare_digest(credentials.strip(), expected) and scheme.lower() == b"bearer"


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is too long. A client that leaves meanwhile leaves a body that is no JSON."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        size += len(message.get("body", b""))
        if size > LONGEST_MESSAGE:
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for who is inside; then what comes after it."""
    left = [body]

    async def replay() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replay


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us: its own way ends the process before the engine could close."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    server: Server[Any],
    listener: socket.socket,
    *,
    token: str | None,
    token_file: Path,
    stop: asyncio.Event,
    listening: Listening | None = None,
) -> None:
    """Serve until `stop` is set. Says on the log where, and where the token is. `listening`: who hears which clients listen."""
    host, port = listener.getsockname()[:2]
    app, sessions = application(server, port=port, token=token, listening=listening)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, ws="none", lifespan="off",
        timeout_graceful_shutdown=_GRACE,
    )  # fmt: skip
    runner = _Server(config)
    shown = f"[{host}]" if listener.family is socket.AF_INET6 else host
    who = str(token_file) if token is not None else "none: every process of this machine may call"
    async with sessions.serving():
        log.info("serving", url=f"http://{shown}:{port}{PATH}", token_file=who)
        serving = asyncio.create_task(runner.serve(sockets=[listener]), name="http")
        stopped = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            sessions.end()
            runner.should_exit = True
            await serving
