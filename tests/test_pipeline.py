"""The one place where the order is written: a playbook per story. Which moves are legal is in test_events."""

from __future__ import annotations

import dataclasses

import pytest

from guard.errors import IllegalMove
from guard.events import (
    Answered,
    Approved,
    Asked,
    Claimed,
    Commit,
    Committed,
    Conflicted,
    Edited,
    Escalated,
    Expired,
    Lost,
    Notify,
    NotRun,
    Ran,
    Rejudged,
    Resumed,
    RolledBack,
    Run,
)
from guard.model import Ending, Person, Reached, Stage, Traffic, Verdict
from guard.pipeline import advance, may_roll_back
from tests import build
from tests.build import COMPUTE, DELETE, OPAQUE, READ, WRITE, approval, case, change, execution, later, policies, world
from tests.moves import TRYING, approved, claimed, play, rehearsing, rejected, running

STRICTER = '@id("two") @why("Writing needs two.") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
NEVER = '@id("never") @why("x") forbid (principal, action in Guard::Action::"write", resource);'


def kinds(step):
    return [record.kind for record in step.records]


# --------------------------------------------------------------------------------------------------------------------- stories


def test_a_harmless_program_runs_at_once_and_the_ledger_has_it_first():
    step = advance(None, build.submitted(COMPUTE), world())
    assert step.case is not None
    assert (step.case.stage, step.case.runner) == (Stage.RUNNING, "engine-1")
    assert step.commands == (Run(),)
    assert kinds(step) == ["case.submitted", "case.decided", "run.started"]
    done = advance(step.case, Ran(execution=execution()), world())
    assert done.case is not None
    assert done.case.stage is Stage.DONE
    assert kinds(done) == ["run.ended", "case.closed"]


def test_a_write_waits_is_approved_claimed_run_and_committed():
    of = case(WRITE)
    assert of.stage is Stage.WAITING
    of = play(of, Approved(approval=approval(of)))
    assert of.stage is Stage.WAITING, "approving runs nothing: an engine with the sealed box claims it"
    step = advance(of, claimed(of), world())
    assert step.commands == (Run(),)
    assert step.case is not None
    ran = advance(step.case, Ran(execution=execution(change("modified"))), world())
    assert ran.commands == (Commit(),)
    assert ran.case is not None
    assert ran.case.stage is Stage.COMMITTING
    assert play(ran.case, Committed()).stage is Stage.DONE


def test_a_claim_without_the_approval_moves_nothing():
    of = case(WRITE)
    assert advance(of, claimed(of), world()).case is None


def test_a_denied_program_ends_there_and_says_which_policy():
    step = advance(None, build.submitted(WRITE), world(policies=policies(NEVER)))
    assert step.case is not None
    assert step.case.stage is Stage.DENIED
    assert "never" in step.case.outcome
    assert Run() not in step.commands


def test_with_nobody_to_ask_a_park_is_a_denial_that_says_so():
    """D10: nobody can be asked."""
    step = advance(None, build.submitted(WRITE), world(parks=False))
    assert step.case is not None
    assert step.case.stage is Stage.DENIED
    assert "nobody to ask" in step.case.outcome


def test_where_nobody_has_a_key_the_denial_says_how_to_make_one():
    step = advance(None, build.submitted(WRITE), world(people=(Person(name="ann", os_user="ann"),)))
    assert step.case is not None
    assert step.case.stage is Stage.DENIED
    assert "guard person key" in step.case.outcome


def test_a_denial_for_want_of_people_says_how_many_of_which_team_are_missing():
    two = '@id("two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    outcome = case(WRITE, at=world(policies=policies(two), people=(build.signing("ann"),))).outcome
    assert outcome.startswith("It needs 2 people who may approve it, and only 1 of those registered may (`guard person add`")
    assert outcome.endswith(" Until then it is forbidden by two.")


def test_what_is_too_deep_to_be_asked_about_is_a_denial_that_says_so():
    step = advance(None, build.submitted(build.effect("fs.write", "File", "a/" * 20_000 + "x")), world())
    assert step.case is not None
    assert step.case.stage is Stage.DENIED
    assert "levels deep" in step.case.outcome


