"""What is particular to this Workspace; the promises of every one are in tests/contracts/test_workspace.py."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Change, ChangeSet, EntryKind, FileType, Print
from guard.sandbox.changeset.commit import FileWorkspace

NEW_FOLDER = ChangeSet(changes=(Change(kind=EntryKind.CREATED, path="made", after=Print(type=FileType.FOLDER, mode=0o750)),))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_a_change_set_without_changes_leaves_no_trace(tmp_path: Path, root: Path) -> None:
    files = FileWorkspace(tmp_path / "state")
    assert files.commit_now(1, str(root), ChangeSet(refused=("fifo: a FIFO",))) == ()
    assert list((tmp_path / "state" / "commits").rglob("*.json")) == []
    with pytest.raises(SandboxError, match="committed nothing"):
        files.rollback_now(1, str(root))


def test_a_case_commits_one_change_set_only(tmp_path: Path, root: Path) -> None:
    files = FileWorkspace(tmp_path / "state")
    assert files.commit_now(1, str(root), NEW_FOLDER) == ()
    other = ChangeSet(changes=(Change(kind=EntryKind.CREATED, path="else", after=Print(type=FileType.FOLDER, mode=0o750)),))
    with pytest.raises(SandboxError, match="another change set"):
        files.commit_now(1, str(root), other)
    assert os.listdir(root) == ["made"]


def test_the_lock_of_a_workspace_is_waited_for(tmp_path: Path, root: Path) -> None:
    files = FileWorkspace(tmp_path / "state")
    files.commit_now(1, str(root), NEW_FOLDER)
    (lock,) = (tmp_path / "state" / "locks").iterdir()
    ended = threading.Event()

    def roll_back() -> None:
        files.rollback_now(1, str(root))
        ended.set()

    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        thread = threading.Thread(target=roll_back)
        thread.start()
        assert not ended.wait(0.2)
        assert (root / "made").is_dir()
    assert ended.wait(10)
    thread.join()
    assert not (root / "made").exists()


def test_a_workspace_that_is_gone_is_an_error(tmp_path: Path, root: Path) -> None:
    files = FileWorkspace(tmp_path / "state")
    with pytest.raises(SandboxError, match="cannot be opened"):
        files.commit_now(1, str(root / "gone"), NEW_FOLDER)


def test_a_state_folder_that_cannot_be_written_stops_the_commit_before_anything(tmp_path: Path, root: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    files = FileWorkspace(tmp_path / "state")
    active = tmp_path / "state" / "commits" / "active"
    active.chmod(0o500)
    with pytest.raises(SandboxError, match="stopped") as error:
        files.commit_now(1, str(root), NEW_FOLDER)
    assert "room" in error.value.hint
    assert os.listdir(root) == []
    active.chmod(0o700)
    assert files.commit_now(1, str(root), NEW_FOLDER) == ()


def test_the_owner_of_a_replaced_file_stays_its_owner(tmp_path: Path, root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    files = FileWorkspace(tmp_path / "state")
    (root / "a").write_text("old")
    os.chown(root / "a", 1234, 1235)
    os.setxattr(root / "a", "user.mine", b"kept")
    import hashlib

    from guard.sandbox.changeset.blobs import Blobs

    digest = Blobs(tmp_path / "state" / "blobs").add(b"new")
    old = Print(type=FileType.FILE, mode=0o644, size=3, digest=hashlib.sha256(b"old").hexdigest())
    new = Print(type=FileType.FILE, mode=0o755, size=3, digest=digest)
    assert files.commit_now(1, str(root), ChangeSet(changes=(Change(kind=EntryKind.MODIFIED, path="a", before=old, after=new),))) == ()
    found = (root / "a").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 1235, 0o755)
    assert os.getxattr(root / "a", "user.mine") == b"kept"
