"""Which system calls a program in the box may make, as a compiled classic BPF program for `bwrap --seccomp`.

Assembled here, so that neither libseccomp nor a compiler is needed. Numbers are from Linux' own tables (x86: `unistd_64.h`; aarch64:
`asm-generic/unistd.h`). What is not named is allowed up to the newest call this table knows; newer calls do not exist (ENOSYS).
"""

from __future__ import annotations

import errno
import json
import os
import platform
import struct
from dataclasses import dataclass

from guard.errors import SandboxError

DENIED: dict[str, tuple[int | None, int | None]] = {
    # reach into other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    # calls that bypass this filter, or run programs in the kernel
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    # keyrings belong to the user outside
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458), "unshare": (272, 97), "setns": (308, 268),
    # the machine
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None),
    "query_module": (178, None), "get_kernel_syms": (177, None), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116), "vhangup": (153, 58),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    # files by handle, and relics
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "uselib": (134, None), "ustat": (136, None), "sysfs": (139, None),
    "_sysctl": (156, None), "move_pages": (279, 239), "migrate_pages": (256, 238), "remap_file_pages": (216, 234),
    # memory that no limit of ours counts
    "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197), "msgget": (68, 186),
    "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "mq_open": (240, 180),
}  # fmt: skip
"""Refused with EPERM: name -> (number on x86_64, on aarch64)."""

ABSENT: dict[str, tuple[int | None, int | None]] = {"clone3": (435, 435), "memfd_create": (319, 279)}
"""Refused with ENOSYS, which makes programs take the older way. (A filter cannot see the flags of clone3; nothing counts a memfd.)"""

NEWEST = 462
"""`mseal`: the newest call whose meaning was looked at."""

_CLONE, _SOCKET, _SOCKETPAIR, _IOCTL, _PERSONALITY = (56, 220), (41, 198), (53, 199), (16, 29), (135, 92)

NAMESPACES = 0x10000000 | 0x40000000 | 0x20000
"""CLONE_NEWUSER, NEWNET, NEWNS: what the first process of a container may make, all at once."""
NAMESPACE_FLAGS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. (NEWTIME exists in clone3 and unshare alone.)"""

TIOCSTI, TIOCLINUX = 0x5412, 0x541C
_X32_BIT = 0x40000000
_LOAD, _JEQ, _JGT, _JSET, _RET, _AND = 0x20, 0x15, 0x25, 0x45, 0x06, 0x54
_NR, _ARCH, _ARG0, _ARG1, _ARG2 = 0, 4, 16, 24, 32
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture: its audit number and its column in the tables."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


def _op(code: int, k: int, jt: int = 0, jf: int = 0) -> bytes:
    return struct.pack("<HBBI", code, jt, jf, k)


def _refuse(error: int) -> bytes:
    return _op(_RET, _ERRNO | error)


def _argument(number: int, offset: int, checks: list[bytes]) -> list[bytes]:
    """When the call is `number`: load the low half of an argument, run the checks (which return), then allow."""
    body = [_op(_LOAD, offset), *checks, _op(_RET, _ALLOW)]
    return [_op(_JEQ, number, 0, len(body)), *body]


INTERNET = (2, 10)
"""AF_INET, AF_INET6."""
_SOCK_TYPE, _SOCK_STREAM, _TCP = 0xF, 1, 6


def program(machine: str | None = None, *, families: tuple[int, ...] = (1,), tcp: bool = False) -> bytes:
    """The filter for one architecture (this one, if not named). `families` are the socket families allowed: AF_UNIX alone. With `tcp`
    also TCP (no datagrams, no raw sockets, no other protocol), for a box with listeners of the egress broker.

    Raises `SandboxError` for an architecture without a table: no filter, no box.
    """
    name = machine or platform.machine()
    if name not in MACHINES:
        raise SandboxError(
            f"no system-call filter for the architecture {name!r}",
            hint=f"guard's bubblewrap sandbox runs on {' and '.join(sorted(MACHINES))}.",
        )
    arch = MACHINES[name]
    out = [_op(_LOAD, _ARCH), _op(_JEQ, arch.audit, 1, 0), _op(_RET, _KILL), _op(_LOAD, _NR)]
    # x32 calls are numbers above any real one: refused by the same comparison.
    out += [_op(_JGT, NEWEST, 0, 1), _refuse(errno.ENOSYS)]
    for table, error in ((ABSENT, errno.ENOSYS), (DENIED, errno.EPERM)):
        for numbers in table.values():
            number = numbers[arch.column]
            if number is not None:
                out += [_op(_JEQ, number, 0, 1), _refuse(error)]
    out += _argument(_CLONE[arch.column], _ARG0, [_op(_JSET, NAMESPACE_FLAGS, 0, 1), _refuse(errno.EPERM)])
    allowed = [step for family in families for step in (_op(_JEQ, family, 0, 1), _op(_RET, _ALLOW))]
    if tcp:
        # Of other protocols than 0 and TCP, and of other types than streams, there are none.
        body = [_op(_LOAD, _ARG1), _op(_AND, _SOCK_TYPE), _op(_JEQ, _SOCK_STREAM, 0, 4)]
        body += [_op(_LOAD, _ARG2), _op(_JEQ, 0, 1, 0), _op(_JEQ, _TCP, 0, 1), _op(_RET, _ALLOW), _refuse(errno.EAFNOSUPPORT)]
        internet = [_op(_JEQ, INTERNET[0], 1, 0), _op(_JEQ, INTERNET[1], 0, len(body)), *body]
        out += [_op(_JEQ, _SOCKET[arch.column], 0, len(internet) + 2), _op(_LOAD, _ARG0), *internet, _op(_LOAD, _NR)]
    for call in (_SOCKET, _SOCKETPAIR):
        out += _argument(call[arch.column], _ARG0, [*allowed, _refuse(errno.EAFNOSUPPORT)])
    terminal = [_op(_JEQ, TIOCSTI, 1, 0), _op(_JEQ, TIOCLINUX, 0, 1), _refuse(errno.EPERM)]
    out += _argument(_IOCTL[arch.column], _ARG1, terminal)
    query = [_op(_JEQ, 0xFFFFFFFF, 2, 0), _op(_JEQ, 0, 1, 0), _refuse(errno.EPERM)]
    out += _argument(_PERSONALITY[arch.column], _ARG0, query)
    return b"".join([*out, _op(_RET, _ALLOW)])


def profile() -> str:
    """The same denials as a profile for a container engine (JSON), but for the namespaces that the first process of a box makes itself: for
    whatever runs in a container before that process has set the filter, or beside it."""
    names = [name for name in DENIED if name != "unshare"]
    apart = {"index": 0, "value": NAMESPACES, "op": "SCMP_CMP_NE"}
    flags = [1 << bit for bit in range(32) if NAMESPACE_FLAGS & 1 << bit]
    rules: list[dict[str, object]] = [{"names": names}, {"names": ["unshare"], "args": [apart]}]
    rules += [{"names": ["clone"], "args": [{"index": 0, "value": f, "valueTwo": f, "op": "SCMP_CMP_MASKED_EQ"}]} for f in flags]
    return json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{**rule, "action": "SCMP_ACT_ERRNO"} for rule in rules]})


def descriptor(data: bytes) -> int:
    """An inheritable descriptor at the start of `data` (a memory file); whoever spawns closes it."""
    fd = os.memfd_create("guard", 0)
    with open(fd, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
