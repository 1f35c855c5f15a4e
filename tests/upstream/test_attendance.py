"""Who attends a call: over whose connection it goes, who hears, and when nobody wants it any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
from mcp.shared.exceptions import MCPError

from guard.upstream.attendance import Attendance, Listeners


@dataclass(eq=False)
class _Connection:
    alive: bool = True


class _Heard:
    """A client that notes what it hears."""

    def __init__(self, name: str) -> None:
        self.token = self.id = name
        self.heard: list[str] = []

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"by": self.id}

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        self.heard.append(method)


def _client(name: str) -> Attendance:
    return Attendance(session=_Connection(), caller=_Heard(name), meta={})


def _listening(*names: str) -> tuple[Listeners, list[Attendance]]:
    listeners, clients = Listeners(), [_client(name) for name in names]
    for client in clients:
        listeners.join(client)
    return listeners, clients


def _asking(listeners: Listeners) -> anyio.CancelScope:
    asking = anyio.CancelScope()
    listeners.asks(asking)
    return asking


async def test_a_call_goes_over_the_connection_of_the_client_that_came_last_and_is_there() -> None:
    listeners, (one, two, three) = _listening("one", "two", "three")
    three.session.alive = False
    assert listeners.begin() is two
    assert [listeners.goes_over(client.session) for client in (one, two, three)] == [False, True, False]
    assert Listeners().begin() is None


async def test_a_call_that_no_client_attends_is_wanted_and_one_that_all_have_cancelled_is_not() -> None:
    unattended = Listeners()
    unattended.begin()
    assert unattended.wanted
    listeners, (one,) = _listening("one")
    one.cancelled = True
    assert listeners.begin() is None
    assert not listeners.wanted


@pytest.mark.parametrize("first", [0, 1])
async def test_a_call_is_stopped_when_the_last_client_that_waits_for_it_cancels(first: int) -> None:
    listeners, clients = _listening("one", "two")
    listeners.begin()
    asking = _asking(listeners)
    for client, stopped in ((clients[first], False), (clients[1 - first], True)):
        client.cancelled = True
        listeners.leave(client)
        assert asking.cancel_called is stopped
    assert not listeners.empty, "as long as it is under way"
    listeners.end(None)
    assert listeners.empty


async def test_a_client_that_left_with_its_ticket_still_waits_for_what_comes_of_the_call() -> None:
    listeners, (one, two) = _listening("one", "two")
    listeners.begin()
    asking = _asking(listeners)
    listeners.leave(one)
    two.cancelled = True
    listeners.leave(two)
    assert not asking.cancel_called
    assert listeners.goes_over(two.session)


async def test_what_the_server_says_goes_to_the_client_whose_connection_it_is_and_when_that_left_to_one_that_stays() -> None:
    listeners, (one, two) = _listening("one", "two")
    listeners.begin()
    await listeners.tell("first", None)
    assert (listeners.token, await listeners.ask("x", None)) == ("two", {"by": "two"})
    two.cancelled = True
    listeners.leave(two)
    await listeners.tell("second", None)
    assert (listeners.id, await listeners.ask("x", None)) == ("one", {"by": "one"})
    listeners.leave(one)
    await listeners.tell("third", None)
    assert (one.caller.heard, two.caller.heard, listeners.token, listeners.id) == (["second"], ["first"], None, None)
    with pytest.raises(MCPError, match="nobody to ask"):
        await listeners.ask("x", None)


async def test_every_client_that_is_there_gets_the_answer() -> None:
    listeners, (one, two) = _listening("one", "two")
    listeners.begin()
    assert listeners.end({"result": {}})
    assert [await one.answer, await two.answer] == [{"result": {}}] * 2
    assert not listeners.end(None), "they have it"
