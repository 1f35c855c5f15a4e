from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Change, EntryKind, FileType, Print
from guard.sandbox.changeset.journal import Journal, Journals, Phase

ONE = Journal(
    name="1-commit",
    workspace="/w",
    token="abc",
    phase=Phase.STAGING,
    changes=(
        Change(kind=EntryKind.MODIFIED, path="é \\ \"", before=Print(type=FileType.FILE, mode=420, size=1, digest="d"),
               after=Print(type=FileType.FILE, mode=420, size=2, digest="e")),
        Change(kind=EntryKind.CREATED, path="folder", after=Print(type=FileType.FOLDER, mode=493)),
    ),
    conflicts=("a sentence",),
)  # fmt: skip


@pytest.fixture
def journals(tmp_path: Path) -> Journals:
    return Journals(tmp_path / "commits")


def test_a_journal_is_read_as_it_was_written(journals: Journals) -> None:
    journals.write(ONE)
    assert journals.active("/w") == [ONE]
    journals.write(replace(ONE, phase=Phase.APPLYING))
    assert journals.active("/w") == [replace(ONE, phase=Phase.APPLYING)]


def test_journals_of_other_workspaces_are_left_alone(journals: Journals) -> None:
    journals.write(ONE)
    assert journals.active("/w2") == []


def test_a_finished_journal_is_done_and_a_forgotten_one_never_was(journals: Journals) -> None:
    journals.write(ONE)
    journals.finish(ONE)
    assert (journals.active("/w"), journals.done("1-commit")) == ([], ONE)
    journals.write(replace(ONE, name="2-commit"))
    journals.forget(replace(ONE, name="2-commit"))
    assert (journals.active("/w"), journals.done("2-commit")) == ([], None)


def test_a_journal_that_cannot_be_read_stops_everything(journals: Journals, tmp_path: Path) -> None:
    (tmp_path / "commits" / "active" / "1-commit.json").write_text('{"name": "1-commit"')
    with pytest.raises(SandboxError, match="cannot be read"):
        journals.active("/w")


def test_a_half_written_journal_is_not_one(journals: Journals, tmp_path: Path) -> None:
    (tmp_path / "commits" / "active" / ".1-commit").write_text("half")
    assert journals.active("/w") == []
