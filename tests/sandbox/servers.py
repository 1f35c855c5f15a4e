"""What the network tests share: real servers on loopback, a gate that remembers, a broker's gateway without and with a box."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from guard.errors import StoreError
from guard.model import Effect, Grant, Kind, Resource, ResourceType, Rule
from guard.ports import Job
from guard.sandbox.egress.broker import Broker, Egress, Gateway
from tests.sandbox.boxes import job

NAME = "api.example"
"""The name that tests grant; their resolver says that it is this machine."""


@dataclass
class Web:
    """An HTTP server, with or without TLS. What it is asked decides what it answers."""

    port: int = 0
    seen: list[bytes] = field(default_factory=list)
    """Every request, head and body as they came."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the first request."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await self._body(head.lower(), reader)
                self.seen.append(head + body)
                self.asked.set()
                writer.write(self._answer(head.split(b" ")[1], head.split(b" ")[0], body))
                await writer.drain()
        writer.close()

    async def _body(self, head: bytes, reader: asyncio.StreamReader) -> bytes:
        if b"transfer-encoding: chunked" in head:
            return await reader.readuntil(b"0\r\n\r\n")
        length = head.partition(b"content-length:")[2].split(b"\r\n")[0].strip()
        return await reader.readexactly(int(length or 0))

    def _answer(self, target: bytes, method: bytes, body: bytes) -> bytes:
        if target.startswith(b"/to/"):
            return b"HTTP/1.1 302 Found\r\nLocation: " + target[4:] + b"\r\nContent-Length: 0\r\n\r\n"
        if target.startswith(b"/big/"):
            size = int(target[5:])
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
        if target == b"/raw":
            return b"not HTTP at all\r\n\r\n"
        said = method + b" " + target + b" " + body
        return b"HTTP/1.1 200 OK\r\nX-Server: real\r\nContent-Length: %d\r\n\r\n" % len(said) + (said if method != b"HEAD" else b"")


@asynccontextmanager
async def web(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[Web]:
    made = Web()
    server = await asyncio.start_server(made.serve, host, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


@asynccontextmanager
async def echo(host: str = "127.0.0.1") -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server as a database is one: it speaks first, then gives back what it gets. (port, what it got)"""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(b"ready\n")
            while data := await reader.read(1 << 16):
                got.append(data)
                writer.write(data)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield server.sockets[0].getsockname()[1], got
    finally:
        server.close()


def certificate(folder: Path, *names: str) -> ssl.SSLContext:
    """A server's TLS context with a certificate of its own for these names."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@dataclass
class Gate:
    """`guard.ports.Gate` that remembers, and forbids what it is told to."""

    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[Effect] = field(default_factory=list)
    forbidden: str = ""
    """The endpoint that the policies do not permit."""
    broken: bool = False
    """The ledger cannot be written."""

    async def permits(self, effect: Effect) -> str:
        self.asked.append(effect)
        return "the policies do not permit it (no-such-host)" if effect.resource.name == self.forbidden else ""

    async def record(self, kind: str, data: dict[str, Any]) -> None:
        if self.broken:
            raise StoreError("the disk is full", hint="Make room.")
        self.records.append((kind, data))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [data for found, data in self.records if found == kind]


def granted(*wanted: tuple[str, str]) -> Grant:
    """A grant of (kinds, host:port) pairs; `*.example.com` stands for a domain."""
    rules = []
    for kinds, name in wanted:
        domain = name.startswith("*.")
        resource = Resource(type=ResourceType.DOMAIN if domain else ResourceType.ENDPOINT, name=name.removeprefix("*."))
        rules.append(Rule(kinds=tuple(Kind(kind) for kind in kinds.split()), resource=resource, exact=not domain))
    return Grant(rules=tuple(rules))


def networked(code: str, grant: Grant, gate: Gate | None, **fields: Any) -> Job:
    return replace(job(code, **fields), grant=grant, gate=gate)


@dataclass
class Names:
    """A resolver that remembers what it was asked: every name is this machine, unless told otherwise."""

    addresses: dict[str, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        found = self.addresses.get(host, ["127.0.0.1"])
        if not found:
            raise OSError(f"{host} does not exist")
        return found


def broker(*ports: int, names: Names | None = None, **settings: Any) -> Broker:
    """A broker that may reach these ports of this machine."""
    return Broker(Egress(allow_private=tuple(f"127.0.0.1:{port}" for port in ports), **settings), resolve=names or Names())


@asynccontextmanager
async def gateway(broker: Broker, grant: Grant, gate: Gate) -> AsyncIterator[tuple[Gateway, list[int]]]:
    """A gateway whose listeners are this machine's own, without a box: (it, the ports of its listeners, the proxy's first)."""
    made = broker.gateway(networked("", grant, gate))
    assert made is not None
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in made.plan.listeners]
    for listener in listeners:
        listener.setblocking(False)
    made.serve(list(listeners))
    try:
        yield made, [listener.getsockname()[1] for listener in listeners]
    finally:
        await made.close()


async def say(port: int, *pieces: bytes) -> bytes:
    """Connect, say these pieces, and return all that comes back until the other side closes (fifteen seconds at most)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(15):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            data = b""
            with suppress(ConnectionError):
                while more := await reader.read(1 << 20):
                    data += more
            return data
    finally:
        writer.close()
