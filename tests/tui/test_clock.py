"""The one clock."""

from __future__ import annotations

import asyncio

from tui.clock import RealClock


async def test_it_calls_once_after_the_time_and_never_goes_back() -> None:
    clock, called = RealClock(), asyncio.Event()
    begin = clock.now()
    clock.after(0.01, called.set)
    assert not called.is_set()
    await asyncio.wait_for(called.wait(), 5)
    assert clock.now() - begin >= 0.009
    assert clock.at(begin) == begin
