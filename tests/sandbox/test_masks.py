from __future__ import annotations

import os
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.sandbox.masks import Masks, masks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    workspace = tmp_path.resolve() / "workspace"
    (workspace / "a" / "b").mkdir(parents=True)
    for name in (".env", "a/one.pem", "a/b/two.pem", "plain"):
        (workspace / name).write_text(name)
    return workspace


def test_files_are_masked_relative_to_the_workspace_and_the_rest_is_not(root: Path) -> None:
    assert masks(root, [f"{root}/.env"]) == Masks(files=(".env",))


def test_every_name_of_the_same_file_is_masked(root: Path) -> None:
    os.link(root / ".env", root / "a" / "b" / "harmless")
    assert masks(root, [f"{root}/.env"]) == Masks(files=(".env", "a/b/harmless"))


def test_a_link_to_a_secret_needs_no_mask_of_its_own(root: Path) -> None:
    (root / "link").symlink_to(".env")
    (root / "folder-link").symlink_to("a")
    assert masks(root, [f"{root}/.env", f"{root}/link", f"{root}/folder-link/one.pem"]) == Masks(files=(".env",))


def test_what_does_not_exist_or_lies_elsewhere_needs_no_mask(root: Path) -> None:
    (root.parent / "workspace-2").mkdir()
    (root.parent / "workspace-2" / ".env").touch()
    assert masks(root, [f"{root}/gone", f"{root}/plain/x", "/etc/passwd", f"{root}-2/.env"]) == Masks()


def test_a_folder_that_is_asked_for_is_masked_with_all_below_it(root: Path) -> None:
    assert masks(root, [f"{root}/a"]) == Masks(folders=("a",))


def test_a_folder_with_anything_else_in_it_is_masked_file_by_file(root: Path) -> None:
    (root / "a" / "other").touch()
    (root / "a" / "b" / "three.pem").touch()
    assert masks(root, [f"{root}/a/one.pem", f"{root}/a/b/two.pem", f"{root}/a/b/three.pem"]) == Masks(
        files=("a/one.pem",), folders=("a/b",)
    )


def test_the_workspace_itself_is_never_one_mask(root: Path) -> None:
    assert masks(root, [str(root)]) == Masks(files=(".env", "plain"), folders=("a",))


def test_a_secret_whose_name_no_box_can_be_told_is_refused(root: Path) -> None:
    os.close(os.open(os.fsencode(root / ".env") + b"\xff", os.O_CREAT))
    with pytest.raises(SandboxError, match="UTF-8"):
        masks(root, [os.fsdecode(os.fsencode(root / ".env") + b"\xff")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_a_folder_that_cannot_be_looked_into_is_masked_itself_and_keeps_no_other_from_being_masked(root: Path) -> None:
    (root / "shut").mkdir(mode=0)
    os.link(root / ".env", root / "a" / "harmless")
    found = masks(root, [f"{root}/.env", f"{root}/shut"])
    (root / "shut").chmod(0o700)
    assert found == Masks(files=(".env", "a/harmless"), folders=("shut",))
