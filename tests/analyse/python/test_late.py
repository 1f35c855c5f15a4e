"""What runs late is read with what is there when somebody goes through it, and gives no more than that."""

from __future__ import annotations

import pytest

from guard.analyse.python.parse import parse
from guard.analyse.python.statements import Interpreter
from tests.analyse.python.test_outside import FACTS, written

EACH = "for path in late:\n    open(path, 'w')\n"


@pytest.mark.parametrize(
    "made",
    [
        "late = (path for path in paths)",
        "late = [(path for path in paths)][0]",
        "def give():\n    for path in paths:\n        yield path\nlate = give()",
        "def give(those):\n    yield from those\nlate = give(paths)",
        "late = map(str, paths)",
        "late = filter(None, paths)",
        "late = reversed(paths)",
        "import itertools\nlate = itertools.chain(paths)",
        "late = (one for one in (path for path in paths))",
        "box = {1: (path for path in paths)}\nlate = box[1]",
    ],
)
@pytest.mark.parametrize(
    "changed", ["paths.append('b')", "same = paths\nsame += ['b']", "def change(those): those.insert(0, 'b')\nchange(paths)"]
)
def test_what_is_put_into_a_list_after_a_generator_was_made_of_it_comes_out(made: str, changed: str) -> None:
    assert written(f"paths = ['a']\n{made}\n{changed}\n{EACH}") == {"/w/a", "/w/b"}


@pytest.mark.parametrize(("view", "target"), [("values()", "path"), ("items()", "_, path")])
def test_a_view_of_a_dictionary_shows_what_is_put_into_it_later(view: str, target: str) -> None:
    code = f"paths = {{'k': 'a'}}\nlate = paths.{view}\npaths['k'] = 'b'\nfor {target} in late:\n    open(path, 'w')\n"
    assert written(code) == {"/w/a", "/w/b"}


@pytest.mark.parametrize(
    "through", ["list(late)", "any(late)", "[*late]", "print(*late)", "one, = late", "next(late)", "late.send(None)", "None in late"]
)
def test_a_generator_sees_the_names_that_are_bound_when_it_runs(through: str) -> None:
    code = f"path = 'a'\nlate = (open(path, 'w') for _ in range(1))\npath = 'b'\n{through}\npath = 'c'\n"
    assert written(code) == {"/w/a", "/w/b"}


def test_what_nobody_is_seen_to_go_through_runs_at_the_end() -> None:
    assert written("path = 'a'\nlate = (open(path, 'w') for _ in range(1))\npath = 'b'\n") == {"/w/a", "/w/b"}


def test_what_was_gone_through_before_the_change_does_not_see_it() -> None:
    assert written(f"paths = ['a']\nlate = (path for path in paths)\n{EACH}paths.append('b')\n") == {"/w/a"}


def test_where_nothing_changes_nothing_is_read_anew() -> None:
    run = Interpreter(FACTS, 0)
    run.program(parse("paths = ['a']\nlate = map(str, (path for path in paths))\ncount = 1\nfor path in late:\n    open(path, 'w')\n"))
    assert run.late
    assert not run.renewed
