"""The one place where SQL tests touch the API: a statement in, its effects as short texts out."""

from __future__ import annotations

from guard.analyse.sql import analyse
from guard.model import Effect, Facts
from tests.analyse.shell.check import shown

FACTS = Facts(workspace="/ws", mount="/workspace", home="/home/user")


def found(code: str, database: str = "db") -> tuple[Effect, ...]:
    return analyse(code, FACTS, 0, database)


def effects(code: str, database: str = "db") -> list[str]:
    """The effects of a text without repetition, in the order in which they are met; `!` where all rows are meant."""
    return list(dict.fromkeys(shown(effect) + ("!" if effect.loop == "unbounded" else "") for effect in found(code, database)))
