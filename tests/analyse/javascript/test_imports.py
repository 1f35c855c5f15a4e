"""Imports: known modules do nothing by themselves, unknown ones are code that nobody saw, types are no imports."""

from __future__ import annotations

import hashlib

import pytest

from guard.analyse import analyse
from guard.model import Analysis, Facts, Kind
from tests.analyse.javascript.check import check


@pytest.mark.parametrize(
    "line",
    [
        "import 'left-pad';  // import.unknown",
        "const x = require('./local');  // import.unknown",
        "import x from 'https://esm.sh/x';  // http.get Endpoint esm.sh:443; import.unknown",
        "import x from 'data:text/javascript,1';  // import.unknown",
        "export * from 'left-pad';  // import.unknown",
        "import _ from 'lodash';",
        "import x from './notes.md' with { type: 'text' };  // fs.read File notes.md",
        'import x from "./a.bin" with { type: "bytes" };  // fs.read File a.bin',
        "import x from './.env' with { type: 'text' };  // import.unknown",
        "import x from './setup.js' with { type: 'text' };  // import.unknown",
        "import x from './notes.md' with { type: 'javascript' };  // import.unknown",
        "import x from './notes.md' with { type: 'text', kind: 'code' };  // import.unknown",
        "import x from './notes.md';  // import.unknown",
        "import fs from 'node:fs';",
    ],
)
def test_an_import(line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    "line",
    [
        "import type { A } from './a';",
        "import { type A } from './a';",
        "import { A } from './a'; let x: A; class B implements A {}",
        "import { A } from './a'; let x = new A();  // import.unknown",
        "import './a';  // import.unknown",
        "import cp = require('child_process'); cp.exec('id');  // proc.exec Program id",
    ],
)
def test_an_import_in_typescript(line: str) -> None:
    check(line, language="typescript")


def analysed(code: str, *, language: str = "javascript", **files: str) -> Analysis:
    """The analysis of a program whose workspace holds these modules (`lib_a` stands for lib/a.js)."""
    modules = tuple(sorted((name.replace("_", "/") + ".js", text) for name, text in files.items()))
    return analyse(language, code, Facts(workspace="/ws", modules=modules))


def resources(analysis: Analysis) -> set[tuple[str, str]]:
    return {(str(e.kind), e.resource.name) for e in analysis.effects if e.kind not in (Kind.ANSWER, Kind.COMPUTE)}


def test_a_module_of_the_workspace_is_analysed_and_sealed() -> None:
    text = "export const two = () => 2; Deno.removeSync('a.txt');"
    analysis = analysed("import {two} from './a.js'; console.log(two())", a=text)
    assert resources(analysis) == {("fs.delete", "/ws/a.txt")}
    assert analysis.effects[0].note.startswith("a.js: ")
    assert analysis.imports == ("./a.js",)
    assert analysis.modules == (("a.js", hashlib.sha256(text.encode()).hexdigest()),)


@pytest.mark.parametrize(
    "code",
    [
        "import './lib/a.js'",
        "import x from '/workspace/lib/a.js'; x()",
        "import * as x from 'file:///workspace/lib/a.js'; x.y",
        "import * as x from '/ws/lib/a.js'; x.y",
        "export * from './lib/a.js'",
        "const {x} = await import('./lib/a.js')",
        "import('./' + 'lib/a.js')",
        "import './lib/../lib/./a.js'",
    ],
)
def test_every_form_of_an_import_takes_the_module_in(code: str) -> None:
    assert resources(analysed(code, lib_a="Deno.removeSync('x')")) == {("fs.delete", "/ws/x")}
    assert resources(analysed(code, lib_a="export const x = () => 1; export default x")) == set()


@pytest.mark.parametrize(
    "code",
    [
        "import '../a.js'",
        "import './lib/../../a.js'",
        "import './a'",
        "import './%61.js'",
        "import './a.js?v=2'",
        "import 'a.js'",
        "import '/etc/a.js'",
        "import 'file:///workspace/../a.js'",
        "require('./a.js')",
        "import './b.js'",
    ],
)
def test_what_the_box_would_not_find_there_is_unknown(code: str) -> None:
    assert {Kind.IMPORT_UNKNOWN} <= analysed(code, a="1").kinds


def test_modules_import_from_where_they_lie_and_in_circles() -> None:
    analysis = analysed(
        "import './lib/a.js'", lib_a="import '../b.js'; import './c.js'", b="import './lib/a.js'", lib_c="Deno.removeSync('x')"
    )
    assert resources(analysis) == {("fs.delete", "/ws/x")}
    assert [path for path, _ in analysis.modules] == ["b.js", "lib/a.js", "lib/c.js"]


@pytest.mark.parametrize(
    "text",
    [
        "export const d = Deno",
        "export default {d: Deno}",
        "const d = Deno; export {d}",
        "export const {removeSync} = Deno",
        "export {rmSync} from 'fs'",
        "export * from 'fs'",
        "export function runtime() { return Deno }",
        "class A { d = Deno } export {A}",
        "globalThis.d = Deno",
        "export const read = p => Deno.readTextFileSync(p); read('a.txt')",
        "const read = p => Deno.readTextFileSync(p); read('a.txt'); export {read}",
        "export function read(p) { return Deno.readTextFileSync(p) } read('a.txt')",
        "export default function read(p) { return Deno.readTextFileSync(p) } read('a.txt')",
        "export class Reader { constructor(p) { this.text = Deno.readTextFileSync(p) } } new Reader('a.txt')",
        "export const where = {path: 'a.txt'}; export const read = () => Deno.readTextFileSync(where.path)",
        "export const paths = ['a.txt']; export const read = () => paths.map(p => Deno.readTextFileSync(p))",
        "import './none.js'",
        "syntax error here (",
        "\0",
    ],
)
def test_what_importers_may_do_with_a_module_counts(text: str) -> None:
    found = resources(analysed("import * as lib from './a.js'; lib[n]('/etc/passwd')", a=text))
    assert found - {("fs.read", "/ws/a.txt")}


def test_a_module_that_only_reads_in_the_workspace_does_no_more() -> None:
    text = "const load = name => JSON.parse(Deno.readTextFileSync('data/' + name + '.json')); export const prices = () => load('prices')"
    analysis = analysed("import {prices} from './a.js'; console.log(prices().length)", a=text)
    assert resources(analysis) == {("fs.read", "/ws/data/prices.json")}


def test_functions_that_are_handed_to_a_module_are_called_with_anything() -> None:
    analysis = analysed(
        "import {each} from './a.js'; each(p => Deno.readTextFileSync(p)); each(Deno.removeSync)", a="export const each = f => f('x')"
    )
    assert {kind for kind, _ in resources(analysis)} == {"fs.read", "fs.delete"}
    assert ("fs.read", "/ws/x") not in resources(analysis)


def test_a_wrapped_server_and_text_inside_text_find_no_modules() -> None:
    facts = Facts(workspace="/ws", modules=(("a.js", "1"),))
    assert Kind.IMPORT_UNKNOWN in analyse("shell", "node --input-type=module -e \"import './a.js'\"", facts).kinds
