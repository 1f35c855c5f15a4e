"""Who is alive: every engine holds a lock on a file of its own for as long as its process lives.

The kernel drops the lock when the process dies, however it dies, so "dead" is certain and immediate on one host. (A store that several
hosts share will keep leases with deadlines instead; the Protocol is `guard.ports.Leases`.)
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from guard.errors import StoreError
from guard.store.folder import prepare

_OLD = 3600.0
_NAME = re.compile(r"[0-9a-f]{16}")


class FileLeases:
    """Leases in a folder of the state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}

    def enlist(self) -> str:
        """A fresh engine id, alive until this process ends or `dismiss`. Also removes the files of the dead."""
        try:
            prepare(self._folder.parent)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._sweep()
            engine = secrets.token_hex(8)
            descriptor = os.open(self._folder / engine, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be written: {error.strerror}", hint="Check the state folder's permissions.") from None
        self._held[engine] = descriptor
        return engine

    def _sweep(self) -> None:
        # Only old files: a young one may be about to be locked by the engine that has just made it.
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another engine sweeps too
                if time.time() - path.stat().st_mtime > _OLD and not self.alive(path.name):
                    path.unlink()

    def alive(self, engine: str) -> bool:
        """Whether the engine's process still lives. An id that was never enlisted here is dead."""
        if engine in self._held:
            return True
        if not _NAME.fullmatch(engine):
            return False
        try:
            descriptor = os.open(self._folder / engine, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be read: {error.strerror}", hint="Check the state folder's permissions.") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def dismiss(self, engine: str) -> None:
        """Give the lease back: this engine runs nothing any more."""
        descriptor = self._held.pop(engine, None)
        if descriptor is not None:
            (self._folder / engine).unlink(missing_ok=True)
            os.close(descriptor)

    def place(self, name: str, most: int) -> Callable[[], None] | None:
        """One of `most` places under a name: a lock on the first file that nobody holds."""
        folder = self._folder.with_name("places")
        kept = hashlib.sha256(name.encode()).hexdigest()[:16]
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            for number in range(most):
                descriptor = os.open(folder / f"{kept}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptor)
                else:
                    return partial(os.close, descriptor)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}", hint="Check the state folder's permissions.") from None
        return None
