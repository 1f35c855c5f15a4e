"""Arguments are read by the very schema that the model was shown."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from guard.errors import BadInput
from guard.front.tools import LONGEST_CODE, LONGEST_WAIT, TOOLS, arguments


def test_missing_optional_arguments_get_the_defaults_of_the_schema() -> None:
    assert arguments("execute", {"code": "1"}) == {"code": "1", "language": "python"}
    assert arguments("guard_wait", {"ticket": "t"}) == {"ticket": "t", "timeout": LONGEST_WAIT}
    assert arguments("guard_status", {"ticket": "t"}) == {"ticket": "t"}


def test_code_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    assert arguments("execute", {"code": "é" * (LONGEST_CODE // 2)})
    with pytest.raises(BadInput, match="'code' has 1,048,577 bytes; at most 1,048,576"):
        arguments("execute", {"code": "é" * (LONGEST_CODE // 2) + "x"})


WRONG = [
    ("execute", {}, "'code' is missing"),
    ("execute", {"code": ""}, "'code' must not be empty"),
    ("execute", {"code": 1}, "'code' must be a string, not int"),
    ("execute", {"code": None}, "'code' must be a string, not NoneType"),
    ("execute", {"code": "1", "approved": True}, "unknown argument 'approved'"),
    ("execute", {"code": "1", "Language": "python"}, "unknown argument 'Language'"),
    ("execute", {"code": "1", "language": ["python"]}, "'language' must be a string, not list"),
    ("execute", {"code": "1", "language": "p" * 41}, "'language' must have at most 40 characters"),
    ("execute", {"code": "1", "intent": "x" * 2001}, "'intent' must have at most 2,000 characters"),
    ("guard_status", {}, "'ticket' is missing"),
    ("guard_status", {"ticket": "t", "timeout": 1}, "unknown argument 'timeout'"),
    ("guard_answer", {"ticket": "t"}, "'text' is missing"),
    ("guard_answer", {"ticket": "t", "text": ""}, "'text' must not be empty"),
    ("guard_answer", {"ticket": "t", "text": "x" * 4001}, "'text' must have at most 4,000 characters"),
    ("guard_answer", {"ticket": "t", "text": "yes", "approve": True}, "unknown argument 'approve'"),
    ("guard_wait", {"ticket": 5}, "'ticket' must be a string, not int"),
    ("guard_wait", {"ticket": "t", "timeout": "5"}, "'timeout' must be a number, not str"),
    ("guard_wait", {"ticket": "t", "timeout": True}, "'timeout' must be a number, not bool"),
    ("guard_wait", {"ticket": "t", "timeout": -1}, "'timeout' must be at least 0"),
]


@pytest.mark.parametrize(("tool", "given", "says"), WRONG)
def test_wrong_arguments_are_refused_by_name(tool: str, given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        arguments(tool, given)
    assert f"`{tool}` takes" in caught.value.hint


@pytest.mark.parametrize(("tool", "given", "says"), WRONG)
def test_the_schema_that_clients_see_refuses_the_same(tool: str, given: dict[str, Any], says: str) -> None:
    assert list(jsonschema.Draft202012Validator(TOOLS[tool]["inputSchema"]).iter_errors(given))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_timeout_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(BadInput, match="must be a finite number"):
        arguments("guard_wait", {"ticket": "t", "timeout": value})


def test_a_lone_surrogate_is_refused_also_where_no_bytes_were_checked() -> None:
    with pytest.raises(BadInput, match="'code' holds a lone surrogate"):
        arguments("execute", {"code": "print('\ud800')"})


def test_no_tool_takes_anything_that_is_not_declared() -> None:
    for tool in TOOLS.values():
        jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])
        assert tool["inputSchema"]["additionalProperties"] is False
