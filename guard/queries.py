"""What people see of cases: the queue, one case with its changes and its past, what the ledger says of it, whether all is well.

Nothing changes by any of it. The other half of the desk, what people do, is `guard.desk`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guard.decide import owed_words
from guard.diff import compared
from guard.divergence import unpredicted
from guard.engine import Engine
from guard.grant import changes_as_effects
from guard.hash_chain import Verifier
from guard.housekeeping import touched
from guard.model import Case, Change, ChangeSet, Decision, Resource, Stage
from guard.past import LET_THROUGH, Past, Today, past, reached, today
from guard.tabular import regular


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of a case's timeline: a ledger entry."""

    seq: int
    at: datetime
    kind: str
    case: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a face must show on top when something is wrong; every sentence is "" when all is well."""

    policies: str = ""
    """The newest edit of the policies does not load, and why; the last good set is in force."""
    policy_digest: str = ""
    ledger: str = ""
    """The ledger does not verify, and where: then nothing can be approved."""
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """One changed path of a run, line by line where both sides are text that is known."""

    change: Change
    unexpected: bool
    """The analysis did not predict it."""
    lines: tuple[tuple[str, str], ...] | None
    """(sign, text): "+", "-", " ", or in guard's words "@" (where) and "\\" (the line above has no end); None: it is no text."""
    regular: tuple[str, ...] = ()
    """What a long and regular change of a table comes to, by columns, with its names and values; to be read before the lines."""


class Queries:
    """What can be asked of one engine's store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.store = engine.store
        self._ledger_problem = ""
        """What was wrong with the ledger when it was last verified; "" if nothing was."""
        self._given: dict[str, list[tuple[datetime, str]]] = {}
        self._given_to = 0
        """The ledger was read for given grants up to this entry."""

    async def queue(self) -> list[Case]:
        """Cases that wait, oldest first."""
        return await self.store.cases(stages=[Stage.WAITING], limit=100_000)

    async def waiting(self, *, after: int = 0, limit: int = 1000) -> list[Case]:
        """Waiting cases numbered above `after`, by number: for faces that must not hold ten thousand whole cases."""
        return await self.store.cases(stages=[Stage.WAITING], after=after, limit=limit)

    async def changed(self, after: int) -> tuple[int, tuple[int, ...]]:
        """The number of the last ledger entry, and the cases that entries after number `after` are about."""
        return await touched(self.store, after)

    async def past(self, case: Case, *, limit: int = 200) -> Past:
        """The case held against the latest cases of its agent."""
        agent = case.submission.agent
        return past(case, await self.store.cases(agent=agent, limit=limit, newest_first=True), await self.known(agent))

    async def known(self, agent: str, *, limit: int = 200) -> frozenset[Resource]:
        """The hosts and tools that the latest programs of an agent were let reach: any other is new to it."""
        return reached(await self.store.cases(agent=agent, stages=sorted(LET_THROUGH), limit=limit, newest_first=True))

    def now(self) -> datetime:
        """The wall clock."""
        return self._engine.parts.clock.now()

    async def head(self) -> int:
        """The number of the last ledger entry."""
        return (await self.store.head()).seq

    async def policy_text(self) -> tuple[tuple[str, str], ...]:
        """The files of the policy set in force: (name, text)."""
        current = await self.store.policies()
        return current.files if current else ()

    async def history(self, *, limit: int = 200) -> list[Case]:
        """The latest cases in any stage, newest first."""
        return await self.store.cases(limit=limit, newest_first=True)

    async def today(self) -> Today:
        """What became of today's cases, among the latest thousand."""
        return today(await self.history(limit=1000), self.now())

    async def case(self, case_id: int) -> Case:
        return await self.store.load(case_id)

    async def diff(self, case: Case) -> tuple[FileDiff, ...]:
        """What the run of a case changed; unexpected first."""
        if case.execution is None:
            return ()
        found = []
        for change in case.execution.change_set.changes:
            did = changes_as_effects(ChangeSet(changes=(change,)), case.facts)
            sides = await self._engine.parts.workspace.sides(case.facts.workspace, change)
            surprise = bool(unpredicted(case, did))
            lines, told = await asyncio.to_thread(compared, *sides), await asyncio.to_thread(regular, change.path, *sides)
            found.append(FileDiff(change=change, unexpected=surprise, lines=lines, regular=told))
        return tuple(sorted(found, key=lambda d: not d.unexpected))

    async def timeline(self, case_id: int) -> list[Moment]:
        """What the ledger says of one case, in order."""
        return [moment(entry.body) async for entry in self.store.entries(case=case_id)]

    async def granters(self, cases: Iterable[Case]) -> dict[int, tuple[tuple[str, str], ...]]:
        """Of each case that standing grants let through: their ids, and who gave each. From the ledger, so also of those that are over."""
        through = [case for case in cases if case.decision.standing and case.stage in LET_THROUGH]
        if through:
            async for entry in self.store.entries(after=self._given_to):
                self._given_to = entry.seq
                if b'"grant.given"' in entry.body and (one := moment(entry.body)).kind == "grant.given":
                    self._given.setdefault(one.data["id"], []).append((one.at, one.data["person"]))
        return {case.id: tuple((one, self._giver(one, case.updated_at)) for one in case.decision.standing) for case in through}

    def _giver(self, grant: str, at: datetime) -> str:
        return next((person for given, person in reversed(self._given.get(grant, [])) if given <= at), "nobody known")

    async def wait(self, seen: int, seconds: float) -> int:
        """The store's change counter once it differs from `seen`, or after `seconds`."""
        return await self.store.wait(seen, seconds)

    async def health(self, *, ledger: bool = False) -> Health:
        """Whether policies and (if asked: it reads all entries) the ledger are sound."""
        current = await self.store.policies()
        head = await self.store.head()
        checked = None
        if ledger:
            check = Verifier(head)
            async for entry in self.store.entries():
                if entry.seq > head.seq or not check.feed(entry.seq, entry.body, entry.hash):
                    break
                if entry.seq % 8 == 0:
                    await asyncio.sleep(0)  # a face answers keys meanwhile
            checked = check.finish()
            self._ledger_problem = checked.problem
        return Health(
            policies=current.problem if current else "No policies are loaded: everything is denied.",
            policy_digest=current.digest if current else "",
            ledger=self._ledger_problem,
            entries=checked.count if checked else 0,
        )

    def owed(self, decision: Decision) -> str:
        """What is owed, in words."""
        return owed_words(decision)


def moment(body: bytes) -> Moment:
    """A ledger entry's body as a line of a timeline."""
    entry = json.loads(body)
    return Moment(seq=entry["seq"], at=datetime.fromisoformat(entry["at"]), kind=entry["kind"], case=entry["case"], data=entry["data"])
