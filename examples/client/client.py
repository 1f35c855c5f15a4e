"""Submit a program to guard over MCP, as an AI client does, and print what comes back."""

import asyncio
import os
import sys
from pathlib import Path

from mcp import StdioServerParameters
from mcp.client import Client


async def submit(code: str) -> int:
    guard = StdioServerParameters(command=sys.executable, args=["-m", "guard", "serve"], env=dict(os.environ))
    async with Client(guard) as client:
        result = await client.call_tool("execute", {"code": code, "language": "python", "intent": "try guard"})
        answer = result.structured_content
        while not answer["final"]:
            print(answer["outcome"], file=sys.stderr, flush=True)
            result = await client.call_tool("guard_wait", {"ticket": answer["ticket"], "timeout": 50})
            answer = result.structured_content
    print(answer["outcome"], file=sys.stderr)
    print(answer["stdout"] or "", end="")
    return 1 if result.is_error else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(submit(Path(sys.argv[1]).read_text())))