def test_one_rejection_is_final_and_its_reason_is_kept():
    of = play(case(WRITE), rejected(reason="archive instead"))
    assert (of.stage, of.rejection and of.rejection.reason) == (Stage.REJECTED, "archive instead")


def test_a_stranger_rejects_nothing_and_the_ledger_knows():
    step = advance(case(WRITE), rejected("eve"), world())
    assert step.case is None
    assert kinds(step) == ["rejection.refused"]


def test_an_approval_that_does_not_count_leaves_a_record_and_nothing_else():
    of = case(WRITE)
    step = advance(of, Approved(approval=approval(of, seal="0" * 64)), world())
    assert step.case is None
    assert kinds(step) == ["approval.refused"]


def test_time_over_is_expired_and_nobodys_refusal():
    """D11."""
    of = case(WRITE)
    with pytest.raises(IllegalMove):
        advance(of, Expired(), later(3599))
    over = play(of, Expired(), at=later(3600))
    assert over.stage is Stage.EXPIRED
    assert "not a refusal" in over.outcome


def test_a_ready_case_that_nobody_claimed_in_time_expires_instead_of_running():
    of = approved(WRITE)
    assert play(of, claimed(of), at=later(3600)).stage is Stage.EXPIRED


def test_a_stricter_policy_between_approval_and_run_holds_the_run():
    """D6: the policies change: decided again."""
    of = approved(WRITE)
    step = advance(of, claimed(of), world(policies=policies(STRICTER)))
    assert step.case is None or step.case.stage is Stage.WAITING
    assert Run() not in step.commands


def test_a_looser_policy_lets_a_waiting_case_run_without_its_approval():
    loose = '@id("writes-run") @why("x") permit (principal, action in Guard::Action::"write", resource);'
    of, at = case(WRITE), world(policies=policies(loose))
    of = play(of, Rejudged(), at=at)
    assert of.decision.verdict is Verdict.ALLOW
    assert play(of, claimed(of), at=at).stage is Stage.RUNNING


def test_a_new_policy_that_forbids_denies_what_waits():
    assert play(approved(WRITE), Rejudged(), at=world(policies=policies(NEVER))).stage is Stage.DENIED


def test_a_module_that_changed_after_the_approval_voids_it():
    of = approved(WRITE)
    other = dataclasses.replace(of.analysis, modules=(("helper.py", "1" * 64),))
    step = advance(of, Claimed(analysis=other), world())
    assert step.case is not None
    assert (step.case.stage, step.case.approvals) == (Stage.WAITING, ())
    assert "seal.changed" in kinds(step)
    assert Run() not in step.commands


def test_a_program_that_fails_commits_nothing():
    of = play(running(WRITE), Ran(execution=execution(change("modified"), exit_code=1)))
    assert of.stage is Stage.FAILED
    assert "No change was kept" in of.outcome


@pytest.mark.parametrize("ending", [e for e in Ending if e is not Ending.EXITED])
def test_every_other_ending_commits_nothing_and_is_told_apart(ending):
    of = play(running(WRITE), Ran(execution=execution(change("modified"), ending=ending)))
    assert of.stage is Stage.FAILED
    assert of.outcome != play(running(WRITE), Ran(execution=execution(exit_code=1))).outcome


def test_a_change_that_was_not_granted_is_a_divergence_and_nothing_is_kept():
    of = play(running(WRITE), Ran(execution=execution(change("modified"), change("deleted", "b.txt"))))
    assert of.stage is Stage.FAILED
    assert "fs.delete b.txt" in of.outcome


def test_an_allowed_reader_that_writes_keeps_nothing():
    step = advance(None, build.submitted(READ), world())
    assert step.case is not None
    assert play(step.case, Ran(execution=execution(change("created", "new")))).stage is Stage.FAILED


def test_an_approved_opaque_program_gets_only_what_its_visible_effects_were_granted():
    assert play(running(OPAQUE), Ran(execution=execution(change("created", "new")))).stage is Stage.FAILED


def test_what_is_never_committed_is_a_divergence():
    change_set = build.ChangeSet(changes=(change("modified"),), refused=("a FIFO named pipe",))
    of = play(running(WRITE), Ran(execution=dataclasses.replace(execution(), change_set=change_set)))
    assert of.stage is Stage.FAILED
    assert "a FIFO named pipe" in of.outcome


