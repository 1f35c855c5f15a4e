"""What of a case has been on the screen: ranges per part, kept for as long as the console runs, for one seal and one person.

Pure bookkeeping: the text view says which rows were painted long enough; here it becomes "lines 15-33 not shown yet", "all 71 lines".
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

Range = tuple[int, int]


class Ranges:
    """A set of whole numbers, as merged half-open ranges."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Put a range in."""
        if start >= end:
            return
        i = bisect.bisect_left(self._ends, start)
        j = bisect.bisect_right(self._starts, end)
        if i < j:
            start, end = min(start, self._starts[i]), max(end, self._ends[j - 1])
        self._starts[i:j], self._ends[i:j] = [start], [end]

    def covers(self, start: int, end: int) -> bool:
        """Whether all of a range is in."""
        i = bisect.bisect_right(self._starts, start) - 1
        return start >= end or (i >= 0 and self._ends[i] >= end)

    def gap(self, start: int, end: int) -> Range | None:
        """The first part of a range that is not in."""
        i = bisect.bisect_right(self._starts, start) - 1
        at = max(start, self._ends[i]) if i >= 0 else start
        if at >= end:
            return None
        stop = self._starts[i + 1] if i + 1 < len(self._starts) else end
        return at, min(stop, end)


@dataclass(slots=True)
class PartRead:
    """One part of a case (its effects, its code …): what must be shown, and what was."""

    needed: tuple[Range, ...] = ()
    seen: Ranges = field(default_factory=Ranges)

    def missing(self) -> Range | None:
        """The first range that must be shown and was not."""
        return next((gap for start, end in self.needed if (gap := self.seen.gap(start, end))), None)

    @property
    def share(self) -> tuple[int, int]:
        """How much was shown of how much."""
        total = sum(end - start for start, end in self.needed)
        left = 0
        for start, end in self.needed:
            while gap := self.seen.gap(start, end):
                left += gap[1] - gap[0]
                start = gap[1]  # noqa: PLW2901
        return total - left, total


class Reading:
    """What one person has had on the screen of one sealed case."""

    def __init__(self) -> None:
        self.parts: dict[str, PartRead] = {}

    def need(self, part: str, needed: Iterable[Range]) -> PartRead:
        """Say what of a part must be shown; what was shown of it before stays."""
        found = self.parts.setdefault(part, PartRead())
        found.needed = tuple(needed)
        return found

    def missing(self) -> tuple[str, Range] | None:
        """The first part with something not shown yet, and the range."""
        return next(((name, gap) for name, part in self.parts.items() if (gap := part.missing())), None)

    @property
    def complete(self) -> bool:
        return bool(self.parts) and self.missing() is None

    @property
    def share(self) -> float:
        shares = [part.share for part in self.parts.values()]
        total = sum(of for _, of in shares)
        return sum(done for done, _ in shares) / total if total else 1.0
