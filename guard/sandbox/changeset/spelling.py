"""Names that a file system takes for one: spellings that differ in case, in how letters are composed, or by characters that show nothing.

Such are the file systems of macOS and Windows, also when they are seen through virtiofs, 9p or a network, and folders of ext4 and f2fs with
the attribute F. Which names they may take for one is known here, generously; whether they do is asked of the file system itself.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress

_SHOWS_NOTHING = "\u200c"
_IGNORED = frozenset({0xAD, 0x34F, 0x61C, 0x3164, 0xFEFF, 0xFFA0, *range(0x115F, 0x1161), *range(0x17B4, 0x17B6), *range(0x180B, 0x1810),
                      *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
                      *range(0xE0000, 0xE1000)})  # fmt: skip
"""What ext4 and HFS+ pass over in names: Unicode's Default_Ignorable_Code_Point."""


def folded(name: str) -> str:
    """What names that some file system takes for one have in common: Unicode's canonical caseless matching, without what shows nothing."""
    seen = "".join(c for c in name if ord(c) not in _IGNORED)
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", seen).casefold())


def alike(names: Iterable[str]) -> list[str]:
    """Those names that some file system takes for another one of them, sorted."""
    groups: dict[str, list[str]] = {}
    for name in set(names):
        groups.setdefault(folded(name), []).append(name)
    return sorted(name for group in groups.values() if len(group) > 1 for name in group)


def respelled(name: str) -> tuple[str, ...]:
    """Other spellings of a name, one for each way in which file systems take names for one."""
    others = (name.swapcase(), unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name), name[:1] + _SHOWS_NOTHING + name[1:])
    return tuple(dict.fromkeys(other for other in others if other != name))


def taken_for(folder: int, name: str) -> str:
    """What the folder open as `folder` takes a name for by which something is reached there: an entry spelled in another way, or "" if it
    is an entry itself (or gone)."""
    there = os.listdir(folder)
    if name in there:
        return ""
    try:
        found = os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return ""
    others = [other for other in there if folded(other) == folded(name)] or there
    return next((other for other in others if os.path.samestat(os.lstat(other, dir_fd=folder), found)), others[0] if others else name)


def merged(folder: int, names: Sequence[str]) -> list[tuple[str, str]]:
    """Which of these names the folder, and those made in it, would take for one before them: seen in a folder of guard's own in it, which
    is gone when this returns. Raises OSError if that cannot be made."""
    own, made, found = f".guard-{secrets.token_hex(6)}", dict[int, str](), []
    os.mkdir(own, 0o700, dir_fd=folder)
    try:
        inside = os.open(own, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        try:
            for name in names:
                with suppress(FileExistsError):
                    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=inside))
                known = made.setdefault(os.lstat(name, dir_fd=inside).st_ino, name)
                if known != name:
                    found.append((name, known))
        finally:
            for name in made.values():
                os.unlink(name, dir_fd=inside)
            os.close(inside)
    finally:
        os.rmdir(own, dir_fd=folder)
    return found


def reached_otherwise(root: int, paths: Sequence[str]) -> str:
    """The first of these paths below the folder open as `root` that another spelling leads to as well; "" if none. Nothing is written."""
    for path in dict.fromkeys(prefix for hidden in paths for prefix in _prefixes(hidden)):
        parent, _, name = path.rpartition("/")
        for other in respelled(name):
            with suppress(FileNotFoundError):
                found = os.lstat(os.path.join(parent, other), dir_fd=root)
                same = os.path.samestat(found, os.lstat(path, dir_fd=root))
                if same and other not in _listed(root, parent):  # else it is a link of its own
                    return path
    return ""


def _prefixes(path: str) -> list[str]:
    """The folders on the way, and the path itself."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _listed(root: int, folder: str) -> list[str]:
    inside = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=root)
    try:
        return os.listdir(inside)
    finally:
        os.close(inside)
