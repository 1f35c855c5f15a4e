"""References to something effectful stay in sight, or are said to be lost."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

HIDING = """
import * as f from "fs"; const g = {...f}; g.unlinkSync("a")
const f = require("fs"); Object.entries(f)[0][1]("a")
const f = require("fs"); for (const k in f) f[k]("a")
const m = new Map([["x", require("fs")]]); m.get("x").unlink("a", () => {})
const s = new Set([require("fs")]); for (const x of s) x.unlink("a")
const a = []; a.push(require("fs")); a[0].unlink("a")
new Promise((r) => r(require("fs"))).then((f) => f.unlink("x"))
try { throw require("fs") } catch (f) { f.unlink("x") }
function* g() { yield require("fs") } g().next().value.unlink("x")
const t = (s, f) => f.unlink("x"); t`${require("fs")}`
const o = {}; o[k] = require("fs"); o.f.unlink("x")
const o = {}; Object.defineProperty(o, "f", { value: require("fs") }); o.f.unlink("x")
(function f() { this.rm("x") }).call(require("fs"))
Array.prototype.forEach.call([require("fs")], (f) => f.rm("x"))
setTimeout(require("fs").unlinkSync, 0, "x")
process.on("exit", require("fs").unlinkSync)
class X extends WebSocket {}
new Proxy(require("fs"), {}).rmSync("x")
console.log(process)
"""


@pytest.mark.parametrize("code", HIDING.strip().splitlines())
def test_no_way_of_passing_it_around_loses_it(code: str) -> None:
    reads = {Kind.FS_READ, Kind.FS_LIST}
    assert {effect.kind for effect in effects_of(code)} - reads


def test_more_effects_than_anybody_reads_end_in_opaque() -> None:
    effects = effects_of("fetch('https://a.example');\n" * 2000)
    assert effects[-1].rule == "js-too-large" or "js-too-large" in {effect.rule for effect in effects}
    assert len(effects) < 1100


@pytest.mark.parametrize(
    "code",
    [
        "async () => codemode.close_issue({ number: 1 })",
        "const t = await tasks.list({}); await tasks.delete(t[0].id);",
        "async function run(client) { await client.zones.delete('z') }",
        "cloudflare.request({ method: 'DELETE', path: '/zones/z' })",
    ],
)
def test_what_only_a_server_could_provide_is_not_computing(code: str) -> None:
    assert Kind.OPAQUE in {effect.kind for effect in effects_of(code)}


@pytest.mark.parametrize("code", ["const tasks = []; tasks.push(1);", "function run(client) { return client.name } run({ name: 'x' });"])
def test_the_programs_own_names_are_its_own(code: str) -> None:
    assert Kind.OPAQUE not in {effect.kind for effect in effects_of(code)}
