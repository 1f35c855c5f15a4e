"""What a parameter can be: from the calls of its function, and from known callers."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Ref, text
from tests.analyse.javascript.test_evaluate import value_of


@pytest.mark.parametrize(
    "code",
    [
        "function f(p) { probe(p) } f('a'); f('b');",
        "const f = (p) => probe(p); f('a'); f('b');",
        "['a', 'b'].forEach((p) => probe(p));",
        "['a', 'b'].map(f); function f(p) { probe(p) }",
        "for (const p of ['a', 'b']) probe(p);",
        "class A { constructor(p) { probe(p) } } new A('a'); new A('b');",
        "(function (p) { probe(p) })('a'); (function () {})('b'); var f = (p) => p; probe('b');",
    ],
)
def test_a_parameter_is_what_its_calls_pass(code: str) -> None:
    assert text("a") in _probed(code)


def test_methods_may_be_called_from_out_of_sight() -> None:
    found = _probed("const o = { go(p) { probe(p) } }; o.go('a'); library.run(o);")
    assert text("a") in found
    assert UNKNOWN in found


def test_rest_parameters_and_arguments_hold_what_is_passed() -> None:
    assert Ref("fs") in _probed("((...all) => probe(all[0]))(require('fs'))")
    assert Ref("fs") in _probed("(function () { probe(arguments[0]) })(require('fs'))")


def test_callbacks_of_unknown_callers_get_anything() -> None:
    assert UNKNOWN in _probed("library.run((p) => probe(p));")


def _probed(code: str) -> tuple[object, ...]:
    from tests.analyse.javascript.test_evaluate import evaluator

    found = evaluator(code)
    call = next(n for n in found.program.order if n.type == "call_expression" and found.tree.text(n).startswith("probe("))
    return found.values(call.fields["arguments"].kids[0])


def test_defaults_count_too() -> None:
    assert text("d") in value_of("f()", "function f(p = 'd') { return p }")


@pytest.mark.parametrize(
    "code",
    [
        "function each(xs, f) { for (const x of xs) f(x) } each(['a'], (p) => probe(p));",
        "const memo = (f) => { return (...all) => f(...all) }; const read = memo((p) => probe(p)); read('a');",
        "const within = (base) => (p) => probe(p); within('x')('a');",
        "const within = (base) => (p) => probe(p); const src = within('x'); src('a');",
        "function f(p) { probe(p) } f('a'); module.exports = { f };",
        "function f({ p = 'a' } = {}) { probe(p) } f(); f({ q: 1 });",
        "function f({ p }) { probe(p) } f({ p: 'a' });",
        "function f(q, p = 'a') { probe(p) } f(1);",
    ],
)
def test_callbacks_given_back_functions_and_defaults_are_followed(code: str) -> None:
    assert _probed(code) == (text("a"),)


@pytest.mark.parametrize(
    "code",
    [
        "function each(xs, f) { keep(f) } each(['a'], (p) => probe(p));",
        "function each(xs, f) { arguments[1](x) } each(['a'], (p) => probe(p));",
        "function each(xs, f) { f('a') } each(...ys, (p) => probe(p));",
        "function each(xs, f = other) { f = f; f('a') } each(1, (p) => probe(p));",
        "const make = () => (p) => probe(p); make()('a'); keep(make);",
        "const make = () => (p) => probe(p); const go = make(); go('a'); keep(go);",
        "const make = async () => (p) => probe(p); make().then((go) => go(x)); (await make())('a');",
        "const make = () => (p) => probe(p); make()('a'); make.call()(x);",
        "function f(p) { probe(p) } f('a'); module.exports = { f }; module.exports.f(x);",
        "function f(p) { probe(p) } f('a'); exports.f = f; run(exports);",
        "function f({ p = 'a' } = {}) { probe(p) } f(x);",
        "function f({ p = 'a' } = {}) { probe(p) } f({ ...x });",
        "function f(q) { const { p = 'a' } = q; probe(p) } const o = {}; f(o); o.p = x;",
    ],
)
def test_what_is_not_followed_may_be_called_with_anything(code: str) -> None:
    assert UNKNOWN in _probed(code)
