"""Arrays that grow: by their own name, under another one, and otherwise."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, text
from tests.analyse.javascript.test_evaluate import value_of
from tests.analyse.javascript.test_parameters import _probed


def test_an_array_that_grows_holds_what_is_pushed() -> None:
    assert value_of("list[0]", "const list = ['a']; list.push('b');") == (text("a"),)
    assert value_of("list[1]", "const list = ['a']; list.push('b');") == (text("b"),)
    assert UNKNOWN in value_of("list[1]", "const list = ['a']; list.push(...q);")


@pytest.mark.parametrize(
    "code",
    [
        "const list = ['a']; const other = list; other.push('b');",
        "const list = ['a']; add(list); function add(to) { to.push('b'); }",
        "const list = ['a']; const o = { list }; o.list.push('b');",
    ],
)
def test_an_array_to_which_is_only_pushed_under_another_name_holds_what_is_pushed(code: str) -> None:
    assert set(value_of("list[0]", code)) == {text("a"), text("b")}


@pytest.mark.parametrize(
    "code",
    [
        "const list = ['a']; const other = list; other.unshift(x);",
        "const list = ['a']; const other = list; other[0] = x;",
        "const list = ['a']; const other = list; other.push(x);",
        "const list = ['a']; const other = list; other.push(...x);",
        "const list = ['a']; const other = list; other.push(1); keep(list);",
        "const list = ['a']; const other = list; other.push.call(list, x);",
        "const list = ['a']; const other = list; other['push'](x);",
        "const list = ['a']; const other = list; other.push(1); Array.prototype.push.call(list, x);",
        "const list = ['a']; const other = list; const add = other.push; other.push(1); add.call(list, x);",
        "const list = ['a']; const other = list; other.push(1); other['push'](x);",
        "const list = ['a']; const other = list; other.push(1); Reflect.apply([].push, list, [x]);",
        "const list = ['a']; const other = list; other.push(1); other[key](x);",
        "const list = ['a']; const add = list.push.bind(list); add(x);",
        "const list = ['a']; list.forEach((one, at, all) => { all[at] = x });",
        "const list = ['a']; list.map((one, at, all) => all.push(x));",
        "const list = ['a']; list.reduce((sum, one, at, all) => { all.unshift(x) }, 0);",
        "const list = ['a']; list.some(function () { arguments[2].fill(x) });",
        "const list = ['a']; list.forEach(spoil); function spoil(one, at, all) { all[at] = x }",
        "import { chain } from 'lodash'; const list = ['a']; chain(list).push(x).value();",
    ],
)
def test_an_array_that_is_changed_otherwise_under_another_name_is_not_believed(code: str) -> None:
    assert UNKNOWN in value_of("list[0]", code)


@pytest.mark.parametrize("mover", ["sort", "shift", "reverse", "pop"])
def test_what_is_pushed_may_stand_anywhere_once_elements_move(mover: str) -> None:
    for code in (f"list.push('b'); list.{mover}();", f"list.{mover}(); list.push('b');"):
        assert set(value_of("list[0]", f"const list = ['a']; {code}")) == {text("a"), text("b")}


@pytest.mark.parametrize(
    "code", ["const other = list; other.reverse();", "(it => it.sort())(list);", "[list][0].shift();", "list.length--;"]
)
def test_elements_that_move_under_another_name_may_stand_anywhere(code: str) -> None:
    found = set(value_of("list[0]", f"const list = ['a', 'b']; {code}"))
    assert {text("a"), text("b")} <= found or UNKNOWN in found


def test_a_callback_may_get_what_another_call_of_it_put_there() -> None:
    assert UNKNOWN in _probed("['a', 'b'].forEach((one, at, all) => { all[at + 1] = x; probe(one) });")
    assert _probed("['a'].forEach((one, at) => { probe(one) });") == (text("a"),)
