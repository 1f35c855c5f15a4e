from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.sandbox.container.init import MOST
from guard.sandbox.container.init_client import InitClient
from guard.sandbox.life import Life
from tests.sandbox.boxes import QUICK


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def knock(folder: Path) -> socket.socket:
    """Come to a door, wherever it is."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    fd = os.open(folder, os.O_RDONLY)
    try:
        client.connect(f"/proc/self/fd/{fd}/socket")
    except OSError:
        client.close()
        raise
    finally:
        os.close(fd)
    client.send(b'{"python": "3.9"}')
    return client


def test_whoever_comes_is_known_by_the_kernel_and_nobody_can_come_after(tmp_path: Path, stack: ExitStack) -> None:
    folder = tmp_path / ("a very long name of a folder, " * 5)
    folder.mkdir()
    door = InitClient(folder, stack)
    with knock(folder):
        assert (door.meet(lambda: None), door.python) == (os.getpid(), "3.9")
        assert list(folder.iterdir()) == []
        with pytest.raises(OSError, match="No such file"):
            knock(folder)


def test_a_box_that_ends_at_once_is_an_error_that_says_so(tmp_path: Path, stack: ExitStack) -> None:
    with pytest.raises(SandboxError, match="exit code 127") as error:
        InitClient(tmp_path, stack).meet(lambda: 127)
    assert "python3" in error.value.hint


def test_a_box_that_went_away_before_its_order_is_an_error(tmp_path: Path, stack: ExitStack) -> None:
    door = InitClient(tmp_path, stack)
    with knock(tmp_path):
        door.meet(lambda: None)
    with pytest.raises(SandboxError, match="went away"):
        door.order({"command": ["true"]}, Life(limits=QUICK))


def test_an_order_that_is_too_long_is_refused_before_it_is_sent(tmp_path: Path, stack: ExitStack) -> None:
    door = InitClient(tmp_path, stack)
    with knock(tmp_path) as box:
        door.meet(lambda: None)
        with pytest.raises(SandboxError, match="too long"):
            door.order({"environment": {"x": "y" * MOST}}, Life(limits=QUICK))
        box.setblocking(False)
        with pytest.raises(BlockingIOError):
            box.recv(10)


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'{"exit-code": "x"}', b'{"code": 1}'])
def test_what_is_no_exit_code_is_none(tmp_path: Path, stack: ExitStack, said: bytes) -> None:
    door = InitClient(tmp_path, stack)
    with knock(tmp_path) as box:
        door.meet(lambda: None)
        assert door.exit_code() is None
        box.send(said)
        assert door.exit_code() is None
        box.send(b'{"exit-code": 7}')
        assert door.exit_code() == 7
