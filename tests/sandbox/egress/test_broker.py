"""What the broker lets out and what not, over real sockets: its gateway listens on this machine, without a box (`tests/e2e` has the box)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from guard.grant import grant
from guard.model import Effect, Kind, Loop, Resource, ResourceType, Traffic
from tests.sandbox.egress.test_hello import extension, hello, records, sni
from tests.sandbox.servers import NAME, Gate, Names, broker, certificate, echo, gateway, granted, networked, say, web

GET = b"GET http://%s:%d%s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"


def get(port: int, path: str = "/x", host: str = NAME) -> bytes:
    return GET % (host.encode(), port, path.encode(), host.encode(), port)


# ------------------------------------------------------------------------------------------------------------------ plain HTTP


async def test_a_granted_request_reaches_the_server_and_its_answer_the_program() -> None:
    gate = Gate()
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), gate) as (_, (proxy,)):
        said = await say(proxy, get(server.port))
    assert said.startswith(b"HTTP/1.1 200")
    assert b"x-server: real" in said.lower()
    assert said.endswith(b"GET /x ")
    assert server.seen == [b"GET /x HTTP/1.1\r\nHost: %s:%d\r\n\r\n" % (NAME.encode(), server.port)]
    assert gate.of("net.intent") == [{"kind": "http.get", "to": f"{NAME}:{server.port}", "method": "GET"}]


async def test_the_intent_is_in_the_ledger_before_anything_leaves_and_without_a_ledger_nothing_does() -> None:
    gate = Gate(broken=True)
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), gate) as (way, (proxy,)):
        said = await say(proxy, get(server.port))
        assert said.startswith(b"HTTP/1.1 503")
        assert server.seen == []
        gate.broken = False
        assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200")
        traffic = await way.close()
    assert traffic.refused == (), "that the ledger is broken is not the program's doing"


async def test_a_name_is_resolved_only_after_it_is_granted() -> None:
    names = Names()
    async with (
        web() as server,
        gateway(broker(server.port, names=names), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (at,)),
    ):
        await say(at, get(server.port, host="secret.evil.example"))
        assert names.asked == []
        await say(at, get(server.port))
    assert names.asked == [NAME]


async def test_a_domain_grants_its_hosts_and_not_those_whose_name_only_ends_alike() -> None:
    async with web() as server, gateway(broker(server.port), granted(("http.get", "*.example")), Gate()) as (_, (proxy,)):
        assert (await say(proxy, get(server.port, host="deep.api.example"))).startswith(b"HTTP/1.1 200")
        for host in ("evilexample", "example.evil", "api.example.evil"):
            assert (await say(proxy, get(server.port, host=host))).startswith(b"HTTP/1.1 403"), host


async def test_a_method_that_was_not_granted_is_refused() -> None:
    gate = Gate()
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), gate) as (_, (proxy,)):
        for method in (b"POST", b"DELETE", b"PUT", b"BREW", b"HEAD"):
            said = await say(proxy, get(server.port).replace(b"GET", method, 1))
            assert said.startswith(b"HTTP/1.1 403"), method
    assert server.seen == []
    kinds = {record["what"].split(" ")[0] for record in gate.of("net.refused")}
    assert kinds == {"http.post", "http.delete", "http.put", "http.head"}


async def test_granted_bodies_arrive_whole_with_a_length_or_in_chunks() -> None:
    async with web() as server, gateway(broker(server.port), granted(("http.post", f"{NAME}:{server.port}")), Gate()) as (way, (proxy,)):
        head = b"POST http://%s:%d/p HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n" % ((NAME.encode(), server.port) * 2)
        assert (await say(proxy, head + b"Content-Length: 5\r\n\r\nhe", b"llo")).endswith(b"POST /p hello")
        chunked = await say(proxy, head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n")
        assert chunked.endswith(b"POST /p 3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
        writer.write(head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert b"100 Continue" in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        writer.write(b"ok")
        assert (await asyncio.wait_for(reader.read(), 10)).endswith(b"POST /p ok")
        writer.close()
        traffic = await way.close()
    assert [(r.endpoint, r.requests) for r in traffic.reached] == [(f"{NAME}:{server.port}", 3)]
    assert traffic.reached[0].sent == sum(map(len, server.seen))


async def test_requests_on_one_connection_are_each_judged() -> None:
    gate = Gate()
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), gate) as (_, (proxy,)):
        kept = get(server.port).replace(b"Connection: close\r\n", b"")
        said = await say(proxy, kept + kept + get(server.port, host="evil.example") + kept)
    assert said.count(b"HTTP/1.1 200") == 2
    assert said.count(b"HTTP/1.1 403") == 1
    assert len(server.seen) == 2, "after a refusal the connection ends"
    assert len(gate.of("net.intent")) == 2


async def test_a_redirect_is_a_request_like_any_other() -> None:
    async with web() as private, web() as server:
        grant = granted(("http.get", f"{NAME}:{server.port}"), ("http.get", f"inner.example:{private.port}"))
        async with gateway(broker(server.port), grant, Gate()) as (way, (proxy,)):
            said = await say(proxy, get(server.port, f"/to/http://inner.example:{private.port}/"))
            assert b"302" in said
            followed = await say(proxy, get(private.port, host="inner.example"))
            traffic = await way.close()
    assert followed.startswith(b"HTTP/1.1 403")
    assert b"127.0.0.1, which is loopback" in followed
    assert private.seen == []
    assert "loopback" in traffic.refused[0]


async def test_todays_policies_are_asked_for_the_exact_endpoint_and_what_they_forbid_is_refused() -> None:
    async with web() as server:
        gate = Gate(forbidden=f"{NAME}:{server.port}")
        async with gateway(broker(server.port), granted(("http.get", "*.example")), gate) as (_, (proxy,)):
            refused = await say(proxy, get(server.port))
            assert (await say(proxy, get(server.port, host="other.example"))).startswith(b"HTTP/1.1 200")
    assert refused.startswith(b"HTTP/1.1 403")
    assert b"no-such-host" in refused
    assert [e.resource.name for e in gate.asked] == [f"{NAME}:{server.port}", f"other.example:{server.port}"]
    assert all(e.exact for e in gate.asked)


async def test_what_the_server_says_beyond_http_is_not_handed_on() -> None:
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
        said = await say(proxy, get(server.port, "/raw"))
    assert said.startswith(b"HTTP/1.1 502")
    assert b"not HTTP" not in said


async def test_large_answers_arrive_whole() -> None:
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
        said = await say(proxy, get(server.port, "/big/3000000"))
    assert said.partition(b"\r\n\r\n")[2] == b"x" * 3_000_000


async def test_a_server_that_is_away_or_a_name_without_address_is_told_and_is_no_divergence() -> None:
    names = Names({"gone.example": []})
    async with web() as server:
        closed = server.port
    grant = granted(("http.get", f"{NAME}:{closed}"), ("http.get", f"gone.example:{closed}"))
    async with gateway(broker(closed, names=names), grant, Gate()) as (way, (proxy,)):
        for host in (NAME, "gone.example"):
            assert (await say(proxy, get(closed, host=host))).startswith(b"HTTP/1.1 502")
        assert (await way.close()).refused == ()


# ------------------------------------------------------------------------------------------------------------ smuggling, by bytes

ODD = {
    "both lengths": b"POST http://%H/ HTTP/1.1\r\nHost: %H\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    "two lengths": b"POST http://%H/ HTTP/1.1\r\nHost: %H\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "a length that is no number": b"POST http://%H/ HTTP/1.1\r\nHost: %H\r\nContent-Length: +4\r\n\r\nabcd",
    "another coding": b"POST http://%H/ HTTP/1.1\r\nHost: %H\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"POST http://%H/ HTTP/1.1\r\nHost: %H\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nX: a\r\n b\r\n\r\n",
    "bare line feeds": b"GET http://%H/ HTTP/1.1\nHost: %H\n\r\n\r\n",
    "a bare carriage return": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nX: a\rY: b\r\n\r\n",
    "a NUL": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nX: a\0b\r\n\r\n",
    "another Host": b"GET http://%H/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "two Hosts": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nHost: evil.example\r\n\r\n",
    "another port in Host": b"GET http://%H/ HTTP/1.1\r\nHost: api.example:1\r\n\r\n",
    "credentials": b"GET http://user:secret@%H/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "a host in the credentials": b"GET http://%H@evil.example/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "no URL": b"GET / HTTP/1.1\r\nHost: %H\r\n\r\n",
    "https as a URL": b"GET https://%H/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "another scheme": b"GET ftp://%H/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "a backslash": b"GET http://%H\\@evil.example/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET http://%H/\r\n\r\n",
    "two spaces": b"GET  http://%H/ HTTP/1.1\r\nHost: %H\r\n\r\n",
    "an upgrade": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "h2c": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nConnection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "a method in a header": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nX-HTTP-Method-Override: DELETE\r\n\r\n",
    "a Connection that strips": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nConnection: close, content-length\r\n\r\n",
    "a huge head": b"GET http://%H/ HTTP/1.1\r\nHost: %H\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "a head without end": b"GET http://%H/ HTTP/1.1\r\n" + b"X: a\r\n" * 12_000,
    "not HTTP": b"\x16\x03\x01\x00\x05hello\r\n\r\n",
    "SOCKS": b"\x05\x01\x00\r\n\r\n",
    "port 0": b"GET http://api.example:0/ HTTP/1.1\r\nHost: api.example:0\r\n\r\n",
    "a port that is no number": b"GET http://api.example:8a/ HTTP/1.1\r\nHost: api.example:8a\r\n\r\n",
    "an empty host": b"GET http:///x HTTP/1.1\r\nHost: %H\r\n\r\n",
    "a zone": b"GET http://[fe80::1%25lo]/ HTTP/1.1\r\nHost: [fe80::1%25lo]\r\n\r\n",
}


@pytest.mark.parametrize("request_", ODD.values(), ids=ODD.keys())
async def test_a_request_that_two_parsers_could_read_in_two_ways_reaches_nobody(request_: bytes) -> None:
    gate = Gate()
    async with (
        web() as server,
        gateway(broker(server.port), granted(("http.get http.post http.head", f"{NAME}:{server.port}")), gate) as (
            way,
            (proxy,),
        ),
    ):
        said = await say(proxy, request_.replace(b"%H", b"%s:%d" % (NAME.encode(), server.port)))
        control = await say(proxy, get(server.port))
        traffic = await way.close()
    assert said[9:10] in (b"4", b"5"), said
    assert b"guard: a request: " in said or b"guard: http." in said
    assert b"connection: close" in said
    assert control.startswith(b"HTTP/1.1 200")
    assert [line.split(b"\r\n")[0] for line in server.seen] == [b"GET /x HTTP/1.1"], "the control alone arrived"
    assert len(traffic.refused) == 1


async def test_a_second_request_hidden_in_a_body_stays_a_body() -> None:
    hidden = b"GET http://%s/hidden HTTP/1.1\r\n\r\n" % NAME.encode()
    async with web() as server, gateway(broker(server.port), granted(("http.post", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
        head = b"POST http://%s:%d/ HTTP/1.1\r\nHost: %s:%d\r\n" % ((NAME.encode(), server.port) * 2)
        await say(proxy, head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden)
    assert len(server.seen) == 1
    assert server.seen[0].endswith(hidden)


async def test_whoever_says_nothing_for_long_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guard.sandbox.egress.stream.HEAD_SECONDS", 0.2)
    async with web() as server, gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
        assert b"did not come in time" in await say(proxy, b"GET http://")
        assert await say(proxy) == b""
        assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200")


# --------------------------------------------------------------------------------------------------------------------- addresses

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ff02::1", "2001:db8::1", "2600::5efe:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_granted_name_at_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    gate = Gate()
    async with gateway(broker(names=Names({NAME: [address]})), granted(("http.get net.connect", f"{NAME}:80")), gate) as (_, (proxy,)):
        said = await say(proxy, get(80))
        tunnel = await say(proxy, b"CONNECT api.example:80 HTTP/1.1\r\nHost: api.example:80\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 403"), said
    assert tunnel.startswith(b"HTTP/1.1 403"), tunnel
    assert gate.of("net.intent") == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
async def test_an_address_in_any_writing_is_the_address_and_a_grant_alone_does_not_open_it(host: str) -> None:
    canonical = {"0": "0.0.0.0", "[::1]": "::1", "[::ffff:127.0.0.1]": "::ffff:7f00:1", "169.254.169.254": host}.get(host, "127.0.0.1")
    async with web() as server:
        request = get(server.port, host=host)
        async with gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
            assert b"not approved" in await say(proxy, request)
        async with gateway(broker(), granted(("http.get", f"{canonical}:{server.port}")), Gate()) as (_, (proxy,)):
            assert b"does not name it" in await say(proxy, request)
        assert server.seen == []
        if canonical == "127.0.0.1":
            async with gateway(broker(server.port), granted(("http.get", f"{canonical}:{server.port}")), Gate()) as (_, (proxy,)):
                assert (await say(proxy, request)).startswith(b"HTTP/1.1 200"), "the control"


async def test_a_name_keeps_the_address_that_was_checked() -> None:
    names = Names()
    async with web() as server, web() as other:
        grant = granted(("http.get", f"{NAME}:{server.port}"), ("http.get", f"{NAME}:{other.port}"))
        async with gateway(broker(server.port, other.port, names=names), grant, Gate()) as (_, (proxy,)):
            await say(proxy, get(server.port))
            names.addresses[NAME] = ["169.254.169.254"]
            assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200")
            assert (await say(proxy, get(other.port))).startswith(b"HTTP/1.1 200")
    assert names.asked == [NAME]


async def test_of_a_name_with_public_and_private_addresses_the_private_ones_are_never_tried() -> None:
    async with web() as server:
        names = Names({NAME: ["10.0.0.1", "::1", "127.0.0.1"]})
        async with gateway(broker(server.port, names=names), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
            assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200"), "127.0.0.1 is named by the configuration"


# ----------------------------------------------------------------------------------------------------------------------- tunnels


async def tls_through(proxy: int, target: str, sni: str | None, *, alpn: tuple[str, ...] = ()) -> str:
    """A TLS client through the proxy, as programs are: what the server answers, or why not."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(list(alpn))
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
    try:
        writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        said = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in said:
            return said.decode()
        await writer.start_tls(context, server_hostname=sni)
        writer.write(b"GET /s HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        return head.decode()
    except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError) as error:
        return type(error).__name__
    finally:
        writer.close()


