"""`guard notify test` as people run it, against a receiver on this machine."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.cli.build import Home


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(500 if "fail" in self.path else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def routes(home: Home, *urls: str) -> None:
    with home.path.open("a") as file:
        file.writelines(f'[[notify]]\nurl = "{url}"\n' for url in urls)


def test_without_a_route_it_says_what_to_add(home: Home) -> None:
    said = home.guard("notify", "test")
    assert said.code == 78
    assert "[[notify]]" in said.err


def test_every_route_is_tried_and_named_without_its_address(home: Home, hook: http.server.ThreadingHTTPServer) -> None:
    port = hook.server_address[1]
    routes(home, f"json://u:tok-1@127.0.0.1:{port}/ok", f"json://u:tok-2@127.0.0.1:{port}/fail")
    said = home.guard("notify", "test")
    assert said.code == 69
    assert said.out.splitlines()[0] == "sent      1 json"
    assert said.out.splitlines()[1].startswith("failed    2 json: ")
    assert "tok-" not in said.out + said.err
    assert b"this is a test" in hook.bodies[0]
    listed = home.guard("audit", "list").out
    assert "notify.sent" in listed
    assert "notify.failed" in listed
