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
from guard.model import BoxProfile, Execution, Facts, Limits
from guard.ports import Guarantee, Job
from guard.sandbox import layout, room, seccomp
from guard.sandbox.blobs import Blobs
from guard.sandbox.broker import Broker, Gateway
from guard.sandbox.contained import Contained, Order
from guard.sandbox.dispatch import START_SECONDS
from guard.sandbox.environment import Environments
from guard.sandbox.joiner import Joiner
from guard.sandbox.language import ENVIRONMENT, RUNNER, Language, language
from guard.sandbox.layout import PROGRAM
from guard.sandbox.life import Life, Turn
from guard.sandbox.oci import ROOTLESS, Engine
from guard.sandbox.pool import WARM, Place, Pool, Warm
from guard.sandbox.room import Room
from guard.sandbox.runs import Runs, Workspaces, encoded, executed
from guard.sandbox.scratch import Scratch, remove_tree


class ContainerSandbox:
    """See `guard.ports.Sandbox`. `endpoint` is the engine's socket; `image` the name of the image that boxes are made of; `accepted` names
    weaknesses that may be; with `warm`, boxes wait for Python programs that need no network.

    Raises `SandboxError` at the first use where the engine does not answer, is rootful, or lacks the image.
    """

    def __init__(
        self,
        state: Path,
        endpoint: str,
        *,
        image: str,
        accepted: frozenset[str] = frozenset(),
        broker: Broker | None = None,
        warm: Warm | None = None,
    ) -> None:
        self.state = state
        self.blobs = Blobs(state / "blobs")
        self.engine = Engine(endpoint, state=state, accepted=accepted)
        self._image_name = image
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
    def _image(self) -> str:
        """The image's id, found once: what runs is what the seals say, whatever becomes of the name."""
        if self.engine.about:  # first of all: is this an engine that may be used?
            self.engine.sweep()
        return self.engine.image(self._image_name)

    @cached_property
    def _digest(self) -> str:
        """Digest of what a run sees besides the workspace: the image, the filter, the runner, the first process, its packages."""
        broker = self._broker.digest if self._broker else ""
        packages = self.environment.digest if self.environment else ""
        texts = (self._image, broker, RUNNER, room.FIRST, packages)
        parts = (self._filter + self._tcp_filter, *(text.encode() for text in texts))
        hasher = hashlib.sha256()
        for part in parts:
            hasher.update(hashlib.sha256(part).digest())
        return hasher.hexdigest()

    def profile(self, limits: Limits) -> BoxProfile:
        network = "broker" if self._broker else "none"
        packages = self.environment.words if self.environment else ""
        return BoxProfile(engine=self.engine.about.name, digest=self._digest, limits=limits, network=network, packages=packages)

    async def prove(self) -> Sequence[Guarantee]:
        from guard.sandbox.selftest import prove

        promises = await prove(self, self.state)
        self._fill()
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
        self._runs.close()
        if self._pool:
            self._pool.close()
        self._joiner.close()
        self._cleaning.shutdown()
        self._scratch.close()
        self.engine.close()
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        if self._broker:
            self._broker.close()

    def _run(self, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        try:
            with ExitStack() as stack:
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
        finally:
            self._fill()

    def _fill(self) -> None:
        if self._pool:
            self._pool.fill()

    # -------------------------------------------------------------------------------------------------------------------- boxes

    def _cold(self, job: Job, code: bytes, gateway: Gateway | None) -> Place:
        """A box for this run, from nothing."""
        how = language(job.language, job.facts.mount, job.limits, environment=self.environment is not None, image=True)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").write_bytes(code)
            place.overlay = self._workspaces.overlay(job, place.folder)
            self._build(place, how, job.facts, job.limits, gateway=gateway)
        return place

    def _waiting(self, warm: Warm) -> Place:
        """A box that waits for a program."""
        how = language(WARM, Facts().mount, warm.limits, environment=self.environment is not None, image=True)
        place = self._place()
        with place.closing_on_error():
            (place.folder / "program").touch()
            self._build(place, how, Facts(workspace=warm.workspace), warm.limits, waits=True)
        return place

    def _place(self) -> Place:
        folder = self._scratch.folder()
        place = Place(folder=folder)
        place.stack.callback(self._cleaning.submit, remove_tree, folder)
        return place

    def _build(
        self, place: Place, how: Language, facts: Facts, limits: Limits, *, gateway: Gateway | None = None, waits: bool = False
    ) -> None:
        files = [*how.files, (str(place.folder / "program"), PROGRAM)]
        start = "/" if waits else facts.mount
        environment = {**layout.ENVIRONMENT, "PWD": start, **(gateway.plan.environment if gateway else {})}
        if self.environment is not None:
            files.append((str(self.environment.folder), ENVIRONMENT))
            environment["PATH"] = f"{ENVIRONMENT}/bin:{environment['PATH']}"
        laid = room.lay_out(
            place.folder,
            files=files,
            mount=facts.mount,
            overlay=place.overlay,
            limits=limits,
            hosts=gateway.plan.hosts if gateway else "",
            workspace=facts.workspace,
        )
        order = Order(
            command=how.waiting if waits else how.command,
            environment=environment,
            folder=start,
            links=laid.links,
            filter=self._tcp_filter if gateway else self._filter,
        )
        name = f"guard-{self._scratch.name}-{place.folder.name}"
        self._volume(place, laid, name)
        life = Life(limits=limits, address_space=how.address_space)
        place.box = box = Contained(self.engine, laid.container(name, self._image), laid.folder, order, life, place.stack)
        self._check_python(box.python)
        if waits:
            box.wake()

    def _volume(self, place: Place, laid: Room, name: str) -> None:
        """The copy-on-write workspace; it and the container are removed in the background when the run is over."""
        volume = name if laid.overlay else ""
        if laid.overlay is not None:
            self.engine.overlay(name, lower=laid.lower, upper=Path(laid.overlay.upper), work=Path(laid.overlay.work))
        place.stack.callback(self._cleaning.submit, self.engine.remove, name, volume)

    def _check_python(self, version: str) -> None:
        """Packages are of one version of Python: that of the image must be the same."""
        if self.environment is not None and not (self.environment.folder / "lib" / f"python{version}").is_dir():
            raise SandboxError(
                f"the box's packages are not for the image's Python, which is {version}",
                hint="Make an image of this machine's release (guard image build), or take the packages out: guard env remove",
            )
