"""`guard check`: analyse and decide without running. Text, JSON and SARIF for people and CI; a stream of JSON lines for measuring."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import say
from guard.errors import BadInput

if TYPE_CHECKING:
    from guard.config import Config
    from guard.decide import Policies
    from guard.model import Agent, Analysis, Decision, Facts, Person

LANGUAGES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript", ".ts": "typescript",
    ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript", ".sh": "shell", ".bash": "shell", ".sql": "sql",
}  # fmt: skip
EXIT = {"allow": 0, "review": 10, "deny": 20}
MOST_BYTES = 16 << 20

FILES = typer.Argument(None, metavar="[FILE]...", help="Programs; - is stdin.", show_default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """What `guard check` decides by: the configuration's policies and people, or the defaults where there is none."""

    facts: Facts
    agent: Agent
    policies: Policies
    people: tuple[Person, ...]

    def decide(self, analysis: Analysis, *, explained: bool = True) -> Decision:
        from guard.cli.compose import WallClock
        from guard.decide import Question, decide, effects_to_ask

        asked = effects_to_ask(analysis, self.facts)
        return decide(
            Question(agent=self.agent, effects=asked, facts=self.facts, now=WallClock().now(), people=self.people),
            self.policies,
            explained=explained,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One program and what was decided about it."""

    file: str
    language: str
    facts: Facts
    analysis: Analysis
    decision: Decision


def check(
    *,
    files: list[Path] | None = FILES,
    language: str = typer.Option("", "--language", help="The language, where the file's name does not tell.", show_default=False),
    json_: bool = typer.Option(False, "--json", help="Print JSON."),
    sarif: bool = typer.Option(False, "--sarif", help="Print SARIF 2.1.0, for code scanning."),
    jsonl: bool = typer.Option(False, "--jsonl", help='Read {"id","language","code"} lines from stdin, answer each with a line.'),
    workspace: Path | None = typer.Option(None, "--workspace", help="Judge as if run in this folder.", show_default=False),
    agent: str = typer.Option("", "--agent", help="Judge as if submitted by this agent.", show_default=False),
) -> None:
    """Say what programs would do and what would be owed, without running anything.

    Uses the configured policies, people and workspace; where there is no configuration, the default policies, this folder and three people
    who could approve. Exit code: 0 if all would run at once, 10 if one needs a person, 20 if one would be denied.
    """
    if jsonl:
        from guard.cli import stream

        asyncio.run(stream.run(workspace, agent))
        return
    if not files:
        raise BadInput("No file was named", hint="guard check FILE...; `-` reads stdin.")
    checked = asyncio.run(_check([(str(path), *read(path, language)) for path in files], workspace, agent))
    if sarif:
        from guard.cli.sarif import report

        say(json.dumps(report(checked), indent=2))
    elif json_:
        say(_json(checked))
    else:
        for one in checked:
            say(_text(one))
    raise typer.Exit(max(EXIT[one.decision.verdict.value] for one in checked))


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


async def _check(programs: list[tuple[str, str, str]], workspace: Path | None, agent: str) -> list[Checked]:
    from guard.cli import compose
    from guard.gather import analysis_of
    from guard.model import Submission

    bench = await court(workspace, agent)
    analyst = compose.analyst()
    checked = []
    try:
        for file, language, code in programs:
            Submission(agent=bench.agent.name, language=language, code=code)  # refuses what could not be submitted
            analysis = await analysis_of(analyst, language, code, bench.facts)
            checked.append(Checked(file=file, language=language, facts=bench.facts, analysis=analysis, decision=bench.decide(analysis)))
    finally:
        await analyst.close()
    return checked


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


def _text(one: Checked) -> list[str]:
    from guard.cli import page

    lines = page.effect_lines(one.decision, one.facts)
    return [
        f"{page.safe(one.file)}: {page.verdict_line(one.decision)}",
        f"  {page.safe(one.analysis.summary)}",
        *(f"  {line}" for line in lines),
    ]


def _json(checked: list[Checked]) -> str:
    from guard.cli import page
    from guard.decide import owed_words
    from guard.model import plain

    return page.as_json(
        [
            {
                "file": one.file,
                "language": one.language,
                "summary": one.analysis.summary,
                "verdict": one.decision.verdict.value,
                "owed": owed_words(one.decision),
                "decision": plain(one.decision),
            }
            for one in checked
        ]
    )
