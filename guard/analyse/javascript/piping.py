"""The program's own `pipe` and `compose` -> what the functions handed to them are called with.

Only what is written as everybody writes it is known: `(...fns) => (x) => fns.reduce((v, f) => f(v), x)`, the same from the right, with
promises, with the value first (`pipe(x, ...fns)`), and `fns.reduce((f, g) => (...args) => g(f(...args)))`.
"""

from __future__ import annotations

from typing import NamedTuple

from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import FUNCTIONS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import ANY, Function, Values, join

PLAIN = frozenset({"arrow_function", "function_declaration", "function_expression"})


class Pipe(NamedTuple):
    """How a call applies the functions it is given: the argument that is the first of them, from which end, and to what."""

    first: int
    from_right: bool
    value: int | None
    """The argument that is the value; None if the call gives a function back, which takes it."""


def pipe_of(ev: Fixpoint, call: Node) -> Pipe | None:
    """How the program's own function that is called applies its arguments one after the other; None for any other call."""
    callee, given = call.field("function"), call.field("arguments")
    binding = callee.scope.find(name_of(ev.tree, callee)) if callee is not None and callee.type == "identifier" else None
    if binding is None or given is None or len(binding.definitions) != 1 or binding.definitions[0].path:
        return None
    maker = binding.definitions[0].node
    if maker.type not in PLAIN or "arguments" in ev.program.identifiers or any(kid.type == "spread_element" for kid in given.kids):
        return None
    return _shape(ev, maker)


def neighbour(ev: Fixpoint, call: Node, pipe: Pipe, argument: Node) -> Values | None:
    """What the function before this one gives back; None if this is the first."""
    functions = call.fields["arguments"].kids[pipe.first :]
    at = next((at for at, kid in enumerate(functions) if kid.start <= argument.start < kid.end), None)
    if at is None:
        return ANY
    before = at + 1 if pipe.from_right else at - 1
    if not 0 <= before < len(functions):
        return None
    return join(*[_returned(ev, value.node) if isinstance(value, Function) else ANY for value in ev.values(functions[before])]) or ANY


def _returned(ev: Fixpoint, function: Node) -> Values:
    returns = ev.program.returns.get(function) if function.type in PLAIN else None
    return join(*[ev.values(given) for given in returns]) if returns else ANY


def _shape(ev: Fixpoint, maker: Node) -> Pipe | None:
    patterns = _parameters(maker)
    rest = patterns[-1] if patterns else None
    name = _plain_name(rest.kids[0]) if rest is not None and rest.type == "rest_pattern" and rest.kids else None
    body = _only_result(ev, maker)
    if name is None or body is None or len(patterns) > 2:
        return None
    inner = _only_result(ev, body) if body.type == "arrow_function" else None
    taken = _parameters(body) if inner is not None else patterns[:-1]
    folded = _folded(ev, body if inner is None else inner, name)
    if folded is None:
        return None
    from_right, step, start = folded
    if start is None:
        nested = _nested(ev, step) if inner is None and len(patterns) == 1 else None
        return None if nested is None else Pipe(0, from_right is not nested, None)
    whole = len(taken) == 1 and _is_name(ev, _unwrapped(ev, start), _plain_name(taken[0])) and _applies(ev, step)
    if not whole or (inner is None) is (len(patterns) == 1):
        return None
    return Pipe(len(patterns) - 1, from_right, 0 if inner is None else None)


def _folded(ev: Fixpoint, node: Node, rest: Node) -> tuple[bool, Node, Node | None] | None:
    """`rest.reduce(step, start)`: whether it is from the right, the step, the start; None if the functions are used in any other way."""
    callee, given = node.field("function"), node.field("arguments")
    prop = callee.field("property") if callee is not None else None
    if callee is None or prop is None or given is None or not 1 <= len(given.kids) <= 2:
        return None
    how, owner = name_of(ev.tree, prop), callee.fields["object"]
    label = name_of(ev.tree, rest)
    mentions = [one for one in ev.program.identifiers.get(label, ()) if one is not rest and one.scope.find(label) is node.scope.find(label)]
    if how not in ("reduce", "reduceRight") or mentions != [owner]:
        return None
    return how == "reduceRight", given.kids[0], given.kids[1] if len(given.kids) == 2 else None


