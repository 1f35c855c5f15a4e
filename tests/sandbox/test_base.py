"""What every sandbox of boxes does at its end; the rest is tried over each kind of box, in tests/contracts."""

from __future__ import annotations

import os
import select
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.pool import Warm
from guard.sandbox.scratch import sweep
from tests.sandbox.boxes import QUICK


async def test_closing_goes_on_to_the_end_whatever_fails_on_the_way(tmp_path: Path) -> None:
    sandbox = BubblewrapSandbox(tmp_path / "state", warm=Warm(boxes=2, limits=QUICK))
    assert await sandbox.warmed() == 2
    assert sandbox._pool is not None
    places = list(sandbox._pool._waiting)
    pidfds = [os.pidfd_open(place.box.init) for place in places]

    def fail() -> None:
        raise SandboxError("the box does not die")

    places[0].stack.callback(fail)
    with pytest.raises(SandboxError, match="does not die"):
        await sandbox.close()
    for pidfd in pidfds:
        assert select.select([pidfd], [], [], 0)[0], "it is dead"
        os.close(pidfd)
    sweep(tmp_path / "state" / "boxes")
    assert list((tmp_path / "state" / "boxes").iterdir()) == []
