"""Calls of a wrapped server's tools in Python, in the calling conventions of its profile.

Names that the server injects are library references whose name begins with "%", so that they are followed through variables, containers and
callbacks like any function of a library. What is called without being known is opaque: behind a wrapped server nothing else would see it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from guard.analyse.profile import Profile, Style, profile_of
from guard.analyse.python.values import TAINTED, Args, Ref, Value, known_text, options
from guard.analyse.tools import kind_of, sink_for
from guard.model import Facts, Kind, Resource, ResourceType

if TYPE_CHECKING:
    from guard.analyse.python.calls import Calls

RULE = "py-tool"
MARK = "%"
_WORDS = {Kind.TOOL_READ: "reads with", Kind.TOOL_WRITE: "changes something with", Kind.TOOL_DESTRUCTIVE: "destroys with"}


def injected(facts: Facts, name: str) -> Ref | None:
    """The reference of a name that the program does not define, if the server injects it."""
    profile = profile_of(facts)
    if profile is None:
        return None
    for sink in profile.sinks:
        root = sink.name.split(".")[0]
        if sink.style is not Style.IMPORTS and (root in ("*", name) or (root.endswith("*") and name.startswith(root[:-1]))):
            return Ref(MARK + name)
    return None


def imported(facts: Facts, module: str) -> Ref | None:
    """The reference of a module that the server provides for calling its tools."""
    profile = profile_of(facts)
    for sink in profile.sinks if profile is not None else ():
        if sink.style is Style.IMPORTS and (
            module == sink.name or module.startswith(sink.name + ".") or sink.name.startswith(module + ".")
        ):
            return Ref(MARK + module)
    return None


def call(run: Calls, name: str, args: Args, node: ast.AST) -> Value:
    """What the call of an injected name does."""
    profile, dotted = profile_of(run.facts), name.removeprefix(MARK)
    found = sink_for(profile, dotted) if profile is not None else None
    if profile is None or found is None:
        run.opaque(node, f"calls {dotted}, which is not among the calls known of this server", RULE)
        return TAINTED
    sink, rest = found
    if sink.style is Style.NAMED:
        _named(run, profile, args, node)
    elif sink.style is Style.INVOKE:
        run.opaque(node, f"calls a tool through {dotted}: it could be any", RULE)
    elif sink.style is not Style.DATA:
        _tool(run, profile, rest, node)
    return TAINTED


def _named(run: Calls, profile: Profile, args: Args, node: ast.AST) -> None:
    """`call_tool("tool", {…})`, or `call_tool("server", "tool", {…})`."""
    first, second = args.get(0, "name"), args.get(1)
    texts = [known_text(option) for option in options(first)] if first is not None else [None]
    seconds = [known_text(option) for option in options(second)] if second is not None and len(args.positional) > 1 else []
    if seconds and all(seconds):
        texts = [f"{server}.{tool}" if server else None for server in texts for tool in seconds]
    for text in texts:
        _tool(run, profile, text or "", node)


def _tool(run: Calls, profile: Profile, name: str, node: ast.AST) -> None:
    if not name or name.endswith("?"):
        run.opaque(node, "calls a tool whose name is worked out at run time: it could be any tool", RULE)
        return
    kind = kind_of(profile, name)
    resource = Resource(type=ResourceType.TOOL, name=f"{run.facts.server or profile.name}/{name}")
    run.add(kind, resource, node, RULE, f"{_WORDS[kind]} {name}", exact="?" not in name)
