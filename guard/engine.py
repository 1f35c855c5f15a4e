"""The driver: gather facts, feed an event, save the step in one transaction, perform its commands.

Everything it knows is in the store; nothing depends on one process or on memory. Any number of engines share a store: each feeds events
to `pipeline.advance`, saves what comes out by compare-and-swap, and loads again when somebody else was first. A case is run only by an
engine whose workspace and box are the sealed ones, and only while that engine's lease lives.

An engine without a sandbox (the desk's) decides and records, and runs nothing.
"""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from guard import gather, standing_grants
from guard.analyse import composed
from guard.config import Config
from guard.decide import Policies
from guard.errors import Conflict, GuardError, SandboxError, UpstreamError
from guard.events import Claimed, Command, Commit, Event, Lost, Notify, NotRun, Run, Step, Submitted, World
from guard.executor import Executor
from guard.housekeeping import Housekeeping
from guard.model import (
    FINAL,
    HELD,
    Analysis,
    AuditEvent,
    BoxProfile,
    Case,
    Class,
    Facts,
    Limits,
    Stage,
    Standing,
    Submission,
)
from guard.notifications import Notifications
from guard.pipeline import advance
from guard.policy import active, files
from guard.ports import TOOL_CALL, TOOL_CHANGED, TOOL_HIDDEN, Call, Guarantee, Parts, Present
from guard.review import Refused

log = structlog.get_logger("guard.engine")

TRIES = 20
"""How often a step is tried again when somebody else was first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an event: the case as it is now, and why the answer was not taken, if it was not."""

    case: Case
    refused: Refused | None = None


