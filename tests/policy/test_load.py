"""A folder becomes a policy set, or an error that names file and line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from guard.errors import PolicyError
from guard.policy import load
from tests import build

GOOD = '@id("a") @why("b") permit (principal, action == Guard::Action::"compute", resource);'


@pytest.fixture
def folder(tmp_path):
    shutil.copy(build.POLICIES / load.SCHEMA, tmp_path)
    return tmp_path


def loading(folder, text):
    (folder / "team.cedar").write_text(text)
    return load.load(load.read(folder))


def test_a_condition_of_a_thousand_parts_is_named_and_a_list_of_as_many_is_taken(folder):
    names = [f'Guard::File::"/work/{number}"' for number in range(1000)]
    policy = '\n@id("long") @why("y") forbid (principal, action == Guard::Action::"fs.write", resource) when {{ {} }};'
    with pytest.raises(PolicyError, match="team.cedar:2: a condition is too long"):
        loading(folder, GOOD + policy.format(" || ".join(f"resource == {name}" for name in names)))
    assert "long" in {note.id for note in loading(folder, GOOD + policy.format(f"resource in [{', '.join(names)}]")).notes.values()}


@pytest.mark.parametrize("condition", [
    "(" * 3000 + "true" + ")" * 3000,
    "1 > 0 && " * 900 + "(" * 3000 + "true" + ")" * 3000,
    "[" * 3000 + "]" * 3000 + " == []",
    "context" + ".a" * 50_000,
    "context" + '["a"]' * 50_000,
    " || ".join(["true"] * 50_000),
    "if false then true else " * 20_000 + "true",
])  # fmt: skip
def test_what_cedars_parser_would_die_of_is_named_and_not_parsed(folder, condition):
    with pytest.raises(PolicyError, match="team.cedar:2: a condition is too long, or nested too deeply"):
        loading(folder, f'{GOOD}\n@id("deep") @why("y") forbid (principal, action, resource) when {{ {condition} }};')


def test_a_schema_that_cedars_parser_would_die_of_is_named(folder):
    with (folder / load.SCHEMA).open("a") as schema:
        schema.write("type Deep = " + "Set<" * 3000 + "Long" + ">" * 3000 + ";\n")
    with pytest.raises(PolicyError, match="nested too deeply"):
        loading(folder, GOOD)


def test_the_default_set_loads_and_knows_each_policy_by_name():
    loaded = build.policies()
    names = {note.id for note in loaded.notes.values()}
    assert {"reads-run", "destroying-needs-a-backup"} <= names
    assert not loaded.closes_reads


REFUSED = {
    "permit (principal action);": r"team.cedar:1: this policy does not parse",
    '// first\n\n@id("a") @why("b")\npermit (principal, action == Guard::Action::"fs.raed", resource);': r"team.cedar:3: .*fs.raed",
    'permit (principal, action == Guard::Action::"compute", resource);': r"team.cedar:1: this policy has no @id",
    '@id("a") permit (principal, action == Guard::Action::"compute", resource);': r"team.cedar:1: this policy has no @why",
    GOOD + "\n" + GOOD: r"team.cedar:2: the @id 'a' is taken by team.cedar:1",
    '@id("a") @why("b") forbid (principal, action == Guard::Action::"fs.read", resource) when { context.shell };': r"team.cedar:1: .*shell",
    '@id("a") @why("b") permit (principal == ?principal, action, resource);': r"team.cedar:1: templates",
    GOOD + '\n@id("c") @why("d") permit (principal, action, resource)': r"team.cedar:2: this policy is not finished",
    "": "no policy at all",
}


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_does_not_load_is_named_with_file_and_line(folder, text):
    with pytest.raises(PolicyError, match=REFUSED[text]) as caught:
        loading(folder, text)
    assert caught.value.hint


def test_a_broken_schema_is_refused_not_ignored(folder):
    (folder / load.SCHEMA).write_text("namespace X { entity }")
    with pytest.raises(PolicyError, match="schema.cedarschema"):
        loading(folder, GOOD)


@pytest.mark.parametrize(
    ("known", "unknown", "kind"),
    [
        ("entity Database in [File];", "entity Database;", "Database"),  # as it was before queries of files could run
        ("surface: Bool", "face: Bool", "File"),
        ("given_by: Person", "given_by?: Team", "Grant"),
    ],
)
def test_a_schema_that_does_not_take_what_guard_tells_of_is_broken_before_anything_is_decided(folder, known, unknown, kind):
    text = (folder / load.SCHEMA).read_text()
    assert known in text
    (folder / load.SCHEMA).write_text(text.replace(known, unknown))
    with pytest.raises(PolicyError, match=rf"does not take a {kind} as guard tells") as caught:
        loading(folder, GOOD)
    assert "copy that in its place" in caught.value.hint


def test_semicolons_in_strings_and_comments_end_nothing(folder):
    loaded = loading(folder, '// a; b\n@id("a;b") @why("c; \\"d\\";")\npermit (principal, action == Guard::Action::"compute", resource);')
    assert [(note.id, note.line) for note in loaded.notes.values()] == [("a;b", 2)]


def test_the_teams_that_policies_name_are_known(folder):
    (folder / "teams.cedar").write_text(
        '@id("a") @why("x") forbid (principal in Guard::Team::"ops", action == Guard::Action::"approve", resource)\n'
        'when { principal in [Guard::Team::"dba", Guard::Team::"sre"] } unless { resource has owner && resource.owner in Guard::Team::"web" };'
    )
    assert load.load(load.read(folder)).teams == ("dba", "ops", "sre", "web")


def test_a_folder_without_policies_and_one_that_is_missing_say_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(PolicyError) as caught:
            load.read(folder)
        assert "guard init" in caught.value.hint


def test_a_file_that_is_not_text_is_named(folder):
    (folder / "x.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="x.cedar: not UTF-8"):
        load.read(folder)


def test_the_digest_changes_with_every_text_and_name(folder):
    (folder / "team.cedar").write_text(GOOD)
    one = load.digest(load.read(folder))
    (folder / "team.cedar").write_text(GOOD + " ")
    two = load.digest(load.read(folder))
    (folder / "team.cedar").rename(folder / "crew.cedar")
    assert len({one, two, load.digest(load.read(folder))}) == 3


@pytest.mark.parametrize(
    ("action", "closes"),
    [
        ('action == Guard::Action::"fs.read"', True),
        ('action in Guard::Action::"read"', True),
        ('action in [Guard::Action::"fs.list", Guard::Action::"env.read"]', True),
        ("action", True),
        ('action == Guard::Action::"secret.read"', False),
        ('action in Guard::Action::"network"', False),
    ],
)
def test_a_forbid_that_can_reach_reads_is_known(folder, action, closes):
    loaded = loading(folder, f'@id("a") @why("b") forbid (principal, {action}, resource) when {{ false }};')
    assert loaded.closes_reads is closes


@pytest.mark.parametrize("name", ["team.cedar", "team.examples.toml"])
def test_what_might_never_end_is_not_read(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(PolicyError, match="is not a file"):
        load.read(tmp_path)
