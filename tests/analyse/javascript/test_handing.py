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
@Deno.removeSync class A {}
const g = [].sort.call.call(function () { return this }); g.eval("1")
const o = [{["a" + "b"]: Deno.removeSync}].values().next().value; o.ab("f")
const o = {}; o["a" + "b"] = Deno.removeSync; const p = [o].values().next().value; p.ab("f")
class A { ["a" + "b"]() { return Deno.removeSync } } const f = new A().ab(); f("x")
class A { ["a" + "b"] = Deno.removeSync } new A().ab("x")
""".splitlines()

PROXIES = """\
const fs = require("fs"); const h = {get: () => fs.rmSync}; const p = new Proxy({}, h); p.x("f")
const fs = require("fs"); const p = new Proxy({}, {get: () => fs.rmSync}); p.x("f")
const fs = require("fs"); const p = new Proxy(fs, {}); p.rmSync("f")
const fs = require("fs"); const o = {f: fs.rmSync}; const p = new Proxy(o, {}); p.f("x")
const o = {d: Deno}; const p = new Proxy(o, {}); p.d.removeSync("x")
const o = {d: Deno}; const p = new Proxy(o, {get(t, k) { return Reflect.get(t, k) }}); p.d.foo("x")
const p = new Proxy(() => {}, {}); const k = JSON.parse(Deno.readTextFileSync("a.json")).k; p[k]("x")()
const p = new Proxy(() => {}, {}); p.constructor("return 1")()
const p = new Proxy(() => {}, {get: (t, k) => t[k]}); p["con" + "structor"]("return 1")()
const p = new Proxy(globalThis, {}); p.eval("1")
const p = new Proxy({}, {get(t, k, r) { Deno.removeSync(k) }}); p["x"]
const P = Proxy; const p = new P(Deno, {}); p.removeSync("x")
function f(g) { return Reflect.apply(g, null, ["x"]) } f(Deno.removeSync)
function f(g, k) { return Reflect.get(g, k) } f(Deno, "removeSync")("x")
function f(g, k) { return Reflect.get(g, k) } f(() => {}, "constructor")("return 1")()
const log = []; const wrap = o => new Proxy(o, { get(t, k, r) { const v = Reflect.get(t, k, r); log.push(k); return typeof v === "function" ? v.bind(t) : v } }); wrap(Deno).removeSync("x")
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


@pytest.mark.parametrize("program", [*LOST, *PROXIES])
def test_what_is_stored_and_lost_is_seen_where_it_was_named(program: str) -> None:
    assert kinds(NAME + program) - {"fs.read"}


@pytest.mark.parametrize("program", KEPT)
def test_what_stays_in_sight_is_no_more_than_it_does(program: str) -> None:
    assert kinds(program) == {"fs.read"}


HARMLESS = """\
const memo = new Map(); module.exports = function debounce(f, ms) { let t; return function () { const self = this, a = arguments; clearTimeout(t); t = setTimeout(function () { f.apply(self, a) }, ms) } }
(function (lib) { /* depends on the arguments */ lib.Node = function (data) { this.data = data }; lib.sort = (a, by) => by(a[0], a[1]) })(typeof window === "undefined" ? module.exports : window)
(function (root, make) { if (typeof exports === "object") module.exports = make(); else root.Lib = make() })(typeof self !== "undefined" ? self : this, function () { return { go: (f) => f(1) } })
const chain = { n: 1, add: function (x) { this.n += x; return this }, tap: function (f) { f(this); return this } }; console.log(chain.add(1).tap((x) => console.log(x)))
function Point(x) { Object.defineProperty(this, "x", { value: x }) } console.log(new Point(1).x)
var Cat = (function () { const all = new WeakMap(); function Cat(w) { Object.defineProperty(this, "w", { get() { return all.get(this) } }) } return Cat })(); console.log(new Cat(1).w)
function Later(f) { this.todo = []; f(this.done.bind(this)) } Later.prototype = { done: function () { for (const f of this.todo) f() }, then_: function (f) { this.todo.push(f); return this } }; new Later((d) => d()).then_(() => 1)
var Trie = function () { this.head = {}; this.put = function (node, c) { if (!node[c]) node[c] = {}; return node[c] } }; Trie.prototype.insert = function (w) { let n = this.head; for (const c of w) n = this.put(n, c) }; new Trie().insert("ab")
const at = JSON.parse("[0]")[0]; console.log([(x) => x + 1, (x) => x * 2][at](4))
const o = { x: 1 }; Reflect.set(o, "x", 2); console.log(Reflect.get(o, "x"), Reflect.getPrototypeOf(o) === Object.prototype, Reflect.apply(Math.max, null, [1, 2]), Reflect.construct(Date, [2020, 1]))
const log = []; const wrap = o => new Proxy(o, { get(t, k, r) { const v = Reflect.get(t, k, r); log.push(k); return typeof v === "function" ? v.bind(t) : v } }); const a = wrap({ add: (x, y) => x + y }); console.log(a.add(1, 2), log)
const neg = a => new Proxy(a, { get: (t, k) => t[k < 0 ? t.length + Number(k) : k] }); console.log(neg([1,2,3])[-1])
const v = new Proxy({}, { set(t, k, v) { if (k === "age" && !Number.isInteger(v)) throw new TypeError("age"); return Reflect.set(t, k, v) }, has: (t, k) => Reflect.has(t, k), deleteProperty(t, k) { return Reflect.deleteProperty(t, k) } }); v.age = 3; console.log("age" in v)
const counter = new Proxy(function f() { return 1 }, { apply(t, th, args) { counter.n = (counter.n || 0) + 1; return Reflect.apply(t, th, args) } }); console.log(counter(), counter.n)
""".splitlines()

WALKS = """\
const fs = require("fs"), path = require("path"); const walk = dir => { let out = []; for (const e of fs.readdirSync(dir, {withFileTypes: true})) { const p = path.join(dir, e.name); if (e.isDirectory()) out = out.concat(walk(p)); else out.push(p) } return out }; console.log(walk("./src"))
async function* walk(dir) { for await (const e of Deno.readDir(dir)) { const p = `${dir}/${e.name}`; if (e.isDirectory) yield* walk(p); else yield p } } for await (const f of walk("src")) console.log(f)
const fs = require("fs"), path = require("path"); function size(p) { const s = fs.statSync(p); return s.isDirectory() ? fs.readdirSync(p).reduce((t, n) => t + size(path.join(p, n)), 0) : s.size } console.log(size("data"))
""".splitlines()


@pytest.mark.parametrize("program", HARMLESS)
def test_what_stays_with_the_programs_own_objects_only_computes(program: str) -> None:
    assert kinds(program) == set()


@pytest.mark.parametrize("program", WALKS)
def test_a_folder_that_is_walked_through_stays_in_the_workspace(program: str) -> None:
    effects = effects_of(program)
    assert {str(effect.kind) for effect in effects} == {"fs.list"}
    assert all(effect.resource.name.startswith("/home/dev/project") for effect in effects)


def test_what_a_namespace_exports_is_found_by_its_name() -> None:
    effects = effects_of("namespace N { export const r = Deno.removeSync } N.r('x')", language="typescript")
    assert {(str(effect.kind), effect.resource.name) for effect in effects} >= {("fs.delete", "/home/dev/project/x")}
