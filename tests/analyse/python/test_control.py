"""Branches, loops, and what a name may be where several ways meet."""

from __future__ import annotations

import time

import pytest

from guard.analyse.python import analyse
from guard.model import Facts, Kind, Loop
from tests.analyse.python.test_statements import FACTS, only


@pytest.mark.parametrize(
    ("code", "loop", "count"),
    [
        ("import os\nos.remove('a')", Loop.ONE, None),
        ("import os\nfor i in range(3):\n    os.remove('a')", Loop.BOUNDED, 3),
        ("import os\nfor i in range(3):\n    for j in (1, 2):\n        os.remove('a')", Loop.BOUNDED, 6),
        ("import os\nfor line in open('x'):\n    os.remove('a')", Loop.UNBOUNDED, None),
        ("import os\nwhile True:\n    os.remove('a')", Loop.UNBOUNDED, None),
        ("import os\n[os.remove('a') for _ in range(4)]", Loop.BOUNDED, 4),
        ("import os\ndef f():\n    os.remove('a')\nfor i in range(5):\n    f()", Loop.BOUNDED, 5),
    ],
)
def test_how_often_an_effect_happens(code: str, loop: Loop, count: int | None) -> None:
    effect = only(code, Kind.FS_DELETE)
    assert (effect.loop, effect.count) == (loop, count)


def test_what_stands_in_a_branch_may_happen() -> None:
    assert not only("import os\nif input():\n    os.remove('a')", Kind.FS_DELETE).certain
    assert only("import os\nif __name__ == '__main__':\n    os.remove('a')", Kind.FS_DELETE).certain


def test_a_value_from_two_branches_gives_an_effect_for_each() -> None:
    found = {effect.resource.name for effect in analyse("import os\np = 'a' if input() else 'b'\nos.remove(p)", FACTS)}
    assert found == {"/w/a", "/w/b"}


UNSURE = (
    "import sys\nif len(sys.argv) > 5:\n    {name} = print\n{call}",
    "try:\n    int('a')\n    {name} = print\nexcept ValueError:\n    pass\n{call}",
    "for {name} in []:\n    pass\n{call}",
    "while 0:\n    {name} = print\n{call}",
    "import sys\nmatch sys.argv:\n    case [_, {name}]:\n        pass\n{call}",
    "if 0:\n    from os import getcwd as {name}\n{call}",
    "import contextlib\nwith contextlib.suppress(Exception):\n    int('a')\n    {name} = print\n{call}",
    "try:\n    1 / 0\nexcept Exception as {name}:\n    pass\n{call}",
    "def {name}(*given): pass\ndel {name}\n{call}",
    "{name} = print\nif input():\n    del {name}\n{call}",
    "class A:\n    if input():\n        {name} = print\n    {call}",
)
"""A name that the program gives another meaning, maybe, or for a while."""


@pytest.mark.parametrize("program", UNSURE)
def test_a_builtin_that_may_still_be_itself_counts(program: str) -> None:
    found = analyse(program.format(name="open", call="open('/a', 'w')"), Facts())
    assert Kind.FS_WRITE in {effect.kind for effect in found}, program


@pytest.mark.parametrize("program", UNSURE)
def test_a_tool_that_may_still_be_itself_counts(program: str) -> None:
    found = analyse(program.format(name="delete_rows", call="delete_rows('orders')"), Facts(profile="pydantic-ai", server="srv"))
    assert Kind.TOOL_DESTRUCTIVE in {effect.kind for effect in found}, program


@pytest.mark.parametrize(
    "program",
    [
        "try:\n    act = os.remove\n    int('a')\n    act = print\nexcept ValueError:\n    pass",
        "try:\n    act = os.remove\n    int('a')\n    act = print\nfinally:\n    act('/a')",
        "for one in range(3):\n    act = os.remove\n    if one:\n        break\n    act = print",
        "act = print\ndef swap():\n    global act\n    act = os.remove\n    int('a')\n    act = print\ntry:\n    swap()\nexcept ValueError:\n    pass",
    ],
)
def test_what_a_name_was_in_the_midst_of_a_part_that_was_left_counts(program: str) -> None:
    assert Kind.FS_DELETE in {effect.kind for effect in analyse(f"import os\n{program}\nact('/a')", Facts())}


def test_containers_that_hold_each_other_are_read_in_time() -> None:
    turns = "".join(f"    d['k{i}'] = [dict(d), l]; l.append(d); open(str(d['k{i}']))\n" for i in range(60))
    started = time.process_time()
    analyse(f"l = ['a']\nd = {{}}\nfor turn in range(3):\n{turns}", FACTS)
    assert time.process_time() - started < 1


def test_what_is_read_again_too_often_is_opaque() -> None:
    calls = "".join(
        f"def f{i}(p, q):\n    open(p)\n    f{i}(p + str(q), q)\n    f{i + 1}(p + 'x', q)\n    f{i}(p + 'b', q)\n" for i in range(80)
    )
    kinds = {effect.kind for effect in analyse(calls + "def f80(p, q): open(p)\nf0('a', ['b'])\n", FACTS)}
    assert Kind.OPAQUE in kinds
