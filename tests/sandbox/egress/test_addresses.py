"""Which addresses are of the internet. The broker's own tests show that the others are not reached."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.sandbox.egress.addresses import literal, plain, refusal


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_let_through(address: str) -> None:
    assert refusal(address) == ""


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "loopback"), ("10.1.2.3", "private"), ("169.254.169.254", "metadata"), ("0.0.0.0", "unspecified"),
        ("224.0.0.251", "multicast"), ("::1", "loopback"), ("fe80::1%eth0", "link-local"), ("fd00:ec2::254", "private"),
        ("::ffff:10.0.0.1", "private"), ("64:ff9b::a00:1", "private"), ("64:ff9b:1::1", "reserved"), ("2002:a00:1::", "6to4"),
        ("2001::1", "Teredo"), ("::7f00:1", "reserved"), ("100::1", "reserved"), ("2620:4f:8000::5efe:10.0.0.1", "private"),
        ("example.com", "not an address"), ("", "not an address"), ("1.2.3", "not an address"),
    ],
)  # fmt: skip
def test_the_others_are_refused_with_what_they_are(address: str, why: str) -> None:
    assert why in refusal(address)


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_refused_in_every_writing(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local:
        forms = [
            f"{address}",
            f"::ffff:{address}",
            f"64:ff9b::{address}",
            f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::",
            f"::{address}",
        ]
        assert all(refusal(form) for form in forms)


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_refused_in_ipv6_too(address: ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_link_local or address.is_site_local or address.is_unspecified:
        mapped = address.ipv4_mapped
        assert refusal(str(address)) or (mapped is not None and not refusal(str(mapped)))


def test_an_address_has_one_plain_form() -> None:
    assert [plain(a) for a in ("::ffff:127.0.0.1", "fe80::1%lo", "2001:DB8::1", "name")] == ["127.0.0.1", "fe80::1", "2001:db8::1", "name"]
    assert [literal(a) for a in ("127.0.0.1", "::1", "api.example", "")] == [True, True, False, False]
