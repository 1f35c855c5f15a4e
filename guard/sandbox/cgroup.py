"""Control groups: limits for a whole box at once, where this machine grants them (usually to root alone).

A box started by root needs the pids controller: RLIMIT_NPROC does not bind kernel uid 0. Version 1 and version 2 hierarchies.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from guard.errors import SandboxError

MOUNT = Path("/sys/fs/cgroup")
PREFIX = "guard-"


class ProcessLimitMissing(SandboxError):
    """Started by root where no pids controller is to be had: a fork bomb would stop at nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents:
    """Folders in which guard may make groups; None where it may not. The same folder twice under version 2."""

    pids: Path | None = None
    memory: Path | None = None
    unified: bool = False


def parents() -> Parents:
    """Where this process may make groups, found by asking the kernel's own files; making one is the proof (`Group.make`)."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return Parents()
    paths = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            paths[controller] = path
    if (MOUNT / "cgroup.controllers").exists():
        return _unified(paths.get("", "/"))
    found = {name: _usable(MOUNT / name, paths[name]) for name in ("pids", "memory") if name in paths}
    return Parents(pids=found.get("pids"), memory=found.get("memory"))


def _usable(mount: Path, path: str) -> Path | None:
    # In a container the path may be that of the host: then the mount itself is our group.
    for folder in (mount / path.lstrip("/"), mount):
        if folder.is_dir() and os.access(folder, os.W_OK):
            return folder
    return None


def _unified(path: str) -> Parents:
    folder = MOUNT / path.lstrip("/")
    for candidate in (folder, *folder.parents):
        if not candidate.is_relative_to(MOUNT):
            break
        try:
            enabled = (candidate / "cgroup.subtree_control").read_text().split()
        except OSError:
            continue
        if os.access(candidate, os.W_OK) and os.access(candidate / "cgroup.procs", os.W_OK) and "pids" in enabled:
            return Parents(pids=candidate, memory=candidate if "memory" in enabled else None, unified=True)
    return Parents()


class Group:
    """The control group of one box."""

    def __init__(self, folders: tuple[Path, ...], unified: bool) -> None:
        self._folders = folders
        self._unified = unified

    @classmethod
    def make(cls, where: Parents, name: str, *, processes: int, memory_bytes: int) -> Group | None:
        """A group with these limits, or None if this machine grants none with a limit on processes. What starts the box is not counted."""
        if where.pids is None:
            return None
        folders = tuple(dict.fromkeys(p / f"{PREFIX}{name}" for p in (where.pids, where.memory) if p is not None))
        group = cls(folders, where.unified)
        try:
            for folder in folders:
                folder.mkdir()
            (folders[0] / "pids.max").write_text(str(processes if where.unified else processes + 1))
            if where.memory is not None:
                limit = "memory.max" if where.unified else "memory.limit_in_bytes"
                (folders[-1] / limit).write_text(str(memory_bytes))
        except OSError:
            group.remove()
            return None
        return group

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What the calling thread starts meanwhile is in the group from its birth, and so is what that starts (version 1 alone, where
        threads may move; `add` makes sure of it).

        Moving another process takes 10 ms, since the kernel waits for all processors; a thread that moves itself does not wait (Linux 5.5).
        """
        self._move_here(self._folders)
        try:
            yield
        finally:
            self._move_here([folder.parent for folder in self._folders])

    def _move_here(self, folders: Sequence[Path]) -> None:
        for folder in () if self._unified else folders:
            with suppress(OSError):  # one that cannot come in is moved by `add`, one that cannot leave is limited like a box
                (folder / "tasks").write_text("0")

    def add(self, pid: int) -> None:
        """Have a process in the group. `ProcessLookupError` if it is gone."""
        for folder in self._folders:
            members = folder / "cgroup.procs"
            if str(pid) not in members.read_text().split():
                members.write_text(str(pid))

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed something in this group for want of memory."""
        name = "memory.events" if self._unified else "memory.oom_control"
        try:
            lines = (self._folders[-1] / name).read_text().splitlines()
        except OSError:
            return False
        return any(line.split()[0] == "oom_kill" and int(line.split()[1]) > 0 for line in lines)

    def remove(self) -> None:
        """Remove it; the box is dead. The kernel may still be busy with the last process for a moment."""
        for folder in self._folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.002)
                else:
                    break


def remove_groups(owner: str) -> None:
    """Remove the groups that a dead guard (by its scratch name) left."""
    where = parents()
    for parent in {p for p in (where.pids, where.memory) if p is not None}:
        for folder in parent.glob(f"{PREFIX}{owner}-*"):
            Group((folder,), where.unified).remove()
