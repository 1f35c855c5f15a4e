"""Names that only a server could provide, in programs that are handed to none."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import effects_of

PROVIDED = """
async () => { for (const r of await github.list_repos({ org: "a" })) await github.archive_repo({ repo: r.name }) }
const events = await calendar.search({ q: "standup" }); events.forEach((e) => calendar.remove(e.id))
const rows = await run_query("select 1"); for (const { id } of rows) await deactivate_user(id)
await jira?.transition_issue?.({ key: "A-1", to: "Closed" })
const { archive, list } = drive; await Promise.all((await list("old")).map(archive))
await globalThis.k8s.scale({ deployment: "web", replicas: 0 })
const { remove } = globalThis.mail; remove(1)
const g = github; await g.archive_repo({})
const all = { ...github }; await all.archive_repo({})
await withRetry(github); async function withRetry(x) { await x.archive_repo({}) }
await context.tools.remove(1)
await globalThis["git" + "hub"].remove(1)
const get = () => github; await get().remove(1)
await (0, github.remove)(1)
for (const f of [github.a, github.b]) await f()
async function* all() { yield github } for await (const x of all()) await x.remove(1)
let a; ({ a } = github); await a(1)
await Promise.all([1].map(hubspot.deleteContact))
async function sweep(shop = shopify) { await shop.orders.cancel(1) } await sweep()
const c = Math.random() > 1 ? stripe : paypal; await c.refund({ id: "x" })
await this.tools.jira.close("A-1")
crm["delete_contact"]({ id: 1 })
crm.contacts.remove({ id: 1 })
const mail = new Mailer(); mail.deliver("a@b.example")
sql`DELETE FROM users`
declare const github: any; await github.delete_repo({ id: 1 })
declare function run_query(q: string): Promise<any>; await run_query("x")
declare namespace gmail { function send(x: any): void } gmail.send({})
declare class Mailer { send(x: any): Promise<void> } await new Mailer().send({})
declare let db: any; db.ingest("users")
async ({ github }) => { await github.archive_repo({}) }
(async function (ctx) { await ctx.github.archive_repo({}) })
export default async function (ctx) { await ctx.github.archive_repo({}) }
export default async ({ github }) => { await github.archive_repo({}) }
module.exports = async function ({ slack, jira }) { await slack.post(await jira.search({})) }
export async function run(ctx) { await ctx.wiki.update("Home", "x") }
async function main(ctx) { await ctx.wiki.update("Home", "x") }
const c = codemode; c.deleteAll()
const g = github; for (const id of [1, 2]) { g.repos.remove(id) }
const send = run_query; send("drop table users")
export default function (codemode) { codemode.deleteAll() }
export default ({ tools }) => { tools.jira.archive("A-1") }
function run({ codemode }) { codemode.deleteAll() }
const q = new Queue("mails"); await q.push({ to: "a@b.example" })
new Graph().query("x").then((r) => console.log(r))
const main = (mcp) => mcp.callTool("remove", {})
export default { async fetch(request, env) { await env.NOTES.delete("a"); return new Response("gone") } }
export default { fetch: async (request, env) => Response.json(await env.MODEL.run("m", {})) }
export default { async fetch(request, env) { return env.ASSETS.fetch(request) } }
export default { async queue(batch, { LOG }) { LOG.writeDataPoint({ n: 1 }) } }
export default { async scheduled(event, env) { await env.BUCKET.put("a", "b") } } satisfies Handler
module.exports.run = async (ctx) => { await ctx.wiki.update("Home", "x") }
exports.handler = ({ codemode }) => codemode.deleteAll()
""".strip().splitlines()

OWN = """
function f(list) { return wrongName.map((x) => x + 1).length + other } f([1])
(function (root, make) { if (typeof define === "function" && define.amd) define([], make); else root.x = make() })(this, () => 1)
(async (x) => { await x.go() })({ go: async () => 1 })
const ok = typeof Foo !== "undefined"
if (Math.random() > 2) throw new Exception("x")
import { promises as fs } from "fs"; await Promise.resolve(fs.constants)
enum P { Read = 1, Write = Read << 1 } await Promise.resolve(P)
suite("a", () => { specify("b", () => 1) }); export default async function retry(f) { return await f() }
describe("a", () => { it("b", async () => { expect(await Promise.resolve(1)).toBe(1) }) })
export default { async fetch(request) { const given = await request.formData(); return Response.json({ at: new URL(request.url).pathname }) } }
export default async function handler(request) { return new Response(JSON.stringify(await request.json())) }
export default function visit(graph) { graph.getAll().forEach((v) => graph.mark(v)) }
async function main(ctx) { await ctx.go("x") } main({ go: async () => 1 })
module.exports = async function readAll(stream) { let s = ""; for await (const c of stream) s += c; return s.trim() }
export async function collect(it) { const out = []; for await (const x of it.items()) out.push(x); return out }
const total = wrongName; console.log(total.length, total.map((x) => x), total + 1)
function run(items) { return items.collect() }
export default function walk(tree, visit) { return tree.children.map((one) => visit(one)) }
counter = 0; counter.toFixed(); await Promise.resolve(counter)
window.app = { start() { return 1 } }; await window.app.start()
const View = async () => <Card a={1}>x</Card>
function add(a, b) { const head = new ListNode(0); head.next = new ListNode(a.val + b.val); return head.next }
const heap = new MinPriorityQueue({ compare: (a, b) => a - b }); heap.enqueue(1); console.log(heap.dequeue().element)
""".strip().splitlines()


def kinds(program: str) -> set[Kind]:
    return {effect.kind for effect in effects_of(program, language="typescript")}


@pytest.mark.parametrize("program", PROVIDED)
def test_what_only_a_server_could_provide_is_not_known(program: str) -> None:
    assert Kind.OPAQUE in kinds(program)


@pytest.mark.parametrize("program", OWN)
def test_a_mistake_and_what_the_language_has_are_no_server(program: str) -> None:
    assert kinds(program) <= {Kind.COMPUTE, Kind.ANSWER}


def test_a_person_is_told_which_name_it_is() -> None:
    (effect,) = effects_of("github.archive_repo({})")
    assert (effect.rule, effect.note) == ("js-unknown-name", "uses github, which only a server could provide")
