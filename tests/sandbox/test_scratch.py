from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from guard.sandbox.scratch import Scratch, remove_tree

ROOT = Path(__file__).parents[2]


def test_folders_are_private_new_and_gone_after_closing(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "boxes")
    one, two = scratch.folder(), scratch.folder()
    assert one != two
    assert one.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "boxes").stat().st_mode & 0o777 == 0o700
    scratch.close()
    assert list((tmp_path / "boxes").iterdir()) == []


def test_names_cannot_be_guessed(tmp_path: Path) -> None:
    names = {Scratch(tmp_path / str(number)).name for number in range(5)}
    assert len(names) == 5


def test_folders_of_the_dead_are_swept_and_those_of_the_living_kept(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from guard.sandbox.scratch import Scratch; print(Scratch(Path(sys.argv[1])).folder())"
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    dead = Path(run.stdout.strip())
    assert dead.is_dir()
    living = Scratch(tmp_path)
    assert not dead.parent.exists()
    other = Scratch(tmp_path)
    assert living.path.exists()
    assert other.path.exists()
    living.close()
    other.close()


def test_a_tree_closed_to_everybody_can_be_removed_and_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    tree = tmp_path / "tree"
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "a" / "b" / "file").touch()
    (tree / "link").symlink_to(outside)
    os.chmod(tree / "a" / "b", 0)
    os.chmod(tree / "a", 0)
    outside.chmod(0o500)
    remove_tree(tree)
    assert not tree.exists()
    assert (outside / "kept").exists()
    assert outside.stat().st_mode & 0o777 == 0o500
    outside.chmod(0o700)
