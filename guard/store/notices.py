"""How much people were told of what lately, and which places are owed a digest, within a transaction of the caller.

Neither is evidence, so neither is in the ledger: what was sent is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime


def say(database: sqlite3.Connection, about: str, most: int, since: datetime, now: datetime) -> bool:
    """Count one call about what `about` names; False, and nothing is counted, if there were `most` after `since`."""
    # What lies far after now was written before the clock moved back; what lies a little after it, by an engine that was quicker.
    database.execute("DELETE FROM said WHERE at <= ? OR at > ?", (_utc(since), _utc(now + (now - since))))
    ((count,),) = database.execute("SELECT count(*) FROM said WHERE agent = ?", (about,)).fetchall()
    if count >= most:
        return False
    database.execute("INSERT INTO said (agent, at) VALUES (?, ?)", (about, _utc(now)))
    return True


def hold(database: sqlite3.Connection, routes: Sequence[str], until: datetime) -> None:
    """Owe these places a digest, from then on; one that is owed earlier keeps its time."""
    said = "INSERT INTO held (route, until) VALUES (?, ?) ON CONFLICT DO UPDATE SET until = min(until, excluded.until)"
    database.executemany(said, [(route, _utc(until)) for route in routes])


def held(database: sqlite3.Connection) -> dict[str, datetime]:
    """The places that are owed one, and from when on."""
    return {route: datetime.fromisoformat(until) for route, until in database.execute("SELECT route, until FROM held").fetchall()}


def take(database: sqlite3.Connection, routes: Sequence[str], now: datetime, until: datetime) -> tuple[str, ...]:
    """Put off to `until` what these places are owed now. Those of them: of two engines one gets each."""
    put_off = "UPDATE held SET until = ? WHERE route = ? AND until <= ?"
    return tuple(route for route in routes if database.execute(put_off, (_utc(until), route, _utc(now))).rowcount)


def release(database: sqlite3.Connection, routes: Sequence[str], until: datetime) -> None:
    """Owe these places nothing any more, unless something was held back since they were taken."""
    database.executemany("DELETE FROM held WHERE route = ? AND until = ?", [(route, _utc(until)) for route in routes])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
