"""What the model is told at each stage, and above all what it is not told."""

from __future__ import annotations

import dataclasses
import json

import pytest

from guard.events import Answered, Asked, Expired, Lost, NotRun, Ran, Rejected
from guard.front.answers import UNKNOWN_TICKET, answer, answered
from guard.model import ChangeSet, Ending, Execution, Rejection, Stage, Verdict
from guard.pipeline import advance
from tests import build

SECRET = "what-the-run-printed"


def after(case, event, world=None):
    step = advance(case, event, world or build.world())
    assert step.case is not None
    return step.case


def ran(case, **fields: object):
    return after(case, Ran(execution=build.execution(**{"stdout": SECRET, **fields})))


def all_text(reply) -> str:
    return "\n".join(reply.texts) + json.dumps(reply.fields)


def test_a_parked_case_says_that_it_is_parked_what_is_owed_and_how_to_fetch_the_result() -> None:
    case = build.case(build.DELETE, analysis=build.analysis(build.DELETE))
    reply = answer(case)
    assert reply.failed
    (text,) = reply.texts
    assert text.startswith("Not run yet: it is parked. Case 0118 waits for 1 person and a backup, because it deletes a.txt")
    assert f'guard_wait(ticket="{case.ticket}")' in text
    assert "do not resubmit" in text
    assert "It expires at 2026-11-22 13:00 UTC" in text
    assert reply.fields["stage"] == "waiting"
    assert reply.fields["owed"] == "1 person and a backup"
    assert reply.fields["expires_at"] == "2026-11-22T13:00:00+00:00"
    assert not reply.fields["final"]
    assert {"kind": "fs.delete", "resource": "File a.txt", "exact": True} in reply.fields["effects"]


def test_of_the_policies_only_ids_are_told() -> None:
    reply = answer(build.case(build.DELETE))
    assert any("destroying-needs-a-backup" in reason["policies"] for reason in reply.fields["reasons"])
    assert "What is destroyed must be restorable" not in all_text(reply)


def test_a_forbidden_program_is_told_which_policies_and_that_no_approval_helps() -> None:
    world = build.world(
        policies=build.policies('@id("nothing-is-deleted") @why("w") forbid (principal, action == Guard::Action::"fs.delete", resource);')
    )
    reply = answer(build.case(build.DELETE, at=world))
    assert reply.failed
    assert reply.texts == ("Not run, and no approval can change that: it is forbidden by nothing-is-deleted.",)


def test_where_nobody_can_be_asked_the_denial_says_so_and_names_no_ticket_to_wait_for() -> None:
    reply = answer(build.case(build.WRITE, at=build.world(parks=False)))
    assert reply.failed
    assert "there is nobody to ask here" in reply.texts[0]
    assert "1 person" in reply.texts[0]
    assert "guard_wait" not in reply.texts[0]


def test_a_broken_policy_is_said_without_its_text() -> None:
    broken = dataclasses.replace(build.policies(), broken="team.cedar:14: secret-rule-text")
    reply = answer(build.case(build.READ, at=build.world(policies=broken)))
    assert "A policy here is broken" in reply.texts[0]
    assert "secret-rule-text" not in all_text(reply)


def test_of_an_edited_program_it_is_told_that_its_own_text_did_not_run_and_which_did() -> None:
    edited = build.case(build.READ, submission=build.submission("print('edited')", parent=117, edited_by="ann"))
    reply = answer(ran(edited))
    assert reply.texts[-1].startswith("A person changed the program before it ran. The text that ran is in `ran`; your text did not run.")
    assert reply.fields["ran"] == "print('edited')"
    assert answer(ran(build.case(build.READ))).fields["ran"] is None
    waiting = answer(build.case(build.WRITE, submission=build.submission("secret = 'edited'", parent=117, edited_by="ann")))
    assert "what is decided on is the edited one, case 0118. Your text will not run." in waiting.texts[0]
    assert "secret =" not in all_text(waiting), "it is told once it may be"


def test_a_rejection_is_final_and_quotes_the_person() -> None:
    case = build.case(build.WRITE)
    rejected = after(case, Rejected(rejection=Rejection(case=118, person="ann", at=build.NOON, reason="archive it instead")))
    text = answer(rejected).texts[0]
    assert "A person rejected case 0118: “archive it instead”." in text
    assert "ann " not in text


def test_a_question_is_told_in_quotes_with_the_way_to_answer_and_without_who_asks() -> None:
    asked = after(after(build.case(build.WRITE), Asked(person="ann", text="why?")), Asked(person="bea", text="what for?"))
    reply = answer(asked)
    (text,) = reply.texts
    assert text.startswith("A person asks about case 0118: “why?” “what for?”. Answer with guard_answer(ticket=")
    assert "the program still waits" in text
    assert not {"ann", "bea"} & set(text.replace('"', " ").split())
    assert reply.fields["asked"] == ["why?", "what for?"]
    kept = answered(after(asked, Answered(text="because")))
    assert not kept.failed
    assert "Your answer is kept with case 0118" in kept.texts[0]
    assert "it is parked" in kept.texts[0]
    assert kept.fields["asked"] == []


