"""A server of the SDK with one tool for each thing that must pass through guard; it speaks both eras."""

import asyncio
import os
import sys
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, Resolve
from pydantic import BaseModel

server = MCPServer("everything", version="1.2.3", log_level="ERROR")


class Confirm(BaseModel):
    ok: bool


class Stats(BaseModel):
    rows: int
    label: str


async def ask() -> Elicit[Confirm]:
    return Elicit("Really rename?", Confirm)


@server.tool()
async def echo(text: str, ctx: Context) -> str:
    """The text, and the `_meta` that arrived."""
    meta = {key: value for key, value in (ctx.request_context.meta or {}).items() if not key.startswith("io.modelcontextprotocol/")}
    meta.pop("progressToken", None)
    return f"{text}|{sorted(meta.items())}"


@server.tool()
async def get_stats() -> Stats:
    """Structured output."""
    return Stats(rows=3, label="x")


@server.tool()
async def check_slowly(steps: int, ctx: Context) -> str:
    """Progress."""
    for step in range(steps):
        await ctx.report_progress(step + 1, steps, f"step {step + 1}")
    return "done"


@server.tool()
async def check_forever(path: str) -> str:
    """Runs until it is cancelled, and writes down what happened."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("started")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        with open(path, "w", encoding="utf-8") as file:
            file.write("cancelled")
        raise
    return "never"


@server.tool()
async def check_until(path: str) -> str:
    """Notes that it began, and ends once a file is there."""
    with open(f"{path}.began", "w", encoding="utf-8"):
        pass
    while not os.path.exists(path):
        await asyncio.sleep(0.01)
    return "there"


@server.tool()
async def rename(name: str, confirm: Annotated[ElicitationResult[Confirm], Resolve(ask)]) -> str:
    """Asks the client's user, in either era."""
    agreed = isinstance(confirm, AcceptedElicitation) and confirm.data.ok
    return f"renamed {name}" if agreed else "kept"


@server.tool()
async def get_more(ctx: Context) -> str:
    """Adds a tool, and tells both eras."""
    server.add_tool(get_stats, name="get_extra")
    await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()
    return "more"


@server.tool()
async def die() -> str:
    """Ends the server before it answers."""
    os._exit(3)


@server.resource("note://{name}")
def note(name: str) -> str:
    return f"note {name}"


@server.prompt()
def greet(who: str) -> str:
    return f"Say hello to {who}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        server.run()
