"""The head of a request to the proxy as bytes -> `Request`, or why it is refused. Pure; h11 is the one parser.

h11 is lenient where RFC 9112 lets servers be (bare line feeds, folded lines, both lengths at once); whatever two parsers could read in
two ways is refused here before h11 sees it, so that no server behind the broker is smuggled a second request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import h11

from guard.analyse.targets import METHODS, canonical_host
from guard.model import Kind

MOST_HEAD = 1 << 15
"""Bytes of a request's or answer's head, at most."""

_LINE = re.compile(rb"[A-Z][A-Z-]{0,31} [\x21-\x7e]+ HTTP/1\.[01]")
_PORT = re.compile(r"[0-9]{1,5}")
_OURS = {
    b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization", b"proxy-authenticate", b"te", b"trailer", b"expect", b"host",
}  # fmt: skip
"""Fields that are of one connection alone (RFC 9110 section 7.6.1), or that the broker writes itself."""
_OVERRIDES = {b"x-http-method-override", b"x-http-method", b"x-method-override"}
_FRAMING = {b"host", b"content-length", b"transfer-encoding", b"upgrade"}


class Refused(Exception):
    """The request is not let out. `status` is for the program, the text for it and for people."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.status = status


class Unreachable(Refused):
    """It might have gone out, and could not: no such name, nobody answers. Nothing that people need to hear of."""

    def __init__(self, why: str, status: int = 502) -> None:
        super().__init__(why, status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that is well formed: to whom, and for plain HTTP what."""

    method: str
    host: str
    """Canonical."""
    port: int
    path: str = ""
    """Origin form; "" for CONNECT."""
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    """What goes on to the server: without fields of one connection, with a Host of ours."""

    @property
    def tunnel(self) -> bool:
        return self.method == "CONNECT"

    @property
    def kind(self) -> Kind:
        """What it is an effect of; a method that is not known is as bad as DELETE."""
        return Kind.NET_CONNECT if self.tunnel else METHODS.get(self.method, Kind.HTTP_DELETE)

    @property
    def endpoint(self) -> str:
        return f"{self.host}:{self.port}"


def check_head(head: bytes) -> None:
    """Refuse what could be read in two ways. `head` is everything up to and with the empty line."""
    lines = head[:-4].split(b"\r\n")
    if head.startswith(b"PRI * HTTP/2"):
        raise Refused("HTTP/2 is not spoken here: use HTTP/1.1", 505)
    if any(c in line for line in lines for c in (b"\r", b"\n", b"\0")):
        raise Refused("the request has bare line ends or NUL bytes", 400)
    if not _LINE.fullmatch(lines[0]):
        raise Refused("the request line is not one of HTTP/1.1", 400)
    names = []
    for line in lines[1:]:
        name, colon, _ = line.partition(b":")
        if not colon or not name or name != name.strip() or line[:1] in (b" ", b"\t"):
            raise Refused("a header line is folded or has no clean name", 400)
        names.append(name.lower())
    for single in (b"host", b"content-length", b"transfer-encoding"):
        if names.count(single) > 1:
            raise Refused(f"the header {single.decode()} is there twice", 400)
    if b"content-length" in names and b"transfer-encoding" in names:
        raise Refused("the request states two lengths", 400)


def read(event: h11.Request) -> Request:
    """What h11 read, held against the rules of a proxy. Raises `Refused`."""
    method, target = event.method.decode("ascii"), event.target.decode("ascii")
    headers = [(bytes(name), bytes(value)) for name, value in event.headers]
    if method == "CONNECT":
        host, port = _authority(target, None)
        path = ""
    else:
        host, port, path = _absolute(target)
    if hosts := [value for name, value in headers if name == b"host"]:
        named = _authority(hosts[0].decode("latin-1"), 443 if method == "CONNECT" else 80)
        if named != (host, port) and (method != "CONNECT" or named[0] != host):
            raise Refused(f"the request is for {host}:{port}, its Host header says otherwise")
    return Request(method=method, host=host, port=port, path=path, headers=_forwarded(headers, host, port))


def _absolute(target: str) -> tuple[str, int, str]:
    if target.startswith("/") or target == "*":
        raise Refused("this is a proxy: it takes whole URLs (http://host/path), or CONNECT host:port", 400)
    try:
        parts = urlsplit(target)
    except ValueError:
        raise Refused("the URL cannot be read", 400) from None
    if parts.scheme != "http":
        raise Refused("only http:// goes through here as a URL; use CONNECT for https", 400)
    if "\\" in target:
        raise Refused("the URL has a backslash", 400)
    host, port = _authority(parts.netloc, 80)
    path = target[target.index("//") + 2 + len(parts.netloc) :].partition("#")[0]
    return host, port, path if path.startswith("/") else "/" + path


def _authority(text: str, default: int | None) -> tuple[str, int]:
    """(canonical host, port) of `host[:port]`, `[v6][:port]`."""
    if "@" in text:
        raise Refused("credentials before the host are not let out", 400)
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(.*))?", text)
    plain = re.fullmatch(r"([^:\[\]/?#]+)(?::(.*))?", text)
    found = bracketed or plain
    host = canonical_host(found[1]) if found else ""
    if not found or not host or len(host) > 253 or not re.fullmatch(r"[0-9a-z._:-]+", host):
        raise Refused("the host cannot be read", 400)
    if bracketed and ":" not in host:
        raise Refused("the host cannot be read", 400)
    if found[2] is None and default is not None:
        return host, default
    if not _PORT.fullmatch(found[2] or "") or not 0 < int(found[2]) < 65536:
        raise Refused("the port cannot be read", 400)
    return host, int(found[2])


def _forwarded(headers: list[tuple[bytes, bytes]], host: str, port: int) -> tuple[tuple[bytes, bytes], ...]:
    dropped = set(_OURS)
    for name, value in headers:
        if name == b"connection":
            options = {option.strip().lower() for option in value.split(b",")}
            if (options & _FRAMING) - {b"upgrade"}:
                raise Refused("the Connection header takes away what frames the request", 400)
            dropped |= options
        if name in (b"upgrade", b"http2-settings"):
            raise Refused("a connection is not handed to another protocol (Upgrade)", 501)
        if name in _OVERRIDES:
            raise Refused("the header that asks for another method is not let out")
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port == 80 else f"{shown}:{port}"
    return ((b"Host", authority.encode()), *((name, value) for name, value in headers if name not in dropped))


def answered(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The fields of a server's answer that go on to the program."""
    named = {option.strip().lower() for name, value in headers if name == b"connection" for option in value.split(b",")}
    return [(name, value) for name, value in headers if name not in _OURS | named - {b"content-length", b"transfer-encoding"}]
