"""Names: what a module specifier and a member mean, and what is known of them."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import library


@pytest.mark.parametrize(
    ("specifier", "module"),
    [
        ("fs", "fs"), ("node:fs", "fs"), ("fs/promises", "fs"), ("graceful-fs", "fs"), ("npm:lodash@4.17.21", "lodash"), ("lodash/fp", "lodash"),
        ("jsr:@std/fs@1.0.0/copy", "@std/fs"), ("@std/path", "path"), ("https://deno.land/std@0.224.0/fs/mod.ts", "@std/fs"),
        ("npm:/openai@4", "openai"), ("node-fetch", "fetch"), ("module", "node-module"), ("left-pad", "unknown"), ("./fs", "unknown"),
        ("../../fs", "unknown"), ("https://evil.example/fs", "unknown"), ("data:text/javascript,1", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_specifiers_have_canonical_names(specifier: str, module: str) -> None:
    assert library.module(specifier) == module


def test_the_twin_that_waits_is_the_same_function() -> None:
    assert library.member("fs", "unlinkSync") == "fs.unlink"
    assert library.member("fs", "promises") == "fs"
    assert library.member("Deno", "removeSync") == "Deno.remove"


def test_pure_modules_are_pure_whatever_is_used_of_them() -> None:
    assert library.spec("path.somethingNew") == "pure"
    assert library.spec("process.argv.slice") == "pure"


def test_a_member_that_no_table_has_is_unknown_in_an_effectful_module() -> None:
    assert library.spec("fs.somethingNew") is None
    assert library.spec("Deno.somethingNew") is None


def test_instances_are_named_by_the_call_that_gave_them() -> None:
    assert library.result("pg.Client") == "pg.Client()"
    assert library.result("pg.Pool") == "pg.Client()"
    assert library.result("path.join") is None


def test_client_libraries_of_a_service_are_known_as_a_whole() -> None:
    assert library.spec("openai().chat.completions.create") == "sdk"
    assert library.spec("octokit.Octokit().rest.issues.lock") == "octokit"


ELSEWHERE = [
    "lodash/../evil",
    "lodash//evil",
    "date-fns/%2e%2e/evil",
    "npm:lodash@4/../evil",
    "npm:lodash@npm:evil",
    "@std/assert/../../evil",
    "node:lodash",
    "jsr:lodash",
    "npm:fs",
    "npm:@std/fs",
    "mocha/bin/mocha",
    "json5/lib/register",
    "jest/build/x",
    "https://deno.land/std/path/../../x/evil/mod.ts",
    "https://deno.land/std/assert/mod.ts?x",
    "lodash\\..\\evil",
]
SAME = {
    "npm:lodash@4.17.21/fp": "lodash",
    "jsr:@std/fs@^1.0.0/walk": "@std/fs",
    "jsr:/@std/path@1.0.0-rc.2": "path",
    "npm:fs-extra@11/esm": "fs-extra",
    "node:fs/promises": "fs",
    "https://deno.land/std@0.224.0/fs/walk.ts": "@std/fs",
    "bun:sqlite": "bun:sqlite",
}


@pytest.mark.parametrize("specifier", ELSEWHERE)
def test_a_specifier_that_leads_elsewhere_is_not_the_package_that_it_begins_with(specifier: str) -> None:
    assert library.module(specifier) == "unknown"


@pytest.mark.parametrize("specifier", SAME)
def test_a_version_and_a_part_leave_a_package_what_it_is(specifier: str) -> None:
    assert library.module(specifier) == SAME[specifier]
