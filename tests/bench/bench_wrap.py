"""What guard costs a call that is allowed: an echo directly and through `guard wrap`, interleaved in one run, over stdio and over HTTP.

    python -m tests.bench.bench_wrap [--json] [--calls N] [--connects N [--serve]]

--connects: instead, so many clients over HTTP come and go, half of them without a word, and what guard holds (descriptors, asyncio tasks,
threads, memory) is compared: at the start, before the first client; when the first hundred have taken their leave; warm, when everything has
been used once and 400 mixed ones are forgotten; after all the others (kept: the sessions of those who left without a word, for which guard
waits); and at the end, when those are over too, after `IDLE` seconds rather than half an hour. (A client over stdio is a process of guard's
of its own, which ends with it: nothing is kept.) With --serve they come to `guard serve` and run a program.

Memory is compared by what is resident (rss): a share of it (pss) grows and shrinks with other processes that use the same libraries, by
more than is looked for here. `own`: what is resident and no file's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.bench.figures import options, show
from tests.e2e.serving import free_port, started

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = ROOT / "tests" / "upstream" / "servers" / "everything.py"
TEXT = "x" * 200
TOKEN = "0" * 43
IDLE = 30


@asynccontextmanager
async def client(folder: Path, *, guarded: bool) -> AsyncIterator[Client]:
    """A client of the echo server."""
    command = [sys.executable, str(SERVER)]
    if guarded:
        command = [sys.executable, "-m", "guard", "wrap", "everything", "--tool", "echo=read", "--", *command]
    environment = {**os.environ, "GUARD_CONFIG": str(folder / "etc" / "guard.toml"), "PYTHONPATH": str(ROOT)}
    with open(os.devnull, "w", encoding="utf-8") as log:
        started = StdioServerParameters(command=command[0], args=command[1:], env=environment)
        async with Client(stdio_client(started, errlog=log), mode="legacy") as opened:
            yield opened


@contextmanager
def listening(folder: Path, *, wraps: bool = True) -> Iterator[tuple[str, str, int]]:
    """The echo server over HTTP, and guard over HTTP, before it or by itself: both URLs, and guard's pid."""
    upstream, front = free_port(), free_port()
    with started([sys.executable, str(SERVER), str(upstream)], upstream, stderr=subprocess.DEVNULL) as direct:
        command = [sys.executable, "-m", "tests.bench.counted", str(folder / "tasks"), str(IDLE)]
        command += ["wrap", "everything", "--tool", "echo=read", "--url", direct] if wraps else ["serve"]
        environment = {**os.environ, "GUARD_CONFIG": str(folder / "etc" / "guard.toml"), "PYTHONPATH": str(ROOT)}
        command += ["--http", f"127.0.0.1:{front}"]
        with started(command, front, env=environment, stderr=subprocess.DEVNULL) as through:
            found = next(pid for pid in Path("/proc").glob("[0-9]*") if str(front).encode() in _words(pid))
            yield direct, through, int(found.name)


def _words(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


@asynccontextmanager
async def over_http(url: str) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}, timeout=90) as web:
        async with Client(streamable_http_client(url, http_client=web), mode="legacy") as opened:
            yield opened


async def one(to: Client, number: int) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    result = await to.call_tool("echo", {"text": f"{TEXT}{number}"})
    assert result.content[0].text.startswith(f"{TEXT}{number}|")
    return (time.perf_counter() - began) * 1000


async def compared(direct: Client, through: Client, calls: int, name: str) -> dict[str, Any]:
    times: dict[bool, list[float]] = {False: [], True: []}
    for number in range(calls + 20):
        for guarded, to in ((False, direct), (True, through)):
            spent = await one(to, number)
            if number >= 20:
                times[guarded].append(spent)
    began = time.perf_counter()
    await asyncio.gather(*(one(through, number) for number in range(200)))  # each looks whether the answer is its own
    at_once = 200 / (time.perf_counter() - began)
    plain, with_guard = statistics.median(times[False]), statistics.median(times[True])
    return {
        f"{name}_direct_p50_ms": round(plain, 2),
        f"{name}_guard_p50_ms": round(with_guard, 2),
        f"{name}_added_p50_ms": round(with_guard - plain, 2),
        f"{name}_200_at_once_per_second": round(at_once),
    }


async def measure(folder: Path, calls: int) -> dict[str, Any]:
    async with client(folder, guarded=False) as direct, client(folder, guarded=True) as through:
        found = await compared(direct, through, calls, "stdio")
    with listening(folder) as (plain, guarded, _):
        async with over_http(plain) as direct, over_http(guarded) as through:
            return {**found, **await compared(direct, through, calls, "http")}


VISITORS = 8
"""Clients at once that come and go."""
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}}
ACCEPT = {"accept": "application/json, text/event-stream", "authorization": f"Bearer {TOKEN}"}


ECHO = ("echo", "text", f"{TEXT}{{0}}", f"{TEXT}{{0}}|")
EXECUTE = ("execute", "code", "print('number {0}.')", "number {0}.\\n")
"""A tool, its argument, what clients give it, and what the answer holds."""


