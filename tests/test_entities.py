"""The entity set of a question is complete: whatever it names comes with all that is above it, each once."""

from __future__ import annotations

import dataclasses

import pytest

from guard import entities
from guard.model import Agent, Person, ResourceType, Standing
from tests.build import ANN, BEA, COMPUTE, FACTS, NOON, OPAQUE, WORKSPACE, effect

AGENT = Agent(name="agent")


def known(*effects, agent=AGENT, facts=FACTS, people=(), edited_by=""):
    """The entities by (type, id); every parent must be one of them."""
    found = entities.of_effects(agent, effects, facts, people, edited_by)
    return check(found)


def check(found):
    by_name = {(one["uid"]["type"].removeprefix("Guard::"), one["uid"]["id"]): one for one in found}
    assert len(by_name) == len(found)
    for one in found:
        assert all((parent["type"].removeprefix("Guard::"), parent["id"]) in by_name for parent in one["parents"])
    return by_name


def above(found, *name):
    """All that an entity is in, nearest first."""
    names = []
    for parent in found[name]["parents"]:
        names += [parent["id"], *above(found, parent["type"].removeprefix("Guard::"), parent["id"])]
    return names


@pytest.mark.parametrize(
    ("kind", "type_", "name", "chain"),
    [
        ("fs.read", "File", f"{WORKSPACE}/a/b.csv", [f"{WORKSPACE}/a", WORKSPACE, "/work", "/", "workspace"]),
        ("fs.list", "Folder", "/etc", ["/"]),
        ("http.get", "Endpoint", "api.github.com:443", ["api.github.com", "github.com", "com"]),
        ("http.get", "Endpoint", "10.0.0.1:80", ["10.0.0.1"]),
        ("http.get", "Endpoint", ":x", [""]),
        ("net.connect", "Domain", "a.example", ["example"]),
        ("tool.read", "Tool", "server/echo", ["server"]),
        ("sql.select", "Table", "db/main/users", ["db/main"]),
        (
            "sql.select",
            "Table",
            f"file:{WORKSPACE}/a.db/users",
            [f"file:{WORKSPACE}/a.db", f"{WORKSPACE}/a.db", WORKSPACE, "/work", "/", "workspace"],
        ),
        ("sql.select", "Database", "file:/etc/a.db", ["/etc/a.db", "/etc", "/"]),
        ("sql.select", "Table", "/work/project/a.db/users", ["/work/project/a.db"]),
        ("sql.select", "Table", "/users", [""]),
        ("proc.exec", "Program", "make", []),
    ],
)
def test_a_resource_comes_with_its_chain_of_parents_up_to_a_root(kind, type_, name, chain):
    assert above(known(effect(kind, type_, name)), type_, name) == chain


def test_what_is_in_the_set_already_is_not_added_again_and_its_chain_stays_whole():
    names = (f"{WORKSPACE}/a/b/c.csv", f"{WORKSPACE}/a/d.csv", f"{WORKSPACE}/a/b/c.csv")
    found = known(*(effect("fs.read", "File", name) for name in names), effect("fs.list", "Folder", f"{WORKSPACE}/a"))
    assert above(found, "File", names[0])[:3] == [f"{WORKSPACE}/a/b", f"{WORKSPACE}/a", WORKSPACE]
    hosts = known(effect("http.get", "Endpoint", "a.x.example:443"), effect("http.get", "Endpoint", "b.x.example:443"))
    assert above(hosts, "Endpoint", "b.x.example:443") == ["b.x.example", "x.example", "example"]


def test_files_say_whether_they_are_secret_or_executed_by_tools():
    found = known(effect("fs.write", "File", f"{WORKSPACE}/.env"), effect("fs.write", "File", f"{WORKSPACE}/Makefile"))
    assert found["File", f"{WORKSPACE}/.env"]["attrs"] == {"secret": True, "surface": False}
    assert found["File", f"{WORKSPACE}/Makefile"]["attrs"] == {"secret": False, "surface": True}


def test_the_case_names_its_classes_its_owner_and_who_edited_it():
    agent = Agent(name="agent", teams=("data",), owner="ann")
    found = known(COMPUTE, OPAQUE, agent=agent, people=(dataclasses.replace(BEA, teams=("ops",)),), edited_by="bea")
    assert found["Case", "case"]["attrs"] == {
        "classes": ["destructive", "read", "unseen"],
        "owner": {"__entity": {"type": "Guard::Person", "id": "ann"}},
        "edited_by": {"__entity": {"type": "Guard::Person", "id": "bea"}},
    }
    assert above(found, "Agent", "agent") == ["data"]
    assert above(found, "Person", "bea") == ["ops"]


def test_a_standing_grant_names_who_gave_it_even_if_that_person_is_gone():
    given = Standing(id="g", text="", until=NOON, left=1, case=1, person="gone", what="")
    found, resource = entities.of_people((ANN,), given)
    assert resource == {"type": "Guard::Grant", "id": "g"}
    assert check(found)["Grant", "g"]["attrs"]["given_by"]["__entity"]["id"] == "gone"
    assert ("Person", "gone") in check(found)
    assert entities.of_people((ANN,), Person(name="ann"))[1] == {"type": "Guard::Person", "id": "ann"}


def test_a_moment_is_said_in_universal_time_to_the_millisecond():
    assert entities.time(NOON.replace(microsecond=123456)) == "2026-11-22T12:00:00.123Z"


def test_what_a_schema_must_take_is_every_kind_of_entity_that_it_can_be_told_of():
    told = {kind for kind, _ in check(entities.of_every_kind())}
    assert told == {"Agent", "Case", "Person", "Team", "Grant", *(kind.value for kind in ResourceType)}
