"""What calling an ordinary tool does, by name, schema, profile, operator and annotations."""

from __future__ import annotations

from typing import Any

import pytest

from guard.analyse.profile import Form, Profile
from guard.model import Kind
from guard.upstream.classify import classify

R, W, D = Kind.TOOL_READ, Kind.TOOL_WRITE, Kind.TOOL_DESTRUCTIVE
PLAIN = Profile(name="plain", code=(), form=Form.SCRIPT)


def check(name: str, *arguments: str, profile: Profile = PLAIN, overrides: dict[str, str] | None = None, **annotations: Any) -> Kind:
    properties = {argument: {"type": "string"} for argument in arguments}
    tool = {"name": name, "inputSchema": {"type": "object", "properties": properties}, "annotations": annotations}
    return classify(tool, profile, overrides or {}).kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("get_zone", R), ("listZones", R), ("search", R), ("files-read", W), ("describe_table", R), ("HTTPStatus", W),
        ("create_issue", W), ("update", W), ("frobnicate", W), ("", W), ("send_email", W), ("getOrCreateUser", R),
        ("delete_zone", D), ("zones_purge_cache", D), ("get_and_delete", D), ("removeMember", D), ("revoke", D),
        ("run_report", D), ("execute", D), ("register_manual", D), ("invoke_api_endpoint", D), ("call_tool", D),
    ],
)  # fmt: skip
def test_the_verb_in_a_name_decides_and_a_name_without_one_writes(name: str, kind: Kind) -> None:
    assert check(name) is kind


@pytest.mark.parametrize("argument", ["code", "script", "sql", "command", "Shell"])
def test_a_tool_whose_argument_carries_a_program_destroys_whatever_its_name_says(argument: str) -> None:
    assert check("get_report", argument) is D


@pytest.mark.parametrize(
    ("name", "argument", "kind"), [("query", "query", D), ("read_query", "text", D), ("query", "page", R), ("search", "query", R)]
)
def test_a_tool_that_runs_queries_does_what_the_query_says(name: str, argument: str, kind: Kind) -> None:
    assert check(name, argument) is kind


def test_the_profile_comes_before_the_name_and_its_strictest_list_counts() -> None:
    profile = Profile(
        name="p", code=(), form=Form.SCRIPT, safe=("wipe_*",), gated=("skills", "both"), reads=("both",), writes=("get_lock",)
    )
    assert check("wipe_screen", profile=profile) is R
    assert check("skills", profile=profile) is D
    assert check("both", profile=profile) is D
    assert check("get_lock", profile=profile) is W


def test_the_operator_comes_before_everything() -> None:
    profile = Profile(name="p", code=(), form=Form.SCRIPT, gated=("search",))
    assert check("search", profile=profile, overrides={"search": "read"}, destructiveHint=True) is R
    assert check("get_x", overrides={"get_x": "destructive"}) is D


def test_annotations_raise_a_class_and_never_lower_it() -> None:
    assert check("get_zone", destructiveHint=True) is D
    assert check("get_zone", readOnlyHint=False) is W
    assert check("create_zone", readOnlyHint=True) is W
    assert check("delete_zone", readOnlyHint=True, destructiveHint=False) is D


@pytest.mark.parametrize(
    "tool", [{}, {"name": "get", "inputSchema": 7, "annotations": []}, {"name": "get", "inputSchema": {"properties": [1]}}]
)
def test_definitions_that_are_no_schema_are_judged_all_the_same(tool: dict[str, Any]) -> None:
    assert classify(tool, PLAIN, {}).kind in (R, W)


def test_the_reason_is_said() -> None:
    assert classify({"name": "delete_zone"}, PLAIN, {}).why == "its name says 'delete'"
    assert classify({"name": "frob"}, PLAIN, {}).why == "nothing says that it only reads"
