"""Programs that nobody submits, analysed and decided about: what `guard check` decides by, and its processes that do both in one go.

Those are workers as `guard.analysis_worker` describes them, under the same limits and deadline. That one of them decides, too, gives it no
more to lie about: what it says a program does has always been what is decided about, and nothing is run on its word.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from guard import analysis_worker
from guard.analyse import analyse
from guard.analyse.seven_words import words
from guard.decide import Policies, Question, decide, effects_to_ask
from guard.gather import analysis_of
from guard.model import Agent, Analysis, Decision, Facts, Person, Submission
from guard.policy import load

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from guard.ports import Analyst


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is decided by, as plain data, which a worker can be sent."""

    facts: Facts
    agent: Agent
    files: load.Files
    people: tuple[Person, ...]

    def packed(self) -> bytes:
        """For `main`, in another process."""
        data = pickle.dumps(self)
        return struct.pack(">I", len(data)) + data

    def checker(self) -> Checker:
        """With the policies loaded. `PolicyError` if they are broken."""
        return Checker(facts=self.facts, agent=self.agent, policies=load.load(self.files), people=self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """What is decided by: policies and people, and the facts of the place."""

    facts: Facts
    agent: Agent
    policies: Policies
    people: tuple[Person, ...]

    async def check(self, analyst: Analyst, language: str, code: str, *, explained: bool = True) -> tuple[Analysis, Decision]:
        """What a program would do, and what is owed for it. `BadInput` if it could not be submitted at all."""
        Submission(agent=self.agent.name, language=language, code=code)
        analysis = await analysis_of(analyst, language, code, self.facts)
        return analysis, self.decision(analysis, explained=explained)

    def decision(self, analysis: Analysis, *, explained: bool = True) -> Decision:
        """What is owed for a program that would do this."""
        asked = effects_to_ask(analysis, self.facts)
        question = Question(agent=self.agent, effects=asked, facts=self.facts, now=datetime.now(UTC), people=self.people)
        return decide(question, self.policies, explained=explained)


def told(analysis: Analysis, decision: Decision) -> dict[str, Any]:
    """What `guard check --jsonl` says of a program: its effects in seven words, the verdict, and the names of what it acts on."""
    return {"effects": words(analysis.effects), "decision": decision.verdict.value, "resources": resources(analysis)}


def resources(analysis: Analysis) -> list[dict[str, object]]:
    """What is acted on, by kind and name; pure computing acts on nothing."""
    return [
        {"kind": e.kind, "type": e.resource.type, "name": e.resource.name, "exact": e.exact}
        for e in analysis.effects
        if e.kind not in ("compute", "answer")
    ]


class _Here:
    """`guard.ports.Analyst` in this very process."""

    async def analyse(self, language: str, code: str, facts: Facts) -> Analysis:
        return analyse(language, code, facts)

    async def close(self) -> None:
        pass


def answer(checker: Checker, question: dict[str, Any]) -> dict[str, Any]:
    """What is told of one program, analysed here."""
    return told(*_at_once(checker.check(_Here(), question["language"], question["code"], explained=False)))


def _at_once(judging: Coroutine[Any, Any, tuple[Analysis, Decision]]) -> tuple[Analysis, Decision]:
    """What comes of something that waits for nobody."""
    try:
        judging.send(None)
    except StopIteration as done:
        found: tuple[Analysis, Decision] = done.value
        return found
    raise AssertionError("an analysis in this process waited for something")


def main(memory: int, cpu_seconds: int, languages: Sequence[str]) -> None:
    """Be the process that workers are copied from, which guard sends a brief first."""
    analysis_worker.main(memory, cpu_seconds, languages, _briefed)


def _briefed() -> analysis_worker.Answer:
    """What answers by the brief that comes now."""
    (size,) = struct.unpack(">I", analysis_worker.read(4))
    brief: Brief = pickle.loads(analysis_worker.read(size))  # noqa: S301 - guard itself wrote it
    return partial(answer, brief.checker())
