"""JavaScript and TypeScript text -> a plain tree, made by tree-sitter, types dropped.

What enters is any text; what leaves is a tree of `Node` and the places that did not parse. No exceptions on hostile text, no recursion.
Types (annotations, interfaces, `declare`, `as T`) do nothing at run time and are left out, as are comments.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from guard.analyse.javascript.tables import names
from guard.model import Span

MAX_BYTES = 1_000_000
MAX_NODES = 120_000
"""Larger texts are not looked at: they are opaque."""
MAX_RETRIED_BYTES = 50_000
PARSE_MICROSECONDS = 500_000

SKIPPED = names(
    """
    comment html_comment hash_bang_line type_annotation type_arguments type_parameters interface_declaration type_alias_declaration
    implements_clause ambient_declaration type_predicate_annotation asserts_annotation accessibility_modifier override_modifier
    function_signature method_signature abstract_method_signature index_signature opting_type_annotation omitting_type_annotation
    adding_type_annotation regex_flags
    """
)  # fmt: skip

TRANSPARENT = frozenset(
    [
        "parenthesized_expression",
        "await_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
        "instantiation_expression",
        "template_substitution",
        "expression_statement",
        "spread_element",
        "computed_property_name",
        "yield_expression",
    ]
)
"""Nodes whose value is that of their first child."""


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
    lines: tuple[int, ...]
    """Where each line begins."""
    whole: bool = True
    """False: there were more nodes than `MAX_NODES`, and the rest is not in the tree."""

    def text(self, node: Node) -> str:
        return self.source[node.start : node.end].decode("utf-8", "replace")

    def span(self, node: Node) -> Span:
        """Where the node is, in lines and characters."""
        line, column = self._place(node.start)
        end_line, end_column = self._place(node.end)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column)

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.lines, at)
        return line, len(self.source[self.lines[line - 1] : at].decode("utf-8", "replace"))


@cache
def _parser(grammar: str) -> Any:
    import tree_sitter

    if grammar == "javascript":
        import tree_sitter_javascript

        language = tree_sitter_javascript.language()
    else:
        import tree_sitter_typescript

        language = tree_sitter_typescript.language_tsx() if grammar == "tsx" else tree_sitter_typescript.language_typescript()
    parser = tree_sitter.Parser(tree_sitter.Language(language))
    with warnings.catch_warnings():
        # The callback that is to replace this setting crashes the interpreter (tree-sitter 0.25.2), and repairing some broken texts
        # takes the parser minutes.
        warnings.simplefilter("ignore", DeprecationWarning)
        setattr(parser, "timeout_micros", PARSE_MICROSECONDS)  # noqa: B010 - the stubs call it read-only
    return parser


def parse(code: str, grammars: tuple[str, ...]) -> Tree | None:
    """Parse with the first grammar that takes the text without errors, else with the one that finds the fewest.

    None if parsing takes too long. Long texts are tried with the first grammar only.
    """
    source = code.encode("utf-8", "surrogatepass")
    best: Tree | None = None
    for grammar in grammars if len(source) <= MAX_RETRIED_BYTES else grammars[:1]:
        for read in _readings(source, grammar):
            try:
                parsed = _parser(grammar).parse(read)
            except ValueError:  # what the binding raises when the time is over
                _parser(grammar).reset()
                return best
            tree = _convert(source, parsed.root_node)
            if best is None or len(tree.errors) < len(best.errors):
                best = tree
            if not best.errors:
                return best
    return best


_MISTAKEN = re.compile(rb"\b(?:unique(?!\s+symbol)|unknown|never)\b")


def _readings(source: bytes, grammar: str) -> Iterator[bytes]:
    """The text, and one with other names where TypeScript's grammar takes a name for a type: `i < unique.length`.

    They are as long as the names whose place they take: the tree is that of the source, and the text of a name is what stands there."""
    yield source
    if grammar != "javascript" and _MISTAKEN.search(source):
        yield _MISTAKEN.sub(lambda found: b"_" * len(found[0]), source)


def _convert(source: bytes, root: Any) -> Tree:
    top, errors, whole, subscripts = _copy(root)
    for node in subscripts:
        _name_member(source, node)
    lines = (0, *(match.end() for match in re.finditer(rb"\n", source)))
    return Tree(top, source, tuple(errors), lines, whole)


_NAME = re.compile(rb"(?:[A-Za-z_$]|\\[xu])(?:[\w$]|\\[xu]|(?<=u)\{\w+\})*")
"""What may stand between the quotes of a name that could be written without them, escapes and all."""


def _name_member(source: bytes, node: Node) -> None:
    """`x["name"]` is `x.name`, and from here on the same node: packers write all members so."""
    index = node.fields.get("index")
    if index is None or "object" not in node.fields or index.type not in ("string", "template_string"):
        return
    if _NAME.fullmatch(source, index.start + 1, index.end - 1) is None:
        return
    node.type = "member_expression"
    del node.fields["index"]
    index.type, index.start, index.end, index.kids = "property_identifier", index.start + 1, index.end - 1, []
    node.fields["property"] = index


def await_always(tree: Tree) -> None:
    """Read `await (x)` as the operator that it is in a module, where nothing can have that name: the grammar takes it for a call."""
    if not _AWAIT_CALL.search(tree.source) or _AWAIT_NAMED.search(tree.source):
        return
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        waiting += node.kids
        called, given = node.fields.get("function"), node.fields.get("arguments")
        if node.type != "call_expression" or called is None or given is None or len(given.kids) != 1:
            continue
        if called.type == "identifier" and tree.text(called) == "await" and given.kids[0].type != "spread_element":
            node.type, node.kids, node.fields = "await_expression", given.kids, {}
            given.kids[0].parent = node


_AWAIT_CALL = re.compile(rb"\bawait\s*\(")
_AWAIT_NAMED = re.compile(rb"[.'\"`]\s*await\b|\bawait\s*(?:[=,;:)}\]]|\Z)|\b(?:var|let|const|function|class|import|as)\s+await\b")
"""What has that name after all: then it would be no module, and does not run in the box, but somebody meant something by it."""


def _copy(root: Any) -> tuple[Node, list[Node], bool, list[Node]]:
    """Copy tree-sitter's tree without types and comments, walking with a cursor: no recursion. Also what did not parse, whether this is
    all, and the subscripts."""
    cursor = root.walk()
    subscripts: list[Node] = []
    top = Node(root.type, root.start_byte, root.end_byte, None)
    errors: list[Node] = [top] if root.type == "ERROR" else []
    failed = root.has_error
    parent, count = top, 1
    if not cursor.goto_first_child():
        return top, errors, True, subscripts
    while True:
        node = cursor.node
        kind = node.type
        name = cursor.field_name
        if (node.is_named or name is not None) and kind not in SKIPPED:
            count += 1
            if count > MAX_NODES:
                return top, errors, False, subscripts
            new = Node(kind, node.start_byte, node.end_byte, parent)
            if kind == "subscript_expression":
                subscripts.append(new)
            if failed and (kind == "ERROR" or node.is_missing):
                errors.append(new)
            if not (parent.kids and parent.type in ("as_expression", "satisfies_expression")):
                parent.kids.append(new)
                if name is not None and name not in parent.fields:
                    parent.fields[name] = new
            if cursor.goto_first_child():
                parent = new
                continue
        elif failed and (node.is_missing or node.has_error):  # what is left out of the tree has its errors too
            errors.append(Node(kind, node.start_byte, node.end_byte, parent))
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent() or parent.parent is None:
                return top, errors, True, subscripts
            parent = parent.parent
