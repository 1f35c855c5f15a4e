"""Boxes that wait; what every box promises is tried on them too, in tests/contracts."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from guard.model import Ending
from guard.ports import Job
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK, brief, closing, job

ROOT = Path(__file__).parents[2]

WAITED = "import sys; print('wait' in sys.orig_argv)"
"""A program that says whether its box waited for it."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "workspace"
    (root / "keys").mkdir(parents=True)
    (root / "a.txt").write_text("hello\n")
    for name in (".env", "keys/1.pem", "keys/2.pem"):
        (root / name).write_text("planted")
    return root


@pytest.fixture
async def box(tmp_path: Path, workspace: Path) -> AsyncIterator[BubblewrapSandbox]:
    sandbox = BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=1, limits=QUICK, workspace=str(workspace)))
    yield sandbox
    await sandbox.close()


def waiting(box: BubblewrapSandbox) -> list[int]:
    """The first processes of the boxes that wait."""
    assert box._pool is not None
    return [place.box.init for place in box._pool._waiting]


async def waited(box: BubblewrapSandbox, asked: Job) -> bool:
    await box.warmed()
    execution = await box.run(asked)
    assert execution.succeeded, execution
    return execution.stdout.startswith("True")


async def test_programs_get_a_box_that_waited_with_and_without_a_workspace(box: BubblewrapSandbox, workspace: Path) -> None:
    assert await waited(box, job(WAITED))
    assert await waited(box, job(WAITED, workspace))
    await box.warmed()
    execution = await box.run(job("import os; print(os.getcwd(), os.environ['PWD'], os.listdir('.')); open('new', 'w')", workspace))
    assert "hello" not in execution.stdout
    assert execution.stdout.startswith("/workspace /workspace ['")
    assert brief(execution.change_set) == ["created new"]


async def test_other_limits_another_language_another_workspace_and_another_mount_start_cold(
    box: BubblewrapSandbox, workspace: Path
) -> None:
    elsewhere = job(WAITED)
    (workspace.parent / "other").mkdir()
    for asked in (
        job(WAITED, limits=replace(QUICK, processes=31)),
        job(WAITED, workspace.parent / "other"),
        replace(elsewhere, facts=replace(elsewhere.facts, mount="/other")),
    ):
        assert not await waited(box, asked)
    shell = await box.run(job("echo $0", language="sh"))
    assert (shell.stdout, waiting(box) != []) == ("/run/guard/program\n", True)


async def test_a_box_serves_one_run_and_the_next_is_made_in_the_background(box: BubblewrapSandbox) -> None:
    seen = set()
    for _ in range(3):
        assert await box.warmed() == 1
        seen |= set(waiting(box))
        assert (await box.run(job("import os; open('/tmp/left', 'x'); print(os.listdir('.'))"))).succeeded
    assert len(seen) == 3


async def test_more_runs_at_once_than_boxes_wait_all_run(box: BubblewrapSandbox) -> None:
    await box.warmed()
    executions = await asyncio.gather(*(box.run(job(WAITED)) for _ in range(4)))
    assert all(execution.succeeded for execution in executions)
    assert any(execution.stdout == "True\n" for execution in executions)


async def test_a_box_that_died_while_it_waited_is_not_given_out(box: BubblewrapSandbox) -> None:
    await box.warmed()
    (init,) = waiting(box)
    pidfd = os.pidfd_open(init)
    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    select.select([pidfd], [], [], 10)
    os.close(pidfd)
    assert not await waited_at_once(box)
    assert await box.warmed() == 1
    assert waiting(box) != [init]
    assert await waited_at_once(box)


async def waited_at_once(box: BubblewrapSandbox) -> bool:
    execution = await box.run(job(WAITED))
    assert execution.succeeded
    return execution.stdout == "True\n"


async def test_where_the_workspace_cannot_be_mounted_into_a_waiting_box_the_run_starts_cold(
    box: BubblewrapSandbox, workspace: Path
) -> None:
    assert await waited(box, job(WAITED, workspace))
    many = tuple(workspace / f"{number:03d}{'x' * 230}.env" for number in range(300))  # more than is asked for at once
    for path in many:
        path.write_text("secret")
    assert not await waited(box, job(WAITED, workspace, masked=many))
    assert await waited(box, job(WAITED, workspace)), "the next one is warm again"


