"""Notifications on their way to several clients of one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import anyio
import pytest

from guard.upstream import notices
from guard.upstream.notices import SUBSCRIPTION, Notices

TOLD = "notifications/message"


class Client:
    """`notices.Caller` that hears something only while it reads."""

    def __init__(self, *, reads: bool = True, token: str | None = None) -> None:
        self.token, self.id = token, 7
        self.reads = asyncio.Event()
        self.begun = asyncio.Event()
        """It is being told something."""
        self.heard: list[Mapping[str, Any] | None] = []
        if reads:
            self.reads.set()

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        raise NotImplementedError

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        self.begun.set()
        await self.reads.wait()
        self.heard.append(params)


def numbered(count: int) -> list[dict[str, int]]:
    return [{"number": number} for number in range(count)]


async def test_each_hears_all_in_order_and_nobody_waits_for_who_does_not_read() -> None:
    stuck, free, said = Client(reads=False), Client(), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        for one in numbered(5):
            said.add(group, stuck, TOLD, one)
            said.add(group, free, TOLD, one)
        await said.told(free)
        assert (stuck.heard, free.heard) == ([], numbered(5))
        stuck.reads.set()
        await said.told(stuck)
        assert stuck.heard == numbered(5)


async def test_who_waits_for_a_client_that_does_not_read_may_stop_waiting() -> None:
    stuck, said = Client(reads=False), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        said.add(group, stuck, TOLD, {})
        await said.told(stuck, longest=0.01)
        assert not stuck.heard
        stuck.reads.set()


async def test_what_a_client_does_not_take_in_time_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "LONGEST_TELLING", 0.01)
    stuck, said = Client(reads=False), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        said.add(group, stuck, TOLD, {})
        await said.told(stuck)
        stuck.reads.set()
        said.add(group, stuck, TOLD, {"later": 1})
        await said.told(stuck)
    assert stuck.heard == [{"later": 1}]


async def test_a_flood_for_one_client_is_bounded_and_takes_nothing_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST_NOTICES", 50)
    stuck, other, said = Client(reads=False), Client(reads=False), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        for one in numbered(500):
            said.add(group, stuck, TOLD, one)
        said.add(group, other, TOLD, {"one": 1})
        stuck.reads.set()
        other.reads.set()
        await said.told(stuck)
        await said.told(other)
    assert (stuck.heard, other.heard) == (numbered(50), [{"one": 1}])


async def test_a_client_that_cannot_be_told_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, other, said = Client(), Client(), Notices("files")

    async def tell(method: str, params: Mapping[str, Any] | None) -> None:
        raise anyio.ClosedResourceError

    monkeypatch.setattr(gone, "tell", tell)
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        said.add(group, gone, TOLD, {})
        await said.told(gone)
        said.add(group, other, TOLD, {"still": 1})
        await said.told(other)
    assert other.heard == [{"still": 1}]


async def test_nobody_waits_for_a_connection_that_is_over_nor_is_told_anything_of_it() -> None:
    stuck, late, said = Client(reads=False), Client(), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        said.add(group, stuck, TOLD, {})
        waiting = asyncio.create_task(said.told(stuck))
        await stuck.begun.wait()
        said.end()
        await waiting
        group.cancel_scope.cancel()
    said.add(group, late, TOLD, {})
    await asyncio.wait_for(said.told(late), 10)
    assert not late.heard


async def test_a_client_gets_back_its_own_token_and_id_and_no_progress_that_it_did_not_ask_for() -> None:
    asks, plain, said = Client(token="mine"), Client(), Notices("files")
    async with asyncio.timeout(10), anyio.create_task_group() as group:
        for client in (asks, plain):
            said.add(group, client, "notifications/progress", {"progressToken": 3, "progress": 1})
            said.add(group, client, "notifications/tools/list_changed", {"_meta": {SUBSCRIPTION: 3, "more": 1}})
            await said.told(client)
    subscribed = {"_meta": {SUBSCRIPTION: 7, "more": 1}}
    assert asks.heard == [{"progressToken": "mine", "progress": 1}, subscribed]
    assert plain.heard == [subscribed]
