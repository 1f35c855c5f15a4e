"""The ledger as a hash chain: audit events become entries, and entries are verified.

An entry's body is the RFC 8785 canonical JSON of `{"at", "case", "data", "kind", "prev", "seq"}`; its hash is the sha256 of exactly those
bytes, and `prev` is the hash before it. The bytes are what is stored and what is verified: they are never made again from parsed values.

Events, a head and the time enter; entries leave. Deliberately absent: files, databases, the clock.
NOTE: the form of a body never changes; a ledger written years ago must still verify.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785

from guard.canonical import canonical
from guard.errors import BadInput
from guard.model import AuditEvent, Entry, Head

_FIELDS = frozenset({"seq", "prev", "at", "kind", "case", "data"})


def moment(head: Head, now: datetime) -> datetime:
    """The time of the next entry: the later of the clock and the last entry, so that a clock that moves back revives nothing."""
    now = now.astimezone(UTC)
    return now if head.at is None or now >= head.at else head.at


def extend(head: Head, events: Sequence[AuditEvent], now: datetime) -> list[Entry]:
    """The entries that append `events` after `head`. `BadInput` if an event cannot be written as JSON exactly."""
    at = moment(head, now).isoformat()
    entries: list[Entry] = []
    seq, prev = head.seq, head.hash
    for event in events:
        seq += 1
        try:
            fields = {"seq": seq, "prev": prev, "at": at, "kind": event.kind, "case": event.case, "data": event.data}
            body = canonical(fields)
        except (rfc8785.CanonicalizationError, RecursionError) as error:
            what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise BadInput(
                f"the ledger cannot record {event.kind} exactly: {what}",
                hint="Audit data is plain JSON: valid Unicode text, integers below 2^53, booleans, lists and objects.",
            ) from error
        prev = hashlib.sha256(body).hexdigest()
        entries.append(Entry(seq=seq, body=body, hash=prev))
    return entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a check of the chain found."""

    count: int
    """Entries that are good, from the first on."""
    head: Head
    """The last good entry."""
    problem: str = ""
    """Not empty: the first bad entry, by its number, and what is wrong with it."""


def verify(entries: Iterable[tuple[int, bytes, str]], head: Head | None = None) -> Verification:
    """Check a whole chain of (seq, body, hash), and that it holds the entry that `head` names, if one is expected."""
    check = Verifier(*(head,) if head else ())
    for seq, body, hashed in entries:
        if not check.feed(seq, body, hashed):
            break
    return check.finish()


class Verifier:
    """The same check, fed entry by entry (a ledger need not fit in memory).

    `expected` are heads that were seen or noted elsewhere before: the chain may have grown since, but must still contain them. Without
    one, entries cut off at the end cannot be noticed: a shorter chain is a valid chain.
    """

    def __init__(self, *expected: Head) -> None:
        self._expected = expected
        self._seq = 0
        self._prev = Head().hash
        self._at: datetime | None = None
        self._problem = ""

    def feed(self, seq: int, body: bytes, hashed: str) -> bool:
        """Take the next entry. False from the first bad one on."""
        if not self._problem:
            self._problem = self._examine(seq, body, hashed)
        return not self._problem

    def finish(self) -> Verification:
        """The result, once all entries were fed."""
        problem, written = self._problem, max((head.seq for head in self._expected), default=0)
        if not problem and self._seq < written:
            last = f"entry {self._seq} is the last" if self._seq else "the ledger is empty"
            problem = f"entry {self._seq + 1} is missing: {last}, but {written} were written; the end was cut off"
        return Verification(count=self._seq, head=Head(seq=self._seq, hash=self._prev, at=self._at), problem=problem)

    def _examine(self, seq: int, body: bytes, hashed: str) -> str:
        number = self._seq + 1
        if seq != number:
            what = f"the one after {self._seq} is numbered {seq}" if seq > number else f"{seq} comes again"
            return f"entry {number} is missing: {what}"
        if hashlib.sha256(body).hexdigest() != hashed:
            return f"entry {number} was changed: its text does not have the hash stored with it"
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            return f"entry {number} is not valid JSON"
        problem, at = self._content(number, fields)
        if problem:
            return problem
        if any(number == head.seq and hashed != head.hash for head in self._expected):
            return f"entry {number} is not the one that was noted: the ledger was replaced or rewritten"
        self._seq, self._prev, self._at = number, hashed, at
        return ""

    def _content(self, number: int, fields: object) -> tuple[str, datetime | None]:
        if not isinstance(fields, dict) or fields.keys() != _FIELDS:
            return f"entry {number} does not have the fields of a ledger entry", None
        if fields["seq"] != number:
            return f"entry {number} holds the text of entry {fields['seq']!r}: entries were moved", None
        if fields["prev"] != self._prev:
            return f"entry {number} does not follow entry {number - 1}: that one was changed or replaced", None
        try:
            at = datetime.fromisoformat(fields["at"])
        except (TypeError, ValueError):
            at = datetime.min
        if at.tzinfo is None:
            return f"entry {number} has no valid time", None
        if self._at is not None and at < self._at:
            return f"entry {number} is earlier than the entry before it", None
        return "", at
