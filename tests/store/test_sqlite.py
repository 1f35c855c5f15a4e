"""What is particular to SQLite: real processes at one store, kills, tampering, and broken worlds. (The rest: tests/contracts.)"""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.model import Stage
from guard.store import sqlite
from guard.store.sqlite import DATABASE, SqliteStore
from tests.store.build import created, opened, verified

ROOT = Path(__file__).parents[2]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def diary(state: Path) -> Iterator[None]:
    """A file of another kind in the place of the database; it is left alone."""
    state.mkdir(mode=0o700)
    (state / DATABASE).write_bytes(b"Dear diary, " * 1000)
    yield
    assert (state / DATABASE).read_bytes() == b"Dear diary, " * 1000


@contextmanager
def writer(state: Path, what: str, name: str = "other") -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.store.writer", str(state), what, name]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def line(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def tell(child: "subprocess.Popen[str]") -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


# ------------------------------------------------------------------------------------------------------------- several processes


async def test_of_two_processes_that_save_the_same_case_exactly_one_wins(state: Path) -> None:
    async with opened(state) as store:
        await created(store)
        with writer(state, "once", "a") as a, writer(state, "once", "b") as b:
            assert (line(a), line(b)) == ("ready", "ready")
            tell(a)
            tell(b)
            answers = {"a": line(a), "b": line(b)}
        assert sorted(answers.values()) == ["conflict", "won"]
        assert answers[(await store.load(1)).runner] == "won"
        assert (await verified(store)).count == 1 + 3 + 3


async def test_four_processes_that_write_keep_one_whole_chain_and_lose_no_update(state: Path) -> None:
    async with opened(state) as store:
        made = await created(store)
        with writer(state, "compete", "a") as a, writer(state, "compete", "b") as b, writer(state, "compete", "c") as c:
            for number in range(50):
                await created(store, f"mine-{number}")
            conflicts = [int(await asyncio.to_thread(line, child)) for child in (a, b, c)]
        found = await verified(store)
        assert (found.problem, found.count) == ("", 1 + 3 + 3 * 50 + 3 * 3 * 50)
        assert (await store.load(made.id)).version == made.version + 150
        assert all(number >= 0 for number in conflicts)


async def test_what_another_process_writes_is_seen_within_200_ms(state: Path) -> None:
    async with opened(state) as store:
        with writer(state, "append") as child:
            assert await asyncio.to_thread(line, child) == "ready"
            clock = asyncio.get_running_loop().time  # monotonic, as the child's
            for _ in range(5):
                seen = await store.wait(0, 0)
                waiting = asyncio.create_task(store.wait(seen, 5))
                tell(child)
                assert await waiting != seen
                noticed = clock()
                assert noticed - float(await asyncio.to_thread(line, child)) < 0.2


