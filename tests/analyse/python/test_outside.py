"""What functions take from outside is watched: where it changes they are read again, where nothing does the first reading stands."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.analyse.python.outside import Outside
from guard.analyse.python.parse import parse
from guard.analyse.python.statements import Interpreter
from guard.analyse.python.values import Const, Instance, Seq, Union, Value
from guard.model import Facts, Kind

FACTS = Facts(workspace="/w", home="/home/dev")
GO = "import functools, os\ndef go():\n    open(path, 'w')\n"
ITEM = "import functools, os\ndef go(box):\n    open(box['k'], 'w')\nbox = {'k': 'a'}\n"


def written(code: str) -> set[str]:
    return {effect.resource.name for effect in analyse(code, FACTS) if effect.kind is Kind.FS_WRITE}


@pytest.mark.parametrize(
    "code",
    [
        GO + "path = 'a'\ngo()\npath = 'b'\ngo()\n",
        GO + "path = 'a'\ngo()\nif input():\n    path = 'b'\n",
        GO + "path = 'a'\ngo()\nglobals()['path'] = 'b'\n",
        GO + "path = 'a'\ngo()\nexec(\"path = 'b'\")\ngo()\n",
        GO + "path = 'a'\ndef turn():\n    global path\n    path = 'b'\ngo()\nturn()\ngo()\n",
        "def run():\n    path = 'a'\n    def go():\n        open(path, 'w')\n    go()\n    path = 'b'\n    go()\nrun()\n",
        "def run():\n    path = 'a'\n    def go():\n        open(path, 'w')\n    def turn():\n        nonlocal path\n        path = 'b'\n"
        "    go()\n    turn()\n    go()\nrun()\nopen('a', 'w')",
        "class C:\n    def go(self):\n        open(self.path, 'w')\nc = C()\nc.path = 'a'\nc.go()\nc.path = 'b'\nc.go()\n",
        "class C:\n    path = 'a'\n    def go(self):\n        open(self.path, 'w')\nC().go()\nC.path = 'b'\nC().go()\n",
        "class C:\n    def name(self):\n        return 'a'\nc = C()\ndef go():\n    open(c.name(), 'w')\ngo()\nC.name = lambda self: 'b'\ngo()\n",
        "paths = ['a']\ndef go():\n    for path in paths:\n        open(path, 'w')\ngo()\npaths.append('b')\ngo()\n",
        "box = {'k': ['a']}\ndef go():\n    for path in box['k']:\n        open(path, 'w')\ngo()\nbox['k'].append('b')\ngo()\n",
        "import __main__\npath = 'a'\ndef go():\n    open(__main__.path, 'w')\ngo()\npath = 'b'\ngo()\n",
        "path = 'a'\ndef go():\n    from __main__ import path as p\n    open(p, 'w')\ngo()\npath = 'b'\ngo()\n",
        ITEM + "go(box)\nbox['k'] = 'b'\ngo(box)\n",
        ITEM + "[go(one) for one in (box,)]\nbox.update(k='b')\n[go(one) for one in (box,)]\n",
        ITEM + "later = functools.partial(go, box)\nlater()\nbox['k'] = 'b'\nlater()\n",
        "def go(box={'k': 'a'}):\n    open(box['k'], 'w')\n    box['k'] = 'b'\ngo()\ngo()\n",
        "def box():\n    return {'k': 'a'}\ndef go():\n    open(box()['k'], 'w')\nmine = box()\nmine['k'] = 'b'\ngo()\nopen('b', 'w')\n",
    ],
)
def test_what_a_function_saw_and_what_it_may_see_later_are_both_read(code: str) -> None:
    assert written(code) == {"/w/a", "/w/b"}


def test_a_folder_that_is_changed_between_two_calls_counts_for_the_second() -> None:
    assert written("import os\ndef go():\n    open('x', 'w')\ngo()\nos.chdir('/srv')\ngo()\n") == {"/w/x", "/srv/x"}


def test_a_library_that_is_imported_later_gives_methods_their_meaning() -> None:
    code = "def go(table):\n    open('x').read()\n    table.bulk_write([])\ngo(mystery)\nimport pymongo\ngo(mystery)\n"
    assert {effect.kind for effect in analyse(code, FACTS)} == {Kind.FS_READ, Kind.SQL_INSERT}


def test_what_is_handed_on_by_a_call_that_was_only_looked_at_first_is_seen() -> None:
    code = "import os\ndef go():\n    open('x')\n    keep(os.remove)\n    return 1\nprint(isinstance(go(), int))\ngo()\n"
    assert {Kind.FS_DELETE, Kind.OPAQUE} & {effect.kind for effect in analyse(code, FACTS)}


@pytest.mark.parametrize(
    "code",
    [
        "import json\nLIMIT = 3\ndef load(path):\n    with open(path) as file:\n        return json.load(file)[:LIMIT]\n"
        "def main():\n    rows = load('a.json')\n    print(rows)\nif __name__ == '__main__':\n    main()\n",
        "class Store:\n    def __init__(self, path):\n        self.path = path\n    def read(self):\n        return open(self.path).read()\n"
        "store = Store('a')\nprint(store.read())\nprint(store.read())\n",
        "import os\ndef go(paths):\n    for path in paths:\n        os.remove(path)\nnames = ['a', 'b']\ngo(names)\ngo(names)\nnames = []\n",
    ],
)
def test_a_program_in_which_nothing_changes_is_not_read_twice(code: str) -> None:
    run = Interpreter(FACTS, 0)
    run.program(parse(code))
    assert run.effectful
    assert run.outside.same(run.scopes(), run.imported)


def test_what_comes_in_by_many_ways_is_looked_at_once() -> None:
    web: Value = Const("a")
    for _ in range(60):
        web = Union((Instance("io.File", web), Instance("io.Text", web)))
    held = Seq([web])
    outside = Outside()
    outside.value(held)
    assert list(outside.containers) == [id(held)]
