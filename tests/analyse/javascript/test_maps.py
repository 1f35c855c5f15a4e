"""Maps and sets: what they hold, as long as they go by one name alone; else anything."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import found

HELD = """\
const m = new Map([["a", "a.txt"]]); for (const [name, file] of m) fs.readFileSync(file)  // a.txt
const m = new Map([["a", "a.txt"], ["b", "b.txt"]]); fs.readFileSync(m.get("a") ?? "c.txt")  // a.txt b.txt c.txt undefined
const m = new Map([["a", "a.txt"]]); m.forEach((file, name) => fs.readFileSync(`data/${name}/${file}`))  // data/a/a.txt
const m = new Map(); m.set("a", "a.txt"); for (const file of m.values()) fs.readFileSync(file)  // a.txt
const m = new Map(); ["a.txt"].forEach((file) => m.set(file, 1)); for (const file of m.keys()) fs.readFileSync(file)  // a.txt
const m = new Map(); for (const file of ["a.txt"]) m.set(file, file); for (const [, file] of m.entries()) fs.readFileSync(file)  // a.txt
const s = new Set(["a.txt"]); for (const file of s) fs.readFileSync(file)  // a.txt
const s = new Set(); s.add("a.txt"); s.add("/etc/passwd"); for (const file of s) fs.readFileSync(file)  // a.txt /etc/passwd
for (const [file] of new Map([["a.txt", 1]])) fs.readFileSync(file)  // a.txt
""".splitlines()

LOST = """\
var m = new Map([["a", "a.txt"]]); for (const [, file] of m) fs.readFileSync(file)
const m = new Map([["a", "a.txt"]]); fill(m); for (const [, file] of m) fs.readFileSync(file)
export const m = new Map([["a", "a.txt"]]); for (const [, file] of m) fs.readFileSync(file)
const m = new Map([["a", "a.txt"]]); const n = m.set("b", "b.txt"); for (const [, file] of m) fs.readFileSync(file)
const m = new Map(given); for (const [, file] of m) fs.readFileSync(file)
const m = new Map(); m.set(...given); for (const [, file] of m) fs.readFileSync(file)
""".splitlines()


def reads(line: str) -> set[str]:
    effects = next(iter(found(f"{line}").values()), set())
    return {effect.removeprefix("fs.read File ") for effect in effects if effect.startswith("fs.read")}


@pytest.mark.parametrize("line", HELD)
def test_what_a_map_or_set_holds_is_read(line: str) -> None:
    code, _, files = line.partition("  // ")
    assert {name.split()[0] for name in reads(code)} == set(files.split())


@pytest.mark.parametrize("line", LOST)
def test_what_others_may_put_in_can_be_anything(line: str) -> None:
    assert any("fs.read Folder / ~" in name or "Folder" in name for name in reads(line))
