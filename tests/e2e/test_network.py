"""The network as people and agents meet it: a program asks for a host, a person approves it, and that host alone is reached."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from guard import config
from guard.cli import compose
from guard.model import Stage, Submission
from tests.e2e.serving import Face, Place, approve, desk, make, register, text
from tests.sandbox.servers import Web, certificate, echo, web

PERMIT = """
@id("our-own-server") @why("It is ours.")
permit (principal, action in [Guard::Action::"http.get", Guard::Action::"net.connect"], resource == Guard::Endpoint::"127.0.0.1:{port}");
"""
FORBID = '@id("not-any-more") @why("x") forbid (principal, action in Guard::Action::"network", resource);'


async def place(root: Path, *servers: Web, policy: str = "") -> Place:
    made = await register(make(root / "guard", **{"egress.allow_private": [f"127.0.0.1:{server.port}" for server in servers]}))
    if policy:
        (made.toml.parent / "policies" / "team.cedar").write_text(policy)
    return made


async def ledger(at: Place, case: str) -> list[tuple[str, dict[str, object]]]:
    """(kind, data) of a case's entries in order."""
    async with desk(at) as opened:
        bodies = [json.loads(entry.body) async for entry in opened.store.entries(case=int(case))]
    return [(body["kind"], body["data"]) for body in bodies]


async def test_an_approved_program_reaches_its_host_and_the_ledger_said_so_before(tmp_path: Path) -> None:
    async with web() as server:
        at = await place(tmp_path, server)
        code = f"import urllib.request\nprint(urllib.request.urlopen('http://127.0.0.1:{server.port}/hello').read().decode())"
        async with Face(place=at, era="2026-07-28").client() as client:
            parked = await client.call_tool("execute", {"code": code})
            assert parked.structured_content["stage"] == "waiting", text(parked)
            assert server.seen == []
            await approve(at, parked.structured_content["case"])
            result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert result.structured_content["stdout"] == "GET /hello \n", text(result)
    assert len(server.seen) == 1
    kinds = await ledger(at, parked.structured_content["case"])
    order = [kind for kind, _ in kinds if kind in ("run.started", "net.intent", "run.ended")]
    assert order == ["run.started", "net.intent", "run.ended"]
    assert dict(kinds)["net.intent"] == {"kind": "http.get", "to": f"127.0.0.1:{server.port}", "method": "GET"}
    assert [row[:2] for row in dict(kinds)["run.ended"]["reached"]] == [[f"127.0.0.1:{server.port}", 1]]


async def test_an_approved_database_and_an_approved_https_host_are_reached(tmp_path: Path) -> None:
    async with web(certificate(tmp_path, "x")) as secure, echo() as (port, got):
        made = await register(make(tmp_path / "guard", **{"egress.allow_private": [f"127.0.0.1:{secure.port}", f"127.0.0.1:{port}"]}))
        code = (
            f"import socket, ssl, urllib.request\ns = socket.create_connection(('127.0.0.1', {port}))\nprint(s.recv(6))\ns.sendall(b'select')\n"
            f"print(s.recv(6))\nprint(urllib.request.urlopen('https://127.0.0.1:{secure.port}/s', context=ssl._create_unverified_context()).read())"
        )
        async with Face(place=made, era="2026-07-28").client() as client:
            parked = await client.call_tool("execute", {"code": code})
            await approve(made, parked.structured_content["case"])
            result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert result.structured_content["stdout"] == "b'ready\\n'\nb'select'\nb'GET /s '\n", text(result)
    assert got == [b"select"]
    intents = [data["to"] for kind, data in await ledger(made, parked.structured_content["case"]) if kind == "net.intent"]
    assert intents == [f"127.0.0.1:{port}", f"127.0.0.1:{secure.port}"]


async def test_a_program_nobody_approved_for_the_network_has_none(tmp_path: Path) -> None:
    async with web() as server:
        at = await place(tmp_path, server)
        hidden = "().__class__.__base__.__subclasses__()"
        code = f"print(len({hidden}))\ns = getattr(__import__('sock' + 'et'), 'create_' + 'connection')\ns(('127.0.0.1', {server.port}), 3)"
        async with Face(place=at, era="2026-07-28").client() as client:
            result = await client.call_tool("execute", {"code": code})
    assert server.seen == []
    assert result.structured_content["stage"] != "done"


