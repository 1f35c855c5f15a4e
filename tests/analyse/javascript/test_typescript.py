"""TypeScript: types do nothing, everything else is JavaScript."""

from __future__ import annotations

from guard.analyse.javascript.typescript import analyse
from guard.model import Facts, Kind


def test_types_have_no_effects_and_hide_none() -> None:
    code = "type F = typeof fetch; const g: F = (fetch as any)!; await g<string>('https://a.example' satisfies string);"
    (effect,) = analyse(code, Facts())
    assert (effect.kind, effect.resource.name) == (Kind.HTTP_GET, "a.example:443")


def test_enums_namespaces_decorators_and_parameter_properties_are_run() -> None:
    for code in (
        "enum E { A = require('fs').rmSync('x') }",
        "namespace N { require('fs').rmSync('x') }",
        "@(require('fs').rmSync('x')) class A {}",
        "class A { constructor(private x = require('fs').rmSync('x')) {} }",
    ):
        assert Kind.FS_DELETE in {effect.kind for effect in analyse(code, Facts(workspace="/w"))}, code


def test_jsx_is_taken() -> None:
    assert analyse("const x = <a href={u}>{y}</a>;", Facts()) == ()
