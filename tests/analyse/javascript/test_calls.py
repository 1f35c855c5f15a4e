"""What a call gives back, and what it calls."""

from __future__ import annotations

from guard.analyse.javascript.calls import callee
from guard.analyse.javascript.values import ANY, Ref, Text, text
from tests.analyse.javascript.test_evaluate import evaluator, value_of


def callee_of(code: str) -> tuple[object, object]:
    found = evaluator(code)
    call = next(node for node in found.program.order if node.type in ("call_expression", "new_expression"))
    return callee(found, call)


def test_call_and_apply_are_the_function_itself() -> None:
    assert callee_of("fetch.call(null, 'u')") == ((Ref("fetch"),), [(text("u"),)])
    assert callee_of("fetch.apply(null, ['u'])") == ((Ref("fetch"),), [(text("u"),)])


def test_bound_arguments_come_first() -> None:
    (bound,) = value_of("fetch.bind(null, 'u')")
    assert isinstance(bound, Ref)
    assert bound.bound == ((text("u"),),)


def test_own_functions_give_what_they_return() -> None:
    assert set(value_of("f()", "function f(a) { if (a) return 'x'; return 'y'; }")) == {text("x"), text("y")}


def test_library_calls_give_instances_that_remember_their_address() -> None:
    (client,) = value_of("axios.create({ baseURL: 'https://b.example' })", "import axios from 'axios';")
    assert client == Ref("axios", (), Text(("https://b.example",)))


def test_promises_are_what_they_hold() -> None:
    assert value_of("await import('fs')") == (Ref("fs"),)
    assert value_of("import('fs').then((m) => m.promises)") == (Ref("fs"),)


def test_a_generator_gives_what_it_yields() -> None:
    assert value_of("Array.from(g())[0]", "function* g() { yield 'a'; yield* h(); } function* h() { yield 'b'; }") == (text("a"), text("b"))


def test_a_mapped_array_holds_what_the_callback_gives() -> None:
    assert value_of("x.map(f => 'a')[3]") == (text("a"),)
    assert value_of("x.flatMap(f => ['a', 'b'])[3]") == (text("a"), text("b"))


def test_names_in_a_folder_lead_nowhere_else() -> None:
    assert value_of("require('fs').readdirSync(q)[0]") == (Text(("./", None)),)
    assert value_of("require('fs').readdirSync(q, {withFileTypes: true})[0].name") == (Text(("./", None)),)
    assert value_of("require('fs').readdirSync(q, options)[0]") == ANY
    assert value_of("require('glob').globSync('src/**/*.js')[0]") == (Text(("src/", None)),)
    assert value_of("require('glob').globSync('*.js', {cwd: q})[0]") == ANY


def test_entries_are_names_and_values() -> None:
    assert value_of("Object.entries({a: 'b'})[0][1]") == (text("b"),)
