"""What the commands of a case do to the world: run it in the box, forward it to its wrapped server, commit its changes.

A case enters that may do just that now, and the event that came of it leaves; the engine feeds it.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

from guard import gather
from guard.config import Config
from guard.decide import Question, closed_reads
from guard.egress_gate import CaseGate
from guard.errors import NotForwarded, SandboxError, UpstreamError
from guard.events import Committed, Conflicted, Lost, NotRun, Ran, World
from guard.grant import covers
from guard.model import Case, Effect, Kind, Resource, ResourceType, Stage
from guard.path_rules import is_secret
from guard.pipeline import question
from guard.ports import Job, Parts, Sandbox
from guard.review import counting

LONGEST_RESULT = 64 << 10
"""Characters of a wrapped server's answer that are kept in the case itself; a longer one is a payload."""
TURN = 1.0
"""Seconds between looks for a free place to run in, when nothing in the store says that one became free."""


class Executor:
    """The runs and commits of one engine."""

    def __init__(self, config: Config, parts: Parts, world: Callable[[], Awaitable[World]]) -> None:
        self._config, self._parts, self._store, self._world = config, parts, parts.store, world

    async def run(self, case: Case) -> Ran | NotRun:
        """Run the case in the box, as soon as its agent has a place for it."""
        if self._parts.sandbox is None:
            raise SandboxError("This engine has no sandbox", hint="Start `guard serve` for this workspace.")
        leave = await self._place(case)
        if leave is None:
            return NotRun(why="as many programs of this agent run as may at once, and none of them ended in time")
        try:
            return await self._ran(case, self._parts.sandbox)
        finally:
            leave()

    async def _ran(self, case: Case, sandbox: Sandbox) -> Ran | NotRun:
        code = await self._store.get(case.submission.code_digest)
        if code is None or code != case.submission.code.encode():
            return NotRun(why="the stored program is not the one that was decided")
        job = Job(
            case=case.id,
            language=case.submission.language,
            code=case.submission.code,
            facts=case.facts,
            grant=case.grant,
            limits=case.box.limits,
            masked=await self._masked(case),
            # A rehearsal has no way out: what it printed was permitted to nobody yet.
            gate=CaseGate(case, self._store, self._parts.clock, self._world) if case.stage is Stage.RUNNING else None,
        )
        try:
            return Ran(execution=await sandbox.run(job))
        except SandboxError as error:
            return NotRun(why=f"{error}. {error.hint}".strip())

    async def _place(self, case: Case) -> Callable[[], None] | None:
        """One of the places in which programs of this agent run, in any engine; None if none becomes free in time."""
        most = self._config.limits_for(case.submission.agent).runs
        end = asyncio.get_running_loop().time() + case.box.limits.wall_seconds
        seen = -1
        while (leave := self._parts.leases.place(case.submission.agent, most)) is None and asyncio.get_running_loop().time() < end:
            seen = await self._store.wait(seen, TURN)  # a run that ends is a change
        return leave

    async def _masked(self, case: Case) -> tuple[str, ...]:
        """What this run must not read: secrets that its grant does not name, what a forbid closes to it, and folders that guard cannot
        look into (in the box, their owner could open them)."""
        world = await self._world()
        asked = question(case, world)
        # In a thread, since a workspace may hold very many files: meanwhile everybody else is served.
        return await asyncio.to_thread(_unreadable, case, asked, world)

    async def forward(self, case: Case) -> Ran | NotRun | Lost:
        """Let a wrapped server run the case, once."""
        try:
            if self._parts.upstream is None:
                raise NotForwarded("This engine wraps no server", hint=f"Start `guard wrap {case.submission.server}`.")
            execution = await self._parts.upstream.call(case)
        except NotForwarded as error:
            return NotRun(why=f"{error} {error.hint}".strip())
        except UpstreamError as error:
            return Lost(why=f"{error} Whether it took effect is not known.")
        if len(execution.result) > LONGEST_RESULT:
            execution = dataclasses.replace(execution, result=f"sha256:{await self._store.put(execution.result.encode())}")
        return Ran(execution=execution)

    async def result(self, case: Case) -> str:
        """The answer of the wrapped server, as JSON text; "" if there is none."""
        text = case.execution.result if case.execution else ""
        if not text.startswith("sha256:"):
            return text
        kept = await self._store.get(text.removeprefix("sha256:"))
        return kept.decode() if kept else ""

    async def commit(self, case: Case) -> Committed | Conflicted:
        """Write the case's change set into its workspace, or nothing of it."""
        assert case.execution is not None
        conflicts = await self._parts.workspace.commit(case.id, case.facts.workspace, case.execution.change_set)
        return Conflicted(conflicts=conflicts) if conflicts else Committed()


def _unreadable(case: Case, asked: Question, world: World) -> tuple[str, ...]:
    paths, shut = gather.files(case.facts.workspace)
    secret = [path for path in paths if is_secret(path, case.facts) and not covers(case.grant, _reads(path))]
    closed = closed_reads(paths, asked, world.policies, counting(case, asked, world.policies))
    return tuple(sorted({*secret, *closed, *shut}))


def _reads(path: str) -> Effect:
    return Effect(kind=Kind.SECRET_READ, resource=Resource(type=ResourceType.FILE, name=path))
