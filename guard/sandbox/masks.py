"""Which files of a workspace the box must not read: those asked for, and every other name of the same file (hard links)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guard.errors import SandboxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """Paths relative to the workspace. Every mask is a mount, and many mounts are slow: a folder of masked files alone is one mask."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def masks(workspace: Path, paths: Sequence[str]) -> Masks:
    """Canonical paths in the workspace -> what is to be masked, aliases by device and inode included. A folder that cannot be looked into
    is masked itself.

    Paths that do not exist, or lie elsewhere, need no mask. Raises `SandboxError` for a name that cannot be handed to the box: what
    cannot be masked is not run.
    """
    found: set[str] = set()
    shut: set[str] = set()
    linked: set[tuple[int, int]] = set()
    root = str(workspace)
    for path in paths:
        if path != root and not path.startswith(root.rstrip("/") + "/"):
            continue
        for real, status in _files(Path(path)):
            if stat.S_ISDIR(status.st_mode):
                shut.add(os.path.relpath(real, root))
                continue
            found.add(os.path.relpath(real, root))
            if status.st_nlink > 1:
                linked.add((status.st_dev, status.st_ino))
    if linked:
        found |= {os.path.relpath(p, root) for p, s in _files(workspace) if (s.st_dev, s.st_ino) in linked}
    for name in found | shut:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise SandboxError("a secret file's name is not valid UTF-8, so it cannot be hidden", hint="Rename it.") from None
    hidden = _collapsed(root, found)
    return replace(hidden, folders=tuple(sorted({*hidden.folders, *shut})))


def _collapsed(root: str, files: set[str]) -> Masks:
    """Folders that hold nothing but masked files (two or more) instead of these."""
    full: dict[str, int] = {}
    above = _upwards({os.path.dirname(path) for path in files})
    for folder in sorted(above, key=lambda path: -path.count("/")):
        inside = [os.path.join(folder, name) for name in os.listdir(os.path.join(root, folder))]
        if all(path in files or path in full for path in inside):
            full[folder] = sum(full.get(path, 1) for path in inside)
    folders = {folder for folder, count in full.items() if count > 1 and os.path.dirname(folder) not in full}
    covered = {path for path in files if _upwards({os.path.dirname(path)}) & folders}
    return Masks(files=tuple(sorted(files - covered)), folders=tuple(sorted(folders)))


def _upwards(folders: set[str]) -> set[str]:
    """Folders with those that they are in, the workspace itself left out."""
    found = set()
    for start in folders:
        folder = start
        while folder and folder not in found:
            found.add(folder)
            folder = os.path.dirname(folder)
    return found


def _files(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """All regular files at or below a path that is reached through no link, and the folders that cannot be looked into."""
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
            folder = folders.pop()
            if not os.access(folder, os.R_OK | os.X_OK):
                yield folder, os.lstat(folder)
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry.path, entry.stat(follow_symlinks=False)
