"""Whether a program goes on with what a condition asks for (`if (hidden) read(name)`), or leaves it out (`if (hidden) continue`).

What cannot be told is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import FUNCTIONS, Program
from guard.analyse.javascript.syntax import Node

_LEAVES = frozenset({"continue_statement", "break_statement", "throw_statement"})
_SAME = frozenset({"parenthesized_expression", "as_expression", "non_null_expression", "await_expression"})
_NOTHING = frozenset({"null", "undefined", "false", "0", '""', "''", "[]", "{}", "void 0"})
_TRUE = frozenset({"true", "1", "!0"})
DEEPEST = 3
"""Through so many names of what conditions give is looked."""


def is_wanted(program: Program, asked: Node, *, negated: bool = False, deep: int = 0) -> bool:
    """Whether the program goes on with what `asked` is true of."""
    node, true = asked, not negated
    for _ in range(32):
        use = node.parent
        if use is None:
            return True
        if use.type == "unary_expression" and program.tree.text(use).startswith("!"):
            true = not true
        elif use.type == "if_statement":
            return _goes_on(program, use, node, true=true, deep=deep)
        elif use.type == "ternary_expression" and use.field("condition") is node:
            branch = use.field("consequence" if true else "alternative")
            return branch is None or program.tree.text(branch) not in _NOTHING
        elif use.type in FUNCTIONS or use.type == "return_statement":
            return _is_given_wanted(program, use, true=true, deep=deep)
        elif use.type == "variable_declarator" and use.field("value") is node:
            return _are_wanted(program, use.field("name"), true=true, deep=deep, called=False)
        elif use.type == "expression_statement":
            return true or node.type == "binary_expression"
        elif use.type not in _SAME and use.type != "binary_expression":
            return true
        node = use
    return True


def _goes_on(program: Program, choice: Node, condition: Node, *, true: bool, deep: int) -> bool:
    """Of `if (condition) … else …`: whether anything but leaving is done where it holds."""
    then, otherwise = choice.field("consequence"), choice.field("alternative")
    if condition is not choice.field("condition") or then is None:
        return True
    *before, only = then.kids if then.type == "statement_block" and then.kids else [then]
    if not all(_only_tells(program, one) for one in before):
        return True
    if only.type == "return_statement":
        given = program.tree.text(only.kids[0]) if only.kids else ""
        if given in _NOTHING | _TRUE:  # a function that tells those who call it
            return _is_given_wanted(program, only, true=true == (given in _TRUE), deep=deep)
    leaves = only.type in _LEAVES or (only.type == "return_statement" and not only.kids)
    return not leaves if true else leaves or otherwise is not None


def _only_tells(program: Program, statement: Node) -> bool:
    """`console.log("skips", name)`, of nothing that is called or stored, and of the console that everybody knows."""
    waiting, told = [statement], program.tree.text(statement).startswith("console.") and statement.scope.find("console") is None
    for _, holder in program.stores:
        told = told and program.tree.text(holder) != "console"
    calls = 0
    while waiting and told:
        node = waiting.pop()
        calls += node.type in ("call_expression", "new_expression", "await_expression", "assignment_expression", "yield_expression")
        waiting += node.kids
    return told and calls == 1


def _is_given_wanted(program: Program, use: Node, *, true: bool, deep: int) -> bool:
    """Whether what a function gives is wanted by those who call it by its name; where it is handed on as it is, it tells what is chosen."""
    function: Node | None = use
    while function is not None and function.type not in FUNCTIONS:
        function = function.parent
    if function is None:
        return True
    holder = function.parent
    named = function.field("name")
    if named is None and holder is not None and holder.type == "variable_declarator":
        named = holder.field("name")
    if named is None:
        return true
    return _are_wanted(program, named, true=true, deep=deep, called=True)


def _are_wanted(program: Program, named: Node | None, *, true: bool, deep: int, called: bool) -> bool:
    """Whether one of the mentions of a name, or of its calls, is."""
    if named is None or named.type != "identifier" or deep >= DEEPEST:
        return True
    return any(is_wanted(program, one, negated=not true, deep=deep + 1) for one in _mentions(program, named, called=called))


def _mentions(program: Program, named: Node, *, called: bool) -> Iterator[Node]:
    for mention in program.identifiers.get(name_of(program.tree, named), ()):
        use = mention.parent
        if mention is named or use is None or use.field("name") is mention:
            continue
        yield use if called and use.field("function") is mention else mention
