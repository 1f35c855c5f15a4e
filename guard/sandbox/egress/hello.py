"""A TLS ClientHello as bytes -> the server name that it asks for. Pure.

RFC 8446 section 4.1.2 (the message), 5.1 (records, over which it may be spread), RFC 6066 section 3 (server_name). Encrypted ClientHello
is refused: the name that counts would be inside, and its decoy (GREASE) cannot be told from it.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1 << 16
"""Bytes of a ClientHello, records included, at most."""

_HANDSHAKE, _CLIENT_HELLO, _RECORD = 22, 1, 16384
_SERVER_NAME, _ECH, _ESNI = 0, 0xFE0D, 0xFFCE


class NotHello(Exception):
    """These bytes are not the ClientHello of somebody who may pass; the text says why."""


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise NotHello("the ClientHello is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        return self.take(self.number(size))

    @property
    def done(self) -> bool:
        return self.at == len(self.data)


def looks_like_tls(data: bytes) -> bool:
    """Whether a stream that begins so is TLS."""
    return data[:1] == b"\x16" and data[1:2] in (b"", b"\x03")


def server_name(data: bytes) -> str | None:
    """The server name in the ClientHello that `data` begins with; "" if it names none; None if more bytes are needed.

    Raises `NotHello` for anything else.
    """
    message = _message(data)
    if message is None:
        return None
    body = _Reader(message)
    if body.number(2) >> 8 != 3:
        raise NotHello("it speaks no version of TLS")
    body.take(32)
    for size in (1, 2, 1):  # session id, cipher suites, compression methods
        body.vector(size)
    if body.done:
        return ""
    extensions = _Reader(body.vector(2))
    if not body.done:
        raise NotHello("something follows the extensions of the ClientHello")
    return _name(extensions)


def _message(data: bytes) -> bytes | None:
    """The body of the first handshake message, put together from its records."""
    if not looks_like_tls(data):
        raise NotHello("it is not TLS")
    message, at = b"", 0
    while True:
        if len(message) >= 4:
            length = int.from_bytes(message[1:4], "big")
            if message[0] != _CLIENT_HELLO or length > MOST:
                raise NotHello("it does not begin with a ClientHello")
            if len(message) >= 4 + length:
                return message[4 : 4 + length]
        if len(data) < at + 5:
            break
        kind, major, length = data[at], data[at + 1], int.from_bytes(data[at + 3 : at + 5], "big")
        if kind != _HANDSHAKE or major != 3 or not 0 < length <= _RECORD:
            raise NotHello("its ClientHello is interrupted")
        if len(data) < at + 5 + length:
            break
        message += data[at + 5 : at + 5 + length]
        at += 5 + length
    if len(data) > MOST:
        raise NotHello("its ClientHello is too long")
    return None


def _name(extensions: _Reader) -> str:
    name, seen = "", set()
    while not extensions.done:
        kind, content = extensions.number(2), extensions.vector(2)
        if kind in seen:
            raise NotHello("its ClientHello names an extension twice")
        seen.add(kind)
        if kind in (_ECH, _ESNI):
            raise NotHello("its ClientHello hides the server's name (ECH)")
        if kind == _SERVER_NAME:
            name = _host(_Reader(content))
    return name


def _host(content: _Reader) -> str:
    names = _Reader(content.vector(2))
    if names.number(1) != 0:
        raise NotHello("its server name is no host name")
    name = names.vector(2)
    if not names.done or not content.done or not name:
        raise NotHello("it names more than one server")
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        raise NotHello("its server name is not ASCII") from None
