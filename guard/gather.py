"""Facts gathered at the edge: what the analysis may know of the workspace, read from the disk once and passed as data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

MOST_MODULES = 32
MOST_BYTES = 256 << 10
UNREADABLE = "\0"
"""Stands for the text of a module that is there and cannot be read: no Python, so opaque."""


def modules(imports: Iterable[str], workspace: str) -> tuple[tuple[str, str], ...]:
    """The sources of those imported modules that lie in the workspace: (path relative to it, text).

    `imports` are dotted names or paths. For "a.b" the files a.py, a/__init__.py, a/b.py and a/b/__init__.py are looked for, for "./a/b.js"
    that file alone. Links are not
    followed out of the workspace. What is there and cannot be taken (too large, not UTF-8, beyond `MOST_MODULES`, elsewhere) comes as
    `UNREADABLE`, which the analysis finds opaque: it must not be mistaken for the library whose name it has.
    """
    if not workspace:
        return ()
    found: dict[str, str] = {}
    for name in imports:
        for path in _files_of(name):
            if path not in found and (text := _text(workspace, path)) is not None:
                found[path] = text if len(found) < MOST_MODULES else UNREADABLE
    return tuple(sorted(found.items()))


def _files_of(name: str) -> Iterable[str]:
    if name.startswith("./"):
        yield name[2:]
        return
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        stem = "/".join(parts[:depth])
        yield from (f"{stem}.py", f"{stem}/__init__.py")


def _text(workspace: str, path: str) -> str | None:
    full = os.path.join(workspace, path)
    try:
        found = os.stat(full)  # most imports are of libraries: nothing is there, and nothing more is asked
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        return UNREADABLE
    try:
        if stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES and Path(full).resolve().is_relative_to(workspace):
            return Path(full).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        pass
    return UNREADABLE


def files(workspace: str, limit: int = 200_000) -> list[str]:
    """Canonical paths of the files in the workspace, at most `limit`; links are listed, not followed. Unreadable folders are skipped."""
    found: list[str] = []
    for folder, _, names in os.walk(workspace):
        found.extend(os.path.join(folder, name) for name in names)
        if len(found) >= limit:
            break
    return found[:limit]
