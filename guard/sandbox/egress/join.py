"""The process that makes listening sockets inside a box's network namespace, from outside. Runs alone: `python -I -S join.py FD`.

A process with one thread is needed, since a user namespace cannot be joined by one of many. It waits on the socket FD for requests (a
JSON list of [address, port] with two descriptors: the network namespace, and the user namespace that owns it), answers each with the
listening sockets or a sentence, and ends when guard does. Each request is served by a fork that ends with it. Standard library only.
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

MOST_LISTENERS = 80
BACKLOG = 64
SECONDS = 5.0
_SIOCGIFFLAGS, _SIOCSIFADDR, _SIOCSIFNETMASK, _SIOCGIFINDEX, _IFF_UP = 0x8913, 0x8916, 0x891C, 0x8933, 1
_LO = b"lo".ljust(16, b"\0")


def serve(channel: socket.socket) -> None:
    """Serve requests until the other end is gone."""
    while True:
        request, fds, _, _ = socket.recv_fds(channel, 1 << 16, 2)
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
    try:
        network, owner = fds
        _join(owner, "user")
        _join(network, "net")
        made = _listen(json.loads(request))
        socket.send_fds(channel, [b"ok"], [one.fileno() for one in made])
    except (OSError, ValueError, OverflowError) as error:
        channel.send(f"{type(error).__name__}: {error}".encode()[:4096])


def _join(fd: int, what: str) -> None:
    if os.fstat(fd).st_ino == os.stat(f"/proc/self/ns/{what}").st_ino:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(fd, 0):
        raise OSError(ctypes.get_errno(), f"the box's {what} namespace cannot be joined: {os.strerror(ctypes.get_errno())}")


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


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
