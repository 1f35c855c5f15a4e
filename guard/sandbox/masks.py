"""Which files of a workspace the box must not read: those asked for, and every other name of the same file (hard links)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from guard.errors import SandboxError


def masks(workspace: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Canonical paths in the workspace -> paths relative to it to be masked, aliases by device and inode included.

    A folder is masked file by file. Paths that do not exist, or lie elsewhere, need no mask. Raises `SandboxError` for a name that
    cannot be handed to the box: what cannot be masked is not run.
    """
    found: set[str] = set()
    linked: set[tuple[int, int]] = set()
    root = str(workspace)
    for path in paths:
        if path != root and not path.startswith(root.rstrip("/") + "/"):
            continue
        for real, status in _files(Path(path)):
            found.add(os.path.relpath(real, root))
            if status.st_nlink > 1:
                linked.add((status.st_dev, status.st_ino))
    if linked:
        found |= {os.path.relpath(p, root) for p, s in _files(workspace) if (s.st_dev, s.st_ino) in linked}
    for name in found:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise SandboxError("a secret file's name is not valid UTF-8, so it cannot be hidden", hint="Rename it.") from None
    return tuple(sorted(found))


def _files(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """All regular files at or below a path that is reached through no link."""
    if path.parent.resolve() != path.parent:
        return  # an alias of a path that is walked under its own name
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISREG(status.st_mode):
        yield str(path), status
    elif stat.S_ISDIR(status.st_mode):
        folders = [str(path)]
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.path, entry.stat(follow_symlinks=False)
