"""Whole programs: everyday code only computes, and the net under what was lost from sight."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Effect, Facts, Kind

FACTS = Facts(workspace="/w", home="/home/dev")


def only(code: str, kind: Kind) -> Effect:
    found = [effect for effect in analyse(code, FACTS) if effect.kind is kind]
    assert len(found) == 1, found
    return found[0]


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


def test_a_range_of_more_than_a_machine_can_count_is_one() -> None:
    found = analyse("for n in range(1 << 70):\n    print(n)\nx = range(10**30)\n", FACTS)
    assert all(effect.kind in (Kind.ANSWER, Kind.COMPUTE) for effect in found)
