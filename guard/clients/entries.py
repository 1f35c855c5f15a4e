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
    project: str = ""
    """The folder that it is for, in a file that has servers for several."""


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
    project: str = ""

    @property
    def words(self) -> list[str]:
        """What is started, with its arguments."""
        start = str(self.command.value) if self.command is not None else ""
        if self.line:
            try:
                return shlex.split(start)
            except ValueError:
                return [start]
        return [start, *(str(item.value) for item in (self.arguments.items if self.arguments is not None else ()))]

    @property
    def guarded(self) -> str:
        """The command of guard that is started: wrap, serve …; "" if it is not guard."""
        words = self.words
        return words[1] if len(words) > 1 and PurePath(words[0]).name == "guard" else ""

    @property
    def wrapped(self) -> bool:
        return self.guarded == "wrap"

    @property
    def front(self) -> int:
        """How many arguments are guard's own: its words, options that the user put there since, and `--`. 0: not known."""
        words = self.words[1:]
        found = words.index("--") + 1 if self.wrapped and "--" in words else 0
        return found if found < len(words) else 0


def entries(text: str, form: Format = JSON) -> list[Entry]:
    """The servers in a configuration, in its order. `BadInput` if it is not of that format."""
    return [_entry(server) for server in _servers(form.parse(text), form)]


def install(text: str, name: str, guard: str, form: Format = JSON) -> str:
    """The configuration with guard (a command) before each server of that name: one file may have it for several projects. `BadInput` if
    that cannot be done."""
    todo = [number for number, server in enumerate(_named(text, name, form)) if not server.wrapped]
    if not todo:
        raise BadInput(f"{name}: it goes through guard already", hint="`guard install` lists what can be done.")
    for number in todo:
        server = _named(text, name, form)[number]
        if why_not := _entry(server).why_not:
            raise BadInput(f"{name}: {why_not}", hint="`guard install` lists what can be done.")
        after = _installed(text, server, guard, form)
        if _uninstalled(after, _named(after, name, form)[number], form) != text:
            raise BadInput(
                f"{name}: guard cannot change this entry so that it could be restored", hint="Change it by hand: README.md shows how."
            )
        text = after
    return text


def uninstall(text: str, name: str, form: Format = JSON) -> str:
    """The configuration with the servers of that name started directly again. `BadInput` if none goes through guard."""
    todo = [number for number, server in enumerate(_named(text, name, form)) if server.wrapped]
    if not todo:
        raise BadInput(f"{name} does not go through guard", hint="`guard install` lists the servers.")
    for number in todo:
        text = _uninstalled(text, _named(text, name, form)[number], form)
    return text


def _uninstalled(text: str, server: _Server, form: Format) -> str:
    command, arguments, front = server.command, server.arguments, server.front
    if remote.is_installed(server.node):
        return remote.uninstalled(text, server.node)
    if command is None or not front:
        raise BadInput(f"{server.name} was put behind guard by hand", hint="Change its entry by hand, too.")
    if server.line:
        start = command.start + 1
        return _replaced(text, (start, text.index(" -- ", start) + 4, ""))
    assert arguments is not None
    items = arguments.items
    restored = (command.start, command.end, text[items[front].start : items[front].end])
    if len(items) > front + 1:
        return _replaced(text, restored, _taken(text, arguments, front))
    if text[command.end :].startswith(_added(text, server, form)):
        return _replaced(text, restored, (command.end, arguments.end, ""))
    if arguments.lines:
        return _replaced(text, restored, (arguments.start, items[front].end, "  []"))
    return _replaced(text, restored, (items[0].start, items[front].end, ""))


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
    called = re.sub(r"[^A-Za-z0-9._-]+", "-", server.name).lstrip("._-")[:64]
    called = called if called and called != "guard" else f"server{called and '-'}{called}"  # `guard` is what guard's own tools are called
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


def _taken(text: str, arguments: Node, front: int) -> tuple[int, int, str]:
    """Guard's words, and the command behind them, away from the front of others."""
    last, own = arguments.items[front], arguments.items[front + 1]
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
    projects = [(project, node) for key, holder in root.members if key == "projects" for project, node in holder.members]
    for project, holder in (("", root), *projects):
        for key in form.keys:
            servers = holder.get(key)
            if servers is None:
                continue
            found.extend(_server(name, node, project) for name, node in servers.members if node.kind == "object")
            listed = [(name, node) for node in servers.items if (name := node.get("name")) is not None]
            found.extend(_server(str(name.value), node, project, listed=True) for name, node in listed)
    return found


def _server(name: str, node: Node, project: str, *, listed: bool = False) -> _Server:
    command, holder = node.get("command", "cmd"), node
    if command is not None and command.kind == "object":  # Zed, formerly
        holder, command = command, command.get("path")
    if command is not None and command.kind != "text":
        command = None
    arguments = holder.get("args")
    line = listed and command is not None and arguments is None and " " in str(command.value)
    return _Server(name=name, node=node, command=command, arguments=arguments, holder=holder, line=line, project=project)


def _named(text: str, name: str, form: Format) -> list[_Server]:
    servers = [server for server in _servers(form.parse(text), form) if server.name == name]
    if not servers:
        raise BadInput(f"In this configuration no server is called {name!r}", hint="`guard install` lists the servers.")
    return servers


def _entry(server: _Server) -> Entry:
    command, url, kind = server.command, server.node.get(*remote.URL), server.node.get("type")
    why_not = ""
    if command is None and url is not None:
        why_not = remote.why_not(server.name, server.node)
    elif command is None and kind is not None and kind.value in _INSIDE:
        why_not = "it runs inside the client: nothing can stand before it"
    elif command is None or (server.arguments is not None and server.arguments.kind != "array"):
        why_not = "guard does not understand this entry"
    elif server.guarded and not server.wrapped:
        why_not = "it is guard itself"
    shown = command.value if command is not None else url.value if url is not None else "?"
    if server.line:
        shown = str(shown).split()[0]
    return Entry(name=server.name, shown=str(shown), wrapped=server.wrapped, why_not=why_not, project=server.project)


def _replaced(text: str, *changes: tuple[int, int, str]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text
