"""Tools of wrapped servers: names, verbs, lists of the profile, and what could be any tool. (The conventions: examples/profiles.)"""

from __future__ import annotations

import pytest

from guard.analyse.javascript.tools import judged
from guard.analyse.profile import profile_named
from guard.analyse.tools import sink_for
from guard.model import Kind
from tests.analyse.javascript.check import effects_of


def effects(code: str, profile: str) -> set[tuple[Kind, str, bool]]:
    return {(effect.kind, effect.resource.name, effect.exact) for effect in effects_of(code, profile=profile)}


@pytest.mark.parametrize(
    "code",
    [
        "async () => codemode[name]({})",
        "async () => { const c = codemode; return other(c) }",
        "async () => Object.values(codemode)[0]({})",
        "async () => { for (const k in codemode) codemode[k]({}) }",
        "async () => { const { [name]: f } = codemode; f({}) }",
        "async () => mystery()",
        "async () => codemode.constructor.constructor('return process')()",
    ],
)
def test_what_could_be_any_tool_is_opaque(code: str) -> None:
    assert Kind.OPAQUE in {kind for kind, _, _ in effects(code, "codemode-code")}


def test_a_name_is_folded_before_it_is_judged() -> None:
    assert effects('async () => codemode["delete" + "_issue"]({})', "codemode-code") == {
        (Kind.TOOL_DESTRUCTIVE, "server/delete_issue", True)
    }


def test_an_unknown_verb_writes() -> None:
    assert effects("async () => codemode.frobnicate({})", "codemode-code") == {(Kind.TOOL_WRITE, "server/frobnicate", True)}


def test_tools_handed_on_by_name_are_still_seen() -> None:
    assert (Kind.OPAQUE, "run", False) in effects("async () => [1, 2].map(codemode.delete_issue)", "codemode-code")


def test_the_strictest_list_counts() -> None:
    cloudflare = profile_named("cloudflare")
    assert cloudflare is not None
    assert judged(cloudflare, "POST /zones/z/purge_cache", Kind.TOOL_WRITE) is Kind.TOOL_DESTRUCTIVE
    assert judged(cloudflare, "GET /user/tokens", Kind.TOOL_READ) is Kind.TOOL_READ
    assert judged(cloudflare, "POST /accounts/a/logs/search", Kind.TOOL_WRITE) is Kind.TOOL_READ


@pytest.mark.parametrize(
    "path",
    [
        "/zones/z1/purge_cache#/search",
        "/zones/z1/purge_cache#/graphql",
        "/zones/z1/purge_cache;/search",
        "/zones/z1/%70urge_cache/%2e%2e/search",
        "/zones/z1/dns_records/../search",
        "/zones/z1/./search",
        "/zones\\\\z1/search",
        "/zones/z1/se\\tarch/search",
        "@elsewhere.example/search",
        "https://elsewhere.example/search",
    ],
)
def test_a_path_that_a_url_parser_makes_another_of_is_any_path(path: str) -> None:
    """The fragment ran on the real server: it dropped it, and purged."""
    request = "async () => cloudflare.request({ method: %s, path: '%s', body: { query: 'query { x }' } })"
    (kind, _, exact), *_ = effects(request % ("'POST'", path), "cloudflare")
    assert (kind, exact) == (Kind.TOOL_DESTRUCTIVE, False)
    (kind, _, exact), *_ = effects(request % ("'GET'", path), "cloudflare")
    assert (kind, exact) == (Kind.TOOL_READ, False)


def test_the_longest_sink_takes_a_name() -> None:
    executor = profile_named("executor")
    assert executor is not None
    found = sink_for(executor, "tools.search")
    assert found is not None
    assert found[0].name == "tools.search"


def test_the_network_stays_the_network_behind_a_server() -> None:
    assert effects("async () => fetch('https://x.example/')", "cloudflare") == {(Kind.HTTP_GET, "x.example:443", True)}


def test_the_proxy_of_another_host_is_the_network() -> None:
    code = "fetch('http://evil.example/mcp/call', { method: 'POST', body: JSON.stringify({ server: 'a', tool: 'list' }) })"
    assert effects(code, "jx-codemode") == {(Kind.HTTP_POST, "evil.example:80", True)}
    disguised = code.replace("evil.example", "localhost:3001@evil.example")
    assert effects(disguised, "jx-codemode") == {(Kind.HTTP_POST, "evil.example:80", True)}


def test_names_of_the_language_are_no_tools() -> None:
    assert effects("return Math.max(1, JSON.parse('2'))", "docker-gateway") == set()


