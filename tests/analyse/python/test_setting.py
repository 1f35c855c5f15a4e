"""What computed names of attributes and globals may stand for: all that the program gives such names to, and nothing else."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Kind
from guard.path_rules import in_workspace
from tests.analyse.python.check import FACTS

HARMLESS = (
    "def part1(): return open('a.txt').read()\nfor n in input().split(): print(globals()['part' + n]())",
    "class A:\n    def op_add(self, n): self.n = n\n    def op_sub(self, n): self.n = -n\ngetattr(A(), 'op_' + input())(1)",
    "class A:\n    def _op_add(self, n): self.n = n\nprint(getattr(A(), f'_op_{input()}')(1))",
    "class A:\n    def N(self, n): self.y += n\n    def E(self, n): self.x += n\n    def go(self, i, n): return getattr(self, 'NE'[i])(n)\nA().go(1, 2)",
    "import logging\nlogging.basicConfig(level=getattr(logging, 'debug'.upper()))",
    "import pytest, sys\n\n@pytest.mark.parametrize('n', [1])\ndef test(n): assert n\n\nprint(open(sys.argv[1] if sys.argv[1:] else 'a.txt').read())",
    "class A:\n    def __init__(self, **fields):\n        for name, value in fields.items(): setattr(self, name, value)\n"
    "    def load(self): return open('a.txt').read()\nprint(A(n=int(input())).load())",
)


@pytest.mark.parametrize("code", HARMLESS)
def test_computed_names_among_names_that_the_program_gives_are_followed(code: str) -> None:
    effects = analyse(code, FACTS)
    assert [effect for effect in effects if effect.kind is not Kind.FS_READ or not in_workspace(effect.resource.name, FACTS)] == []


def test_a_method_of_a_library_class_may_be_meant_by_the_beginning_of_its_name() -> None:
    code = "from pathlib import PosixPath\nfrom cmd import Cmd\nclass P(BASE): pass\ngetattr(P('x'), 'un' + input())()"
    assert any(effect.kind is Kind.OPAQUE for effect in analyse(code.replace("BASE", "PosixPath"), FACTS))
    assert not any(effect.kind is Kind.OPAQUE for effect in analyse(code.replace("BASE", "Cmd"), FACTS))
