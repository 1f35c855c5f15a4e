"""guard before a server of a client's configuration, and away again: the bytes are as they were."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from guard.clients.entries import JSON, TOML, YAML, Format, entries, format_of, install, uninstall
from guard.clients.jsonc import parse
from guard.clients.tree import plain
from guard.errors import BadInput
from guard.upstream.target import Target

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
    "odd": {"command": 7}
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
    assert listed["remote"].why_not == ""
    assert listed["odd"].why_not
    assert "s3cret" not in str(listed)


@pytest.mark.parametrize("name", ["odd", "nobody"])
def test_what_cannot_be_done_is_said(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        install(CONFIGURATION, name, "guard")
    assert refused.value.hint


def test_installing_twice_and_uninstalling_what_is_not_installed_are_refused() -> None:
    with pytest.raises(BadInput, match="already"):
        install(install(CONFIGURATION, "zones", "guard"), "zones", "guard")
    with pytest.raises(BadInput, match="does not go through guard"):
        uninstall(CONFIGURATION, "zones")


def test_options_that_the_user_gave_guard_since_are_guards_own() -> None:
    between = install(CONFIGURATION, "zones", "guard").replace('"zones", "--"', '"zones", "--reads", "park", "--"')
    assert "--reads" in between
    assert [entry.name for entry in entries(between) if entry.wrapped] == ["zones"]
    with pytest.raises(BadInput, match="already"):
        install(between, "zones", "guard")
    assert uninstall(between, "zones") == CONFIGURATION
    behind_url = install(CONFIGURATION, "remote", "guard").replace('"remote", "--url"', '"remote", "--hold", "9", "--url"')
    assert uninstall(behind_url, "remote") == CONFIGURATION


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["serve"], "it is guard itself"),
        (["wrap", "a", "--url", "https://a.example/mcp"], "through guard"),
        (["wrap", "a", "--"], "through guard"),
    ],
)
def test_an_entry_that_starts_guard_by_the_users_own_hand_is_left_to_the_user(words: list[str], state: str) -> None:
    text = json.dumps({"mcpServers": {"a": {"command": "/opt/guard", "args": words}}})
    entry = entries(text)[0]
    assert ("through guard" if entry.wrapped else entry.why_not) == state
    for change in (lambda: install(text, "a", "guard"), lambda: uninstall(text, "a")):
        with pytest.raises(BadInput):
            change()


def test_another_program_with_such_words_is_not_guard() -> None:
    text = json.dumps({"mcpServers": {"a": {"command": "gift", "args": ["wrap", "a", "--", "b"]}}})
    assert not entries(text)[0].wrapped


@pytest.mark.parametrize(("name", "called"), [("guard", "server-guard"), ("é", "server"), ("x" * 80, "x" * 64), ("a b/c", "a-b-c")])
def test_a_server_is_called_what_policies_can_call_it(name: str, called: str) -> None:
    text = json.dumps({"servers": {name: {"command": "x"}}})
    between = install(text, name, "guard")
    assert started(between, JSON, name)[2] == called
    assert Target(name=called, command=("x",))
    assert uninstall(between, name) == text


@pytest.mark.parametrize("key", ["servers", "context_servers"])
def test_other_clients_names_for_the_list_are_known(key: str) -> None:
    text = json.dumps({key: {"a": {"command": "x", "args": []}}})
    assert uninstall(install(text, "a", "guard"), "a") == text


def test_servers_of_single_projects_are_found() -> None:
    text = json.dumps({"projects": {"/home/ann/p": {"mcpServers": {"a": {"command": "x"}}}}})
    assert [entry.name for entry in entries(text)] == ["a"]


CODEX = """\
# mine
model = "o9"

[mcp_servers.zones]  # the one
command = 'npx'   # how
args = [
  "-y",   # yes
  "zones-mcp",
]
startup_timeout_sec = 20

[mcp_servers.zones.env]
API_KEY = "s3cret"

[mcp_servers.bare]
command = "/opt/bare server"

[mcp_servers."my none"]
args = []
command = "none"

[mcp_servers]
inline = { command = "x", args = ["y"] }
short = {command = "x"}

[mcp_servers.remote]
url = "https://mcp.example.com/mcp"
"""
GOOSE = """\
GOOSE_MODEL: x  # mine
extensions:
  zones:
    args:
    - -y   # yes
    - zones-mcp
    bundled: null
    cmd: npx
    enabled: true
    envs: {API_KEY: s3cret}
    type: stdio
  deep:
    cmd: "uvx"
    args:
      # first
      - 'a b'
      - --flag
  bare:
    cmd: /opt/bare server   # why
    type: stdio
  none:
    args: []
    cmd: none
  flow: {cmd: x, args: [y]}
  short: {cmd: x}
  developer:
    enabled: true
    type: builtin
  remote:
    type: streamable_http
    uri: https://mcp.example.com/mcp
