"""A Code Mode server that keeps its variables: `run_code(code, restart)`, in one namespace. What it runs is noted in the file NOTES."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool

SCHEMA = {"type": "object", "properties": {"code": {"type": "string"}, "restart": {"type": "boolean"}}, "required": ["code"]}
namespace: dict[str, Any] = {}


async def tools(ctx: Any, params: Any) -> ListToolsResult:
    return ListToolsResult(tools=[Tool(name="run_code", description="Runs Python.", input_schema=SCHEMA)])


async def call(ctx: Any, params: Any) -> CallToolResult:
    given = params.arguments or {}
    if given.get("restart"):
        namespace.clear()
    with open(os.environ["NOTES"], "a", encoding="utf-8") as notes:
        notes.write(f"{given['code']!r}\n")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            exec(given["code"], namespace)
        except NameError as error:
            print(error)
    return CallToolResult(content=[TextContent(type="text", text=said.getvalue())])


async def main() -> None:
    server: Server[Any] = Server("repl", version="1", on_list_tools=tools, on_call_tool=call)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


asyncio.run(main())
