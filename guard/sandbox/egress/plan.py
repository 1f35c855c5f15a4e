"""Grant -> what a box sees of the network: the proxy, listeners that stand for granted TCP endpoints, names, environment. Pure.

Nothing of the network is granted: no plan, and the box has no socket families but AF_UNIX. HTTP and HTTPS go through the proxy. An
endpoint that may be connected to and is no target of HTTP requests (a database) stands in the box as a loopback address of its own that
its name resolves to; an address that is granted stands there itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from guard.errors import SandboxError
from guard.model import Grant, Kind, Resource, ResourceType
from guard.sandbox.egress.addresses import literal

PROXY_PORT = 3128
MOST_ENDPOINTS = 64

_NETWORK = frozenset(k for k in Kind if k.value.startswith("http.")) | {Kind.NET_CONNECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One listener in the box."""

    address: str
    port: int
    host: str = ""
    """The granted host that it stands for; "" for the proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one box sees of the network."""

    listeners: tuple[Bound, ...]
    """The proxy first."""

    @property
    def proxy(self) -> str:
        return f"http://{self.listeners[0].address}:{self.listeners[0].port}"

    @property
    def environment(self) -> dict[str, str]:
        return {name: self.proxy for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}

    @property
    def hosts(self) -> str:
        """Lines for the box's /etc/hosts."""
        names = {b.host: b.address for b in self.listeners if b.host and not literal(b.host)}
        return "".join(f"{address} {name}\n" for name, address in names.items())


def plan(grant: Grant) -> Plan | None:
    """What a box with this grant sees; None if the grant names nothing of the network.

    Raises `SandboxError` if it names more TCP endpoints than a box takes.
    """
    kinds: dict[Resource, set[Kind]] = {}
    for rule in grant.rules:
        if wanted := _NETWORK & set(rule.kinds):
            kinds.setdefault(rule.resource, set()).update(wanted)
    if not kinds:
        return None
    plain = [r.name for r, of in kinds.items() if r.type is ResourceType.ENDPOINT and of == {Kind.NET_CONNECT}]
    if len(plain) > MOST_ENDPOINTS:
        raise SandboxError(
            f"{len(plain)} endpoints are granted, more than the {MOST_ENDPOINTS} that one box takes", hint="Split the program."
        )
    declared = [(host, int(port)) for host, _, port in (name.rpartition(":") for name in plain)]
    addresses = {host: host for host, _ in declared if literal(host)}
    free_addresses = (a for n in range(2, 255) if (a := f"127.0.0.{n}") not in addresses)
    for host, _ in declared:
        if host not in addresses:
            addresses[host] = next(free_addresses)
    bound = tuple(Bound(address=addresses[host], port=port, host=host) for host, port in declared)
    taken = {b.port for b in bound if b.address == "127.0.0.1"}
    free = next(port for port in range(PROXY_PORT, PROXY_PORT + MOST_ENDPOINTS + 1) if port not in taken)
    return Plan(listeners=(Bound(address="127.0.0.1", port=free), *bound))