TRIED = Traffic(refused=("http.get evil.example:80: it was not approved",))


@pytest.mark.parametrize("changes", [(), (change("modified"),)])
def test_a_refused_request_ends_nothing_and_is_in_the_outcome_and_the_ledger(changes):
    step = advance(running(WRITE), Ran(execution=execution(*changes, traffic=TRIED)), world())
    assert step.case is not None
    last = advance(step.case, Committed(), world()) if changes else step
    assert last.case is not None
    assert last.case.stage is Stage.DONE
    assert last.case.outcome.endswith("On the network it tried, and was refused: http.get evil.example:80: it was not approved.")
    assert "evil.example" in next(r for r in last.records if r.kind == "case.closed").data["diverged"]
    assert next(r for r in step.records if r.kind == "run.ended").data["not_let_out"] == list(TRIED.refused)


def test_a_program_that_failed_after_a_refused_request_says_both():
    of = play(running(WRITE), Ran(execution=execution(exit_code=1, traffic=TRIED)))
    assert "exit code 1" in of.outcome
    assert "evil.example" in of.outcome


def test_what_was_reached_is_in_the_ledger_with_its_counts():
    traffic = Traffic(reached=(Reached(endpoint="a.example:443", requests=2, sent=10, received=20),))
    step = advance(running(WRITE), Ran(execution=execution(traffic=traffic)), world())
    assert next(r for r in step.records if r.kind == "run.ended").data["reached"] == [["a.example:443", 2, 10, 20]]


def test_a_policy_that_closes_a_path_between_run_and_commit_holds_the_commit():
    step = advance(running(WRITE), Ran(execution=execution(change("modified"))), world(policies=policies(NEVER)))
    assert step.case is not None
    assert step.case.stage is Stage.FAILED
    assert Commit() not in step.commands


def test_a_conflict_keeps_nothing_and_names_the_paths():
    of = play(running(WRITE), Ran(execution=execution(change("modified"))), Conflicted(conflicts=("a.txt was changed",)))
    assert of.stage is Stage.FAILED
    assert "a.txt was changed" in of.outcome


def test_a_run_whose_engine_died_is_interrupted_and_never_run_again():
    of = play(running(WRITE), Lost())
    assert of.stage is Stage.INTERRUPTED
    with pytest.raises(IllegalMove):
        advance(of, claimed(of), world())


def test_a_commit_whose_engine_died_is_rolled_forward_by_another():
    of = play(running(WRITE), Ran(execution=execution(change("modified"))))
    step = advance(of, Resumed(left_by=of.runner), world(engine="engine-2"))
    assert step.case is not None
    assert (step.case.stage, step.case.runner, step.commands) == (Stage.COMMITTING, "engine-2", (Commit(),))


def test_a_box_that_could_not_be_built_is_a_failure_that_says_nothing_ran():
    assert "not run" in play(running(WRITE), NotRun(why="no bwrap")).outcome


def test_a_commit_can_be_rolled_back_once_by_somebody_who_may():
    of = play(running(DELETE), Ran(execution=execution(change("deleted"))), Committed())
    assert may_roll_back(of, "ann", world()) is None
    assert may_roll_back(of, "eve", world()) is not None
    undone = play(of, RolledBack(person="ann"))
    assert undone.stage is Stage.DONE
    assert undone.rolled_back.startswith("ann")
    with pytest.raises(IllegalMove):
        advance(undone, RolledBack(person="ann"), world())


def test_an_edited_case_is_superseded_and_names_its_successor():
    of = play(case(WRITE), Edited(successor=119, person="bea"))
    assert (of.stage, of.successor, of.outcome) == (Stage.SUPERSEDED, 119, "bea edited it: case 0119.")


def test_the_ledger_has_the_exact_code_by_digest_on_every_path():
    for step in (advance(None, build.submitted(WRITE), world()), advance(None, build.submitted(WRITE), world(policies=policies(NEVER)))):
        assert step.records[0].data["code"] == build.submission().code_digest
        assert step.records[1].data["policies"]


# ------------------------------------------------------------------------------------------------------------------- rehearsals


