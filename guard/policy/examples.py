"""Policies carry their own tests: `NAME.examples.toml` beside them, run whenever a set is loaded.

with = ["default.cedar"]          # the files the examples are about; all *.cedar files, if absent

[[example]]
title = "deleting a file of the workspace"
code = "import os; os.remove('a.txt')"
language = "python"               # the default
verdict = "review"
owed = "1 person and a backup"    # as `guard show` says it
policies = ["destroying-needs-a-backup"]   # must be among the reasons
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guard.analyse import analyse
from guard.decide import Policies, Question, decide, effects_to_ask, owed_words
from guard.errors import PolicyError
from guard.model import Agent, Decision, Facts, Person
from guard.policy.load import Files, load

WORKSPACE = "/work/project"
_PEOPLE = tuple(Person(name=name, key="00") for name in ("ann", "bea", "cem"))
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One program and what the policies must say about it."""

    file: str
    title: str
    code: str
    language: str
    wrapped: bool
    verdict: str
    owed: str
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    example: Example
    decision: Decision
    problem: str
    """"" if the example holds; else what differs."""


def run(files: Files) -> Iterator[Outcome]:
    """Every example of a set against the policies it is about. `PolicyError` if an examples file or a policy does not load."""
    sets: dict[tuple[str, ...], Policies] = {}
    for name, text in files:
        if name.endswith(".examples.toml"):
            about, found = _parse(name, text)
            if about not in sets:
                sets[about] = load(files, only=about)
            for example in found:
                yield _judge(example, sets[about])
    if () not in sets:
        load(files)


def check(files: Files) -> None:
    """`PolicyError` with the first example that does not hold, or with what does not load."""
    for outcome in run(files):
        if outcome.problem:
            raise PolicyError(
                f"{outcome.example.file}: the example {outcome.example.title!r} does not hold: {outcome.problem}",
                hint="Correct the policy, or the example if the new answer is meant. `guard policy check` shows all of them.",
            )


def _judge(example: Example, policies: Policies) -> Outcome:
    facts = Facts(workspace=WORKSPACE, restorable=not example.wrapped)
    asked = effects_to_ask(analyse(example.language, example.code, facts), facts)
    decision = decide(Question(agent=Agent(name="agent"), effects=asked, facts=facts, now=_NOW, people=_PEOPLE), policies)
    spoke = {p for reason in decision.reasons for p in reason.policies}
    problems = []
    if decision.broken:
        problems.append(f"the policies are broken: {decision.broken}")
    if decision.verdict.value != example.verdict:
        problems.append(f"the verdict is {decision.verdict.value}, not {example.verdict}")
    if example.owed and owed_words(decision) != example.owed:
        problems.append(f"owed is {owed_words(decision)!r}, not {example.owed!r}")
    if missing := sorted(set(example.policies) - spoke):
        problems.append(f"{', '.join(missing)} did not speak")
    return Outcome(example=example, decision=decision, problem="; ".join(problems))


_TYPES = {"title": str, "code": str, "language": str, "wrapped": bool, "verdict": str, "owed": str, "policies": list}
"""The keys of an example."""


def _parse(name: str, text: str) -> tuple[tuple[str, ...], list[Example]]:
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise PolicyError(f"{name}: not valid TOML: it is nested too deeply", hint="Correct it.") from None
    except ValueError as error:
        raise PolicyError(f"{name}: not valid TOML: {error}", hint="Correct that line.") from None
    unknown = set(table) - {"with", "example"}
    if unknown:
        raise PolicyError(f"{name}: unknown key {sorted(unknown)[0]!r}", hint="An examples file has `with` and [[example]] tables.")
    about, rows = table.get("with", []), table.get("example", [])
    if not _lists(about, str) or not _lists(rows, dict):
        raise PolicyError(f"{name}: `with` is a list of file names, [[example]] a table for each", hint="Correct what is neither.")
    return tuple(about), [_example(name, row) for row in rows]


def _lists(value: object, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, of) for one in value)


def _example(name: str, row: dict[str, Any]) -> Example:
    unknown, absent = set(row) - set(_TYPES), {"title", "code", "verdict"} - set(row)
    if unknown or absent:
        what = f"unknown key {sorted(unknown)[0]!r}" if unknown else f"no {sorted(absent)[0]!r}"
        raise PolicyError(f"{name}: an example has {what}", hint=f"The keys are {', '.join(sorted(_TYPES))}.")
    for key, value in row.items():
        if not isinstance(value, _TYPES[key]) or (isinstance(value, list) and not _lists(value, str)):
            raise PolicyError(f"{name}: {key!r} of an example cannot be {value!r:.60}", hint="Look at the builtin set's examples.")
    return Example(
        file=name,
        title=row["title"],
        code=row["code"],
        language=row.get("language", "python"),
        wrapped=row.get("wrapped", False),
        verdict=row["verdict"],
        owed=row.get("owed", ""),
        policies=tuple(row.get("policies", ())),
    )
