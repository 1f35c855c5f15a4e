import json

import pytest

from tests.cli.build import COMPUTES, FETCHES, WRITES, Home

FORBIDS = '@id("no-network") @why("None here.") forbid (principal, action in Guard::Action::"network", resource);\n'


@pytest.mark.parametrize(("code", "exit_code", "word"), [(COMPUTES, 0, "ALLOW"), (WRITES, 10, "REVIEW: owes 1 person")])
def test_the_exit_code_is_the_verdict(code: str, exit_code: int, word: str, bare: Home) -> None:
    (bare.workspace / "program.py").write_text(code)
    said = bare.guard("check", "program.py")
    assert said.code == exit_code
    assert f"program.py: {word}" in said.out


def test_the_worst_verdict_of_several_files_is_the_exit_code(home: Home) -> None:
    (home.policies / "team.cedar").write_text(FORBIDS)
    for name, code in (("a.py", COMPUTES), ("b.py", FETCHES), ("c.py", WRITES)):
        (home.workspace / name).write_text(code)
    said = home.guard("check", "a.py", "b.py", "c.py")
    assert said.code == 20
    assert "b.py: DENY: forbidden by no-network" in said.out


def test_an_effect_is_shown_with_its_line_and_the_policy_that_speaks(bare: Home) -> None:
    (bare.workspace / "program.py").write_text("x = 1\nimport os\nos.remove('a.txt')\n")
    out = bare.guard("check", "program.py").out
    assert "line 3  fs.delete  a.txt" in out
    assert "destroying-needs-a-backup" in out
    assert "What is destroyed must be restorable" in out


def test_checking_runs_nothing_and_records_nothing(home: Home) -> None:
    (home.workspace / "program.py").write_text(WRITES)
    home.guard("check", "program.py")
    assert not (home.workspace / "out.txt").exists()
    assert home.guard("queue").out == "Nothing is waiting.\n"


def test_json_has_the_verdict_and_its_reasons(bare: Home) -> None:
    (bare.workspace / "program.py").write_text(WRITES)
    (found,) = json.loads(bare.guard("check", "--json", "program.py").out)
    assert (found["verdict"], found["owed"], found["language"]) == ("review", "1 person", "python")
    assert "fs.write" in {effect["kind"] for effect in found["decision"]["effects"]}


def test_a_language_that_guard_does_not_know_needs_a_person(bare: Home) -> None:
    (bare.workspace / "program").write_text("10 PRINT 1")
    assert bare.guard("check", "--language", "basic", "program").code == 10


def test_hidden_characters_of_a_program_do_not_reach_the_terminal(bare: Home) -> None:
    (bare.workspace / "program.py").write_text("open('a\\x1b[2J\u202e.txt', 'w')\n")
    out = bare.guard("check", "program.py").out
    assert "\x1b" not in out
    assert "\u202e" not in out
