"""The box's figures, as ratios of runs that take turns: dispatch into a box that waits, a rehearsal in a large workspace, a commit, and
reading a large file in place.

    python -m tests.bench.bench_sandbox [--json] [--runs N] [--megabytes N]

A warm run is measured when the box waits; the bare run beside it too, so that making the next box slows neither down.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guard import config
from guard.cli.compose import open_engine
from guard.model import FINAL, ChangeSet, Execution, Facts, Grant, Limits, Person, Stage, Submission
from guard.ports import Job
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.changeset.commit import FileWorkspace
from guard.sandbox.pool import Warm
from tests.bench.bench_latency import home
from tests.bench.figures import options, show

LIMITS = Limits()
FILES, CHANGED = 10_000, 200

CHANGES = """
import os, time
started = time.perf_counter()
for number in range({count}):
    with open(f"folder{{number % 100}}/file{{number}}.txt", "a") as file:
        file.write("one more line\\n")
print(time.perf_counter() - started)
"""

AGGREGATES = """
import csv, sys
total = {}
with open("large.csv", newline="") as file:
    rows = csv.reader(file)
    next(rows)
    for key, value, _ in rows:
        total[key] = total.get(key, 0) + int(value)
print(sorted(total.items())[:3])
"""


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="guard-bench-")).resolve()
    (path / "workspace").mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path)


def asked(code: str, workspace: Path | None = None, limits: Limits = LIMITS) -> Job:
    facts = Facts(workspace=str(workspace or ""))
    return Job(case=1, language="python", code=code, facts=facts, grant=Grant(), limits=limits)


async def ran(box: BubblewrapSandbox, job: Job) -> Execution:
    execution = await box.run(job)
    if not execution.succeeded:
        raise SystemExit(f"the run failed: {execution.ending} {execution.stderr}")
    return execution


def bare(code: str, cwd: Path) -> None:
    subprocess.run(["/usr/bin/python3", "-c", code], cwd=cwd, stdout=subprocess.DEVNULL, check=True)


async def in_turns(runs: int, before: Callable[[], Awaitable[object]], **ways: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Median seconds of each way, taken in turns; the first two rounds do not count."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs + 2):
        for name, way in ways.items():
            await before()
            begun = time.perf_counter()
            await way()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(taken[2:]) for name, taken in times.items()}


async def dispatches(at: Path, runs: int) -> dict[str, float]:
    """`print(1)` in a box that waits, and in one that starts cold, against a bare interpreter."""
    workspace = at / "workspace"
    warm = BubblewrapSandbox(at / "warm", warm=Warm(boxes=1, limits=LIMITS, workspace=str(workspace)))
    cold = BubblewrapSandbox(at / "cold")
    code = "print(1)"

    async def alone() -> None:
        bare(code, workspace)

    taken = await in_turns(
        runs,
        warm.warmed,
        bare=alone,
        warm=lambda: ran(warm, asked(code)),
        warm_workspace=lambda: ran(warm, asked(code, workspace)),
        cold_workspace=lambda: ran(cold, asked(code, workspace)),
    )
    await warm.close()
    await cold.close()
    figures = {f"{name}_dispatch_ms": seconds * 1000 for name, seconds in taken.items()}
    return figures | {f"{name}_ratio": taken[name] / taken["bare"] for name in taken if name != "bare"}


async def rehearsals(at: Path, runs: int) -> dict[str, float]:
    """What guard takes, beyond the program's own time, from the submission of a program that changes files in a workspace of many to
    where a person can read what it did."""
    workspace = at / "project"
    for number in range(FILES):
        path = workspace / f"folder{number % 100}" / f"file{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"line of file {number}\n" * 40)
    toml = at / "etc" / "guard.toml"
    toml.write_text(toml.read_text().replace('"deny"', '"wait"'))
    over = []
    async with open_engine(config.load(toml), runs=True) as engine:
        await engine.prove()
        await engine.store.add_person(Person(name="ann", key="00" * 32), now=engine.parts.clock.now())
        for number in range(runs):
            begun = time.perf_counter()
            case = await engine.submit(Submission(agent="agent", language="python", code=CHANGES.format(count=CHANGED) + f"# {number}"))
            case = await engine.settled(case.id, 60, at=FINAL | {Stage.WAITING})
            taken = time.perf_counter() - begun
            if case.execution is None or len(case.execution.change_set.changes) != CHANGED:
                raise SystemExit(f"the rehearsal failed: {case.stage} {case.outcome} {case.execution}")
            over.append(taken - float(case.execution.stdout))
    return {"rehearsal_first_s": over[0], "rehearsal_s": statistics.median(over[1:])}


async def commits(at: Path) -> dict[str, float]:
    """Sealing and committing what a program changed in few and in all files of the workspace that `rehearsals` made."""
    workspace, box = at / "project", BubblewrapSandbox(at / "box")
    figures = {}
    for case, count in enumerate((CHANGED, FILES), 1):
        begun = time.perf_counter()
        execution = await ran(box, asked(CHANGES.format(count=count), workspace))
        figures[f"run_and_seal_{count}_s"] = time.perf_counter() - begun - float(execution.stdout)
        figures[f"commit_{count}_s"] = await _commit(at / "box", workspace, case, execution.change_set)
    await box.close()
    return figures


async def _commit(state: Path, workspace: Path, case: int, changes: ChangeSet) -> float:
    begun = time.perf_counter()
    conflicts = await FileWorkspace(state).commit(case, str(workspace), changes)
    if conflicts:
        raise SystemExit(conflicts[0])
    return time.perf_counter() - begun


async def reading(at: Path, runs: int, megabytes: int) -> dict[str, float]:
    """A large CSV aggregated in the box and outside: it is read in place."""
    workspace = at / "workspace"
    line = "".join(f"key{number % 97},{number},{'x' * 40}\n" for number in range(10_000))
    with (workspace / "large.csv").open("w") as file:
        file.write("key,value,rest\n")
        for _ in range(megabytes * 1_000_000 // len(line)):
            file.write(line)
    box = BubblewrapSandbox(at / "state", warm=Warm(boxes=1, limits=LIMITS, workspace=str(workspace)))

    async def alone() -> None:
        bare(AGGREGATES, workspace)

    taken = await in_turns(runs, box.warmed, outside=alone, inside=lambda: ran(box, asked(AGGREGATES, workspace)))
    await box.close()
    return {"csv_megabytes": megabytes, "csv_outside_s": taken["outside"], "csv_ratio": taken["inside"] / taken["outside"]}


TARGETS = {
    "warm_ratio": 1.2,
    "warm_workspace_ratio": 2,
    "cold_workspace_ratio": 3,
    "rehearsal_s": 1,
    "rehearsal_first_s": 1,
    "csv_ratio": 1.1,
}


async def measured(runs: int, megabytes: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    with folder() as at:
        figures |= await dispatches(at, runs)
    with home() as at:
        figures |= await rehearsals(at, 6)
        figures |= await commits(at)
    with folder() as at:
        figures |= await reading(at, 3, megabytes)
    return figures


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the CSV; 1000 for the whole figure")
    chosen = parser.parse_args()
    figures = asyncio.run(measured(chosen.runs, chosen.megabytes))
    show(figures, as_json=chosen.json, targets=TARGETS)


if __name__ == "__main__":
    main()
