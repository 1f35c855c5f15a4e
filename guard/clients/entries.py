"""The servers that a client's configuration starts, and guard put before one of them. Pure: text enters, text leaves.

Only what must change is changed: the command becomes guard, and what stood there moves behind `--` at the front of the arguments. All else,
comments, order, formatting and secrets, stays where it is; so taking guard away again gives the very bytes that were there before. A server
that is reached by URL has no command: see `remote.py`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from guard.clients import jsonc, remote, toml, yaml
from guard.clients.tree import Node
from guard.errors import BadInput

_INSIDE = frozenset(("builtin", "platform", "frontend", "inline_python"))
"""Types of Goose's extensions that are no servers."""
_SECRET = frozenset((*remote.HEADERS, "env", "envs"))
_SHORT = 3
"""Characters up to which a value is a switch or a number, which stands in many places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one kind of configuration is read and written."""

    parse: Callable[[str], Node]
    keys: tuple[str, ...]
    """Under which names clients keep their servers."""
    added: str
    """How arguments are added behind a command that had none, in a block of lines; no formatter writes it so."""
    added_inside: str
    """The same between brackets."""
    style: remote.Style
    """How an entry is written that had none of this: one of a URL."""


JSON = Format(
    parse=jsonc.parse, keys=("mcpServers", "servers", "context_servers"), added="", added_inside=',"args":[', style=remote.Style()
)
TOML = Format(parse=toml.parse, keys=("mcp_servers",), added="\nargs=[", added_inside=",args=[", style=remote.Style(equals=" = "))
YAML = Format(
    parse=yaml.parse,
    keys=("extensions",),
    added="\n{indent}args:  [",
    added_inside=', "args":  [',
    style=remote.Style(command="cmd", environment="envs"),
)


