"""The process that joins a box's namespaces from outside: it makes listening sockets in the network of one, and mounts a workspace into
one that waits. Runs alone: `python -I -S nsenter.py FD`.

A process with one thread is needed, since a user namespace cannot be joined by one of many. It waits on the socket FD for requests (a
JSON object with two descriptors: a namespace of the box, and the user namespace that owns it), answers each with "ok" and the sockets, or
with a sentence, and ends when guard does. Each request is served by a fork that ends with it. Standard library only.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import socket
import struct
import sys
import time
from typing import Any

MOST_LISTENERS = 80
BACKLOG = 64
SECONDS = 5.0
LONGEST_REQUEST = 1 << 16
_SIOCGIFFLAGS, _SIOCSIFADDR, _SIOCSIFNETMASK, _SIOCGIFINDEX, _IFF_UP = 0x8913, 0x8916, 0x891C, 0x8933, 1
_LO = b"lo".ljust(16, b"\0")

# System calls that C libraries do not know yet; the numbers are the same on every architecture.
_OPEN_TREE, _MOVE_MOUNT, _FSOPEN, _FSCONFIG, _FSMOUNT, _MOUNT_SETATTR = 428, 429, 430, 431, 432, 442
_SET_FLAG, _SET_STRING, _CREATE = 0, 1, 6
_READ_ONLY, _NO_SUID, _NO_DEVICES = 1, 2, 4
_AT_FDCWD, _AT_EMPTY_PATH, _CLONE, _CLONE_NEWNS = -100, 0x1000, 1, 0x20000
_FROM_DESCRIPTOR = 4
_libc = ctypes.CDLL(None, use_errno=True)


def serve(channel: socket.socket) -> None:
    """Serve requests until the other end is gone."""
    while True:
        request, fds, _, _ = socket.recv_fds(channel, LONGEST_REQUEST, 2)
        if not request:
            return
        child = os.fork()
        if child == 0:
            _answer(channel, request, fds)
            os._exit(0)
        os.waitpid(child, 0)
        for fd in fds:
            os.close(fd)


def _answer(channel: socket.socket, request: bytes, fds: list[int]) -> None:
    made: list[socket.socket] = []
    try:
        wanted = json.loads(request)
        joined, owner = fds
        if "listen" in wanted:
            _join(owner, "user")
            _join(joined, "net")
            made = _listen(wanted["listen"])
        else:
            _mount(wanted["mount"], joined, owner)
        socket.send_fds(channel, [b"ok"], [one.fileno() for one in made])
    except (OSError, ValueError, OverflowError) as error:
        channel.send(f"{type(error).__name__}: {error}".encode()[:4096])


def _join(fd: int, what: str) -> None:
    if os.fstat(fd).st_ino == os.stat(f"/proc/self/ns/{what}").st_ino:
        return
    if _libc.setns(fd, 0):
        raise OSError(ctypes.get_errno(), f"the box's {what} namespace cannot be joined: {os.strerror(ctypes.get_errno())}")


# --------------------------------------------------------------------------------------------------------------------- listeners


def _listen(wanted: list[tuple[str, int]]) -> list[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        _wait_for_loopback(control)
        for number, address in enumerate(sorted({a for a, _ in wanted if ":" not in a and not a.startswith("127.")})):
            _add(control, number, address)
    for address in sorted({a for a, _ in wanted if ":" in a and a != "::1"}):
        _add_v6(address)
    return [_listener(address, port) for address, port in wanted]


def _wait_for_loopback(control: socket.socket) -> None:
    """Wait until bwrap has set up the loopback interface: who does it first would make the other fail."""
    deadline = time.monotonic() + SECONDS
    while not struct.unpack_from("16sh", fcntl.ioctl(control, _SIOCGIFFLAGS, _LO + bytes(24)))[1] & _IFF_UP:
        if time.monotonic() > deadline:
            raise TimeoutError("the box has no loopback interface")
        time.sleep(0.0002)


def _add(control: socket.socket, number: int, address: str) -> None:
    """Make a granted address an address of the box's loopback interface."""
    name = f"lo:g{number}".encode().ljust(16, b"\0")
    for request, what in ((_SIOCSIFADDR, address), (_SIOCSIFNETMASK, "255.255.255.255")):
        fcntl.ioctl(control, request, name + struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(what)) + bytes(16))


def _add_v6(address: str) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
        index = struct.unpack_from("16si", fcntl.ioctl(control, _SIOCGIFINDEX, _LO + bytes(24)))[1]
        fcntl.ioctl(control, _SIOCSIFADDR, socket.inet_pton(socket.AF_INET6, address) + struct.pack("Ii", 128, index))


def _listener(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            made.bind((address, port))
            break
        except OSError as error:  # an IPv6 address becomes usable a moment after it was added
            if error.errno != errno.EADDRNOTAVAIL or time.monotonic() > deadline:
                raise
            time.sleep(0.0005)
    made.listen(BACKLOG)
    return made


# ------------------------------------------------------------------------------------------------------------------------ mounts


def _mount(wanted: dict[str, Any], box: int, owner: int) -> None:
    """Mount the copy-on-write workspace and its masks into the mount namespace `box`.

    They are made where the host's paths are seen, in a mount namespace of our own that belongs to the box's user namespace, and then
    moved into the box: paths of the host never exist there.
    """
    _join(owner, "user")
    _call("a mount namespace", _libc.unshare(_CLONE_NEWNS))
    made = [(_overlay(wanted["lower"], wanted["upper"], wanted["work"]), wanted["target"])]
    made += [(_copy("/dev/null"), f"{wanted['target']}/{path}") for path in wanted["files"]]
    made += [(_copy(wanted["nothing"]), f"{wanted['target']}/{path}") for path in wanted["folders"]]
    _join(box, "mnt")
    for mount, target in made:
        moved = _libc.syscall(_MOVE_MOUNT, mount, b"", _AT_FDCWD, os.fsencode(target), _FROM_DESCRIPTOR)
        _call(f"the mount on {target}", moved)


def _overlay(lower: str, upper: str, work: str) -> int:
    context = _call("an overlay", _libc.syscall(_FSOPEN, b"overlay", 1))
    for name, path in (("lowerdir", lower), ("upperdir", upper), ("workdir", work)):
        # By descriptor: no character of a path can mean anything.
        fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        _call(name, _libc.syscall(_FSCONFIG, context, _SET_STRING, name.encode(), f"/proc/self/fd/{fd}".encode(), 0))
    _call("userxattr", _libc.syscall(_FSCONFIG, context, _SET_FLAG, b"userxattr", None, 0))
    _call("the overlay", _libc.syscall(_FSCONFIG, context, _CREATE, None, None, 0))
    return _call("the overlay's mount", _libc.syscall(_FSMOUNT, context, 1, _NO_SUID | _NO_DEVICES))


def _copy(path: str) -> int:
    """A read-only mount of a path of the host, without devices: /dev/null so mounted can be neither read nor written."""
    made = _call(f"a mount of {path}", _libc.syscall(_OPEN_TREE, _AT_FDCWD, os.fsencode(path), _CLONE | os.O_CLOEXEC))
    flags = (ctypes.c_uint64 * 4)(_READ_ONLY | _NO_SUID | _NO_DEVICES, 0, 0, 0)
    _call("a read-only mount", _libc.syscall(_MOUNT_SETATTR, made, b"", _AT_EMPTY_PATH, ctypes.byref(flags), ctypes.sizeof(flags)))
    return made


def _call(what: str, result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
