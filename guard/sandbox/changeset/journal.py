"""What a commit has done so far, on disk, so that the next guard can finish it after a crash in between.

One file per commit or rollback: in `active` while it is under way, moved to `done` when it is whole. The move is the commit. When its
backup expires it moves on to `expired`.
NOTE: these files are read by later versions: a new field goes last and has a default.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from guard.canonical import plain
from guard.errors import SandboxError
from guard.model import Change, EntryKind, FileType, Print

ROLLBACK = "rollback"
"""How the journal of a rollback is named, after the number of its case."""


class Phase(StrEnum):
    """STAGING: nothing of the user's was touched. APPLYING: goes forward. UNDOING: met a conflict on the way, goes back."""

    STAGING = "staging"
    APPLYING = "applying"
    UNDOING = "undoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One commit or rollback. `token` names its staging folder in the workspace."""

    name: str
    workspace: str
    token: str
    phase: Phase
    changes: tuple[Change, ...]
    conflicts: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        return f".guard-{self.token}"


class Journals:
    """The journals of one state folder."""

    def __init__(self, root: Path) -> None:
        self._active = root / "active"
        self._done = root / "done"
        self._expired = root / "expired"
        for folder in (root, self._active, self._done, self._expired):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, journal: Journal) -> None:
        """Durable when this returns."""
        path = self._active / f"{journal.name}.json"
        temporary = self._active / f".{journal.name}"
        with temporary.open("wb") as file:
            file.write(json.dumps(plain(journal)).encode())  # nothing is digested here: not canonical, ten times as fast
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(self._active)

    def finish(self, journal: Journal) -> None:
        """It is whole: from here on `done` finds it."""
        (self._active / f"{journal.name}.json").replace(self._done / f"{journal.name}.json")
        _sync_folder(self._done)
        _sync_folder(self._active)

    def forget(self, journal: Journal) -> None:
        """It did not happen."""
        (self._active / f"{journal.name}.json").unlink(missing_ok=True)
        _sync_folder(self._active)

    def done(self, name: str) -> Journal | None:
        return _read(self._done / f"{name}.json")

    def finished(self) -> list[tuple[str, datetime]]:
        """What is done and not expired: (name, when)."""
        found = []
        for path in self._done.glob("[!.]*.json"):
            with suppress(FileNotFoundError):
                found.append((path.stem, datetime.fromtimestamp(path.stat().st_mtime, UTC)))
        return found

    def expire(self, journal: Journal) -> None:
        """Its backup is no longer kept."""
        with suppress(FileNotFoundError):  # another guard was first
            (self._done / f"{journal.name}.json").replace(self._expired / f"{journal.name}.json")
        _sync_folder(self._expired)
        _sync_folder(self._done)

    def expired(self, name: str) -> bool:
        return (self._expired / f"{name}.json").exists()

    def under_way(self) -> list[Journal]:
        """What is not finished, in any workspace."""
        found = (_read(path) for path in sorted(self._active.glob("[!.]*.json")))
        return [journal for journal in found if journal is not None]

    def rolled_back(self, workspace: str) -> dict[int, Journal]:
        """The rollbacks that are whole in this workspace, by their cases."""
        done = ((int(path.name.partition("-")[0]), _read(path)) for path in sorted(self._done.glob(f"*-{ROLLBACK}.json")))
        return {case: journal for case, journal in done if journal is not None and journal.workspace == workspace}

    def active(self, workspace: str) -> Sequence[Journal]:
        """What a crash left unfinished in this workspace, oldest name first."""
        return [journal for journal in self.under_way() if journal.workspace == workspace]


def _read(path: Path) -> Journal | None:
    try:
        data = json.loads(path.read_bytes())
        return Journal(
            name=data["name"],
            workspace=data["workspace"],
            token=data["token"],
            phase=Phase(data["phase"]),
            changes=tuple(_change(item) for item in data["changes"]),
            conflicts=tuple(data["conflicts"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise SandboxError(f"the journal {path} cannot be read: {error}", hint="Look at the workspace before you remove it.") from error


def _change(data: dict[str, Any]) -> Change:
    return Change(kind=EntryKind(data["kind"]), path=data["path"], before=_print(data["before"]), after=_print(data["after"]))


def _print(data: dict[str, Any] | None) -> Print | None:
    if data is None:
        return None
    return Print(type=FileType(data["type"]), mode=data["mode"], size=data["size"], digest=data["digest"])


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
