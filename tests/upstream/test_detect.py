"""Which profile a server gets: the shapes of the real servers, and of servers that nobody knows."""

from __future__ import annotations

import pytest

from guard.analyse.profile import BUILT_IN
from guard.upstream.detect import code_tool, detect
from tests.upstream.servers.stub import SHAPES, tool

KNOWN = sorted(set(SHAPES) - {"unknown-code", "ordinary", "poisoned"})


@pytest.mark.parametrize("shape", KNOWN)
def test_each_known_server_is_recognised_by_its_shape(shape: str) -> None:
    found = detect(*SHAPES[shape], BUILT_IN)
    assert found.profile.name == shape, found.why
    assert any(code_tool(found.profile, listed) for listed in SHAPES[shape][1])


def test_a_fastmcp_server_is_recognised_under_any_name() -> None:
    tools = [tool("search", "query"), tool("get_schema", "tools"), tool("execute", "code")]
    assert detect("my-own-name", tools, BUILT_IN).profile.name == "fastmcp"


def test_a_server_that_takes_programs_and_fits_no_profile_is_generic_and_says_so() -> None:
    found = detect(*SHAPES["unknown-code"], BUILT_IN)
    assert found.profile.name == "generic-python"
    assert "no profile fits" in found.why
    assert [(row.name, row.argument, row.language) for row in found.profile.code] == [("run_script", "script", "python")]


def test_a_tool_that_takes_a_command_is_a_shell() -> None:
    found = detect("x", [tool("run", "command")], BUILT_IN)
    assert [(row.argument, row.language) for row in found.profile.code] == [("command", "shell")]


def test_a_server_without_code_tools_is_plain() -> None:
    found = detect("files", [tool("get_file", "path")], BUILT_IN)
    assert (found.profile.name, found.profile.code) == ("plain", ())


def test_a_name_alone_does_not_get_a_profile() -> None:
    assert detect("cloudflare-api", [tool("get_zone", "name")], BUILT_IN).profile.name == "plain"


def test_a_code_tool_without_the_argument_that_the_profile_names_is_no_code_tool() -> None:
    profile = next(profile for profile in BUILT_IN if profile.name == "cloudflare")
    assert code_tool(profile, tool("execute", "program")) is None
    assert code_tool(profile, {"name": "execute", "inputSchema": {"properties": 3}}) is None


def test_a_server_under_any_name_is_recognised_by_what_its_tools_are_described_as() -> None:
    search = tool("search", "code") | {"description": "Search. codemode.spec() returns it."}
    execute = tool("execute", "code") | {"description": "Call codemode.request({method, path})."}
    found = detect("zones", [search, execute], BUILT_IN)
    assert (found.profile.name, found.why) == ("codemode-openapi", "its tools are described as those of codemode-openapi are")
    assert detect("zones", [execute], BUILT_IN).profile.name == "generic-js"
