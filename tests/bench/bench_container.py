"""A container that waits against `podman run`, as a ratio of runs that take turns. Where GUARD_TEST_ENGINE names a Podman's socket, as in
CI, and podman is on the PATH; else it says so.

    GUARD_TEST_ENGINE=unix:///run/user/1000/podman/podman.sock python -m tests.bench.bench_container [--json] [--runs N]
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from guard.model import Limits
from guard.sandbox.container.engine import IMAGE
from guard.sandbox.pool import Warm
from tests.bench.figures import options, show
from tests.sandbox.boxes import job
from tests.sandbox.engines import SOCKET, container

LIMITS = Limits()
CODE = "print(1)"


async def measured(at: Path, runs: int) -> dict[str, float]:
    workspace = at / "workspace"
    workspace.mkdir()
    warm = container(at / "warm", warm=Warm(boxes=1, limits=LIMITS, workspace=str(workspace)))
    cold = container(at / "cold")

    async def podman() -> None:
        command = ["podman", "run", "--rm", "--network=none", IMAGE, "python3", "-c", CODE]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

    async def bare() -> None:
        subprocess.run(["/usr/bin/python3", "-c", CODE], stdout=subprocess.DEVNULL, check=True)

    ways = {
        "podman_run": podman,
        "bare": bare,
        "warm": lambda: warm.run(job(CODE, limits=LIMITS)),
        "warm_workspace": lambda: warm.run(job(CODE, workspace, limits=LIMITS)),
        "cold_workspace": lambda: cold.run(job(CODE, workspace, limits=LIMITS)),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs + 1):
        for name, way in ways.items():
            await warm.warmed()
            await asyncio.to_thread(warm._cleaning.submit(lambda: None).result)  # what the last run left is removed
            begun = time.perf_counter()
            await way()
            times[name].append(time.perf_counter() - begun)
    await warm.close()
    await cold.close()
    taken = {name: statistics.median(seconds[1:]) for name, seconds in times.items()}
    figures = {f"container_{name}_ms": seconds * 1000 for name, seconds in taken.items()}
    return figures | {f"podman_run_over_{name}": taken["podman_run"] / taken[name] for name in taken if "_" in name or name == "warm"}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=15)
    chosen = parser.parse_args()
    if not SOCKET or not shutil.which("podman"):
        print("no figures of containers: GUARD_TEST_ENGINE names no socket, or podman is not installed")
        return
    at = Path(tempfile.mkdtemp(prefix="guard-bench-")).resolve()
    try:
        figures = asyncio.run(measured(at, chosen.runs))
    finally:
        shutil.rmtree(at)
    show(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
