"""The user's files, touched through descriptors only: every folder is opened one component at a time from the workspace's own
descriptor, following no link, so that no path can lead out of it."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from guard.errors import SandboxError
from guard.model import Print
from guard.sandbox.changeset.fingerprint import fingerprint, open_folder

NOREPLACE, EXCHANGE = 1, 2
MOST_OPEN = 128
_libc = ctypes.CDLL(None, use_errno=True)


class Beneath:
    """An open workspace. Paths are relative to it, with "/" between plain names; anything else is a ValueError."""

    def __init__(self, root: Path) -> None:
        try:
            self.fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise SandboxError(f"the workspace {root} cannot be opened: {error.strerror}", hint="Is it still there?") from error
        self._folders: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for fd in (self.fd, *self._folders.values()):
            os.close(fd)

    def place(self, path: str) -> tuple[int, str]:
        """A path -> (descriptor of the folder that it is in, its name). OSError if a folder on the way is none, or is a link."""
        if path.startswith("/"):
            raise ValueError(f"not a plain path: {path!r}")
        folder, _, name = path.rpartition("/")
        _plain(name)
        return self.folder(folder), name

    def folder(self, path: str) -> int:
        """Descriptor of a folder; the latest ones are kept open. Valid until `MOST_OPEN` others were asked for, or `forget`."""
        if path == "":
            return self.fd
        fd = self._folders.pop(path, -1)
        if fd < 0:
            parent, _, name = path.rpartition("/")
            _plain(name)
            fd = open_folder(self.folder(parent), name)
        self._folders[path] = fd
        if len(self._folders) > MOST_OPEN:
            os.close(self._folders.pop(next(iter(self._folders))))
        return fd

    def forget(self, path: str) -> None:
        """A folder is about to go, or went: what is at its path from now on is another one."""
        for known in [known for known in self._folders if known == path or known.startswith(path + "/")]:
            os.close(self._folders.pop(known))

    def print(self, path: str) -> Print | None:
        """What is there now; None if nothing is (or its folder is not). Raises `Unprintable`."""
        try:
            folder, name = self.place(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                return None  # a link took the place of a folder: whatever is behind it is not ours
            raise
        return fingerprint(folder, name)

    def names(self, path: str) -> list[str]:
        """What is in a folder now."""
        return os.listdir(self.folder(path))

    def identity(self, path: str) -> tuple[int, int, int, int]:
        """Cheap identity of a file: it changes when somebody writes to it or puts another in its place, not when it is renamed."""
        folder, name = self.place(path)
        found = os.lstat(name, dir_fd=folder)
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def chmod(self, path: str, mode: int) -> None:
        """Set the permissions of a file or folder, never through a link; a folder keeps its set-gid bit."""
        folder, name = self.place(path)
        fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        try:
            found = os.fstat(fd).st_mode
            if stat.S_ISLNK(found):
                raise OSError(errno.ELOOP, "a link took its place")
            kept = found & (stat.S_ISGID | stat.S_ISVTX) if stat.S_ISDIR(found) else 0
            os.chmod(f"/proc/self/fd/{fd}", mode | kept)
        finally:
            os.close(fd)

    def unlock(self, path: str) -> None:
        """Make a folder that is about to be deleted writable for us, as the program did before it deleted what is in it."""
        folder, name = self.place(path)
        mode = os.lstat(name, dir_fd=folder).st_mode & 0o777
        if mode & 0o300 != 0o300:
            self.chmod(path, mode | 0o700)

    def rename(self, source: str, target: str, flags: int) -> None:
        """renameat2(2) within the workspace: NOREPLACE or EXCHANGE."""
        # The shallower one last: opening a deep folder may close those asked for long before.
        first, second = sorted((source, target), key=lambda path: -path.count("/"))
        places = {first: self.place(first)}
        places[second] = self.place(second)
        (from_fd, from_name), (to_fd, to_name) = places[source], places[target]
        if _libc.renameat2(from_fd, os.fsencode(from_name), to_fd, os.fsencode(to_name), flags) == 0:
            return
        number = ctypes.get_errno()
        if number not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(number, os.strerror(number), target)
        self._rename_without_flags((from_fd, from_name), (to_fd, to_name), flags)

    def _rename_without_flags(self, source: tuple[int, str], target: tuple[int, str], flags: int) -> None:
        # Some file systems (NFS, drvfs) know no flags. Then a reader may see the path absent for a moment.
        if flags == EXCHANGE:
            aside = source[1] + ".old"
            os.rename(target[1], aside, src_dir_fd=target[0], dst_dir_fd=source[0])
            os.rename(source[1], target[1], src_dir_fd=source[0], dst_dir_fd=target[0])
            os.rename(aside, source[1], src_dir_fd=source[0], dst_dir_fd=source[0])
            return
        try:
            os.lstat(target[1], dir_fd=target[0])
        except FileNotFoundError:
            os.rename(source[1], target[1], src_dir_fd=source[0], dst_dir_fd=target[0])
        else:
            raise FileExistsError(errno.EEXIST, "something is there already", target[1])


def _plain(name: str) -> None:
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise ValueError(f"not a plain name: {name!r}")
