"""The content-addressed store of what change sets hold: bytes by their sha256, private to the user, copied and never linked."""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
from collections.abc import Set
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from guard.errors import SandboxError

CHUNK = 1 << 20
_libc = ctypes.CDLL(None, use_errno=True)


class Blobs:
    """A folder of blobs. Adding is atomic; `flush` makes all that was added survive a power cut."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root
        self._root = str(root)  # paths of thousands of blobs are made: as text, that takes no time

    def add(self, data: bytes) -> str:
        """Keep bytes; returns their sha256 in hex."""
        digest = hashlib.sha256(data).hexdigest()
        if not self.keep(digest):
            temporary = self._temporary()
            with open(temporary, "xb", opener=_private) as out:
                out.write(data)
            self._place(temporary, digest)
        return digest

    def add_descriptor(self, fd: int, limit: int) -> tuple[str, int]:
        """Copy an open file from its start; returns (sha256, size). ValueError if it is longer than `limit`."""
        hasher, size = hashlib.sha256(), 0
        temporary = self._temporary()
        try:
            with open(temporary, "xb", opener=_private) as out:
                while chunk := os.pread(fd, CHUNK, size):
                    size += len(chunk)
                    if size > limit:
                        raise ValueError(f"longer than {limit} bytes")
                    hasher.update(chunk)
                    out.write(chunk)
            self._place(temporary, hasher.hexdigest())
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        return hasher.hexdigest(), size

    def keep(self, digest: str) -> bool:
        """Whether it is here; if it is, it stays for as long as if it were new."""
        try:
            os.utime(self._place_of(digest))
        except FileNotFoundError:
            return False
        return True

    def remove_all_but(self, needed: Set[str], *, before: datetime) -> None:
        """Remove what is not needed and was not added or kept since `before`."""
        for folder, _, names in os.walk(self._root):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.basename(folder) + name not in needed and _older(path, before):
                    self._remove(path, before)

    def _remove(self, path: str, before: datetime) -> None:
        # Whoever wants to keep it in this very moment finds it gone, and adds it anew, or is found by the second look.
        aside = self._temporary()
        with suppress(FileNotFoundError):
            os.rename(path, aside)
            if _older(aside, before):
                os.unlink(aside)
            else:
                os.rename(aside, path)

    def path(self, digest: str) -> Path:
        return Path(self._place_of(digest))

    def copy_to(self, digest: str, fd: int) -> None:
        """Write a blob to an open file, hashing while writing. `SandboxError` if it is absent or not what its name says."""
        hasher = hashlib.sha256()
        try:
            with self.path(digest).open("rb") as source:
                while chunk := source.read(CHUNK):
                    hasher.update(chunk)
                    _write(fd, chunk)
        except FileNotFoundError:
            raise SandboxError(
                f"the content {digest[:12]}… is no longer kept", hint="It expired, or the state folder was changed."
            ) from None
        if hasher.hexdigest() != digest:
            raise SandboxError(f"the kept content {digest[:12]}… was changed on disk", hint="Somebody wrote into guard's state folder.")

    def read(self, digest: str) -> bytes:
        """A small blob whole, verified."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise SandboxError(
                f"the content {digest[:12]}… is no longer kept", hint="It expired, or the state folder was changed."
            ) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise SandboxError(f"the kept content {digest[:12]}… was changed on disk", hint="Somebody wrote into guard's state folder.")
        return data

    def flush(self) -> None:
        """Everything added is on disk when this returns."""
        sync_file_system(self.root)

    def _place_of(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest[2:]}"

    def _temporary(self) -> str:
        return f"{self._root}/.new-{secrets.token_hex(8)}"

    def _place(self, temporary: str, digest: str) -> None:
        final = self._place_of(digest)
        try:
            os.rename(temporary, final)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(final), mode=0o700, exist_ok=True)
            os.rename(temporary, final)


def sync_file_system(path: Path) -> None:
    """syncfs(2) of the file system that holds `path`. `SandboxError` if the disk refuses."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if _libc.syncfs(fd) != 0:
            error = ctypes.get_errno()
            raise SandboxError(f"cannot write {path} to disk: {os.strerror(error)}", hint="The disk may be full or failing.")
    finally:
        os.close(fd)


def _older(path: str, before: datetime) -> bool:
    try:
        return os.stat(path).st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
