"""`guard install` on a configuration as users have it: one command protects a server, another takes it back."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from guard.cli import main

CONFIGURATION = '{\n  "mcpServers": {\n    "files": {"command": "npx", "args": ["files-mcp"], "env": {"KEY": "s3cret"}} // mine\n  }\n}\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an .mcp.json that only the user may read, and a guard that is set up for it."""
    command = tmp_path / "bin" / "guard"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    project = tmp_path / "project"
    project.mkdir()
    found = project / ".mcp.json"
    found.write_text(CONFIGURATION)
    found.chmod(0o600)
    monkeypatch.setattr("sys.argv", [str(command), "install"])
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("GUARD_CONFIG", raising=False)
    configuration = tmp_path / "etc" / "guard" / "guard.toml"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(f"workspace = {json.dumps(str(project))}\n")
    monkeypatch.chdir(project)
    return found


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


def test_a_server_is_protected_by_one_command_and_back_to_the_byte_by_another(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("install", "files", "--yes") == 0
    said = capsys.readouterr().out
    assert '+    "files": {"command": "' in said
    between = json.loads(file.read_text().replace("// mine", ""))["mcpServers"]["files"]
    assert between == {
        "command": str(file.parent.parent / "bin" / "guard"),
        "args": ["wrap", "files", "--", "npx", "files-mcp"],
        "env": {"KEY": "s3cret"},
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("uninstall", "files", "--yes") == 0
    assert file.read_text() == CONFIGURATION
    assert os.listdir(file.parent) == [".mcp.json"]


def test_what_would_change_is_shown_without_the_values_of_headers_and_variables(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remote = '"web": {"url": "https://mcp.example/", "headers": {"Authorization": "Bearer t0ken-1234"}}'
    file.write_text(CONFIGURATION.replace('"files"', f'{remote},\n    "files"'))
    assert run("install", "web", "files", "--yes") == 0
    assert run("uninstall", "web", "files", "--yes") == 0
    said = capsys.readouterr().out
    assert '+    "web": {"command": ' in said
    assert "Authorization" in said
    assert [secret for secret in ("s3cret", "t0k", "1234") if secret in said] == []


def test_without_names_it_only_lists(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent / "pctx.json").write_text("{}")
    assert run("install") == 0
    said = capsys.readouterr().out
    assert "Claude Code" in said
    assert "files" in said
    assert "no servers" in said
    assert "s3cret" not in said
    assert file.read_text() == CONFIGURATION


def test_a_configuration_that_is_no_json_is_said_and_left_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("{ no json")
    assert run("install", "files", "--yes", "--file", str(file)) == 65
    assert "no JSON at line 1" in capsys.readouterr().err
    assert file.read_text() == "{ no json"


def test_an_unknown_server_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = file.parent / "pctx.json"
    other.write_text("{ no json")
    assert run("install", "nobody", "--yes") == 65
    said = capsys.readouterr().err
    assert "No configuration that is found has a server 'nobody'" in said
    assert f"{other} cannot be read: It is no JSON" in said
    assert file.read_text() == CONFIGURATION


CODEX = '# mine\n[mcp_servers.zones]\ncommand = "npx" # how\nargs = ["zones-mcp"]\n'
GOOSE = "# mine\nextensions:\n  memory:\n    cmd: uvx # how\n    args:\n    - memory-mcp\n"


def test_before_guard_is_set_up_nothing_is_put_behind_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent.parent / "etc" / "guard" / "guard.toml").unlink()
    assert run("install", "files", "--yes") == 78
    assert "guard init" in capsys.readouterr().err
    assert file.read_text() == CONFIGURATION


def test_the_client_starts_this_guard_and_not_another_program_of_that_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = file.parent.parent / "other" / "guard"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert run("install", "files", "--yes") == 0
    assert str(other) not in file.read_text()


def test_a_setting_that_the_client_has_to_pass_on_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = str(file.parent.parent / "etc" / "guard" / "guard.toml")
    monkeypatch.setenv("GUARD_CONFIG", setting)
    assert run("install", "files", "--yes") == 0
    assert f"add GUARD_CONFIG={setting}" in capsys.readouterr().out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_its_owner_made_read_only_is_left_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.chmod(0o400)
    assert run("install", "files", "--yes") == 78
    assert "it is read-only" in capsys.readouterr().err
    assert file.read_text() == CONFIGURATION
    assert os.listdir(file.parent) == [".mcp.json"]


def test_servers_of_one_name_in_several_projects_are_all_protected_and_all_restored(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"mcpServers": {"db": {"command": "uvx", "args": ["db-mcp"]}}}
    before = json.dumps({**entry, "projects": {"/a": entry, "/b": {"mcpServers": {"db": {"command": "uvx"}}}}}, indent=2)
    file.write_text(before)
    assert run("install") == 0
    assert "(in /b)" in capsys.readouterr().out
    assert run("install", "db", "--yes") == 0
    assert file.read_text().count('"wrap"') == 3
    assert run("uninstall", "db", "--yes") == 0
    assert file.read_text() == before


def test_codex_and_goose_are_protected_and_restored_as_well(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = file.parent.parent / "home"
    found = {"zones": (home / ".codex" / "config.toml", CODEX), "memory": (home / ".config" / "goose" / "config.yaml", GOOSE)}
    for config, text in found.values():
        config.parent.mkdir(parents=True)
        config.write_text(text)
    assert run("install") == 0
    said = capsys.readouterr().out
    assert "(Codex)" in said
    assert "(Goose)" in said
    for name, (config, text) in found.items():
        assert run("install", name, "--yes") == 0
        assert "# mine" in config.read_text()
        assert "wrap" in config.read_text()
        assert run("uninstall", name, "--yes") == 0
        assert config.read_text() == text


def test_the_servers_behind_a_code_mode_server_are_found_by_its_own_configuration(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = file.with_name("codemode-config.json")
    config.write_text('{"configDirectories": ["./"]}')
    assert run("install", "files", "--yes", "--file", str(config)) == 0
    assert json.loads(file.read_text().replace("// mine", ""))["mcpServers"]["files"]["args"][0] == "wrap"
    assert config.read_text() == '{"configDirectories": ["./"]}'
