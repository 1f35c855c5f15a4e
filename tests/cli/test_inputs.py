from pathlib import Path

import pytest

from guard.cli.inputs import brief
from tests.cli.build import COMPUTES, Home


@pytest.mark.parametrize(
    ("name", "data", "saying"),
    [
        ("bad.py", b"\xff\xfe", "not UTF-8 at byte 0"),
        ("program.xyz", b"", "--language"),
        ("absent.py", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_judged_is_said_so(name: str, data: bytes | None, saying: str, bare: Home) -> None:
    if data is not None:
        (bare.workspace / name).write_bytes(data)
    said = bare.guard("check", name)
    assert said.code == 65
    assert saying in said.err + said.out


def test_a_file_without_end_is_read_no_further_than_guard_takes_programs(bare: Home) -> None:
    said = bare.guard("check", "--language", "python", "/dev/zero")
    assert (said.code, "larger than 16 MB" in said.err) == (65, True)


def test_the_language_can_be_said(bare: Home) -> None:
    (bare.workspace / "program").write_text(COMPUTES)
    assert bare.guard("check", "--language", "python", "program").code == 0


async def test_without_a_configuration_the_default_policies_and_three_people_decide_about_the_folder(bare: Home) -> None:
    checker = (await brief(None, "")).checker()
    assert "destroying-needs-a-backup" in {note.id for note in checker.policies.notes.values()}
    assert len(checker.people) == 3
    assert checker.facts.workspace == str(bare.workspace)
    assert (await brief(Path("/srv"), "ci")).facts.workspace == "/srv"


async def test_with_a_configuration_its_policies_and_its_people_decide(home: Home) -> None:
    (home.policies / "team.cedar").write_text('@id("team") @why("x") permit (principal, action, resource);\n')
    checker = (await brief(None, "ci")).checker()
    assert "team" in {note.id for note in checker.policies.notes.values()}
    assert len(checker.people) == 1  # who ran `guard init`
    assert checker.agent.name == "ci"
