"""Programs in the real box that try to get around the broker: by another way, another protocol, another name.

A box that may reach `api.example` and `db.example` and nothing else. Each attempt comes with a control that shows that it would work:
the same program outside the box, or in the box towards what was granted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from guard.model import Ending, Execution, Grant
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.container.sandbox import ContainerSandbox
from guard.sandbox.language import deno_binary
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK
from tests.sandbox.engines import ENGINES, box_of
from tests.sandbox.servers import Gate, Names, Web, broker, certificate, echo, granted, networked, web


@dataclass
class Field:
    """What there is to reach: granted servers, and decoys that nobody may reach."""

    box: BubblewrapSandbox | ContainerSandbox
    names: Names
    gate: Gate
    plain: Web
    secure: Web
    decoy: Web
    database: int
    datagrams: list[bytes] = field(default_factory=list)
    udp: int = 0
    udp6: int = 0
    decoy6: Web = field(default_factory=Web)
    abstract: str = ""

    @property
    def grant(self) -> Grant:
        return granted(
            ("http.get net.connect", f"api.example:{self.plain.port}"),
            ("http.get net.connect", f"api.example:{self.secure.port}"),
            ("net.connect", f"db.example:{self.database}"),
        )

    async def inside(self, code: str, *, language: str = "python", grant: Grant | None = None) -> Execution:
        return await self.box.run(networked(self.filled(code), grant or self.grant, self.gate, language=language, limits=QUICK))

    async def outside(self, code: str) -> str:
        """What the same Python program says on this machine."""
        process = await asyncio.create_subprocess_exec(
            "/usr/bin/python3", "-I", "-c", self.filled(code), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={}
        )
        out, err = await asyncio.wait_for(process.communicate(), 20)
        return (out + err).decode()

    def filled(self, code: str) -> str:
        for name, value in {
            "PLAIN": self.plain.port, "SECURE": self.secure.port, "DECOY6": self.decoy6.port, "DECOY": self.decoy.port,
            "DATABASE": self.database, "UDP6": self.udp6, "UDP": self.udp, "ABSTRACT": self.abstract,
        }.items():  # fmt: skip
            code = code.replace(f"${name}", str(value))
        return code

    @property
    def touched(self) -> bool:
        return bool(self.decoy.seen or self.decoy6.seen or self.datagrams)


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, got: list[bytes]) -> None:
        self.got = got

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.append(data)
        self.transport.sendto(b"reply", addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def laid_out(tmp_path: Path, engine: str, *, warm: Warm | None = None, **settings: Any) -> AsyncIterator[Field]:
    async with AsyncExitStack() as stack:
        plain, decoy = await stack.enter_async_context(web()), await stack.enter_async_context(web())
        secure = await stack.enter_async_context(web(certificate(tmp_path, "api.example")))
        database, _ = await stack.enter_async_context(echo())
        names, gate = Names(), Gate()
        allowed = broker(plain.port, secure.port, database, names=names, **settings)
        box = box_of(engine, tmp_path / "state", broker=allowed, warm=warm)
        stack.push_async_callback(box.close)
        made = Field(box=box, names=names, gate=gate, plain=plain, secure=secure, decoy=decoy, database=database)
        loop = asyncio.get_running_loop()
        for host in ("127.0.0.1", "::1"):
            transport, _ = await loop.create_datagram_endpoint(lambda: Datagrams(made.datagrams), (host, 0))
            stack.callback(transport.close)
            port = transport.get_extra_info("sockname")[1]
            made.udp, made.udp6 = (port, made.udp6) if host == "127.0.0.1" else (made.udp, port)
        made.decoy6 = await stack.enter_async_context(web(host="::1"))
        made.abstract = f"guard-test-{os.getpid()}-{made.udp}"
        server = await asyncio.start_unix_server(made.decoy.serve, f"\0{made.abstract}")
        stack.callback(server.close)
        yield made


@pytest.fixture(params=ENGINES)
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Field]:
    async with laid_out(tmp_path, request.param) as made:
        yield made


REQUEST = "b'GET /decoy HTTP/1.1\\r\\nHost: decoy\\r\\n\\r\\n'"
ASK = f"s.sendall({REQUEST}); print('REACHED' if b'/decoy' in s.recv(1000) else 'no')"

AROUND = {
    "tcp": f"import socket\ns = socket.create_connection(('127.0.0.1', $DECOY), 5); {ASK}",
    "tcp over IPv6": f"import socket\ns = socket.create_connection(('::1', $DECOY6), 5); {ASK}",
    "tcp to an IPv4-mapped address": f"import socket\ns = socket.socket(10); s.settimeout(5); s.connect(('::ffff:127.0.0.1', $DECOY)); {ASK}",
    "tcp to 0.0.0.0": f"import socket\ns = socket.create_connection(('0.0.0.0', $DECOY), 5); {ASK}",
    "tcp fast open": f"import socket\ns = socket.socket(); s.sendto({REQUEST}, 0x20000000, ('127.0.0.1', $DECOY)); "
    "print('REACHED' if b'/decoy' in s.recv(1000) else 'no')",
    "tcp without blocking": f"import asyncio\nasync def f():\n r, w = await asyncio.open_connection('127.0.0.1', $DECOY); w.write({REQUEST}); "
    "print('REACHED' if b'/decoy' in await r.read(1000) else 'no')\nasyncio.run(f())",
    "another loopback address": f"import socket\ns = socket.socket(); s.settimeout(5); s.bind(('127.7.7.7', 0)); s.connect(('127.0.0.1', $DECOY)); {ASK}",
    "udp": "import socket\ns = socket.socket(2, 2); s.settimeout(2); s.sendto(b'x', ('127.0.0.1', $UDP)); print('REACHED', s.recv(10))",
    "udp over IPv6": "import socket\ns = socket.socket(10, 2); s.settimeout(2); s.sendto(b'x', ('::1', $UDP6)); print('REACHED', s.recv(10))",
    "udp, as a resolver asks": "import socket\ns = socket.socket(2, 2 | 0x800); s.connect(('127.0.0.1', $UDP)); s.send(b'x'); "
    "import select; select.select([s], [], [], 2); print('REACHED', s.recv(10))",
    "an abstract socket": f"import socket\ns = socket.socket(1); s.settimeout(5); s.connect('\\0$ABSTRACT'); {ASK}",
    "urllib told to use no proxy": "import urllib.request as u\nprint('REACHED' if u.build_opener(u.ProxyHandler({})).open("
    "'http://127.0.0.1:$DECOY/decoy', timeout=5).read() else '')",
    "urllib with no_proxy": "import os\nos.environ['no_proxy'] = '*'\nimport urllib.request as u\n"
    "print('REACHED' if u.urlopen('http://127.0.0.1:$DECOY/decoy', timeout=5).read() else '')",
    "a netlink socket": "import socket\ns = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); print('REACHED')",
    "the names of the machine's interfaces": "import socket\nprint('REACHED' if len(socket.if_nameindex()) > 1 or "
    "socket.socket(2, 2) else 'no')",
}
"""Programs for outside and inside: outside they reach, inside they must not."""


@pytest.mark.parametrize("code", AROUND.values(), ids=AROUND.keys())
async def test_there_is_no_way_around_the_broker(ground: Field, code: str) -> None:
    assert "REACHED" in await ground.outside(code), "the control: outside the box it works"
    ground.decoy.seen.clear(), ground.decoy6.seen.clear(), ground.datagrams.clear()
    execution = await ground.inside(code)
    assert "REACHED" not in execution.stdout, execution
    assert not ground.touched


WARM = Warm(boxes=1, limits=QUICK)
WAITED = "import sys; print('wait' in sys.orig_argv)\n"


async def test_there_is_no_way_out_of_a_box_that_waited(tmp_path: Path) -> None:
    async with laid_out(tmp_path, "bubblewrap", warm=WARM) as ground:
        for name, code in AROUND.items():
            assert await ground.box.warmed() == 1
            execution = await ground.inside(WAITED + code, grant=Grant())
            assert execution.stdout.startswith("True\n"), (name, execution)
            assert "REACHED" not in execution.stdout, (name, execution)
        assert not ground.touched


async def test_a_run_that_has_the_network_gets_no_box_that_waited(tmp_path: Path) -> None:
    async with laid_out(tmp_path, "bubblewrap", warm=WARM) as ground:
        assert await ground.box.warmed() == 1
        execution = await ground.inside(WAITED + CONTROL)
        assert execution.stdout.startswith("False\n"), execution
        assert "/granted" in execution.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make raw sockets outside, as a control")
@pytest.mark.parametrize("made", ["socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP", "socket.AF_PACKET, socket.SOCK_RAW, 3",
                                  "socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6", "socket.AF_INET, socket.SOCK_RAW, 255"])  # fmt: skip
async def test_there_are_no_raw_sockets(ground: Field, made: str) -> None:
    code = f"import socket\nsocket.socket({made})\nprint('REACHED')"
    assert "REACHED" in await ground.outside(code)
    assert "REACHED" not in (await ground.inside(code)).stdout


PROXY = "import socket, os\ns = socket.create_connection(('127.0.0.1', 3128), 5)\n"
SAY = "s.sendall({!r}.encode())\ns.shutdown(1)\nprint(s.makefile('rb').read())"
TLS = (
    "import ssl\ns.sendall(b'CONNECT {} HTTP/1.0\\r\\n\\r\\n')\nprint(s.recv(1000))\nc = ssl._create_unverified_context()\n"
    "t = c.wrap_socket(s, server_hostname={!r})\nt.sendall(b'GET /granted HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\nprint(t.recv(1000))"
)
FETCH = "import urllib.request\nprint(urllib.request.urlopen({!r}, timeout=8).read())"


def raw(request: str) -> str:
    return PROXY + SAY.format(request)


def asked(url: str, host: str) -> str:
    return raw(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")


CONTROL = asked("http://api.example:$PLAIN/granted", "api.example:$PLAIN")
THROUGH: dict[str, tuple[str, str]] = {
    "another host": (FETCH.format("http://evil.example:$DECOY/decoy"), FETCH.format("http://api.example:$PLAIN/granted")),
    "another port of a granted host": (FETCH.format("http://api.example:$DECOY/decoy"), FETCH.format("http://api.example:$PLAIN/granted")),
    "the machine itself": (FETCH.format("http://127.0.0.1:$DECOY/decoy"), FETCH.format("http://api.example:$PLAIN/granted")),
    "the machine in decimal": (asked("http://2130706433:$DECOY/decoy", "2130706433:$DECOY"), CONTROL),
    "the machine in octal": (asked("http://0177.0.0.1:$DECOY/decoy", "0177.0.0.1:$DECOY"), CONTROL),
    "the machine in hexadecimal": (asked("http://0x7f000001:$DECOY/decoy", "0x7f000001:$DECOY"), CONTROL),
    "0.0.0.0": (asked("http://0.0.0.0:$DECOY/decoy", "0.0.0.0:$DECOY"), CONTROL),
    "localhost": (asked("http://localhost:$DECOY/decoy", "localhost:$DECOY"), CONTROL),
    "an IPv4-mapped address": (asked("http://[::ffff:127.0.0.1]:$DECOY/decoy", "[::ffff:127.0.0.1]:$DECOY"), CONTROL),
    "the cloud's metadata": (asked("http://169.254.169.254/latest/meta-data/", "169.254.169.254"), CONTROL),
    "a trailing dot": (asked("http://evil.example.:$DECOY/decoy", "evil.example.:$DECOY"), asked("http://api.example.:$PLAIN/granted", "api.example.:$PLAIN")),
    "a name that looks alike": (asked("http://аpi.example:$PLAIN/decoy", "аpi.example:$PLAIN"), CONTROL),
    "a redirect to the machine": (
        FETCH.format("http://api.example:$PLAIN/to/http://127.0.0.1:$DECOY/decoy"),
        FETCH.format("http://api.example:$PLAIN/to/http://api.example:$PLAIN/granted"),
    ),
    "another Host": (asked("http://api.example:$PLAIN/decoy", "evil.example"), CONTROL),
    "another method": (CONTROL.replace("GET", "DELETE").replace("granted", "decoy"), CONTROL),
    "another method, in a header": (
        CONTROL.replace("granted", "decoy").replace("Connection", "X-HTTP-Method-Override: DELETE\r\nConnection"), CONTROL,
    ),
    "another protocol on the same connection": (
        CONTROL.replace("granted", "decoy").replace("Connection: close", "Connection: Upgrade\r\nUpgrade: websocket"), CONTROL,
    ),
    "a smuggled request": (
        raw("POST http://api.example:$PLAIN/decoy HTTP/1.1\r\nHost: api.example:$PLAIN\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            "0\r\n\r\nGET http://api.example:$PLAIN/decoy HTTP/1.1\r\nHost: api.example:$PLAIN\r\n\r\n"),
        CONTROL,
    ),
    "ssh through CONNECT": (raw("CONNECT api.example:22 HTTP/1.0\r\n\r\nSSH-2.0-x\r\n"), PROXY + TLS.format("api.example:$SECURE", "api.example")),
    "CONNECT to another host": (raw("CONNECT evil.example:$SECURE HTTP/1.0\r\n\r\n"), PROXY + TLS.format("api.example:$SECURE", "api.example")),
    "no TLS in a tunnel": (
        raw("CONNECT api.example:$PLAIN HTTP/1.0\r\n\r\nDELETE /decoy HTTP/1.1\r\nHost: x\r\n\r\n"), PROXY + TLS.format("api.example:$SECURE", "api.example"),
    ),
    "another server name": (
        PROXY + TLS.format("api.example:$SECURE", "evil.example").replace("granted", "decoy"), PROXY + TLS.format("api.example:$SECURE", "api.example"),
    ),
    "no server name": (
        PROXY + TLS.format("api.example:$SECURE", None).replace("c.wrap", "c.check_hostname = False; t = c.wrap").replace("granted", "decoy"),
        PROXY + TLS.format("api.example:$SECURE", "api.example"),
    ),
    "the declared endpoint by the proxy, without TLS": (
        raw("CONNECT db.example:$DATABASE HTTP/1.0\r\n\r\nselect"),
        "import socket\ns = socket.create_connection(('db.example', $DATABASE), 5); s.sendall(b'/granted'); s.shutdown(1); print(s.makefile('rb').read())",
    ),
    "another port of a declared endpoint": (
        "import socket\ns = socket.create_connection(('db.example', $DECOY), 5)\nprint('/decoy')",
        "import socket\ns = socket.create_connection(('db.example', $DATABASE), 5); s.sendall(b'/granted'); s.shutdown(1); print(s.makefile('rb').read())",
    ),
    "a name that was not granted": (
        "import socket\nprint('/decoy', socket.getaddrinfo('secret.evil.example', 80))",
        "import socket\nprint('/granted', socket.getaddrinfo('db.example', 80))",
    ),
    "the place of the proxy": (
        "import socket\ns = socket.socket(); s.setsockopt(1, 2, 1); s.setsockopt(1, 15, 1); s.bind(('127.0.0.1', 3128)); s.listen()\nprint('/decoy')",
        "import socket\ns = socket.socket(); s.setsockopt(1, 2, 1); s.setsockopt(1, 15, 1); s.bind(('127.0.0.1', 3130)); s.listen()\nprint('/granted')",
    ),
}  # fmt: skip
"""(attempt, control), both in the box: the control says "/granted"."""


OF_THE_BOX = ("another port of a declared endpoint", "a name that was not granted", "the place of the proxy", "another host", "localhost")
"""What the box has a part in. The rest is the broker's alone, which knows no engine: it is tried from bubblewrap's box."""

TRIED = [("bubblewrap", name) for name in THROUGH] + [("container", name) for name in OF_THE_BOX]


@pytest.mark.parametrize(("ground", "name"), TRIED, indirect=["ground"])
async def test_the_broker_is_not_talked_into_anything(ground: Field, name: str) -> None:
    attempt, control = THROUGH[name]
    granted_first = await ground.inside(control)
    assert "/granted" in granted_first.stdout, granted_first
    reached = len(ground.plain.seen) + len(ground.secure.seen)
    execution = await ground.inside(attempt)
    assert "/decoy" not in execution.stdout, execution
    assert execution.traffic.refused or execution.exit_code == 1, "somebody said no"
    assert not ground.touched
    later = [*ground.plain.seen, *ground.secure.seen][reached:]
    assert not any(b"/decoy" in line for line in later if not line.startswith(b"GET /to/"))
    assert set(ground.names.asked) <= {"api.example", "db.example"}, "no other name was resolved"


async def test_a_shell_reaches_what_was_granted_and_nothing_else(ground: Field) -> None:
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    code = "exec 3<>/dev/tcp/{}\nprintf 'GET /decoy HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3\nhead -c 3 <&3"
    control = await asyncio.create_subprocess_exec(
        "bash", "-c", ground.filled(code.format("127.0.0.1/$DECOY")), stdout=asyncio.subprocess.PIPE
    )
    assert (await control.communicate())[0] == b"HTT"
    ground.decoy.seen.clear()
    assert (await ground.inside(code.format("127.0.0.1/$DECOY"), language="shell")).stdout == ""
    assert (await ground.inside(code.format("db.example/$DATABASE"), language="shell")).stdout == "rea"
    assert not ground.touched


HTTPS = {
    "urllib": "import ssl, urllib.request as u\nprint(u.urlopen('https://api.example:$SECURE/granted', context=ssl._create_unverified_context()).read())",
    "http.client": "import ssl, http.client\nc = http.client.HTTPSConnection('127.0.0.1', 3128, context=ssl._create_unverified_context())\n"
    "c.set_tunnel('api.example', $SECURE)\nc.request('GET', '/granted'); print(c.getresponse().read())",
    "asyncio": "import asyncio, ssl\nasync def f():\n    r, w = await asyncio.open_connection('127.0.0.1', 3128)\n"
    "    w.write(b'CONNECT api.example:$SECURE HTTP/1.1\\r\\nHost: api.example:$SECURE\\r\\n\\r\\n')\n    await r.readuntil(b'\\r\\n\\r\\n')\n"
    "    await w.start_tls(ssl._create_unverified_context(), server_hostname='api.example')\n"
    "    w.write(b'GET /granted HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\n    print(await r.read(200))\nasyncio.run(f())",
}


@pytest.mark.parametrize("code", HTTPS.values(), ids=HTTPS.keys())
async def test_pythons_own_libraries_speak_https_through_the_proxy(ground: Field, code: str) -> None:
    execution = await ground.inside(code)
    assert "/granted" in execution.stdout, execution
    assert ground.gate.of("net.intent") == [{"kind": "net.connect", "to": f"api.example:{ground.secure.port}", "method": ""}]


async def test_curl_speaks_https_through_the_proxy(ground: Field) -> None:
    if (await ground.inside("command -v curl", language="shell")).exit_code:
        pytest.skip("the box has no curl")
    code = "curl -sk https://api.example:$SECURE/granted; curl -sk --noproxy '*' -m 3 http://127.0.0.1:$DECOY/decoy; echo $?"
    execution = await ground.inside(code, language="shell")
    assert execution.stdout == "GET /granted 7\n", execution


@pytest.mark.skipif(deno_binary() is None, reason="deno is not installed")
async def test_deno_speaks_https_through_the_proxy(ground: Field) -> None:
    code = "try { await fetch('https://api.example:$SECURE/granted') } catch (e) { console.log(String(e.cause ?? e)) }"
    execution = await ground.inside(code, language="typescript")
    assert "certificate" in execution.stdout.lower(), "the tunnel stood: it is the server's own certificate that deno does not know"
    assert execution.traffic.refused == ()
    assert execution.traffic.reached[0].received > 500


@pytest.mark.skipif(deno_binary() is None, reason="deno is not installed")
async def test_deno_goes_goes_through_the_proxy_and_not_around_it(ground: Field) -> None:
    code = (
        "import net from 'node:net';\nconsole.log(await (await fetch('http://api.example:$PLAIN/granted')).text());\n"
        "for (const f of [() => fetch('http://evil.example:$DECOY/'), () => Deno.connect({hostname: '127.0.0.1', port: $DECOY}),\n"
        "  () => new Promise((yes, no) => net.connect($DECOY, '127.0.0.1', () => yes({})).on('error', no))]) {\n"
        "  try { const r = await f(); console.log(r.status ?? 'REACHED') } catch (e) { console.log('no') } }"
    )
    execution = await ground.inside(code, language="typescript")
    assert execution.stdout.splitlines() == ["GET /granted ", "403", "no", "no"], execution
    granted_now = "Deno.connect({hostname: 'db.example', port: $DATABASE}).then(() => console.log('REACHED'))"
    assert (await ground.inside(granted_now, language="javascript")).stdout == "REACHED\n"
    assert not ground.touched


async def test_a_box_without_the_network_in_its_grant_has_no_internet_sockets(ground: Field) -> None:
    code = "import socket, os\nprint(sorted(k for k in os.environ if 'proxy' in k.lower()))\nsocket.socket()\nprint('REACHED')"
    execution = await ground.inside(code, grant=granted(("fs.read", "*.x")))
    assert execution.stdout == "[]\n"
    assert "Address family not supported" in execution.stderr
    assert "REACHED" in (await ground.inside(code)).stdout, "the control"


async def test_what_is_granted_is_closed_to_a_rehearsal(ground: Field) -> None:
    code = "import socket\nsocket.create_connection(('db.example', $DATABASE), 5)\nprint('REACHED')"
    assert "REACHED" in (await ground.inside(code)).stdout
    rehearsal = networked(ground.filled(code), ground.grant, None)
    assert "REACHED" not in (await ground.box.run(rehearsal)).stdout


async def test_one_box_does_not_reach_what_another_may(ground: Field) -> None:
    code = "import socket\ns = socket.create_connection(('127.0.0.2', $DATABASE), 5)\nprint('REACHED')"
    hold = "import socket, time\ns = socket.create_connection(('127.0.0.2', $DATABASE), 5)\nprint('REACHED')\ntime.sleep(1.5)"
    narrow = granted(("http.get", f"api.example:{ground.plain.port}"))
    first, second = await asyncio.gather(ground.inside(hold), ground.inside(code, grant=narrow))
    assert first.stdout == "REACHED\n"
    assert "REACHED" not in second.stdout


async def test_nobody_outside_reaches_a_server_in_the_box(ground: Field) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "import socket, urllib.request\ns = socket.create_server(('0.0.0.0', $PORT))\n"
        "urllib.request.urlopen('http://api.example:$PLAIN/up').read()\ns.settimeout(1.5)\n"
        "try: s.accept(); print('REACHED')\nexcept TimeoutError: print('nobody came')"
    ).replace("$PORT", str(port))
    running = asyncio.create_task(ground.inside(code))
    await asyncio.wait_for(ground.plain.asked.wait(), 20)
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)
    assert (await running).stdout == "nobody came\n"


async def test_a_connection_dies_with_its_box_whatever_the_program_left_behind(ground: Field) -> None:
    code = (
        "import os, socket, time\ns = socket.create_connection(('db.example', $DATABASE), 5)\ns.recv(6)\n"
        "if os.fork() == 0:\n    os.setsid()\n    while True:\n        s.sendall(b'x'); time.sleep(0.01)\n"
        "time.sleep(0.3); print('gone')"
    )
    execution = await ground.inside(code)
    assert (execution.stdout, execution.ending) == ("gone\n", Ending.EXITED)
    reached = execution.traffic.reached[0]
    assert reached.sent > 0
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("egress-")]


async def test_the_case_hears_exactly_what_was_tried_and_what_was_reached(ground: Field) -> None:
    code = (
        "import urllib.request as u\nprint(u.urlopen('http://api.example:$PLAIN/granted').read())\n"
        "for url in ('http://evil.example:$DECOY/', 'https://evil.example/'):\n"
        "    try: u.urlopen(url)\n    except OSError as e: print(e)"
    )
    execution = await ground.inside(code)
    assert execution.succeeded, "a refused request ends nothing"
    assert "403" in execution.stdout
    assert "guard: http.get evil.example" in execution.stdout
    assert execution.traffic.refused == (
        f"http.get evil.example:{ground.decoy.port}: it was not approved",
        "net.connect evil.example:443: it was not approved",
    )
    assert [(r.endpoint, r.requests) for r in execution.traffic.reached] == [(f"api.example:{ground.plain.port}", 1)]


@pytest.mark.parametrize("engine", ENGINES)
async def test_where_a_refusal_stops_a_run_its_box_is_dead_at_the_first_one(tmp_path: Path, engine: str) -> None:
    code = (
        "import os, signal, urllib.request as u\nprint(u.urlopen('http://api.example:$PLAIN/granted').read(), flush=True)\n"
        "for _ in range(3):\n    if os.fork() == 0: break\n"
        "try: u.urlopen('http://evil.example:$DECOY/')\nexcept OSError as e: print('told', e, flush=True)\nwhile True: signal.pause()"
    )
    async with laid_out(tmp_path, engine, on_refusal="stop") as made:
        execution = await made.inside(code)
        assert execution.ending is Ending.REFUSED, execution
        assert not execution.succeeded
        assert execution.stdout.startswith("b'GET /granted")
        assert execution.seconds < QUICK.wall_seconds / 2
        assert [e.key for e in execution.traffic.beyond] == [f"http.get Endpoint::evil.example:{made.decoy.port}"]
        assert execution.traffic.refused[0].startswith(f"http.get evil.example:{made.decoy.port}: it was not approved")
        assert not made.touched


async def test_an_address_that_is_granted_and_named_stands_in_the_box_itself(ground: Field) -> None:
    grant = granted(("net.connect", f"127.0.0.1:{ground.database}"))
    code = "import socket\nprint(socket.create_connection(('127.0.0.1', $DATABASE), 5).recv(5))"
    assert (await ground.inside(code, grant=grant)).stdout == "b'ready'\n"
    other = granted(
        ("net.connect", "192.0.2.7:5432"), ("net.connect", "2001:db8::7:5432"), ("net.connect", f"db.example:{ground.database}")
    )
    tried = (
        "import socket\nfor host in ('192.0.2.7', '2001:db8::7'):\n    s = socket.create_connection((host, 5432), 5); print(s.recv(5))\n"
        "print(socket.create_connection(('db.example', $DATABASE), 5).recv(5))"
    )
    execution = await ground.inside(tried, grant=other)
    assert execution.stdout == "b''\nb''\nb'ready'\n", execution
    assert all("documentation" in line for line in execution.traffic.refused)
