"""Where references to something effectful go: used on the spot, kept in a plain name, stored, or handed to what cannot be followed.

What is stored (in a property, an element, a result, a parameter) is followed by its name as far as that goes. Where it is lost, the
program calls something unknown; so once a program does both, what it stored may be what it calls.
"""

from __future__ import annotations

from guard.analyse.javascript import calls, instances, library, tools
from guard.analyse.javascript.calls import ITERATORS
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.patching import BUILTIN_METHODS
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import CLASSES
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import ANY, Array, Function, Ref, Text, Values, elements

AGENTS = frozenset({"http.Agent()", "https.Agent()"})
HARMLESS_TAKERS = ("console.", "Object.keys", "Object.getOwnPropertyNames", "util.inspect", "Boolean", "String", "JSON.stringify", "assert")
"""Pure functions that look at an object they are given and do not call into it."""
CALLING = ("throws", "Throw", "rejects", "Reject")
"""What assertions call that they are given, which they else only look at."""
FOUND = BUILTIN_METHODS - {"call", "apply", "bind"}
"""Methods of something unknown that are those of arrays, text and promises, and call nothing but what they are given."""
BRANCHES = frozenset({"ternary_expression", "binary_expression", "sequence_expression"})
LOGICAL = frozenset({"||", "&&", "??"})
ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
FIELDS = frozenset({"field_definition", "public_field_definition"})
STORES = FIELDS | {"pair", "object", "array", "return_statement", "arrow_function", "shorthand_property_identifier"}
CALLERS = names("call apply bind")
WHOLE = names("process globalThis localStorage sessionStorage")
"""Even showing these gives away what they hold."""
IMPLICIT = names(
    """
    toString valueOf toJSON toISOString toLocaleString then next return throw get set has apply construct deleteProperty ownKeys
    defineProperty exec join add resolve
    """
)
"""Properties that the language calls by itself."""


