"""One connection of a box with its proxy: requests, one after another, or a tunnel; or with a listener that stands for one endpoint.

What may go out, and to which address, is the `Door`'s to say; here is how the bytes go. Every request is read by h11, judged, and written
anew by h11, so what a server gets is what was judged.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import h11

from guard.analyse.targets import canonical_host
from guard.model import Kind
from guard.sandbox.egress import hello
from guard.sandbox.egress.addresses import literal
from guard.sandbox.egress.request import MOST_HEAD, Refused, Request, Unreachable, answered, check_head, read
from guard.sandbox.egress.stream import CHUNK, Stream, pump, relay

_REASONS = {400: "Bad Request", 403: "Forbidden", 501: "Not Implemented", 502: "Bad Gateway", 505: "HTTP Version Not Supported"}
_HOST = re.compile(r"[0-9a-z._:-]{1,253}")
"""Host names that are shown; a program can write anything into its ClientHello."""
_ALERT = bytes([21, 3, 3, 0, 2, 2, 49])
"""TLS alert: fatal, access_denied."""


class Door(Protocol):
    """What lets one box out."""

    async def open(self, request: Request) -> Stream:
        """A connection to where the request goes; it was checked and its intent is in the ledger. Raises `Refused`."""
        ...

    async def again(self, request: Request) -> None:
        """The same for a request over a connection that is open already."""
        ...

    async def refuse(self, what: str, why: str) -> None:
        """Keep that something was tried and not let out."""
        ...

    def sent(self, endpoint: str, size: int) -> None:
        """Count bytes on their way out. Raises `Refused` when there were too many."""
        ...

    def received(self, endpoint: str, size: int) -> None: ...


@dataclass(slots=True)
class _Upstream:
    """The server's side of a kept-alive connection."""

    endpoint: str
    stream: Stream


