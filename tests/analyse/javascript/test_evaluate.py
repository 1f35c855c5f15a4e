"""What an expression can be: literals with their holes, spreads and computed keys, and operators."""

from __future__ import annotations

from guard.analyse.javascript.declarations import program_of
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.syntax import parse
from guard.analyse.javascript.values import UNKNOWN, Ref, Values, text


def evaluator(code: str) -> Evaluator:
    tree = parse(code, ("javascript", "typescript"))
    assert tree is not None
    return Evaluator(program_of(tree), lambda name: None, lambda function, index: None, "/workspace")


def value_of(source: str, before: str = "") -> Values:
    """The values of an expression after some statements."""
    found = evaluator(f"{before}\nprobe({source});")
    call = next(n for n in found.program.order if n.type == "call_expression" and found.tree.text(n).startswith("probe("))
    return found.values(call.fields["arguments"].kids[0])


def test_a_spread_array_is_its_elements_and_what_is_spread_from_outside_leaves_it_open() -> None:
    assert value_of("[...['a'], 'b'][1]") == (text("b"),)
    assert UNKNOWN in value_of("[...q, 'b'][1]")


def test_a_hole_in_an_array_literal_shifts_nothing_unseen() -> None:
    assert UNKNOWN in value_of("[, 'b'][0]")
    assert text("b") in value_of("[, 'b'][1]")


def test_a_computed_key_is_folded_and_one_that_is_not_known_may_replace_any() -> None:
    assert value_of("o.ab", "const o = {['a' + 'b']: 'x'};") == (text("x"),)
    assert UNKNOWN in value_of("o.ab", "const o = {ab: 'x', [k]: 'y'};")


def test_an_option_that_is_stored_later_is_among_its_values() -> None:
    values = value_of("o.method", "const o = {method: 'GET'}; o.method = 'DELETE';")
    assert {text("GET"), text("DELETE")} <= set(values)


def test_an_or_gives_either_side_and_an_and_what_is_not_truthy_or_the_right() -> None:
    assert set(value_of("fetch || 'b'")) == {Ref("fetch"), text("b")}
    assert value_of("fetch && 'b'") == (text("b"),)
