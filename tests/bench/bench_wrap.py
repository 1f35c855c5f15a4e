"""What guard costs a call that is allowed: an echo directly and through `guard wrap`, interleaved in one run.

python tests/bench/bench_wrap.py [--json] [--calls N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from mcp.client import Client  # noqa: E402
from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: E402

SERVER = ROOT / "tests" / "upstream" / "servers" / "everything.py"
TEXT = "x" * 200


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


async def one(to: Client, number: int) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    result = await to.call_tool("echo", {"text": f"{TEXT}{number}"})
    assert result.content[0].text.startswith(f"{TEXT}{number}|")  # type: ignore[union-attr]
    return (time.perf_counter() - began) * 1000


async def measure(folder: Path, calls: int) -> dict[str, Any]:
    times: dict[bool, list[float]] = {False: [], True: []}
    async with client(folder, guarded=False) as direct, client(folder, guarded=True) as through:
        for number in range(calls + 20):
            for guarded, to in ((False, direct), (True, through)):
                spent = await one(to, number)
                if number >= 20:
                    times[guarded].append(spent)
        began = time.perf_counter()
        await asyncio.gather(*(one(through, number) for number in range(200)))
        at_once = 200 / (time.perf_counter() - began)
    median = {guarded: statistics.median(found) for guarded, found in times.items()}
    return {
        "direct_p50_ms": round(median[False], 2),
        "guard_p50_ms": round(median[True], 2),
        "added_p50_ms": round(median[True] - median[False], 2),
        "guard_200_at_once_per_second": round(at_once),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calls", type=int, default=400)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="guard-bench-"))
    try:
        (folder / "project").mkdir()
        shutil.copytree(ROOT / "policies", folder / "etc" / "policies", ignore=shutil.ignore_patterns("packs"))
        (folder / "etc" / "guard.toml").write_text(f'workspace = "{folder}/project"\nstate = "{folder}/state"\n')
        figures = asyncio.run(measure(folder, given.calls))
    finally:
        shutil.rmtree(folder)
    print(json.dumps(figures) if given.json else "\n".join(f"{name:32} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