async def test_where_nothing_can_be_started_a_box_that_waited_is_not_left_behind(
    box: BubblewrapSandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await box.warmed()
    (init,) = waiting(box)
    pidfd = os.pidfd_open(init)
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert (await box.run(job(WAITED, workspace))).stdout == "False\n"
    assert select.select([pidfd], [], [], 0)[0], "it is dead"
    os.close(pidfd)


async def test_a_box_that_waits_is_the_box_that_a_cold_run_gets(box: BubblewrapSandbox, workspace: Path, tmp_path: Path) -> None:
    code = """
import os, resource
mounts = [line.split() for line in open('/proc/self/mountinfo')]
print(sorted((m[4], m[5], m[m.index('-') + 1]) for m in mounts))
print(sorted((k, v) for k, v in os.environ.items()), os.getcwd(), os.umask(0))
print([line for line in open('/proc/self/status') if line.startswith(('Cap', 'NoNew', 'Seccomp:', 'Uid', 'Gid', 'Groups'))])
print([resource.getrlimit(n) for n in range(16)])
print(sorted(os.listdir('/')), sorted(os.listdir('/run/guard')), sorted(os.listdir('/dev')), sorted(os.listdir('.')))
print(sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in range(10) if os.path.lexists(f'/proc/self/fd/{n}')))
print(sorted(os.listdir('/tmp')), os.path.exists('/sys'))
for path in ('.env', 'keys', 'keys/1.pem'):
    for act in (lambda: open(path).read(), lambda: os.listdir(path), lambda: open(path, 'w'), lambda: os.rename(path, 'x')):
        try: print(act())
        except OSError as error: print(path, error.strerror)
print(os.readlink(ALIAS), open(ALIAS + '/a.txt').read(), sys.argv, __file__, sys.path)
"""
    code = f"import sys; ALIAS = {str(workspace)!r}\n{code}"
    asked = job(code, workspace, masked=(workspace / ".env", workspace / "keys"))
    await box.warmed()
    warm = await box.run(replace(asked, code=code + "\nassert 'wait' in sys.orig_argv"))
    assert warm.succeeded, warm
    async with closing(BubblewrapSandbox(tmp_path / "cold")) as cold_box:
        cold = await cold_box.run(asked)
        assert cold.succeeded, cold
        assert box.profile(QUICK) == cold_box.profile(QUICK)
    assert comparable(warm.stdout) == comparable(cold.stdout)
    assert "Permission denied" in warm.stdout
    assert warm.change_set == cold.change_set


def comparable(text: str) -> list[str]:
    """Of two boxes of their own: without what a mount that comes later has more of, which only forbids."""
    return (
        re.sub(r"rw,(nosuid,nodev,)?relatime', 'overlay'", "rw', 'overlay'", text)
        .replace("('/workspace', 'rw,nosuid,nodev,relatime', 'tmpfs'), ", "")
        .splitlines()
    )


async def test_the_limits_hold_in_a_box_that_waited(tmp_path: Path) -> None:
    limits = replace(QUICK, wall_seconds=0.5)
    async with closing(BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=1, limits=limits))) as sandbox:
        await sandbox.warmed()
        execution = await sandbox.run(job(WAITED + "; sys.stdout.flush()\nwhile True: pass", limits=limits))
    assert (execution.ending, execution.stdout) == (Ending.TIMEOUT, "True\n")


async def test_closing_ends_the_boxes_that_wait_and_leaves_nothing(tmp_path: Path) -> None:
    async with closing(BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=2, limits=QUICK))) as sandbox:
        assert await sandbox.warmed() == 2
        pidfds = [os.pidfd_open(init) for init in waiting(sandbox)]
    for pidfd in pidfds:
        assert select.select([pidfd], [], [], 0)[0], "it is dead"
        os.close(pidfd)
    assert list((tmp_path / "state" / "boxes").iterdir()) == []


GUARD = """
import asyncio, sys, time
from pathlib import Path
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK
async def main():
    box = BubblewrapSandbox(Path(sys.argv[1]), warm=Warm(boxes=2, limits=QUICK))
    await box.warmed()
    print(*[place.box.init for place in box._pool._waiting], flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


def test_boxes_that_wait_die_with_a_guard_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GUARD, str(tmp_path / "state")]
    with subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as guard:
        assert guard.stdout is not None
        pidfds = [os.pidfd_open(int(pid)) for pid in guard.stdout.readline().split()]
        assert len(pidfds) == 2
        guard.kill()
    for pidfd in pidfds:
        assert select.select([pidfd], [], [], 10)[0], "a box outlived its guard"
        os.close(pidfd)
    following = BubblewrapSandbox(tmp_path / "state")
    asyncio.run(following.close())
    assert list((tmp_path / "state" / "boxes").iterdir()) == []
