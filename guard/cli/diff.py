"""What a run changed, as a unified diff of text, for people: made of the sealed bytes, never of what lies in the workspace alone."""

from __future__ import annotations

import difflib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from guard.cli.page import safe
from guard.errors import GuardError

if TYPE_CHECKING:
    from guard.model import Case, Change, Print
    from guard.sandbox.blobs import Blobs

LARGEST = 256 << 10
"""Bytes of a file up to which it is compared line by line."""


def diff_lines(case: Case, blobs: Blobs) -> Iterator[str]:
    """Every change of a case: in words, and line by line where both sides are text that is known."""
    for change in case.execution.change_set.changes if case.execution else ():
        yield f"{change.kind.value} {safe(change.path)}{_mode(change)}"
        old, new = _text(change.before, blobs, Path(case.facts.workspace, change.path)), _text(change.after, blobs, None)
        if old is None or new is None:
            yield f"  {_size(change.before)} -> {_size(change.after)}, not shown as text"
            continue
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3)
        yield from (f"  {safe(line)}" for i, line in enumerate(lines) if i > 1)


def _mode(change: Change) -> str:
    if change.before and change.after and change.before.mode != change.after.mode:
        return f" (mode {change.before.mode:04o} -> {change.after.mode:04o})"
    return ""


def _size(found: Print | None) -> str:
    return f"{found.type.value} of {found.size:,} bytes {found.digest[:12]}".strip() if found else "nothing"


def _text(found: Print | None, blobs: Blobs, where: Path | None) -> str | None:
    """The text of one side; "" where there is nothing; None if it is not text, too large, or not known any more."""
    if found is None or not found.digest:
        return ""
    if found.size > LARGEST:
        return None
    try:
        data = blobs.read(found.digest) if blobs.path(found.digest).exists() else _on_disk(where, found)
        return data.decode("utf-8") if data is not None and b"\0" not in data else None
    except (GuardError, UnicodeDecodeError):
        return None


def _on_disk(where: Path | None, found: Print) -> bytes | None:
    """The file in the workspace, if it is still what it was before the run."""
    if where is None:
        return None
    try:
        descriptor = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(LARGEST + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    return data if hashlib.sha256(data).hexdigest() == found.digest else None
