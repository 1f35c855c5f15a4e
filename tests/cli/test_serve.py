"""`guard serve` as users start it. What is said over it is tested in tests/front."""

import json
import subprocess

import pytest

from tests.cli.build import FETCHES, Home
from tests.cli.test_cases import at_a_terminal

PING = '{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n'


def test_served_over_stdio_stdout_is_the_protocol_alone_and_the_end_of_stdin_is_the_end(home: Home) -> None:
    process = home.start("serve", stdin=subprocess.PIPE)
    try:
        assert process.stdin
        assert process.stdout
        process.stdin.write(PING)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 7
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out) == (0, ""), err


@pytest.mark.parametrize("address", ["0.0.0.0:8722", "example.com:80", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"])
def test_http_is_served_to_this_machine_alone(address: str, home: Home) -> None:
    said = home.guard("serve", "--http", address)
    assert said.code in (65, 78)
    assert "hint: " in said.err


def test_nothing_is_served_without_a_configuration(bare: Home) -> None:
    assert bare.guard("serve").code == 78


def test_the_console_opens_on_a_terminal_and_leaves_when_asked(home: Home) -> None:
    home.submitted(FETCHES)
    code, seen = at_a_terminal(home, "console", typing=[("0001", "q")])
    assert code == 0, seen
    assert "example.com" in seen


def test_the_console_draws_nothing_where_there_is_no_terminal(home: Home) -> None:
    said = home.guard("console")
    assert (said.code, said.out) == (78, "")
    assert "guard queue" in said.err
