"""The active policy set, within a transaction of the caller."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from guard import hash_chain
from guard.errors import Conflict, StoreError
from guard.model import AuditEvent
from guard.ports import ActivePolicies
from guard.store import ledger, payloads


def compare(database: sqlite3.Connection, digest: str) -> None:
    """`Conflict` unless the set of this digest is the active one."""
    row = database.execute("SELECT digest FROM policies ORDER BY generation DESC LIMIT 1").fetchone()
    if row is None:
        raise Conflict("no policies are active in this store", hint="Start guard with its policies; it activates them.")
    if row[0] != digest:
        raise Conflict("other policies were activated meanwhile", hint="Load the active policies and decide again.")


def read(database: sqlite3.Connection, known: ActivePolicies | None) -> ActivePolicies | None:
    """The active set; `known` itself if it still is."""
    row = database.execute(
        "SELECT generation, digest, source, files, activated_at, problem FROM policies ORDER BY generation DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    generation, digest, source, files, activated_at, problem = row
    if known is not None and (known.generation, known.digest) == (generation, digest):  # a generation never changes
        return known
    texts = []
    for name, payload in json.loads(files):
        data = payloads.get(database, payload)
        if data is None:
            raise StoreError(f"the text of the active policy file {name} is gone", hint="Restore the store from a backup.")
        texts.append((name, data.decode()))
    return ActivePolicies(
        digest=digest,
        source=source,
        files=tuple(texts),
        activated_at=datetime.fromisoformat(activated_at),
        generation=generation,
        problem=problem,
    )


def activate(database: sqlite3.Connection, policies: ActivePolicies, now: datetime) -> ActivePolicies:
    """Make a set the active one, with its ledger entry. `Conflict` if it is not the successor of the active one."""
    (active,) = database.execute("SELECT ifnull(max(generation), 0) FROM policies").fetchone()
    if policies.generation != active + 1:
        raise Conflict(
            f"policy set {policies.generation} cannot follow the active set {active}: another guard activated one first",
            hint="Load the active policies again.",
        )
    at = hash_chain.moment(ledger.head(database), now)
    files = [(name, payloads.put(database, text.encode())) for name, text in policies.files]
    database.execute(
        "INSERT INTO policies (generation, digest, source, files, activated_at, problem) VALUES (?, ?, ?, ?, ?, ?)",
        (policies.generation, policies.digest, policies.source, json.dumps(files), at.isoformat(), policies.problem),
    )
    data = {
        "digest": policies.digest,
        "generation": policies.generation,
        "source": policies.source,
        "files": dict(files),
        "problem": policies.problem,
    }
    ledger.append(database, [AuditEvent(kind="policies.activated", data=data)], now)
    return replace(policies, activated_at=at)
