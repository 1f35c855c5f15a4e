"""One connection to a server that misbehaves: the call says what happened, other calls are unharmed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from guard.errors import NotForwarded, UpstreamError
from guard.upstream import link as links
from guard.upstream import notices, stdio
from guard.upstream.link import Link
from guard.upstream.target import Target
from tests.upstream.serving import listening

STUB = Path(__file__).parent / "servers" / "stub.py"
INTRODUCTION = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}


class Client:
    """`notices.Caller` that keeps what it hears."""

    def __init__(self, *, token: str | None = None) -> None:
        self.token, self.id = token, 7
        self.heard: list[tuple[str, Mapping[str, Any] | None]] = []
        self.asked: list[str] = []

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        self.asked.append(method)
        return {"action": "decline"}

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        self.heard.append((method, params))


def target(*command: str) -> Target:
    return Target(name="files", command=command or (sys.executable, str(STUB), "ordinary"))


@asynccontextmanager
async def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, audience: Client | None = None) -> AsyncIterator[Link]:
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    link = Link(target(), audience=audience)
    await link.open()
    try:
        await link.request("initialize", INTRODUCTION)
        yield link
    finally:
        await link.close()


def call(path: str, **more: Any) -> dict[str, Any]:
    return {"name": "get_file", "arguments": {"path": path}, **more}


@pytest.mark.parametrize("path", ["plain", "twice", "liar", "garbage"])
async def test_answers_given_twice_or_to_nobody_and_lines_that_are_no_messages_are_passed_over(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        for _ in range(2):
            result = await link.request("tools/call", call(path))
            assert result["content"][0]["text"] == f'{{"path": "{path}"}}'


async def test_fields_that_nobody_knows_come_through_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        result = await link.request("tools/call", call("plain"))
        assert result["vendorResult"] == {"a": None}
        assert result["content"][0]["vendorField"] == 1
        assert (await link.request("tools/list", None))["vendorList"] is True


async def test_an_answer_that_cannot_be_read_leaves_the_call_unknown_and_nobody_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        with pytest.raises(UpstreamError, match="not a JSON-RPC response"):
            await asyncio.wait_for(link.request("tools/call", call("no-result")), 10)
        assert (await link.request("tools/call", call("plain")))["content"]


async def test_an_error_of_the_server_keeps_its_code_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        with pytest.raises(MCPError) as raised:
            await link.request("tools/call", call("error"))
        assert (raised.value.error.code, raised.value.error.data) == (-32050, {"vendor": 1})


async def test_an_error_under_the_number_of_a_closed_connection_is_the_servers_own_and_the_connection_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        with pytest.raises(MCPError, match="Bad Request"):
            await link.request("tools/call", call("refuse"))
        assert (await link.request("tools/call", call("plain")))["content"]


async def test_an_http_error_without_a_message_in_it_leaves_the_call_unknown_and_the_connection_usable() -> None:
    gateways = iter([True, False])

    async def app(scope: Any, receive: Any, send: Any) -> None:
        gateway = next(gateways)
        body = b"bad" if gateway else b'{"jsonrpc": "2.0", "id": 2, "result": {"content": []}}'
        kind = b"text/plain" if gateway else b"application/json"
        await send({"type": "http.response.start", "status": 502 if gateway else 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    async with listening(app=app) as url:
        link = Link(Target(name="files", url=url))
        await link.open()
        with pytest.raises(UpstreamError, match="did not answer"):
            await link.request("tools/call", call("plain"))
        assert await link.request("tools/call", call("plain")) == {"content": []}
        await link.close()


async def test_a_message_without_end_ends_the_connection_and_the_call_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdio, "LONGEST_MESSAGE", 4 << 20)
    async with connected(tmp_path, monkeypatch) as link:
        with pytest.raises(UpstreamError, match="did not answer: Connection closed"):
            await asyncio.wait_for(link.request("tools/call", call("endless")), 20)
        assert not link.alive


async def test_five_megabytes_come_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        assert len((await link.request("tools/call", call("large")))["content"][0]["text"]) == 5 << 20


async def test_a_server_that_dies_makes_every_call_in_flight_unknown_and_later_ones_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, monkeypatch) as link:
        with pytest.raises(UpstreamError) as raised:
            await asyncio.wait_for(link.request("tools/call", call("die")), 10)
        assert not isinstance(raised.value, NotForwarded)
        await asyncio.wait_for(link.ended.wait(), 10)
        with pytest.raises(NotForwarded):
            await link.request("tools/call", call("plain"))


async def test_a_question_goes_to_the_one_client_of_the_connection_and_to_nobody_if_it_could_be_anybodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    async with connected(tmp_path, monkeypatch, client) as link:
        await link.request("tools/call", call("ask"), client)
        await asyncio.wait_for(link.request("tools/list", None), 10)
    assert client.asked == ["elicitation/create"]


TALKER = """
import json, sys
say = lambda **message: print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
for line in sys.stdin:
    heard = json.loads(line)
    open(sys.argv[1], "a").write(line)
    if heard.get("method") == "ask":
        say(id="q", method="elicitation/create")
        if heard["params"].get("then") != "wait":
            say(method="notifications/cancelled", params={"requestId": "q"})
        say(id=heard["id"], result={})
    elif heard.get("method") == "pester":
        for number in range(200):
            say(id=f"q{number % 100}", method="elicitation/create")
        say(id=heard["id"], result={})
    elif heard.get("method") == "count":
        for number in range(3):
            say(method="notifications/progress", params={"progressToken": heard["params"]["_meta"]["progressToken"], "progress": number})
        say(id=heard["id"], result={})
    elif heard.get("method") in ("wait", "notifications/cancelled"):
        say(method="notifications/message", params={"heard": heard["method"]})
