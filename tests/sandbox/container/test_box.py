"""One container as a box, without a sandbox around it. Only where an engine is."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox import layout, seccomp
from guard.sandbox.container.box import ContainerBox, Order
from guard.sandbox.container.engine import IMAGE, ROOTLESS, Engine
from guard.sandbox.container.layout import lay_out
from guard.sandbox.life import Life, Turn
from tests.sandbox.boxes import QUICK
from tests.sandbox.engines import SOCKET, needs_engine

pytestmark = needs_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(Engine(SOCKET, state=tmp_path, accepted=frozenset({ROOTLESS}))) as engine:
        yield engine


@contextmanager
def made(engine: Engine, folder: Path, *command: str) -> Iterator[ContainerBox]:
    """A container whose first process waits for its order."""
    folder.mkdir()
    laid = lay_out(folder, files=[], mount="/workspace", overlay=None, limits=QUICK)
    order = Order(command=command, environment=layout.ENVIRONMENT, folder="/", links=(), filter=seccomp.program())
    name = f"guard-test-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        stack.callback(engine.remove, name)
        yield ContainerBox(engine, laid.container(name, engine.image(IMAGE)), laid.folder, order, Life(limits=QUICK), stack)


def test_nothing_runs_before_its_turn_and_then_it_is_reported(engine: Engine, tmp_path: Path) -> None:
    with made(engine, tmp_path / "box", "bash", "-c", "echo out; echo err >&2; exit 7") as box:
        assert not box.dead(0.2)
        assert box.python.startswith("3.")
        outcome = box.run(Turn())
        assert box.dead()
    assert (outcome.ending, outcome.exit_code, outcome.stdout, outcome.stderr) == (Ending.EXITED, 7, b"out\n", b"err\n")


def test_a_command_that_waits_goes_on_when_it_is_told(engine: Engine, tmp_path: Path) -> None:
    with made(engine, tmp_path / "box", "bash", "-c", "printf .; read -n 1 said; echo $said; cat") as box:
        box.wake()
        assert not box.dead()
        assert box.run(Turn()).stdout == b"x\n"


def test_a_command_that_does_not_come_to_wait_is_an_error_with_what_it_said(engine: Engine, tmp_path: Path) -> None:
    with made(engine, tmp_path / "box", "bash", "-c", "echo no modules >&2; exit 1") as box:
        with pytest.raises(SandboxError, match="no modules"):
            box.wake()


def test_a_box_that_had_no_turn_is_dead_when_it_is_closed_and_no_descriptor_is_left(engine: Engine, tmp_path: Path) -> None:
    opened = []
    for name in ("first", "second"):  # the first opens connections to the engine
        with made(engine, tmp_path / name, "bash") as box:
            init = box.init
            box.close()
            box.close()
            assert box.dead()
        assert not Path(f"/proc/{init}").exists()
        opened.append(len(os.listdir("/proc/self/fd")))
    assert opened[0] == opened[1]
