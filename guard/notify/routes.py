"""Who is told of what, and when: routes, escalation steps, quiet hours, and the limit that turns a flood into a digest. Touches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from guard.decide import classes_of
from guard.model import Case, Class

MOST = 6
"""Calls that count as one kind (see `counted_as`) within `WINDOW`; what comes on top is told of in a digest."""
WINDOW = timedelta(minutes=10)
AGAIN = 2 * WINDOW
"""After so long a digest that nobody is known to have got is sent again. Longer than `WINDOW`, so that what is held back meanwhile is told
apart by its earlier time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One place where people are reached, and for what."""

    label: str
    """What it is called in the ledger: its number and kind, never its address, which holds secrets."""
    url: str = field(repr=False)
    """An address as Apprise writes them, with references to secrets not yet looked up."""
    teams: tuple[str, ...] = ()
    """Teams whose agents' programs it is told of; none: all."""
    classes: tuple[Class, ...] = ()
    """Classes of effects of which one must be asked; none: all."""
    after_minutes: int = 0
    """How long a case must have waited: 0 is the first call, more is escalation."""
    quiet: tuple[time, time] | None = None
    """Hours (local time) in which nothing is sent; the end may lie on the next day."""

    def concerns(self, case: Case, teams: Sequence[str]) -> bool:
        """Whether it is told of the case of an agent in these teams."""
        mine = not self.teams or not set(self.teams).isdisjoint(teams)
        return mine and (not self.classes or not classes_of(case.decision.effects).isdisjoint(self.classes))

    def rests(self, now: datetime) -> bool:
        """Whether these are its quiet hours."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        at = now.astimezone().time()
        return start <= at < end if start <= end else at >= start or at < end


def counted_as(case: Case, occasion: str) -> str:
    """What the limit counts together: the calls about one agent's programs, apart by whether they destroy and whether it is the first call
    or escalation. So many harmless programs cannot hold back the word of one that destroys, nor of one that nobody answers."""
    destroys = Class.DESTRUCTIVE in classes_of(case.decision.effects)
    return f"{case.submission.agent} {occasion}{' to destroy' if destroys else ''}"


def due(routes: Sequence[Route], held: Mapping[str, datetime], now: datetime) -> list[Route]:
    """Routes that are owed a digest now. `held`: from when on, by label."""
    return [route for route in routes if route.label in held and now >= held[route.label] and not route.rests(now)]


def step(routes: Sequence[Route], case: Case, teams: Sequence[str], now: datetime) -> int:
    """The highest escalation step (in minutes) whose time has come for the case; 0 if none has."""
    steps = (route.after_minutes for route in routes if route.concerns(case, teams))
    return max((minutes for minutes in steps if now - case.created_at >= timedelta(minutes=minutes)), default=0)


def called(routes: Sequence[Route], case: Case, agents: Mapping[str, Sequence[str]], occasion: str, told: frozenset[str]) -> list[Route]:
    """Whom an occasion concerns: "asked" those of the first call, "waiting" those next in line, any other those who were called before."""
    concerned = [route for route in routes if route.concerns(case, agents.get(case.submission.agent, ()))]
    match occasion:
        case "asked":
            return [route for route in concerned if route.after_minutes == 0]
        case "waiting":
            return [route for route in concerned if 0 < route.after_minutes <= case.escalated and route.label not in told]
    return [route for route in routes if route.label in told]
