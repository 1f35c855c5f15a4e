"""The console's figures with ten thousand waiting cases: opening, a key, memory; and a megabyte in one line.

    python -m tests.bench.bench_console [CASES]

One line per figure. The store is made first (it takes a while) and is no part of the figures.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from tests.tui.build import SMALL, Bench, bench
from tui.app import Console
from tui.case import CaseScreen
from tui.queue import QueueScreen


def rss() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)


async def fill(of: Bench, cases: int) -> None:
    await of.person()
    for i in range(cases):
        name = f"reports/week-{i}.md"
        kinds = ("fs.write", "fs.create", "fs.delete", "fs.surface")
        await of.case(
            of.effect(kinds[i % 4], name, 11),
            of.effect("fs.read", f"data/{i}.csv", 3),
            code=f"{SMALL}\n# {i}",
            agent=f"agent-{i % 20}",
            ago=i % 3000,
        )


async def key(app: Console, pressed: str) -> tuple[float, float]:
    """Milliseconds from a key to the painted answer, the 15 ms of the burst gate included; and those of the processor that the
    console's thread took of them, whatever else ran on this machine."""
    begin, busy = time.perf_counter(), time.thread_time()
    queue = app.screen
    assert isinstance(queue, QueueScreen)
    was = queue.listing.cursor
    app.post_message(events.Key(pressed, pressed))
    while queue.listing.cursor == was:
        await asyncio.sleep(0.001)
    queue._on_timer_update()
    return (time.perf_counter() - begin) * 1000, (time.thread_time() - busy) * 1000


async def keys(app: Console, what: str, many: int = 60) -> None:
    """One line: how fast so many keys are answered."""
    times = [await key(app, "j") for _ in range(many)]
    for title, found in ((what, sorted(wall for wall, _ in times)), ("  of the processor", sorted(busy for _, busy in times))):
        print(f"{title:<30}{found[many // 2]:8.1f} ms   95 %: {found[many * 95 // 100]:.1f} ms   worst: {found[-1]:.1f} ms")


async def figures(of: Bench, cases: int) -> None:
    base = rss()
    begin, busy = time.perf_counter(), time.process_time()
    app = Console(of.desk)
    async with app.run_test(size=(160, 50)) as pilot:
        await _until(pilot, lambda: isinstance(app.screen, QueueScreen) and len(app.screen.listing.items) > 0)
        print(f"first rows on the screen      {time.perf_counter() - begin:8.2f} s   of the processor {time.process_time() - busy:.2f} s")
        await keys(app, "a key while cases are read", 20)
        await _until(pilot, lambda: len(app.screen.listing.items) == cases)
        await pilot._wait_for_screen()
        print(f"all {cases:,} there             {time.perf_counter() - begin:8.2f} s   of the processor {time.process_time() - busy:.2f} s")
        await keys(app, "a key while the ledger is read")
        await _until(pilot, lambda: app.health.entries > 0)
        await keys(app, "a key")
        print(f"memory of the console         {rss() - base:8.0f} MB   process: {rss():.0f} MB")
        begin = time.perf_counter()
        last = await of.desk.waiting(after=0, limit=200)
        for case in last[:100]:
            await of.desk.reject(case.id, person="ann", reason="bench")
        for _ in range(100):
            await of.week(code=f"{SMALL}\n# new {begin}")
        await keys(app, "a key, 200 cases just moved")
    big = await of.case(of.effect("fs.write", "a.txt", 1), code="x = '" + "a" * 998_110 + "'")
    app = Console(of.desk)
    async with app.run_test(size=(160, 50)) as pilot:
        await _until(pilot, lambda: isinstance(app.screen, QueueScreen) and len(app.screen.rows) > 0)
        begin = time.perf_counter()
        app.open_case(big.id)
        await _until(pilot, lambda: isinstance(app.screen, CaseScreen) and app.screen.case is not None and app.screen.main.rows > 1000)
        print(f"a megabyte in one line opens  {time.perf_counter() - begin:8.2f} s")


async def _until(pilot: Pilot[None], holds: object) -> None:
    while not holds():
        await asyncio.sleep(0.002)


async def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as root:
        async with bench(Path(root)) as of:
            begin = time.perf_counter()
            await fill(of, cases)
            print(f"(made in {time.perf_counter() - begin:.0f} s, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
            await figures(of, cases)


if __name__ == "__main__":
    asyncio.run(main())
