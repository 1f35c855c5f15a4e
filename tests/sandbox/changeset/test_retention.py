"""Backups expire by age and by an agent's share; what is needed stays."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Change, ChangeSet, EntryKind, FileType, Print
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.commit import FileWorkspace
from guard.sandbox.changeset.journal import Journal, Journals, Phase

DAY = timedelta(days=1)
NOW = datetime.now(UTC)


def printed(data: bytes) -> Print:
    return Print(type=FileType.FILE, mode=0o644, size=len(data), digest=hashlib.sha256(data).hexdigest())


class Home:
    """A workspace whose commits happened when a test says so."""

    def __init__(self, root: Path) -> None:
        self.root, self.state = root / "root", root / "state"
        self.root.mkdir()
        self.files, self.blobs = FileWorkspace(self.state), Blobs(self.state / "blobs")

    def commit(self, case: int, old: bytes, *, days_ago: float = 0) -> None:
        """One file that held `old` gets other bytes."""
        path, new = self.root / f"{case}.txt", f"new {case}".encode()
        path.write_bytes(old)
        path.chmod(0o644)
        self.blobs.add(new)
        change = Change(kind=EntryKind.MODIFIED, path=path.name, before=printed(old), after=printed(new))
        assert self.files.commit_now(case, str(self.root), ChangeSet(changes=(change,))) == ()
        self.back_date(self.state / "commits" / "done" / f"{case}-commit.json", days_ago)

    def back_date(self, path: Path, days: float) -> None:
        when = (NOW - days * DAY).timestamp()
        os.utime(path, (when, when))

    def make_old(self) -> None:
        for path in self.state.glob("blobs/*/*"):
            self.back_date(path, 2)

    def kept(self, *contents: bytes) -> list[bool]:
        return [self.blobs.path(hashlib.sha256(data).hexdigest()).exists() for data in contents]

    async def expire(self, agents: dict[int, str], *, most: int = 1 << 30, keep: frozenset[str] = frozenset()) -> tuple[int, ...]:
        return await self.files.expire(agents, keep, age=30 * DAY, most=most, now=NOW)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


async def test_an_old_backup_goes_and_a_rollback_says_so_plainly(home: Home) -> None:
    home.commit(1, b"old 1", days_ago=31)
    home.commit(2, b"old 2", days_ago=29)
    home.make_old()
    assert await home.files.backups() == (1, 2)
    assert await home.expire({1: "a", 2: "a"}) == (1,)
    assert await home.files.backups() == (2,)
    assert home.kept(b"old 1", b"new 1", b"old 2", b"new 2") == [False, False, True, True]
    with pytest.raises(SandboxError, match="backup of case 1 has expired") as error:
        home.files.rollback_now(1, str(home.root))
    assert "[backups]" in error.value.hint
    assert (home.root / "1.txt").read_bytes() == b"new 1"
    assert home.files.rollback_now(2, str(home.root)) == ()
    assert (home.root / "2.txt").read_bytes() == b"old 2"
    assert await home.expire({2: "a"}) == (), "told once"


async def test_beyond_an_agents_share_its_oldest_go_and_never_its_newest(home: Home) -> None:
    for case in (1, 2, 3):
        home.commit(case, bytes([case]) * 1000, days_ago=9 - case)
    home.commit(4, b"4" * 5000, days_ago=9)
    agents = {1: "a", 2: "a", 3: "a", 4: "b"}
    assert await home.expire(agents, most=2500) == (1,)
    assert await home.expire(agents, most=1) == (2,)
    assert await home.expire(agents, most=1) == ()
    assert await home.files.backups() == (3, 4)


async def test_contents_that_are_needed_or_young_stay(home: Home) -> None:
    waits, crashed, stray = (
        home.blobs.add(data) for data in (b"of a case that waits", b"of a commit that a crash interrupted", b"of nobody")
    )
    change = Change(kind=EntryKind.CREATED, path="x", after=printed(b"of a commit that a crash interrupted"))
    Journals(home.state / "commits").write(
        Journal(name="9-commit", workspace=str(home.root), token="00", phase=Phase.STAGING, changes=(change,))
    )
    home.make_old()
    home.blobs.add(b"young")
    assert await home.expire({}, keep=frozenset({waits})) == ()
    assert home.kept(b"of a case that waits", b"of a commit that a crash interrupted", b"of nobody", b"young") == [True, True, False, True]
    assert len({waits, crashed, stray}) == 3


async def test_what_is_added_again_is_young_again(home: Home) -> None:
    home.blobs.add(b"again")
    home.make_old()
    home.blobs.add(b"again")
    await home.expire({})
    assert home.kept(b"again") == [True]


async def test_a_backup_is_there_although_the_same_content_was_about_to_go(home: Home) -> None:
    home.blobs.add(b"twice")
    home.make_old()
    home.commit(1, b"twice")
    await home.expire({1: "a"})
    assert home.files.rollback_now(1, str(home.root)) == ()
    assert (home.root / "1.txt").read_bytes() == b"twice"
