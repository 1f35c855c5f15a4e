import json
import subprocess
import sys
from typing import Any

from tests.cli.build import COMPUTES, WRITES, Home


def answers(home: Home, *lines: bytes) -> list[dict[str, Any]]:
    process = subprocess.run(
        [sys.executable, "-m", "guard", "check", "--jsonl"],
        input=b"".join(line + b"\n" for line in lines), env=home.environment, cwd=home.workspace, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert process.stderr == b""
    return [json.loads(line) for line in process.stdout.splitlines()]


def program(number: object, code: str) -> bytes:
    return json.dumps({"id": number, "language": "python", "code": code}).encode()


def test_every_line_is_answered_in_order(bare: Home) -> None:
    found = answers(bare, *(program(i, WRITES if i % 2 else COMPUTES) for i in range(60)))
    assert [one["id"] for one in found] == list(range(60))
    assert [one["decision"] for one in found] == ["allow", "review"] * 30
    assert found[1]["effects"] == ["write"]
    assert found[0]["effects"] == []
    assert found[1]["resources"][0]["name"] == f"{bare.workspace}/out.txt"
    assert all(one["ms"] > 0 for one in found)


def test_a_line_that_cannot_be_taken_is_denied_and_the_rest_is_answered(bare: Home) -> None:
    lone = rb'{"id": 3, "language": "python", "code": "\ud800"}'
    found = answers(bare, b"{", b'{"id": 1}', b"[" * 100_000, lone, b"\xff", program("last", COMPUTES))
    assert [one["decision"] for one in found] == ["deny"] * 5 + ["allow"]
    assert all(one["error"] for one in found[:5])
    assert found[5]["id"] == "last"


def test_a_program_that_no_worker_gets_done_with_needs_a_person(bare: Home) -> None:
    (found,) = answers(bare, program("long", "x = '" + "a" * (1 << 20) + "'"))
    assert (found["decision"], found["effects"], found["resources"][0]["kind"]) == ("review", ["dynamic"], "opaque")


def test_when_nobody_reads_on_it_ends_without_a_word(bare: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "guard", "check", "--jsonl"],
        env=bare.environment, cwd=bare.workspace, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdin.write(program(1, COMPUTES) + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdout.close()
        process.stdin.write(program(2, COMPUTES) + b"\n")
        process.stdin.close()
        assert (process.wait(60), process.stderr.read()) == (141, b"")


def test_broken_policies_are_said_in_one_line_and_nothing_is_answered(home: Home) -> None:
    (home.policies / "team.cedar").write_text("permit (principal, action, resource)")
    process = subprocess.run(
        [sys.executable, "-m", "guard", "check", "--jsonl"],
        input=program(1, COMPUTES) + b"\n", env=home.environment, cwd=home.workspace, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert process.stdout == b""
    assert process.stderr.startswith(b"guard: team.cedar:1: this policy is not finished")
    assert process.stderr.count(b"\n") == 2  # it, and its hint
