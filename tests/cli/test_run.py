import os

import pytest

from tests.cli.build import COMPUTES, FETCHES, Home


def test_what_is_owed_nothing_runs_at_once(home: Home) -> None:
    (home.workspace / "a.py").write_text("print('col\\tumn')\n" + COMPUTES)
    said = home.guard("run", "a.py")
    assert said.code == 0, said.err
    assert said.out == "col→   umn\n42\n"
    assert "Case 0001: done." in said.err


def test_raw_output_is_as_it_was_printed(home: Home) -> None:
    (home.workspace / "a.py").write_text("print('col\\tumn')\n")
    assert home.guard("run", "--raw", "a.py").out == "col\tumn\n"


def test_a_program_that_fails_is_a_failure(home: Home) -> None:
    (home.workspace / "a.py").write_text("raise SystemExit(3)\n")
    said = home.guard("run", "a.py")
    assert said.code == 1
    assert "exit code 3" in said.err


def test_what_waits_is_said_so_with_how_to_answer(home: Home) -> None:
    (home.workspace / "a.py").write_text(FETCHES)
    said = home.guard("run", "--no-wait", "a.py")
    assert said.code == 10
    assert "guard approve 0001" in said.err
    assert "because" not in said.out
    assert home.guard("queue").out.count("0001") == 1


def test_what_is_rejected_while_it_waits_ends_so(home: Home) -> None:
    (home.workspace / "a.py").write_text(FETCHES)
    process = home.start("run", str(home.workspace / "a.py"))
    try:
        assert process.stderr
        assert "Case 0001 waits" in process.stderr.readline()
        home.guard("reject", "1", "--reason", "no")
        assert process.wait(30) == 20
    finally:
        process.kill()
        process.communicate()


def test_what_a_person_edits_while_it_waits_runs_instead_and_it_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.workspace / "a.py").write_text(FETCHES)
    (home.root / "edited").write_text("print('as ann wants it')\n")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"cp {home.root / 'edited'}")
    process = home.start("run", str(home.workspace / "a.py"))
    try:
        assert process.stderr
        assert "Case 0001 waits" in process.stderr.readline()
        assert home.guard("edit", "1").code == 0
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "as ann wants it\n"), err
        assert "edited case 0001: what counts now is case 0002." in err
        assert "What ran is the program as" in err
        assert "Case 0002: done." in err
    finally:
        process.kill()
        process.communicate()


def test_what_a_policy_forbids_is_denied(home: Home) -> None:
    text = '@id("no-network") @why("None.") forbid (principal, action in Guard::Action::"network", resource);\n'
    (home.policies / "team.cedar").write_text(text)
    (home.policies / "default.examples.toml").unlink()
    (home.workspace / "a.py").write_text(FETCHES)
    said = home.guard("run", "a.py")
    assert said.code == 20
    assert "no-network" in said.err


def test_a_program_for_a_command_is_decided_by_its_profile_and_handed_to_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    command = home.root / "bin" / "lootbox"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho ran $1\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    (home.workspace / "a.ts").write_text("console.log(1)\n")
    said = home.guard("run", "--profile", "lootbox", "a.ts")
    assert (said.code, said.out) == (0, "ran exec\n"), said.err
    (home.workspace / "b.ts").write_text("await tools.files.delete_file({path: 'a'})\n")
    said = home.guard("run", "--profile", "lootbox", "--no-wait", "b.ts")
    assert said.code in (10, 20)
    assert "delete_file" in said.err
    said = home.guard("run", "--profile", "none", "a.ts")
    assert said.code not in (0, 10, 20)
    assert "lootbox" in said.err