class Handing:
    """The references of one program that leave the place where they are named."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.evaluator = report.evaluator
        self.tree = report.tree
        self.stored: list[tuple[Node, Ref]] = []
        self.computed: set[Node] = set()
        """Those of the stored whose name is computed, so that a call by that name does not lead back to it."""
        self.constructors: list[Node] = []
        """Where a `.constructor` is lost from sight: harmless, unless something is called that it, or what it made, may be."""

    def see(self, node: Node) -> None:
        """A reference to something effectful must be used in a way that can be followed."""
        suspects = [
            value
            for value in self.evaluator.values(node)
            if isinstance(value, Ref) and not value.name.startswith(("process.env", "unknown")) and not library.is_pure(value.name)
        ]
        if not suspects:
            return
        followed = self.followed(node)
        if not followed or self.called_by_itself(node):
            for value in suspects:
                self.hand(node, value)
        elif self.is_stored(node):
            self.stored.extend((node, value) for value in suspects)

    def see_class(self, node: Node) -> None:
        """`this.constructor`, where `this` may be a function: calling it runs text as code."""
        if instances.has_own_class(self.report.program, node.fields["object"]):
            return
        use = node.parent
        while use is not None and use.type in TRANSPARENT:
            node, use = use, use.parent
        if use is not None and use.type == "member_expression" and use.field("object") is node:
            looked = name_of(self.tree, use.fields["property"]) not in CALLERS | {"constructor"}
        elif use is not None and use.type == "binary_expression":
            operator = use.field("operator")
            looked = operator is not None and operator.type not in LOGICAL
        else:
            looked = use is None or use.type in ("unary_expression", "expression_statement")
        if not looked:
            self.constructors.append(node)

    def settle(self, *, module: bool) -> None:
        """At the end: what was stored is handed on if something unknown is called that it could be; or if others import it (`module`)."""
        for node, value in self.stored:
            named = node in self.computed and not self.report.lost <= BUILTIN_METHODS
            if (value.name in WHOLE and node.type != "this") or library.spec(value.name) is not None:
                named |= not self.report.strange <= BUILTIN_METHODS  # what it was given to may call it by any name
            if module or named or None in self.report.lost or any(self._has_effect(value.name, name or "") for name in self.report.lost):
                self.hand(node, value)
        if self.constructors and not self.report.lost <= FOUND:
            self.report.opaque(
                self.constructors[0], "js-constructor", "hands a `.constructor` on, which can be the function that runs text as code"
            )

    def _has_effect(self, owner: str, name: str) -> bool:
        return library.spec(library.member(owner, name)) not in (None, "pure")

    def hand(self, node: Node, value: Ref) -> None:
        """The effects of a reference that may be called with anything."""
        name, report = value.name, self.report
        if name in AGENTS and node.parent is not None and (node.parent.type == "pair" or node.type == "shorthand_property_identifier"):
            return  # an option of a request, `{ agent }`, which is an effect itself
        if name.startswith("%"):
            report.add(node, tools.handed(report.site(node, name, [], certain=False), report.profile))
        elif name in library.REQUIRE or name == "globalThis" or library.spec(name) is None:
            if library.spec(name) is None and name not in library.PREFIXES and name not in library.REQUIRE and name != "globalThis":
                if _is_value(name):
                    return  # a plain value of an effectful module, such as a constant: only a call of it matters
                report.opaque(node, "js-unknown-member", f"hands {name} on, which the tables do not know")
                return
            report.opaque(node, "js-handed-on", f"hands {name} on to code that cannot be followed")
        elif name != "constructor" or _is_base_class(node) or self._is_mapped(node) or self._is_called_through(node):
            report.known_call(node, value, [*value.bound, *self._given_to(node), ANY, ANY], certain=False)
        else:
            self.constructors.append(node)

    def _given_to(self, node: Node) -> list[Values]:
        """What a builtin gets that is handed to a method of an array: `paths.filter(existsSync)`."""
        holder = node.parent
        call = holder.parent if holder is not None and holder.type == "arguments" and holder.kids[0] is node else None
        callee = call.field("function") if call is not None else None
        prop, owner = (callee.field("property"), callee.field("object")) if callee is not None else (None, None)
        if prop is None or owner is None or name_of(self.tree, prop) not in ITERATORS - {"sort", "toSorted"}:
            return [ANY]
        receiver = self.evaluator.values(owner)
        given = elements(receiver) if all(isinstance(one, Array) for one in receiver) else ANY
        return [given if all(isinstance(one, Text) for one in given) else ANY]

    def _is_mapped(self, node: Node) -> bool:
        """`["…"].map(f.constructor)`"""
        holder = node.parent
        call = holder.parent if holder is not None and holder.type == "arguments" else None
        callee = call.field("function") if call is not None else None
        prop = callee.field("property") if callee is not None else None
        return prop is not None and name_of(self.tree, prop) in ITERATORS

    def _is_called_through(self, node: Node) -> bool:
        """`f.call.call(x.constructor, …)`, `f.bind.apply(x.constructor, …)`: what calls, or binds, is itself called with it."""
        holder = node.parent
        call = holder.parent if holder is not None and holder.type == "arguments" else None
        callee = call.field("function") if call is not None else None
        if callee is None or not self.sets_this(callee):
            return False
        owner = self.evaluator.values(callee.fields["object"])
        return any(isinstance(value, Ref) and value.name.rsplit(".", 1)[-1] in CALLERS for value in owner)

    # ------------------------------------------------------------------------------------------------------------------ where it goes

    def is_stored(self, node: Node) -> bool:
        """Whether a reference is put where only a name, an index or a call leads back to it."""
        inner, use = node, node.parent
        while use is not None:
            if use.type in STORES or use.type == "export_specifier":
                if _is_computed(use):
                    self.computed.add(node)
                return True
            if use.type == "arguments" and use.parent is not None:
                return not self.is_parameter(inner, use) and any(
                    isinstance(value, Function) for value in calls.callee(self.evaluator, use.parent)[0]
                )
            if use.type in ASSIGNMENTS:
                left = use.field("left")
                if left is not None and left.type == "subscript_expression":
                    self.computed.add(node)
                return left is not None and left is not inner and left.type != "identifier"
            if use.type in ("variable_declarator", "export_statement"):
                return use.type == "export_statement" or _is_exported(use)
            operator = use.field("operator") if use.type == "binary_expression" else None
            if (use.type not in TRANSPARENT and use.type not in BRANCHES) or (operator is not None and operator.type not in LOGICAL):
                return False
            inner, use = use, use.parent
        return False

    def is_parameter(self, given: Node, arguments: Node) -> bool:
        """`(function (root) {…})(this)`: the parameter is what it is given, wherever it is mentioned, and nothing else leads to it."""
        function = arguments.parent.field("function") if arguments.parent is not None else None
        while function is not None and function.type == "parenthesized_expression" and function.kids:
            function = function.kids[0]
        if function is None or function.type not in ("function_expression", "arrow_function") or given not in arguments.kids:
            return False
        at, written = arguments.kids.index(given), function.field("parameters")
        named = written.kids[at] if written is not None and at < len(written.kids) else None
        named = (named.field("pattern") or named) if named is not None else None
        if named is None or named.type != "identifier" or any(kid.type == "spread_element" for kid in arguments.kids[:at]):
            return False
        return not any(function.start < one.start < function.end for one in self.report.program.identifiers.get("arguments", ()))

    def called_by_itself(self, node: Node) -> bool:
        """Whether a function is put where the language calls it without a call in the text: `toString`, `then`, `onerror`."""
        inner, use = node, node.parent
        while use is not None and (use.type in TRANSPARENT or use.type in BRANCHES):
            inner, use = use, use.parent
        if use is None or not (use.type == "pair" or use.type in ASSIGNMENTS or use.type in FIELDS):
            return False
        target = use.field("left") or use.field("key") or use.field("property") or use.field("name")
        if target is None or target is inner:
            return False
        if target.type == "identifier":
            return name_of(self.tree, target).startswith("on") and target.scope.find(name_of(self.tree, target)) is self._free(target)
        key = target.field("property") or target.field("index") or target
        if key.type == "computed_property_name" and self.evaluator.key(key) is None:
            return True
        name = self.evaluator.key(key) or name_of(self.tree, key)
        return name in IMPLICIT or (name.startswith("on") and name.islower())

    def _free(self, target: Node) -> object:
        binding = target.scope.find(name_of(self.tree, target))
        return binding if binding is not None and not binding.declared else None

    def followed(self, node: Node) -> bool:
        """Whether the place where a reference stands keeps it in sight."""
        origin, use = node, node.parent
        while use is not None:
            kind = use.type
            if kind in ("spread_element", "yield_expression", "class_heritage", "extends_clause", "decorator"):
                return False
            if kind in ("pair", "object", "array", "shorthand_property_identifier"):
                if kind == "pair" and self.evaluator.key(use.field("key")) is None:
                    return False
                node, use = use, use.parent
                continue
            if kind == "template_string":
                return use.parent is None or use.parent.type != "call_expression"
            if kind in ("return_statement", "arrow_function"):
                return self.result_followed(use)
            if kind in TRANSPARENT:
                node, use = use, use.parent
                continue
            if kind in BRANCHES:
                operator = use.field("operator")
                if kind == "binary_expression" and (operator is None or operator.type not in LOGICAL):
                    return True
                if kind == "ternary_expression" and use.field("condition") is node:
                    return True
                node, use = use, use.parent
                continue
            if kind == "arguments":
                return self.argument_followed(origin, node, use)
            if kind in ASSIGNMENTS:
                left = use.field("left")
                return (
                    left is node
                    or left is None
                    or left.type != "subscript_expression"
                    or self.evaluator.key(left.field("index")) is not None
                )
            return kind not in ("throw_statement", "jsx_expression", "ERROR")
        return True

    def result_followed(self, node: Node) -> bool:
        """What a function gives back stays in sight, unless the function is a callback of code that is not."""
        function = node if node.type == "arrow_function" else node.scope.function
        use = function.parent if function is not None else None
        while use is not None and use.type in TRANSPARENT:
            use = use.parent
        if use is not None and use.type == "pair" and use.parent is not None and use.parent.parent is not None:
            return use.parent.parent.type != "arguments"  # a descriptor's getter, an option's callback
        call = use.parent if use is not None and use.type == "arguments" else None
        if call is None:
            return True
        callee = call.field("function")
        prop = callee.field("property") if callee is not None else None
        return prop is not None and name_of(self.tree, prop) in ("map", "flatMap", "then")

    def argument_followed(self, origin: Node, node: Node, arguments: Node) -> bool:
        call = arguments.parent
        if call is None:
            return False
        function = call.field("function") or call.field("constructor")
        if function is None or function.type in ("import", "super"):
            return function is not None and function.type == "import"
        values, _ = calls.callee(self.evaluator, call)
        if not values:
            return False
        if arguments.kids[:1] == [node] and self.calls_own(function) and self.is_own_this(origin):
            return True
        for value in values:
            if isinstance(value, Function):
                if not self.direct(function) or (arguments.kids[:1] == [node] and self.sets_this(function)):
                    return False
            elif isinstance(value, Ref):
                bound = library.binds(value.name) and not value.name.startswith("Function.")
                name = value.name.removesuffix(".bind") if bound else value.name
                passed = (bound or name in library.PASSED_ON) and arguments.kids[:1] == [node]
                shown = name.startswith(HARMLESS_TAKERS) and not name.endswith(CALLING) and not self.is_whole_runtime(origin)
                if not passed and not shown and not self.takes_value(name, origin):
                    return False
            else:
                return False
        return True

    def sets_this(self, function: Node) -> bool:
        """`f.call(x)`: x is `this` inside f, which is not followed."""
        prop = function.field("property") if function.type == "member_expression" else None
        return prop is not None and name_of(self.tree, prop) in CALLERS

    def calls_own(self, function: Node) -> bool:
        """`f.apply(x, …)`, where f is a name of the program's, and no builtin."""
        owner = function.field("object")
        if owner is None or owner.type != "identifier" or not self.sets_this(function):
            return False
        binding = owner.scope.find(name_of(self.tree, owner))
        own = binding is not None and binding.declared and all(one.kind in ("param", "function") for one in binding.definitions)
        return own and not any(isinstance(value, Ref) for value in self.evaluator.values(owner))

    def is_own_this(self, node: Node) -> bool:
        """`const self = this; … f.apply(self, …)`: a function that is called by its bare name has the same `this`."""
        binding = node.scope.find(name_of(self.tree, node)) if node.type == "identifier" else None
        one = binding.definitions[0] if binding is not None and binding.declared and len(binding.definitions) == 1 else None
        return one is not None and one.kind == "value" and not one.path and one.node.type == "this" and one.node.scope.function is not None

    def is_whole_runtime(self, node: Node) -> bool:
        """Even showing these gives the environment away."""
        return any(isinstance(v, Ref) and v.name in WHOLE for v in self.evaluator.values(node))

    def takes_value(self, name: str, node: Node) -> bool:
        """Effectful or pure library calls whose argument is only data, such as `fs.constants.F_OK` or a stream."""
        return library.spec(name) is not None and all(
            not isinstance(v, Ref)
            or (v.name != "globalThis" and library.spec(v.name) is None and v.name not in library.PREFIXES and _is_value(v.name))
            for v in self.evaluator.values(node)
        )

    def direct(self, function: Node) -> bool:
        """A call of the program's own function by its own name, or on the spot: its parameters see this call."""
        while function.type in TRANSPARENT and function.kids:
            function = function.kids[0]
        if function.type == "identifier":
            binding = function.scope.find(name_of(self.tree, function))
            return binding is not None and all(d.kind in ("function", "class", "value") for d in binding.definitions)
        return function.type not in ("call_expression",)


def _is_value(name: str) -> bool:
    """Whether what the tables do not know is data by its looks: what a call gave, a constant, a class."""
    return not name.startswith("%") and ("()" in name or "." not in name or not name.rsplit(".", 1)[-1][:1].islower())


def _is_computed(store: Node) -> bool:
    """Whether the property, or the function that gives the reference back, has a computed name."""
    holder = store
    if store.type in ("return_statement", "arrow_function") and store.scope is not None:
        holder = store.scope.function or store
    if holder.type == "arrow_function" and holder.parent is not None:
        holder = holder.parent
    key = holder.field("key") or holder.field("name") or holder.field("property")
    return key is not None and key.type == "computed_property_name"


def _is_exported(declarator: Node) -> bool:
    above = declarator.parent.parent if declarator.parent is not None else None
    return above is not None and above.type == "export_statement"


def _is_base_class(node: Node) -> bool:
    use = node.parent
    while use is not None and use.type in TRANSPARENT:
        use = use.parent
    return use is not None and (use.type in ("class_heritage", "extends_clause") or use.type in CLASSES)
