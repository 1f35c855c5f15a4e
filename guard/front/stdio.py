"""MCP over stdin and stdout, with every line checked before the SDK parses it, and an answer to those that cannot be taken.

Descriptor 0 is moved away (programs that guard starts must not read the client's messages); the SDK does the same with descriptor 1, so
that stray output cannot break the protocol.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import ErrorData, JSONRPCError

from guard.front.wire import LONGEST_MESSAGE, TOO_LONG, Refusal, refusal

_CHUNK = 1 << 16


Opening = Callable[[bytes], Awaitable[Refusal | None]]


async def serve(server: Server[Any], *, opening: Opening | None = None) -> None:
    """Serve until stdin ends, or SIGINT or SIGTERM comes."""
    wire = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    os.dup2(nothing, 0)
    os.close(nothing)
    replies: asyncio.Future[Callable[[SessionMessage], Awaitable[None]]] = asyncio.get_running_loop().create_future()

    async def refuse(why: Refusal) -> None:
        error = JSONRPCError(jsonrpc="2.0", id=why.id, error=ErrorData(code=why.code, message=why.message))
        await (await replies)(SessionMessage(error))

    # The SDK asks of its stdin only that it can be iterated.
    lines = cast("anyio.AsyncFile[str]", _checked(_lines(wire), refuse, opening))
    with anyio.CancelScope() as scope:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, scope.cancel)
        async with stdio_server(stdin=lines) as (incoming, outgoing):
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


async def _lines(descriptor: int) -> AsyncIterator[bytes | None]:
    """Lines read by a thread of its own: nothing waits for it, so a client that says nothing cannot hold up the end of guard."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[bytes | None] | None] = asyncio.Queue(maxsize=4)

    def hand(item: tuple[bytes | None] | None) -> None:
        asyncio.run_coroutine_threadsafe(queue.put(item), loop).result()  # so that no more is read than is taken

    threading.Thread(target=_read, args=(descriptor, hand), name="stdin", daemon=True).start()
    while (item := await queue.get()) is not None:
        yield item[0]


def _read(descriptor: int, hand: Callable[[tuple[bytes | None] | None], None]) -> None:
    parts: list[bytes] = []
    size = 0
    while chunk := os.read(descriptor, _CHUNK):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            hand((b"".join((*parts, piece)),) if size + len(piece) <= LONGEST_MESSAGE else (None,))
            parts, size = [], 0
        size += len(rest)
        if size <= LONGEST_MESSAGE:
            parts.append(rest)
        else:
            parts.clear()
    if size:
        hand((b"".join(parts),) if size <= LONGEST_MESSAGE else (None,))
    hand(None)
