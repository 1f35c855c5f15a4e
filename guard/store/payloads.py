"""Payloads by their sha256, apart from the chain, within a transaction of the caller."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

from guard.errors import StoreError


def put(database: sqlite3.Connection, data: bytes) -> str:
    """Keep a payload; its sha256."""
    digest = sha256(data).hexdigest()
    database.execute("INSERT INTO payloads (digest, data) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, data))
    return digest


def get(database: sqlite3.Connection, digest: str) -> bytes | None:
    """A payload, or None. `StoreError` if it is not what was put."""
    row = database.execute("SELECT data FROM payloads WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        return None
    data: bytes = row[0]
    if sha256(data).hexdigest() != digest:
        raise StoreError(f"the payload {digest[:12]}… was changed in the store", hint="Restore the store from a backup.")
    return data
