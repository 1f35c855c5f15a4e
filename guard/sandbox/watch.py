"""What a run uses, measured from outside while it runs: memory of all its processes, its temporary file systems, its upper layer.

rlimits bind one process; these bind the box. Polling is the way that needs no privilege; what can be written between two looks is the
error of these limits, and every single file is bounded by RLIMIT_FSIZE anyway.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from guard.model import Ending, Limits

PAGE = os.sysconf("SC_PAGE_SIZE")
SHORTEST = 0.02
"""Seconds between two looks, at least; and at least nine tenths of the time are not spent looking."""


class Watch:
    """Looks at one box. `init` is the host's pid of its first process; `upper` the upper layer, if it has one."""

    def __init__(self, limits: Limits, init: int, upper: Path | None) -> None:
        self._limits = limits
        self._init = init
        self._upper = upper
        self._start = os.statvfs(upper) if upper else None
        self._used = (0, 0)
        self._scanned_at = (0, 0)
        self._scan_due = 0.0
        self._scan_seconds = 0.0
        self.pause = SHORTEST

    def look(self) -> Ending | None:
        """The limit that is broken now, or None."""
        started = time.monotonic()
        ending = self._look_at_disk() or self._look_at_memory()
        self.pause = max(SHORTEST, 9 * (time.monotonic() - started))
        return ending

    def _look_at_memory(self) -> Ending | None:
        held, inodes = self._temporary_files()
        if inodes > self._limits.disk_files:
            return Ending.DISK
        limit = self._limits.memory_bytes
        processes = descendants(self._init)
        if held + sum(resident(pid) for pid in processes) <= limit:
            return None
        # Pages shared by forks were counted once for each: now the exact sum, which costs more.
        return Ending.MEMORY if held + sum(proportional(pid) for pid in processes) > limit else None

    def _temporary_files(self) -> tuple[int, int]:
        """(bytes, files) of the box's file systems in memory; none while it is still being built, and its root is the host's."""
        root = f"/proc/{self._init}/root"
        held = inodes = 0
        try:
            if os.path.samestat(os.stat(root), os.stat("/")):
                return 0, 0
            for folder in ("tmp", "dev/shm"):
                stats = os.statvfs(f"{root}/{folder}")
                held += (stats.f_blocks - stats.f_bfree) * stats.f_frsize
                inodes += stats.f_files - stats.f_ffree
        except OSError:
            return 0, 0  # it is dying, or not yet there
        return held, inodes

    def _look_at_disk(self) -> Ending | None:
        if self._upper is None or self._start is None:
            return None
        now = os.statvfs(self._upper)
        grown = ((self._start.f_bfree - now.f_bfree) * now.f_frsize, self._start.f_ffree - now.f_ffree)
        # A look at the file system is cheap: count in full only if it grew by half of what is left, or now and then.
        room = ((self._limits.disk_bytes - self._used[0]) // 2, (self._limits.disk_files - self._used[1]) // 2)
        steep = grown[0] - self._scanned_at[0] > room[0] or grown[1] - self._scanned_at[1] > room[1]
        if not steep and time.monotonic() < self._scan_due:
            return None
        started = time.monotonic()
        size, files, complete = measure(self._upper)
        if not complete:
            # A folder that even we cannot read: then the file system's own count is all there is.
            size, files = max(size, grown[0]), max(files, grown[1])
        self._used, self._scanned_at = (size, files), grown
        self._scan_seconds = time.monotonic() - started
        self._scan_due = time.monotonic() + max(0.25, 20 * self._scan_seconds)
        return Ending.DISK if size > self._limits.disk_bytes or files > self._limits.disk_files else None


def measure(upper: Path) -> tuple[int, int, bool]:
    """(bytes on disk, entries, whether every folder could be read) of a folder that may be changing."""
    size = files = 0
    complete = True
    folders = [str(upper)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    try:
                        stat = entry.stat(follow_symlinks=False)
                    except (FileNotFoundError, NotADirectoryError):
                        continue
                    files += 1
                    size += stat.st_blocks * 512 // max(1, 1 if entry.is_dir(follow_symlinks=False) else stat.st_nlink)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):  # gone, or something else in its place, since it was listed
            continue
        except PermissionError:
            complete = False
    return size, files, complete


def descendants(pid: int) -> list[int]:
    """A process and all that it started, as far as they live now."""
    found = [pid]
    for current in found:
        try:
            for task in os.listdir(f"/proc/{current}/task"):
                children = Path(f"/proc/{current}/task/{task}/children").read_text()
                found.extend(int(child) for child in children.split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def resident(pid: int) -> int:
    """Bytes in memory, pages shared with others included; 0 for a process that is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """Bytes in memory, shared pages divided among those that share them; 0 for a process that is gone. Of one that nobody may look into
    (it runs a program that it may not read, say) all pages count."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except PermissionError:
        return resident(pid)
    except OSError:
        return 0
    return 0