def test_a_program_of_files_alone_is_tried_in_the_box_before_anybody_is_asked():
    step = advance(None, build.submitted(WRITE), TRYING)
    assert step.case is not None
    assert (step.case.stage, step.commands) == (Stage.REHEARSING, (Run(),))
    assert kinds(step) == ["case.submitted", "case.decided", "rehearsal.started"]


def test_an_edit_that_was_taken_in_where_there_is_no_box_is_tried_by_the_engine_that_has_one_unless_somebody_approved_it_untried():
    edited = case(WRITE, at=world(policies=policies(rehearsals=True), runs=False), submission=build.submission(parent=1, edited_by="ann"))
    assert (edited.stage, edited.rehearsed) == (Stage.WAITING, False)
    step = advance(edited, claimed(edited), TRYING)
    assert step.case.stage is Stage.REHEARSING
    assert kinds(step) == ["rehearsal.started"]
    assert advance(edited, claimed(edited), world()).case is None, "the policies do not let it be tried"
    kept = play(edited, Approved(approval=approval(edited)), at=TRYING)
    assert play(kept, claimed(kept), at=TRYING).stage is Stage.RUNNING


def test_what_was_rehearsed_is_approved_and_committed_without_running_again():
    of = play(rehearsing(WRITE), Ran(execution=execution(change("modified"))), at=TRYING)
    assert of.stage is Stage.WAITING
    assert not of.answerable, "nothing of a rehearsal reaches the model before the case is permitted"
    of = play(of, Approved(approval=approval(of)), at=TRYING)
    step = advance(of, claimed(of), TRYING)
    assert step.commands == (Commit(),)
    assert step.case is not None
    assert step.case.stage is Stage.COMMITTING
    assert play(step.case, Committed(), at=TRYING).answerable


def test_after_a_rehearsal_the_exact_changes_are_asked_and_sealed():
    one = play(rehearsing(OPAQUE), Ran(execution=execution(change("deleted", "b.txt"))), at=TRYING)
    two = play(rehearsing(OPAQUE), Ran(execution=execution(change("deleted", "c.txt"))), at=TRYING)
    assert [e.key for e in one.decision.effects] == ["fs.delete File::/work/project/b.txt", "answer Run::run"]
    assert one.seal != two.seal
    printed = play(rehearsing(OPAQUE), Ran(execution=execution(change("deleted", "b.txt"), stdout="other")), at=TRYING)
    assert printed.seal != one.seal


def test_an_opaque_program_that_changed_nothing_is_done_and_bothered_nobody():
    of = play(rehearsing(OPAQUE), Ran(execution=execution()), at=TRYING)
    assert (of.stage, of.answerable) == (Stage.DONE, True)


def test_what_was_predicted_and_did_not_come_true_stays_in_with():
    careful = '@id("c") @why("x") forbid (principal, action == Guard::Action::"answer", resource) when { context.with.contains("opaque") } unless { context.approvals >= 1 };'
    at = world(policies=policies(careful, rehearsals=True))
    of = play(case(OPAQUE, at=at), Ran(execution=execution()), at=at)
    assert of.stage is Stage.WAITING
    of = play(of, Approved(approval=approval(of)), at=at)
    assert play(of, claimed(of), at=at).stage is Stage.DONE


def test_a_rehearsal_that_fails_answers_if_its_answer_is_permitted_and_keeps_nothing():
    of = play(rehearsing(WRITE), Ran(execution=execution(change("modified"), exit_code=1)), at=TRYING)
    assert (of.stage, of.answerable) == (Stage.FAILED, True)
    closed = '@id("c") @why("x") forbid (principal, action == Guard::Action::"answer", resource) unless { context.approvals >= 1 };'
    at = world(policies=policies(closed, rehearsals=True))
    of = play(case(WRITE, at=at), Ran(execution=execution(exit_code=1)), at=at)
    assert (of.stage, of.answerable) == (Stage.FAILED, False)


def test_a_rehearsal_with_changes_that_are_forbidden_is_denied_and_tells_the_model_nothing():
    closed = '@id("c") @why("x") forbid (principal, action == Guard::Action::"fs.delete", resource);'
    at = world(policies=policies(closed, rehearsals=True))
    of = play(case(OPAQUE, at=at), Ran(execution=execution(change("deleted"))), at=at)
    assert (of.stage, of.answerable) == (Stage.DENIED, False)


