"""Analysis figures: `python -m tests.bench.bench_analyse [--json] [CORPUS.jsonl …]`. One line per figure; not collected as a test.

Our own programs of about 100 lines (guard's modules, the benchmarks' report, and those of the corpus put together) go through
`guard check --jsonl` as users start it: programs per second from the start of the process to its end, its processor time, the
milliseconds of a program. Then the round trip of one analysis as the engine
asks for it, the same analysis in process, and the memory of a worker. With corpora (records with `code` and `auto_approvable`) the rates
of misses and of false parks are printed too.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from guard import analyse as analysis
from guard.analysis_worker import encode_facts
from guard.analyst import Analyst, Origin, Worker
from guard.model import Facts
from tests.bench.figures import options, show

HERE = Path(__file__).parent
FACTS = Facts(workspace="/home/dev/project", home="/home/dev")
LENGTHS = (80, 100, 125)
"""Lines of the programs; of those that are put together, in turn."""
PROGRAMS = 1200


def programs() -> list[dict[str, Any]]:
    """Programs of `LENGTHS` lines, each several times: guard's own modules, and its corpus joined to that length."""
    root = HERE.parent.parent
    found = [
        {"language": "python", "code": text}
        for folder in ("guard", "tui", "tests")
        for path in sorted((root / folder).rglob("*.py"))
        if LENGTHS[0] <= len((text := path.read_text()).splitlines()) <= LENGTHS[-1]
    ]
    for language in ("python", "javascript"):
        lines = (root / f"tests/corpus/{language}.jsonl").read_text().splitlines()
        found += [{"language": language, "code": code} for code in _joined(json.loads(line)["code"] for line in lines)]
    return [{"id": number, **one} for number, one in zip(range(PROGRAMS), itertools.cycle(found), strict=False)]


def _joined(codes: Iterable[str]) -> Iterator[str]:
    lengths, lines = itertools.cycle(LENGTHS), list[str]()
    wanted = next(lengths)
    for code in codes:
        lines += code.splitlines()
        if len(lines) >= wanted:
            yield "\n".join(lines) + "\n"
            wanted, lines = next(lengths), []


def check(records: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], float, float]:
    """What `guard check --jsonl` answers under the default policies, and its wall-clock and processor seconds."""
    lines = "".join(json.dumps({key: record[key] for key in ("id", "language", "code")}) + "\n" for record in records)
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as empty:
        found = subprocess.run(
            [sys.executable, "-m", "guard", "check", "--jsonl"],
            input=lines,
            cwd=empty,
            env={**os.environ, "PYTHONPATH": str(HERE.parent.parent), "GUARD_CONFIG": f"{empty}/guard.toml"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    seconds, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return [json.loads(line) for line in found.stdout.splitlines()], seconds, cpu


def throughput() -> dict[str, float]:
    """The rate that issue 3 asks for, start-up included."""
    records = programs()
    answers, seconds, cpu = check(records)
    ordered = sorted(answer["ms"] for answer in answers)
    return {
        "check_lines_median": statistics.median(len(record["code"].splitlines()) for record in records),
        "check_programs_per_second": len(records) / seconds,
        "check_cpu_ms_per_program": cpu / len(records) * 1e3,
        "check_p50_ms": statistics.median(ordered),
        "check_p99_ms": ordered[int(len(ordered) * 0.99)],
    }


def in_process(code: str) -> float:
    return statistics.median(_timed(lambda: analysis.analyse("python", code, FACTS)) for _ in range(200))


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1e3


async def round_trip(code: str) -> float:
    """Median milliseconds of one analysis as the engine asks for it."""
    analyst, taken = Analyst(), []
    try:
        for _ in range(200):
            began = time.perf_counter()
            await analyst.analyse("python", code, FACTS)
            taken.append((time.perf_counter() - began) * 1e3)
    finally:
        await analyst.close()
    return statistics.median(taken)


async def memory(code: str) -> float:
    """Resident megabytes of a worker that has analysed a program."""
    origin = Origin()
    worker = Worker(origin.copy())
    await worker.ask({"language": "python", "code": code, "facts": encode_facts(FACTS)})
    status = Path(f"/proc/{worker.pid}/status").read_text()
    worker.kill()
    origin.close()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def scores(paths: list[str]) -> dict[str, float]:
    """Misses and false parks on labelled programs."""
    records = [json.loads(line) for path in paths for line in Path(path).read_text().splitlines()]
    answers, _, _ = check(records)
    risky, harmless = (
        [answer["decision"] == "allow" for record, answer in zip(records, answers, strict=True) if record["auto_approvable"] is label]
        for label in (False, True)
    )
    return {"miss_rate": sum(risky) / max(1, len(risky)), "false_park_rate": 1 - sum(harmless) / max(1, len(harmless))}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("corpus", nargs="*")
    chosen = parser.parse_args()
    report = (HERE / "sample_program.py").read_text()
    figures = throughput()
    figures["round_trip_ms"] = asyncio.run(round_trip(report))
    figures["in_process_ms"] = in_process(report)
    figures["worker_mb"] = asyncio.run(memory(report))
    if chosen.corpus:
        figures |= scores(chosen.corpus)
    show(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
