"""The ledger's table and its head, within a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from guard import hash_chain
from guard.errors import LedgerBroken
from guard.model import AuditEvent, Entry, Head

CHUNK = 500


def head(database: sqlite3.Connection) -> Head:
    """The end of the ledger as guard last wrote it."""
    seq, hashed, at = database.execute("SELECT seq, hash, at FROM head").fetchone()
    return Head(seq=seq, hash=hashed, at=None if at is None else datetime.fromisoformat(at))


def append(database: sqlite3.Connection, records: Sequence[AuditEvent], now: datetime) -> Head:
    """Extend the chain. `LedgerBroken` if it does not end where guard last ended it."""
    end = head(database)
    if not records:
        return end
    last = database.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone() or (0, Head().hash)
    if last != (end.seq, end.hash):
        raise LedgerBroken(
            f"the ledger ends with entry {last[0]}, guard's last was {end.seq} and has another hash or number: it was changed from outside",
            hint="`guard audit verify` says where. Keep a copy of the state folder and restore it from a backup; until then nothing runs.",
        )
    entries, at = hash_chain.extend(end, records, now), hash_chain.moment(end, now)
    database.executemany("INSERT INTO ledger (seq, body, hash) VALUES (?, ?, ?)", [(e.seq, e.body, e.hash) for e in entries])
    end = Head(seq=entries[-1].seq, hash=entries[-1].hash, at=at)
    database.execute("UPDATE head SET seq = ?, hash = ?, at = ?", (end.seq, end.hash, at.isoformat()))
    return end


def chunk(database: sqlite3.Connection, after: int, case: int | None) -> list[Entry]:
    """At most `CHUNK` entries after number `after`, of one case if given."""
    rows = database.execute(
        "SELECT seq, body, hash FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?"
        if case is None
        else "SELECT seq, body, hash FROM ledger WHERE seq > ? AND case_id = ?3 ORDER BY seq LIMIT ?2",
        (after, CHUNK) if case is None else (after, CHUNK, case),
    )
    return [Entry(seq=seq, body=body, hash=hashed) for seq, body, hashed in rows]