async def test_what_was_not_approved_is_refused_and_the_outcome_says_exactly_what(tmp_path: Path) -> None:
    async with web() as server, web() as other:
        at = await place(tmp_path, server, other)
        code = (
            f"import urllib.request\nprint(urllib.request.urlopen('http://127.0.0.1:{server.port}/a').read().decode())\n"
            f"port = int(open('port').read())\n"
            "try: urllib.request.urlopen(f'http://127.0.0.1:{port}/b')\nexcept OSError as e: print(e)"
        )
        (at.workspace / "port").write_text(str(other.port))
        async with Face(place=at, era="2026-07-28").client() as client:
            parked = await client.call_tool("execute", {"code": code})
            await approve(at, parked.structured_content["case"])
            result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert other.seen == []
    assert result.structured_content["stage"] == "done"
    assert "403" in result.structured_content["stdout"]
    said = f"http.get 127.0.0.1:{other.port}: it was not approved"
    assert f"On the network it tried, and was refused: {said}." in result.structured_content["outcome"]
    kinds = dict(await ledger(at, parked.structured_content["case"]))
    assert kinds["net.refused"] == {"what": f"http.get 127.0.0.1:{other.port}", "why": "it was not approved"}
    assert kinds["run.ended"]["not_let_out"] == [said]
    assert said in str(kinds["case.closed"]["diverged"])
    assert kinds["analysis.wrong"]["effects"] == [["http.get", "Endpoint", f"127.0.0.1:{other.port}", True]]


async def test_told_to_stop_a_run_that_tries_what_was_not_approved_is_killed_and_nothing_is_kept(tmp_path: Path) -> None:
    async with web() as server, web() as other:
        places = [f"127.0.0.1:{one.port}" for one in (server, other)]
        at = await register(make(tmp_path / "guard", **{"egress.allow_private": places, "egress.on_refusal": "stop"}))
        code = (
            f"import urllib.request\nopen('out.txt', 'w').write(urllib.request.urlopen('http://127.0.0.1:{server.port}/a').read().decode())\n"
            f"port = int(open('port').read())\n"
            "try: urllib.request.urlopen(f'http://127.0.0.1:{port}/b')\nexcept OSError: pass\nwhile True: pass"
        )
        (at.workspace / "port").write_text(str(other.port))
        async with Face(place=at, era="2026-07-28").client() as client:
            parked = await client.call_tool("execute", {"code": code})
            await approve(at, parked.structured_content["case"])
            result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert (len(server.seen), other.seen) == (1, [])
    assert result.structured_content["stage"] == "failed"
    said = f"http.get 127.0.0.1:{other.port}: it was not approved"
    assert result.structured_content["outcome"].endswith(
        f"It tried on the network what it may not and was stopped. No change was kept. On the network it tried, and was refused: {said}."
    )
    assert not (at.workspace / "out.txt").exists()
    kinds = dict(await ledger(at, parked.structured_content["case"]))
    assert kinds["run.ended"]["ending"] == "refused"
    assert said in str(kinds["case.closed"]["diverged"])


async def test_the_policies_of_the_moment_are_asked_for_each_request(tmp_path: Path) -> None:
    async with web() as server:
        at = await place(tmp_path, server, policy=PERMIT.format(port=server.port))
        code = (
            f"import urllib.request, time\nurl = 'http://127.0.0.1:{server.port}/'\nprint(urllib.request.urlopen(url).read().decode())\n"
            "for _ in range(80):\n    time.sleep(0.1)\n    try: urllib.request.urlopen(url)\n"
            "    except OSError as e: print(e); break"
        )
        async with compose.open_engine(config.load(at.toml), runs=True) as engine:
            case = await engine.submit(Submission(agent="claude", language="python", code=code))
            assert case.stage is Stage.RUNNING, "permitted as it stands: nobody needs to approve it"
            await asyncio.wait_for(server.asked.wait(), 20)
            (at.toml.parent / "policies" / "team.cedar").write_text(FORBID)
            await engine.refresh_policies()
            done = await engine.settled(case.id, 30)
    assert done.execution is not None
    assert done.execution.stdout.startswith("GET / \nHTTP Error 403"), done.execution
    assert "not-any-more" in done.execution.stdout
    assert "not-any-more" in done.outcome


@pytest.mark.parametrize("named", [True, False])
async def test_a_private_address_needs_the_configuration_besides_the_approval(tmp_path: Path, named: bool) -> None:
    async with web() as server:
        at = await place(tmp_path, *([server] if named else []), policy=PERMIT.format(port=server.port))
        code = f"import urllib.request\nprint(urllib.request.urlopen('http://127.0.0.1:{server.port}/x').read().decode())"
        async with compose.open_engine(config.load(at.toml), runs=True) as engine:
            case = await engine.submit(Submission(agent="claude", language="python", code=code))
            done = await engine.settled(case.id, 30)
    assert (done.stage is Stage.DONE) is named, done.outcome
    assert bool(server.seen) is named
    assert ("allow_private" in done.outcome) is not named
