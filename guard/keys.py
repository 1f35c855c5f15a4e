"""Keys of people: Ed25519, kept under a passphrase. What signs an approval proves that the person was there to unlock it.

Files are PKCS#8 PEM, encrypted with the passphrase, mode 0600, in the state folder's `keys`. An unlocked key lives in the memory of the
process that unlocked it, for at most `FORGET`.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guard.errors import BadInput, ConfigError
from guard.model import Approval, Standing
from guard.review import grant_bytes, signed_bytes

FORGET = 15 * 60.0
"""Seconds after which an unlocked key is forgotten."""
HOW_TO_MAKE = "`guard person key` makes yours, `guard person key NAME` that of a person without a user here."
SHORTEST = 8
"""Characters of a passphrase."""


class Signer:
    """An unlocked key of one person."""

    def __init__(self, person: str, key: Ed25519PrivateKey) -> None:
        self.person = person
        self._key: Ed25519PrivateKey | None = key
        self._until = time.monotonic() + FORGET

    @property
    def public(self) -> str:
        """The public key in hex."""
        return _public(self._unlocked())

    @property
    def seconds_left(self) -> float:
        """For how long it stays unlocked."""
        return max(0.0, self._until - time.monotonic())

    def sign(self, approval: Approval) -> Approval:
        """The approval, signed and marked attended. `ConfigError` when the key was forgotten."""
        key = self._unlocked()
        attended = dataclasses.replace(approval, attended=True, key=_public(key), signature="")
        return dataclasses.replace(attended, signature=key.sign(signed_bytes(attended)).hex())

    def sign_grant(self, given: Standing) -> Standing:
        """The standing grant, signed. `ConfigError` when the key was forgotten."""
        key = self._unlocked()
        keyed = dataclasses.replace(given, key=_public(key), signature="")
        return dataclasses.replace(keyed, signature=key.sign(grant_bytes(keyed)).hex())

    def forget(self) -> None:
        self._key = None

    def _unlocked(self) -> Ed25519PrivateKey:
        if self._key is None or time.monotonic() >= self._until:
            self._key = None
            raise ConfigError("The key was forgotten: it stays unlocked for 15 minutes", hint="Give the passphrase again.")
        return self._key


def make(folder: Path, person: str, passphrase: str, *, anew: bool = False) -> str:
    """Make a key under a passphrase; returns the public key in hex. `BadInput` if the passphrase is too short or a key is there.

    `anew`: the person has no key registered, so what is there (of somebody who was removed, of a start that failed) is replaced.
    """
    if len(passphrase) < SHORTEST:
        raise BadInput(f"The passphrase has fewer than {SHORTEST} characters", hint="Take a longer one.")
    if not anew and exists(folder, person):
        raise BadInput(
            f"{person} has a key already", hint="Is it lost? Remove the person and add them anew: what they approved ends with it."
        )
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase.encode())
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(descriptor)
    os.replace(name, folder / f"{person}.pem")
    return _public(key)


def exists(folder: Path, person: str) -> bool:
    return (folder / f"{person}.pem").is_file()


def unlock(folder: Path, person: str, passphrase: str) -> Signer:
    """The person's key. `BadInput` on a wrong passphrase, `ConfigError` if there is no key."""
    try:
        pem = (folder / f"{person}.pem").read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{person} has no key here", hint=HOW_TO_MAKE) from None
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() or None)
    except (ValueError, TypeError):
        raise BadInput("The passphrase is wrong", hint="Nothing was signed; try again.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{folder / person}.pem is not an Ed25519 key", hint="Make one with `guard person key`.")
    return Signer(person, key)


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
