"""Redirections and here-documents: what they read, write and connect to, and what the command then reads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node

from guard.analyse.shell.call import place_of
from guard.analyse.shell.control import Statements
from guard.analyse.shell.marks import EMPTY, HOLE, TAINT, UNKNOWN, plain
from guard.analyse.shell.source import Source
from guard.analyse.shell.state import MAX_NESTING, MAX_VALUE

_EXPANDS = re.compile(rb"(?<!\\)(?:\\\\)*\$[A-Za-z_0-9({@*#?!$-]")
_RECORDS = re.compile(
    r"^(?:/private)?/var/log/|^/Library/Logs/|^/run/log/|/var/(?:spool/)?mail/|[~/]\.\w*_history$|/fish_history$|/[uwb]tmp$"
)
"""Files that tell what was done; who writes over them takes that away."""
_BACKQUOTED = re.compile(r"(?<!\\)`((?:\\.|[^`\\])*)`", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+(?=\$)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirection:
    """What one redirection means for its command: words of the command that the grammar put into it, the statements that follow a
    here-document's start on its line, and whether the command's output goes elsewhere."""

    words: list[str]
    following: list[Node]
    silent: bool
    sinks: tuple[tuple[Source, Node], ...] = ()
    """Process substitutions that read the command's output."""
    file: str | None = None
    """The file that gets the command's output."""
    doubles: bool = False
    """Whether another descriptor goes where the output goes, or went: what is written there comes along."""


def _is_descriptor(word: str) -> bool:
    """Whether a file's name may be that of an open descriptor (`/dev/stdout`, `/proc/self/fd/1`): its output goes on from there."""
    last = word.rpartition("/")[2]
    return last.isdigit() or last in ("stdout", "stderr", "tty") or bool(UNKNOWN.search(word))


def _by_lines(text: str) -> bool:
    """Whether no expansion of a here-document goes over lines: in one that does, the blanks of a line may be part of code."""
    return "<<" not in text and not any(
        line.endswith("\\")
        or any(line.count(left) != line.count(right) for left, right in ("()", "{}"))
        or any(line.count(mark) % 2 for mark in ("`\"'" if re.search(r"\$[({]", line) else "`"))
        for line in text.split("\n")
    )


def several_inputs(*nodes: Node | None) -> bool:
    """Whether redirections, which the grammar puts into different nodes, give one command several inputs: the last one is meant."""
    parts = [child for node in nodes if node is not None for child in node.children]
    taken = [part for part in parts if part.type == "file_redirect" and any(child.type in ("<", "<&", "<>") for child in part.children)]
    texts = [part for part in parts if part.type in ("herestring_redirect", "heredoc_redirect", "heredoc_start")]
    return bool(taken and texts)


