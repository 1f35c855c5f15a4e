"""What people were told of lately is counted for all engines of a store, and a digest that is owed outlives each of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from guard.store.sqlite import SqliteStore
from tests.build import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMIT = {"most": 3, "since": NOON - 10 * MINUTE, "now": NOON}


async def test_calls_of_all_engines_count_together(tmp_path):
    one, other = [await SqliteStore.open(tmp_path / "state") for _ in range(2)]
    try:
        said = await asyncio.gather(*(store.say("etl", **LIMIT) for store in (one, other) for _ in range(4)))
        assert said.count(True) == 3
        assert await one.say("another", **LIMIT)
        later = NOON + 10 * MINUTE
        assert await other.say("etl", most=3, since=NOON, now=later), "those are ten minutes ago"
        assert [await one.say("etl", most=3, since=NOON, now=later) for _ in range(3)] == [True, True, False]
    finally:
        await one.close()
        await other.close()


async def test_a_call_that_is_counted_a_little_late_takes_no_other_one_away(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        soon = NOON + MINUTE / 1000  # another engine's, which was quicker to write
        assert await store.say("etl", most=1, since=soon - 10 * MINUTE, now=soon)
        assert not await store.say("etl", most=1, since=NOON - 10 * MINUTE, now=NOON)
    finally:
        await store.close()


async def test_a_clock_that_moves_back_silences_nobody(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        assert [await store.say("etl", **LIMIT) for _ in range(4)] == [True, True, True, False]
        before = NOON - timedelta(days=1)
        assert await store.say("etl", most=3, since=before - 10 * MINUTE, now=before)
    finally:
        await store.close()


async def test_what_is_held_outlives_its_engine_and_is_taken_once(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    await store.hold(["1 json", "2 mailto"], until=NOON)
    await store.hold(["1 json"], until=NOON + MINUTE)
    await store.close()
    one, other = [await SqliteStore.open(tmp_path / "state") for _ in range(2)]
    try:
        assert await one.held() == {"1 json": NOON, "2 mailto": NOON}, "who waits already waits no longer"
        taken = await asyncio.gather(*(store.take(["1 json", "3 json"], now=NOON, until=NOON + HOUR) for store in (one, other)))
        assert sorted(taken) == [(), ("1 json",)]
        assert await other.held() == {"1 json": NOON + HOUR, "2 mailto": NOON}, "whoever dies over it leaves it to be taken again"
        await one.release(["1 json", "2 mailto"], until=NOON + HOUR)
        assert await other.held() == {"2 mailto": NOON}
    finally:
        await one.close()
        await other.close()


async def test_what_is_held_back_while_a_digest_is_sent_is_owed_still(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        await store.hold(["1 json"], until=NOON)
        assert await store.take(["1 json"], now=NOON, until=NOON + HOUR) == ("1 json",)
        await store.hold(["1 json"], until=NOON + MINUTE)
        await store.release(["1 json"], until=NOON + HOUR)
        assert await store.held() == {"1 json": NOON + MINUTE}
    finally:
        await store.close()
