"""Kinds of effects in the seven words of the labelled corpora."""

from __future__ import annotations

from guard.analyse.words import words
from guard.model import RUN, Effect, Kind


def test_the_seven_words_are_those_of_the_corpora() -> None:
    def word(kind: Kind) -> tuple[str, ...]:
        return words((Effect(kind=kind, resource=RUN),))

    assert word(Kind.ENV_READ) == ("secret",)
    assert "secret" in word(Kind.SECRET_READ)
    assert word(Kind.PROC_EXEC) == ("exec",)
    assert word(Kind.OPAQUE) == word(Kind.IMPORT_UNKNOWN) == ("dynamic",)
    assert word(Kind.COMPUTE) == word(Kind.ANSWER) == ()
    assert word(Kind.HTTP_DELETE) == ("destructive", "network")
    assert {w for kind in Kind for w in word(kind)} == {"read", "write", "destructive", "network", "exec", "secret", "dynamic"}
