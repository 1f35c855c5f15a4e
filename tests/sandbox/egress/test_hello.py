"""ClientHellos: real ones, as OpenSSL writes them, and such as nobody should send."""

from __future__ import annotations

import ssl
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.sandbox.egress.hello import MOST, NotHello, looks_like_tls, server_name


def real(name: str | None) -> bytes:
    """What OpenSSL says first."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    out = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return out.read()


def vector(size: int, data: bytes) -> bytes:
    return len(data).to_bytes(size, "big") + data


def sni(*names: bytes, kind: int = 0) -> bytes:
    return extension(0, vector(2, b"".join(bytes([kind]) + vector(2, name) for name in names)))


def extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "big") + vector(2, data)


def hello(extensions: bytes | None, *, version: bytes = b"\x03\x03", after: bytes = b"") -> bytes:
    body = version + bytes(32) + vector(1, b"") + vector(2, b"\x13\x01") + vector(1, b"\0")
    return b"\x01" + vector(3, body + (vector(2, extensions) if extensions is not None else b"") + after)


def records(message: bytes, size: int = 16384) -> bytes:
    return b"".join(b"\x16\x03\x01" + vector(2, message[i : i + size]) for i in range(0, len(message), size))


def test_the_name_in_a_real_hello_is_found_however_it_is_cut() -> None:
    data = real("api.example.com")
    assert server_name(data) == "api.example.com"
    assert server_name(data + b"more") == "api.example.com"
    assert all(server_name(data[:i]) is None for i in range(2, len(data)))


def test_a_hello_without_a_name_has_an_empty_one() -> None:
    assert server_name(real(None)) == ""
    assert server_name(records(hello(None))) == ""


@pytest.mark.parametrize("size", [1, 4, 40])
def test_a_hello_spread_over_many_records_is_put_together(size: int) -> None:
    assert server_name(records(hello(sni(b"api.example")), size)) == "api.example"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"GET / HTTP/1.1\r\n", "not TLS"),
        (b"\x16\x02\x01", "not TLS"),
        (b"\x80\x2e\x01\x00\x02", "not TLS"),
        (records(b"\x02" + bytes(40)), "does not begin"),
        (records(hello(sni(b"a"), version=b"\x02\x00")), "no version"),
        (records(hello(sni(b"a") + sni(b"b"))), "twice"),
        (records(hello(sni(b"a", b"b"))), "more than one"),
        (records(hello(sni(b""))), "more than one"),
        (records(hello(sni(b"a", kind=1))), "no host name"),
        (records(hello(sni("ü".encode()))), "not ASCII"),
        (records(hello(sni(b"api.example") + extension(0xFE0D, b"\0" * 40))), "ECH"),
        (records(hello(extension(0xFFCE, b"x"))), "ECH"),
        (records(hello(sni(b"a")[:-1])), "cut short"),
        (records(hello(sni(b"a"), after=b"x")), "follows"),
        (records(hello(sni(b"a")), 10)[:15] + b"\x17\x03\x03\0\1x", "interrupted"),
        (b"\x16\x03\x01\0\0" * 3, "interrupted"),
        (b"\x16\x03\x01\x7f\xff", "interrupted"),
        (records(b"\x01\xff\xff\xff" + bytes(10)), "does not begin"),
    ],
)
def test_other_bytes_are_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(NotHello, match=why):
        server_name(data)


def test_a_hello_without_end_is_too_long() -> None:
    message = b"\x01" + (MOST).to_bytes(3, "big") + bytes(MOST - 10)
    with pytest.raises(NotHello, match="too long"):
        server_name(records(message, 100))


@given(st.binary(max_size=200), st.integers(0, 3))
def test_no_bytes_break_the_parser(noise: bytes, how: int) -> None:
    whole = records(hello(sni(b"api.example") + extension(10, b"\0\2\0\x1d")))
    data = [noise, b"\x16\x03\x01" + noise, records(b"\x01" + vector(3, noise)), whole[: len(noise)] + noise + whole[len(noise) + 1 :]][how]
    with suppress(NotHello):
        assert isinstance(server_name(data), str | None)


def test_tls_is_told_by_its_first_bytes() -> None:
    assert [looks_like_tls(data) for data in (b"\x16\x03\x01", b"\x16", b"", b"\x00\x00\x00\x08\x04\xd2\x16\x2f")] == [
        True,
        True,
        False,
        False,
    ]