def test_an_answer_that_is_not_taken_says_why_and_where_the_case_is() -> None:
    reply = answered(build.case(build.WRITE), "Nobody asked.")
    assert reply.failed
    assert reply.texts[0].startswith("Your answer was not taken. Nobody asked. Not run yet: it is parked.")


def test_a_question_about_a_rehearsal_tells_nothing_else_of_it() -> None:
    trying = build.world(policies=build.policies(rehearsals=True))
    case = after(build.case(build.OPAQUE, at=trying), Ran(execution=build.execution(build.change("deleted"), stdout=SECRET)), trying)
    asked = answer(after(case, Asked(person="ann", text="why?"), trying))
    assert SECRET not in all_text(asked)
    assert asked.fields["owed"] == "a person's approval"


def test_an_expiry_is_not_called_a_refusal() -> None:
    text = answer(after(build.case(build.WRITE), Expired(), build.later(3600))).texts[0]
    assert "Nobody answered case 0118 before 2026-11-22 13:00 UTC. This is not a refusal." in text


def test_a_program_that_ended_well_gives_its_output_and_is_no_error() -> None:
    reply = answer(ran(build.case(build.READ), stderr="a warning"))
    assert not reply.failed
    assert reply.texts == (SECRET, "[stderr]\na warning", "[case 0118, exit code 0] It ran, and changed no file.")
    assert (reply.fields["stdout"], reply.fields["stderr"], reply.fields["exit_code"]) == (SECRET, "a warning", 0)


def test_a_program_that_failed_gives_its_output_and_says_that_no_change_was_kept() -> None:
    changes = ChangeSet(changes=(build.change("modified"),))
    reply = answer(ran(build.case(), exit_code=3, change_set=changes))
    assert reply.failed
    assert SECRET in reply.texts[0]
    assert "exit code 3" in reply.texts[-1]
    assert "No change was kept" in reply.texts[-1]
    assert reply.fields["changed"] == []


def test_a_program_that_went_beyond_what_was_approved_says_that_no_change_was_kept() -> None:
    reply = answer(ran(build.case(build.READ), change_set=ChangeSet(changes=(build.change("deleted"),))))
    assert reply.failed
    assert "No change was kept" in reply.texts[-1]
    assert reply.fields["changed"] == []


@pytest.mark.parametrize("ending", [Ending.TIMEOUT, Ending.MEMORY, Ending.KILLED])
def test_a_program_that_was_stopped_is_not_said_to_have_exited(ending: Ending) -> None:
    text = answer(ran(build.case(), ending=ending, signal=9, truncated=True)).texts[-1]
    assert f"[case 0118, {ending.value}] Its output was cut." in text


def test_a_program_that_could_not_be_started_is_not_said_to_have_run() -> None:
    text = answer(after(build.case(), NotRun(why="there is no box"))).texts[0]
    assert text == "It was not run: there is no box"


def test_an_interrupted_run_says_so_and_gives_no_output() -> None:
    reply = answer(after(build.case(), Lost()))
    assert reply.failed
    assert "It is not run again by itself" in reply.texts[0]


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.DONE, Stage.FAILED)])
def test_nothing_that_the_run_gave_is_told_unless_the_case_ended_by_running(stage: Stage) -> None:
    run = Execution(
        ending=Ending.EXITED, exit_code=41, stdout=SECRET, stderr=SECRET, change_set=ChangeSet(changes=(build.change("created", SECRET),))
    )
    reply = answer(dataclasses.replace(build.case(build.WRITE), stage=stage, execution=run))
    assert reply.failed
    assert SECRET not in all_text(reply)
    assert reply.fields["exit_code"] is None


def test_thousands_of_effects_are_counted_not_listed() -> None:
    many = [build.effect("fs.read", "File", f"{n}.txt") for n in range(300)]
    fields = answer(build.case(*many)).fields
    assert len(fields["effects"]) == 100
    assert fields["not_listed"] > 200


def test_an_unknown_ticket_gets_no_facts() -> None:
    assert UNKNOWN_TICKET.failed
    assert UNKNOWN_TICKET.fields == {}


# ------------------------------------------------------------------------------------------------------------------ rehearsals


def trying(extra: str = "", **fields: object):
    return build.world(policies=build.policies(extra, rehearsals=True), **fields)


