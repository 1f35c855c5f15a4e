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


def test_places_are_shared_by_all_who_have_the_folder_and_come_back(folder: Path) -> None:
    one, other = FileLeases(folder), FileLeases(folder)
    one.dismiss(one.enlist())
    first, second = one.place("agent", 2), other.place("agent", 2)
    assert first is not None
    assert second is not None
    assert one.place("agent", 2) is None
    elsewhere = one.place("../other", 1)
    assert elsewhere is not None
    first()
    again = other.place("agent", 2)
    assert again is not None
    for leave in (again, second, elsewhere):
        leave()


def test_a_place_of_a_killed_process_is_free(folder: Path) -> None:
    leases = FileLeases(folder)
    leases.dismiss(leases.enlist())
    code = "import sys, pathlib; from guard.store.lease import FileLeases; FileLeases(pathlib.Path(sys.argv[1])).place('agent', 1)"
    code += "; print('mine', flush=True); sys.stdin.read()"
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"mine\n"
        assert leases.place("agent", 1) is None
        other.kill()
    leave = leases.place("agent", 1)
    assert leave is not None
    leave()
