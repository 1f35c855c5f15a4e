"""The egress broker: the only way out of a box. One per guard process, on its event loop, with one `Gateway` per box.

A gateway is bound to its case: it listens in the box's own network namespace from before the program starts until the box is dead, and
nowhere else. For every request, in this order: the grant covers it; today's policies permit it on the case's true terms; only then the
name is resolved, once per box (pinned); its addresses are of the internet, or named by the configuration; the intent is in the ledger; then
it leaves. What is refused is answered with the reason, written to the ledger, and part of what the run did.

Uninspected TLS is held to host and port: the ClientHello must name the host of the tunnel, in the open. What is said inside (another
`:authority`, another method) is not seen. Left for later: inspection, credentials, holding a request while a person decides.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog

from guard.canonical import digest
from guard.errors import GuardError, StoreError
from guard.grant import covers, uses
from guard.model import Effect, Reached, Resource, ResourceType, Traffic
from guard.ports import Gate, Job
from guard.sandbox.egress.addresses import literal, plain, refusal
from guard.sandbox.egress.exchange import ProxyConnection, serve_endpoint
from guard.sandbox.egress.plan import Bound, Plan, plan
from guard.sandbox.egress.request import Refused, Request, Unreachable
from guard.sandbox.egress.stream import Stream
from guard.sandbox.namespaces import Held, Joiner

log = structlog.get_logger("guard.broker")

CONNECT_SECONDS = 10.0
FRESH_SECONDS = 1.0
"""How long an answer of the policies holds for the same effect of the same run."""
MOST_SENTENCES = 100
"""Refusals of one run that are kept one by one; the rest is counted."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """What a configuration says of all boxes' traffic."""

    allow_private: tuple[str, ...] = ()
    """`address:port` or `name:port` that may be reached although the address is not one of the internet."""
    requests: int = 10_000
    """Of one run; likewise the others."""
    connections: int = 32
    sent_bytes: int = 1 << 30
    received_bytes: int = 8 << 30
    hold_counts: bool = False
    """Whether a run may make no more requests than its grant counts."""
    on_refusal: Literal["refuse", "stop"] = "refuse"
    """Whether a run that tries what it may not goes on."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by this machine's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class Broker:
    """Makes the gateways of boxes."""

    def __init__(self, egress: Egress = Egress(), *, resolve: Resolve = resolve) -> None:
        self.egress = egress
        self.resolve = resolve
        self.joiner = Joiner()

    @property
    def digest(self) -> str:
        """What the broker's settings are, for the seal."""
        return digest(self.egress)

    def gateway(self, job: Job) -> Gateway | None:
        """The way out for one run, on the running loop; None if it has none. Raises `SandboxError` if too much is granted."""
        seen = plan(job.grant) if job.gate is not None else None
        return Gateway(self, job, job.gate, seen) if seen is not None and job.gate is not None else None

    def close(self) -> None:
        self.joiner.close()


