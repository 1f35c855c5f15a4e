"""Guards that kill themselves: run by test_crash in a process of its own, which forks one guard per line of stdin.

A line is JSON: [folder of guard.toml, STEP, MOMENT, ROLE, BOX]. That guard does one thing and dies by SIGKILL at the STEP-th write to the
store, `before` or `after` the write, or with the moment `files` at the STEP-th step that it does in the workspace; STEP 0 never dies.
Roles: submit, approve, recover, rollback. BOX, if not null, is [STAGE, VICTIM]: instead
of the guard, a process of its first box is killed at a stage of that box's life, and the guard's exit status is KILLED_A_BOX. The answer is
one line: how the guard ended (its wait status). The modules are loaded once, before the forks: starting an interpreter for each of some
hundred guards would take minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

import guard.analyst
import guard.sandbox.bubblewrap
import guard.sandbox.changeset.commit
import guard.store.lease
import guard.store.sqlite
from guard import config
from guard.cli import compose
from guard.desk import Desk
from guard.engine import Engine
from guard.model import FINAL, Stage, Submission
from guard.ports import Parts, Store, Workspace
from guard.sandbox import bubblewrap_box
from guard.sandbox.life import Life

CODE = """
import os
open('n.txt', 'a').write('x')
os.makedirs('made', exist_ok=True)
open('made/with', 'a').write('x')
if os.path.exists('old'):
    os.unlink('old')
print('wrote', flush=True)
while os.path.exists('hold'):
    pass
"""
KILLED_A_BOX = 7


class Murder:
    """Kills one process of a box as soon as the box is at a stage of its life: these functions mark them."""

    STAGES: ClassVar = {
        "spawned": (bubblewrap_box, "_ready"),
        "built": (bubblewrap_box, "_limit"),
        "released": (bubblewrap_box, "_supervise"),
        "wrote": (Life, "_read"),
        "over": (bubblewrap_box, "_bury"),
    }

    def __init__(self, stage: str, victim: str) -> None:
        self.stage, self.victim, self.killed = stage, victim, 0
        self.box: Any = None
        place, name = self.STAGES[stage]
        inner, spawn = getattr(place, name), bubblewrap_box._spawn

        def spawned(*what: Any) -> Any:
            self.box = spawn(*what)
            return self.box

        def reached(*what: Any) -> Any:
            result = inner(*what) if stage == "wrote" else None
            if not self.killed and (stage != "wrote" or b"wrote" in b"".join(self.box.life.output.values())):
                self.killed += 1
                os.kill(self.pid(), signal.SIGKILL)
            return result if stage == "wrote" else inner(*what)

        bubblewrap_box._spawn = spawned
        setattr(place, name, reached)

    def pid(self) -> int:
        if self.victim == "bwrap":
            return int(self.box.process.pid)
        init = int(self.box.init)
        if self.victim == "first":
            return init
        return int(Path(f"/proc/{init}/task/{init}/children").read_text().split()[0])


class Fuse:
    """Counts the writes of a store, once it is lit, and dies at one of them."""

    def __init__(self, store: Any, step: int, moment: str) -> None:
        self.store, self.step, self.moment, self.count, self.lit = store, step, moment, 0, False

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self.store, name)
        if name not in ("create", "save", "append", "activate") or not self.lit:
            return inner

        async def write(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == self.step and self.moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = await inner(*args, **kwargs)
            if self.count == self.step and self.moment == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return write


def fused_files(state: Path, step: int) -> Workspace:
    """A workspace in which guard dies at the step-th thing that it does."""
    count = 0

    def reached(_: str) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return guard.sandbox.changeset.commit.FileWorkspace(state, step=reached)


def fused(step: int, moment: str) -> Callable[..., Awaitable[Parts]]:
    """`compose.parts`, of which one is fused."""
    inner = compose.parts

    async def parts(settings: config.Config, **how: Any) -> Parts:
        made = await inner(settings, **how)
        if moment == "files":
            return replace(made, workspace=fused_files(settings.state, step))
        return replace(made, store=cast("Store", Fuse(made.store, step, moment)))

    return parts


async def submit(engine: Engine) -> None:
    engine.start()
    case = await engine.submit(Submission(agent="agent", language="python", code=CODE))
    await engine.settled(case.id, 30, at=FINAL | {Stage.WAITING})


async def approve(engine: Engine) -> None:
    desk = Desk(engine)
    for case in await desk.queue():
        if not case.approvals:
            answer = await desk.approve(case, person="me", signer=None, shown="all of it")
            assert answer.refused is None, answer.refused


async def rollback(engine: Engine) -> None:
    desk = Desk(engine)
    for case in await engine.store.cases(stages=[Stage.DONE]):
        if not case.rolled_back:
            answer = await desk.rollback(case.id, person="me")
            assert answer.refused is None, answer.refused


async def recover(engine: Engine) -> None:
    engine.start()
    await engine.housekeeping.recovered.wait()
    for case in await engine.store.cases():
        if case.stage is not Stage.WAITING or case.approvals:
            await engine.settled(case.id, 30, at=FINAL | ({Stage.WAITING} if not case.approvals else set()))


async def main(state: Path, step: int, moment: str, role: str, box: list[str] | None) -> int:
    loaded = config.load(state / "guard.toml")
    compose.parts = fused(step, moment)
    async with compose.open_engine(loaded, runs=role not in ("approve", "rollback")) as engine:
        if isinstance(engine.store, Fuse):
            engine.store.lit = True
        if role == "submit":
            await engine.prove()  # its boxes are not the case's
        murder = Murder(*box) if box else None
        await {"submit": submit, "approve": approve, "recover": recover, "rollback": rollback}[role](engine)
    return KILLED_A_BOX if murder and murder.killed else 0


def serve() -> None:
    for line in sys.stdin:
        folder, *how = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = asyncio.run(main(Path(folder), *how))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    serve()
