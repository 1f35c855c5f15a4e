from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from guard.model import Ending
from guard.sandbox.life import Life
from tests.sandbox.boxes import QUICK


@contextmanager
def living(*command: str) -> Iterator[Life]:
    """A process as a box: no box at all, but its life is that of one."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        box = Life(limits=QUICK)
        for pipe in (process.stdout, process.stderr):
            assert pipe
            os.set_blocking(pipe.fileno(), False)
            box.output[pipe.fileno()] = bytearray()
        assert box.hold(process.pid)
        yield box
        process.kill()
    os.close(box.pidfd)


def test_output_is_kept_until_the_first_process_is_dead() -> None:
    with living("/bin/sh", "-c", "read x; echo out; echo err >&2") as box:
        assert box.supervise(time.monotonic() + 0.1, None, {}) is Ending.TIMEOUT
        assert not box.dead(0)
    assert box.init
    with living("/bin/sh", "-c", "echo out; echo err >&2") as box:
        assert box.supervise(time.monotonic() + 10, None, {}) is None
        box.drain()
        outcome = box.outcome(None, 0, 1.0)
    assert (outcome.stdout, outcome.stderr, outcome.ending) == (b"out\n", b"err\n", Ending.EXITED)


def test_limits_are_set_from_outside_and_never_raised() -> None:
    with living("/bin/sh", "-c", "read x; ulimit -f") as box:
        box.limit()
        text = Path(f"/proc/{box.init}/limits").read_text()
    limits = {line[:26].strip(): line[26:] for line in text.splitlines()}
    assert str(QUICK.processes) in limits["Max processes"]
    assert str(QUICK.file_bytes) in limits["Max file size"]
    assert limits["Max core file size"].split()[1] == "0"


def test_a_box_that_is_gone_cannot_be_held() -> None:
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    assert not Life(limits=QUICK).hold(process.pid)


def test_what_is_killed_is_dead() -> None:
    with living("/bin/sleep", "600.5") as box:
        assert not box.dead(0)
        box.kill()
        assert box.dead(5)


@pytest.mark.parametrize(
    ("broken", "code", "out_of_memory", "ending", "number"),
    [
        (None, 0, False, Ending.EXITED, 0),
        (None, 3, False, Ending.EXITED, 0),
        (None, 128 + signal.SIGSEGV, False, Ending.KILLED, 11),
        (None, 128 + signal.SIGXCPU, False, Ending.TIMEOUT, 24),
        (None, 128 + signal.SIGXFSZ, False, Ending.DISK, 25),
        (None, None, False, Ending.KILLED, 9),
        (None, 0, True, Ending.MEMORY, 0),
        (None, None, True, Ending.MEMORY, 9),
        (Ending.TIMEOUT, None, False, Ending.TIMEOUT, 9),
        (Ending.DISK, 0, True, Ending.DISK, 9),
    ],
)
def test_endings_are_told_apart(broken: Ending | None, code: int | None, out_of_memory: bool, ending: Ending, number: int) -> None:
    outcome = Life(limits=QUICK, output={1: bytearray(), 2: bytearray()}).outcome(broken, code, 0.0, out_of_memory=out_of_memory)
    assert (outcome.ending, outcome.signal) == (ending, number)


def test_too_much_output_is_cut_whatever_the_exit_code() -> None:
    with living("/bin/sh", "-c", "printf 123456; printf 78 >&2") as box:
        box.limits = replace(QUICK, output_bytes=4)
        assert box.supervise(time.monotonic() + 10, None, {}) is Ending.OUTPUT
        outcome = box.outcome(None, 0, 0.0)
    assert (outcome.ending, outcome.truncated, len(outcome.stdout + outcome.stderr)) == (Ending.OUTPUT, True, 4)


def test_other_descriptors_may_end_the_run_or_be_nothing() -> None:
    asked = []
    with living("/bin/sleep", "600.75") as box:
        for fd, ending in ((os.eventfd(1), None), (os.eventfd(1), Ending.KILLED)):
            found = box.supervise(time.monotonic() + 0.3, None, {fd: lambda ending=ending: asked.append(ending) or ending})
            assert found is (ending or Ending.TIMEOUT)
            os.close(fd)
    assert asked == [None, Ending.KILLED], "each was asked once"
