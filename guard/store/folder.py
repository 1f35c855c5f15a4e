"""The state folder: private to one user, and the lock that write transactions take turns by."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guard.errors import StoreError

_PAUSE = 0.0005


def prepare(folder: Path) -> None:
    """Make the folder, with mode 0700. `StoreError` if it cannot be, is somebody else's, or others may look into it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise StoreError(
                f"the state folder {folder} belongs to user {found.st_uid}, guard runs as user {os.geteuid()}",
                hint="Run guard as its owner, or name another state folder.",
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            if any(folder.iterdir()):  # not ours to change: it may be a home, or /tmp
                raise StoreError(
                    f"the state folder {folder} is open to other users (mode {stat.S_IMODE(found.st_mode):04o})",
                    hint=f"chmod 700 {folder}",
                )
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"the state folder {folder} cannot be used: {error.strerror or error}",
            hint="guard needs a folder that it can write to; without a ledger nothing runs.",
        ) from error


def open_private(path: Path) -> int:
    """Open a file of the state folder for reading and writing, made with mode 0600. The caller closes it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="guard needs a state folder that it can write to; without a ledger nothing runs.",
        ) from error
    if stat.S_IMODE(os.fstat(file).st_mode) & 0o077:
        os.fchmod(file, 0o600)
    return file


Identity = tuple[int, int]


def make_private(path: Path) -> Identity:
    """Make a file if absent, with mode 0600. What `require` compares."""
    file = open_private(path)
    try:
        found = os.fstat(file)
        return found.st_dev, found.st_ino
    finally:
        os.close(file)


def require(path: Path, identity: Identity) -> None:
    """`StoreError` if the file at `path` is another one now: what is written to a removed file is lost without an error."""
    try:
        found = path.stat()
    except OSError:
        found = None
    if found is None or (found.st_dev, found.st_ino) != identity:
        raise StoreError(f"{path} was removed or replaced while guard runs", hint="Put it back, or restart guard; until then nothing runs.")


class WriteLock:
    """An advisory lock on a file, so that writers take turns: SQLite's own busy handler starves some of them for tenths of seconds.

    Correctness does not depend on it: SQLite locks as well. Blocks, so it is taken in a worker thread.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path, self._patience = path, patience
        self._file = open_private(path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it. `StoreError` if another process does for longer than the patience."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreError(
                        f"the store is locked: another process has held {self._path} for {self._patience:g} s",
                        hint=f"See which one, with `fuser {self._path}`; it may be stopped or stuck.",
                    ) from None
                time.sleep(_PAUSE)
            except OSError as error:
                raise StoreError(
                    f"{self._path} cannot be locked: {error.strerror or error}", hint="Keep the state on a local disk."
                ) from error
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
