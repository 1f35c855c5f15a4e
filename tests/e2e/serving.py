"""A configured place, `guard serve` over it as users start it, and a person beside it at the desk."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from guard import config
from guard.cli import compose
from guard.desk import Desk
from guard.model import Case, Person, Stage
from tests import build

SERVE = [sys.executable, "-m", "guard", "serve"]
PERSON = "ann"
PATIENCE = 60.0
"""Seconds in which a server must listen."""
VAULT = '@id("the-vault-stays") @why("secret reasons") forbid (principal, action == Guard::Action::"fs.delete", resource == Guard::File::"{file}");'


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Folders of one guard: the workspace that programs see, and what must not lie in it."""

    root: Path

    @property
    def workspace(self) -> Path:
        return self.root / "workspace"

    @property
    def toml(self) -> Path:
        return self.root / "etc" / "guard.toml"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**kept, "GUARD_CONFIG": str(self.toml), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], port: int, **more: Any) -> Iterator[str]:
    """A server on a port, until it is no longer needed; its URL."""
    with subprocess.Popen(command, **more) as process:
        try:
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None, f"{command} ended"
                    assert time.monotonic() < end, f"{command} does not listen"
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(20)


def make(root: Path, **settings: object) -> Place:
    """A place with the default policies, approvals that count unattended, and one file that no policy lets anybody delete."""
    place = Place(root=root.resolve())
    policies = place.toml.parent / "policies"
    for folder in (place.workspace, policies):
        folder.mkdir(parents=True)
    for name in ("schema.cedarschema", "default.cedar", "packs/unattended.cedar"):
        (policies / Path(name).name).write_bytes((build.POLICIES / name).read_bytes())
    (policies / "vault.cedar").write_text(VAULT.format(file=place.workspace / "vault.txt"))
    for name in ("vault.txt", "a.txt"):
        (place.workspace / name).write_text("first\n")
    table = {"workspace": str(place.workspace), "agent": "claude", "state": str(place.state), **settings}
    place.toml.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items()))
    return place


@asynccontextmanager
async def desk(place: Place) -> AsyncIterator[Desk]:
    """The desk of a person, on an engine of its own that shares the state folder."""
    async with compose.open_desk(config.load(place.toml)) as opened:
        yield opened


async def register(place: Place) -> Place:
    """Register the person who may approve here: with nobody registered, what needs a person is denied."""
    async with desk(place) as at:
        await at.store.add_person(Person(name=PERSON, os_user="ann"), now=compose.WallClock().now())
    return place


async def waiting(at: Desk, number: str) -> Case:
    """The case of a number as the model was told it, which must wait."""
    case = await at.case(int(number))
    assert case.stage is Stage.WAITING
    return case


async def approve(place: Place, number: str) -> None:
    async with desk(place) as at:
        answer = await at.approve(await waiting(at, number), person=PERSON, signer=None, shown="all lines")
        assert answer.refused is None, answer.refused


async def edit(place: Place, number: str, code: str) -> None:
    async with desk(place) as at:
        assert (await at.edit(await waiting(at, number), code, person=PERSON)).refused is None


async def reject(place: Place, number: str, reason: str) -> None:
    async with desk(place) as at:
        await waiting(at, number)
        assert (await at.reject(int(number), person=PERSON, reason=reason)).refused is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One way in: a transport and an era of the protocol."""

    place: Place
    era: Any
    url: str = ""
    """Where a running server listens; "": a server is started over stdio for each client."""

    @asynccontextmanager
    async def client(self, *, agent: str = "") -> AsyncIterator[Client]:
        """A real MCP client. Another agent than the configured one gets a server of its own."""
        if self.url and not agent:
            token = (self.place.state / "http.token").read_text().strip()
            web = httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=90)
            async with web, Client(streamable_http_client(self.url, http_client=web), mode=self.era) as client:
                yield client
            return
        arguments = SERVE[1:] + (["--agent", agent] if agent else [])
        started = StdioServerParameters(command=SERVE[0], args=arguments, env=self.place.environment)
        async with Client(stdio_client(started), mode=self.era) as client:
            yield client


@contextmanager
def listening(place: Place) -> Iterator[str]:
    """`guard serve --http` on a free port; its address, as its log says it."""
    command = [*SERVE, "--http", "127.0.0.1:0"]
    with subprocess.Popen(command, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            said = ""
            while not (found := re.search(r"http://127\.0\.0\.1:\d+/mcp", said)):
                line = process.stderr.readline()
                assert line, f"it ended: {said}"
                said += line
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield found[0]
        finally:
            process.terminate()
            assert process.wait(20) == 0
            assert process.stdout
            assert process.stdout.read() == ""


def text(result: Any) -> str:
    """All that a model reads of a result."""
    return "\n".join(block.text for block in result.content)
