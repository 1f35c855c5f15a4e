"""The program's own `pipe` and `compose`: what the functions handed to them get."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of

KNOWN = [
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const report = pipe(read, (s) => s.length); console.log(report('a.txt'));
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
console.log(pipe(read, (s) => s.length)('a.txt'));
""",
    """\
const fs = require('fs'); function pipe(x, ...fns) { return fns.reduce((v, f) => f(v), x); } const read = (p) => fs.readFileSync(p, 'utf8');
console.log(pipe('a.txt', read, (s) => s.length));
""",
    """\
const fs = require('fs'); function compose(...fns) { return fns.reduceRight((prev, next) => (...args) => next(prev(...args))); } const load = (n) => fs.readFileSync('data/' + n);
console.log(compose((s) => s.length, String, load)('a.txt'));
""",
    """\
const fs = require('fs'); const compose = (...fns) => fns.reduce((f, g) => (...args) => f(g(...args))); const load = (n) => fs.readFileSync('data/' + n);
const go = compose((s) => s.length, String, load); go('a.txt');
""",
    """\
const fs = require('fs/promises'); const pipe = (...fns) => (x) => fns.reduce((p, f) => p.then(f), Promise.resolve(x)); const load = (n) => fs.readFile('data/' + n);
pipe(load, String)('a.txt').then(console.log);
""",
    """\
const fs = require('fs/promises'); const pipe = (...fns) => async (x) => fns.reduce(async (v, f) => f(await v), x); const load = async (n) => fs.readFile('data/' + n);
pipe(load, String)('a.txt').then(console.log);
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const at = (n) => `data/${n}.txt`; const read = (p) => fs.readFileSync(p, 'utf8');
console.log(pipe(at, read)('a'), pipe(at, read)('b'));
""",
    """\
import { readFileSync } from "node:fs";
const pipe = <A, B, C>(f: (a: A) => B, g: (b: B) => C) => (a: A): C => g(f(a));
const read = (p: string) => readFileSync(p, "utf8");
const lines = (s: string) => s.split("\\n");
const countLines = pipe(pipe(read, lines), xs => xs.length);
console.log(["a.txt", "b.txt"].map(countLines));
""",
    """\
import { readFileSync } from "node:fs";
type Fn = (x: any) => any;
const pipe = (...fns: Fn[]) => (x: any): any => fns.reduce((v, f) => f(v), x);
const read = (p: string) => readFileSync(p, "utf8");
console.log(["a.txt", "b.txt"].map(pipe(read, (s) => s.length)));
""",
    """\
const fs = require('fs'); const pipe = (f, g) => (a) => g(f(a)); const read = (p) => fs.readFileSync(p, 'utf8'); const lines = (s) => s.split('\\n');
const c = pipe(read, lines); console.log(['a.txt'].map(c));
""",
    """\
const fs = require('fs'); const pipe = (f, g) => (a) => g(f(a)); const read = (p) => fs.readFileSync(p, 'utf8'); const lines = (s) => s.split('\\n');
const c = pipe(pipe(read, lines), (x) => x.length); console.log(c('a.txt'));
""",
]

UNKNOWN = [
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const r = pipe(read); r('a.txt'); r('/etc/passwd');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read, JSON.parse, read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read, read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const r = pipe(read); JSON.parse(r('a.txt')).forEach(r);
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const o = { r: pipe(read) }; o.r('a'); o.r(JSON.parse('1'));
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduceRight((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read, JSON.parse)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => fns.reduce((f, g) => (...a) => f(g(...a))); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read, JSON.parse)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => fns.reduceRight((f, g) => (...a) => g(f(...a))); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read, JSON.parse)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => fns.reduceRight((f, g) => (...a) => f(g(...a))); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(JSON.parse, read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x) + fns[0](JSON.parse('1')); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x = JSON.parse('1')); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => (v = JSON.parse('1'), f(v)), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read)('a.txt');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v = JSON.parse('1'), f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read)();
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x = JSON.parse('1')) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(read)();
""",
    """\
const fs = require('fs'); let pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe = (f) => () => f(JSON.parse('1')); pipe(read)('a');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
Array.prototype.reduce = function (s, x) { return this[0](JSON.parse('1')) }; pipe(read)('a');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
pipe(...[JSON.parse], read)('"/etc/passwd"');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const g = pipe(read); g.call(null, JSON.parse('1'));
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
const g = pipe(read); setTimeout(g, 1, JSON.parse('1'));
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p) => fs.readFileSync(p, 'utf8');
Promise.resolve(JSON.parse('1')).then(pipe(read));
""",
    """\
const fs = require('fs'); const pipe = (f, g) => (a) => g(f(a)); const read = (p) => fs.readFileSync(p); const id = (x) => x;
const bad = pipe(pipe(JSON.parse, read), id); bad('"/etc/passwd"');
""",
    """\
const fs = require('fs'); const mk = (f) => (a) => f(a); const read = (p) => fs.readFileSync(p); const keep = []; const use = (h) => { keep.push(h) };
use(mk(read)); keep[0](JSON.parse('1'));
""",
    """\
const fs = require('fs'); const mk = (f) => (a) => f(a); const read = (p) => fs.readFileSync(p); const use = (h) => h(JSON.parse('1'));
use(mk(read));
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((p, f) => p.then(f), Promise.resolve(x)); const read = (p) => fs.readFileSync(p);
pipe(JSON.parse, read)('1');
""",
    """\
const fs = require('fs'); function* pipe(...fns) { return (x) => fns.reduce((v, f) => f(v), x) } const read = (p) => fs.readFileSync(p); pipe(read).next().value(JSON.parse('1'));
""",
    """\
const fs = require('fs'); var pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); var pipe = (f) => () => f(JSON.parse('1')); const read = (p) => fs.readFileSync(p); pipe(read)('a');
""",
    """\
const fs = require('fs'); function pipe(...fns) { fns.unshift(JSON.parse); return (x) => fns.reduce((v, f) => f(v), x) } const read = (p) => fs.readFileSync(p); pipe(read)('"/etc/passwd"');
""",
    """\
const fs = require('fs'); const pipe = (...fns) => (x) => fns.reduce((v, f) => f(v), x); const read = (p = JSON.parse('1')) => fs.readFileSync(p); pipe(read)();
""",
]
"""What comes out of a file, or another place, becomes a path."""


def places(program: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(program, language="typescript")}


@pytest.mark.parametrize("program", KNOWN)
def test_the_first_function_gets_the_value_and_each_other_what_the_one_before_gave(program: str) -> None:
    assert places(program)
    assert all(name.endswith(".txt") and name.startswith("/home/dev/project/") for name in places(program))


@pytest.mark.parametrize("program", UNKNOWN)
def test_a_function_that_may_get_something_else_reads_anything(program: str) -> None:
    assert places(program) & {"/", "/etc/passwd"}
