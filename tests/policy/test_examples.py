"""Policies carry their own tests, run whenever a set is loaded."""

from __future__ import annotations

import pytest

from guard.errors import PolicyError
from guard.policy import examples, load
from tests import build

FILES = load.read(build.POLICIES)


def with_file(name: str, text: str) -> load.Files:
    return tuple(sorted({**dict(FILES), name: text}.items()))


@pytest.mark.parametrize("title", [o.example.title for o in examples.run(FILES)])
def test_the_default_set_does_what_its_examples_say(title):
    (outcome,) = [o for o in examples.run(FILES) if o.example.title == title]
    assert outcome.problem == ""


@pytest.mark.parametrize("pack", sorted(path.stem for path in (build.POLICIES / "packs").glob("*.cedar")))
def test_every_pack_loads_beside_the_default_set(pack):
    folder = build.POLICIES / "packs"
    files = {path.name: path.read_text() for path in folder.glob(f"{pack}.*")}
    examples.check(tuple(sorted({**dict(FILES), **files}.items())))


def test_an_example_that_does_not_hold_is_a_reason_not_to_load():
    wrong = '[[example]]\ntitle = "deleting runs"\ncode = "import os; os.remove(\'a\')"\nverdict = "allow"'
    with pytest.raises(PolicyError, match=r"team.examples.toml: the example 'deleting runs' does not hold: the verdict is review"):
        examples.check(with_file("team.examples.toml", wrong))


def test_examples_are_judged_by_the_files_they_are_about():
    stricter = with_file("team.cedar", '@id("no") @why("x") forbid (principal, action, resource);')
    examples.check(stricter)  # the default set's examples are about default.cedar alone


REFUSED = {
    "example = 1 =": "not valid TOML",
    "example = " + "[" * 3000 + "]" * 3000: "nested too deeply",
    "example = " + "9" * 5000: "not valid TOML",
    "example = 5": "a table for each",
    "example = [5]": "a table for each",
    "with = 5": "a list of file names",
    "with = [5]": "a list of file names",
    '[[example]]\ntitle = "x"\ncode = 5\nverdict = "allow"': "'code' of an example cannot be 5",
    '[[example]]\ntitle = "x"\ncode = "1"\nverdict = "allow"\npolicies = [5]': "'policies' of an example cannot be",
    'wiht = ["x"]': "unknown key 'wiht'",
    '[[example]]\ntitle = "x"\ncode = "1"': "no 'verdict'",
    '[[example]]\ntitle = "x"\ncode = "1"\nverdict = "allow"\nowned = "x"': "unknown key 'owned'",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_examples_file_is_named(text):
    with pytest.raises(PolicyError, match=REFUSED[text]):
        examples.check(with_file("team.examples.toml", text))
