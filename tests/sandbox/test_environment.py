"""The box's packages, made with the real pip from wheels of a folder."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from guard.errors import BadInput, SandboxError
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.environment import LOCK, Environment, Environments
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK, closing, job
from tests.sandbox.wheels import index, wheel


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return index(tmp_path / "wheels", monkeypatch)


def change(state: Path, *asked: str, tell: Callable[[str], None] = lambda _: None) -> Environment:
    made = Environments(state).change(asked, tell=tell)
    assert made is not None
    return made


async def test_programs_import_what_was_installed_and_can_change_nothing_of_it(tmp_path: Path, wheels: Path) -> None:
    async with closing(BubblewrapSandbox(tmp_path / "state")) as without:
        assert "No module named 'tiny'" in (await without.run(job("import tiny"))).stderr
        alone = without.profile(QUICK)
    made = change(tmp_path / "state", "tiny")
    assert made.packages == (("small", "1.5"), ("tiny", "1.0"))
    assert hashlib.sha256((wheels / "small-1.5-py3-none-any.whl").read_bytes()).hexdigest() in (made.folder / LOCK).read_text()
    code = """
import os, subprocess, sys, tiny, small
print(tiny.value, small.value, sys.prefix, sys.flags.isolated)
print(subprocess.run(['python3', '-c', 'import tiny; print(tiny.value)'], capture_output=True, text=True).stdout.strip())
print(subprocess.run(['run-tiny'], capture_output=True, text=True).stdout.strip())
try:
    open(tiny.__file__, 'a')
except OSError as error:
    print(error.strerror)
"""
    expected = ["here here /run/guard/env 1", "here", "script here", "Read-only file system"]
    async with closing(BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=1, limits=QUICK))) as box:
        for limits in (QUICK, QUICK.__class__()):
            await box.warmed()
            execution = await box.run(job(code, limits=limits))
            assert execution.stdout.splitlines() == expected, execution.stderr
        sealed = box.profile(QUICK)
    assert sealed.packages == f"tiny 1.0 and 1 more (lock {made.digest[:16]})"
    assert sealed.digest != alone.digest


def test_a_package_that_is_not_the_one_that_was_resolved_is_refused_and_nothing_changes(tmp_path: Path, wheels: Path) -> None:
    kept = change(tmp_path, "small")

    def swap(line: str) -> None:
        if line.startswith("Installing"):
            (downloaded,) = (tmp_path / "environments").glob(".new-*/wheels")
            wheel(downloaded, "tiny", value="another")

    with pytest.raises(SandboxError, match=r"(?i)hash"):
        change(tmp_path, "tiny", tell=swap)
    assert Environments(tmp_path).current() == kept
    assert {path.name for path in (tmp_path / "environments").iterdir()} == {".changing", ".switching", "current", kept.folder.name}


def test_what_a_guard_left_that_died_while_it_made_an_environment_is_removed_at_the_next_change(tmp_path: Path, wheels: Path) -> None:
    root = tmp_path / "environments"
    for left in (".new-dead/bin", "0123456789abcdef/lib"):
        (root / left).mkdir(parents=True)
    made = change(tmp_path, "small")
    assert {path.name for path in root.iterdir()} == {".changing", ".switching", "current", made.folder.name}


class Stopping(Environments):
    """Waits before it makes another environment the current one."""

    reached, go = threading.Event(), threading.Event()

    def _point_to(self, made: Environment | None) -> None:
        self.reached.set()
        assert self.go.wait(30)
        super()._point_to(made)


def test_who_takes_the_environment_while_it_is_replaced_gets_the_new_one(tmp_path: Path, wheels: Path) -> None:
    old = change(tmp_path, "small")
    with ThreadPoolExecutor() as threads:
        changing = threads.submit(Stopping(tmp_path).change, ["tiny"], tell=lambda _: None)
        assert Stopping.reached.wait(60)
        holding = threads.submit(Environments(tmp_path).hold)
        assert wait([holding], 0.2).not_done
        Stopping.go.set()
        (environment, held), new = holding.result(30), changing.result(30)
    os.close(held)
    assert environment == new
    assert not old.folder.exists()


def test_nothing_is_built_here(tmp_path: Path, wheels: Path) -> None:
    (wheels / "sourced-1.0.tar.gz").write_bytes(b"")
    with pytest.raises(SandboxError, match="sourced") as refused:
        change(tmp_path, "sourced")
    assert "wheels" in refused.value.hint
    assert Environments(tmp_path).current() is None


@pytest.mark.parametrize(
    "text", ["-r/etc/passwd", "--index-url=http://x", "./tiny", "/tmp/x", "git+https://x", "tiny @ file:///x", "", "a;b", "a b"]
)
def test_what_is_no_plain_requirement_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        change(tmp_path, text)
    assert not (tmp_path / "environments").exists()


def test_one_that_a_guard_holds_outlives_its_successor_until_it_is_let_go(tmp_path: Path, wheels: Path) -> None:
    first = change(tmp_path, "small")
    box = BubblewrapSandbox(tmp_path)
    second = change(tmp_path, "tiny>=1", "small")
    assert (second.digest != first.digest, second.asked) == (True, ("small", "tiny>=1"))
    assert (first.folder.exists(), box.environment) == (True, first)
    box._close()
    assert Environments(tmp_path).change((), tell=lambda _: None) is None
    assert Environments(tmp_path).current() is None
    assert not first.folder.exists()
    assert not second.folder.exists()


def test_one_that_is_gone_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "current").write_text("0123")
    with pytest.raises(SandboxError, match="cannot be read") as error:
        BubblewrapSandbox(tmp_path)
    assert "current" in error.value.hint
