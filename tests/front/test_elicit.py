"""A parked call asked about in the AI client: a form through a real client, by `guard wrap` as it is started."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import cast

import pytest
from mcp.types import ElicitResult, InputRequiredResult

from guard.desk import Desk
from guard.front import elicit
from guard.model import Case, Person, Stage
from tests import build
from tests.e2e.serving import PERSON, Place, make, register, text
from tests.e2e.wrapping import LEGACY, MODERN, SERVERS, Front, cases

TAKING = build.world(people=(Person(name=PERSON),), policies=build.policies(packs=("unattended",)))
LOSING = build.case(build.DELETE, facts=build.WRAPPED, at=TAKING)
ERAS = pytest.mark.parametrize("era", [LEGACY, MODERN])
DELETE = "return await call_tool('delete_zone', {'name': 'a.example'})"
EVERYTHING = """
@id("everything")
@why("the guard behind this one decides")
permit (principal, action in Guard::Action::"effect", resource);
"""
APPROVE = {"decision": "approve", "accept": "zones/delete_zone"}


async def asked(place: Place, said: ElicitResult, era: str, code: str = DELETE) -> tuple[list[str], str, Case]:
    """The forms that a client got for one call, what the call was answered with, and its case; `said` is put into every form."""
    forms: list[str] = []

    async def fill(context: object, params: object) -> ElicitResult:
        forms.append(getattr(params, "message", ""))
        return said

    front = Front(place=place, server="codemode.py")
    async with front.client(era, elicitation_callback=fill) as client:
        answer = text(await client.call_tool("execute", {"code": code}))
    (case,) = await cases(place)
    return forms, answer, case


async def never(context: object, params: object) -> ElicitResult:
    raise AssertionError("asked though the call is driven by hand")


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return await register(make(tmp_path / "guard", at_client=PERSON))


@ERAS
async def test_who_sits_at_the_client_can_approve_there_and_the_call_is_answered_with_its_result(place: Place, era: str) -> None:
    (form,), answer, case = await asked(place, ElicitResult(action="accept", content=APPROVE), era)
    assert "deleted a.example" in answer
    assert case.stage is Stage.DONE
    (approval,) = case.approvals
    assert (approval.person, approval.attended) == (PERSON, False)
    assert DELETE in form
    assert "accepts that no backup can be taken" in form


@ERAS
async def test_who_sits_at_the_client_can_say_no(place: Place, era: str) -> None:
    said = ElicitResult(action="accept", content={"decision": "reject", "reason": "Not this zone."})
    _, answer, case = await asked(place, said, era)
    assert case.stage is Stage.REJECTED
    assert "Not this zone." in answer


async def test_a_form_that_is_closed_decides_nothing(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard", at_client=PERSON, wait_seconds=3))
    forms, _, case = await asked(place, ElicitResult(action="cancel"), LEGACY)
    assert len(forms) == 1
    assert case.stage is Stage.EXPIRED


async def test_where_servers_cannot_ask_a_form_that_is_closed_leaves_the_call_parked(place: Place) -> None:
    forms, answer, case = await asked(place, ElicitResult(action="decline"), MODERN)
    assert len(forms) == 1
    assert case.stage is Stage.WAITING
    assert case.ticket in answer


@pytest.mark.parametrize(
    ("state", "said"), [("guard:forged:0", APPROVE), ("of the server", APPROVE), ("{own}", {"decision": "approve"}), ("{own}x", APPROVE)]
)
async def test_a_form_that_is_not_of_this_very_case_decides_nothing(place: Place, state: str, said: dict[str, str]) -> None:
    front = Front(place=place, server="codemode.py")
    arguments = {"code": DELETE}
    async with front.client(MODERN, elicitation_callback=never) as client:
        first = await client.session.call_tool("execute", arguments, allow_input_required=True)
        assert isinstance(first, InputRequiredResult)
        forged = {elicit.FORM: ElicitResult(action="accept", content=dict(said))}
        again = await client.session.call_tool(
            "execute",
            arguments,
            input_responses=forged,
            request_state=state.replace("{own}", first.request_state or ""),
            allow_input_required=True,
        )
    assert not isinstance(again, InputRequiredResult)
    assert "parked" in text(again)
    assert all(case.stage is Stage.WAITING for case in await cases(place))


class Behind(Front):
    """A server behind a guard of its own."""

    @property
    def command(self) -> tuple[str, ...]:
        (inner,) = self.arguments
        wrapped = (sys.executable, str(SERVERS / self.server))
        return ("env", f"GUARD_CONFIG={inner}", sys.executable, "-m", "guard", "wrap", "zones", "--", *wrapped)


@ERAS
async def test_a_guard_behind_guard_asks_the_same_client_by_its_own_form(place: Place, tmp_path: Path, era: str) -> None:
    forms: list[str] = []

    async def fill(context: object, params: object) -> ElicitResult:
        forms.append(getattr(params, "message", ""))
        return ElicitResult(action="accept", content=dict(APPROVE))

    outer = await register(make(tmp_path / "outer"))
    (outer.toml.parent / "policies" / "default.cedar").write_text(EVERYTHING)
    async with Behind(place=outer, server="codemode.py", arguments=(str(place.toml),)).client(era, elicitation_callback=fill) as client:
        answer = text(await client.call_tool("execute", {"code": DELETE}))
    assert "deleted a.example" in answer
    assert len(forms) == 1
    (case,) = await cases(place)
    assert (case.stage, len(case.approvals)) == (Stage.DONE, 1)
    assert all(not case.approvals for case in await cases(outer))


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"decision": "approve"},
        {"decision": "approve", "accept": "something else"},
        {"decision": "yes"},
        {"accept": "/work/project/a.txt"},
    ],
)
async def test_a_form_filled_in_otherwise_than_asked_decides_nothing(content: object) -> None:
    nobody = cast("Desk", None)  # not even asked
    assert await elicit.take(nobody, LOSING, PERSON, {"action": "accept", "content": content}) is None


@pytest.mark.parametrize(
    ("changed", "person", "pack"),
    [
        ({}, "", True),
        ({}, "stranger", True),
        ({}, PERSON, False),
        ({"code": "1  # \u202e"}, PERSON, True),
        ({"code": "1" * 4001}, PERSON, True),
        ({"arguments": '{"code": "x", "account": "\u202e"}'}, PERSON, True),
        ({"extra": '{"_meta":{"account":"production"}}'}, PERSON, True),
    ],
)
def test_nobody_is_asked_there_unless_all_of_it_holds(changed: dict[str, str], person: str, pack: bool) -> None:
    assert elicit.asks(LOSING, PERSON, TAKING)
    world = TAKING if pack else build.world(people=TAKING.people)
    case = dataclasses.replace(LOSING, submission=dataclasses.replace(LOSING.submission, **changed))
    assert not elicit.asks(case, person, world)


def test_the_form_shows_all_that_is_sent() -> None:
    sent = dataclasses.replace(LOSING.submission, arguments=json.dumps({"code": LOSING.submission.code, "account": "production"}))
    shown = elicit.form(dataclasses.replace(LOSING, submission=sent))["message"]
    assert LOSING.submission.code in shown
    assert '"account": "production"' in shown
