"""What every box promises of a workspace on a file system that takes names that differ in case, or in how their letters are composed, for one:
what would collide is found before anything is committed, and what is hidden cannot be read by another spelling."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import ChangeSet
from guard.ports import Sandbox, Workspace
from guard.sandbox.changeset.commit import FileWorkspace
from tests.contracts.test_workspace import Crashes, check_every_step
from tests.sandbox.boxes import brief, job, tree
from tests.sandbox.engines import ENGINES, box_of
from tests.sandbox.folding import mounted, needs_fuse

pytestmark = needs_fuse


@pytest.fixture
def below(tmp_path: Path) -> Path:
    """The workspace as it is on the disk."""
    folder = tmp_path.resolve() / "below"
    (folder / ".git" / "hooks").mkdir(parents=True)
    (folder / "readme").write_text("as it was\n")
    (folder / ".env").write_text("TOKEN=planted")
    return folder


@pytest.fixture
def root(below: Path, tmp_path: Path) -> Iterator[Path]:
    with mounted(below, tmp_path.resolve() / "workspace") as point:
        yield point


@pytest.fixture
def files(tmp_path: Path) -> Workspace:
    return FileWorkspace(tmp_path / "state")


@pytest.fixture(params=ENGINES)
async def box(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sandbox]:
    box = box_of(request.param, tmp_path / "state")
    yield box
    await box.close()


async def changed(box: Sandbox, root: Path, code: str) -> ChangeSet:
    execution = await box.run(job(code, root))
    assert execution.succeeded, execution
    return execution.change_set


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("open('new', 'w'); open('NEW', 'w')", "new: the workspace's file system takes this for the same name as NEW, which the program made as well"),
        ("import os; os.mkdir('n'); open('n/x', 'w'); open('n/X', 'w')", "n/x: the workspace's file system takes this for the same name as X"),
        ("open('é', 'w'); open('e\\u0301', 'w')", "é: the workspace's file system takes this, '\\xe9', for the same name as 'e\\u0301'"),
        ("import os; os.mkdir('d'); os.symlink('d', 'D')", "d: the workspace's file system takes this for the same name as D"),
        ("open('README', 'w').write('mine')", "README: the workspace's file system takes this for the same name as readme, which is there"),
        ("import os; os.chmod('ReadMe', 0o755)", "ReadMe: the workspace's file system takes this for the same name as readme"),
        ("import os; os.remove('README')", "README: the workspace's file system takes this for the same name as readme, which is there"),
        ("open('.GIT/hooks/pre-commit', 'w')", ".GIT: the workspace's file system takes this for the same name as .git, which is there"),
    ],
    ids=["files", "deep", "composed", "kinds", "replaced", "mode", "deleted", "folder"],
)  # fmt: skip
async def test_names_that_collide_are_found_when_the_change_set_is_sealed(
    box: Sandbox, root: Path, below: Path, code: str, said: str
) -> None:
    before = tree(below)
    change_set = await changed(box, root, code)
    assert [sentence for sentence in change_set.refused if sentence.startswith(said)], change_set
    assert tree(below) == before, "and nothing is left of the look"


async def test_names_that_do_not_collide_are_committed(box: Sandbox, root: Path, below: Path, files: Workspace) -> None:
    change_set = await changed(box, root, "import os; os.mkdir('n'); open('n/x', 'w'); open('X', 'w'); open('readme', 'a').write('more')")
    assert not change_set.refused
    assert await files.commit(1, str(root), change_set) == ()
    assert (below / "readme").read_text() == "as it was\nmore"
    assert (below / "n" / "x").exists()


@pytest.mark.parametrize(
    "code", ["import os; os.rename('readme', 'README')", "import os; os.remove('readme'); open('README', 'w').write('as it was\\n')"]
)
async def test_a_file_may_be_spelled_anew_and_rolled_back(box: Sandbox, root: Path, below: Path, files: Workspace, code: str) -> None:
    before = tree(below)
    change_set = await changed(box, root, code)
    assert (brief(change_set), change_set.refused) == (["deleted readme", "created README"], ())
    assert await files.commit(1, str(root), change_set) == ()
    assert "README" in os.listdir(below)
    assert "readme" not in os.listdir(below)
    assert (below / "README").read_text() == "as it was\n"
    assert await files.rollback(1, str(root)) == ()
    assert tree(below) == before


async def test_what_is_hidden_cannot_be_read_by_another_spelling(box: Sandbox, root: Path) -> None:
    look = "print(open('.ENV').read())"
    control = await box.run(job(look, root))
    assert control.stdout == "TOKEN=planted\n", "another spelling leads to it"
    with pytest.raises(SandboxError, match=r"\.env is to be hidden, and the file system of .* takes other spellings") as raised:
        await box.run(job(look, root, masked=(root / ".env",)))
    assert raised.value.hint


async def test_a_crash_at_any_step_of_a_new_spelling_leaves_the_old_one_or_the_new(root: Path, below: Path, tmp_path: Path) -> None:
    box = box_of("bubblewrap", tmp_path / "state")
    change_set = await changed(box, root, "import os; os.rename('readme', 'README'); [open(name, 'w') for name in '12']")
    await box.close()
    await asyncio.to_thread(check_every_step, Crashes(tmp_path, tmp_path / "state", root, change_set, {}))
