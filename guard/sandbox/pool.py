"""Boxes that wait ahead of need: built, limited, the interpreter up, without a workspace. Each serves one run and is never used again.

Which runs they are fit for, and what is done to one at dispatch, is the sandbox's; here they are made in the background, looked at
before they are given out, and ended.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import SubprocessError
from typing import Protocol

import structlog

from guard.errors import SandboxError
from guard.model import Facts, Limits
from guard.ports import Job
from guard.sandbox.language import canonical
from guard.sandbox.layout import Overlay
from guard.sandbox.life import Outcome, Turn
from guard.sandbox.namespaces import Joiner
from guard.sandbox.runs import Workspaces

log = structlog.get_logger("guard.sandbox")

NOT_MADE = (SandboxError, OSError, SubprocessError)
"""What it means when a box could not be made, or not be used."""
MOST_FAILURES = 3
"""Boxes in a row that could not be made, or not be used: after these every run starts cold."""


WARM = "python"
"""The language whose interpreter is up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """How many boxes wait, and for which runs."""

    boxes: int
    limits: Limits
    workspace: str = ""
    """Mounted at dispatch; its path alone is known before."""


class Box(Protocol):
    """A box of any kind that was built; one run, in any thread."""

    @property
    def init(self) -> int:
        """The host's pid of its first process."""
        ...

    def dead(self, seconds: float = 0.0) -> bool: ...

    def run(self, turn: Turn) -> Outcome:
        """Start the program and wait for the box's death."""
        ...


@dataclass(slots=True, kw_only=True)
class Place:
    """One box with its folder outside, and all that is to be ended and removed after it."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)
    overlay: Overlay | None = None
    box: Box = field(init=False)
    """Built, and nothing runs in it yet (or its command waits)."""

    def close(self) -> None:
        self.stack.close()

    @contextmanager
    def closing_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


class Pool:
    """`make` builds one box up to where it waits, and raises `SandboxError` or OSError. Safe to use from many threads."""

    def __init__(self, warm: Warm, make: Callable[[], Place]) -> None:
        self._warm, self._make = warm, make
        self._changed = threading.Condition()
        self._waiting: deque[Place] = deque()
        self._making = self._failures = 0
        self._closed = False
        # One thread that lives until the end: a box dies with the thread that started it.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="box-warming")

    def fits(self, job: Job) -> bool:
        """Whether a box that waits is exactly the box that this run would get, the network aside."""
        return (
            canonical(job.language) == WARM
            and job.limits == self._warm.limits
            and job.facts.mount == Facts().mount
            and job.facts.workspace in ("", self._warm.workspace)
        )

    def fill(self) -> None:
        """Have what is missing made in the background."""
        with self._changed:
            while not self._closed and self._failures < MOST_FAILURES and len(self._waiting) + self._making < self._warm.boxes:
                self._making += 1
                self._thread.submit(self._add)

    def _add(self) -> None:
        made = None
        try:
            made = self._make()
        except NOT_MADE as error:
            self.failed(error)
        with self._changed:
            self._making -= 1
            if made is not None and not self._closed:
                self._waiting.append(made)
                made = None
            self._changed.notify_all()
        if made is not None:
            made.close()

    def failed(self, error: Exception) -> None:
        """A box could not be made, or was of no use. Every run can start cold, so this is no error of anybody's run."""
        with self._changed:
            self._failures += 1
            last = self._failures == MOST_FAILURES
        if last:
            log.warning("no boxes wait any more: runs start cold", error=str(error))

    def ready(self, job: Job, code: bytes, workspaces: Workspaces, joiner: Joiner) -> Place | None:
        """A box that waited, with this run's program and workspace in it; None if there is none that fits."""
        place = self.take() if self.fits(job) else None
        if place is None:
            return None
        with place.closing_on_error():
            (place.folder / "program").write_bytes(code)
            place.overlay = workspaces.overlay(job, place.folder)
            try:
                if place.overlay is not None:
                    joiner.mount(place.box, place.overlay, job.facts.mount)
            except NOT_MADE as error:
                place.close()
                self.failed(error)
                return None
        self.served()
        return place

    def take(self) -> Place | None:
        """A box that waits and lives; it is the caller's from now on. None if there is none."""
        while True:
            with self._changed:
                if not self._waiting:
                    return None
                place = self._waiting.popleft()
            if not place.box.dead():
                return place
            place.close()

    def served(self) -> None:
        """A box that was taken did its work."""
        with self._changed:
            self._failures = 0

    def wait(self, seconds: float) -> int:
        """Until as many wait as shall; how many do (fewer, if they could not be made in that time)."""
        with self._changed:
            self._changed.wait_for(lambda: not self._making, seconds)
            return len(self._waiting)

    def close(self) -> None:
        """End those that wait; none is made any more."""
        with self._changed:
            self._closed = True
            left, self._waiting = list(self._waiting), deque()
        with ExitStack() as stack:  # all of them, whatever fails
            stack.callback(self._thread.shutdown, cancel_futures=True)
            for place in left:
                stack.callback(place.close)