async def visit(web: httpx2.AsyncClient, url: str, number: int, call: tuple[str, str, str, str], *, leaves: bool) -> None:
    """One client: it says hello, calls, and perhaps that it leaves."""
    tool, argument, given, answer = call

    async def post(method: str, params: dict[str, Any], key: int | None = None, session: str = "") -> httpx2.Response:
        message = {"jsonrpc": "2.0", "method": method, "params": params, **({} if key is None else {"id": key})}
        headers = {"mcp-session-id": session, "mcp-protocol-version": str(HELLO["protocolVersion"])} if session else {}
        answer = await web.post(url, json=message, headers=headers)
        answer.raise_for_status()
        return answer

    session = (await post("initialize", HELLO, 0)).headers["mcp-session-id"]
    await post("notifications/initialized", {}, session=session)
    called = await post("tools/call", {"name": tool, "arguments": {argument: given.format(number)}}, 1, session)
    assert answer.format(number) in called.text, called.text
    if leaves:
        (await web.delete(url, headers={"mcp-session-id": session})).raise_for_status()


async def visits(url: str, count: int, *, silent: bool, call: tuple[str, str, str, str] = ECHO) -> float:
    """So many clients, some at once; if `silent`, every other one leaves without a word. Seconds that they took."""
    numbers, began = iter(range(count)), time.perf_counter()

    async def visitor(web: httpx2.AsyncClient) -> None:
        for number in numbers:
            await visit(web, url, number, call, leaves=not silent or number % 2 == 1)

    async with httpx2.AsyncClient(headers=ACCEPT, timeout=90) as web:
        await asyncio.gather(*(visitor(web) for _ in range(VISITORS)))
    return time.perf_counter() - began


async def come_and_go(folder: Path, connects: int, *, wraps: bool) -> dict[str, Any]:
    """What guard holds at the start, warm, after `connects` clients, and when the sessions of those who said nothing are over."""
    call = ECHO if wraps else EXECUTE
    with listening(folder, wraps=wraps) as (_, url, pid):
        tasks = folder / "tasks"
        found = {"start": await held(pid, tasks)}
        await visits(url, 100, silent=False, call=call)
        found["left"] = await held(pid, tasks)
        await visits(url, 400, silent=True, call=call)
        await asyncio.sleep(IDLE)
        found["warm"] = await held(pid, tasks)
        spent = await visits(url, connects, silent=True, call=call)
        found["kept"] = await held(pid, tasks)
        await asyncio.sleep(IDLE)
        found["end"] = await held(pid, tasks)
    spent_cpu = found["kept"]["cpu_seconds"] - found["warm"]["cpu_seconds"]
    figures = {f"{name}_{when}": value for when, one in found.items() for name, value in one.items()}
    per_connect = {"connects_per_second": round(connects / spent, 1), "cpu_ms_per_connect": round(1000 * spent_cpu / connects, 2)}
    grown = {f"{name}_grown_percent": round(100 * (found["end"][name] / found["start"][name] - 1), 1) for name in ("rss_mb", "own_mb")}
    return {"connects": connects, **per_connect, **grown, **figures}


async def held(pid: int, tasks: Path) -> dict[str, float]:
    """What a guard holds, and the processor time that it has used. `tasks`: the file in which it says how many tasks it has."""
    await asyncio.sleep(3)  # what a client left behind is cleared up after its answer
    process = Path(f"/proc/{pid}")
    tasks.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    async with asyncio.timeout(30):
        while not tasks.exists():
            await asyncio.sleep(0.01)
    lines = (line.split() for line in (process / "smaps_rollup").read_text().splitlines()[1:])
    memory = {name: round(int(size) / 1024, 1) for name, size, _ in lines}
    times = (process / "stat").read_text().rsplit(")", 1)[1].split()
    return {
        "descriptors": len(list((process / "fd").iterdir())),
        "tasks": int(tasks.read_text()),
        "threads": len(list((process / "task").iterdir())),
        "rss_mb": memory["Rss:"],
        "own_mb": memory["Anonymous:"],
        "pss_mb": memory["Pss:"],
        "cpu_seconds": (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--connects", type=int, default=0)
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="guard-bench-"))
    try:
        (folder / "project").mkdir()
        (folder / "state").mkdir(mode=0o700)
        (folder / "state" / "http.token").touch(mode=0o600)
        (folder / "state" / "http.token").write_text(TOKEN)
        shutil.copytree(ROOT / "policies", folder / "etc" / "policies", ignore=shutil.ignore_patterns("packs"))
        (folder / "etc" / "guard.toml").write_text(f'workspace = "{folder}/project"\nstate = "{folder}/state"\n')
        figures = asyncio.run(
            come_and_go(folder, given.connects, wraps=not given.serve) if given.connects else measure(folder, given.calls)
        )
    finally:
        shutil.rmtree(folder)
    show(figures, as_json=given.json)


if __name__ == "__main__":
    main()