async def test_what_this_process_writes_is_seen_without_a_look_at_the_database(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(state) as store:
        seen = await store.wait(0, 0)
        monkeypatch.setattr(sqlite, "_POLL", 60.0)
        waiting = asyncio.create_task(store.wait(seen, 60))
        await asyncio.wait({waiting}, timeout=0.02)
        await created(store)
        assert await asyncio.wait_for(waiting, 5) != seen


async def test_a_process_that_opens_a_new_store_at_the_same_time_finds_it_whole(state: Path) -> None:
    stores = await asyncio.gather(*(SqliteStore.open(state) for _ in range(6)))
    for store in stores:
        assert (await store.head()).seq == 0
        await store.close()


# ------------------------------------------------------------------------------------------------------------------------ kills


async def test_a_writer_killed_inside_its_transaction_leaves_nothing_of_it(state: Path) -> None:
    async with opened(state) as store:
        made = await created(store)
        head = await store.head()
        with writer(state, "hang") as child:
            assert await asyncio.to_thread(line, child) == "inside"
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert await store.load(made.id) == made
        assert await store.head() == head
        await created(store, "next")
        assert (await verified(store)).count == head.seq + 3


async def test_writers_killed_at_any_time_lose_nothing_that_they_said_was_stored(state: Path) -> None:
    told: list[int] = []
    for turn in range(6):
        with writer(state, "create", f"turn{turn}") as child:
            told += [int(line(child)) for _ in range(1 + turn * 3)]
            child.send_signal(signal.SIGKILL)
            rest, _ = child.communicate()
            told += [int(text) for text in rest.splitlines() if text]
    async with opened(state) as store:
        cases = await store.cases(limit=10**6)
        assert set(told) <= {case.id for case in cases}
        found = await verified(store)
        assert (found.problem, found.count) == ("", 1 + 3 * len(cases)), "each case has its three entries, and no entry is without its case"
        assert {case.stage for case in cases} == {Stage.WAITING}


# ---------------------------------------------------------------------------------------------------------------- broken worlds


def modes(state: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}


async def test_files_of_the_store_are_private(state: Path) -> None:
    before = os.umask(0)
    try:
        async with opened(state) as store:
            await created(store)
            found = modes(state)
    finally:
        os.umask(before)
    assert found == dict.fromkeys(["guard.db", "guard.db-wal", "guard.db-shm", "guard.lock"], 0o600)


@pytest.mark.usefixtures("diary")
async def test_a_file_that_is_no_database_is_said_and_left_alone(state: Path) -> None:
    with pytest.raises(StoreError, match=r"no database in the store .*guard\.db") as caught:
        await SqliteStore.open(state)
    assert "move it away" in caught.value.hint


async def test_a_database_of_a_newer_guard_is_said(state: Path) -> None:
    async with opened(state):
        pass
    with sqlite3.connect(state / DATABASE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(StoreError, match="newer guard"):
        await SqliteStore.open(state)


async def test_a_damaged_page_is_said(state: Path) -> None:
    async with opened(state) as store:
        for number in range(50):
            await created(store, f"t{number}")
    size = (state / DATABASE).stat().st_size
    with (state / DATABASE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError, match=r"there is damage in the store .*guard\.db") as caught:
        async with opened(state) as store:
            await store.cases()
    assert "restore" in caught.value.hint


@pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "removed"])
async def test_a_database_that_is_taken_away_while_guard_runs_is_not_written_to(state: Path, replaced: bool) -> None:
    async with opened(state) as store:
        os.rename(state / DATABASE, state / "elsewhere")
        if replaced:
            shutil.copy(state / "elsewhere", state / DATABASE)
        with pytest.raises(StoreError, match=r"guard\.db was removed or replaced while guard runs"):
            await created(store)
        os.rename(state / "elsewhere", state / DATABASE)
        await created(store)
        assert not (await verified(store)).problem


async def test_a_database_that_another_program_locks_is_said_and_works_again_once_free(state: Path) -> None:
    async with opened(state, patience=0.05) as store:
        database = sqlite3.connect(state / DATABASE, isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program has locked the store"):
            await created(store)
        assert await store.cases() == [], "reading goes on"
        database.close()
        await created(store)
        assert not (await verified(store)).problem


async def test_a_stopped_guard_that_holds_the_lock_is_said(state: Path) -> None:
    async with opened(state, patience=0.05) as store:
        with writer(state, "hang") as child:
            assert await asyncio.to_thread(line, child) == "inside"
            with pytest.raises(StoreError, match="the store is locked: another process has held"):
                await created(store)


async def fill(store: SqliteStore) -> None:
    for number in range(1000):
        await created(store, f"t{number}")


async def test_a_store_that_may_not_grow_refuses_and_keeps_what_it_has(state: Path) -> None:
    async with opened(state) as store:
        made = await created(store)
        await store._writer.run(lambda database: database.execute("PRAGMA max_page_count = 30").fetchall())
        with pytest.raises(StoreError, match="no space left for the store") as caught:
            await fill(store)
        assert "what was stored before is safe" in caught.value.hint
        found = await verified(store)
        assert (found.problem, found.count) == ("", 1 + 3 * len(await store.cases()))
        assert await store.load(made.id) == made


def test_a_full_and_a_read_only_disk_are_said_and_nothing_is_half_done(tmp_path: Path) -> None:
    unshare = [shutil.which("unshare") or "", "--user", "--map-root-user", "--mount"]
    if (
        not unshare[0]
        or subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine gives no user namespace to mount a small disk in")
    (tmp_path / "disk").mkdir()
    command = [*unshare, sys.executable, "-m", "tests.store.small_disk", str(tmp_path / "disk")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    full, again, read_only = done.stdout.splitlines()
    assert re.fullmatch(r"full: there is no space left for the store .*guard\.db: .* \| Free some disk space; .*", full)
    assert again == "again: stored"
    assert re.fullmatch(r"read-only: .*(guard\.db cannot be written|cannot be used): Read-only file system", read_only)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("exists", [True, False], ids=["existing", "new"])
async def test_a_state_folder_that_may_not_be_written_is_said(tmp_path: Path, exists: bool) -> None:
    place = tmp_path / "parent" / "state"
    if exists:
        async with opened(place) as store:
            await created(store)
        (place / DATABASE).chmod(0o400)
    else:
        place.parent.mkdir()
        place.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match=r"cannot be (written|used): Permission denied") as caught:
            await SqliteStore.open(place)
        assert "without a ledger nothing runs" in caught.value.hint
    finally:
        place.parent.chmod(0o700)
