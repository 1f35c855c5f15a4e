"""Tampering with the ledger's table is found at its number, and a ledger that was cut off is not written over."""

import json
import sqlite3
from pathlib import Path

import pytest

from guard.errors import LedgerBroken
from guard.store.sqlite import DATABASE
from tests.store.build import NOW, created, opened, verified

TAMPERING = {
    "edit": ("UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'claude', 'nobody') AS BLOB) WHERE seq = 5", "entry 5 was changed"),
    "edit the hash": ("UPDATE ledger SET hash = 'f' || substr(hash, 2) || 'x' WHERE seq = 5", "entry 5 was changed"),
    "delete": ("DELETE FROM ledger WHERE seq = 5", "entry 5 is missing"),
    "delete the first": ("DELETE FROM ledger WHERE seq = 1", "entry 1 is missing"),
    "reorder": (
        "UPDATE ledger SET seq = -seq WHERE seq IN (5, 6); UPDATE ledger SET seq = 11 + seq WHERE seq < 0",
        "entry 5 holds the text of entry 6",
    ),
    "swap texts": (
        "UPDATE ledger SET body = (SELECT body FROM ledger AS l WHERE l.seq = 11 - ledger.seq) WHERE seq = 5",
        "entry 5 was changed",
    ),
    "truncate": ("DELETE FROM ledger WHERE seq > 7", "entry 8 is missing: entry 7 is the last, but 10 were written"),
    "empty": ("DELETE FROM ledger", "entry 1 is missing: the ledger is empty, but 10 were written"),
}


def tamper(state: Path, script: str) -> None:
    database = sqlite3.connect(state / DATABASE)
    database.executescript("DROP TRIGGER IF EXISTS ledger_is_not_edited; DROP TRIGGER IF EXISTS ledger_is_not_cut; " + script)
    database.close()


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found_at_its_number(tmp_path: Path, how: str) -> None:
    script, problem = TAMPERING[how]
    async with opened(tmp_path / "state") as store:
        for number in range(3):
            await created(store, f"t{number}")
        assert (await verified(store)).count == 10
        tamper(tmp_path / "state", script)
        found = await verified(store)
    assert found.problem.startswith(problem)
    assert found.count == int(found.problem.split()[1]) - 1


@pytest.mark.parametrize(
    "script",
    ["DELETE FROM ledger WHERE seq > 3", "DELETE FROM ledger", "UPDATE ledger SET hash = 'x' WHERE seq = 4", "UPDATE head SET seq = 3"],
)
async def test_a_ledger_that_does_not_end_where_guard_ended_it_is_not_extended(tmp_path: Path, script: str) -> None:
    async with opened(tmp_path / "state") as store:
        await created(store)
        tamper(tmp_path / "state", script)
        with pytest.raises(LedgerBroken, match="changed from outside") as caught:
            await created(store, "t2")
        assert "audit verify" in caught.value.hint
        assert await store.by_ticket("t2") is None, "without a ledger nothing is stored, and so nothing runs"


async def test_entries_say_which_case_they_are_of_by_their_hashed_text_alone(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as store:
        made = await created(store)
        kinds = [json.loads(entry.body)["case"] async for entry in store.entries(case=made.id)]
        assert kinds == [made.id] * 3
    database = sqlite3.connect(tmp_path / "state" / DATABASE)
    with pytest.raises(sqlite3.OperationalError, match="generated column"):
        database.execute("UPDATE ledger SET case_id = 9")
    database.close()


async def test_the_head_survives_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as store:
        await created(store)
        head = await store.head()
    async with opened(tmp_path / "state") as store:
        assert await store.head() == head
        assert head.at == NOW
