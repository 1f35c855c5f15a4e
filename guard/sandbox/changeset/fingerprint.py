"""A path -> its Print, through a descriptor of the folder that it is in, following nothing and never waiting (on a FIFO, say)."""

from __future__ import annotations

import hashlib
import os
import stat

from guard.model import FileType, Print

CHUNK = 1 << 20


class Unprintable(Exception):
    """What is there has no fingerprint: a device, a FIFO, a socket, or something that cannot be read. `str` says which."""


def fingerprint(folder: int, name: str) -> Print | None:
    """The Print of `name` in the folder open as `folder`; None if nothing is there. Raises `Unprintable`."""
    try:
        found = os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unprintable(error.strerror) from error
    return print_of(folder, name, found)


def print_of(folder: int, name: str, found: os.stat_result) -> Print:
    """The same for a path that was just looked at."""
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISDIR(found.st_mode):
        # A set-gid bit of a folder is inherited from its parent, not made by a program: it says nothing.
        return Print(type=FileType.FOLDER, mode=mode & 0o777)
    if stat.S_ISLNK(found.st_mode):
        text = os.readlink(os.fsencode(name), dir_fd=folder)
        return Print(type=FileType.SYMLINK, mode=0o777, size=len(text), digest=hashlib.sha256(text).hexdigest())
    if not stat.S_ISREG(found.st_mode):
        raise Unprintable(describe(found.st_mode))
    try:
        fd = open_file(folder, name)
    except OSError as error:
        raise Unprintable(error.strerror) from error
    try:
        hasher, size = hashlib.sha256(), 0
        while chunk := os.read(fd, CHUNK):
            hasher.update(chunk)
            size += len(chunk)
    finally:
        os.close(fd)
    return Print(type=FileType.FILE, mode=mode, size=size, digest=hasher.hexdigest())


def open_file(folder: int, name: str) -> int:
    """Open a regular file for reading; OSError for anything else."""
    fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(0, "not a regular file any more")
    return fd


def open_folder(folder: int, name: str) -> int:
    """Open a folder inside a folder, never through a link."""
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)


def describe(mode: int) -> str:
    """What kind of thing has this mode, in words."""
    kinds = (
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISLNK, "a symbolic link"),
    )
    return next((words for test, words in kinds if test(mode)), "a file")


def readable(name: str) -> str:
    """A name of bytes as people can read it: what is not plain text is escaped, visibly."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def name_problem(name: str) -> str:
    """Why a file of this name is never committed; "" if it is fine."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    if any(ord(c) < 32 or ord(c) == 127 for c in name):
        return "its name holds control characters"
    return ""
