"""What a step says: the ledger has digests of what an agent writes, people have a sentence that names what decided."""

from __future__ import annotations

import dataclasses
import json

import pytest

from guard import outcomes
from guard.model import Ending, Execution, Shortage, Verdict
from tests import build


def test_the_ledger_has_digests_of_what_an_agent_writes_and_not_its_words():
    case = build.case(build.WRITE)
    secret = "hunter2"
    told = dataclasses.replace(
        case, submission=dataclasses.replace(case.submission, code=secret, intent=secret, arguments=secret, extra=secret)
    )
    ran = Execution(ending=Ending.EXITED, exit_code=0, stdout=secret, stderr=secret, result=secret)
    for event in (outcomes.submitted(told), outcomes.decided(told), outcomes.ran("run.ended", told, ran)):
        assert secret not in json.dumps(event.data)
    assert outcomes.submitted(told).data["intent"] == outcomes.digest_of(secret)
    assert outcomes.ran("run.ended", told, ran).data["result"] == outcomes.digest_of(secret)


def test_an_event_of_a_case_that_has_no_number_yet_names_none():
    case = build.case(build.WRITE)
    assert outcomes.record("x", dataclasses.replace(case, id=0)).case is None
    assert outcomes.record("x", dataclasses.replace(case, id=7)).case == 7


def test_a_denial_says_what_decided_it():
    case = build.case(build.WRITE)
    decision = dataclasses.replace(case.decision, verdict=Verdict.DENY)

    def said(**changes):
        return outcomes.denial(dataclasses.replace(case, decision=dataclasses.replace(decision, **changes)))

    assert "A policy is broken" in said(broken="x")
    assert "nobody to ask here" in said(verdict=Verdict.REVIEW)
    assert said(reasons=()) == "No policy permits it, with any approval that can be had."
    few = said(short=Shortage(people=2, registered=1, teams=("data",)))
    assert few.startswith("It needs 2 people of team data")
    assert "guard person add" in few


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_of_a_program_is_said_in_a_sentence(ending):
    assert outcomes.ending(Execution(ending=ending, exit_code=3)).endswith(".")


def test_what_the_broker_refused_is_said_in_the_outcome_and_in_the_ledger():
    case = build.case(build.WRITE)
    run = Execution(ending=Ending.EXITED, exit_code=0)
    tried = dataclasses.replace(run, traffic=dataclasses.replace(run.traffic, refused=("a", "b", "c", "d")))
    assert outcomes.diverged(dataclasses.replace(case, execution=run)) == {}
    told = dataclasses.replace(case, execution=tried)
    assert outcomes.also_tried(told) == " On the network it tried, and was refused: a; b; c and 1 more."
    assert outcomes.diverged(told) == {"diverged": outcomes.also_tried(told).strip()}
