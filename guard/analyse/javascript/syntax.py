"""JavaScript and TypeScript text -> a plain tree, made by tree-sitter, types dropped.

What enters is any text; what leaves is a tree of `Node` and the places that did not parse. No exceptions on hostile text, no recursion.
Types (annotations, interfaces, `declare`, `as T`) do nothing at run time and are left out, as are comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from guard.model import Span

MAX_BYTES = 2_000_000
"""Larger texts are not parsed: they are opaque."""

SKIPPED = frozenset(
    {
        "comment", "html_comment", "hash_bang_line", "type_annotation", "type_arguments", "type_parameters", "interface_declaration",
        "type_alias_declaration", "implements_clause", "ambient_declaration", "type_predicate_annotation", "asserts_annotation",
        "accessibility_modifier", "override_modifier", "function_signature", "method_signature", "abstract_method_signature",
        "index_signature", "opting_type_annotation", "omitting_type_annotation", "adding_type_annotation", "regex_flags",
    }
)  # fmt: skip


class Node:
    """One node of the syntax tree. `kids` are its named children (and operators) in order; `fields` those with a field name."""

    __slots__ = ("end", "fields", "kids", "parent", "scope", "start", "type")

    def __init__(self, type_: str, start: int, end: int, parent: Node | None) -> None:
        self.type = type_
        self.start = start
        self.end = end
        self.parent = parent
        self.kids: list[Node] = []
        self.fields: dict[str, Node] = {}
        self.scope: Any = None

    def field(self, name: str) -> Node | None:
        return self.fields.get(name)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text: its root, its bytes, and the nodes that are errors."""

    root: Node
    source: bytes
    errors: tuple[Node, ...]
    depth: int
    nodes: int

    def text(self, node: Node) -> str:
        return self.source[node.start : node.end].decode("utf-8", "replace")

    def span(self, node: Node) -> Span:
        """Where the node is, in lines and characters."""
        line, column = _place(self.source, node.start)
        end_line, end_column = _place(self.source, node.end)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column)


def _place(source: bytes, at: int) -> tuple[int, int]:
    line_start = source.rfind(b"\n", 0, at) + 1
    return source.count(b"\n", 0, at) + 1, len(source[line_start:at].decode("utf-8", "replace"))


@cache
def _parser(grammar: str) -> Any:
    import tree_sitter  # noqa: PLC0415 - grammars are slow to load

    if grammar == "javascript":
        import tree_sitter_javascript  # noqa: PLC0415

        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript  # noqa: PLC0415

    language = tree_sitter_typescript.language_tsx() if grammar == "tsx" else tree_sitter_typescript.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(language))


def parse(code: str, grammars: tuple[str, ...]) -> Tree:
    """Parse with the first grammar that takes the text without errors, else with the one that finds the fewest."""
    source = code.encode("utf-8", "surrogatepass")
    best: Tree | None = None
    for grammar in grammars:
        tree = _convert(source, _parser(grammar).parse(source).root_node)
        if best is None or len(tree.errors) < len(best.errors):
            best = tree
        if not best.errors:
            break
    assert best is not None
    return best


def _convert(source: bytes, root: Any) -> Tree:
    cursor = root.walk()
    top = Node(root.type, root.start_byte, root.end_byte, None)
    errors: list[Node] = [top] if root.type == "ERROR" else []
    parent, depth, deepest, count = top, 0, 0, 1
    if not cursor.goto_first_child():
        return Tree(top, source, tuple(errors), 0, 1)
    failed = root.has_error
    while True:
        node = cursor.node
        kind = node.type
        name = cursor.field_name
        entered = False
        if (node.is_named or name is not None) and kind not in SKIPPED:
            count += 1
            new = Node(kind, node.start_byte, node.end_byte, parent)
            if failed and (kind == "ERROR" or node.is_missing):
                errors.append(new)
            if not (parent.kids and parent.type in ("as_expression", "satisfies_expression")):
                parent.kids.append(new)
                if name is not None and name not in parent.fields:
                    parent.fields[name] = new
            if cursor.goto_first_child():
                parent, entered = new, True
                depth += 1
                deepest = max(deepest, depth)
        elif failed and node.is_missing:
            errors.append(Node(kind, node.start_byte, node.end_byte, parent))
        if entered:
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent() or parent.parent is None:
                return Tree(top, source, tuple(errors), deepest, count)
            parent = parent.parent
            depth -= 1
