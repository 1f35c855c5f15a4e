"""The first process of a container: `python3 -I -S init.py SOCKET [USER:GROUP]`. It waits until guard has set the limits, starts the
program under guard's own system-call filter, reports how it ended, and ends with guard. Standard library only; nothing of guard's is in the
box. With USER:GROUP it is that user, in a user namespace of the box's own, where the engine gives none.

It is ours until the program starts. The program may attack it afterwards and gains nothing: it is bound by the same filter and limits,
has no capability, and what it could say is the exit code of a program that could choose that itself.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
from typing import Any

MOST = 1 << 17
"""Bytes of an order: one datagram of a Unix socket."""
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 4, 22, 24, 38, 2
_CLONE_NEWNS, _CLONE_NEWUSER, _CLONE_NEWNET, _CAPABILITIES_V3 = 0x20000, 0x10000000, 0x40000000, 0x20080522
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


def main(path: str, user: str = "") -> None:
    """Serve one program: say which Python is here, take an order with the program's descriptors, answer with its exit code."""
    libc = ctypes.CDLL(None, use_errno=True)
    if user:
        _apart(libc, *user.split(":"))
        os.execv(sys.executable, [sys.executable, "-I", "-S", __file__, path])  # noqa: S606 - from here on the namespace's own: see _apart
    _prctl(libc, _PR_SET_DUMPABLE, 0)  # the program has our user id: it must not look into us, nor at our descriptors
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as guard:
        guard.connect(path)
        guard.send(json.dumps({"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}).encode())
        text, fds, _, _ = socket.recv_fds(guard, MOST, 3)
        if len(fds) < 2:
            return  # guard went away
        for fd in fds:
            os.set_inheritable(fd, False)
        order = json.loads(text)
        ended, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as the first process it does not hear it then
        _filter(libc, bytes.fromhex(order["filter"]))
        child = os.fork()
        if child == 0:
            _become(order, fds)
        for fd in fds:
            os.close(fd)
        guard.send(json.dumps({"exit-code": _wait(child, ended, guard)}).encode())
        os._exit(0)  # an interpreter takes its time to end


def _apart(libc: ctypes.CDLL, user: str, group: str) -> None:
    """Be this user in namespaces of our own, without capabilities there: a limit on processes counts this box's alone, and its network and
    its mounts belong to the user who drives the engine, who may then join them. A process of which the same is to be true has to be started
    in them (execve)."""
    maps = {"setgroups": "deny", "uid_map": f"{user} {os.getuid()} 1", "gid_map": f"{group} {os.getgid()} 1"}
    _checked(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWNS), "unshare")
    for name, text in maps.items():
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    with open("/proc/sys/kernel/cap_last_cap") as file:
        for capability in range(int(file.read()) + 1):
            _prctl(libc, _PR_CAPBSET_DROP, capability)
    _checked(libc.capset(struct.pack("Ii", _CAPABILITIES_V3, 0), bytes(24)), "capset")


def _checked(result: int, what: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), what)


def _prctl(libc: ctypes.CDLL, option: int, value: int, argument: object = 0) -> None:
    _checked(libc.prctl(option, ctypes.c_ulong(value), argument, 0, 0), f"prctl {option}")


def _filter(libc: ctypes.CDLL, program: bytes) -> None:
    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    _prctl(libc, _PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(Program(len(program) // struct.calcsize("HBBI"), program)))


def _become(order: dict[str, Any], fds: list[int]) -> None:
    """Be the program, with the descriptors that guard sent: stdout, stderr, stdin (else /dev/null). All others close by themselves."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        os.dup2(fds[2] if fds[2:] else os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(fds[0], 1)
        os.dup2(fds[1], 2)
        os.chdir(str(order["folder"]))
        for target, link in order["links"]:
            _link(target, link)
        command, environment = order["command"], order["environment"]
        os.execvpe(command[0], command, environment)  # noqa: S606 - a program is what it is to become
    except OSError as error:
        os.write(2, f"the program cannot be started in this image: {error}\n".encode())
    finally:
        os._exit(127)


def _link(target: str, link: str) -> None:
    try:
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(target, link)
    except OSError:
        pass  # a convenience only: the path of the workspace outside


def _wait(child: int, ended: int, guard: socket.socket) -> int:
    """The exit code of the program, as shells give it. Ends the box when guard went away."""
    poller = select.poll()
    poller.register(ended, select.POLLIN)
    poller.register(guard, select.POLLIN | select.POLLHUP)
    while True:
        for fd, _ in poller.poll():
            if fd != ended:
                os._exit(0)
            os.read(ended, 4096)
            while True:
                try:
                    pid, status = os.waitpid(-1, os.WNOHANG)  # orphans of the program are ours
                except ChildProcessError:
                    break
                if pid == child:
                    code = os.waitstatus_to_exitcode(status)
                    return code if code >= 0 else 128 - code
                if pid == 0:
                    break


if __name__ == "__main__":
    main(*sys.argv[1:])
