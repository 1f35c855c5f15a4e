"""What changes builtins or globals that other code relies on is opaque; new members of builtins are a program's own."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

CHANGES = """
Array.prototype.map = function (f) { return [] }
Array.prototype["fil" + "ter"] = function (f) { return [] }
String.prototype.split = function () { return ["a"] }
Promise.prototype.then = function (f) { f(1) }
Promise.prototype.later = fetch
Function.prototype.call = function () {}
Function.prototype.mine = eval
Function.prototype.mine = function () { return this.constructor("return 1")() }
Object.assign(Array.prototype, { map(f) { return [] } })
Object.assign(Array.prototype, JSON.parse(text))
Object.assign(Array.prototype, { ...JSON.parse(text) })
Object.defineProperty(Array.prototype, "map", { value: (f) => [] })
Object.setPrototypeOf(Array.prototype, {})
globalThis.fetch = () => {}
fetch = () => {}
""".strip().splitlines()

OWN = """
String.prototype.reverse = function () { return this.split("").reverse().join("") }; console.log("abc".reverse())
String.prototype.map = function (f) { return [...this].map(f).join("") }; "abc".map((c) => c)
Array.prototype.trim = function () { return this.map((x) => x.trim()) }; [" a"].trim()
Number.prototype.repeat = function (f) { for (let i = 0; i < this; i++) f(i) }; (3).repeat((i) => console.log(i))
Object.assign(Array.prototype, { second() { return this[1] } }); console.log([1, 2].second())
Function.prototype.mine = function (x, ...a) { const f = this; return (...b) => f.apply(x, [...a, ...b]) }; ((a) => a).mine(null, 1)()
Promise.prototype.always = function (f) { return this.then((x) => { f(); return x }) }; Promise.resolve(1).always(() => {})
""".strip().splitlines()


@pytest.mark.parametrize("source", CHANGES)
def test_what_others_rely_on_is_not_changed_unseen(source: str) -> None:
    assert any(effect.kind is Kind.OPAQUE for effect in effects_of(source))


@pytest.mark.parametrize("source", OWN)
def test_a_new_method_of_a_builtin_is_the_programs_own(source: str) -> None:
    assert not effects_of(source)
