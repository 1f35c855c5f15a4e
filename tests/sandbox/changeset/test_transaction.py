from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Change, EntryKind, FileType, Print
from guard.sandbox.changeset.beneath import Beneath
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.transaction import Conflicts, Transaction, check_paths, inverse
from tests.sandbox.boxes import tree

FOLDER = Print(type=FileType.FOLDER, mode=0o755)


def of(text: str, mode: int = 0o644) -> Print:
    return Print(type=FileType.FILE, mode=mode, size=len(text), digest=hashlib.sha256(text.encode()).hexdigest())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a").write_text("old a")
    (tmp_path / "root" / "b").write_text("old b")
    (tmp_path / "root" / "c").write_text("old c")
    return tmp_path / "root"


@pytest.fixture
def work(root: Path, tmp_path: Path) -> Iterator[Transaction]:
    blobs = Blobs(tmp_path / "blobs")
    changes = (
        Change(kind=EntryKind.DELETED, path="c", before=of("old c")),
        Change(kind=EntryKind.MODIFIED, path="a", before=of("old a"), after=of("new a")),
        Change(kind=EntryKind.MODIFIED, path="b", before=of("old b"), after=of("new b")),
    )
    for text in ("new a", "new b"):
        blobs.add(text.encode())
    with Beneath(root) as beneath:
        yield Transaction(root=beneath, blobs=blobs, changes=changes, stage=".stage", step=lambda _: None)


def test_all_of_it_or_after_an_edit_in_the_last_moment_nothing_of_it(work: Transaction, root: Path) -> None:
    work.check()
    work.prepare()
    (root / "b").write_text("edited between the check and its turn")
    with pytest.raises(Conflicts, match="b: was changed meanwhile"):
        work.apply(fresh=True)
    assert work.undo() == ()
    work.clean()
    assert {path: content for path, (_, content) in tree(root).items()} == {
        "a": b"old a",
        "b": b"edited between the check and its turn",
        "c": b"old c",
    }


def test_an_edit_of_the_same_size_and_time_is_found_by_its_file(work: Transaction, root: Path) -> None:
    """An editor that writes a new file and renames it, keeping the time: the inode tells."""
    work.check()
    work.prepare()
    import os

    was = (root / "b").stat()
    (root / "x").write_text("OLD B")
    os.utime(root / "x", ns=(was.st_atime_ns, was.st_mtime_ns))
    (root / "x").rename(root / "b")
    with pytest.raises(Conflicts):
        work.apply(fresh=True)
    work.undo()
    work.clean()
    assert (root / "b").read_text() == "OLD B"


def test_what_is_replaced_is_in_the_store_before_anything_is_touched(work: Transaction) -> None:
    work.check()
    for text in ("old a", "old b", "old c"):
        assert work.blobs.read(hashlib.sha256(text.encode()).hexdigest()) == text.encode()


def test_the_inverse_of_the_inverse_is_the_change_itself() -> None:
    link = Print(type=FileType.SYMLINK, mode=0o777, size=1, digest="x")
    changes = (
        Change(kind=EntryKind.DELETED, path="d/f", before=of("f")),
        Change(kind=EntryKind.DELETED, path="d", before=FOLDER),
        Change(kind=EntryKind.DELETED, path="l", before=link),
        Change(kind=EntryKind.MODIFIED, path="m", before=of("1"), after=of("2")),
        Change(kind=EntryKind.MODE, path="n", before=of("1"), after=of("1", 0o755)),
        Change(kind=EntryKind.CREATED, path="o", after=FOLDER),
        Change(kind=EntryKind.CREATED, path="o/p", after=of("p")),
        Change(kind=EntryKind.SYMLINK, path="q", after=link),
    )
    undone = inverse(changes)
    assert [f"{change.kind} {change.path}" for change in undone] == [
        "deleted q", "deleted o/p", "deleted o", "mode n", "modified m", "symlink l", "created d", "created d/f",
    ]  # fmt: skip
    assert inverse(undone) == changes


@pytest.mark.parametrize("path", ["/a", "a/", "../a", "a/./b", "", "a\0b"])
def test_paths_that_could_lead_elsewhere_are_refused(path: str) -> None:
    with pytest.raises(SandboxError, match="no path"):
        check_paths([Change(kind=EntryKind.CREATED, path=path, after=FOLDER)])


def test_a_change_of_nothing_is_refused() -> None:
    with pytest.raises(SandboxError, match="no path"):
        check_paths([Change(kind=EntryKind.MODIFIED, path="a")])
