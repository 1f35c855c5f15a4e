"""`guard serve` as an AI client meets it: the same suite on every transport and in both eras, on real parts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest
from mcp.client import Client
from mcp.shared.exceptions import MCPError

from guard import config
from guard.cli import compose
from guard.hash_chain import verify
from guard.model import FINAL, Stage
from tests.e2e.serving import PERSON, Face, Place, approve, desk, listening, make, register, reject, text

LEGACY, MODERN = "legacy", "2026-07-28"
FACES = [("stdio", LEGACY), ("stdio", MODERN), ("http", LEGACY), ("http", MODERN)]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Face]]:
    """One place for all clients over stdio, one with a server that listens."""
    apart, listened = (asyncio.run(register(make(tmp_path_factory.mktemp(name) / "guard"))) for name in ("stdio", "http"))
    with listening(listened) as url:
        yield {"stdio": Face(place=apart, era=""), "http": Face(place=listened, era="", url=url)}


@pytest.fixture(params=FACES, ids=["-".join(face) for face in FACES])
def face(request: pytest.FixtureRequest, places: dict[str, Face]) -> Face:
    transport, era = request.param
    return Face(place=places[transport].place, url=places[transport].url, era=era)


async def test_a_harmless_program_runs_at_once_and_its_output_comes_back(face: Face) -> None:
    code = "import sys\nprint(open('a.txt').read().strip() + '!')\nprint('careful', file=sys.stderr)"
    async with face.client() as client:
        result = await client.call_tool("execute", {"code": code, "intent": "look"})
    facts = result.structured_content
    assert not result.is_error
    assert result.content[0].text == "first!\n"
    assert "[stderr]\ncareful" in text(result)
    assert (facts["stage"], facts["exit_code"], facts["stdout"], facts["verdict"]) == ("done", 0, "first!\n", "allow")


async def test_a_harmless_program_that_fails_says_how(face: Face) -> None:
    async with face.client() as client:
        result = await client.call_tool("execute", {"code": "print(6 * 7)\nraise SystemExit(3)"})
    assert result.is_error
    assert result.structured_content["exit_code"] == 3
    assert "42" in text(result)
    assert "No change was kept" in text(result)


async def test_a_parked_program_is_told_at_once_and_its_result_is_fetched_after_approval(face: Face) -> None:
    target = face.place.workspace / f"made-{face.era}-{bool(face.url)}.txt"
    async with face.client() as client:
        parked = await client.call_tool("execute", {"code": f"open('{target.name}', 'w').write('kept')\nprint('said ' + 'this')"})
        facts = parked.structured_content
        assert parked.is_error
        assert facts["stage"] == "waiting"
        assert "it is parked" in text(parked)
        assert facts["ticket"] in text(parked)
        assert "said this" not in text(parked) + json.dumps(facts)
        assert not target.exists()
        looked = await client.call_tool("guard_status", {"ticket": facts["ticket"]})
        assert looked.structured_content == facts
        waited = await client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 0.2})
        assert waited.is_error
        assert waited.structured_content["stage"] == "waiting"

        wait = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approve(face.place, facts["case"])
        result = await wait
        assert not result.is_error, text(result)
        assert result.structured_content["stdout"] == "said this\n"
        assert result.structured_content["changed"] == [{"kind": "created", "path": target.name}]
        assert target.read_text() == "kept"
        again = await client.call_tool("guard_wait", {"ticket": facts["ticket"]})
        assert again.structured_content == result.structured_content


async def test_a_result_approved_while_nobody_was_connected_is_kept(face: Face) -> None:
    name = f"later-{face.era}.txt"
    async with face.client() as client:
        parked = await client.call_tool("execute", {"code": f"open('{name}', 'w').write('x')\nprint('later')"})
    await approve(face.place, parked.structured_content["case"])
    async with face.client() as client:
        result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert not result.is_error, text(result)
    assert result.content[0].text == "later\n"
    assert (face.place.workspace / name).read_text() == "x"


async def test_a_rejection_reaches_the_model_in_quotes(face: Face) -> None:
    async with face.client() as client:
        parked = await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})
        await reject(face.place, parked.structured_content["case"], "append instead")
        result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert result.is_error
    assert "A person rejected case" in text(result)
    assert "“append instead”" in text(result)
    assert not (face.place.workspace / "b.txt").exists()


async def test_a_question_ends_the_wait_early_and_the_answer_reaches_the_people(face: Face) -> None:
    async with face.client() as client:
        parked = await client.call_tool("execute", {"code": "open('q.txt', 'w').write('x')"})
        ticket, case = parked.structured_content["ticket"], int(parked.structured_content["case"])
        wait = asyncio.create_task(client.call_tool("guard_wait", {"ticket": ticket, "timeout": 40}))
        async with desk(face.place) as at:
            assert (await at.ask(case, person=PERSON, text="why q.txt?")).refused is None
        asked = await asyncio.wait_for(wait, 20)
        assert asked.structured_content["asked"] == ["why q.txt?"]
        assert "A person asks about case" in text(asked)
        looked = await client.call_tool("guard_status", {"ticket": ticket})
        assert looked.structured_content["asked"] == ["why q.txt?"]
        kept = await client.call_tool("guard_answer", {"ticket": ticket, "text": "the user asked \u202e for it"})
        assert not kept.is_error
        assert kept.structured_content["stage"] == "waiting"
        again = await client.call_tool("guard_answer", {"ticket": ticket, "text": "trust me"})
        assert again.is_error
        assert "Nobody has asked anything" in text(again)
        await reject(face.place, str(case), "no")
        late = await client.call_tool("guard_answer", {"ticket": ticket, "text": "please"})
        assert "It waits no longer for people" in text(late)
    async with desk(face.place) as at:
        assert [said.text for said in (await at.case(case)).exchange] == ["why q.txt?", "the user asked \u202e for it"]


async def test_a_forbidden_program_is_denied_by_the_policys_name_alone(face: Face) -> None:
    async with face.client() as client:
        result = await client.call_tool("execute", {"code": "import os\nos.remove('vault.txt')"})
    assert result.is_error
    assert result.structured_content["stage"] == "denied"
    assert "no approval can change that" in text(result)
    assert "secret reasons" not in text(result) + json.dumps(result.structured_content)
    assert (face.place.workspace / "vault.txt").exists()


async def test_a_ticket_of_another_agent_is_answered_like_one_that_does_not_exist(face: Face) -> None:
    async with face.client() as client:
        parked = await client.call_tool("execute", {"code": "open('c.txt', 'w').write('x')"})
        ticket = parked.structured_content["ticket"]
        unknown = [await client.call_tool(tool, {"ticket": "A" * len(ticket)}) for tool in ("guard_status", "guard_wait")]
        unknown.append(await client.call_tool("guard_answer", {"ticket": "A" * len(ticket), "text": "x"}))
    async with face.client(agent="other") as client:
        foreign = [await client.call_tool(tool, {"ticket": ticket}) for tool in ("guard_status", "guard_wait")]
        foreign.append(await client.call_tool("guard_answer", {"ticket": ticket, "text": "x"}))
    assert [(r.is_error, r.content, r.structured_content) for r in foreign] == [
        (r.is_error, r.content, r.structured_content) for r in unknown
    ]
    assert "There is no case with this ticket" in text(foreign[0])


WRONG = [
    ("execute", {}, "'code' is missing"),
    ("execute", {"code": "print(1)", "approved": True}, "unknown argument 'approved'"),
    ("execute", {"code": 5}, "'code' must be a string"),
    ("execute", {"code": "#" * (1 << 20) + "\n"}, "at most 1,048,576"),
    ("execute", {"code": "x = '" + "a" * 10_000_000 + "'"}, "'code' has 10,000,006 bytes"),
    ("guard_wait", {"ticket": "t", "timeout": "soon"}, "'timeout' must be a number"),
    ("guard_status", {"ticket": ""}, "'ticket' must not be empty"),
]


async def test_wrong_arguments_are_refused_by_name_and_make_no_case(face: Face) -> None:
    before = await _count(face.place)
    async with face.client() as client:
        for tool, arguments, says in WRONG:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert says in text(result)
    assert await _count(face.place) == before


async def test_an_unknown_tool_is_an_error_of_the_protocol(face: Face) -> None:
    async with face.client() as client:
        with pytest.raises(MCPError, match="There is no tool 'approve'"):
            await client.call_tool("approve", {"case": 1})
        assert {tool.name for tool in (await client.list_tools()).tools} == {"execute", "guard_status", "guard_wait", "guard_answer"}


async def test_twenty_calls_at_once_each_get_their_own_answer(face: Face) -> None:
    async with face.client() as client:
        results = await asyncio.gather(*(client.call_tool("execute", {"code": f"print({n} * 1000)"}) for n in range(20)))
    assert [r.content[0].text for r in results] == [f"{n * 1000}\n" for n in range(20)]
    assert len({r.structured_content["ticket"] for r in results}) == 20


async def test_a_call_that_is_given_up_leaves_its_program_and_its_result(face: Face) -> None:
    before = await _count(face.place)
    async with face.client() as client:
        call = asyncio.create_task(client.call_tool("execute", {"code": "import time\ntime.sleep(2)\nprint('to the end')"}))
        number = await _next(face.place, before)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with desk(face.place) as at:
            case = await at.case(number)
        result = await client.call_tool("guard_wait", {"ticket": case.ticket, "timeout": 40})
    assert not result.is_error, text(result)
    assert result.content[0].text == "to the end\n"


async def test_the_start_of_a_listening_guard_is_in_the_ledger(places: dict[str, Face]) -> None:
    async with desk(places["http"].place) as at:
        records = [json.loads(entry.body) async for entry in at.store.entries()]
    (started,) = [record["data"] for record in records if record["kind"] == "guard.started" and record["data"]["transport"] == "http"]
    assert (started["agent"], started["token"]) == ("claude", True)


@pytest.mark.parametrize("over", ["stdio", "http"])
async def test_a_case_that_nobody_answers_expires_and_that_is_no_refusal(tmp_path: Path, over: str) -> None:
    place = await register(make(tmp_path / "guard", wait_seconds=2))
    async with only(place, over) as client:
        parked = await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})
        result = await client.call_tool("guard_wait", {"ticket": parked.structured_content["ticket"], "timeout": 40})
    assert result.is_error
    assert result.structured_content["stage"] == "expired"
    assert "This is not a refusal" in text(result)


@pytest.mark.parametrize("over", ["stdio", "http"])
async def test_with_nobody_to_ask_a_park_is_a_denial_that_says_so(tmp_path: Path, over: str) -> None:
    place = await register(make(tmp_path / "guard", on_park="deny"))
    async with only(place, over) as client:
        tried = await client.call_tool("execute", {"code": "open('b.txt', 'w').write('x')"})
        asked = await client.call_tool("execute", {"code": "import urllib.request\nurllib.request.urlopen('https://example.com')"})
    for result in (tried, asked):
        assert result.is_error
        assert result.structured_content["stage"] == "denied"
    assert "there is nobody to ask here" in text(asked)
    assert "nor by anybody who can be asked here" in text(tried), "which it is would say what the trial did"


async def test_a_client_that_leaves_a_listening_guard_finds_its_result_later(places: dict[str, Face]) -> None:
    for era in (LEGACY, MODERN):
        face = Face(place=places["http"].place, url=places["http"].url, era=era)
        before = await _count(face.place)
        async with face.client() as client:
            call = asyncio.create_task(client.call_tool("execute", {"code": "import time\ntime.sleep(2)\nprint('still there')"}))
            number = await _next(face.place, before)
        await asyncio.gather(call, return_exceptions=True)
        async with desk(face.place) as at:
            ticket = (await at.case(number)).ticket
        async with face.client() as client:
            result = await client.call_tool("guard_wait", {"ticket": ticket, "timeout": 40})
        assert result.content[0].text == "still there\n"


async def test_a_client_that_leaves_during_a_run_leaves_a_case_that_is_over_and_a_ledger_that_verifies(tmp_path: Path) -> None:
    place = make(tmp_path / "guard")
    async with Face(place=place, era=MODERN).client() as client:
        call = asyncio.create_task(client.call_tool("execute", {"code": "import time\ntime.sleep(50)"}))
        number = await _next(place, 0)
    await asyncio.gather(call, return_exceptions=True)
    async with compose.open_store(config.load(place.toml)) as store:
        case = await store.load(number)
        assert case.stage is Stage.INTERRUPTED
        entries = [(entry.seq, entry.body, entry.hash) async for entry in store.entries()]
    assert verify(entries).problem == ""
    kinds = [json.loads(body)["kind"] for _, body, _ in entries]
    assert "box.proved" in kinds
    (started,) = [json.loads(body)["data"] for _, body, _ in entries if json.loads(body)["kind"] == "guard.started"]
    assert (started["transport"], started["agent"], started["token"]) == ("stdio", "claude", False)


@asynccontextmanager
async def only(place: Place, over: str) -> AsyncIterator[Client]:
    """The one client of a place of its own."""
    with listening(place) if over == "http" else nullcontext("") as url:
        async with Face(place=place, era=MODERN, url=url).client() as client:
            yield client


async def _count(place: Place) -> int:
    async with compose.open_store(config.load(place.toml)) as store:
        return len(await store.cases(limit=100_000))


async def _next(place: Place, before: int) -> int:
    """The number of the next case that runs, once it does."""
    async with compose.open_store(config.load(place.toml)) as store:
        seen = 0
        async with asyncio.timeout(30):
            while True:
                seen = await store.wait(seen, 5)
                cases = (await store.cases(limit=100_000))[before:]
                assert not [case for case in cases if case.stage in FINAL]
                if running := [case.id for case in cases if case.stage is Stage.RUNNING]:
                    return running[0]
