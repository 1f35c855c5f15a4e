"""The proof is only worth something if it finds what does not hold: faults are planted here."""

from __future__ import annotations

import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from guard.sandbox import layout, namespaces
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.egress.broker import Broker, Egress

BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
ALLOW_ALL = struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000)


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[BubblewrapSandbox]:
    sandbox = BubblewrapSandbox(tmp_path / "state")
    yield sandbox
    await sandbox.close()


async def failing(box: BubblewrapSandbox) -> set[str]:
    return {guarantee.name for guarantee in await box.prove() if not guarantee.holds}


async def test_a_sound_box_is_proved_and_the_proof_kept_for_this_boot(box: BubblewrapSandbox) -> None:
    assert await failing(box) == set()
    record = json.loads((box.state / "selftest.bubblewrap.json").read_text())
    assert BOOT in record["key"]
    assert list(box.state.glob("selftest-*")) == []


async def test_a_box_without_a_filter_is_found(box: BubblewrapSandbox) -> None:
    box._filter = ALLOW_ALL
    assert await failing(box) == {"system-calls"}
    assert not (box.state / "selftest.bubblewrap.json").exists(), "a failure is not kept"


async def test_a_box_that_shares_the_network_and_a_folder_is_found(box: BubblewrapSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box._filter = ALLOW_ALL
    sound = layout.arguments

    def leaky(seen: layout.Layout, *others: Any) -> list[str]:
        found = sound(seen, *others)
        outside = str(Path(seen.overlay.lower).parent) if seen.overlay else "/tmp"
        at = found.index("--remount-ro", found.index("/dev/shm"))
        alias = found.index("--symlink", found.index("--overlay"))
        return ["--unshare-all", "--share-net", *found[1:alias], "--bind", outside, outside, *found[at:]]

    monkeypatch.setattr(layout, "arguments", leaky)
    assert await failing(box) == {"no-write-outside", "no-network", "no-secrets", "system-calls"}


async def test_a_proof_of_another_boot_or_box_is_no_proof(box: BubblewrapSandbox) -> None:
    await box.prove()
    record = json.loads((box.state / "selftest.bubblewrap.json").read_text())
    for guarantee in record["guarantees"]:
        guarantee["detail"] = "from the record"
    (box.state / "selftest.bubblewrap.json").write_text(json.dumps(record))
    assert {guarantee.detail for guarantee in await box.prove()} == {"from the record"}
    (box.state / "selftest.bubblewrap.json").write_text(json.dumps({**record, "key": "another boot"}))
    assert "from the record" not in {guarantee.detail for guarantee in await box.prove()}
    (box.state / "selftest.bubblewrap.json").write_text("{")
    assert await failing(box) == set()


@pytest.fixture
async def networked(tmp_path: Path) -> AsyncIterator[BubblewrapSandbox]:
    sandbox = BubblewrapSandbox(tmp_path / "networked", broker=Broker())
    yield sandbox
    await sandbox.close()


async def test_a_box_with_a_broker_reaches_it_and_nothing_beside_it(networked: BubblewrapSandbox, box: BubblewrapSandbox) -> None:
    assert {guarantee.name for guarantee in await networked.prove()} - {guarantee.name for guarantee in await box.prove()} == {"broker"}
    assert await failing(networked) == set()


async def test_a_broker_that_stops_what_it_refuses_is_proved_too(tmp_path: Path) -> None:
    sandbox = BubblewrapSandbox(tmp_path / "stopping", broker=Broker(Egress(on_refusal="stop")))
    try:
        (said,) = [one for one in await sandbox.prove() if one.name == "broker"]
    finally:
        await sandbox.close()
    assert said.holds, said
    assert "the run was stopped: http.get 127.0.0.1" in said.detail


async def test_a_box_that_cannot_reach_its_broker_is_found(networked: BubblewrapSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces.sys, "executable", "/bin/false")
    assert await failing(networked) == {"broker"}


async def test_a_broker_that_lets_out_what_no_configuration_names_is_found(
    networked: BubblewrapSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guard.sandbox.egress.broker.refusal", lambda address: "")
    monkeypatch.setattr("guard.sandbox.egress.broker.Gateway._named", lambda *_: True)
    assert await failing(networked) == {"broker"}
