"""The first process of a container, run here as an ordinary process and spoken to as guard speaks to it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guard.sandbox import seccomp
from guard.sandbox.container import init
from guard.sandbox.container.init_client import InitClient
from guard.sandbox.life import Life, Outcome
from guard.sandbox.namespaces import Joiner
from tests.sandbox.boxes import QUICK, processes_with


@dataclass
class Met:
    """A first process that waits."""

    door: InitClient
    life: Life
    process: subprocess.Popen[bytes]
    stack: ExitStack

    def order(self, *command: str, **changed: Any) -> None:
        environment = {"PATH": "/usr/bin:/bin", "MARK": "box"}
        order = {"command": command, "environment": environment, "folder": "/", "links": [], "filter": seccomp.program().hex()}
        self.door.order({**order, **changed}, self.life)

    def end(self) -> Outcome:
        broken = self.life.supervise(time.monotonic() + 10, None, {})
        self.life.drain()
        return self.life.outcome(broken, self.door.exit_code(), 0.0)


@contextmanager
def met(folder: Path, *user: str) -> Iterator[Met]:
    with ExitStack() as stack:
        door = InitClient(folder, stack)
        process = subprocess.Popen([sys.executable, "-I", "-S", init.__file__, "socket", *user], cwd=folder, env={"GUARDS": "own"})
        stack.callback(process.wait)
        stack.callback(process.kill)
        life = Life(limits=QUICK)
        assert life.hold(door.meet(process.poll))
        stack.callback(os.close, life.pidfd)
        assert (life.init, door.python) == (process.pid, f"{sys.version_info[0]}.{sys.version_info[1]}")
        yield Met(door, life, process, stack)


def test_a_program_runs_with_what_the_order_says_and_nothing_else(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/sh", "-c", "pwd; env; ls -l /proc/self/fd; cat; echo err >&2; exit 3", folder="/usr")
        outcome = waiting.end()
    text = outcome.stdout.decode()
    assert (outcome.exit_code, outcome.stderr) == (3, b"err\n")
    assert text.startswith("/usr\n")
    assert "MARK=box" in text
    assert "GUARDS" not in text
    assert "socket" not in text
    assert text.count(" -> ") == 4, "the three, and the folder that is listed"


@pytest.mark.parametrize(("command", "code"), [("kill -9 $$", 137), ("kill -11 $$", 139), ("true", 0)])
def test_a_death_by_signal_is_told_as_shells_do(tmp_path: Path, command: str, code: int) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/sh", "-c", command)
        assert waiting.end().exit_code == code


def test_told_a_user_it_is_that_user_in_a_namespace_of_its_own_and_without_capabilities(tmp_path: Path) -> None:
    code = "id -u; id -g; cat /proc/self/uid_map; grep ^Cap /proc/self/status /proc/$PPID/status; readlink /proc/self/ns/user"
    with met(tmp_path, "65534:65533") as waiting:
        waiting.order("/bin/sh", "-c", code)
        user, group, mapped, *capabilities, namespace = waiting.end().stdout.decode().splitlines()
    assert (user, group, mapped.split()) == ("65534", "65533", ["65534", str(os.geteuid()), "1"])
    assert len(capabilities) == 10
    assert {line.split()[-1] for line in capabilities} == {"0" * 16}, "the program's and the first process's own"
    assert namespace != os.readlink("/proc/self/ns/user")


def test_whoever_drives_the_engine_can_join_its_network(tmp_path: Path) -> None:
    """Whatever made the container: an engine that is root gives it namespaces that are root's."""
    talks = "import socket; s = socket.create_connection(('127.0.0.1', 5432)); print(s.recv(9))"
    with met(tmp_path, "65534:65534") as waiting, closing(Joiner()) as joiner:
        (listener,) = joiner.listen(waiting.life, [("127.0.0.1", 5432)])
        with listener:
            waiting.order("/usr/bin/python3", "-c", talks, filter=seccomp.program(tcp=True).hex())
            assert select.select([listener], [], [], 10)[0]
            accepted, _ = listener.accept()
            with accepted:
                accepted.sendall(b"from out")
            assert waiting.end().stdout == b"b'from out'\n"


def test_the_filter_binds_the_program_and_the_first_process_itself(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/sh", "-c", "grep Seccomp: /proc/self/status /proc/$PPID/status; unshare -U true 2>&1; echo $?")
        text = waiting.end().stdout.decode()
    assert text.count("Seccomp:\t2") == 2
    assert text.splitlines()[-1] != "0"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every process")
def test_the_program_cannot_look_into_the_first_process(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/sh", "-c", "ls /proc/$PPID/fd; head -c 1 /proc/$PPID/mem; cat /proc/$PPID/environ; ls /proc/self/fd | wc -l")
        outcome = waiting.end()
    assert outcome.stderr.count(b"Permission denied") == 3, outcome


def test_a_program_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("no-such-python", "-c", "1")
        outcome = waiting.end()
    assert outcome.exit_code == 127
    assert b"cannot be started in this image" in outcome.stderr


def test_it_makes_the_links_that_it_can_and_minds_no_other(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/true", links=[("/usr", str(tmp_path / "a/b/link")), ("/usr", "/proc/link")])
        assert waiting.end().exit_code == 0
    assert (tmp_path / "a/b/link").readlink() == Path("/usr")


def test_it_ends_with_guard_whether_a_program_runs_or_not(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.stack.pop_all().close()  # guard is gone
        assert waiting.process.returncode is not None
    (tmp_path / "running").mkdir()
    with ExitStack() as guard:
        door = InitClient(tmp_path / "running", guard)
        with subprocess.Popen([sys.executable, "-I", "-S", init.__file__, str(tmp_path / "running" / "socket")]) as process:
            assert door.meet(process.poll) == process.pid
            running = Met(door, Life(limits=QUICK), process, guard)
            running.order("/bin/sleep", "3.0625")
            guard.close()
            assert process.wait(10) == 0
    assert processes_with("600.0625") == []


def test_a_program_may_be_given_a_stdin(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        theirs, ours = os.pipe()
        order = {"command": ["/bin/cat"], "environment": {"PATH": "/bin"}, "folder": "/", "links": [], "filter": seccomp.program().hex()}
        waiting.door.order(order, waiting.life, stdin=theirs)
        os.close(theirs)
        os.write(ours, b"said")
        os.close(ours)
        assert waiting.end().stdout == b"said"


def test_orphans_of_the_program_do_not_end_it(tmp_path: Path) -> None:
    with met(tmp_path) as waiting:
        waiting.order("/bin/sh", "-c", "(sleep 0.05 &) ; sleep 0.2; echo done")
        assert waiting.end().stdout == b"done\n"
