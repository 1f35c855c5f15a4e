"""A call's options: what is set, what is not, and what cannot be told."""

from __future__ import annotations

from guard.analyse.javascript.site import Site
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import HOLE, UNKNOWN, Array, Constant, Object, Values, text
from guard.model import Facts, Span


def site(*arguments: Values) -> Site:
    span = Span(line=1, column=0, end_line=1, end_column=1)
    return Site(name="f", arguments=list(arguments), node=Node("x", 0, 1, None), span=span, facts=Facts(), depth=0)


def test_an_option_that_is_set() -> None:
    assert site((Object({"method": (text("PUT"),)}),)).option(0, "method") == (text("PUT"),)


def test_an_option_that_is_not_set() -> None:
    for argument in ((Object({}),), (Constant(None),), (text("x"),), (Array(()),), ()):
        assert site(argument).option(0, "method") is None


def test_an_option_that_cannot_be_told() -> None:
    for argument in ((Object({}, True),), (UNKNOWN,)):
        assert site(argument).option(0, "method") == (HOLE,)
