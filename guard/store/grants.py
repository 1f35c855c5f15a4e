"""Standing grants and the count of their uses, within a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from guard.errors import Conflict
from guard.model import AuditEvent, Standing
from guard.store import ledger


def read(database: sqlite3.Connection) -> list[Standing]:
    """All of them, oldest first."""
    rows = database.execute("SELECT id, text, until, uses_left, case_id, person, what FROM standing ORDER BY rowid").fetchall()
    return [
        Standing(id=identity, text=text, until=datetime.fromisoformat(until), left=left, case=case, person=person, what=what)
        for identity, text, until, left, case, person, what in rows
    ]


def add(database: sqlite3.Connection, grants: Sequence[Standing], now: datetime) -> None:
    """Keep grants. `Conflict` if an id is taken."""
    for one in grants:
        if database.execute("SELECT 1 FROM standing WHERE id = ?", (one.id,)).fetchone():
            raise Conflict(f"there is a standing grant {one.id} already", hint="Revoke it first (`guard grants revoke`).")
        until = one.until.astimezone(UTC).isoformat()
        database.execute(
            "INSERT INTO standing (id, text, until, uses_left, case_id, person, what) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (one.id, one.text, until, one.left, one.case, one.person, one.what),
        )
        data = {"id": one.id, "text": one.text, "until": until, "uses": one.left, "person": one.person, "what": one.what}
        data |= {"key": one.key, "signature": one.signature}
        ledger.append(database, [AuditEvent(kind="grant.given", case=one.case, data=data)], now)


def end(database: sqlite3.Connection, ids: Sequence[str], why: str, now: datetime) -> None:
    """Take grants out."""
    for identity in ids:
        found = database.execute("DELETE FROM standing WHERE id = ? RETURNING case_id, uses_left, person, what", (identity,)).fetchone()
        if found:
            data = {"id": identity, "why": why, "left": found[1], "person": found[2], "what": found[3]}
            ledger.append(database, [AuditEvent(kind="grant.ended", case=found[0], data=data)], now)


def use(database: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Take one use of each. `Conflict` if one is used up, over by revocation, or unknown: then decide again."""
    for identity in ids:
        taken = database.execute("UPDATE standing SET uses_left = uses_left - 1 WHERE id = ? AND uses_left > 0", (identity,)).rowcount
        if taken != 1:
            raise Conflict(f"the standing grant {identity} is used up", hint="Decide again without it.")
