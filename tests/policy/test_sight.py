"""What no policy looks at is not said in a request, and no answer is another for it."""

from __future__ import annotations

import dataclasses
import json

import cedarpy
import pytest

from guard import entities
from guard.decide import Policies, decide, may_approve, permitted
from guard.entities import uid
from guard.model import Loop, Verdict
from guard.policy import load, sight
from tests import build
from tests.build import DELETE, OPAQUE, READ, REMOTE_DELETE, WRITE, effect, policies, question

SCHEMA = (build.POLICIES / load.SCHEMA).read_text()
DEFAULT = (build.POLICIES / "default.cedar").read_text()


def saying(scope: str, condition: str, kind: str = "forbid") -> str:
    return f'@id("x") @why("y") {kind} (principal, {scope}, resource) when {{ {condition} }};'


WRITING = 'action == Guard::Action::"fs.write"'
SETS = {
    "the default set": ("", {"approvals"}),
    "a grant with an end": (saying(WRITING, 'context.now < datetime("2027-01-01")', "permit"), {"approvals", "now"}),
    "a group": (saying('action in Guard::Action::"write"', 'context.loop == "unbounded"'), {"approvals", "loop"}),
    "several actions": (saying('action in [Guard::Action::"fs.write", Guard::Action::"fs.read"]', "context.exact"), {"approvals", "exact"}),
    "another action": (saying('action == Guard::Action::"fs.read"', "context.source_tainted"), {"approvals"}),
    "whether it is there": (saying("action", "context has backup && !context.backup"), {"approvals", "backup"}),
    "deep inside": (saying(WRITING, 'if resource is Guard::File then ["a"].containsAll(context["with"]) else true'), {"approvals", "with"}),
    "a group, in a condition": (saying("action", 'action in Guard::Action::"write" && context.exact'), {"approvals", "exact"}),
    "a group, of an action that need not be the one": (
        saying(WRITING, 'Guard::Action::"fs.read" in Guard::Action::"effect" && context.exact'),
        {"approvals", "exact"},
    ),
    "the context as a whole": (saying(WRITING, "[context].contains(context)"), None),
}
ATTRIBUTES = {
    "a mark of a path": (saying(WRITING, "resource is Guard::File && resource.surface"), {"surface"}),
    "whether it has one": (saying(WRITING, "resource is Guard::Folder && resource has secret"), {"secret"}),
    "in brackets": (saying(WRITING, r'resource is Guard::File && resource["sec\u{72}et"] == false'), {"secret"}),
    "inside a record": (
        saying(WRITING, 'resource is Guard::File && {"has": [{"it": resource.secret}]}["has"].contains({"it": false})'),
        {"secret"},
    ),
    "of the agent": (saying(WRITING, "principal has owner"), {"owner"}),
    "the default set, which looks at none": ("", set()),
    "of the case": (saying('action == Guard::Action::"approve"', 'resource.classes.contains("write")'), {"classes"}),
}
RESOURCES = {
    "one file, in its scope": 'forbid (principal, action == Guard::Action::"fs.write", resource == Guard::File::"/work/project/Makefile");',
    "a folder, in its scope": 'forbid (principal, action in Guard::Action::"write", resource in Guard::Folder::"/work/project/out");',
    "a type, in its scope": "forbid (principal, action, resource is Guard::Folder);",
    "one file, in its condition": 'permit (principal, action, resource) unless { resource != Guard::File::"/work/project/Makefile" };',
    "of a file that need not be the one": "forbid (principal, action, resource) "
    'when { Guard::File::"/work/project/Makefile" in Guard::Folder::"/work/project" };',
    "inside a record": 'forbid (principal, action, resource) when { {"a": resource}.a == Guard::File::"/work/project/Makefile" };',
}
EFFECTS = (
    READ,
    WRITE,
    effect("fs.write", "File", "Makefile"),
    effect("fs.write", "Folder", "out"),
    effect("fs.write", "File", "out/x"),
    DELETE,
    OPAQUE,
    REMOTE_DELETE,
    dataclasses.replace(WRITE, exact=False, loop=Loop.UNBOUNDED),
    dataclasses.replace(READ, tainted=True),
    effect("http.get", "Endpoint", "api.example.com:443", tainted=True),
)


def whole(text: str) -> Policies:
    """The same set, asked whole each time, with requests that say everything."""
    narrowed, schema = policies(text), cedarpy.Schema.from_str(SCHEMA)
    everything = cedarpy.PolicySet.from_str("\n".join([DEFAULT, build.NO_REHEARSALS, text]))
    actions = cedarpy.Entities.from_json_str("[]", schema)
    return dataclasses.replace(
        narrowed, actions=actions, rules=dict.fromkeys(narrowed.rules, everything), schema=schema, sees={}, told=None, alike=frozenset()
    )


@pytest.mark.parametrize("title", SETS)
def test_a_request_says_what_some_policy_that_may_speak_looks_at(title):
    text, seen = SETS[title]
    found = policies(text).sees.get("fs.write")
    assert (None if found is None else set(found)) == seen


@pytest.mark.parametrize("title", ATTRIBUTES)
def test_cedar_is_told_of_the_attributes_that_some_policy_looks_at(title):
    text, looked_at = ATTRIBUTES[title]
    every = {name for one in entities.of_every_kind() for name in one["attrs"]}
    told = policies(text).told
    assert told is not None
    assert every & told == looked_at


@pytest.mark.parametrize("title", RESOURCES)
def test_resources_of_one_type_get_one_answer_where_no_policy_looks_at_them(title):
    assert {"fs.write", "fs.delete", "http.post", "answer"} <= policies().alike
    assert not {"fs.read", "fs.list", "sql.select"} & policies().alike
    assert "fs.write" not in policies(f'@id("x") @why("y") {RESOURCES[title]}').alike


