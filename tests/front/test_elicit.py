"""A parked call asked about in the AI client: a form through a real client, by `guard wrap` as it is started."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import cast

import pytest
from mcp.types import ElicitResult

from guard.desk import Desk
from guard.front import elicit
from guard.model import Case, Person, Stage
from tests import build
from tests.e2e.serving import PERSON, Place, make, register, text
from tests.e2e.wrapping import LEGACY, Front, cases

TAKING = build.world(people=(Person(name=PERSON),), policies=build.policies(packs=("unattended",)))
LOSING = build.case(build.DELETE, facts=build.WRAPPED, at=TAKING)
DELETE = "return await call_tool('delete_zone', {'name': 'a.example'})"
APPROVE = {"decision": "approve", "accept": "zones/delete_zone"}


async def asked(place: Place, said: ElicitResult, code: str = DELETE) -> tuple[list[str], str, Case]:
    """The forms that a client got for one call, what the call was answered with, and its case; `said` is put into every form."""
    forms: list[str] = []

    async def fill(context: object, params: object) -> ElicitResult:
        forms.append(getattr(params, "message", ""))
        return said

    front = Front(place=place, server="codemode.py")
    async with front.client(LEGACY, elicitation_callback=fill) as client:
        answer = text(await client.call_tool("execute", {"code": code}))
    (case,) = await cases(place)
    return forms, answer, case


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return await register(make(tmp_path / "guard", at_client=PERSON))


async def test_who_sits_at_the_client_can_approve_there_and_the_call_is_answered_with_its_result(place: Place) -> None:
    (form,), answer, case = await asked(place, ElicitResult(action="accept", content=APPROVE))
    assert "deleted a.example" in answer
    assert case.stage is Stage.DONE
    (approval,) = case.approvals
    assert (approval.person, approval.attended) == (PERSON, False)
    assert DELETE in form
    assert "accepts that no backup can be taken" in form


async def test_who_sits_at_the_client_can_say_no(place: Place) -> None:
    _, answer, case = await asked(place, ElicitResult(action="accept", content={"decision": "reject", "reason": "Not this zone."}))
    assert case.stage is Stage.REJECTED
    assert "Not this zone." in answer


async def test_a_form_that_is_closed_decides_nothing(tmp_path: Path) -> None:
    place = await register(make(tmp_path / "guard", at_client=PERSON, wait_seconds=3))
    forms, _, case = await asked(place, ElicitResult(action="cancel"))
    assert len(forms) == 1
    assert case.stage is Stage.EXPIRED


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
    ],
)
def test_nobody_is_asked_there_unless_all_of_it_holds(changed: dict[str, str], person: str, pack: bool) -> None:
    assert elicit.asks(LOSING, PERSON, TAKING)
    world = TAKING if pack else build.world(people=TAKING.people)
    case = dataclasses.replace(LOSING, submission=dataclasses.replace(LOSING.submission, **changed))
    assert not elicit.asks(case, person, world)