async def test_a_tunnel_reaches_the_granted_host_when_its_tls_names_that_host(tmp_path: Path) -> None:
    gate = Gate()
    async with web(certificate(tmp_path, NAME)) as server:
        target = f"{NAME}:{server.port}"
        async with gateway(broker(server.port), granted(("http.get net.connect", target)), gate) as (way, (proxy,)):
            assert "200 OK" in await tls_through(proxy, target, NAME)
            assert "200 OK" in await tls_through(proxy, target, NAME.upper()), "names have no case"
            traffic = await way.close()
    assert gate.of("net.intent")[0] == {"kind": "net.connect", "to": target, "method": ""}
    assert traffic.reached[0].requests == 2
    assert traffic.reached[0].received > 500
    assert traffic.refused == ()


@pytest.mark.parametrize("sni", ["evil.example", "api.example.evil", "xapi.example", ""])
async def test_a_tunnel_whose_tls_names_another_host_or_none_is_cut_before_a_byte_of_it_leaves(tmp_path: Path, sni: str) -> None:
    gate = Gate()
    async with web(certificate(tmp_path, NAME)) as server:
        target = f"{NAME}:{server.port}"
        async with gateway(broker(server.port), granted(("net.connect http.get", target)), gate) as (way, (proxy,)):
            said = await tls_through(proxy, target, sni or "127.0.0.1")
            assert "200" not in said
            traffic = await way.close()
    assert server.seen == []
    assert traffic.reached[0].sent == 0
    assert "ClientHello" in gate.of("net.refused")[0]["why"]


