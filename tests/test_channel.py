"""A generator and a function as the streams that the SDK works with."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import anyio
import pytest
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCNotification

from guard.channel import Incoming, Outgoing

MESSAGE = SessionMessage(JSONRPCNotification(jsonrpc="2.0", method="x"))


async def test_messages_come_in_order_and_the_generator_ends_with_the_stream() -> None:
    ended = []

    async def messages() -> AsyncGenerator[SessionMessage | Exception]:
        try:
            for _ in range(3):
                yield MESSAGE
        finally:
            ended.append(True)

    async with Incoming(messages()) as stream:
        assert await stream.receive() is MESSAGE
        assert await anext(stream) is MESSAGE
    assert ended == [True]
    with pytest.raises(anyio.EndOfStream):
        await stream.receive()


async def test_each_message_goes_to_the_function() -> None:
    sent: list[object] = []

    async def send(message: SessionMessage) -> None:
        sent.append(message)

    async with Outgoing(send) as stream:
        await stream.send(MESSAGE)
    assert sent == [MESSAGE]
