"""A real terminal: tmux, driven by what stands on its screen. Nothing sleeps for a guessed time; every wait is for a text, and bounded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cli.build import REPOSITORY

MISSING = shutil.which("tmux") is None
PATIENCE = 30.0
LOOK = 0.03
"""Seconds between looks at the screen; keys that are sent in separate looks are no burst."""


class Terminal:
    """One window of tmux."""

    def __init__(self, tmux: Tmux, name: str) -> None:
        self._tmux, self.name = tmux, name

    def screen(self) -> str:
        return self._tmux.run("capture-pane", "-p", "-t", self.name)

    def flat(self) -> str:
        """The screen with runs of blanks as one."""
        return " ".join(self.screen().split())

    def until(self, *texts: str, nudge: Callable[[], object] | None = None, every: float = 0.7, gone: bool = False) -> str:
        """Wait until all of the texts are there (`gone`: none of them); `nudge` is done now and then meanwhile."""
        end, next_nudge = time.monotonic() + PATIENCE, time.monotonic() + every
        while True:
            flat = self.flat()
            if all((text in flat) is not gone for text in texts):
                return flat
            now = time.monotonic()
            if now > end:
                raise AssertionError(f"waited for {texts}{' to go' if gone else ''}:\n{self.screen()}")
            if nudge and now > next_nudge:
                nudge()
                next_nudge = now + every
            time.sleep(LOOK)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names, each as a person would press it: alone."""
        for key in keys:
            self._tmux.run("send-keys", "-t", self.name, key)
            time.sleep(LOOK)

    def type(self, text: str) -> None:
        """Letters, one by one."""
        for letter in text:
            self._tmux.run("send-keys", "-t", self.name, "-l", letter)
            time.sleep(LOOK)

    def paste(self, text: str, *, bracketed: bool) -> None:
        """A paste, with or without the brackets that the program asked for."""
        self._tmux.run("set-buffer", "-b", "pasted", text)
        self._tmux.run("paste-buffer", "-b", "pasted", "-t", self.name, *(["-p"] if bracketed else []))

    def resize(self, width: int, height: int) -> None:
        self._tmux.run("resize-window", "-t", self.name, "-x", str(width), "-y", str(height))

    def title(self) -> str:
        return self._tmux.run("display-message", "-p", "-t", self.name, "#{pane_title}").strip()

    def pid(self) -> int:
        return int(self._tmux.run("display-message", "-p", "-t", self.name, "#{pane_pid}"))

    def kill(self) -> None:
        """The terminal goes away, as when its window is closed."""
        self._tmux.run("kill-window", "-t", self.name)


class Tmux:
    """A server of its own; `start` opens a window with a guard command in it."""

    def __init__(self, socket: Path, environment: Mapping[str, str]) -> None:
        self._socket, self._environment = socket, dict(environment)
        self._count = 0

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments],
            env=self._environment, capture_output=True, text=True, check=True, timeout=PATIENCE,
        )  # fmt: skip
        return done.stdout

    def start(self, *command: str, size: tuple[int, int] = (80, 24), **environment: str) -> Terminal:
        self._environment |= environment  # the server's, which the first window starts
        self._count += 1
        name = f"w{self._count}"
        size_ = ["-x", str(size[0]), "-y", str(size[1])]
        self.run("new-session", "-d", "-s", name, *size_, sys.executable, "-m", "guard", *command)
        self.run("set-option", "-t", name, "remain-on-exit", "on")
        return Terminal(self, name)


@contextmanager
def tmux(root: Path) -> Iterator[Tmux]:
    """A tmux server for a guard whose guard.toml lies in `root`/etc."""
    kept = {name: os.environ[name] for name in ("HOME", "USER", "PATH", "TMPDIR") if name in os.environ}
    environment = {
        **kept,
        "GUARD_CONFIG": str(root / "etc" / "guard.toml"),
        "PYTHONPATH": str(REPOSITORY),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    with tempfile.TemporaryDirectory(prefix="tmux") as folder:  # a socket's path must be short
        server = Tmux(Path(folder) / "s", environment)
        try:
            yield server
        finally:
            subprocess.run(["tmux", "-S", str(server._socket), "kill-server"], capture_output=True, check=False)
