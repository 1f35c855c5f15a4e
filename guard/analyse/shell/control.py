"""Control flow: branches that may happen, loops that happen more than once, and what variables are known to be afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from tree_sitter import Node

from guard.analyse.shell.assign import Assignments
from guard.analyse.shell.call import Walker
from guard.analyse.shell.marks import HOLE, NUMBER, TAINT, WILD, in_common
from guard.analyse.shell.state import Shell
from guard.analyse.shell.words import Words
from guard.model import Loop


class Statements(Walker, Protocol):
    """The walk, as far as the parts of it need each other."""

    words: Words
    assignments: Assignments
    statements: dict[str, Callable[[Node], str]]

    def statement(self, node: Node) -> str:
        """Walks one statement; its output as a word."""
        ...

    def second(self, part: Node, operator: Node | None) -> str:
        """Walks what follows `&&` or `||`."""
        ...

    def stages(self, stages: list[Node], given: str | None) -> str:
        """Walks the stages of a pipeline, of which the first reads `given`."""
        ...


MAX_TURNS = 12
"""Loops over so few words, nested ones multiplied, are walked word by word."""


_NUMERIC = re.compile(
    r"\[\[\s+\"?\$\{?([A-Za-z_]\w*)\}?\"?\s+=~\s+\^(?:\[-?\+?-?\]\?|-\?)?(?:\[0-9\]|\[\[:digit:\]\])[+*]\$\s+\]\]"
    r"(?:\s*&&\s*(?:\(\((?:[^=|&()]|[<>=!]=)*\)\)|\[\[[^|&\]]*\]\]))*"
)
"""A test that a variable is a number, and tests behind `&&` that give it no other value."""


def numeric(sh: Shell, test: Node | None) -> tuple[str, ...]:
    """The variable that a test (`[[ $n =~ ^[0-9]+$ ]]`, alone or before `&&`) has found to hold a number and nothing else."""
    match = _NUMERIC.fullmatch(sh.source.text(test).strip()) if test is not None and test.type in ("test_command", "list") else None
    if match is None or re.search(rb"\b%b\[" % match[1].encode(), sh.source.data):  # of an array one element is tested
        return ()
    return (match[1],)


class Control:
    """Walks branches and loops."""

    def __init__(self, walk: Statements) -> None:
        self.walk = walk
        self._turns = 1
        """Turns of the loops around, as far as they are walked one by one."""

    def branch(self, node: Node) -> str:
        sh = self.walk.sh
        done = False
        outs: list[str] = []
        before = dict(sh.variables)
        for child in node.children:
            if child.type == "then":
                done = True
                before = dict(sh.variables)
                sh.variables |= dict.fromkeys(numeric(sh, child.prev_named_sibling), NUMBER)
            elif child.type in ("elif_clause", "else_clause"):
                after, sh.variables = sh.variables, dict(before)
                with sh.maybe():
                    outs.append(self.walk.statement(child))
                sh.merge(after)
            elif child.is_named and not done:
                self.walk.statement(child)
            elif child.is_named:
                with sh.maybe():
                    outs.append(self.walk.statement(child))
        sh.merge(before)
        return HOLE if any(outs) else ""

    def repeat(self, node: Node) -> str:
        sh = self.walk.sh
        self.walk.assignments.forget(node)
        if node.type == "c_style_for_statement":
            sh.computes(sh.source.text(node).split("))", 1)[0])
        before = dict(sh.variables)
        out = ""
        with sh.looping(Loop.UNBOUNDED):
            for child in node.named_children:
                if child.type == "do_group":
                    with sh.maybe():
                        out += self.walk.statement(child)
                else:
                    self.walk.statement(child) if child.type in self.walk.statements else self.walk.words.inside(child)
        sh.merge(before)
        return HOLE if out else ""

    def each(self, node: Node) -> str:
        sh = self.walk.sh
        name = node.child_by_field_name("variable")
        values = [word for child in node.children_by_field_name("value") for word in self.walk.words.expand(child)]
        self.walk.assignments.forget(node)
        if any(child.type == "select" for child in node.children):
            sh.assign("REPLY", TAINT)
        counted = not any(WILD.search(value) for value in values) and bool(values)
        one_by_one = counted and 1 < len(values) * self._turns <= MAX_TURNS
        turns, self._turns = self._turns, self._turns * (len(values) if one_by_one else 1)
        before, out = dict(sh.variables), ""
        with sh.looping(Loop.BOUNDED if counted else Loop.UNBOUNDED, len(values) if counted else None), sh.maybe():
            for value in values if one_by_one else [in_common(values), *[value for value in values if sh.secret(value)][:MAX_TURNS]]:
                if name is not None:
                    sh.assign(sh.source.text(name), value)
                for child in node.named_children:
                    if child.type in ("do_group", "compound_statement"):
                        out += self.walk.statement(child)
        self._turns = turns
        sh.merge(before)
        return HOLE if out else ""

    def case(self, node: Node) -> str:
        sh = self.walk.sh
        before, outs = dict(sh.variables), []
        for child in node.named_children:
            if child.type != "case_item":
                self.walk.words.word(child)
                continue
            for part in child.children:
                if part in child.children_by_field_name("value"):
                    self.walk.words.word(part)
                elif part.is_named:
                    with sh.maybe():
                        outs.append(self.walk.statement(part))
            sh.merge(before)
        return HOLE if any(outs) else ""
