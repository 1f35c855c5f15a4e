"""Analysis under a deadline, in processes that may be killed: a crash, a time-out or a lie there is an opaque analysis.

A worker that was killed is replaced at once, by another copy of a process that has loaded what they need and reads no program itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from guard import analyse, analysis_worker
from guard.errors import AnalysisError
from guard.model import Analysis, Facts

DEADLINE = 0.9
"""Wall-clock seconds for one program: an answer is due within one, and ending a worker takes its time."""
STARTING = 20.0
"""Wall-clock seconds for a worker to come up."""
ENDING = 5.0
"""Wall-clock seconds for a worker that is killed to be gone."""
MEMORY = 512 << 20
MAX_CHARACTERS = 1 << 20
"""Longer texts are not even sent."""
MAX_REPLY = 16 << 20

_START = "import sys; sys.path[:0] = {path!r}; from {module} import main; main({memory}, {cpu}, {languages})"


T = TypeVar("T")


class Stopped(Exception):
    """The worker died or did not answer in time; the message says which, for people."""


class Origin:
    """The process that has loaded the analysers. It reads no program: workers are copies of it."""

    def __init__(
        self,
        *,
        memory: int = MEMORY,
        deadline: float = DEADLINE,
        languages: Sequence[str] = ("python",),
        module: str = analysis_worker.__name__,
    ) -> None:
        path = [str(Path(analysis_worker.__file__).parent.parent), *(entry for entry in sys.path if entry)]
        code = _START.format(path=path, module=module, memory=memory, cpu=int(deadline) + 2, languages=tuple(languages))
        self._socket, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", code],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
        except OSError as error:
            self._socket.close()
            raise AnalysisError(
                f"the analysis worker could not be started: {error}", hint="Check that Python can start processes."
            ) from error
        finally:
            theirs.close()
        self._briefed = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def copy(self, brief: bytes = b"") -> socket.socket:
        """The way to a new worker; `brief` is what `main` wants to know before the first. Raises OSError if this process has died."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                if not self._briefed:
                    self._socket.sendall(brief)
                    self._briefed = True
                socket.send_fds(self._socket, [b"1"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End the process, which waits for the workers to end, and reap it."""
        self._socket.close()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Worker:
    """One analysing process at the other end of a socket. One question at a time."""

    def __init__(self, way: socket.socket, *, deadline: float = DEADLINE) -> None:
        self._socket = way
        self._socket.setblocking(False)
        self.pid = 0
        """0 until it is up."""
        self._process = -1
        """The process itself, as a file: its number may become another one's."""
        self._received = bytearray()
        """What came and was not read yet."""
        self.deadline = deadline
        self.fit = True
        """Whether it can be asked: not while it owes an answer, and not once it said that it has grown too large."""

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer. Raises `Stopped`, and must be killed then, as after a cancellation."""
        self.fit = False
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(STARTING) as limit:
                if not self.pid:
                    self._up(await self._receive())
                limit.reschedule(loop.time() + self.deadline)
                await loop.sock_sendall(self._socket, analysis_worker.pack(question))
                reply = await self._receive()
                while "loading" in reply:  # a grammar, once per worker: that is not the program's time
                    limit.reschedule(loop.time() + (STARTING if reply["loading"] else self.deadline))
                    reply = await self._receive()
        except TimeoutError:
            raise Stopped("the analysis did not finish in time") from None
        except OSError:  # it hung up
            raise Stopped("the analysis crashed") from None
        self.fit = not reply.pop("retire", False)
        return reply

    def _up(self, said: dict[str, Any]) -> None:
        """It says which process it is, and waits for its first question: it is that process still."""
        try:
            self._process = os.pidfd_open(said["ready"])
        except (KeyError, TypeError):
            raise Stopped("the analysis crashed") from None
        self.pid = said["ready"]

    def kill(self) -> None:
        """End the process; one that is not up yet ends by itself, when it finds nobody at the other end."""
        self._socket.close()
        if self._process < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        ended = select.poll()
        ended.register(self._process, select.POLLIN)
        ended.poll(ENDING * 1000)
        os.close(self._process)
        self._process = -1

    async def _receive(self) -> dict[str, Any]:
        (size,) = struct.unpack(">I", await self._read(4))
        if size > MAX_REPLY:
            raise Stopped("the analysis crashed")
        try:
            reply = json.loads(await self._read(size))
        except ValueError:
            raise Stopped("the analysis crashed") from None
        if not isinstance(reply, dict):
            raise Stopped("the analysis crashed")
        return reply

    async def _read(self, count: int) -> bytes:
        loop = asyncio.get_running_loop()
        while len(self._received) < count:
            part = await loop.sock_recv(self._socket, 1 << 16)
            if not part:
                raise Stopped("the analysis crashed")
            self._received += part
        data = bytes(self._received[:count])
        del self._received[:count]
        return data


class Workers:
    """Processes that answer questions, each within the deadline; started at first use, and replaced.

    They are copies of one that runs the `main` of `module`. They load `languages` as they start, other ones with the first program that
    needs them.
    """

    def __init__(
        self,
        *,
        count: int = 2,
        memory: int = MEMORY,
        deadline: float = DEADLINE,
        languages: Sequence[str] = ("python",),
        module: str = analysis_worker.__name__,
    ) -> None:
        self.brief = b""
        """What `module` wants to know before it is copied."""
        self._count, self._deadline = count, deadline
        self._made = partial(Origin, memory=memory, deadline=deadline, languages=languages, module=module)
        self._free = asyncio.Semaphore(count)
        self._origin: Origin | None = None
        self._idle: deque[Worker] = deque()
        """The last is asked next: it is the one that is surely up."""
        self._started = False

    async def ask(self, question: dict[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
        """What `read` makes of the answer about one program (`code`). Raises `Stopped` if there is none, or none that it can read; and
        AnalysisError if no worker starts."""
        if (size := len(question["code"])) > MAX_CHARACTERS:
            raise Stopped(f"is {size:,} characters long, too long to be analysed")
        async with self._free:
            worker = self._take()
            try:
                return read(await worker.ask(question))
            except (KeyError, ValueError, TypeError):
                worker.fit = False
                raise Stopped("the analysis crashed") from None
            finally:
                self._give_back(worker)

    def begin(self) -> Origin:
        """Start the process that workers are copies of, if it does not run: it loads what they need, before anything is asked."""
        if self._origin is None:
            self._origin = self._made()
        return self._origin

    def _take(self) -> Worker:
        if not self._started:
            self._idle.extend(self._start() for _ in range(self._count))
            self._started = True
        return self._idle.pop() if self._idle else self._start()

    def _give_back(self, worker: Worker) -> None:
        if worker.fit:
            self._idle.append(worker)
        else:
            worker.kill()
            self._idle.appendleft(self._start())

    def _start(self) -> Worker:
        for _ in range(2):
            origin = self.begin()
            try:
                return Worker(origin.copy(self.brief), deadline=self._deadline)
            except OSError:  # it has died
                origin.close()
                self._origin = None
        raise AnalysisError("the analysis worker ends as it starts", hint="Check how much memory is free, and the limits of this user.")

    async def close(self) -> None:
        """End the workers. Programs that are being analysed are waited for."""
        for _ in range(self._count):
            await self._free.acquire()
        while self._idle:
            self._idle.pop().kill()
        if self._origin is not None:
            self._origin.close()
            self._origin = None


class Analyst(Workers):
    """`guard.ports.Analyst`: analyses in worker processes."""

    async def analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        """The analysis of one program; opaque, and saying so, if it crashed or took too long. Raises AnalysisError if no worker starts."""
        question = {"language": language, "code": code, "facts": analysis_worker.encode_facts(facts)}
        try:
            return await self.ask(question, analysis_worker.decode_analysis)
        except Stopped as stopped:
            return analyse.unfinished(language, str(stopped))
