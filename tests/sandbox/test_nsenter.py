"""The process that joins namespaces, spoken to as guard speaks to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from guard.sandbox import nsenter


@pytest.fixture
def started() -> Iterator[tuple[socket.socket, subprocess.Popen[bytes]]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(10)
    with theirs:
        process = subprocess.Popen([sys.executable, "-I", "-S", nsenter.__file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], env={})
    yield ours, process
    ours.close()
    assert process.wait(10) == 0, "it ends when guard does"


def ask(channel: socket.socket, wanted: object) -> tuple[str, list[socket.socket]]:
    """Ask for listeners in the test's own namespaces, where there is nothing to join."""
    fds = [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY) for kind in ("net", "user")]
    socket.send_fds(channel, [json.dumps({"listen": wanted}).encode()], fds)
    for fd in fds:
        os.close(fd)
    said, made, _, _ = socket.recv_fds(channel, 4096, 10)
    return said.decode(), [socket.socket(fileno=fd) for fd in made]


def test_it_answers_with_listening_sockets_in_order(started: tuple[socket.socket, object]) -> None:
    said, made = ask(started[0], [["127.0.0.1", 0], ["127.0.0.2", 0]])
    assert said == "ok"
    assert [one.getsockname()[0] for one in made] == ["127.0.0.1", "127.0.0.2"]
    for one in made:
        with socket.create_connection(one.getsockname(), 5):
            one.close()


def test_it_says_what_is_wrong_and_serves_on(started: tuple[socket.socket, object]) -> None:
    said, made = ask(started[0], [["127.0.0.1", 99999999]])
    assert made == []
    assert "OverflowError" in said
    said, made = ask(started[0], [["127.0.0.1", 0]])
    assert said == "ok"
    made[0].close()
