"""Two versions of a file, line by line, as people compare them. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from itertools import islice

EVERY_LINE = " every line: "
"""How the line begins that tells of line ends that all changed."""
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


def compared(before: bytes | None, after: bytes | None) -> tuple[tuple[str, str], ...] | None:
    """A line diff with three lines around each change; bytes that are not text cannot be compared."""
    if before is None or after is None or b"\0" in before or b"\0" in after:
        return None
    old, new = (side.decode("utf-8", "surrogateescape").split("\n") for side in (before, after))
    old, new, ends = same_ends(old, new)
    found: list[tuple[str, str]] = [("@", ends)] * bool(ends)
    for line in islice(difflib.unified_diff(_ended(old), _ended(new), lineterm="", n=3), 2, None):
        if hunk := _HUNK.fullmatch(line):
            found.append(("@", f" line {hunk[2] if hunk[2] != '0' else hunk[1]}"))
        else:
            found.append((line[0], line[1:].removesuffix("\n")))
            if not line.endswith("\n"):
                found.append(("\\", " no newline at the end of the file"))
    return tuple(found)


def same_ends(old: list[str], new: list[str]) -> tuple[list[str], list[str], str]:
    """Both sides with the line ends of the old one where all of them became the other kind, and that in words: else each line differs."""
    had, has = ({line.endswith("\r") for line in side[:-1]} for side in (old, new))
    if (had, has) == ({False}, {True}):
        return old, _bare(new), f"{EVERY_LINE}CR added to its end ({len(new) - 1:,} lines)"
    if (had, has) == ({True}, {False}):
        return (
            [line.removesuffix("\r") for line in old[:-1]] + old[-1:],
            new,
            f"{EVERY_LINE}CR taken from its end ({len(new) - 1:,} lines)",
        )
    return old, new, ""


def _bare(lines: list[str]) -> list[str]:
    return [line.removesuffix("\r") for line in lines[:-1]] + lines[-1:]


def _ended(lines: Sequence[str]) -> list[str]:
    """Lines with their ends, so that one without an end is another line."""
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]
