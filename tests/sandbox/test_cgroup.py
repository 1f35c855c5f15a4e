from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

import pytest

from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.cgroup import Group, Parents, ProcessLimitMissing, parents, remove_groups
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK, closing, job


def test_where_nothing_is_granted_there_is_no_group(tmp_path: Path) -> None:
    assert Group.make(Parents(), "x", processes=1, memory_bytes=1 << 20) is None
    assert Group.make(Parents(pids=tmp_path / "gone"), "x", processes=1, memory_bytes=1 << 20) is None


def test_a_group_limits_processes_and_is_removed() -> None:
    where = parents()
    if where.pids is None:
        pytest.skip("this user may make no control group here")
    name = f"test-{secrets.token_hex(4)}"
    group = Group.make(where, name, processes=5, memory_bytes=64 << 20)
    assert group is not None
    code = """
import os, signal, sys
sys.stdin.read()
count = 0
try:
    while count < 20:
        if os.fork() == 0:
            signal.pause()
        count += 1
except OSError:
    print(count, flush=True)
os.killpg(0, signal.SIGKILL)
"""
    before = Path("/proc/thread-self/cgroup").read_text()
    with group.entered():
        process = subprocess.Popen(["/usr/bin/python3", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    with process:
        group.add(process.pid)
        out, _ = process.communicate(timeout=20)
    assert Path("/proc/thread-self/cgroup").read_text() == before, "who started it is where it was"
    assert int(out) == (4 if where.unified else 5), "one more than a box may have: what starts it is in it from its birth"
    assert not group.ran_out_of_memory()
    remove_groups("test")
    group.remove()
    assert not (where.pids / f"guard-{name}").exists()


async def test_root_without_a_limit_on_processes_gets_no_box_unless_it_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user is bound by RLIMIT_NPROC")
    monkeypatch.setattr("guard.sandbox.cgroup.MOUNT", tmp_path / "no-cgroups")
    box = BubblewrapSandbox(tmp_path / "state")
    with pytest.raises(ProcessLimitMissing, match="pids control group"):
        await box.run(job("print(1)"))
    (missing,) = await box.prove()
    assert (missing.name, missing.holds) == ("process-limit", False)
    await box.close()
    accepting = BubblewrapSandbox(tmp_path / "state", accepted=frozenset({"process-limit"}))
    assert (await accepting.run(job("print(1)"))).stdout == "1\n"
    missing_now = [promise for promise in await accepting.prove() if not promise.holds]
    assert [promise.name for promise in missing_now] == ["process-limit"], missing_now
    await accepting.close()


async def test_a_box_is_in_its_group_from_its_birth(tmp_path: Path) -> None:
    where = parents()
    if where.pids is None or where.unified:
        pytest.skip("no control groups of version 1 here")
    async with closing(BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=1, limits=QUICK))) as box:
        await box.warmed()
        assert box._pool is not None
        (place,) = box._pool._waiting
        (folder,) = where.pids.glob(f"guard-{box._scratch.name}-*")
        members = (folder / "cgroup.procs").read_text().split()
        threads = {path.read_text() for path in Path("/proc/self/task").glob("*/cgroup")}
    assert str(place.box.init) in members
    assert len(members) == 3, "what started it, its first process, the program"
    assert len(threads) == 1, "no thread of ours stayed in it"
