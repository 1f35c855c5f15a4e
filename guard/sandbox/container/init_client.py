"""Guard's half of the conversation with a container's first process (init.py), over one Unix socket in the folder that the box sees.

The kernel says which process is at the other end; the socket's name is gone before the program starts, so nobody else ever is.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from guard.errors import SandboxError
from guard.sandbox.container import init
from guard.sandbox.life import START_SECONDS, Life

_LOOK_SECONDS = 0.5
_OVERLOADED = "The machine may be overloaded; try again."


class InitClient:
    """The socket of one box, from before its start to its death. `stack` closes what it opens."""

    python = ""
    """The version of the box's Python, once it was met."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._channel: socket.socket | None = None
        self._listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC))
        self._path = folder / "socket"
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:  # the path of a socket is short, that of a folder may be long
            self._listener.bind(f"/proc/self/fd/{opened}/socket")
        finally:
            os.close(opened)
        self._listener.listen(1)
        self._listener.setblocking(False)

    def meet(self, ended: Callable[[], int | None]) -> int:
        """Wait for the first process; the host's pid of it. `ended`: the exit code of the container, None while it runs.

        Raises `SandboxError` if it does not come.
        """
        deadline = time.monotonic() + START_SECONDS
        while not select.select([self._listener], [], [], _LOOK_SECONDS)[0]:
            if (code := ended()) is not None:
                why = f"the first process of the box ended at once (exit code {code})"
                raise SandboxError(why, hint="Does the image have python3, version 3.9 or newer? `guard image build` makes one.")
            if time.monotonic() > deadline:
                raise SandboxError(f"the box was not ready within {START_SECONDS:.0f} s", hint=_OVERLOADED)
        self._channel, _ = self._listener.accept()
        self._stack.enter_context(self._channel)
        self._path.unlink()
        self._listener.close()
        with suppress(ValueError, KeyError, TypeError, OSError):
            self.python = str(json.loads(self._channel.recv(4096))["python"])
        pid, _, _ = struct.unpack("3i", self._channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return int(pid)

    def order(self, order: dict[str, Any], life: Life, *, stdin: int = -1) -> None:
        """Start the program; its output comes to `life`. `SandboxError` if the first process is gone."""
        assert self._channel is not None
        text = json.dumps(order).encode()
        if len(text) > init.MOST:
            raise SandboxError("the order to the box is too long", hint="Was so much granted? Split the program.")
        theirs = []
        for _ in range(2):
            mine, other = os.pipe2(os.O_CLOEXEC)
            self._stack.callback(os.close, mine)
            os.set_blocking(mine, False)
            life.output[mine] = bytearray()
            theirs.append(other)
        try:
            socket.send_fds(self._channel, [text], [*theirs, stdin] if stdin >= 0 else theirs)
        except OSError as error:
            raise SandboxError(f"the box went away before the program started: {error.strerror}", hint=_OVERLOADED) from error
        finally:
            for fd in theirs:
                os.close(fd)

    def exit_code(self) -> int | None:
        """What the first process of a dead box said of the program; None if it was killed before it could."""
        assert self._channel is not None
        self._channel.setblocking(False)
        with suppress(OSError, ValueError, KeyError, TypeError):
            return int(json.loads(self._channel.recv(4096))["exit-code"])
        return None