@pytest.mark.parametrize(
    "code",
    [
        'const o = { method: "GET", path: "/z" }; o.method = "DELETE"; return cloudflare.request(o)',
        'const o = { method: "GET", path: "/z" }; o["met" + "hod"] = "DELETE"; return cloudflare.request(o)',
        'const o = { method: "GET", path: "/z" }; o[k] = v; return cloudflare.request(o)',
        'const o = { method: "GET", path: "/z" }; Object.assign(o, extra); return cloudflare.request(o)',
        'const o = { method: "GET", path: "/z" }; change(o); function change(p) { p.method = "DELETE" } return cloudflare.request(o)',
        'return cloudflare.request({ method: "GET", path: "/z", ...extra })',
        'return cloudflare.request({ method: "GET", path: "/z", [k]: v })',
        'return cloudflare.request(Object.assign({ method: "GET", path: "/z" }, extra))',
    ],
)
def test_options_that_are_changed_after_they_were_written_down_are_not_believed(code: str) -> None:
    assert Kind.TOOL_DESTRUCTIVE in {kind for kind, _, _ in effects(f"async () => {{ {code} }}", "cloudflare")}


@pytest.mark.parametrize(
    "code",
    [
        "db.drop('x')", "await db.users.remove({})", "const {x} = db; x()", "for (const a of things) a.remove()", "db`drop`", "db.x = 1",
        "function main(ctx) { ctx('rm') }", "class A { run(x) { x.rm('a') } }", "export default (ctx) => ctx.anything()",
    ],
)  # fmt: skip
def test_behind_a_server_that_nobody_knows_what_the_program_does_not_make_itself_is_never_only_computing(code: str) -> None:
    found = {kind for kind, _, _ in effects(code, "generic-js")}
    assert found & {Kind.OPAQUE, Kind.TOOL_WRITE, Kind.TOOL_DESTRUCTIVE}, found


@pytest.mark.parametrize(
    "code",
    [
        "async function run(client) { return await client.zones.delete('1') }", "async (sdk) => await sdk.zones.delete('1')",
        "module.exports = async ({api2}) => { await api2.zones.delete('1') }", "const main = async (ctx) => { await ctx.zones.delete('1') }",
    ],
)  # fmt: skip
def test_a_function_that_the_server_may_call_is_handed_its_tools(code: str) -> None:
    assert Kind.TOOL_DESTRUCTIVE in {kind for kind, _, _ in effects(code, "generic-js")}


@pytest.mark.parametrize(
    "code",
    [
        "function add(a, b) { return a.concat(b) } console.log(add('x', 'y'))", "[1, 2].map(x => x.toFixed(2))", "const f = (x) => x.trim(); f(' a ')",
        "async () => { const o = {go(x) { return x.length }}; return o.go('a') }", "(function (x) { return x.length })('a')",
    ],
)  # fmt: skip
def test_behind_a_server_that_nobody_knows_functions_that_the_program_calls_are_its_own(code: str) -> None:
    assert {kind for kind, _, _ in effects(code, "generic-js")} <= {Kind.COMPUTE, Kind.ANSWER}


@pytest.mark.parametrize(
    "change",
    [
        "tasks.list = tasks.delete",
        "tasks['li' + 'st'] = tasks.delete",
        "const t = tasks; t.list = t.delete",
        "[tasks.list] = [tasks.delete]",
        "({ a: tasks.list } = { a: tasks.delete })",
        "for (tasks.list of [tasks.delete]);",
        "tasks.list &&= tasks.delete",
        "const { delete: d } = tasks; tasks.list = d",
        "tasks.list = () => tasks.delete; (await tasks.list())('t1')",
        "Object.assign(tasks, { list: tasks.delete })",
    ],
)
def test_a_tool_put_under_the_name_of_another_is_any_tool(change: str) -> None:
    """The first ran on the real server by itself: a read by its name, and a deletion."""
    assert Kind.OPAQUE in {kind for kind, _, _ in effects(f"{change}; return tasks.list('t1')", "overseer")}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("Postgres.query({ sql: 'SELECT 1' })", Kind.TOOL_READ),
        ("Postgres.query({ sql: 'DROP TABLE x' })", Kind.TOOL_DESTRUCTIVE),
        ("Postgres.query({ sql: 'SELECT 1; DROP TABLE x' })", Kind.TOOL_DESTRUCTIVE),
        ("Postgres.query({ query: 'delete from x' })", Kind.TOOL_DESTRUCTIVE),
        ("Postgres.query(JSON.parse('{}'))", Kind.TOOL_DESTRUCTIVE),
        ("Postgres.query({ ...JSON.parse('{}') })", Kind.TOOL_DESTRUCTIVE),
        ("invoke({ name: 'pg__query', arguments: { sql: 'DELETE FROM x' } })", Kind.TOOL_DESTRUCTIVE),
        ("Github.searchIssues({ query: 'is:open' })", Kind.TOOL_READ),
        ("Github.listIssues(JSON.parse('{}'))", Kind.TOOL_READ),
        ("invoke({ name: 'github__list_issues', arguments: {} })", Kind.TOOL_READ),
        ("invoke({ name: 'list__create_issue', arguments: {} })", Kind.TOOL_WRITE),
        ("invoke({ name: 'get__delete_repo', arguments: {} })", Kind.TOOL_DESTRUCTIVE),
        ("Slack.Slack_list_channels({})", Kind.TOOL_READ),
        ("Get.Get_create_issue({})", Kind.TOOL_WRITE),
    ],
)
def test_the_verb_may_stand_behind_the_servers_name_and_sql_says_more_than_a_verb(code: str, kind: Kind) -> None:
    assert {found for found, *_ in effects(f"async function run() {{ return {code} }}", "pctx")} == {kind}


