"""One container as a box: its start, its run, its death. The engine makes and starts it; all else is between guard and its first process.

When guard dies the socket to the first process closes, and the box ends; when that process is dead, so is all that it started.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox.container.engine import Container, Engine
from guard.sandbox.container.init_client import InitClient
from guard.sandbox.life import DEATH_SECONDS, START_SECONDS, Life, Outcome, Turn, settle

_HINT = "The machine may be overloaded; try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the first process is told to start."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    links: Sequence[tuple[str, str]]
    filter: bytes

    @property
    def words(self) -> dict[str, Any]:
        return {
            "command": self.command,
            "environment": dict(self.environment),
            "folder": self.folder,
            "links": self.links,
            "filter": self.filter.hex(),
        }


class ContainerBox:
    """A container whose first process waits for its order. One run, in any thread."""

    def __init__(self, engine: Engine, container: Container, folder: Path, order: Order, life: Life, stack: ExitStack) -> None:  # noqa: PLR0917
        """Start it, and hold and limit its first process. `stack` ends what this makes. Raises `SandboxError`."""
        self._engine, self._order, self.life, self._stack = engine, order, life, stack
        self._stdin = -1
        self._door = InitClient(folder, stack)
        self._id = engine.create(container)
        engine.start(self._id)
        try:
            self._hold(self._door.meet(lambda: engine.ended(self._id)))
            life.limit()
        except ProcessLookupError:
            raise SandboxError("the box died before the program started", hint=_HINT) from None

    @property
    def init(self) -> int:
        """The host's pid of its first process."""
        return self.life.init

    @property
    def python(self) -> str:
        """The version of the image's Python, such as 3.11."""
        return self._door.python

    def dead(self, seconds: float = 0.0) -> bool:
        """Whether it is dead, or dies within so many seconds."""
        return self.life.dead(seconds)

    def wake(self) -> None:
        """Start the command now; it says one byte when it is up, and waits on its stdin. Raises `SandboxError` if it does not get there."""
        theirs, self._stdin = os.pipe2(os.O_CLOEXEC)
        self._stack.callback(os.close, self._stdin)
        try:
            self._door.order(self._order.words, self.life, stdin=theirs)
        finally:
            os.close(theirs)
        stdout, stderr = self.life.output
        if not select.select([stdout, self.life.pidfd], [], [], START_SECONDS)[0] or self.life.dead() or not os.read(stdout, 1):
            self.life.kill()
            self.life.drain()
            said = bytes(self.life.output[stderr]).decode(errors="replace").strip()
            raise SandboxError(f"the box did not come to wait: {said or 'it ended without a word'}", hint=_HINT)

    def run(self, turn: Turn) -> Outcome:
        """Start the program and wait for the box's death."""
        began = time.monotonic()
        settle(turn.not_before)
        if self._stdin < 0:
            self._door.order(self._order.words, self.life)
        else:
            with suppress(BrokenPipeError):  # it died: that shows
                os.write(self._stdin, b"x")
        also = {turn.cancelled: lambda: Ending.KILLED} if turn.cancelled is not None else {}
        try:
            broken = self.life.supervise(began + self.life.limits.wall_seconds, turn.upper, also)
        finally:
            self.close()
        self.life.drain()
        memory = broken is None and self._engine.ran_out_of_memory(self._id)
        return self.life.outcome(broken, self._door.exit_code(), time.monotonic() - began, out_of_memory=memory)

    def close(self) -> None:
        """Whatever happened before: after this, no process of the box lives."""
        if self.life.pidfd < 0:
            return  # it never came, and the engine removes the container
        if not self.life.dead():
            self.life.kill()
            if not self.life.dead(DEATH_SECONDS):
                raise SandboxError("the box does not die", hint="A process in it hangs in the kernel; its changes are not taken.")

    def _hold(self, pid: int) -> None:
        """Hold the first process. `ProcessLookupError` if it is gone; `SandboxError` if it is the first of no pid namespace."""
        if not self.life.hold(pid):
            raise ProcessLookupError(pid)
        self._stack.callback(os.close, self.life.pidfd)
        self._stack.callback(self.close)
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except FileNotFoundError:
            raise ProcessLookupError(pid) from None
        numbers = next(line for line in lines if line.startswith("NSpid:")).split()
        # INVARIANT: its death is the death of everything in the box.
        if len(numbers) < 3 or numbers[-1] != "1":
            raise SandboxError("the box has no pid namespace of its own", hint="Is the engine on this machine, and its socket local?")
