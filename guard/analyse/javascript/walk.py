"""One pass over all nodes of a program: what is called, read, imported and handed on becomes effects.

Reachability does not matter: what is written anywhere counts. A reference to something effectful that leaves the code where it can be
followed is an effect itself ("may be called"), or opaque.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guard.analyse.javascript import data, dynamic, imports, library, tools
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.fallback import BY_METHOD, BY_MODULE, BY_NAME, DATA_METHODS, SQL_METHODS, SQL_WORDS
from guard.analyse.javascript.loops import Loops
from guard.analyse.javascript.scope import name_of
from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.site import Site
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.taint import Taint
from guard.analyse.javascript.values import ANY, UNKNOWN, Function, Ref, Text, Values, texts
from guard.analyse.profile import Profile
from guard.model import RUN, Effect, Facts, Kind

MOST_EFFECTS = 1000
"""More effects than this in one program are not read by anybody: the rest is opaque."""
HARMLESS_TAKERS = ("console.", "Object.keys", "Object.getOwnPropertyNames", "util.inspect", "Boolean", "String", "JSON.stringify", "assert")
"""Pure functions that look at an object they are given and do not call into it."""

BRANCHES = frozenset({"ternary_expression", "binary_expression", "sequence_expression"})
LOGICAL = frozenset({"||", "&&", "??"})


class Walk:
    """The effects of one program."""

    def __init__(self, evaluator: Evaluator, facts: Facts, depth: int, *, profile: Profile | None, server: str, typed: bool) -> None:
        self.program = evaluator.program
        self.tree = evaluator.tree
        self.evaluator = evaluator
        self.facts = facts
        self.depth = depth
        self.profile = profile
        self.server = server
        self.typed = typed
        self.effects: list[tuple[Node, Effect]] = []

    def run(self) -> tuple[Effect, ...]:
        for node in self.program.order:
            visit = _VISITS.get(node.type)
            if visit is not None:
                visit(self, node)
            if len(self.effects) > MOST_EFFECTS:
                self.opaque(node, "js-too-large", "does more things than can be listed")
                break
        loops, taint = Loops(self.program, self.evaluator), Taint(self.program, self.evaluator, self.effects)
        done: dict[Effect, None] = {}
        for node, effect in self.effects:
            loop, count = loops.of(node)
            done[replace(effect, loop=loop, count=count, tainted=taint.reaches(node, effect))] = None
        return tuple(done)

    def add(self, node: Node, effects: Iterable[Effect]) -> None:
        self.effects.extend((node, effect) for effect in effects)

    def opaque(self, node: Node, rule: str, note: str) -> None:
        self.add(node, [Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=self.tree.span(node), rule=rule, note=note)])

    def site(self, node: Node, name: str, arguments: list[Values], *, base: Text | None = None, certain: bool = True) -> Site:
        tagged = node.fields.get("arguments") is not None and node.fields["arguments"].type == "template_string"
        return Site(name=name, arguments=arguments, node=node, span=self.tree.span(node), facts=self.facts, depth=self.depth, base=base,
                    certain=certain, tagged=tagged, server=self.server)  # fmt: skip

    # ----------------------------------------------------------------------------------------------------------------------- calls

    def call(self, node: Node) -> None:
        function = node.field("function") or node.field("constructor")
        if function is None or function.type == "super":
            return
        if function.type == "import":
            self.import_call(node, self.evaluator.arguments(node))
            return
        values, arguments = self.evaluator.callee(node)
        for value in values:
            if isinstance(value, Ref):
                self.reference_call(node, value, arguments)
        if UNKNOWN in values or not values:
            self.unknown_call(node, function, arguments)
        self.handed_on(node)
        dynamic.check_call(self, node, function, values, arguments)

    def reference_call(self, node: Node, value: Ref, arguments: list[Values]) -> None:
        name, arguments = value.name, [*value.bound, *arguments]
        if name in library.REQUIRE:
            self.import_call(node, arguments)
        elif name.startswith("%"):
            self.add(node, tools.effects(self.site(node, name, arguments), self.profile))
        elif name.endswith((".bind", ".toString", ".name")) or name in library.PASSED_ON:
            return
        else:
            self.known_call(node, value, arguments)

    def known_call(self, node: Node, value: Ref, arguments: list[Values], *, certain: bool = True) -> None:
        name = value.name
        spec = library.spec(name)
        if library.root(name) == "unknown":
            found = BY_MODULE.get(name.rsplit(".", 1)[-1])
            if found is not None:
                self.add(node, SPECS[found](self.site(node, name, arguments, certain=False)))
        elif spec is None and name.rsplit(".", 1)[-1] in DATA_METHODS:
            return
        elif spec is None:
            self.opaque(node, "js-unknown-member", f"uses {name}, which the tables do not know")
            found = BY_MODULE.get(name.rsplit(".", 1)[-1])
            if found is not None:
                self.add(node, SPECS[found](self.site(node, name, arguments, certain=False)))
        elif name == "fetch" and self.profile is not None:
            self.add(node, tools.fetch(self.site(node, name, arguments), self.profile))
        else:
            self.add(node, SPECS[spec](self.site(node, name, arguments, base=value.base, certain=certain)))

    def unknown_call(self, node: Node, function: Node, arguments: list[Values]) -> None:
        """A call of something that cannot be resolved: particular names count as what they are."""
        while function.type in TRANSPARENT and function.kids:
            function = function.kids[0]
        site = self.site(node, self.tree.text(function)[:60], arguments, certain=False)
        if function.type in ("member_expression", "subscript_expression"):
            name = self.evaluator.key(function.field("property") or function.field("index")) or ""
            if name in BY_METHOD and name not in self.program.properties:
                self.add(node, SPECS[BY_METHOD[name]](replace(site, name=name)))
            elif name in SQL_METHODS and any(t.known.lstrip().lower().startswith(SQL_WORDS) for t in texts(site.argument(0))):
                self.add(node, SPECS["sql"](site))
        elif function.type == "identifier" and function.scope.find(name_of(self.tree, function)) is None:
            name = name_of(self.tree, function)
            if name in BY_NAME:
                self.add(node, SPECS[BY_NAME[name]](replace(site, name=name)))

    def import_call(self, node: Node, arguments: list[Values]) -> None:
        for specifier in texts(arguments[0] if arguments else ANY):
            if specifier.complete:
                self.add(node, imports.effects(specifier.known, self.tree.span(node), self.facts))
            else:
                self.opaque(node, "js-import", "imports a module whose name is worked out at run time")

    # ----------------------------------------------------------------------------------------------- what is read, and handed on

    def member(self, node: Node) -> None:
        prop, owner = node.field("property"), node.field("object")
        if prop is None or owner is None:
            return
        dynamic.check_member(self, node, owner, name_of(self.tree, prop))
        self.read(node)
        self.handed_on(node)

    def subscript(self, node: Node) -> None:
        owner, index = node.field("object"), node.field("index")
        if owner is None or index is None:
            return
        key = self.evaluator.key(index)
        if key is not None:
            dynamic.check_member(self, node, owner, key)
        else:
            dynamic.check_computed(self, node, owner)
        self.read(node)
        self.handed_on(node)

    def read(self, node: Node) -> None:
        """Reading some properties is an effect: variables, cookies."""
        for value in self.evaluator.values(node):
            if not isinstance(value, Ref) or self.is_target(node):
                continue
            if value.name.startswith("%"):
                self.add(node, tools.credential(self.site(node, value.name, []), self.profile, value.name[1:]))
            if value.name.startswith("process.env."):
                name = value.name[len("process.env.") :]
                self.add(node, data.variable_effects(self.site(node, value.name, []), (Text((name or None,)),)))
            elif value.name == "process.env":
                self.whole_environment(node)
            elif library.SINKS.get(value.name) == "environment" and "." in value.name and not _is_callee(node):
                self.add(node, SPECS["environment"](self.site(node, value.name, [])))
            elif library.SINKS.get(value.name) == "opaque" and not _is_callee(node):
                self.add(node, SPECS["opaque"](self.site(node, value.name, [])))

    def whole_environment(self, node: Node) -> None:
        use = node.parent
        while use is not None and use.type in TRANSPARENT:
            node, use = use, use.parent
        if use is None or (use.type in ("member_expression", "subscript_expression") and use.field("object") is node):
            return
        names = (
            use.field("name") if use.type == "variable_declarator" else use.field("left") if use.type == "assignment_expression" else None
        )
        if names is not None and names.type == "object_pattern":
            for kid in names.kids:
                key = kid.field("key") or kid.field("left") or kid
                name = None if kid.type == "rest_pattern" else self.evaluator.key(key) or name_of(self.tree, key)
                self.add(node, data.variable_effects(self.site(node, "process.env", []), (Text((name,)),)))
        elif names is None or names.type != "identifier":
            self.add(node, data.variable_effects(self.site(node, "process.env", []), ()))

    def is_target(self, node: Node) -> bool:
        use = node.parent
        return use is not None and use.type == "assignment_expression" and use.field("left") is node

    def identifier(self, node: Node) -> None:
        self.unknown_name(node)
        if node.parent is not None and node.parent.type in _PATTERNS:
            self.taken_out(node)
        self.handed_on(node)

    def unknown_name(self, node: Node) -> None:
        """A wrapped server may have put anything where the program declares nothing."""
        name = name_of(self.tree, node)
        if self.profile is None or node.scope.find(name) is not None or self.is_target(node):
            return
        if self.evaluator.free(name) is ANY and name not in ("undefined", "arguments"):
            self.opaque(node, "js-unknown-name", f"uses {name}, which nothing declares")

    def taken_out(self, node: Node) -> None:
        """`const {env: {TOKEN}} = process`: a name in a pattern is a variable that is read."""
        for value in self.evaluator.values(node):
            if isinstance(value, Ref) and value.name.startswith("process.env."):
                found = data.variable_effects(self.site(node, value.name, []), (Text((value.name[len("process.env.") :] or None,)),))
                self.add(node, [one for one in found if all(one.resource != seen.resource for _, seen in self.effects)])

    def handed_on(self, node: Node) -> None:
        """A reference to something effectful must be used in a way that can be followed."""
        values = self.evaluator.values(node)
        suspects = [
            v for v in values if isinstance(v, Ref) and not v.name.startswith(("process.env", "unknown")) and not library.is_pure(v.name)
        ]
        if not suspects or self.followed(node):
            return
        for value in suspects:
            self.hand(node, value)

    def hand(self, node: Node, value: Ref) -> None:
        name = value.name
        if name.startswith("%"):
            self.add(node, tools.handed(self.site(node, name, [], certain=False), self.profile))
        elif name in library.REQUIRE or name == "globalThis" or library.spec(name) is None:
            if library.spec(name) is None and name not in library.PREFIXES and name not in library.REQUIRE and name != "globalThis":
                return  # a plain value of an effectful module, such as a constant: only a call of it matters
            self.opaque(node, "js-handed-on", f"hands {name} on to code that cannot be followed")
        elif name not in ("constructor",):
            self.known_call(node, value, [*value.bound, ANY, ANY, ANY], certain=False)

    def followed(self, node: Node) -> bool:
        """Whether the place where a reference stands keeps it in sight."""
        origin, use = node, node.parent
        while use is not None:
            kind = use.type
            if kind in ("spread_element", "yield_expression", "class_heritage", "extends_clause"):
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
            if kind == "assignment_expression":
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
        values, _ = self.evaluator.callee(call)
        if not values:
            return False
        for value in values:
            if isinstance(value, Function):
                if not self.direct(function) or (arguments.kids[:1] == [node] and self.sets_this(function)):
                    return False
            elif isinstance(value, Ref):
                passed = value.name in library.PASSED_ON or value.name.endswith(".bind")
                shown = value.name.startswith(HARMLESS_TAKERS) and not self.is_whole_runtime(origin)
                if not passed and not shown and not self.takes_value(value.name, origin):
                    return False
            else:
                return False
        return True

    def sets_this(self, function: Node) -> bool:
        """`f.call(x)`: x is `this` inside f, which is not followed."""
        prop = function.field("property") if function.type == "member_expression" else None
        return prop is not None and name_of(self.tree, prop) in ("call", "apply", "bind")

    def is_whole_runtime(self, node: Node) -> bool:
        """Even showing these gives the environment away."""
        return any(isinstance(v, Ref) and v.name in ("process", "globalThis") for v in self.evaluator.values(node))

    def takes_value(self, name: str, node: Node) -> bool:
        """Effectful or pure library calls whose argument is only data, such as `fs.constants.F_OK` or a stream."""
        return library.spec(name) is not None and all(
            not isinstance(v, Ref) or (library.spec(v.name) is None and v.name not in library.PREFIXES and not v.name.startswith("%"))
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

    # ---------------------------------------------------------------------------------------------------------- other statements

    def import_statement(self, node: Node) -> None:
        specifier = imports.specifier_of(self.program, node, typed=self.typed)
        if specifier is not None:
            self.add(node, imports.effects(specifier, self.tree.span(node), self.facts))

    def assignment(self, node: Node) -> None:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None:
            dynamic.check_assignment(self, left, right)

    def with_statement(self, node: Node) -> None:
        self.opaque(node, "js-with", "uses `with`, which changes what every name means")

    def string(self, node: Node) -> None:
        dynamic.check_string(self, node)


def _is_callee(node: Node) -> bool:
    use = node.parent
    return use is not None and node in (use.field("function"), use.field("constructor"))


_PATTERNS = frozenset({"pair_pattern", "pair", "object_assignment_pattern", "assignment_pattern", "array_pattern", "object"})

_VISITS = {
    "call_expression": Walk.call,
    "new_expression": Walk.call,
    "member_expression": Walk.member,
    "subscript_expression": Walk.subscript,
    "identifier": Walk.identifier,
    "shorthand_property_identifier": Walk.identifier,
    "shorthand_property_identifier_pattern": Walk.taken_out,
    "import_statement": Walk.import_statement,
    "export_statement": Walk.import_statement,
    "assignment_expression": Walk.assignment,
    "augmented_assignment_expression": Walk.assignment,
    "with_statement": Walk.with_statement,
    "string": Walk.string,
}
