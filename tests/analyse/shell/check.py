"""The one place where shell tests touch the API: a command in, its effects as short texts out."""

from __future__ import annotations

from guard.analyse.shell import analyse
from guard.model import Effect, Facts, ResourceType

FACTS = Facts(workspace="/ws", mount="/workspace", home="/home/user")


def found(code: str) -> tuple[Effect, ...]:
    return analyse(code, FACTS, 0, "")


def shown(effect: Effect) -> str:
    """`fs.write out.txt`, `http.delete api.example.com:443`, `fs.delete src~` (not exact), `opaque`."""
    if effect.resource.type is ResourceType.RUN:
        return effect.kind
    name = effect.resource.name
    name = "." if name == "/ws" else name.removeprefix("/ws/")
    return f"{effect.kind} {name or '?'}{'' if effect.exact else '~'}"


def effects(code: str) -> list[str]:
    """The effects of a command without repetition, in the order in which they are met."""
    return list(dict.fromkeys(shown(effect) for effect in found(code)))
