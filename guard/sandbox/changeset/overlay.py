"""The upper layer of a dead box -> a change set, with every content copied into the store.

An upper layer holds new and changed files as they are, character device 0:0 for what was deleted, and marks a folder that replaced
another one with `user.overlay.opaque`. Deletions are expanded here into the entries that existed, so that what is shown is what goes.
Nothing is followed; nothing in it is trusted: the program that filled it is hostile.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from guard.model import Change, ChangeSet, EntryKind, FileType, Limits, Print
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.fingerprint import Unprintable, describe, name_problem, open_file, open_folder, print_of, readable
from guard.sandbox.changeset.spelling import alike, merged, taken_for

OPAQUE = "user.overlay.opaque"
ORIGIN = "user.overlay.origin"
_OURS = frozenset({OPAQUE, ORIGIN, "user.overlay.impure", "user.overlay.nlink", "user.overlay.uuid", "security.selinux"})

UNKNOWN = "changed while the program ran"
"""The digest of a `before` that is not known: equals no file's digest, so that a commit finds a conflict."""


@dataclass(slots=True)
class _Seal:
    blobs: Blobs
    limits: Limits
    since_ns: int
    deletions: list[Change] = field(default_factory=list)
    additions: list[Change] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    bytes_kept: int = 0

    def refuse(self, path: str, why: str) -> None:
        self.refused.append(f"{readable(path)}: {why}")


def seal(upper: Path, lower: Path, blobs: Blobs, limits: Limits, since_ns: int) -> ChangeSet:
    """What the box changed, sealed. `since_ns`: what changed below after that time (ctime) was changed by somebody else.

    Deletions come first, children before their folders; then all else, folders before what is in them.
    """
    work = _Seal(blobs=blobs, limits=limits, since_ns=since_ns)
    with _opened(upper) as above, _opened(lower) as below:
        _folder(work, above, below, "", opaque=False, ground=below)
    deletions = sorted(work.deletions, key=lambda change: change.path.split("/"), reverse=True)
    additions = sorted(work.additions, key=lambda change: change.path.split("/"))
    if additions:
        blobs.flush()
    return ChangeSet(changes=(*deletions, *additions), refused=tuple(sorted(work.refused)))


def _opened(path: Path) -> AbstractContextManager[int]:
    return _descriptor(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC))


@contextmanager
def _descriptor(fd: int) -> Iterator[int]:
    try:
        yield fd
    finally:
        os.close(fd)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One name of the upper layer. `above` and `below` are its folder in the upper layer and the lower one (None: there is none)."""

    above: int
    below: int | None
    name: str
    path: str
    found: os.stat_result
    old: os.stat_result | None
    """What the lower folder has under this name."""

    @property
    def is_whiteout(self) -> bool:
        return stat.S_ISCHR(self.found.st_mode) and self.found.st_rdev == 0


def _folder(work: _Seal, above: int, below: int | None, prefix: str, *, opaque: bool, ground: int) -> None:
    """One folder of the upper layer over its lower one (None: there was none). `ground` is the nearest folder that there is."""
    names = sorted(os.listdir(above))
    there = set(os.listdir(below)) if below is not None else set()
    entries = [entry for name in names if (entry := _entry(work, above, below, prefix, name)) is not None]
    gone = {entry.name for entry in entries if entry.is_whiteout}
    if opaque:
        gone |= there - set(names)
    made = []
    for found in entries:
        entry = found if found.old is None or found.name in there else _as_spelled(work, found, gone)
        if entry is None:
            continue
        if entry.is_whiteout:
            _deleted(work, below, entry.name, entry.path)
        else:
            made.append(entry)
    for entry in _told_apart(work, made, there, ground):
        if stat.S_ISDIR(entry.found.st_mode):
            _changed_folder(work, entry, opaque, ground)
        else:
            _changed_entry(work, entry)
    if opaque and below is not None:
        for name in sorted(there - set(names)):
            _deleted(work, below, name, prefix + name)


def _entry(work: _Seal, above: int, below: int | None, prefix: str, name: str) -> _Entry | None:
    problem = name_problem(name)
    if problem:
        work.refuse(prefix + name, problem)
        return None
    found = os.lstat(name, dir_fd=above)
    return _Entry(above=above, below=below, name=name, path=prefix + name, found=found, old=_stat_below(below, name))


def _as_spelled(work: _Seal, entry: _Entry, gone: set[str]) -> _Entry | None:
    """An entry whose name is not in the lower folder's list, though something is reached by it there. None if nothing is to be done for it.

    INVARIANT: what is decided and shown are the names that are there: `.GIT` is no way to change `.git`.
    """
    taken = taken_for(entry.below, entry.name) if entry.below is not None else ""
    if not taken:
        return entry
    if taken in gone and entry.is_whiteout:
        return None
    if taken in gone and not stat.S_ISDIR(entry.found.st_mode):
        return replace(entry, below=None, old=None)  # a folder would still show what was in the one that is gone
    work.refuse(entry.path, f"{_one_name(entry.name, taken)}, which is there")
    return None


def _one_name(name: str, other: str) -> str:
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other):  # they look the same
        return f"the workspace's file system takes this, {name!a}, for the same name as {other!a}"
    return f"the workspace's file system takes this for the same name as {readable(other)}"


def _told_apart(work: _Seal, made: list[_Entry], there: set[str], ground: int) -> list[_Entry]:
    """Those entries that the workspace's file system does not take for another new one."""
    new = alike(entry.name for entry in made if entry.name not in there)
    if not new:
        return made
    prefix = made[0].path.removesuffix(made[0].name)
    try:
        pairs = merged(ground, new)
    except OSError as error:
        pairs = []
        why = f"whether the workspace's file system tells it from {readable(new[1])} cannot be seen ({error.strerror})"
        work.refuse(prefix + new[0], why)
    for name, other in pairs:
        work.refuse(prefix + name, f"{_one_name(name, other)}, which the program made as well")
    refused = {name for name, _ in pairs}
    return [entry for entry in made if entry.name not in refused]


