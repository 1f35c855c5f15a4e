"""Arrays that grow: by their own name, under another one, and otherwise."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import UNKNOWN, text
from tests.analyse.javascript.test_evaluate import value_of


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
    ],
)
def test_an_array_that_is_changed_otherwise_under_another_name_is_not_believed(code: str) -> None:
    assert UNKNOWN in value_of("list[0]", code)
