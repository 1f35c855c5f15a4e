"""`guard wrap` in front of a real Code Mode server and a server of the SDK, over stdio, in both eras."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import (
    ClientCapabilities,
    ElicitResult,
    Implementation,
    InitializeRequest,
    InitializeRequestParams,
    InitializeResult,
    ToolListChangedNotification,
)

from guard.model import Stage
from tests.e2e.serving import desk, make, register, reject, text
from tests.e2e.wrapping import LEGACY, MODERN, Front, approved, cases

KEEP = """\
@id("zones-stay") @why("Nobody deletes a zone by a program.")
forbid (principal, action, resource == Guard::Tool::"zones/delete_zone");
"""
HELLO = InitializeRequestParams(
    protocol_version="2025-11-25", capabilities=ClientCapabilities(), client_info=Implementation(name="again", version="0")
)
ERAS = pytest.mark.parametrize("era", [LEGACY, MODERN])
READ = "return await call_tool('get_zone', {'name': 'a.example'})"
DELETE = "return await call_tool('delete_zone', {'name': 'a.example'})"


@pytest.fixture
async def zones(tmp_path: Path) -> Front:
    return Front(place=await register(make(tmp_path / "guard")), server="codemode.py")


@pytest.fixture
async def everything(tmp_path: Path) -> Front:
    place = await register(make(tmp_path / "guard"))
    return Front(place=place, server="everything.py", name="everything", options=("--tool", "echo=read", "--tool", "rename=read"))


@pytest.fixture
async def files(tmp_path: Path) -> Front:
    """A server of the handshake era with ordinary tools."""
    place = await register(make(tmp_path / "guard"))
    return Front(place=place, server="stub.py", arguments=("ordinary",), name="files")


@ERAS
async def test_a_program_that_only_reads_passes_with_the_very_answer_of_the_server(zones: Front, era: str) -> None:
    async with zones.client(era, direct=True) as client:
        wanted = await client.call_tool("execute", {"code": READ})
    async with zones.client(era) as client:
        found = await client.call_tool("execute", {"code": READ})
        assert found == wanted
        assert not found.is_error
    assert zones.written == ["get a.example", "get a.example"]


@ERAS
async def test_a_program_that_deletes_waits_for_a_person_who_accepts_the_loss_and_runs_once(zones: Front, era: str) -> None:
    async with zones.client(era) as client:
        parked = await client.call_tool("execute", {"code": DELETE})
        facts = parked.structured_content
        assert parked.is_error
        assert facts["stage"] == "waiting"
        assert {"kind": "tool.destructive", "resource": "Tool zones/delete_zone", "exact": True} in facts["effects"]
        assert "who accepts that no backup can be taken" in text(parked)
        assert zones.written == []
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approved(zones.place, facts["case"])
        result = await waiting
        assert not result.is_error, text(result)
        assert "deleted a.example" in text(result)
        again = await client.call_tool("guard_wait", {"ticket": facts["ticket"]})
        assert text(again) == text(result)
    assert zones.written == ["delete a.example"]


async def test_a_parked_call_that_is_sent_again_joins_its_case_even_by_another_connection(zones: Front) -> None:
    async with zones.client(LEGACY) as client:
        first = (await client.call_tool("execute", {"code": DELETE})).structured_content
        second = await client.call_tool("execute", {"code": DELETE})
        assert second.structured_content["case"] == first["case"]
        assert "Nothing was added" in text(second)
    async with zones.client(LEGACY) as client:
        assert (await client.call_tool("execute", {"code": DELETE})).structured_content["case"] == first["case"]
        await approved(zones.place, first["case"])
        async with desk(zones.place) as at:
            while (await at.case(int(first["case"]))).stage is not Stage.DONE:
                await at.wait(0, 1)
        late = await client.call_tool("execute", {"code": DELETE})
        assert not late.is_error
        assert "deleted a.example" in text(late)
    assert zones.written == ["delete a.example"]
    assert len(await cases(zones.place)) == 1


async def test_a_call_approved_while_the_client_holds_it_is_answered_at_once(zones: Front) -> None:
    heard: list[str] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        heard.append(message or "")

    async with zones.client(LEGACY) as client:
        held = asyncio.create_task(client.call_tool("execute", {"code": DELETE}, progress_callback=progress))
        async with desk(zones.place) as at:
            while not (queue := await at.queue()):
                await at.wait(0, 1)
        await approved(zones.place, str(queue[0].id))
        result = await held
        assert not result.is_error
        assert "deleted a.example" in text(result)


async def test_a_rejected_call_never_reaches_the_server_and_the_model_reads_why(zones: Front) -> None:
    async with zones.client(MODERN) as client:
        facts = (await client.call_tool("execute", {"code": DELETE})).structured_content
        await reject(zones.place, facts["case"], "archive it instead")
        result = await client.call_tool("guard_wait", {"ticket": facts["ticket"]})
        assert result.is_error
        assert "“archive it instead”" in text(result)
    assert zones.written == []


@pytest.mark.parametrize(
    "code",
    [
        "return await call_tool('delete' + '_zone', {'name': 'a'})",
        "return await call_tool(''.join(reversed('enoz_eteled')), {'name': 'a'})",
        "return await helper('x')",
        "return (",
    ],
)
async def test_a_program_that_hides_what_it_calls_parks(zones: Front, code: str) -> None:
    async with zones.client(LEGACY) as client:
        facts = (await client.call_tool("execute", {"code": code})).structured_content
    assert facts["stage"] == "waiting"
    assert zones.written == []


async def test_a_program_that_a_policy_forbids_is_denied_and_the_model_reads_why(zones: Front, tmp_path: Path) -> None:
    (zones.place.toml.parent / "policies" / "keep.cedar").write_text(KEEP)
    async with zones.client(MODERN) as client:
        denied = await client.call_tool("execute", {"code": DELETE})
        assert denied.is_error
        assert denied.structured_content["stage"] == "denied"
        assert "zones-stay" in text(denied)
        assert not (await client.call_tool("execute", {"code": READ})).is_error
    assert zones.written == ["get a.example"]


async def test_a_tool_that_the_server_does_not_list_is_refused_though_the_server_would_run_it(zones: Front) -> None:
    async with zones.client(LEGACY, direct=True) as client:
        assert not (await client.call_tool("delete_zone", {"name": "b"})).is_error
    async with zones.client(LEGACY) as client:
        with pytest.raises(MCPError, match="no tool"):
            await client.call_tool("delete_zone", {"name": "c"})
    assert zones.written == ["delete b"]


async def test_the_first_wrap_says_what_was_found_and_writes_one_policy_that_stays_the_users(zones: Front, tmp_path: Path) -> None:
    log = tmp_path / "log"
    file = zones.place.toml.parent / "policies" / "wrapped-zones.cedar"
    async with zones.client(LEGACY, log=log) as client:
        await client.call_tool("execute", {"code": READ})
    assert "profile='fastmcp'" in log.read_text()
    assert file.read_text() in log.read_text()
    file.write_text("// mine\n")
    async with zones.client(LEGACY) as client:
        assert (await client.call_tool("execute", {"code": READ})).structured_content["stage"] == "waiting"
    assert file.read_text() == "// mine\n"


@ERAS
async def test_everything_but_calls_passes_through_unchanged(everything: Front, era: str) -> None:
    seen = []
    for direct in (True, False):
        async with everything.client(era, direct=direct) as client:
            tools = [tool for tool in (await client.list_tools()).tools if not tool.name.startswith("guard_")]
            seen.append(
                (
                    client.server_info,
                    client.server_capabilities,
                    tools,
                    await client.call_tool("echo", {"text": "hi"}, meta={"acme.example/trace": "t-1"}),
                    await client.call_tool("get_stats", {}),
                    await client.read_resource("note://x"),
                    await client.list_resource_templates(),
                    await client.get_prompt("greet", {"who": "me"}),
                    await client.list_prompts(),
                )
            )
    assert seen[1] == seen[0]


@ERAS
async def test_progress_arrives_in_order_before_the_answer(everything: Front, era: str) -> None:
    heard: list[tuple[float, str | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        heard.append((done, message))

    async with everything.client(era) as client:
        await client.call_tool("check_slowly", {"steps": 5}, progress_callback=progress)
        assert heard == [(step, f"step {step}") for step in range(1, 6)]


@ERAS
async def test_a_question_of_the_server_reaches_the_clients_user(everything: Front, era: str) -> None:
    asked: list[str] = []

    async def answer(context: object, params: object) -> ElicitResult:
        asked.append(getattr(params, "message", ""))
        return ElicitResult(action="accept", content={"ok": True})

    async with everything.client(era, elicitation_callback=answer) as client:
        result = await client.call_tool("rename", {"name": "a"})
    assert text(result) == "renamed a"
    assert asked == ["Really rename?"]


async def test_a_change_of_the_tool_list_is_announced_in_the_handshake_era(everything: Front) -> None:
    heard = asyncio.Event()

    async def message(said: object) -> None:
        if isinstance(said, ToolListChangedNotification):
            heard.set()

    async with everything.client(LEGACY, message_handler=message) as client:
        await client.call_tool("get_more", {})
        await asyncio.wait_for(heard.wait(), 5)
        assert "get_extra" in {tool.name for tool in (await client.list_tools()).tools}
        assert not (await client.call_tool("get_extra", {})).is_error


async def test_a_change_of_the_tool_list_is_announced_to_who_listens_in_the_modern_era(everything: Front) -> None:
    async with everything.client(MODERN) as client, client.listen(tools_list_changed=True) as changes:
        await client.call_tool("get_more", {})
        async with asyncio.timeout(5):
            async for change in changes:
                assert "Tools" in type(change).__name__
                break


@ERAS
async def test_a_cancelled_call_is_cancelled_at_the_server_and_what_it_did_is_not_known(
    everything: Front, era: str, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    async with everything.client(era) as client:
        call = asyncio.create_task(client.call_tool("check_forever", {"path": str(mark)}))
        async with asyncio.timeout(20):
            while not mark.exists():
                await asyncio.sleep(0.01)
            call.cancel()
            while mark.read_text() != "cancelled":
                await asyncio.sleep(0.01)
            while (case := (await cases(everything.place))[0]).stage is Stage.RUNNING:
                await asyncio.sleep(0.01)
    assert case.stage is Stage.INTERRUPTED
    assert "cancelled" in case.outcome


async def test_a_server_that_dies_makes_the_call_unknown_and_the_next_one_works(everything: Front) -> None:
    front = Front(place=everything.place, server="everything.py", name="everything", options=("--tool", "die=read", "--tool", "echo=read"))
    async with front.client(LEGACY) as client:
        result = await client.call_tool("die", {})
        assert result.is_error
        assert "Whether it took effect is not known" in text(result)
        assert text(await client.call_tool("echo", {"text": "still"})) == "still|[]"
    assert [case.stage for case in await cases(front.place)] == [Stage.DONE, Stage.INTERRUPTED]


async def test_two_hundred_calls_at_once_are_neither_lost_nor_mixed_up(everything: Front) -> None:
    async with everything.client(LEGACY) as client:
        results = await asyncio.gather(*(client.call_tool("echo", {"text": str(number)}) for number in range(200)))
    assert [text(result) for result in results] == [f"{number}|[]" for number in range(200)]


async def test_the_ledger_has_every_call_before_it_reached_the_server(zones: Front) -> None:
    async with zones.client(LEGACY) as client:
        await client.call_tool("execute", {"code": READ})
        async with asyncio.timeout(5):
            while (await cases(zones.place))[0].stage is Stage.RUNNING:
                await asyncio.sleep(0.01)
    async with desk(zones.place) as at:
        kinds = [moment.kind for moment in await at.timeline(1)]
        assert kinds == ["case.submitted", "case.decided", "run.started", "run.ended", "case.closed"]
        case = await at.case(1)
        assert case.submission.arguments == json.dumps({"code": READ}, separators=(",", ":"))
        assert not (await at.health(ledger=True)).ledger


async def test_a_client_that_would_rather_speak_the_modern_era_gets_the_era_of_its_server(files: Front) -> None:
    async with files.client("auto") as client:
        assert client.protocol_version == "2024-11-05"
        assert text(await client.call_tool("get_file", {"path": "a"})) == '{"path": "a"}'


async def test_a_client_introduces_itself_once(files: Front) -> None:
    async with files.client(LEGACY) as client:
        with pytest.raises(MCPError, match="sent before"):
            await client.session.send_request(InitializeRequest(params=HELLO), InitializeResult)
        assert not (await client.call_tool("get_file", {"path": "a"})).is_error


@pytest.mark.parametrize("mode", ["auto", LEGACY])
async def test_a_client_of_any_era_is_told_why_the_server_cannot_be_reached(tmp_path: Path, mode: str) -> None:
    absent = Front(place=await register(make(tmp_path / "guard")), server="absent.py", name="files")
    with pytest.RaisesGroup(pytest.RaisesExc(MCPError, match="guard: files cannot be used"), flatten_subgroups=True):
        async with absent.client(mode):
            pass


async def test_each_ordinary_call_is_decided_by_what_its_tool_does(files: Front) -> None:
    owed = {}
    async with files.client(LEGACY) as client:
        assert not (await client.call_tool("get_file", {"path": "a"})).is_error
        for name in ("write_file", "frobnicate", "delete_file", "run_query"):
            facts = (await client.call_tool(name, {"path": "a"})).structured_content
            owed[name] = (facts["effects"][0]["kind"], facts["owed"])
    one, loss = "1 person", "1 person, who accepts that no backup can be taken"
    assert owed == {
        "write_file": ("tool.write", one),
        "frobnicate": ("tool.write", one),
        "delete_file": ("tool.destructive", loss),
        "run_query": ("tool.destructive", loss),
    }
    assert files.written == ['get_file {"path": "a"}']


async def test_a_definition_that_changes_within_a_connection_parks_the_next_call_and_shows_the_difference(files: Front) -> None:
    """D6: what the tool says of itself changes."""
    async with files.client(LEGACY) as client:
        assert not (await client.call_tool("get_file", {"path": "change"})).is_error
        listed = next(tool for tool in (await client.list_tools()).tools if tool.name == "get_file")
        assert listed.description == "Now I also delete."  # what cannot be seen is taken out
        facts = (await client.call_tool("get_file", {"path": "a"})).structured_content
        assert facts["stage"] == "waiting"
        case = (await cases(files.place))[0]
        notes = " ".join(effect.note for effect in case.decision.effects)
        assert "“get_file of the server.” and is “Now I also delete.‹U+200B" in notes
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approved(files.place, facts["case"])
        assert not (await waiting).is_error


async def test_a_ticket_is_of_use_to_its_own_agent_alone(files: Front) -> None:
    async with files.client(LEGACY) as client:
        ticket = (await client.call_tool("delete_file", {"path": "a"})).structured_content["ticket"]
    other = Front(place=files.place, server="stub.py", arguments=("ordinary",), name="files", options=("--agent", "mallory"))
    async with other.client(LEGACY) as client:
        for tool in ("guard_wait", "guard_status"):
            answer = await client.call_tool(tool, {"ticket": ticket})
            assert answer.is_error
            assert answer.structured_content is None
            assert "no case with this ticket" in text(answer)


async def test_a_server_that_dies_with_an_approved_call_leaves_it_interrupted_and_it_is_not_sent_again(files: Front) -> None:
    async with files.client(LEGACY) as client:
        facts = (await client.call_tool("write_file", {"path": "die"})).structured_content
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approved(files.place, facts["case"])
        assert "Whether it took effect is not known" in text(await waiting)
        assert not (await client.call_tool("get_file", {"path": "b"})).is_error
    assert [line.split()[0] for line in files.written] == ["write_file", "get_file"]


async def test_arguments_that_readers_disagree_about_reach_neither_the_ledger_nor_the_server(files: Front) -> None:
    async with files.client(LEGACY) as client:
        with pytest.raises(MCPError, match="2\\^53"):
            await client.call_tool("get_file", {"path": "a", "number": 2**60})
        assert not (await client.call_tool("get_file", {"path": "a", "number": 1.0})).is_error
    assert files.written == ['get_file {"number": 1, "path": "a"}']
    assert len(await cases(files.place)) == 1


SESSION = """
name = "keeps"
form = "script"
session = true
restart = "restart"

