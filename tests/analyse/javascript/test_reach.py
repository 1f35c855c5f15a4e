"""Methods of the program's own objects and classes: what they are called with, where that can be told."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Text, text
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
