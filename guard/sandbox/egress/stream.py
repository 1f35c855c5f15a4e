"""Bytes between sockets on the event loop: bounded reads, whole writes, and the pump of a tunnel."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

CHUNK = 1 << 18
HEAD_SECONDS = 10.0
"""How long a program may take to say what it wants."""
LINGER_SECONDS = 1.0


class Stream:
    """One connected socket. Closed by whoever made it."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        with suppress(OSError):  # not every socket is TCP
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = sock
        self._loop = asyncio.get_running_loop()

    async def read(self, most: int = CHUNK) -> bytes:
        """Some bytes; b"" at the end."""
        return await self._loop.sock_recv(self.socket, most)

    async def write(self, data: bytes) -> None:
        if data:
            await self._loop.sock_sendall(self.socket, data)

    async def until(self, done: Callable[[bytes], bool], most: int, begun: bytes = b"") -> bytes:
        """Read until `done` says so of all that came (what begins with `begun`).

        What came is returned as it is at the end of the stream, when it is longer than `most`, and when the time for a head is over.
        """
        data = begun
        with suppress(TimeoutError):
            async with asyncio.timeout(HEAD_SECONDS):
                while not done(data) and len(data) <= most:
                    more = await self.read()
                    if not more:
                        break
                    data += more
        return data

    @property
    def idle(self) -> bool:
        """Whether the other end has neither closed nor said anything that nobody asked for."""
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def finish(self) -> None:
        """Say no more, and take what is still coming for a moment, so that what was said arrives."""
        with suppress(OSError, TimeoutError):
            self.socket.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(LINGER_SECONDS):
                while await self.read():
                    pass

    def end(self) -> None:
        """Nothing more goes either way: whoever waits for bytes gets the end."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.socket.close()


async def pump(source: Stream, target: Stream, count: Callable[[int], None]) -> None:
    """Copy until the end of `source`, then end `target`. `count` hears of every piece before it goes on, and may raise."""
    loop = asyncio.get_running_loop()
    view = memoryview(bytearray(CHUNK))
    while size := await loop.sock_recv_into(source.socket, view):
        count(size)
        await loop.sock_sendall(target.socket, view[:size])
    with suppress(OSError):
        target.socket.shutdown(socket.SHUT_WR)


async def relay(source: Stream, target: Stream, size: int, count: Callable[[int], None]) -> None:
    """Copy exactly `size` bytes. Raises `ConnectionResetError` if `source` ends before."""
    loop = asyncio.get_running_loop()
    view = memoryview(bytearray(CHUNK))
    while size:
        got = await loop.sock_recv_into(source.socket, view[: min(size, CHUNK)])
        if not got:
            raise ConnectionResetError
        count(got)
        await loop.sock_sendall(target.socket, view[:got])
        size -= got
