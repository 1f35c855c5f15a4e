"""`guard wrap` before it serves: its policy, and what it refuses. What goes through it is tested in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.cli.wrap import policy_text, write_policy
from guard.errors import PolicyError
from tests.cli.build import Home

OWN = [policy_text("files", reads, None) for reads in ("run", "park")]
MINE = '@id("mine") @why("x") forbid (principal, action, resource in Guard::Server::"files");'


def test_a_policy_that_nobody_edited_follows_the_choice_and_one_that_somebody_did_stays(home: Home) -> None:
    file = home.policies / "wrapped-files.cedar"
    for text in OWN:
        assert write_policy(file, text, guards_own=OWN)
        assert not write_policy(file, text, guards_own=OWN)
        assert file.read_text() == text
    assert write_policy(file, MINE, guards_own=OWN)
    assert not write_policy(file, OWN[0], guards_own=OWN)
    assert file.read_text() == MINE
    assert home.guard("policy", "check").code == 0


def test_a_policy_that_does_not_load_is_refused_and_not_written(home: Home, tmp_path: Path) -> None:
    (tmp_path / "bad.cedar").write_text("permit (")
    said = home.guard("wrap", "files", "--policy", str(tmp_path / "bad.cedar"), "--", "true")
    assert said.code == PolicyError.exit_code
    assert "wrapped-files.cedar:1" in said.err
    assert not (home.policies / "wrapped-files.cedar").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--profile", "nope", "--", "true"], "Name one with --profile"),
        (["--tool", "a=b", "--", "true"], "read, write, destructive or forbidden"),
        (["--reads", "maybe", "--", "true"], "--reads is run or park"),
        (["--url", "https://u:p@h/mcp"], "holds a password"),
        ([], "Name either a command to start or a URL"),
    ],
)
def test_what_cannot_be_is_said_and_leaves_no_policy_behind(options: list[str], says: str, home: Home) -> None:
    said = home.guard("wrap", "files", *options)
    assert said.code in (65, 78)
    assert says in said.err
    assert not (home.policies / "wrapped-files.cedar").exists()
