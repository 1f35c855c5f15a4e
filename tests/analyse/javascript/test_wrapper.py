"""The forms that servers splice: what is not exactly of the form is opaque."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.wrapper import code_of
from guard.analyse.profile import Form
from guard.model import Kind
from tests.analyse.javascript.check import effects_of

READ = 'cloudflare.request({ method: "GET", path: "/zones" })'


def kinds(code: str, profile: str) -> set[Kind]:
    return {effect.kind for effect in effects_of(code, profile=profile)}


@pytest.mark.parametrize(
    "code",
    [
        f"async () => {READ}",
        f"async () => {{ return await {READ}; }}",
        f"async function () {{ return {READ}; }}",
        f"async function named() {{ return {READ}; }}",
        f"// what it does\nasync () => {READ}\n",
    ],
)
def test_one_function_is_the_form_of_cloudflare(code: str) -> None:
    assert kinds(code, "cloudflare") == {Kind.TOOL_READ}


@pytest.mark.parametrize(
    "code",
    [
        "async()=>1)() && evil() && (async()=>2",
        "async()=>{})(), y = evil(), z = (async()=>{}",
        "async () => 1;",
        "async () => 1; evil()",
        "async () => 1, async () => 2",
        "(async () => 1)()",
        "const x = 1; return x;",
        "return 1",
        "async () => { // unfinished",
        "",
        "async () => 1 /* open",
        "export default async () => 1",
        "```js\nasync () => 1\n```",
    ],
)
def test_what_the_server_would_splice_into_something_else_is_opaque(code: str) -> None:
    assert Kind.OPAQUE in kinds(code, "cloudflare")


def test_fences_are_stripped_only_where_the_server_strips_them() -> None:
    fenced = "```js\nasync () => codemode.list_issues({})\n```"
    assert kinds(fenced, "codemode-code") == {Kind.TOOL_READ}
    assert kinds("```js\nreturn tasks.list()\n```", "overseer") == set()  # there it is three template texts, and no call


def test_positions_stay_those_of_the_text_as_sent() -> None:
    (effect,) = effects_of("```js\nasync () => codemode.list_issues({})\n```", profile="codemode-code")
    assert effect.span is not None
    assert effect.span.line == 2
    assert code_of("```js\na\n```", Form.NORMALISED).split() == ["a"]


def test_a_module_without_run_is_opaque_where_the_server_calls_it() -> None:
    assert Kind.OPAQUE in kinds("const x = 1;", "stainless")
    assert kinds("const run = async (client) => client.a.list()", "stainless") == {Kind.TOOL_READ}
    assert kinds("export async function run(client) { return client.a.list() }", "stainless") == {Kind.TOOL_READ}


def test_a_body_may_return_and_await_at_its_top() -> None:
    assert kinds("const t = await tasks.list(); return t", "overseer") == {Kind.TOOL_READ}


def test_a_body_cannot_be_left() -> None:
    assert Kind.OPAQUE in kinds("} evil(); {", "overseer")
