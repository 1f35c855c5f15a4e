"""Whose object `this` is: what a program stores in its own objects by name, or an object from elsewhere."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of

ELSEWHERE = [
    """\
var fs = require('fs'); var util = { inherits(C) { C(JSON.parse('1')) } };
function T(file) { this.file = file; fs.readFileSync(file) } util.inherits(T, 1); new T('a');
""",
    """\
var fs = require('fs'); function T(file) { this.file = file; } function B() {}
Object.assign(B.prototype, JSON.parse('{}')); require('util').inherits(T, B);
T.prototype.go = function () { delete this.file; fs.readFileSync(this.file) }; new T('a').go();
""",
    """\
var fs = require('fs'); function read(p) { return fs.readFileSync(p) } read('a');
(function () { var self = this; self.read(JSON.parse('1')); })();
""",
    """\
var fs = require('fs'); function read(p) { return fs.readFileSync(p) } read('a'); if (1) { self = this; } self.read(JSON.parse('1'));
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
A.prototype.read.call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
const j = JSON.parse(fs.readFileSync('x.json')); j.go = new A().read; j.go();
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
Object.setPrototypeOf(JSON.parse(fs.readFileSync('x.json')), A.prototype).read()
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
const j = JSON.parse(fs.readFileSync('x.json')); j.__proto__ = A.prototype; j.read();
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
({ ...JSON.parse(fs.readFileSync('x.json')), __proto__: A.prototype }).read();
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
({ ...JSON.parse(fs.readFileSync('x.json')), ...A.prototype }).read();
""",
    """\
const fs=require('fs'); function A(){ this.file='a' } A.prototype.read=function(){return fs.readFileSync(this.file)};
Object.assign(Object.create(A.prototype), JSON.parse(fs.readFileSync('x.json'))).read();
""",
    """\
const fs=require('fs'); const a = { file: 'a', read() { return fs.readFileSync(this.file) } };
a.read.call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); const a = { file: 'a', read() { return fs.readFileSync(this.file) } };
({ ...a, ...JSON.parse(fs.readFileSync('x.json')) }).read()
""",
    """\
const fs=require('fs'); const a = { file: 'a', read() { return fs.readFileSync(this.file) } };
Object.create(a, Object.getOwnPropertyDescriptors(JSON.parse(fs.readFileSync('x.json')))).read()
""",
    """\
const fs=require('fs'); const a = { file: 'a', read() { return fs.readFileSync(this.file) } };
Object.assign(Object.create(a), JSON.parse(fs.readFileSync('x.json'))).read()
""",
    """\
const fs=require('fs'); const o = {file: 'a'}; function read() { return fs.readFileSync(this.file) }
read.call(o); read.call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); const o = {file: 'a'}; function read() { return fs.readFileSync(this.file) }
read.bind(JSON.parse(fs.readFileSync('x.json')))()
""",
    """\
