"""What a person may answer: a yes counts for one seal, from somebody who may say it, once."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from guard import standing_grants
from guard.model import Agent, Limits, Stage, Standing
from guard.pipeline import question
from guard.policy import load
from guard.review import check, check_grant, counting, may_act, may_reject, seal
from tests import build
from tests.build import ANN, DELETE, NOON, POLICIES, REMOTE_DELETE, WRITE, approval, case, policies, signing, world


def answer(given, of=None, at=None):
    of, at = of or case(WRITE), at or world()
    refused = check(given, of, question(of, at), at.policies)
    return refused.code if refused else ""


def test_a_signed_yes_of_somebody_eligible_counts():
    assert answer(approval(case(WRITE))) == ""


REFUSED = {
    "other-seal": lambda of: approval(of, seal="0" * 64),
    "unknown-person": lambda of: approval(of, "eve"),
    "from-the-future": lambda of: approval(of, at=NOON + timedelta(minutes=5)),
    "unattended": lambda of: approval(of, sign=False),
    "other-key": lambda of: dataclasses.replace(approval(of), key=build.signer("bea").public),
    "bad-signature": lambda of: dataclasses.replace(approval(of), shown="everything, honestly"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_an_answer_that_does_not_count_says_why(code):
    of = case(WRITE)
    assert answer(REFUSED[code](of), of) == code


def test_an_approval_of_another_case_is_refused():
    given = approval(case(WRITE), case=7)
    assert answer(given) == "other-case"


def test_a_signature_of_bea_does_not_make_ann_approve():
    forged = build.signer("bea").sign(dataclasses.replace(approval(case(WRITE)), person="ann"))
    assert answer(forged) == "other-key"


def test_an_attended_mark_without_a_signature_is_refused():
    assert answer(dataclasses.replace(approval(case(WRITE)), signature="")) == "bad-signature"


def test_nobody_approves_twice():
    of = case(WRITE)
    assert answer(approval(of), dataclasses.replace(of, approvals=(approval(of),))) == "twice"


def test_a_settled_case_takes_no_answer():
    of = dataclasses.replace(case(WRITE), stage=Stage.REJECTED)
    assert answer(approval(of), of) == "settled"


def test_an_expired_case_takes_no_answer_and_a_clock_that_moves_back_is_not_asked():
    assert answer(approval(case(WRITE)), at=build.later(3600)) == "expired"


def test_a_loss_that_cannot_be_restored_must_be_accepted_by_name():
    of = case(DELETE, REMOTE_DELETE)
    assert answer(approval(of), of) == ""
    assert answer(approval(of, losses=()), of) == "loss-not-accepted"
    assert answer(approval(of, losses=(DELETE.key,)), of) == "loss-not-accepted"


def test_an_unattended_yes_counts_only_where_a_policy_accepts_it_by_name():
    of = case(WRITE)
    assert answer(approval(of, sign=False), of, world(policies=policies(packs=("unattended",)))) == ""


def test_a_policy_may_keep_the_owner_of_the_agent_from_approving():
    owner = '@id("not-the-owner") @why("x") forbid (principal, action == Guard::Action::"approve", resource) when { resource has owner && resource.owner == principal };'
    at = world(policies=policies(owner), agents=(Agent(name="claude", owner="ann"),))
    of = case(WRITE, at=at)
    assert answer(approval(of), of, at) == "not-eligible"
    assert answer(approval(of, "bea"), of, at) == ""


def test_a_policy_may_ask_for_a_fresh_signature():
    fresh = '@id("fresh") @why("x") forbid (principal, action == Guard::Action::"approve", resource) unless { context.now.durationSince(context.signed_at) < duration("15m") };'
    of = case(WRITE)
    kept = dataclasses.replace(of, approvals=(approval(of),))
    soon, late = build.later(600, policies=policies(fresh)), build.later(1200, policies=policies(fresh))
    assert len(counting(kept, question(kept, soon), soon.policies)) == 1
    assert counting(kept, question(kept, late), late.policies) == ()


def test_an_approval_of_somebody_who_was_removed_counts_no_more():
    of = case(WRITE)
    kept = dataclasses.replace(of, approvals=(approval(of),))
    without = world(people=(build.signing("bea"),))
    assert counting(kept, question(kept, without), without.policies) == ()


def test_a_changed_key_voids_what_the_old_one_signed():
    of = case(WRITE)
    kept = dataclasses.replace(of, approvals=(approval(of),))
    other = world(people=(dataclasses.replace(build.signing("ann"), key=build.signer("bea").public),))
    assert counting(kept, question(kept, other), other.policies) == ()


def test_whoever_could_approve_may_reject_without_a_key():
    of = case(WRITE)
    assert may_reject("ann", NOON, question(of, world()), policies()) is None
    stranger = may_reject("eve", NOON, question(of, world()), policies())
    assert stranger is not None
    assert stranger.code == "unknown-person"


SEALED = {
    "code": lambda s: dataclasses.replace(s, submission=build.submission("print(2)")),
    "agent": lambda s: dataclasses.replace(s, submission=build.submission(agent="other")),
    "arguments": lambda s: dataclasses.replace(s, submission=build.submission(arguments='{"a":1}')),
    "tool": lambda s: dataclasses.replace(s, submission=build.submission(tool="other")),
    "workspace": lambda s: dataclasses.replace(s, facts=dataclasses.replace(s.facts, workspace="/work/other")),
    "box": lambda s: dataclasses.replace(s, box=dataclasses.replace(s.box, digest="other")),
    "limits": lambda s: dataclasses.replace(s, box=dataclasses.replace(s.box, limits=Limits(memory_bytes=1 << 31))),
    "modules": lambda s: dataclasses.replace(s, analysis=dataclasses.replace(s.analysis, modules=(("m.py", "0" * 64),))),
    "effects": lambda s: dataclasses.replace(s, analysis=build.analysis(DELETE)),
}


@pytest.mark.parametrize("part", SEALED)
def test_the_seal_changes_with_everything_that_will_happen(part):
    from guard.pipeline import advance

    base = build.submitted(WRITE)
    changed = advance(None, SEALED[part](base), world()).case
    same = advance(None, base, world()).case
    assert changed is not None
    assert same is not None
    assert changed.seal != same.seal
    assert same.seal == case(WRITE).seal


def test_the_seal_does_not_change_with_the_policies_or_the_agents_words():
    stricter = '@id("two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    assert case(WRITE, at=world(policies=policies(stricter))).seal == case(WRITE).seal
    assert case(WRITE, submission=build.submission(intent="trust me")).seal == case(WRITE).seal


def test_the_seal_is_a_sha256():
    of = case(WRITE)
    assert len(seal(submission=of.submission, facts=of.facts, decision=of.decision, grant=of.grant, box=of.box)) == 64


def grant_of(of, person="ann"):
    offered = standing_grants.offers(of)
    assert not isinstance(offered, str)
    (given,) = standing_grants.write(of, [(offered[0], 0)], until=NOON + timedelta(hours=1), uses=3, person=person)
    return given


def grant_answer(given, of=None, at=None):
    of, at = of or case(WRITE), at or world()
    refused = check_grant(given, of, question(of, at), at.policies)
    return refused.code if refused else ""


def test_a_signed_grant_of_somebody_who_may_approve_counts():
    assert grant_answer(build.signer("ann").sign_grant(grant_of(case(WRITE)))) == ""


SIGNED = build.signer("ann").sign_grant(grant_of(case(WRITE)))
GRANTS_REFUSED = {
    "unattended": grant_of(case(WRITE)),
    "unknown-person": build.signer("eve").sign_grant(grant_of(case(WRITE), "eve")),
    "other-key": build.signer("bea").sign_grant(grant_of(case(WRITE))),
    "bad-signature": dataclasses.replace(SIGNED, left=1000),
}


@pytest.mark.parametrize("code", GRANTS_REFUSED)
def test_a_grant_that_nobody_eligible_gave_is_refused_with_the_reason(code):
    assert grant_answer(GRANTS_REFUSED[code]) == code


@pytest.mark.parametrize("fields", [{"text": "permit (principal, action, resource);"}, {"until": NOON + timedelta(days=300)}, {"case": 7}])
def test_the_signature_of_a_grant_is_over_its_text_its_end_and_its_case(fields):
    assert grant_answer(dataclasses.replace(SIGNED, **fields)) == "bad-signature"


def test_no_grant_is_given_from_a_case_that_is_over():
    of = dataclasses.replace(case(WRITE), stage=Stage.REJECTED)
    assert grant_answer(SIGNED, of) == "settled"
    assert grant_answer(SIGNED, at=build.later(7200)) == "expired"


def test_unattended_grants_count_only_under_the_policy_that_says_so():
    assert grant_answer(grant_of(case(WRITE)), at=world(policies=policies(packs=("unattended",)))) == ""


GIVEN = Standing(id="g", text="", until=NOON, left=1, case=1, person="ann")


@pytest.mark.parametrize(("action", "on"), [("remove", ANN), ("revoke", GIVEN)])
def test_by_default_whoever_is_registered_may_take_people_out_and_grants_back(action, on):
    people = (signing("ann"), signing("bea", teams=("security",)))
    assert may_act("bea", action, on, people, policies()) is None
    stranger = may_act("eve", action, on, people, policies())
    assert stranger is not None
    assert stranger.code == "unknown-person"
    team = f'@id("security-alone") @why("x") forbid (principal, action == Guard::Action::"{action}", resource) unless {{ principal in Guard::Team::"security" }};'
    assert may_act("bea", action, on, people, policies(team)) is None
    refused = may_act("ann", action, on, people, policies(team))
    assert refused is not None
    assert (refused.code, "security-alone" in refused.why) == ("not-eligible", True)


def test_broken_policies_keep_people_in_and_let_grants_be_taken_back():
    broken = dataclasses.replace(policies(), broken="team.cedar:14")
    assert may_act("ann", "revoke", GIVEN, (signing("ann"),), broken) is None
    refused = may_act("ann", "remove", ANN, (signing("ann"),), broken)
    assert refused is not None
    assert refused.code == "broken-policy"


def test_a_schema_that_does_not_know_the_action_refuses_it():
    files = dict(load.read(POLICIES))
    old = "\n".join(line for line in files["schema.cedarschema"].splitlines() if '"remove"' not in line)
    default = files["default.cedar"].partition('@id("people-may-remove-people")')[0]
    before = load.load((("default.cedar", default), ("schema.cedarschema", old)))
    refused = may_act("ann", "remove", ANN, (signing("ann"),), before)
    assert refused is not None
    assert refused.code == "broken-policy"
