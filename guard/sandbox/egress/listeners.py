"""Listening sockets in a box's network namespace, made by the process `join` on behalf of guard.

The box has no network: what a program in it can connect to are these sockets, and guard accepts outside. They exist from before the
program starts until guard closes them, when the box is dead.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from guard.errors import SandboxError
from guard.sandbox.egress import join
from guard.sandbox.egress.plan import Bound

_NS_GET_USERNS = 0xB701


class Joiner:
    """One process that joins boxes' namespaces. Started at the first use; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def listen(self, init: int, wanted: Sequence[Bound]) -> list[socket.socket]:
        """The sockets for the box whose first process is `init` (which the caller holds by descriptor), in order.

        Raises `SandboxError` if they cannot be made.
        """
        with self._lock, ExitStack() as stack:
            fds = _namespaces(init, stack)
            request = repr([[one.address, one.port] for one in wanted]).replace("'", '"').encode()
            said, made = self._ask(request, fds)
        sockets = [socket.socket(fileno=fd) for fd in made]
        if said != "ok" or len(sockets) != len(wanted):
            for one in sockets:
                one.close()
            raise SandboxError(f"the box's way to the broker could not be made: {said}", hint="Run `guard doctor` to see what is missing.")
        return sockets

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes, fds: Sequence[int]) -> tuple[str, list[int]]:
        channel = self._channel or self._start()
        try:
            socket.send_fds(channel, [request], fds)
            said, made, _, _ = socket.recv_fds(channel, 1 << 13, join.MOST_LISTENERS)
        except OSError as error:
            self._end()
            return str(error), []
        if not said:
            self._end()  # it died; the next box gets a new one
        return said.decode(errors="replace") or "its process died", list(made)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(join.SECONDS * 2)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(join.__file__)), str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self._channel = ours
        return ours

    def _end(self) -> None:
        if self._channel is not None and self._process is not None:
            self._channel.close()
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None


def _namespaces(init: int, stack: ExitStack) -> tuple[int, int]:
    """Descriptors of the box's network namespace and of the user namespace that owns it."""
    try:
        network = os.open(f"/proc/{init}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, network)
        owner = fcntl.ioctl(network, _NS_GET_USERNS)
        stack.callback(os.close, owner)
        shared = os.fstat(network).st_ino == os.stat("/proc/self/ns/net").st_ino
    except OSError as error:
        raise SandboxError(f"the box's network namespace cannot be seen: {error.strerror}", hint="Did the box die at once?") from error
    if shared:
        raise SandboxError("the box has no network namespace of its own", hint="Run `guard doctor` to see what is missing.")
    return network, owner
