"""Node -> what it can be: literals and operators here, names and members in `names`, what calls give back in `calls`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from guard.analyse.javascript import aliases, calls, fold
from guard.analyse.javascript.literals import fragment, is_getter, name_of, places, string_text
from guard.analyse.javascript.names import Names
from guard.analyse.javascript.scope import FUNCTIONS
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import (
    ANY,
    NOTHING,
    Array,
    Constant,
    Function,
    Object,
    Text,
    Unknown,
    Values,
    any_of,
    concat,
    elements,
    join,
    overlaid,
    text,
)

ITEMS = 3000
"""More elements of an array than this are not told apart."""

LATER = 12
"""More names than this that may be stored in an object later are any name."""
OPTIONS = names(
    """
    method type url uri path hostname host port baseURL baseUrl prefixUrl query body name tool server cwd shell args cmd text sql
    connectionString write append create truncate createNew read file
    """
)
"""Properties of objects that rules read."""


class Evaluator(Names):
    """What any node of a program can be."""

    # ------------------------------------------------------------------------------------------------------------------ literals

    def _string(self, node: Node) -> Values:
        return (text(string_text(self.tree, node)),)

    def _template(self, node: Node) -> Values:
        parts = []
        for kid in node.kids:
            parts.append(self.values(kid) if kid.type == "template_substitution" else (text(fragment(self.tree, kid)),))
        if self.cuts and NOTHING in parts:
            return NOTHING
        return concat(parts) if parts else (text(""),)

    def _number(self, node: Node) -> Values:
        value = fold.number(self.tree.text(node))
        return ANY if value is None else (Constant(value),)

    def _true(self, node: Node) -> Values:
        return (Constant(True),)

    def _false(self, node: Node) -> Values:
        return (Constant(False),)

    def _undefined(self, node: Node) -> Values:
        return (Constant(None),)

    def _function(self, node: Node) -> Values:
        return (Function(node),)

    def _array(self, node: Node) -> Values:
        items: list[Values] = []
        rest: list[Values] = []
        open_ = False
        for kid in node.kids[:ITEMS]:
            spread = self._spread(kid) if kid.type == "spread_element" else Array((self.values(kid),))
            (rest if open_ else items).extend(spread.items)
            if spread.open:  # what comes later has no known place
                rest.append(spread.others)
                open_ = True
        if self.sparse and places(self.tree, node) != list(range(len(node.kids))):  # `[, second]`: indices are not what they seem
            return (Array((join(*items, ANY),) * (len(items) + 1), True),)
        if len(node.kids) > ITEMS or len(items) > ITEMS:
            return (Array(tuple(items[:ITEMS]), True),)
        if aliases.is_shared(self.program, node):
            if aliases.shared_pushes(self.program) is not None:
                return (self.grown(Array(tuple(items), open_, join(*rest))),)
            return (Array(tuple(join(item, ANY) for item in items), True, join(*rest, ANY)),)
        return (Array(tuple(items), open_, join(*rest)),)

    def _spread(self, node: Node) -> Array:
        """The elements of `...x`, in place as far as that is known."""
        values = self.values(node)
        value = values[0] if len(values) == 1 else None
        if isinstance(value, Array):
            return value
        if isinstance(value, Text) and value.complete:
            return Array(tuple((text(c),) for c in value.known[:ITEMS]), len(value.known) > ITEMS)
        return Array((), True, elements(values))

    def _object(self, node: Node) -> Values:
        properties: dict[str, Values] = {}
        open_ = inherits = False
        for kid in node.kids:
            if kid.type == "pair":
                key, value = kid.field("key"), kid.field("value")
                name = self.key(key)
                if name is None or value is None:
                    open_, properties = True, any_of(properties)
                elif name == "__proto__":
                    open_, inherits = True, value.type != "null"
                else:
                    properties[name] = self.values(value)
            elif kid.type == "shorthand_property_identifier":
                properties[name_of(self.tree, kid)] = self.values(kid)
            elif kid.type == "method_definition":
                name = self.key(kid.field("name"))
                if name is not None and is_getter(self.tree, kid):
                    properties[name] = join(*[self.values(given) for given in self.program.returns.get(kid, [])]) or ANY
                elif name is not None:
                    properties[name] = (Function(kid),)
            elif kid.type == "spread_element":
                properties, more = overlaid(properties, self.values(kid))
                open_ = open_ or more
            else:
                open_ = True
        return (self._later(node, any_of(properties) if inherits else properties, open_),)  # one that is deleted shows what is inherited

    def _later(self, node: Node, properties: dict[str, Values], open_: bool) -> Object:
        """An object with what may be stored in it after it was made: `options.method = "DELETE"`."""
        later = aliases.later_names(self.program, node)
        if len(later) > LATER:
            return Object(any_of(properties), True, node)
        for name in (OPTIONS & self.program.assigned.keys()) | later:
            properties[name] = join(properties.get(name, (Constant(None),)), self.settled(self.program.assigned[name]))
        use = node.parent
        holder = use.field("name") or use.field("left") if use is not None else None
        if holder is not None and holder.type == "identifier" and aliases.is_changed(self, holder):
            return Object(any_of(properties), True, node)
        if (use is None or use.type != "arguments") and aliases.is_shared(self.program, node):
            return Object(any_of(properties), True, node)
        return Object(properties, open_, node)

    # ---------------------------------------------------------------------------------------------------------------- expressions

    def _binary(self, node: Node) -> Values:
        operator = node.field("operator")
        sign = operator.type if operator is not None else ""
        left, right = node.field("left"), node.field("right")
        if left is None or right is None:
            return ANY
        if sign == "&&":  # what is truthy is not given back
            return join(tuple(v for v in self.values(left) if isinstance(v, (Constant, Text, Unknown))), self.values(right))
        if sign in ("||", "??"):
            return join(self.values(left), self.values(right))
        if sign != "+":
            return fold.arithmetic(sign, self.values(left), self.values(right)) if sign in fold.ARITHMETIC else ANY
        parts = [right]
        while left.type == "binary_expression" and left.field("left") is not None and left.fields["operator"].type == "+":
            parts.append(left.fields["right"])
            left = left.fields["left"]
        parts.append(left)
        added = [self.values(part) for part in reversed(parts)]
        return NOTHING if self.cuts and NOTHING in added else fold.plus(added)

    def _ternary(self, node: Node) -> Values:
        return join(self.one(node.field("consequence")), self.one(node.field("alternative")))

    def _unary(self, node: Node) -> Values:
        operator, argument = node.field("operator"), node.field("argument")
        if operator is None or argument is None:
            return ANY
        if operator.type == "void":
            return (Constant(None),)
        return fold.unary(operator.type, self.values(argument)) if operator.type in ("-", "+", "!", "~") else ANY

    def _assignment(self, node: Node) -> Values:
        return self.one(node.field("right"))

    def _sequence(self, node: Node) -> Values:
        return self.values(node.kids[-1]) if node.kids else ANY

    handlers: ClassVar[Mapping[str, Callable[[Any, Node], Values]]] = {
        "string": _string,
        "template_string": _template,
        "number": _number,
        "true": _true,
        "false": _false,
        "null": _undefined,
        "undefined": _undefined,
        "identifier": Names.identifier,
        "shorthand_property_identifier": Names.identifier,
        "shorthand_property_identifier_pattern": Names.identifier,
        "member_expression": Names.member_expression,
        "subscript_expression": Names.subscript_expression,
        "call_expression": calls.result,
        "new_expression": calls.result,
        "array": _array,
        "object": _object,
        "binary_expression": _binary,
        "ternary_expression": _ternary,
        "unary_expression": _unary,
        "assignment_expression": _assignment,
        "sequence_expression": _sequence,
        "this": Names.this,
        **dict.fromkeys((*FUNCTIONS, "class", "class_declaration"), _function),
    }
