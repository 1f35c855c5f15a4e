"""What goes wrong in SQLite is said for people, and a transaction is all or nothing."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

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


@pytest_asyncio.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    connection = Connection(tmp_path / "db", 1)
    await connection.start()
    yield connection
    await connection.close()


async def test_a_transaction_that_fails_leaves_nothing_and_frees_the_lock(connection: Connection, tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "lock", 1)
    await connection.run(lambda database: database.executescript("CREATE TABLE t (x INTEGER) STRICT"))

    def work(database: sqlite3.Connection) -> None:
        database.execute("INSERT INTO t VALUES (1)")
        raise KeyError("in the middle")

    with pytest.raises(KeyError, match="in the middle"):
        await connection.run(lambda database: transaction(database, lock, work))
    assert await connection.run(lambda database: database.execute("SELECT * FROM t").fetchall()) == []
    other = WriteLock(tmp_path / "lock", 0)
    with other.held():
        pass
    other.close()
    lock.close()


async def test_nobody_else_can_write_from_the_beginning_of_a_transaction_on(connection: Connection, tmp_path: Path) -> None:
    lock, other = (
        WriteLock(tmp_path / "lock", 1),
        sqlite3.connect(tmp_path / "db", timeout=0, isolation_level=None, check_same_thread=False),
    )

    def work(_: sqlite3.Connection) -> None:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    await connection.run(lambda database: transaction(database, lock, work))
    other.execute("BEGIN IMMEDIATE")
    other.close()
    lock.close()


async def test_an_error_of_sqlite_is_a_store_error(connection: Connection) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await connection.run(lambda database: database.execute("SELECT * FROM absent"))


async def test_a_connection_that_is_not_open_says_so(connection: Connection, tmp_path: Path) -> None:
    await connection.close()
    for closed in (connection, Connection(tmp_path / "db", 1)):
        with pytest.raises(StoreError, match="is closed"):
            await closed.run(lambda database: 1)


async def test_every_commit_is_synced_to_disk(connection: Connection) -> None:
    assert await connection.run(lambda database: database.execute("PRAGMA synchronous").fetchone()) == (2,)
    assert await connection.run(lambda database: database.execute("PRAGMA foreign_keys").fetchone()) == (1,)
