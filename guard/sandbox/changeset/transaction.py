"""One change set into one workspace: check, stage, apply; or, if it meets what it does not know, back.

Everything new is written into a staging folder of the workspace first (a full disk is found there), then each entry is one rename:
EXCHANGE for what replaces, NOREPLACE for what is new. What was replaced ends in the staging folder and is looked at again there, so
that an edit made in the last moment is found and put back. Every step can be told from the disk alone, before, in between or after:
that is what makes a crash harmless.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from guard.errors import SandboxError
from guard.model import Change, EntryKind, FileType, Print
from guard.sandbox.changeset.beneath import EXCHANGE, NOREPLACE, Beneath
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.fingerprint import Unprintable, open_file, readable
from guard.sandbox.changeset.spelling import folded

Step = Callable[[str], None]
_ACL = "system.posix_acl_access"
_NOTHING = (0, 0, 0, 0)


class Conflicts(Exception):
    """The workspace is not what the change set was made from. `sentences` say where."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(slots=True, kw_only=True)
class Transaction:
    """`step` is told each step by name as it is finished (tests crash there)."""

    root: Beneath
    blobs: Blobs
    changes: tuple[Change, ...]
    stage: str
    step: Step
    _identities: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    _gone: frozenset[str] = field(init=False)
    """Paths that are deleted (and perhaps made anew)."""
    _later: dict[str, Print] = field(init=False)
    """What is at a path when all is done."""

    def __post_init__(self) -> None:
        self._gone = frozenset(change.path for change in self.changes if change.after is None)
        self._later = {change.path: change.after for change in self.changes if change.after is not None}

    # ------------------------------------------------------------------------------------------------------------- check

    def check(self) -> None:
        """Every path is what it was before the run, and what will be replaced is in the store. Raises `Conflicts`."""
        made = {change.path for change in self.changes if _is_new_folder(change)}
        conflicts = []
        for number, change in enumerate(self.changes):
            try:
                problem = self._problem(number, change, made)
            except (Unprintable, OSError) as error:
                problem = f"cannot be read ({error})"
            if problem:
                conflicts.append(f"{readable(change.path)}: {problem}")
        if conflicts:
            raise Conflicts(conflicts)

    def _problem(self, number: int, change: Change, made: set[str]) -> str:
        if change.before is None:
            folder = change.path.rpartition("/")[0]
            if folder not in made and not self._has_folder(folder):
                return "the folder that it is to be in is gone"
            there = change.path not in self._gone and self.root.print(change.path) is not None
            if there and not self._is_another(change.path, self._gone):  # which is deleted first
                return "something was put there meanwhile"
            return ""
        if _holds_bytes(change):
            self._identities[number] = self._identity(change.path)
        now = self._print_and_keep(change)
        if now is None:
            return "was removed meanwhile"
        if now != change.before:
            return "was changed meanwhile"
        if change.kind is EntryKind.DELETED and change.before.type is FileType.FOLDER:
            new = sorted(name for name in self.root.names(change.path) if f"{change.path}/{name}" not in self._gone)
            if new:
                return f"holds {readable(new[0])}, which was not there when it was deleted"
        return ""

    def _is_another(self, path: str, others: Iterable[str]) -> bool:
        """Whether a path leads to what has the name of one of the others, where the file system takes the two names for one."""
        alike = [other for other in others if folded(other) == folded(path) and other != path]
        found = self._identity(path) if alike else _NOTHING
        return found != _NOTHING and any(self._identity(other) == found for other in alike)

    def _has_folder(self, path: str) -> bool:
        try:
            self.root.folder(path)
        except OSError:
            return False
        return True

    def _identity(self, path: str) -> tuple[int, int, int, int]:
        try:
            return self.root.identity(path)
        except OSError:
            return _NOTHING

    def _print_and_keep(self, change: Change) -> Print | None:
        """The Print of what is there, its bytes kept in the store: the backup."""
        before = change.before
        if before is None or not _holds_bytes(change):
            return self.root.print(change.path)
        found = self.root.print(change.path)
        if found is None or found != before:
            return found
        folder, name = self.root.place(change.path)
        if found.type is FileType.SYMLINK:
            digest = self.blobs.add(os.readlink(os.fsencode(name), dir_fd=folder))
            return replace(found, digest=digest)
        if self.blobs.keep(found.digest):
            return found
        fd = open_file(folder, name)
        try:
            digest, size = self.blobs.add_descriptor(fd, before.size)
        except ValueError:
            return replace(found, digest="")
        finally:
            os.close(fd)
        return replace(found, digest=digest, size=size)

    # ------------------------------------------------------------------------------------------------------------- stage

    def prepare(self) -> None:
        """Write everything new into the staging folder, re-hashing it on the way. Nothing of the user's is touched."""
        os.mkdir(self.stage, 0o700, dir_fd=self.root.fd)
        stage = self.root.folder(self.stage)
        for number, change in enumerate(self.changes):
            after = change.after
            if after is None or after.type is FileType.FOLDER or change.kind is EntryKind.MODE:
                continue
            if after.type is FileType.SYMLINK:
                os.symlink(self.blobs.read(after.digest), os.fsencode(str(number)), dir_fd=stage)
            else:
                self._write(stage, str(number), change, after)
            self.step(f"staged {number}")

    def _write(self, stage: int, name: str, change: Change, after: Print) -> None:
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=stage)
        try:
            self.blobs.copy_to(after.digest, fd)
            if change.before is not None:
                self._keep_ownership(change.path, fd)
            os.fchmod(fd, after.mode)
        finally:
            os.close(fd)

    def _keep_ownership(self, path: str, fd: int) -> None:
        """The new file gets the old one's owner, group and attributes, as far as we may set them."""
        folder, name = self.root.place(path)
        old = open_file(folder, name)
        try:
            was, now = os.fstat(old), os.fstat(fd)
            if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
                with suppress(PermissionError):
                    os.fchown(fd, was.st_uid, was.st_gid)
            with suppress(OSError):
                for attribute in os.listxattr(old):
                    if attribute == _ACL or (attribute.startswith("user.") and not attribute.startswith("user.overlay.")):
                        os.setxattr(fd, attribute, os.getxattr(old, attribute))
        finally:
            os.close(old)

    # ------------------------------------------------------------------------------------------------------------- apply

    def apply(self, *, fresh: bool) -> None:
        """Every change that is not yet there. Raises `Conflicts` at the first entry that is neither before nor after.

        `fresh`: just checked and staged by this process; otherwise this continues what a crash interrupted.
        """
        for number, change in enumerate(self.changes):
            try:
                if fresh or not self._applied(number, change):
                    self._apply(number, change)
            except (Unprintable, OSError) as error:
                raise Conflicts([f"{readable(change.path)}: {_why(error)}"]) from error
            self.step(f"applied {number}")
        for change in reversed(self.changes):
            if change.after is not None and change.after.type is FileType.FOLDER:
                try:
                    self.root.chmod(change.path, change.after.mode)
                except OSError as error:
                    raise Conflicts([f"{readable(change.path)}: {_why(error)}"]) from error
        self.step("applied modes")

    def _applied(self, number: int, change: Change) -> bool:
        """After a crash: whether this one is there already. Raises `Conflicts` if it is neither before nor after."""
        now = self.root.print(change.path)
        staged = self.root.print(f"{self.stage}/{number}")
        if change.kind is EntryKind.DELETED:
            later = self._later.get(change.path)
            replaced = staged is not None and self._is_another(change.path, self._later)
            if now is None or replaced or (later is not None and _same(now, later)):
                return staged is None or self._is_before(change, staged)
            return False
        if change.after is not None and now is not None and _same(now, change.after):
            replaced = change.before is not None and change.kind is not EntryKind.MODE
            return staged is None or not replaced or staged == change.after or self._is_before(change, staged)
        return False

    def _is_before(self, change: Change, staged: Print) -> bool:
        if staged != change.before:
            raise Conflicts([f"{readable(change.path)}: was changed meanwhile"])
        return True

    def _apply(self, number: int, change: Change) -> None:
        staged = f"{self.stage}/{number}"
        before, after = change.before, change.after
        if after is None:
            self._delete(number, change, staged)
        elif after.type is FileType.FOLDER:
            if before is None:
                folder, name = self.root.place(change.path)
                os.mkdir(name, 0o700, dir_fd=folder)
        elif change.kind is EntryKind.MODE:
            if self.root.print(change.path) != before:
                raise Conflicts([f"{readable(change.path)}: was changed meanwhile"])
            self.root.chmod(change.path, after.mode)
        elif before is None:
            self.root.rename(staged, change.path, NOREPLACE)
        else:
            self.root.rename(staged, change.path, EXCHANGE)
            self._look_again(number, change, staged)

    def _delete(self, number: int, change: Change, staged: str) -> None:
        if change.before is not None and change.before.type is FileType.FOLDER:
            self.root.forget(change.path)
            folder, name = self.root.place(change.path)
            os.rmdir(name, dir_fd=folder)
            return
        parent = change.path.rpartition("/")[0]
        if parent in self._gone:
            self.root.unlock(parent)
        self.root.rename(change.path, staged, NOREPLACE)
        self._look_again(number, change, staged)

    def _look_again(self, number: int, change: Change, staged: str) -> None:
        """What we took out must be what we meant to replace: somebody may have written it in the last moment."""
        known = self._identities.get(number)
        same = self.root.identity(staged) == known if known else self.root.print(staged) == change.before
        if not same:
            raise Conflicts([f"{readable(change.path)}: was changed meanwhile"])

    # -------------------------------------------------------------------------------------------------------------- undo

    def undo(self) -> tuple[str, ...]:
        """Put back whatever was applied, as far as nobody changed it since; one sentence for each that was left as it is."""
        left = []
        for number in reversed(range(len(self.changes))):
            change = self.changes[number]
            try:
                self._undo(change, f"{self.stage}/{number}")
            except (Unprintable, OSError) as error:
                left.append(f"{readable(change.path)}: could not be put back ({_why(error)})")
            self.step(f"undone {number}")
        return tuple(left)

    def _undo(self, change: Change, staged: str) -> None:
        now, kept = self.root.print(change.path), self.root.print(staged)
        before, after = change.before, change.after
        if after is None:
            self._undelete(change, staged, now, kept)
        elif before is None:
            if now is None or not _same(now, after):
                return
            if after.type is FileType.FOLDER:
                self.root.forget(change.path)
                folder, name = self.root.place(change.path)
                with suppress(OSError):  # not empty: somebody put something there, it stays
                    os.rmdir(name, dir_fd=folder)
            elif kept is None:
                self.root.rename(change.path, staged, NOREPLACE)
        elif change.kind is EntryKind.MODE or after.type is FileType.FOLDER:
            if now is not None and now.type is before.type:
                self.root.chmod(change.path, before.mode)
        elif now == after and kept is not None and kept != after:
            self.root.rename(staged, change.path, EXCHANGE)

    def _undelete(self, change: Change, staged: str, now: Print | None, kept: Print | None) -> None:
        if change.before is None:
            return
        if change.before.type is FileType.FOLDER:
            if now is None:
                folder, name = self.root.place(change.path)
                os.mkdir(name, 0o700, dir_fd=folder)
        elif kept is not None and now is None:
            self.root.rename(staged, change.path, NOREPLACE)

    def undo_modes(self) -> None:
        """After everything is back in its folder: the folders' own permissions."""
        for change in self.changes:
            if change.after is None and change.before is not None and change.before.type is FileType.FOLDER:
                with suppress(OSError):
                    self.root.chmod(change.path, change.before.mode)

    def clean(self) -> None:
        """Remove the staging folder with all that is in it."""
        try:
            stage = self.root.folder(self.stage)
        except FileNotFoundError:
            return
        for name in os.listdir(stage):
            os.unlink(name, dir_fd=stage)
        self.root.forget(self.stage)
        os.rmdir(self.stage, dir_fd=self.root.fd)


