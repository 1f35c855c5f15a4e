"""One SQLite connection on a thread of its own, running whole pieces of work; what goes wrong is said for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite

from guard.errors import StoreError
from guard.store.folder import WriteLock

T = TypeVar("T")

_MEANING = {
    sqlite3.SQLITE_FULL: (
        "there is no space left for",
        "Free some disk space; what was stored before is safe, and nothing runs until then.",
    ),
    sqlite3.SQLITE_READONLY: ("guard may not write to", "Make the state folder and the files in it writable for guard's user."),
    sqlite3.SQLITE_CANTOPEN: ("guard cannot open", "Make the state folder and the files in it writable for guard's user."),
    sqlite3.SQLITE_PERM: ("guard may not open", "Make the state folder and the files in it writable for guard's user."),
    sqlite3.SQLITE_BUSY: ("another program has locked", "Close what holds it open (an SQLite shell, a backup program) and try again."),
    sqlite3.SQLITE_LOCKED: ("another program has locked", "Close what holds it open (an SQLite shell, a backup program) and try again."),
    sqlite3.SQLITE_IOERR: ("the disk failed under", "See the system's log for the disk; is it full, or gone?"),
    sqlite3.SQLITE_CORRUPT: ("there is damage in", "Stop guard, keep a copy of the file, and restore it from a backup."),
    sqlite3.SQLITE_NOTADB: ("there is no database in", "Something else was written there: move it away, or restore it from a backup."),
}


def explained(error: sqlite3.Error, path: Path) -> StoreError:
    """What an error of SQLite means for people."""
    code = getattr(error, "sqlite_errorcode", None)
    what, hint = _MEANING.get(0 if code is None else code & 0xFF, ("guard cannot use", "Nothing was changed."))
    return StoreError(f"{what} the store {path}: {error}", hint=hint)


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that runs a function with the raw connection, in its thread.

    A transaction is one such function: it goes through to its end even if the task that asked for it is cancelled, costs one hop between
    threads instead of ten, and never holds a lock while the event loop is busy. (aiosqlite offers single statements only; `_execute`
    is what its own methods are made of.)
    """

    def __init__(self, path: Path, patience: float) -> None:
        super().__init__(lambda: sqlite3.connect(path, timeout=patience, isolation_level=None), iter_chunk_size=64)
        self._path = path
        self._thread.daemon = True  # a forgotten close must not keep the process alive

    async def start(self) -> None:
        """Connect; before that `run` says that it is closed. `StoreError` if the file cannot be used."""
        try:
            await self
        except sqlite3.Error as error:
            raise explained(error, self._path) from error
        await self.run(_prepare)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns. `StoreError` for what SQLite raises."""
        if not self._running or self._connection is None:
            raise StoreError(f"the store {self._path} is closed")
        try:
            result: T = await self._execute(work, self._connection)  # type: ignore[no-untyped-call]
        except sqlite3.Error as error:
            raise explained(error, self._path) from error
        return result


def _prepare(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA cache_size = -512")  # KiB, of 2,000 by default: the system has the file in memory as well


def transaction(database: sqlite3.Connection, lock: WriteLock, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` in one write transaction: all of it is stored, durably, or nothing."""
    with lock.held():
        database.execute("BEGIN IMMEDIATE")
        try:
            result = work(database)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        return result
