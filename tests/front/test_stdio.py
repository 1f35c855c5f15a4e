"""The stdio transport, on a real process: a bad line is answered, and the next one is served."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from guard.front.wire import LONGEST_MESSAGE

PROGRAM = """
import asyncio, os, sys
from mcp.server import Server
from mcp_types import CallToolResult, ListToolsResult, TextContent
from guard.front import stdio

async def tools(ctx, params):
    return ListToolsResult(tools=[])

async def call(ctx, params):
    if params.name == "hang":
        await asyncio.Event().wait()
    print("stray output")
    os.write(1, b"stray output of a library\\n")
    return CallToolResult(content=[TextContent(type="text", text=repr(sys.stdin.read()))])

asyncio.run(stdio.serve(Server("probe", version="0", on_list_tools=tools, on_call_tool=call)))
"""

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}},
}


class Wire:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def send(self, *lines: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"".join(line + b"\n" for line in lines))
        await self.process.stdin.drain()

    async def next(self) -> dict[str, Any]:
        assert self.process.stdout
        line = await asyncio.wait_for(self.process.stdout.readline(), 20)
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer


def call(id_: int, name: str = "look") -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": {"name": name}}).encode()


@asynccontextmanager
async def served() -> AsyncIterator[Wire]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment)
    assert process.stdin
    assert process.stderr
    drained = asyncio.create_task(process.stderr.read())
    wire = Wire(process)
    try:
        await wire.send(json.dumps(INITIALIZE).encode())
        assert (await wire.next())["result"]["serverInfo"]["name"] == "probe"
        await wire.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        yield wire
    finally:
        if process.returncode is None:
            process.kill()
        process.stdin.close()
        await process.wait()
        await drained


BAD = [
    (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"look","name":"hang"}}', "'name' stands twice", 5),
    (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"look","arguments":{"n":NaN}}}', "not a finite number", 5),
    (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"\\ud800"}}', "lone surrogate", 5),
    (b'{"jsonrpc":"2.0","id":5,"method":"\xff"}', "not UTF-8", None),
    (b"hello", "not JSON", None),
    (b"[]", "not one JSON-RPC 2.0 message", None),
    (b'"' + b"x" * (LONGEST_MESSAGE + 100_000) + b'"', "longer than 32 MiB", None),
]


async def test_a_line_that_cannot_be_taken_is_answered_and_the_next_one_is_served() -> None:
    async with served() as wire:
        for line, says, id_ in BAD:
            await wire.send(line, b"", b'{"jsonrpc":"2.0","id":6,"method":"tools/list"}')
            answers = {answer["id"]: answer for answer in (await wire.next(), await wire.next())}
            assert says in answers[id_]["error"]["message"]
            assert answers[6]["result"]["tools"] == []


async def test_stray_output_does_not_reach_the_client_and_the_clients_lines_are_not_on_stdin() -> None:
    async with served() as wire:
        await wire.send(call(1))
        answer = await wire.next()
        assert answer["result"]["content"][0]["text"] == "''"


async def test_it_ends_when_the_client_closes_stdin_even_with_a_call_in_flight() -> None:
    async with served() as wire:
        await wire.send(call(1, "hang"))
        assert wire.process.stdin
        wire.process.stdin.close()
        assert await asyncio.wait_for(wire.process.wait(), 20) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_although_the_client_says_nothing(number: signal.Signals) -> None:
    async with served() as wire:
        wire.process.send_signal(number)
        assert await asyncio.wait_for(wire.process.wait(), 20) == 0


def test_it_ends_although_a_client_that_closed_stdin_never_read_its_answers() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    long = [json.dumps({"jsonrpc": "2.0", "id": f"{i}{'x' * 100_000}", "method": "ping"}).encode() for i in range(12)]
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        assert process.stdin
        process.stdin.write(b"\n".join([json.dumps(INITIALIZE).encode(), *long, b""]))
        process.stdin.close()
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()


async def test_it_ends_quietly_when_the_client_closed_its_end_of_stdout() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, stdin=PIPE, stdout=writing, stderr=PIPE, env=environment)
    os.close(writing)
    os.close(reading)
    assert process.stdin
    process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_long_answer_arrives_whole_at_a_slow_reader_and_the_log_on_the_same_pipe_stays_as_it_was(kind: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    if kind == "pipe":
        reading, writing = (os.fdopen(number, mode) for number, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    else:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            reading, writing = ours.makefile("rb"), theirs.makefile("wb")
    long = f"x{'y' * 1_000_000}"
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=PIPE, stdout=writing, stderr=writing, env=environment) as process, reading:
        writing.close()
        assert process.stdin
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": long, "method": "ping"}).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(reading.readline())["id"] == 0
        found = Path(f"/proc/{process.pid}/fdinfo/2").read_text()
        assert not int(found.split("flags:")[1].split()[0], 8) & os.O_NONBLOCK
        process.stdin.close()
        assert json.loads(reading.readline())["id"] == long
        assert process.wait(20) == 0
