"""`guard check --jsonl`: programs in, verdicts out, one JSON object per line and in order. For measuring the analyser on a corpus.

In  {"id", "language", "code"}. Out  {"id", "effects", "decision", "ms", "resources"}: `effects` in seven words, `ms` what analysis and
decision took, `resources` the names that were seen. A line that cannot be taken is answered too, with decision "deny" and `error`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guard.errors import BadInput, GuardError

if TYPE_CHECKING:
    from guard.analyst import Workers
    from guard.checking import Checker

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
    from guard.cli.inputs import brief

    unread = False
    workers = compose.check_workers(count=WORKERS, languages=tuple(ANALYSERS))
    try:
        workers.begin()  # it loads every language while this process reads what to decide by
        given = await brief(workspace, agent)
        workers.brief = given.packed()
        starting = [asyncio.create_task(_warm(workers)) for _ in range(WORKERS)]
        await asyncio.sleep(0)  # the workers are briefed, and load the policies while this process does
        checker = given.checker()
        await asyncio.gather(*starting)
        gc.freeze()  # what is loaded now stays: looking through it again and again costs a tenth of the time
        await _answer_all(checker, workers)
    except* BrokenPipeError:
        unread = True  # raised here it would be one of a group again
    finally:
        await workers.close()
    if unread:
        raise BrokenPipeError


async def _warm(workers: Workers) -> None:
    """Make one worker read what it will need before anything is timed."""
    from guard.analyst import Stopped

    with contextlib.suppress(Stopped):  # then it stops at the first program, too, which is answered so
        for language, code in WARMING:
            await workers.ask({"language": language, "code": code}, dict)


async def _answer_all(checker: Checker, workers: Workers) -> None:
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
            await work.put(tasks.create_task(_in_turn(turn, line, checker, workers)))
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


async def _in_turn(turn: asyncio.Semaphore, line: bytes, checker: Checker, workers: Workers) -> str:
    async with turn:
        return await _answer(line, checker, workers)


async def _answer(line: bytes, checker: Checker, workers: Workers) -> str:
    asked: dict[str, Any] = {}
    try:
        asked = _parse(line)
        begun = time.perf_counter()
        said = await _told(asked["language"], asked["code"], checker, workers)
        ms = round((time.perf_counter() - begun) * 1000, 2)
        answer = {"id": asked["id"], "effects": said["effects"], "decision": said["decision"], "ms": ms, "resources": said["resources"]}
    except GuardError as error:
        answer = {"id": asked.get("id"), "effects": ["dynamic"], "decision": "deny", "ms": 0, "resources": [], "error": str(error)}
    return json.dumps(answer)


async def _told(language: str, code: str, checker: Checker, workers: Workers) -> dict[str, Any]:
    """What a worker tells of a program; of one that it did not get done with, what guard says of that. `BadInput` as of a submission."""
    from guard.analyse import unfinished
    from guard.analyst import Stopped
    from guard.checking import told
    from guard.model import Submission

    Submission(agent=checker.agent.name, language=language, code=code)
    try:
        return await workers.ask({"language": language, "code": code}, _read)
    except Stopped as stopped:
        analysis = unfinished(language, str(stopped))
        return told(analysis, checker.decision(analysis, explained=False))


def _read(reply: dict[str, Any]) -> dict[str, Any]:
    """A worker's reply, if it has all that is told."""
    return {key: reply[key] for key in ("effects", "decision", "resources")}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"a line is not JSON: {error}", hint="One object per line.") from None
    if not isinstance(asked, dict) or not all(isinstance(asked.get(key), str) for key in ("language", "code")) or "id" not in asked:
        raise BadInput("a line lacks id, language or code", hint='{"id": …, "language": "python", "code": "…"}')
    return asked
