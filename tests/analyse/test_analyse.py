"""`analyse` as a whole: total, never empty, one door for all languages."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from guard.analyse import MAX_BYTES, analyse, unfinished
from guard.model import Facts, Kind


def test_what_does_nothing_computes_and_answers() -> None:
    assert analyse("python", "print(1 + 1)", Facts()).kinds == {Kind.COMPUTE, Kind.ANSWER}


def test_what_does_something_does_not_only_compute() -> None:
    analysis = analyse("py", "import os\nos.remove('a')", Facts(workspace="/w"))
    assert analysis.kinds == {Kind.FS_DELETE, Kind.ANSWER}
    assert analysis.language == "python"


@pytest.mark.parametrize(
    ("language", "code"), [("cobol", "x"), ("", "x"), ("python", "x" * (MAX_BYTES + 1)), ("python", "'\ud800'"), ("javascript", "'\ud800'")]
)
def test_what_cannot_be_analysed_is_opaque(language: str, code: str) -> None:
    assert Kind.OPAQUE in analyse(language, code, Facts()).kinds


TOLD = """
from guard.analyse import analyse
from guard.model import Facts
print(analyse("python", "import sys\\nfor mode in ('r', 'a', 'x', 'w'):\\n    open('f', mode)", Facts()).effects)
"""


def test_effects_are_told_in_the_same_order_by_every_process() -> None:
    """They are sealed, so two processes that tell them in two orders would disagree about one program."""

    def told(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", TOLD], env=environment, capture_output=True, text=True, check=True).stdout

    assert len({told(str(seed)) for seed in range(4)}) == 1


def test_an_analysis_that_did_not_end_well_is_opaque_and_says_why() -> None:
    analysis = unfinished("py", "the analysis did not finish in time")
    assert analysis.kinds == {Kind.OPAQUE, Kind.ANSWER}
    assert analysis.effects[0].note == "the analysis did not finish in time"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "import requests\nrequests.get('https://a.example/1', headers={'X-HTTP-Method-Override': 'DELETE'})"),
        ("python", "import requests\nh = {}\nh['x-http-method'] = input()\nrequests.post('https://a.example/graphql', json={'query': '{ a }'}, headers=h)"),
        ("javascript", "fetch('https://a.example/1', {headers: {'X-Method-Override': 'delete'}})"),
        ("shell", "curl -H 'X-HTTP-Method-Override: DELETE' https://a.example/1"),
    ],
)  # fmt: skip
def test_a_request_that_names_its_method_in_a_header_may_be_of_that_method(language: str, code: str) -> None:
    assert Kind.HTTP_DELETE in {effect.kind for effect in analyse(language, code, Facts()).effects}


def test_a_name_that_had_more_values_than_are_kept_may_be_anything() -> None:
    few = "\n".join(f"path = 'data/{number}'" for number in range(5))
    many = "\n".join(f"path = 'data/{number}'" for number in range(40))
    tail = "\nimport os\ndef clean():\n    os.remove(path)\nclean()"
    deleted = [
        {effect.resource.name for effect in analyse("python", code + tail, Facts(workspace="/w")).effects if effect.kind is Kind.FS_DELETE}
        for code in (few, many)
    ]
    assert "/w/data/2" in deleted[0]
    assert "/" not in deleted[0]
    assert "/" in deleted[1]
