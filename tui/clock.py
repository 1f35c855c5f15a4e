"""The console's one clock: every wait (dead buttons, bursts, reading, resting) is asked of it, so that tests can turn its hands."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

BURST = 0.015
"""Keys closer than this were not typed by a person."""
REPEAT = 0.5
"""The same decision key again within this is a held key."""
MOVED = 1.0
"""How long `enter` and `r` wait after the list moved by itself."""
DEAD = 0.6
"""How long a dialog's buttons are dead after it opened, after focus came back and after a resize."""
PAINTED = 0.4
"""How long a row must stay on the screen to count as shown."""
REST = 5.0
"""New cases are sorted in by themselves after this long without a key."""
SETTLED = 3.0
"""How long a settled case stays in the list, struck through."""


class Clock(Protocol):
    def now(self) -> float:
        """Seconds, never going back."""
        ...

    def at(self, stamp: float) -> float:
        """When an event happened that the terminal's driver stamped so."""
        ...

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Call `act` once, so much later."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.monotonic()

    def at(self, stamp: float) -> float:
        return stamp

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_later(seconds, act)
