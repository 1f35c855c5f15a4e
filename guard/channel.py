"""What carries messages: some that come, and a function that sends one; and the pair of streams that the MCP SDK asks for, made of them.

The SDK's own transports put a task and a queue between each of their halves: half of what a message costs.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from typing import Protocol, Self

import anyio
from mcp.shared.message import SessionMessage


class Line(Protocol):
    """The way to a server."""

    async def send(self, item: SessionMessage, /) -> None:
        """Send a message. `anyio.BrokenResourceError` or `ClosedResourceError`: it takes no more."""
        ...

    def listen(self, on: bool, /) -> None:
        """Whether what it says unasked is wanted, where that takes a stream of its own."""
        ...


Streams = tuple[AsyncIterable[SessionMessage | Exception], Line]
"""A server's messages, and the way to it."""


class Incoming:
    """Messages of a generator. It ends with the generator, and the generator with it."""

    def __init__(self, messages: AsyncGenerator[SessionMessage | Exception]) -> None:
        self._messages = messages

    async def receive(self) -> SessionMessage | Exception:
        """The next one. `anyio.EndOfStream` if there is none."""
        try:
            return await anext(self._messages)
        except StopAsyncIteration:
            raise anyio.EndOfStream from None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        return await anext(self._messages)

    async def aclose(self) -> None:
        await self._messages.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class Outgoing:
    """Messages for a function."""

    def __init__(self, send: Callable[[SessionMessage], Awaitable[None]]) -> None:
        self._send = send

    async def send(self, item: SessionMessage, /) -> None:
        """Send one. `anyio.BrokenResourceError` if nobody takes it any more."""
        await self._send(item)

    async def aclose(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
