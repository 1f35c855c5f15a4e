"""The spine's figures: verdict latency, cold dispatch against a bare interpreter, memory of an idle server.

    python -m tests.bench.bench_latency [--json] [--runs N]

One line per figure. Ratios come from interleaved runs of one process, since one after the other they are noise.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from guard import config
from guard.cli.compose import open_engine
from guard.model import Grant, Person, Submission
from guard.ports import Job
from tests.bench.figures import options, show

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = (ROOT / "tests" / "bench" / "sample_program.py").read_text()
"""100 lines of an agent's ordinary work: reads CSV files of the workspace, computes, writes a report."""


@contextmanager
def home() -> Iterator[Path]:
    """A configuration of its own with a small workspace."""
    folder = Path(tempfile.mkdtemp(prefix="guard-bench-"))
    try:
        (folder / "project").mkdir()
        (folder / "project" / "data.csv").write_text("a,b\n1,2\n")
        shutil.copytree(ROOT / "policies", folder / "etc" / "policies")
        (folder / "etc" / "guard.toml").write_text(f'workspace = "{folder}/project"\nstate = "{folder}/state"\non_park = "deny"\n')
        yield folder
    finally:
        shutil.rmtree(folder)


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def verdicts(folder: Path, runs: int) -> dict[str, float]:
    """Milliseconds from a submission to its durable verdict: analysis, Cedar, the case and three ledger entries on disk.

    One person is registered, as after `guard init`.
    """
    loaded = config.load(folder / "etc" / "guard.toml")
    async with open_engine(loaded, runs=False) as engine:
        await engine.store.add_person(Person(name="ann", key="00" * 32), now=datetime.now(UTC))
        times = []
        for number in range(runs + 20):
            submission = Submission(agent="agent", language="python", code=PROGRAM + f"\nopen('out{number}', 'w')")
            begun = time.perf_counter()
            await engine.submit(submission)
            times.append((time.perf_counter() - begun) * 1000)
    times = times[20:]
    return {"verdict_ms_p50": statistics.median(times), "verdict_ms_p99": quantile(times, 0.99)}


async def dispatches(folder: Path, runs: int) -> dict[str, float]:
    """Cold dispatch of `print(1)` in the box, with a workspace, against `python3 -c` bare, interleaved."""
    loaded = config.load(folder / "etc" / "guard.toml")
    async with open_engine(loaded, runs=True) as engine:
        sandbox = engine.parts.sandbox
        assert sandbox is not None
        job = Job(case=1, language="python", code="print(1)", facts=loaded.facts(), grant=Grant(), limits=loaded.box_limits)
        boxed, bare = [], []
        for _ in range(runs + 3):
            begun = time.perf_counter()
            await sandbox.run(job)
            boxed.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            subprocess.run(["/usr/bin/python3", "-c", "print(1)"], stdout=subprocess.DEVNULL, check=True)
            bare.append((time.perf_counter() - begun) * 1000)
    boxed, bare = boxed[3:], bare[3:]
    ratio = statistics.median(boxed) / statistics.median(bare)
    return {"cold_dispatch_ms_p50": statistics.median(boxed), "bare_python_ms_p50": statistics.median(bare), "cold_dispatch_ratio": ratio}


def memory(folder: Path) -> dict[str, float]:
    """PSS in MB of an idle `guard serve` and its children."""
    environment = {**os.environ, "GUARD_CONFIG": str(folder / "etc" / "guard.toml"), "PYTHONPATH": str(ROOT)}
    serve = subprocess.Popen([sys.executable, "-m", "guard", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert serve.stdin is not None
    assert serve.stdout is not None
    try:
        hello = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}},
        }
        serve.stdin.write(json.dumps(hello).encode() + b"\n")
        serve.stdin.flush()
        serve.stdout.readline()
        return {"idle_serve_pss_mb": sum(_pss(pid) for pid in _family(serve.pid)) / 1024}
    finally:
        serve.stdin.close()
        serve.wait(20)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


TARGETS = {"verdict_ms_p50": 5, "verdict_ms_p99": 25, "cold_dispatch_ratio": 3, "idle_serve_pss_mb": 150}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=200)
    chosen = parser.parse_args()
    with home() as folder:
        figures = {
            **asyncio.run(verdicts(folder, chosen.runs)),
            **asyncio.run(dispatches(folder, max(10, chosen.runs // 5))),
            **memory(folder),
        }
    show(figures, as_json=chosen.json, targets=TARGETS)


if __name__ == "__main__":
    main()
