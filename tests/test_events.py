"""Which events each stage takes, as a table with every illegal move, and the invariants under random play."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guard.errors import IllegalMove
from guard.events import (
    Answered,
    Approved,
    Asked,
    Claimed,
    Committed,
    Conflicted,
    Edited,
    Escalated,
    Expired,
    Lost,
    Notify,
    NotRun,
    Ran,
    Rejected,
    Rejudged,
    Resumed,
    RolledBack,
    Run,
    Submitted,
)
from guard.model import FINAL, Stage, Verdict
from guard.pipeline import advance
from tests import build
from tests.build import COMPUTE, DELETE, NOON, OPAQUE, READ, WRITE, analysis, approval, case, change, execution, later, world
from tests.moves import claimed, play, rehearsing, rejected, running

STAGES = {
    Stage.WAITING: lambda: case(WRITE),
    Stage.RUNNING: lambda: running(WRITE),
    Stage.COMMITTING: lambda: play(running(WRITE), Ran(execution=execution(change("modified")))),
    Stage.DONE: lambda: play(running(WRITE), Ran(execution=execution())),
    Stage.FAILED: lambda: play(running(WRITE), Ran(execution=execution(exit_code=1))),
    Stage.DENIED: lambda: dataclasses.replace(case(WRITE), stage=Stage.DENIED),
    Stage.REJECTED: lambda: play(case(WRITE), rejected()),
    Stage.SUPERSEDED: lambda: play(case(WRITE), Edited(successor=2, person="ann")),
    Stage.EXPIRED: lambda: play(case(WRITE), Expired(), at=later(3600)),
    Stage.INTERRUPTED: lambda: play(running(WRITE), Lost()),
    Stage.REHEARSING: lambda: rehearsing(WRITE),
}
EVENTS = {
    Submitted: lambda of: build.submitted(),
    Approved: lambda of: Approved(approval=approval(of)),
    Rejected: lambda of: rejected(),
    Asked: lambda of: Asked(person="ann", text="why?"),
    Answered: lambda of: Answered(text="because"),
    Rejudged: lambda of: Rejudged(),
    Claimed: claimed,
    Expired: lambda of: Expired(),
    Escalated: lambda of: Escalated(minutes=of.escalated + 10),
    Edited: lambda of: Edited(successor=2, person="ann"),
    Ran: lambda of: Ran(execution=execution()),
    NotRun: lambda of: NotRun(why="x"),
    Lost: lambda of: Lost(),
    Committed: lambda of: Committed(),
    Conflicted: lambda of: Conflicted(conflicts=("x",)),
    Resumed: lambda of: Resumed(left_by=of.runner),
    RolledBack: lambda of: RolledBack(person="ann"),
}
LEGAL = {
    Stage.WAITING: {Approved, Rejected, Asked, Answered, Rejudged, Claimed, Escalated, Edited},  # and Expired, when its time is over
    Stage.RUNNING: {Ran, NotRun, Lost},
    Stage.COMMITTING: {Committed, Conflicted, Resumed},
    Stage.DONE: {RolledBack},
    Stage.REHEARSING: {Ran, NotRun, Resumed},
}


@pytest.mark.parametrize("stage", STAGES, ids=str)
@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.__name__)
def test_an_event_that_a_stage_does_not_take_raises_and_changes_nothing(stage, event):
    of = STAGES[stage]()
    before = dataclasses.replace(of)
    if event in LEGAL.get(stage, set()):
        advance(of, EVENTS[event](of), world())
    else:
        with pytest.raises(IllegalMove):
            advance(of, EVENTS[event](of), world())
    assert of == before
    assert of.stage is stage


def test_every_stage_is_in_the_table():
    assert set(STAGES) == set(Stage)


# ------------------------------------------------------------------------------------------------------------------ random play


class AnyPlay(RuleBasedStateMachine):
    """Whatever happens in whatever order: nothing runs unpermitted, nothing final changes, nothing is approved by time."""

    @initialize(effects=st.lists(st.sampled_from([COMPUTE, READ, WRITE, DELETE, OPAQUE]), min_size=1, max_size=3))
    def begin(self, effects):
        step = advance(None, build.submitted(*effects), world())
        assert step.case is not None
        self.case = dataclasses.replace(step.case, id=118, version=1)
        self.seconds = 0.0
        self.answered = self.case.stage is Stage.RUNNING

    @rule(
        event=st.sampled_from(sorted(EVENTS.values(), key=lambda f: str(f))),
        seconds=st.floats(0, 4000),
        who=st.sampled_from(["ann", "eve"]),
    )
    def something_happens(self, event, seconds, who):
        before = self.case
        given = event(before)
        if isinstance(given, Approved):
            given = Approved(approval=approval(before, who, at=NOON + timedelta(seconds=self.seconds)))
        self.seconds += seconds
        try:
            step = advance(before, given, later(self.seconds))
        except IllegalMove:
            return
        if step.case is not None:
            assert before.stage not in FINAL or step.case.stage is before.stage
            if Run() in step.commands and before.stage is Stage.WAITING:
                assert step.case.approvals, "only an approval makes a parked case run under these policies"
            self.case = step.case

    @invariant()
    def only_the_permitted_runs(self):
        if getattr(self, "case", None) and self.case.stage in (Stage.RUNNING, Stage.COMMITTING):
            quiet = self.case.decision.verdict is Verdict.ALLOW
            assert quiet or any(a.person == "ann" and a.seal == self.case.seal for a in self.case.approvals)


TestAnyPlay = AnyPlay.TestCase
TestAnyPlay.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)


def test_notifications_carry_an_occasion_and_nothing_of_the_program():
    assert Notify(occasion="asked").__slots__ == ("occasion",)
    assert analysis(WRITE).effects
