"""Where clients keep their configuration."""

from __future__ import annotations

from pathlib import Path

from guard.clients.places import places


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
