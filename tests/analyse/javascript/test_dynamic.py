"""Ways to make a program unreadable are opaque; everyday code is not. (More: examples/dynamic.js, examples/pure.js.)"""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

OPAQUE = r"""
const e = eval; e("1")
[eval][0]("1")
const { eval: z } = globalThis; z("1")
Function.call(null, "return 1")()
(function () {}).constructor("x")()
Object.getPrototypeOf(async function () {}).constructor("x")()
const { constructor: { constructor: F } } = {}; F("x")()
const k = "constructor"; [][k][k]("x")()
const k = "rotcurtsnoc".split("").reverse().join(""); ({})[k][k]("x")()
const k = atob("Y29uc3RydWN0b3I="); ({})[k][k]("x")()
const k = names.map(decode).join(""); ({})[k][k]("x")()
Object.getOwnPropertyDescriptors(Function.prototype).constructor.value("x")()
for (const n of names) (() => {})[n]("x")
function g(o, k) { return o[k] } g(g({}, "constructor"), "constructor")("x")()
err.constructor?.constructor?.("return process")?.()
module.constructor._load("fs")
\u0065val("1")
glob\u0061lThis.eval("1")
Deno[Symbol.for("Deno.internal")].core
new (require("worker_threads").Worker)("x", { eval: true })
import(`./${name}.js`)
const text = require("lodash").join(parts); setTimeout(text, 1)
"""

EVERYDAY = r"""
const copy = new this.constructor(this.value)
const value = JSON.parse(text); const clone = new value.constructor()
const swap = (x, y) => y; if (a.constructor === b.constructor) swap(a, b)
const f = handlers[event.type]; f(event)
import { spy } from "jsr:@std/testing/mock"; const cb = spy(); setTimeout(cb, 1)
const save = require("lodash").debounce(f, 5); setTimeout(save, 1)
table[row][column] = table[row - 1][column]
const Type = { A: class {}, B: class {} }[name]; new Type()
const obj = JSON.parse(text); obj[method].apply(obj, args)
const object = JSON.parse(text); object.exec(pattern); /a/.exec(text)
const open = list[0].open, close = list[0].close; open(); close()
Object.getOwnPropertyNames(MyClass.prototype)
class A extends Array {} class E extends Error { constructor(m) { super(m); Object.setPrototypeOf(this, E.prototype); } }
Number.prototype.double = function () { return this * 2 }
const process = (x) => x + 1; process(1)
const fetch = require("lodash").noop; fetch("x")
"""


@pytest.mark.parametrize("code", OPAQUE.strip().splitlines())
def test_it_is_opaque(code: str) -> None:
    assert Kind.OPAQUE in {effect.kind for effect in effects_of(code)}


@pytest.mark.parametrize("code", EVERYDAY.strip().splitlines())
def test_it_is_everyday_code(code: str) -> None:
    assert effects_of(code) == ()


def test_text_that_reads_differently_from_what_it_is() -> None:
    for code in ("x = '\u202e'", "const f\u0435tch = 1; f\u0435tch", "const a\u200bb = 1; a\u200bb"):
        assert "js-hidden-text" in {effect.rule for effect in effects_of(code)} or "js-syntax" in {
            effect.rule for effect in effects_of(code)
        }


def test_other_languages_are_not_hidden_text() -> None:
    assert effects_of("const größe = 'Überraschung'; const имя = 'Привет'; console.log(größe, имя)") == ()


MEMBERS_OF_BUILTINS = """
Math.max = fetch; Math.max("http://e.example")
console.log = fetch; console.log("http://e.example")
Math["m" + "ax"] = fetch; Math.max("http://e.example")
const m = Math; m.max = fetch; Math.max("http://e.example")
[Math.max] = [fetch]; Math.max("http://e.example")
({ a: Math.max } = { a: fetch }); Math.max("http://e.example")
for (Math.max of [fetch]) Math.max("http://e.example")
Math.max &&= fetch; Math.max("http://e.example")
Object.assign(Math, { max: fetch }); Math.max("http://e.example")
Object.defineProperty(Math, "max", { get: () => fetch }); Math.max("http://e.example")
Math.max = () => fetch; Math.max()("http://e.example")
Math.max = () => ({ f: fetch }); Math.max().f("http://e.example")
String.prototype.send = fetch; "http://e.example".send()
function f() {} f.call = fetch; f.call("http://e.example")
""".strip().splitlines()


