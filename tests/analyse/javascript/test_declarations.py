"""Who declares what, and what may be assigned to it."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import analyse
from guard.analyse.javascript.declarations import program_of
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import parse
from guard.model import Facts, Kind


def program(code: str) -> Program:
    tree = parse(code, ("javascript",))
    assert tree is not None
    return program_of(tree)


def kinds(code: str, name: str) -> list[str]:
    binding = program(code).top.find(name)
    assert binding is not None
    return [definition.kind for definition in binding.definitions]


def test_every_assignment_is_a_definition() -> None:
    assert kinds("let x = 1; x = 2; x += 3; x ??= 4;", "x") == ["value", "value", "augmented", "value"]


def test_patterns_say_the_way_to_their_value() -> None:
    binding = program("const { a: { b: [, c = 1] } } = source;").top.find("c")
    assert binding is not None
    assert {definition.path for definition in binding.definitions} == {("a", "b", 1), ()}


def test_var_is_hoisted_to_its_function_and_let_is_not() -> None:
    found = program("function f() { if (c) { var a = d; let b = 2; } }")
    block = next(node for node in found.order if node.type == "number").scope
    assert block.find("a").scope is block.hoisting
    assert block.find("b").scope is not block.hoisting


def test_an_assignment_to_no_declaration_makes_a_global_that_is_not_declared() -> None:
    binding = program("function f() { leaked = 1; }").top.find("leaked")
    assert binding is not None
    assert not binding.declared


def test_properties_are_pooled_by_name_whoever_owns_them() -> None:
    found = program("a.run = f; const o = { run: g, 'quoted': 1 }; class A { run() {} get size() { return 1 } static run = 2 }")
    assert [definition.kind for definition in found.properties["run"]] == ["value", "value", "function", "value"]
    assert [definition.kind for definition in found.properties["size"]] == ["getter"]
    assert "quoted" in found.properties


def test_returns_and_yields_belong_to_their_function() -> None:
    found = program("const f = () => 1; function* g() { yield 2; return 3; }")
    assert sorted(len(nodes) for nodes in found.returns.values()) == [1, 2]


@pytest.mark.parametrize(
    "before",
    [
        "if (Math.random() > 2) { var fetch = x => x }",
        "var fetch;",
        "for (var fetch of []) {}",
        "try { risky(); var fetch = x => x } catch {}",
        "if (0) { var {fetch} = {fetch: x => x} }",
    ],
)
def test_a_var_that_may_get_no_value_leaves_a_global_what_it_is(before: str) -> None:
    found = analyse(f"{before}\nfetch('https://a.example/x', {{method: 'DELETE'}})", Facts(workspace="/work"))
    assert Kind.HTTP_DELETE in {effect.kind for effect in found}


def test_a_var_that_surely_gets_a_value_is_what_it_is_given() -> None:
    found = analyse("var fetch = x => x;\nfetch('https://a.example/x', {method: 'DELETE'})", Facts(workspace="/work"))
    assert found == ()
