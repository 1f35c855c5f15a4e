"""What `guard check` decides by, and what it is given: programs read from files, policies, people, and what was decided."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guard.errors import BadInput

if TYPE_CHECKING:
    from guard.config import Config
    from guard.decide import Policies
    from guard.model import Agent, Analysis, Decision, Facts, Person
    from guard.ports import Analyst

LANGUAGES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript", ".ts": "typescript",
    ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript", ".sh": "shell", ".bash": "shell", ".sql": "sql",
}  # fmt: skip
MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """What `guard check` decides by: the configuration's policies and people, or the defaults where there is none."""

    facts: Facts
    agent: Agent
    policies: Policies
    people: tuple[Person, ...]

    async def judge(self, analyst: Analyst, language: str, code: str, *, explained: bool = True) -> tuple[Analysis, Decision]:
        """What a program would do, and what is owed for it. `BadInput` if it could not be submitted at all."""
        from guard.cli.compose import WallClock
        from guard.decide import Question, decide, effects_to_ask
        from guard.gather import analysis_of
        from guard.model import Submission

        Submission(agent=self.agent.name, language=language, code=code)
        analysis = await analysis_of(analyst, language, code, self.facts)
        await asyncio.sleep(0)  # the worker gets its next program first: it reads that while this process decides
        asked = effects_to_ask(analysis, self.facts)
        question = Question(agent=self.agent, effects=asked, facts=self.facts, now=WallClock().now(), people=self.people)
        return analysis, decide(question, self.policies, explained=explained)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One program and what was decided about it."""

    file: str
    language: str
    facts: Facts
    analysis: Analysis
    decision: Decision


async def court(workspace: Path | None, agent: str) -> Court:
    """What to decide by."""
    from guard import config
    from guard.cli import compose
    from guard.model import Agent, Facts, Person
    from guard.policy import load

    if config.default_path().exists():
        configured = compose.configured(workspace, agent)
        known = {known.name: known for known in configured.known_agents}
        return Court(
            facts=configured.facts(),
            agent=known.get(configured.agent, Agent(name=configured.agent)),
            policies=load.load(load.read(configured.policies)),
            people=await _people(configured),
        )
    return Court(
        facts=Facts(workspace=str((workspace or Path.cwd()).expanduser().resolve()), home=str(Path.home())),
        agent=Agent(name=agent or "agent"),
        policies=load.load(load.read(load.builtin_folder())),
        people=tuple(Person(name=f"person-{i}", key="00") for i in (1, 2, 3)),
    )


async def _people(config: Config) -> tuple[Person, ...]:
    from guard.cli import compose

    async with compose.open_store(config) as store:
        return await store.people()


def read(path: Path, language: str) -> tuple[str, str]:
    """(language, code) of a file. `BadInput` if it cannot be read as text, or its language is not known."""
    if not language:
        language = LANGUAGES.get(path.suffix.lower(), "")
    if not language:
        raise BadInput(f"The language of {path} is not known by its name", hint="Say it with --language.")
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if str(path) == "-" else path.read_bytes()
        if len(data) > MOST_BYTES:
            raise BadInput(f"{path} is larger than {MOST_BYTES >> 20} MB", hint="guard takes no program of that size.")
        return language, data.decode("utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", hint="Check the path and its permissions.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 at byte {error.start}", hint="guard submits text; save it as UTF-8.") from None
