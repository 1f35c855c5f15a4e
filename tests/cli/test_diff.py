import dataclasses
import hashlib
from pathlib import Path

import pytest

from guard.cli.diff import LARGEST, diff_lines
from guard.model import Change, ChangeSet, Ending, EntryKind, Execution, FileType, Print
from guard.sandbox.blobs import Blobs
from tests.build import FACTS, case


def found(data: bytes, mode: int = 0o644) -> Print:
    return Print(type=FileType.FILE, mode=mode, size=len(data), digest=hashlib.sha256(data).hexdigest())


def diff(root: Path, before: bytes | None, after: bytes | None, *, on_disk: bytes | None = None, kept: bool = True) -> list[str]:
    """The lines for one file that was `before` and is to be `after`; `kept`: its old bytes are in the store."""
    blobs = Blobs(root / "blobs")
    workspace = root / "project"
    workspace.mkdir()
    if on_disk is not None:
        (workspace / "a.txt").write_bytes(on_disk)
    for data in [after, *([before] if kept else [])]:
        if data is not None:
            blobs.add(data)
    kind = EntryKind.CREATED if before is None else EntryKind.DELETED if after is None else EntryKind.MODIFIED
    change = Change(
        kind=kind, path="a.txt", before=found(before) if before is not None else None, after=found(after) if after is not None else None
    )
    execution = Execution(ending=Ending.EXITED, change_set=ChangeSet(changes=(change,)))
    about = dataclasses.replace(case(), execution=execution, facts=dataclasses.replace(FACTS, workspace=str(workspace)))
    return list(diff_lines(about, blobs))


def test_changed_lines_are_shown(tmp_path: Path) -> None:
    assert diff(tmp_path, b"a\nb\n", b"a\nc\n") == ["modified a.txt", "  @@ -1,2 +1,2 @@", "   a", "  -b", "  +c"]


def test_what_was_there_before_is_read_from_the_workspace_while_it_is_still_the_same(tmp_path: Path) -> None:
    assert "  -old" in diff(tmp_path, b"old\n", b"new\n", on_disk=b"old\n", kept=False)


def test_what_was_there_before_is_not_guessed_if_it_changed_since(tmp_path: Path) -> None:
    lines = diff(tmp_path, b"old\n", b"new\n", on_disk=b"other\n", kept=False)
    assert len(lines) == 2
    assert "not shown as text" in lines[1]


def test_a_created_and_a_deleted_file_are_whole(tmp_path: Path) -> None:
    assert diff(tmp_path, None, b"a\n") == ["created a.txt", "  @@ -0,0 +1 @@", "  +a"]


@pytest.mark.parametrize("data", [b"\0binary", b"\xff\xfe", b"x" * (LARGEST + 1)])
def test_what_is_not_text_is_said_with_size_and_digest(data: bytes, tmp_path: Path) -> None:
    lines = diff(tmp_path, b"a\n", data)
    assert f"{len(data):,} bytes {hashlib.sha256(data).hexdigest()[:12]}" in lines[1]


def test_hidden_characters_of_a_file_are_marks(tmp_path: Path) -> None:
    assert all(line.isprintable() for line in diff(tmp_path, b"a\n", "\x1b[2J\u202e\n".encode()))
