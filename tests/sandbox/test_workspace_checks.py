from __future__ import annotations

import os
from pathlib import Path

import pytest

from guard.errors import ConfigError, SandboxError
from guard.sandbox.workspace_checks import check_attributes, check_canonical, check_mounts, folds, mount_points
from tests.sandbox.folding import mounted, needs_fuse


@pytest.fixture
def root(tmp_path: Path) -> Path:
    workspace = tmp_path.resolve() / "workspace"
    (workspace / "inner").mkdir(parents=True)
    return workspace


def test_the_whole_file_system_a_file_and_nothing_are_refused(root: Path) -> None:
    (root / "file").touch()
    for path, said in ((Path("/"), "root of the file system"), (root / "file", "not a folder"), (root / "gone", "cannot be found")):
        with pytest.raises(ConfigError, match=said):
            check_canonical(path)


def test_a_link_is_resolved_to_the_real_folder(root: Path) -> None:
    root.with_name("link").symlink_to(root)
    assert check_canonical(root.with_name("link")) == root


def test_mount_points_are_read_with_their_odd_characters() -> None:
    points = mount_points()
    assert "/" in points
    assert "/proc" in points
    with pytest.raises(SandboxError, match="mount inside"):
        check_mounts(Path("/proc").parent / "dev" if "/dev/pts" in points else Path("/"))


@pytest.mark.parametrize("place", ["inner", "inner/file"])
def test_marks_of_an_overlay_anywhere_inside_are_found(root: Path, place: str) -> None:
    (root / "inner" / "file").touch()
    os.setxattr(root / place, "user.overlay.metacopy", b"")
    with pytest.raises(SandboxError, match="overlay"):
        check_attributes(root)
    os.removexattr(root / place, "user.overlay.metacopy")
    os.setxattr(root / place, "user.mine", b"")
    check_attributes(root)


def test_most_file_systems_tell_names_apart(root: Path) -> None:
    (root / "INNER").mkdir()
    assert not folds(root)


@needs_fuse
def test_one_that_does_not_is_known_by_what_is_there(root: Path, tmp_path: Path) -> None:
    with mounted(root, tmp_path / "seen") as seen:
        assert folds(seen)
