"""What a condition asks for is what the program goes on with, or what it leaves out."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.declarations import program_of
from guard.analyse.javascript.syntax import parse
from guard.analyse.javascript.wanted import is_wanted

WANTED = """
if (asked()) read()
if (!asked()) continue
if (!asked()) return
if (!asked()) { } else read()
if (asked()) { read(); continue }
if (asked()) { console.log(read()); continue }
if (asked()) { console.log(x = name); continue }
const console = { log: read }; if (asked()) { console.log(name); continue }
console.log = read; if (asked()) { console.log(name); continue }
if (asked()) return read()
asked() && read()
asked() || read()
const y = asked() ? x : null
const it = asked(); if (it) read()
const f = () => asked(); if (f()) read()
function f() { if (asked()) return false; return true } if (!f()) read()
names.filter((x) => asked())
const f = () => asked(); names.filter(f)
report(asked())
""".strip().splitlines()

LEFT_OUT = """
if (asked()) continue
if (asked() || other) { continue }
if (asked()) return
if (asked()) { console.log("left out", name); continue }
if (!asked()) read()
const y = asked() ? null : x
const it = asked(); if (it) continue
const f = () => asked(); if (f()) continue
function f() { if (asked()) return true; return false } if (!f()) read()
names.filter((x) => !asked())
names.filter((x) => { if (asked()) return false; return true })
const f = () => asked(); names.filter((x) => !f(x))
""".strip().splitlines()


def wanted(line: str) -> bool:
    tree = parse(line, ("javascript",))
    assert tree is not None
    program = program_of(tree)
    asked = next(node for node in program.order if node.type == "call_expression" and tree.text(node) == "asked()")
    return is_wanted(program, asked)


@pytest.mark.parametrize("line", WANTED)
def test_a_program_goes_on_with_it(line: str) -> None:
    assert wanted(line)


@pytest.mark.parametrize("line", LEFT_OUT)
def test_a_program_leaves_it_out(line: str) -> None:
    assert not wanted(line)
