"""Analysis under a deadline, in processes that may be killed: a crash, a time-out or a lie there is an opaque analysis.

`Workers` is the pool (for threads), `Analyst` its asynchronous face for the engine. A worker that was killed is replaced at once; since
there are two, the next program does not wait for that.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from guard import analyse, analysis_worker
from guard.errors import AnalysisError
from guard.model import Analysis, Facts

DEADLINE = 1.0
"""Wall-clock seconds for one program."""
STARTING = 20.0
"""Wall-clock seconds for a worker to come up."""
MEMORY = 512 << 20
MAX_CHARACTERS = 1 << 20
"""Longer texts are not even sent."""
MAX_REPLY = 16 << 20

_START = "import sys; sys.path[:0] = {path!r}; from guard.analysis_worker import main; main({memory}, {cpu})"


class Stopped(Exception):
    """The worker died or did not answer in time; the message says which, for people."""


class Worker:
    """One analysing process. Not for several threads at once. Raises `Stopped` when it has no answer, and is dead then."""

    def __init__(self, *, memory: int = MEMORY, deadline: float = DEADLINE) -> None:
        path = [str(Path(analysis_worker.__file__).parent.parent), *(entry for entry in sys.path if entry)]
        code = _START.format(path=path, memory=memory, cpu=int(deadline) + 2)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise AnalysisError(
                f"the analysis worker could not be started: {error}", hint="Check that Python can start processes."
            ) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)
        self._ready = False
        self._left = bytearray()
        """What came after the last message that was read."""
        self.deadline = deadline
        self.retire = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer. Raises `Stopped`."""
        try:
            if not self._ready:
                self._receive(time.monotonic() + STARTING)
                self._ready = True
            self._send(analysis_worker.pack(question), time.monotonic() + self.deadline)
            reply = self._receive(time.monotonic() + self.deadline)
            while "loading" in reply:  # a grammar, once per worker: that is not the program's time
                reply = self._receive(time.monotonic() + (STARTING if reply["loading"] else self.deadline))
        except Stopped:
            self.kill()
            raise
        self.retire = bool(reply.pop("retire", False))
        return reply

    def kill(self) -> None:
        """End the process and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._in.close()
        self._out.close()

    def _send(self, data: bytes, end: float) -> None:
        view = memoryview(data)
        with selectors.DefaultSelector() as selector:
            selector.register(self._in, selectors.EVENT_WRITE)
            while view:
                self._await(selector, end)
                try:
                    view = view[os.write(self._in.fileno(), view) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    raise Stopped("the analysis crashed") from None

    def _receive(self, end: float) -> dict[str, Any]:
        received, self._left = self._left, bytearray()
        need = 4 if len(received) < 4 else 4 + struct.unpack(">I", received[:4])[0]
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            while len(received) < need:
                self._await(selector, end)
                try:
                    part = os.read(self._out.fileno(), 1 << 16)
                except BlockingIOError:
                    continue
                if not part:
                    raise Stopped("the analysis crashed")
                received += part
                if need == 4 and len(received) >= 4:
                    need = 4 + struct.unpack(">I", received[:4])[0]
                    if need > MAX_REPLY:
                        raise Stopped("the analysis crashed")
        self._left = received[need:]
        try:
            reply = json.loads(received[4:need])
        except ValueError:
            raise Stopped("the analysis crashed") from None
        if not isinstance(reply, dict):
            raise Stopped("the analysis crashed")
        return reply

    @staticmethod
    def _await(selector: selectors.BaseSelector, end: float) -> None:
        if not selector.select(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
            raise Stopped("the analysis did not finish in time")


class Workers:
    """A pool of workers for threads."""

    def __init__(self, *, count: int = 2, memory: int = MEMORY, deadline: float = DEADLINE) -> None:
        self._memory, self._deadline, self._count = memory, deadline, count
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for _ in range(count):
            self._idle.put(self._start())

    def _start(self) -> Worker:
        return Worker(memory=self._memory, deadline=self._deadline)

    def analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        """The analysis, opaque if it does not end well. Blocks for at most the deadline once a worker is free."""
        if len(code) > MAX_CHARACTERS:
            return analyse.unfinished(language, f"is {len(code):,} characters long, too long to be analysed")
        worker = self._idle.get()
        try:
            reply = worker.ask({"language": language, "code": code, "facts": analysis_worker.encode_facts(facts)})
            result = analysis_worker.decode_analysis(reply)
        except Stopped as stopped:
            worker = self._start()
            return analyse.unfinished(language, str(stopped))
        except (KeyError, ValueError, TypeError):
            worker.kill()
            worker = self._start()
            return analyse.unfinished(language, "the analysis crashed")
        finally:
            if worker.retire:
                worker.kill()
                worker = self._start()
            self._idle.put(worker)
        return result

    def analyse_all(self, programs: Iterable[tuple[str, str]], facts: Facts) -> Iterator[tuple[Analysis, float]]:
        """Analyses of (language, code) pairs in order, each with the milliseconds that it took; as many at once as there are workers."""

        def timed(language: str, code: str) -> tuple[Analysis, float]:
            began = time.perf_counter()
            return self.analyse(language, code, facts), (time.perf_counter() - began) * 1e3

        window: deque[Future[tuple[Analysis, float]]] = deque()
        with ThreadPoolExecutor(self._count) as threads:
            for language, code in programs:
                window.append(threads.submit(timed, language, code))
                if len(window) > 4 * self._count:
                    yield window.popleft().result()
            while window:
                yield window.popleft().result()

    def close(self) -> None:
        """End all workers; waits for the programs that are being analysed."""
        for _ in range(self._count):
            self._idle.get().kill()


class Analyst:
    """`guard.ports.Analyst`: analyses in worker processes, started at first use."""

    def __init__(self, *, count: int = 2, memory: int = MEMORY, deadline: float = DEADLINE) -> None:
        self._count, self._memory, self._deadline = count, memory, deadline
        self._workers: Workers | None = None
        self._starting = threading.Lock()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="analyst")

    async def analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        """The analysis of one program; opaque, and saying so, if it crashed or took too long. Raises AnalysisError if no worker starts."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._analyse, language, code, facts)

    def _analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        return self._pool().analyse(language, code, facts)

    def _pool(self) -> Workers:
        with self._starting:  # the first programs may come several at once
            if self._workers is None:
                self._workers = Workers(count=self._count, memory=self._memory, deadline=self._deadline)
            return self._workers

    async def close(self) -> None:
        """End the workers. A program that is being analysed is waited for."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._threads.shutdown(wait=True)
        if self._workers is not None:
            self._workers.close()
            self._workers = None