"""


@asynccontextmanager
async def talking(heard: Path, audience: Client | None) -> AsyncIterator[Link]:
    """A connection to a server that writes down what it hears."""
    link = Link(target(sys.executable, "-c", TALKER, str(heard)), audience=audience)
    await link.open()
    try:
        yield link
    finally:
        await link.close()


async def test_a_question_that_the_server_takes_back_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_back = asyncio.Event()

    async def ask(method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            await asyncio.wait_for(asyncio.Event().wait(), 10)
        except asyncio.CancelledError:
            taken_back.set()
            raise
        return {"action": "accept"}

    client = Client()
    monkeypatch.setattr(client, "ask", ask)
    async with talking(tmp_path / "heard", client) as link:
        await link.request("ask", {}, client)
        await asyncio.wait_for(taken_back.wait(), 10)
        await link.request("ask", {}, client)
    assert '"q"' not in (tmp_path / "heard").read_text()


async def test_a_flood_of_questions_is_bounded_and_the_call_beside_it_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, asked = Client(), []
    answers = asyncio.Event()

    async def ask(method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        asked.append(method)
        await answers.wait()
        return {"action": "decline"}

    monkeypatch.setattr(client, "ask", ask)
    monkeypatch.setattr(links, "MOST_QUESTIONS", 50)
    async with talking(tmp_path / "heard", client) as link:
        for _ in range(2):  # what is open stays so
            await asyncio.wait_for(link.request("pester", {}, client), 20)
        assert len(asked) == 50
        answers.set()
        await asyncio.wait_for(link.request("ask", {}, client), 20)


async def test_a_question_that_cannot_be_put_is_an_error_to_the_server_and_nothing_to_the_calls_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        raise OSError("the client's stream is closed")

    client = Client()
    monkeypatch.setattr(client, "ask", ask)
    async with talking(tmp_path / "heard", client) as link:
        for _ in range(2):
            await asyncio.wait_for(link.request("ask", {"then": "wait"}, client), 10)
        await link.request("ask", {}, client)
        assert link.alive
    answers = [heard for line in (tmp_path / "heard").read_text().splitlines() if "error" in (heard := json.loads(line))]
    assert {(answer["id"], answer["error"]["message"]) for answer in answers} == {("q", "The client could not be asked.")}


async def test_a_server_is_told_that_a_request_is_cancelled_and_which_one(tmp_path: Path) -> None:
    client = Client()
    async with talking(tmp_path / "heard", client) as link:
        asking = asyncio.create_task(link.request("wait", {}, client))
        for told in (1, 2):
            async with asyncio.timeout(10):
                while len(client.heard) < told:
                    await asyncio.sleep(0.01)
            asking.cancel()
        await asyncio.wait([asking])
        assert asking.cancelled()
    *_, last = (tmp_path / "heard").read_text().splitlines()
    assert json.loads(last)["params"]["requestId"] == 1


async def test_a_client_that_does_not_read_holds_up_its_own_answer_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, free = Client(token="same"), Client(token="same")
    reads = asyncio.Event()

    async def tell(method: str, params: Mapping[str, Any] | None) -> None:
        await reads.wait()
        stuck.heard.append((method, params))

    monkeypatch.setattr(stuck, "tell", tell)
    monkeypatch.setattr(notices, "LONGEST_TELLING", 60.0)
    async with talking(tmp_path / "heard", None) as link:
        params = {"_meta": {"progressToken": "same"}}
        slow = asyncio.create_task(link.request("count", params, stuck))
        await asyncio.wait_for(link.request("count", params, free), 20)
        assert not slow.done()
        reads.set()
        await asyncio.wait_for(slow, 20)
    counted = [("notifications/progress", {"progressToken": "same", "progress": number}) for number in range(3)]
    assert stuck.heard == free.heard == counted  # also what waited when the answer came


async def test_an_answer_that_came_is_not_lost_because_the_client_never_reads_what_came_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Client(token="same")

    async def tell(method: str, params: Mapping[str, Any] | None) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(stuck, "tell", tell)
    monkeypatch.setattr(notices, "LONGEST_TELLING", 60.0)
    monkeypatch.setattr(links, "LONGEST_TELLING", 0.05)
    async with talking(tmp_path / "heard", None) as link:
        assert await asyncio.wait_for(link.request("count", {"_meta": {"progressToken": "same"}}, stuck), 20) is not None


async def test_a_command_that_cannot_be_started_is_said_and_nothing_was_forwarded() -> None:
    with pytest.raises(NotForwarded, match="cannot be started.*Check the command"):
        await Link(target("/nowhere/at/all")).open()


async def test_the_server_and_all_that_it_started_are_gone_when_the_connection_is_closed(tmp_path: Path) -> None:
    marks = tmp_path / "pids"
    script = f"sleep 1000 & echo $! >> {marks}; echo $$ >> {marks}; trap '' TERM; cat > /dev/null; sleep 1000"
    link = Link(target("/bin/sh", "-c", script))
    await link.open()
    async with asyncio.timeout(10):
        while not marks.exists() or len(marks.read_text().split()) < 2:
            await asyncio.sleep(0.01)
    await link.close()
    for pid in map(int, marks.read_text().split()):
        status = Path(f"/proc/{pid}/stat")
        assert not status.exists() or status.read_text().split()[2] == "Z"


async def test_connections_that_are_closed_leave_nothing_behind() -> None:
    before = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
    for _ in range(20):
        link = Link(target("/bin/cat"))
        await link.open()
        await link.close()
    assert (len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())) == before
