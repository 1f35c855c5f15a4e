"""Values: texts with holes, their joins and their bounds."""

from __future__ import annotations

from guard.analyse.javascript.values import (
    HEAVIEST,
    HOLE,
    LIMIT,
    LONGEST,
    UNKNOWN,
    Array,
    Constant,
    Object,
    Ref,
    Text,
    as_text,
    concat,
    join,
    merged,
    number_text,
    overlaid,
    text,
    texts,
)  # fmt: skip


def test_neighbouring_pieces_are_one_and_holes_do_not_repeat() -> None:
    assert merged(["a", "b", None, None, "", "c"]) == Text(("ab", None, "c"))
    assert merged(["", None]) == HOLE
    assert merged([]) == text("")


def test_a_text_knows_its_beginning_and_whether_it_is_whole() -> None:
    partly = Text(("https://a.example/", None))
    assert partly.known == "https://a.example/"
    assert not partly.complete
    assert HOLE.known == ""
    assert partly.shape == "https://a.example/*"


def test_numbers_become_text_as_the_language_writes_them() -> None:
    assert [number_text(value) for value in (1.0, 1.5, True, None)] == ["1", "1.5", "true", "undefined"]
    assert as_text(Array(((text("a"),), (Constant(1.0),)))) == text("a,1")
    assert as_text(UNKNOWN) == HOLE


def test_alternatives_multiply_until_there_are_too_many() -> None:
    two = (text("a"), text("b"))
    assert set(concat([two, two])) == {text("aa"), text("ab"), text("ba"), text("bb")}
    assert any(not value.complete for value in texts(concat([two] * 6)))


def test_too_many_alternatives_are_unknown_but_references_stay() -> None:
    many = tuple(text(str(number)) for number in range(LIMIT + 1))
    assert join(many, (Ref("fetch"),)) == (Ref("fetch"), UNKNOWN)


def test_a_text_that_grows_without_bound_keeps_only_its_beginning() -> None:
    grown = merged(["x" * LONGEST, "y"])
    assert not grown.complete
    assert grown.known.startswith("x")


def test_what_is_spread_over_an_object_counts_whichever_it_is() -> None:
    own = {"p": (text("a"),)}
    over, nothing = Object({"p": (text("b"),)}), Object()
    assert overlaid(own, (over,)) == ({"p": (text("b"),)}, False)
    assert overlaid(own, (Constant(None),)) == (own, False)
    assert overlaid(own, (over, nothing)) == ({"p": (text("b"), text("a"))}, False)
    assert overlaid({}, (over, nothing)) == ({"p": (text("b"), Constant(None))}, False)
    assert overlaid(own, (Object({}, True),)) == ({"p": (text("a"), UNKNOWN)}, True)
    assert overlaid(own, (over, UNKNOWN)) == ({"p": (text("a"), UNKNOWN)}, True)
    assert overlaid(own, ()) == (own, False)


def test_an_array_that_holds_very_many_arrays_is_known_by_what_matters_in_it() -> None:
    nested: Array = Array(((Ref("fetch"),),))
    for _ in range(12):
        nested = Array(((nested,), (nested,)))
    assert nested.weight > HEAVIEST
    assert join((nested,)) == (Array((), True, (Ref("fetch"), UNKNOWN)),)