ALL = {title: text for title, (text, _) in (SETS | ATTRIBUTES).items()} | {
    title: f'@id("x") @why("y") {text}' for title, text in RESOURCES.items()
}


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_every_answer_is_that_to_a_request_which_says_everything(text):
    narrowed, full = policies(text), whole(text)
    ann = build.signing("ann")
    for people in ((), (ann,), (ann, build.signing("bea"))):
        for effects in (*((one,) for one in EFFECTS), EFFECTS):
            asked = question(*effects, facts=build.FACTS)
            asked = dataclasses.replace(asked, people=people)
            assert decide(asked, narrowed) == decide(asked, full)
            given = [build.approval(build.case(), by=person.name) for person in people]
            assert permitted(asked, narrowed, given) == permitted(asked, full, given)
    for attended in (True, False):
        asked = question(*EFFECTS)
        answers = [may_approve(ann, asked, one, signed_at=build.NOON, attended=attended) for one in (narrowed, full)]
        assert answers[0] == answers[1]


@pytest.mark.parametrize("said", [frozenset(), frozenset({"approvals", "backup"})], ids=["less", "more"])
def test_a_request_that_says_less_or_more_than_the_policies_look_at_is_denied_as_broken(said):
    wrong = dataclasses.replace(policies(), sees={**policies().sees, "fs.write": said})
    decision = decide(question(WRITE), wrong)
    assert decision.verdict is Verdict.DENY
    assert decision.broken


def test_a_set_that_looks_at_more_than_was_found_keeps_the_whole_schema():
    schema, text = cedarpy.Schema.from_str(SCHEMA), saying(WRITING, 'context.loop == "one"')
    parsed = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"].values()
    assert sight.narrowed(schema, parsed, text)[1]["fs.write"] == {"loop"}
    overlooked = [{**policy, "conditions": []} for policy in parsed]
    assert sight.narrowed(schema, overlooked, text) == (schema, {})


UNFAMILIAR = {
    "a second namespace": SCHEMA + "\nnamespace Other { type Terms = { approvals: String }; }",
    "a name with quotes": SCHEMA.replace('action "effect";', 'action "effect";\n  action "\\"";'),
    "an attribute that is a record": SCHEMA.replace("now: datetime,\n  };", "now: datetime,\n    more?: { a: Long },\n  };"),
}


@pytest.mark.parametrize("title", UNFAMILIAR)
def test_of_a_schema_in_another_form_everything_is_said(title):
    text = UNFAMILIAR[title]
    assert text != SCHEMA
    files = dict(load.read(build.POLICIES)) | {load.SCHEMA: text}
    loaded = load.load(tuple(sorted(files.items())))
    assert "fs.write" not in loaded.sees
    for one in EFFECTS:
        assert decide(question(one), loaded).owed == decide(question(one), policies()).owed


SCOPES = (
    "action",
    WRITING,
    'action in Guard::Action::"write"',
    'action in Guard::Action::"effect"',
    'action in [Guard::Action::"approve", Guard::Action::"network"]',
    'action == Guard::Action::"rehearse"',
)

NESTED = SCHEMA.replace(
    'action "read", "write", "destructive", "network" in ["effect"];',
    'action "all" in ["effect"];\n  action "read", "write", "destructive", "network" in ["all"];',
)


@pytest.mark.parametrize("schema", [SCHEMA, UNFAMILIAR["a name with quotes"], NESTED], ids=["default", "quotes", "groups in groups"])
def test_each_action_has_all_policies_that_can_speak_of_it_and_no_others(schema):
    text = "\n".join(f"permit (principal, {scope}, resource);" for scope in SCOPES)
    parsed = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    actions = cedarpy.Entities.from_json_str("[]", cedarpy.Schema.from_str(schema))
    rules, _, _ = sight.by_action(parsed, text, actions)
    assert {entity["uid"]["id"] for entity in json.loads(str(actions))} == rules.keys()
    for action, some in rules.items():
        request = {"principal": uid("Agent", "a"), "action": uid("Action", action), "resource": uid("Run", "run"), "context": {}}
        assert set(some.to_pst().static_policies) == set(cedarpy.is_authorized(request, text, actions).diagnostics.reasons)
    assert NESTED != SCHEMA


def test_a_set_with_a_policy_too_long_for_cedars_json_is_asked_whole():
    long = " || ".join(f'resource == Guard::File::"/work/project/{number}.txt"' for number in range(200))
    loaded = policies(saying(WRITING, long, "permit"))
    assert decide(question(effect("fs.write", "File", "199.txt")), loaded).verdict is Verdict.ALLOW
    assert decide(question(effect("fs.write", "File", "200.txt")), loaded).verdict is Verdict.REVIEW
    assert decide(question(READ), loaded) == dataclasses.replace(decide(question(READ), policies()), policy_digest=loaded.digest)


def test_an_action_of_another_namespace_is_not_taken_for_one_of_guards():
    things = "".join(f'action "fs.{verb}" appliesTo {{ principal: Thing, resource: Thing }};' for verb in ("write", "create", "mode"))
    files = dict(load.read(build.POLICIES)) | {load.SCHEMA: f"{SCHEMA}\nnamespace Other {{ entity Thing; {things} }}"}
    loaded = load.load(tuple(sorted(files.items())))
    for kind in ("fs.write", "fs.create", "fs.mode"):
        assert decide(question(effect(kind, "File", "a.txt")), loaded).owed == decide(question(WRITE), policies()).owed
