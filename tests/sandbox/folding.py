"""A file system that takes names that differ in case, or in how their letters are composed, for one name and keeps the spelling that it was
given first, as those of macOS and Windows do: a view of a folder through FUSE, in a process of its own.

    python -m tests.sandbox.folding FOLDER MOUNTPOINT
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SECONDS = 20


def lacks() -> str:
    """Why there can be no such file system here; "" if there can."""
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return f"/dev/fuse: {error.strerror}"
    try:
        import mfusepy  # noqa: F401 - it loads libfuse
    except (ImportError, OSError, AttributeError) as error:
        return f"libfuse: {error}"
    return ""


needs_fuse = pytest.mark.skipif(bool(lacks()), reason=f"no file system can be mounted through FUSE here ({lacks()})")


def key(name: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


@contextmanager
def mounted(folder: Path, point: Path) -> Iterator[Path]:
    """`folder`, seen at `point` with names folded, until the end of the block."""
    assert not folder.is_relative_to(point), "it would wait for itself for ever"
    point.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.sandbox.folding", str(folder), str(point)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.read(1) == b"x", "it did not come up"
            yield point
        finally:
            subprocess.run(["umount", "--lazy", str(point)], check=False, timeout=SECONDS)
            server.wait(SECONDS)


def serve(folder: str, point: str) -> None:
    """Until it is unmounted."""
    import mfusepy

    libc = ctypes.CDLL(None, use_errno=True)

    def result(of: int) -> int:
        if of < 0:
            raise mfusepy.FuseOSError(ctypes.get_errno())
        return of

    class Folding(mfusepy.Operations):  # type: ignore[misc]
        use_ns = True

        def real(self, path: str) -> str:
            """The path below, each component in the spelling that is there."""
            found = folder
            for name in filter(None, path.split("/")):
                try:
                    there = os.listdir(found)
                except OSError:
                    there = []
                found = os.path.join(found, next((other for other in there if key(other) == key(name)), name))
            return found

        def init(self, path: str) -> None:
            os.write(1, b"x")

        def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
            seen = os.lstat(self.real(path))
            return {
                **{
                    name: getattr(seen, name)
                    for name in ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_ino", "st_rdev", "st_blocks")
                },
                **{name: getattr(seen, f"{name}_ns") for name in ("st_atime", "st_mtime", "st_ctime")},
            }

        def readdir(self, path: str, fh: int) -> list[tuple[str, dict[str, int], int]]:
            with os.scandir(self.real(path)) as entries:  # one without an inode number would be passed over
                found = [(entry.name, {"st_ino": entry.inode()}, 0) for entry in entries]
            return [(".", {"st_ino": 1}, 0), ("..", {"st_ino": 1}, 0), *found]

        def readlink(self, path: str) -> str:
            return os.readlink(self.real(path))

        def mkdir(self, path: str, mode: int) -> int:
            os.mkdir(self.real(path), mode)
            return 0

        def rmdir(self, path: str) -> int:
            os.rmdir(self.real(path))
            return 0

        def unlink(self, path: str) -> int:
            os.unlink(self.real(path))
            return 0

        def symlink(self, target: str, source: str) -> int:
            os.symlink(source, self.real(target))
            return 0

        def rename(self, old: str, new: str, flags: int = 0) -> int:
            source, target = self.real(old), self.real(new)
            if source == target:
                target = os.path.join(os.path.dirname(target), os.path.basename(new))
            return result(libc.renameat2(-100, os.fsencode(source), -100, os.fsencode(target), flags))

        def chmod(self, path: str, mode: int) -> int:
            os.chmod(self.real(path), mode)
            return 0

        def chown(self, path: str, uid: int, gid: int) -> int:
            os.chown(self.real(path), uid, gid, follow_symlinks=False)
            return 0

        def truncate(self, path: str, length: int, fh: int | None = None) -> int:
            os.truncate(self.real(path), length)
            return 0

        def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
            os.utime(self.real(path), ns=times, follow_symlinks=False) if times else os.utime(self.real(path), follow_symlinks=False)
            return 0

        def create(self, path: str, mode: int, fi: Any = None) -> int:
            return os.open(self.real(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)

        def open(self, path: str, flags: int) -> int:
            return os.open(self.real(path), (flags & ~os.O_NOFOLLOW) | os.O_CLOEXEC)

        def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
            return os.pread(fh, size, offset)

        def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
            return os.pwrite(fh, data, offset)

        def release(self, path: str, fh: int) -> int:
            os.close(fh)
            return 0

        def getxattr(self, path: str, name: str, position: int = 0) -> bytes:
            raise mfusepy.FuseOSError(errno.ENOTSUP)

    class Mount(mfusepy.FUSE):  # type: ignore[misc]
        def rename_fuse_3(self, old: bytes, new: bytes, flags: int) -> int:
            """The binding's own drops the flags."""
            return int(self.operations.rename(os.fsdecode(old), os.fsdecode(new), flags))

    Mount(Folding(), point, foreground=True, nothreads=True, allow_other=True, use_ino=True, attr_timeout=0, entry_timeout=0)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
