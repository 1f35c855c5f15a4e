"""MCP over streamable HTTP at /mcp, for this machine alone: loopback address, known Host and Origin, bearer token.

Other users of the machine and web pages (DNS rebinding) can reach a loopback port. Host and Origin keep the pages out, the token keeps
everybody out who cannot read a file of this user. Each body is checked before the SDK parses it (`guard.front.wire`).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import socket
import stat
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings

from guard.errors import ConfigError
from guard.front.wire import LONGEST_MESSAGE, TOO_LONG, Refusal, refusal

log = structlog.get_logger("guard.front")

PATH = "/mcp"
LOOPBACK = {"localhost": socket.AF_INET, "127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
MOST_SESSIONS = 100
_GRACE = 2
"""Seconds that open requests get when guard stops."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
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
        return socket.create_server(("127.0.0.1" if family is socket.AF_INET else "::1", port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"guard cannot listen on {host}:{port}: {error}", hint="Name a free port, or 0 for any.") from None


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


def application(server: Server[Any], *, port: int, token: str | None) -> Application:
    """The ASGI application that serves `server` at /mcp to whoever knows the token; None: to every process of this machine."""
    names = [f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]")]
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=LONGEST_MESSAGE,
        max_sessions=MOST_SESSIONS,
        transport_security=TransportSecuritySettings(allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names]),
    )
    expected = token.encode() if token is not None else None

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await inner(scope, receive, send)
        if expected is not None and not _knows(scope, expected):
            return await _respond(send, 401, b"A bearer token is needed.", b"text/plain", [(b"www-authenticate", b'Bearer realm="guard"')])
        if scope["method"] != "POST":
            return await inner(scope, receive, send)
        body = await _body(receive)
        if why := TOO_LONG if body is None else refusal(body):
            return await _refuse(send, why, 413 if body is None else 400)
        return await inner(scope, _again(body or b"", receive), send)

    return door


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


async def _refuse(send: Send, why: Refusal, status: int) -> None:
    await _respond(send, status, json.dumps(why.plain()).encode(), b"application/json", [])


async def _respond(send: Send, status: int, body: bytes, kind: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = str(len(body)).encode()
    all_headers = [(b"content-type", kind), (b"content-length", length), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us: its own way ends the process before the engine could close."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(server: Server[Any], listener: socket.socket, *, token: str | None, token_file: Path, stop: asyncio.Event) -> None:
    """Serve until `stop` is set. Says on the log where, and where the token is."""
    host, port = listener.getsockname()[:2]
    app = application(server, port=port, token=token)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, ws="none", lifespan="on", timeout_graceful_shutdown=_GRACE
    )
    runner = _Server(config)
    shown = f"[{host}]" if listener.family is socket.AF_INET6 else host
    who = str(token_file) if token is not None else "none: every process of this machine may call"
    log.info("serving", url=f"http://{shown}:{port}{PATH}", token_file=who)
    serving = asyncio.create_task(runner.serve(sockets=[listener]), name="http")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        runner.should_exit = True
        await serving