def test_a_rehearsal_whose_changes_are_permitted_is_committed_at_once():
    writes = '@id("w") @why("x") permit (principal, action in Guard::Action::"write", resource);'
    at = world(policies=policies(writes, rehearsals=True))
    assert play(case(OPAQUE, at=at), Ran(execution=execution(change("created"))), at=at).stage is Stage.COMMITTING


def test_programs_with_network_or_secrets_are_not_rehearsed():
    for other in (build.REMOTE_DELETE, build.effect("secret.read", "File", ".env"), build.effect("sql.select", "Table", "db/t")):
        assert case(WRITE, other, at=TRYING).stage is Stage.WAITING
    assert case(WRITE, facts=build.WRAPPED, at=TRYING).stage is Stage.WAITING


def test_a_conflict_rehearses_again_and_asks_again():
    of = play(rehearsing(WRITE), Ran(execution=execution(change("modified"))), at=TRYING)
    of = play(of, Approved(approval=approval(of)), at=TRYING)
    of = play(of, claimed(of), Conflicted(conflicts=("a.txt was changed",)), at=TRYING)
    assert (of.stage, of.approvals, of.rehearsed, of.execution) == (Stage.REHEARSING, (), False, None)


def test_a_rehearsal_whose_engine_died_is_tried_again_by_one_with_the_same_box():
    of = rehearsing(WRITE)
    step = advance(of, Resumed(left_by=of.runner), dataclasses.replace(TRYING, engine="engine-2"))
    assert step.commands == (Run(),)
    assert step.case is not None
    assert step.case.runner == "engine-2"


NO_MORE = dataclasses.replace(TRYING, policies=policies())
"""Rehearsals are forbidden meanwhile."""


def test_after_a_conflict_it_is_tried_again_only_if_that_may_still_be():
    of = play(rehearsing(WRITE), Ran(execution=execution(change("modified"))), at=TRYING)
    of = play(of, Approved(approval=approval(of)), at=TRYING)
    step = advance(play(of, claimed(of), at=TRYING), Conflicted(conflicts=("a.txt was changed",)), NO_MORE)
    assert step.case is not None
    assert (step.case.stage, step.case.approvals, step.case.execution) == (Stage.WAITING, (), None)
    assert step.commands == (Notify(occasion="asked"),)


def test_a_rehearsal_whose_engine_died_is_not_tried_again_where_that_is_forbidden_by_now():
    of = rehearsing(WRITE)
    step = advance(of, Resumed(left_by=of.runner), NO_MORE)
    assert step.case is not None
    assert (step.case.stage, step.commands) == (Stage.WAITING, (Notify(occasion="asked"),))


def test_with_nobody_to_ask_a_rehearsal_still_decides():
    at = dataclasses.replace(TRYING, parks=False)
    assert play(case(OPAQUE, at=at), Ran(execution=execution()), at=at).stage is Stage.DONE
    denied = play(case(OPAQUE, at=at), Ran(execution=execution(change("deleted"))), at=at)
    assert (denied.stage, denied.answerable) == (Stage.DENIED, False)


def test_an_escalation_step_is_taken_once_calls_the_next_and_voids_no_approval():
    of = approved(WRITE)
    step = advance(of, Escalated(minutes=20), world())
    assert step.commands == (Notify(occasion="waiting"),)
    assert step.case is not None
    assert (step.case.escalated, step.case.approvals, step.case.seal) == (20, of.approvals, of.seal)
    for minutes in (10, 20):
        with pytest.raises(IllegalMove):
            advance(step.case, Escalated(minutes=minutes), world())


def test_one_more_than_may_wait_is_denied_and_says_so_and_what_needs_nobody_runs():
    at = world(waiting=20)
    denied = advance(None, build.submitted(WRITE), at)
    assert denied.case is not None
    assert (denied.case.stage, denied.case.answerable) == (Stage.DENIED, False)
    assert "wait already as may wait at once (20)" in denied.case.outcome
    assert case(WRITE, at=world(waiting=19)).stage is Stage.WAITING
    assert case(COMPUTE, at=at).stage is Stage.RUNNING
    tried = world(waiting=20, policies=policies(rehearsals=True))
    assert case(WRITE, at=tried).stage is Stage.DENIED, "nor is it tried"


