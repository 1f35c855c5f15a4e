"""MCP over stdin and stdout, with every line checked before the SDK sees it, and an answer to those that cannot be taken.

Descriptors 0 and 1 are moved away: programs that guard starts must not read the client's messages, and stray output must not break the
protocol, so it goes to stderr. Both are used in the event loop: the SDK's own threads cost each message several hops.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

import anyio
from mcp.server import Server
from mcp.shared.message import SessionMessage
from mcp_types import ErrorData, JSONRPCError, JSONRPCMessage

from guard.channel import Incoming, Outgoing
from guard.front.wire import LONGEST_MESSAGE, TOO_LONG, Refusal, taken

_CHUNK = 1 << 16


LAST_SECONDS = 2.0
"""How long a client that has closed its side may leave its answers unread."""

Opening = Callable[[JSONRPCMessage], Awaitable[Refusal | None]]


async def serve(server: Server[Any], *, opening: Opening | None = None) -> None:
    """Serve until stdin ends, or SIGINT or SIGTERM comes."""
    wire, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    with anyio.CancelScope() as scope:
        answers = _Answers(out, gone=scope.cancel)
        messages = _taken(_lines(wire, over=answers.hurry), answers.send, opening)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, scope.cancel)
        await server.run(Incoming(messages), Outgoing(answers.send), server.create_initialization_options())
        await answers.written()


async def _taken(
    lines: AsyncIterator[bytes | None], send: Callable[[SessionMessage], Awaitable[None]], opening: Opening | None
) -> AsyncGenerator[SessionMessage | Exception]:
    """The messages of lines; None is one that was too long. What cannot be taken is answered here."""
    async for line in lines:
        if line is not None and not line.strip():
            continue
        found = TOO_LONG if line is None else taken(line)
        if opening and not isinstance(found, Refusal):
            found = await opening(found) or found
        if isinstance(found, Refusal):
            found = JSONRPCError(jsonrpc="2.0", id=found.id, error=ErrorData(code=found.code, message=found.message))
            await send(SessionMessage(found))
        else:
            yield SessionMessage(found)


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


class _Answers:
    """Where answers go. A client that does not read holds up its own answers, not the event loop; nor the end of guard, once it has closed
    its side. One that is `gone` is told nothing more."""

    def __init__(self, descriptor: int, *, gone: Callable[[], None]) -> None:
        self._gone, self._waiting = gone, bytearray()
        self._descriptor, self._write = _unblocked(descriptor)
        self._room: asyncio.Event | None = None
        """There while something waits; set when it is written, or never will be."""
        self._limit: asyncio.TimerHandle | None = None
        self._hurried = self._ended = False

    async def send(self, message: SessionMessage) -> None:
        """Write one message. Returns when the client has room for it; who stops waiting for that has sent it all the same."""
        if self._ended:
            return
        self._waiting += message.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n"
        if self._room is None:
            self._push()
        await self.written()

    async def written(self) -> None:
        """Until nothing waits to be written."""
        if self._room is not None:
            await self._room.wait()

    def hurry(self) -> None:
        """The client will say nothing more: it has `LAST_SECONDS` to read on."""
        self._hurried = True
        if self._room is not None:
            self._expect()

    def _push(self) -> None:
        """Write what can be written now; the rest when there is room."""
        try:
            while self._waiting:
                del self._waiting[: self._write(self._waiting[:_CHUNK])]
        except BlockingIOError:
            self._expect()
        except (BrokenPipeError, ConnectionResetError):
            self._end()
        else:
            self._settle()

    def _expect(self) -> None:
        loop = asyncio.get_running_loop()
        if self._room is None:
            self._room = asyncio.Event()
            loop.add_writer(self._descriptor, self._push)
        if self._hurried:
            if self._limit is not None:
                self._limit.cancel()
            self._limit = loop.call_later(LAST_SECONDS, self._end)

    def _end(self) -> None:
        self._ended = True
        self._waiting.clear()
        self._settle()
        self._gone()

    def _settle(self) -> None:
        if self._room is not None:
            asyncio.get_running_loop().remove_writer(self._descriptor)
            self._room.set()
            self._room = None
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


def _unblocked(descriptor: int) -> tuple[int, Callable[[bytearray], int]]:
    """How to write without waiting, and the descriptor to wait at. No flag is set on the client's own pipe: with `2>&1` it is the log's as
    well, and whoever else holds it would meet it. A terminal or a file may block."""
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISSOCK(kind):
        connected = socket.socket(fileno=descriptor)
        return descriptor, lambda data: connected.send(data, socket.MSG_DONTWAIT)
    if stat.S_ISFIFO(kind):
        with contextlib.suppress(OSError):  # nobody reads there any more: the first write says so
            descriptor = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    return descriptor, lambda data: os.write(descriptor, data)


async def _at(add: Callable[..., None], remove: Callable[[int], bool], descriptor: int) -> None:
    """Wait until a descriptor is ready."""
    ready = asyncio.Event()
    add(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        remove(descriptor)
