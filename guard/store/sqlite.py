"""The store on SQLite: one file in the state folder, shared by every guard process of that folder.

Two connections: one writes, one reads and watches (`PRAGMA data_version` of a connection changes when any *other* one commits, in this
process or another). Values of the model enter and leave; deliberately absent: what any of them means.

Every write is one transaction on the writer's thread. A caller that is cancelled meanwhile does not know whether it happened: it loads
the case again, as after a crash.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from guard.canonical import plain
from guard.errors import BadInput, Conflict, StoreError
from guard.model import FINAL, HELD, AuditEvent, Case, Entry, Head, Person, Stage, Standing, Submission
from guard.ports import ActivePolicies, Present
from guard.store import codec, folder, grants, ledger, notices, payloads, policy_sets
from guard.store.connection import Connection, transaction
from guard.store.schema import migrate

T = TypeVar("T")

DATABASE = "guard.db"
LOCK = "guard.lock"

_POLL = 0.05
"""Seconds between looks for what other processes did (a look costs some microseconds)."""
_FEW = 10
"""So many cases are decoded in the event loop (a thousand take tenths of a second, so they are not)."""
_CASE = "SELECT id, version, document, data FROM cases JOIN payloads ON digest = code"
_ALIKE = f"{_CASE} WHERE agent = ? AND stage IN (?, ?) AND code = ? ORDER BY id"


class SqliteStore:
    """`guard.ports.Store` on SQLite. Make one with `open`, and close it."""

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self._identity = folder.make_private(path)  # SQLite gives its other files the mode of this one
        self._lock = folder.WriteLock(path.with_name(LOCK), patience)
        self._writer, self._reader = Connection(path, patience), Connection(path, patience)
        self._written = asyncio.Event()
        self._counter, self._counter_at = 0, 0.0
        self._policies: ActivePolicies | None = None
        self._people: tuple[list[tuple[str]], tuple[Person, ...]] = [], ()

    @classmethod
    async def open(cls, state: Path, *, patience: float = 5.0) -> SqliteStore:
        """Open the store of a state folder, made if absent. Who waits longer than `patience` seconds for a lock gets `StoreError`."""
        folder.prepare(state)
        path = state / DATABASE
        store = cls(path, patience)
        try:
            await store._writer.start()
            await store._writer.run(lambda database: _set_up(database, store._lock, path.name))
            await store._reader.start()
            await asyncio.to_thread(codec.warm_up)
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close it; closing again does nothing. Who waits in `wait` gets `StoreError`."""
        await self._reader.close()
        await self._writer.close()
        self._lock.close()

    # ------------------------------------------------------------------------------------------------------------------- cases

    async def create(
        self,
        case: Case,
        records: Sequence[AuditEvent],
        *,
        now: datetime,
        policy_digest: str,
        uses: Sequence[str] = (),
        seen: Present | None = None,
    ) -> Case:
        """Store a new case, and its code as a payload. See `ports.Store`."""
        document, approvals = codec.encode_case(case), codec.approvals_digest(case.approvals)
        code = case.submission.code.encode()

        def work(database: sqlite3.Connection) -> int:
            policy_sets.compare(database, policy_digest)
            if seen is not None:
                self._compare(database, seen, case.submission, now)
            grants.use(database, uses)
            if database.execute("SELECT 1 FROM cases WHERE ticket = ?", (case.ticket,)).fetchone():
                raise Conflict("a case with this ticket exists already", hint="Submit it again: it gets another ticket.")
            columns = (case.ticket, case.version, case.stage, case.submission.agent, case.seal, approvals)
            times = (_utc(case.created_at), _utc(case.expires_at))
            ((case_id,),) = database.execute(
                "INSERT INTO cases (ticket, version, stage, agent, seal, approvals, created_at, expires_at, code, document)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (*columns, *times, payloads.put(database, code), document),
            )
            ledger.append(database, _of_case(case_id, records), now)
            return int(case_id)

        return replace(case, id=await self._write(work))

    async def save(
        self,
        case: Case,
        records: Sequence[AuditEvent],
        *,
        now: datetime,
        before: Case,
        policy_digest: str | None,
        people: Sequence[Person] | None = None,
        uses: Sequence[str] = (),
    ) -> Case:
        """Replace a case by compare-and-swap. What was submitted never changes: an edit is another case. See `ports.Store`."""
        if (case.id, case.ticket, case.submission) != (before.id, before.ticket, before.submission):
            raise StoreError(f"a save of case {before.id} would change what was submitted", hint="This is a fault in guard: report it.")
        if before.stage in FINAL and case.stage is not before.stage:
            raise StoreError(f"case {case.id} is {before.stage}, which is final", hint="This is a fault in guard: report it.")
        document, approvals = codec.encode_case(case), codec.approvals_digest(case.approvals)
        expected = (before.version, before.stage.value, before.seal, codec.approvals_digest(before.approvals))

        def work(database: sqlite3.Connection) -> None:
            if policy_digest is not None:
                policy_sets.compare(database, policy_digest)
            if people is not None:
                self._compare_people(database, people)
            grants.use(database, uses)
            row = database.execute("SELECT version, stage, seal, approvals FROM cases WHERE id = ?", (case.id,)).fetchone()
            _compare(case.id, expected, row)
            database.execute(
                "UPDATE cases SET version = ?, stage = ?, seal = ?, approvals = ?, expires_at = ?, document = ? WHERE id = ?",
                (before.version + 1, case.stage, case.seal, approvals, _utc(case.expires_at), document, case.id),
            )
            ledger.append(database, _of_case(case.id, records), now)

        await self._write(work)
        return replace(case, version=before.version + 1)

    async def load(self, case_id: int) -> Case:
        """The case of a number. `BadInput` if there is none."""
        found = await self._read_cases(f"{_CASE} WHERE id = ?", (case_id,)) if 0 < case_id < 1 << 63 else []
        if not found:
            raise BadInput(f"there is no case {case_id}", hint="`guard queue` and `guard audit list` show the numbers that exist.")
        return found[0]

    async def by_ticket(self, ticket: str) -> Case | None:
        """The case of a ticket, whatever text that is, or None."""
        try:
            ticket.encode()
        except UnicodeEncodeError:  # SQLite takes no lone surrogates, so no case has it
            return None
        found = await self._read_cases(f"{_CASE} WHERE ticket = ?", (ticket,))
        return found[0] if found else None

    async def cases(
        self,
        *,
        stages: Sequence[Stage] = (),
        agent: str = "",
        after: int = 0,
        numbers: Sequence[int] | None = None,
        limit: int = 1000,
        newest_first: bool = False,
    ) -> list[Case]:
        """See `ports.Store`."""
        conditions: dict[str, tuple[object, ...]] = {}
        if numbers is not None:
            conditions["id IN (SELECT value FROM json_each(?))"] = (json.dumps(list(numbers)),)
        if stages:
            conditions[f"stage IN ({', '.join('?' * len(stages))})"] = tuple(stages)
        if agent:
            conditions["agent = ?"] = (agent,)
        if after:
            conditions["id > ?"] = (after,)
        where = "WHERE " + " AND ".join(conditions) if conditions else ""
        sql = f"{_CASE} {where} ORDER BY id {'DESC' if newest_first else 'ASC'} LIMIT ?"
        return await self._read_cases(sql, (*(value for values in conditions.values() for value in values), limit))

    async def due(self, now: datetime) -> list[Case]:
        """Cases that wait or rehearse and whose time is over, by number."""
        return await self._read_cases(
            f"{_CASE} WHERE stage IN (?, ?) AND expires_at <= ? ORDER BY id",
            (*HELD, _utc(now)),
        )

    async def _read_cases(self, sql: str, parameters: tuple[object, ...]) -> list[Case]:
        rows = await self._reader.run(lambda database: database.execute(sql, parameters).fetchall())
        if len(rows) < _FEW:
            return [codec.decode_case(*row) for row in rows]
        return await asyncio.to_thread(lambda: [codec.decode_case(*row) for row in rows])

    async def present(self, *, agent: str = "", code: str = "") -> Present:
        """What a decision is made by now: one hop, one read transaction. See `ports.Store`."""

        def work(database: sqlite3.Connection) -> tuple[Present, list[tuple[int, int, str, bytes]]]:
            database.execute("BEGIN")
            try:
                found = Present(
                    policies=policy_sets.read(database, self._policies),
                    people=self._read_people(database),
                    standing=tuple(grants.read(database)),
                    head=ledger.head(database),
                    waiting=_waiting(database, agent) if agent else 0,
                )
                alike = database.execute(_ALIKE, (agent, *HELD, code)).fetchall() if code else []
                return found, alike
            finally:
                database.execute("COMMIT")

        found, alike = await self._reader.run(work)
        self._policies = found.policies
        return replace(found, alike=tuple(codec.decode_case(*row) for row in alike)) if alike else found

    def _compare(self, database: sqlite3.Connection, seen: Present, new: Submission, now: datetime) -> None:
        """`Conflict` unless what a decision was made by is still so, however long ago it was seen."""
        self._compare_people(database, seen.people)
        if tuple(grants.read(database)) != seen.standing:
            raise Conflict("other standing grants are in force by now", hint="Decide again by those.")
        if (at := ledger.head(database).at) is not None and at > now:
            raise Conflict("the ledger has a later time by now", hint="Decide again by that.")
        alike = [row[0] for row in database.execute(_ALIKE, (new.agent, *HELD, new.code_digest))]
        if _waiting(database, new.agent) != seen.waiting or alike != [case.id for case in seen.alike]:
            raise Conflict(f"other programs of {new.agent} wait by now", hint="Submit it again.")

    def _compare_people(self, database: sqlite3.Connection, seen: Sequence[Person]) -> None:
        if self._read_people(database) != tuple(seen):
            raise Conflict("other people are registered by now", hint="Decide again by who is registered.")

    def _read_people(self, database: sqlite3.Connection) -> tuple[Person, ...]:
        """Everybody, by name. Texts that are the very ones of the last time are not parsed again."""
        rows = database.execute("SELECT document FROM people ORDER BY name").fetchall()
        texts, people = self._people
        if rows != texts:
            people = tuple(codec.decode(document, Person) for (document,) in rows)
            self._people = rows, people
        return people

    # ------------------------------------------------------------------------------------------------------------------ ledger

    async def append(self, records: Sequence[AuditEvent], *, now: datetime) -> Head:
        """Append to the ledger alone; its new head."""
        return await self._write(lambda database: ledger.append(database, records, now))

    async def head(self) -> Head:
        """The end of the ledger as guard last wrote it, kept apart from the entries: pass it to `record.verify`."""
        return await self._reader.run(ledger.head)

    async def entries(self, *, after: int = 0, case: int | None = None) -> AsyncIterator[Entry]:
        """Ledger entries in order, after number `after`, of one case if given; read piece by piece, so that no length holds guard up."""
        while piece := await self._reader.run(partial(ledger.chunk, after=after, case=case)):
            for entry in piece:
                yield entry
            after = piece[-1].seq

    # -------------------------------------------------------------------------------------------- payloads, policies and people

    async def put(self, data: bytes) -> str:
        """Keep a payload; its sha256."""
        return await self._write(lambda database: payloads.put(database, data))

    async def get(self, digest: str) -> bytes | None:
        """A payload, or None. `StoreError` if it is not what was put."""
        return await self._reader.run(lambda database: payloads.get(database, digest))

    async def policies(self) -> ActivePolicies | None:
        """The active set; cheap to ask often."""
        self._policies = await self._reader.run(lambda database: policy_sets.read(database, self._policies))
        return self._policies

    async def activate(self, policies: ActivePolicies, *, now: datetime) -> ActivePolicies:
        """Make a set the active one; `activated_at` is set here, to the time of its ledger entry. See `ports.Store`."""
        return await self._write(lambda database: policy_sets.activate(database, policies, now))

    async def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        return await self._reader.run(self._read_people)

    async def add_person(self, person: Person, *, now: datetime) -> None:
        """Add a person, with a ledger entry. `Conflict` if somebody has that name already."""
        document = codec.encode(person, Person)

        def work(database: sqlite3.Connection) -> None:
            if database.execute("SELECT 1 FROM people WHERE name = ?", (person.name,)).fetchone():
                raise Conflict(f"there is a person named {person.name} already", hint="Choose another name.")
            database.execute("INSERT INTO people (name, document) VALUES (?, ?)", (person.name, document))
            ledger.append(database, [AuditEvent(kind="person.added", data=plain(person))], now)

        await self._write(work)

    async def standing(self) -> list[Standing]:
        """Standing grants, oldest first."""
        return await self._reader.run(grants.read)

    async def add_standing(self, given: Sequence[Standing], *, now: datetime) -> None:
        """Keep grants, with a ledger entry each. `Conflict` if an id is taken."""
        await self._write(lambda database: grants.add(database, given, now))

    async def end_standing(self, ids: Sequence[str], *, why: str, now: datetime) -> None:
        """Take grants out, with a ledger entry each; ids that are gone are passed over."""
        await self._write(lambda database: grants.end(database, ids, why, now))

    async def set_key(self, name: str, key: str, *, now: datetime) -> None:
        """Register a person's public key, with a ledger entry. `BadInput` if there is no such person."""

        def work(database: sqlite3.Connection) -> None:
            row = database.execute("SELECT document FROM people WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise BadInput(f"there is no person named {name}", hint="`guard person list` shows who is registered.")
            person = replace(codec.decode(row[0], Person), key=key)
            database.execute("UPDATE people SET document = ? WHERE name = ?", (codec.encode(person, Person), name))
            ledger.append(database, [AuditEvent(kind="person.key", data={"name": name, "key": key})], now)

        await self._write(work)

    async def remove_person(self, name: str, *, by: str, now: datetime) -> None:
        """Take a person out, with a ledger entry. `BadInput` if there is no such person."""

        def work(database: sqlite3.Connection) -> None:
            if database.execute("DELETE FROM people WHERE name = ?", (name,)).rowcount != 1:
                raise BadInput(f"there is no person named {name}", hint="`guard person list` shows who is registered.")
            ledger.append(database, [AuditEvent(kind="person.removed", data={"name": name, "person": by})], now)

        await self._write(work)

    # ----------------------------------------------------------------------------------------------------------------- notices

    async def say(self, about: str, *, most: int, since: datetime, now: datetime) -> bool:
        """Count one call about what `about` names; False, and nothing is counted, if there were `most` after `since`."""
        return await self._write(lambda database: notices.say(database, about, most, since, now))

    async def hold(self, routes: Sequence[str], *, until: datetime) -> None:
        """Owe these places a digest, from then on; one that is owed earlier keeps its time."""
        await self._write(lambda database: notices.hold(database, routes, until))

    async def held(self) -> dict[str, datetime]:
        """The places that are owed a digest, and from when on."""
        return await self._reader.run(notices.held)

    async def take(self, routes: Sequence[str], *, now: datetime, until: datetime) -> tuple[str, ...]:
        """Put off to `until` what these places are owed now; those of them."""
        return await self._write(lambda database: notices.take(database, routes, now, until))

    async def release(self, routes: Sequence[str], *, until: datetime) -> None:
        """Owe these places, put off to `until`, nothing any more, unless something was held back since."""
        await self._write(lambda database: notices.release(database, routes, until))

    # ----------------------------------------------------------------------------------------------------- waiting and writing

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109  (a result, not an error, when it has passed)
        """The change counter as soon as it differs from `seen`, or after `timeout` seconds.

        The counter is this store object's own: begin with 0 (which returns at once), then pass what came back.
        """
        deadline = time.monotonic() + timeout
        while True:
            written = self._written
            counter = await self._look()
            left = deadline - time.monotonic()
            if counter != seen or left <= 0:
                return counter
            try:
                await asyncio.wait_for(written.wait(), min(_POLL, left))
            except TimeoutError:
                continue

    async def _look(self) -> int:
        if time.monotonic() - self._counter_at > _POLL / 2:  # many waiters share one look
            self._counter = await self._reader.run(_data_version)
            self._counter_at = time.monotonic()
        return self._counter

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def checked(database: sqlite3.Connection) -> T:
            folder.require(self.path, self._identity)
            return work(database)

        result = await self._writer.run(lambda database: transaction(database, self._lock, checked))
        self._counter_at = 0.0
        written, self._written = self._written, asyncio.Event()
        written.set()
        return result


def _set_up(database: sqlite3.Connection, lock: folder.WriteLock, name: str) -> None:
    with lock.held():
        (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(f"{name} cannot keep a write-ahead log here (it says {mode})", hint="Keep the state on a local disk.")
    transaction(database, lock, lambda within: migrate(within, name))


def _waiting(database: sqlite3.Connection, agent: str) -> int:
    ((count,),) = database.execute("SELECT count(*) FROM cases WHERE agent = ? AND stage IN (?, ?)", (agent, *HELD))
    return int(count)


def _data_version(database: sqlite3.Connection) -> int:
    ((version,),) = database.execute("PRAGMA data_version")
    return int(version)


def _compare(case_id: int, expected: tuple[object, ...], row: tuple[object, ...] | None) -> None:
    if row is None:
        raise Conflict(f"there is no case {case_id} in this store", hint="Is this the state folder that it was made in?")
    for name, before, found in zip(("version", "stage", "seal", "approvals"), expected, row, strict=True):
        if before != found:
            said = f": it was {before}, it is {found}" if name in ("version", "stage") else ""
            raise Conflict(f"somebody else changed case {case_id} first (its {name}{said})", hint="Load the case again and look.")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()  # texts of one zone sort as their times do, with or without a fraction


def _of_case(case_id: int, records: Sequence[AuditEvent]) -> list[AuditEvent]:
    return [replace(event, case=case_id) if event.case is None else event for event in records]
