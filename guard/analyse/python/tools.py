"""Calls of a wrapped server's tools, in the calling conventions of its profile -> `tool.read`, `tool.write`, `tool.destructive`.

A tool that no list of the profile names is judged by the verb in its name; without a verb it writes. What could be any tool is opaque.
"""

from __future__ import annotations

from guard.analyse.profile import Profile, Sink, Style
from guard.analyse.python.values import UNKNOWN, Args, Const, Dict, Value, known_text, options, parts_of
from guard.analyse.tools import SQL_ARGUMENTS, SQL_WORDS, TEXT_ARGUMENTS, kind_of, sink_for, takes_sql
from guard.model import Kind, Resource, ResourceType

RULE = "py-tool"
_MOST = 256
"""Arguments, of them and within them, that are looked at."""
METHODS = {"GET": Kind.TOOL_READ, "HEAD": Kind.TOOL_READ, "OPTIONS": Kind.TOOL_READ, "DELETE": Kind.TOOL_DESTRUCTIVE}


def leads(profile: Profile, name: str) -> tuple[Sink, str] | None:
    """The sink that a dotted name goes to or leads to, and what is left of the name after it."""
    return sink_for(profile, name) or next(((sink, "") for sink in profile.sinks if sink.name.startswith(name + ".")), None)


def called(profile: Profile, name: str, args: Args) -> tuple[Kind, str, tuple[Value, ...]] | None:
    """What a call of an injected name does, the tool that it calls as "server/tool", and what of its arguments is SQL; None: data only.
    Raises LookupError if it could be any tool."""
    found = leads(profile, name)
    if found is None:
        raise LookupError(name)
    sink, rest = found
    if sink.style is Style.DATA:
        return None
    if sink.style in (Style.NAMED, Style.INVOKE):
        server, tool = _tool_named(sink.style, args)
        tool, kind = f"{server or profile.name}/{tool}", kind_of(profile, tool)
        return kind, tool, _statements(tool, args)
    if sink.style in (Style.REQUEST, Style.VERBS) or (sink.style is Style.CLIENT and "." not in rest):
        kind, tool = _request(sink.style, rest, args)
        return kind, f"{profile.name}/{tool}", ()
    if not rest or (sink.style is Style.IMPORTS and rest.count(".") > 1):  # a server and a tool; beyond is what their modules import
        raise LookupError(name)
    return kind_of(profile, rest), f"{profile.name}/{rest}", _statements(f"{profile.name}/{rest}", args)


def _statements(tool: str, args: Args) -> tuple[Value, ...]:
    """What of the arguments is SQL: by the argument's name, as it begins, or because the tool's name says that it runs SQL."""
    runs_sql = takes_sql(tool)
    names = {None, *tool.split("/", 1), tool.rpartition(".")[2]}
    return tuple(
        value
        for name, value in _given(args)
        if name in SQL_ARGUMENTS
        or "".join(part or "" for part in parts_of(value)[:1]).lstrip(" (\n\t\r").lower().startswith(SQL_WORDS)
        or (runs_sql and (name in TEXT_ARGUMENTS or (not name and not (isinstance(value, Const) and known_text(value) in names))))
    )


def _given(args: Args) -> list[tuple[str, Value]]:
    """The arguments by name ("" for those that have none), those within mappings too; UNKNOWN for more than can be looked at."""
    found: list[tuple[str, Value]] = []
    pending = [*(("", value) for value in args.positional), *args.named.items(), *([("", args.rest)] if args.more else [])]
    while pending and len(found) < _MOST:
        name, value = pending.pop()
        for option in options(value):
            if isinstance(option, Dict):
                pending += [(key if isinstance(key, str) else "", inner) for key, inner in option.items.items()]
                pending += [("", inner) for inner in option.rest]
            else:
                found.append((name, option))
    return [*found, ("", UNKNOWN)] if pending else found


def _tool_named(style: Style, args: Args) -> tuple[str, str]:
    """Server ("" if it is not named) and tool in `call_tool("tool", …)`, `call_tool("server", "tool", …)` or `invoke({"name": …})`."""
    server: str | None = ""
    if style is Style.INVOKE:
        options = args.get(0)
        named = options.items.get("name") or options.items.get("tool") if isinstance(options, Dict) else None
        tool = known_text(named if named is not None else args.named.get("name"))
    else:
        names = [known_text(value) for value in args.positional[:2]] or [known_text(args.named.get("name"))]
        if len(names) == 2 and names[1] is not None:
            server = names[0]
        tool = names[-1] if len(names) == 2 and names[1] is not None else names[0]
    if not tool or server is None:
        raise LookupError("the tool's name is not known")
    return server, tool


def _request(style: Style, rest: str, args: Args) -> tuple[Kind, str]:
    method: str | None
    path: Value | None
    if style is Style.REQUEST:
        options = args.get(0)
        given = options.items if isinstance(options, Dict) else args.named
        method, path = known_text(given.get("method", Const("GET"))), given.get("path") or given.get("url")
    else:
        method, path = rest.rsplit(".", 1)[-1].upper(), args.get(0)
    kind = METHODS.get((method or "").upper(), Kind.TOOL_WRITE if method in ("POST", "PUT", "PATCH") else Kind.TOOL_DESTRUCTIVE)
    return kind, f"{(method or '*').upper()} {known_text(path) or '*'}"


def resource(name: str) -> Resource:
    """The Tool resource of "server/tool"."""
    return Resource(type=ResourceType.TOOL, name=name)
