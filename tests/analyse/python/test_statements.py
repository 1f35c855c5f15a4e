"""Branches, loops, and the net under what they let through."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Effect, Facts, Kind, Loop

FACTS = Facts(workspace="/w", home="/home/dev")


def only(code: str, kind: Kind) -> Effect:
    found = [effect for effect in analyse(code, FACTS) if effect.kind is kind]
    assert len(found) == 1, found
    return found[0]


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


@pytest.mark.parametrize(
    "code",
    [
        "import os\nf = print\nfor _ in range(3):\n    f('x')\n    f = os.remove\n",
        "import os\nf = g = h = print\nfor _ in range(9):\n    f('x')\n    f, g, h = g, h, os.remove\n",
        "import os\nf = os.remove\ndef go():\n    f('x')\nlater = sorted([1], key=lambda _: go())\nf = None\n",
        "import os\nbox = {}\nbox[input()] = os.remove\nbox[input()]('x')\n",
        "import os\ntry:\n    raise Exception(os.remove)\nexcept Exception as e:\n    e.args[0]('x')\n",
        "import os\nmatch os.remove:\n    case f:\n        f('x')\n",
        "import os\nx = unknown_thing(os.remove)\n",
        "import os\ndef f():\n    yield os.remove\nnext(f())('x')\n",
        "import socket\ns = socket.socket()\nmystery(s)\n",
        "import requests\nmystery(requests.Session())\n",
    ],
)
def test_a_dangerous_thing_that_is_lost_from_sight_is_an_effect_all_the_same(code: str) -> None:
    assert {effect.kind for effect in analyse(code, FACTS)} & {Kind.FS_DELETE, Kind.OPAQUE, Kind.NET_CONNECT, Kind.HTTP_GET}


def test_a_value_from_two_branches_gives_an_effect_for_each() -> None:
    found = {effect.resource.name for effect in analyse("import os\np = 'a' if input() else 'b'\nos.remove(p)", FACTS)}
    assert found == {"/w/a", "/w/b"}


def test_changing_the_folder_moves_relative_paths() -> None:
    assert only("import os\nos.chdir('/srv')\nopen('x', 'w')", Kind.FS_WRITE).resource.name == "/srv/x"
    assert not only("import os\nos.chdir(input())\nopen('x', 'w')", Kind.FS_WRITE).exact


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nif sys.platform.startswith('win'): print(sys.version_info.major, sys.float_info.max)\n",
        "class A:\n    def __repr__(self):\n        return '{0.__class__.__name__}({0.x})'.format(self)\n",
        "class Base:\n    pass\nfor cls in Base.__subclasses__():\n    print(cls.__name__)\n",
        "def f(a, b): ...\nprint(f.__code__.co_argcount, f.__name__, f.__doc__)\n",
        "import sys\nread = sys.stdin.readline\nn = int(read())\nsys.stdout.write(str(n))\n",
        "class V:\n    def visit(self, node):\n        return getattr(self, 'visit_' + type(node).__name__, self.other)(node)\n    def other(self, node): ...\n",
        "from collections import deque\nd = deque([1])\nd.remove(1)\nd.append(2)\nd.rotate(1)\n",
        "class L:\n    def delete(self, k): ...\n    def remove(self, k): ...\n    def connect(self, o): ...\nl = L()\nl.delete(1)\nl.connect(l)\n",
        "def go(tree, graph, client):\n    tree.delete(1)\n    graph.connect(1, 2)\n    client.execute(3)\n    client.send(4)\n",
        "import functools, operator\nprint(functools.reduce(operator.add, [1, 2]), sorted([1], key=lambda x: -x))\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        with self.assertRaises(ValueError):\n            int('x')\nunittest.main()\n",
        "import doctest\ndef f():\n    '''\n    >>> f()\n    1\n    '''\n    return 1\ndoctest.testmod()\n",
        "import timeit\ndef f(): ...\nprint(timeit.timeit('f()', setup='from __main__ import f', number=9))\n",
        "print(open(0).read(), open('/dev/stdin').read())\n",
    ],
)
def test_everyday_code_only_computes(code: str) -> None:
    assert analyse(code, FACTS) == ()


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
