"""Names and members -> what they can be: bindings by all their definitions, the globals, properties by what is stored under their name."""

from __future__ import annotations

import re

from guard.analyse.javascript import aliases, fold, instances, library, parameters, reach
from guard.analyse.javascript.growth import Growth, grown_items
from guard.analyse.javascript.literals import is_accessor, is_number, name_of
from guard.analyse.javascript.scope import FUNCTIONS, GLOBAL_OBJECTS, Binding, Definition, Step
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import (
    ANY,
    HOLE,
    UNKNOWN,
    Array,
    Constant,
    Function,
    Object,
    Ref,
    Text,
    Value,
    Values,
    any_of,
    element,
    elements,
    join,
    merged,
    text,
)  # fmt: skip

CHANGERS = frozenset({"assign", "defineProperty", "defineProperties", "setPrototypeOf", "Reflect"})
LENT = re.compile(rb"\bprototype\b|__proto__|\bsetPrototypeOf\b|__define")
HOLES = re.compile(rb"\bprototype\b(?!\s*(?:\.[\w$]|=(?!=)))|__proto__|\b[sg]etPrototypeOf\b|__define")
"""Ways to put something under a number that every array without it then has."""
ARGUMENTS = {
    "process.argv": Array(((HOLE,), (HOLE,)), True, (Constant(None),)),
    "Deno.args": Array((), True, (Constant(None),)),
}
"""What the command line gives a program of the box: nothing but the program itself."""
LOOKING = frozenset(
    {"slice", "length", "includes", "indexOf", "at", "join", "filter", "map", "some", "every", "find", "findIndex", "entries"}
)
"""Members of an array that leave it as it is."""


OF_FUNCTIONS = frozenset({"call", "apply", "bind", "prototype", "name", "length", "toString", "value"})
"""Members of what `.constructor` names that a class of a program does not have for itself; `value`: it is that of a descriptor."""
LENT_GLOBALS = frozenset({"fetch", "eval", "Function", "require", "process", "Deno", "Bun", "XMLHttpRequest", "WebSocket", "Worker"})
"""Members of the global object that no object of a program has without saying so."""
_AROUND = frozenset({"parenthesized_expression", "sequence_expression", "ternary_expression", "binary_expression"})
_BOUND = frozenset({"variable_declarator", "pair", "assignment_pattern", "arrow_function", "return_statement"})
"""From where a function may be called by a bare name, or with nothing as its `this`."""