class ProxyConnection:
    """A program's connection to the proxy."""

    def __init__(self, client: Stream, door: Door) -> None:
        self._client, self._door = client, door
        self._upstream: _Upstream | None = None
        self._pending = b""
        self._began = False
        """The program got the beginning of an answer: nothing else can be said on this connection."""

    async def serve(self) -> None:
        """Serve it to its end. Closes what it opened; the client's stream is the caller's."""
        what = "a request"
        try:
            while (asked := await self._next()) is not None:
                conn, request = asked
                self._began = False
                what = f"{request.kind.value} {request.endpoint}"
                if request.tunnel:
                    await self._tunnel(request)
                    return
                if not await self._exchange(conn, request):
                    return
                what = "a request"
        except Refused as refused:
            await self._answer(refused, what)
        except h11.RemoteProtocolError:
            await self._answer(Refused("it is not HTTP as a proxy can read it", 400), what)
        finally:
            self._drop()

    async def _next(self) -> tuple[h11.Connection, Request] | None:
        """The next request; None at the end of the connection."""
        self._pending = await self._client.until(lambda data: b"\r\n\r\n" in data, MOST_HEAD, self._pending)
        if not self._pending:
            return None
        head, end, _ = self._pending.partition(b"\r\n\r\n")
        if not end or len(head) > MOST_HEAD:
            raise Refused("the head of the request is too long, cut short or did not come in time", 400)
        check_head(head + end)
        conn = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        conn.receive_data(self._pending)
        event = conn.next_event()
        if not isinstance(event, h11.Request):
            raise Refused("it is not a request", 400)
        if event.method == b"CONNECT":
            self._pending = self._pending[len(head) + 4 :]
        return conn, read(event)

    async def _answer(self, refused: Refused, what: str) -> None:
        """Tell the program, in words that its error message will show."""
        if not isinstance(refused, Unreachable):
            await self._door.refuse(what, str(refused))
        if self._began:
            return
        text = f"guard: {what}: {refused}"
        reason = f"{_REASONS.get(refused.status, 'Forbidden')} ({text})"
        body = f"{text}.\n".encode()
        head = f"HTTP/1.1 {refused.status} {reason}\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        with suppress(OSError):
            await self._client.write(f"{head}content-length: {len(body)}\r\n\r\n".encode("ascii", "replace") + body)
        await self._client.finish()

    def _drop(self) -> None:
        if self._upstream is not None:
            self._upstream.stream.close()
            self._upstream = None

    # ------------------------------------------------------------------------------------------------------------ plain HTTP

    async def _exchange(self, conn: h11.Connection, request: Request) -> bool:
        """One request and its answer. True if the connection may carry another."""
        upstream = await self._connected(request)
        server = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
        try:
            begun = server.send(h11.Request(method=request.method, target=request.path, headers=list(request.headers))) or b""
        except h11.LocalProtocolError:
            raise Refused("its headers cannot be sent on", 400) from None
        sending = asyncio.create_task(self._upload(conn, server, upstream, begun))
        lost = False
        try:
            await self._download(request, conn, server, upstream)
        except (h11.ProtocolError, OSError):
            lost = True
        finally:
            complete = sending.done()
            sending.cancel()
            failed = (await asyncio.gather(sending, return_exceptions=True))[0]
        if isinstance(failed, Refused | h11.RemoteProtocolError):
            raise failed
        if lost and not self._began:
            raise Unreachable(f"{request.endpoint} did not answer as HTTP servers do")
        complete = complete and failed is None and not lost
        self._pending = bytes(conn.trailing_data[0]) if complete else b""
        if not complete or not _done(server) or server.trailing_data[0]:
            self._drop()
        return complete and _done(conn)

    async def _connected(self, request: Request) -> _Upstream:
        if self._upstream is not None and self._upstream.endpoint == request.endpoint and self._upstream.stream.idle:
            await self._door.again(request)
            return self._upstream
        self._drop()
        self._upstream = _Upstream(request.endpoint, await self._door.open(request))
        return self._upstream

    async def _upload(self, conn: h11.Connection, server: h11.Connection, upstream: _Upstream, begun: bytes) -> None:
        """Send the request on, to its end."""
        try:
            await self._forward(upstream, begun)
            while not isinstance(event := conn.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    if conn.they_are_waiting_for_100_continue:
                        await self._say(conn, h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
                    conn.receive_data(await self._client.read())
                elif isinstance(event, h11.Data):
                    await self._forward(upstream, server.send(event) or b"")
                else:
                    raise h11.RemoteProtocolError("the request ends before its end")
            await self._forward(upstream, server.send(h11.EndOfMessage()) or b"")
        except (Refused, OSError, h11.ProtocolError):
            upstream.stream.end()  # or the answer would be waited for
            raise

    async def _forward(self, upstream: _Upstream, data: bytes) -> None:
        self._door.sent(upstream.endpoint, len(data))
        await upstream.stream.write(data)

    async def _download(self, request: Request, conn: h11.Connection, server: h11.Connection, upstream: _Upstream) -> None:
        """Hand the answer on."""
        while True:
            event = server.next_event()
            if event is h11.NEED_DATA:
                data = await upstream.stream.read()
                self._door.received(upstream.endpoint, len(data))
                server.receive_data(data)
            elif isinstance(event, h11.Response):
                headers = answered([(bytes(name), bytes(value)) for name, value in event.headers])
                length = _length(request, event.status_code, headers)
                close = [(b"connection", b"close")] if length > CHUNK else []
                await self._say(conn, h11.Response(status_code=event.status_code, headers=headers + close, reason=event.reason))
                self._began = True
                if close:
                    await self._relay(conn, server, upstream, length)
                    return
            elif isinstance(event, h11.Data):
                await self._say(conn, event)
            elif isinstance(event, h11.EndOfMessage):
                await self._say(conn, h11.EndOfMessage())
                return
            elif not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("the server closed the connection")

    async def _relay(self, conn: h11.Connection, server: h11.Connection, upstream: _Upstream, length: int) -> None:
        """Hand on a large body whose length h11 has read, past h11, which copies every byte four times. It is the connection's last."""
        while isinstance(event := server.next_event(), h11.Data):
            length -= len(event.data)
            await self._say(conn, event)
        await relay(upstream.stream, self._client, length, lambda size: self._door.received(upstream.endpoint, size))

    async def _say(self, conn: h11.Connection, event: h11.Event) -> None:
        await self._client.write(conn.send(event) or b"")

    # --------------------------------------------------------------------------------------------------------------- tunnels

    async def _tunnel(self, request: Request) -> None:
        self._upstream = _Upstream(request.endpoint, await self._door.open(request))
        await self._client.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        first = await _named(self._client, self._pending, request, self._door, needed=True)
        if first is not None:
            await splice(self._client, self._upstream.stream, request.endpoint, self._door, first)


def _length(request: Request, status: int, headers: list[tuple[bytes, bytes]]) -> int:
    """The length that an answer states for its body; 0 if it has none or states none (RFC 9112 section 6.3)."""
    names = dict(headers)
    if request.method == "HEAD" or status in (204, 304) or b"transfer-encoding" in names:
        return 0
    return int(names.get(b"content-length", b"0"))


def _done(side: h11.Connection) -> bool:
    """Whether this side may carry another request."""
    return side.our_state is h11.DONE and side.their_state is h11.DONE


async def serve_endpoint(client: Stream, host: str, port: int, door: Door) -> None:
    """A program's connection to the listener that stands for `host:port`: any protocol; if TLS, then to that host and no other."""
    request = Request(method="CONNECT", host=host, port=port)
    try:
        upstream = await door.open(request)
    except Refused as refused:
        if not isinstance(refused, Unreachable):
            await door.refuse(f"{request.kind.value} {request.endpoint}", str(refused))
        return
    try:
        await splice(client, upstream, request.endpoint, door, None)
    finally:
        upstream.close()


async def _named(client: Stream, begun: bytes, request: Request, door: Door, *, needed: bool) -> bytes | None:
    """What the program says first in a tunnel, if it is a ClientHello for this very host; None, and told so, if it is not."""
    why = ""
    data = begun
    try:
        data = await client.until(lambda data: bool(data) and hello.server_name(data) is not None, hello.MOST, begun)
        name = hello.server_name(data) if data else None
        if name is None:
            if not data:
                return None
            why = "its ClientHello is cut short or did not come in time"
        elif name == "" and needed and not literal(request.host):
            why = "its ClientHello names no server"
        elif name and canonical_host(name) != request.host:
            why = f"its ClientHello names {other if _HOST.fullmatch(other := canonical_host(name)) else 'another server'}"
    except hello.NotHello as other:
        why = f"in a tunnel only TLS is let out, and {other}"
    if not why:
        return data
    await door.refuse(f"{request.kind.value} {request.endpoint}", why)
    with suppress(OSError):
        await client.write(_ALERT)
    await client.finish()
    return None


async def splice(client: Stream, upstream: Stream, endpoint: str, door: Door, first: bytes | None) -> None:
    """Copy both ways until both are at their end. `first` was read already; None: nothing was, and TLS may begin."""

    async def out() -> None:
        begun = first
        if begun is None:
            begun = await client.read()
            if hello.looks_like_tls(begun):
                host, _, port = endpoint.rpartition(":")
                request = Request(method="CONNECT", host=host, port=int(port))
                named = await _named(client, begun, request, door, needed=False)
                if named is None:
                    raise ConnectionAbortedError
                begun = named
        if begun:
            door.sent(endpoint, len(begun))
            await upstream.write(begun)
        await pump(client, upstream, lambda size: door.sent(endpoint, size))

    async def back() -> None:
        await pump(upstream, client, lambda size: door.received(endpoint, size))

    both = [asyncio.create_task(out()), asyncio.create_task(back())]
    try:
        await asyncio.gather(*both)
    except Refused as refused:
        await door.refuse(f"{Kind.NET_CONNECT.value} {endpoint}", str(refused))
    except OSError:
        pass  # one of the two went away
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
