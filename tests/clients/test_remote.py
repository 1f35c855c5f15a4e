"""Servers that a client reaches by URL: it starts guard in their place, and gets the very bytes back."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
import yaml

from guard.clients.entries import JSON, TOML, YAML, Format, entries, install, uninstall
from guard.clients.jsonc import parse
from guard.clients.tree import plain
from guard.errors import BadInput

SECRET = "Bearer s3cret-ä"
URL = "https://mcp.example.com/mcp"
CLAUDE = """\
{ // mine
  "mcpServers": {
    "zones": {
      "type": "http",   // how
      "url": "https://mcp.example.com/mcp",
      "headers": {"Authorization": "Bearer s3cret-ä", "X-Team": "${TEAM}"},
      "timeout": 30,
    },
    "other": {"url": "http://127.0.0.1:1/mcp"}
  }
}
"""
VSCODE = '{"servers": {"zones": {"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer s3cret-ä"}}}, "inputs": []}'
GEMINI = (
    '{"mcpServers": {"zones": {"httpUrl": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer s3cret-ä"}, "trust": false}}}'
)
ZED = '{"context_servers": {"zones": {"headers": {"Authorization": "Bearer s3cret-ä"}, "url": "https://mcp.example.com/mcp"}}}'
CODEX = """\
# mine
[mcp_servers.zones]  # the one
enabled = true # yes
url = "https://mcp.example.com/mcp"
http_headers = { "Authorization" = "Bearer s3cret-ä" } # how
tool_timeout_sec = 20  # seconds

[mcp_servers.other]
url = "http://127.0.0.1:1/mcp"
"""
INLINE = '[mcp_servers]\nzones = {url = "https://mcp.example.com/mcp", http_headers = {Authorization = "Bearer s3cret-ä"}} # how\n'
GOOSE = """\
extensions:
  zones:
    bundled: null
    enabled: true
    envs: {MORE: x}
    headers:
      Authorization: Bearer s3cret-ä   # how
    type: streamable_http
    uri: https://mcp.example.com/mcp
  # after
  other:
    uri: http://127.0.0.1:1/mcp
    type: streamable_http