class Names(Growth):
    """What a program's names and members stand for."""

    # ---------------------------------------------------------------------------------------------------------------------- names

    def identifier(self, node: Node) -> Values:
        name = name_of(self.tree, node)
        if name == "undefined":
            return (Constant(None),)
        binding = node.scope.find(name) if node.scope is not None else None
        if binding is None:
            return parameters.arguments_object(self, node) if name == "arguments" else self.free(name)
        values = self.binding(binding)
        if name in self.program.perhaps and binding.scope is self.program.top and (outside := self.free(name)) is not ANY:
            return join(values, outside)  # in a script, unlike in a module or a function, such a `var` is the global itself
        return values

    def free(self, name: str) -> Values:
        """A name that nobody in the program declares."""
        root = self.roots(name)
        if root is not None:
            return (root,)
        if name in GLOBAL_OBJECTS:
            return (Ref("globalThis"),)
        if name == "__dirname":
            return (text(self.cwd),)
        if name == "__filename":
            return (Text((self.cwd + "/", None)),)
        if name in library.REPL_GLOBALS:
            return (Ref(library.module(name)),)
        return (Ref(name),) if library.is_global(name) else ANY

    def binding(self, binding: Binding) -> Values:
        return self.guarded(binding, lambda: self._shared(binding, self.grown_array(binding, self._all(binding.definitions, binding))))

    def _shared(self, binding: Binding, values: Values) -> Values:
        """What a name stands for, as others may have changed it: whoever imports a module, or a store by a name that cannot be known."""
        if not self.is_module and binding.name not in self.program.changed:
            return values
        return tuple(
            Array(grown_items(value, "any"), True)
            if isinstance(value, Array) and self.is_module
            else Object(any_of(value.properties), True, value.origin)
            if isinstance(value, Object)
            else value
            for value in values
        )

    def _all(self, definitions: list[Definition], binding: Binding | None = None) -> Values:
        values = self.settled(definitions)
        if binding is not None and not binding.declared:
            values = join(values, self.free(binding.name))
        return values

    def settled(self, definitions: list[Definition]) -> Values:
        """What these definitions give a name, those that extend what it has among them."""
        values = [self.definition(definition) for definition in definitions if definition.kind != "augmented"]
        if any(definition.kind == "augmented" for definition in definitions):
            values.append(self._grown(definitions))
            if any(definition.kind == "augmented" and self._climbs(definition.node) for definition in definitions):
                values.append(ANY)
        return join(*values)

    def _climbs(self, node: Node) -> bool:
        """Whether what `+=` adds may lead a path upwards."""
        added = [value for value in self.one(node.field("right")) if isinstance(value, Text)]
        return any(".." in (piece or "") for value in added for piece in value.pieces)

    def _grown(self, definitions: list[Definition]) -> Values:
        """A text that `+=` extends: its beginning stays known."""
        starts = join(*[self.definition(d) for d in definitions if d.kind == "value"])
        return join(*[(merged([*value.pieces, None]),) if isinstance(value, Text) else ANY for value in starts]) or ANY

    def definition(self, definition: Definition) -> Values:
        kind = definition.kind
        if kind == "value":
            base = self.values(definition.node)
        elif kind in ("function", "class"):
            base = (Function(definition.node),)
        elif kind == "import":
            return self.imported(definition.module, definition.path)
        elif kind == "element":
            base = elements(self.values(definition.node))
        elif kind == "key":
            base = self._keys_of(definition.node)
        elif kind == "getter":
            base = join(*[self.values(node) for node in self.program.returns.get(definition.node, [])]) or ANY
        elif kind == "undefined":
            return (Constant(None),)
        elif kind == "param":
            index, *rest = definition.path
            base = parameters.parameter(self, definition.node, index if isinstance(index, int) else 0)
            return self._or_default(definition, self.steps_into(base, tuple(rest), definition.node))
        elif kind == "rest":
            return parameters.all_arguments(self, definition.node, int(definition.path[0] or 0))
        else:
            return ANY
        return self._or_default(definition, self.steps_into(base, definition.path, definition.node))

    def _keys_of(self, node: Node) -> Values:
        """What `for (… in node)` goes through: the names of an object that is known whole."""
        keys = fold.call("Object.keys", [self.values(node)], self.cwd)
        return elements(keys) if keys and not HOLES.search(self.tree.source) else (HOLE,)

    def _or_default(self, definition: Definition, values: Values) -> Values:
        return tuple(value for value in values if value != Constant(None)) if definition.defaulted else values

    def steps_into(self, values: Values, path: tuple[Step, ...], taker: Node | None = None) -> Values:
        """Along a pattern; `taker`: the function whose parameter it is, or the object that it is the pattern of."""
        for step in path:
            if isinstance(step, int):
                values = element(values, step) if step >= 0 else (Array((elements(values),), True),)
            elif step is None:
                values = join(*[self._some_member(value) for value in values]) or ANY
            else:
                values = join(*[self._taken(value, step, taker) for value in values]) or ANY
            taker = None
        return values

    def _taken(self, value: Value, name: str, taker: Node | None) -> Values:
        """`{name}` out of a value: in an object that is written as the argument, or as the default, nothing else can be."""
        if name in reach.CALLED_BY_ITSELF:
            return self.member((value,), name)
        if taker is not None and isinstance(value, Object) and not value.open and self._is_handed_over(value.origin, taker):
            return value.properties.get(name, (Constant(None),))
        if value == Constant(None):
            return (value,)  # it fails, or has a default, which counts for itself
        return self.member((value,), name)

    def _is_handed_over(self, origin: object, taker: Node) -> bool:
        """Whether an object literal is written where it is taken apart at once, and nothing lends properties to all objects."""
        use = origin.parent if isinstance(origin, Node) else None
        if use is None or LENT.search(self.tree.source):
            return False
        if use.type != "arguments" or use.parent is None:
            return origin is taker
        made = taker.parent.parent if taker.type == "method_definition" and taker.parent is not None else None
        callee = use.parent.field("function") or use.parent.field("constructor")
        return callee is not None and any(isinstance(one, Function) and one.node in (taker, made) for one in self.values(callee))

    def imported(self, specifier: str, path: tuple[Step, ...]) -> Values:
        """What an import binds: a reference to the library, or to "unknown"."""
        values: Values = (Ref(library.module(specifier)),)
        for step in path:
            if step not in ("default", None):
                values = self.member(values, str(step))
        return values

    # -------------------------------------------------------------------------------------------------------------------- members

    def member_expression(self, node: Node) -> Values:
        prop = node.field("property")
        owner = node.field("object")
        if prop is None or owner is None:
            return ANY
        name = name_of(self.tree, prop)
        if name in ("argv", "args") and owner.type == "identifier" and (given := self._given(node, f"{name_of(self.tree, owner)}.{name}")):
            return given
        if owner.type in ("meta_property", "import"):
            known: dict[str, Values] = {
                "env": (Ref("process.env"),),
                "require": (Ref("require"),),
                "dirname": (text(self.cwd),),
                "dir": (text(self.cwd),),
                "url": (Text((f"file://{self.cwd}/", None)),),
                "filename": (Text((self.cwd + "/", None)),),
            }
            return known.get(name, (Ref("constructor"),) if name == "constructor" else ANY)
        if name == "constructor":
            return ANY if owner.type == "this" else (Ref("constructor"),)
        if owner.type == "this" and name in LENT_GLOBALS and not self.program.properties.get(name) and not is_in_class(owner):
            return join(self.free(name), ANY)  # called by its bare name, a function of a script has the global object as `this`
        if owner.type == "this" and self.program.properties.get(name):
            # the program's own object: what is stored there by name is all that there is, unless it may be changed by computed names
            outer = [self.member((value,), name) for value in self.values(owner) if isinstance(value, Ref)]
            values = join(*outer, self.stored(name))
            return join(values, ANY) if self.is_module or instances.changes_this(self.program, owner) else values
        if not self.is_module and self.program.properties.get(name) and reach.is_own(self.program, node):
            return self.stored(name)
        return self.member(self.values(owner), name)

    def _given(self, node: Node, name: str) -> Values:
        """The arguments of the command line, while nothing in the program can change them; none if this is something else."""
        known = ARGUMENTS.get(name)
        holder, _, last = name.partition(".")
        if known is None or node.fields["object"].scope.find(holder) is not None:
            return ()
        mentions = self.program.identifiers[holder]
        if len(re.findall(rb"\b%s\b" % holder.encode(), self.tree.source)) != len(mentions):
            return ()  # it may be reached in another way
        uses = [mention.parent for mention in mentions]
        ours = [
            use for use in uses if use is not None and use.field("property") is not None and self.tree.text(use.fields["property"]) == last
        ]
        if len(re.findall(rb"\b%s\b" % last.encode(), self.tree.source)) != len(ours):
            return ()
        return (known,) if all(self._only_looks(use) for use in ours) else ()

    def _only_looks(self, mention: Node) -> bool:
        use = mention.parent
        if use is None:
            return False
        if use.type == "member_expression":
            return name_of(self.tree, use.fields["property"]) in LOOKING and not aliases.is_stored(use)
        if use.type == "subscript_expression":
            return use.field("object") is mention and not aliases.is_stored(use)
        return use.type == "variable_declarator" and use.field("name") is not None and use.fields["name"].type == "array_pattern"

    def subscript_expression(self, node: Node) -> Values:
        owner, index = node.field("object"), node.field("index")
        if owner is None or index is None:
            return ANY
        values = self.values(owner)
        found = []
        for key in self.values(index):
            if isinstance(key, Constant) and isinstance(key.value, (int, float)) and not isinstance(key.value, bool):
                found.append(element(values, int(key.value)) if abs(key.value) < 1e9 else ANY)
            elif isinstance(key, Text) and key.complete:
                found.append((Ref("constructor"),) if key.known == "constructor" else self.member(values, key.known))
            elif all(isinstance(value, Array) for value in values) and is_number(self.tree, index) and not HOLES.search(self.tree.source):
                found.append(join(elements(values), (Constant(None),)))
            else:
                found.append(join(*[self._some_member(value) for value in values]) or ANY)
        return join(*found) or ANY

    def _some_member(self, value: Value) -> Values:
        if isinstance(value, Array):
            return join(*value.items, ANY)
        if isinstance(value, Object):
            return join(*value.properties.values(), ANY)
        if isinstance(value, Function) and value.node.type in FUNCTIONS:
            return (Ref("computed"),)
        if isinstance(value, Ref) and value.name == "process.env":
            return (Ref("process.env."),)
        if isinstance(value, Ref) and not library.is_pure(value.name) and not value.name.startswith(("unknown", "process.env.")):
            return (Ref("computed"),)
        return ANY

    def member(self, values: Values, name: str) -> Values:
        """`x.name` for every value of x."""
        if name == "constructor":
            return (Ref("constructor"),)
        found: list[Values] = []
        for value in values:
            if isinstance(value, Ref):
                found.append(self._ref_member(value, name))
            elif isinstance(value, Object) and name in value.properties:
                found.append(value.properties[name])
                others = len(self.program.properties.get(name, ())) > 1 or not isinstance(value.origin, Node)
                if others and self._is_changed(name):
                    found.append(self.pool(name))
            elif isinstance(value, Array) and name == "length":
                found.append(ANY if value.open else (Constant(len(value.items)),))
            elif isinstance(value, Text) and name == "length" and value.complete:
                found.append((Constant(len(value.known)),))
            elif isinstance(value, (Constant, Text)):
                found.append(ANY)
            else:
                found.append(self.pool(name))
        return join(*found) or ANY

    def _is_changed(self, name: str) -> bool:
        """Whether the program may give an object another property of that name than it was made with."""
        program = self.program
        whole = any(
            mention.parent is None or mention.parent.type != "member_expression" for mention in program.identifiers.get("Object", ())
        )
        return (
            whole
            or name in program.assigned
            or not CHANGERS.isdisjoint(program.property_calls)
            or not CHANGERS.isdisjoint(program.identifiers)
            or any(not aliases.is_own(program, owner) for owner in program.indexed)
        )

    def _ref_member(self, value: Ref, name: str) -> Values:
        if value.name == "globalThis":
            if name in GLOBAL_OBJECTS:
                return (value,)
            binding = self.program.top.names.get(name)
            return self.binding(binding) if binding is not None else self.free(name)
        if (value.name in ("module", "exports") and name == "exports") or value.name == "exports" or value.name.startswith("process.env."):
            return self.pool(name)
        if value.name == "computed" or value.name.count(".") > 8:
            return (Ref("computed"),)
        if value.name == "constructor" and name not in OF_FUNCTIONS and not name.startswith("_"):
            return join((Ref(library.member("constructor", name)),), self.pool(name))  # `Object`, or a class of the program's
        if value.name.startswith("unknown."):
            return (Ref(f"unknown.{name}"),)
        return (Ref(library.member(value.name, name), (), value.base),)

    def pool(self, name: str) -> Values:
        """What any object's property of that name can be."""
        if not self.program.properties.get(name) or name == "constructor":
            return ANY
        return join(self.stored(name), ANY)

    def stored(self, name: str) -> Values:
        """What is stored under a property name anywhere in the program."""
        definitions = self.program.properties.get(name, [])
        return self.guarded(("pool", name), lambda: self.settled(definitions))

    def this(self, node: Node) -> Values:
        function = node.scope.function if node.scope is not None else None
        while function is not None and function.type == "arrow_function":
            function = function.scope.function
        if function is None:
            above = node.parent
            while above is not None and above.type != "class_body":
                above = above.parent
            return ANY if above is not None else (Ref("globalThis"),)
        leaves = node.parent is not None and node.parent.type in ("return_statement", "variable_declarator", "arguments")
        if function.type == "method_definition":
            own = is_in_class(node) or is_accessor(self.tree, function)
            taken = leaves and not own and name_of(self.tree, function.fields["name"]) in instances.lent_names(self.program)
            return (Ref("globalThis"), UNKNOWN) if taken else ANY
        outer = function.parent
        while outer is not None and outer.type in _AROUND:
            outer = outer.parent
        called = (
            outer is not None
            and outer.type == "call_expression"
            and outer.field("function") is not None
            and parameters.contains(function, outer.fields["function"])
        )
        if called:
            return (Ref("globalThis"),)
        if leaves and instances.is_made(self.program, node):
            return ANY
        # called by its bare name, a sloppy function has the global object as `this`: only where it leaves the function can that matter
        target = outer.field("left") if outer is not None and outer.type == "assignment_expression" else None
        named = target is not None and target.type == "identifier"
        bound = named or function.type == "function_declaration" or (outer is not None and (outer.type in _BOUND or self._is_lent(outer)))
        if bound and outer is not None and outer.type == "pair" and instances.stays_member(self.program, outer):
            bound = False
        given = outer is not None and outer.type == "arguments" and node.parent is not None and node.parent.type == "return_statement"
        return (Ref("globalThis"), UNKNOWN) if (bound and leaves) or given else ANY

    def _is_lent(self, member: Node) -> bool:
        """`f.call(null)`, `f.bind()`: nothing is given as the `this` of a function, or what may be nothing."""
        call = member.parent
        given = call.field("arguments") if member.type == "member_expression" and call is not None else None
        if given is None or name_of(self.tree, member.fields["property"]) not in ("call", "apply", "bind"):
            return False
        return not given.kids or not all(isinstance(value, (Object, Array, Function, Text)) for value in self.values(given.kids[0]))


def is_in_class(this: Node) -> bool:
    """Whether a `this` stands in a class, whose functions have no `this` when they are called by a bare name."""
    above: Node | None = this
    while above is not None and above.type != "class_body":
        above = above.parent
    return above is not None
