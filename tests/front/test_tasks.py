"""A parked call as a task: what its client is told when it polls, and what it brings."""

from __future__ import annotations

import json

import pytest

from guard.errors import BadInput
from guard.front import tasks
from guard.model import Said, Stage
from tests import build
from tests.front.test_delivery import KEPT, RESULT, case


def test_a_task_works_until_its_case_is_over() -> None:
    working = tasks.handle(case(Stage.WAITING))
    assert (working["resultType"], working["status"], working["taskId"]) == ("task", "working", case().ticket)
    assert working["ttlMs"] == 3_600_000
    done = tasks.task(case(), KEPT, ticket="t")
    assert (done["status"], done["result"]) == ("completed", RESULT)
    refused = tasks.task(case(Stage.FAILED), json.dumps({"error": {"code": -1, "message": "no"}}), ticket="t")
    assert (refused["status"], refused["error"]["message"]) == ("failed", "no")
    rejected = tasks.task(case(Stage.REJECTED), "", ticket="t")
    assert rejected["status"] == "completed"
    assert rejected["result"]["isError"]


QUESTION = Said(person="ann", text="why?", at=build.NOON)
REPLY = Said(person="", text="because", at=build.NOON)


def test_a_question_is_input_that_the_task_requires_where_the_client_can_be_asked_and_words_elsewhere() -> None:
    asked = case(Stage.WAITING, exchange=(QUESTION,))
    required = tasks.task(asked, "", asks=True, ticket="t")
    assert required["status"] == "input_required"
    form = required["inputRequests"]["question-1"]
    assert form["method"] == "elicitation/create"
    assert form["params"]["message"] == "A person asks about case 0118: “why?”."
    assert form["params"]["requestedSchema"]["required"] == ["answer"]
    told = tasks.task(asked, "", asks=False, ticket="t")
    assert (told["status"], "inputRequests" in told) == ("working", False)
    assert "“why?”" in told["statusMessage"]
    for settled in (case(Stage.WAITING, exchange=(QUESTION, REPLY)), case(Stage.RUNNING, exchange=(QUESTION,))):
        assert tasks.task(settled, "", asks=True, ticket="t")["status"] == "working"


def accepted(text: object) -> dict[str, object]:
    return {"action": "accept", "content": {"answer": text}}


def test_a_response_counts_for_the_question_that_is_open_and_for_no_other() -> None:
    asked = case(Stage.WAITING, exchange=(QUESTION, REPLY, QUESTION))
    assert tasks.responded(asked, {"question-3": accepted("because")}) == "because"
    for other in ({"question-1": accepted("old")}, {}, None, [], {"question-3": {"action": "decline"}}, {"question-3": "because"}):
        assert tasks.responded(asked, other) is None
    assert tasks.responded(case(Stage.WAITING, exchange=(QUESTION, REPLY)), {"question-2": accepted("unasked")}) is None


@pytest.mark.parametrize("text", [None, 5, "", "x" * 4001, "\ud800"])
def test_a_response_that_cannot_be_kept_is_refused(text: object) -> None:
    with pytest.raises(BadInput):
        tasks.responded(case(Stage.WAITING, exchange=(QUESTION,)), {"question-1": accepted(text)})
