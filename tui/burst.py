"""Was this a person? Keys that follow each other faster than fingers can form a burst; a burst with a decision key does nothing, whole.

Pure: it is told when keys came and when time has passed, and says which keys count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tui.clock import BURST, REPEAT

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Pressed(Generic[K]):
    """One key press: the event itself, its key, whether it decides something where it would land, and when it came."""

    event: K
    key: str
    decides: bool
    at: float
    typed: bool = False
    """It would land in a field that must be typed by hand."""


@dataclass(slots=True)
class Outcome(Generic[K]):
    """Keys that count, and how many were dropped and why."""

    taken: list[K] = field(default_factory=list)
    dropped: int = 0
    pasted: int = 0
    """Of those, how many looked pasted into a field that must be typed."""
    held: bool = False


class Bursts(Generic[K]):
    """Groups keys into bursts."""

    def __init__(self) -> None:
        self._pending: list[Pressed[K]] = []
        self._last: dict[str, float] = {}

    def press(self, key: Pressed[K]) -> Outcome[K]:
        """A key came. Returns what became of the keys before it, if it is not of their burst."""
        outcome: Outcome[K] = Outcome()
        if self._pending and key.at - self._pending[-1].at >= BURST:
            outcome = self._close()
        self._pending.append(key)
        return outcome

    def quiet(self, now: float) -> Outcome[K]:
        """Time passed. Returns what became of the pending keys, once nothing followed them."""
        if self._pending and now - self._pending[-1].at >= BURST:
            return self._close()
        return Outcome()

    @property
    def waits(self) -> bool:
        return bool(self._pending)

    def _close(self) -> Outcome[K]:
        burst, self._pending = self._pending, []
        if len(burst) > 2 and any(key.typed for key in burst):
            return Outcome(dropped=len(burst), pasted=len(burst))
        if len(burst) > 1 and any(key.decides for key in burst):
            self._note(burst)
            return Outcome(dropped=len(burst))
        outcome: Outcome[K] = Outcome()
        for key in burst:
            repeated = key.decides and key.at - self._last.get(key.key, -REPEAT) < REPEAT
            if repeated:
                outcome.dropped, outcome.held = outcome.dropped + 1, True
            else:
                outcome.taken.append(key.event)
        self._note(burst)
        return outcome

    def _note(self, burst: list[Pressed[K]]) -> None:
        for key in burst:
            if key.decides:
                self._last[key.key] = key.at
