from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import FileType
from guard.sandbox.changeset.beneath import EXCHANGE, MOST_OPEN, NOREPLACE, Beneath


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "a" / "b").mkdir(parents=True)
    (tmp_path / "root" / "a" / "b" / "file").write_text("inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("outside")
    return tmp_path / "root"


@pytest.fixture
def beneath(root: Path) -> Iterator[Beneath]:
    with Beneath(root) as opened:
        yield opened


def test_a_path_is_opened_component_by_component(beneath: Beneath) -> None:
    found = beneath.print("a/b/file")
    assert found is not None
    assert (found.type, found.size) == (FileType.FILE, 6)
    assert beneath.names("a") == ["b"]


@pytest.mark.parametrize("path", ["..", "../outside/file", "a/../../outside/file", ".", "", "a//b", "/etc/passwd", "a/b/"])
def test_a_path_that_is_not_plain_is_refused(beneath: Beneath, path: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        beneath.place(path)


def test_a_link_on_the_way_leads_nowhere(beneath: Beneath, root: Path) -> None:
    (root / "link").symlink_to(root.parent / "outside")
    assert beneath.print("link/file") is None
    for act in (lambda: beneath.place("link/file"), lambda: beneath.chmod("link", 0o700), lambda: beneath.names("link")):
        with pytest.raises(OSError, match=r".+"):
            act()


def test_a_root_that_is_a_link_or_gone_is_an_error(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    for path in (root.parent / "link", root.parent / "gone"):
        with pytest.raises(SandboxError, match="cannot be opened"):
            Beneath(path)


def test_renames_replace_nothing_unless_they_exchange(beneath: Beneath, root: Path) -> None:
    (root / "new").write_text("new")
    with pytest.raises(FileExistsError):
        beneath.rename("new", "a/b/file", NOREPLACE)
    beneath.rename("new", "a/b/file", EXCHANGE)
    assert ((root / "new").read_text(), (root / "a/b/file").read_text()) == ("inside", "new")
    beneath.rename("new", "fresh", NOREPLACE)
    assert (root / "fresh").read_text() == "inside"


def test_the_same_renames_work_where_the_file_system_knows_no_flags(beneath: Beneath, root: Path) -> None:
    (root / "new").write_text("new")
    source, target = beneath.place("new"), beneath.place("a/b/file")
    with pytest.raises(FileExistsError):
        beneath._rename_without_flags(source, target, NOREPLACE)
    beneath._rename_without_flags(source, target, EXCHANGE)
    assert ((root / "new").read_text(), (root / "a/b/file").read_text()) == ("inside", "new")
    assert sorted(os.listdir(root)) == ["a", "new"]


def test_a_folder_that_went_is_forgotten(beneath: Beneath, root: Path) -> None:
    first = beneath.folder("a/b")
    beneath.forget("a")
    (root / "a").rename(root / "old")
    (root / "a" / "b").mkdir(parents=True)
    assert os.fstat(beneath.folder("a/b")).st_ino == (root / "a" / "b").stat().st_ino
    assert first


def test_many_folders_do_not_use_up_descriptors(beneath: Beneath, root: Path) -> None:
    deep = root
    for number in range(3 * MOST_OPEN):
        (root / f"f{number}").mkdir()
        (root / f"f{number}" / "x").write_text("x")
    for _ in range(MOST_OPEN + 40):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x").write_text("deep")
    before = len(os.listdir("/proc/self/fd"))
    for number in range(3 * MOST_OPEN):
        assert beneath.print(f"f{number}/x") is not None
    path = str(deep.relative_to(root))
    beneath.rename(f"{path}/x", "f0/y", NOREPLACE)
    assert (root / "f0" / "y").read_text() == "deep"
    assert len(os.listdir("/proc/self/fd")) <= before + MOST_OPEN


def test_permissions_of_a_folder_keep_its_group_bit(beneath: Beneath, root: Path) -> None:
    (root / "a").chmod(0o2755)
    beneath.chmod("a", 0o700)
    assert (root / "a").stat().st_mode & 0o7777 == 0o2700
    beneath.chmod("a/b/file", 0o600)
    assert (root / "a/b/file").stat().st_mode & 0o7777 == 0o600
