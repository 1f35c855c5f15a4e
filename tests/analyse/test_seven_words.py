"""The seven words of `guard check --jsonl`."""

from __future__ import annotations

import pytest

from guard.analyse.seven_words import words
from guard.model import RUN, Effect, Kind, Resource, ResourceType


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.COMPUTE, ()), (Kind.ANSWER, ()), (Kind.OPAQUE, ("dynamic",)), (Kind.IMPORT_UNKNOWN, ("dynamic",)), (Kind.ENV_READ, ("secret",)),
        (Kind.SECRET_READ, ("read", "secret")), (Kind.FS_READ, ("read",)), (Kind.FS_WRITE, ("write",)), (Kind.FS_DELETE, ("destructive",)),
        (Kind.HTTP_DELETE, ("destructive", "network")), (Kind.HTTP_POST, ("network", "write")), (Kind.PROC_EXEC, ("exec",)),
        (Kind.SQL_DROP, ("destructive",)),
    ],
)  # fmt: skip
def test_a_kind_in_words(kind: Kind, expected: tuple[str, ...]) -> None:
    assert words([Effect(kind=kind, resource=RUN)]) == expected


def test_ending_other_programs_loses_their_work() -> None:
    kill = Effect(kind=Kind.PROC_EXEC, resource=Resource(type=ResourceType.PROGRAM, name="kill"))
    assert words([kill]) == ("destructive", "exec")
