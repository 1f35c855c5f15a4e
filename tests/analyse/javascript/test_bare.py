"""`this` of a function that is called by its bare name is the global object, wherever it goes."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of

GLOBAL = """
function go() { return [this] } go()[0].fetch("https://x.example/")
function go() { return { self: this } } go().self.process.exit()
function go() { const { t } = { t: this }; t.eval("1") } go()
let t; function go() { t = this } go(); const { require: r } = t; r("child_process")
const o = { g() { return this } }; const [f] = Object.values(o); f().fetch("https://x.example/")
function go() { return { ...this } } go().other()
function go() { return Object.entries(this) } go().map(([, f]) => f())
function go() { return [this] } go()[0].setTimeout("code()", 1)
function go(k) { return this[k]("https://x.example/") } go(process.argv[2])
"""

OWN = """
"use strict"; function go() { return [this] } go()[0].fetch("https://x.example/")
import x from "lodash"; function go() { return [this] } go()[0].fetch("https://x.example/")
class A { go() { return [this] } } new A().go()[0].fetch(1)
function Queue() { var self = this; self.process = function () { return self.items } } new Queue().process()
const o = { items: [], add(x) { this.items.push(x); return this } }; o.add(1).add(2)
function Node() { this.value = 1 } Node.prototype.all = function () { return Object.values(this) }; new Node().all()
function go() { return this.items } go()
"""


@pytest.mark.parametrize("code", GLOBAL.strip().splitlines())
def test_what_only_the_global_object_has_is_seen(code: str) -> None:
    assert "js-bare-this" in {effect.rule for effect in effects_of(code)}


@pytest.mark.parametrize("code", OWN.strip().splitlines())
def test_objects_of_the_program_are_none_of_that(code: str) -> None:
    assert "js-bare-this" not in {effect.rule for effect in effects_of(code)}
