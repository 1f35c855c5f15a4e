"""Searches of folders: what they give lies where they begin, or it could be anywhere."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.globs import asks_for_secrets, leads_elsewhere
from guard.model import Kind
from tests.analyse.javascript.check import FACTS, effects_of

ANYWHERE = """\
const fg = require("fast-glob"); for (const f of fg.sync(["docs/*.md", "/etc/*"])) fs.readFileSync(f)
for (const f of require("glob").sync("{/etc/passwd,x}")) fs.readFileSync(f)
for (const f of require("glob").sync("@(/etc/passwd|x)")) fs.readFileSync(f)
for (const f of require("glob").sync("*/../../etc/*")) fs.readFileSync(f)
for (const f of await require("glob").glob("src/*", { cwd: "/etc" })) fs.readFileSync(f)
console.log(await require("glob").glob("/etc/*", { cwd: "src" }))
console.log(await require("glob").glob("*", { cwd: "/etc" }))
console.log(await require("glob").glob(["*.md", "/etc/*"]))
for (const f of new Bun.Glob("/etc/*").scanSync(".")) console.log(f)
import { expandGlob } from "@std/fs"; for await (const e of expandGlob("*", { root: "/etc" })) Deno.readTextFileSync(e.path)
import { expandGlob } from "@std/fs"; for await (const e of expandGlob("/etc/*", { root: "src" })) Deno.readTextFileSync(e.path)
import { expandGlob } from "@std/fs"; for await (const e of expandGlob("*", options)) Deno.readTextFileSync(e.path)
import { expandGlob } from "@std/fs"; for await (const e of expandGlob("*")) { e.path = "/etc/passwd"; Deno.readTextFileSync(e.path) }
import { walkSync } from "@std/fs"; for (const e of [...walkSync("src"), ...walkSync("/etc")]) Deno.readTextFileSync(e.path)
import { walkSync } from "@std/fs"; for (const e of walkSync("src")) { e.path = "/etc/passwd"; Deno.readTextFileSync(e.path) }
fs.glob("*", { cwd: "/etc" }, (error, found) => console.log(found))
for (const f of new Bun.Glob("*").scanSync("/etc")) console.log(f)
for (const f of new Bun.Glob("*").scanSync({ cwd: "/etc" })) console.log(await Bun.file(f).text())
for (const e of fs.readdirSync("/etc", { withFileTypes: true })) fs.readFileSync("/etc/" + e.name)
for (const e of fs.readdirSync(".", { withFileTypes: true })) { e.name = "/etc/passwd"; fs.readFileSync(e.name) }
for (const e of fs.readdirSync(".", { withFileTypes: true })) { ({ n: e.name } = { n: "/etc/passwd" }); fs.readFileSync(e.name) }
for (const e of fs.readdirSync(".", { withFileTypes: true })) { Object.assign(e, { name: "/etc/passwd" }); fs.readFileSync(e.name) }
for (const e of fs.readdirSync(".", { withFileTypes: true })) { Object["as" + "sign"](e, { name: "/etc/passwd" }); fs.readFileSync(e.name) }
function f(x, k, v) { x[k] = v } for (const e of fs.readdirSync(".", { withFileTypes: true })) { f(e, "name", "/etc/passwd"); fs.readFileSync(e.name) }
for (const e of fs.readdirSync(".", { withFileTypes: true })) for (e.name of ["/etc/passwd"]) fs.readFileSync(e.name)
function w(d) { fs.readdirSync(d); w(require("path").dirname(d)) } w(process.cwd())
function w(d) { fs.readdirSync(d); w(d + "x") } w("/workspace")
""".splitlines()

BELOW = """\
for (const f of await require("glob").glob("src/**/*.{js,ts}", { ignore: ["x"] })) fs.readFileSync(f)
for (const f of require("fast-glob").sync(["docs/*.md", "src/*.md"])) fs.readFileSync(f)
for await (const f of require("fs/promises").glob("test/**/*.js")) fs.readFileSync(f)
for (const f of new Bun.Glob("*").scanSync(".")) await Bun.file(f).text()
for await (const e of Deno.readDir(".")) await Deno.stat(e.name)
import { expandGlob } from "@std/fs"; for await (const e of expandGlob("**/*.md", { root: "docs" })) Deno.readTextFileSync(e.path)
import { expandGlobSync } from "@std/fs"; for (const e of expandGlobSync("src/*.ts")) Deno.readTextFileSync(e.path)
import { expandGlob } from "@std/fs"; for (const e of await Array.fromAsync(expandGlob("*.md"))) Deno.readTextFileSync(e.path)
fs.glob("*.md", (error, found) => console.log(found))
for (const e of fs.readdirSync(".", { withFileTypes: true })) fs.readFileSync(e.name)
function w(d) { for (const e of fs.readdirSync(d, { withFileTypes: true })) w(require("path").join(d, e.name)) } w(process.cwd())
function w(d) { for (const n of fs.readdirSync(d)) w(d + "/" + n) } w(process.cwd())
""".splitlines()


@pytest.mark.parametrize("program", ANYWHERE)
def test_what_may_lie_elsewhere_is_said_so(program: str) -> None:
    assert {effect.resource.name for effect in effects_of(program)} & {"", "/", "/etc", "/etc/*", "/etc/passwd"}


@pytest.mark.parametrize("program", BELOW)
def test_a_search_and_a_walk_stay_where_they_begin(program: str) -> None:
    assert {effect.resource.name.startswith("/home/dev/project") for effect in effects_of(program)} == {True}


def test_alternatives_with_folders_lead_elsewhere() -> None:
    assert all(leads_elsewhere(pattern) for pattern in ("{/etc/a,b}", "a/../b", "+(/x|y)"))
    assert not leads_elsewhere("src/**/*.{js,ts}")


def test_of_two_parsed_paths_none_hides_the_other() -> None:
    program = (
        "const fs = require('fs'), path = require('path'); const p = c ? path.parse('a.txt') : path.parse('.env'); fs.readFileSync(p.base)"
    )
    assert {effect.kind for effect in effects_of(program)} == {Kind.FS_READ, Kind.SECRET_READ}


def test_a_pattern_made_for_secrets_asks_for_them_and_one_for_all_files_or_all_of_a_kind_does_not() -> None:
    made = ("**/.env", ".env*", "{.env,a}", "[.]env", "@(.env|x)", "**/id_rsa*", "*.pem", ".ssh/*", ".s?h/c*", "**/*env*", "!!.env")
    for pattern in (*made, "{a,b}" * 7, "*a*b*c*d*e*f*g"):
        assert asks_for_secrets(pattern, FACTS), pattern
    for pattern in ("*", "**/*", "**/*.{js,json}", "package*.json", "docs/[A-Z]*.md", "**/.env.example", "!**/.env", "**/*.test.?s"):
        assert not asks_for_secrets(pattern, FACTS), pattern
