"""The tables, as append-only numbered migrations: `PRAGMA user_version` is how many of them a database has.

NOTE: never edit a migration that was released; append one. Every table is STRICT.
"""

from __future__ import annotations

import sqlite3

from guard.errors import StoreError

APPLICATION_ID = 0x67756172
"""`PRAGMA application_id` of guard's databases ("guar")."""

_FIRST = (
    """CREATE TABLE payloads (
        digest TEXT PRIMARY KEY,
        data BLOB NOT NULL
    ) STRICT""",
    # id and version are authoritative here, not in the document; code is a payload; approvals is a digest for the comparison in a save.
    """CREATE TABLE cases (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        stage TEXT NOT NULL,
        agent TEXT NOT NULL,
        seal TEXT NOT NULL,
        approvals TEXT NOT NULL,
        created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        code TEXT NOT NULL REFERENCES payloads (digest),
        document TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX cases_by_stage ON cases (stage, expires_at)",
    "CREATE INDEX cases_by_agent ON cases (agent)",
    # case_id is computed from the hashed bytes, so that it cannot say anything else.
    """CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY,
        body BLOB NOT NULL,
        hash TEXT NOT NULL,
        case_id INTEGER GENERATED ALWAYS AS (json_extract(CAST(body AS TEXT), '$.case')) VIRTUAL
    ) STRICT""",
    "CREATE INDEX ledger_by_case ON ledger (case_id)",
    # Against accidents, not against an attacker: who can write the file can drop a trigger, and is found by verification.
    "CREATE TRIGGER ledger_is_not_edited BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER ledger_is_not_cut BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    # The end of the ledger a second time, so that a cut-off end is noticed before it is written over.
    """CREATE TABLE head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        at TEXT
    ) STRICT""",
    "INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', NULL)",
    "CREATE TABLE people (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT",
    # The highest generation is the active set; files is a JSON list of [name, digest of the payload].
    """CREATE TABLE policies (
        generation INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        source TEXT NOT NULL,
        files TEXT NOT NULL,
        activated_at TEXT NOT NULL,
        problem TEXT NOT NULL
    ) STRICT""",
)

_STANDING = (
    # The policies hold the text too; here stands what is counted.
    """CREATE TABLE standing (
        id TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        until TEXT NOT NULL,
        uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
        case_id INTEGER NOT NULL,
        person TEXT NOT NULL
    ) STRICT""",
)

_PEOPLE = (
    "ALTER TABLE standing ADD COLUMN what TEXT NOT NULL DEFAULT ''",
    # How many of an agent's programs wait, and which, is asked at each submission.
    "CREATE INDEX cases_by_agent_and_stage ON cases (agent, stage)",
)

_NOTICES = (
    # What people were told of lately by any engine, and which places (by label) are owed a digest.
    "CREATE TABLE said (agent TEXT NOT NULL, at TEXT NOT NULL) STRICT",
    "CREATE INDEX said_by_agent ON said (agent, at)",
    "CREATE TABLE held (route TEXT PRIMARY KEY, until TEXT NOT NULL) STRICT",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _STANDING, _PEOPLE, _NOTICES)


def migrate(database: sqlite3.Connection, name: str) -> None:
    """Bring a database up to date, within the caller's transaction. `StoreError` if it is not guard's, or a newer guard's."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(f"{name} is a database of another program", hint="Move it away, or name another state folder.")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{name} was written by a newer guard (its schema is {version}, this guard knows {len(MIGRATIONS)})",
            hint="Upgrade this guard; an older one would lose what it does not know.",
        )
    if version == len(MIGRATIONS):
        return
    for migration in MIGRATIONS[version:]:
        for statement in migration:
            database.execute(statement)
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
