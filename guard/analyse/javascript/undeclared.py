"""Names that nothing declares, in a program that is handed to no server: what only whoever runs it could provide.

Node knows no `github` and no `run_query`: a program that calls them was written for a server which puts its tools there, and what they do
cannot be known. Names without a call, of programs that wait for nothing, are mistakes: they only fail.
"""

from __future__ import annotations

import re

from guard.analyse.javascript.fallback import BY_NAME, DATA_METHODS
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import CLASSES, FUNCTIONS, GLOBAL_OBJECTS, Binding
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import ANY

SERVER_NAMES = frozenset(
    {"cloudflare", "codemode", "tools", "tasks", "learnings", "client", "api", "invoke", "call_tool", "callTool", "mcp", "mcp_servers"}
)
"""Names under which servers hand their tools to programs, by the profiles in `analyse.profile`."""
KNOWN = names(
    """
    undefined arguments define customElements HTMLElement HTMLInputElement HTMLCanvasElement Element Node NodeList MutationObserver
    IntersectionObserver ResizeObserver KeyboardEvent MouseEvent XMLSerializer Option StorageEvent Path2D AudioContext OffscreenCanvas
    InputEvent Text Comment Range Selection
    """
)
"""Names that browsers and module loaders have, of no effect by themselves."""
JUDGED = names(
    """
    ListNode DoublyListNode RandomListNode TreeNode TrieNode NestedInteger Interval Point PriorityQueue MinPriorityQueue MaxPriorityQueue
    Heap MinHeap MaxHeap Queue Deque Stack LinkedList DoublyLinkedList BinarySearchTree AvlTree Trie UnionFind DisjointSet Graph
    DirectedGraph rand7 isBadVersion read4
    """
)
"""Data structures that judges of programming exercises have there, of no effect: in a program that waits for nothing."""
CALLED = names(
    """
    suite context specify xit xdescribe xtest fit fdescribe setup teardown print gc getComputedStyle matchMedia requestIdleCallback
    cancelIdleCallback getSelection
    """
)
"""Functions that browsers and test runners have: a call of a member of theirs is something else."""
PLAIN = names(
    """
    map filter forEach reduce reduceRight sort slice push pop shift unshift splice indexOf lastIndexOf includes join split concat
    reverse flat flatMap find findIndex some every at fill keys values entries toString charAt charCodeAt replace replaceAll match trim
    toUpperCase toLowerCase startsWith endsWith repeat padStart padEnd substring substr localeCompare toFixed hasOwnProperty
    """
)
"""Methods of arrays, text and numbers."""
WAITS = re.compile(rb"\bawait\b|\basync\b|\.then\b")
ENTRIES = names("run main handler execute")
"""Names of the function that a server calls."""
HANDLERS = ENTRIES | names("fetch scheduled queue email tail trace alarm")
"""Names of the methods of an exported object that a server calls."""
EXPORTS = re.compile(r"module\.exports|(?:module\.)?exports\.(?:default|" + "|".join(sorted(ENTRIES)) + ")")
TAKING = names(
    """
    assignment_pattern object_assignment_pattern required_parameter optional_parameter variable_declarator arguments pair spread_element
    return_statement array object assignment_expression arrow_function yield_expression sequence_expression for_in_statement
    export_statement class_heritage extends_clause
    """
)


