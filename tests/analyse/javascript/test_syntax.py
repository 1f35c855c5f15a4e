"""Text -> tree: positions in characters, types left out, broken and huge texts bounded."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import syntax
from guard.analyse.javascript.syntax import Node, Tree, parse

JS = ("javascript",)
TS = ("typescript", "tsx")


def tree(code: str, grammars: tuple[str, ...] = JS) -> Tree:
    found = parse(code, grammars)
    assert found is not None
    return found


def nodes(root: Node, kind: str) -> list[Node]:
    todo, found = [root], []
    while todo:
        node = todo.pop()
        found += [node] if node.type == kind else []
        todo.extend(node.kids)
    return found


def test_spans_count_lines_from_one_and_columns_in_characters() -> None:
    parsed = tree('const name = "é";\n  call("ü");')
    span = parsed.span(nodes(parsed.root, "call_expression")[0])
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 2, 2, 11)


def test_types_and_comments_are_not_in_the_tree() -> None:
    parsed = tree("const x: Array<typeof fetch> = f as unknown as Map<string, fetch>; // fetch\ninterface I { fetch: string }", TS)
    assert {parsed.text(node) for node in nodes(parsed.root, "identifier")} == {"x", "f"}
    assert not parsed.errors


def test_text_that_does_not_parse_has_errors_and_still_a_tree() -> None:
    parsed = tree("const = ;\nfetch(1);")
    assert parsed.errors
    assert nodes(parsed.root, "call_expression")


def test_javascript_with_types_is_read_by_the_grammar_that_takes_it() -> None:
    assert tree("let x: number = 1;", JS).errors
    assert not tree("let x: number = 1;", (*JS, *TS)).errors


def test_nesting_far_beyond_any_recursion_limit_is_walked() -> None:
    parsed = tree("[" * 5000 + "]" * 5000)
    assert len(nodes(parsed.root, "array")) == 5000


def test_more_nodes_than_the_limit_are_said_to_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_NODES", 100)
    assert not tree("x;" * 100).whole
    assert tree("x;" * 10).whole


def test_a_text_that_the_parser_would_repair_for_minutes_is_given_up() -> None:
    assert parse('"' * 60_001, JS) is None
    assert parse("1", JS) is not None


@pytest.mark.parametrize("code", ["interface A { b: number; c\n;fetch('x', {d: 'e'});", "type A = { b: (", "let x: Array<{ a: string; = 1"])
def test_errors_inside_of_types_are_errors_too(code: str) -> None:
    assert tree(code, TS).errors


@pytest.mark.parametrize("name", ["unique", "unknown", "never"])
def test_a_name_that_the_grammar_takes_for_a_type_is_a_name(name: str) -> None:
    parsed = tree(f"const {name} = [1];\nfor (let i = 1; i < {name}.length; i++) {{\n  use({name}[i]);\n}}", TS)
    assert not parsed.errors
    assert [parsed.text(node) for node in nodes(parsed.root, "identifier")].count(name) == 3


@pytest.mark.parametrize(
    "code", ["declare const s: unique symbol; let x: unknown, y: never;", "if (a < unique\n symbol) {}", "if (a < never b) {}"]
)
def test_types_and_mistakes_stay_what_they_are(code: str) -> None:
    parsed = tree(code, TS)
    assert bool(parsed.errors) is not code.startswith("declare")


@pytest.mark.parametrize("code", ["await (f())", "const t = await (await open()).stat()", "await (async () => 1)()"])
def test_what_is_waited_for_in_parentheses_is_no_call_of_something_named_so(code: str) -> None:
    parsed = tree(code)
    syntax.await_always(parsed)
    assert "await" not in {parsed.text(node) for node in nodes(parsed.root, "identifier")}


@pytest.mark.parametrize(
    "code", ["await(...x)", "await(a, b)", "var await = f; await(1)", "this.await = f; await(1)", "o['await'] = f; await(1)"]
)
def test_what_may_be_a_name_stays_one(code: str) -> None:
    parsed = tree(code)
    syntax.await_always(parsed)
    assert "await" in {parsed.text(node) for node in nodes(parsed.root, "identifier")}
