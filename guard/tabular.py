"""Two versions of a table as text (CSV, TSV, a JSON list of objects): which columns a long, regular change is in. Pure.

It stands in front of the line diff and replaces nothing of it. INVARIANT: it says nothing of two texts that it does not wholly account for:
the same rows in the same order, the same columns, and each line that differs differs in a value. (Of line ends that all changed the line
diff says so.)
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from guard.diff import same_ends
from guard.words import count

FEWEST = 8
"""Fewer rows that differ are read faster than told."""
MOST_CHANGES = 3
SEPARATORS = {".csv": ",", ".tsv": "\t"}

MOST_BYTES = 4 << 20
"""Of longer files nothing is told: it would take longer than their lines do."""
MOST_COLUMNS, LONGEST = 8, 24

Row = Sequence[str]


def regular(path: str, before: bytes | None, after: bytes | None) -> tuple[str, ...]:
    """What a change comes to, by columns, in sentences that hold names and values from outside; none where that is not all of it."""
    separator = SEPARATORS.get(path[-4:].lower())
    if before is None or after is None or max(len(before), len(after)) > MOST_BYTES or not (separator or path.lower().endswith(".json")):
        return ()
    try:
        old, new = before.decode(), after.decode()
        return _told(*(_lines(old, new, separator) if separator else _objects(old, new)))
    except (ValueError, RecursionError, csv.Error):  # what cannot be read as a table is read as the text that it is
        return ()


def _lines(old: str, new: str, separator: str) -> list[list[Row]]:
    """Rows of one line each. `ValueError` where one has not each field of the first, or is only written otherwise than before."""
    lines = same_ends(old.split("\n"), new.split("\n"))[:2]
    sides: list[list[Row]] = [list(csv.reader(side, delimiter=separator, strict=True)) for side in lines]
    for side, rows in zip(lines, sides, strict=True):
        if rows and not rows[-1]:  # after the last line's end
            rows.pop()
        if len(rows) != len(side) - (not side[-1]) or not rows or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
            raise ValueError("no table of one line a row")
    if [a == b for a, b in zip(*lines, strict=True)] != [a == b for a, b in zip(*sides, strict=True)] + [True] * (not lines[0][-1]):
        raise ValueError("lines differ that say the same")
    return sides


def _objects(*texts: str) -> list[list[Row]]:
    """The members of a list of objects, their names on top. `ValueError` if names differ, or the texts do in more than values."""
    sides = [json.loads(text, object_pairs_hook=_members) for text in texts]
    for found in sides:
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) and list(one) == list(found[0]) for one in found):
            raise ValueError("no list of like objects")
    ways = [_written(text) for text in texts]
    if ways[0] != ways[1] or any(json.dumps(found, **ways[0]) != text.removesuffix("\n") for found, text in zip(sides, texts, strict=True)):
        raise ValueError("not written in one way")
    return [[list(found[0]), *([json.dumps(value, ensure_ascii=False) for value in one.values()] for one in found)] for found in sides]


def _written(text: str) -> dict[str, Any]:
    """How programs write JSON that begins like this."""
    _, *lines = text[:200].split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip(" ")) if lines and lines[0] else None
    tight = None if indent is not None or '": ' in text[:200] else (",", ":")
    return {"indent": indent, "separators": tight, "ensure_ascii": text.isascii()}


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name twice")
    return members


def _told(old: list[Row], new: list[Row]) -> tuple[str, ...]:
    head = old[0]
    if len(old) != len(new) or head != new[0] or len(set(head)) < len(head):
        return ()
    changes = [Counter[tuple[str, str]]() for _ in head]
    differ = 0
    for was, now in zip(old[1:], new[1:], strict=True):
        differ += was != now
        for column, one, other in zip(changes, was, now, strict=True):
            if one != other:
                column[one, other] += 1
    if differ < FEWEST:
        return ()
    named = [(name, found) for name, found in zip(head, changes, strict=True) if found]
    first = f"{differ:,} of {len(old) - 1:,} rows differ, in {len(named)} of {len(head)} columns; no row came or went:"
    return first, *(f"{_cut(name)}: {_column(found)}" for name, found in named[:MOST_COLUMNS]), *_more(len(named) - MOST_COLUMNS, "column")


def _column(found: Counter[tuple[str, str]]) -> str:
    told = [f"{_cut(was)} -> {_cut(now)} {many:,} times" for (was, now), many in found.most_common(MOST_CHANGES)]
    return "; ".join([f"{found.total():,} rows", *told, *_more(len(found) - len(told), "change")])


def _more(many: int, noun: str) -> list[str]:
    return [f"and {count(many, f'other {noun}')}"] if many > 0 else []


def _cut(text: str) -> str:
    """A name or value in quotes, so that its spaces are seen."""
    return f"“{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"