class Undeclared:
    """What of one program's names only a server could provide."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.tree = report.tree
        self.program = report.program
        self.waits = WAITS.search(report.tree.source) is not None

        self.handlers: set[Node] = set()
        self.entries = self._entries()

    def run(self) -> None:
        declared = self.program.top.names
        for name, mentions in self.program.identifiers.items():
            if name in GLOBAL_OBJECTS:
                for node in mentions:
                    self._see_global(node, name)
            elif name in SERVER_NAMES or (name not in declared and self._is_unknown(name)):
                for node in mentions:
                    binding = node.scope.find(name)
                    if binding is None:
                        used = self._is_used(node)
                    else:
                        used = bool(self.entries) and self._is_handed(binding, node) and self._is_used(node, data=True)
                    if used:
                        self._say(node, name)

        for member in (this.parent for this in self.program.this if this.scope.function is None):
            prop = member.field("property") if member is not None else None
            name = name_of(self.tree, prop) if prop is not None else ""
            if member is not None and name in SERVER_NAMES and name not in self.program.properties and self._is_used(member):
                self._say(member, name)

    def _is_unknown(self, name: str) -> bool:
        judged = name in JUDGED and not self.waits and all(map(self._is_judged, self.program.identifiers.get(name, ())))
        return not judged and name not in KNOWN and name not in BY_NAME and self.report.evaluator.free(name) is ANY

    def _is_judged(self, mention: Node) -> bool:
        """`new Heap(…)`, `Heap.from(…)`, `x instanceof Heap`, `rand7()`: data structures are not called, nor anything else of them."""
        _, use = _outermost(mention)
        if use is None or name_of(self.tree, mention)[0].islower():
            return True
        if use.type == "call_expression":
            return use.field("function") is None or not use.fields["function"].start <= mention.start < use.fields["function"].end
        prop = use.field("property") if use.type == "member_expression" else None
        return prop is None or name_of(self.tree, prop).startswith("from")

    def _say(self, node: Node, name: str) -> None:
        self.report.opaque(node, "js-unknown-name", f"uses {name}, which only a server could provide")

    def _see_global(self, node: Node, holder: str) -> None:
        """`globalThis.github.remove(…)`"""
        member = node.parent if node.scope.find(holder) is None else None
        prop = (member.field("property") or member.field("index")) if member is not None and member.field("object") is node else None
        name = self.report.evaluator.key(prop) if prop is not None else None
        if member is None or not name or name in self.program.properties or name in self.program.top.names:
            return
        if self._is_unknown(name) and self._is_used(member):
            self._say(node, name)

    def _entries(self) -> dict[Node, bool]:
        """The functions that a server calls with what it has, and whether anybody else may: then only what is waited for tells.

        The one function that is the whole program is a server's; an export and what is called `run` may be anybody's."""
        found: dict[Node, bool] = {}
        named = not SERVER_NAMES.isdisjoint(self.program.identifiers)
        for statement in self.tree.root.kids:
            whole = statement.type == "expression_statement" and bool(statement.kids)
            node = _plain(statement.kids[0]) if whole else statement
            if node.type == "assignment_expression" and EXPORTS.fullmatch(self.tree.text(node.fields["left"])):
                found[_plain(node.fields["right"])] = True
            elif whole:
                found[node] = False
            elif self.waits or named:
                declared = node.field("declaration") or node.field("value") or node
                default = declared is not node and b"default" in self.tree.source[node.start : declared.start].split()
                functions = [declared, *[kid.fields["value"] for kid in declared.kids if kid.field("value") is not None]]
                found |= {one: True for one in functions if default or self._is_entry(one)}
                defaults = [declared] if default else self._exported(node)
                self.handlers |= {handler for one in defaults for handler in self._handlers(_plain(one))}
                found |= dict.fromkeys(self.handlers, True)
        return {function: shared for function, shared in found.items() if function.type in FUNCTIONS}

    def _handlers(self, node: Node) -> list[Node]:
        """The methods of an exported object or class that a server calls: `export default { async fetch(request, env) { … } }`."""
        holder = self._meant(node)
        body = holder.field("body") if holder.type in CLASSES else holder if holder.type == "object" else None
        named = [(member.field("name") or member.field("key"), member.field("value") or member) for member in body.kids] if body else []
        return [self._meant(one) for name, one in named if name is not None and name_of(self.tree, name) in HANDLERS]

    def _exported(self, statement: Node) -> list[Node]:
        """`export { x as default }`"""
        listed = (
            [one for kid in statement.kids if kid.type == "export_clause" for one in kid.kids]
            if statement.type == "export_statement"
            else []
        )
        return [one.fields["name"] for one in listed if (alias := one.field("alias")) is not None and self.tree.text(alias) == "default"]

    def _meant(self, node: Node) -> Node:
        """What a plain name stands for."""
        binding = node.scope.find(name_of(self.tree, node)) if node.type == "identifier" else None
        one = binding.definitions[0] if binding is not None and len(binding.definitions) == 1 else None
        return _plain(one.node) if one is not None and not one.path else node

    def _is_entry(self, function: Node) -> bool:
        """Whether a function goes by a name under which a server calls it, and nothing in the program does."""
        name = function.field("name") or (function.parent.field("name") if function.parent is not None else None)
        label = name_of(self.tree, name) if name is not None else ""
        return label in ENTRIES and len(self.program.identifiers.get(label, ())) < 2

    def _is_handed(self, binding: Binding, node: Node) -> bool:
        """Whether a name is what a server hands to a function, and nothing else."""
        for definition in binding.definitions:
            shared = self.entries.get(definition.node) if definition.kind == "param" else None
            said = binding.name in SERVER_NAMES or _is_awaited(node) or self._is_service(definition.node, binding.name)
            if shared is None or (shared and not said):
                return False
        return True

    def _is_service(self, function: Node, name: str) -> bool:
        """Whether it is what a handler gets besides what it is to answer: services, as in `fetch(request, env)`."""
        parameters = function.field("parameters")
        kids = parameters.kids if function in self.handlers and parameters is not None else []
        rest = [kid for kid in kids if self.tree.text(kid).startswith("...")]
        return any(re.search(rf"\b{re.escape(name)}\b", self.tree.text(given)) is not None for given in [*kids[1:2], *rest])

    def _is_used(self, node: Node, *, data: bool = False) -> bool:
        """Whether a name is called, or something of it, or, where the program waits for something, handed on.

        `data`: it may be a plain value."""
        inner, use = _outermost(node)
        if use is None:
            return False
        while use is not None and use.type in ("ternary_expression", "binary_expression") and _gives(use, inner):
            inner, use = _outermost(use)
        if use is None:
            return False
        if use.type == "call_expression" and use.field("function") is inner:
            return inner is not node or name_of(self.tree, node) not in CALLED
        if use.type == "new_expression" and use.field("constructor") is inner:
            return self.waits or (use.parent is not None and use.parent.type != "throw_statement")
        if use.type == "variable_declarator" and use.fields["name"].type == "object_pattern":
            return use.field("value") is inner
        if use.type == "variable_declarator" and not self.waits and use.field("value") is inner:
            return self._is_used_by(name_of(self.tree, use.fields["name"]))
        if use.type in ("member_expression", "subscript_expression") and use.field("object") is inner:
            return self._is_called(use, data=data or not self.waits)
        if self.waits and not data and node.parent is not None and node.parent.type in ("yield_expression", "spread_element"):
            return True
        return self.waits and not data and use.type in TAKING and inner not in (use.field("name"), use.field("left"), use.field("key"))

    def _is_used_by(self, label: str) -> bool:
        """Whether what has got this plain name, too, is called, or something of it by a name that no plain value has."""
        return any(
            use is not None
            and use.field("object" if use.type.endswith("member_expression") else "function") is mention
            and (use.type == "call_expression" or self._is_called(use, data=True))
            for mention in self.program.identifiers.get(label, ())
            for use in (mention.parent,)
        )

    def _is_called(self, member: Node, *, data: bool) -> bool:
        """Whether a member, or a member of it, is called or taken; of what may be a plain value, called by a name that no such has."""
        prop = member.field("property")
        name = name_of(self.tree, prop) if prop is not None else ""
        inner, use = _outermost(member)
        if use is not None and use.type in ("member_expression", "subscript_expression") and use.field("object") is inner:
            return self._is_called(use, data=data)
        if use is None:
            return False
        called = inner in (use.field("function"), use.field("constructor"))
        if data:
            return called and name not in PLAIN and name not in DATA_METHODS
        return called or (use.type in TAKING and inner is not use.field("left"))


def _gives(use: Node, node: Node) -> bool:
    """Whether a choice may be what stands in one of its places: `x ? node : y`, `node || x`."""
    operator = use.field("operator")
    return use.field("condition") is not node if operator is None else operator.type in ("||", "&&", "??")


def _is_awaited(node: Node) -> bool:
    """`await node.a.b(…)`, where what it gives is no body of a response."""
    use = node.parent
    if use is None or use.type != "member_expression":
        return False
    while use is not None and use.type in ("member_expression", "non_null_expression"):
        node, use = use, use.parent
    return use is not None and use.type == "call_expression" and use.parent is not None and use.parent.type == "await_expression"


def _plain(node: Node) -> Node:
    while node.type in ("parenthesized_expression", "satisfies_expression", "as_expression") and node.kids:
        node = node.kids[0]
    return node


def _outermost(node: Node) -> tuple[Node, Node | None]:
    """A node with the parentheses and the like around it, and what it is used by."""
    inner, use = node, node.parent
    while use is not None and use.type in TRANSPARENT and use.type != "expression_statement":
        inner, use = use, use.parent
    return inner, use