def _stat_below(below: int | None, name: str) -> os.stat_result | None:
    if below is None:
        return None
    try:
        return os.lstat(name, dir_fd=below)
    except FileNotFoundError:
        return None


def _before(work: _Seal, below: int, name: str, old: os.stat_result) -> Print:
    """The Print of what was there. Raises `Unprintable`."""
    if old.st_ctime_ns > work.since_ns and not stat.S_ISDIR(old.st_mode):
        kind = FileType.SYMLINK if stat.S_ISLNK(old.st_mode) else FileType.FILE
        return Print(type=kind, mode=stat.S_IMODE(old.st_mode), size=old.st_size, digest=UNKNOWN)
    return print_of(below, name, old)


def _deleted(work: _Seal, below: int | None, name: str, path: str) -> None:
    """A deletion, with all that was in it if it was a folder."""
    old = _stat_below(below, name)
    if below is None or old is None:
        return  # made and removed again in the box, or removed outside meanwhile: nothing is left to delete
    problem = name_problem(name)
    if problem:
        work.refuse(path, f"was deleted, but {problem}")
        return
    try:
        before = _before(work, below, name, old)
        if before.type is FileType.FOLDER:
            with _descriptor(open_folder(below, name)) as inner:
                for child in sorted(os.listdir(inner)):
                    _deleted(work, inner, child, f"{path}/{child}")
    except Unprintable as error:
        work.refuse(path, f"was deleted, but cannot be fingerprinted ({error})")
        return
    except OSError as error:
        work.refuse(path, f"was deleted, but cannot be listed ({error.strerror})")
        return
    work.deletions.append(Change(kind=EntryKind.DELETED, path=path, before=before))


def _changed_folder(work: _Seal, entry: _Entry, opaque: bool, ground: int) -> None:
    old = entry.old if entry.old is not None and stat.S_ISDIR(entry.old.st_mode) else None
    after = Print(type=FileType.FOLDER, mode=stat.S_IMODE(entry.found.st_mode) & 0o777)
    if old is None:
        _deleted(work, entry.below, entry.name, entry.path)
        lost = replace(after, digest=UNKNOWN) if _removed_meanwhile(work, entry) else None
        kind = EntryKind.MODE if lost else EntryKind.CREATED
        work.additions.append(Change(kind=kind, path=entry.path, before=lost, after=after))
    elif after.mode != stat.S_IMODE(old.st_mode) & 0o777:
        before = replace(after, mode=stat.S_IMODE(old.st_mode) & 0o777)
        work.additions.append(Change(kind=EntryKind.MODE, path=entry.path, before=before, after=after))
    if entry.found.st_mode & stat.S_ISVTX and not (old and old.st_mode & stat.S_ISVTX):
        work.refuse(entry.path, "a sticky bit is never committed")
    with _descriptor(_open_anyway(entry)) as above:
        hidden = opaque or _attribute(above, OPAQUE) == b"y"
        if old is None or entry.below is None:
            _folder(work, above, None, entry.path + "/", opaque=hidden, ground=ground)
            return
        try:
            below = open_folder(entry.below, entry.name)
        except OSError as error:
            work.refuse(entry.path, f"the folder that it changes cannot be read ({error.strerror})")
            return
        with _descriptor(below):
            _folder(work, above, below, entry.path + "/", opaque=hidden, ground=below)