def format_of(file: PurePath) -> Format:
    """The format of a configuration file, by its name."""
    return {".toml": TOML, ".yaml": YAML, ".yml": YAML}.get(file.suffix, JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One server of a configuration."""

    name: str
    shown: str
    """Its command or URL, for people; without arguments, which may hold secrets."""
    wrapped: bool
    """It goes through guard already."""
    why_not: str = ""
    """Why guard cannot be put before it, if it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """How one server is started, and where that stands."""

    name: str
    node: Node
    command: Node | None
    arguments: Node | None
    holder: Node
    """The object that command and arguments are members of."""
    line: bool = False
    """The command is a whole command line (pctx.json, where there are no arguments beside it)."""

    @property
    def wrapped(self) -> bool:
        if remote.is_installed(self.node):
            return True
        if self.line and self.command is not None:
            return re.match(r"\S*('[^']*')* wrap [\w.-]+ -- ", str(self.command.value)) is not None
        front = [item.value for item in self.arguments.items[:4]] if self.arguments is not None else []
        return len(front) == 4 and front[0] == "wrap" and front[2] == "--"


def entries(text: str, form: Format = JSON) -> list[Entry]:
    """The servers in a configuration, in its order. `BadInput` if it is not of that format."""
    return [_entry(server) for server in _servers(form.parse(text), form)]


def install(text: str, name: str, guard: str, form: Format = JSON) -> str:
    """The configuration with guard (a command) before the server of that name. `BadInput` if that cannot be done."""
    server = _named(text, name, form)
    entry = _entry(server)
    if entry.wrapped or entry.why_not:
        raise BadInput(f"{name}: {entry.why_not or 'it goes through guard already'}", hint="`guard install` lists what can be done.")
    after = _installed(text, server, guard, form)
    if uninstall(after, name, form) != text:
        raise BadInput(
            f"{name}: guard cannot change this entry so that it could be restored", hint="Change it by hand: README.md shows how."
        )
    return after


def uninstall(text: str, name: str, form: Format = JSON) -> str:
    """The configuration with the server started directly again. `BadInput` if it does not go through guard."""
    server = _named(text, name, form)
    command, arguments = server.command, server.arguments
    if remote.is_installed(server.node):
        return remote.uninstalled(text, server.node)
    if command is None or not server.wrapped:
        raise BadInput(f"{name} does not go through guard", hint="`guard install` lists the servers.")
    if server.line:
        start = command.start + 1
        return _replaced(text, (start, text.index(" -- ", start) + 4, ""))
    assert arguments is not None
    items = arguments.items
    restored = (command.start, command.end, text[items[3].start : items[3].end])
    if len(items) > 4:
        return _replaced(text, restored, _taken(text, arguments))
    if text[command.end :].startswith(_added(text, server, form)):
        return _replaced(text, restored, (command.end, arguments.end, ""))
    if arguments.lines:
        return _replaced(text, restored, (arguments.start, items[3].end, "  []"))
    return _replaced(text, restored, (items[0].start, items[3].end, ""))


def held(text: str, form: Format = JSON) -> tuple[str, ...]:
    """What stands in a configuration as the value of a header or a variable, as it stands there, longest first: not for a screen."""
    found: list[str] = []
    nodes = [form.parse(text)]
    while nodes:
        node = nodes.pop()
        for key, value in node.members:
            if key in _SECRET:
                found += [text[one.start : one.end].strip("\"'") for _, one in value.members if one.kind == "text"]
        nodes += [*node.items, *(value for _, value in node.members)]
    return tuple(sorted({one for one in found if len(one) > _SHORT}, key=len, reverse=True))


def _installed(text: str, server: _Server, guard: str, form: Format) -> str:
    command, arguments = server.command, server.arguments
    called = re.sub(r"[^A-Za-z0-9._-]+", "-", server.name).lstrip("._-") or "server"
    if command is None:
        return remote.installed(text, server.node, called, guard, form.style)
    if server.line:
        front = json.dumps(shlex.join([guard, "wrap", called, "--"]), ensure_ascii=False)[1:-1]
        return _replaced(text, (command.start + 1, command.start + 1, f"{front} "))
    words = [json.dumps(word, ensure_ascii=False) for word in ("wrap", called, "--")] + [text[command.start : command.end]]
    before = (command.start, command.end, json.dumps(guard, ensure_ascii=False))
    if arguments is None:
        return _replaced(text, before, (command.end, command.end, f"{_added(text, server, form)}{', '.join(words)}]"))
    if arguments.lines:
        indent = " " * (arguments.start - text.rfind("\n", 0, arguments.start) - 1)
        return _replaced(text, before, (arguments.start, arguments.start, "".join(f"- {word}\n{indent}" for word in words)))
    return _replaced(text, before, (arguments.start + 1, arguments.start + 1, ", ".join(words) + (", " if arguments.items else "")))


def _taken(text: str, arguments: Node) -> tuple[int, int, str]:
    """Guard's words away from the front of others."""
    last, own = arguments.items[3], arguments.items[4]
    if arguments.lines:
        return (arguments.start, text.rindex("-", last.end, own.start), "")
    between = text[last.end : own.start]  # guard inserts words joined by ", " and nothing else
    return (arguments.items[0].start, own.start, between[2:] if between.startswith(", ") else between.partition(",")[2])


def _added(text: str, server: _Server, form: Format) -> str:
    """What comes before guard's words where a server had no arguments."""
    assert server.command is not None
    if not server.holder.lines:
        return form.added_inside
    line = text[text.rfind("\n", 0, server.command.start) + 1 : server.command.start]
    return form.added.format(indent=" " * (len(line) - len(line.lstrip())))


def _servers(root: Node, form: Format) -> list[_Server]:
    found: list[_Server] = []
    for holder in (root, *(node for key, projects in root.members if key == "projects" for _, node in projects.members)):
        for key in form.keys:
            servers = holder.get(key)
            if servers is None:
                continue
            found.extend(_server(name, node) for name, node in servers.members if node.kind == "object")
            found.extend(_server(str(name.value), node, listed=True) for node in servers.items if (name := node.get("name")) is not None)
    return found


def _server(name: str, node: Node, *, listed: bool = False) -> _Server:
    command, holder = node.get("command", "cmd"), node
    if command is not None and command.kind == "object":  # Zed, formerly
        holder, command = command, command.get("path")
    if command is not None and command.kind != "text":
        command = None
    arguments = holder.get("args")
    line = listed and command is not None and arguments is None and " " in str(command.value)
    return _Server(name=name, node=node, command=command, arguments=arguments, holder=holder, line=line)


def _named(text: str, name: str, form: Format) -> _Server:
    servers = [server for server in _servers(form.parse(text), form) if server.name == name]
    if len(servers) != 1:
        many = "several servers are" if servers else "no server is"
        raise BadInput(f"In this configuration {many} called {name!r}", hint="`guard install` lists the servers.")
    return servers[0]


def _entry(server: _Server) -> Entry:
    command, url, kind = server.command, server.node.get(*remote.URL), server.node.get("type")
    why_not = ""
    if command is None and url is not None:
        why_not = remote.why_not(server.name, server.node)
    elif command is None and kind is not None and kind.value in _INSIDE:
        why_not = "it runs inside the client: nothing can stand before it"
    elif command is None or (server.arguments is not None and server.arguments.kind != "array"):
        why_not = "guard does not understand this entry"
    shown = command.value if command is not None else url.value if url is not None else "?"
    if server.line:
        shown = str(shown).split()[0]
    return Entry(name=server.name, shown=str(shown), wrapped=server.wrapped, why_not=why_not)


def _replaced(text: str, *changes: tuple[int, int, str]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text
