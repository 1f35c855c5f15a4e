"""Both sides of the pipe speak the same."""

from __future__ import annotations

import json

from guard.analyse import analyse
from guard.analysis_worker import answer, decode_analysis, decode_facts, encode_analysis, encode_facts, pack
from guard.model import Facts

FACTS = Facts(
    workspace="/w",
    home="/h",
    secret_patterns=("*.key",),
    secret_variables=("X*",),
    modules=(("a.py", "x = 1"),),
    packages=("numpy",),
    profile="p",
)


def test_facts_and_analyses_survive_the_pipe() -> None:
    assert decode_facts(json.loads(json.dumps(encode_facts(FACTS)))) == FACTS
    analysis = analyse("python", "import a, os\nfor i in range(2):\n    os.remove('x')\nopen('y.key')\n", FACTS)
    assert decode_analysis(json.loads(json.dumps(encode_analysis(analysis)))) == analysis


def test_an_answer_is_the_analysis() -> None:
    reply = answer({"language": "python", "code": "1", "facts": encode_facts(FACTS)})
    assert decode_analysis(reply) == analyse("python", "1", FACTS)


def test_a_message_is_its_length_and_ascii_json() -> None:
    packed = pack({"code": "\ud800é"})
    assert int.from_bytes(packed[:4], "big") == len(packed) - 4
    assert json.loads(packed[4:]) == {"code": "\ud800é"}
