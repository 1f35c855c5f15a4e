"""The decision: the first rung on which every effect is permitted, explained; broken policies deny and say so."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from guard.decide import closed_reads, decide, effects_to_ask, owed_words, permitted
from guard.model import ANSWER, Agent, Kind, Person, Verdict
from tests import build
from tests.build import DELETE, FACTS, OPAQUE, READ, REMOTE_DELETE, WRAPPED, WRITE, effect, policies, question

SECRET = effect("secret.read", "File", ".env")
GET = effect("http.get", "Endpoint", "api.example.com:443")
MAKE = effect("proc.exec", "Program", "make")

TABLE = {
    "pure computing": ((build.COMPUTE,), FACTS, "nothing"),
    "reading in the workspace": ((READ,), FACTS, "nothing"),
    "reading outside the workspace": ((effect("fs.read", "File", "/etc/hosts"),), FACTS, "1 person"),
    "reading a path that is not known": ((effect("fs.read", "Folder", "/", exact=False),), FACTS, "1 person"),
    "reading a secret": ((SECRET,), FACTS, "1 person"),
    "writing": ((WRITE,), FACTS, "1 person"),
    "fetching": ((GET,), FACTS, "1 person"),
    "deleting": ((DELETE,), FACTS, "1 person and a backup"),
    "deleting outside the workspace": (
        (effect("fs.delete", "File", "/var/x"),),
        FACTS,
        "1 person, who accepts that no backup can be taken",
    ),
    "opaque in our box": ((OPAQUE,), FACTS, "1 person and a backup"),
    "an unknown program in our box": ((MAKE,), FACTS, "1 person and a backup"),
    "opaque behind a wrapped server": ((OPAQUE,), WRAPPED, "1 person, who accepts that no backup can be taken"),
    "a remote deletion": ((REMOTE_DELETE,), FACTS, "1 person, who accepts that no backup can be taken"),
    "a local and a remote deletion": ((DELETE, REMOTE_DELETE), FACTS, "1 person, who accepts that no backup can be taken"),
    "a private read and the network": ((READ, GET), FACTS, "1 person"),
}


@pytest.mark.parametrize("title", TABLE)
def test_the_default_set_owes_what_the_design_says(title):
    effects, facts, owed = TABLE[title]
    decision = decide(question(*effects, facts=facts), policies())
    assert not decision.broken
    assert owed_words(decision) == owed
    assert decision.verdict is (Verdict.ALLOW if owed == "nothing" else Verdict.REVIEW)


def test_the_reasons_name_the_forbids_that_fell_away_and_the_permit_that_spoke():
    decision = decide(question(READ, DELETE), policies())
    assert [(r.effect, r.policies) for r in decision.reasons] == [(1, ("destroying-needs-a-backup", "a-person-may-approve"))]
    assert "restorable" in decision.reasons[0].why
    assert decision.backup == (1,)
    assert decision.losses == ()


def test_what_guard_cannot_restore_must_be_accepted_by_name():
    decision = decide(question(DELETE, REMOTE_DELETE), policies())
    assert (decision.backup, decision.losses) == ((0,), (1,))


def test_equal_questions_give_equal_decisions_whatever_order_cedar_finds_its_policies_in():
    scope = 'principal, action in Guard::Action::"effect", resource'
    more = "".join(f'@id("f{i}") @why("w{i}") forbid ({scope}) when {{ context.approvals < 9 }};' for i in range(12))
    decisions = [decide(question(DELETE, GET, MAKE), policies(more)) for _ in range(5)]
    assert all(decision == decisions[0] for decision in decisions)
    assert [p for p in decisions[0].reasons[0].policies if p.startswith("f")] == [f"f{i}" for i in range(12)]


def test_two_people_are_owed_where_a_policy_says_two():
    two = '@id("two") @why("Writing needs two.") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    people = (build.signing("ann"), build.signing("bea"))
    assert owed_words(decide(question(WRITE, people=people), policies(two))) == "2 people"
    assert decide(question(WRITE, people=people[:1]), policies(two)).verdict is Verdict.DENY, "no more rungs than eligible people"


def test_what_only_more_people_could_approve_says_how_many_and_of_which_team():
    two = '@id("two") @why("Writing needs two.") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    team = (
        '@id("dba") @why("x") forbid (principal, action == Guard::Action::"approve", resource) unless { principal in Guard::Team::"dba" };'
    )
    ann, bea = build.signing("ann", teams=("dba",)), build.signing("bea")

    def owed(text: str, *people: Person) -> str:
        decision = decide(question(WRITE, people=people), policies(text))
        assert decision.verdict is Verdict.DENY
        return owed_words(decision)

    assert owed(two, Person(name="cid")) == "2 people who may approve it, and none of those registered may"
    assert owed(two, bea) == "2 people who may approve it, and only 1 of those registered may"
    assert owed(two + team, ann, bea) == "2 people of team dba who may approve it, and only 1 of those registered may"
    assert owed(team, bea) == "1 person of team dba who may approve it, and none of those registered may"
    assert owed(two.replace("2", "4"), ann, bea) == "no approval changes this"


def test_people_without_a_key_are_nobody_to_ask_under_the_default_set():
    assert decide(question(WRITE, people=(Person(name="ann"),)), policies()).verdict is Verdict.DENY
    unattended = policies(packs=("unattended",))
    assert owed_words(decide(question(WRITE, people=(Person(name="ann"),)), unattended)) == "1 person"


def test_a_forbid_beats_every_approval():
    never = '@id("no-secrets") @why("Never.") forbid (principal, action == Guard::Action::"secret.read", resource);'
    decision = decide(question(SECRET), policies(never))
    assert decision.verdict is Verdict.DENY
    assert decision.reasons[0].policies == ("no-secrets",)
    assert owed_words(decision) == "no approval changes this"


def test_a_policy_whose_condition_errors_denies_and_is_called_broken():
    # Integer overflow passes strict validation and errors at run time: Cedar would skip this forbid.
    overflow = """@id("broken") @why("x") forbid (principal, action in Guard::Action::"effect", resource)
    when { 9223372036854775807 + context.approvals > 9223372036854775807 - context.approvals && context.approvals > 0 };"""
    decision = decide(question(WRITE), policies(overflow))
    assert decision.verdict is Verdict.DENY
    assert "overflow" in decision.broken


def test_without_policies_everything_is_denied_as_broken():
    none = dataclasses.replace(policies(), broken="no policies are loaded")
    decision = decide(question(build.COMPUTE), none)
    assert (decision.verdict, decision.broken) == (Verdict.DENY, "no policies are loaded")
    assert permitted(question(build.COMPUTE), none, ()).verdict is Verdict.DENY


def test_no_effects_at_all_is_a_denial_and_not_a_permission():
    assert decide(dataclasses.replace(question(), effects=()), policies()).verdict is Verdict.DENY


def test_a_forbid_on_a_folder_reaches_every_file_below_it():
    closed = f'@id("closed") @why("x") forbid (principal, action, resource in Guard::Folder::"{build.WORKSPACE}/hr");'
    assert decide(question(effect("fs.read", "File", "hr/2026/pay.csv")), policies(closed)).verdict is Verdict.DENY
    assert decide(question(effect("fs.read", "File", "hr-public.csv")), policies(closed)).verdict is Verdict.ALLOW


def test_what_is_above_a_file_is_known_to_the_policies_when_another_file_shares_a_part_of_it():
    closed = f'@id("closed") @why("x") forbid (principal, action, resource in Guard::Folder::"{build.WORKSPACE}/hr");'
    files = [effect("fs.read", "File", name) for name in ("a.csv", "hr/2026/pay.csv", "hr/2026/q1/pay.csv", "hr/x.csv")]
    for ordered in itertools.permutations(files):
        reasons = decide(question(*ordered), policies(closed)).reasons
        assert [(ordered[r.effect].resource, r.policies) for r in reasons] == [
            (one.resource, ("closed",)) for one in ordered if "/hr/" in one.resource.name
        ]


def test_a_forbid_on_a_domain_reaches_every_host_in_it_and_no_other():
    closed = '@id("closed") @why("x") forbid (principal, action, resource in Guard::Domain::"evil.example");'
    assert decide(question(effect("http.get", "Endpoint", "a.b.evil.example:443")), policies(closed)).verdict is Verdict.DENY
    assert decide(question(effect("http.get", "Endpoint", "notevil.example:443")), policies(closed)).verdict is Verdict.REVIEW


def test_the_workspace_of_one_project_is_not_that_of_another():
    elsewhere = dataclasses.replace(FACTS, workspace="/work/other")
    assert decide(question(READ, facts=elsewhere), policies()).verdict is Verdict.REVIEW


def test_a_request_is_also_a_connection_and_both_must_be_permitted():
    asked = effects_to_ask(build.analysis(GET), FACTS)
    assert [e.kind for e in asked] == [Kind.HTTP_GET, ANSWER.kind, Kind.NET_CONNECT]
    no_connection = '@id("no-net") @why("x") forbid (principal, action == Guard::Action::"net.connect", resource);'
    assert decide(dataclasses.replace(question(), effects=asked), policies(no_connection)).verdict is Verdict.DENY


def test_behind_a_wrapped_server_a_resource_known_in_part_is_opaque():
    asked = effects_to_ask(build.analysis(effect("tool.read", "Server", "cf", exact=False)), WRAPPED)
    assert Kind.OPAQUE in {e.kind for e in asked}
    assert Kind.OPAQUE not in {e.kind for e in effects_to_ask(build.analysis(effect("tool.read", "Tool", "cf/list")), WRAPPED)}


def test_the_true_terms_need_the_approvals_that_were_owed():
    approval = build.approval(build.case(WRITE))
    assert permitted(question(WRITE), policies(), ()).verdict is Verdict.DENY
    assert permitted(question(WRITE), policies(), (approval,)).verdict is Verdict.ALLOW


def test_a_backup_of_the_workspace_does_not_secure_a_remote_deletion():
    approval = dataclasses.replace(build.approval(build.case(WRITE)), losses=())
    assert permitted(question(REMOTE_DELETE), policies(), (approval,)).verdict is Verdict.DENY
    accepted = dataclasses.replace(approval, losses=(REMOTE_DELETE.key,))
    assert permitted(question(REMOTE_DELETE), policies(), (accepted,)).verdict is Verdict.ALLOW


DEEP = [
    effect("fs.read", "File", "a/" * 20_000 + "x"),
    effect("fs.list", "Folder", "a/" * 200),
    effect("http.get", "Endpoint", "a." * 20_000 + "x:1"),
]


@pytest.mark.parametrize("deep", DEEP, ids=["file", "folder", "endpoint"])
def test_what_lies_deeper_than_cedar_can_bear_is_denied_and_the_verdict_says_so(deep):
    for decision in (decide(question(READ, deep), policies()), permitted(question(READ, deep), policies(), ())):
        assert decision.verdict is Verdict.DENY
        assert [(r.effect, r.policies) for r in decision.reasons] == [(1, ())]
        assert "levels deep" in decision.reasons[0].why


def test_a_path_of_a_hundred_folders_is_decided_like_any_other():
    assert decide(question(effect("fs.read", "File", "a/" * 100 + "x")), policies()).verdict is Verdict.ALLOW


def test_only_files_that_a_forbid_closes_are_masked():
    closed = (
        '@id("closed") @why("x") forbid (principal, action == Guard::Action::"fs.read", resource in Guard::Folder::"/work/project/hr");'
    )
    paths = [f"{build.WORKSPACE}/hr/pay.csv", f"{build.WORKSPACE}/a.txt"]
    assert closed_reads(paths, question(build.COMPUTE), policies(closed), ()) == (paths[0],)
    deep = f"{build.WORKSPACE}/{'a/' * 2000}x"
    assert closed_reads([deep], question(build.COMPUTE), policies(closed), ()) == (deep,), "what cannot be asked about is closed"
    assert closed_reads(paths, question(build.COMPUTE), policies(), ()) == ()


def test_an_agent_of_a_team_is_judged_as_one():
    team = '@id("ops") @why("x") permit (principal in Guard::Team::"ops", action == Guard::Action::"fs.write", resource);'
    asked = question(WRITE, agent=Agent(name="claude", teams=("ops",)))
    assert decide(asked, policies(team)).verdict is Verdict.ALLOW
    assert decide(question(WRITE), policies(team)).verdict is Verdict.REVIEW


def test_an_endpoint_that_is_none_is_decided_like_any_other_and_raises_nothing():
    assert decide(question(effect("net.connect", "Endpoint", "a:b")), policies()).verdict is Verdict.REVIEW


@pytest.mark.parametrize("title", TABLE)
def test_a_verdict_that_is_not_explained_is_the_same_verdict(title):
    effects, facts, _ = TABLE[title]
    whole, short = (decide(question(*effects, facts=facts), policies(), explained=explained) for explained in (True, False))
    assert (short.verdict, short.owed.approvals, short.broken) == (whole.verdict, whole.owed.approvals, whole.broken)
