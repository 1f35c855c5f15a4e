"""Methods of the program's own objects and classes: what they are called with, where that can be told."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Text, text
from guard.model import Kind
from tests.analyse.javascript.check import effects_of
from tests.analyse.javascript.test_parameters import _probed

FOLLOWED = """\
const o = { go(p) { probe(p) } }; o.go('a');
const o = { go: (p) => probe(p) }; o.go('a');
const o = { go: function (p) { probe(p) } }; o.go?.('a');
const o = { go(p) { probe(p) }, all() { this.go('a') } }; o.all();
const o = { go(p) { probe(p) } }; ['a'].forEach(o.go);
const o = { go(p) { probe(p) } }; o.go.call(null, 'a');
const make = () => ({ go(p) { probe(p) } }); const o = make(); o.go('a');
function make() { return { go(p) { probe(p) } } } make().go('a');
const o = (() => { return { go(p) { probe(p) } } })(); o.go('a');
const o = { go(p) { probe(p) } }; function use(x) { x.go('a') } use(o);
class A { go(p) { probe(p) } } new A().go('a');
class A { go(p) { probe(p) } } const a = new A(); a.go('a'); console.log(a, a instanceof A);
class A { go(p) { probe(p); return this } } new A().go('a').go('a');
class A { static of() { return new A() } go(p) { probe(p) } } A.of().go('a');
class A { static go(p) { probe(p) } } A.go('a');
class A { #go(p) { probe(p) } all() { this.#go('a') } } new A().all();
class A { go = (p) => probe(p); } new A().go('a');
class A { constructor(x) { this.x = x } go(p) { probe(p) } } new A(1).go('a');
export class A { go(p) { probe(p) } } new A().go('a');
const A = class { go(p) { probe(p) } }; new A().go('a');
async function f() { function go(p) { probe(p) } go('a') }
class A { go(p) { probe(p) } } const a = c ? new A() : null; a?.go('a');
class A { go(p) { probe(p) } more() { return this.x ? new A() : null } } new A().more().go('a');
class A { go(p) { probe(p) } me() { return this.x = 1, this } } new A().me().go('a');
const o = { go(p) { probe(p) } }; (o ?? 1).go('a');
""".splitlines()


@pytest.mark.parametrize("program", FOLLOWED)
def test_a_method_of_what_stays_in_sight_gets_what_its_calls_pass(program: str) -> None:
    assert _probed(program) == (text("a"),)


LOST = """\
const o = { go(p) { probe(p) } }; o.go('a'); library(o);
const o = { go(p) { probe(p) } }; o.go('a'); o[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); const { go } = o; go(x);
const o = { go(p) { probe(p) } }; o.go('a'); Object.values(o)[0](x);
const o = { go(p) { probe(p) } }; o.go('a'); const c = { ...o }; c[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); const [c] = [o]; c[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); const c = { o }; c.o[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); o.valueOf()[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); const c = o.go; c(x);
const o = { go(p) { probe(p) } }; o.go('a'); o.go.bind(null)(x);
const o = { go(p) { probe(p) } }; o.go('a'); xs.forEach(o.go);
const o = { go(p) { probe(p) } }; o.go('a'); Reflect.get(o, key)(x);
const o = { go(p) { probe(p) } }; o.go('a'); with (o) { go(x) }
const o = { go(p) { probe(p) } }; o.go('a'); new Proxy(o, {}).go(x);
const o = { go(p) { probe(p) }, me() { return this } }; o.go('a'); const c = o.me; c.call(o)[key](x);
const o = { go(p) { probe(p) }, me() { return this[key](x) } }; o.go('a'); o.me();
const o = { go(p) { probe(p) }, get me() { return this } }; o.go('a'); o.me[key](x);
const o = { set go(p) { probe(p) } }; o.go = x;
const o = { toString(p) { probe(p) } }; o.toString('a');
const o = { go(p) { probe(p) }, f }; function f() { this[key](x) } o.go('a'); o.f();
const o = { go(p) { probe(p) } }; o.f = g; function g() { this[key](x) } o.go('a'); o.f();
const o = { ...base, go(p) { probe(p) } }; o.go('a');
const o = { go(p) { probe(p); arguments[0] = 'b' } }; o.go('a');
var o = { go(p) { probe(p) } }; o.go('a'); globalThis.o.go(x);
let o = { go(p) { probe(p) } }; o.go('a'); const c = o ?? 1; c[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); const c = y ? o : 1; c[key](x);
const o = { go(p) { probe(p) } }; o.go('a'); library(y && o);
const o = { go(p) { probe(p) } }; o.go('a'); let c; c = (1, o); c[key](x);
class A { go(p) { probe(p) } me() { return this || null } } new A().go('a'); new A().me()[key](x);
const make = () => ({ go(p) { probe(p) } }); const o = make(); o.go('a'); register(make);
const make = async () => ({ go(p) { probe(p) } }); (await make()).go('a'); make().then((m) => m[key](x));
function make() { return { go(p) { probe(p) } } } make().go('a'); make.call(null)[key](x);
function* make() { yield { go(p) { probe(p) } } } for (const o of make()) { o.go('a'); o[key](x) }
const o = { go(p) { probe(p) } }; function use(x) { x[key](y) } use(o); o.go('a');
const o = { go(p) { probe(p) } }; function use() { arguments[0][key](y) } use(o); o.go('a');
const o = { go(p) { probe(p) } }; function use(...all) { all[0][key](y) } use(o); o.go('a');
const o = { go(p) { probe(p) } }; function use(x, y) { y[key](x) } use(...[1], o); o.go('a');
class A { go(p) { probe(p) } } new A().go('a'); A.prototype.go(x);
class A { go(p) { probe(p) } } new A().go('a'); new A().constructor.prototype[key](x);
class A { go(p) { probe(p) } } class B extends A { all() { this[key](x) } } new A().go('a'); new B().all();
class A extends Base { go(p) { probe(p) } } new A().go('a');
class A { go(p) { probe(p) } } new A().go('a'); const a = [new A()]; a[0][key](x);
class A { go(p) { probe(p) } } new A().go('a'); export default A; library(A);
class A { constructor() { all.push(this) } go(p) { probe(p) } } new A().go('a'); all[0][key](x);
class A { @wrap go(p) { probe(p) } } new A().go('a');
namespace N { export const o = { go(p) { probe(p) } }; o.go('a') } N.o.go(x);
{ function f(p) { probe(p) } f('a') } f(x);
function f(s, p) { probe(p) } f`${x}`;
""".splitlines()


@pytest.mark.parametrize("program", LOST)
def test_a_method_of_what_goes_out_of_sight_may_be_called_with_anything(program: str) -> None:
    assert any(value == UNKNOWN or (isinstance(value, Text) and not value.complete) for value in _probed(program))


ELSEWHERE = """\
function f(p) { return fs.readFileSync(p) } f('a'); globalThis.f(x);
function f(p) { return fs.readFileSync(p) } f('a'); this.f(x);
function f(p) { return fs.readFileSync(p) } f('a'); globalThis['f'](x);
function f(p) { return fs.readFileSync(p) } f('a'); const g = globalThis; g.f(x);
function f(p) { return fs.readFileSync(p) } f('a'); const {f: h} = globalThis; h(x);
function f(p) { return fs.readFileSync(p) } f('a'); exports.f = f; this.f(x);
function f(p) { return fs.readFileSync(p) } f('a'); (function () { this.f(x) })();
function f(p) { return fs.readFileSync(p) } f('a'); eval('f("/etc/passwd")');
function f(p) { return fs.readFileSync(p) } f('a'); setTimeout(f, 1, '/etc/passwd');
function f(p) { return fs.readFileSync(p) } f('a'); [x].forEach(f);
function f(p) { return fs.readFileSync(p) } f('a'); Promise.resolve(x).then(f);
function f(p) { return fs.readFileSync(p) } f('a'); new Map([[1, f]]).get(1)(x);
function f(p) { return fs.readFileSync(p) } f('a'); f.call(null, x);
function f(p) { return fs.readFileSync(p) } f('a'); f?.(x);
function f(p) { return fs.readFileSync(p) } f('a'); (0, f)(x);
function f(p) { return fs.readFileSync(p) } f('a'); (x || f)(y);
function f(p) { return fs.readFileSync(p) } f('a'); const g = f; g(x);
function f(p) { return fs.readFileSync(p) } f('a'); f.self = f; f.self(x);
function f(p) { return fs.readFileSync(p) } f('a'); Function.prototype.z = function () { this(x) }; f.z();
function f(p) { return fs.readFileSync(p) } f('a'); xs.sort(f);
function f(p) { return fs.readFileSync(p) } f('a'); 'x'.replace(/x/, f);
function f(p) { return fs.readFileSync(p) } f('a'); JSON.parse(x, f);
function f(p) { return fs.readFileSync(p) } f('a'); emitter.on('x', f);
function f(p) { return fs.readFileSync(p) } f('a'); f`${x}`;
function f(p) { p = p + x; return fs.readFileSync('/' + p) } f('a');
function f(p) { if (x) { p = x } return fs.readFileSync(p) } f('a');
function f(p) { [p] = [x]; return fs.readFileSync(p) } f('a');
function f(p) { for (p of x) fs.readFileSync(p) } f('a');
function f(...a) { return fs.readFileSync(a[0]) } f('a'); f(x);
function f({ p }) { return fs.readFileSync(p) } f({ p: 'a' }); f(x);
function f({ p }) { return fs.readFileSync(p) } f({ p: 'a' }); f({ p: x });
function f({ p }) { return fs.readFileSync(p) } f({ p: 'a' }); f({ ['p']: x });
function f({ p }) { return fs.readFileSync(p) } f({ p: 'a', [k]: x });
function f({ p }) { return fs.readFileSync(p) } f({ p: 'a', ...x });
function f({ p }) { return fs.readFileSync(p) } f(Object.assign({ p: 'a' }, x));
function f({ p = 'a' }) { return fs.readFileSync(p) } f({ get p() { return x } });
function f({ p = 'a' }) { return fs.readFileSync(p) } f({ __proto__: { p: x } });
function f({ p = 'a' }) { return fs.readFileSync(p) } Object.prototype.p = x; f({});
function f(o) { o.p = x; const { p } = o; return fs.readFileSync(p) } f({ p: 'a' });
function f(o) { g(o); return fs.readFileSync(o.p) } function g(o) { o.p = x } f({ p: 'a' });
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const { r } = o; r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); o.r.apply(o, [x]);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); o['r'](x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); for (const k in o) o[k](x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); setTimeout(o.r, 1, x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const q = Object.create(o); q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const q = { __proto__: o }; q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); export default o;
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); globalThis.o = o; globalThis.o.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); function h() { return o } h().r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const h = () => o; h()[k](x);
const o = { r(p) { return fs.readFileSync(p) }, s() { const t = this; t[k](x) } }; o.r('a'); o.s();
const o = { r(p) { return fs.readFileSync(p) }, s() { return () => this } }; o.r('a'); o.s()()[k](x);
const o = { r(p) { return fs.readFileSync(p) }, s() { const { r } = this; r(x) } }; o.r('a'); o.s();
const o = { r(p) { return fs.readFileSync(p) }, s() { super.r?.(x); g(this) } }; o.r('a'); function g(z) { z[k](x) } o.s();
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); try { throw o } catch (e) { e.r(x) }
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); label: for (const q of [o]) q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); let q; q = o; q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const q = x ? o : 1; q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); const q = (0, o); q.r(x);
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); o.r = o.r; const z = o.r; z(x);
const o = { r(p) { return fs.readFileSync(p) }, t: 1 }; o.r('a'); o.t = function () { this[k](x) }; o.t();
const o = { r(p) { return fs.readFileSync(p) } }; o.r('a'); Object.defineProperty(o, 'q', { get() { return this } }); o.q[k](x);
class A { r(p) { return fs.readFileSync(p) } } new A().r('a'); const a = new A(); a[k](x);
class A { r(p) { return fs.readFileSync(p) } } new A().r('a'); const m = new Map([[1, new A()]]); m.get(1).r(x);
class A { r(p) { return fs.readFileSync(p) } } new A().r('a'); const as = [1].map(() => new A()); as[0].r(x);
class A { r(p) { return fs.readFileSync(p) } } new A().r('a'); class B { constructor(a) { this.a = a } go() { this.a.r(x) } } new B(new A()).go();
class A { r(p) { return fs.readFileSync(p) } } new A().r('a'); class B { a = new A(); go() { this.a.r(x) } } new B().go();
class A { static r(p) { return fs.readFileSync(p) } } A.r('a'); new A().constructor.r(x);
class A { static r(p) { return fs.readFileSync(p) } } A.r('a'); class B extends A {} B.r(x);
class A { static r(p) { return fs.readFileSync(p) } } A.r('a'); const C = A; C.r(x);
class A { static r(p) { return fs.readFileSync(p) } m() { new.target } } A.r('a'); g(A); function g(c) { c[k](x) }
class A { constructor(p) { this.p = p } r() { return fs.readFileSync(this.p) } } new A('a').r(); new A(x).r();
class A { constructor(p) { this.p = p } r() { return fs.readFileSync(this.p) } } new A('a').r(); const B = A; new B(x).r();
class A { constructor(p) { this.p = p } r() { return fs.readFileSync(this.p) } } new A('a').r(); Reflect.construct(A, [x]).r();
class A { constructor(p) { this.p = p } r() { return fs.readFileSync(this.p) } } new A('a').r(); [x].map(p => new A(p).r());
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const a = new A(); a.p = x; a.r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const a = new A(); a['p'] = x; a.r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const a = new A(); a[k] = x; a.r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } A.prototype.r.call({ p: x });
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const { r } = new A(); r.call(x);
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } new A().r.call({ p: x });
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const o = { p: x, r: new A().r }; o.r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } const o = { ...x, r: new A().r }; o.r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } class B extends A { constructor() { super(); Object.assign(this, x) } } new B().r();
class A { p = 'a'; r() { return fs.readFileSync(this.p) } } class B extends A { p = x } new B().r();
class A { static p = 'a'; } Object.assign(A, x); fs.readFileSync(A.p);
class A { static p = 'a'; static s(v) { this.p = v } } A.s(x); fs.readFileSync(A.p);
class A { static p = 'a'; } A['p'] = x; fs.readFileSync(A.p);
const h = require('path').basename(x); fs.readFileSync(h);
const make = d => n => fs.readFileSync(d + n); make('a/')('b'); make('/etc/')('passwd');
const make = d => n => fs.readFileSync(n); const g = make(1); g('b'); let h = g; h(x);
const make = d => n => fs.readFileSync(n); let g = make(1); g('b'); g = make; g(1)(x);
const each = (xs, f) => { for (const y of xs) f(y) }; each(['a'], p => fs.readFileSync(p)); each([x], p => fs.readFileSync(p));
const each = (xs, f) => { const g = f; g(x) }; each(['a'], p => fs.readFileSync(p));
const each = (xs, f) => { setTimeout(f, 1, x) }; each(['a'], p => fs.readFileSync(p));
const each = (xs, f) => { f.call(null, x) }; each(['a'], p => fs.readFileSync(p));
const each = (xs, f) => { f = 1; }; each(['a'], p => fs.readFileSync(p));
const each = (xs, ...f) => { f[0](x) }; each(['a'], p => fs.readFileSync(p));
const each = (xs, { f }) => { f(x) }; each(['a'], { f: p => fs.readFileSync(p) });
const o = { a: 'x' }; o.b = '/etc/passwd'; for (const k of Object.keys(o)) fs.readFileSync(o[k]);
const o = { a: 'x' }; o.b = '/etc/passwd'; for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; o.b = '/etc/passwd'; for (const [, k] of Object.entries(o)) fs.readFileSync(k);
const o = { a: 'x' }; o['b'] = '/etc/passwd'; for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; const q = o; q.b = '/etc/passwd'; for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; f(o); function f(z) { z.b = '/etc/passwd' } for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; f(o); function f(z) { z.a = '/etc/passwd' } for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; ({ b: o.b } = { b: '/etc/passwd' }); for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; o.b ??= '/etc/passwd'; for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x' }; for (o.b of ['/etc/passwd']); for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x', get b() { return '/etc/passwd' } }; for (const k of Object.values(o)) fs.readFileSync(k);
const o = { a: 'x', b: 1 }; o.b = '/etc/passwd'; const { b } = o; fs.readFileSync(b);
const o = { a: 'x' }; o.b = '/etc/passwd'; const c = { ...o }; for (const k of Object.values(c)) fs.readFileSync(k);
const o = { a: 'x' }; o.b = '/etc/passwd'; fs.readFileSync(o[Object.keys(o)[1]]);
class P { constructor(p) { fs.readFileSync(p) } } class Q extends P { } new P('a'); new Q(x);
class P { constructor(p) { fs.readFileSync(p) } } class Q extends P { constructor() { super(x) } } new P('a'); new Q();
class P { constructor(p) { fs.readFileSync(p) } } class Q extends P { } class R extends Q { constructor() { super(x) } } new P('a'); new R();
class P { constructor(p) { fs.readFileSync(p) } } const Q = class extends P { }; new P('a'); new Q(x);
class P { constructor(p) { fs.readFileSync(p) } } const m = (B) => class extends B { }; new P('a'); new (m(P))(x);
class P { constructor(p) { fs.readFileSync(p) } } class Q extends P { constructor(...a) { super(...a) } } new P('a'); new Q(x);
class P { constructor(p) { fs.readFileSync(p) } } class Q extends P { static make(z) { return new this(z) } } new P('a'); Q.make(x);
class P { constructor(p) { fs.readFileSync(p) } clone(z) { return new this.constructor(z) } } new P('a').clone(x);
class P { constructor(p) { fs.readFileSync(p) } static make(z) { return new this(z) } } P.make(x);
class P { constructor(p) { fs.readFileSync(p) } static make(z) { return new this(z) } } new P('a'); P.make(x);
class P { constructor(p) { fs.readFileSync(p) } } new P('a'); const { P: Z } = { P }; new Z(x);
class P { constructor(p) { fs.readFileSync(p) } } new P('a'); const a = new P('b'); new a.constructor(x);
class P { constructor(p) { fs.readFileSync(p) } } new P('a'); Object.getPrototypeOf(new P('b')).constructor; new (Object.getPrototypeOf(new P('b')).constructor)(x);
const base = { r(p) { fs.readFileSync(p) } }; base.r('a'); const d = { ...base }; d[k](x);
const base = { r(p) { fs.readFileSync(p) } }; base.r('a'); const d = { ...base, s() { this[k](x) } }; d.s();
const base = { r(p) { fs.readFileSync(p) } }; base.r('a'); const d = { ...base, s: function () { return this } }; d.s()[k](x);
const base = { r(p) { fs.readFileSync(p) } }; base.r('a'); const d = [{ ...base }]; d[0][k](x);
const base = { r(p) { fs.readFileSync(p) } }; base.r('a'); g({ ...base }); function g(z) { z[k](x) }
function rec(f, n) { if (n) rec(f, n - 1); else f(x) } rec(p => fs.readFileSync(p), 3);
function rec(f, n) { if (n) rec(q => f(x), n - 1); else f('a') } rec(p => fs.readFileSync(p), 3);
export function h(p) { fs.readFileSync(p) } h('a'); [x].map(h);
""".splitlines()


@pytest.mark.parametrize("program", ELSEWHERE)
def test_a_path_that_comes_another_way_is_seen(program: str) -> None:
    before = "const fs = require('fs'); const x = JSON.parse(fs.readFileSync('in.json')); const k = x.k, y = x.y;\n"
    reads = [effect for effect in effects_of(before + program) if effect.span and effect.span.line > 1 and effect.kind is not Kind.COMPUTE]
    assert any(effect.kind is Kind.OPAQUE or not effect.resource.name.startswith("/w/") for effect in reads)
