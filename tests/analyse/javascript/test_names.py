"""What names and members can be: all that is assigned to them anywhere, libraries by one name, the globals."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Constant, Ref, Values, text
from guard.model import Kind
from tests.analyse.javascript.check import effects_of
from tests.analyse.javascript.test_evaluate import evaluator, value_of


def test_a_name_has_every_value_that_is_assigned_to_it() -> None:
    assert set(value_of("x", "let x = 'a'; if (c) x = 'b';")) == {text("a"), text("b")}


def test_shadowing_hides_the_library() -> None:
    assert value_of("fetch", "const fetch = 1;") == (Constant(1.0),)
    assert value_of("fetch") == (Ref("fetch"),)


def test_modules_have_one_canonical_name() -> None:
    for source in (
        "require('fs').readFile",
        "require('node:fs').promises.readFile",
        "require('fs/promises').readFile",
        "require('fs').readFileSync",
    ):
        assert value_of(source) == (Ref("fs.readFile"),)


def test_properties_of_unknown_objects_are_what_is_stored_under_the_name_anywhere() -> None:
    assert Ref("fetch") in value_of("thing.go", "other.go = fetch;")
    assert UNKNOWN in value_of("thing.go", "other.go = fetch;")


def test_of_several_objects_with_a_name_each_has_its_own_value() -> None:
    rows = "const rows = [{ p: 'a' }, { p: 'b' }];"
    assert value_of("rows[0].p", rows) == (text("a"),)
    for change in (
        "rows[0].p = x",
        "rows[0][k] = x",
        "Object.assign(rows[0], x)",
        "const f = Object.assign",
        "const { assign: f } = Object",
    ):
        assert UNKNOWN in value_of("rows[0].p", f"{rows} {change};"), change


def test_the_global_object_is_seen_through_its_names() -> None:
    for source in ("globalThis.fetch", "window['fet' + 'ch']", "self.window.fetch", "(function () { return this })().fetch"):
        assert Ref("fetch") in value_of(source), source


def test_what_is_stored_from_outside_is_in_an_object_of_the_program_too() -> None:
    code = "class A { p = 'a'; go() { return this.p } }"
    assert value_of("x.go()", f"{code} const x = new A();")[0] == text("a")
    assert UNKNOWN in value_of("x.go()", f"{code} const x = new A(); x.p = q;")
    assert UNKNOWN in value_of("x.go()", f"{code} const x = new A(); x[k] = q;")


def test_an_element_that_is_replaced_is_not_believed() -> None:
    assert UNKNOWN in value_of("list[0]", "const list = ['a']; list[0] = q;")
    assert UNKNOWN in value_of("list[0]", "const list = ['a']; list.unshift(q);")


UNTOUCHED = """\
Deno.readTextFile(process.argv[2] || "a")
const [, , f = "a"] = process.argv; Deno.readTextFile(f)
const args = process.argv.slice(2); Deno.readTextFile(args[0] ?? "a")
Deno.readTextFile(Deno.args[0] ?? "a")
""".splitlines()

GIVEN = """\
process.argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
process.argv.push("/etc/passwd"); Deno.readTextFile(process.argv[2] || "a")
const a = process.argv; a[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
const p = process; p.argv = [1, 2, "/etc/passwd"]; Deno.readTextFile(process.argv[2] || "a")
[process.argv[2]] = ["/etc/passwd"]; Deno.readTextFile(process.argv[2] || "a")
require("process").argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
import { argv } from "node:process"; argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
globalThis["pro" + "cess"]["ar" + "gv"][2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
const q = require("pro" + "cess"); Object.assign(q["ar" + "gv"], [1, 2, "/etc/passwd"]); Deno.readTextFile(process.argv[2] || "a")
const q = require("pro" + "cess"); Array.prototype.push.call(q["ar" + "gv"], "/etc/passwd"); Deno.readTextFile(process.argv[2] || "a")
""".splitlines()


@pytest.mark.parametrize("program", UNTOUCHED)
def test_a_program_of_the_box_is_started_without_arguments(program: str) -> None:
    assert {effect.resource.name.startswith("/home/dev/project/") for effect in effects_of(program)} == {True}


@pytest.mark.parametrize("program", GIVEN)
def test_arguments_that_a_program_gives_itself_are_not_believed(program: str) -> None:
    assert {effect.kind for effect in effects_of(program)} & {Kind.OPAQUE} or "/etc/passwd" in {
        e.resource.name for e in effects_of(program)
    }


def _this(code: str) -> Values:
    found = evaluator(code)
    call = next(n for n in found.program.order if n.type == "call_expression" and found.tree.text(n).startswith("probe("))
    return found.values(call.fields["arguments"].kids[0])


@pytest.mark.parametrize(
    "code",
    [
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { const n = {}; n[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a'; this.n = {} } go() { this.n[key] = x; probe(this.p) } }",
        "class A { constructor(private readonly p: string) {} go() { probe(this.p) } } new A('a')",
    ],
)
def test_a_field_of_an_instance_is_what_is_stored_under_its_name(code: str) -> None:
    assert _this(code) == (text("a"),)


@pytest.mark.parametrize(
    "code",
    [
        "class A { constructor() { this.p = 'a'; Object.assign(this, x) } go() { probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { this[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a'; this.n = {}; this.n = this } go() { this.n[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } } const a = new A(); a[key] = x;",
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } } Reflect.set(new A(), key, x);",
        "const o = { p: 'a', [key]: x, go() { probe(this.p) } };",
        "const o = { p: 'a', go() { probe(this.p) } }; o[key] = x;",
    ],
)
def test_a_field_that_may_be_stored_by_a_name_that_cannot_be_known_is_not_believed(code: str) -> None:
    assert UNKNOWN in _this(code)


GONE_THROUGH = r"""
const fs = require('fs'); const files = ['a', 'b']; for (let i = 0; i < files.length; i++) fs.readFileSync(files[i]);
const fs = require('fs'); for (const f of new Set(['a', 'b'])) fs.readFileSync(f);
const fs = require('fs'); const M = { a: 'x.json', b: 'y.json' }; for (const k in M) fs.readFileSync(M[k]);
const fs = require('fs'); const M = { a: 'x.json', b: 'y.json' }; for (const k in M) fs.readFileSync(M[k]);
const fs = require('fs'); const M = { a: 1, b: 2 }; for (const k in M) fs.readFileSync(`data/${k}.json`);
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); if (require.main === module) exports.load('a');
const fs = require('fs'); class A { constructor(f) { this.file = f } get data() { return fs.readFileSync(this.file) } get(k) { return this.data[k] } } console.log(new A('a').get('x'));
const fs = require('fs'); function T(file) { if (!(this instanceof T)) return new T(file); fs.readFileSync(file) } new T('a');
const fs = require('fs'); async function pool(items, fn) { let next = 0; while (next < items.length) { const i = next++; await fn(items[i]) } } pool(['a', 'b'], async (f) => fs.readFileSync(f));
const fs = require('fs'); const s = new Set(['a', 'b']); s.forEach((f) => fs.readFileSync(f)); console.log(s.size, s.has('a'));
""".strip().splitlines()

ADDED_TO = r"""
const fs = require('fs'); const files = ['a', 'b']; files.push(JSON.parse('1')); for (let i = 0; i < files.length; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const files = ['a', 'b']; files[5] = JSON.parse('1'); for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const files = ['a', 'b']; const g = files; g.push(JSON.parse('1')); for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const files = ['a', 'b']; Object.assign(files, JSON.parse('{}')); for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); Array.prototype[7] = JSON.parse('1'); const files = ['a', 'b']; for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); Object.prototype[7] = JSON.parse('1'); const files = ['a', 'b']; for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const files = ['a', 'b']; Object.setPrototypeOf(files, JSON.parse('1')); for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const files = ['a', 'b']; files.__proto__ = JSON.parse('1'); for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const t = ['a']; let i = 0; for (i of JSON.parse('["concat"]')) fs.readFileSync(t[i](JSON.parse('"/etc"')));
const t = ['a']; function g(i = 0) { return require('fs').readFileSync(t[i]) } g('x'); t.x = JSON.parse('1');
const fs = require('fs'); const t = ['a']; t.splice(0, 1, JSON.parse('1')); for (let i = 0; i < 2; i++) fs.readFileSync(t[i]);
const fs = require('fs'); const t = ['a']; t.fill(JSON.parse('1')); for (let i = 0; i < 2; i++) fs.readFileSync(t[i]);
const fs = require('fs'); const t = ['a'].map(() => JSON.parse('1')); for (let i = 0; i < 2; i++) fs.readFileSync(t[i]);
const fs = require('fs'); const t = ['a']; const ch = (x) => { x[0] = JSON.parse('1') }; ch(t); for (let i = 0; i < 2; i++) fs.readFileSync(t[i]);
const fs = require('fs'); const t = ['a']; [1].reduce((acc) => { acc[3] = JSON.parse('1'); return acc }, t); for (let i = 0; i < 4; i++) fs.readFileSync(t[i]);
const fs = require('fs'); const s = new Set(['a']); s.add(JSON.parse('1')); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); const s = new Set(['a']); const q = s; q.add(JSON.parse('1')); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); const s = new Set(['a']); load(s); function load(x) { x.add(JSON.parse('1')) } for (const f of s) fs.readFileSync(f);
const fs = require('fs'); const s = new Set(['a']); Set.prototype.add.call(s, JSON.parse('1')); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); const s = new Set(['a']); s.forEach((v, k, all) => { if (all.size < 9) all.add(JSON.parse('1')); fs.readFileSync(v) });
const fs = require('fs'); const s = new Set(JSON.parse('[]')); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); let s = new Set(['a']); s = new Set(JSON.parse('[]')); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); class Set { *[Symbol.iterator]() { yield JSON.parse('1') } } const s = new Set(['a']); for (const f of s) fs.readFileSync(f);
const fs = require('fs'); const Set = function () { return JSON.parse('[]') }; for (const f of new Set(['a'])) fs.readFileSync(f);
const fs = require('fs'); Set.prototype[Symbol.iterator] = function* () { yield JSON.parse('1') }; for (const f of new Set(['a'])) fs.readFileSync(f);
const fs = require('fs'); Set.prototype.forEach = function (f) { f(JSON.parse('1')) }; const s = new Set(['a']); s.forEach((f) => fs.readFileSync(f));
const fs = require('fs'); const s = new Set(['a']); s.forEach(function (f) { fs.readFileSync(this.f) }, JSON.parse('{}')); const q = { f: 'a' };
const fs = require('fs'); globalThis.Set = class { *[Symbol.iterator]() { yield JSON.parse('1') } }; for (const f of new Set(['a'])) fs.readFileSync(f);
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); const e = exports; e.load(JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); module.exports.load(JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); this.load(JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); exports['load'](JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); exports.load.call(null, JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); JSON.parse('[]').map(exports.load);
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); require(__filename).load(JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); Object.values(require.cache)[0].exports.load(JSON.parse('1'));
const fs = require('fs'); exports.load = (f) => fs.readFileSync(f); exports.load('a'); exports.go = exports.load; exports.go(JSON.parse('1'));
const fs = require('fs'); class A { constructor() { this.file = 'a' } get data() { return fs.readFileSync(this.file) } } Object.getOwnPropertyDescriptor(A.prototype, 'data').get.call(JSON.parse('1'));
const fs = require('fs'); class A { constructor() { this.file = 'a' } get data() { return fs.readFileSync(this.file) } } const { get } = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(new A())).data; get.call(JSON.parse('1'));
const fs = require('fs'); const A = { file: 'a', get data() { return fs.readFileSync(this.file) } }; Object.defineProperties(JSON.parse('{}'), Object.getOwnPropertyDescriptors(A)).data;
const fs = require('fs'); const A = { file: 'a', get data() { return fs.readFileSync(this.file) } }; const o = Object.create(A); Object.assign(o, JSON.parse('{}')); o.data;
const fs = require('fs'); class A { file = 'a'; get data() { return fs.readFileSync(this.file) } } class B extends A { constructor(o) { super(); for (const [k, v] of Object.entries(o)) this[k] = v } } new B(JSON.parse('{}')).data;
const fs = require('fs'); function C(file) { fs.readFileSync(file) } C[Symbol.hasInstance] = (x) => C(x); JSON.parse('"x"') instanceof C; C('a');
const fs = require('fs'); function C(file) { fs.readFileSync(file) } C.valueOf = C; C + JSON.parse('1'); C('a');
const fs = require('fs'); const M = JSON.parse('{}'); for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x' }; M[JSON.parse('1')] = 1; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x' }; M.a = JSON.parse('1'); for (const k in M) fs.readFileSync(M[k]);
const fs = require('fs'); const M = { a: 'x' }; Object.assign(M, JSON.parse('{}')); for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x' }; const N = M; N[JSON.parse('1')] = 1; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x' }; ch(M); function ch(o) { o[JSON.parse('1')] = 1 } for (const k in M) fs.readFileSync(k);
const fs = require('fs'); Object.prototype[JSON.parse('1')] = 1; const M = { a: 'x' }; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x', __proto__: JSON.parse('{}') }; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = Object.create(JSON.parse('{}')); M.a = 'x'; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); const M = { a: 'x', ...JSON.parse('{}') }; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); class A { x = 1 } const M = new A(); for (const k in M) fs.readFileSync(k); Object.assign(M, JSON.parse('{}'));
const _ = require('lodash'), fs = require('fs'); const M = { a: 'x' }; _.merge(M, JSON.parse('{}')); for (const k in M) fs.readFileSync(k);
const _ = require('lodash'), fs = require('fs'); const M = { a: 'x' }; _.set(M, JSON.parse('1'), 1); for (const k in M) fs.readFileSync(k);
const fs = require('fs'); Object.defineProperty(Object.prototype, JSON.parse('1'), { enumerable: true, value: 1 }); const M = { a: 'x' }; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); Object.getPrototypeOf({})[JSON.parse('1')] = 1; const M = { a: 'x' }; for (const k in M) fs.readFileSync(k);
const fs = require('fs'); Object.getPrototypeOf([])[7] = JSON.parse('1'); const files = ['a', 'b']; for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
const fs = require('fs'); const P = Object.getPrototypeOf([]); Object.defineProperties(P, JSON.parse('{}')); const files = ['a', 'b']; for (let i = 0; i < 9; i++) fs.readFileSync(files[i]);
""".strip().splitlines()
"""Each reads a path that came out of a file, or is outside."""


def places(program: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(program)}


@pytest.mark.parametrize("program", GONE_THROUGH)
def test_what_is_written_out_is_all_that_is_gone_through(program: str) -> None:
    assert places(program)
    assert all(name.startswith("/home/dev/project/") for name in places(program))


@pytest.mark.parametrize("program", ADDED_TO)
def test_what_something_else_was_added_to_may_hold_any_path(program: str) -> None:
    assert places(program) - {name for name in places(program) if name.startswith("/home/dev/project/")}