def rehearsed(*effects, stage: Stage = Stage.WAITING, at=None, **run: object):
    """A case after its rehearsal did what `run` says."""
    at = at or trying()
    case = build.case(*effects, at=at)
    assert case.stage is Stage.REHEARSING
    case = after(case, Ran(execution=build.execution(**{"stdout": SECRET, **run})), at)
    assert case.rehearsed
    assert case.stage is stage
    return case


DELETES = {"change_set": ChangeSet(changes=(build.change("deleted", "a.txt"),))}
WRITES = {
    "change_set": ChangeSet(changes=(build.change("created", "b.txt"), build.change("modified", "c.txt"))),
    "stdout": "other",
    "stderr": "x",
}


def endings(case):
    """The case in every stage that it can be told of before it is permitted."""
    no = Rejection(case=118, person="ann", at=build.NOON, reason="no")
    return [case, after(case, Rejected(rejection=no)), after(case, Expired(), build.later(3600))]


def test_two_rehearsals_that_did_different_things_are_told_in_the_same_words() -> None:
    one, other = rehearsed(build.OPAQUE, **DELETES), rehearsed(build.OPAQUE, **WRITES)
    assert one.decision.owed != other.decision.owed
    for a, b in zip(endings(one), endings(other), strict=True):
        assert answer(a) == answer(b)
        assert answer(a).failed


def test_a_case_that_is_being_tried_is_told_to_be_undecided() -> None:
    reply = answer(build.case(build.OPAQUE, at=trying()))
    assert reply.failed
    assert "is not decided yet" in reply.texts[0]


def test_two_failed_rehearsals_are_told_in_the_same_words() -> None:
    one = rehearsed(build.OPAQUE, stage=Stage.FAILED, exit_code=3, **DELETES)
    other = rehearsed(build.OPAQUE, stage=Stage.FAILED, ending=Ending.KILLED, signal=11, stdout="x")
    one, other = (dataclasses.replace(case, withheld=True) for case in (one, other))
    assert answer(one) == answer(other)
    assert "No change was kept" in answer(one).texts[0]


def test_two_rehearsals_that_are_forbidden_for_different_reasons_are_told_in_the_same_words() -> None:
    world = trying(
        '@id("no-deletion") @why("w") forbid (principal, action == Guard::Action::"fs.delete", resource);'
        '@id("no-creation") @why("w") forbid (principal, action == Guard::Action::"fs.create", resource);'
    )
    one, other = (rehearsed(build.OPAQUE, stage=Stage.DENIED, at=world, **run) for run in (DELETES, WRITES))
    assert {p for r in one.decision.reasons for p in r.policies} != {p for r in other.decision.reasons for p in r.policies}
    assert answer(one) == answer(other)
    assert "neither by itself nor by anybody who can be asked here" in answer(one).texts[0]


def test_what_a_rehearsal_did_is_not_told_by_why_it_is_denied() -> None:
    """Where nobody is asked, one that is forbidden and one that only a person could permit end in the same stage."""
    world = trying('@id("no-deletion") @why("w") forbid (principal, action == Guard::Action::"fs.delete", resource);', parks=False)
    one, other = (rehearsed(build.OPAQUE, stage=Stage.DENIED, at=world, **run) for run in (DELETES, WRITES))
    assert (one.decision.verdict, other.decision.verdict) == (Verdict.DENY, Verdict.REVIEW)
    assert answer(one) == answer(other)


def test_where_nobody_can_be_asked_two_rehearsals_are_told_in_the_same_words() -> None:
    one, other = (rehearsed(build.OPAQUE, stage=Stage.DENIED, at=trying(parks=False), **run) for run in (DELETES, WRITES))
    assert answer(one) == answer(other)


def test_once_it_is_permitted_and_committed_the_rehearsed_output_is_given() -> None:
    done = dataclasses.replace(rehearsed(build.OPAQUE, **DELETES), stage=Stage.DONE, outcome="It ran, and changed 1 path of the workspace.")
    reply = answer(done)
    assert not reply.failed
    assert reply.texts[0] == SECRET
    assert reply.fields["changed"] == [{"kind": "deleted", "path": "a.txt"}]


def test_a_program_that_waits_already_is_told_so_and_keeps_its_ticket() -> None:
    case = build.case(build.WRITE)
    reply = answer(case, joined=True)
    assert reply.texts[0].startswith("The same program is already waiting as case 0118. Nothing was added. Not run yet")
    assert case.ticket in reply.texts[0]
    over = after(case, Expired(), build.later(3600))
    assert "already waiting" not in answer(over, joined=True).texts[0]


def test_one_more_than_may_wait_is_told_to_wait_and_not_of_the_number() -> None:
    denied = build.case(build.WRITE, at=build.world(waiting=20))
    reply = answer(denied)
    assert reply.failed
    assert "as many programs of this agent wait already as may wait at once" in reply.texts[0]
    assert "guard_wait" in reply.texts[0]
    assert "nobody to ask" not in reply.texts[0]
