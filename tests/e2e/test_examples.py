"""Every folder of examples/ runs, as its README says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.build import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
TRIED = ("ci", "client", "team-policies")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine on which the command `guard` is there, and nothing is configured."""
    command = tmp_path / "bin" / "guard"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m guard "$@"\n')
    command.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "GUARD_CONFIG": str(tmp_path / "configuration" / "guard.toml"),
    }


def run(environment: dict[str, str], *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=90)


def test_every_folder_is_tried_here() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(TRIED)


def test_a_client_submits_a_program_and_gets_its_result(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    done = run(environment, "guard", "init", "--workspace", tmp_path / "project", "--state", tmp_path / "state", "--unattended")
    assert done.returncode == 0, done.stderr
    done = run(environment, sys.executable, EXAMPLES / "client" / "client.py", EXAMPLES / "client" / "program.py")
    assert (done.returncode, done.stdout) == (0, "332833500\n"), done.stderr


def test_ci_judges_every_program_and_writes_sarif(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, EXAMPLES / "ci" / "check.sh", tmp_path / "guard.sarif")
    assert done.returncode == 10, done.stderr
    assert "programs/total.py: ALLOW" in done.stdout
    assert "programs/clean.sh: REVIEW: owes 1 person and a backup" in done.stdout
    results = json.loads((tmp_path / "guard.sarif").read_text())["runs"][0]["results"]
    assert "programs/clean.sh" in {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}


def test_a_teams_policies_hold_their_examples(environment: dict[str, str]) -> None:
    done = run(environment, "guard", "policy", "check", EXAMPLES / "team-policies")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 examples hold" in done.stdout


def test_the_default_policies_in_the_example_are_the_current_ones() -> None:
    assert (EXAMPLES / "team-policies" / "default.cedar").read_text() == (REPOSITORY / "policies" / "default.cedar").read_text()
