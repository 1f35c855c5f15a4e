"""What all kinds of boxes do alike: a run in a thread of its own that can be cancelled, the copy-on-write folders of one run, and
how an outcome becomes an Execution."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from guard.errors import BadInput, ConfigError, SandboxError
from guard.model import ChangeSet, Ending, Execution
from guard.ports import Job
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.overlay import seal
from guard.sandbox.changeset.spelling import reached_otherwise
from guard.sandbox.egress.broker import Broker, Gateway
from guard.sandbox.layout import Overlay
from guard.sandbox.life import Outcome
from guard.sandbox.masks import Masks, masks
from guard.sandbox.workspace_checks import check_attributes, check_canonical, check_mounts

_MOST_RUNS = 32
_DISK_FULL = ("No space left on device", "File too large", "File size limit exceeded")

Work = Callable[[Job, int, Gateway | None], Execution]
"""One run, in a thread: the job, a descriptor that becomes readable when nobody wants the result, the way out."""


class Runs:
    """The runs of one sandbox. Threads live as long as their runs, since a box of bubblewrap dies with the thread that started it."""

    def __init__(self, work: Work, *, state: Path, broker: Broker | None) -> None:
        self._work, self._state, self._broker = work, state, broker
        self._running: set[int] = set()
        self._threads = ThreadPoolExecutor(max_workers=_MOST_RUNS, thread_name_prefix="box")

    async def run(self, job: Job) -> Execution:
        """Run to the death of the box. Cancelling kills the box and waits for its death."""
        gateway = self._broker.gateway(job) if self._broker else None
        if gateway is None:
            return await self._to_death(job, None)
        try:
            execution = await self._to_death(job, gateway)
        finally:
            traffic = await gateway.close()
        # INVARIANT: a run that was stopped did not succeed, even if its program came to its end at the same moment.
        return replace(execution, traffic=traffic, ending=Ending.REFUSED if gateway.stopped else execution.ending)

    def cancel(self) -> None:
        """Kill what still runs."""
        for cancel in self._running:
            os.eventfd_write(cancel, 1)

    def close(self) -> None:
        """Wait until nothing runs any more."""
        self._threads.shutdown()

    async def _to_death(self, job: Job, gateway: Gateway | None) -> Execution:
        cancel = os.eventfd(0, os.EFD_CLOEXEC)
        self._running.add(cancel)
        if gateway is not None:
            gateway.kill = lambda: os.eventfd_write(cancel, 1)
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
            if gateway is not None:
                gateway.kill = None
            self._running.discard(cancel)
            os.close(cancel)

    def _run(self, job: Job, cancel: int, gateway: Gateway | None) -> Execution:
        try:
            return self._work(job, cancel, gateway)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise SandboxError(
                f"the run could not be prepared or its changes not be kept: {error.strerror}{where}",
                hint=f"Is there room on the disk, and may guard write into {self._state}? Nothing of the workspace was changed.",
            ) from error


class Workspaces:
    """Lays a copy-on-write workspace out for one run after another."""

    def __init__(self) -> None:
        self._checked: set[Path] = set()

    def overlay(self, job: Job, folder: Path) -> Overlay | None:
        """The folders of one run, made in `folder`; None if it has no workspace. Raises `SandboxError` for one that cannot be used."""
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
        _check_spellings(lower, hidden)
        return Overlay(lower=str(lower), upper=str(upper), work=str(work), masks=hidden, nothing=str(nothing))

    def _check(self, workspace: Path) -> None:
        check_mounts(workspace)
        if workspace not in self._checked:
            check_attributes(workspace)
            self._checked.add(workspace)


def _check_spellings(workspace: Path, hidden: Masks) -> None:
    """Refuse what could be read in spite of a mask, which is mounted on one spelling alone."""
    if not (hidden.files or hidden.folders):
        return
    root = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        open_door = reached_otherwise(root, (*hidden.files, *hidden.folders))
    finally:
        os.close(root)
    if open_door:
        raise SandboxError(
            f"{open_door} is to be hidden, and the file system of {workspace} takes other spellings of it for the same name: by those a "
            "program could read it",
            hint="Move the secret files out of the workspace, or the workspace to a file system that tells upper case from lower case.",
        )


def encoded(code: str) -> bytes:
    """The program as bytes; `BadInput` if it is no text."""
    try:
        return code.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"the code holds a lone surrogate at position {error.start}", hint="Send text that is valid Unicode.") from None


def executed(job: Job, outcome: Outcome, overlay: Overlay | None, blobs: Blobs, since: int) -> Execution:
    """What a dead box did. `since`: when it began (nanoseconds); what changed in the workspace after that was changed by somebody else."""
    changes = ChangeSet()
    if overlay is not None and outcome.ending is not Ending.DISK:
        changes = seal(Path(overlay.upper), Path(overlay.lower), blobs, job.limits, since)
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


def _ending(outcome: Outcome, stderr: str) -> Ending:
    """What a program says itself about why it failed is believed: it can only make its own failure look like another failure."""
    last = stderr.rstrip().rpartition("\n")[2]
    if outcome.ending is Ending.EXITED and outcome.exit_code:
        if last.startswith("MemoryError"):
            return Ending.MEMORY
        if any(said in stderr[-4000:] for said in _DISK_FULL):
            return Ending.DISK
    if outcome.ending is Ending.KILLED and "out of memory" in stderr[-4000:].lower():
        return Ending.MEMORY
    return outcome.ending
