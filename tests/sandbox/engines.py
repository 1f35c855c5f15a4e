r"""The engines that the sandbox's contract tests run over. A container engine is there where `GUARD_TEST_ENGINE` names its socket (as `.ci/run`
does); `guard image build` made its image.

The same tests over rootless Docker, on Debian with docker.io, rootlesskit and uidmap, as a user with sub-ids (/etc/subuid, /etc/subgid), with
RUN for its $XDG_RUNTIME_DIR; boxes need no network of the engine's:

    rootlesskit --net=host --copy-up=/etc --copy-up=/run --state-dir=RUN/rootlesskit sh -c 'rm -f /run/docker /run/containerd; \
        exec dockerd --rootless --iptables=false --ip6tables=false --bridge=none --data-root=DATA --exec-root=RUN/docker \
        --pidfile=RUN/docker.pid --host=unix://RUN/docker.sock'
    guard image build --socket unix://RUN/docker.sock
    GUARD_TEST_ENGINE=unix://RUN/docker.sock pytest -k container tests/contracts tests/sandbox

Over a Docker that is root, started likewise without rootlesskit: as root, and as a user of the group that its socket belongs to.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.container.engine import IMAGE, ROOTLESS
from guard.sandbox.container.sandbox import ContainerSandbox
from guard.sandbox.egress.broker import Broker
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
