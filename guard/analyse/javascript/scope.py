"""A syntax tree -> who declares what: scopes, bindings with all their definitions, and where properties and names are used.

Flow-insensitive: a binding has every value that is ever assigned to it; a property name is one pool for the whole program. That is
coarse, and safe: what a name could be is never less than what it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from guard.analyse.javascript.syntax import Node, Tree

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)
CLASSES = frozenset({"class_declaration", "class", "abstract_class_declaration"})
BLOCKS = frozenset({"statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body", "class_body"})
DECLARED = frozenset({"function_declaration", "generator_function_declaration", "class_declaration", "abstract_class_declaration"})
GLOBAL_OBJECTS = frozenset({"globalThis", "window", "global", "self"})

Step = str | int | None
"""One step into a value: a property name, an index, or None for one that cannot be known."""


class Definition(NamedTuple):
    """One value that a name or property may have: how (`kind`), from which node, and the way into that node's value."""

    kind: str
    """value, augmented, element, key, import, function, getter, class, param, rest, undefined, unknown"""
    node: Node
    path: tuple[Step, ...] = ()
    module: str = ""


_WORD = re.compile(r"[\w$]+")


class Binding:
    """One declared name with everything that may be assigned to it."""

    __slots__ = ("declared", "definitions", "name", "scope")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.declared = True
        self.definitions: list[Definition] = []


class Scope:
    """One region of names. `function` is the function node whose body it is in, or None at the top."""

    __slots__ = ("function", "names", "outer")

    def __init__(self, outer: Scope | None, function: Node | None) -> None:
        self.outer = outer
        self.function = function
        self.names: dict[str, Binding] = {}

    def find(self, name: str) -> Binding | None:
        scope: Scope | None = self
        while scope is not None:
            binding = scope.names.get(name)
            if binding is not None:
                return binding
            scope = scope.outer
        return None

    def declare(self, name: str) -> Binding:
        if name not in self.names:
            self.names[name] = Binding(name, self)
        return self.names[name]

    @property
    def hoisting(self) -> Scope:
        """The scope that `var` declares in."""
        scope = self
        while scope.outer is not None and scope.outer.function is scope.function:
            scope = scope.outer
        return scope


class Program:
    """All that later passes ask: the scopes (on each node), and indexes by name."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.top = Scope(None, None)
        self.identifiers: dict[str, list[Node]] = {}
        """Every mention of a name in value position or pattern."""
        self.perhaps: set[str] = set()
        """Names that a `var` of the script's top may leave what they were: it gives no value, or only in a block that may not run."""
        self.properties: dict[str, list[Definition]] = {}
        """Property name -> every value stored under it anywhere."""
        self.property_calls: dict[str, list[Node]] = {}
        """Property name -> calls of the form `x.name(…)`."""
        self.returns: dict[Node, list[Node]] = {}
        """Function -> nodes of what it returns or yields."""
        self.order: list[Node] = []
        """All nodes, outer before inner, in source order."""
        self.assigned: dict[str, list[Definition]] = {}
        """Property name -> what is stored under it after its object was made."""
        self.changed: set[str] = set()
        """Names of variables whose objects get properties that cannot be known by name."""
        self.dynamic_stores: list[Node] = []
        """Right sides stored under a property that cannot be known."""
        self.indexed: list[Node] = []
        """What is stored into by index or by a name that cannot be known: `x` of `x[i] = …`."""
        self.foreign = False
        """Something that is no variable, or a parameter, gets properties that cannot be known by name."""
        self.changes_others: bool | None = None
        """See `aliases.changes_others`; worked out when it is asked."""
        _Builder(self).build()

    def text(self, node: Node) -> str:
        return name_of(self.tree, node)


def places(tree: Tree, node: Node) -> list[int]:
    """The index of each element of an array or array pattern, of which some may be left out: `[, second]`."""
    found: list[int] = []
    at, end = 0, node.start
    for kid in node.kids:
        between = tree.source[end : kid.start]
        at += between.count(b",") if b"/" not in between else int(bool(found))  # a comment may hold commas
        found.append(at)
        end = kid.end
    return found


def name_of(tree: Tree, node: Node) -> str:
    """The text of a name, its `\\u` escapes resolved as the language does."""
    text = tree.text(node)
    return unescape(text) if "\\" in text else text


