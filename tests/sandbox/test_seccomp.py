"""The filter is run here by a small interpreter of classic BPF, for both architectures; the kernel runs it in every other test."""

from __future__ import annotations

import errno
import json
import os
import struct

import pytest

from guard.errors import SandboxError
from guard.sandbox.seccomp import ABSENT, DENIED, MACHINES, NAMESPACE_FLAGS, NEWEST, descriptor, profile, program

ALLOW, KILL = 0x7FFF0000, 0x80000000
CALLS = {"x86_64": {"read": 0, "socket": 41, "socketpair": 53, "clone": 56, "ioctl": 16, "personality": 135, "openat": 257},
         "aarch64": {"read": 63, "socket": 198, "socketpair": 199, "clone": 220, "ioctl": 29, "personality": 92, "openat": 56}}  # fmt: skip


def judge(machine: str, number: int, *arguments: int, audit: int | None = None, tcp: bool = False) -> int:
    """What the filter returns for one system call."""
    code = program(machine, tcp=tcp)
    steps = [struct.unpack_from("<HBBI", code, at) for at in range(0, len(code), 8)]
    data = struct.pack("<iIQ6Q", number if number < 1 << 31 else number - (1 << 32), audit or MACHINES[machine].audit, 0,
                       *(a & (1 << 64) - 1 for a in (*arguments, *[0] * (6 - len(arguments)))))  # fmt: skip
    at = accumulator = 0
    while True:
        operation, if_true, if_false, k = steps[at]
        at += 1
        match operation:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, k)[0]
            case 0x15:
                at += if_true if accumulator == k else if_false
            case 0x25:
                at += if_true if accumulator > k else if_false
            case 0x45:
                at += if_true if accumulator & k else if_false
            case 0x54:
                accumulator &= k
            case 0x06:
                return int(k)
            case _:
                raise AssertionError(f"unknown operation {operation:#x}")


def refused(error: int) -> int:
    return 0x00050000 | error


@pytest.mark.parametrize("machine", MACHINES)
def test_every_named_call_is_refused_and_ordinary_ones_are_not(machine: str) -> None:
    column = MACHINES[machine].column
    for table, error in ((DENIED, errno.EPERM), (ABSENT, errno.ENOSYS)):
        for name, numbers in table.items():
            if (number := numbers[column]) is not None:
                assert judge(machine, number) == refused(error), name
    for name in ("read", "openat"):
        assert judge(machine, CALLS[machine][name]) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_processes_may_be_made_but_no_namespaces(machine: str) -> None:
    clone = CALLS[machine]["clone"]
    assert judge(machine, clone, 17) == ALLOW
    assert judge(machine, clone, 0x3D0F00) == ALLOW, "the flags of a thread"
    for bit in range(32):
        if NAMESPACE_FLAGS >> bit & 1:
            assert judge(machine, clone, 1 << bit | 17) == refused(errno.EPERM)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_only_local_sockets_may_be_made(machine: str, call: str) -> None:
    for family in range(64):
        expected = ALLOW if family == 1 else refused(errno.EAFNOSUPPORT)
        assert judge(machine, CALLS[machine][call], family) == expected, family
    assert judge(machine, CALLS[machine][call], 1 << 32 | 2) == refused(errno.EAFNOSUPPORT), "the kernel takes the low half"


@pytest.mark.parametrize("machine", MACHINES)
def test_for_a_box_with_a_broker_tcp_may_be_made_besides_and_nothing_else(machine: str) -> None:
    call = CALLS[machine]["socket"]
    no = refused(errno.EAFNOSUPPORT)
    for family in range(64):
        for kind in range(16):
            for protocol in (0, 6, 17, 1, 58, 132, 255, 262):
                allowed = family == 1 or (family in (2, 10) and kind == 1 and protocol in (0, 6))
                assert judge(machine, call, family, kind, protocol, tcp=True) == (ALLOW if allowed else no), (family, kind, protocol)
    assert judge(machine, call, 2, 1 | 0x80800, 0, tcp=True) == ALLOW, "close-on-exec and non-blocking"
    assert judge(machine, call, 2, 2 | 0x80800, 0, tcp=True) == no
    assert judge(machine, CALLS[machine]["socketpair"], 2, 1, 0, tcp=True) == no
    for name, (first, second) in DENIED.items():
        if (number := (first, second)[MACHINES[machine].column]) is not None:
            assert judge(machine, number, tcp=True) == refused(errno.EPERM), name
    assert judge(machine, CALLS[machine]["clone"], NAMESPACE_FLAGS, tcp=True) == refused(errno.EPERM)
    assert judge(machine, CALLS[machine]["openat"], tcp=True) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_typing_into_terminals_and_other_personalities_are_refused(machine: str) -> None:
    ioctl, personality = CALLS[machine]["ioctl"], CALLS[machine]["personality"]
    assert [judge(machine, ioctl, 0, request) for request in (0x5401, 0x5412, 0x541C, 1 << 32 | 0x5412)] == [
        ALLOW, refused(errno.EPERM), refused(errno.EPERM), refused(errno.EPERM),
    ]  # fmt: skip
    assert [judge(machine, personality, p) for p in (0, 0xFFFFFFFF, 0x40000)] == [ALLOW, ALLOW, refused(errno.EPERM)]


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_kills_and_unknown_calls_do_not_exist(machine: str) -> None:
    assert judge(machine, 0, audit=0x40000003) == KILL
    assert judge(machine, NEWEST) == ALLOW
    for number in (NEWEST + 1, 9999, 0x40000000, 0x40000000 + 41, (1 << 32) - 1):
        assert judge(machine, number) == refused(errno.ENOSYS), hex(number)


def test_the_numbers_of_one_machine_name_one_call_each() -> None:
    for column in (0, 1):
        numbers = [row[column] for row in (*DENIED.values(), *ABSENT.values()) if row[column] is not None]
        assert len(numbers) == len(set(numbers))


def test_a_machine_without_a_table_gets_no_box() -> None:
    with pytest.raises(SandboxError, match="riscv64"):
        program("riscv64")


def test_a_descriptor_is_read_from_its_start() -> None:
    fd = descriptor(b"abc")
    assert os.read(fd, 10) == b"abc"
    os.close(fd)


def test_a_container_is_denied_the_same_before_the_filter_is_set_but_for_the_namespaces_of_the_box() -> None:
    rules = json.loads(profile())["syscalls"]
    assert {rule["action"] for rule in rules} == {"SCMP_ACT_ERRNO"}
    assert set(rules[0]["names"]) == set(DENIED) - {"unshare"}
    assert rules[1] == {"names": ["unshare"], "args": [{"index": 0, "value": 0x50020000, "op": "SCMP_CMP_NE"}], "action": "SCMP_ACT_ERRNO"}
    assert sum(rule["args"][0]["value"] for rule in rules[2:]) == NAMESPACE_FLAGS
