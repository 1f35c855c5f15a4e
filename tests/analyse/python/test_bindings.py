"""What a name is bound to: parts of what is unpacked or matched, what `global` reaches, what `del` leaves."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Kind
from tests.analyse.python.test_statements import FACTS, only


@pytest.mark.parametrize(
    "bound",
    [
        "path, other = 'a', 'b'",
        "[other, path] = ['b', 'a']",
        "other, *rest = 'b', 'a'\npath = rest[0]",
        "path: str = 'a'",
        "import os as other\nother.kept = 'a'\npath = 'a'",
        "match {'kind': 'file', 'path': 'a'}:\n    case {'path': path}:\n        pass",
        "def inner():\n    global path\n    path = 'a'\ninner()",
        "def outer():\n    path = 'b'\n    def inner():\n        nonlocal path\n        path = 'a'\n    inner()\n    return path\npath = outer()",
    ],
)
def test_a_name_is_what_the_statement_binds_it_to(bound: str) -> None:
    found = [effect for effect in analyse(f"import os\n{bound}\nos.remove(path)", FACTS) if effect.kind is Kind.FS_DELETE]
    assert "/w/a" in {effect.resource.name for effect in found}


def test_each_name_of_an_unpacked_pair_has_its_own_value() -> None:
    assert only("import os\nkeep, gone = 'keep', 'gone'\nos.remove(gone)", Kind.FS_DELETE).resource.name == "/w/gone"


def test_a_pattern_binds_the_attribute_of_the_object_that_was_matched() -> None:
    program = "import os\nclass Job:\n    def __init__(self, act):\n        self.act = act\nmatch Job(os.remove):\n    case Job(act=go):\n        go('a')"
    assert only(program, Kind.FS_DELETE).resource.name == "/w/a"


@pytest.mark.parametrize(
    "statement", ["del os.remove", "del builtins.open", "import sys\nsys.modules['os'] = 1", "globals()[input()] = print"]
)
def test_a_part_of_a_library_or_a_computed_name_that_is_replaced_is_opaque(statement: str) -> None:
    assert Kind.OPAQUE in {effect.kind for effect in analyse(f"import os, builtins\n{statement}", FACTS)}
