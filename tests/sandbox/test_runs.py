from __future__ import annotations

import asyncio
import os
import select
import time
from pathlib import Path

import pytest

from guard.errors import BadInput, SandboxError
from guard.model import Ending, Execution
from guard.ports import Job
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.egress.broker import Gateway
from guard.sandbox.life import Outcome
from guard.sandbox.runs import Runs, Workspaces, encoded, executed
from tests.sandbox.boxes import brief, job


def ran(ending: Ending = Ending.EXITED, *, code: int = 0, stderr: bytes = b"") -> Outcome:
    return Outcome(ending=ending, exit_code=code, signal=0, stdout=b"", stderr=stderr, truncated=False, seconds=0.1)


async def test_a_cancelled_run_has_ended_when_the_cancellation_arrives(tmp_path: Path) -> None:
    ended = []

    def work(job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        select.select([cancel], [], [], 10)
        ended.append(os.eventfd_read(cancel))
        return Execution(ending=Ending.KILLED)

    runs = Runs(work, state=tmp_path, broker=None)
    running = asyncio.create_task(runs.run(job("")))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended == [1]
    runs.close()


async def test_a_full_disk_is_an_error_with_a_hint(tmp_path: Path) -> None:
    def work(job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        raise OSError(28, "No space left on device", "upper")

    runs = Runs(work, state=tmp_path, broker=None)
    with pytest.raises(SandboxError, match=r"No space left on device \(upper\)") as error:
        await runs.run(job(""))
    assert str(tmp_path) in error.value.hint
    runs.close()


def test_a_workspace_is_laid_out_anew_for_each_run(tmp_path: Path) -> None:
    workspace, first, second = (tmp_path.resolve() / name for name in ("workspace", "1", "2"))
    for made in (workspace, first, second):
        made.mkdir(mode=0o750)
    (workspace / ".env").write_text("secret")
    given = Workspaces()
    one = given.overlay(job("", workspace, masked=(workspace / ".env",)), first)
    two = given.overlay(job("", workspace), second)
    assert one
    assert two
    assert (one.masks.files, two.masks.files) == ((".env",), ())
    assert one.upper != two.upper
    assert Path(one.upper).stat().st_mode & 0o777 == 0o750
    assert given.overlay(job(""), first) is None


def test_a_workspace_that_is_now_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(SandboxError, match="is now"):
        Workspaces().overlay(job("", tmp_path.resolve() / "link"), tmp_path)


def test_text_that_is_not_unicode_is_no_program() -> None:
    assert encoded("é") == b"\xc3\xa9"
    with pytest.raises(BadInput, match="position 1"):
        encoded("x\ud800")


def test_the_change_set_of_a_run_that_filled_the_disk_is_not_sealed(tmp_path: Path) -> None:
    workspace = tmp_path.resolve() / "workspace"
    workspace.mkdir()
    asked = job("", workspace)
    overlay = Workspaces().overlay(asked, tmp_path)
    assert overlay
    Path(overlay.upper, "made").write_text("x")
    blobs = Blobs(tmp_path / "blobs")
    assert brief(executed(asked, ran(), overlay, blobs, time.time_ns()).change_set) == ["created made"]
    assert executed(asked, ran(Ending.DISK), overlay, blobs, time.time_ns()).change_set.changes == ()


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        (ran(code=1, stderr=b"Traceback\nMemoryError\n"), Ending.MEMORY),
        (ran(code=1, stderr=b"OSError: [Errno 28] No space left on device"), Ending.DISK),
        (ran(code=0, stderr=b"MemoryError\n"), Ending.EXITED),
        (ran(Ending.KILLED, code=133, stderr=b"Fatal JavaScript out of memory"), Ending.MEMORY),
        (ran(Ending.TIMEOUT, code=137, stderr=b"MemoryError"), Ending.TIMEOUT),
    ],
)
def test_what_a_program_says_of_its_failure_is_heard(tmp_path: Path, outcome: Outcome, ending: Ending) -> None:
    assert executed(job(""), outcome, None, Blobs(tmp_path), 0).ending is ending
