"""Text that names a place on the network or a database -> Resource. Pure text, no lookups.

Host names are compared in canonical form: lower case, no trailing dot, IDNA-encoded, no userinfo; numeric forms of an address (decimal,
octal, hex, short) become the dotted address that the system's own parser would connect to.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from urllib.parse import urlsplit

from guard.model import Effect, Kind, Resource, ResourceType

ANY_HOST = Resource(type=ResourceType.DOMAIN, name="")
"""A host that cannot be known."""

PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "ftps": 990, "ssh": 22, "sftp": 22, "smtp": 25, "ldap": 389, "ldaps": 636,
    "postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379, "rediss": 6379, "mongodb": 27017, "amqp": 5672,
    "mssql": 1433, "oracle": 1521, "kafka": 9092, "git": 9418, "mongodb+srv": 27017, "clickhouse": 8123,
}  # fmt: skip

METHODS = {
    "GET": Kind.HTTP_GET, "HEAD": Kind.HTTP_HEAD, "OPTIONS": Kind.HTTP_HEAD, "POST": Kind.HTTP_POST, "PUT": Kind.HTTP_PUT,
    "PATCH": Kind.HTTP_PATCH, "DELETE": Kind.HTTP_DELETE,
}  # fmt: skip
"""HTTP method -> kind; a method that is not here is as bad as DELETE."""

_OVERRIDE = re.compile(r"x-(?:http-method(?:-override)?|method-override)\W{0,8}(\w*)", re.IGNORECASE)
"""The header fields that name another method than the request line does, and what follows the name."""


def overridden(code: str, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """The effects of a program; where it names a method in a header field, which many servers heed, each request may be of that one."""
    requests = [effect for effect in effects if effect.kind.startswith("http.")]
    small = code.lower() if requests else ""
    if not ("x-http-method" in small or "x-method-overr" in small):  # sooner told than found
        return effects
    kinds = {METHODS.get(match[1].upper(), Kind.HTTP_DELETE) for match in _OVERRIDE.finditer(code)}
    note = "names its method in a header field"
    return (*effects, *(replace(effect, kind=kind, note=note) for effect in requests for kind in {*kinds} - {effect.kind}))


def canonical_host(host: str) -> str:
    """The form in which hosts are compared; "" if it is not one exact host name."""
    host = host.strip().rstrip(".").lower().strip("[]")
    if not host or any(c in host for c in "/\\@ \t\r\n\0*?#%"):
        return ""
    address = _numeric(host)
    if address is not None:
        return address
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""


def _numeric(host: str) -> str | None:
    """The dotted address of a numeric host in any form that inet_aton takes (1.2.3.4, 0x7f.1, 2130706433), or None."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    parts = host.split(".")
    if len(parts) > 4:
        return None
    numbers = []
    for part in parts:
        try:
            octal = len(part) > 1 and part.startswith("0") and not part.startswith("0x")
            numbers.append(int(part, 16) if part.startswith("0x") else int(part, 8 if octal else 10))
        except ValueError:
            return None
    *heads, last = numbers
    value = last
    for position, number in enumerate(heads):
        if not 0 <= number <= 255:
            return None
        value += number << (8 * (3 - position))
    return str(ipaddress.IPv4Address(value)) if 0 <= value < 1 << 32 else None


def endpoint(host: str, port: int) -> Resource:
    """An exact `host:port`; ANY_HOST if the host is not exact."""
    name = canonical_host(host)
    return Resource(type=ResourceType.ENDPOINT, name=f"{name}:{port}") if name and 0 < port < 65536 else ANY_HOST


def url_target(known: str, *, complete: bool) -> tuple[Resource, bool]:
    """(resource, exact) of a URL of which `known` is the known beginning.

    `complete`: nothing unknown follows. "https://api.example.com/v1/" with an unknown tail has a known endpoint; "https://api.exam" with
    an unknown tail has none. exact says that the endpoint is known exactly (the path is not part of the resource).
    """
    known = "".join(char for char in known if char not in "\t\r\n")  # as every URL parser does
    try:
        parts = urlsplit(known)
        port = parts.port
    except ValueError:
        return ANY_HOST, False
    if not parts.scheme or not parts.netloc:
        return ANY_HOST, False
    if "\\" in known.split("?", 1)[0]:
        return ANY_HOST, False  # browsers and libraries disagree where such a host ends
    ended = complete or len(known) > known.index(parts.netloc) + len(parts.netloc)
    target = endpoint(parts.hostname or "", port or PORTS.get(parts.scheme.lower(), 443))
    return (target, True) if ended and target != ANY_HOST else (ANY_HOST, False)


def table(database: str, name: str) -> Resource:
    """A table in a database; "" for a database that is not known."""
    return Resource(type=ResourceType.TABLE, name=f"{database}/{name}")


def database(name: str) -> Resource:
    return Resource(type=ResourceType.DATABASE, name=name)


def program(name: str) -> Resource:
    return Resource(type=ResourceType.PROGRAM, name=name)


def variable(name: str) -> Resource:
    return Resource(type=ResourceType.VARIABLE, name=name)
