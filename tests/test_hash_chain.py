"""The hash chain: what is appended verifies, and every kind of tampering is found at its number."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guard import hash_chain
from guard.errors import BadInput
from guard.model import AuditEvent, Entry, Head, Stage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Row = tuple[int, bytes, str]


def chain(count: int, head: Head | None = None, now: datetime = NOW) -> list[Entry]:
    events = [AuditEvent(kind="case.submitted", case=i, data={"text": f"event {i}", "n": i}) for i in range(count)]
    return hash_chain.extend(head or Head(), events, now)


def rows(entries: list[Entry]) -> list[Row]:
    return [(e.seq, e.body, e.hash) for e in entries]


def sealed(seq: int, body: bytes) -> Row:
    """A row whose hash was made again to fit, as somebody who tampers with care does."""
    return seq, body, hashlib.sha256(body).hexdigest()


def rewritten(entry: Entry, **changes: object) -> Row:
    return sealed(entry.seq, rfc8785.dumps({**json.loads(entry.body), **changes}))


def test_a_body_is_canonical_json_of_its_six_fields_and_the_hash_is_of_those_bytes() -> None:
    (entry,) = hash_chain.extend(Head(), [AuditEvent(kind="run.started", case=7, data={"b": 1, "a": "é"})], NOW)
    assert entry.body == (
        b'{"at":"2026-11-22T12:00:00+00:00","case":7,"data":{"a":"\xc3\xa9","b":1},"kind":"run.started","prev":"'
        + b"0" * 64
        + b'","seq":1}'
    )
    assert entry.hash == hashlib.sha256(entry.body).hexdigest()


def test_a_chain_verifies_and_its_end_is_the_head_of_the_next_one() -> None:
    first = chain(3)
    second = hash_chain.extend(Head(seq=3, hash=first[-1].hash, at=NOW), [AuditEvent(kind="x", data={"stage": Stage.DONE})], NOW)
    found = hash_chain.verify(rows(first + second))
    assert found == hash_chain.Verification(count=4, head=Head(seq=4, hash=second[-1].hash, at=NOW))


def test_an_empty_ledger_verifies() -> None:
    assert hash_chain.verify([]) == hash_chain.Verification(count=0, head=Head())


def test_a_clock_that_moves_back_does_not_move_the_ledger_back() -> None:
    later = NOW + timedelta(hours=1)
    first = chain(1, now=later)
    second = hash_chain.extend(Head(seq=1, hash=first[0].hash, at=later), [AuditEvent(kind="x")], NOW)
    assert json.loads(second[0].body)["at"] == later.isoformat()
    assert not hash_chain.verify(rows(first + second)).problem


def test_times_of_other_zones_are_recorded_in_utc() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert json.loads(chain(1, now=local)[0].body)["at"] == NOW.isoformat()


@pytest.mark.parametrize("data", [{"n": 2**53}, {"text": "\ud800"}, {"bytes": b"x"}, {"number": float("nan")}], ids=repr)
def test_data_that_json_cannot_say_exactly_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=r"cannot record run\.started exactly"):
        hash_chain.extend(Head(), [AuditEvent(kind="run.started", data=data)], NOW)


def test_data_nested_without_end_is_refused() -> None:
    nested: dict[str, object] = {}
    nested["again"] = nested
    with pytest.raises(BadInput, match="nested too deeply"):
        hash_chain.extend(Head(), [AuditEvent(kind="x", data=nested)], NOW)


def _edit(r: list[Row], e: list[Entry]) -> None:
    r[4] = (5, e[4].body.replace(b"event 4", b"EVENT 4"), e[4].hash)


def _edit_and_hash_again(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], data={})


def _delete(r: list[Row], _: list[Entry]) -> None:
    del r[4]


def _delete_and_renumber(r: list[Row], e: list[Entry]) -> None:
    r[4:] = [(x.seq - 1, *rewritten(x, seq=x.seq - 1)[1:]) for x in e[5:]]


def _delete_the_first(r: list[Row], _: list[Entry]) -> None:
    del r[0]


def _reorder(r: list[Row], _: list[Entry]) -> None:
    r[4], r[5] = r[5], r[4]


def _swap_texts(r: list[Row], _: list[Entry]) -> None:
    r[4], r[5] = (5, *r[5][1:]), (6, *r[4][1:])


def _repeat(r: list[Row], _: list[Entry]) -> None:
    r.insert(4, r[3])


def _insert(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], prev="f" * 64)


def _not_json(r: list[Row], _: list[Entry]) -> None:
    r[4] = sealed(5, b"{not json")


def _bad_encoding(r: list[Row], _: list[Entry]) -> None:
    r[4] = sealed(5, b'{"\xff": 1}')


def _deep(r: list[Row], _: list[Entry]) -> None:
    r[4] = sealed(5, b"[" * 200_000)


def _another_field(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], more=1)


def _not_an_object(r: list[Row], _: list[Entry]) -> None:
    r[4] = sealed(5, b"[]")


def _back_in_time(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], at="2020-01-01T00:00:00+00:00")


def _no_time(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], at="yesterday")


def _time_without_zone(r: list[Row], e: list[Entry]) -> None:
    r[4] = rewritten(e[4], at="2036-01-01T00:00:00")


TAMPERING = {
    _edit: "entry 5 was changed",
    _edit_and_hash_again: "entry 6 does not follow entry 5",
    _delete: "entry 5 is missing: the one after 4 is numbered 6",
    _delete_and_renumber: "entry 5 does not follow entry 4",
    _delete_the_first: "entry 1 is missing",
    _reorder: "entry 5 is missing",
    _swap_texts: "entry 5 holds the text of entry 6",
    _repeat: "entry 5 is missing: 4 comes again",
    _insert: "entry 5 does not follow entry 4",
    _not_json: "entry 5 is not valid JSON",
    _bad_encoding: "entry 5 is not valid JSON",
    _deep: "entry 5 is not valid JSON",
    _another_field: "entry 5 does not have the fields",
    _not_an_object: "entry 5 does not have the fields",
    _back_in_time: "entry 5 is earlier",
    _no_time: "entry 5 has no valid time",
    _time_without_zone: "entry 5 has no valid time",
}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda f: f.__name__.strip("_"))
def test_tampering_is_found_at_its_number(tamper) -> None:
    entries = chain(9)
    changed = rows(entries)
    tamper(changed, entries)
    found = hash_chain.verify(changed)
    assert found.problem.startswith(TAMPERING[tamper])
    assert found.count == int(found.problem.split()[1]) - 1
    assert found.head.seq == found.count


def test_a_cut_off_end_is_found_by_a_head_noted_before() -> None:
    entries = chain(9)
    noted = Head(seq=9, hash=entries[-1].hash)
    assert (
        hash_chain.verify(rows(entries)[:6], noted).problem
        == "entry 7 is missing: entry 6 is the last, but 9 were written; the end was cut off"
    )
    assert hash_chain.verify([], noted).problem.startswith("entry 1 is missing: the ledger is empty")
    assert not hash_chain.verify(rows(entries)[:6]).problem, "without a head a shorter chain is a valid chain"


def test_a_chain_that_was_swapped_as_a_whole_is_found_by_a_head_noted_before() -> None:
    ours, theirs = chain(9), chain(12, now=NOW + timedelta(days=1))
    assert hash_chain.verify(rows(theirs), Head(seq=9, hash=ours[-1].hash)).problem.startswith("entry 9 is not the one that was noted")


def test_each_of_several_heads_must_be_in_the_chain() -> None:
    ours, theirs = chain(9), chain(9, now=NOW + timedelta(days=1))
    noted, now = Head(seq=4, hash=ours[3].hash), Head(seq=9, hash=theirs[-1].hash)
    for expected in ((now, noted), (noted, now)):
        check = hash_chain.Verifier(*expected)
        assert [check.feed(*row) for row in rows(theirs)].index(False) == 3
        assert check.finish().problem.startswith("entry 4 is not the one that was noted")
    check = hash_chain.Verifier(now, Head(seq=9, hash=ours[-1].hash))
    assert [check.feed(*row) for row in rows(theirs)].index(False) == 8, "of one number there is one entry"


def test_a_chain_that_grew_since_its_head_was_noted_verifies() -> None:
    entries = chain(9)
    assert hash_chain.verify(rows(entries), Head(seq=4, hash=entries[3].hash)).count == 9


@given(st.integers(0, 7), st.integers(0, 400), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(which: int, place: int, flip: int) -> None:
    changed = rows(entries := chain(8))
    body = bytearray(entries[which].body)
    body[place % len(body)] ^= flip
    changed[which] = (which + 1, bytes(body), entries[which].hash)
    assert hash_chain.verify(changed).problem.startswith(f"entry {which + 1} was changed")