def unescape(text: str) -> str:
    """Resolve `\\uXXXX` and `\\u{…}` in an identifier."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith("\\u", at):
            braced = text.startswith("{", at + 2)
            end = text.find("}", at) if braced else at + 6
            digits = text[at + 3 : end] if braced else text[at + 2 : end]
            try:
                out.append(chr(int(digits, 16)))
            except (ValueError, OverflowError):
                return text
            at = end + 1 if braced else end
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def property_name(tree: Tree, node: Node) -> str | None:
    """The name of a plain property key, or None if it is computed."""
    if node.type in ("property_identifier", "private_property_identifier", "shorthand_property_identifier", "identifier", "number"):
        return name_of(tree, node)
    if node.type == "string" and len(node.kids) <= 1 and (not node.kids or node.kids[0].type == "string_fragment"):
        return tree.text(node.kids[0]) if node.kids else ""
    if node.type == "computed_property_name" and node.kids:
        return property_name(tree, node.kids[0]) if node.kids[0].type == "string" else None
    return None


class _Builder:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.tree = program.tree

    def build(self) -> None:
        stack: list[tuple[Node, Scope]] = [(self.tree.root, self.program.top)]
        order = self.program.order
        while stack:
            node, scope = stack.pop()
            node.scope = scope
            order.append(node)
            inner = self.enter(node, scope)
            visit = _VISITS.get(node.type)
            if visit is not None:
                visit(self, node, inner)
            for kid in reversed(node.kids):
                stack.append((kid, inner))

    def enter(self, node: Node, scope: Scope) -> Scope:
        """The scope of the node's children; declares the name of a function or class."""
        kind = node.type
        if kind in DECLARED or kind in CLASSES:
            name = node.field("name")
            what = "class" if kind in CLASSES else "function"
            if name is not None and kind in DECLARED:
                scope.declare(name_of(self.tree, name)).definitions.append(Definition(what, node))
            elif name is not None:
                scope = Scope(scope, scope.function)
                scope.declare(name_of(self.tree, name)).definitions.append(Definition(what, node))
        if kind in FUNCTIONS:
            inner = Scope(scope, node)
            name = node.field("name")
            if name is not None and kind in ("function_expression", "generator_function"):
                inner.declare(name_of(self.tree, name)).definitions.append(Definition("function", node))
            self.parameters(node, inner)
            body = node.field("body")
            if kind == "arrow_function" and body is not None and body.type != "statement_block":
                self.program.returns.setdefault(node, []).append(body)
            return inner
        return Scope(scope, scope.function) if kind in BLOCKS else scope

    def parameters(self, node: Node, scope: Scope) -> None:
        single = node.field("parameter")
        many = node.field("parameters")
        patterns = [single] if single is not None else (many.kids if many is not None else [])
        index = 0
        for parameter in patterns:
            pattern = parameter
            default = None
            if pattern.type in ("required_parameter", "optional_parameter"):
                default = pattern.field("value")
                inner = pattern.field("pattern")
                if inner is None or inner.type == "this":
                    continue
                pattern = inner
            if pattern.type == "rest_pattern":
                for inner in pattern.kids[:1]:
                    self.bind(inner, Definition("rest", node, (index,)), scope, declare=True)
            else:
                self.bind(pattern, Definition("param", node, (index,)), scope, declare=True)
            if default is not None:
                self.bind(pattern, Definition("value", default), scope, declare=True)
            index += 1

    def bind(self, pattern: Node, source: Definition, scope: Scope, *, declare: bool) -> None:
        """Give every name in a pattern its definition; an explicit stack, since patterns nest."""
        todo = [(pattern, source)]
        while todo:
            node, given = todo.pop()
            kind = node.type
            if kind in ("identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier", "type_identifier"):
                self.name(node, given, scope, declare=declare)
            elif kind in ("assignment_pattern", "object_assignment_pattern"):
                left, right = node.field("left"), node.field("right")
                if left is not None:
                    if left.type == "shorthand_property_identifier_pattern":
                        given = (
                            given._replace(path=(*given.path, name_of(self.tree, left))) if kind == "object_assignment_pattern" else given
                        )
                    todo.append((left, given))
                    if right is not None:
                        todo.append((left, Definition("value", right)))
            elif kind in ("rest_pattern", "parenthesized_expression", "non_null_expression", "spread_element"):
                todo.extend((kid, given) for kid in node.kids[:1])  # what is left of an object: no more than the whole
            elif kind in ("array_pattern", "array"):
                rest = ("rest_pattern", "spread_element")
                for at, kid in zip(places(self.tree, node), node.kids, strict=True):
                    todo.append((kid, given._replace(path=(*given.path, -1 if kid.type in rest else at))))
            elif kind in ("object_pattern", "object"):
                todo.extend(self.members(node, given))
            elif kind in ("member_expression", "subscript_expression"):
                self.store(node, given)

    def members(self, node: Node, given: Definition) -> list[tuple[Node, Definition]]:
        found = []
        for kid in node.kids:
            if kid.type in ("shorthand_property_identifier_pattern", "shorthand_property_identifier"):
                found.append((kid, given._replace(path=(*given.path, name_of(self.tree, kid)))))
            elif kid.type in ("pair_pattern", "pair"):
                key, value = kid.field("key"), kid.field("value")
                if key is not None and value is not None:
                    found.append((value, given._replace(path=(*given.path, property_name(self.tree, key)))))
            else:
                found.append((kid, given))
        return found

    def name(self, node: Node, given: Definition, scope: Scope, *, declare: bool) -> None:
        name = name_of(self.tree, node)
        if declare:
            binding = scope.declare(name)
            binding.declared = True
        else:
            found = scope.find(name)
            binding = found or self.program.top.declare(name)
            binding.declared = binding.declared and found is not None
        binding.definitions.append(given)

    def store(self, target: Node, given: Definition) -> None:
        """`x.name = value`: into the pool of that property name."""
        if target.type == "subscript_expression":
            index = target.field("index")
            key = property_name(self.tree, index) if index is not None and index.type == "string" else None
            if key is None:
                if given.kind == "value":
                    self.program.dynamic_stores.append(given.node)
                owner = target.field("object")
                self.changed(owner)
                if owner is not None:
                    self.program.indexed.append(owner)
                return
        else:
            prop = target.field("property")
            if prop is None:
                return
            key = name_of(self.tree, prop)
        self.program.properties.setdefault(key, []).append(given)
        self.program.assigned.setdefault(key, []).append(given)
        owner = target.field("object")
        if owner is not None and owner.type == "identifier" and name_of(self.tree, owner) in GLOBAL_OBJECTS:
            binding = self.program.top.names.get(key)
            if binding is None:
                binding = self.program.top.declare(key)
                binding.declared = False
            binding.definitions.append(given)

    def changed(self, owner: Node | None) -> None:
        if owner is None or owner.type != "identifier":
            self.program.foreign = True
            return
        self.program.changed.add(name_of(self.tree, owner))
        binding = owner.scope.find(name_of(self.tree, owner)) if owner.scope is not None else None
        if binding is None or any(definition.kind != "value" for definition in binding.definitions):
            self.program.foreign = True

    # ------------------------------------------------------------------------------------------------------ one visit per node type

    def identifier(self, node: Node, scope: Scope) -> None:
        self.program.identifiers.setdefault(name_of(self.tree, node), []).append(node)

    def declarator(self, node: Node, scope: Scope) -> None:
        pattern, value = node.field("name"), node.field("value")
        parent = node.parent
        where = scope.hoisting if parent is not None and parent.type == "variable_declaration" else scope
        if pattern is not None:
            surely = value is not None and parent is not None and parent.parent is not None and parent.parent.type == "program"
            if where is self.program.top and parent is not None and parent.type == "variable_declaration" and not surely:
                self.program.perhaps.update(_WORD.findall(name_of(self.tree, pattern)))
            self.bind(pattern, Definition("value" if value is not None else "undefined", value or node), where, declare=True)
        above = parent.parent if parent is not None else None
        if (
            pattern is not None and value is not None and above is not None and above.type == "export_statement"
        ):  # `namespace N { export … }`
            self.program.properties.setdefault(name_of(self.tree, pattern), []).append(Definition("value", value))

    def assignment(self, node: Node, scope: Scope) -> None:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None:
            operator = node.field("operator")
            logical = operator is not None and operator.type in ("??=", "||=", "&&=")
            kind = "value" if node.type == "assignment_expression" or logical else "augmented"
            self.bind(left, Definition(kind, right if kind == "value" else node), scope, declare=False)

    def update(self, node: Node, scope: Scope) -> None:
        argument = node.field("argument")
        if argument is not None:
            self.bind(argument, Definition("unknown", node), scope, declare=False)

    def loop(self, node: Node, scope: Scope) -> None:
        left, right, operator = node.field("left"), node.field("right"), node.field("operator")
        if left is None or right is None:
            return
        kind = "element" if operator is not None and operator.type == "of" else "key"
        declared = node.field("kind")
        where = scope.hoisting if declared is not None and declared.type == "var" else scope
        if where is self.program.top and declared is not None and declared.type == "var":
            self.program.perhaps.update(_WORD.findall(name_of(self.tree, left)))
        self.bind(left, Definition(kind, right), where, declare=declared is not None)

    def catch(self, node: Node, scope: Scope) -> None:
        parameter = node.field("parameter")
        if parameter is not None:
            self.bind(parameter, Definition("unknown", node), scope, declare=True)

    def import_statement(self, node: Node, scope: Scope) -> None:
        source = node.field("source")
        if source is None:
            for clause in node.kids:
                if clause.type == "import_require_clause" and clause.kids:
                    module = string_text(self.tree, clause.field("source"))
                    self.name(clause.kids[0], Definition("import", node, (), module), scope, declare=True)
            return
        module = string_text(self.tree, source)
        for clause in node.kids:
            if clause.type != "import_clause":
                continue
            for item in clause.kids:
                if item.type == "identifier":
                    self.name(item, Definition("import", node, ("default",), module), scope, declare=True)
                elif item.type == "namespace_import" and item.kids:
                    self.name(item.kids[-1], Definition("import", node, (), module), scope, declare=True)
                elif item.type == "named_imports":
                    for specifier in item.kids:
                        name, alias = specifier.field("name"), specifier.field("alias")
                        if name is not None:
                            exported = property_name(self.tree, name) or ""
                            self.name(alias or name, Definition("import", node, (exported,), module), scope, declare=True)

    def pair(self, node: Node, scope: Scope) -> None:
        key, value = node.field("key"), node.field("value")
        if key is None or value is None:
            return
        name = property_name(self.tree, key)
        if name is None:
            self.program.dynamic_stores.append(value)
        else:
            self.program.properties.setdefault(name, []).append(Definition("value", value))

    def shorthand(self, node: Node, scope: Scope) -> None:
        name = name_of(self.tree, node)
        self.program.identifiers.setdefault(name, []).append(node)
        self.program.properties.setdefault(name, []).append(Definition("value", node))

    def method(self, node: Node, scope: Scope) -> None:
        name = node.field("name")
        key = property_name(self.tree, name) if name is not None else None
        if key is not None:
            self.program.properties.setdefault(key, []).append(Definition("getter" if is_getter(self.tree, node) else "function", node))

    def field_definition(self, node: Node, scope: Scope) -> None:
        name, value = node.field("property") or node.field("name"), node.field("value")
        key = property_name(self.tree, name) if name is not None else None
        if key is not None and value is not None:
            self.program.properties.setdefault(key, []).append(Definition("value", value))

    def call(self, node: Node, scope: Scope) -> None:
        callee = node.field("function")
        if callee is not None and callee.type == "member_expression":
            prop = callee.field("property")
            if prop is not None:
                self.program.property_calls.setdefault(name_of(self.tree, prop), []).append(node)
                arguments = node.field("arguments")
                if name_of(self.tree, prop) in ("assign", "defineProperty", "defineProperties", "set") and arguments is not None:
                    self.changed(next(iter(arguments.kids), None))

    def give_back(self, node: Node, scope: Scope) -> None:
        if scope.function is not None and node.kids:
            self.program.returns.setdefault(scope.function, []).append(node.kids[0])

    def enumeration(self, node: Node, scope: Scope) -> None:
        name = node.field("name")
        if name is not None:
            self.name(name, Definition("unknown", node), scope, declare=True)

    def export(self, node: Node, scope: Scope) -> None:
        value = node.field("value")
        if value is not None:
            self.program.properties.setdefault("default", []).append(Definition("value", value))


