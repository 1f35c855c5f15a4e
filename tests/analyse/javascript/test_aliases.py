"""Arrays and objects that change under another name."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

CHANGED = """\
const ps = ["a"]; const q = ps; q.push("/etc/passwd"); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; (x => x.push("/etc/passwd"))(ps); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; const o = {ps}; o.ps.push("/etc/passwd"); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; Array.prototype.push.call(ps, "/etc/passwd"); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; const q = ps; q[0] = "/etc/passwd"; Deno.readTextFile(ps[0])
const ps = ["a"]; Object.assign(ps, ["/etc/passwd"]); Deno.readTextFile(ps[0])
const ps = ["a"]; [ps[0]] = ["/etc/passwd"]; Deno.readTextFile(ps[0])
const ps = ["a"]; function f(x) { x[0] = "/etc/passwd" } f(ps); Deno.readTextFile(ps[0])
const c = {p: "a"}; d(c, "p"); function d(x, k) { x[k] = "/etc/passwd" } Deno.readTextFile(c.p)
const u = new URL("file:///ws/a"); u.pathname = "/etc/passwd"; Deno.readTextFile(u)
Deno.readTextFile(new URL("/etc/passwd", import.meta.url))
for (const k in {"../../x": 1, ...q}) Deno.readTextFile("data/" + k)
const m = JSON.parse('{"a": "../../x"}'); Deno.readTextFile("data/" + m.a)
const f = (...p) => Deno.readTextFile("data/" + p.join("/")); f("..", "..", "x")
const ps = ["a"]; const id = (x) => x; const q = id(ps); q.push("/etc/passwd"); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; const q = ps.sort(); q.push("/etc/passwd"); for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; const q = Object.freeze(ps); q[0] = "/etc/passwd"; for (const p of ps) Deno.readTextFile(p)
const ps = ["a"]; const q = await Promise.resolve(ps); q[0] = "/etc/passwd"; for (const p of ps) Deno.readTextFile(p)
const o = {ps: ["a"]}; o.ps.push("/etc/passwd"); for (const p of o.ps) Deno.readTextFile(p)
const o = {ps: ["a"]}; o.ps[0] = "/etc/passwd"; Deno.readTextFile(o.ps[0])
const o = {ps: ["a"]}; const {ps} = o; ps.push("/etc/passwd"); for (const p of o.ps) Deno.readTextFile(p)
const o = {ps: ["a"]}; const g = () => o.ps; const q = g(); q.push("/etc/passwd"); for (const p of o.ps) Deno.readTextFile(p)
class A { ps = ["a"]; add(x) { this.ps.push(x) } go() { for (const p of this.ps) Deno.readTextFile(p) } } new A().add("/etc/passwd")
""".splitlines()

KEPT = """\
const ps = ["a", "b"]; const out = []; for (const p of ps) out.push(Deno.readTextFileSync(p)); console.log(out)
const c = {p: "a"}; const seen = {}; seen[Math.random()] = 1; Deno.readTextFile(c.p)
for (const k of ["x", "y"]) Deno.readTextFile("data/" + k); console.log([...[1, 2]])
const ps = ["a", "b"]; const q = ps.map((p) => p + "c"); q.push("d"); for (const p of ps) Deno.readTextFile(p)
const o = {ps: ["a"], out: []}; for (const p of o.ps) o.out.push(Deno.readTextFile(p))
""".splitlines()


def resources(program: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(program)}


@pytest.mark.parametrize("program", CHANGED)
def test_a_path_that_changes_under_another_name_is_not_believed(program: str) -> None:
    assert resources(program) & {"", "/", "/etc/passwd"}


@pytest.mark.parametrize("program", KEPT)
def test_a_path_that_nothing_changes_is_known(program: str) -> None:
    assert {name.startswith("/home/dev/project/") for name in resources(program)} == {True}


METHODS = """\
const id = (x) => x; const o = id({ method: "GET", path: "/a" }); o["meth" + "od"] = "DELETE"; await cloudflare.request(o)
const o = Object.freeze({ method: "GET", path: "/a" }); o[k] = "DELETE"; await cloudflare.request(o)
const o = structuredClone({ method: "GET", path: "/a" }); o[k] = "DELETE"; await cloudflare.request(o)
const os = [{ method: "GET", path: "/a" }]; os[0][k] = "DELETE"; await cloudflare.request(os[0])
const os = [{ method: "GET", path: "/a" }]; for (const o of os) o[k] = "DELETE"; await cloudflare.request(os[0])
const os = { a: { method: "GET", path: "/a" } }; os.a[k] = "DELETE"; await cloudflare.request(os.a)
const f = () => ({ method: "GET", path: "/a" }); const o = f(); o[k] = "DELETE"; await cloudflare.request(o)
const [o] = [{ method: "GET", path: "/a" }]; o[k] = "DELETE"; await cloudflare.request(o)
const os = [{ method: "GET", path: "/a" }]; Object.assign(os[0], JSON.parse("{}")); await cloudflare.request(os[0])
const os = [{ method: "GET", path: "/a" }]; const f = Object.assign; f(os[0], JSON.parse("{}")); await cloudflare.request(os[0])
const os = [{ method: "GET", path: "/a" }]; const { merge: f } = _; f(os[0], JSON.parse("{}")); await cloudflare.request(os[0])
const o = { method: "GET", path: "/a" }; Object.assign.call(null, o, JSON.parse("{}")); await cloudflare.request(o)
const o = { method: "GET", path: "/a", ...{ [k]: "DELETE" } }; await cloudflare.request(o)
const o = { method: "DELETE", path: "/a", ...(k ? { method: "GET" } : {}) }; await cloudflare.request(o)
const o = { method: "GET", path: "/a", __proto__: JSON.parse("{}") }; delete o.method; await cloudflare.request(o)
const c = { methods: ["GET"] }; c.methods.push("DELETE"); for (const method of c.methods) await cloudflare.request({ method, path: "/a" })
const t = [["GET", "/a"]]; t[0][0] = "DELETE"; for (const [method, path] of t) await cloudflare.request({ method, path })
""".splitlines()


@pytest.mark.parametrize("program", METHODS)
def test_a_request_that_changes_under_another_name_is_not_believed(program: str) -> None:
    found = effects_of("async () => { const k = JSON.parse(accountId); " + program + " }", profile="cloudflare")
    assert Kind.TOOL_DESTRUCTIVE in {effect.kind for effect in found}


def test_a_request_beside_something_that_changes_is_believed() -> None:
    program = "const out = {}; for (const k of ids) out[k] = await cloudflare.request({ method: 'GET', path: '/a' }); return out"
    found = effects_of("async () => { const ids = ['a', 'b']; " + program + " }", profile="cloudflare")
    assert {effect.kind for effect in found} == {Kind.TOOL_READ}
