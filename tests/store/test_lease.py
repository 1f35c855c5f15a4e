"""An engine is alive exactly as long as its process, however that ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.store.lease import FileLeases

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from pathlib import Path; from guard.store.lease import FileLeases\n"
PROGRAM += "print(FileLeases(Path(sys.argv[1])).enlist(), flush=True); sys.stdin.read()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "engines"


@pytest.fixture
def other(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield child
    child.kill()
    child.communicate()


def test_an_engine_is_alive_until_it_is_dismissed(folder: Path) -> None:
    mine, others = FileLeases(folder), FileLeases(folder)
    engine = mine.enlist()
    assert mine.alive(engine)
    assert others.alive(engine)
    mine.dismiss(engine)
    mine.dismiss(engine)
    assert not mine.alive(engine)
    assert not others.alive(engine)


def test_an_engine_of_a_killed_process_is_dead_at_once(folder: Path, other: "subprocess.Popen[str]") -> None:
    assert other.stdout is not None
    engine = other.stdout.readline().strip()
    leases = FileLeases(folder)
    assert leases.alive(engine)
    other.kill()
    other.wait()
    assert not leases.alive(engine)


def test_every_engine_has_a_name_of_its_own(folder: Path) -> None:
    leases = FileLeases(folder)
    names = {leases.enlist() for _ in range(5)}
    assert len(names) == 5
    for name in names:
        leases.dismiss(name)


@pytest.mark.parametrize("name", ["", "nobody", "../../etc/passwd", "0" * 16])
def test_a_name_that_was_never_given_is_dead(folder: Path, name: str) -> None:
    assert not FileLeases(folder).alive(name)


def test_old_files_of_the_dead_are_removed_and_others_are_not(folder: Path) -> None:
    leases = FileLeases(folder)
    living = leases.enlist()
    old, young = folder / ("a" * 16), folder / ("b" * 16)
    for path in (old, young):
        path.touch()
    for path in (old, folder / living):
        os.utime(path, (0, 0))
    second = leases.enlist()
    assert {path.name for path in folder.iterdir()} == {living, young.name, second}
    leases.dismiss(living)
    leases.dismiss(second)


def test_the_state_folder_that_it_makes_is_private(folder: Path) -> None:
    leases = FileLeases(folder)
    leases.dismiss(leases.enlist())
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(StoreError, match="File exists"):
        FileLeases(tmp_path / "state" / "engines").enlist()
