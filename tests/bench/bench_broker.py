"""The broker's figures: what it adds to a request and to a stream on loopback, against the same without it.

    python -m tests.bench.bench_broker [--json] [--runs N]

Client, broker and server are separate processes, as in use. Both ways are measured alternately in one run, since one after the other
they are noise. "ledger" is the gate of a real case, whose intent is on disk before the request leaves: what the disk takes for that is
measured beside it (`fdatasync_ms`). "bare" is a gate that says yes.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from guard.egress_gate import CaseGate
from guard.model import Grant, Kind, Resource, ResourceType, Rule
from guard.ports import Gate, Job
from guard.sandbox.egress.broker import Broker, Egress
from guard.store.sqlite import SqliteStore
from tests import build
from tests.bench.figures import options, show
from tests.sandbox.boxes import job

BULK = 256 << 20


class Yes:
    """A gate that permits everything and keeps nothing."""

    async def permits(self, effect: object) -> str:
        return ""

    async def record(self, kind: str, data: dict[str, Any]) -> None:
        pass


def serve(ready: Any) -> None:
    """An HTTP server that keeps connections, and answers /bulk with BULK bytes."""
    block = b"x" * (1 << 20)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    ready.send(listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, contextlib.suppress(ConnectionError):
            while head := connection.recv(1 << 16):
                bulk = b"/bulk" in head
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (BULK if bulk else 2))
                if not bulk:
                    connection.sendall(b"ok")
                for _ in range(BULK >> 20 if bulk else 0):
                    connection.sendall(block)


def broker(ready: Any, port: int, ledger: str) -> None:
    """A gateway over this server, in a process of its own: the proxy's port, and that of the listener that stands for the server."""

    async def run() -> None:
        place = f"127.0.0.1:{port}"
        made = Broker(Egress(allow_private=(place,), requests=1 << 30, received_bytes=1 << 50))
        gate: Gate = Yes()
        if ledger:
            store = await SqliteStore.open(Path(ledger) / "state")
            gate = _case_gate(store, port)
        ports = []
        for kinds in ((Kind.HTTP_GET, Kind.NET_CONNECT), (Kind.NET_CONNECT,)):
            rule = Rule(kinds=kinds, resource=Resource(type=ResourceType.ENDPOINT, name=place))
            gateway = made.gateway(_job(Grant(rules=(rule,)), gate))
            assert gateway is not None
            listeners = [socket.create_server(("127.0.0.1", 0)) for _ in gateway.plan.listeners]
            for listener in listeners:
                listener.setblocking(False)
            ports.append(listeners[-1].getsockname()[1])
            gateway.serve(listeners)
        ready.send(ports)
        await asyncio.Event().wait()

    asyncio.run(run())


def _job(grant: Grant, gate: Gate) -> Job:
    import dataclasses

    return dataclasses.replace(job(""), grant=grant, gate=gate)


def _case_gate(store: SqliteStore, port: int) -> CaseGate:
    import dataclasses

    case = build.case(build.effect("http.get", "Endpoint", f"127.0.0.1:{port}"))
    case = dataclasses.replace(case, approvals=(build.approval(case),))

    class Noon:
        def now(self) -> Any:
            return build.NOON

    async def world() -> Any:
        return build.world()

    return CaseGate(case, store, Noon(), world)


@contextlib.contextmanager
def started(target: Callable[..., None], *arguments: object) -> Iterator[Any]:
    """A process, and what it says when it is ready."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


class Client:
    """A kept connection that asks one thing after another; `connect` makes another."""

    def __init__(self, port: int, request: bytes) -> None:
        self.port, self.request = port, request
        self.buffer = bytearray(1 << 20)
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, size: int) -> float:
        """Seconds until the head and `size` bytes of body are here."""
        began = time.perf_counter()
        self.socket.sendall(self.request)
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(1 << 16)
            assert more, "closed"
            data += more
        left = size - len(data.partition(b"\r\n\r\n")[2])
        while left > 0:
            got = self.socket.recv_into(self.buffer)
            assert got, "closed"
            left -= got
        return time.perf_counter() - began


def request(port: int, path: str, *, whole: bool) -> bytes:
    target = f"http://127.0.0.1:{port}{path}" if whole else path
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def synced(file: int) -> float:
    """Milliseconds that this disk takes for a page."""
    began = time.perf_counter()
    os.pwrite(file, bytes(4096), 0)
    os.fdatasync(file)
    return (time.perf_counter() - began) * 1000


def latency(direct: Client, through: Client, runs: int, file: int) -> tuple[list[float], ...]:
    """Milliseconds of single requests, without and with the broker, and of the disk, alternately."""
    for client in (direct, through):
        for _ in range(20):
            client.ask(2)
    rows = [(direct.ask(2) * 1000, through.ask(2) * 1000, synced(file)) for _ in range(runs)]
    return tuple(list(column) for column in zip(*rows, strict=True))


def measured(runs: int, folder: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    file = os.open(Path(folder) / "page", os.O_CREAT | os.O_WRONLY)
    with started(serve) as a, started(serve) as b, started(serve) as c:
        for name, server, ledger in (("bare", a, ""), ("ledger", b, folder)):
            with started(broker, server, ledger) as (proxy, _), started(serve) as own:
                clients = Client(own, request(own, "/", whole=False)), Client(proxy, request(server, "/", whole=True))
                plain, added, disk = latency(*clients, runs, file)
                figures[f"request_{name}_added_ms"] = statistics.median(added) - statistics.median(plain)
                figures[f"request_{name}_ms"] = statistics.median(added)
                figures[f"request_{name}_p95_ms"] = sorted(added)[int(len(added) * 0.95)]
                figures["request_direct_ms"], figures["fdatasync_ms"] = statistics.median(plain), statistics.median(disk)
        with started(serve) as d, started(broker, c, "") as (proxy, _), started(broker, d, "") as (_, listener), started(serve) as own:
            clients = {
                "direct": Client(own, request(own, "/bulk", whole=False)),
                "http": Client(proxy, request(c, "/bulk", whole=True)),
                "stream": Client(listener, request(d, "/bulk", whole=False)),
            }
            speeds: dict[str, list[float]] = {name: [] for name in clients}
            for _ in range(max(3, runs // 100)):
                for name, client in clients.items():
                    speeds[name].append((BULK / 1e6) / client.ask(BULK))
                    client.socket.close()
                    client.connect()
    for name, found in speeds.items():
        figures[f"throughput_{name}_mb_s"] = statistics.median(found)
    for name in ("http", "stream"):
        figures[f"throughput_{name}_ratio"] = figures[f"throughput_{name}_mb_s"] / figures["throughput_direct_mb_s"]
    return figures


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=500)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guard-bench-") as folder:
        figures = measured(chosen.runs, folder)
    show(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
