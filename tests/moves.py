"""Cases that have come some way: the events that bring them there, played."""

from __future__ import annotations

from guard.events import (
    Approved,
    Claimed,
    Rejected,
)
from guard.model import Case, Rejection, Stage
from guard.pipeline import advance
from tests.build import NOON, approval, case, policies, world

TRYING = world(policies=policies(rehearsals=True))


def play(of: Case, *events, at=None) -> Case:
    """The case after these events; every one must move it."""
    for event in events:
        step = advance(of, event, at or world())
        assert step.case is not None, step.refused
        of = step.case
    return of


def claimed(of: Case) -> Claimed:
    return Claimed(analysis=of.analysis)


def rejected(by: str = "ann", reason: str = "too broad") -> Rejected:
    return Rejected(rejection=Rejection(case=118, person=by, at=NOON, reason=reason))


def approved(*effects, **fields) -> Case:
    of = case(*effects, **fields)
    return play(of, Approved(approval=approval(of)))


def running(*effects) -> Case:
    of = approved(*effects)
    return play(of, claimed(of))


def rehearsing(*effects) -> Case:
    of = case(*effects, at=TRYING)
    assert of.stage is Stage.REHEARSING
    return of
