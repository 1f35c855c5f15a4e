"""Bytes between sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from guard.sandbox.egress import stream
from guard.sandbox.egress.stream import Stream, pump, relay


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    other.settimeout(10)
    yield one, other
    one.close(), other.close()


async def test_reading_ends_with_the_head_the_stream_or_too_much(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = Stream(pair[0]), pair[1]
    theirs.sendall(b"head\n rest")
    assert await ours.until(lambda data: b"\n" in data, 100) == b"head\n rest"
    assert await ours.until(lambda data: True, 100, b"begun") == b"begun"
    theirs.sendall(b"x" * 50)
    assert len(await ours.until(lambda data: False, 20)) == 50
    theirs.sendall(b"last")
    theirs.shutdown(socket.SHUT_WR)
    assert await ours.until(lambda data: False, 100) == b"last"


async def test_reading_a_head_takes_no_longer_than_a_head_may(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEAD_SECONDS", 0.05)
    pair[1].sendall(b"part")
    assert await Stream(pair[0]).until(lambda data: False, 100) == b"part"


async def test_a_connection_is_idle_while_the_other_side_is_silent(pair: tuple[socket.socket, socket.socket]) -> None:
    ours = Stream(pair[0])
    assert ours.idle
    pair[1].sendall(b"unasked")
    assert not ours.idle
    await ours.read()
    pair[1].close()
    assert not ours.idle


async def test_a_pump_copies_all_counts_first_and_ends_the_other_side(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = socket.socketpair()
    one.settimeout(10)
    counted: list[int] = []
    pair[1].sendall(b"hello")
    pair[1].shutdown(socket.SHUT_WR)
    target = Stream(other)
    await asyncio.wait_for(pump(Stream(pair[0]), target, counted.append), 10)
    assert (one.recv(10), one.recv(10), counted) == (b"hello", b"", [5])
    one.close(), target.close()


async def test_a_count_that_says_no_stops_the_bytes(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = socket.socketpair()
    pair[1].sendall(b"hello")

    def no(size: int) -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        await pump(Stream(pair[0]), Stream(other), no)
    one.setblocking(False)
    with pytest.raises(BlockingIOError):
        one.recv(10)
    one.close(), other.close()


async def test_finishing_lets_what_was_said_arrive(pair: tuple[socket.socket, socket.socket]) -> None:
    ours = Stream(pair[0])
    pair[1].sendall(b"unread")
    await ours.write(b"answer")
    finishing = asyncio.create_task(ours.finish())
    assert await asyncio.to_thread(pair[1].recv, 100) == b"answer"
    pair[1].close()
    await asyncio.wait_for(finishing, 10)


async def test_a_relay_copies_exactly_so_much_and_a_stream_that_ends_before_is_broken(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = socket.socketpair()
    one.settimeout(10)
    counted: list[int] = []
    source, target = Stream(pair[0]), Stream(other)
    pair[1].sendall(b"hello, more")
    await relay(source, target, 5, counted.append)
    assert (one.recv(100), sum(counted)) == (b"hello", 5)
    assert await source.read() == b", more"
    pair[1].close()
    with pytest.raises(ConnectionResetError):
        await relay(source, target, 5, counted.append)
    one.close(), target.close()