def test_an_edit_takes_the_place_of_what_waits():
    edited = build.submission(parent=1, edited_by="ann")
    assert case(WRITE, at=world(waiting=20), submission=edited).stage is Stage.WAITING


# -------------------------------------------------------------------------------------------------------- questions to the agent


def test_a_question_and_its_answer_move_neither_seal_nor_decision_nor_time_nor_approvals():
    of = case(WRITE, at=world(policies=policies(STRICTER)))
    of = play(of, Approved(approval=approval(of)), at=world(policies=policies(STRICTER)))
    asked = advance(of, Asked(person="bea", text="why this file?"), later(60, policies=policies(STRICTER)))
    assert asked.case is not None
    assert (asked.commands, kinds(asked)) == ((), ["case.asked"])
    assert [said.text for said in asked.case.asked] == ["why this file?"]
    answered = advance(asked.case, Answered(text="the user wants it"), later(120, policies=policies(STRICTER)))
    assert answered.case is not None
    assert (answered.commands, kinds(answered)) == ((), ["case.answered"]), "nobody is notified"
    assert dataclasses.replace(answered.case, exchange=(), updated_at=of.updated_at) == of
    assert answered.case.replied
    assert not answered.case.asked


def test_the_ledger_has_what_a_person_asked_and_of_the_agents_words_their_digest():
    asked = advance(case(WRITE), Asked(person="ann", text="why?"), world())
    assert asked.case is not None
    assert asked.records[0].data == {"person": "ann", "text": "why?"}
    answered = advance(asked.case, Answered(text="hunter2"), world())
    assert "hunter2" not in str(answered.records)
    assert answered.records[0].data["characters"] == 7


def test_an_agent_answers_all_that_was_asked_once_and_says_nothing_unasked():
    unasked = advance(case(WRITE), Answered(text="let me explain"), world())
    assert unasked.refused is not None
    assert (unasked.case, unasked.refused.code) == (None, "not-asked")
    of = play(case(WRITE), Asked(person="ann", text="why?"), Asked(person="bea", text="what for?"))
    assert [said.person for said in of.asked] == ["ann", "bea"]
    again = advance(play(of, Answered(text="x")), Answered(text="y"), world())
    assert (again.case, again.refused and again.refused.code) == (None, "not-asked")


def test_only_who_may_say_no_may_ask_and_a_refused_question_is_in_the_ledger():
    step = advance(case(WRITE), Asked(person="eve", text="why?"), world())
    assert step.refused is not None
    assert (step.case, step.refused.code, kinds(step)) == (None, "unknown-person", ["question.refused"])
    mine = '@id("not-ann") @why("x") forbid (principal == Guard::Person::"ann", action == Guard::Action::"approve", resource);'
    step = advance(case(WRITE), Asked(person="ann", text="why?"), world(policies=policies(mine)))
    assert (step.case, step.refused and step.refused.code) == (None, "not-eligible")


def test_questions_are_counted_and_the_eleventh_is_refused():
    of = case(WRITE)
    for _ in range(10):
        of = play(of, Asked(person="ann", text="why?"), Answered(text="because"))
    step = advance(of, Asked(person="bea", text="why?"), world())
    assert (step.case, step.refused and step.refused.code) == (None, "too-many")


def test_after_its_time_a_case_takes_neither_question_nor_answer():
    of = play(case(WRITE), Asked(person="ann", text="why?"))
    for event in (Asked(person="ann", text="why?"), Answered(text="because")):
        step = advance(of, event, later(3600))
        assert (step.case, step.refused and step.refused.code) == (None, "expired")


def test_the_agent_is_not_asked_about_a_text_that_a_person_wrote():
    of = case(WRITE, submission=build.submission(parent=1, edited_by="bea"))
    step = advance(of, Asked(person="ann", text="why?"), world())
    assert (step.case, step.refused and step.refused.code) == (None, "edited")


def test_a_question_without_an_answer_holds_up_nothing():
    of = play(case(WRITE), Asked(person="bea", text="why?"))
    of = play(of, Approved(approval=approval(of)))
    ran = play(of, claimed(of))
    assert ran.stage is Stage.RUNNING
    assert not ran.asked, "it waits no longer, so nothing is asked any more"
