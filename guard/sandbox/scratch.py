"""Temporary folders of runs: private, never predictable, and swept by the next guard when their owner died."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from guard.sandbox.cgroup import remove_groups


class Scratch:
    """The folder of one living guard process below `root`. It holds a lock while it lives; unlocked folders belong to the dead."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name = secrets.token_hex(8)
        self.path = root / self.name
        self._numbers = itertools.count(1)
        # The lock is taken before the folder has its final name: a sweep never finds a living one unlocked.
        born = root / f".{self.name}"
        born.mkdir(mode=0o700)
        self._lock = os.open(born / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        born.rename(self.path)
        sweep(root)

    def folder(self) -> Path:
        """A new empty folder for one run."""
        path = self.path / str(next(self._numbers))
        path.mkdir(mode=0o700)
        return path

    def close(self) -> None:
        remove_tree(self.path)
        os.close(self._lock)


def sweep(root: Path) -> None:
    """Remove folders (and control groups) whose owners are dead."""
    for entry in os.scandir(root):
        if entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
            continue
        try:
            lock = os.open(Path(entry.path) / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            remove_groups(entry.name)
            remove_tree(Path(entry.path))
        finally:
            os.close(lock)


def remove_tree(path: Path) -> None:
    """Remove a tree that a hostile program may have filled: folders without permissions included, nothing followed."""
    for folder, names, _ in os.walk(path, topdown=True):
        for name in names:
            inner = os.path.join(folder, name)
            mode = os.lstat(inner).st_mode
            # overlayfs leaves work/work with mode 000
            if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
                try:
                    os.chmod(inner, 0o700)
                except PermissionError:  # an engine that is root made it; it is empty, and lies in a folder of ours
                    with suppress(OSError):
                        os.rmdir(inner)
    shutil.rmtree(path, ignore_errors=True)
