"""Profiles: the calling conventions of the Code Mode servers that guard can stand in front of, as data.

A profile says which tool carries code in which argument and language, how the server splices that text, and which names in it are calls
of the server's tools (`Sink`). Analysers take a profile by name (`Facts.profile`, see `profile_named`); wrapping stores profiles as TOML
and passes operators' own with `register`-free data: this module only holds the types and the built-in literals.

Facts here are from the servers' sources and from their answers on the wire; where a server's behaviour was not seen, the stricter is assumed.
"""

# ruff: noqa: E501 - one row per server reads better than one line per word

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from guard.model import Facts


class Form(StrEnum):
    """How the server makes a program of the text it is sent. Text that is not exactly of this form is opaque."""

    ARROW = "arrow"
    """Exactly one function expression, spliced as `(code)()`."""
    NORMALISED = "normalised"
    """Fences and `export default` stripped, a function called, statements wrapped in an async function."""
    BODY = "body"
    """The body of an async function: top-level `return` and `await`."""
    RUN = "run"
    """A module that defines `run`."""
    SCRIPT = "script"
    """A free script."""
    UNKNOWN = "unknown"
    """Not known: a function that the text defines and does not call may be called by the server, with its tools as arguments."""


class Style(StrEnum):
    """How one name in the program stands for calls of the server."""

    REQUEST = "request"
    """`x({method, path, query, body})`."""
    VERBS = "verbs"
    """`x.get(path)`, `x.post(path, …)`, `x.delete(path)`."""
    CLIENT = "client"
    """A generated SDK: `x.resource.verb(…)`, raw `x.get(path)`; also `x.apiKey`, `x.baseURL`."""
    CALLS = "calls"
    """`x.tool(…)`, `x.namespace.tool(…)`; with the name "*", any name that the program does not declare."""
    NAMED = "named"
    """`x("tool", arguments)`; with two leading texts, `x("server", "tool", …)`."""
    INVOKE = "invoke"
    """`x({name, arguments})`."""
    IMPORTS = "imports"
    """Python: `from x.<server> import <tool>`."""
    DATA = "data"
    """Only data: reading it and calling its methods does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A name that the server injects. `name` may be dotted; a trailing "*" matches the rest of one word."""

    name: str
    style: Style
    named: bool = False
    """The name is part of the tool's: `tasks.list`, not `list`."""
    value: str = ""
    """Data that is one word of the server's own, and stands for itself in paths; in braces if the word is not known."""
    argument: str = ""
    """The argument of a call that takes the place of this word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTool:
    """A tool of the server that takes a program."""

    name: str
    argument: str = "code"
    language: str = "javascript"
    harmless: bool = False
    """Its isolate can reach nothing but the data handed to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One server's conventions."""

    name: str
    code: tuple[CodeTool, ...]
    form: Form
    sinks: tuple[Sink, ...] = ()
    servers: tuple[str, ...] = ()
    """Names in `serverInfo.name` that this profile is for; "x*" is a prefix."""
    mentions: tuple[str, ...] = ()
    """Texts in the descriptions of its tools, all of them: for servers that call themselves anything."""
    reads: tuple[str, ...] = ()
    """Tools (or `METHOD /path` patterns) that only read, whatever their names say. "*" matches within one path segment, "**" anything."""
    writes: tuple[str, ...] = ()
    destroys: tuple[str, ...] = ()
    """Tools or requests that destroy, deploy code or change who may do what. The strictest of the three lists that matches counts."""
    safe: tuple[str, ...] = ()
    """Other tools of the server that may run without asking."""
    gated: tuple[str, ...] = ()
    """Other tools that always need a person; so does every tool that no list names."""
    forbidden: tuple[str, ...] = ()
    """Other tools that are never forwarded."""
    proxy: str = ""
    """Path of a local HTTP proxy that takes `{server, tool, args}` (jx)."""
    failure_prefixes: tuple[str, ...] = ()
    """A result text that starts so is a failure, even where the server does not say `isError`."""
    failure_mentions: tuple[str, ...] = ()
    """And so is one that holds one of these anywhere."""
    command: tuple[str, ...] = ()
    """Not a server but this command, which takes a program as its last argument (`guard run --profile`)."""
    session: bool = False
    """The server keeps what a program defines for the programs after it (a REPL)."""
    restart: str = ""
    """The argument of a code tool that, if true, makes the server forget them first."""
    success_prefixes: tuple[str, ...] = ()
    """If not empty: a result text that starts with none of these is a failure."""


_JS = "javascript"
_TS = "typescript"
_PY = "python"

