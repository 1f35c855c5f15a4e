"""Simple dataflow: does what a secret or a file holds flow into an effect that leaves the program?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guard.analyse.javascript import library
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import Ref
from guard.model import Class, Effect, Kind

SOURCES = frozenset({Kind.FS_READ, Kind.SECRET_READ})
LEAVING = frozenset({Kind.TOOL_WRITE, Kind.TOOL_DESTRUCTIVE, Kind.PROC_EXEC, Kind.SQL_INSERT, Kind.SQL_UPDATE})
READING = frozenset({"read", "open", "bun-file"})
INPUT = re.compile(r"(?:process|Deno|Bun)\.stdin\b|prompt\b")
"""What is typed or piped into a program; reading it is no effect."""
MOST = 3000


class Taint:
    """Which effects of one program are fed by a read of a secret or a file."""

    def __init__(self, program: Program, evaluator: Evaluator, effects: Sequence[tuple[Node, Effect]]) -> None:
        self.program = program
        self.evaluator = evaluator
        self.sources = {node for node, effect in effects if effect.kind in SOURCES}
        self.known: dict[Node, bool] = {}

    def reaches(self, node: Node, effect: Effect) -> bool:
        """Whether a source flows into the effect at `node`: through names, members and arguments, not through control flow."""
        if not self.sources or not (Class.NETWORK in effect.classes or effect.kind in LEAVING):
            return False
        if node not in self.known:
            self.known[node] = self._reaches(node)
        return self.known[node]

    def is_read(self, node: Node) -> bool:
        """Whether a source flows into a value, or what whoever runs the program types or pipes into it."""
        return self._reaches(node, typed=True)

    def _is_input(self, node: Node) -> bool:
        if node.type not in ("identifier", "member_expression"):
            return False
        refs = [value.name for value in self.evaluator.values(node) if isinstance(value, Ref)]
        return any(INPUT.match(name) or library.spec(name) in READING for name in refs)

    def _reaches(self, start: Node, *, typed: bool = False) -> bool:
        todo = list(start.kids) or [start]
        seen: set[object] = {start} if start.kids else set()
        while todo and len(seen) < MOST:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in self.sources or (typed and self._is_input(node)):
                return True
            todo.extend(node.kids)
            if node.type in ("identifier", "shorthand_property_identifier"):
                binding = node.scope.find(name_of(self.program.tree, node))
                if binding is not None and binding not in seen:
                    seen.add(binding)
                    todo.extend(self._origins(binding.definitions))
        return bool(todo)

    def _origins(self, definitions: Sequence[tuple[object, ...]]) -> list[Node]:
        found: list[Node] = []
        for definition in definitions:
            kind, node = definition[0], definition[1]
            if not isinstance(node, Node):
                continue
            if kind in ("value", "element", "augmented", "import"):
                found.append(node)
            elif kind == "param":
                found.extend(self._callers(node))
        return found

    def _callers(self, function: Node) -> list[Node]:
        """Where a function is called, or the call that it is handed to: `.then(text => …)`."""
        name = function.field("name")
        use = function.parent
        if use is not None and use.type == "arguments" and use.parent is not None:
            callee = use.parent.field("function")
            if use.parent in self.sources:  # `readFile(path, (error, text) => …)`
                return [use.parent]
            return [callee] if callee is not None else []
        if use is not None and use.type == "variable_declarator":
            name = use.field("name")
        if name is None:
            return []
        mentions = self.program.identifiers.get(name_of(self.program.tree, name), [])[:20]
        return [m.parent.fields["arguments"] for m in mentions if m.parent is not None and m.parent.field("arguments") is not None]
