"""`guard check`: analyse and decide without running. Text, JSON and SARIF for people and CI; a stream of JSON lines for measuring."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import typer

from guard.cli.inputs import Checked, brief, read
from guard.cli.terminal import prose, say
from guard.errors import BadInput

EXIT = {"allow": 0, "review": 10, "deny": 20}
FILES = typer.Argument(None, metavar="[FILE]...", help="Programs; - is stdin.", show_default=False)


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
    """Say what programs would do and owe, without running them.

    Uses the configured policies, people and workspace; where there is no configuration, the default policies, this folder and three people
    who could approve. Exit code: 0 if all would run at once, 10 if one needs a person, 20 if one would be denied.
    """
    if jsonl:
        from guard.cli import check_stream

        asyncio.run(check_stream.run(workspace, agent))
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
            say(prose(_text(one)))
    raise typer.Exit(max(EXIT[one.decision.verdict.value] for one in checked))


async def _check(programs: list[tuple[str, str, str]], workspace: Path | None, agent: str) -> list[Checked]:
    from guard.cli import compose

    checker = (await brief(workspace, agent)).checker()
    analyst = compose.analyst()
    checked = []
    try:
        for file, language, code in programs:
            analysis, decision = await checker.check(analyst, language, code)
            checked.append(Checked(file=file, language=language, facts=checker.facts, analysis=analysis, decision=decision))
    finally:
        await analyst.close()
    return checked


def _text(one: Checked) -> list[str]:
    from guard import words
    from guard.cli import page

    lines = page.effect_lines(one.decision, one.facts)
    return [
        f"{page.safe(one.file)}: {page.verdict_line(one.decision)}",
        f"  {words.headline(one.analysis.effects, one.facts)}",
        *(f"  {line}" for line in lines),
    ]


def _json(checked: list[Checked]) -> str:
    from guard import words
    from guard.canonical import plain
    from guard.cli import page
    from guard.decide import owed_words

    return page.as_json(
        [
            {
                "file": one.file,
                "language": one.language,
                "summary": words.headline(one.analysis.effects, one.facts),
                "verdict": one.decision.verdict.value,
                "owed": owed_words(one.decision),
                "decision": plain(one.decision),
            }
            for one in checked
        ]
    )