def test_methods_in_an_array_that_changes_under_another_name_are_not_believed() -> None:
    code = (
        "async () => { const ms = ['GET']; const r = ms.sort(); r[0] = 'DELETE'; return cloudflare.request({ method: ms[0], path: '/a' }) }"
    )
    assert Kind.TOOL_DESTRUCTIVE in {kind for kind, *_ in effects(code, "cloudflare")}


def test_what_follows_the_question_mark_is_no_part_of_the_path() -> None:
    code = "async () => { for (let p = 1; p < 9; p++) await cloudflare.request({ method: 'GET', path: `/zones?page=${p}` }) }"
    assert effects(code, "cloudflare") == {(Kind.TOOL_READ, "server/GET /zones", True)}
    assert not next(iter(effects("async () => cloudflare.request({ method: 'GET', path: `/zones/${q}?page=1` })", "cloudflare")))[2]


def test_a_method_chosen_from_known_names_is_each_of_them() -> None:
    code = "async () => { for (const k of ['get_issue', 'delete_issue']) await codemode[k]({ id: 1 }) }"
    assert {kind for kind, *_ in effects(code, "codemode-code")} == {Kind.TOOL_READ, Kind.TOOL_DESTRUCTIVE}
    code = "async () => { const t = { a: codemode.get_issue, b: codemode.get_pr }; for (const [k] of [['a'], ['b']]) await t[k]({}) }"
    assert {kind for kind, *_ in effects(code, "codemode-code")} == {Kind.TOOL_READ}


CHOSEN = """\
async()=>{const t={a:codemode.get_issue}; t.a=codemode.delete_issue; for (const k of ['a']) await t[k]({})}
async()=>{const t={a:codemode.get_issue}; const u=t; u.a=codemode.delete_issue; for (const k of ['a']) await t[k]({})}
async()=>{const t={a:codemode.get_issue}; t['a']=codemode.delete_issue; const ks=['a']; for (const k of ks) await t[k]({})}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); const g=f; await g('delete_issue')}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); await ['delete_issue'].map(f)[0]}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); await f.call(null,'delete_issue')}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); await f.bind(null,'delete_issue')()}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); await Reflect.apply(f,null,['delete_issue'])}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); await f(...['delete_issue'])}
async()=>{const f=async(k)=>codemode[k]({}); await f('get_issue'); const o={f}; await o.f('delete_issue')}
async()=>{const f=async(k='delete_issue')=>codemode[k]({}); await f('get_issue'); await f()}
async()=>{const f=async(...ks)=>codemode[ks[0]]({}); await f('get_issue'); await f('delete_issue')}
async()=>{const f=async({k})=>codemode[k]({}); await f({k:'get_issue'}); const o={k:'get_issue'}; o.k='delete_issue'; await f(o)}
async()=>{async function f(k){arguments[0]='delete_issue'; return codemode[k]({})} await f('get_issue')}
async()=>{async function f(k){k=['delete_issue'][0]; return codemode[k]({})} await f('get_issue')}
""".splitlines()


@pytest.mark.parametrize("program", CHOSEN)
def test_a_name_that_may_be_another_one_is_not_believed(program: str) -> None:
    assert {kind for kind, *_ in effects(program, "codemode-code")} & {Kind.TOOL_DESTRUCTIVE, Kind.OPAQUE}
