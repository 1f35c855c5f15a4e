"""What a client is told of a call: the server's own answer if it may be told, else guard's words, as result or as task."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import pytest
from mcp.shared.exceptions import MCPError

from guard.errors import BadInput
from guard.front import delivery
from guard.model import Case, Facts, Said, Stage
from tests import build

WRAPPED = Facts(restorable=False, server="files", profile="plain")
RESULT = {"content": [{"type": "text", "text": "4nsw3r", "vendor": 1}], "structuredContent": {"a": None}, "isError": False}
KEPT = json.dumps({"result": RESULT})


def case(stage: Stage = Stage.DONE, **fields: object) -> Case:
    made = build.case(build.effect("tool.write", "Tool", "files/write"), facts=WRAPPED)
    submission = dataclasses.replace(made.submission, server="files", tool="write")
    return dataclasses.replace(made, submission=submission, stage=stage, execution=build.execution(), **fields)


def test_the_servers_answer_goes_out_as_it_came() -> None:
    assert delivery.delivered(case(), KEPT, modern=False) == RESULT


def test_an_error_of_the_server_is_that_error_and_text_when_it_is_fetched() -> None:
    kept = json.dumps({"error": {"code": -32050, "message": "no", "data": {"x": 1}}})
    with pytest.raises(MCPError) as raised:
        delivery.delivered(case(Stage.FAILED), kept, modern=False)
    assert (raised.value.error.code, raised.value.error.data) == (-32050, {"x": 1})
    fetched = delivery.fetched(case(Stage.FAILED), kept, modern=False)
    assert fetched["isError"]
    assert "no" in fetched["content"][0]["text"]


@pytest.mark.parametrize("stage", [Stage.WAITING, Stage.RUNNING, Stage.DENIED, Stage.REJECTED, Stage.EXPIRED, Stage.INTERRUPTED])
def test_before_it_is_over_or_when_it_is_not_permitted_nothing_of_the_answer_is_told(stage: Stage) -> None:
    for told in (delivery.delivered(case(stage), KEPT, modern=True), delivery.task(case(stage), KEPT)):
        assert "4nsw3r" not in json.dumps(told)
    assert delivery.delivered(case(stage), KEPT, modern=True)["isError"]


def test_an_answer_that_is_withheld_is_not_told() -> None:
    assert "4nsw3r" not in json.dumps(delivery.delivered(case(withheld=True), KEPT, modern=False))


def test_a_result_of_guards_own_names_its_kind_in_the_modern_era_alone() -> None:
    assert delivery.delivered(case(Stage.WAITING), "", modern=True)["resultType"] == "complete"
    assert "resultType" not in delivery.delivered(case(Stage.WAITING), "", modern=False)


def test_a_task_works_until_its_case_is_over() -> None:
    working = delivery.handle(case(Stage.WAITING))
    assert (working["resultType"], working["status"], working["taskId"]) == ("task", "working", case().ticket)
    assert working["ttlMs"] == 3_600_000
    done = delivery.task(case(), KEPT)
    assert (done["status"], done["result"]) == ("completed", RESULT)
    refused = delivery.task(case(Stage.FAILED), json.dumps({"error": {"code": -1, "message": "no"}}))
    assert (refused["status"], refused["error"]["message"]) == ("failed", "no")
    rejected = delivery.task(case(Stage.REJECTED), "")
    assert rejected["status"] == "completed"
    assert rejected["result"]["isError"]


def test_only_a_client_that_declares_tasks_takes_them() -> None:
    assert delivery.takes_tasks(SimpleNamespace(extensions={delivery.TASKS: {}}))
    for capabilities in (None, SimpleNamespace(extensions=None), SimpleNamespace(extensions={"other": {}})):
        assert not delivery.takes_tasks(capabilities)


QUESTION = Said(person="ann", text="why?", at=build.NOON)
REPLY = Said(person="", text="because", at=build.NOON)


def test_a_question_is_input_that_the_task_requires_where_the_client_can_be_asked_and_words_elsewhere() -> None:
    asked = case(Stage.WAITING, exchange=(QUESTION,))
    required = delivery.task(asked, "", asks=True)
    assert required["status"] == "input_required"
    form = required["inputRequests"]["question-1"]
    assert form["method"] == "elicitation/create"
    assert form["params"]["message"] == "A person asks about case 0118: “why?”."
    assert form["params"]["requestedSchema"]["required"] == ["answer"]
    told = delivery.task(asked, "", asks=False)
    assert (told["status"], "inputRequests" in told) == ("working", False)
    assert "“why?”" in told["statusMessage"]
    for settled in (case(Stage.WAITING, exchange=(QUESTION, REPLY)), case(Stage.RUNNING, exchange=(QUESTION,))):
        assert delivery.task(settled, "", asks=True)["status"] == "working"


def accepted(text: object) -> dict[str, object]:
    return {"action": "accept", "content": {"answer": text}}


def test_a_response_counts_for_the_question_that_is_open_and_for_no_other() -> None:
    asked = case(Stage.WAITING, exchange=(QUESTION, REPLY, QUESTION))
    assert delivery.responded(asked, {"question-3": accepted("because")}) == "because"
    for other in ({"question-1": accepted("old")}, {}, None, [], {"question-3": {"action": "decline"}}, {"question-3": "because"}):
        assert delivery.responded(asked, other) is None
    assert delivery.responded(case(Stage.WAITING, exchange=(QUESTION, REPLY)), {"question-2": accepted("unasked")}) is None


@pytest.mark.parametrize("text", [None, 5, "", "x" * 4001, "\ud800"])
def test_a_response_that_cannot_be_kept_is_refused(text: object) -> None:
    with pytest.raises(BadInput):
        delivery.responded(case(Stage.WAITING, exchange=(QUESTION,)), {"question-1": accepted(text)})


def test_only_a_client_that_takes_forms_is_asked_by_one() -> None:
    for form, url, takes in ((None, None, True), ({}, None, True), ({}, {}, True), (None, {}, False)):
        assert delivery.takes_questions(SimpleNamespace(elicitation=SimpleNamespace(form=form, url=url))) is takes
    assert not delivery.takes_questions(SimpleNamespace(elicitation=None))
    assert not delivery.takes_questions(None)
