"""What the MCP SDK asks of a transport: a stream of messages in and one out, made of a generator and a function.

The SDK's own transports put a task and a queue between each of their halves: half of what a message costs.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Self

import anyio
from mcp.shared.message import SessionMessage


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
    """Messages for a function. `close` is called at the end, perhaps again."""

    def __init__(self, send: Callable[[SessionMessage], Awaitable[None]], close: Callable[[], None] = lambda: None) -> None:
        self._send, self._close = send, close

    async def send(self, item: SessionMessage, /) -> None:
        """Send one. `anyio.BrokenResourceError` if nobody takes it any more."""
        await self._send(item)

    async def aclose(self) -> None:
        self._close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
