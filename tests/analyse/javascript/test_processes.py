"""Processes: always `proc.exec`, and what their command does; text that is run as code is opaque."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import check, effects_of

CP = "const cp = require('child_process'); "


@pytest.mark.parametrize(
    "line",
    [
        "cp.execSync('rm -rf build');  // proc.exec Program rm; fs.delete Folder build ~",
        "cp.exec(command);  // proc.exec Program - ~",
        "cp.spawn('rm', ['a b']);  // proc.exec Program rm; fs.delete File a b",
        "cp.spawn(program, ['x']);  // proc.exec Program - ~",
        "cp.execFile('cat', ['.env']);  // proc.exec Program cat; secret.read File .env",
    ],
)
def test_a_process_and_what_it_does(line: str) -> None:
    check(CP + line)


def test_a_quoted_argument_is_one_word_for_the_shell() -> None:
    kinds = {effect.kind for effect in effects_of(CP + "cp.spawn('echo', ['x; rm -rf /'])")}
    assert kinds == {Kind.PROC_EXEC}


def test_an_argument_that_cannot_be_known_leaves_the_command_inexact() -> None:
    program = next(e for e in effects_of(CP + "cp.execFileSync('git', ['checkout', branch])") if e.kind is Kind.PROC_EXEC)
    assert (program.resource.name, program.exact) == ("git", False)


def test_code_in_code_in_code_ends_in_opaque() -> None:
    code = "require('child_process').execSync('id')"
    for _ in range(6):
        code = f"require('child_process').execFileSync('node', ['-e', {code!r}])"
    assert Kind.OPAQUE in {effect.kind for effect in effects_of(code)}


def test_a_wasm_module_without_imports_only_computes() -> None:
    assert effects_of("const { instance } = await WebAssembly.instantiate(new Uint8Array([0, 97]))") == ()
