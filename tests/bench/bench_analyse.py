"""Analysis figures: `python tests/bench/bench_analyse.py [--json] [CORPUS.jsonl …]`. One line per figure; not collected as a test.

Without corpora our own programs are used, repeated to 100 lines: rate through two workers, latency, memory of a worker. With corpora
(records with `code` and `auto_approvable`) the rates of misses and of false parks are printed too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

from guard import analyse as analysis
from guard.analysis_worker import encode_facts
from guard.analyst import Worker, Workers
from guard.model import Analysis, Facts, Kind
from guard.places import in_workspace

FACTS = Facts(workspace="/home/dev/project", home="/home/dev")
CORPUS = Path(__file__).parent.parent / "corpus"


def hundred_lines(programs: Iterable[str]) -> list[str]:
    """Programs of about 100 lines, made of the corpus's."""
    longer, lines = [], []
    for program in programs:
        lines += program.splitlines()
        if len(lines) >= 100:
            longer.append("\n".join(lines) + "\n")
            lines = []
    return longer


def allowed(found: Analysis) -> bool:
    """Whether the default policies would let it run."""
    return all(
        effect.kind in (Kind.COMPUTE, Kind.ANSWER)
        or (effect.kind in (Kind.FS_READ, Kind.FS_LIST) and in_workspace(effect.resource.name, FACTS))
        for effect in found.effects
    )


def rate(workers: Workers, programs: list[tuple[str, str]]) -> dict[str, float]:
    """Programs per second and latencies through the pool."""
    list(workers.analyse_all(programs[:8], FACTS))
    began = time.perf_counter()
    timed = [milliseconds for _, milliseconds in workers.analyse_all(programs, FACTS)]
    seconds = time.perf_counter() - began
    ordered = sorted(timed)
    return {
        "programs_per_second": len(programs) / seconds,
        "p50_ms": statistics.median(ordered),
        "p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


def memory(code: str) -> float:
    """Resident megabytes of a worker that has analysed a program."""
    worker = Worker()
    worker.ask({"language": "python", "code": code, "facts": encode_facts(FACTS)})
    status = Path(f"/proc/{worker.pid}/status").read_text()
    worker.kill()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def scores(workers: Workers, paths: list[str]) -> dict[str, float]:
    """Misses and false parks on labelled programs."""
    records = [json.loads(line) for path in paths for line in Path(path).read_text().splitlines()]
    found = [found for found, _ in workers.analyse_all([(record["language"], record["code"]) for record in records], FACTS)]
    risky = [allowed(one) for record, one in zip(records, found, strict=True) if record["auto_approvable"] is False]
    harmless = [not allowed(one) for record, one in zip(records, found, strict=True) if record["auto_approvable"] is True]
    return {"miss_rate": sum(risky) / max(1, len(risky)), "false_park_rate": sum(harmless) / max(1, len(harmless))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    own = [json.loads(line)["code"] for line in (CORPUS / "python.jsonl").read_text().splitlines()]
    long = hundred_lines(own * 8)
    figures: dict[str, float] = {}
    began = time.perf_counter()
    for program in long:
        analysis.analyse("python", program, FACTS)
    figures["in_process_per_second"] = len(long) / (time.perf_counter() - began)
    workers = Workers()
    try:
        figures |= rate(workers, [("python", program) for program in long * 4])
        if options.corpus:
            figures |= scores(workers, options.corpus)
    finally:
        workers.close()
    figures["worker_mb"] = memory(long[0])
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<24} {value:10.3f}")


if __name__ == "__main__":
    main()