def _is_new_folder(change: Change) -> bool:
    return change.before is None and change.after is not None and change.after.type is FileType.FOLDER


def _holds_bytes(change: Change) -> bool:
    """Whether bytes of the user's go away with this change."""
    return change.before is not None and change.before.type is not FileType.FOLDER and change.kind is not EntryKind.MODE


def _same(now: Print, wanted: Print) -> bool:
    # A new folder has a mode of its own until all is in it.
    return now.type is wanted.type if wanted.type is FileType.FOLDER else now == wanted


def _why(error: Exception) -> str:
    if isinstance(error, FileExistsError):
        return "something was put there meanwhile"
    if isinstance(error, FileNotFoundError):
        return "was removed meanwhile"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def inverse(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes that undo these."""
    return tuple(_inverse(change) for change in reversed(changes))


def _inverse(change: Change) -> Change:
    before, after = change.after, change.before
    if after is None:
        kind = EntryKind.DELETED
    elif after.type is FileType.SYMLINK:
        kind = EntryKind.SYMLINK
    elif before is None:
        kind = EntryKind.CREATED
    else:
        kind = change.kind
    return Change(kind=kind, path=change.path, before=before, after=after)


def check_paths(changes: Sequence[Change]) -> None:
    """A change set names only what lies in the workspace. `SandboxError` otherwise: it was not made by guard."""
    for change in changes:
        parts = change.path.split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in parts) or (change.before is None and change.after is None):
            raise SandboxError(f"the change set names {readable(change.path)!r}, which is no path in a workspace")