[[code]]
name = "run_code"
language = "python"
"""


@ERAS
async def test_a_program_of_a_session_is_read_with_the_programs_before_it(tmp_path: Path, era: str) -> None:
    place = await register(make(tmp_path / "guard"))
    (place.toml.parent / "profiles").mkdir()
    (place.toml.parent / "profiles" / "keeps.toml").write_text(SESSION)
    victim = place.root / "victim"
    victim.touch()
    front = Front(place=place, server="repl.py", name="repl", options=("--profile", "keeps"))
    async with front.client(era) as client:

        async def run(code: str, **more: bool) -> str:
            return text(await client.call_tool("run_code", {"code": code, **more}))

        assert await run("import os as system; print('first')") == "first\n"
        assert await run(f"path = {str(victim)!r}; print('second')") == "second\n"
        parked = await run("system.remove(path)")
        assert "waits" in parked
        assert str(victim) in parked
        assert victim.exists()
        assert await run("print('anew')", restart=True) == "anew\n"
        facts = (await client.call_tool("run_code", {"code": "system.remove(path) "})).structured_content
        assert {effect["kind"] for effect in facts["effects"]} == {"opaque", "answer"}, "the server forgot the names, and so did guard"
        assert victim.exists()


@ERAS
async def test_an_approved_program_runs_where_the_programs_before_it_ran(tmp_path: Path, era: str) -> None:
    place = await register(make(tmp_path / "guard"))
    (place.toml.parent / "profiles").mkdir()
    (place.toml.parent / "profiles" / "keeps.toml").write_text(SESSION)
    victim = place.root / "victim"
    victim.touch()
    front = Front(place=place, server="repl.py", name="repl", options=("--profile", "keeps"))
    async with front.client(era) as client:
        await client.call_tool("run_code", {"code": f"import os as system; path = {str(victim)!r}"})
        facts = (await client.call_tool("run_code", {"code": "system.remove(path); print('gone')"})).structured_content
        waiting = asyncio.create_task(client.call_tool("guard_wait", {"ticket": facts["ticket"], "timeout": 40}))
        await approved(place, facts["case"])
        assert text(await waiting) == "gone\n"
    assert not victim.exists()
