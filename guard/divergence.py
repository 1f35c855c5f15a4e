"""What a run did against what the analysis had promised: `Case -> Divergence`. Pure.

Observed are the change set, what the broker refused, and how it ended. Reads are not, nor what is said inside TLS: no divergence means
that nothing else was seen. Where the analysis had said that it cannot see (`opaque`, an unknown import or program), what such a program
does to files is no divergence; that it tried what was not granted is one always.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guard.decide import effects_to_ask
from guard.grant import changes_as_effects, covers, grant
from guard.model import UNSEEN, Case, Effect, Facts
from guard.path_rules import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """How one run differed from what was expected of it."""

    unpredicted: tuple[Effect, ...] = ()
    """What it did, or tried, and the analysis had claimed to see everything and not seen this: the analysis was wrong."""
    ungranted: tuple[Effect, ...] = ()
    """What it did to files and had not been granted: nothing of that run was kept."""
    tried: tuple[str, ...] = ()
    """What it tried on the network and was not let do, one sentence each."""
    left: tuple[str, ...] = ()
    """What it left in the workspace that is never committed, one sentence each."""

    def __bool__(self) -> bool:
        return bool(self.unpredicted or self.ungranted or self.tried or self.left)

    @property
    def wrong(self) -> bool:
        """The analysis was wrong: the program belongs into the regression corpus."""
        return bool(self.unpredicted)


def observed(case: Case) -> tuple[Effect, ...]:
    """What the case's run was seen to do to files, or to try on the network without being granted it."""
    run = case.execution
    return (*changes_as_effects(run.change_set, case.facts), *run.traffic.beyond) if run else ()


def unpredicted(case: Case, effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Those of the effects that the case's analysis had not predicted."""
    predicted = grant(effects_to_ask(case.analysis, case.facts))
    return tuple(effect for effect in effects if not covers(predicted, effect))


def foreseen(case: Case, effects: Iterable[Effect]) -> tuple[tuple[Effect, ...], ...]:
    """For each effect of the case's run the predictions that it may come from: each covers it. Which of several did it is not known."""
    given = [(one, grant((one,))) for one in case.analysis.effects]
    return tuple(tuple(one for one, alone in given if covers(alone, effect)) for effect in effects)


def divergence(case: Case) -> Divergence:
    """How the case's run differed from what was expected; empty (and false) if it was not seen to, or did not run."""
    run = case.execution
    if run is None:
        return Divergence()
    changed = () if case.rehearsed else changes_as_effects(run.change_set, case.facts)  # a rehearsal is granted nothing, and tries all
    return Divergence(
        unpredicted=() if case.analysis.kinds & UNSEEN else unpredicted(case, observed(case)),
        ungranted=tuple(effect for effect in changed if not covers(case.grant, effect)),
        tried=run.traffic.refused,
        left=run.change_set.refused,
    )


def label(effect: Effect, facts: Facts) -> str:
    """An effect as the regression corpus writes it: `kind Type name`, "~" after what is not exact."""
    return f"{effect.kind} {effect.resource.type} {shown(effect.resource.name, facts)}{'' if effect.exact else ' ~'}"
