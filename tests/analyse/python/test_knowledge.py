"""The tables: how lines are read, and that each line can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse.python import knowledge
from guard.analyse.python.rows import KINDS, SPECIAL

VERBS = {"opaque", "call", "map", "sh", "sh_remote", "argv", "sql", "sql_on", "http", "http_host", "py", "js"}


def test_every_line_is_understood() -> None:
    for name in knowledge.index().lines:
        row = knowledge.row(name)
        assert row is not None
        for does in row.does:
            assert does.verb in KINDS or does.verb in VERBS or does.verb.removeprefix("!") in SPECIAL, (name, does)
            for token in does.args if does.verb != "opaque" else ():
                for part in token.rstrip("/").split(":") if not token.startswith('"') else ():
                    known = part in row.params or part in ("self", "*", "*args") or part.isdigit()
                    assert known, f"{name}: {part!r} is no parameter"
        assert not row.result.startswith("=") or row.result[1:] in row.params or row.result == "=self", name
        assert not row.resource or row.resource in (*row.params, "self"), name


def test_every_line_has_a_rule() -> None:
    assert [name for name, (rule, _) in knowledge.index().lines.items() if not rule.startswith("py-")] == []


def test_a_line_names_effects_parameters_and_the_result() -> None:
    row = knowledge.row("sqlite3.Connection.execute")
    assert row is not None
    assert (row.params, row.does[0].verb, row.result, row.resource, row.rule) == (
        ("sql",),
        "sql",
        "sqlite3.Connection",
        "self",
        "py-sqlite",
    )


@pytest.mark.parametrize(
    ("name", "known"), [("io.open", "builtins.open"), ("os.path.os.remove", "os.path.os.remove"), ("posix.unlink", "os.unlink")]
)
def test_other_names_of_the_same_thing_are_one(name: str, known: str) -> None:
    assert knowledge.canonical(name) == known


@pytest.mark.parametrize(
    ("name", "effectful"),
    [("os.remove", True), ("os.unheard_of", True), ("math.sqrt", False), ("numpy.zeros", False), ("numpy.save", True), ("ctypes.CDLL", True),
     ("os.path.join", True), ("json.loads", False), ("django.db.models.Model", True), ("nobody.knows", False)],
)  # fmt: skip
def test_what_is_not_known_of_an_effectful_module_is_effectful(name: str, effectful: bool) -> None:
    assert knowledge.is_effectful(name) is effectful


def test_inherited_methods_are_found() -> None:
    row = knowledge.method("aiohttp.ClientSession", "delete")
    assert row is not None
    assert row.name == "requests.Session.delete"


def test_the_codemap_shows_lines_that_are_in_the_tables_and_the_examples() -> None:
    root = Path(__file__).parents[3]
    shown = [line.strip() for line in (root / "guard/README.md").read_text().splitlines() if line.startswith("    meilisearch.")]
    kept = (root / "guard/analyse/python/knowledge/web.py").read_text() + (Path(__file__).parent / "examples/network.py").read_text()
    assert len(shown) == 2
    assert [line for line in shown if line not in kept] == []
