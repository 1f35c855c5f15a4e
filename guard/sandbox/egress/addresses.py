"""Which addresses a box may be connected to: globally reachable unicast ones. Pure.

The tables follow IANA's special-purpose registries (RFC 6890 and its successors) and are written out here, since `ipaddress.is_global`
differs between Python's versions. IPv6 is refused unless it is known good; an IPv4 address inside an IPv6 one is judged itself.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_V4 = {
    "0.0.0.0/8": "unspecified", "10.0.0.0/8": "private", "100.64.0.0/10": "a carrier's own", "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local, where clouds keep their metadata", "172.16.0.0/12": "private", "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation", "192.88.99.0/24": "reserved", "192.168.0.0/16": "private", "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation", "203.0.113.0/24": "documentation", "224.0.0.0/4": "multicast", "240.0.0.0/4": "reserved",
    "168.63.129.16/32": "a cloud's metadata",
}  # fmt: skip
_V6 = {
    "2001::/23": "reserved (Teredo among them)", "2001:db8::/32": "documentation", "2002::/16": "6to4", "3fff::/20": "documentation",
    "::1/128": "loopback", "::/128": "unspecified", "fe80::/10": "link-local", "fec0::/10": "private", "fc00::/7": "private",
    "ff00::/8": "multicast",
}  # fmt: skip
_REFUSED_V4 = {IPv4Network(network): why for network, why in _V4.items()}
_REFUSED_V6 = {IPv6Network(network): why for network, why in _V6.items()}
_GLOBAL_V6 = IPv6Network("2000::/3")
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def refusal(address: str) -> str:
    """Why nothing may be connected to this address, as an adjective; "" if it is an ordinary address of the internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an address"
    return _v4(found) if isinstance(found, IPv4Address) else _v6(found)


def _v4(address: IPv4Address) -> str:
    return next((why for network, why in _REFUSED_V4.items() if address in network), "")


def _v6(address: IPv6Address) -> str:
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _MAPPED or address in _NAT64:
        return _v4(low)
    if why := next((why for network, why in _REFUSED_V6.items() if address in network), ""):
        return why
    if address not in _GLOBAL_V6:
        return "reserved"
    return _v4(low) if int(address) >> 32 & 0xFFFFFFFF in _ISATAP else ""


def literal(host: str) -> bool:
    """Whether a canonical host is an address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def plain(address: str) -> str:
    """An address in its one canonical form: no zone, IPv4 written as IPv4. Unchanged if it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
