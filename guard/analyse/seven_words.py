"""Effects -> the seven words of `guard check --jsonl`: read, write, destructive, network, exec, secret, dynamic."""

from __future__ import annotations

from collections.abc import Iterable

from guard.model import Class, Effect, Kind

_OWN = {
    Kind.ENV_READ: ("secret",), Kind.SECRET_READ: ("secret", "read"), Kind.PROC_EXEC: ("exec",), Kind.OPAQUE: ("dynamic",),
    Kind.IMPORT_UNKNOWN: ("dynamic",), Kind.COMPUTE: (), Kind.ANSWER: (),
}  # fmt: skip
"""Kinds that are not said by their classes."""

ENDING = frozenset({"kill", "pkill", "killall", "shutdown", "reboot", "halt", "poweroff"})
"""Programs that end other programs: these lose work, whatever else they do."""

_CLASSES = {Class.READ: "read", Class.WRITE: "write", Class.DESTRUCTIVE: "destructive", Class.NETWORK: "network"}


def words(effects: Iterable[Effect]) -> tuple[str, ...]:
    """The words for a set of effects, sorted."""
    found: set[str] = set()
    for effect in effects:
        if effect.kind is Kind.PROC_EXEC and effect.resource.name in ENDING:
            found.add("destructive")
        if effect.kind in _OWN:
            found.update(_OWN[effect.kind])
        else:
            found.update(_CLASSES[one] for one in effect.classes)
    return tuple(sorted(found))
