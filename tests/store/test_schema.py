"""Migrations bring any older database up to date, once; other programs' and newer guards' databases are left alone."""

import sqlite3
from collections.abc import Iterator

import pytest

from guard.errors import StoreError
from guard.store import schema


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def number(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_database_gets_every_migration_once(database: sqlite3.Connection) -> None:
    schema.migrate(database, "guard.db")
    assert number(database) == len(schema.MIGRATIONS)
    before = database.execute("SELECT sql FROM sqlite_schema").fetchall()
    schema.migrate(database, "guard.db")
    assert database.execute("SELECT sql FROM sqlite_schema").fetchall() == before


def test_an_older_database_gets_only_what_it_lacks(database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.migrate(database, "guard.db")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE later (x TEXT) STRICT",)))
    schema.migrate(database, "guard.db")
    assert number(database) == len(schema.MIGRATIONS)
    assert database.execute("SELECT count(*) FROM later").fetchone() == (0,)


def test_a_database_of_a_newer_guard_is_left_alone(database: sqlite3.Connection) -> None:
    schema.migrate(database, "guard.db")
    database.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"newer guard \(its schema is 99, this guard knows \d+\)") as caught:
        schema.migrate(database, "guard.db")
    assert "Upgrade" in caught.value.hint


@pytest.mark.parametrize("statement", ["CREATE TABLE photos (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"])
def test_a_database_of_another_program_is_left_alone(database: sqlite3.Connection, statement: str) -> None:
    database.execute(statement)
    with pytest.raises(StoreError, match="database of another program"):
        schema.migrate(database, "guard.db")
    assert not database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'cases'").fetchall()


def test_every_table_is_strict(database: sqlite3.Connection) -> None:
    schema.migrate(database, "guard.db")
    tables = database.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'").fetchall()
    assert len(tables) == 9
    assert all(strict for _, strict in tables)


@pytest.mark.parametrize("statement", ["UPDATE ledger SET hash = 'x'", "DELETE FROM ledger"])
def test_the_ledger_is_not_edited_by_accident(database: sqlite3.Connection, statement: str) -> None:
    schema.migrate(database, "guard.db")
    database.execute("INSERT INTO ledger (seq, body, hash) VALUES (1, CAST('{\"case\": 7}' AS BLOB), 'h')")
    assert database.execute("SELECT case_id FROM ledger").fetchone() == (7,)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)
