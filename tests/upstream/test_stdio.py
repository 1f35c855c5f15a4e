"""A server that guard starts: its stderr, its environment, its end."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from guard.upstream.link import Link
from guard.upstream.stdio import _message
from guard.upstream.target import Target


def target(script: str) -> Target:
    return Target(name="shell", command=("/bin/sh", "-c", script))


async def run(script: str) -> None:
    link = Link(target(script))
    await link.open()
    await asyncio.wait_for(link.ended.wait(), 10)
    await link.close()


async def test_what_a_server_says_on_stderr_is_logged_under_its_name_and_cut() -> None:
    before = structlog.get_config()
    structlog.reset_defaults()  # another test may have left a level that drops this
    with capture_logs() as logs:
        await run("echo 'first \033[31m' >&2; head -c 20000 /dev/zero | tr '\\0' x >&2; echo >&2; printf 'no newline' >&2")
    structlog.configure(**before)
    lines = [entry for entry in logs if entry["event"] == "stderr"]
    assert {entry["server"] for entry in lines} == {"shell"}
    assert [len(entry["line"]) for entry in lines] == [len("first \033[31m"), 4096, len("no newline")]


async def test_a_server_gets_guards_environment_but_not_guards_own_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "k")
    monkeypatch.setenv("GUARD_CONFIG", "/etc/guard.toml")
    await run(f'echo "$API_KEY $GUARD_CONFIG." > {tmp_path}/seen')
    assert (tmp_path / "seen").read_text() == "k .\n"


async def test_a_server_that_ends_by_itself_is_not_waited_for() -> None:
    began = time.monotonic()
    link = Link(target("cat > /dev/null"))
    await link.open()
    await link.close()
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        (b'{"jsonrpc": "2.0", "id": 5, "result": {"a": ', 5),
        (b'{"id": "6", "error": {"code": "E"', 6),
        (b'{"jsonrpc":"2.0","id":7,"result":' + b"[" * 5000, 7),
        (b'{"jsonrpc":"2.0","id":8.0,"result":{}}', 8),
        (b'{"jsonrpc":"2.0","id":"a","result":null}', "a"),
        (b'{"jsonrpc": "2.0", "result": {"id": 9, "result": ', None),
        (b'{"id": 10, "level": "info", "message": "started"}', None),
        (b'{"jsonrpc":"2.0","id":11,"method":"x","params":7}', None),
        (b'{"jsonrpc":"2.0","id":true,"result":null}', None),
        (b"11", None),
    ],
)
def test_a_broken_answer_ends_the_request_that_it_means_and_no_other_one(line: bytes, answered: int | str | None) -> None:
    found = _message(line, "shell")
    assert (found and found.id) == answered
    assert found is None or "not a JSON-RPC response" in found.error.message
