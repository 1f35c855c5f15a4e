"""Simple commands: their words in order, assignments before them, redirections around them, and tests."""

from __future__ import annotations

from tree_sitter import Node

from guard.analyse.shell import programs
from guard.analyse.shell.control import Statements
from guard.analyse.shell.marks import EMPTY, HOLE, SEVERAL, TAINT, WILD
from guard.analyse.shell.redirects import Redirection, Redirects, several_inputs
from guard.analyse.shell.source import last_command, lone_dash
from guard.analyse.shell.words import SUBSTITUTIONS


class Commands:
    """Walks commands; what they are is for `programs`."""

    def __init__(self, walk: Statements) -> None:
        self.walk = walk
        self.redirects = Redirects(walk)
        self._around: dict[int, Node] = {}
        """Last commands of lists and pipelines -> the redirections that the grammar puts around the whole."""

    def command(self, node: Node) -> str:
        sh = self.walk.sh
        if [child.type for child in node.children] == ["command_name", "subshell"] and sh.source.text(node.children[0]) == "time":
            return self.walk.statement(node.children[1])  # the grammar does not know this word of bash
        before, outer, streams = sh.stdin, sh.span, sh.streams
        sh.streams = {}
        sh.locate(node.start_byte, node.end_byte)
        words: list[str] = []
        prefixed: list[Node] = []
        redirections: list[Redirection] = []
        sh.computed = _expands(node)
        several = False
        for child in node.children:
            if child.type == "variable_assignment":
                prefixed.append(child)
            elif (found := self.redirects.of(child)) is not None:
                words += found.words
                redirections.append(found)
            elif child.is_named:
                more = self.walk.words.expand(child)
                if child.type == "process_substitution" and sh.source.text(child).startswith(">("):  # `tee >(command)`
                    redirections.append(Redirection(words=[], following=[], silent=False, sinks=((sh.source, child),)))
                several = several or (child.type != "string" and any(SEVERAL.search(word) for word in more))
                words += more
            else:
                words.append(sh.source.text(child))
        sh.several = several
        out = self._prefixed(prefixed, words)
        if words and WILD.search(words[0]):
            self._guessed(words, sh.source.text(node))
        if redirections:
            out = self.redirects.goes(redirections, out)
        sh.stdin, sh.span, sh.streams = before, outer, streams
        return out

    def _guessed(self, words: list[str], text: str) -> None:
        """A name that is only known when it runs: the commands that it plainly means are told besides, as what may happen."""
        for name in programs.guesses(words[0], text)[:3]:
            with self.walk.sh.maybe():
                self.walk.run([name, *words[1:]])

    def _prefixed(self, assignments: list[Node], words: list[str]) -> str:
        """A command with assignments before it, or assignments alone (with a redirection, say)."""
        for assignment in assignments:
            self.walk.assignments.assign(assignment, prefix=words[0] if words else None)
        return self.walk.run(words) if words else ""

    def redirected(self, node: Node) -> str:
        """Redirections, and what they are of: the last command, where the grammar puts them around a whole list or pipeline."""
        body = node.child_by_field_name("body")
        last = last_command(body)
        if last is None or body is None or last == body:
            return self._redirected(node, body)
        self._around[last.id] = node
        out = self.walk.statement(body)
        return out if self._around.pop(last.id, None) is None else self._redirected(node, last)

    def around(self, part: Node) -> Node | None:
        """The redirections that stand around a list or pipeline and are of this last part of it; asked once."""
        return self._around.pop(part.id, None)

    def of_last(self, node: Node, part: Node) -> str:
        """Walks the last part with the redirections that stand around the whole."""
        return self._redirected(node, part)

    def _redirected(self, node: Node, body: Node | None) -> str:
        """Redirections, then the command with them; what follows a here-document's start on its line comes after."""
        sh = self.walk.sh
        before, outer = sh.stdin, sh.span
        sh.locate(node.start_byte, node.end_byte)
        whole = node.child_by_field_name("body")
        dash = whole is not None and lone_dash(sh.source.data, body, whole.next_sibling)
        while body is not None and body.type == "negated_command" and body.named_child_count:  # `! time 2>&1 command`
            body = body.named_children[-1]
        if several_inputs(node, body if body is not None and body.type == "command" else None):
            sh.opaque("a command is given several inputs")
        words, redirections = ["-"] if dash else list[str](), list[Redirection]()
        rest: list[Node] = []
        for child in node.children:
            if (found := self.redirects.of(child)) is not None:
                words += found.words
                rest += found.following
                redirections.append(found)
            elif child.is_named and child != whole:
                self.walk.statement(child)
        if body is not None and words and body.type in ("command", "declaration_command", "test_command"):
            out = self._with_more(body, words)
        else:
            out = self.walk.statement(body) if body is not None else ""
            out = self.walk.run(words) if words else out
        out = self.redirects.goes(redirections, out)
        sh.stdin, sh.span = before, outer
        for part in rest:
            out = self.walk.stages(part.named_children, out) if part.type == "pipeline" else out + self.walk.second(part, None)
        return out

    def _with_more(self, body: Node, extra: list[str]) -> str:
        """A command whose last words the grammar took for targets of its redirection."""
        words: list[str] = []
        prefixed = []
        for child in body.children:
            if child.type == "variable_assignment":
                prefixed.append(child)
            elif child.type == "file_redirect":
                words += self.redirects.file(child).words
            elif child.is_named:
                words += self.walk.words.expand(child)
        return self._prefixed(prefixed, words + extra)

    def test(self, node: Node) -> str:
        """`[ … ]`, `[[ … ]]`: looks at files."""
        sh = self.walk.sh
        sh.locate(node.start_byte, node.end_byte)
        before, self.walk.sh.rule = self.walk.sh.rule, "sh-test"
        doubled = sh.source.text(node).startswith("[[")
        todo = list(node.named_children)
        while todo:
            part = todo.pop()
            if part.type == "unary_expression" and (letter := self._test_operator(part)):
                for child in part.named_children:
                    if child.type != "test_operator":
                        self._tested(letter, self.walk.words.word(child))
            elif part.type == "binary_expression" and doubled and self._test_operator(part) in _COMPARES:
                held = "".join([self.walk.words.word(child) for child in part.named_children if child.type != "test_operator"])
                sh.evaluates(sh.source.text(part), held)
            elif part.type == "binary_expression" and doubled and any(child.type == "=~" for child in part.children):
                held = "".join([self.walk.words.word(child) for child in part.named_children[:1]])
                sh.assign("BASH_REMATCH", TAINT if TAINT in held else HOLE)
                todo += part.named_children[1:]
            elif part.type in ("binary_expression", "parenthesized_expression", "negation_expression", "unary_expression"):
                todo += part.named_children
            elif part.type not in ("test_operator", "extglob_pattern"):
                self.walk.words.word(part)
        self.walk.sh.rule = before
        return ""

    def _test_operator(self, part: Node) -> str:
        operator = part.child_by_field_name("operator")
        return self.walk.sh.source.text(operator) if operator is not None and operator.type == "test_operator" else ""

    def _tested(self, letter: str, word: str) -> None:
        if letter[1:] in tuple("abcdefghkprstuwxLNOSG"):
            self.walk.sh.look(word.replace(EMPTY, ""))
        elif letter in ("-v", "-R"):
            self.walk.sh.named(word.replace(EMPTY, ""))


_COMPARES = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
"""Comparisons of numbers: `[[` evaluates both sides as arithmetic."""


def _expands(node: Node) -> bool:
    """Whether words of a command come out of expansions."""
    todo = list(node.children)
    while todo:
        part = todo.pop()
        if part.type in ("simple_expansion", "expansion", *SUBSTITUTIONS):
            return True
        todo += part.children
    return False
