"""MCP over stdin and stdout, with every line checked before the SDK parses it, and an answer to those that cannot be taken.

Descriptors 0 and 1 are moved away: programs that guard starts must not read the client's messages, and stray output must not break the
protocol, so it goes to stderr. Both are used in the event loop: the SDK's own threads cost each message several hops.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import ErrorData, JSONRPCError

from guard.front.wire import LONGEST_MESSAGE, TOO_LONG, Refusal, refusal

_CHUNK = 1 << 16


LAST_SECONDS = 2.0
"""How long a client that has closed its side may leave its answers unread."""

Opening = Callable[[bytes], Awaitable[Refusal | None]]


async def serve(server: Server[Any], *, opening: Opening | None = None) -> None:
    """Serve until stdin ends, or SIGINT or SIGTERM comes."""
    wire, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    replies: asyncio.Future[Callable[[SessionMessage], Awaitable[None]]] = asyncio.get_running_loop().create_future()

    async def refuse(why: Refusal) -> None:
        error = JSONRPCError(jsonrpc="2.0", id=why.id, error=ErrorData(code=why.code, message=why.message))
        await (await replies)(SessionMessage(error))

    with anyio.CancelScope() as scope:
        answers = _Replies(out, gone=scope.cancel)
        # The SDK asks of its stdin only that it can be iterated, of its stdout that it takes text and flushes.
        lines = cast("anyio.AsyncFile[str]", _checked(_lines(wire, over=answers.hurry), refuse, opening))
        told = cast("anyio.AsyncFile[str]", answers)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, scope.cancel)
        async with stdio_server(stdin=lines, stdout=told) as (incoming, outgoing):
            replies.set_result(outgoing.send)
            await server.run(incoming, outgoing, server.create_initialization_options())


async def _checked(
    lines: AsyncIterator[bytes | None], refuse: Callable[[Refusal], Awaitable[None]], opening: Opening | None
) -> AsyncIterator[str]:
    """Lines that may be parsed; None is one that was too long."""
    async for line in lines:
        if line is not None and not line.strip():
            continue
        why = TOO_LONG if line is None else refusal(line)
        if not why and opening and line is not None:
            why = await opening(line)
        if why:
            await refuse(why)
        else:
            yield cast("bytes", line).decode()


async def _lines(descriptor: int, *, over: Callable[[], None]) -> AsyncIterator[bytes | None]:
    """Lines without their end; None for one that is too long. No more is read than is taken. `over` is called at their end."""
    parts: list[bytes] = []
    size = 0
    while chunk := await _read(descriptor):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            yield b"".join((*parts, piece)) if size + len(piece) <= LONGEST_MESSAGE else None
            parts, size = [], 0
        size += len(rest)
        if size <= LONGEST_MESSAGE:
            parts.append(rest)
        else:
            parts.clear()
    over()
    if size:
        yield b"".join(parts) if size <= LONGEST_MESSAGE else None


async def _read(descriptor: int) -> bytes:
    """What can be read, as soon as something can; nothing at the end."""
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(PermissionError):  # a file can always be read, and epoll takes none
            await _at(loop.add_reader, loop.remove_reader, descriptor)
        with contextlib.suppress(BlockingIOError):
            return os.read(descriptor, _CHUNK)


class _Replies:
    """What the SDK asks of its stdout. A client that does not read holds up its own answers, not the event loop; nor the end of guard,
    once it has closed its side. One that is `gone` is told nothing more."""

    def __init__(self, descriptor: int, *, gone: Callable[[], None]) -> None:
        self._descriptor, self._gone, self._waiting = descriptor, gone, bytearray()
        self._patience: float | None = None
        self._limit: asyncio.Timeout | None = None
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind):  # not a terminal: the shell has the same one
            os.set_blocking(descriptor, False)

    async def write(self, text: str) -> None:
        self._waiting += text.encode()

    async def flush(self) -> None:
        try:
            while self._waiting:
                try:
                    del self._waiting[: os.write(self._descriptor, self._waiting[:_CHUNK])]
                except BlockingIOError:
                    await self._room()
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self._waiting.clear()
            self._gone()

    def hurry(self) -> None:
        """The client will say nothing more: it has `LAST_SECONDS` to read on."""
        self._patience = LAST_SECONDS
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + LAST_SECONDS)

    async def _room(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._patience) as self._limit:
                await _at(loop.add_writer, loop.remove_writer, self._descriptor)
        finally:
            self._limit = None


async def _at(add: Callable[..., None], remove: Callable[[int], bool], descriptor: int) -> None:
    """Wait until a descriptor is ready."""
    ready = asyncio.Event()
    add(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        remove(descriptor)
