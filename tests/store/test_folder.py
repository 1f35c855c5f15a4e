"""The state folder is private to its user, and its lock is taken in turns."""

import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.store import folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_missing_folder_is_made_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder.prepare(tmp_path / "a" / "state")
        os.close(folder.open_private(tmp_path / "a" / "state" / "file"))
    finally:
        os.umask(before)
    assert mode(tmp_path / "a" / "state") == 0o700
    assert mode(tmp_path / "a" / "state" / "file") == 0o600


def test_an_empty_folder_that_others_may_look_into_is_closed(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    folder.prepare(tmp_path / "state")
    assert mode(tmp_path / "state") == 0o700


def test_a_folder_in_use_that_others_may_look_into_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o755)
    (tmp_path / "home" / "letter").touch()
    with pytest.raises(StoreError, match=r"open to other users \(mode 0755\)") as caught:
        folder.prepare(tmp_path / "home")
    assert caught.value.hint == f"chmod 700 {tmp_path / 'home'}"
    assert mode(tmp_path / "home") == 0o755


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(StoreError, match="cannot be used: File exists"):
        folder.prepare(tmp_path / "state")


def test_a_folder_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.stat("/usr").st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(StoreError, match=f"belongs to user {owner}, guard runs as user {owner + 1}"):
        folder.prepare(Path("/usr"))


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "guard.db").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="cannot be written"):
        folder.open_private(tmp_path / "guard.db")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_others_may_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "guard.db").touch(mode=0o644)
    os.close(folder.open_private(tmp_path / "guard.db"))
    assert mode(tmp_path / "guard.db") == 0o600


def test_who_cannot_have_the_lock_in_time_is_told_and_gets_it_once_it_is_free(tmp_path: Path) -> None:
    holder, waiter = folder.WriteLock(tmp_path / "lock", 5), folder.WriteLock(tmp_path / "lock", 0.02)
    with holder.held(), pytest.raises(StoreError, match=r"has held .*lock for 0\.02 s"), waiter.held():
        pytest.fail("two hold it")
    with waiter.held():
        pass
    holder.close()
    waiter.close()
    waiter.close()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    program = f"import fcntl; f = open({str(tmp_path / 'lock')!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        lock = folder.WriteLock(tmp_path / "lock", 5)
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        child.kill()
        with lock.held():
            pass
        lock.close()
