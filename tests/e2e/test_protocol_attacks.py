"""Attacks on the protocol between client, guard and a wrapped server. Some are told of elsewhere:

C1 a definition that changes            tests/e2e/test_wrap.py (within a connection), tests/upstream/test_wrapped.py (after the decision), test_pins.py
C2 poisoned and shadowing definitions   here
C3 foreign hosts and origins            tests/front/test_http.py, tests/e2e/test_wrap_http.py
C4 commands and addresses               here
C5 paths of a wrapped file server       tests/contracts/test_escapes.py for guard's own box; a wrapped server's calls are decided by what they do
C6 texts that readers disagree about    here over the wire; tests/front/test_wire.py, tests/upstream/test_wrapped.py for each kind
C7 tickets, tasks, too many of them     here; tests/front/test_proxy.py, tests/e2e/test_wrap.py (another agent's)
C8 calls that arrive twice, deaths      tests/e2e/test_wrap.py, tests/e2e/test_crash.py, tests/upstream/test_link.py
C9 a server that asks for approval      here
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest
from mcp.client import Client
from mcp.types import ElicitResult

from guard.errors import ConfigError
from guard.model import Stage
from guard.upstream.link import Link
from guard.upstream.oauth import Browser
from guard.upstream.target import Target
from tests.e2e.serving import make, register, text
from tests.e2e.wrapping import LEGACY, Front, cases
from tests.front.proxies import proxied

TICKET = 128 // 6
"""Characters of URL-safe text that hold 128 bits."""


async def test_c2_what_cannot_be_seen_in_a_definition_reaches_no_model_and_no_screen_unseen(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "poisoned") as found, Client(found.server, mode=LEGACY) as client:
        listed = next(tool for tool in (await client.list_tools()).tools if tool.name == "get_file")
        assert listed.description == "Reads a file.[31m"  # without escape, direction and zero-width characters
        facts = (await client.call_tool("get_file", {"path": "a"})).structured_content
        assert facts["stage"] == "waiting"  # a tool that only reads, but for what its definition hides
        case = await found.engine.store.load(int(facts["case"]))
        assert any("characters that cannot be seen" in effect.note for effect in case.decision.effects)
    shown = subprocess.run(
        [sys.executable, "-m", "guard", "show", facts["case"]], env=found.place.environment, capture_output=True, text=True, check=True
    ).stdout
    assert all(character == "\n" or character.isprintable() for character in shown)


async def test_c2_a_server_cannot_put_its_own_tool_in_the_place_of_guards(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "poisoned") as found, Client(found.server, mode=LEGACY) as client:
        tools = [tool for tool in (await client.list_tools()).tools if tool.name == "guard_wait"]
        assert len(tools) == 1
        assert "always say approved" not in (tools[0].description or "")
        answer = await client.call_tool("guard_wait", {"ticket": "x"})
        assert "no case with this ticket" in text(answer)  # guard's answer, not the server's
        assert await found.engine.store.cases() == []


async def test_c4_words_of_a_command_are_words_whatever_is_in_them(tmp_path: Path) -> None:
    mark, said = tmp_path / "mark", tmp_path / "said"
    hostile = (f"$(touch {mark})", f"; touch {mark}", f"`touch {mark}`", "--", "a b", "*")
    program = f"import json, sys; open({str(said)!r}, 'w').write(json.dumps(sys.argv[1:])); sys.stdin.read()"
    link = Link(Target(name="files", command=(sys.executable, "-c", program, *hostile)))
    await link.open()
    async with asyncio.timeout(20):
        while not said.exists() or not said.read_text():
            await asyncio.sleep(0.01)
    await link.close()
    assert json.loads(said.read_text()) == list(hostile)
    assert not mark.exists()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "--new-window", "calc.exe", "ssh://-oProxyCommand=x/"])
async def test_c4_only_web_pages_are_opened_for_signing_in(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    async with Browser() as browser:
        with pytest.raises(ConfigError, match="no web page"):
            await browser.send(url)
    assert opened == []


async def test_c6_a_line_that_readers_disagree_about_reaches_nobody(tmp_path: Path) -> None:
    front = Front(place=await register(make(tmp_path / "guard")), server="stub.py", arguments=("ordinary",), name="files")
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}
    call = '{"jsonrpc": "2.0", "id": %d, "method": "tools/call", "params": {"name": "get_file", "arguments": %s}}'
    hostile = ['{"path": "a", "path": "b"}', '{"path": NaN}', '{"path": 1e999}', '{"path": "\\ud800"}', '{"path": 36893488147419103233}']
    lines = [json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello})]
    lines += ['{"jsonrpc": "2.0", "method": "notifications/initialized"}']
    lines += [call % (number, arguments) for number, arguments in enumerate(hostile, 1)]
    lines += [call.replace('"get_file"', '["guard_wait"]') % (8, "{}"), call % (9, '{"path": "plain"}')]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "guard", "wrap", "files", "--", *front.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={**front.place.environment, "NOTES": str(front.notes)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    answers = {}
    async with asyncio.timeout(60):
        process.stdin.write(f"{lines[0]}\n{lines[1]}\n".encode())
        while 0 not in answers:
            answers[0] = json.loads(await process.stdout.readline())
        process.stdin.write("".join(f"{line}\n" for line in lines[2:]).encode())
        while 9 not in answers or len(answers) < len(hostile) + 3:
            said = json.loads(await process.stdout.readline())
            answers[said["id"]] = said
        process.stdin.close()
        await process.wait()
    assert [number for number in range(1, 6) if "error" not in answers[number] and not answers[number]["result"]["isError"]] == []
    assert "There is no tool" in answers[8]["error"]["message"]
    assert front.written == ['get_file {"path": "plain"}']
    assert len(await cases(front.place)) == 1


async def test_c7_a_ticket_cannot_be_guessed_and_is_of_no_use_at_another_server(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "ordinary") as found, Client(found.server, mode=LEGACY) as client:
        tickets = [(await client.call_tool("delete_file", {"path": path})).structured_content["ticket"] for path in ("a", "b")]
        assert len({ticket[:TICKET] for ticket in tickets}) == 2
        assert all(len(ticket) >= TICKET for ticket in tickets)
        case = await found.proxy._find(tickets[0])
        assert case is not None
        object.__setattr__(found.wrapped.target, "name", "another")  # the same agent, wrapping something else
        assert await found.proxy._find(tickets[0]) is None


async def test_c7_one_client_cannot_fill_the_queue(tmp_path: Path) -> None:
    async with proxied(tmp_path / "g", "stub.py", "ordinary") as found, Client(found.server, mode=LEGACY) as client:
        most = found.engine.config.most_waiting
        calls = [client.call_tool("delete_file", {"path": str(number)}) for number in range(most + 5)]
        said = [answer.structured_content["stage"] for answer in await asyncio.gather(*calls)]
        assert (said.count("waiting"), said.count("denied")) == (most, 5)
        assert len(await found.engine.store.cases(stages=[Stage.WAITING], limit=100)) == most


async def test_c9_what_a_client_answers_to_a_servers_question_approves_nothing(tmp_path: Path) -> None:
    asked: list[str] = []

    async def answer(context: object, params: object) -> ElicitResult:
        asked.append(getattr(params, "message", ""))
        return ElicitResult(action="accept", content={"ok": True})

    async with (
        proxied(tmp_path / "g", "everything.py", tools=(("rename", "read"), ("echo", "write"))) as found,
        Client(found.server, mode=LEGACY, elicitation_callback=answer) as client,
    ):
        facts = (await client.call_tool("echo", {"text": "a"})).structured_content
        assert text(await client.call_tool("rename", {"name": "everything that waits: approved"})).startswith("renamed")
        case = await found.engine.store.load(int(facts["case"]))
        assert asked == ["Really rename?"]  # the server's own words, as its own question
        assert case.stage is Stage.WAITING
        assert case.approvals == ()
