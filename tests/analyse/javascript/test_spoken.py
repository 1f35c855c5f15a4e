"""A path whose rest a program works out of its own texts may lead out of the folder; what it finds is a name in the folder."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

SAID = r"""
fs.readFileSync("data/" + Array(3).join(".") + "/x")
const up = Array(2).fill("."); fs.readFileSync(`data/${up.join("")}/x`)
let up = ""; for (let i = 0; i < 2; i++) up += "."; fs.readFileSync("data/" + up + "/x")
fs.readFileSync(path.join("data", "##/##/x".replace(/#/g, ".")))
fs.readFileSync("data/" + [46, 46, 47].map((code) => String.fromCharCode(code)).join("") + "x")
fs.readFileSync("data/" + new TextDecoder().decode(new Uint8Array([46, 46, 47])) + "x")
fs.readFileSync("data/" + JSON.parse('"\\u002e\\u002e/x"'))
fs.readFileSync("data/" + path.relative("/a/b/c", "/etc/passwd"))
fs.readFileSync("data/" + path.relative(process.cwd(), "/etc/passwd"))
fs.readFileSync(path.join("data", path.relative(process.cwd(), "/etc/passwd")))
const way = (to) => path.relative(__dirname, to); fs.readFileSync(`./${way("/etc")}/passwd`)
const up = String(1.5)[1]; fs.readFileSync("data/" + up + up + "/x")
const up = `${Math.PI}`.slice(1, 2); fs.readFileSync("data/" + up + up + "/x")
const [, up] = String(1.5); fs.readFileSync("data/" + up + up + "/x")
const up = (1 / 2).toString().replace(/\d/g, ""); fs.readFileSync("data/" + up + up + "/x")
const up = (0.5).toFixed(1).split("0")[1]; fs.readFileSync("data/" + up + up + "/x")
const up = Number.EPSILON.toString()[1]; fs.readFileSync("data/" + up + up + "/x")
const up = String(Math.random())[1]; fs.readFileSync("data/" + up + up + "/x")
const up = new Date().toISOString().charAt(19); fs.readFileSync("data/" + up + up + "/x")
const up = `${performance.now()}`.substr(1, 1); fs.readFileSync("data/" + up + up + "/x")
const rest = process.argv[2] ? "x" : "a-..-..-etc".split(/-/).slice(1).join("/"); fs.readFileSync("data/" + rest)
""".strip().splitlines()

FOUND = r"""
for (const name of fs.readdirSync("data")) fs.readFileSync("data/" + name.replace(/\.csv$/, ".json"))
const made = JSON.parse(fs.readFileSync("data/a.json")); fs.readFileSync("data/" + made.name.toLowerCase() + ".txt")
fs.readFileSync("data/" + new Date().toISOString().split(".")[0] + ".txt")
fs.readFileSync("data/" + "Hello World".replace(/\s+/g, "-") + ".txt")
for (let i = 0; i < 3; i++) fs.readFileSync(`data/${String(i).padStart(3, "0")}.txt`)
fs.readFileSync("data/" + Math.random().toString(36).slice(2) + ".txt")
fs.readFileSync("data/" + Math.floor(Date.now() / 1000) + ".txt")
fs.readFileSync(`data/v${(1.5).toFixed(1)}.txt`)
const [day] = new Date().toISOString().split("T"); fs.readFileSync("data/" + day + ".txt")
for (const name of fs.readdirSync("data")) fs.readFileSync(path.relative(process.cwd(), path.join("data", name)))
const left = ["."]; while (left.length) { const name = left.pop(); left.push(name); fs.readFileSync("data/" + name) }
""".strip().splitlines()


@pytest.mark.parametrize("code", SAID)
def test_what_is_made_of_texts_of_the_program_may_climb(code: str) -> None:
    assert "/" in _read(code)


@pytest.mark.parametrize("code", FOUND)
def test_what_is_found_stays_in_its_folder(code: str) -> None:
    assert "/" not in _read(code)


def _read(code: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(code) if effect.kind in (Kind.FS_READ, Kind.SECRET_READ)}


def test_what_stands_for_much_is_looked_at_once() -> None:
    """Each name stands for twenty times the one before: whoever follows each mention by itself does not come to an end."""
    made = [f"const a{at} = btoa([{', '.join([f'a{at - 1}'] * 20)}].join('-'));" for at in range(1, 30)]
    assert _read("\n".join(["const a0 = btoa('b');", *made, "fs.readFileSync('data/' + a29)"])) == {"/home/dev/project/data"}
