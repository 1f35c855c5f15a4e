"""Where AI clients keep the list of their servers: files in the user's folders and in a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_USER = (
    ("Claude Code", ".claude.json"),
    ("Claude Desktop", ".config/Claude/claude_desktop_config.json"),
    ("Claude Desktop", "Library/Application Support/Claude/claude_desktop_config.json"),
    ("Cursor", ".cursor/mcp.json"),
    ("VS Code", ".config/Code/User/mcp.json"),
    ("VS Code", "Library/Application Support/Code/User/mcp.json"),
    ("Gemini CLI", ".gemini/settings.json"),
    ("Windsurf", ".codeium/windsurf/mcp_config.json"),
    ("Zed", ".config/zed/settings.json"),
)
_PROJECT = (
    ("Claude Code", ".mcp.json"),
    ("Cursor", ".cursor/mcp.json"),
    ("VS Code", ".vscode/mcp.json"),
    ("Gemini CLI", ".gemini/settings.json"),
    ("Zed", ".zed/settings.json"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A configuration file that exists."""

    client: str
    file: Path


def places(home: Path, project: Path) -> list[Place]:
    """The configuration files of known clients, the project's first."""
    found = [Place(client=client, file=project / name) for client, name in _PROJECT]
    found += [Place(client=client, file=home / name) for client, name in _USER]
    unique = {place.file.resolve(): place for place in reversed(found) if place.file.is_file()}
    return list(reversed(unique.values()))
