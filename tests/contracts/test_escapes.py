"""Hostile programs, each of which tries one way out of the box. Each runs twice: in the box, where it must fail, and outside, as the
same user, where it must succeed; a way that is closed outside as well proves nothing and says so by name.

Adding a way is adding a row. A program prints "ESCAPED" if it got through; `PLAN` tells it where the planted things are.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from guard.model import Ending, Execution
from guard.ports import Sandbox
from tests.sandbox.boxes import QUICK, closing, job
from tests.sandbox.engines import box_of, needs_engine

PRELUDE = """
import ctypes, errno, fcntl, json, mmap, os, signal, socket, struct, sys
PLAN = json.loads({plan!r})
SECRET = PLAN['secret']
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    number = PLAN['calls'][name]
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)
    return result
def read(path):
    with open(path) as file:
        return file.read()
def attempt():
{body}
try:
    got = attempt()
except BaseException as error:
    print('held:', type(error).__name__, error)
else:
    print('ESCAPED' if got else 'held: nothing came of it')
"""


@dataclass(frozen=True)
class Way:
    """`code` is the body of a function that returns whether it got through. `control`: why it cannot succeed outside, if it cannot."""

    code: str
    control: str = ""


NEEDS_ROOT = "only root may do this outside"
X86 = platform.machine() == "x86_64"

FILES = {
    "the path": Way("return SECRET in read(PLAN['file'])"),
    "the root of the own process": Way("return SECRET in read('/proc/self/root' + PLAN['file'])"),
    "the root of every process": Way(
        "for pid in filter(str.isdigit, os.listdir('/proc')):\n"
        "    try:\n"
        "        if SECRET in read(f'/proc/{pid}/root{PLAN[\"file\"]}'): return True\n"
        "    except OSError: pass"
    ),
    "the folder of every process": Way(
        "for pid in filter(str.isdigit, os.listdir('/proc')):\n"
        "    try:\n"
        "        if SECRET in read(f'/proc/{pid}/cwd/secret'): return True\n"
        "    except OSError: pass"
    ),
    "inherited descriptors": Way(
        "for fd in os.listdir('/proc/self/fd'):\n"
        "    if int(fd) > 2 and os.path.isdir(f'/proc/self/fd/{fd}'):\n"
        "        if os.path.exists(f'/proc/self/fd/{fd}/../..' + PLAN['file']): return True",
        control="a program outside inherits no folder either",
    ),
    "upwards from the workspace": Way("return SECRET in read('../' * 20 + PLAN['file'].lstrip('/'))"),
    "a link made in the workspace": Way("os.symlink(PLAN['file'], 'way'); return SECRET in read('way')"),
    "a link that was there": Way("return SECRET in read('link-to-secret')"),
    "a hard link into the workspace": Way("os.link(PLAN['file'], 'hard'); return SECRET in read('hard')"),
    "writing to a path": Way("open(PLAN['target'], 'w').write('x'); return read(PLAN['target']) and not PLAN['boxed']"),
    "writing through a link that was there": Way("open('link-to-folder/by-link', 'w').write('x'); return True"),
    "writing into the system": Way("open('/usr/lib/guard-escape', 'w').write('x'); return True", control=NEEDS_ROOT),
    "writing to the root": Way("os.mkdir('/guard-escape'); os.rmdir('/guard-escape'); return True", control=NEEDS_ROOT),
    "replacing devices": Way("os.symlink('/tmp', '/dev/guard-escape'); os.unlink('/dev/guard-escape'); return True", control=NEEDS_ROOT),
    "the mount above a masked file": Way("libc.umount2(b'.env', 2); return 'masked' in read('.env')"),
    "a masked file by replacing its folder": Way("os.rename('hidden', 'shown'); return 'masked' in read('shown/.env')"),
    "truncating and reading a masked file": Way("os.truncate('.env', 3); return len(read('.env')) == 3"),
    "files by handle": Way(
        "buffer = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128)); mount = ctypes.c_int()\n"
        "return call('name_to_handle_at', -100, b'a.txt', buffer, ctypes.byref(mount), 0) == 0"
    ),
    "a device file": Way("os.mknod('disk', 0o60666, os.makedev(8, 0)); return True", control=NEEDS_ROOT),
    "settings of the kernel": Way("open('/proc/sys/kernel/core_pattern', 'r+').close(); return True", control=NEEDS_ROOT),
    "any writable file of the kernel": Way(
        "for folder, names, files in os.walk('/proc'):\n"
        "    names[:] = [n for n in names if not n.isdigit() and n not in ('self', 'thread-self', 'net')]\n"
        "    for name in files:\n"
        "        try:\n"
        "            fd = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_NONBLOCK)\n"
        "            if os.fstat(fd).st_rdev == os.makedev(1, 3): continue  # /dev/null stands over it\n"
        "        except OSError: continue\n"
        "        return os.path.join(folder, name)",
        control=NEEDS_ROOT,
    ),
    "the mode of a file of the kernel": Way(
        "os.chmod('/proc/version', os.stat('/proc/version').st_mode & 0o777); return True", control=NEEDS_ROOT
    ),
    "the kernel's memory": Way("return os.pread(os.open('/proc/kcore', os.O_RDONLY), 4, 0)", control=NEEDS_ROOT),
    "the cgroup's files": Way("return any(os.path.isdir(p) and os.listdir(p) for p in ('/sys/fs/cgroup', '/sys/kernel'))"),
}

NETWORK = {
    "tcp": Way("return socket.create_connection(('127.0.0.1', PLAN['port']), 3)"),
    "tcp over IPv6": Way("return socket.create_connection(('::1', PLAN['port6']), 3)", control="" if socket.has_ipv6 else "no IPv6"),
    "udp": Way("s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); return s.sendto(b'x', ('127.0.0.1', PLAN['udp']))"),
    "udp over IPv6": Way("s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); return s.sendto(b'x', ('::1', PLAN['udp']))"),
    "abstract sockets": Way("s = socket.socket(socket.AF_UNIX); s.connect('\\0' + PLAN['abstract']); return True"),
    "abstract datagrams": Way(
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendto(b'x', '\\0' + PLAN['abstract_datagram']); return True"
    ),
    "a socket by its path": Way("s = socket.socket(socket.AF_UNIX); s.connect(PLAN['socket']); return True"),
    "a socket by the root of a process": Way(
        "folder, _, name = PLAN['socket'].rpartition('/'); os.chdir('/proc/self/root' + folder)\n"  # a socket's path may have 107 bytes
        "s = socket.socket(socket.AF_UNIX); s.connect(name); return True"
    ),
    "netlink": Way("return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
    "packets": Way("return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)", control=NEEDS_ROOT),
    "raw sockets": Way("return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", control=NEEDS_ROOT),
    "virtual machine sockets": Way("return socket.socket(40, socket.SOCK_STREAM)", control="not every kernel has them"),
    "the resolver": Way("return socket.getaddrinfo('example.com', 80)", control="the machine may have no resolver"),
    "a program of its own": Way("import subprocess; return subprocess.run(['bash', '-c', f'exec 3<>/dev/tcp/127.0.0.1/{PLAN[\"port\"]}']).returncode == 0"),
    "a socket by a call of 32 bits": Way(
        "code = bytes.fromhex('53' 'b867010000' 'bb02000000' 'b901000000' '31d2' 'cd80' '5b' 'c3')\n"
        "area = mmap.mmap(-1, 4096, prot=7); area.write(code)\n"
        "run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))\n"
        "return run() >= 0",
        control="" if X86 else "x86 only",
    ),
}  # fmt: skip

PROCESSES = {
    "killing": Way("os.kill(PLAN['victim'], 0); return True"),
    "seeing": Way("return any(PLAN['marker'] in read(f'/proc/{p}/cmdline') for p in filter(str.isdigit, os.listdir('/proc')) if os.path.exists(f'/proc/{p}/cmdline'))"),
    "a descriptor of a process": Way("return os.pidfd_open(PLAN['victim']) >= 0"),
    "tracing oneself": Way("return libc.ptrace(0, 0, 0, 0) == 0"),
    "tracing a child": Way(
        "child = os.fork()\nif child == 0:\n    signal.pause()\n"
        "try: return libc.ptrace(0x4206, child, 0, 0) == 0\nfinally: os.kill(child, 9); os.waitpid(child, 0)"
    ),
    "reading a child's memory": Way(
        "word = ctypes.create_string_buffer(b'here'); child = os.fork()\nif child == 0:\n    signal.pause()\n"
        "class Vector(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]\n"
        "out = ctypes.create_string_buffer(4); here, there = Vector(ctypes.addressof(out), 4), Vector(ctypes.addressof(word), 4)\n"
        "try: return call('process_vm_readv', child, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) == 4\nfinally: os.kill(child, 9); os.waitpid(child, 0)"
    ),
    "taking a child's descriptors": Way(
        "child = os.fork()\nif child == 0:\n    signal.pause()\n"
        "try: return call('pidfd_getfd', os.pidfd_open(child), 1, 0) >= 0\nfinally: os.kill(child, 9); os.waitpid(child, 0)"
    ),
    "a first process that is less bound": Way(
        "status = dict(l.split(':', 1) for l in read('/proc/1/status').splitlines())\n"
        "return status['Seccomp'].strip() != '2' or status['NoNewPrivs'].strip() != '1' or int(status['CapBnd'], 16) != 0"
    ),
    "the engine's socket": Way(
        "return any(os.path.exists(p) for p in ('/run/guard/socket', '/run/docker.sock', '/var/run/docker.sock', '/run/podman', '/run/user'))",
        control="not every machine has an engine",
    ),
    "comparing processes": Way("return call('kcmp', os.getpid(), os.getpid(), 0, 0, 0) >= 0"),
    "other priorities": Way("os.setpriority(os.PRIO_PROCESS, 0, -5); return True", control=NEEDS_ROOT),
    "raising its own limits": Way(
        "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (500, 500)); return True", control="limits may be lower outside"
    ),
    "the terminal of whoever started it": Way("fcntl.ioctl(os.open('/dev/tty', os.O_RDWR), 0x5412, b'x'); return True", control="tests have no terminal"),
}  # fmt: skip

KERNEL = {
    "a user namespace": Way("return call('unshare', 0x10000000) == 0"),
    "a user namespace by clone": Way(
        "pid = call('clone', 0x10000000 | 17, 0, 0, 0, 0)\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0); return True"
    ),
    "a user namespace by clone3": Way(
        "args = ctypes.create_string_buffer(struct.pack('8Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0))\n"
        "pid = call('clone3', args, 64)\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0); return True"
    ),
    "a mount namespace of its own": Way("return call('unshare', 0x10020000) == 0"),
    "joining a namespace": Way("return call('setns', os.open('/proc/self/ns/uts', 0), 0) == 0", control=NEEDS_ROOT),
    "a mount": Way("return call('mount', b'none', b'/tmp', b'tmpfs', 0, 0) == 0 and call('umount2', b'/tmp', 0) == 0", control=NEEDS_ROOT),
    "a new mount interface": Way("return call('fsopen', b'tmpfs', 0) >= 0", control=NEEDS_ROOT),
    "another root": Way("return call('chroot', b'/') == 0", control=NEEDS_ROOT),
    "io_uring": Way("params = ctypes.create_string_buffer(120); return call('io_uring_setup', 8, params) >= 0", control="may be switched off"),
    "bpf": Way("attr = ctypes.create_string_buffer(struct.pack('4I', 2, 4, 4, 1) + bytes(112)); return call('bpf', 0, attr, 128) >= 0", control=NEEDS_ROOT),
    "userfaultfd": Way("return call('userfaultfd', 1) >= 0"),
    "performance counters": Way(
        "attr = ctypes.create_string_buffer(struct.pack('IIQ', 1, 128, 9) + bytes(112))\n"
        "return call('perf_event_open', attr, 0, -1, -1, 0) >= 0", control="may be switched off"
    ),
    "keyrings": Way("return call('keyctl', 0, -3, 1) != 0"),
    "adding a key": Way("return call('add_key', b'user', b'guard', b'x', 1, -2) > 0"),
    "memory that no limit counts": Way("return call('memfd_create', b'x', 0) >= 0"),
    "shared memory that outlives it": Way("return call('shmget', 0, 4096, 0o1600) >= 0"),
    "message queues": Way("return call('msgget', 0, 0o1600) >= 0"),
    "semaphores that outlive it": Way("return call('semget', 0, 1, 0o1600) >= 0"),
    "another personality": Way("return call('personality', 0x0040000) >= 0"),
    "calls of x32": Way("return libc.syscall(0x40000000 + 39) > 0", control="most kernels are built without it"),
    "calls of 32 bits": Way(
        "area = mmap.mmap(-1, 4096, prot=7); area.write(bytes.fromhex('b814000000' 'cd80' 'c3'))\n"
        "run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))\n"
        "return run() > 0",
        control="" if X86 else "x86 only",
    ),
    "calls that no table knows": Way("ctypes.set_errno(0); libc.syscall(9999); return ctypes.get_errno() != errno.ENOSYS", control="there are none"),
    "capabilities": Way("return any(int(l.split()[1], 16) for l in read('/proc/self/status').splitlines() if l.startswith(('CapEff', 'CapPrm', 'CapBnd', 'CapAmb')))"),
    "new privileges": Way("return 'NoNewPrivs:\\t0' in read('/proc/self/status')"),
    "the host's name": Way("socket.sethostname('x'); return True", control=NEEDS_ROOT),
    "the clock": Way("import time; time.clock_settime(time.CLOCK_REALTIME, time.time()); return True", control=NEEDS_ROOT),
    "the kernel's messages": Way("return call('syslog', 10, 0, 0) >= 0", control="may be switched off"),
    "core dumps": Way("import resource; return resource.getrlimit(resource.RLIMIT_CORE)[1] != 0", control="may be switched off"),
}  # fmt: skip

SECRETS = {
    "the environment of every process": Way(
        "for pid in filter(str.isdigit, os.listdir('/proc')):\n"
        "    try:\n"
        "        if SECRET in read(f'/proc/{pid}/environ'): return True\n"
        "    except OSError: pass"
    ),
    "the open files of every process": Way(
        "for pid in filter(str.isdigit, os.listdir('/proc')):\n"
        "    try:\n"
        "        for fd in os.listdir(f'/proc/{pid}/fd'):\n"
        "            path = f'/proc/{pid}/fd/{fd}'\n"
        "            if os.path.isfile(path) and os.path.getsize(path) < 1000 and SECRET in read(path): return True\n"
        "    except (OSError, UnicodeDecodeError): pass"
    ),
    "the memory of a process": Way("return os.open(f'/proc/{PLAN[\"victim\"]}/mem', os.O_RDONLY) >= 0", control="ptrace may be restricted"),
    "its own environment": Way("return SECRET in os.environ.values()", control="it is started without one outside"),
    "a temporary file whose name is known": Way("return SECRET in read(PLAN['temporary'][0])"),
    "a lasting temporary file whose name is known": Way("return SECRET in read(PLAN['temporary'][1])"),
    "a file in shared memory whose name is known": Way("return SECRET in read(PLAN['temporary'][2])"),
}

LEFT_BEHIND = {
    "the standard library, for the next run": Way("return os.open(os.__file__, os.O_RDWR) >= 0", control=NEEDS_ROOT),
    "the interpreter, for the next run": Way("return os.open(os.path.realpath(sys.executable), os.O_WRONLY | os.O_APPEND) >= 0", control="it is being run"),
    "the program that runs it": Way("return os.open('/proc/1/exe', os.O_WRONLY | os.O_APPEND) >= 0", control="it is being run"),
    "a job of the system": Way("open('/etc/cron.d/guard-escape', 'w'); os.unlink('/etc/cron.d/guard-escape'); return True", control=NEEDS_ROOT),
    "the start file of a shell": Way("open(os.path.join(os.path.dirname(PLAN['file']), '.profile'), 'w'); return not PLAN['boxed']"),
    "a hook of another repository": Way("os.makedirs(os.path.dirname(PLAN['file']) + '/hooks'); return not PLAN['boxed']"),
    "a temporary file for whoever comes next": Way("open(PLAN['temporary'][0] + '-left', 'w'); return not PLAN['boxed']"),
}  # fmt: skip

FAMILIES = {"files": FILES, "network": NETWORK, "processes": PROCESSES, "kernel": KERNEL, "secrets": SECRETS, "left behind": LEFT_BEHIND}

WAYS = {f"{family}: {name}": way for family, ways in FAMILIES.items() for name, way in ways.items()}

CALLS: dict[str, tuple[int, int]] = {
    "name_to_handle_at": (303, 264), "process_vm_readv": (310, 270), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "unshare": (272, 97), "clone": (56, 220), "clone3": (435, 435), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "fsopen": (430, 430), "chroot": (161, 51), "io_uring_setup": (425, 425), "bpf": (321, 280), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217), "memfd_create": (319, 279), "shmget": (29, 194),
    "msgget": (68, 186), "semget": (64, 190), "personality": (135, 92), "syslog": (103, 116),
}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """What lies outside of the box for a program to reach."""

    workspace: Path
    plan: dict[str, Any]

    def program(self, way: Way, *, boxed: bool) -> str:
        body = "\n".join("    " + line for line in way.code.splitlines())
        return PRELUDE.format(plan=json.dumps({**self.plan, "boxed": boxed}), body=body)


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    outside = tmp_path.resolve() / "outside"
    outside.mkdir()
    workspace = tmp_path.resolve() / "workspace"
    (workspace / "hidden").mkdir(parents=True)
    secret, token = secrets.token_hex(16), secrets.token_hex(8)
    (outside / "secret").write_text(secret)
    (workspace / "a.txt").write_text("a")
    (workspace / "link-to-secret").symlink_to(outside / "secret")
    (workspace / "link-to-folder").symlink_to(outside)
    for path in (".env", "hidden/.env"):
        (workspace / path).write_text("masked")
    temporary = [Path(folder, f"guard-{token}") for folder in ("/tmp", "/var/tmp", "/dev/shm")]
    for path in temporary:
        path.write_text(secret)
    with (outside / "secret").open() as held_open:
        victim = subprocess.Popen(
            ["/usr/bin/python3", "-c", "import sys; sys.stdin.read()", f"victim-{token}"],
            stdin=subprocess.PIPE, cwd=outside, env={"PLANTED": secret}, pass_fds=(held_open.fileno(),),
        )  # fmt: skip
    sockets = [
        socket.create_server(("127.0.0.1", 0)),
        socket.create_server(("::1", 0), family=socket.AF_INET6),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
        socket.socket(socket.AF_UNIX),
    ]
    sockets[2].bind(("127.0.0.1", 0))
    sockets[3].bind(f"\0guard-{token}")
    sockets[4].bind(f"\0guard-{token}-datagram")
    sockets[5].bind(str(outside / "socket"))
    for listener in (sockets[3], sockets[5]):
        listener.listen()
    column = 0 if X86 else 1
    plan = {
        "secret": secret,
        "file": str(outside / "secret"),
        "target": str(outside / "target"),
        "port": sockets[0].getsockname()[1],
        "port6": sockets[1].getsockname()[1],
        "udp": sockets[2].getsockname()[1],
        "abstract": f"guard-{token}",
        "abstract_datagram": f"guard-{token}-datagram",
        "socket": str(outside / "socket"),
        "victim": victim.pid,
        "temporary": list(map(str, temporary)),
        "marker": f"victim-{token}",
        "calls": {name: numbers[column] for name, numbers in CALLS.items()},
    }
    yield Planted(workspace, plan)
    victim.kill()
    victim.communicate()
    for open_socket in sockets:
        open_socket.close()
    for path in temporary:
        path.unlink()
        path.with_name(f"{path.name}-left").unlink(missing_ok=True)


@pytest.mark.parametrize("name", WAYS)
async def test_the_box_holds(tmp_path: Path, planted: Planted, name: str) -> None:
    way = WAYS[name]
    async with closing(box_of("bubblewrap", tmp_path / "state")) as sandbox:
        execution = await tried(sandbox, planted, planted.program(way, boxed=True))
    assert came_to_nothing(execution), execution
    if not way.control:
        assert await asyncio.to_thread(escapes, planted, way) == "ESCAPED", "the control: outside of the box this way is open"


TOGETHER = """
import json, subprocess
said = {{}}
for name, program in json.loads({programs!r}).items():
    ran = subprocess.run(["/usr/bin/python3", "-I", "-"], input=program, capture_output=True, text=True, timeout=15)
    said[name] = [ran.returncode, ran.stdout + ran.stderr]
