"""The Sandbox on a container engine: one container per run, made from an image that the seal pins by its id.

The engine makes the container and removes it; all between is between guard and the container's first process (first.py), over one Unix
socket: guard takes the process by descriptor, sets limits, opens the broker's listeners, and only then sends the program, its output
pipes and the system-call filter. When guard dies the socket closes, and the first process ends its box.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from guard.errors import SandboxError
from guard.model import BoxProfile, Ending, Execution, Limits
from guard.ports import Guarantee, Job
from guard.sandbox import room, seccomp
from guard.sandbox.blobs import Blobs
from guard.sandbox.broker import Broker, Gateway
from guard.sandbox.dispatch import Door
from guard.sandbox.language import RUNNER, language
from guard.sandbox.layout import ENVIRONMENT
from guard.sandbox.life import DEATH_SECONDS, Life, settle
from guard.sandbox.oci import ROOTLESS, Engine
from guard.sandbox.room import Room
from guard.sandbox.runs import Runs, Workspaces, encoded, executed
from guard.sandbox.scratch import Scratch, remove_tree


class ContainerSandbox:
    """See `guard.ports.Sandbox`. `endpoint` is the engine's socket; `image` the name of the image that boxes are made of; `accepted` names
    weaknesses that may be. Raises `SandboxError` at the first use where the engine does not answer, is rootful, or lacks the image."""

    def __init__(
        self, state: Path, endpoint: str, *, image: str, accepted: frozenset[str] = frozenset(), broker: Broker | None = None
    ) -> None:
        self.state = state
        self.blobs = Blobs(state / "blobs")
        self.engine = Engine(endpoint, state=state, accepted=accepted)
        self._image_name = image
        self._broker = broker
        self._filter, self._tcp_filter = seccomp.program(), seccomp.program(tcp=True)
        self._scratch = Scratch(state / "boxes")
        # Nobody waits for the removal of what a run left, but `close` does.
        self._cleaning = ThreadPoolExecutor(max_workers=1, thread_name_prefix="box-cleaning")
        self._workspaces = Workspaces()
        self._runs = Runs(self._run, state=state, broker=broker)

    @cached_property
    def _image(self) -> str:
        """The image's id, found once: what runs is what the seals say, whatever becomes of the name."""
        if self.engine.about:  # first of all: is this an engine that may be used?
            self.engine.sweep()
        return self.engine.image(self._image_name)

    @cached_property
    def _environment(self) -> str:
        """Digest of what a run sees besides the workspace: the image, the filter, the runner, the first process."""
        broker = self._broker.digest if self._broker else ""
        parts = (self._image.encode(), self._filter + self._tcp_filter, broker.encode(), RUNNER.encode(), room.FIRST.encode())
        hasher = hashlib.sha256()
        for part in parts:
            hasher.update(hashlib.sha256(part).digest())
        return hasher.hexdigest()

    def profile(self, limits: Limits) -> BoxProfile:
        network = "broker" if self._broker else "none"
        return BoxProfile(engine=self.engine.about.name, digest=self._environment, limits=limits, network=network)

    async def prove(self) -> Sequence[Guarantee]:
        from guard.sandbox.selftest import prove

        promises = await prove(self, self.state)
        try:
            return (await asyncio.to_thread(self._rootless), *promises)
        except SandboxError:
            return promises  # they say so

    def _rootless(self) -> Guarantee:
        about = self.engine.about
        how = "by control groups" if about.limits else "process by process and by looking (control groups are not ours here)"
        where = "as an ordinary user" if about.rootless else "as root: what breaks out of a box is root on this machine"
        detail = f"{about.name} {about.version} runs {where}; memory and processes are limited {how}"
        return Guarantee(name=ROOTLESS, holds=about.rootless, detail=detail)

    async def run(self, job: Job) -> Execution:
        """Run to the death of the box. Cancelling kills the box and waits for its death."""
        return await self._runs.run(job)

    async def close(self) -> None:
        """Kill what still runs, wait for its death, leave nothing behind."""
        self._runs.cancel()
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._runs.close()
        self._cleaning.shutdown()
        self._scratch.close()
        self.engine.close()
        if self._broker:
            self._broker.close()

    def _run(self, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        with ExitStack() as stack:
            since = time.time_ns()
            how = language(job.language, job.facts.mount, job.limits, image=True)
            code = encoded(job.code)
            folder = self._scratch.folder()
            stack.callback(self._cleaning.submit, remove_tree, folder)
            overlay = self._workspaces.overlay(job, folder)
            hosts, environment = (gateway.plan.hosts, gateway.plan.environment) if gateway else ("", {})
            laid = room.lay_out(folder, how=how, code=code, mount=job.facts.mount, overlay=overlay, limits=job.limits, hosts=hosts)
            order = {
                "command": how.command,
                "environment": {**ENVIRONMENT, **environment},
                "folder": job.facts.mount,
                "links": laid.links,
                "filter": (self._tcp_filter if gateway else self._filter).hex(),
            }
            life = Life(limits=job.limits, address_space=how.address_space)
            began = time.monotonic()
            container, door = self._started(stack, laid, life)
            try:
                if gateway is not None:
                    gateway.listen(life.init)
                settle(since)
                door.order(order, life)
                upper = Path(overlay.upper) if overlay else None
                broken = life.supervise(time.monotonic() + job.limits.wall_seconds, upper, {cancel: lambda: Ending.KILLED})
            finally:
                _bury(life)
            if gateway is not None:
                gateway.cut()
            memory = broken is None and self.engine.ran_out_of_memory(container)
            outcome = life.outcome(broken, door.exit_code(), time.monotonic() - began, out_of_memory=memory)
            return executed(job, outcome, overlay, self.blobs, since)

    def _started(self, stack: ExitStack, laid: Room, life: Life) -> tuple[str, Door]:
        """A container with its first process, which is held, limited, and waits for its order. (id, the way to it)"""
        door = Door(laid.folder, stack)
        container = self._made(laid, stack)
        self.engine.start(container)
        try:
            _hold(life, door.meet(lambda: self.engine.ended(container)), stack)
            life.limit()
        except ProcessLookupError:
            raise SandboxError("the box died before the program started", hint="The machine may be overloaded; try again.") from None
        return container, door

    def _made(self, laid: Room, stack: ExitStack) -> str:
        """The container (and the volume), to be removed in the background when the run is over."""
        name = f"guard-{self._scratch.name}-{laid.folder.parent.name}"
        volume = ""
        if laid.overlay is not None:
            self.engine.overlay(name, lower=laid.lower, upper=Path(laid.overlay.upper), work=Path(laid.overlay.work))
            volume = name
        stack.callback(self._cleaning.submit, self.engine.remove, name, volume)
        return self.engine.create(laid.container(name, self._image))


def _hold(life: Life, pid: int, stack: ExitStack) -> None:
    """Hold the box's first process. `ProcessLookupError` if it is gone; `SandboxError` if it is the first of no pid namespace."""
    if not life.hold(pid):
        raise ProcessLookupError(pid)
    stack.callback(os.close, life.pidfd)
    numbers = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("NSpid:")).split()
    # INVARIANT: its death is the death of everything in the box.
    if len(numbers) < 3 or numbers[-1] != "1":
        raise SandboxError("the box has no pid namespace of its own", hint="Is the engine on this machine, and its socket local?")


def _bury(life: Life) -> None:
    """Whatever happened before: after this, no process of the box lives."""
    if life.pidfd < 0:
        return  # it never came, and the engine removes the container
    if not life.dead(0):
        life.kill()
        if not life.dead(DEATH_SECONDS):
            raise SandboxError("the box does not die", hint="A process in it hangs in the kernel; its changes are not taken.")
    life.drain()
