"""A call that was read is read anew where something that it depends on has changed, and nowhere else."""

from __future__ import annotations

import pytest

from guard.analyse.python.parse import parse
from guard.analyse.python.statements import Interpreter
from tests.analyse.python.test_outside import FACTS, written

GET = "def get():\n    return path\n"


def renewed(code: str) -> int:
    run = Interpreter(FACTS, 0)
    run.program(parse(code))
    return run.renewed


@pytest.mark.parametrize(
    "code",
    [
        GET + "path = 'a'\nopen(get(), 'w')\npath = 'b'\nopen(get(), 'w')\npath = 'c'\n",
        "def get():\n    return box['k']\nbox = {'k': 'a'}\nopen(get(), 'w')\nbox['k'] = 'b'\nopen(get(), 'w')\nbox['k'] = 'c'\n",
        "def get():\n    return paths[-1]\npaths = ['a']\nopen(get(), 'w')\nsame = paths\nsame.append('b')\nopen(get(), 'w')\n",
        "class C:\n    path = 'a'\n    def get(self):\n        return self.path\nc = C()\nopen(c.get(), 'w')\nc.path = 'b'\nopen(c.get(), 'w')\n",
        "def outer():\n    path = 'a'\n    def get():\n        return path\n    open(get(), 'w')\n    path = 'b'\n    open(get(), 'w')\nouter()\n",
        "def inner():\n    return 'a'\ndef get():\n    return inner()\nopen(get(), 'w')\ndef inner():\n    return 'b'\nopen(get(), 'w')\n",
        "def get(path):\n    return lambda kept=path: open(kept, 'w')\nfor go in [get('a'), get('b')]:\n    go()\n",
    ],
)
def test_the_same_call_gives_what_it_gives_by_then(code: str) -> None:
    assert written(code) == {"/w/a", "/w/b"}


@pytest.mark.parametrize(
    "code",
    [
        "def fill(those):\n    those.append('b')\none, other = ['a'], ['a']\nfill(one)\nfill(other)\n",
        "def same(those):\n    return those\none, other = ['a'], ['a']\nsame(one)\nsame(other).append('b')\n",
        "class Kept:\n    pass\ndef keep(those):\n    Kept.those = those\none, other = ['a'], ['a']\nkeep(one)\nkeep(other)\nKept.those.append('b')\n",
    ],
)
def test_what_a_call_does_to_a_list_it_does_to_each_that_it_is_given(code: str) -> None:
    assert written(f"{code}for path in other:\n    open(path, 'w')\n") == {"/w/a", "/w/b"}


def test_a_call_binds_a_name_once_more_that_was_bound_otherwise_in_between() -> None:
    code = "def back():\n    global path\n    path = 'a'\nback()\npath = 'b'\nback()\nopen(path, 'w')\n"
    assert written(code) == {"/w/a"}


def test_what_a_cache_may_have_kept_is_given_too() -> None:
    code = f"import functools\nwhere = input()\npath = f'/srv/{{where}}'\n@functools.cache\n{GET}get()\npath = 'a'\nopen(get(), 'w')\n"
    assert written(code) == {"/srv", "/w/a"}


@pytest.mark.parametrize(
    "between",
    [
        "",
        "other = 'b'\n",
        "paths = ['b']\npaths.append('c')\n",
        "class C: pass\nc = C()\nc.path = 'b'\n",
        "def put():\n    path = 'b'\nput()\n",
    ],
)
def test_what_the_call_does_not_depend_on_does_not_count(between: str) -> None:
    assert not renewed(f"path = 'a'\n{GET}open(get(), 'w')\n{between}open(get(), 'w')\n")
