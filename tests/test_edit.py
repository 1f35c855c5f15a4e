"""What a person's text becomes: a program, a program within a call, or the arguments of a call."""

from __future__ import annotations

import dataclasses
import json

import pytest

from guard.analyse.session import EARLIER
from guard.edit import edited, not_editable, to_edit
from guard.errors import BadInput
from guard.model import Case, Submission
from tests import build


def case(code: str, arguments: str, *, server: str = "files", language: str = "json") -> Case:
    submission = Submission(
        agent="agent", server=server, tool="write_file", language=language, code=code, arguments=arguments, extra='{"a":1}'
    )
    return dataclasses.replace(build.case(), id=7, submission=submission)


def call(arguments: str) -> Case:
    return case(arguments, arguments)


def test_a_program_of_our_own_box_is_replaced_and_nothing_else() -> None:
    was = case("print(1)", '{"language":"python"}', server="guard", language="python")
    new = edited(was, "print(2)", person="ann")
    assert new == dataclasses.replace(was.submission, code="print(2)", parent=7, edited_by="ann")
    assert to_edit(was.submission) == "print(1)"


def test_a_program_within_a_call_is_replaced_in_its_argument_too() -> None:
    was = case("a()", '{"account_id":"1","code":"a()"}', language="javascript")
    new = edited(was, "b()", person="ann")
    assert (new.code, json.loads(new.arguments), new.extra) == ("b()", {"account_id": "1", "code": "b()"}, '{"a":1}')
    assert not_editable(was) == ""


def test_arguments_are_given_a_line_each_and_come_back_in_their_one_form() -> None:
    was = call('{"path":"ä","text":"x"}')
    given = to_edit(was.submission)
    assert given == '{\n  "path": "ä",\n  "text": "x"\n}'
    assert edited(was, given, person="ann").code == was.submission.code
    new = edited(was, '{"text": "y",\n "path": "ä"}', person="ann")
    assert new.code == new.arguments == '{"path":"ä","text":"y"}'


@pytest.mark.parametrize(
    "text", ["", "[1]", '{"path": "a", "path": "b"}', '{"n": NaN}', '{"n": 123456789012345678901}', "{" * 50_000, '"x"']
)
def test_what_is_no_one_object_of_arguments_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no arguments"):
        edited(call('{"path":"x"}'), text, person="ann")


def test_a_call_with_the_text_twice_or_one_that_is_read_with_earlier_programs_is_not_edited() -> None:
    twice = case("a()", '{"backup":"a()","code":"a()"}', language="javascript")
    assert "More than one argument" in not_editable(twice)
    with pytest.raises(BadInput):
        edited(twice, "b()", person="ann")
    alone = case("a()", '{"code":"a()"}', language="python")
    session = dataclasses.replace(alone, analysis=dataclasses.replace(alone.analysis, modules=((f"{EARLIER}1", "00"),)))
    assert not_editable(alone) == ""
    assert "earlier programs" in not_editable(session)
