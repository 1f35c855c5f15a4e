"""What tells values apart, however they are put together."""

from __future__ import annotations

from guard.analyse.python.likeness import is_plain, key_of, says_anything, shape
from guard.analyse.python.values import NONE, UNKNOWN, Const, Function, Instance, Seq, Union, Value


def test_values_that_say_the_same_have_one_key() -> None:
    assert key_of(Seq([Const("a"), Const(1)])) == key_of(Seq([Const("a"), Const(1)])) != key_of(Seq([Const("b"), Const(1)]))


def test_a_web_of_values_is_told_apart_in_bounded_time() -> None:
    web: Value = Const("a")
    for _ in range(60):
        web = Union((Instance("io.File", web), Instance("io.Text", web)))
    assert key_of(web) == id(web)
    rows: Value = Const("a")
    for _ in range(60):
        rows = Seq([rows] * 8)
    assert key_of(rows) == id(rows) == shape(rows, numbered=False)


def test_a_container_of_numbers_and_none_says_nothing_and_one_with_a_function_does() -> None:
    assert not says_anything(Seq([Const(1), NONE, Const(True), Seq([UNKNOWN])]), is_plain)
    assert says_anything(Seq([Const(1), Const("a")]), is_plain)
    function = Function.__new__(Function)
    assert says_anything(Seq([Const(1), Seq([function])]), is_plain)
