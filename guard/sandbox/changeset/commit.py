"""The Workspace: commits a sealed change set into the user's files, whole or not at all, and rolls it back.

Serialised per workspace by a lock that all guards of one state folder share; journalled, so that the next guard rolls forward what a
crash interrupted. Deliberately absent: whether the commit is permitted (the engine asked).
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Change, ChangeSet, FileType, Print
from guard.sandbox.changeset import retention
from guard.sandbox.changeset.beneath import Beneath
from guard.sandbox.changeset.blobs import Blobs, sync_file_system
from guard.sandbox.changeset.journal import ROLLBACK, Journal, Journals, Phase
from guard.sandbox.changeset.transaction import Conflicts, Step, Transaction, check_paths, inverse

LARGEST_SHOWN = 256 << 10
"""Bytes of a file up to which it is shown whole."""


class FileWorkspace:
    """See `guard.ports.Workspace`. `state` is guard's private state folder, the one that the sandbox seals into."""

    def __init__(self, state: Path, *, step: Step = lambda _: None) -> None:
        self._blobs = Blobs(state / "blobs")
        self._journals = Journals(state / "commits")
        self._locks = state / "locks"
        self._locks.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._step = step

    async def commit(self, case_id: int, workspace: str, change_set: ChangeSet) -> tuple[str, ...]:
        return await asyncio.to_thread(self.commit_now, case_id, workspace, change_set)

    async def rollback(self, case_id: int, workspace: str) -> tuple[str, ...]:
        return await asyncio.to_thread(self.rollback_now, case_id, workspace)

    async def backups(self) -> tuple[int, ...]:
        return await asyncio.to_thread(retention.backups, self._journals)

    async def expire(self, agents: Mapping[int, str], keep: frozenset[str], *, age: timedelta, most: int, now: datetime) -> tuple[int, ...]:
        return await asyncio.to_thread(retention.expire, self._journals, self._blobs, agents, keep, age=age, most=most, now=now)

    async def recover(self, workspace: str) -> tuple[int, ...]:
        return await asyncio.to_thread(self.recover_now, workspace)

    async def sides(self, workspace: str, change: Change) -> tuple[bytes | None, bytes | None]:
        before, after = change.before, change.after
        where = Path(workspace, change.path)
        return await asyncio.to_thread(self._side, before, where), await asyncio.to_thread(self._side, after, None)

    def _side(self, found: Print | None, where: Path | None) -> bytes | None:
        """One side's bytes: those kept, else those on disk if they are still the same."""
        if found is None or found.type is not FileType.FILE:
            return b""
        if found.size > LARGEST_SHOWN:
            return None
        try:
            return self._blobs.read(found.digest)
        except SandboxError:
            return _unchanged(where, found.digest) if where else None

    def commit_now(self, case_id: int, workspace: str, change_set: ChangeSet) -> tuple[str, ...]:
        """`commit`, in this thread."""
        check_paths(change_set.changes)
        if not change_set.changes:
            return ()
        return self._perform(f"{case_id}-commit", workspace, change_set.changes)

    def rollback_now(self, case_id: int, workspace: str) -> tuple[str, ...]:
        """`rollback`, in this thread. `SandboxError` if this case committed nothing here."""
        with self._locked(workspace):
            self._recover(workspace)
        if self._journals.expired(f"{case_id}-commit"):
            raise SandboxError(
                f"the backup of case {case_id} has expired: what it replaced is no longer kept",
                hint="[backups] in guard.toml says how long backups are kept, and how many bytes of one agent's.",
            )
        committed = self._journals.done(f"{case_id}-commit")
        if committed is None or committed.workspace != workspace:
            raise SandboxError(f"case {case_id} committed nothing to {workspace}", hint="There is nothing to roll back.")
        return self._perform(f"{case_id}-{ROLLBACK}", workspace, inverse(committed.changes))

    def recover_now(self, workspace: str) -> tuple[int, ...]:
        """`recover`, in this thread."""
        with self._locked(workspace):
            self._recover(workspace)
            done = self._journals.rolled_back(workspace)
            for journal in done.values():
                with Beneath(Path(workspace)) as root:
                    self._transaction(root, journal).clean()
            return tuple(done)

    def _perform(self, name: str, workspace: str, changes: tuple[Change, ...]) -> tuple[str, ...]:
        with self._locked(workspace):
            settled = self._recover(workspace)
            if settled.get(name):
                return settled[name]
            done = self._journals.done(name)
            if done is not None:
                self._confirm(done, workspace, changes)
                return ()
            journal = Journal(name=name, workspace=workspace, token=secrets.token_hex(6), phase=Phase.STAGING, changes=changes)
            return self._fresh(journal)

    def _confirm(self, done: Journal, workspace: str, changes: tuple[Change, ...]) -> None:
        """It is done already: the same thing, and nothing of it left lying about."""
        if done.workspace != workspace or done.changes != changes:
            raise SandboxError(f"{done.name} was done with another change set", hint="This is a mistake in guard; nothing was changed.")
        with Beneath(Path(workspace)) as root:
            self._transaction(root, done).clean()

    def _fresh(self, journal: Journal) -> tuple[str, ...]:
        with Beneath(Path(journal.workspace)) as root:
            work = self._transaction(root, journal)
            try:
                work.check()
            except Conflicts as conflicts:
                return conflicts.sentences
            self._journals.write(journal)
            self._step("journal staging")
            try:
                work.prepare()
            except OSError as error:
                work.clean()
                self._journals.forget(journal)
                raise SandboxError(
                    f"the changes cannot be written into {journal.workspace}: {error.strerror}",
                    hint="Nothing was changed. Is the disk full, or the folder read-only?",
                ) from error
            except SandboxError:
                work.clean()
                self._journals.forget(journal)
                raise
            self._blobs.flush()
            sync_file_system(Path(journal.workspace))
            journal = replace(journal, phase=Phase.APPLYING)
            self._journals.write(journal)
            self._step("journal applying")
            return self._forward(work, journal, fresh=True)

    def _forward(self, work: Transaction, journal: Journal, *, fresh: bool) -> tuple[str, ...]:
        try:
            work.apply(fresh=fresh)
        except Conflicts as conflicts:
            journal = replace(journal, phase=Phase.UNDOING, conflicts=conflicts.sentences)
            self._journals.write(journal)
            self._step("journal undoing")
            return self._back(work, journal)
        sync_file_system(Path(journal.workspace))
        self._journals.finish(journal)
        self._step("journal done")
        work.clean()
        return ()

    def _back(self, work: Transaction, journal: Journal) -> tuple[str, ...]:
        left = work.undo()
        work.undo_modes()
        sync_file_system(Path(journal.workspace))
        if not left:
            work.clean()
        self._journals.forget(journal)
        return (*journal.conflicts, *left)

    def _recover(self, workspace: str) -> dict[str, tuple[str, ...]]:
        """Finish what a crash left in this workspace: the journals' names, with the conflicts of those that had to go back."""
        settled = {}
        for journal in self._journals.active(workspace):
            with Beneath(Path(workspace)) as root:
                work = self._transaction(root, journal)
                match journal.phase:
                    case Phase.STAGING:
                        work.clean()
                        self._journals.forget(journal)
                    case Phase.APPLYING:
                        settled[journal.name] = self._forward(work, journal, fresh=False)
                    case Phase.UNDOING:
                        settled[journal.name] = self._back(work, journal)
        return settled

    def _transaction(self, root: Beneath, journal: Journal) -> Transaction:
        return Transaction(root=root, blobs=self._blobs, changes=journal.changes, stage=journal.stage, step=self._step)

    @contextmanager
    def _locked(self, workspace: str) -> Iterator[None]:
        """One at a time per workspace, among all guards of this state folder; a broken disk is a `SandboxError` with a hint."""
        path = self._locks / f"{hashlib.sha256(workspace.encode()).hexdigest()[:32]}.lock"
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                yield
            finally:
                os.close(fd)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise SandboxError(
                f"the commit into {workspace} stopped: {error.strerror}{where}",
                hint="Make room on the disk, or the folders writable; then guard finishes it, or starts again.",
            ) from error


def _unchanged(where: Path, digest: str) -> bytes | None:
    """A file of the workspace, if it still is what it was before the run."""
    try:
        descriptor = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(LARGEST_SHOWN + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    return data if hashlib.sha256(data).hexdigest() == digest else None
