"""Objects and classes of the program's own -> every place that names a member of theirs, where they stay in sight.

An object stays in sight while it only goes by plain names: constants, parameters of the program's own functions, what those give back.
Then its methods are called where they are named, and nowhere else. Worked out from the text alone, once per program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guard.analyse.javascript.literals import is_accessor, name_of, property_name
from guard.analyse.javascript.scope import CLASSES, FUNCTIONS, GLOBAL_OBJECTS, Binding, Program
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names

MOST = 300
"""An object that is named more often is not followed."""
CALLED_BY_ITSELF = names(
    """
    toString valueOf toJSON then catch finally next return throw
    toLocaleString hasOwnProperty isPrototypeOf propertyIsEnumerable prototype constructor __proto__ __defineGetter__ __defineSetter__
    __lookupGetter__ __lookupSetter__ call bind
    """
)
"""Names that the language or its own objects use: what is called by them is not in the text."""
ENDS = frozenset({"spread_element", "computed_property_name", "yield_expression"})
CONSTRUCTOR = re.compile(rb"\bconstructor\b(?!\s*\(|\.name\b)|\bnew\s*\.\s*target\b")
LOOKING = ("console.", "JSON.stringify", "Object.keys", "String", "Boolean")
"""Builtins that look at what they are given, and neither call methods by their names nor give it back."""
NEW = FUNCTIONS | names("string number template_string array object true false null regex new_expression undefined class unary_expression")
"""Values that are no function from elsewhere, which would have the object as its `this`."""
CHOOSING = frozenset({"&&", "||", "??"})
ELSEWHERE = GLOBAL_OBJECTS | {"Proxy", "Reflect", "eval", "Function"}
"""Names by which an object, or a function that gives it, is reached without being named."""


def members(program: Program, method: Node) -> tuple[Node, ...] | None:
    """The places that name a function which is a member of an object or class: None where others may call it too."""
    holder, key = _member_of(program, method)
    if holder is None or key in CALLED_BY_ITSELF:
        return None
    named = _named(program, holder, static=_is_static(program, method))
    return None if named is None else named.get(key, ())


def is_own(program: Program, member: Node) -> bool:
    """Whether `x.name` is a member of a class that stays in sight, or of what is made of it: `new C().name`, `C.name`."""
    node = member.fields["object"]
    binding = node.scope.find(name_of(program.tree, node)) if node.type == "identifier" else None
    if binding is not None and len(binding.definitions) == 1 and binding.definitions[0].kind in ("class", "value"):
        node = binding.definitions[0].node
    made = node.type == "new_expression"
    if made and (made_of := node.field("constructor")) is not None and made_of.type == "identifier":
        binding = made_of.scope.find(name_of(program.tree, made_of))
        node = binding.definitions[0].node if binding is not None and len(binding.definitions) == 1 else node
    if node.type not in CLASSES:
        return False
    named = _named(program, node, static=not made)
    return named is not None and member in named.get(name_of(program.tree, member.fields["property"]), ())


def _member_of(program: Program, function: Node) -> tuple[Node | None, str]:
    """The object literal or class that a function is a member of, and its name there."""
    definition = function
    if function.type != "method_definition":
        above = function.parent
        if above is None or above.type not in ("pair", "field_definition", "public_field_definition") or function.field("name") is not None:
            return None, ""
        definition = above
    elif is_accessor(program.tree, function):
        return None, ""
    key = definition.field("key") or definition.field("name") or definition.field("property")
    name = property_name(program.tree, key) if key is not None else None
    holder = definition.parent
    if holder is not None and holder.type == "class_body":
        holder = holder.parent
    return (None, "") if name is None or holder is None else (holder, name)


def _is_static(program: Program, member: Node) -> bool:
    """Whether a member, or what stands in one, belongs to the class and not to what is made of it."""
    while member.parent is not None and member.parent.type != "class_body":
        member = member.parent
    key = member.field("name") or member.field("property")
    return member.type == "class_static_block" or (key is not None and b"static" in program.tree.source[member.start : key.start].split())


def _named(program: Program, holder: Node, *, static: bool) -> Mapping[str, tuple[Node, ...]] | None:
    static = static and holder.type in CLASSES
    if (holder, static) not in program.reached:
        following = _Following(program, holder, static=static)
        program.reached[holder, static] = following.run() if _is_plain(program, holder) else None
    return program.reached[holder, static]


def _is_plain(program: Program, holder: Node) -> bool:
    """Whether an object or class says all that it is: no spread, no names that are worked out, no base class, no decorators."""
    named = [(one, name) for name in ELSEWHERE for one in program.identifiers.get(name, ())]
    if not all(is_local(program, one, name) for one, name in named):
        return False
    if holder.type not in CLASSES:
        return all(kid.type in ("pair", "method_definition", "shorthand_property_identifier") for kid in holder.kids)
    body, above = holder.field("body"), holder.parent
    plain = all(kid.type in ("type_identifier", "identifier", "class_body", "type_parameters") for kid in holder.kids)
    decorated = (*(above.kids if above is not None else ()), *(body.kids if body is not None else ()))
    return plain and not any(kid.type == "decorator" or any(k.type == "decorator" for k in kid.kids) for kid in decorated)


def is_local(program: Program, mention: Node, name: str) -> bool:
    """Whether a name is a variable of the program there: `var self = this`."""
    binding = mention.scope.find(name)
    return binding is not None and binding.declared and not (binding.scope is program.top and name in program.perhaps)


class _Lost(Exception):
    """The object goes where it cannot be followed."""


class _Following:
    """One object or class, followed through the text of a program."""

    def __init__(self, program: Program, holder: Node, *, static: bool) -> None:
        self.program = program
        self.holder = holder
        self.static = static
        """Whether only the class itself is followed, and not what is made of it."""
        self.todo: list[Node] = []
        self.seen: set[Node] = set()
        self.named: dict[str, list[Node]] = {}
        self.given_back: set[str] = set()
        """Methods that give the object back."""
        self.borrows = False
        """Whether a function from elsewhere may be a member."""

    def run(self) -> Mapping[str, tuple[Node, ...]] | None:
        try:
            if self.holder.type in CLASSES and (name := self.holder.field("name")) is not None:
                self.binding(name.scope.find(name_of(self.program.tree, name)), name)
            if self.holder.type in CLASSES - {"class"}:
                self.exported(self.holder)
            else:
                self.use(self.holder)
            if self.static and CONSTRUCTOR.search(self.program.tree.source):
                return None  # what is made of it leads back to it
            inside = [node for node in self.program.this if self.holder.start < node.start < self.holder.end]
            self.todo.extend(node for node in inside if not self.static or _is_static(self.program, node))
            self.made_of()
            while self.todo:
                node = self.todo.pop()
                if node not in self.seen:
                    self.seen.add(node)
                    self.use(node)
                if len(self.seen) > MOST:
                    return None
            if self.borrows and any(_is_bare(node) for node in self.program.this if node not in inside):
                return None
        except _Lost:
            return None
        return {key: tuple(nodes) for key, nodes in self.named.items()}

    def made_of(self) -> None:
        body = self.holder.field("body") or self.holder
        for kid in body.kids:
            value = kid.field("value")
            self.borrows = self.borrows or kid.type.startswith("shorthand") or (value is not None and value.type not in NEW)

    def use(self, node: Node) -> None:
        """What happens with the object at one place."""
        inner, use = node, node.parent
        while use is not None and use.type in TRANSPARENT and use.type not in ENDS:
            inner, use = use, use.parent
        if use is None or use.type in ("program", "statement_block"):
            return
        if use.type == "member_expression" and use.field("object") is inner:
            self.member(use)
        elif use.type == "variable_declarator" and use.field("value") is inner:
            self.declared(use)
        elif use.type == "return_statement" or (use.type == "arrow_function" and use.field("body") is inner):
            self.returned(use if use.type == "arrow_function" else use.scope.function)
        elif use.type == "arguments" and use.parent is not None:
            self.argument(use.parent, use.kids.index(inner))
        elif use.type == "ternary_expression" or _operator(use) in CHOOSING:
            if use.field("condition") is not inner:
                self.todo.append(use)
        elif use.type == "sequence_expression":
            if use.kids[-1] is inner:
                self.todo.append(use)
        elif use.type == "spread_element" and use.parent is not None and use.parent.type == "object":
            self.borrows = True  # the other object's functions have its `this`
            self.todo.append(use.parent)
        elif use.type == "new_expression" and use.field("constructor") is inner:
            if not self.static:
                self.todo.append(use)
        elif not self.is_looked_at(inner, use):
            raise _Lost

    def is_looked_at(self, node: Node, use: Node) -> bool:
        """`x === node`, `${node}`, `for (… of node)`, `export { node }`"""
        if use.type == "template_string":
            return use.parent is None or use.parent.type != "call_expression"
        return use.type in ("binary_expression", "export_specifier") or (use.type == "for_in_statement" and use.field("right") is node)

    def member(self, member: Node) -> None:
        key = name_of(self.program.tree, member.fields["property"])
        outer = member.parent
        if key == "constructor" and outer is not None and self.program.tree.text(outer).endswith(".constructor.name"):
            return
        if key in CALLED_BY_ITSELF or (key not in self.program.properties and self.holder.type not in CLASSES):
            raise _Lost
        if outer is not None and outer.type == "assignment_expression" and outer.field("left") is member:
            self.borrows = self.borrows or outer.fields["right"].type not in NEW - FUNCTIONS
        self.named.setdefault(key, []).append(member)
        if key in self.given_back:
            self.called(member)

    def called(self, function: Node) -> None:
        """A function that gives the object back must be called on the spot."""
        use = function.parent
        while use is not None and use.type in ("parenthesized_expression", "non_null_expression"):
            use = use.parent
        if use is None or use.type != "call_expression" or use.field("function") is not function:
            raise _Lost
        self.todo.append(use)

    def declared(self, declarator: Node) -> None:
        name, holder = declarator.field("name"), declarator.parent
        if name is None or name.type != "identifier" or holder is None or holder.type != "lexical_declaration":
            raise _Lost
        self.exported(holder)
        self.binding(name.scope.find(name_of(self.program.tree, name)), name)

    def exported(self, declaration: Node) -> None:
        """What a namespace exports is named otherwise; who imports the program, if anybody, is asked for elsewhere."""
        above = declaration.parent
        if above is not None and above.type == "export_statement" and (above.parent is None or above.parent.type != "program"):
            raise _Lost

    def binding(self, binding: Binding | None, name: Node) -> None:
        """All mentions of a name that stands for the object alone."""
        if binding is None or len(binding.definitions) != 1 or not binding.declared:
            raise _Lost
        for mention in self.program.identifiers.get(binding.name, ()):
            if mention is not name and mention.scope.find(binding.name) is binding:
                self.todo.append(mention)

    def returned(self, function: Node | None) -> None:
        if function is None:
            return
        if "generator" in function.type:
            raise _Lost
        holder, key = _member_of(self.program, function)
        if holder is self.holder and key:
            self.given_back.add(key)
            for member in self.named.get(key, ()):
                self.called(member)
            return
        name = function.field("name") if function.type in ("function_declaration", "function_expression") else None
        outer = function.parent
        while outer is not None and outer.type == "parenthesized_expression":
            outer = outer.parent
        called = outer.field("function") if outer is not None else None
        if outer is not None and called is not None and called.start <= function.start < called.end:
            self.todo.append(outer)  # a function that is called on the spot
        elif outer is not None and outer.type == "variable_declarator" and name is None:
            self.calls(outer.field("name"))
        elif function.type == "function_declaration":
            self.calls(name)
        else:
            raise _Lost

    def calls(self, name: Node | None) -> None:
        """The calls of a function which gives the object back, and does nothing else by its name."""
        label = name_of(self.program.tree, name) if name is not None and name.type == "identifier" else ""
        binding = name.scope.find(label) if name is not None and label else None
        if binding is None or len(binding.definitions) != 1 or label in self.program.property_calls:
            raise _Lost
        if binding.scope is self.program.top and any(_is_bare(node) for node in self.program.this if _holder_of(node) is None):
            raise _Lost  # the global object, of which the function is a property
        for mention in self.program.identifiers.get(label, ()):
            if mention is not name and mention.scope.find(label) is binding:
                self.called(mention)

    def argument(self, call: Node, at: int) -> None:
        """Handed to a builtin that only looks, or to a parameter of the program's own function."""
        function = call.field("function")
        if function is None:
            raise _Lost
        text = self.program.tree.text(function)
        if text.startswith(LOOKING) and function.scope.find(text.partition(".")[0]) is None:
            return
        binding = function.scope.find(text) if function.type == "identifier" else None
        if binding is None or len(binding.definitions) != 1 or binding.definitions[0].kind not in ("function", "value"):
            raise _Lost
        target = binding.definitions[0].node
        parameters = target.field("parameters")
        patterns = parameters.kids if parameters is not None else [target.field("parameter")]
        plain = target.type in FUNCTIONS and all(one is not None and one.type != "spread_element" for one in call.fields["arguments"].kids)
        if not plain or at >= len(patterns) or "arguments" in self.program.identifiers:
            raise _Lost
        pattern = patterns[at]
        if pattern is not None and pattern.type in ("required_parameter", "optional_parameter"):
            pattern = pattern.field("pattern")
        body = target.field("body")
        if pattern is None or pattern.type != "identifier" or body is None:
            raise _Lost
        inner = body.scope
        self.binding(inner.find(name_of(self.program.tree, pattern)) if inner is not None else None, pattern)


def _operator(node: Node) -> str:
    operator = node.field("operator")
    return operator.type if operator is not None else ""


def _is_bare(this: Node) -> bool:
    """A `this` that does not stand before a plain name."""
    return this.parent is None or this.parent.type != "member_expression"


def _holder_of(node: Node) -> Node | None:
    """The object or class in which a `this` stands."""
    above = node.parent
    while above is not None and above.type not in CLASSES and above.type != "object":
        above = above.parent
    return above