class Engine:
    """Drives cases of one store on behalf of one configuration. Use `async with`."""

    def __init__(self, config: Config, parts: Parts) -> None:
        self.config, self.parts = config, parts
        self.store = parts.store
        self.id = ""
        self._facts, self._agents, self._waits = config.facts(), config.known_agents, config.waits
        self._limits: dict[tuple[str, frozenset[Class]], Limits] = {}
        """Limits of boxes by agent and classes: the configuration does not change."""
        self._policies: Policies | None = None
        self._generation = 0
        self._promises: list[Guarantee] | None = None
        self._following: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._commits: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._last: dict[str, Present] = {}
        """By agent, what the store is thought to hold: its next submission is decided by that first, and the save compares all of it."""
        self.notifications = Notifications(parts.store, parts.clock, parts.notifier)
        self.housekeeping = Housekeeping(self)
        self.executor = Executor(config, parts, self.world)

    async def __aenter__(self) -> Engine:
        try:
            self.id = self.parts.leases.enlist()
            await self.refresh_policies()
        except BaseException:  # nobody calls __aexit__ for us then, and a store's threads would keep the process alive
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        async with AsyncExitStack() as closing:  # from the last to the first, each whatever became of the others
            closing.push_async_callback(self.store.close)
            for part in (self.parts.upstream, self.parts.sandbox, self.parts.analyst):
                if part is not None:
                    closing.push_async_callback(part.close)
            closing.push_async_callback(self._leave)
            closing.push_async_callback(self.notifications.close)
            self.housekeeping.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _leave(self) -> None:
        """Run nothing any more: commits are finished, then the lease is given back."""
        # INVARIANT: the lease outlives every commit, else another engine would resume one that is still being written.
        await asyncio.gather(*self._commits, return_exceptions=True)
        await self._lose()
        self.parts.leases.dismiss(self.id)

    async def _lose(self) -> None:
        """Say at once that the runs which ended with this engine are over, rather than when another engine notices."""
        try:
            for case in await self.store.cases(stages=[Stage.RUNNING]):
                if case.runner == self.id:
                    await self.offer(case, Lost())
        except GuardError as error:
            log.error("the store cannot be told that this engine ends", error=str(error), hint=error.hint)

    # ------------------------------------------------------------------------------------------------------------ what holds now

    async def world(self) -> World:
        """What holds at this moment, by the store: time, policies, people."""
        return self._world(await self.store.present())

    def _world(self, present: Present) -> World:
        generation = present.policies.generation if present.policies else 0
        if self._policies is None or generation != self._generation:
            self._policies, self._generation = active.policies_of(present.policies), generation
            self._last.clear()
        now = self.parts.clock.now()
        return World(
            now=max(now, present.head.at) if present.head.at else now,  # a clock that moves back revives nothing
            policies=self._policies,
            people=present.people,
            agents=self._agents,
            engine=self.id,
            waits=self._waits,
            spent=self._written() - {one.id for one in present.standing if one.left > 0},
            parks=self.config.on_park == "wait",
            waiting=present.waiting,
            most_waiting=self.config.most_waiting,
            runs=self.parts.sandbox is not None or self.parts.upstream is not None,
        )

    def _written(self) -> frozenset[str]:
        """The standing grants whose text is in the policies. One of which the store has no use left permits nothing, wherever it stands."""
        return frozenset(note.id for note in self._policies.notes.values() if note.standing) if self._policies else frozenset()

    async def refresh_policies(self) -> str:
        """Take up edits of the policies folder. Returns what is wrong with the newest edit; "" if it is in force."""
        found = await active.refresh(self.store, self.config.policies, self.parts.clock.now())
        if found.problem:
            log.error("policies broken: the last good set stays in force", problem=found.problem, digest=found.digest[:12])
        return found.problem

    async def give(self, given: Sequence[Standing]) -> None:
        """Let standing grants join the policies; waiting cases that they cover are decided again at once."""
        await self.store.add_standing(given, now=self.parts.clock.now())
        await self._write_standing()

    async def retire(self, ids: Sequence[str] = (), *, why: str = "it is over or used up") -> None:
        """Take these standing grants out of the policies, and all that are over or used up."""
        now = (await self.world()).now
        grants = await self.store.standing()
        written = self._written()
        if not grants and not written:
            return
        under_way = await self.store.cases(stages=[Stage.RUNNING, Stage.COMMITTING])
        needed = {taken for case in under_way for taken in case.decision.standing}  # a run holds what it took to its end
        ended = [one.id for one in grants if one.id in ids or (standing_grants.over(one, now) and one.id not in needed)]
        if ended:
            await self.store.end_standing(ended, why=why, now=now)
        # Who died between ending a grant and writing the file left its text there, where it permits what nobody counts.
        if ended or written - {one.id for one in grants}:
            await self._write_standing()

    async def _write_standing(self) -> None:
        await asyncio.to_thread(files.write_standing, self.config.policies, standing_grants.file_text(await self.store.standing()))
        await self.refresh_policies()

    async def analyse(self, submission: Submission, facts: Facts) -> Analysis:
        return await gather.analysis_of(self.parts.analyst, submission.language, submission.code, facts)

    async def _describe(self, submission: Submission) -> Call:
        upstream = self.parts.upstream
        if upstream is None or upstream.name != submission.server:
            raise UpstreamError(f"This engine does not wrap {submission.server}", hint=f"Start `guard wrap {submission.server}`.")
        return await upstream.describe(submission, self._facts)

    async def _analyse_call(self, submission: Submission, call: Call) -> Analysis:
        """The analysis of a call of a wrapped server: of its program, if it is one, and of what the call does beside that."""
        if not call.program:
            return composed(submission.language, call.effects, call.facts)
        found = await self.analyse(submission, call.facts)
        if not call.effects:
            return found
        return composed(found.language, (*found.effects, *call.effects), call.facts, imports=found.imports, modules=found.modules)

    async def analyse_edit(self, case: Case, submission: Submission) -> Analysis:
        """The analysis of what stands in the case's place after an edit. A call of a wrapped server is taken for what it was when the case
        was taken in; the engine that wraps the server describes it anew before it forwards it."""
        if not submission.wrapped:
            return await self.analyse(submission, case.facts)
        beside = tuple(effect for effect in case.analysis.effects if effect.rule in (TOOL_CALL, TOOL_CHANGED, TOOL_HIDDEN))
        program = all(effect.rule != TOOL_CALL for effect in beside)
        return await self._analyse_call(submission, Call(facts=case.facts, box=case.box, program=program, effects=beside))

    def box(self, agent: str, analysis: Analysis) -> BoxProfile:
        """The box that this engine gives to such a program of this agent, as it is sealed."""
        classes = frozenset(one for effect in analysis.effects for one in effect.classes)
        limits = self._limits.get((agent, classes))
        if limits is None:
            limits = self._limits[agent, classes] = self.config.limits_for(agent, classes).of_a_box
        return self.parts.sandbox.profile(limits) if self.parts.sandbox else BoxProfile(engine="none", limits=limits)

    # ---------------------------------------------------------------------------------------------------------------- the driver

    async def submit(self, submission: Submission, *, ticket: str = "", joins: Callable[[Case], None] | None = None) -> Case:
        """Take a program in: analyse, decide, save, and start it if nothing is owed. Returns the case as first saved.

        `ticket`: an unguessable one, if the caller must know it before the case can start. A program that waits, or is being tried,
        already is not taken in again: the case that comes back is that one, with its own ticket; `joins` is told before it can start.
        """
        return await self.create(await self._analysed(submission, ticket or secrets.token_urlsafe(24)), joins=joins)

    async def _analysed(self, submission: Submission, ticket: str) -> Submitted:
        if submission.wrapped:
            call = await self._describe(submission)
            analysis, box = await self._analyse_call(submission, call), call.box
            facts = dataclasses.replace(call.facts, earlier=())  # their digests are in the analysis, and each is in a case of its own
        else:
            facts = self._facts
            submission = dataclasses.replace(submission, workspace=facts.workspace)
            analysis = await self.analyse(submission, facts)
            box = self.box(submission.agent, analysis)
        return Submitted(submission=submission, facts=facts, analysis=analysis, box=box, ticket=ticket)

    async def create(self, event: Submitted, *, joins: Callable[[Case], None] | None = None) -> Case:
        """Save what was submitted and analysed, and start it if nothing is owed; or the case that it joins."""
        submission = event.submission
        async with self._one_at_a_time:  # else calls of one program at once would only conflict
            for _ in range(TRIES):
                last = self._last.pop(submission.agent, None)
                present = last or await self.store.present(agent=submission.agent, code=submission.code_digest)
                if same := next((case for case in present.alike if _same(case, event)), None):
                    if joins is not None:
                        joins(same)
                    await self.store.append([AuditEvent(kind="case.joined", case=same.id)], now=self.parts.clock.now())
                    return same
                world = self._world(present)
                step = advance(None, event, world)
                assert step.case is not None
                try:
                    case = await self.store.create(
                        step.case, step.records, now=world.now, policy_digest=world.policies.digest, uses=step.uses, seen=present
                    )
                except Conflict:
                    if last is None:
                        await self.retire()
                    continue
                if not step.uses:
                    self._last[submission.agent] = dataclasses.replace(present, waiting=present.waiting + (case.stage in HELD), alike=())
                self._perform(case, step.commands)
                return case
        raise Conflict("The policies, or what else of this agent waits, keep changing while this is decided", hint="Submit it again.")

    async def feed(self, case_id: int, event: Event, *, known: Case | None = None) -> Answer:
        """Advance a stored case: load, step, save by compare-and-swap, perform. `IllegalMove` if its stage does not take the event.

        `known`: the case as this engine last saved it, to step from at first; if it is another one by now, the save says so.
        """
        for _ in range(TRIES):
            before, known = known or await self.store.load(case_id), None
            world = await self.world()
            step = advance(before, event, world)
            if step.case is None:
                if step.records:
                    await self.store.append(step.records, now=world.now)
                return Answer(case=before, refused=step.refused)
            try:
                case = await self._save(before, step, world)
            except Conflict:
                await self.retire()
                continue
            if before.stage in HELD:
                self._last.clear()
            self._perform(case, step.commands)
            return Answer(case=case)
        raise Conflict(f"Case {case_id:04d} keeps changing", hint="Try again.")

    async def _save(self, before: Case, step: Step, world: World) -> Case:
        assert step.case is not None
        # Whatever is about to act must be judged by the very policies and people that there are in this transaction.
        acts = any(isinstance(command, Run | Commit) for command in step.commands)
        digest, people = (world.policies.digest, world.people) if acts else (None, None)
        return await self.store.save(
            step.case, step.records, now=world.now, before=before, policy_digest=digest, people=people, uses=step.uses
        )

    def _perform(self, case: Case, commands: tuple[Command, ...]) -> None:
        for command in commands:
            match command:
                case Run():
                    self._spawn(case, self.executor.forward if case.submission.wrapped else self.executor.run, self._tasks)
                case Commit():
                    self._spawn(case, self.executor.commit, self._commits)
                case Notify():
                    self.notifications.tell(case, command.occasion)

    def _spawn(self, case: Case, work: Callable[[Case], Awaitable[Event]], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(self._guarded(case, work), name=f"case-{case.id}")
        among.add(task)
        task.add_done_callback(among.discard)

    async def _guarded(self, case: Case, work: Callable[[Case], Awaitable[Event]]) -> None:
        """The one place where anything unexpected ends: the case is INTERRUPTED, people are told, guard stays up."""
        try:
            await self.feed(case.id, await work(case), known=case)
        except Exception:
            log.exception("a case broke", case=case.id)
            current = await self.store.load(case.id)
            if current.runner == self.id and current.stage is Stage.RUNNING:
                await self.feed(case.id, Lost())
            elif current.runner == self.id and current.stage is Stage.REHEARSING:
                await self.feed(case.id, NotRun(why="guard failed while it was tried; its log says how"))
            # A commit is journalled: `housekeeping` rolls it forward again. What cannot even be said now, it says as soon as that can be.

    # ------------------------------------------------------------------------------------------ the box proved, the store followed

    async def prove(self) -> list[Guarantee]:
        """The deny self-test, once. `SandboxError` if the box does not keep a promise that the configuration does not accept losing."""
        if self.parts.sandbox is None:
            return []
        if self._promises is not None:
            return self._promises
        promises = list(await self.parts.sandbox.prove())
        missing = [p for p in promises if not p.holds]
        data: dict[str, Any] = {"holds": [p.name for p in promises if p.holds], "missing": [p.name for p in missing]}
        await self.store.append([AuditEvent(kind="box.proved", data=data)], now=self.parts.clock.now())
        if refused := [p for p in missing if p.name not in self.config.accept]:
            details = "; ".join(f"{p.name}: {p.detail}" for p in refused)
            raise SandboxError(f"The box cannot guarantee on this machine: {details}", hint="`guard doctor` says what to do about it.")
        self._promises = promises
        return promises

    def start(self) -> None:
        """Follow the store in the background: claim what is ready, expire what is due, take over what the dead left."""
        if self._following is None:
            self._following = asyncio.create_task(self.housekeeping.follow(), name="follow")
            self._tasks.add(self._following)
            self._following.add_done_callback(self._tasks.discard)

    def at_work(self, case: Case) -> bool:
        """Whether this engine runs the case, or writes its changes into the workspace, now."""
        return f"case-{case.id}" in {task.get_name() for task in (*self._tasks, *self._commits)}

    def fits(self, case: Case) -> bool:
        """Whether this engine gives exactly the workspace and the box that the case was sealed with, or wraps its server."""
        if case.submission.wrapped:
            return self.parts.upstream is not None and self.parts.upstream.name == case.submission.server
        if self.parts.sandbox is None or case.facts.workspace != str(self.config.workspace):
            return False
        return case.box == self.box(case.submission.agent, case.analysis)

    async def claim(self, case: Case) -> None:
        """Offer to run a waiting case, if it may be ready; an edit, which no box has tried yet, to be tried."""
        untried = bool(case.submission.edited_by) and not case.rehearsed and not case.approvals
        ready = untried or case.decision.owed.approvals <= len(case.approvals)
        if ready and self.fits(case) and await self._alone(case):
            if case.submission.wrapped:
                await self._claim_call(case)
                return
            analysis = await self.analyse(case.submission, case.facts) if case.analysis.modules or case.analysis.imports else case.analysis
            await self.offer(case, Claimed(analysis=analysis))

    async def _alone(self, case: Case) -> bool:
        """Whether the case that this one is an edit of has given way to it: never do both run."""
        parent = case.submission.parent
        return parent is None or (await self.store.load(parent)).successor == case.id

    async def _claim_call(self, case: Case) -> None:
        """Offer to forward a waiting call. A definition that changed since makes another seal; another server is none of its business."""
        try:
            call = await self._describe(case.submission)
        except UpstreamError as error:
            log.warning("the wrapped server cannot be asked", case=case.id, error=str(error))
            return
        if call.box.digest == case.box.digest:
            await self.offer(case, Claimed(analysis=await self._analyse_call(case.submission, call), box=call.box))

    async def offer(self, case: Case, event: Event) -> None:
        """Feed an event that somebody else may have made moot."""
        try:
            await self.feed(case.id, event)
        except GuardError as error:
            log.info("nothing to do", case=case.id, tried=type(event).__name__, why=str(error))

    async def settled(self, case_id: int, seconds: float, *, at: frozenset[Stage] = FINAL, asked: bool = False) -> Case:
        """The case once it is in one of the stages `at`, or as it is after `seconds`; with `asked` also once its agent is to answer."""
        end = asyncio.get_running_loop().time() + seconds
        seen = -1
        while True:
            case = await self.store.load(case_id)
            left = end - asyncio.get_running_loop().time()
            if case.stage in at or (asked and case.asked) or left <= 0:
                return case
            seen = await self.store.wait(seen, left)


def _same(case: Case, event: Submitted) -> bool:
    """Whether what was submitted is what a case holds already: the same program, call, workspace and box. Its intent may be told anew."""
    told = dataclasses.replace(case.submission, intent=event.submission.intent)
    return told == event.submission and case.box == event.box and case.analysis.modules == event.analysis.modules


def state_folders(config: Config) -> dict[str, Path]:
    """Where things lie in the state folder."""
    return {name: config.state / name for name in ("engines", "blobs", "runs", "backups", "keys")}