async def test_what_a_program_writes_into_its_hello_is_not_written_into_the_ledger() -> None:
    gate = Gate()
    async with web() as server, gateway(broker(server.port), granted(("net.connect", f"{NAME}:{server.port}")), gate) as (_, (proxy, _2)):
        connect = b"CONNECT %s:%d HTTP/1.0\r\n\r\n" % (NAME.encode(), server.port)
        await say(proxy, connect + records(hello(sni(b"\x1b[31mevil"))))
    assert gate.of("net.refused")[0]["why"] == "its ClientHello names another server"


async def test_a_hello_that_hides_its_name_is_refused() -> None:
    gate = Gate()
    async with web() as server, gateway(broker(server.port), granted(("net.connect", f"{NAME}:{server.port}")), gate) as (_, (proxy, _2)):
        connect = b"CONNECT %s:%d HTTP/1.0\r\n\r\n" % (NAME.encode(), server.port)
        await say(proxy, connect + records(hello(sni(NAME.encode()) + extension(0xFE0D, bytes(40)))))
    assert "ECH" in gate.of("net.refused")[0]["why"]


async def test_a_public_address_of_this_machine_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guard.sandbox.egress.broker.refusal", lambda address: "")
    async with web() as server:
        async with gateway(broker(), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (way, (proxy,)):
            assert b"is this machine itself" in await say(proxy, get(server.port))
            assert len((await way.close()).refused) == 1
        assert server.seen == []
        async with gateway(broker(server.port), granted(("http.get", f"{NAME}:{server.port}")), Gate()) as (_, (proxy,)):
            assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200"), "the control: it is named"


async def test_an_address_needs_no_server_name(tmp_path: Path) -> None:
    async with web(certificate(tmp_path, NAME)) as server:
        target = f"127.0.0.1:{server.port}"
        async with gateway(broker(server.port), granted(("net.connect http.get", target)), Gate()) as (_, (proxy,)):
            assert "200 OK" in await tls_through(proxy, target, "127.0.0.1")
            assert "200" not in await tls_through(proxy, target, "evil.example")


@pytest.mark.parametrize(
    "target", ["api.example:22", "evil.example:443", "api.example", "api.example:0", "api.example:99999", "user@api.example:443"]
)
async def test_connect_to_what_was_not_granted_is_refused(target: str) -> None:
    names = Names()
    async with gateway(broker(names=names), granted(("net.connect http.get", f"{NAME}:443")), Gate()) as (way, (proxy,)):
        said = await say(proxy, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        traffic = await way.close()
    assert said[9:12] in (b"403", b"400")
    assert len(traffic.refused) == 1
    assert names.asked == []


async def test_connect_whose_host_header_names_another_host_is_refused() -> None:
    async with (
        web() as server,
        gateway(broker(server.port), granted(("net.connect http.get", f"{NAME}:{server.port}")), Gate()) as (_, (at,)),
    ):
        said = await say(at, b"CONNECT %s:%d HTTP/1.1\r\nHost: evil.example\r\n\r\n" % (NAME.encode(), server.port))
    assert said.startswith(b"HTTP/1.1 403")


async def test_in_a_tunnel_nothing_but_tls_is_let_out() -> None:
    gate = Gate()
    async with (
        web() as server,
        gateway(broker(server.port), granted(("net.connect http.get", f"{NAME}:{server.port}")), gate) as (_, (proxy,)),
    ):
        connect = b"CONNECT %s:%d HTTP/1.0\r\n\r\n" % (NAME.encode(), server.port)
        for inside in (b"DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n", b"SSH-2.0-x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            assert (await say(proxy, connect + inside)).endswith(bytes([21, 3, 3, 0, 2, 2, 49])), "a TLS alert"
    assert server.seen == []
    assert [("only TLS" in record["why"]) for record in gate.of("net.refused")] == [True], "once: it was the same thing each time"


# ------------------------------------------------------------------------------------------------------------- declared endpoints


async def test_a_declared_endpoint_carries_any_protocol_whoever_speaks_first() -> None:
    gate = Gate()
    async with echo() as (port, got), gateway(broker(port), granted(("net.connect", f"db.example:{port}")), gate) as (way, (_, listener)):
        assert way.plan.hosts == "127.0.0.2 db.example\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", listener)
        # The plan's port is the endpoint's; here the listener stands in for it.
        assert await reader.readline() == b"ready\n"
        writer.write(b"select 1")
        assert await reader.readexactly(8) == b"select 1"
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        traffic = await way.close()
    assert got == [b"select 1"]
    assert [(r.endpoint, r.requests, r.sent, r.received) for r in traffic.reached] == [(f"db.example:{port}", 1, 8, 14)]
    assert gate.of("net.intent") == [{"kind": "net.connect", "to": f"db.example:{port}", "method": ""}]


async def test_tls_to_a_declared_endpoint_must_not_name_another_host(tmp_path: Path) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    async with (
        web(certificate(tmp_path, NAME)) as server,
        gateway(broker(server.port), granted(("net.connect", f"{NAME}:{server.port}")), Gate()) as (way, (_, listener)),
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", listener, ssl=context, server_hostname=NAME)
        writer.close()
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", listener, ssl=context, server_hostname="evil.example")
        assert "names evil.example" in (await way.close()).refused[0]


async def test_a_declared_endpoint_at_a_private_address_is_closed_at_once() -> None:
    async with echo() as (port, got), gateway(broker(), granted(("net.connect", f"db.example:{port}")), Gate()) as (way, (_, listener)):
        assert await say(listener, b"hello") == b""
        assert "loopback" in (await way.close()).refused[0]
    assert got == []


# ------------------------------------------------------------------------------------------------------------- limits, life, death


async def test_no_more_requests_or_bytes_than_one_run_may() -> None:
    async with web() as server:
        grant = granted(("http.get http.post", f"{NAME}:{server.port}"))
        async with gateway(broker(server.port, requests=2), grant, Gate()) as (way, (proxy,)):
            answers = [(await say(proxy, get(server.port)))[9:12] for _ in range(3)]
            assert answers == [b"200", b"200", b"403"]
            assert "as many requests" in (await way.close()).refused[0]
        async with gateway(broker(server.port, sent_bytes=5000), grant, Gate()) as (way, (proxy,)):
            post = get(server.port).replace(b"GET", b"POST", 1).replace(b"\r\n\r\n", b"\r\nContent-Length: 9000\r\n\r\n")
            assert b"403" in (await say(proxy, post + b"x" * 9000))[:20]
            assert "sent as much" in (await way.close()).refused[0]
        async with gateway(broker(server.port, received_bytes=50_000), grant, Gate()) as (way, (proxy,)):
            said = await say(proxy, get(server.port, "/big/900000"))
            assert len(said) < 600_000
            assert "received as much" in (await way.close()).refused[0]


async def test_refusals_without_end_are_counted_and_not_written_without_end() -> None:
    gate = Gate()
    async with gateway(broker(), granted(("http.get", f"{NAME}:80")), gate) as (way, (proxy,)):
        for number in range(110):
            await say(proxy, get(80, host=f"h{number}.evil.example"))
        for _ in range(3):
            await say(proxy, get(80, host="h1.evil.example"))
        traffic = await way.close()
    assert len(traffic.refused) == 101
    assert traffic.refused[1].endswith("(4 times)")
    assert traffic.refused[-1].startswith("other requests")
    assert len(gate.of("net.refused")) == 101


async def test_what_the_grant_does_not_cover_is_kept_as_effects_and_what_the_policies_refuse_is_not() -> None:
    gate = Gate(forbidden=f"{NAME}:80")
    async with gateway(broker(), granted(("http.get", f"{NAME}:80")), gate) as (way, (proxy,)):
        for host in ("evil.example", "evil.example", NAME):
            await say(proxy, get(80, host=host))
        traffic = await way.close()
    assert [effect.key for effect in traffic.beyond] == ["http.get Endpoint::evil.example:80"]
    assert traffic.refused == (
        "http.get evil.example:80: it was not approved (2 times)",
        f"http.get {NAME}:80: the policies do not permit it (no-such-host)",
    )


async def test_told_to_stop_the_first_refusal_kills_the_box_and_nothing_goes_out_any_more() -> None:
    gate, killed = Gate(), []
    async with web() as server:
        grant = granted(("http.get net.connect", f"{NAME}:{server.port}"))
        async with gateway(broker(server.port, on_refusal="stop"), grant, gate) as (way, (proxy, *_)):
            way.kill = lambda: killed.append(True)
            assert (await say(proxy, get(server.port))).startswith(b"HTTP/1.1 200")
            assert not way.stopped, "what is granted stops nothing"
            await say(proxy, get(80, host="evil.example") + get(server.port))
            assert way.stopped
            with pytest.raises(ConnectionRefusedError):
                await say(proxy, get(server.port))
            traffic = await way.close()
    assert killed == [True]
    assert len(server.seen) == 1
    assert traffic.refused == ("http.get evil.example:80: it was not approved",)
    assert gate.of("net.refused"), "in the ledger before the box is dead"


def predicted(kind: Kind, port: int, loop: Loop = Loop.ONE, count: int | None = None) -> Effect:
    return Effect(kind=kind, resource=Resource(type=ResourceType.ENDPOINT, name=f"{NAME}:{port}"), loop=loop, count=count)


async def tunnelled(proxy: int, port: int) -> bytes:
    """The status of a tunnel that is asked for, and left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
    writer.write(b"CONNECT %s:%d HTTP/1.0\r\n\r\n" % (NAME.encode(), port))
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return line[9:12]


@pytest.mark.parametrize("held", [True, False])
async def test_where_counts_are_held_one_request_more_than_was_counted_is_refused(held: bool) -> None:
    async with web() as server, web() as other:
        effects = (predicted(Kind.HTTP_GET, server.port, Loop.BOUNDED, 2), predicted(Kind.NET_CONNECT, server.port))
        effects = (*effects, predicted(Kind.HTTP_GET, other.port), predicted(Kind.NET_CONNECT, other.port))
        made = broker(server.port, other.port, hold_counts=held)
        async with gateway(made, grant(effects), Gate()) as (way, (proxy, *_)):
            last = b"403" if held else b"200"
            assert [(await say(proxy, get(server.port)))[9:12] for _ in range(3)] == [b"200", b"200", last]
            assert [await tunnelled(proxy, other.port) for _ in range(2)] == [b"200", last], "a tunnel is one, whatever is said in it"
            traffic = await way.close()
    assert len(server.seen) == (2 if held else 3)
    more = "and this is one more"
    assert traffic.refused == (
        (
            f"http.get {NAME}:{server.port}: it was approved for 2 requests, {more}",
            f"net.connect {NAME}:{other.port}: it was approved for 1 request, {more}",
        )
        if held
        else ()
    )


async def test_a_server_that_is_away_stops_nothing() -> None:
    async with gateway(broker(1, on_refusal="stop"), granted(("http.get", f"{NAME}:1")), Gate()) as (way, (proxy,)):
        assert (await say(proxy, get(1))).startswith(b"HTTP/1.1 502")
        assert not way.stopped


async def test_after_its_end_a_gateway_takes_and_carries_nothing() -> None:
    gate = Gate()
    async with (
        echo() as (port, got),
        gateway(broker(port), granted(("net.connect", f"db.example:{port}")), gate) as (way, (proxy, listener)),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener)
        assert await reader.readline() == b"ready\n"
        way.cut()
        assert await reader.read() == b""
        writer.close()
        await way.close()
        for port_ in (proxy, listener):
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", port_)
    assert got == []


async def test_a_run_without_a_gate_or_without_the_network_in_its_grant_has_no_gateway() -> None:
    made = broker()
    assert made.gateway(networked("", granted(("net.connect", "db.example:1")), None)) is None
    assert made.gateway(networked("", granted(("fs.read", "*.example")), Gate())) is None
    assert made.gateway(networked("", granted(), Gate())) is None, "an empty list of hosts is no host"
    control = made.gateway(networked("", granted(("net.connect", "db.example:1")), Gate()))
    assert control is not None
    assert await control.close() == Traffic()


async def test_the_settings_are_part_of_what_is_sealed() -> None:
    assert broker(1).digest != broker(2).digest
    assert broker(1).digest == broker(1).digest


@pytest.mark.parametrize("steps", range(6))
async def test_a_connection_that_is_over_before_it_began_is_closed(steps: int) -> None:
    """At any step: while it is accepted, before its task has begun, and after."""
    grant = granted(("http.get", f"{NAME}:1"))
    async with gateway(broker(connections=1), grant, Gate()) as (way, (proxy,)):
        await asyncio.sleep(0)  # it waits for one
        with socket.create_connection(("127.0.0.1", proxy), 10) as client:
            for _ in range(steps):
                await asyncio.sleep(0)
            await way.close()
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("egress")] == []


async def test_a_listener_that_nobody_connects_to_takes_no_place_from_another() -> None:
    async with (
        echo() as (port, got),
        gateway(broker(port, connections=1), granted(("net.connect", f"db.example:{port}")), Gate()) as (_, at),
    ):
        for listener in (at[1], at[1]):
            reader, writer = await asyncio.open_connection("127.0.0.1", listener)
            assert await asyncio.wait_for(reader.readline(), 10) == b"ready\n"
            writer.close()


async def test_a_place_is_given_back_by_a_connection_that_never_took_a_step() -> None:
    async with gateway(broker(connections=1), granted(("http.get", f"{NAME}:1")), Gate()) as (way, (proxy,)):
        with socket.create_connection(("127.0.0.1", proxy), 10) as client:
            async with asyncio.timeout(10):
                while not way._slots.locked():
                    await asyncio.sleep(0)
            # It was accepted just now, and its task has not taken a step.
            await way.close()
            assert client.recv(1) == b""
    assert not way._slots.locked()
