"""How long what a commit replaced is kept, and what else lies in the content store.

A commit's journal in `done` is what its rollback reads; when it expires it moves to `expired`, so that a rollback can say why there is
none. Contents that no journal and no case needs are removed a day after they were last put there: whoever has just sealed or copied one
is about to name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from guard.model import Change, FileType
from guard.sandbox.changeset.blobs import Blobs
from guard.sandbox.changeset.journal import Journal, Journals

GRACE = timedelta(days=1)


def backups(journals: Journals) -> tuple[int, ...]:
    """Cases whose commits can be rolled back still."""
    return tuple(sorted(_case(name) for name, _ in journals.finished() if name.endswith("-commit")))


def expire(
    journals: Journals, blobs: Blobs, agents: Mapping[int, str], keep: frozenset[str], *, age: timedelta, most: int, now: datetime
) -> tuple[int, ...]:
    """Let go of backups older than `age`, and of each agent's oldest ones beyond `most` bytes (never its newest); then of all contents that
    neither these nor `keep` name. Returns the cases whose commits can be rolled back no more."""
    used: dict[str, int] = {}
    gone = []
    needed = set(keep)
    finished = sorted(journals.finished(), key=lambda found: found[1], reverse=True)
    for name, at in finished:
        journal = journals.done(name)
        if journal is None:
            continue
        agent = agents.get(_case(name), "")
        before = used.get(agent, 0)
        used[agent] = before + _size(journal)
        if now - at > age or (before and used[agent] > most):
            journals.expire(journal)
            if name.endswith("-commit"):
                gone.append(_case(name))
        else:
            needed |= _contents(journal.changes)
    for journal in journals.under_way():
        needed |= _contents(journal.changes)
    blobs.remove_all_but(needed, before=now - GRACE)
    return tuple(sorted(gone))


def _case(name: str) -> int:
    return int(name.partition("-")[0])


def _size(journal: Journal) -> int:
    """Bytes that the backup takes."""
    return sum(dict((c.before.digest, c.before.size) for c in journal.changes if c.before and c.before.type is FileType.FILE).values())


def _contents(changes: Iterable[Change]) -> set[str]:
    return {side.digest for change in changes for side in (change.before, change.after) if side is not None}
