"""The servers that a client's configuration starts, and guard put before one of them. Pure: text enters, text leaves.

Only what must change is changed: the command becomes guard, and what stood there moves behind `--` at the front of the arguments. All else,
comments, order, formatting and secrets, stays where it is; so taking guard away again gives the very bytes that were there before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from guard.clients import jsonc
from guard.clients.jsonc import Node
from guard.errors import BadInput

KEYS = ("mcpServers", "servers", "context_servers")
"""Under which names clients keep their servers."""
_NO_ARGUMENTS = ',"args":['
"""How arguments are added where there were none: no formatter writes it so."""


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


def entries(text: str) -> list[Entry]:
    """The servers in a configuration, in its order. `BadInput` if it is no JSON."""
    return [_entry(name, node) for name, node in _servers(jsonc.parse(text))]


def install(text: str, name: str, guard: str) -> str:
    """The configuration with guard (a command) before the server of that name. `BadInput` if that cannot be done."""
    node = _named(text, name)
    entry = _entry(name, node)
    if entry.wrapped or entry.why_not:
        raise BadInput(f"{name}: {entry.why_not or 'it goes through guard already'}", hint="`guard install` lists what can be done.")
    command, arguments = _command(node), node.get("args")
    assert command is not None
    front = [json.dumps(word, ensure_ascii=False) for word in ("wrap", name, "--")] + [text[command.start : command.end]]
    if arguments is None:
        added = _NO_ARGUMENTS + ", ".join(front) + "]"
        return _replaced(text, (command.start, command.end, json.dumps(guard)), (command.end, command.end, added))
    joined = ", ".join(front) + (", " if arguments.items else "")
    inside = arguments.start + 1
    return _replaced(text, (command.start, command.end, json.dumps(guard)), (inside, inside, joined))


def uninstall(text: str, name: str) -> str:
    """The configuration with the server started directly again. `BadInput` if it does not go through guard."""
    node = _named(text, name)
    command, arguments = _command(node), node.get("args")
    if command is None or arguments is None or not _is_wrapped(node):
        raise BadInput(f"{name} does not go through guard", hint="`guard install` lists the servers.")
    original = arguments.items[3]
    restored = (command.start, command.end, text[original.start : original.end])
    if len(arguments.items) == 4:
        if text[command.end :].startswith(_NO_ARGUMENTS):
            return _replaced(text, restored, (command.end, arguments.end, ""))
        return _replaced(text, restored, (arguments.items[0].start, original.end, ""))
    return _replaced(text, restored, (arguments.items[0].start, arguments.items[4].start, _before(text, arguments)))


def _before(text: str, arguments: Node) -> str:
    """What stood between the first inserted word and the first own one: guard inserts words joined by ", " and nothing else."""
    between = text[arguments.items[3].end : arguments.items[4].start]
    return between[2:] if between.startswith(", ") else between.partition(",")[2]


def _servers(root: Node) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    holders = [root, *(node for key, projects in root.members if key == "projects" for _, node in projects.members)]
    for holder in holders:
        for key in KEYS:
            servers = holder.get(key)
            if servers is not None and servers.kind == "object":
                found.extend((name, node) for name, node in servers.members if node.kind == "object")
    return found


def _named(text: str, name: str) -> Node:
    nodes = [node for known, node in _servers(jsonc.parse(text)) if known == name]
    if len(nodes) != 1:
        many = "several servers are" if nodes else "no server is"
        raise BadInput(f"In this configuration {many} called {name!r}", hint="`guard install` lists the servers.")
    return nodes[0]


def _command(node: Node) -> Node | None:
    command = node.get("command")
    return command if command is not None and command.kind == "text" else None


def _is_wrapped(node: Node) -> bool:
    arguments = node.get("args")
    words = [item.value for item in arguments.items[:4]] if arguments is not None else []
    return len(words) == 4 and words[0] == "wrap" and words[2] == "--"


def _entry(name: str, node: Node) -> Entry:
    command, url = _command(node), node.get("url") or node.get("httpUrl") or node.get("serverUrl")
    arguments = node.get("args")
    why_not = ""
    if command is None and url is not None:
        why_not = f"it is reached by URL: start `guard wrap {name} --url URL` in its place"
    elif command is None or (arguments is not None and arguments.kind != "array"):
        why_not = "guard does not understand this entry"
    shown = command.value if command is not None else url.value if url is not None else "?"
    return Entry(name=name, shown=str(shown), wrapped=_is_wrapped(node), why_not=why_not)


def _replaced(text: str, *changes: tuple[int, int, str]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text
