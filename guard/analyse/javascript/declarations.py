"""A syntax tree -> a program: its scopes, and what is declared, assigned, stored and returned where."""

from __future__ import annotations

import re

from guard.analyse.javascript import storing
from guard.analyse.javascript.literals import is_getter, name_of, places, property_name, string_text
from guard.analyse.javascript.scope import BLOCKS, CLASSES, DECLARED, FUNCTIONS, GLOBAL_OBJECTS, Binding, Definition, Program, Scope
from guard.analyse.javascript.syntax import Node, Tree

NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier", "type_identifier"})
_WORD = re.compile(r"[\w$]+")
_MODIFIER = re.compile(rb"\b(?:public|private|protected|readonly|override)\b")


def program_of(tree: Tree) -> Program:
    """The program of a tree; each of its nodes then knows its scope."""
    program = Program(tree)
    _Builder(program).build()
    return program


class _Builder:
    """Enters what each node declares and stores into the program."""

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
            name = node.field("name")
            if name is not None and inner is not scope and node.type in DECLARED:  # outside: a parameter may be called the same
                stack[-1 - node.kids.index(name)] = (name, scope)

    def enter(self, node: Node, scope: Scope) -> Scope:
        """The scope of the node's children; declares the name of a function or class."""
        kind = node.type
        if kind in DECLARED or kind in CLASSES:
            name = node.field("name")
            what = "class" if kind in CLASSES else "function"
            if name is not None and kind in DECLARED:
                binding = scope.declare(name_of(self.tree, name))
                binding.declared = True
                binding.definitions.append(Definition(what, node))
                if what == "function" and scope is not scope.hoisting:
                    self.leaks(binding, node, scope)
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

    def leaks(self, binding: Binding, node: Node, scope: Scope) -> None:
        """In a script, what a function in a block is called outside of it, too, once the block has run."""
        outside = scope.hoisting
        known = binding.name in outside.names
        leaked = outside.declare(binding.name)
        leaked.declared = leaked.declared and known
        leaked.definitions.append(Definition("function", node))

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
                given = Definition("param", node, (index,), defaulted=default is not None and pattern.type == "identifier")
                self.bind(pattern, given, scope, declare=True)
            if default is not None:
                self.bind(pattern, Definition("value", default), scope, declare=True)
            if _MODIFIER.search(self.tree.source[parameter.start : pattern.start]):  # `constructor(private readonly name)`: this.name
                stored = self.program.properties.setdefault(name_of(self.tree, pattern), [])
                stored.extend([Definition("param", node, (index,)), *([Definition("value", default)] if default is not None else [])])
            index += 1

    def bind(self, pattern: Node, source: Definition, scope: Scope, *, declare: bool) -> None:
        """Give every name in a pattern its definition; an explicit stack, since patterns nest."""
        todo = [(pattern, source)]
        while todo:
            node, given = todo.pop()
            kind = node.type
            if kind in NAMES:
                self.name(node, given, scope, declare=declare)
            elif kind in ("assignment_pattern", "object_assignment_pattern"):
                left, right = node.field("left"), node.field("right")
                if left is not None:
                    if left.type == "shorthand_property_identifier_pattern":
                        given = (
                            given._replace(path=(*given.path, name_of(self.tree, left))) if kind == "object_assignment_pattern" else given
                        )
                    todo.append((left, given._replace(defaulted=left.type in NAMES)))
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
        if owner is not None:
            self.program.stores.append((key, owner))
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

    def changes_anything(self, node: Node) -> None:
        """A function that stores into what it is given goes by a name of the program's choice: whatever it is called on may change."""
        self.program.foreign = True
        self.program.indexed.append(node)

    # ------------------------------------------------------------------------------------------------------ one visit per node type

    def identifier(self, node: Node, scope: Scope) -> None:
        name = name_of(self.tree, node)
        self.program.identifiers.setdefault(name, []).append(node)
        if name in ("Object", "Reflect") and storing.is_taken(self.tree, node):
            self.changes_anything(node)

    def this(self, node: Node, scope: Scope) -> None:
        self.program.this.append(node)

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
        if storing.stores(module):
            self.changes_anything(source)
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
                            if alias is not None and storing.stores(exported):
                                self.changes_anything(alias)
                            self.name(alias or name, Definition("import", node, (exported,), module), scope, declare=True)

    def import_alias(self, node: Node, scope: Scope) -> None:
        """`import Short = Long.Name`: of a namespace, or of any value."""
        name, value = node.kids[0], node.kids[-1]
        if value.type == "nested_identifier":
            value.type = "member_expression"
        self.name(name, Definition("value", value), scope, declare=True)

    def pair(self, node: Node, scope: Scope) -> None:
        key, value = node.field("key"), node.field("value")
        if key is None or value is None:
            return
        name = property_name(self.tree, key)
        if name is None:
            self.program.computed = True
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
        if callee is not None and callee.type == "subscript_expression":
            self.program.keyed_calls.append(node)
        if callee is not None and callee.type == "super":
            self.program.supers.append(node)
        prop = callee.field("property") if callee is not None and callee.type == "member_expression" else None
        named = prop or (callee if callee is not None and callee.type == "identifier" else None)
        if callee is None or named is None:
            return
        name = name_of(self.tree, named)
        if prop is not None:
            self.program.property_calls.setdefault(name, []).append(node)
        arguments = node.field("arguments")
        first = next(iter(arguments.kids), None) if arguments is not None else None
        if first is not None and name == "require" and first.type == "string" and storing.stores(string_text(self.tree, first)):
            self.changes_anything(first)
        if (name in storing.CHANGERS or (prop is not None and name in storing.STORERS)) and (
            prop is not None or (first is not None and first.type != "object")
        ):
            self.changed(first)
            if arguments is not None and first is not None and (name != "set" or len(arguments.kids) > 2):  # a map's has two
                self.program.indexed.append(first)

    def made(self, node: Node, scope: Scope) -> None:
        maker = node.field("constructor")
        if maker is not None and (maker.type in ("this", "meta_property") or self.tree.text(maker).endswith(".constructor")):
            self.program.remade.append(node)

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


_VISITS = {
    "identifier": _Builder.identifier,
    "this": _Builder.this,
    "variable_declarator": _Builder.declarator,
    "assignment_expression": _Builder.assignment,
    "augmented_assignment_expression": _Builder.assignment,
    "update_expression": _Builder.update,
    "for_in_statement": _Builder.loop,
    "catch_clause": _Builder.catch,
    "import_alias": _Builder.import_alias,
    "import_statement": _Builder.import_statement,
    "pair": _Builder.pair,
    "shorthand_property_identifier": _Builder.shorthand,
    "method_definition": _Builder.method,
    "field_definition": _Builder.field_definition,
    "public_field_definition": _Builder.field_definition,
    "call_expression": _Builder.call,
    "new_expression": _Builder.made,
    "return_statement": _Builder.give_back,
    "yield_expression": _Builder.give_back,
    "enum_declaration": _Builder.enumeration,
    "internal_module": _Builder.enumeration,
    "export_statement": _Builder.export,
}
