"""What a box sees of the network, by its grant."""

from __future__ import annotations

import pytest

from guard.errors import SandboxError
from guard.model import Grant
from guard.sandbox.egress.plan import MOST_ENDPOINTS, Bound, plan
from tests.sandbox.servers import granted


def test_nothing_granted_is_no_network() -> None:
    assert plan(Grant()) is None
    assert plan(granted(("fs.read", "*.x"))) is None


def test_hosts_of_requests_are_behind_the_proxy_alone() -> None:
    found = plan(granted(("http.get net.connect", "api.example:443"), ("net.connect", "*.example.com")))
    assert found is not None
    assert found.listeners == (Bound(address="127.0.0.1", port=3128),)
    assert set(found.environment.values()) == {"http://127.0.0.1:3128"}
    assert found.hosts == ""


def test_every_declared_host_has_an_address_of_its_own_and_an_address_stands_for_itself() -> None:
    wanted = [
        ("net.connect", name)
        for name in ("db.example:5432", "db.example:5433", "127.0.0.2:6379", "10.0.0.5:1", "r.example:6379", "fd00::1:80")
    ]
    found = plan(granted(*wanted))
    assert found is not None
    assert [(b.host, b.address, b.port) for b in found.listeners[1:]] == [
        ("db.example", "127.0.0.3", 5432), ("db.example", "127.0.0.3", 5433), ("127.0.0.2", "127.0.0.2", 6379), ("10.0.0.5", "10.0.0.5", 1),
        ("r.example", "127.0.0.4", 6379), ("fd00::1", "fd00::1", 80),
    ]  # fmt: skip
    assert found.hosts == "127.0.0.3 db.example\n127.0.0.4 r.example\n"


def test_the_proxy_makes_room_for_a_granted_place() -> None:
    found = plan(granted(("net.connect", "127.0.0.1:3128")))
    assert found is not None
    assert found.proxy == "http://127.0.0.1:3129"


def test_more_endpoints_than_a_box_takes_are_an_error_before_anything_runs() -> None:
    wanted = [("net.connect", f"h{number}.example:1") for number in range(MOST_ENDPOINTS + 1)]
    assert plan(granted(*wanted[:-1])) is not None
    with pytest.raises(SandboxError, match="65"):
        plan(granted(*wanted))
