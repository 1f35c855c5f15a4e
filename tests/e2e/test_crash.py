"""SIGKILL at every write of every step of a case: afterwards no decision is lost, nothing has run twice, the ledger verifies.

A process (crash_driver) does one part of a case's life and dies before or after its n-th write to the store; others then finish the
case. Death between two writes is death after the first or before the second, so every moment that the store can tell apart is tried.
"""

from __future__ import annotations

import asyncio
import collections
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guard.model import FINAL, Case, Stage
from guard.record import verify
from guard.store.sqlite import SqliteStore
from tests.build import NO_REHEARSALS, POLICIES

DRIVER = Path(__file__).parent / "crash_driver.py"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["run", "rehearse"])
def state(request, tmp_path) -> Path:
    """A configuration whose programs are run after approval, or rehearsed before it."""
    (tmp_path / "project").mkdir()
    etc = tmp_path / "etc"
    shutil.copytree(POLICIES, etc / "policies")
    shutil.copy(POLICIES / "packs" / "unattended.cedar", etc / "policies")
    if request.param == "run":
        (etc / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    (etc / "guard.toml").write_text(f'workspace = "{tmp_path}/project"\nstate = "{tmp_path}/state"\n')
    asyncio.run(register(tmp_path))
    return tmp_path


async def register(home: Path) -> None:
    from datetime import UTC, datetime

    from guard.model import Person

    store = await SqliteStore.open(home / "state")
    await store.add_person(Person(name="me"), now=datetime.now(UTC))
    await store.close()


def drive(home: Path, role: str, step: int = 0, moment: str = "before") -> int | None:
    """Run one role. The number of its writes, or None if it died at the one it was told to."""
    command = [sys.executable, str(DRIVER), str(home / "etc"), str(step), moment, role]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def kept(home: Path) -> tuple[list[Case], list[dict]]:
    """All cases and the parsed ledger, which must verify."""

    async def read():
        store = await SqliteStore.open(home / "state")
        try:
            entries = [(e.seq, e.body, e.hash) async for e in store.entries()]
            check = verify(entries, await store.head())
            assert check.problem == ""
            return await store.cases(), [json.loads(body) for _, body, _ in entries]
        finally:
            await store.close()

    return asyncio.run(read())


def sound(home: Path) -> list[Case]:
    """What must hold however it died: every case is final or waits, each ran once at most, the file tells the same story."""
    cases, ledger = kept(home)
    text = (home / "project" / "n.txt").read_text() if (home / "project" / "n.txt").exists() else ""
    done = [case for case in cases if case.stage is Stage.DONE]
    assert text == "x" * len(done)
    assert all(case.stage in FINAL or case.stage is Stage.WAITING for case in cases), [case.stage for case in cases]
    happened = collections.Counter((entry["case"], entry["kind"]) for entry in ledger)
    for case in cases:
        assert happened[case.id, "run.started"] <= 1
        assert happened[case.id, "case.closed"] == (1 if case.stage in FINAL else 0)
        assert happened[case.id, "case.decided"] >= 1
        if case.stage is Stage.DONE:
            assert happened[case.id, "case.approved"] == 1
            assert happened[case.id, "commit.started"] == 1
    return cases


def test_a_life_without_a_death_ends_done(state):
    assert not _dies(state, "", 0, "before")
    (case,) = sound(state)
    assert case.stage is Stage.DONE


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("role", ["submit", "approve", "recover"])
def test_a_death_at_any_write_loses_no_decision_and_runs_nothing_twice(state, role, moment, tmp_path_factory):
    step = 1
    while True:
        home = tmp_path_factory.mktemp("life") / "home"
        shutil.copytree(state, home)
        for name in ("etc/guard.toml",):
            (home / name).write_text((home / name).read_text().replace(str(state), str(home)))
        died = _dies(home, role, step, moment)
        cases = sound(home)
        assert len(cases) <= 1
        if role != "submit":
            (case,) = cases
            assert case.stage in (Stage.DONE, Stage.INTERRUPTED)
        if not died:
            assert step > 1, "the fuse was never reached"
            return
        step += 1


def _dies(home: Path, role: str, step: int, moment: str) -> bool:
    """A whole life in which `role` dies at its `step`-th write. False if it has fewer writes."""
    died = False
    for each in ("submit", "approve", "recover"):
        if each == role:
            died = drive(home, each, step, moment) is None
            if died and each == "approve":
                drive(home, each)
        else:
            drive(home, each)
    for each in ("recover", "approve", "recover"):
        drive(home, each)
    return died
