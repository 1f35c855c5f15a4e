"""SIGKILL at every write of every step of a case: afterwards no decision is lost, nothing has run twice, the ledger verifies.

A process (crash_driver) does one part of a case's life and dies before or after its n-th write to the store; others then finish the
case. Death between two writes is death after the first or before the second, so every moment that the store can tell apart is tried.
"""

from __future__ import annotations

import asyncio
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guard.hash_chain import verify
from guard.model import FINAL, Case, Stage
from guard.store.sqlite import SqliteStore
from tests.build import NO_REHEARSALS, POLICIES
from tests.e2e.crash_driver import KILLED_A_BOX

DRIVER = Path(__file__).parent / "crash_driver.py"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["run", "rehearse"])
def state(request, tmp_path) -> Path:
    """A configuration whose programs are run after approval, or rehearsed before it."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "old").write_text("old")
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


class Guards:
    """The process that forks guards."""

    def __init__(self) -> None:
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, str(DRIVER)]
        self._driver = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )

    def drive(self, home: Path, role: str, step: int = 0, moment: str = "before", box: list[str] | None = None) -> bool:
        """One guard in one role. True if it died at the write that it was told to, or a process of its box was killed."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps([str(home / "etc"), step, moment, role, box]) + "\n")
        self._driver.stdin.flush()
        status = os.waitstatus_to_exitcode(int(self._driver.stdout.readline()))
        if status not in (0, KILLED_A_BOX, -signal.SIGKILL):
            self._driver.stdin.close()
            raise AssertionError(self._driver.stderr.read() if self._driver.stderr else status)
        return status != 0

    def close(self) -> None:
        for pipe in (self._driver.stdin, self._driver.stdout, self._driver.stderr):
            assert pipe is not None
            pipe.close()
        self._driver.wait(10)


@pytest.fixture(scope="module")
def guards():
    forking = Guards()
    yield forking
    forking.close()


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


def test_a_life_without_a_death_ends_done(state, guards):
    assert not dies(guards, state, "", 0, "before")
    (case,) = sound(state)
    assert case.stage is Stage.DONE


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("role", ["submit", "approve", "recover"])
def test_a_death_at_any_write_loses_no_decision_and_runs_nothing_twice(state, guards, role, moment, tmp_path_factory):
    step = 1
    while True:
        home = tmp_path_factory.mktemp("life") / "home"
        shutil.copytree(state, home)
        settings = home / "etc" / "guard.toml"
        settings.write_text(settings.read_text().replace(str(state), str(home)))
        died = dies(guards, home, role, step, moment)
        cases = sound(home)
        assert len(cases) <= 1
        if role != "submit":
            (case,) = cases
            assert case.stage in (Stage.DONE, Stage.INTERRUPTED)
        if not died:
            assert step > 1, "the fuse was never reached"
            return
        step += 1


BEFORE = {"old": "old"}
AFTER = {"n.txt": "x", "made/with": "x"}


def lies(home: Path) -> dict[str, str]:
    """All files of the workspace: none of guard's own among them."""
    project = home / "project"
    return {str(path.relative_to(project)): path.read_text() for path in project.rglob("*") if path.is_file()}


def copied(state: Path, home: Path) -> Path:
    """The same guard once more, in another place."""
    shutil.copytree(state, home, symlinks=True)
    settings = home / "etc" / "guard.toml"
    settings.write_text(settings.read_text().replace(str(state), str(home)))
    return home


def at_each_step(guards: Guards, role: str, moment: str, prepared: Callable[[], Path]) -> Iterator[Path]:
    """A guard that died at the first, the second … step of its role, until it has no such step."""
    step = 1
    while guards.drive(home := prepared(), role, step, moment):
        yield home
        step += 1
    assert step > 1, "the fuse was never reached"


def test_a_death_at_any_step_in_the_workspace_of_a_commit_is_finished_by_the_next_engine(state, guards, tmp_path_factory):
    def approved() -> Path:
        home = copied(state, tmp_path_factory.mktemp("life") / "home")
        guards.drive(home, "submit")
        guards.drive(home, "approve")
        return home

    for home in at_each_step(guards, "recover", "files", approved):
        guards.drive(home, "recover")
        (case,) = sound(home)
        assert case.stage is Stage.DONE
        assert lies(home) == AFTER


@pytest.mark.parametrize("moment", ["before", "after", "files"])
@pytest.mark.parametrize("state", ["rehearse"], indirect=True)
def test_a_death_at_any_step_of_a_rollback_leaves_it_whole_or_not_begun_and_the_ledger_says_which(state, guards, moment, tmp_path_factory):
    for role in ("submit", "approve", "recover"):
        guards.drive(state, role)
    # The journals name the workspace: one guard, put back as it was before each death.
    saved = tmp_path_factory.mktemp("saved") / "home"
    shutil.copytree(state, saved)

    def committed() -> Path:
        shutil.rmtree(state)
        shutil.copytree(saved, state)
        return state

    ends = set()
    for home in at_each_step(guards, "rollback", moment, committed):
        guards.drive(home, "recover")
        cases, ledger = kept(home)
        (case,) = cases
        done = [entry["data"] for entry in ledger if entry["kind"] == "case.rolled-back"]
        assert (lies(home), [data["person"] for data in done]) in ((AFTER, []), (BEFORE, ["me"]))
        assert bool(case.rolled_back) == bool(done)
        ends.add(bool(done))
        guards.drive(home, "rollback")
        assert lies(home) == BEFORE
        assert kept(home)[0][0].rolled_back.startswith("me")
    assert True in ends, "some of these deaths were after the point from which it is finished"


@pytest.mark.parametrize(
    ("stage", "victim"),
    [
        ("spawned", "bwrap"),
        *((stage, victim) for stage in ("built", "released") for victim in ("bwrap", "first")),
        *(("wrote", victim) for victim in ("bwrap", "first", "program")),
        ("over", "bwrap"),
    ],
)
def test_a_box_killed_at_any_stage_of_its_life_changes_nothing_and_is_not_run_again(state, guards, stage, victim):
    if stage == "wrote":
        (state / "project" / "hold").touch()
    killed = 0
    for role in ("submit", "approve", "recover"):
        killed += guards.drive(state, role, box=[stage, victim] if role != "approve" and not killed else None)
    assert killed == 1
    (case,) = sound(state)
    if stage == "over":
        assert case.stage in (Stage.DONE, Stage.FAILED)
        return
    assert case.stage is Stage.FAILED
    assert not (state / "project" / "n.txt").exists()
    for role in ("recover", "approve", "recover"):
        guards.drive(state, role)
    assert sound(state) == [case]


def dies(guards: Guards, home: Path, role: str, step: int, moment: str) -> bool:
    """A whole life in which `role` dies at its `step`-th write, and others then finish it. False if it has fewer writes."""
    died = False
    for each in ("submit", "approve", "recover"):
        if each == role:
            died = guards.drive(home, each, step, moment)
        if each != role or (died and each == "approve"):
            guards.drive(home, each)
    if died:
        for each in ("recover", "approve", "recover"):  # what died before it was asked for can be asked for now
            guards.drive(home, each)
    return died
