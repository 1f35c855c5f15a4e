"""What is stored and then lost may be what is called."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of

NAME = 'const n = JSON.parse(Deno.readTextFileSync("a.json")).n;\n'

LOST = """\
class A { ["g" + "et"]() { return Deno } } new A().get()[n]("x")
const o = {set x(v) { v[n]("f") }}; o.x = Deno
class A { set x(v) { v[n]("f") } } new A().x = Deno
const o = {}; o.x = Deno; o[Object.keys(o)[0]][n]("f")
class A { static x = Deno } for (const k of Object.getOwnPropertyNames(A)) A[k][n]("f")
const a = {x: 1}; a.y = Deno; Object.values(a)[1][n]("f")
const a = {x: 1}; a.y = Deno; const b = {...a}; b[n][n]("f")
const a = {x: 1}; a.y = Deno; const {x, ...r} = a; r[n][n]("f")
const a = [1].map(x => Deno).values().next().value; a[n]("f")
const a = [2, Deno].sort(); a[0][n]("f")
const a = [Deno].entries(); for (const [i, d] of a) d[n]("f")
[Deno].forEach((_, i, a) => a[i][n]("f"))
const a = []; a[0] = Deno; a[0][n]("f")
const a = {}; for (a[n] of [Deno]) a[n][n]("f")
const a = {}; a.x ??= Deno; a[n][n]("f")
function A() { return Deno } const a = new A(); a[n]("f")
(function(d) { d[n]("f") }).call(null, Deno)
globalThis["z" + "z"] = Deno; zz[n]("f")
const f = Function.prototype.bind.call(Deno.removeSync, Deno, "f"); f()
const o = {toString: Deno.removeSync.bind(null, "f")}; o + ""
const o = {}; o.valueOf = Deno.removeSync.bind(Deno, "f"); +o
class O { toString = Deno.removeSync.bind(Deno, "f") } new O() + ""
const o = {then: Deno.removeSync}; await o
const o = {get: Deno.removeSync}; Object.defineProperty({}, "x", o).x
onerror = eval; throw "x=1"
class A extends (() => {}).constructor {}; new A("x")()
["return process"].map((() => {}).constructor)[0]()
function g() { return this } g()[n]("https://x")
const m = {d: Deno}; const lost = JSON.parse("{}"); lost.remove("f"); m
""".splitlines()

KEPT = """\
const {readTextFileSync: read} = Deno; console.log(read("a.txt"))
const read = Deno.readTextFileSync; console.log([1, 2].map(x => x + read("a.txt").length))
const io = {read: p => Deno.readTextFileSync("a.txt")}; console.log(io.read())
const io = {read: Deno.readTextFileSync}; console.log(io.read("a.txt").trim().split("\\n").map(l => l.length))
const later = f => f(); later(() => Deno.readTextFileSync("a.txt"))
const util = require("util"), fs = require("fs"); const read = util.promisify(fs.readFile); read("a.txt").then(t => console.log(t))
""".splitlines()


def kinds(program: str) -> set[str]:
    return {str(effect.kind) for effect in effects_of(program)}


@pytest.mark.parametrize("program", LOST)
def test_what_is_stored_and_lost_is_seen_where_it_was_named(program: str) -> None:
    assert kinds(NAME + program) - {"fs.read"}


@pytest.mark.parametrize("program", KEPT)
def test_what_stays_in_sight_is_no_more_than_it_does(program: str) -> None:
    assert kinds(program) == {"fs.read"}
