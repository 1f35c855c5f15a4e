"""guard before a server of a client's configuration, and away again: the bytes are as they were."""

from __future__ import annotations

import json

import pytest

from guard.clients.entries import entries, install, uninstall
from guard.clients.jsonc import parse
from guard.errors import BadInput
from tests.clients.test_jsonc import plain

CONFIGURATION = """\
{
  // my servers
  "mcpServers": {
    "zones": {
      "command": "npx",   "args": [
        "-y", "zones-mcp", /* the one */
      ],
      "env": {"API_KEY": "s3cret"}, },
    "bare": {"command": "/opt/bare server"},
    "none": { "args": [ ], "command": "none" },
    "remote": {"type": "http", "url": "https://mcp.example.com/mcp"},
    "odd": {"command": {"path": "x"}}
  },
  "theme": "dark"
}
"""


def check(name: str) -> dict[str, object]:
    """Install, look, uninstall: what the entry was in between."""
    between = install(CONFIGURATION, name, "/usr/bin/guard")
    assert uninstall(between, name) == CONFIGURATION
    tree = plain(parse(between))
    assert isinstance(tree, dict)
    entry: dict[str, object] = tree["mcpServers"][name]
    return entry


def test_the_command_moves_behind_guard_and_everything_else_stays() -> None:
    entry = check("zones")
    assert entry["command"] == "/usr/bin/guard"
    assert entry["args"] == ["wrap", "zones", "--", "npx", "-y", "zones-mcp"]
    assert entry["env"] == {"API_KEY": "s3cret"}
    between = install(CONFIGURATION, "zones", "/usr/bin/guard")
    assert "// my servers" in between
    assert "/* the one */" in between


def test_a_server_without_arguments_gets_some_and_loses_them_again() -> None:
    assert check("bare")["args"] == ["wrap", "bare", "--", "/opt/bare server"]
    assert check("none")["args"] == ["wrap", "none", "--", "none"]


def test_a_configuration_that_a_formatter_has_rewritten_meanwhile_can_still_be_taken_back() -> None:
    rewritten = json.dumps(plain(parse(install(CONFIGURATION, "zones", "guard"))), indent=4)
    restored = plain(parse(uninstall(rewritten, "zones")))
    assert restored == plain(parse(CONFIGURATION))


def test_the_servers_are_listed_with_what_can_be_done() -> None:
    listed = {entry.name: entry for entry in entries(install(CONFIGURATION, "bare", "guard"))}
    assert [name for name, entry in listed.items() if entry.wrapped] == ["bare"]
    assert "--url" in listed["remote"].why_not
    assert listed["odd"].why_not
    assert "s3cret" not in str(listed)


@pytest.mark.parametrize("name", ["remote", "odd", "nobody"])
def test_what_cannot_be_done_is_said(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        install(CONFIGURATION, name, "guard")
    assert refused.value.hint


def test_installing_twice_and_uninstalling_what_is_not_installed_are_refused() -> None:
    with pytest.raises(BadInput, match="already"):
        install(install(CONFIGURATION, "zones", "guard"), "zones", "guard")
    with pytest.raises(BadInput, match="does not go through guard"):
        uninstall(CONFIGURATION, "zones")


@pytest.mark.parametrize("key", ["servers", "context_servers"])
def test_other_clients_names_for_the_list_are_known(key: str) -> None:
    text = json.dumps({key: {"a": {"command": "x", "args": []}}})
    assert uninstall(install(text, "a", "guard"), "a") == text


def test_servers_of_single_projects_are_found() -> None:
    text = json.dumps({"projects": {"/home/ann/p": {"mcpServers": {"a": {"command": "x"}}}}})
    assert [entry.name for entry in entries(text)] == ["a"]
