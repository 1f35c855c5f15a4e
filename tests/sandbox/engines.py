"""The engines that the sandbox's contract tests run over. A container engine is there where `GUARD_TEST_ENGINE` names its socket (as `.ci/run`
does); `guard image build` made its image."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guard.sandbox.broker import Broker
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.container import ContainerSandbox
from guard.sandbox.oci import IMAGE, ROOTLESS
from guard.sandbox.pool import Warm

SOCKET = os.environ.get("GUARD_TEST_ENGINE", "")

ENGINES = ("bubblewrap", "container")

needs_engine = pytest.mark.skipif(not SOCKET, reason="no container engine here: GUARD_TEST_ENGINE names no socket")


def box_of(engine: str, state: Path, *, broker: Broker | None = None, warm: Warm | None = None) -> BubblewrapSandbox | ContainerSandbox:
    """A sandbox on this engine; skips where there is none."""
    if engine == "bubblewrap":
        return BubblewrapSandbox(state, broker=broker, warm=warm)
    if not SOCKET:
        pytest.skip("no container engine here: GUARD_TEST_ENGINE names no socket")
    return container(state, broker=broker, warm=warm)


def container(state: Path, *, image: str = "", broker: Broker | None = None, warm: Warm | None = None) -> ContainerSandbox:
    """A sandbox on the container engine. Whether it is rootful is no matter here."""
    return ContainerSandbox(state, SOCKET, image=image or IMAGE, accepted=frozenset({ROOTLESS}), broker=broker, warm=warm)
