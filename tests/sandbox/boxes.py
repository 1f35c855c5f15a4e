"""What the sandbox tests share: a job with every field defaulted, and looking at folders and processes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from guard.model import Change, ChangeSet, Facts, Grant, Limits
from guard.ports import Job, Sandbox

QUICK = Limits(
    wall_seconds=20,
    cpu_seconds=10,
    memory_bytes=256 << 20,
    processes=32,
    disk_bytes=32 << 20,
    disk_files=2000,
    file_bytes=24 << 20,
    output_bytes=64 << 10,
)


AnySandbox = TypeVar("AnySandbox", bound=Sandbox)


@asynccontextmanager
async def closing(sandbox: AnySandbox) -> AsyncIterator[AnySandbox]:
    """A sandbox that is closed at the end of the test however that ends: boxes that wait would be found much later, in another test."""
    try:
        yield sandbox
    finally:
        await sandbox.close()


def job(code: str, workspace: Path | str = "", *, language: str = "python", limits: Limits = QUICK, masked: tuple[Path, ...] = ()) -> Job:
    return Job(
        case=1,
        language=language,
        code=code,
        facts=Facts(workspace=str(workspace)),
        grant=Grant(),
        limits=limits,
        masked=tuple(map(str, masked)),
    )


def brief(change_set: ChangeSet) -> list[str]:
    """`kind path` for each change, in order."""
    return [f"{change.kind} {change.path}" for change in change_set.changes]


def by_path(change_set: ChangeSet) -> dict[str, Change]:
    return {change.path: change for change in change_set.changes}


def tree(root: Path) -> dict[str, tuple[str, object]]:
    """Every path below `root` with its permissions and content: equal trees are equal to whoever looks."""
    found: dict[str, tuple[str, object]] = {}
    for folder, names, files in os.walk(root):
        for name in [*names, *files]:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            content: object = None
            if path.is_symlink():
                content = os.readlink(path)
            elif path.is_file():
                content = path.read_bytes()
            found[str(path.relative_to(root))] = (oct(mode), content)
    return found


def processes_with(marker: str) -> list[int]:
    """Processes of this machine that carry a marker in their command line."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                line = Path("/proc", entry, "cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in line:
                found.append(int(entry))
    return found
