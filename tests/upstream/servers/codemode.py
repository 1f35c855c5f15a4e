"""A real Code Mode server for the tests: FastMCP's CodeMode over a few tools that write down what they did."""

import os
import sys

from fastmcp import FastMCP
from fastmcp.experimental.transforms.code_mode import CodeMode

server = FastMCP("zones", transforms=[CodeMode()])


def _note(line: str) -> None:
    with open(os.environ["NOTES"], "a", encoding="utf-8") as notes:
        notes.write(line + "\n")


@server.tool
def get_zone(name: str) -> dict[str, str]:
    """Read a zone."""
    _note(f"get {name}")
    return {"zone": name}


@server.tool
def create_zone(name: str) -> str:
    """Make a zone."""
    _note(f"create {name}")
    return f"created {name}"


@server.tool
def delete_zone(name: str) -> str:
    """Delete a zone."""
    _note(f"delete {name}")
    return f"deleted {name}"


if __name__ == "__main__":
    if sys.argv[1:]:
        server.run(transport="http", host="127.0.0.1", port=int(sys.argv[1]), show_banner=False, log_level="ERROR")
    else:
        server.run(show_banner=False, log_level="ERROR")