const fs=require('fs'); const o = {file: 'a'};
[1].map(function () { return fs.readFileSync(this.file) }, JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
new A().read.call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
A.prototype.read.call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
new A()['read'].call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
for (const k of Object.getOwnPropertyNames(A.prototype)) A.prototype[k].call(JSON.parse(fs.readFileSync('x.json')))
""",
    """\
const fs=require('fs'); class A { file='a'; read() { return fs.readFileSync(this.file) } }
class B extends A { constructor(o){ super(); return Object.assign(o, this) } }
new B(JSON.parse(fs.readFileSync('x.json'))).read()
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
class B { constructor() { return JSON.parse(fs.readFileSync('x.json')) } }
Reflect.construct(B, [], A).read()
""",
    """\
const fs=require('fs'); class B { constructor() { return JSON.parse(fs.readFileSync('x.json')) } }
class A extends B { constructor(){super(); this.file ??= 'a'} read() { return fs.readFileSync(this.file) } }
A.prototype.read.call(new A());
""",
    """\
const fs=require('fs'); const o={file:'a'}; const j = JSON.parse(fs.readFileSync('x.json')); j.go = function () { return fs.readFileSync(this.file) }; j.go();
""",
    """\
const fs=require('fs'); const o={file:'a'}; JSON.parse(fs.readFileSync('x.json'), function (k, v) { fs.readFileSync(this.file); return v; });
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
const k = 're' + 'ad'; const f = new A()[k]; f.call(JSON.parse(fs.readFileSync('x.json')));
""",
    """\
const fs=require('fs'); const a = { file: 'a', read() { return fs.readFileSync(this.file) } }; const j = JSON.parse(fs.readFileSync('x.json'));
for (const k in a) j[k] ??= a[k]; j.read();
""",
    """\
const fs=require('fs'); class A { constructor(){this.file='a'} read() { return fs.readFileSync(this.file) } }
const j = JSON.parse(fs.readFileSync('x.json')); setTimeout(new A().read.bind(j));
""",
    """\
var fs = require('fs'); var file = JSON.parse('"/etc/passwd"'); function C() { return fs.readFileSync(this.file) } const q = { file: 'a' }; C();
""",
    """\
var fs = require('fs'); function C() { this.file = 'a' } C.prototype.read = function () { return fs.readFileSync(this.file) }; C = class { file = JSON.parse('1') }; new C();
""",
]
"""Each gives a method an object whose `file` came out of a file."""

OWN = [
    """\
var fs = require('fs'); var util = require('util'); var E = require('events').EventEmitter;
function T(file) { E.call(this); this.file = file; } util.inherits(T, E);
T.prototype.go = function () { var self = this; fs.readFile(this.file, function (e, t) { self.emit('x', t) }) }; new T('a').go();
""",
    """\
var fs = require('fs'); function L(file) { this.file = file; this.n = {}; } L.prototype.read = function () { var self = this; fs.readFileSync(this.file, 'utf8').split('\\n').forEach(function (l) { self.n[l] = 1 }); return this; };
 console.log(new L('a.txt').read().n);
""",
    """\
var fs = require('fs'); function L(file) { this.file = file; } L.prototype = { constructor: L, read: function () { return fs.readFileSync(this.file, 'utf8') }, bytes() { return fs.statSync(this.file).size } };
console.log(new L('a.txt').read());
""",
    """\
var fs = require('fs'); function B(file) { this.file = file; } B.prototype.read = function () { return fs.readFileSync(this.file, 'utf8') };
function C(file) { B.call(this, file); } C.prototype = Object.create(B.prototype); C.prototype.constructor = C; C.prototype.lines = function () { return this.read().split('\\n') };
console.log(new C('a.txt').lines());
""",
    """\
const fs = require('fs'); class A { constructor(f) { this.file = f; this.read = this.read.bind(this) } read() { return fs.readFileSync(this.file) } } console.log(new A('a').read());
""",
    """\
const fs = require('fs'); const has = Object.prototype.hasOwnProperty; class A { constructor(f) { this.file = f } read() { return fs.readFileSync(this.file) } } console.log(has.call({}, 'x'), new A('a').read());
""",
    """\
const fs = require('fs'); const svc = { dir: 'data', load(n) { return JSON.parse(fs.readFileSync(`${this.dir}/a.json`)) } }; console.log(svc.load('a'));
""",
]


def places(program: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(program)}


@pytest.mark.parametrize("program", ELSEWHERE)
def test_a_method_that_gets_an_object_from_elsewhere_reads_what_that_says(program: str) -> None:
    assert "/" in places(program)


@pytest.mark.parametrize("program", OWN)
def test_a_method_of_what_the_program_makes_reads_what_was_stored_there(program: str) -> None:
    assert places(program)
    assert all(name.startswith("/home/dev/project/") for name in places(program))


OWN_CLASS = [
    "class V { constructor(x) { this.x = x } clone() { return new this.constructor(this.x) } with(f) { const C = this.constructor; return "
    "new C(f(this.x)) } } console.log(new V(1).clone().with((x) => x + 1).x)",
    "function V(x) { this.x = x } V.prototype.clone = function () { return new this.constructor(this.x) }; console.log(new V(1).clone().x)",
    "class V { eq(o, cb) { return cb(o.constructor === this.constructor) } } console.log(new V().eq(new V(), (x) => !x))",
    "function f(g) { return g(this.constructor.name) } export { f }",
    "class V { same(o, seen) { return seen.has(o.constructor) } } console.log(new V().same({}, new Set()), [1].map((x) => x))",
]
"""Programs in which the class of an object is looked at, compared and made anew."""


@pytest.mark.parametrize("program", OWN_CLASS)
def test_the_class_of_an_object_of_the_program_computes(program: str) -> None:
    assert effects_of(program) == ()