GOOSE_MODEL: x
"""


def loaded(text: str, form: Format) -> dict[str, Any]:
    """The entry, by a reader that is not ours where there is one."""
    found: Any = tomllib.loads(text) if form is TOML else yaml.safe_load(text) if form is YAML else plain(parse(text))
    servers = next(found[key] for key in ("mcp_servers", "extensions", "context_servers", "servers", "mcpServers") if key in found)
    entry: dict[str, Any] = servers["zones"]
    return entry


@pytest.mark.parametrize(
    ("text", "form"),
    [(CLAUDE, JSON), (VSCODE, JSON), (GEMINI, JSON), (ZED, JSON), (CODEX, TOML), (INLINE, TOML), (GOOSE, YAML)],
)
def test_the_client_starts_guard_with_the_url_and_its_headers_stay_in_its_own_file(text: str, form: Format) -> None:
    before, between = loaded(text, form), install(text, "zones", "/opt/my guard/guard", form)
    entry = loaded(between, form)
    assert entry.get("command", entry.get("cmd")) == "/opt/my guard/guard"
    assert entry["args"][:6] == ["wrap", "zones", "--url", URL, "--header-env", "Authorization=GUARD_HEADER_1"]
    environment = entry.get("env", entry.get("envs"))
    assert environment["GUARD_HEADER_1"] == SECRET
    assert "s3cret" not in environment["GUARD_ENTRY"]
    assert not {"url", "httpUrl", "uri", "headers", "http_headers"} & entry.keys()
    assert entry.get("type", "stdio") == "stdio"
    kept = before.keys() - {"url", "httpUrl", "uri", "headers", "http_headers", "type", "envs"}
    assert {key: entry[key] for key in kept} == {key: before[key] for key in kept}
    assert [found.name for found in entries(between, form) if found.wrapped] == ["zones"]
    assert uninstall(between, "zones", form) == text


def test_what_the_client_fills_in_is_still_filled_in_by_it_and_nothing_of_guards_is() -> None:
    entry = loaded(install(CLAUDE, "zones", "guard"), JSON)
    assert entry["env"]["GUARD_HEADER_2"] == "${TEAM}"
    assert entry["args"][-1] == "X-Team=GUARD_HEADER_2"
    assert "${" not in "".join(entry["args"])


def test_what_codex_takes_from_the_users_environment_reaches_guard_by_its_name() -> None:
    text = (
        '[mcp_servers.zones]\nurl = "https://a.example/mcp"\nbearer_token_env_var = "T" # mine\nenv_http_headers = { X-Team = \'TEAM\' }\n'
    )
    between = install(text, "zones", "guard", TOML)
    entry = loaded(between, TOML)
    assert entry["args"][4:] == ["--header", "Authorization: Bearer ${env:T}", "--header-env", "X-Team=TEAM"]
    assert entry["env_vars"] == ["T", "TEAM"]
    assert not {"bearer_token_env_var", "env_http_headers"} & entry.keys()
    assert uninstall(between, "zones", TOML) == text


TABLE = '[mcp_servers.zones]\nurl = "https://a.example/mcp"\nhttp_headers = { a = VALUE }\n'
BLOCK = "extensions:\n  zones:\n    uri: https://a.example/mcp\n    headers:\n      a: VALUE\n"


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [(TABLE, TOML, "'s3cret'"), (TABLE, TOML, '"s3cret"'), (BLOCK, YAML, "'s3cret'"), (BLOCK, YAML, '"s3cret"'), (BLOCK, YAML, "s3cret")],
)
def test_a_header_stays_in_the_quotes_that_it_had(text: str, form: Format, value: str) -> None:
    between = install(text.replace("VALUE", value), "zones", "guard", form)
    entry = loaded(between, form)
    assert entry.get("env", entry.get("envs"))["GUARD_HEADER_1"] == "s3cret"
    assert uninstall(between, "zones", form) == text.replace("VALUE", value)


@pytest.mark.parametrize(("text", "form"), [(TABLE, TOML), (BLOCK, YAML)])
def test_a_header_that_could_be_written_otherwise_is_left_alone(text: str, form: Format) -> None:
    with pytest.raises(BadInput, match="restored"):
        install(text.replace("VALUE", '"s3\\u0063ret"'), "zones", "guard", form)


def test_a_variable_of_the_entry_stays_beside_guards() -> None:
    assert loaded(install(GOOSE, "zones", "guard", YAML), YAML)["envs"]["MORE"] == "x"


def test_a_header_that_was_changed_meanwhile_stays_changed() -> None:
    between = install(CLAUDE, "zones", "guard").replace(SECRET, "Bearer n3w")
    assert uninstall(between, "zones") == CLAUDE.replace(SECRET, "Bearer n3w")


def test_an_entry_that_a_formatter_has_rewritten_meanwhile_is_taken_back() -> None:
    rewritten = json.dumps(plain(parse(install(CLAUDE, "zones", "guard"))), indent=4)
    assert plain(parse(uninstall(rewritten, "zones"))) == plain(parse(CLAUDE))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('{"url": "https://a.example/mcp?key=s3cret"}', "may be a secret"),
        ('{"url": "https://ann:s3cret@a.example/mcp"}', "may be a secret"),
        ('{"type": "sse", "url": "https://a.example/sse"}', "SSE transport"),
        ('{"url": "https://a.example/mcp", "oauth": {}}', "'oauth': start `guard wrap zones --url URL`"),
        ('{"url": "https://a.example/mcp", "headers": {"a": 1}}', "its headers"),
        ('{"url": "https://a.example/mcp", "description": "\ufffc"}', "could be restored"),
        ('{"url": 7}', "does not understand"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_write(entry: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        install(f'{{"mcpServers": {{"zones": {entry}}}}}', "zones", "guard")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        '[mcp_servers.zones]\nurl = "https://a.example/mcp"\n[mcp_servers.zones.http_headers]\nAuthorization = "x"\n',
        '[mcp_servers.zones]\nurl = "https://a.example/mcp"\nbearer_token_env_var = "${T}"\n',
        '[mcp_servers.zones]\nurl = "https://a.example/mcp"\nenv_http_headers = ["T"]\n',
        '[mcp_servers]\nzones.url = "https://a.example/mcp"\n',
    ],
)
def test_tables_that_guard_cannot_edit_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        install(text, "zones", "guard", TOML)
    assert refused.value.hint
