"""`guard check --jsonl`: programs in, verdicts out, one JSON object per line and in order. For measuring the analyser on a corpus.

In  {"id", "language", "code"}. Out  {"id", "effects", "decision", "ms", "resources"}: `effects` in seven words, `ms` what analysis and
decision took, `resources` the names that were seen. A line that cannot be taken is answered too, with decision "deny" and `error`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from guard.errors import BadInput, GuardError

if TYPE_CHECKING:
    from guard.cli.court import Court
    from guard.model import Analysis
    from guard.ports import Analyst

WORKERS = 2
WARMING = (
    ("python", "import sqlite3, subprocess\nsqlite3.connect('a').execute('SELECT 1')\nsubprocess.run('ls', shell=True)"),
    ("javascript", "fetch('https://example.com')"),
)
"""One program each for the tables that analysers read at their first use."""
AHEAD = 16
"""Programs read ahead: enough that the workers never wait for the reader."""
CHUNK = 1 << 16


async def run(workspace: Path | None, agent: str) -> None:
    """Answer every line of stdin."""
    from guard.analyse import ANALYSERS
    from guard.cli import compose
    from guard.cli.court import court

    analyst = compose.analyst(workers=WORKERS, languages=tuple(ANALYSERS))
    try:
        starting = [asyncio.create_task(_warm(analyst)) for _ in range(WORKERS)]
        await asyncio.sleep(0)  # the workers start, and load every language while this process loads the policies
        bench = await court(workspace, agent)
        await asyncio.gather(*starting)
        gc.freeze()  # what is loaded now stays: looking through it again and again costs a tenth of the time
        await _answer_all(bench, analyst)
    except* BrokenPipeError:  # nobody reads on
        raise typer.Exit(141) from None
    finally:
        await analyst.close()


async def _warm(analyst: Analyst) -> None:
    """Make one worker read what it will need before anything is timed."""
    from guard.model import Facts

    for language, code in WARMING:
        await analyst.analyse(language, code, Facts())


async def _answer_all(bench: Court, analyst: Analyst) -> None:
    work: asyncio.Queue[asyncio.Task[str] | None] = asyncio.Queue(maxsize=AHEAD)

    async def write() -> None:
        while task := await work.get():
            sys.stdout.write(await task + "\n")
            if work.empty():
                sys.stdout.flush()

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(write())
        turn = asyncio.Semaphore(WORKERS + 1)  # what waits for a worker is not timed; one more, so that none of them idles
        async for line in _lines():
            await work.put(tasks.create_task(_in_turn(turn, line, bench, analyst)))
        await work.put(None)
        await writing
    sys.stdout.flush()


async def _lines() -> AsyncIterator[bytes]:
    """The lines of stdin as they come, from a file, a pipe or a terminal alike; a thread waits for them."""
    begun: list[bytes] = []
    while part := await asyncio.to_thread(os.read, sys.stdin.fileno(), CHUNK):
        *ends, rest = part.split(b"\n")
        for end in ends:
            yield b"".join((*begun, end))
            begun = []
        begun.append(rest)
    if last := b"".join(begun):
        yield last


async def _in_turn(turn: asyncio.Semaphore, line: bytes, bench: Court, analyst: Analyst) -> str:
    async with turn:
        return await _answer(line, bench, analyst)


async def _answer(line: bytes, bench: Court, analyst: Analyst) -> str:
    from guard.analyse.words import words

    asked: dict[str, Any] = {}
    try:
        asked = _parse(line)
        begun = time.perf_counter()
        analysis, decision = await bench.judge(analyst, asked["language"], asked["code"], explained=False)
        answer = {
            "id": asked["id"],
            "effects": words(analysis.effects),
            "decision": decision.verdict.value,
            "ms": round((time.perf_counter() - begun) * 1000, 2),
            "resources": resources(analysis),
        }
    except GuardError as error:
        answer = {"id": asked.get("id"), "effects": ["dynamic"], "decision": "deny", "ms": 0, "resources": [], "error": str(error)}
    return json.dumps(answer)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"a line is not JSON: {error}", hint="One object per line.") from None
    if not isinstance(asked, dict) or not all(isinstance(asked.get(key), str) for key in ("language", "code")) or "id" not in asked:
        raise BadInput("a line lacks id, language or code", hint='{"id": …, "language": "python", "code": "…"}')
    return asked


def resources(analysis: Analysis) -> list[dict[str, object]]:
    """What is acted on, by kind and name; pure computing acts on nothing."""
    return [
        {"kind": e.kind, "type": e.resource.type, "name": e.resource.name, "exact": e.exact}
        for e in analysis.effects
        if e.kind not in ("compute", "answer")
    ]