def is_getter(tree: Tree, node: Node) -> bool:
    """Whether a method definition is `get name() {…}`."""
    name = node.field("name")
    return name is not None and b"get" in tree.source[node.start : name.start].split()


def string_text(tree: Tree, node: Node | None) -> str:
    """The value of a string literal with its escapes resolved; "" for anything else."""
    if node is None or node.type != "string":
        return ""
    return "".join(fragment(tree, kid) for kid in node.kids)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def fragment(tree: Tree, node: Node) -> str:
    """The characters that one part of a string or template stands for."""
    text = tree.text(node)
    if node.type != "escape_sequence":
        return text
    body = text[1:]
    try:
        if body[:1] == "x":
            return chr(int(body[1:3], 16))
        if body[:1] == "u":
            return chr(int(body[2:-1] if body[1:2] == "{" else body[1:5], 16))
        if body[:1].isdigit() and body != "0":
            return chr(int(body, 8))
    except (ValueError, OverflowError):
        return text
    if body[:1] in ("\n", "\r", "\u2028", "\u2029"):
        return ""
    return _ESCAPES.get(body, body)


_VISITS = {
    "identifier": _Builder.identifier,
    "variable_declarator": _Builder.declarator,
    "assignment_expression": _Builder.assignment,
    "augmented_assignment_expression": _Builder.assignment,
    "update_expression": _Builder.update,
    "for_in_statement": _Builder.loop,
    "catch_clause": _Builder.catch,
    "import_statement": _Builder.import_statement,
    "pair": _Builder.pair,
    "shorthand_property_identifier": _Builder.shorthand,
    "method_definition": _Builder.method,
    "field_definition": _Builder.field_definition,
    "public_field_definition": _Builder.field_definition,
    "call_expression": _Builder.call,
    "return_statement": _Builder.give_back,
    "yield_expression": _Builder.give_back,
    "enum_declaration": _Builder.enumeration,
    "internal_module": _Builder.enumeration,
    "export_statement": _Builder.export,
}
