"""What names and members can be: all that is assigned to them anywhere, libraries by one name, the globals."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, Constant, Ref, Values, text
from guard.model import Kind
from tests.analyse.javascript.check import effects_of
from tests.analyse.javascript.test_evaluate import evaluator, value_of


def test_a_name_has_every_value_that_is_assigned_to_it() -> None:
    assert set(value_of("x", "let x = 'a'; if (c) x = 'b';")) == {text("a"), text("b")}


def test_shadowing_hides_the_library() -> None:
    assert value_of("fetch", "const fetch = 1;") == (Constant(1.0),)
    assert value_of("fetch") == (Ref("fetch"),)


def test_modules_have_one_canonical_name() -> None:
    for source in (
        "require('fs').readFile",
        "require('node:fs').promises.readFile",
        "require('fs/promises').readFile",
        "require('fs').readFileSync",
    ):
        assert value_of(source) == (Ref("fs.readFile"),)


def test_properties_of_unknown_objects_are_what_is_stored_under_the_name_anywhere() -> None:
    assert Ref("fetch") in value_of("thing.go", "other.go = fetch;")
    assert UNKNOWN in value_of("thing.go", "other.go = fetch;")


def test_the_global_object_is_seen_through_its_names() -> None:
    for source in ("globalThis.fetch", "window['fet' + 'ch']", "self.window.fetch", "(function () { return this })().fetch"):
        assert Ref("fetch") in value_of(source), source


def test_what_is_stored_from_outside_is_in_an_object_of_the_program_too() -> None:
    code = "class A { p = 'a'; go() { return this.p } }"
    assert value_of("x.go()", f"{code} const x = new A();")[0] == text("a")
    assert UNKNOWN in value_of("x.go()", f"{code} const x = new A(); x.p = q;")
    assert UNKNOWN in value_of("x.go()", f"{code} const x = new A(); x[k] = q;")


def test_an_element_that_is_replaced_is_not_believed() -> None:
    assert UNKNOWN in value_of("list[0]", "const list = ['a']; list[0] = q;")
    assert UNKNOWN in value_of("list[0]", "const list = ['a']; list.unshift(q);")


UNTOUCHED = """\
Deno.readTextFile(process.argv[2] || "a")
const [, , f = "a"] = process.argv; Deno.readTextFile(f)
const args = process.argv.slice(2); Deno.readTextFile(args[0] ?? "a")
Deno.readTextFile(Deno.args[0] ?? "a")
""".splitlines()

GIVEN = """\
process.argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
process.argv.push("/etc/passwd"); Deno.readTextFile(process.argv[2] || "a")
const a = process.argv; a[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
const p = process; p.argv = [1, 2, "/etc/passwd"]; Deno.readTextFile(process.argv[2] || "a")
[process.argv[2]] = ["/etc/passwd"]; Deno.readTextFile(process.argv[2] || "a")
require("process").argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
import { argv } from "node:process"; argv[2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
globalThis["pro" + "cess"]["ar" + "gv"][2] = "/etc/passwd"; Deno.readTextFile(process.argv[2] || "a")
const q = require("pro" + "cess"); Object.assign(q["ar" + "gv"], [1, 2, "/etc/passwd"]); Deno.readTextFile(process.argv[2] || "a")
const q = require("pro" + "cess"); Array.prototype.push.call(q["ar" + "gv"], "/etc/passwd"); Deno.readTextFile(process.argv[2] || "a")
""".splitlines()


@pytest.mark.parametrize("program", UNTOUCHED)
def test_a_program_of_the_box_is_started_without_arguments(program: str) -> None:
    assert {effect.resource.name.startswith("/home/dev/project/") for effect in effects_of(program)} == {True}


@pytest.mark.parametrize("program", GIVEN)
def test_arguments_that_a_program_gives_itself_are_not_believed(program: str) -> None:
    assert {effect.kind for effect in effects_of(program)} & {Kind.OPAQUE} or "/etc/passwd" in {
        e.resource.name for e in effects_of(program)
    }


def _this(code: str) -> Values:
    found = evaluator(code)
    call = next(n for n in found.program.order if n.type == "call_expression" and found.tree.text(n).startswith("probe("))
    return found.values(call.fields["arguments"].kids[0])


@pytest.mark.parametrize(
    "code",
    [
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { const n = {}; n[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a'; this.n = {} } go() { this.n[key] = x; probe(this.p) } }",
        "class A { constructor(private readonly p: string) {} go() { probe(this.p) } } new A('a')",
    ],
)
def test_a_field_of_an_instance_is_what_is_stored_under_its_name(code: str) -> None:
    assert _this(code) == (text("a"),)


@pytest.mark.parametrize(
    "code",
    [
        "class A { constructor() { this.p = 'a'; Object.assign(this, x) } go() { probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { this[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a'; this.n = {}; this.n = this } go() { this.n[key] = x; probe(this.p) } }",
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } } const a = new A(); a[key] = x;",
        "class A { constructor() { this.p = 'a' } go() { probe(this.p) } } Reflect.set(new A(), key, x);",
        "const o = { p: 'a', [key]: x, go() { probe(this.p) } };",
        "const o = { p: 'a', go() { probe(this.p) } }; o[key] = x;",
    ],
)
def test_a_field_that_may_be_stored_by_a_name_that_cannot_be_known_is_not_believed(code: str) -> None:
    assert UNKNOWN in _this(code)
