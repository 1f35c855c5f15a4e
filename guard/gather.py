"""Facts gathered at the edge: what the analysis may know of the workspace, read from the disk once and passed as data."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.model import Analysis, Facts
    from guard.ports import Analyst

MOST_MODULES = 32
MOST_BYTES = 256 << 10
UNREADABLE = "\0"
"""Stands for the text of a module that is there and cannot be read: no Python, so opaque."""


async def analysis_of(analyst: Analyst, language: str, code: str, facts: Facts) -> Analysis:
    """The analysis of a program together with the workspace modules that it imports."""
    analysis = await analyst.analyse(language, code, facts)
    sources: tuple[tuple[str, str], ...] = ()
    while found := modules(analysis.imports, facts.workspace):
        merged = tuple(sorted({**dict(sources), **dict(found)}.items()))
        if merged == sources:
            break
        sources = merged
        analysis = await analyst.analyse(language, code, dataclasses.replace(facts, modules=sources))
    return analysis


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
    tried: set[str] = set()
    for name in imports:
        for path in _files_of(name, workspace):
            if path not in tried and (text := _text(workspace, path)) is not None:
                found[path] = text if len(found) < MOST_MODULES else UNREADABLE
            tried.add(path)
    return tuple(sorted(found.items()))


def _files_of(name: str, workspace: str) -> Iterator[str]:
    if name.startswith("./"):
        yield name[2:]
        return
    stem = ""
    for part in name.split("."):
        stem += part
        yield f"{stem}.py"
        if not _may_hold_files(f"{workspace}/{stem}"):  # most imports are of libraries: nothing is there, and nothing more is asked
            return
        stem += "/"
        yield f"{stem}__init__.py"


def _may_hold_files(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True  # asked file by file, it says why it cannot be read


def _text(workspace: str, path: str) -> str | None:
    full = os.path.join(workspace, path)
    try:
        found = os.stat(full)
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


def files(workspace: str) -> tuple[list[str], list[str]]:
    """Canonical paths of all files in the workspace, and of the folders in it that cannot be looked into; links are listed, not followed.

    INVARIANT: no file is left out but those in such folders: what is not named here is not hidden from a program.
    """
    found: list[str] = []
    closed: list[str] = []

    def overlooked(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            closed.append(error.filename)

    for folder, inner, names in os.walk(workspace, onerror=overlooked):
        found.extend(os.path.join(folder, name) for name in names)
        shut = [name for name in inner if not os.access(os.path.join(folder, name), os.R_OK | os.X_OK)]
        closed.extend(os.path.join(folder, name) for name in shut)
        inner[:] = [name for name in inner if name not in shut]
    return found, closed
