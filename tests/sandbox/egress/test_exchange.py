"""How one connection goes: what a program reads and a server gets. Who may go where is the broker's, and is tried with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from guard.sandbox.egress.exchange import ProxyConnection, serve_endpoint
from guard.sandbox.egress.request import Refused, Request, Unreachable
from guard.sandbox.egress.stream import Stream


@dataclass
class Open:
    """A door that leads to a script: what the server does with its end of the connection."""

    server: Callable[[socket.socket], None]
    opened: list[Request] = field(default_factory=list)
    repeated: list[Request] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    bytes: list[int] = field(default_factory=lambda: [0, 0])
    answer: Refused | None = None
    tasks: list[asyncio.Future[None]] = field(default_factory=list)

    async def open(self, request: Request) -> Stream:
        if self.answer:
            raise self.answer
        self.opened.append(request)
        ours, theirs = socket.socketpair()
        theirs.settimeout(10)

        def served() -> None:
            with theirs, suppress(ConnectionError):
                self.server(theirs)

        self.tasks.append(asyncio.ensure_future(asyncio.to_thread(served)))
        return Stream(ours)

    async def again(self, request: Request) -> None:
        self.repeated.append(request)

    async def refuse(self, what: str, why: str) -> None:
        self.refused.append((what, why))

    def sent(self, endpoint: str, size: int) -> None:
        self.bytes[0] += size

    def received(self, endpoint: str, size: int) -> None:
        self.bytes[1] += size


async def talk(door: Open, said: bytes, *, host: str = "") -> bytes:
    """What a program gets that says this, to the proxy or to the listener for `host`."""
    program, ours = socket.socketpair()
    program.settimeout(10)
    client = Stream(ours)

    def run() -> bytes:
        data = b""
        with program:
            with suppress(ConnectionError):
                program.sendall(said)
            with suppress(ConnectionError):
                while more := program.recv(1 << 16):
                    data += more
            return data

    running = asyncio.ensure_future(asyncio.to_thread(run))
    try:
        await asyncio.wait_for(serve_endpoint(client, host, 1, door) if host else ProxyConnection(client, door).serve(), 15)
    finally:
        client.close()
    result = await running
    await asyncio.gather(*door.tasks)
    return result


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """A server that gives these answers, one after each head, then closes."""

    def serve(server: socket.socket) -> None:
        for answer in answers:
            head = b""
            while b"\r\n\r\n" not in head:
                more = server.recv(1 << 16)
                if not more:
                    return
                head += more
            server.sendall(answer)

    return serve


GET = b"GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def test_a_connection_to_the_server_is_used_again_and_each_request_is_announced() -> None:
    door = Open(answering(OK, OK, OK))
    said = await talk(door, GET + GET + LAST)
    assert said.count(b"200 OK") == 3
    assert (len(door.opened), len(door.repeated)) == (1, 2)


async def test_a_server_that_closed_meanwhile_is_connected_to_anew() -> None:
    door = Open(answering(OK))
    program, ours = socket.socketpair()
    program.settimeout(10)
    client = Stream(ours)
    serving = asyncio.ensure_future(ProxyConnection(client, door).serve())
    with program:
        await asyncio.to_thread(program.sendall, GET)
        first = await asyncio.to_thread(program.recv, 1 << 16)
        await door.tasks[0]  # the server has closed before it is asked again
        await asyncio.to_thread(program.sendall, LAST)
        await asyncio.wait_for(serving, 15)
        second = await asyncio.to_thread(program.recv, 1 << 16)
    client.close()
    await asyncio.gather(*door.tasks)
    assert (first + second).count(b"200 OK") == 2
    assert (len(door.opened), len(door.repeated)) == (2, 0)


async def test_bytes_are_counted_both_ways() -> None:
    door = Open(answering(OK))
    await talk(door, LAST)
    assert door.bytes == [len(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"), len(OK)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n", b"2\r\nok\r\n0\r\n\r\n"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: secret\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ],
)  # fmt: skip
async def test_answers_of_every_framing_arrive(answer: bytes, expected: bytes) -> None:
    said = await talk(Open(answering(answer)), LAST)
    body = said.partition(b"\r\n\r\n")[2]
    assert expected in said if expected == b"\r\n\r\n" else b"".join(body.split(b"d\r\n")).endswith(expected) or expected.strip() in body
    assert b"X-Hop" not in said
    assert b"100 Continue" not in said


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 80_000,
    ],
)
async def test_answers_that_are_not_http_are_said_to_be_so(answer: bytes) -> None:
    door = Open(answering(answer))
    said = await talk(door, LAST)
    assert said.startswith(b"HTTP/1.1 502")
    assert door.refused == [], "the program did nothing wrong"


async def test_an_answer_that_breaks_off_is_cut_and_nothing_else_is_said() -> None:
    said = await talk(Open(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")), GET)
    assert said.endswith(b"\r\n\r\nok")
    assert said.count(b"HTTP/1.1") == 1


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


async def test_a_large_answer_arrives_to_its_stated_length_and_is_the_connections_last() -> None:
    door = Open(answering(LARGE + b"x" * 1_000_000 + b"HTTP/1.1 200 OK\r\n\r\ninjected"))
    said = await talk(door, GET + GET)
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert body == b"x" * 1_000_000
    assert door.bytes[1] >= 1_000_000
    assert len(door.opened) == 1


async def test_a_length_without_a_body_is_waited_for_by_nobody() -> None:
    head = LAST.replace(b"GET", b"HEAD", 1)
    assert (await talk(Open(answering(LARGE)), head)).endswith(b"\r\n\r\n")
    assert (await talk(Open(answering(LARGE.replace(b"200 OK", b"304 Not Modified"))), LAST)).startswith(b"HTTP/1.1 304")


async def test_a_large_answer_that_breaks_off_is_cut() -> None:
    said = await talk(Open(answering(LARGE + b"x" * 1000)), GET)
    assert said.endswith(b"\r\n\r\n" + b"x" * 1000)


async def test_a_server_may_answer_before_the_whole_request_came() -> None:
    head = b"POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 100000\r\n\r\nsome"
    assert b"200 OK" in await talk(Open(answering(OK)), head)


@pytest.mark.parametrize(("answer", "status", "told"), [(Refused("not approved"), b"403", True), (Unreachable("away"), b"502", False)])
async def test_a_refusal_is_told_to_the_program_and_kept_when_it_is_one(answer: Refused, status: bytes, told: bool) -> None:
    door = Open(answering(), answer=answer)
    said = await talk(door, GET)
    assert said[9:12] == status
    assert str(answer).encode() in said.split(b"\r\n")[0], "programs show the reason phrase"
    assert said.rstrip().endswith(str(answer).encode() + b".")
    assert door.refused == ([("http.get a.example:80", "not approved")] if told else [])


async def test_a_chunk_that_is_no_chunk_ends_the_request() -> None:
    door = Open(answering(OK))
    said = await talk(
        door, b"POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"
    )
    assert b"HTTP/1.1 200" not in said or door.refused
    assert door.bytes[0] < 200


async def test_a_listener_carries_what_both_say_and_closes_with_either() -> None:
    def server(end: socket.socket) -> None:
        end.sendall(b"ready ")
        end.sendall(end.recv(100).upper())

    door = Open(server)
    assert await talk(door, b"hello", host="db.example") == b"ready HELLO"
    assert door.opened[0].endpoint == "db.example:1"
    assert door.bytes == [5, 11]


async def test_a_refused_listener_says_nothing_and_is_kept() -> None:
    door = Open(answering(), answer=Refused("private"))
    assert await talk(door, b"hello", host="db.example") == b""
    assert door.refused == [("net.connect db.example:1", "private")]