def _applies(ev: Fixpoint, step: Node) -> bool:
    """`(v, f) => f(v)`, `async (v, f) => f(await v)`, `(p, f) => p.then(f)`"""
    names = [_plain_name(pattern) for pattern in _parameters(step)]
    call = _only_result(ev, step)
    if call is None or len(names) != 2 or None in names or call.type != "call_expression":
        return False
    value, function = names
    callee, given = call.fields["function"], call.fields["arguments"].kids
    if len(given) != 1:
        return False
    if callee.type == "member_expression":
        then = name_of(ev.tree, callee.fields["property"]) == "then" and _is_name(ev, callee.fields["object"], value)
        return then and _is_name(ev, given[0], function)
    return _is_name(ev, callee, function) and _is_name(ev, _inside(given[0]), value)


def _nested(ev: Fixpoint, step: Node) -> bool | None:
    """`(f, g) => (...args) => g(f(...args))`: False; `f(g(...args))`: True, what came last is called first; None for anything else."""
    names = [_plain_name(pattern) for pattern in _parameters(step)]
    made = _only_result(ev, step)
    outer = _only_result(ev, made) if made is not None and made.type == "arrow_function" else None
    if made is None or outer is None or len(names) != 2 or outer.type != "call_expression" or len(outer.fields["arguments"].kids) != 1:
        return None
    inner = _inside(outer.fields["arguments"].kids[0])
    taken = _parameters(made)
    given = inner.fields["arguments"].kids if inner.type == "call_expression" else []
    if len(taken) != 1 or len(given) != 1 or taken[0].type.startswith("rest") is not (given[0].type == "spread_element"):
        return None
    passed = taken[0].kids[0] if taken[0].type == "rest_pattern" else taken[0]
    if not _is_name(ev, given[0].kids[0] if given[0].type == "spread_element" else given[0], _plain_name(passed)):
        return None
    first, second = names
    if _is_name(ev, outer.fields["function"], second) and _is_name(ev, inner.fields["function"], first):
        return False
    return True if _is_name(ev, outer.fields["function"], first) and _is_name(ev, inner.fields["function"], second) else None


def _parameters(function: Node) -> list[Node]:
    single, many = function.field("parameter"), function.field("parameters")
    found = [single] if single is not None else list(many.kids) if many is not None else []
    return [_pattern(one) for one in found if one.type not in ("comment",)]


def _pattern(parameter: Node) -> Node:
    inner = parameter.field("pattern") if parameter.type in ("required_parameter", "optional_parameter") else None
    return inner if inner is not None and parameter.field("value") is None else parameter


def _plain_name(pattern: Node) -> Node | None:
    return pattern if pattern.type == "identifier" else None


def _only_result(ev: Fixpoint, function: Node) -> Node | None:
    """What a function gives back, if it does nothing else."""
    body = function.field("body") if function.type in FUNCTIONS else None
    if body is not None and body.type == "statement_block":
        statements = [kid for kid in body.kids if kid.type != "comment"]
        body = statements[0].kids[0] if len(statements) == 1 and statements[0].type == "return_statement" and statements[0].kids else None
    return None if body is None else _inside(body)


def _inside(node: Node) -> Node:
    while node.type in TRANSPARENT and node.type != "spread_element" and node.kids:
        node = node.kids[0]
    return node


def _unwrapped(ev: Fixpoint, node: Node) -> Node:
    """`Promise.resolve(x)`: x"""
    node = _inside(node)
    if (
        node.type == "call_expression"
        and ev.tree.text(node.fields["function"]) == "Promise.resolve"
        and len(node.fields["arguments"].kids) == 1
    ):
        return _inside(node.fields["arguments"].kids[0])
    return node


def _is_name(ev: Fixpoint, node: Node, name: Node | None) -> bool:
    """Whether a node is a mention of a name, which has only one meaning."""
    if name is None or node.type != "identifier" or name_of(ev.tree, node) != name_of(ev.tree, name):
        return False
    binding = node.scope.find(name_of(ev.tree, node))
    return binding is not None and len(binding.definitions) == 1 and binding.definitions[0].kind in ("param", "rest")
