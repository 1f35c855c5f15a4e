"""Upper layers as hostile programs would like them; those that real programs leave are in tests/contracts/test_sandbox.py."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from guard.model import ChangeSet
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.overlay import UNKNOWN, seal
from tests.sandbox.boxes import QUICK, brief, by_path

FUTURE = time.time_ns() + (1 << 60)


@pytest.fixture
def layers(tmp_path: Path) -> tuple[Path, Path]:
    upper, lower = tmp_path / "upper", tmp_path / "lower"
    upper.mkdir()
    (lower / "folder" / "inner").mkdir(parents=True)
    (lower / "folder" / "inner" / "c").write_text("c")
    (lower / "folder" / "b").write_text("b")
    (lower / "a").write_text("a")
    return upper, lower


def sealed(layers: tuple[Path, Path], since: int = FUTURE) -> ChangeSet:
    upper, lower = layers
    return seal(upper, lower, Blobs(upper.parent / "blobs"), QUICK, since)


def whiteout(path: Path) -> None:
    os.mknod(path, 0o020000, os.makedev(0, 0))


def test_an_empty_upper_layer_is_no_change(layers: tuple[Path, Path]) -> None:
    assert sealed(layers) == ChangeSet()


def test_a_whiteout_deletes_all_that_existed_and_nothing_else(layers: tuple[Path, Path]) -> None:
    whiteout(layers[0] / "folder")
    whiteout(layers[0] / "never-was")
    assert brief(sealed(layers)) == ["deleted folder/inner/c", "deleted folder/inner", "deleted folder/b", "deleted folder"]


def test_an_opaque_folder_hides_what_is_below_at_every_depth(layers: tuple[Path, Path]) -> None:
    (layers[0] / "folder" / "inner").mkdir(parents=True)
    os.setxattr(layers[0] / "folder", "user.overlay.opaque", b"y")
    (layers[0] / "folder" / "inner" / "new").write_text("n")
    assert brief(sealed(layers)) == ["deleted folder/inner/c", "deleted folder/b", "created folder/inner/new"]


def test_a_folder_that_is_not_opaque_hides_nothing(layers: tuple[Path, Path]) -> None:
    (layers[0] / "folder" / "inner").mkdir(parents=True)
    (layers[0] / "folder" / "inner" / "new").write_text("n")
    assert brief(sealed(layers)) == ["created folder/inner/new"]


def test_a_link_in_the_place_of_a_folder_is_not_followed(layers: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "planted").write_text("planted")
    (layers[0] / "folder").symlink_to(tmp_path / "outside")
    found = sealed(layers)
    assert brief(found)[-1] == "symlink folder"
    assert not any("planted" in change.path for change in found.changes)


def test_a_link_below_in_the_place_of_a_folder_is_not_followed_either(layers: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "planted").write_text("planted")
    (layers[1] / "link").symlink_to(tmp_path / "outside")
    whiteout(layers[0] / "link")
    assert brief(sealed(layers)) == ["deleted link"]
    (layers[0] / "link").unlink()
    (layers[0] / "link").mkdir()
    os.setxattr(layers[0] / "link", "user.overlay.opaque", b"y")
    assert brief(sealed(layers)) == ["deleted link", "created link"]


def test_the_size_that_a_file_claims_counts_not_what_it_takes(layers: tuple[Path, Path]) -> None:
    with (layers[0] / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    found = sealed(layers)
    assert found.changes == ()
    assert "1099511627776 bytes" in found.refused[0]


def test_what_many_files_claim_together_is_limited(layers: tuple[Path, Path]) -> None:
    for number in range(4):
        with (layers[0] / f"sparse{number}").open("wb") as file:
            file.truncate(QUICK.disk_bytes // 3)
    found = sealed(layers)
    assert len(found.changes) == 3
    assert len(found.refused) == 1


def test_deleting_a_folder_that_holds_what_cannot_be_named_is_refused(layers: tuple[Path, Path]) -> None:
    os.close(os.open(os.fsencode(layers[1] / "folder") + b"/\xff", os.O_CREAT))
    whiteout(layers[0] / "folder")
    found = sealed(layers)
    assert found.refused == (r"folder/\xff: was deleted, but its name is not valid UTF-8",)


@pytest.mark.parametrize("kind", ["file", "deletion", "link"])
def test_what_changed_below_since_the_start_is_unknown(layers: tuple[Path, Path], kind: str) -> None:
    (layers[1] / "link").symlink_to("a")
    match kind:
        case "file":
            path = "a"
            (layers[0] / "a").write_text("mine")
        case "deletion":
            path = "a"
            whiteout(layers[0] / "a")
        case _:
            path = "link"
            (layers[0] / "link").symlink_to("folder")
    known = by_path(sealed(layers))[path].before
    unknown = by_path(sealed(layers, since=1))[path].before
    assert known
    assert known.digest != UNKNOWN
    assert unknown
    assert unknown.digest == UNKNOWN


def test_the_same_layers_give_the_same_digest(layers: tuple[Path, Path]) -> None:
    for name in ("z", "y/x", "y"):
        path = layers[0] / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_text(name)
    whiteout(layers[0] / "folder")
    assert sealed(layers).digest == sealed(layers).digest
    assert replace(sealed(layers), refused=("x",)).digest != sealed(layers).digest


def test_a_setuid_file_that_was_there_may_lose_its_bit_and_no_file_may_gain_one(layers: tuple[Path, Path]) -> None:
    (layers[1] / "was").write_text("x")
    (layers[1] / "was").chmod(0o4755)
    for name, mode in (("was", 0o755), ("a", 0o4755), ("new", 0o2755)):
        (layers[0] / name).write_text("x" if name == "was" else "other")
        (layers[0] / name).chmod(mode)
    found = sealed(layers)
    assert brief(found) == ["mode was"]
    assert len(found.refused) == 2


def test_new_names_that_only_some_file_systems_tell_apart_are_kept_where_they_are_told_apart(layers: tuple[Path, Path]) -> None:
    (layers[0] / "x").write_text("1")
    (layers[0] / "X").write_text("2")
    (layers[0] / "A").write_text("beside a")
    assert brief(sealed(layers)) == ["created A", "created X", "created x"]
    assert sorted(os.listdir(layers[1])) == ["a", "folder"]


def test_new_names_of_which_that_cannot_be_seen_are_refused(layers: tuple[Path, Path]) -> None:
    (layers[0] / "x").write_text("1")
    (layers[0] / "X").write_text("2")
    found = seal(layers[0], Path("/proc/self/task"), Blobs(layers[0].parent / "blobs"), QUICK, FUTURE)
    assert found.refused[0].startswith("X: whether the workspace's file system tells it from x cannot be seen (")
