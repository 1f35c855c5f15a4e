"""Programs that read what folders give: the names that they look for tell whether secrets are among it."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.sought import as_globs
from guard.model import Kind
from tests.analyse.javascript.check import effects_of

SOUGHT = r"""
for (const name of fs.readdirSync(".")) if (name === ".env") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.startsWith(".e")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.toLowerCase().includes("secret")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/credentials?/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/\.(crt|pem)$/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (new RegExp("\\.pem$").test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.split(".").pop() === "key") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { const end = path.extname(name).slice(1); if (end === "key") fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) switch (name.slice(1)) { case "env": fs.readFileSync(name) }
const wanted = new Set(["id_rsa.old"]); for (const name of fs.readdirSync(".")) if (wanted.has(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name === ".en" + "v") fs.readFileSync(name)
const all = new Map(fs.readdirSync(".").map((name) => [name, name])); fs.readFileSync(fs.readdirSync(".").at(0) ?? all.get(".npmrc"))
for (const name of fs.readdirSync(".")) if (name[0] === ".") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.startsWith(".")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.indexOf(".") === 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/^\./.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.split(".")[0] === "") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { const [first] = name; if (first === ".") fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (path.basename(name).charAt(0) == ".") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.charCodeAt(0) === 46) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (btoa(name) === "LmVudg==") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (Buffer.from(name).toString("hex") === "2e656e76") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if ([...name].reverse().join("") === "vne.") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (["LmVudg=="].includes(btoa(name))) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (({ "LmVudg==": 1 })[btoa(name)]) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (require("crypto").createHash("md5").update(name).digest("hex") === "x1") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (btoa(name).startsWith("LmV")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.replace(".", "_") === "_env") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (name[0] === ".") { console.log(fs.readFileSync(name)); continue } }
for (const name of fs.readdirSync(".")) if (name.slice(1) in { env: 1 }) fs.readFileSync(name)
const kinds = { env: 1 }; for (const name of fs.readdirSync(".")) if (kinds[name.slice(1)]) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (Object.hasOwn({ env: 1 }, name.split(".").pop())) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (({ env: 1 }).hasOwnProperty(name.slice(1))) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (!name.startsWith(".")) continue; fs.readFileSync(name) }
fs.readdirSync(".").filter((name) => name.startsWith(".")).forEach((name) => fs.readFileSync(name))
const odd = (name) => !name.startsWith("."); fs.readdirSync(".").filter((name) => !odd(name)).forEach((name) => fs.readFileSync(name))
for (const name of fs.readdirSync(".")) if (name < "0") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if ("0" <= name) continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (name.localeCompare("0") < 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.charCodeAt() < 48) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/^\W/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.match(/^\p{P}/u)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (new RegExp("^\\w").test(name)) continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) { const [a, b] = name.split("."); if (!a && b) fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) { const [a] = name.split("."); if (a) continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (name.split(".")[0].length === 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (!name.indexOf(".")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.search(/\./) < 1) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if ([".", "_"].includes(name[0])) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { const { 0: c } = name; if (c === ".") fs.readFileSync(name) }
fs.readFileSync(fs.readdirSync(".").sort()[0])
const [first] = fs.readdirSync(".").sort(); fs.readFileSync(first)
""".strip().splitlines()

PLAIN = r"""
for (const name of fs.readdirSync(".")) if (name < "m") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (name < "0") continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (name.length < 50) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.localeCompare("m") < 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (/^\W/.test(name)) continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (/^\w/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/^\d{4}-\d\d/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { const [a, b] = name.split("."); if (a && b === "csv") fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) { const [a] = name.split("."); if (!a) continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (name.lastIndexOf(".") > 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.indexOf("draft") < 0) fs.readFileSync(name)
fs.readFileSync("logs/" + fs.readdirSync("logs").sort()[0])
fs.readFileSync(fs.readdirSync(".").filter((name) => name.endsWith(".csv")).sort()[0])
fs.readFileSync(fs.readdirSync(".").sort().pop())
for (const name of fs.readdirSync(".")) if (name.endsWith(".ts")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (/\.(test|spec)\.[jt]sx?$/.test(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (path.extname(name) === ".json") console.log(JSON.parse(fs.readFileSync(name))["api_key"])
for (const name of fs.readdirSync(".")) for (const line of fs.readFileSync(name, "utf8").split("\n")) if (/password|secret/i.test(line)) n++
for (const name of fs.readdirSync(".")) console.log(fs.readFileSync(name, "utf8").match(/process\.env\.(\w+)/g))
for (const name of fs.readdirSync(".")) for (const [key, v] of Object.entries(JSON.parse(fs.readFileSync(name)))) if (key === "key") n++
for (const name of fs.readdirSync(".")) if (name.startsWith(".")) continue; else fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (!["node_modules", ".git", "dist"].includes(name)) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (name.startsWith("test_")) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (name[0] === ".") continue; fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) { if (name[0] === ".") { console.log("skips", name); continue } fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (name.replace(/\.csv$/, "") === "sales") fs.readFileSync(name)
for (const name of fs.readdirSync(".")) { if (name.startsWith(".") || n) { continue } fs.readFileSync(name) }
for (const name of fs.readdirSync(".")) if (!name.startsWith(".") && n === 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".").filter((name) => !name.startsWith("."))) fs.readFileSync(name)
for (const name of fs.readdirSync(".").filter((name) => name.indexOf(".") !== 0)) fs.readFileSync(name)
const hidden = (name) => name.charAt(0) === "."; for (const name of fs.readdirSync(".")) if (!hidden(name)) fs.readFileSync(name)
function dotted(name) { if (name.startsWith(".")) return true; return false } for (const f of fs.readdirSync(".")) if (!dotted(f)) fs.readFileSync(f)
for (const name of fs.readdirSync(".")) if (name[0] === "a" && name.indexOf("test") === 0) fs.readFileSync(name)
for (const name of fs.readdirSync(".")) if (path.extname(name) in { ".csv": 1 }) fs.readFileSync(name)
const sizes = {}; for (const name of fs.readdirSync(".")) sizes[name] = fs.readFileSync(name).length
if (name === ".env") console.log("a name, and nothing is read")
""".strip().splitlines()


def kinds(line: str) -> set[Kind]:
    return {effect.kind for effect in effects_of(f'const fs = require("fs"), path = require("path"); let n = 0;\n{line}')}


@pytest.mark.parametrize("line", SOUGHT)
def test_what_is_read_by_the_name_of_a_secret_is_a_secret(line: str) -> None:
    assert Kind.SECRET_READ in kinds(line)


@pytest.mark.parametrize("line", PLAIN)
def test_other_names_and_words_of_the_texts_tell_nothing(line: str) -> None:
    assert Kind.SECRET_READ not in kinds(line)


@pytest.mark.parametrize(
    ("expression", "globs"),
    [
        (r"\.env", ["*.env*"]),
        (r"^\.env(\..*)?$", [".env{.*,}"]),
        (r"\.(pem|key)$", ["*.{pem,key}"]),
        (r"^id_rsa|id_dsa$", ["id_rsa*", "*id_dsa"]),
        (r"[a-z]+\.k[e]y", ["**.k?y*"]),
        (r"\d{2,}x?", ["****"]),
        (r"[", ["*?*"]),
        (r"a\\", ["*a\\*"]),
    ],
)
def test_an_expression_as_the_patterns_of_the_names_that_it_matches(expression: str, globs: list[str]) -> None:
    assert as_globs(expression) == globs
