from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from guard.model import Ending, Limits
from guard.sandbox.watch import Watch, descendants, measure, proportional, resident
from tests.sandbox.boxes import QUICK


def test_a_folder_is_measured_with_all_below_by_what_it_takes_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(os.urandom(100_000))
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    (tmp_path / "link").symlink_to("/usr")
    size, files, complete = measure(tmp_path)
    assert files == 5
    assert complete
    assert 100_000 <= size < 200_000


def test_another_name_of_a_file_is_not_counted_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(100_000))
    os.link(tmp_path / "file", tmp_path / "alias")
    size, files, _ = measure(tmp_path)
    assert files == 2
    assert size < 150_000


def test_a_folder_that_cannot_be_read_is_known_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert measure(tmp_path)[2] == (os.geteuid() == 0)


def nobody() -> int:
    """The pid of a process that is gone: it holds no memory."""
    with subprocess.Popen(["/bin/true"]) as process:
        process.wait()
    return process.pid


def test_too_many_files_and_too_many_bytes_are_found(tmp_path: Path) -> None:
    limits = replace(QUICK, disk_files=10, disk_bytes=1 << 20)
    watch = Watch(limits, nobody(), tmp_path)
    assert watch.look() is None
    for number in range(11):
        (tmp_path / str(number)).touch()
    assert Watch(limits, nobody(), tmp_path).look() is Ending.DISK
    (tmp_path / "0").write_bytes(os.urandom(2 << 20))
    assert Watch(replace(limits, disk_files=100), nobody(), tmp_path).look() is Ending.DISK


def test_the_hosts_own_temporary_files_are_not_the_boxes() -> None:
    """A box that is still being built has the host's root: what is in its /tmp then is not the program's."""
    tight = replace(QUICK, disk_files=0, memory_bytes=1 << 40)
    assert Watch(tight, os.getpid(), None).look() is None


def test_all_that_a_process_started_is_found_and_measured() -> None:
    inner = "x = b'x' * (30 << 20); print(1, flush=True); input()"
    code = f"import subprocess, sys; x = b'x' * (30 << 20); subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen(["/usr/bin/python3", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        found = descendants(process.pid)
        assert len(found) == 2
        assert sum(map(resident, found)) > 60 << 20
        assert 60 << 20 < sum(map(proportional, found)) < 100 << 20
        process.communicate(b"\n")
    assert descendants(process.pid) == [process.pid]
    assert resident(process.pid) == proportional(process.pid) == 0


def test_a_box_that_still_has_the_hosts_root_is_not_charged_with_what_the_host_stores() -> None:
    # Under load the first look comes before the box has entered its own root.
    assert Watch(Limits(disk_files=1), os.getpid(), None).look() is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every process")
def test_of_a_process_that_nobody_may_look_into_all_pages_count() -> None:
    assert proportional(1) == resident(1)
    assert resident(1) > 0
