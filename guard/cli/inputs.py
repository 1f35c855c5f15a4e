"""What `guard check` decides by, and what it is given: programs read from files, policies, people, and what was decided."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guard.errors import BadInput

if TYPE_CHECKING:
    from guard.checking import Brief
    from guard.config import Config
    from guard.model import Analysis, Decision, Facts, Person

LANGUAGES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript", ".ts": "typescript",
    ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript", ".sh": "shell", ".bash": "shell", ".sql": "sql",
}  # fmt: skip
MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One program and what was decided about it."""

    file: str
    language: str
    facts: Facts
    analysis: Analysis
    decision: Decision


async def brief(workspace: Path | None, agent: str) -> Brief:
    """What to decide by: the configuration's policies and people, or the defaults where there is none."""
    from guard import config
    from guard.checking import Brief
    from guard.cli import compose
    from guard.model import Agent, Facts, Person
    from guard.policy import load

    if config.default_path().exists():
        configured = compose.configured(workspace, agent)
        known = {known.name: known for known in configured.known_agents}
        return Brief(
            facts=configured.facts(),
            agent=known.get(configured.agent, Agent(name=configured.agent)),
            files=load.read(configured.policies),
            people=await _people(configured),
        )
    return Brief(
        facts=Facts(workspace=str((workspace or Path.cwd()).expanduser().resolve()), home=str(Path.home())),
        agent=Agent(name=agent or "agent"),
        files=load.read(load.builtin_folder()),
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
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadInput(f"{path} is larger than {MOST_BYTES >> 20} MB", hint="guard takes no program of that size.")
        return language, data.decode("utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", hint="Check the path and its permissions.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 at byte {error.start}", hint="guard submits text; save it as UTF-8.") from None
