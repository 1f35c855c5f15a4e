"""Uses of standing grants are counted in the transaction that starts the run."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest

from guard.errors import Conflict
from guard.model import Standing
from guard.ports import ActivePolicies
from guard.store.sqlite import SqliteStore
from tests import build
from tests.build import NOON

GRANT = Standing(
    id="claude-may-write", text="permit …", until=NOON + timedelta(hours=1), left=1, case=1, person="ann", what="claude may write"
)
SET = ActivePolicies(digest="d", source="/p", files=(("a", "b"),), activated_at=NOON)


async def test_a_use_is_taken_with_the_case_and_none_beyond_the_last(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        await store.activate(SET, now=NOON)
        await store.add_standing([GRANT], now=NOON)
        new = dataclasses.replace(build.case(build.WRITE), id=0, version=0)
        await store.create(new, [], now=NOON, policy_digest="d", uses=[GRANT.id])
        assert [one.left for one in await store.standing()] == [0]
        with pytest.raises(Conflict, match="used up"):
            await store.create(dataclasses.replace(new, ticket="other"), [], now=NOON, policy_digest="d", uses=[GRANT.id])
        assert len(await store.cases()) == 1, "what took no use was not stored"
    finally:
        await store.close()


async def test_giving_and_ending_are_in_the_ledger(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        await store.add_standing([GRANT], now=NOON)
        assert await store.standing() == [GRANT]
        with pytest.raises(Conflict, match="already"):
            await store.add_standing([GRANT], now=NOON)
        await store.end_standing([GRANT.id, "unknown"], why="revoked by ann", now=NOON)
        assert await store.standing() == []
        kinds = [entry.body async for entry in store.entries()]
        assert [b'"grant.given"' in kinds[0], b"revoked by ann" in kinds[1], len(kinds)] == [True, True, 2]
    finally:
        await store.close()


async def test_who_signed_a_grant_is_in_the_ledger(tmp_path):
    store = await SqliteStore.open(tmp_path / "state")
    try:
        await store.add_standing([dataclasses.replace(GRANT, key="ab", signature="cd")], now=NOON)
        data = json.loads(await anext(entry.body async for entry in store.entries()))["data"]
        assert (data["key"], data["signature"], data["person"], data["text"]) == ("ab", "cd", "ann", GRANT.text)
    finally:
        await store.close()
