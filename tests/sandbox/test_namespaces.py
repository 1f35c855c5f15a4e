"""Listeners in a real box's namespace; what programs do with them is tried in `contracts/test_network_escapes`."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from guard.errors import SandboxError
from guard.sandbox.bubblewrap import bwrap_path
from guard.sandbox.life import Life
from guard.sandbox.namespaces import Joiner
from tests.sandbox.boxes import QUICK

PROXY = ("127.0.0.1", 3128)


@contextmanager
def held(pid: int) -> Iterator[Life]:
    life = Life(limits=QUICK)
    assert life.hold(pid)
    yield life
    os.close(life.pidfd)


@pytest.fixture
def box() -> Iterator[Life]:
    """The first process of a box that waits."""
    read, write = os.pipe()
    command = [str(bwrap_path()), "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--cap-drop", "ALL",
               "--ro-bind", "/", "/", "--json-status-fd", str(write), "/bin/cat"]  # fmt: skip
    with subprocess.Popen(command, pass_fds=[write], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        os.close(write)
        said = os.read(read, 1000)
        with held(int(said.split(b'"child-pid": ')[1].split(b",")[0])) as life:
            yield life
        os.close(read)
        process.kill()


@pytest.fixture
def joiner() -> Iterator[Joiner]:
    made = Joiner()
    yield made
    made.close()


def namespace(listener: socket.socket) -> int:
    """The network namespace that a socket is in (SIOCGSKNS), as root may ask."""
    import fcntl

    fd = fcntl.ioctl(listener, 0x894C)
    try:
        return os.fstat(fd).st_ino
    finally:
        os.close(fd)


def test_the_sockets_are_in_the_box_and_not_here(box: Life, joiner: Joiner) -> None:
    wanted = (
        PROXY,
        ("127.0.0.2", 443),
        ("10.0.0.5", 5432),
        ("fd00::1", 80),
    )
    made = joiner.listen(box, wanted)
    assert [one.getsockname()[:2] for one in made] == list(wanted)
    if os.geteuid() == 0:
        assert {namespace(one) for one in made} == {os.stat(f"/proc/{box.init}/ns/net").st_ino}
    for one in made:
        with socket.socket(one.family) as here, suppress(OSError):
            here.settimeout(0.5)
            here.connect(one.getsockname()[:2])
        with pytest.raises(BlockingIOError):
            one.accept()
        one.close()


def test_one_process_serves_many_boxes_and_leaves_with_its_owner(box: Life) -> None:
    joiner = Joiner()
    for _ in range(3):
        for one in joiner.listen(box, (PROXY,)):
            one.close()
    process = joiner._process
    assert process is not None
    joiner.close()
    assert process.returncode is not None
    joiner.close()


def test_what_cannot_be_bound_is_an_error_and_the_next_box_is_served(box: Life, joiner: Joiner) -> None:
    with pytest.raises(SandboxError, match="Address already in use"):
        joiner.listen(box, (PROXY, PROXY))
    for one in joiner.listen(box, (PROXY,)):
        one.close()


def test_a_box_that_is_dead_is_an_error(joiner: Joiner) -> None:
    with subprocess.Popen(["/bin/true"]) as process, held(process.pid) as life:
        process.wait()
        with pytest.raises(SandboxError, match="cannot be seen"):
            joiner.listen(life, (PROXY,))


def test_a_number_that_is_another_process_s_by_now_joins_nothing(box: Life, joiner: Joiner) -> None:
    with subprocess.Popen(["/bin/true"]) as process, held(process.pid) as life:
        process.wait()
        life.init = box.init  # as if the kernel had given the number to that one
        with pytest.raises(SandboxError, match="died before"):
            joiner.listen(life, (PROXY,))


def test_nothing_is_ever_opened_in_guards_own_network(joiner: Joiner) -> None:
    with held(os.getpid()) as life, pytest.raises(SandboxError, match="no network namespace of its own"):
        joiner.listen(life, (PROXY,))


def test_a_killed_process_is_replaced(box: Life, joiner: Joiner) -> None:
    for one in joiner.listen(box, (PROXY,)):
        one.close()
    process = joiner._process
    assert process is not None
    process.kill()
    process.wait()
    for one in joiner.listen(box, (PROXY,)):
        one.close()


def test_a_guard_that_is_killed_leaves_no_process_behind() -> None:
    code = "import sys\nfrom guard.sandbox.namespaces import Joiner\nj = Joiner()\nj._start()\nprint(j._process.pid, flush=True)\nsys.stdin.read()"
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as guard:
        assert guard.stdout
        pidfd = os.pidfd_open(int(guard.stdout.readline()))
        guard.kill()
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    assert poller.poll(10_000), "it ended"
    os.close(pidfd)
