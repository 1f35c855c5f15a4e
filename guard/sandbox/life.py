"""The life of one box, whatever built it: its limits, its output, its death, and how it ended.

A box is known by its first process, held by descriptor: when that is dead, the kernel has killed all others of its pid namespace.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from guard.model import Ending, Limits
from guard.sandbox.watch import Watch

START_SECONDS, DEATH_SECONDS = 60.0, 10.0
STAMPS = 5
"""CLOCK_REALTIME_COARSE, the clock that the kernel stamps files by (Python has no name for it). It lags by up to two ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the box ended, with its output as bytes."""

    ending: Ending
    exit_code: int
    signal: int
    stdout: bytes
    stderr: bytes
    truncated: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one run in a box is given."""

    upper: Path | None = None
    cancelled: int | None = None
    """A descriptor that becomes readable when nobody wants the result any more."""
    not_before: int = 0
    """The program starts only when files are stamped later than this (nanoseconds): whatever others change from then on shows."""


@dataclass(slots=True, kw_only=True)
class Life:
    """One box from its start to its death. Whoever made it closes its descriptors."""

    limits: Limits
    address_space: bool = True
    """Whether RLIMIT_AS may be set: V8 reserves more than any sensible limit."""
    init: int = -1
    """The host's pid of its first process."""
    pidfd: int = -1
    output: dict[int, bytearray] = field(default_factory=dict)
    """What came from its stdout and its stderr, in this order, by the descriptors that it comes from (which do not block)."""
    truncated: bool = False

    def hold(self, init: int) -> bool:
        """Hold the first process by descriptor; False if it is gone."""
        self.init = init
        with suppress(ProcessLookupError):
            self.pidfd = os.pidfd_open(init)
        return self.pidfd >= 0

    def limit(self) -> None:
        """Set the limits from outside, while the box waits: all that it starts inherits them. `ProcessLookupError` if it is gone."""
        for what, wanted in _bounds(self.limits, self.address_space).items():
            # A limit can be lowered, never raised beyond what guard itself has.
            _, hard = resource.prlimit(self.init, what)
            top = wanted if hard == resource.RLIM_INFINITY else (min(wanted[0], hard), min(wanted[1], hard))
            resource.prlimit(self.init, what, top)

    def supervise(self, deadline: float, upper: Path | None, also: Mapping[int, Callable[[], Ending | None]]) -> Ending | None:
        """Collect output and enforce the limits until the first process is dead. Returns the limit that was broken, if any.

        `also`: further descriptors, and what is asked when one becomes readable: the ending that it is, or None if it is nothing.
        """
        watch = Watch(self.limits, self.init, upper)
        poller = select.poll()
        for fd in (*self.output, self.pidfd, *also):
            poller.register(fd, select.POLLIN)
        next_look = time.monotonic() + watch.pause
        while True:
            now = time.monotonic()
            if now >= deadline:
                return Ending.TIMEOUT
            if now >= next_look:
                ending = watch.look()
                if ending is not None:
                    return ending
                next_look = time.monotonic() + watch.pause
            for fd, _ in poller.poll(max(1, int((min(next_look, deadline) - time.monotonic()) * 1000))):
                if fd == self.pidfd:
                    return None
                if fd in also:
                    poller.unregister(fd)
                    ending = also[fd]()
                else:
                    ending = self._read(fd, poller.unregister)
                if ending is not None:
                    return ending

    def kill(self) -> None:
        """The first process of a pid namespace takes all others with it."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def dead(self, seconds: float = 0.0) -> bool:
        """Whether it is dead, or dies within this time."""
        poller = select.poll()
        poller.register(self.pidfd, select.POLLIN)
        return bool(poller.poll(int(seconds * 1000)))

    def drain(self) -> None:
        """Keep what a dead box left in its pipes."""
        for fd in self.output:
            while self._more(fd):
                pass

    def outcome(self, broken: Ending | None, code: int | None, seconds: float, *, out_of_memory: bool = False) -> Outcome:
        """How it ended: `broken` is the limit that it broke, else `code` its exit code (None: it was killed before it could give one).
        `out_of_memory`: the kernel killed something in it for want of memory."""
        if broken is not None or code is None:
            code = 128 + signal.SIGKILL
        # A death by signal is reported as shells do.
        number = code - 128 if 128 < code < 128 + signal.NSIG else 0
        stdout, stderr = (bytes(kept) for kept in self.output.values())
        return Outcome(
            ending=broken or self._ending(number, out_of_memory),
            exit_code=code,
            signal=number,
            stdout=stdout,
            stderr=stderr,
            truncated=self.truncated,
            seconds=seconds,
        )

    def _ending(self, number: int, out_of_memory: bool) -> Ending:
        if self.truncated:
            return Ending.OUTPUT
        if out_of_memory:
            # Whoever it was that the kernel killed: what the program did without it is not what it was meant to do.
            return Ending.MEMORY
        match number:
            case signal.SIGXCPU:
                return Ending.TIMEOUT
            case signal.SIGXFSZ:
                return Ending.DISK
        return Ending.KILLED if number else Ending.EXITED

    def _read(self, fd: int, finished: Callable[[int], None]) -> Ending | None:
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return None
        if not data:
            finished(fd)
            return None
        return None if self._keep(fd, data) else Ending.OUTPUT

    def _more(self, fd: int) -> bool:
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return False
        self._keep(fd, data)
        return bool(data)

    def _keep(self, fd: int, data: bytes) -> bool:
        """Keep output within the cap; False when the cap is broken."""
        room = self.limits.output_bytes - sum(map(len, self.output.values()))
        self.output[fd] += data[: max(0, room)]
        self.truncated = self.truncated or len(data) > room
        return not self.truncated


def _bounds(limits: Limits, address_space: bool) -> dict[int, tuple[int, int]]:
    bounds = {
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
        resource.RLIMIT_NPROC: (limits.processes, limits.processes),
        resource.RLIMIT_NOFILE: (limits.open_files, limits.open_files),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_MEMLOCK: (1 << 16, 1 << 16),
        resource.RLIMIT_MSGQUEUE: (0, 0),
    }
    if address_space:
        bounds[resource.RLIMIT_AS] = (limits.memory_bytes, limits.memory_bytes)
    return bounds


def settle(since: int) -> None:
    """Wait until files are stamped later than `since` (nanoseconds): whatever others change from then on shows."""
    while time.clock_gettime_ns(STAMPS) <= since:
        time.sleep(0.0005)  # a tick or two at most
