"""What goes wrong in SQLite is said for people, and a transaction is all or nothing."""

import sqlite3
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.store.connection import Connection, explained, transaction
from guard.store.folder import WriteLock

CODES = {
    "FULL": "no space",
    "READONLY": "may not write",
    "CANTOPEN": "cannot open",
    "BUSY": "locked",
    "IOERR": "disk failed",
    "MISUSE": "cannot use",
}


@pytest.mark.parametrize("name", CODES)
def test_every_error_names_the_file_and_what_to_do(name: str) -> None:
    error = sqlite3.OperationalError("SQLite's own words")
    error.sqlite_errorcode = getattr(sqlite3, f"SQLITE_{name}") | 3 << 8  # an extended code of its family
    told = explained(error, Path("/state/guard.db"))
    assert CODES[name] in str(told)
    assert "/state/guard.db: SQLite's own words" in str(told)
    assert told.hint


def test_an_error_of_the_driver_without_a_code_is_explained_too() -> None:
    assert "cannot use the store /x: odd" in str(explained(sqlite3.ProgrammingError("odd"), Path("/x")))


async def test_a_transaction_that_fails_leaves_nothing_and_frees_the_lock(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "lock", 1)
    async with Connection(tmp_path / "db", 1) as connection:
        await connection.run(
            lambda database: transaction(database, lock, lambda d: d.execute("CREATE TABLE t (x INTEGER) STRICT")) and None
        )

        def work(database: sqlite3.Connection) -> None:
            database.execute("INSERT INTO t VALUES (1)")
            raise KeyError("in the middle")

        with pytest.raises(KeyError, match="in the middle"):
            await connection.run(lambda database: transaction(database, lock, work))
        assert await connection.run(lambda database: database.execute("SELECT * FROM t").fetchall()) == []
        with WriteLock(tmp_path / "lock", 0).held():
            pass
        with pytest.raises(StoreError, match="no such table"):
            await connection.run(lambda database: database.execute("SELECT * FROM nothing"))
    with pytest.raises(StoreError, match="is closed"):
        await connection.run(lambda database: 1)


async def test_every_commit_is_synced_to_disk(tmp_path: Path) -> None:
    async with Connection(tmp_path / "db", 1) as connection:
        assert await connection.run(lambda database: database.execute("PRAGMA synchronous").fetchone()) == (2,)
        assert await connection.run(lambda database: database.execute("PRAGMA foreign_keys").fetchone()) == (1,)