print(json.dumps(said))
"""


@needs_engine
@pytest.mark.parametrize("first", range(0, len(WAYS), 10))
async def test_a_container_holds(tmp_path: Path, planted: Planted, first: int) -> None:
    """Ten ways in one container, each a process of its own: to make a container takes its time. Their controls are bubblewrap's."""
    programs = {name: planted.program(way, boxed=True) for name, way in list(WAYS.items())[first : first + 10]}
    async with closing(box_of("container", tmp_path / "state")) as sandbox:
        execution = await tried(sandbox, planted, TOGETHER.format(programs=json.dumps(programs)))
    assert execution.succeeded, execution
    said = json.loads(execution.stdout)
    assert said.keys() == programs.keys()
    assert {name: text for name, (code, text) in said.items() if code != -BY_THE_FILTER and not held(code, text)} == {}


LIMITS = replace(QUICK, memory_bytes=512 << 20)


async def tried(sandbox: Sandbox, planted: Planted, program: str) -> Execution:
    """What a hostile program did in a box; nothing that is planted outside came in, or was touched."""
    masked = (planted.workspace / ".env", planted.workspace / "hidden" / ".env")
    execution = await sandbox.run(job(program, planted.workspace, masked=masked, limits=LIMITS))
    assert planted.plan["secret"] not in execution.stdout + execution.stderr
    outside = planted.workspace.parent / "outside"
    assert sorted(await asyncio.to_thread(os.listdir, outside)) == ["secret", "socket"]
    assert not Path(f"{planted.plan['temporary'][0]}-left").exists()
    return execution


BY_THE_FILTER = 31
"""SIGSYS: the kernel killed whoever made a call of another architecture."""


def came_to_nothing(execution: Execution) -> bool:
    """Whether the attempt failed, or the filter ended it."""
    if execution.ending is Ending.KILLED:
        return execution.signal == BY_THE_FILTER
    return held(execution.exit_code, execution.stdout)


def held(code: int, said: str) -> bool:
    """Whether the attempt failed."""
    return code == 0 and said.startswith("held") and "ESCAPED" not in said


def escapes(planted: Planted, way: Way) -> str:
    ran = subprocess.run(
        ["/usr/bin/python3", "-I", "-c", planted.program(way, boxed=False)],
        capture_output=True,
        text=True,
        cwd=planted.workspace,
        timeout=30,
        check=False,
    )
    return ran.stdout.strip().splitlines()[-1] if ran.stdout.strip() else ran.stderr[-500:]


def test_every_family_has_ways_with_a_control() -> None:
    for ways in FAMILIES.values():
        assert sum(not way.control for way in ways.values()) >= 3
