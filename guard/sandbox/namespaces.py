"""What guard has done inside a box's namespaces from outside, by the process `nsenter`: listening sockets in its network, and the workspace
mounted into a box that waits.

The box has no network: what a program in it can connect to are these sockets, and guard accepts outside. They exist from before the
program starts until guard closes them, when the box is dead.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from guard.errors import SandboxError
from guard.sandbox import nsenter
from guard.sandbox.layout import Overlay

_NS_GET_USERNS = 0xB701
_KINDS = {"network": "net", "mount": "mnt"}


class Held(Protocol):
    """A box whose first process somebody holds by descriptor."""

    @property
    def init(self) -> int:
        """The host's pid of that process."""
        ...

    def dead(self) -> bool: ...


class Joiner:
    """One process that joins boxes' namespaces. Started at the first use; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def listen(self, box: Held, wanted: Sequence[tuple[str, int]]) -> list[socket.socket]:
        """Sockets that listen on these addresses in a box.

        Raises `SandboxError` if they cannot be made.
        """
        said, made = self._ask(box, "network", {"listen": list(wanted)})
        sockets = [socket.socket(fileno=fd) for fd in made]
        if said != "ok" or len(sockets) != len(wanted):
            for one in sockets:
                one.close()
            raise SandboxError(f"the box's way to the broker could not be made: {said}", hint="Run `guard doctor` to see what is missing.")
        return sockets

    def mount(self, box: Held, overlay: Overlay, target: str) -> None:
        """Mount the workspace, with its masks, on the folder `target` of a box. Raises `SandboxError`."""
        wanted = {
            "lower": overlay.lower, "upper": overlay.upper, "work": overlay.work, "target": target,
            "files": overlay.masks.files, "folders": overlay.masks.folders, "nothing": overlay.nothing,
        }  # fmt: skip
        said, _ = self._ask(box, "mount", {"mount": wanted})
        if said != "ok":
            raise SandboxError(f"the workspace could not be mounted into a waiting box: {said}")

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, box: Held, kind: str, request: dict[str, Any]) -> tuple[str, list[int]]:
        text = json.dumps(request).encode()
        if len(text) > nsenter.LONGEST_REQUEST:
            return "too much at once", []
        with self._lock, ExitStack() as stack:
            return self._exchange(text, _namespaces(box, kind, stack))

    def _exchange(self, request: bytes, fds: Sequence[int]) -> tuple[str, list[int]]:
        if self._process is not None and self._process.poll() is not None:
            self._end()  # somebody killed it
        channel = self._channel or self._start()
        try:
            socket.send_fds(channel, [request], fds)
            said, made, _, _ = socket.recv_fds(channel, 1 << 13, nsenter.MOST_LISTENERS)
        except OSError as error:
            self._end()
            return str(error), []
        if not said:
            self._end()  # it died; the next box gets a new one
        return said.decode(errors="replace") or "its process died", list(made)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as stack, theirs:
            stack.enter_context(ours).settimeout(nsenter.SECONDS * 2)
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(nsenter.__file__)), str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.pop_all()
        self._channel = ours
        return ours

    def _end(self) -> None:
        if self._channel is not None and self._process is not None:
            self._channel.close()
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None


def _namespaces(box: Held, kind: str, stack: ExitStack) -> tuple[int, int]:
    """Descriptors of a namespace of the box and of the user namespace that owns it."""
    try:
        joined = os.open(f"/proc/{box.init}/ns/{_KINDS[kind]}", os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, joined)
        owner = fcntl.ioctl(joined, _NS_GET_USERNS)
        stack.callback(os.close, owner)
        shared = os.fstat(joined).st_ino == os.stat(f"/proc/self/ns/{_KINDS[kind]}").st_ino
    except OSError as error:
        raise SandboxError(f"the box's {kind} namespace cannot be seen: {error.strerror}", hint="Did the box die at once?") from error
    if box.dead():  # then the number may be another process's by now
        raise SandboxError(f"the box died before its {kind} namespace was joined")
    if shared:
        raise SandboxError(f"the box has no {kind} namespace of its own", hint="Run `guard doctor` to see what is missing.")
    return joined, owner
