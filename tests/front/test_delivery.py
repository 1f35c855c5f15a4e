"""What a client is told of a call: the server's own answer if it may be told, else guard's words, as result or as task."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import pytest
from mcp.shared.exceptions import MCPError

from guard.front import delivery
from guard.model import Case, Facts, Stage
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
    told = delivery.delivered(case(stage), KEPT, modern=True)
    assert "4nsw3r" not in json.dumps(told)
    assert told["isError"]


def test_an_answer_that_is_withheld_is_not_told() -> None:
    assert "4nsw3r" not in json.dumps(delivery.delivered(case(withheld=True), KEPT, modern=False))


def test_a_result_of_guards_own_names_its_kind_in_the_modern_era_alone() -> None:
    assert delivery.delivered(case(Stage.WAITING), "", modern=True)["resultType"] == "complete"
    assert "resultType" not in delivery.delivered(case(Stage.WAITING), "", modern=False)


def test_only_a_client_that_takes_forms_is_asked_by_one() -> None:
    for form, url, takes in ((None, None, True), ({}, None, True), ({}, {}, True), (None, {}, False)):
        assert delivery.takes_questions(SimpleNamespace(elicitation=SimpleNamespace(form=form, url=url))) is takes
    assert not delivery.takes_questions(SimpleNamespace(elicitation=None))
    assert not delivery.takes_questions(None)
