"""Where clients keep their configuration."""

from __future__ import annotations

from pathlib import Path

from guard.clients.places import lists, places


def test_files_that_exist_are_found_the_projects_first_and_each_once(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "project"
    for file in (home / ".cursor" / "mcp.json", home / ".claude.json", project / ".mcp.json"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    assert [(place.client, place.file.name) for place in places(home, project)] == [
        ("Claude Code", ".mcp.json"),
        ("Claude Code", ".claude.json"),
        ("Cursor", "mcp.json"),
    ]
    assert len(places(home, home)) == 2


def test_the_list_of_a_code_mode_server_is_found_in_the_folders_that_it_names(tmp_path: Path) -> None:
    listing = tmp_path / "servers" / ".mcp.json"
    listing.parent.mkdir()
    listing.write_text("{}")
    config = tmp_path / "codemode-config.json"
    config.write_text('{"proxyPort": 3001, "configDirectories": ["./servers", "./nowhere"]}')
    assert lists(config) == [listing, tmp_path / "nowhere" / ".mcp.json"]
    assert [place.file for place in places(tmp_path / "home", tmp_path)] == [listing]
    config.write_text("no json")
    assert lists(config) == [config]
    assert lists(listing) == [listing]