def _changed_entry(work: _Seal, entry: _Entry) -> None:
    path, old = entry.path, entry.old
    is_link = stat.S_ISLNK(entry.found.st_mode)
    if not is_link and not stat.S_ISREG(entry.found.st_mode):
        work.refuse(path, f"{describe(entry.found.st_mode)} is never committed")
        return
    special = entry.found.st_mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX)
    had = old is not None and stat.S_ISREG(old.st_mode) and old.st_mode & special == special
    if not is_link and special and not had:
        work.refuse(path, "a set-user-id, set-group-id or sticky bit is never committed, nor is the file that carries it")
        return
    try:
        after = _keep_link(work, entry) if is_link else _keep_file(work, entry)
    except (Unprintable, ValueError) as error:
        work.refuse(path, str(error))
        return
    try:
        before = _before(work, entry.below, entry.name, old) if old is not None and entry.below is not None else None
    except Unprintable as error:
        work.refuse(path, f"what it replaces cannot be fingerprinted ({error})")
        return
    if before is None and not is_link and _removed_meanwhile(work, entry):
        before = replace(after, digest=UNKNOWN)
    if before is not None and before.type is not after.type:
        _deleted(work, entry.below, entry.name, path)
        before = None
    if before != after:
        work.additions.append(Change(kind=_kind(before, after), path=path, before=before, after=after))


def _kind(before: Print | None, after: Print) -> EntryKind:
    if after.type is FileType.SYMLINK:
        return EntryKind.SYMLINK
    if before is None:
        return EntryKind.CREATED
    return EntryKind.MODE if before.digest == after.digest else EntryKind.MODIFIED


def _keep_link(work: _Seal, entry: _Entry) -> Print:
    text = os.readlink(os.fsencode(entry.name), dir_fd=entry.above)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise Unprintable("a symbolic link whose text is not valid UTF-8") from None
    return Print(type=FileType.SYMLINK, mode=0o777, size=len(text), digest=work.blobs.add(text))


def _keep_file(work: _Seal, entry: _Entry) -> Print:
    room = min(work.limits.file_bytes, work.limits.disk_bytes - work.bytes_kept)
    if entry.found.st_size > room:
        raise Unprintable(f"{entry.found.st_size} bytes long (as it says of itself), more than the {room} that may be kept")
    with _descriptor(_open_anyway(entry)) as fd:
        _look_at_attributes(work, entry, fd)
        digest, size = work.blobs.add_descriptor(fd, room)
    work.bytes_kept += size
    return Print(type=FileType.FILE, mode=stat.S_IMODE(entry.found.st_mode), size=size, digest=digest)


def _open_anyway(entry: _Entry) -> int:
    """Open what the box left, even if it took our own permission away. The upper layer is ours and nobody lives in it any more."""
    is_folder = stat.S_ISDIR(entry.found.st_mode)
    opener = open_folder if is_folder else open_file
    try:
        return opener(entry.above, entry.name)
    except PermissionError:
        with _descriptor(os.open(entry.name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=entry.above)) as fd:
            os.chmod(f"/proc/self/fd/{fd}", 0o700 if is_folder else 0o600)
        return opener(entry.above, entry.name)


def _removed_meanwhile(work: _Seal, entry: _Entry) -> bool:
    """Whether this was copied up from a file or folder that somebody else has removed since: it is no creation then."""
    if entry.old is not None or entry.below is None or os.fstat(entry.below).st_mtime_ns <= work.since_ns:
        return False
    with _descriptor(_open_anyway(entry)) as fd:
        return _attribute(fd, ORIGIN) is not None  # its value is empty


def _attribute(fd: int, name: str) -> bytes | None:
    try:
        return os.getxattr(fd, name)
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise


def _look_at_attributes(work: _Seal, entry: _Entry, fd: int) -> None:
    """Extended attributes are never committed: say so for those that the file below does not have as well."""
    extra = _attributes(fd)
    if extra and entry.old is not None and entry.below is not None and stat.S_ISREG(entry.old.st_mode):
        try:
            with _descriptor(open_file(entry.below, entry.name)) as old:
                extra -= _attributes(old)
        except OSError:
            pass  # it cannot be read: then nothing is known of what it had
    if extra:
        names = ", ".join(readable(name) for name in sorted(extra))
        work.refuse(entry.path, f"extended attributes are never committed: {names}")


def _attributes(fd: int) -> set[str]:
    try:
        return {name for name in os.listxattr(fd) if name not in _OURS}
    except OSError:
        return set()