class Redirects:
    """Reports redirections and gives what they mean for the command."""

    def __init__(self, walk: Statements) -> None:
        self.walk = walk

    def of(self, node: Node) -> Redirection | None:
        """A redirection of any kind; None if the node is none."""
        match node.type:
            case "file_redirect":
                return self.file(node)
            case "heredoc_redirect":
                return self.heredoc(node)
            case "herestring_redirect":
                self.walk.sh.stdin = "".join(self.walk.words.text(part) for part in node.named_children) + "\n"
                return Redirection(words=[], following=[], silent=False)
        return None

    def file(self, node: Node) -> Redirection:
        """A file or descriptor: reads, writes, connects."""
        sh = self.walk.sh
        before, sh.rule = sh.rule, "sh-redirect"
        operator = next((child.type for child in node.children if not child.is_named), "")
        descriptor = node.child_by_field_name("descriptor")
        destinations = node.children_by_field_name("destination")
        first, rest = (destinations[0], destinations[1:]) if destinations else (None, [])
        out = descriptor is None or sh.source.text(descriptor) == "1"
        sinks: tuple[tuple[Source, Node], ...] = ()
        file, given, word = None, None, ""
        if descriptor is not None and re.fullmatch(r"\d{2,}", sh.source.text(descriptor)):
            sh.moved = True
        if any(child.type == "ERROR" for child in node.children):
            sh.opaque("a redirection that does not parse")
        if first is not None:
            since = len(sh.effects)
            given = self.walk.words.substitute(sh, first) if operator == "<" and first.type == "process_substitution" else None
            word = self.walk.words.text(first).replace(EMPTY, "") if given is None else "-"
            if operator in ("<&", ">&") and re.fullmatch(r"\d+-?|-", word):
                held = sh.texts.get(f"/dev/fd/{word}") if operator == "<&" else None
                if operator == "<&" and word not in ("-", "0"):  # the descriptor may have been given any file since
                    sh.stdin = (held or "") + TAINT
                sinks = tuple(sh.sinks) if operator == ">&" and word not in ("1", "2") else ()
                out = False
            elif operator in ("<&", ">&") and UNKNOWN.search(word):
                sh.opaque("redirects to what is only known when it runs")
                sinks = tuple(sh.sinks)
                sh.stdin = TAINT if operator == "<&" else sh.stdin
            elif operator.startswith("<"):
                sh.read(word)
                out = False
                if given is not None and descriptor is not None and sh.source.text(descriptor) != "0":
                    sh.texts[f"/dev/fd/{sh.source.text(descriptor)}"] = given
                elif given is not None:
                    sh.stdin = given
                elif descriptor is None or operator == "<":
                    sh.stdin = "" if plain(word) == "/dev/null" else TAINT if sh.flowed(since) else HOLE
            elif first.type != "process_substitution":
                sh.write(word)
                if operator in (">", ">|", "&>") and _RECORDS.search(plain(word)):
                    sh.delete(word, "puts something else in the place of")
                file = word if operator in (">", ">>", ">|", "&>") and out else None
            elif sh.source.text(first).lstrip().startswith(">("):
                sinks = ((sh.source, first),)
                sh.sinks += sinks
        sh.rule = before
        extra = [word for child in rest for word in self.walk.words.expand(child)]
        silent = out and first is not None and not operator.startswith("<") and not (given is None and _is_descriptor(word))
        doubles = operator == ">&" and descriptor is not None and word == "1"
        return Redirection(words=extra, following=[], silent=silent, sinks=sinks, file=file, doubles=doubles)

    def goes(self, found: list[Redirection], out: str) -> str:
        """Where the output of a command goes: a file holds it then, commands that read it are walked with it. Gives what is left of it."""
        if out and not UNKNOWN.match(out):
            for redirection in found:
                if redirection.file is not None or redirection.sinks:
                    self._kept(redirection, out)
        doubled = any(redirection.doubles for redirection in found)
        return "" if not doubled and any(redirection.silent for redirection in found) else out

    def _kept(self, redirection: Redirection, out: str) -> None:
        sh = self.walk.sh
        if redirection.file is not None:
            place = place_of(redirection.file)
            sh.texts[place] = (sh.texts.get(place, "") + out)[-MAX_VALUE:]
        if sh.nesting >= MAX_NESTING:
            return
        sh.nesting += 1
        for source, node in redirection.sinks:
            before, stdin = sh.source, sh.stdin
            sh.source, sh.stdin = source, out
            with sh.maybe(), sh.subshell():
                for child in node.named_children:
                    self.walk.statement(child)
            sh.source, sh.stdin = before, stdin
        sh.nesting -= 1

    def _body(self, body: Node) -> str:
        """The text of a here-document in which there may be expansions."""
        sh = self.walk.sh
        first = body.children[0].start_byte if body.children else body.end_byte
        texts = [(body.start_byte, first), *((part.start_byte, part.end_byte) for part in body.children if part.type == "heredoc_content")]
        if not any(_EXPANDS.search(sh.source.data[start:end]) for start, end in texts):
            out = self.walk.words.body(body)
            self._backquoted(body)
            return out
        # Where a line begins with blanks and an expansion the grammar misses that one: so it is read without the blanks.
        whole = sh.source.text(body)
        text, end = _INDENT.sub("", whole), "E"
        begins = sh.source.data[body.start_byte - 1 : body.start_byte] == b"\n"
        if (begins and text == whole) or (text != whole and not _by_lines(whole)):
            sh.opaque("a here-document that cannot be read")
            return TAINT
        while end in text:
            end += "E"
        return self.walk.code(f"cat <<{end}\n{text}\n{end}\n", shared=True)

    def _backquoted(self, body: Node) -> None:
        """Commands in backquotes, which the grammar takes for text in a here-document."""
        sh, whole = self.walk.sh, self.walk.sh.source.text(body)
        if body.children and not any(child.type == "heredoc_content" and "`" in sh.source.text(child) for child in body.children):
            return
        for command in _BACKQUOTED.findall(whole):
            self.walk.code(command)
        if re.search(r"(?<!\\)`", _BACKQUOTED.sub("", whole)):
            sh.opaque("a here-document in which a backquote has no other")

    def heredoc(self, node: Node) -> Redirection:
        """A here-document, whose text becomes the input."""
        words: list[str] = []
        rest: list[Node] = []
        silent, raw, doubles = False, False, False
        sinks: tuple[tuple[Source, Node], ...] = ()
        file: str | None = None
        if several_inputs(node):
            self.walk.sh.opaque("a command is given several inputs")
        for child in node.children:
            if child.type == "heredoc_start":
                raw = bool(re.search(r"['\"\\]", self.walk.sh.source.text(child)))
            elif child.type == "heredoc_body":
                self.walk.sh.stdin = self.walk.sh.source.text(child) if raw else self._body(child)
            elif child.type == "file_redirect":
                found = self.file(child)
                words += found.words
                silent, doubles = silent or found.silent, doubles or found.doubles
                sinks, file = (*sinks, *found.sinks), found.file or file
            elif child.type in self.walk.statements:
                rest.append(child)
            elif child.is_named and child.type not in ("heredoc_end", "file_descriptor"):
                words += self.walk.words.expand(child)
        return Redirection(words=words, following=rest, silent=silent, sinks=sinks, file=file, doubles=doubles)
