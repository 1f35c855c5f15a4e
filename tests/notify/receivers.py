"""Real receivers on this machine: a webhook and a mail server, which keep what they are sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Webhook:
    """What was posted. A path with `fail` answers 500, one with `away` redirects, one with `slow` never answers."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def lines(self) -> list[str]:
        return [json.loads(one.partition(b"\r\n\r\n")[2])["message"] for one in self.raw]

    def url(self, path: str = "hook") -> str:
        return f"json://ops:s3cret@127.0.0.1:{self.port}/{path}"

    async def wait(self, count: int) -> list[str]:
        async with self.came:
            await asyncio.wait_for(self.came.wait_for(lambda: len(self.raw) >= count), 20)
        return self.lines

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        body = await reader.readexactly(length)
        path = head.split(b" ")[1].decode()
        if "slow" in path:
            await reader.read()  # until the client gives up
            return
        status = (
            "500 No" if "fail" in path else f"302 Found\r\nlocation: http://127.0.0.1:{self.port}/elsewhere" if "away" in path else "200 OK"
        )
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        async with self.came:
            self.raw.append(head + body)
            self.paths.append(path)
            self.came.notify_all()


@asynccontextmanager
async def webhook() -> AsyncIterator[Webhook]:
    hook = Webhook()
    server = await asyncio.start_server(hook.take, "127.0.0.1", 0)
    hook.port = server.sockets[0].getsockname()[1]
    try:
        yield hook
    finally:
        server.close()
        for writer in hook.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in hook.writers), return_exceptions=True)


@dataclass
class Mailbox:
    port: int = 0
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 OK"


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    # aiosmtpd's Controller cannot take port 0; its protocol in our own loop can
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, hostname="test"), "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
