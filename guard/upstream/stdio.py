"""A wrapped server started by guard: newline-delimited JSON-RPC over its stdin and stdout, its stderr in guard's log.

The server gets guard's own environment, since what the AI client's configuration sets for it arrives there. It lives in a process group
of its own, which ends with the connection: stdin is closed, then SIGTERM, then SIGKILL.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog
from mcp.shared.message import SessionMessage
from mcp_types import INTERNAL_ERROR, ErrorData, JSONRPCError, JSONRPCMessage, jsonrpc_message_adapter
from pydantic import ValidationError

from guard.channel import Streams
from guard.errors import NotForwarded
from guard.upstream.target import Target

log = structlog.get_logger("guard.upstream")

LONGEST_MESSAGE = 64 << 20
"""Bytes; a longer line ends the connection."""
LONGEST_LINE = 4096
"""Characters of one line of stderr that reach the log."""
PATIENCE = 2.0
"""Seconds that the server gets to end after its stdin is closed, and again after SIGTERM."""
_CHUNK = 1 << 16
UNREADABLE = "what it answered is not a JSON-RPC response"
_ANSWER = re.compile(rb'\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*"?(\d{1,18})"?\s*,\s*"(?:result|error)"')
"""How an answer begins, if its id stands before what it answers."""


@asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Streams]:
    """The server's messages, and how to send to it. `NotForwarded` if it cannot be started."""
    try:
        process = await asyncio.create_subprocess_exec(
            *target.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name != "GUARD_CONFIG"},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise NotForwarded(f"{target.command[0]!a} cannot be started: {said}.", hint="Check the command after `--`.") from None
    telling = asyncio.create_task(_tell(process, target.name), name=f"{target.name}-stderr")
    messages = _messages(process, target.name)
    try:
        yield messages, _Stdin(process)
    finally:
        with anyio.CancelScope(shield=True):
            await messages.aclose()
            await _end(process)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            # What the server left unread, or a child of its holds open, would keep the pipes; nothing public closes them.
            process._transport.close()  # type: ignore[attr-defined]


async def _messages(process: asyncio.subprocess.Process, name: str) -> AsyncGenerator[SessionMessage | Exception]:
    assert process.stdout
    parts: list[bytes] = []
    size = 0
    while chunk := await process.stdout.read(_CHUNK):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            line = b"".join((*parts, piece))
            parts, size = [], 0
            if line.strip() and (message := _message(line, name)):
                yield SessionMessage(message)
        size += len(rest)
        parts.append(rest)
        if size > LONGEST_MESSAGE:
            log.error("a message is too long: the connection ends", server=name, limit=LONGEST_MESSAGE)
            return


def _message(line: bytes, name: str) -> JSONRPCMessage | None:
    """One message; of an answer that cannot be taken, an error in its place, so that nobody waits for ever."""
    try:
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError as error:
        log.warning("a message cannot be taken", server=name, why=str(error.errors(include_url=False, include_input=False)[0]["msg"]))
    known = _answered(line)
    if known is None:
        return None
    return JSONRPCError(jsonrpc="2.0", id=known, error=ErrorData(code=INTERNAL_ERROR, message=UNREADABLE))


def _answered(line: bytes) -> str | int | None:
    """The request that a line means to answer, however broken it is; None if it does not look like an answer."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):  # cut off, say, or nested too deeply
        found = _ANSWER.match(line)
        return int(found[1]) if found else None
    if not isinstance(value, dict) or "method" in value or not {"jsonrpc", "result", "error"} & value.keys():
        return None
    known = value.get("id")
    if isinstance(known, float) and known.is_integer():
        return int(known)
    return known if isinstance(known, str | int) and not isinstance(known, bool) else None


class _Stdin:
    """The way to a server that guard started. It tells what it has to say, asked or not."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def send(self, message: SessionMessage, /) -> None:
        stdin = self._process.stdin
        assert stdin
        try:
            stdin.write(message.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
            await stdin.drain()
        except OSError:  # nobody reads there any more: the link takes the connection to be over
            raise anyio.BrokenResourceError from None

    def listen(self, on: bool, /) -> None:
        pass


async def _tell(process: asyncio.subprocess.Process, name: str) -> None:
    assert process.stderr
    rest = b""
    while chunk := await process.stderr.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            log.info("stderr", server=name, line=line.decode("utf-8", "replace")[:LONGEST_LINE])
        rest = rest[:LONGEST_LINE]
    if rest:
        log.info("stderr", server=name, line=rest.decode("utf-8", "replace"))


async def _end(process: asyncio.subprocess.Process) -> None:
    """The whole process group is over when this returns."""
    assert process.stdin
    process.stdin.close()
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
            break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # what it left behind
