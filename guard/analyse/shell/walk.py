"""Syntax tree -> effects: statements, control flow, redirections, functions. Programs themselves are in `programs`.

The tree is not deeper than `source.MAX_DEPTH` here, so the walk may recurse; commands are counted, and so is the nesting of texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tree_sitter import Node

from guard.analyse.embedded import DEPTH
from guard.analyse.shell import programs
from guard.analyse.shell.assign import Assignments
from guard.analyse.shell.call import Call
from guard.analyse.shell.commands import Commands
from guard.analyse.shell.control import Control, numeric
from guard.analyse.shell.marks import HOLE, NUMBER, TAINT, UNKNOWN, WILD, counted, located, measured, number_or_name, plain, shown
from guard.analyse.shell.source import Source, prepared
from guard.analyse.shell.state import MAX_ARGUMENTS, MAX_NESTING, Shell
from guard.analyse.shell.words import SUBSTITUTIONS, Words
from guard.model import Loop


class Walk:
    """Walks one text for a shell; nested texts get a walk of their own on the same shell."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.words = Words(sh, self._substitute)
        self.assignments = Assignments(sh, self.words)
        self.control = Control(self)
        self.commands = Commands(self)
        self.statements: dict[str, Callable[[Node], str]] = {
            "program": self._sequence,
            "compound_statement": self._compound,
            "do_group": self._sequence,
            "else_clause": self._sequence,
            "list": self._list,
            "pipeline": self._pipeline,
            "command": self.commands.command,
            "redirected_statement": self.commands.redirected,
            "subshell": self._subshell,
            "negated_command": self._sequence,
            "if_statement": self.control.branch,
            "elif_clause": self.control.branch,
            "while_statement": self.control.repeat,
            "for_statement": self.control.each,
            "c_style_for_statement": self.control.repeat,
            "case_statement": self.control.case,
            "function_definition": self._definition,
            "test_command": self.commands.test,
            "declaration_command": self._declaration,
            "unset_command": self._unset,
            "variable_assignment": self._assignment,
            "variable_assignments": self._sequence,
            "comment": self._nothing,
        }

    # --------------------------------------------------------------------------------------------------------------- texts

    def text(self, source: Source) -> str:
        """A whole text: its doubts, its functions, its statements, and the functions that nobody called."""
        sh = self.sh
        before, sh.source = sh.source, source
        sh.smuggles = sh.smuggles or _SMUGGLED.search(source.data) is not None
        for doubt in source.doubts:
            sh.locate(doubt.start, doubt.end)
            sh.opaque(doubt.note)
        out = HOLE
        if source.walkable:
            fresh = self._hoist(source)
            out = self.statement(source.root)
            for name in fresh:
                if name not in sh.called:
                    with sh.maybe(), sh.subshell():
                        sh.positional = None
                        self.call_function(name)
            hidden, sh.later = sh.later[:MAX_NESTING], []
            for text in hidden:
                with sh.maybe():
                    self.code(text)
        sh.source = before
        return out

    def code(self, text: str, *, positional: tuple[str, ...] | None = None, shared: bool = False) -> str:
        """Shell text inside shell text; the reviewer sees the outer one, so its span is the outer one's."""
        sh = self.sh
        if sh.depth >= DEPTH or sh.nesting >= MAX_NESTING:
            sh.opaque("runs shell text nested too deeply")
            return HOLE
        before = sh.at, sh.span, sh.stdin
        sh.at = sh.at or sh.span
        sh.depth += 1
        try:
            if shared:
                return self.text(prepared(text))
            with sh.subshell():
                sh.positional = positional
                return self.text(prepared(text))
        finally:
            sh.depth -= 1
            sh.at, sh.span, sh.stdin = before

    def _hoist(self, source: Source) -> list[str]:
        """Makes all functions of a text known; a name that is defined twice has both bodies."""
        names = []
        todo = [source.root]
        while todo:
            node = todo.pop()
            if node.type == "function_definition":
                name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
                if name is not None and body is not None:
                    self.sh.functions.setdefault(source.text(name), []).append((source, body))
                    names.append(source.text(name))
            todo += node.named_children
        return names

    # ---------------------------------------------------------------------------------------------------------- statements

    def statement(self, node: Node) -> str:
        """Walks one statement; its output as a word."""
        redirected = self.commands.around(node)
        if redirected is not None:
            return self.commands.of_last(redirected, node)
        handler = self.statements.get(node.type)
        if handler is not None:
            return handler(node)
        if node.type in ("ERROR", *SUBSTITUTIONS) or node.named_children:
            if node.type in SUBSTITUTIONS:
                return self._substitute(self.sh, node)
            return self._fragments(node)
        if node.type in ("word", "concatenation", "string") and node.parent is not None and node.parent.type == "ERROR":
            return self._words_in_error(node)
        return ""

    def _fragments(self, node: Node) -> str:
        """Text that did not parse, or an expression: whatever commands it holds. Its words may be one, too."""
        bare = [child for child in node.named_children if child.type in ("word", "concatenation", "string", "number", "command_name")]
        if node.type == "ERROR" and bare and bare[0].type in ("word", "command_name"):
            with self.sh.maybe():
                self.run([word for child in bare for word in self.words.expand(child)])
        for child in node.named_children:
            if child.type in self.statements or child.type == "ERROR" or child.named_children:
                self.statement(child)
        if node.type in ("simple_expansion", "expansion"):
            self.words.word(node)
        return HOLE

    def _words_in_error(self, node: Node) -> str:
        self.words.word(node)
        return HOLE

    def _nothing(self, _: Node) -> str:
        return ""

    def _sequence(self, node: Node) -> str:
        sh = self.sh
        outs = []
        for child in node.named_children:
            out = self.statement(child)
            if child.type != "comment":
                outs.append(out)
            after = child.next_sibling
            if after is not None and after.type == "&" and self.sh.loop is Loop.UNBOUNDED:
                sh.locate(child.start_byte, child.end_byte)
                self.sh.opaque("starts background processes in a loop without a known end")
        return "".join(outs)

    def _compound(self, node: Node) -> str:
        if node.children and node.children[0].type == "((":
            held = self.words.inside(node)
            self.sh.computes(self.sh.source.text(node), held)
            return ""
        return self._sequence(node)

    def _subshell(self, node: Node) -> str:
        with self.sh.subshell():
            return self._sequence(node)

    def _list(self, node: Node) -> str:
        """`a && b`, `a || b`: what comes second may happen."""
        parts = [node]
        while parts[0].type == "list" and parts[0].named_child_count:
            head = parts[0]
            parts = [head.named_children[0], *head.named_children[1:], *parts[1:]]
        outs = [self.statement(parts[0])]
        for part in parts[1:]:
            outs.append(self.second(part, part.prev_sibling))
        return "".join(outs)

    def second(self, part: Node, operator: Node | None) -> str:
        sh = self.sh
        if sh.entered is not None:
            text = sh.source.text(part)
            leaves = operator is not None and operator.type == "||" and re.match(r"(?:\{\s*)?(?:exit|return|break|continue)\b", text)
            if (operator is not None and operator.type == "&&") or leaves:
                sh.folders = sh.entered
        with sh.maybe():
            before = dict(sh.variables)
            checked = numeric(sh, part.prev_named_sibling) if operator is not None and operator.type == "&&" else ()
            sh.variables |= dict.fromkeys(checked, NUMBER)
            out = self.statement(part)
            if operator is None or operator.type != "&&" or checked:
                sh.merge(before)
        return out

    def _pipeline(self, node: Node) -> str:
        """Each stage reads what the one before wrote."""
        return self.stages(node.named_children, self.sh.stdin)

    def stages(self, stages: list[Node], given: str | None) -> str:
        sh = self.sh
        before, out, start = sh.stdin, given, len(sh.effects)
        for stage in stages:
            sh.stdin, since = out, len(sh.effects)
            with sh.subshell():
                out = self.statement(stage)
            if counted(sh.stdin) and UNKNOWN.search(out) and not sh.flowed(since) and _narrows(sh.source.text(stage)):
                out = number_or_name(sh.stdin or "")
            elif UNKNOWN.search(out) and (sh.flowed(start) or TAINT in (sh.stdin or "")) and not counted(out) and not measured(out):
                out = out.replace(HOLE, TAINT) if located(out) else TAINT
        sh.stdin = before
        return out or ""

    def _definition(self, node: Node) -> str:
        """Its body is walked where it is called; what it is redirected to is told here."""
        before = self.sh.stdin
        for child in node.children:
            self.commands.redirects.of(child)
        self.sh.stdin = before
        return ""

    def call_function(self, name: str) -> str:
        """Walks all bodies of a function; a function in itself is walked once more with unknown arguments, then not."""
        sh = self.sh
        sh.called.add(name)
        times = sh.calling.count(name)
        if times >= 2 or sh.nesting >= MAX_NESTING:
            return HOLE
        if times:
            sh.positional = None
            if any(_forks(body) for _, body in sh.functions[name]):
                sh.opaque(f"the function {name} starts itself again beside itself")
        sh.calling.append(name)
        sh.nesting += 1
        before, outs = (sh.source, sh.positional), []
        for source, body in sh.functions[name][:4]:
            sh.source = source
            outs.append(self.statement(body))
        sh.source, sh.positional = before
        sh.nesting -= 1
        sh.calling.pop()
        return outs[0] if len(outs) == 1 else HOLE

    # ------------------------------------------------------------------------------------------------- commands and redirects

    def run(self, words: list[str]) -> str:
        """A command by its words: functions, then programs."""
        sh = self.sh
        if not words or not sh.spend():
            return HOLE
        if sh.nesting >= MAX_NESTING:
            sh.opaque("commands start commands too deeply")
            return HOLE
        if len(words) > MAX_ARGUMENTS:
            sh.opaque(f"more than {MAX_ARGUMENTS} words in one command: the rest is not analysed")
        name, args, rule = words[0], words[1:MAX_ARGUMENTS], sh.rule
        sh.entered = None
        sh.nesting += 1
        try:
            if WILD.search(name):
                sh.rule = "sh-computed"
                sh.opaque(f"the name of the command is only known when it runs: {shown(name) or '…'}")
                return HOLE
            name = plain(name)
            if name in sh.functions:
                before, sh.positional = sh.positional, tuple(args)
                out = self.call_function(name)
                sh.positional = before
                return self._program(name, args) and HOLE if programs.known(name) else out
            return self._program(name, args)
        finally:
            sh.nesting -= 1
            sh.rule = rule

    def _program(self, name: str, args: list[str]) -> str:
        out = programs.run(Call(name=name, args=args, walker=self))
        return out.replace(HOLE, TAINT) if any(TAINT in arg for arg in args) else out

    # --------------------------------------------------------------------------------------------- substitutions and assignments

    def _substitute(self, sh: Shell, node: Node) -> str:
        """The output of `$(…)`, `` `…` ``, `<(…)`; tainted if what it runs read a file or a secret."""
        since, before = len(sh.effects), sh.stdin
        raw = sh.source.text(node).strip()
        with sh.subshell():
            if raw.startswith("`") and "\\" in raw:
                out = self.code(re.sub(r"\\([`$\\])", r"\1", raw[1:-1]), positional=sh.positional, shared=True)
            else:
                sh.stdin = HOLE if raw.startswith(">(") else sh.stdin
                out = "".join([self._redirected_alone(child) for child in node.named_children])
        sh.stdin = before
        if UNKNOWN.search(out):
            return number_or_name(out) if counted(out) else TAINT if sh.flowed(since) or TAINT in out else HOLE
        return out

    def _redirected_alone(self, node: Node) -> str:
        """A statement of a substitution; `$(< file)` is one that only reads."""
        if node.type == "file_redirect":
            self.commands.redirects.file(node)
            return HOLE
        return self.statement(node)

    def _assignment(self, node: Node) -> str:
        sh = self.sh
        sh.locate(node.start_byte, node.end_byte)
        self.assignments.assign(node, prefix=None)
        return ""

    def _declaration(self, node: Node) -> str:
        sh = self.sh
        sh.locate(node.start_byte, node.end_byte)
        self.assignments.declare(node)
        return ""

    def _unset(self, node: Node) -> str:
        sh = self.sh
        sh.locate(node.start_byte, node.end_byte)
        self.assignments.unset(node)
        return ""


