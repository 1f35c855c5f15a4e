"""Servers that a client reaches by URL, rewritten so that it starts guard, which reaches them. Pure: text enters, text leaves.

The whole entry becomes another one. What stood there is kept in it, as text in the environment that the client gives to guard, so taking
guard away again gives the very bytes back. Headers move to that environment too: they stay in the same file, and are on no command line.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from guard.clients.tree import Node
from guard.errors import BadInput

URL = ("url", "httpUrl", "serverUrl", "uri")
ENTRY = "GUARD_ENTRY"
"""The variable that keeps the entry as it was, with marks where the values of its headers stood."""
_HEADER = "GUARD_HEADER_"
HEADERS = ("headers", "http_headers")
_TOKEN, _NAMED = "bearer_token_env_var", "env_http_headers"
"""What Codex takes from the user's environment: a token, and headers by the names of variables. It hands on those of `_HANDED_ON`."""
_HANDED_ON = "env_vars"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPE = ("type", "transport")
_KEPT = frozenset(
    (
        "name", "display_name", "description", "version", "source", "settings", "bundled", "enabled", "disabled", "required", "trust",
        "timeout", "startup_timeout_sec", "startup_timeout_ms", "tool_timeout_sec", "env", "envs", "env_keys", "gallery", "dev",
        "alwaysAllow", "autoApprove", "disabledTools", "includeTools", "excludeTools", "enabled_tools", "disabled_tools", "available_tools",
    )
)  # fmt: skip
"""What says nothing of how the server is reached."""
_MARK = "\ufffc"
_LINE = re.compile(r"([ \t]*)[A-Za-z0-9_-]+[ \t]*=[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How an entry that starts a program is written."""

    command: str = "command"
    environment: str = "env"
    equals: str = ": "
    """Between a key and its value."""


def why_not(name: str, node: Node) -> str:
    """Why guard cannot reach this server in the client's place, and what to do; "" if it can."""
    url, kind = node.get(*URL), node.get(*_TYPE)
    instead = f"start `guard wrap {name} --url URL` in its place (`guard wrap --help`)"
    if url is None or url.kind != "text":
        return "guard does not understand this entry"
    if kind is not None and kind.value == "sse":
        return "it speaks the SSE transport of 2024, which guard does not: name its streamable HTTP URL first"
    if re.search(r"[?@]", str(url.value)):
        return f"its URL holds what may be a secret, and would show in the list of processes: send that as a header, or {instead}"
    if strange := next((key for key, _ in node.members if key not in (*_KEPT, *URL, *_TYPE, *HEADERS, _TOKEN, _NAMED)), None):
        return f"guard cannot take over its {strange!r}: {instead}"
    if node.start == node.end and any(member.lines and member.members for _, member in node.members):
        return "it is spread over several tables: write it as one first, with `http_headers = { … }`"
    for headers in (node.get(*HEADERS), node.get(_NAMED)):
        pairs = headers.members if headers is not None else ()
        if (headers is not None and headers.kind != "object") or any(value.kind != "text" or "=" in header for header, value in pairs):
            return "guard does not understand its headers"
    if not all(_VARIABLE.fullmatch(str(value.value)) for _, value in _variables(node)):
        return "guard does not understand which variables it names"
    return ""


def _variables(node: Node) -> list[tuple[str, Node]]:
    """The variables of the user's environment that an entry names, by their headers; "" is the token's."""
    token, named = node.get(_TOKEN), node.get(_NAMED)
    return [*([("", token)] if token is not None else []), *(named.members if named is not None else ())]


def is_installed(node: Node) -> bool:
    """Whether this entry is one that `installed` made."""
    arguments = node.get("args")
    words = [item.value for item in arguments.items] if arguments else []
    return words[:1] == ["wrap"] and "--url" in words and _kept(node) is not None  # the user may have put options between


def installed(text: str, node: Node, called: str, guard: str, style: Style) -> str:
    """The configuration with an entry that starts guard (a command) under the name `called` in place of this one."""
    start, end = _region(text, node)
    headers, url = node.get(*HEADERS), node.get(*URL)
    assert url is not None
    if _MARK in text[start:end]:
        raise BadInput("guard cannot change this entry so that it could be restored", hint="Change it by hand: README.md shows how.")
    words, variables, original = ["wrap", called, "--url", str(url.value)], {}, text[start:end]
    values = list(enumerate(headers.members if headers else (), 1))
    for number, (header, value) in values:
        words += ["--header-env", f"{header}={_HEADER}{number}"]
        variables[f"{_HEADER}{number}"] = _text(value.value)
    for number, (_, value) in sorted(values, key=lambda one: -one[1][1].start):
        quoted = {str(value.value): "b", f"'{value.value}'": "s"}.get(text[value.start : value.end], "q")
        original = f"{original[: value.start - start]}{_MARK}{number}{quoted}{_MARK}{original[value.end - start :]}"
    named = [(header, str(variable.value)) for header, variable in _variables(node)]
    for header, variable in named:
        words += ["--header-env", f"{header}={variable}"] if header else ["--header", f"Authorization: Bearer ${{env:{variable}}}"]
    environment = node.get(style.environment)
    own = {key: _rendered(text, value, style) for key, value in (environment.members if environment else ())}
    members = {style.command: _text(guard), "args": f"[{', '.join(map(_text, words))}]"}
    members[style.environment] = _object(own | variables | {ENTRY: _text(original)}, style)
    if named:
        members[_HANDED_ON] = f"[{', '.join(_text(variable) for _, variable in named)}]"
    members |= {key: '"stdio"' for key, _ in node.members if key in _TYPE}
    members |= {key: _rendered(text, value, style) for key, value in node.members if key in _KEPT and key != style.environment}
    lines = node.lines and style.equals != ": "
    indent = text[text.rfind("\n", 0, start) + 1 : start]
    made = f"\n{indent}".join(f"{key} = {value}" for key, value in members.items()) if lines else _object(members, style)
    return text[:start] + made + text[end:]


def uninstalled(text: str, node: Node) -> str:
    """The configuration with what stood there before."""
    environment, original = _kept(node) or (Node(start=0, end=0, kind="object"), "")

    def value(found: re.Match[str]) -> str:
        held = environment.get(f"{_HEADER}{found[1]}")
        said = str(held.value) if held else ""
        return {"b": said, "s": f"'{said}'"}.get(found[2], _text(said))

    start, end = _region(text, node)
    return text[:start] + re.sub(f"{_MARK}(\\d+)([bsq]){_MARK}", value, original) + text[end:]


def _kept(node: Node) -> tuple[Node, str] | None:
    for name in ("env", "envs"):
        environment = node.get(name)
        entry = environment.get(ENTRY) if environment else None
        if environment is not None and entry is not None and entry.kind == "text":
            return environment, str(entry.value)
    return None


def _region(text: str, node: Node) -> tuple[int, int]:
    """Where the entry stands: a value, or the lines of a table."""
    end = max(_ends(node), default=node.end)
    if not node.lines:
        return node.start, node.end
    if node.start != node.end:
        return node.start, end
    starts = []
    for _, value in node.members:
        begins = text.rfind("\n", 0, value.start) + 1
        found = _LINE.fullmatch(text, begins, value.start)
        if found is None:
            raise BadInput("guard cannot edit this table", hint="Change the entry by hand: README.md shows how.")
        starts.append(found.end(1))
    return min(starts), end


def _ends(node: Node) -> list[int]:
    """Where its values end: a block of YAML itself ends only where the next one begins."""
    if not node.lines:
        return [node.end]
    return [end for inner in (*(value for _, value in node.members), *node.items) for end in _ends(inner)]


def _rendered(text: str, node: Node, style: Style) -> str:
    if node.kind == "object":
        return _object({key: _rendered(text, value, style) for key, value in node.members}, style)
    if node.kind == "array":
        return f"[{', '.join(_rendered(text, item, style) for item in node.items)}]"
    return _text(node.value) if node.kind == "text" else text[node.start : node.end] or "null"


def _object(members: dict[str, str], style: Style) -> str:
    return "{" + ", ".join(f"{_text(key)}{style.equals}{value}" for key, value in members.items()) + "}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
