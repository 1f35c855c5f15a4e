"""What every Sandbox of boxes does, whatever builds its boxes: a run from its job to its change set, boxes that wait, the end of all.

A Job goes in, an Execution with its change set comes out; the workspace is never touched. Deliberately absent: whether the run was
permitted (the engine asked), and how the change set gets into the workspace (changeset/commit.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from guard.model import BoxProfile, Execution, Facts, Limits
from guard.ports import Guarantee, Job
from guard.sandbox import seccomp
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.egress.broker import Broker, Gateway
from guard.sandbox.environment import Environments
from guard.sandbox.language import Language, language
from guard.sandbox.life import START_SECONDS, Turn
from guard.sandbox.namespaces import Joiner
from guard.sandbox.pool import WARM, Place, Pool, Warm
from guard.sandbox.runs import Runs, Workspaces, encoded, executed
from guard.sandbox.scratch import Scratch, remove_tree


class BoxSandbox(ABC):
    """See `guard.ports.Sandbox`. `state` is guard's private state folder; `accepted` names what may be missing; without a `broker` nothing
    ever leaves a box; with `warm`, boxes wait for Python programs that need no network."""

    _from_image: ClassVar[bool] = False
    """Whether a box has the programs of an image rather than this machine's."""

    def __init__(self, state: Path, *, accepted: frozenset[str], broker: Broker | None, warm: Warm | None) -> None:
        self.state = state
        self.blobs = Blobs(state / "blobs")
        self._accepted = accepted
        self._broker = broker
        self._filter, self._tcp_filter = seccomp.program(), seccomp.program(tcp=True)
        self.environment, self._held = Environments(state).hold()
        self._scratch = Scratch(state / "boxes")
        # Nobody waits for the removal of what a run left, but `close` does.
        self._cleaning = ThreadPoolExecutor(max_workers=1, thread_name_prefix="box-cleaning")
        self._workspaces = Workspaces()
        self._runs = Runs(self._run, state=state, broker=broker)
        self._pool = Pool(warm, lambda: self._waiting(warm)) if warm and warm.boxes else None
        self._joiner = broker.joiner if broker else Joiner()

    # ---------------------------------------------------------------------------------------------------------- what differs

    @property
    @abstractmethod
    def _name(self) -> str:
        """What builds the boxes."""

    @abstractmethod
    def _seen(self) -> Sequence[bytes]:
        """All that a run sees besides the workspace: what builds its box, the filters, the broker's settings, the runner, the packages."""

    @abstractmethod
    def _build(
        self, place: Place, how: Language, facts: Facts, limits: Limits, *, gateway: Gateway | None = None, waits: bool = False
    ) -> None:
        """Build the box of a place, up to where its program would start, or, with `waits`, to where it waits for one. Raises `SandboxError`
        or OSError; the place is closed then."""

    # ------------------------------------------------------------------------------------------------------------- the sandbox

    @cached_property
    def _digest(self) -> str:
        hasher = hashlib.sha256()
        for part in self._seen():
            hasher.update(hashlib.sha256(part).digest())
        return hasher.hexdigest()

    def profile(self, limits: Limits) -> BoxProfile:
        network = "broker" if self._broker else "none"
        packages = self.environment.words if self.environment else ""
        return BoxProfile(engine=self._name, digest=self._digest, limits=limits, network=network, packages=packages)

    async def prove(self) -> Sequence[Guarantee]:
        from guard.sandbox.selftest import prove

        promises = await prove(self, self.state)
        self._fill()
        return promises

    async def warmed(self, seconds: float = START_SECONDS) -> int:
        """Wait until the boxes that are to wait do; how many there are."""
        if self._pool is None:
            return 0
        self._pool.fill()
        return await asyncio.to_thread(self._pool.wait, seconds)

    async def run(self, job: Job) -> Execution:
        """Run to the death of the box. Cancelling kills the box and waits for its death."""
        return await self._runs.run(job)

    async def close(self) -> None:
        """Kill what still runs, wait for its death, leave nothing behind."""
        self._runs.cancel()
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        with ExitStack() as stack:  # all of it, from the last line to the first, whatever fails
            if self._broker:
                stack.callback(self._broker.close)
            stack.callback(self._release)
            stack.callback(self._scratch.close)
            stack.callback(self._cleaning.shutdown)
            stack.callback(self._joiner.close)
            if self._pool:
                stack.callback(self._pool.close)
            stack.callback(self._runs.close)

    def _release(self) -> None:
        """The packages may be removed."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    # ------------------------------------------------------------------------------------------------------------------- a run

    def _run(self, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        try:
            with ExitStack() as stack:
                since = time.time_ns()
                place = self._ready(job, gateway)
                stack.callback(place.close)
                if gateway is not None:
                    gateway.listen(place.box)
                upper = Path(place.overlay.upper) if place.overlay else None
                outcome = place.box.run(Turn(upper=upper, cancelled=cancel, not_before=since if upper else 0))
                if gateway is not None:
                    gateway.cut()
                return executed(job, outcome, place.overlay, self.blobs, since)
        finally:
            self._fill()

    def _ready(self, job: Job, gateway: Gateway | None) -> Place:
        """A box with the program and the workspace in it: one that waited, or one made for this run."""
        code = encoded(job.code)
        waited = self._pool.ready(job, code, self._workspaces, self._joiner) if self._pool and gateway is None else None
        return waited or self._cold(job, code, gateway)

    def _cold(self, job: Job, code: bytes, gateway: Gateway | None) -> Place:
        how = self._language(job.language, job.facts.mount, job.limits)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").write_bytes(code)
            place.overlay = self._workspaces.overlay(job, place.folder)
            self._build(place, how, job.facts, job.limits, gateway=gateway)
        return place

    def _waiting(self, warm: Warm) -> Place:
        """A box that waits for a program."""
        facts = Facts(workspace=warm.workspace)
        how = self._language(WARM, facts.mount, warm.limits)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").touch()
            self._build(place, how, facts, warm.limits, waits=True)
        return place

    def _language(self, name: str, mount: str, limits: Limits) -> Language:
        return language(name, mount, limits, environment=self.environment is not None, image=self._from_image)

    def _place(self) -> Place:
        folder = self._scratch.folder()
        place = Place(folder=folder)
        place.stack.callback(self._cleaning.submit, remove_tree, folder)
        return place

    def _fill(self) -> None:
        if self._pool:
            self._pool.fill()
