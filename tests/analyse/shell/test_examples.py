"""Every line of examples.tsv, and that every program has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse.shell import programs
from guard.analyse.shell.options import spec
from guard.analyse.shell.programs.wrappers import OPTIONS
from tests.analyse.shell.check import effects, found

LINES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("examples.tsv").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("command", "expected"), LINES, ids=[line[0][:60] for line in LINES])
def test_a_command_has_exactly_these_effects(command: str, expected: str) -> None:
    assert sorted(effects(command)) == sorted(() if expected == "-" else expected.split("; "))


def test_every_row_and_every_function_of_the_tables_has_an_example() -> None:
    rules = {effect.rule for command, _ in LINES for effect in found(command)}
    words = {word.rsplit("/", 1)[-1] for command, _ in LINES for word in command.replace("(", " ").replace(";", " ").split()}
    shown = {
        name
        for name in {*programs.ROWS, *programs.RUNNERS}
        if f"sh-{name}" in rules or name in words or any(programs.canonical(w) == name for w in words)
    }
    behind = {id(programs.RUNNERS.get(name) or programs.ROWS[name]) for name in shown}
    without = [
        name for name in {**programs.ROWS, **programs.RUNNERS} if id(programs.RUNNERS.get(name) or programs.ROWS[name]) not in behind
    ]
    assert without == []


def test_every_option_specification_is_well_formed() -> None:
    for _, options in programs.ROWS.values():
        spec(options)
    for options in OPTIONS.values():
        spec(options)
    with pytest.raises(ValueError, match="not an option specification"):
        spec("+exec")
