"""Where AI clients (and Code Mode servers that have servers behind them) keep the list of their servers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guard.clients.jsonc import parse
from guard.errors import BadInput

_USER = (
    ("Claude Code", ".claude.json"),
    ("Claude Desktop", ".config/Claude/claude_desktop_config.json"),
    ("Claude Desktop", "Library/Application Support/Claude/claude_desktop_config.json"),
    ("Cursor", ".cursor/mcp.json"),
    ("VS Code", ".config/Code/User/mcp.json"),
    ("VS Code", "Library/Application Support/Code/User/mcp.json"),
    ("Gemini CLI", ".gemini/settings.json"),
    ("Windsurf", ".codeium/windsurf/mcp_config.json"),
    ("Codex", ".codex/config.toml"),
    ("Goose", ".config/goose/config.yaml"),
    ("Zed", ".config/zed/settings.json"),
)
_PROJECT = (
    ("Claude Code", ".mcp.json"),
    ("Cursor", ".cursor/mcp.json"),
    ("VS Code", ".vscode/mcp.json"),
    ("Gemini CLI", ".gemini/settings.json"),
    ("Codex", ".codex/config.toml"),
    ("Zed", ".zed/settings.json"),
    ("pctx", "pctx.json"),
    ("codemode-mcp", "codemode-config.json"),
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
    found = [Place(client=place.client, file=file) for place in found for file in lists(place.file)]
    unique = {place.file.resolve(): place for place in reversed(found) if place.file.is_file()}
    return list(reversed(unique.values()))


def lists(file: Path) -> list[Path]:
    """The files that list servers: the file itself, or (codemode-config.json) those in the folders that it names."""
    if file.name != "codemode-config.json":
        return [file]
    try:
        folders = parse(file.read_text("utf-8")).get("configDirectories")
    except (OSError, UnicodeDecodeError, BadInput):
        return [file]
    named = [str(item.value) for item in folders.items if item.kind == "text"] if folders else ["."]
    return [file.parent / Path(name).expanduser() / ".mcp.json" for name in named]
