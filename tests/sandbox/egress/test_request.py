"""Requests to the proxy, read and refused; what two parsers could read in two ways is tried over sockets in test_broker."""

from __future__ import annotations

import h11
import pytest

from guard.model import Kind
from guard.sandbox.egress.request import Refused, Request, answered, check_head, read


def parsed(head: str) -> Request:
    data = head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"
    check_head(data)
    conn = h11.Connection(h11.SERVER)
    conn.receive_data(data)
    event = conn.next_event()
    assert isinstance(event, h11.Request)
    return read(event)


def test_a_request_becomes_what_it_is_an_effect_of() -> None:
    found = parsed("GET http://API.Example.:8080/a?b=c#d HTTP/1.1\nHost: api.example:8080\nAccept: x\nProxy-Connection: keep-alive")
    assert (found.method, found.host, found.port, found.path, found.kind) == ("GET", "api.example", 8080, "/a?b=c", Kind.HTTP_GET)
    assert found.headers == ((b"Host", b"api.example:8080"), (b"accept", b"x"))
    assert found.endpoint == "api.example:8080"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("HEAD", Kind.HTTP_HEAD),
        ("OPTIONS", Kind.HTTP_HEAD),
        ("POST", Kind.HTTP_POST),
        ("PATCH", Kind.HTTP_PATCH),
        ("PROPFIND", Kind.HTTP_DELETE),
        ("TRACE", Kind.HTTP_DELETE),
    ],
)
def test_every_method_has_a_kind_and_unknown_ones_the_worst(line: str, kind: Kind) -> None:
    assert parsed(f"{line} http://a.example/ HTTP/1.1\nHost: a.example").kind is kind


def test_a_tunnel_names_host_and_port() -> None:
    found = parsed("CONNECT Api.Example:443 HTTP/1.1\nHost: api.example")
    assert (found.tunnel, found.kind, found.endpoint) == (True, Kind.NET_CONNECT, "api.example:443")
    assert parsed("CONNECT [2606:4700::1]:443 HTTP/1.1\nHost: [2606:4700::1]:443").host == "2606:4700::1"


@pytest.mark.parametrize(
    ("target", "host"),
    [("http://127.1/", "127.0.0.1"), ("http://[::FFFF:127.0.0.1]/", "::ffff:7f00:1"), ("http://a.example?q", "a.example")],
)
def test_hosts_are_canonical(target: str, host: str) -> None:
    assert parsed(f"GET {target} HTTP/1.0").host == host


def test_the_server_gets_its_own_host_header_and_nothing_of_the_connection() -> None:
    found = parsed(
        "GET http://[2606:4700::1]/ HTTP/1.1\nHost: [2606:4700::1]\nConnection: x-own, close\nX-Own: 1\nTE: gzip\nProxy-Authorization: secret\nCookie: kept"
    )
    assert found.headers == ((b"Host", b"[2606:4700::1]"), (b"cookie", b"kept"))


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET http://a.example/ HTTP/1.1\nHost: b.example", 403),
        ("CONNECT a.example:443 HTTP/1.1\nHost: b.example:443", 403),
        ("CONNECT a.example HTTP/1.1\nHost: a.example", 400),
        ("GET http://a.example:080808/ HTTP/1.1\nHost: a.example", 400),
        ("GET http://a%2eexample/ HTTP/1.1\nHost: a.example", 400),
        ("GET http://[127.0.0.1]/ HTTP/1.1\nHost: 127.0.0.1", 400),
        ("GET http://a.example\\.b.example/ HTTP/1.1\nHost: a.example", 400),
        ("OPTIONS * HTTP/1.1\nHost: a.example", 400),
        ("GET http://a.example/ HTTP/1.1\nHost: a.example\nUpgrade: websocket", 501),
        ("GET http://a.example/ HTTP/1.1\nHost: a.example\nX-Method-Override: PUT", 403),
        ("GET http://a.example/ HTTP/1.1\nHost: a.example\nConnection: host", 400),
        ("get http://a.example/ HTTP/1.1\nHost: a.example", 400),
        ("GET http://" + "a" * 300 + "/ HTTP/1.0", 400),
    ],
)
def test_what_is_not_for_a_proxy_to_pass_is_refused(head: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        parsed(head)
    assert refused.value.status == status


def test_an_answer_keeps_its_fields_but_those_of_the_connection() -> None:
    fields = [(b"connection", b"close, x-own"), (b"x-own", b"1"), (b"content-length", b"3"), (b"set-cookie", b"a"), (b"set-cookie", b"b")]
    assert answered(fields) == [(b"content-length", b"3"), (b"set-cookie", b"a"), (b"set-cookie", b"b")]
