"""The tables: how lines are read, and that each line can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse.python import knowledge
from guard.analyse.python.knowledge import pure
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


def _said_twice(tables: tuple[str, ...]) -> list[str]:
    """Names with two lines, modules of which is said twice what they are, classes with two lines of bases."""
    seen: dict[str, str] = {}
    found = []
    for table in (f"[{pure.STDLIB}] pure".replace("\n", " "), f"[{pure.LIBRARIES}] pure".replace("\n", " "), *tables):
        for _, line in knowledge.entries(table):
            for name in _subjects(line):
                found += [f"{name}: {seen[name][:99]!r} and {line[:99]!r}"] if name in seen else []
                seen[name] = line
    return found


def _subjects(line: str) -> list[str]:
    if line.startswith("["):
        return [f"[{name}]" for name in line[1:].partition("]")[0].split()]
    if " => " in line:
        return [line.partition(" => ")[0].strip()]
    if " < " in line and "=" not in line:
        return [line.partition(" < ")[0].strip() + " <"]
    return knowledge.names_of(line)


def test_every_name_has_one_line() -> None:
    assert _said_twice(knowledge.TABLES) == []


def test_a_second_line_of_a_name_is_found() -> None:
    planted = "@py-a\na.b|c() = pure\na.c(x) = fs.read x\na.b => d\n[a] pure\n[e a] opaque\na.C < D\na.C < E\n"
    assert [found.partition(":")[0] for found in _said_twice((planted,))] == ["a.c", "a.b", "[a]", "a.C <"]


def test_no_line_is_hidden_by_another_name_of_the_same_thing() -> None:
    assert [name for name in knowledge.index().lines if knowledge.canonical(name) != name] == []


def _silently_pure(index: knowledge.Index) -> list[str]:
    """Modules that a line calls pure, and with them all below that has no line, though something there acts.

    Of a class that is what its line means. Of a module, `name.*` or `[name]` has to say it.
    """
    effects = {name: line.partition(" = ")[2].partition(" -> ")[0] for name, (_, line) in index.lines.items()}
    harmless = {name for name, does in effects.items() if all(one.strip() == "pure" for one in does.split(";"))}
    deep = {
        ".".join(name.split(".")[:depth])
        for name in (*(effects.keys() - harmless), *(name for name, said in index.modules.items() if said == "opaque"))
        for depth in range(1, name.count(".") + 1)
    }
    found = []
    for name in harmless:
        owner, _, last = name.rpartition(".")
        module = owner if last == "*" else name
        if last[:1].isupper() or "->" in index.lines[name][1]:
            continue
        if index.modules.get(module) == "opaque":
            found.append(f"{name} is pure, and [{module}] is opaque")
        elif last != "*" and name in deep and f"{name}.*" not in index.lines:
            found.append(f"{name} is pure, and something below it acts")
        elif "." not in module and [one for one in index.lines if one.startswith(f"{module}.")] in ([], [name]):
            found.append(f"{name} is all that is said of its library: [{module}] says it")
    return sorted(found)


def test_no_line_calls_a_module_pure_below_which_something_acts() -> None:
    assert _silently_pure(knowledge.index()) == []


def test_a_module_that_a_line_calls_pure_is_found() -> None:
    index = knowledge.Index()
    index.take(
        "@py-a\na.b = pure\na.b.c() = fs.read *\nd.* = pure\ne.f.* = pure\n[e.f] opaque\ng.h = pure\ng.h.* = pure\ng.h.i() = fs.read *\n"
    )
    assert _silently_pure(index) == [
        "a.b is pure, and something below it acts",
        "d.* is all that is said of its library: [d] says it",
        "e.f.* is pure, and [e.f] is opaque",
    ]