class Gateway:
    """The way out of one box. A `Door` for its connections."""

    def __init__(self, broker: Broker, job: Job, gate: Gate, seen: Plan) -> None:
        self.plan = seen
        self.kill: Callable[[], None] | None = None
        """Kills the box, while it can be killed. Called on the loop."""
        self.stopped = False
        """The run was stopped for what it tried."""
        self._broker, self._job, self._gate = broker, job, gate
        self._loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(broker.egress.connections)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[socket.socket] = []
        self._open = True
        self._pinned: dict[str, tuple[str, ...]] = {}
        self._asked: dict[Effect, tuple[float, str]] = {}
        self._counts: dict[str, list[int]] = {}
        self._refused: dict[str, int] = {}
        self._beyond: dict[Effect, None] = {}
        self._tried = 0
        self._used: dict[str, int] = {}

    # ------------------------------------------------------------------------------------------------------ from birth to death

    def listen(self, box: Held) -> None:
        """Begin, for this box; from any thread. Raises `SandboxError`."""
        sockets = self._broker.joiner.listen(box, [(one.address, one.port) for one in self.plan.listeners])
        self._loop.call_soon_threadsafe(self.serve, sockets)

    def cut(self) -> None:
        """The box is dead: nothing goes on. From any thread."""
        self._loop.call_soon_threadsafe(self._stop)

    async def close(self) -> Traffic:
        """Wait until nothing is open any more; what the run did."""
        self._stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        reached = tuple(Reached(endpoint=e, requests=n, sent=s, received=r) for e, (n, s, r) in self._counts.items() if n)
        refused = [text if count == 1 else f"{text} ({count} times)" for text, count in self._refused.items()]
        return Traffic(reached=reached, refused=tuple(refused), beyond=tuple(self._beyond))

    def serve(self, sockets: list[socket.socket]) -> None:
        """Take connections on these listeners, one for each of the plan, until the end. On the loop."""
        self._listeners = sockets
        if not self._open:
            self._stop()
            return
        for listener, bound in zip(sockets, self.plan.listeners, strict=True):
            self._spawn(self._accept(listener, bound))

    def _stop(self) -> None:
        self._open = False
        for task in self._tasks:
            task.cancel()
        for listener in self._listeners:
            self._loop.remove_reader(listener)
            listener.close()
        self._listeners = []

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = self._loop.create_task(work, name=f"egress-{self._job.case}")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a connection broke", case=self._job.case, error=repr(error))

    async def _accept(self, listener: socket.socket, bound: Bound) -> None:
        while True:
            # Not a slot for each listener: those that nobody connects to would leave none for the others.
            await self._somebody(listener)
            await self._slots.acquire()
            try:
                client = Stream(listener.accept()[0])  # in the step that took the slot: who is cancelled while waiting has taken none
            except BlockingIOError:  # went away again
                self._slots.release()
                continue
            except OSError as error:  # out of descriptors: those that end give theirs back
                self._slots.release()
                log.error("a connection could not be taken", case=self._job.case, error=str(error))
                await asyncio.sleep(FRESH_SECONDS)
                continue
            # Not in the task itself: one that is cancelled before its first step never gets to its end.
            self._spawn(self._connection(client, bound)).add_done_callback(partial(self._left, client))

    async def _somebody(self, listener: socket.socket) -> None:
        """Wait until there is somebody to take."""
        readable = self._loop.create_future()
        self._loop.add_reader(listener, self._readable, listener, readable)
        await readable

    def _readable(self, listener: socket.socket, readable: asyncio.Future[None]) -> None:
        self._loop.remove_reader(listener)  # `_stop` does it for who was cancelled
        if not readable.done():
            readable.set_result(None)

    def _left(self, client: Stream, _: asyncio.Task[None]) -> None:
        client.close()
        self._slots.release()

    async def _connection(self, client: Stream, bound: Bound) -> None:
        with suppress(OSError):  # the program, or the server, went away
            if bound.host:
                await serve_endpoint(client, bound.host, bound.port, self)
            else:
                await ProxyConnection(client, self).serve()

    # ----------------------------------------------------------------------------------------------------------- what may go out

    async def open(self, request: Request) -> Stream:
        """See `Door`."""
        await self._admitted(request)
        addresses = await self._addresses(request)
        await self._intent(request)
        for address in addresses[:3]:
            with suppress(OSError, TimeoutError):
                return await self._connect(address, request)
        raise Unreachable(f"{request.endpoint} cannot be reached")

    async def again(self, request: Request) -> None:
        """See `Door`."""
        await self._admitted(request)
        await self._intent(request)

    async def refuse(self, what: str, why: str) -> None:
        """See `Door`. A ledger that cannot be written does not keep a refusal from being one."""
        text = f"{what}: {why}"
        if text not in self._refused and len(self._refused) >= MOST_SENTENCES:
            text = "other requests"
        first = text not in self._refused
        self._refused[text] = self._refused.get(text, 0) + 1
        if first:
            with suppress(StoreError):
                await self._gate.record("net.refused", {"what": what, "why": why})
        if self._broker.egress.on_refusal == "stop" and not self.stopped:
            self.stopped = True
            if self.kill is not None:
                self.kill()
            self._stop()

    def sent(self, endpoint: str, size: int) -> None:
        """See `Door`."""
        self._count(endpoint)[1] += size
        if sum(counts[1] for counts in self._counts.values()) > self._broker.egress.sent_bytes:
            raise Refused("this run has sent as much as one may")

    def received(self, endpoint: str, size: int) -> None:
        """See `Door`."""
        self._count(endpoint)[2] += size
        if sum(counts[2] for counts in self._counts.values()) > self._broker.egress.received_bytes:
            raise Refused("this run has received as much as one may")

    def _count(self, endpoint: str) -> list[int]:
        return self._counts.setdefault(endpoint, [0, 0, 0])

    async def _admitted(self, request: Request) -> None:
        self._tried += 1  # what is refused counts too: asking the policies costs guard more than the program
        if self._tried > self._broker.egress.requests:
            raise Refused("this run has made as many requests as one may")
        effect = Effect(kind=request.kind, resource=Resource(type=ResourceType.ENDPOINT, name=request.endpoint), rule="broker")
        if not covers(self._job.grant, effect):
            if len(self._beyond) < MOST_SENTENCES:
                self._beyond[effect] = None
            raise Refused("it was not approved")
        asked_at, why = self._asked.get(effect, (0.0, ""))
        if time.monotonic() - asked_at > FRESH_SECONDS:
            try:
                why = await self._gate.permits(effect)
            except GuardError:
                raise Unreachable("the policies cannot be asked, so nothing leaves", 503) from None
            self._asked[effect] = (time.monotonic(), why)
        if why:
            raise Refused(why)
        self._counted(effect)

    def _counted(self, effect: Effect) -> None:
        """Take one of the uses that the grant counts. Raises `Refused` if none is left."""
        most = uses(self._job.grant, effect) if self._broker.egress.hold_counts else None
        if most is None:
            return
        used = self._used[effect.resource.name] = self._used.get(effect.resource.name, 0) + 1
        if used > most:
            raise Refused(f"it was approved for {most} request{'' if most == 1 else 's'}, and this is one more")

    async def _addresses(self, request: Request) -> list[str]:
        """Where the request may go: the name's addresses as they were when it was first asked for, less those that nobody may reach."""
        found = (request.host,) if literal(request.host) else self._pinned.get(request.host)
        if found is None:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    found = tuple(await self._broker.resolve(request.host, request.port))
            except (OSError, TimeoutError, UnicodeError):
                raise Unreachable(f"the name {request.host} does not resolve") from None
            found = self._pinned.setdefault(request.host, found)
        why, allowed = "it has no address", []
        for address in map(plain, found):
            refused = refusal(address)
            if refused and not self._named(address, request):
                what = address if literal(request.host) else f"{request.host} is at {address}, which"
                why = f"{what} is {refused}; the configuration does not name it ([egress] allow_private)"
            else:
                allowed.append(address)
        if not allowed:
            raise Refused(why) if found else Unreachable(f"the name {request.host} has no address")
        return allowed

    def _named(self, address: str, request: Request) -> bool:
        return bool({f"{address}:{request.port}", request.endpoint} & set(self._broker.egress.allow_private))

    async def _intent(self, request: Request) -> None:
        method = "" if request.tunnel else request.method
        try:
            await self._gate.record("net.intent", {"kind": request.kind.value, "to": request.endpoint, "method": method})
        except StoreError:
            raise Unreachable("the ledger cannot be written, so nothing leaves", 503) from None
        self._count(request.endpoint)[0] += 1

    async def _connect(self, address: str, request: Request) -> Stream:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        stream = Stream(socket.socket(family, socket.SOCK_STREAM))
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._loop.sock_connect(stream.socket, (address, request.port))
            # A public address of this very machine is as private as its loopback.
            if stream.socket.getsockname()[0] == stream.socket.getpeername()[0] and not self._named(address, request):
                raise Refused(f"{request.host} is this machine itself")
        except BaseException:
            stream.close()
            raise
        return stream
