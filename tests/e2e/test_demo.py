"""`guard demo`, as users start it: every step of the main job is on the page, and nothing is left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.build import REPOSITORY


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    temporary: Path = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-m", "guard", "demo"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(temporary.iterdir()) == []
    return done.stdout


def of(page: str, number: int) -> str:
    """What the page says of one of the six programs."""
    return page.split(f"\n{number}. ")[1].split("\n\n", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (1, "ALLOW: owes nothing"),
        (2, "ALLOW: owes nothing"),
        (3, "REVIEW: owes 1 person, parked as case 0003"),
        (4, "REVIEW: owes 1 person and a backup, parked as case 0004"),
        (5, "REVIEW: owes 1 person, parked as case 0005"),
        (6, "REVIEW: owes 1 person and a backup, parked as case 0006"),
    ],
)
def test_each_program_has_its_verdict(number: int, verdict: str, page: str) -> None:
    assert f"-> {verdict}" in of(page, number)


def test_each_verdict_has_its_reasons(page: str) -> None:
    assert "printed: 332833500" in of(page, 1)
    assert "fs.read  sales.csv" in of(page, 2)
    assert "a-person-may-approve" in of(page, 3)
    assert "destroying-needs-a-backup" in of(page, 4)
    assert "example.com:443" in of(page, 5)
    assert "fs.delete  sales.csv" in of(page, 6)


def test_the_approved_change_is_shown_before_and_is_there_afterwards(page: str) -> None:
    approval = page.split("$ guard approve 0003")[1].split("A person rejects", maxsplit=1)[0]
    assert "-(not yet written)" in approval
    assert "+Total: 240" in approval
    assert "Approved case 0003" in approval
    assert "| Total: 240" in approval.split("report.txt is now:")[1]


def test_the_rejected_one_is_told_to_the_agent_in_quotes(page: str) -> None:
    assert "A person rejected case 0005: “use the numbers in sales.csv”" in page


def test_the_ledger_verifies(page: str) -> None:
    assert "The ledger verifies:" in page
