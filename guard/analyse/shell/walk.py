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
from guard.analyse.shell.marks import EMPTY, HOLE, SPLIT, TAINT, UNKNOWN, WILD, plain, shown
from guard.analyse.shell.source import Source, prepared
from guard.analyse.shell.state import MAX_NESTING, Shell
from guard.analyse.shell.words import SUBSTITUTIONS, Words
from guard.model import Loop


class Walk:
    """Walks one text for a shell; nested texts get a walk of their own on the same shell."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.words = Words(sh, self._substitute)
        self.assignments = Assignments(sh, self.words)
        self.statements: dict[str, Callable[[Node], str]] = {
            "program": self._sequence, "compound_statement": self._compound, "do_group": self._sequence, "else_clause": self._sequence,
            "list": self._list, "pipeline": self._pipeline, "command": self._command, "redirected_statement": self._redirected,
            "subshell": self._subshell, "negated_command": self._sequence, "if_statement": self._if, "elif_clause": self._if,
            "while_statement": self._while, "for_statement": self._for, "c_style_for_statement": self._while,
            "case_statement": self._case, "function_definition": self._definition, "test_command": self._test,
            "declaration_command": self._declaration, "unset_command": self._unset, "variable_assignment": self._assignment,
            "variable_assignments": self._sequence, "comment": self._nothing,
        }  # fmt: skip

    # --------------------------------------------------------------------------------------------------------------- texts

    def text(self, source: Source) -> str:
        """A whole text: its doubts, its functions, its statements, and the functions that nobody called."""
        sh = self.sh
        before, sh.source = sh.source, source
        for doubt in source.doubts:
            self._locate(doubt.start, doubt.end)
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

    def _locate(self, start: int, end: int) -> None:
        sh = self.sh
        sh.span = sh.at or sh.source.span(start, end)

    # ---------------------------------------------------------------------------------------------------------- statements

    def statement(self, node: Node) -> str:
        """Walks one statement; its output as a word."""
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
        outs = []
        for child in node.named_children:
            out = self.statement(child)
            if child.type != "comment":
                outs.append(out)
            after = child.next_sibling
            if after is not None and after.type == "&" and self.sh.loop is Loop.UNBOUNDED:
                self._locate(child.start_byte, child.end_byte)
                self.sh.opaque("starts background processes in a loop without a known end")
        return "".join(outs)

    def _compound(self, node: Node) -> str:
        if node.children and node.children[0].type == "((":
            self.words.inside(node)
            self.assignments.forget(node)
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
            outs.append(self._second(part, part.prev_sibling))
        return "".join(outs)

    def _second(self, part: Node, operator: Node | None) -> str:
        sh = self.sh
        if sh.entered is not None:
            text = sh.source.text(part)
            leaves = operator is not None and operator.type == "||" and re.match(r"(?:\{\s*)?(?:exit|return|break|continue)\b", text)
            if (operator is not None and operator.type == "&&") or leaves:
                sh.folders = sh.entered
        with sh.maybe():
            before = dict(sh.variables)
            out = self.statement(part)
            if operator is None or operator.type != "&&":
                self._merge(before)
        return out

    def _merge(self, before: dict[str, str | tuple[str, ...]]) -> None:
        """Variables that differ between two ways are unknown afterwards."""
        for name in before.keys() | self.sh.variables.keys():
            now, then = self.sh.variables.get(name), before.get(name)
            if now != then:
                self.sh.variables[name] = TAINT if TAINT in "".join((*(now or ()), *(then or ()))) else HOLE

    def _pipeline(self, node: Node) -> str:
        """Each stage reads what the one before wrote."""
        return self._stages(node.named_children, self.sh.stdin)

    def _stages(self, stages: list[Node], given: str | None) -> str:
        sh = self.sh
        before, out, start = sh.stdin, given, len(sh.effects)
        for stage in stages:
            sh.stdin = out
            with sh.subshell():
                out = self.statement(stage)
            if UNKNOWN.search(out) and sh.flowed(start):
                out = TAINT
        sh.stdin = before
        return out or ""

    # -------------------------------------------------------------------------------------------------------- control flow

    def _if(self, node: Node) -> str:
        sh = self.sh
        done = False
        outs: list[str] = []
        before = dict(sh.variables)
        for child in node.children:
            if child.type == "then":
                done = True
                before = dict(sh.variables)
            elif child.type in ("elif_clause", "else_clause"):
                after, sh.variables = sh.variables, dict(before)
                with sh.maybe():
                    outs.append(self.statement(child))
                self._merge(after)
            elif child.is_named and not done:
                self.statement(child)
            elif child.is_named:
                with sh.maybe():
                    outs.append(self.statement(child))
        self._merge(before)
        return HOLE if any(outs) else ""

    def _while(self, node: Node) -> str:
        sh = self.sh
        self.assignments.forget(node)
        before = dict(sh.variables)
        out = ""
        with sh.looping(Loop.UNBOUNDED):
            for child in node.named_children:
                if child.type == "do_group":
                    with sh.maybe():
                        out += self.statement(child)
                else:
                    self.statement(child) if child.type in self.statements else self.words.inside(child)
        self._merge(before)
        return HOLE if out else ""

    def _for(self, node: Node) -> str:
        sh = self.sh
        name = node.child_by_field_name("variable")
        values = [word for child in node.children_by_field_name("value") for word in self.words.expand(child)]
        self.assignments.forget(node)
        counted = not any(WILD.search(value) for value in values) and bool(values)
        if name is not None:
            sh.variables[sh.source.text(name)] = _common(values)
        before, out = dict(sh.variables), ""
        with sh.looping(Loop.BOUNDED if counted else Loop.UNBOUNDED, len(values) if counted else None), sh.maybe():
            for child in node.named_children:
                if child.type in ("do_group", "compound_statement"):
                    out += self.statement(child)
        self._merge(before)
        return HOLE if out else ""

    def _case(self, node: Node) -> str:
        sh = self.sh
        before, outs = dict(sh.variables), []
        for child in node.named_children:
            if child.type != "case_item":
                self.words.word(child)
                continue
            for part in child.children:
                if part in child.children_by_field_name("value"):
                    self.words.word(part)
                elif part.is_named:
                    with sh.maybe():
                        outs.append(self.statement(part))
            self._merge(before)
        return HOLE if any(outs) else ""

    def _definition(self, _: Node) -> str:
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

    def _command(self, node: Node) -> str:
        sh = self.sh
        before, outer = sh.stdin, sh.span
        self._locate(node.start_byte, node.end_byte)
        words: list[str] = []
        prefixed: list[Node] = []
        silent = False
        sh.computed = _expands(node)
        for child in node.children:
            if child.type == "variable_assignment":
                prefixed.append(child)
            elif child.type == "file_redirect":
                extra, quiet = self._file_redirect(child)
                words += extra
                silent = silent or quiet
            elif child.type == "herestring_redirect":
                sh.stdin = "".join(self.words.text(part) for part in child.named_children) + "\n"
            elif child.type == "heredoc_redirect":
                words += self._heredoc(child)[0]
            elif child.is_named:
                words += self.words.expand(child)
            else:
                words.append(sh.source.text(child))
        out = self._prefixed(prefixed, words)
        sh.stdin, sh.span = before, outer
        return "" if silent else out

    def _prefixed(self, assignments: list[Node], words: list[str]) -> str:
        """A command with assignments before it, or assignments alone (with a redirection, say)."""
        for assignment in assignments:
            self.assignments.assign(assignment, prefix=words[0] if words else None)
        return self.run(words) if words else ""

    def run(self, words: list[str]) -> str:
        """A command by its words: functions, then programs."""
        sh = self.sh
        if not sh.spend():
            return HOLE
        if sh.nesting >= MAX_NESTING:
            sh.opaque("commands start commands too deeply")
            return HOLE
        name, args, rule = words[0], words[1:], sh.rule
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
        return programs.run(Call(name=name, args=args, walker=self))

    def _redirected(self, node: Node) -> str:
        """Redirections, then the command with them; what follows a here-document's start on its line comes after."""
        sh = self.sh
        before, outer = sh.stdin, sh.span
        self._locate(node.start_byte, node.end_byte)
        body = node.child_by_field_name("body")
        silent, words = False, list[str]()
        rest: list[Node] = []
        for child in node.children:
            if child.type == "file_redirect":
                extra, quiet = self._file_redirect(child)
                words += extra
                silent = silent or quiet
            elif child.type == "herestring_redirect":
                sh.stdin = "".join(self.words.text(part) for part in child.named_children) + "\n"
            elif child.type == "heredoc_redirect":
                extra, following, quiet = self._heredoc(child)
                words += extra
                rest += following
                silent = silent or quiet
            elif child.is_named and child is not body and child != body:
                self.statement(child)
        if body is not None and words and body.type in ("command", "declaration_command", "test_command"):
            out = self._with_more(body, words)
        elif body is not None:
            out = self.statement(body)
        else:
            out = self.run(words) if words else ""
        out = "" if silent else out
        sh.stdin, sh.span = before, outer
        for part in rest:
            out = self._stages(part.named_children, out) if part.type == "pipeline" else out + self._second(part, None)
        return out

    def _with_more(self, body: Node, extra: list[str]) -> str:
        """A command whose last words the grammar took for targets of its redirection."""
        words: list[str] = []
        prefixed = []
        for child in body.children:
            if child.type == "variable_assignment":
                prefixed.append(child)
            elif child.type == "file_redirect":
                words += self._file_redirect(child)[0]
            elif child.is_named:
                words += self.words.expand(child)
        return self._prefixed(prefixed, words + extra)

    def _file_redirect(self, node: Node) -> tuple[list[str], bool]:
        """(words that belong to the command, whether its output is gone): reads, writes, connects."""
        sh = self.sh
        before, sh.rule = sh.rule, "sh-redirect"
        operator = next((child.type for child in node.children if not child.is_named), "")
        descriptor = node.child_by_field_name("descriptor")
        destinations = node.children_by_field_name("destination")
        first, rest = (destinations[0], destinations[1:]) if destinations else (None, [])
        out = descriptor is None or sh.source.text(descriptor) == "1"
        if any(child.type == "ERROR" for child in node.children):
            sh.opaque("a redirection that does not parse")
        if first is not None:
            since = len(sh.effects)
            word = self.words.text(first).replace(EMPTY, "")
            if operator in ("<&", ">&") and re.fullmatch(r"\d+-?|-", word):
                out = False
            elif operator in ("<&", ">&") and UNKNOWN.search(word):
                sh.opaque("redirects to what is only known when it runs")
            elif operator.startswith("<"):
                sh.read(word)
                out = False
                if descriptor is None or operator == "<":
                    sh.stdin = "" if plain(word) == "/dev/null" else TAINT if sh.flowed(since) else HOLE
            elif first.type not in SUBSTITUTIONS:
                sh.write(word)
        sh.rule = before
        extra = [word for child in rest for word in self.words.expand(child)]
        return extra, out and first is not None and not operator.startswith("<")

    def _heredoc(self, node: Node) -> tuple[list[str], list[Node], bool]:
        """(words of the command, what follows on the line, output gone) of a here-document, whose text becomes the input."""
        words: list[str] = []
        rest: list[Node] = []
        silent, raw = False, False
        for child in node.children:
            if child.type == "heredoc_start":
                raw = bool(re.search(r"['\"\\]", self.sh.source.text(child)))
            elif child.type == "heredoc_body":
                self.sh.stdin = self.sh.source.text(child) if raw else self.words.body(child)
            elif child.type == "file_redirect":
                extra, quiet = self._file_redirect(child)
                words += extra
                silent = silent or quiet
            elif child.type in self.statements:
                rest.append(child)
            elif child.is_named and child.type not in ("heredoc_end", "file_descriptor"):
                words += self.words.expand(child)
        return words, rest, silent

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
            return TAINT if sh.flowed(since) or TAINT in out else HOLE
        return out

    def _redirected_alone(self, node: Node) -> str:
        """A statement of a substitution; `$(< file)` is one that only reads."""
        if node.type == "file_redirect":
            self._file_redirect(node)
            return HOLE
        return self.statement(node)

    def _test(self, node: Node) -> str:
        """`[ … ]`, `[[ … ]]`: looks at files."""
        self._locate(node.start_byte, node.end_byte)
        before, self.sh.rule = self.sh.rule, "sh-test"
        todo = list(node.named_children)
        while todo:
            part = todo.pop()
            operator = part.child_by_field_name("operator")
            if part.type == "unary_expression" and operator is not None and operator.type == "test_operator":
                letter = self.sh.source.text(operator)
                for child in part.named_children:
                    if child.type != "test_operator":
                        word = self.words.word(child)
                        if letter[1:] in tuple("abcdefghkprstuwxLNOSG"):
                            self.sh.look(word.replace(EMPTY, ""))
            elif part.type in ("binary_expression", "parenthesized_expression", "negation_expression", "unary_expression"):
                todo += part.named_children
            elif part.type not in ("test_operator", "extglob_pattern"):
                self.words.word(part)
        self.sh.rule = before
        return ""

    def _assignment(self, node: Node) -> str:
        self._locate(node.start_byte, node.end_byte)
        self.assignments.assign(node, prefix=None)
        return ""

    def _declaration(self, node: Node) -> str:
        self._locate(node.start_byte, node.end_byte)
        self.assignments.declare(node)
        return ""

    def _unset(self, node: Node) -> str:
        self._locate(node.start_byte, node.end_byte)
        self.assignments.unset(node)
        return ""


def _common(values: list[str]) -> str:
    """What a loop variable is: one value, or what its values have in common at the start."""
    if len(values) == 1:
        return values[0].replace(SPLIT, HOLE)
    if not values:
        return HOLE
    first, last = min(values), max(values)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    start = WILD.split(first[:same], maxsplit=1)[0]
    return start + (TAINT if any(TAINT in value for value in values) else HOLE)


def _expands(node: Node) -> bool:
    """Whether words of a command come out of expansions."""
    todo = list(node.children)
    while todo:
        part = todo.pop()
        if part.type in ("simple_expansion", "expansion", *SUBSTITUTIONS):
            return True
        todo += part.children
    return False


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