@pytest.mark.parametrize("code", MEMBERS_OF_BUILTINS)
def test_a_builtin_that_was_made_something_else_is_not_what_its_name_says(code: str) -> None:
    assert {effect.kind for effect in effects_of(code)} - {Kind.COMPUTE, Kind.ANSWER}


def test_a_builtin_that_is_replaced_by_what_only_computes_still_computes() -> None:
    code = "console.log = () => {}; Math.TAU = 2 * Math.PI; String.prototype.shout = function () { return this + '!' }; 'x'.shout()"
    assert {effect.kind for effect in effects_of(code)} <= {Kind.COMPUTE, Kind.ANSWER}


@pytest.mark.parametrize(
    "program",
    [
        "const { template } = require('lodash'); template('<%= 1 %>')()",
        "import template from 'lodash/template'; template('x')()",
        "const a = await window.ethereum.request({ method: 'eth_sendTransaction' })",
        "const e = document.createElement(['scr', 'ipt'].join('')); e.text = '1'",
        "Object.defineProperty(Array.prototype, 'map', { value() {} })",
        "Object.defineProperty(Array.prototype, JSON.parse(x), { value() {} })",
        "for (const k of ['toString', 'constructor']) (() => {})[k]('return 1')",
        "this.define = (a, f) => f(require('child_process')); define([], (cp) => cp.execSync('id'))",
        "globalThis.define = require('child_process').execSync; define('id')",
        "exports.go = require('child_process').exec; exports.go('id')",
        "exports.go = require('child_process').exec; const { go } = exports; go('id')",
        "const e = exports; e.go = eval; e.go('1')",
        "exports.valueOf = eval; exports + ''",
    ],
)
def test_doors_that_look_like_everyday_code_stay_shut(program: str) -> None:
    assert {effect.kind for effect in effects_of(program)} & {Kind.OPAQUE, Kind.PROC_EXEC}


@pytest.mark.parametrize(
    "program",
    [
        "const ul = document.createElement('ul'); ul.append(document.createElement('li'))",
        "if (!Array.prototype.last) Object.defineProperty(Array.prototype, 'last', { value() { return this[0]; } })",
        "console.log(['trim', 'toUpperCase'].map((m) => ' a '[m]()))",
        "(function (root, f) { if (typeof define === 'function' && define.amd) define(['exports'], f); else f((root.x = {})) })(self, (e) => { e.a = 1 })",
        "!function (e, t) { 'object' == typeof exports ? exports.slug = t() : e.slug = t() }(self, () => 1)",
        "const React = require('react'); module.exports = () => React.createElement('p', null, React.useState(0)[0])",
        "traverse(ast, { CallExpression(p) { console.log(p.node.callee.name) } }); function traverse(a, v) { v.CallExpression(a) }",
    ],
)
def test_everyday_code_is_let_through(program: str) -> None:
    assert effects_of(program) == ()


def test_a_timer_that_gets_a_function_is_no_way_to_run_text() -> None:
    programs = """\
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms)); await sleep(10)
const sleep = require("util").promisify(setTimeout); sleep(10).then(() => console.log(1))
const text = fs.readFileSync("a", "utf8"); setTimeout(() => console.log(text), 10)
function each(list, done) { setImmediate(done) } each(fs.readFileSync("a", "utf8").split("x"), () => console.log(1))
fs.promises.readFile("a").then(text => { setTimeout(next, text.length) }); function next() {}
""".splitlines()
    for program in programs:
        assert not [effect for effect in effects_of(program) if effect.kind is Kind.OPAQUE], program