BUILT_IN: tuple[Profile, ...] = (
    Profile(
        name="cloudflare",
        servers=("cloudflare-api",),
        code=(CodeTool(name="execute"), CodeTool(name="search", harmless=True)),
        form=Form.ARROW,
        sinks=(Sink(name="cloudflare.request", style=Style.REQUEST), Sink(name="spec", style=Style.DATA), Sink(name="accountId", style=Style.DATA, value="{accountId}", argument="account_id")),
        reads=("POST /**/search", "POST /**/query", "POST /**/telemetry/**"),
        destroys=(
            "PUT /**/workers/scripts/**", "POST /**/purge_cache", "POST /**/rollback", "* /**/tokens/**", "* /**/tokens", "* /**/members/**",
            "* /**/members", "PUT /**/workers/services/**",
        ),
        safe=("docs", "whoami"),
        failure_prefixes=("Error: ",),
    ),
    Profile(
        name="codemode-openapi",
        servers=("codemode-openapi*",),
        mentions=("codemode.request(", "codemode.spec("),
        code=(CodeTool(name="execute"), CodeTool(name="search", harmless=True)),
        form=Form.NORMALISED,
        sinks=(Sink(name="codemode.request", style=Style.REQUEST), Sink(name="codemode.spec", style=Style.DATA)),
        reads=("POST /**/search", "POST /**/query"),
        failure_prefixes=("Error: ",),
    ),
    Profile(
        name="codemode-code",
        servers=("codemode*",),
        code=(CodeTool(name="code"), CodeTool(name="codemode")),
        form=Form.NORMALISED,
        sinks=(Sink(name="codemode", style=Style.CALLS),),
        reads=("codemode.search", "codemode.describe", "search", "describe"),
        destroys=("run",),
        failure_prefixes=("Error: ",),
    ),
    Profile(
        name="stainless",
        servers=("*_api", "stainless*"),
        code=(CodeTool(name="execute", language=_TS),),
        form=Form.RUN,
        sinks=(Sink(name="client", style=Style.CLIENT),),
        safe=("search_docs",),
        failure_prefixes=("Error output:",),
    ),
    Profile(
        name="jx-codemode",
        servers=("codemode-mcp-server",),
        code=(CodeTool(name="execute_code", language=_TS),),
        form=Form.SCRIPT,
        safe=("list_servers_with_tools", "check_deno_version"),
        proxy="/mcp/call",
    ),
    Profile(
        name="lootbox",
        code=(CodeTool(name="exec", language=_TS),),
        command=("lootbox", "exec"),
        form=Form.SCRIPT,
        sinks=(Sink(name="tools", style=Style.CALLS), Sink(name="stdin", style=Style.DATA)),
    ),
    Profile(
        name="pctx",
        servers=("pctx*",),
        code=(CodeTool(name="execute_typescript", language=_TS), CodeTool(name="execute", language=_TS),
              CodeTool(name="execute_bash", argument="command", language="shell", harmless=True)),
        form=Form.RUN,
        sinks=(Sink(name="invoke", style=Style.INVOKE), Sink(name="*", style=Style.CALLS)),
        safe=("list_functions", "get_function_details"),
        success_prefixes=("Code Executed Successfully: true",),
    ),
    Profile(
        name="goose",
        code=(CodeTool(name="execute_typescript", language=_TS), CodeTool(name="execute_bash", argument="command", language="shell")),
        form=Form.RUN,
        sinks=(Sink(name="*", style=Style.CALLS),),
        success_prefixes=("Code Executed Successfully: true",),
    ),
    Profile(
        name="overseer",
        servers=("overseer-mcp",),
        code=(CodeTool(name="execute"),),
        form=Form.BODY,
        sinks=(Sink(name="tasks", style=Style.CALLS, named=True), Sink(name="learnings", style=Style.CALLS, named=True)),
        reads=("tasks.list", "tasks.get", "tasks.tree", "tasks.search", "tasks.progress", "tasks.nextReady", "learnings.list"),
        writes=("tasks.start", "tasks.complete", "tasks.create", "tasks.update", "tasks.reopen", "tasks.block", "tasks.unblock"),
        destroys=("tasks.delete",),
        failure_prefixes=("Execution error: ",),
    ),
    Profile(
        name="mcpcodeserver",
        code=(CodeTool(name="generate_and_execute_code", language=_TS),),
        form=Form.BODY,
        sinks=(Sink(name="*", style=Style.CALLS),),
        safe=("list_servers", "get_tool_definitions"),
    ),
    Profile(
        name="utcp",
        servers=("CodeMode-MCP",),
        code=(CodeTool(name="call_tool_chain"),),
        form=Form.BODY,
        sinks=(Sink(name="__interfaces", style=Style.DATA), Sink(name="__getToolInterface", style=Style.DATA), Sink(name="*", style=Style.CALLS)),
        safe=("search_tools", "list_tools", "tools_info", "get_required_keys_for_tool"),
        gated=("register_manual", "deregister_manual"),
        destroys=("__*Ref.*",),
        failure_mentions=('"[ERROR] Code execution failed:',),
    ),
    Profile(
        name="docker-gateway",
        code=(CodeTool(name="code-mode-*", argument="script"), CodeTool(name="run_tools_with_javascript", argument="script")),
        form=Form.BODY,
        sinks=(Sink(name="*", style=Style.CALLS),),
        gated=("mcp-add", "mcp-exec", "code-mode", "mcp-remove", "mcp-config-set"),
        failure_prefixes=("Error running script:",),
    ),
    Profile(
        name="executor",
        servers=("executor*",),
        code=(CodeTool(name="execute", language=_TS),),
        form=Form.SCRIPT,
        sinks=(Sink(name="tools.search", style=Style.DATA), Sink(name="tools", style=Style.CALLS)),
        safe=("skills",),
        gated=("resume",),
    ),
    Profile(
        name="vercel",
        code=(CodeTool(name="execute", language=_TS),),
        form=Form.SCRIPT,
        sinks=(Sink(name="tools", style=Style.CALLS),),
    ),
    Profile(
        name="generic-js",
        code=(CodeTool(name="execute"),),
        form=Form.UNKNOWN,
        sinks=(
            Sink(name="api", style=Style.VERBS), Sink(name="cloudflare.request", style=Style.REQUEST), Sink(name="codemode.request", style=Style.REQUEST),
            Sink(name="codemode", style=Style.CALLS), Sink(name="tools", style=Style.CALLS), Sink(name="client", style=Style.CLIENT),
            Sink(name="call_tool", style=Style.NAMED), Sink(name="callTool", style=Style.NAMED), Sink(name="invoke", style=Style.INVOKE),
        ),
    ),
    Profile(
        name="fastmcp",
        code=(CodeTool(name="execute", language=_PY),),
        form=Form.BODY,
        sinks=(Sink(name="call_tool", style=Style.NAMED),),
        safe=("search", "get_schema", "tags", "list_tools"),
    ),
    Profile(
        name="elusznik",
        servers=("mcp-server-code-execution-mode",),
        code=(CodeTool(name="run_python", language=_PY),),
        form=Form.SCRIPT,
        sinks=(
            Sink(name="runtime.call_tool", style=Style.NAMED), Sink(name="mcp.runtime.call_tool", style=Style.NAMED),
            Sink(name="runtime", style=Style.CALLS), Sink(name="mcp.runtime", style=Style.IMPORTS),
            Sink(name="mcp_servers", style=Style.CALLS), Sink(name="mcp_*", style=Style.CALLS), Sink(name="mcp.servers", style=Style.IMPORTS),
        ),
        reads=("discovered_servers", "capability_summary"),
        destroys=("save_tool", "runtime.save_tool"),
    ),
    Profile(
        name="agent-codemode",
        code=(CodeTool(name="execute_code", language=_PY),),
        form=Form.SCRIPT,
        sinks=(Sink(name="generated.mcp", style=Style.IMPORTS),),
        safe=("list_servers", "list_tool_names", "list_tools", "search_tools", "get_tool_details", "list_skills"),
        gated=("add_mcp_server", "save_skill", "run_skill", "delete_skill", "call_tool"),
        failure_prefixes=('{\n  "success": false', '{\n  "success": true,\n  "execution_ok": false'),
    ),
    Profile(
        name="pydantic-ai",
        code=(CodeTool(name="run_code", language=_PY),),
        form=Form.SCRIPT,
        sinks=(Sink(name="*", style=Style.CALLS),),
        session=True,
        restart="restart",
    ),
    Profile(
        name="utcp-python",
        code=(CodeTool(name="call_tool_chain", language=_PY),),
        form=Form.BODY,
        sinks=(Sink(name="*", style=Style.CALLS),),
    ),
    Profile(
        name="generic-python",
        code=(CodeTool(name="execute", language=_PY),),
        form=Form.UNKNOWN,
        sinks=(
            Sink(name="call_tool", style=Style.NAMED), Sink(name="runtime.call_tool", style=Style.NAMED), Sink(name="mcp_servers", style=Style.CALLS),
            Sink(name="mcp_*", style=Style.CALLS), Sink(name="mcp.servers", style=Style.IMPORTS), Sink(name="generated.mcp", style=Style.IMPORTS),
        ),
    ),
)  # fmt: skip
"""The servers of the field, each with what its code may call."""


def profile_of(facts: Facts) -> Profile | None:
    """The profile by which a program is read: the operator's own, else the built-in one of that name; None if there is none."""
    return _parsed(facts.conventions) if facts.conventions else profile_named(facts.profile)


@lru_cache(maxsize=16)
def _parsed(text: str) -> Profile:
    return profile_from(json.loads(text))


def profile_from(table: Mapping[str, Any]) -> Profile:
    """A profile from plain data, as TOML or JSON give it. `TypeError`, `ValueError` or `KeyError` if it is none."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    fields["code"] = tuple(CodeTool(**row) for row in table.get("code", ()))
    fields["sinks"] = tuple(Sink(**{**row, "style": Style(row["style"])}) for row in table.get("sinks", ()))
    return Profile(**{**fields, "form": Form(table["form"])})


def profile_named(name: str) -> Profile | None:
    """The built-in profile of that name, or None."""
    return next((profile for profile in BUILT_IN if profile.name == name), None)