_NARROWS = re.compile(
    r"(?:head|tail|sort|uniq|cut|tac|wc|nl|column|[ef]?grep|xargs\s*$|tr\s+-[cd]*d[cd]*\s|(?:tr|sed|g?awk|bc|numfmt|paste|rev|fold)\b(?!.*(?:[\[\\`]|%c)))"
    r"|sed\s+(?:-[nEr]+\s+)?(['\"])s(.)(?:(?!\2).)*\2\2g?\1\s*$",
    re.DOTALL,
)
"""Stages that make no formula of numbers: they leave out, put in order, and write no bracket."""


def _narrows(stage: str) -> bool:
    return _NARROWS.match(re.sub(r"\\[nt ]", " ", stage)) is not None


_SMUGGLED = re.compile(rb"\[[^]\n]{0,60}\\(?:\$\(|`)|'[^'\n]{0,80}\[[^]'\n]{0,60}(?:\$\(|`|@P)")
"""An index with a command in it, in quotes or behind a backslash: text, until arithmetic evaluates it."""


def _forks(body: Node) -> bool:
    todo = [body]
    while todo:
        node = todo.pop()
        if node.type in ("&", "pipeline", "command_substitution"):
            return node.type != "command_substitution"
        todo += node.children
    return False


def analyse_text(sh: Shell) -> None:
    """All effects of the shell's text go into the shell."""
    Walk(sh).text(sh.source)
