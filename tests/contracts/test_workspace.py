"""What every Workspace promises: a change set goes into the user's files whole or not at all, meets only what it knows, never leaves
the workspace, survives a crash at every step, and can be rolled back."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Change, ChangeSet, EntryKind, FileType, Print
from guard.ports import Workspace
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.commit import FileWorkspace
from tests.sandbox.boxes import brief, job, tree
from tests.sandbox.engines import ENGINES, box_of

Produce = Callable[[str], Awaitable[ChangeSet]]

of_every_engine = pytest.mark.parametrize("produce", ENGINES, indirect=True)
"""Elsewhere change sets come from bubblewrap's box alone: what becomes of them is no matter of the engine."""

EVERYTHING = """
import os, shutil
open('a.txt', 'a').write('more')
os.chmod('run.sh', 0o755)
os.makedirs('new/deep'); open('new/deep/f', 'w').write('f'); os.mkdir('new/empty'); os.chmod('new/deep', 0o550)
os.symlink('../a.txt', 'new/link')
shutil.rmtree('folder')
os.remove('turns'); os.mkdir('turns'); open('turns/x', 'w').write('x')
shutil.rmtree('flips'); open('flips', 'w').write('now a file')
os.remove('points'); os.symlink('run.sh', 'points')
os.chmod('modes', 0o700)
open('café 日本', 'w').write('unicode')
"""
"""Every kind of change in one program."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    workspace = tmp_path.resolve() / "workspace"
    for folder in ("folder/inner", "flips", "modes"):
        (workspace / folder).mkdir(parents=True)
    for path in ("a.txt", "run.sh", "folder/b", "folder/inner/c", "turns", "flips/y", "same"):
        (workspace / path).write_text(f"this is {path}\n")
    (workspace / "points").symlink_to("a.txt")
    return workspace


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def files(state: Path) -> Workspace:
    return FileWorkspace(state)


@pytest.fixture
async def produce(request: pytest.FixtureRequest, state: Path, root: Path) -> AsyncIterator[Produce]:
    """Run a program in the real box; its change set."""
    box = box_of(getattr(request, "param", "bubblewrap"), state)

    async def run(code: str) -> ChangeSet:
        execution = await box.run(job(code, root))
        assert execution.succeeded, execution
        return execution.change_set

    yield run
    await box.close()


@of_every_engine
async def test_a_commit_makes_the_workspace_what_the_program_saw(files: Workspace, produce: Produce, root: Path) -> None:
    look = "import os, json; print(json.dumps(sorted(os.path.join(f, x) for f, d, n in os.walk('.') for x in d + n)))"
    change_set = await produce(EVERYTHING)
    assert await files.commit(1, str(root), change_set) == ()
    after = tree(root)
    assert after["a.txt"] == ("0o100644", b"this is a.txt\nmore")
    assert after["run.sh"][0] == "0o100755"
    assert after["new/deep"][0] == "0o40550"
    assert after["new/deep/f"] == ("0o100644", b"f")
    assert after["new/empty"] == ("0o40755", None)
    assert after["new/link"][1] == "../a.txt"
    assert after["turns/x"][1] == b"x"
    assert after["flips"] == ("0o100644", b"now a file")
    assert after["points"][1] == "run.sh"
    assert after["modes"][0] == "0o40700"
    assert after["café 日本"][1] == b"unicode"
    assert after["same"][1] == b"this is same\n"
    assert not [path for path in after if path.startswith(("folder", ".guard"))]
    assert (await produce(look)).changes == ()


async def test_a_second_commit_of_the_same_case_changes_nothing(files: Workspace, produce: Produce, root: Path) -> None:
    change_set = await produce("open('a.txt', 'a').write('more')")
    assert await files.commit(1, str(root), change_set) == ()
    (root / "a.txt").write_text("edited later")
    assert await files.commit(1, str(root), change_set) == ()
    assert (root / "a.txt").read_text() == "edited later"


@of_every_engine
async def test_rollback_puts_everything_back(files: Workspace, produce: Produce, root: Path) -> None:
    before = tree(root)
    assert await files.commit(1, str(root), await produce(EVERYTHING)) == ()
    assert tree(root) != before
    assert await files.rollback(1, str(root)) == ()
    assert tree(root) == before
    assert await files.rollback(1, str(root)) == (), "again: nothing left to do"
    assert tree(root) == before


async def test_rollback_refuses_if_a_file_was_changed_since(files: Workspace, produce: Produce, root: Path) -> None:
    await files.commit(1, str(root), await produce(EVERYTHING))
    (root / "a.txt").write_text("precious")
    (root / "new" / "mine").write_text("precious too")
    now = tree(root)
    conflicts = await files.rollback(1, str(root))
    assert "a.txt: was changed meanwhile" in conflicts
    assert any(sentence.startswith("new: holds mine") for sentence in conflicts)
    assert tree(root) == now


async def test_recovering_names_the_cases_that_are_rolled_back_here(files: Workspace, produce: Produce, root: Path, tmp_path: Path) -> None:
    for case, name in ((1, "one"), (2, "two")):
        assert await files.commit(case, str(root), await produce(f"open({name!r}, 'w').write('x')")) == ()
    assert await files.recover(str(root)) == ()
    assert await files.rollback(2, str(root)) == ()
    assert await files.recover(str(root)) == (2,)
    assert await files.recover(str(tmp_path / "elsewhere")) == (), "of another workspace"


async def test_rollback_of_what_was_never_committed_is_an_error(files: Workspace, root: Path) -> None:
    with pytest.raises(SandboxError, match="committed nothing"):
        await files.rollback(7, str(root))


# ------------------------------------------------------------------------------------------------------------------- conflicts

CONFLICTS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "edited": ("open('a.txt', 'a').write('x')", lambda r: (r / "a.txt").write_text("other"), "a.txt: was changed meanwhile"),
    "same size": ("open('a.txt', 'a').write('x')", lambda r: (r / "a.txt").write_text("THIS IS A.TXT\n"), "a.txt: was changed"),
    "removed": ("open('a.txt', 'a').write('x')", lambda r: (r / "a.txt").unlink(), "a.txt: was removed meanwhile"),
    "mode": ("open('a.txt', 'a').write('x')", lambda r: (r / "a.txt").chmod(0o600), "a.txt: was changed meanwhile"),
    "taken": ("open('n', 'w').write('x')", lambda r: (r / "n").write_text("other"), "n: something was put there meanwhile"),
    "taken folder": ("import os; os.mkdir('n')", lambda r: (r / "n").mkdir(), "n: something was put there meanwhile"),
    "new inside": (
        "import shutil; shutil.rmtree('folder')",
        lambda r: (r / "folder" / "inner" / "new").write_text("x"),
        "folder/inner: holds new",
    ),
    "folder gone": ("open('folder/n', 'w')", lambda r: shutil.rmtree(r / "folder"), "folder/n: the folder that it is to be in is gone"),
    "link for folder": (
        "open('folder/n', 'w').write('x')",
        lambda r: (shutil.move(r / "folder", r / "away"), (r / "folder").symlink_to("away")),
        "folder/n: the folder that it is to be in is gone",
    ),
    "link for file": (
        "open('a.txt', 'a').write('x')",
        lambda r: ((r / "a.txt").rename(r / "away"), (r / "a.txt").symlink_to("away")),
        "a.txt: was changed meanwhile",
    ),
    "fifo for file": (
        "open('a.txt', 'a').write('x')",
        lambda r: ((r / "a.txt").unlink(), os.mkfifo(r / "a.txt")),
        "a.txt: cannot be read",
    ),
    "deleted changed": ("import os; os.remove('a.txt')", lambda r: (r / "a.txt").write_text("other"), "a.txt: was changed meanwhile"),
}


@pytest.mark.parametrize("name", CONFLICTS)
async def test_a_path_that_changed_meanwhile_is_a_conflict_and_nothing_is_changed(
    files: Workspace, produce: Produce, root: Path, name: str
) -> None:
    code, edit, sentence = CONFLICTS[name]
    change_set = await produce(code + "\nopen('other', 'w').write('would be fine')")
    edit(root)
    now = tree(root)
    conflicts = await files.commit(1, str(root), change_set)
    assert any(sentence in conflict for conflict in conflicts), conflicts
    assert tree(root) == now
    with pytest.raises(SandboxError, match="committed nothing"):
        await files.rollback(1, str(root))


async def test_after_a_conflict_is_gone_the_same_commit_succeeds(files: Workspace, produce: Produce, root: Path) -> None:
    change_set = await produce("open('a.txt', 'a').write('x')")
    original = (root / "a.txt").read_text()
    (root / "a.txt").write_text("other")
    assert await files.commit(1, str(root), change_set)
    (root / "a.txt").write_text(original)
    assert await files.commit(1, str(root), change_set) == ()
    assert (root / "a.txt").read_text() == original + "x"


# ------------------------------------------------------------------------------------------------------ never out of the workspace


@of_every_engine
async def test_a_commit_follows_no_link_out_of_the_workspace(files: Workspace, produce: Produce, root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "target").write_text("outside")
    change_set = await produce("open('folder/target', 'w').write('in'); open('folder/b', 'a').write('x')")
    shutil.rmtree(root / "folder")
    (outside / "b").write_text("this is folder/b\n")
    (root / "folder").symlink_to(outside)
    assert await files.commit(1, str(root), change_set)
    assert (outside / "target").read_text() == "outside"
    assert (outside / "b").read_text() == "this is folder/b\n"


@of_every_engine
async def test_a_committed_link_is_not_written_through(files: Workspace, produce: Produce, root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    code = f"import os, shutil; shutil.rmtree('folder'); os.symlink({str(outside)!r}, 'folder')"
    assert await files.commit(1, str(root), await produce(code)) == ()
    change_set = ChangeSet(changes=(Change(kind=EntryKind.CREATED, path="folder/evil", after=Print(type=FileType.FOLDER, mode=0o755)),))
    assert await files.commit(2, str(root), change_set)
    assert list(outside.iterdir()) == []


@of_every_engine
async def test_another_name_of_the_same_file_keeps_its_content(files: Workspace, produce: Produce, root: Path) -> None:
    """Written in place, a change of `a.txt` would go through to a file outside (a hard link)."""
    os.link(root / "a.txt", root.parent / "alias")
    assert await files.commit(1, str(root), await produce("open('a.txt', 'a').write('more')")) == ()
    assert (root.parent / "alias").read_text() == "this is a.txt\n"
    assert (root / "a.txt").read_text() == "this is a.txt\nmore"


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "", ".", "a//b", "folder/.."])
async def test_a_change_set_that_names_another_place_is_refused(files: Workspace, root: Path, path: str) -> None:
    change = Change(kind=EntryKind.CREATED, path=path, after=Print(type=FileType.FOLDER, mode=0o755))
    with pytest.raises(SandboxError, match="no path in a workspace"):
        await files.commit(1, str(root), ChangeSet(changes=(change,)))


async def test_contents_changed_in_the_store_are_not_committed(files: Workspace, produce: Produce, root: Path, state: Path) -> None:
    change_set = await produce("open('n', 'w').write('approved')")
    now = tree(root)
    after = change_set.changes[0].after
    assert after
    blob = Blobs(state / "blobs").path(after.digest)
    blob.chmod(0o600)
    blob.write_text("tampered")
    with pytest.raises(SandboxError, match="changed on disk"):
        await files.commit(1, str(root), change_set)
    assert tree(root) == now
    blob.unlink()
    with pytest.raises(SandboxError, match="no longer kept"):
        await files.commit(1, str(root), change_set)
    assert tree(root) == now


async def test_two_commits_into_one_workspace_at_once_are_one_after_the_other(state: Path, produce: Produce, root: Path) -> None:
    one = await produce("open('a.txt', 'a').write('one')")
    two = await produce("open('a.txt', 'a').write('two')")
    results = await asyncio.gather(FileWorkspace(state).commit(1, str(root), one), FileWorkspace(state).commit(2, str(root), two))
    assert sorted(map(bool, results)) == [False, True], "the second finds a file that it does not know"
    assert (root / "a.txt").read_text().endswith("one" if not results[0] else "two")


async def test_a_folder_full_of_files_is_committed_and_rolled_back(files: Workspace, produce: Produce, root: Path) -> None:
    before = tree(root)
    change_set = await produce("import os\nfor i in range(300):\n    os.makedirs(f'm/{i}'); open(f'm/{i}/f', 'w').write(str(i))")
    assert await files.commit(1, str(root), change_set) == ()
    assert (root / "m" / "299" / "f").read_text() == "299"
    assert await files.rollback(1, str(root)) == ()
    assert tree(root) == before


# --------------------------------------------------------------------------------------------------------------------- crashes


BOXES = shutil.ignore_patterns("boxes")
"""The box's own folders, which it cleans up while we look."""