"""
ZED = """\
{ "context_servers": {
    "zones": { "command": { "path": "npx", "args": ["-y", "zones-mcp"], "env": {"API_KEY": "s3cret"} }, "settings": {} },
    "bare": { "command": { "path": "/opt/bare server" } },
} }
"""
PCTX = """\
{ "name": "mine", "version": "0.1.0", "servers": [
    { "name": "zones", "command": "npx", "args": ["-y", "zones-mcp"], "env": {"API_KEY": "${env:KEY}"} },
    { "name": "memory", "command": "npx -y 'a \\"b\\"'" },
    { "name": "bare", "command": "none" },
    { "name": "remote", "url": "https://mcp.example.com/mcp", "auth": {"type": "bearer", "token": "${env:T}"} }
] }
"""


def started(text: str, form: Format, name: str) -> list[str]:
    """The words that a client would start, by a reader that is not ours."""
    loaded: Any = tomllib.loads(text) if form is TOML else yaml.safe_load(text) if form is YAML else plain(parse(text))
    servers = next(loaded[key] for key in ("mcp_servers", "extensions", "context_servers", "servers") if key in loaded)
    entry = servers[name] if isinstance(servers, dict) else next(server for server in servers if server["name"] == name)
    held = entry["command"] if isinstance(entry.get("command"), dict) else entry
    return [held.get("path") or held.get("command") or held["cmd"], *held.get("args", [])]


@pytest.mark.parametrize(
    ("text", "form", "name", "words"),
    [
        (CODEX, TOML, "zones", ["npx", "-y", "zones-mcp"]),
        (CODEX, TOML, "bare", ["/opt/bare server"]),
        (CODEX, TOML, "my none", ["none"]),
        (CODEX, TOML, "inline", ["x", "y"]),
        (CODEX, TOML, "short", ["x"]),
        (GOOSE, YAML, "zones", ["npx", "-y", "zones-mcp"]),
        (GOOSE, YAML, "deep", ["uvx", "a b", "--flag"]),
        (GOOSE, YAML, "bare", ["/opt/bare server"]),
        (GOOSE, YAML, "none", ["none"]),
        (GOOSE, YAML, "flow", ["x", "y"]),
        (GOOSE, YAML, "short", ["x"]),
        (ZED, JSON, "zones", ["npx", "-y", "zones-mcp"]),
        (ZED, JSON, "bare", ["/opt/bare server"]),
        (PCTX, JSON, "zones", ["npx", "-y", "zones-mcp"]),
        (PCTX, JSON, "bare", ["none"]),
    ],
)
def test_every_clients_format_is_changed_in_its_entry_alone_and_restored_to_the_byte(
    text: str, form: Format, name: str, words: list[str]
) -> None:
    assert started(text, form, name) == words
    between = install(text, name, "/opt/my guard/guard", form)
    assert started(between, form, name) == ["/opt/my guard/guard", "wrap", name.replace(" ", "-"), "--", *words]
    assert [entry.name for entry in entries(between, form) if entry.wrapped] == [name]
    assert uninstall(between, name, form) == text
    assert all(line.partition("#")[2] in between for line in text.splitlines())
    assert between.count("s3cret") == text.count("s3cret")


def test_a_command_line_gets_guard_at_its_front_and_stays_one_line() -> None:
    between = install(PCTX, "memory", "/opt/my guard/guard")
    assert started(between, JSON, "memory") == ["'/opt/my guard/guard' wrap memory -- npx -y 'a \"b\"'"]
    assert [entry.name for entry in entries(between) if entry.wrapped] == ["memory"]
    assert uninstall(between, "memory") == PCTX
    with pytest.raises(BadInput, match="already"):
        install(between, "memory", "guard")


def test_a_file_that_goose_has_written_anew_meanwhile_can_still_be_taken_back() -> None:
    for name in ("zones", "none", "bare"):
        rewritten = yaml.safe_dump(yaml.safe_load(install(GOOSE, name, "guard", YAML)))
        restored = yaml.safe_load(uninstall(rewritten, name, YAML))
        assert restored["extensions"][name].pop("args", []) == yaml.safe_load(GOOSE)["extensions"][name].get("args", [])
        assert restored["extensions"][name]["cmd"] == yaml.safe_load(GOOSE)["extensions"][name]["cmd"]


@pytest.mark.parametrize(
    ("text", "form", "name", "says"),
    [
        (GOOSE, YAML, "developer", "inside the client"), (PCTX, JSON, "remote", "take over its 'auth': .*--url"),
        ("extensions:\n  a: {cmd: &c x, args: [*c]}\n  b:\n    cmd: |\n      x\n", YAML, "b", "restore|understand|no YAML"),
    ],
)  # fmt: skip
def test_what_cannot_go_through_guard_in_other_formats_is_said(text: str, form: Format, name: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        install(text, name, "guard", form)


def test_the_name_of_a_file_tells_its_format() -> None:
    assert [format_of(Path(name)) for name in ("config.toml", "config.yaml", "x.yml", ".mcp.json", ".claude.json")] == [
        TOML,
        YAML,
        YAML,
        JSON,
        JSON,
    ]
