"""Assignments, declarations and `unset`: what variables are known to be, and which of them poison later commands."""

from __future__ import annotations

import re

from tree_sitter import Node

from guard.analyse.shell import programs
from guard.analyse.shell.environment import HIDDEN_COMMAND, ORDINARY
from guard.analyse.shell.marks import HOLE, TAINT, UNKNOWN, plain
from guard.analyse.shell.state import MAX_COMMANDS, Shell
from guard.analyse.shell.words import Words


class Assignments:
    """Assigns for one shell."""

    def __init__(self, sh: Shell, words: Words) -> None:
        self.sh = sh
        self.words = words

    def assign(self, node: Node, *, prefix: str | None) -> None:
        """`name=value`; `prefix` is the command that it stands before, if it does."""
        name_node, value_node = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name_node is None:
            return
        text = self.sh.source.text(node)
        name = self.sh.source.text(name_node)
        if not re.match(r"[A-Za-z_]", name):
            self.sh.opaque(f"{name[:60]!r} is no name of a variable: a shell takes the whole word for a command")
        appended = text[len(name) :].startswith("+=")
        if name_node.type == "subscript":
            held = self.words.inside(name_node)
            name, _, index = name.partition("[")
            if name not in self.sh.maps:
                self.sh.evaluates(index, held)
            value = self._value(value_node)
            self.sh.poisoned(name, value if isinstance(value, str) else HOLE, prefix)
            self.sh.variables[name] = TAINT if TAINT in str(value) else HOLE
            return
        value = self._value(value_node)
        if name == "IFS" and (kept := re.fullmatch(r'IFS="?\$(\w+)"?', text)):
            value = self.sh.variables.get(kept[1], value)  # put back as it was kept, white space and all
        self.sh.poisoned(name, value if isinstance(value, str) else HOLE, prefix)
        if name in self.sh.integers and isinstance(value, str):
            self.sh.evaluates(value, value)
        if prefix is not None:
            return
        if appended:
            value = self._appended(name, value)
        self.sh.keep(name, value)

    def _value(self, node: Node | None) -> str | tuple[str, ...]:
        if node is None:
            return ""
        if node.type == "array":
            words = tuple(word for child in node.named_children for word in self.words.expand(child))
            for word in words:
                if re.match("[\\[\x04][^]]*\\]=", word):
                    self.sh.evaluates(plain(word).partition("]")[0])
            return words
        return self.words.text(node).replace("\x11", "")

    def _appended(self, name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        old = self.sh.variables.get(name, HOLE)
        if isinstance(value, tuple):
            return ((*old, *value) if isinstance(old, tuple) else HOLE) if len(old) + len(value) < MAX_COMMANDS else HOLE
        return (old + value if isinstance(old, str) else HOLE) if len(old) + len(value) < 65536 else HOLE

    def declare(self, node: Node) -> None:
        """`export`, `declare`, `local`, `readonly`, `typeset` with what they assign."""
        keyword = self.sh.source.text(node.children[0]) if node.children else ""
        flags, named = "", 0
        before = dict(self.sh.variables)
        for child in node.children[1:]:
            text = self.sh.source.text(child)
            if child.type == "variable_assignment":
                named += 1
                after, self.sh.variables = self.sh.variables, dict(before)  # all words are expanded before anything is assigned
                name = text.split("=", 1)[0].rstrip("+").split("[", 1)[0]
                self._typed(flags, name)
                self.assign(child, prefix=None)
                after[name] = self.sh.variables.get(name, HOLE)
                self.sh.variables = after
                self._restrict(flags, name)
            elif child.type == "variable_name":
                named += 1
                self._typed(flags, text)
                self._restrict(flags, text)
                if "p" in flags and text not in self.sh.variables and text not in ORDINARY:
                    self.sh.env(text)
                if keyword in ("local", "declare", "typeset") and "p" not in flags:
                    self.sh.variables[text] = HOLE if flags else ""
            elif text.startswith(("-", "+")):
                flags += text
            elif child.is_named:
                named += 1
                self._computed(self.words.expand(child))
        if "f" in flags and keyword == "export" and not self._harmless(node.children[1:]):
            self.sh.opaque("exports a function into the environment of other commands")
        if not named and keyword != "local" and "f" not in flags and "F" not in flags:
            self.sh.env("")

    def _harmless(self, words: list[Node]) -> bool:
        """Whether only functions of this text are exported, under names that no program has: other commands do not know them."""
        names = [self.sh.source.text(word) for word in words]
        names = [name for name in names if not name.startswith("-")]
        return bool(names) and all(name in self.sh.functions and not programs.known(name) and "/" not in name for name in names)

    def _typed(self, flags: str, name: str) -> None:
        """Attributes that say what is done with what a variable is given."""
        for letter, names in (("i", self.sh.integers), ("A", self.sh.maps)):
            if re.search(rf"-\w*{letter}", flags):
                names.add(name)

    def _restrict(self, flags: str, name: str) -> None:
        """Attributes that change values as they are assigned: the value is not what was written."""
        if "n" in flags and "-" in flags:
            self.sh.opaque("declares a name that stands for another variable")
        if re.search(r"-\w*[nluicA]", flags):
            self.sh.variables[name] = HOLE

    def _computed(self, words: list[str]) -> None:
        """Assignments among the words of a declaration (`export $x`, `declare "a=b"`)."""
        for word in words:
            name, equals, value = word.partition("=")
            if UNKNOWN.search(name):
                self.sh.opaque("declares a variable whose name is only known when it runs")
                continue
            self.sh.named(name)
            if HIDDEN_COMMAND.search(plain(value)):
                self.sh.opaque("the value of a variable holds a command")
            if equals:
                self.sh.poisoned(plain(name), value)
                self.sh.keep(plain(name), value)

    def unset(self, node: Node) -> None:
        for child in node.named_children:
            for word in [self.sh.source.text(child)] if child.type == "variable_name" else self.words.expand(child):
                self.sh.removed(word)

    def forget(self, node: Node) -> None:
        """Before a loop: what its body assigns is not known on any later pass."""
        todo = [node]
        while todo:
            part = todo.pop()
            if part.type == "variable_assignment":
                name = part.child_by_field_name("name")
                if name is not None:
                    self._lost(self.sh.source.text(name).split("[", 1)[0])
            elif part.type == "variable_name" and part.parent is not None and part.parent.type not in ("simple_expansion", "expansion"):
                self._lost(self.sh.source.text(part))
            elif part.type == "command":
                self._forget_command(part)
            todo += part.named_children

    def _forget_command(self, node: Node) -> None:
        words = [self.sh.source.text(child) for child in node.named_children]
        if any(word in ("cd", "pushd", "popd") for word in words[:2]):
            self.sh.folders = ()
        if words and words[0] in ("read", "mapfile", "readarray", "printf", "getopts", "shift", "let", "local", "set"):
            if words[0] in ("shift", "set"):
                self.sh.positional = None
            for word in words[1:]:
                self._lost(word.split("=", 1)[0])

    def _lost(self, name: str) -> None:
        old = self.sh.variables.get(name, "")
        if re.fullmatch(r"[A-Za-z_]\w*", name):
            self.sh.variables[name] = TAINT if TAINT in "".join(old) else HOLE