class Crashes:
    """Runs one commit or rollback again and again on fresh copies, killed at each of its steps in turn."""

    def __init__(self, tmp_path: Path, state: Path, root: Path, changes: ChangeSet | None, edits: dict[str, bytes]) -> None:
        self.base, self.state, self.root, self.changes, self.edits = tmp_path, state, root, changes, edits

    def run(self, die_at: int) -> subprocess.CompletedProcess[str]:
        plan = self.base / "plan"
        plan.write_bytes(pickle.dumps({"state": self.state, "workspace": str(self.root), "changes": self.changes, "edits": self.edits}))
        return subprocess.run(
            [sys.executable, "-m", "tests.sandbox.crash", str(plan), str(die_at)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def save(self) -> None:
        for path in (self.root, self.state):
            unlocked(path)
            shutil.copytree(path, self.base / f"saved-{path.name}", symlinks=True, ignore=BOXES)

    def restore(self) -> None:
        for path in (self.root, self.state):
            unlocked(path)
            for entry in path.iterdir():
                if entry.is_symlink() or entry.is_file():
                    entry.unlink()
                elif entry.name != "boxes":
                    shutil.rmtree(entry)
            shutil.copytree(self.base / f"saved-{path.name}", path, symlinks=True, dirs_exist_ok=True)

    def settle(self) -> tuple[str, ...]:
        """What the next guard does."""
        files = FileWorkspace(self.state)
        if self.changes is None:
            return files.rollback_now(1, str(self.root))
        return files.commit_now(1, str(self.root), self.changes)


def unlocked(root: Path) -> None:
    """Let this user list every folder again."""
    for folder, names, _ in os.walk(root):
        names[:] = [name for name in names if name != "boxes"]
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink() and path.stat().st_mode & 0o700 != 0o700:
                path.chmod(0o700)


async def test_a_crash_at_any_step_of_a_commit_leaves_it_to_be_finished(tmp_path: Path, state: Path, root: Path, produce: Produce) -> None:
    crashes = Crashes(tmp_path, state, root, await produce(EVERYTHING), {})
    await asyncio.to_thread(check_every_step, crashes)


async def test_a_crash_at_any_step_of_a_rollback_leaves_it_to_be_finished(
    tmp_path: Path, state: Path, root: Path, produce: Produce, files: Workspace
) -> None:
    code = EVERYTHING.replace("; os.chmod('new/deep', 0o550)", "")
    assert await files.commit(1, str(root), await produce(code)) == ()
    await asyncio.to_thread(check_every_step, Crashes(tmp_path, state, root, None, {}))


async def test_a_crash_while_a_late_conflict_is_undone_leaves_everything_as_it_was(
    tmp_path: Path, state: Path, root: Path, produce: Produce
) -> None:
    """Somebody edits the last file of the set between the check and its turn: all is put back, his edit included."""
    code = EVERYTHING.replace("; os.chmod('new/deep', 0o550)", "")
    code = code.replace("shutil.rmtree('folder')", "").replace("open('café 日本', 'w').write('unicode')", "")
    change_set = await produce(code + "\nopen('zz', 'w').write('z')\nopen('same', 'a').write('more')")
    last = brief(change_set)[-1].split()[-1]
    assert last == "zz"
    crashes = Crashes(tmp_path, state, root, change_set, {"zz": b"somebody else's", "same": b"somebody else's as well"})
    await asyncio.to_thread(check_every_step, crashes)


def check_every_step(crashes: Crashes) -> None:
    crashes.save()
    whole = crashes.run(-1)
    steps = whole.stdout.splitlines()[:-1]
    assert len(steps) > 10, whole
    expected = tree(crashes.root)
    expected_conflicts = whole.stdout.splitlines()[-1] != "conflicts"
    assert expected_conflicts == bool(crashes.edits)
    for number, step in enumerate(steps):
        crashes.restore()
        died = crashes.run(number)
        assert died.returncode == -signal.SIGKILL, (step, died)
        conflicts = crashes.settle()
        after = tree(crashes.root)
        if not (crashes.edits and number < steps.index("journal applying")):
            assert after == expected, f"killed at step {number} ({step})"
            assert bool(conflicts) == expected_conflicts, (step, conflicts)
        assert not [path for path in after if path.startswith(".guard")], step


async def test_a_crash_of_one_case_is_settled_before_another_commits(
    tmp_path: Path, state: Path, root: Path, produce: Produce, files: Workspace
) -> None:
    first = await produce("open('a.txt', 'a').write('one'); open('run.sh', 'a').write('one')")
    second = await produce("open('same', 'a').write('two')")
    crashes = Crashes(tmp_path, state, root, first, {})
    steps = (await asyncio.to_thread(crashes.run, 3)).stdout.splitlines()
    assert steps[-1] == "journal applying" or "applied" in steps[-1]
    assert await files.commit(2, str(root), second) == ()
    assert (root / "a.txt").read_text().endswith("one")
    assert (root / "run.sh").read_text().endswith("one")
    assert (root / "same").read_text().endswith("two")


async def test_a_workspace_that_cannot_be_written_is_an_error_and_nothing_is_left(
    files: Workspace, produce: Produce, root: Path, state: Path
) -> None:
    change_set = await produce("open('n', 'w').write('x')")
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    os.chmod(root, 0o555)
    with pytest.raises(SandboxError, match="cannot be written"):
        await files.commit(1, str(root), change_set)
    os.chmod(root, 0o755)
    assert await files.commit(1, str(root), change_set) == ()


async def test_the_store_and_the_journals_are_private(files: Workspace, produce: Produce, root: Path, state: Path) -> None:
    await files.commit(1, str(root), await produce("open('n', 'w').write('x')"))
    for folder in ("blobs", "commits", "locks", "boxes"):
        assert (state / folder).stat().st_mode & 0o077 == 0, folder


async def test_an_approved_digest_is_what_is_committed(produce: Produce) -> None:
    one = await produce("open('n', 'w').write('x')")
    assert one.digest == (await produce("open('n', 'w').write('x')")).digest
    assert one.digest != (await produce("open('n', 'w').write('y')")).digest
    assert one.digest != replace(one, refused=("n: something",)).digest
