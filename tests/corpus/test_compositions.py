"""Whatever a function and a text go through before they meet, the call is seen; and what only computes is not held up for that."""

from __future__ import annotations

import pytest

from guard.analyse import analyse
from tests.analyse.python.check import FACTS
from tests.corpus.compositions import compositions, cut, parts
from tests.corpus.shell_compositions import shell_compositions
from tests.corpus.test_corpus import verdict

LANGUAGES = ("python", "javascript")
COUNT = 1500
PARKED = {"python": 0.1, "javascript": 0.13}
"""Of the harmless ones so many may wait for a person: they hand values on as hardly a program does (by `Reflect`, in `globalThis`)."""
PARKED_SHELL = 0.45
"""The same for shell: of some names it is only known when they run, and a name that guard cannot work out may be any."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_is_seen_however_it_comes_about(language: str) -> None:
    passed = [code for code in compositions(language, "sinks", COUNT, seed=0) if verdict(analyse(language, code, FACTS)) == "allow"]
    assert not passed, passed[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_and_what_only_computes_passes(language: str) -> None:
    verdicts = [verdict(analyse(language, code, FACTS)) for code in compositions(language, "harmless", COUNT // 2, seed=0)]
    assert verdicts.count("review") <= PARKED[language] * len(verdicts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_one_of_its_language(language: str) -> None:
    """A part that does not parse would only be unreadable, which is held up for that."""
    broken = []
    for section in ("ways", "texts"):
        for way in parts(language)[section]:
            statements, gives = cut(way)
            code = f"{statements}\n{gives}\n".replace("@x", "'a'").replace("@", "n")
            if any("parse" in effect.rule or "syntax" in effect.rule for effect in analyse(language, code, FACTS).effects):
                broken.append(way)
    assert not broken


def test_a_shell_command_is_seen_wherever_it_stands_and_however_its_name_comes_about() -> None:
    passed = [code for code in shell_compositions("commands", COUNT, seed=0) if verdict(analyse("shell", code, FACTS)) == "allow"]
    assert not passed, passed[0]


def test_and_a_shell_command_that_only_looks_passes() -> None:
    verdicts = [verdict(analyse("shell", code, FACTS)) for code in shell_compositions("harmless", COUNT // 2, seed=0)]
    assert verdicts.count("review") <= PARKED_SHELL * len(verdicts)
