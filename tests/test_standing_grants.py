"""Standing grants: the narrowest sensible permit, as text; never for what destroys or cannot be seen; never past a forbid."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from guard import standing_grants
from guard.decide import decide
from guard.errors import BadInput
from guard.events import Claimed, Rejudged, Run
from guard.model import Resource, ResourceType, Verdict
from guard.pipeline import advance
from guard.policy import load
from tests import build
from tests.build import DELETE, NOON, OPAQUE, WRITE, case, effect, question, world

GET = effect("http.get", "Endpoint", "docs.python.org:443")
UNTIL = NOON + timedelta(hours=1)


def granted(of, rung: int = 0, **fields):
    """The grants of a case, each offer at the same rung."""
    offered = standing_grants.offers(of)
    assert not isinstance(offered, str), offered
    chosen = [(offer, min(rung, len(offer.rungs) - 1)) for offer in offered]
    return standing_grants.write(of, chosen, **{"until": UNTIL, "uses": 10, "person": "ann", **fields})


def policies_with(*grants, extra: str = ""):
    files = {name: text for name, text in load.read(build.POLICIES) if not name.endswith(".toml")}
    files[standing_grants.FILE] = standing_grants.file_text(grants)
    files["team.cedar"] = build.NO_REHEARSALS + extra
    return load.load(tuple(sorted(files.items())))


def test_a_grant_is_one_readable_permit_of_the_narrowest_shape():
    (grant,) = granted(case(GET))
    assert "approved case 0118 and its like until 2026-11-22T13:00:00Z" in grant.text
    assert 'principal == Guard::Agent::"claude"' in grant.text
    assert 'resource == Guard::Endpoint::"docs.python.org:443"' in grant.text
    assert 'action in [Guard::Action::"http.get", Guard::Action::"net.connect"]' in grant.text


def test_what_it_covers_runs_and_the_decision_names_it():
    (grant,) = granted(case(WRITE))
    decision = decide(question(WRITE), policies_with(grant))
    assert (decision.verdict, decision.standing) == (Verdict.ALLOW, (grant.id,))
    assert decide(question(build.READ), policies_with(grant)).standing == (), "a use is taken only where nothing else permits"


@pytest.mark.parametrize(
    "other",
    [effect("fs.write", "File", "b.txt"), effect("fs.delete", "File", "a.txt"), effect("fs.write", "File", "/work/other/a.txt")],
    ids=lambda e: e.key,
)
def test_it_covers_nothing_else(other):
    (grant,) = granted(case(WRITE))
    assert decide(question(other), policies_with(grant)).verdict is Verdict.REVIEW


def test_it_covers_no_other_agent_and_ends_by_itself():
    (grant,) = granted(case(WRITE))
    loaded = policies_with(grant)
    assert decide(question(WRITE, agent=build.Agent(name="other")), loaded).verdict is Verdict.REVIEW
    assert decide(question(WRITE, now=UNTIL), loaded).verdict is Verdict.REVIEW


def test_it_never_covers_what_a_forbid_forbids():
    (grant,) = granted(case(GET))
    travelling = decide(question(build.READ, GET, effect("net.connect", "Endpoint", "docs.python.org:443")), policies_with(grant))
    assert travelling.verdict is Verdict.REVIEW
    assert "private-reads-do-not-travel" in travelling.reasons[0].policies


@pytest.mark.parametrize(
    "refused", [DELETE, OPAQUE, effect("secret.read", "File", ".env"), effect("fs.surface", "File", "Makefile")], ids=lambda e: e.kind.value
)
def test_it_is_not_offered_for_what_destroys_is_unseen_secret_or_runs_later(refused):
    assert isinstance(standing_grants.offers(case(WRITE, refused)), str)


def test_it_is_not_offered_for_what_is_not_known():
    assert isinstance(standing_grants.offers(case(effect("fs.write", "Folder", "/", exact=False))), str)


def test_the_rungs_widen_to_the_workspace_and_never_beyond():
    (offer,) = standing_grants.offers(case(effect("fs.write", "File", "out/week/a.txt")))
    assert [r.name.removeprefix(build.WORKSPACE) for r in offer.rungs] == ["/out/week/a.txt", "/out/week", "/out", ""]


def test_the_rungs_of_a_host_stop_above_the_top_level():
    offered = standing_grants.offers(case(GET))
    assert [r.name for r in offered[0].rungs] == ["docs.python.org:443", "docs.python.org", "python.org"]


def test_many_files_of_one_shape_are_one_folder():
    (offer,) = standing_grants.offers(case(effect("fs.write", "File", "src/a.py"), effect("fs.write", "File", "src/b.py")))
    assert offer.rungs[0] == Resource(type=ResourceType.FOLDER, name=f"{build.WORKSPACE}/src")


@pytest.mark.parametrize("name", ['a".txt', "a\\b", "a\n) when { true };\npermit(principal,action,resource", "a\u202eb", "ü.txt"])
def test_hostile_names_stay_strings(name):
    (grant,) = granted(case(effect("fs.write", "File", name)))
    loaded = policies_with(grant)
    assert decide(question(effect("fs.write", "File", name)), loaded).verdict is Verdict.ALLOW
    assert decide(question(WRITE), loaded).verdict is Verdict.REVIEW


def test_a_waiting_case_that_a_new_grant_covers_runs_and_takes_a_use():
    of = case(WRITE)
    (grant,) = granted(of)
    at = world(policies=policies_with(grant))
    judged = advance(of, Rejudged(), at).case
    assert judged is not None
    step = advance(judged, Claimed(analysis=judged.analysis), at)
    assert (step.commands, step.uses) == ((Run(),), (grant.id,))


def test_a_grant_is_over_when_used_up_or_out_of_time():
    (grant,) = granted(case(WRITE))
    assert not standing_grants.over(grant, NOON)
    assert standing_grants.over(grant, UNTIL)
    assert standing_grants.over(dataclasses.replace(grant, left=0), NOON)


def test_it_says_in_words_whom_it_lets_do_what():
    assert granted(case(GET))[0].what == "claude may fetch from docs.python.org"
    assert granted(case(GET), rung=2)[0].what == "claude may fetch from python.org and below"
    assert granted(case(effect("fs.write", "File", "out/a.txt")), rung=1)[0].what == "claude may create or replace files in out"


def test_where_two_people_must_approve_one_cannot_grant_for_both():
    two = policies_with(
        extra='@id("two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    )
    offered = standing_grants.offers(case(WRITE, at=world(policies=two)))
    assert isinstance(offered, str)
    assert "more than one person" in offered


@pytest.mark.parametrize("fields", [{"uses": 0}, {"uses": 1001}, {"rung": -1}])
def test_uses_and_places_out_of_bounds_are_refused(fields):
    with pytest.raises(BadInput):
        granted(case(WRITE), **fields)


def test_a_grant_lasts_seven_days_at_most_and_does_not_begin_over():
    assert standing_grants.too_long(NOON + timedelta(days=7), NOON) == ""
    assert "7 days" in standing_grants.too_long(NOON + timedelta(days=7, seconds=1), NOON)
    assert "over already" in standing_grants.too_long(NOON, NOON)
