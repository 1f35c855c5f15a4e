"""Paths: exact, in a known folder, unknown; secrets and surfaces are what they are."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.files import path_resource
from guard.analyse.javascript.values import HOLE, Text, text
from guard.model import Facts, ResourceType
from tests.analyse.javascript.check import FACTS, check, effects_of


@pytest.mark.parametrize(
    ("value", "type_", "name", "exact"),
    [
        (text("data/a.txt"), ResourceType.FILE, "/w/data/a.txt", True),
        (text("./data/../a.txt"), ResourceType.FILE, "/w/a.txt", True),
        (text("/workspace/a.txt"), ResourceType.FILE, "/w/a.txt", True),
        (text("/etc/passwd"), ResourceType.FILE, "/etc/passwd", True),
        (text("file:///workspace/x"), ResourceType.FILE, "/w/x", True),
        (Text(("data/", None)), ResourceType.FOLDER, "/w/data", False),
        (Text(("data/part-", None, ".csv")), ResourceType.FOLDER, "/w/data", False),
        (Text(("part-", None)), ResourceType.FOLDER, "/w", False),
        (Text(("/", None)), ResourceType.FOLDER, "/", False),
        (HOLE, ResourceType.FOLDER, "/", False),
        (Text((None, "/known.txt")), ResourceType.FOLDER, "/", False),
        (Text(("~", None)), ResourceType.FOLDER, "/", False),
    ],
)
def test_a_path_is_as_exact_as_the_text_is(value: Text, type_: ResourceType, name: str, exact: bool) -> None:
    resource, is_exact, _ = path_resource(value, Facts(workspace="/w"))
    assert (resource.type, resource.name, is_exact) == (type_, name, exact)


def test_the_known_end_of_an_unknown_path_can_be_secret() -> None:
    check("require('fs').readFileSync(`${home}/.aws/credentials`);  // secret.read Folder / ~")


def test_descriptors_and_standard_input_are_no_files() -> None:
    assert effects_of("const fs = require('fs'); fs.readFileSync(0); fs.readFileSync('/dev/stdin'); fs.writeFileSync(2, 'x')") == ()


def test_flags_of_shell_like_functions_are_no_paths_and_all_paths_count() -> None:
    names = {effect.resource.name for effect in effects_of("require('shelljs').rm('-rf', 'a', 'b')")}
    assert names == {f"{FACTS.workspace}/a", f"{FACTS.workspace}/b"}


def test_more_alternatives_than_anybody_reads_are_anywhere() -> None:
    effects = effects_of("let f; " + "".join(f"f = 'n{n}'; " for n in range(40)) + "require('fs').unlinkSync(f)")
    assert {effect.resource.name for effect in effects} == {"/"}
