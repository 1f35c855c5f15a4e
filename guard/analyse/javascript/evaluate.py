"""Node -> what it can be: names through their bindings, members, calls of the program's own functions, folded text.

Lazy and memoised: a value is worked out when a rule asks for it. Bounded in depth and steps; when a bound is hit, `gave_up` says so and
the analysis as a whole is opaque, so a value that is cut short never hides an effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from guard.analyse.javascript import aliases, calls, fold, library, parameters
from guard.analyse.javascript.aliases import ADDERS
from guard.analyse.javascript.scope import (
    FUNCTIONS,
    GLOBAL_OBJECTS,
    Binding,
    Definition,
    Program,
    Step,
    fragment,
    is_getter,
    name_of,
    places,
    property_name,
    string_text,
)
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import (
    ANY,
    HOLE,
    NOTHING,
    UNKNOWN,
    Array,
    Constant,
    Function,
    Object,
    Ref,
    Text,
    Unknown,
    Value,
    Values,
    concat,
    join,
    merged,
    text,
)  # fmt: skip

DEPTH = 110
STEPS = 150_000
ROUNDS = 12
ITEMS = 3000
"""More elements of an array than this are not told apart."""

OPTIONS = names(
    """
    method type url uri path hostname host port baseURL baseUrl prefixUrl query body name tool server cwd shell args cmd text sql
    connectionString write append create truncate createNew read file
    """
)
"""Properties of objects that rules read."""
MOVERS = frozenset({"shift", "reverse", "sort"})
"""Methods after which the elements of an array stand elsewhere."""


class Evaluator:
    """The values of one program's nodes. `roots`: names that the profile's server injects -> their references. `is_module`: others call its
    functions with what they like, and change its objects."""

    def __init__(
        self,
        program: Program,
        roots: Callable[[str], Ref | None],
        client: Callable[[Node, int], Ref | None],
        cwd: str,
        *,
        is_module: bool = False,
    ) -> None:
        self.program = program
        self.tree = program.tree
        self.roots = roots
        self.client = client
        self.cwd = cwd
        self.is_module = is_module
        self.gave_up = ""
        self.sparse = re.search(rb"[\[,]\s*,", self.tree.source) is not None
        self.memo: dict[object, Values] = {}
        self.round: dict[object, Values] = {}
        self.before: dict[object, Values] = {}
        self.busy: set[object] = set()
        self.cuts: set[object] = set()
        self.depth = 0
        self.steps = 0

    # ------------------------------------------------------------------------------------------------------------------ evaluation

    def values(self, node: Node) -> Values:
        """All that `node` can be."""
        while node.type in TRANSPARENT and node.kids:
            node = node.kids[0]
        return self._guarded(node, lambda: _HANDLERS.get(node.type, Evaluator._any)(self, node))

    def _guarded(self, key: object, work: Callable[[], Values]) -> Values:
        """Run `work` once per key and round, with cycles cut, depth and steps bounded.

        A cycle (`x = f(x)`) is cut where it is met again: what the round before found is taken there, and the rounds go on until that
        does not change any more. From the third round on only references and functions are carried, of which there are finitely many,
        and how all the texts begin, which can only become shorter.
        """
        found = self.memo.get(key)
        if found is not None:
            return found
        found = self.round.get(key)
        if found is not None:
            return found
        if key in self.busy:
            self.cuts.add(key)
            return self.before.get(key, NOTHING)
        if self.depth == 0:
            return self._settled(key, work)
        return self._once(key, work)

    def _once(self, key: object, work: Callable[[], Values]) -> Values:
        self.steps += 1
        if self.depth > DEPTH or self.steps > STEPS:
            self.gave_up = "is nested too deeply to follow" if self.depth > DEPTH else "is too large to follow"
            return ANY
        self.busy.add(key)
        self.depth += 1
        try:
            result = work()
        finally:
            self.depth -= 1
            self.busy.discard(key)
        self.round[key] = result
        return result

    def _settled(self, key: object, work: Callable[[], Values]) -> Values:
        for attempt in range(ROUNDS):
            self.round, self.cuts = {}, set()
            result = self._once(key, work)
            stable = all(self.before.get(cut, NOTHING) == self._carried(cut, attempt) for cut in self.cuts)
            if stable:
                break
            self.before = {cut: self._carried(cut, attempt) for cut in self.cuts}
        else:
            self.gave_up = "is too entangled to follow"
        self.memo.update(self.round)
        self.round, self.before = {}, {}
        return result

    def _carried(self, cut: object, attempt: int) -> Values:
        values = self.round.get(cut, NOTHING)
        if attempt < 2:
            return values
        kept = tuple(value for value in values if isinstance(value, (Ref, Function)))
        others = [value for value in values if not isinstance(value, (Ref, Function))]
        if not others:
            return kept
        start = _common([value.known if isinstance(value, Text) else "" for value in others])
        return (*kept, Text((start, None)) if start else UNKNOWN)

    def _any(self, node: Node) -> Values:
        return ANY

    def one(self, node: Node | None) -> Values:
        return ANY if node is None else self.values(node)

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
        open_ = False
        for kid in node.kids[:ITEMS]:
            if kid.type == "spread_element":
                for value in self.values(kid):
                    if isinstance(value, Array):
                        items.extend(value.items)
                        open_ = open_ or value.open
                    elif isinstance(value, Text) and value.complete:
                        items.extend((text(c),) for c in value.known[:ITEMS])
                    else:
                        open_ = True
            else:
                items.append(self.values(kid))
        if self.sparse and places(self.tree, node) != list(range(len(node.kids))):  # `[, second]`: indices are not what they seem
            return (Array((join(*items, ANY),) * (len(items) + 1), True),)
        cut = len(node.kids) > ITEMS or len(items) > ITEMS
        return (Array(tuple(items[:ITEMS]), open_ or cut),)

    def _object(self, node: Node) -> Values:
        properties: dict[str, Values] = {}
        open_ = False
        for kid in node.kids:
            if kid.type == "pair":
                key, value = kid.field("key"), kid.field("value")
                name = self.key(key)
                if name is None or value is None:
                    open_, properties = True, _any_of(properties)
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
                for spread in self.values(kid):
                    if isinstance(spread, Object):
                        properties.update(spread.properties)
                        open_ = open_ or spread.open
                    else:
                        open_, properties = True, _any_of(properties)
            else:
                open_ = True
        return (self._later(node, properties, open_),)

    def _later(self, node: Node, properties: dict[str, Values], open_: bool) -> Object:
        """An object with what may be stored in it after it was made: `options.method = "DELETE"`."""
        for name in OPTIONS & self.program.assigned.keys():
            stored = join(*[self.definition(d) for d in self.program.assigned[name] if d.kind != "augmented"])
            properties[name] = join(properties.get(name, (Constant(None),)), stored)
        use = node.parent
        holder = use.field("name") or use.field("left") if use is not None else None
        if holder is not None and holder.type == "identifier" and aliases.is_changed(self, holder):
            return Object(_any_of(properties), True, node)
        return Object(properties, open_, node)

    def key(self, node: Node | None) -> str | None:
        """The name of a property key, folded if it is computed; None if it cannot be known."""
        if node is None:
            return None
        is_index = node.parent is not None and node.parent.type == "subscript_expression" and node.type != "string"
        name = None if is_index else property_name(self.tree, node)
        if name is None:
            values = self.values(node)
            if len(values) == 1 and isinstance(values[0], (Text, Constant)):
                folded = concat([values])[0]
                return folded.known if isinstance(folded, Text) and folded.complete else None
        return name

    # ---------------------------------------------------------------------------------------------------------------------- names

    def _identifier(self, node: Node) -> Values:
        name = name_of(self.tree, node)
        if name == "undefined":
            return (Constant(None),)
        binding = node.scope.find(name) if node.scope is not None else None
        if binding is None:
            return parameters._arguments_object(self, node) if name == "arguments" else self.free(name)
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
        return self._guarded(binding, lambda: self._shared(self._grown_array(binding, self._all(binding.definitions, binding))))

    def _shared(self, values: Values) -> Values:
        """What a name of a module stands for, as others may have changed it."""
        if not self.is_module:
            return values
        return tuple(
            Array(_grown_items(value, "any"), True)
            if isinstance(value, Array)
            else Object(_any_of(value.properties), True, value.origin)
            if isinstance(value, Object)
            else value
            for value in values
        )

    def _grown_array(self, binding: Binding, values: Values) -> Values:
        """An array that something is added to later has other elements too."""
        how = self._added_to(binding) if any(isinstance(value, Array) for value in values) else ""
        if not how:
            return values
        return tuple(
            Array(_grown_items(value, how), value.open or how != "moved") if isinstance(value, Array) else value for value in values
        )

    def _added_to(self, binding: Binding) -> str:
        """How the array of a name changes later: "push" adds at its end, "any" anywhere, "moved" only reorders, "" not at all."""
        found = ""
        for mention in self.program.identifiers.get(binding.name, ()):
            use = mention.parent
            if use is None or mention.scope.find(binding.name) is not binding:
                continue
            if use.field("object") is not mention:
                if aliases.changes(self, mention):
                    return "any"
                continue
            prop = use.field("property")
            name = name_of(self.tree, prop) if prop is not None else ""
            if (use.type == "subscript_expression" and aliases.is_stored(use)) or (name in ADDERS and name != "push"):
                return "any"
            found = "moved" if name in MOVERS or found == "moved" else "push" if name == "push" else found
        return found

    def _all(self, definitions: list[Definition], binding: Binding | None = None) -> Values:
        values = [self.definition(definition) for definition in definitions if definition.kind != "augmented"]
        if any(definition.kind == "augmented" for definition in definitions):
            values.append(self._grown(definitions))
            if any(definition.kind == "augmented" and self._climbs(definition.node) for definition in definitions):
                values.append(ANY)
        if binding is not None and not binding.declared:
            values.append(self.free(binding.name))
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
            base = self.elements(self.values(definition.node))
        elif kind == "key":
            base = (HOLE,)
        elif kind == "getter":
            base = join(*[self.values(node) for node in self.program.returns.get(definition.node, [])]) or ANY
        elif kind == "undefined":
            return (Constant(None),)
        elif kind == "param":
            index, *rest = definition.path
            base = parameters.parameter(self, definition.node, index if isinstance(index, int) else 0)
            return self.steps_into(base, tuple(rest))
        elif kind == "rest":
            return parameters._all_arguments(self, definition.node, int(definition.path[0] or 0))
        else:
            return ANY
        return self.steps_into(base, definition.path)

    def steps_into(self, values: Values, path: tuple[Step, ...]) -> Values:
        for step in path:
            if isinstance(step, int):
                values = self.index(values, step) if step >= 0 else (Array((self.elements(values),), True),)
            elif step is None:
                values = join(*[self._some_member(value) for value in values]) or ANY
            else:
                values = self.member(values, step)
        return values

    def imported(self, specifier: str, path: tuple[Step, ...]) -> Values:
        """What an import binds: a reference to the library, or to "unknown"."""
        values: Values = (Ref(library.module(specifier)),)
        for step in path:
            if step not in ("default", None):
                values = self.member(values, str(step))
        return values

    def elements(self, values: Values) -> Values:
        """What iterating over the values gives."""
        found: list[Values] = []
        for value in values:
            if isinstance(value, Array):
                found.extend(value.items)
                if value.open:
                    found.append(ANY)
            elif isinstance(value, Text) and value.complete and len(value.known) <= 8:
                found.append(tuple(text(c) for c in value.known))
            elif isinstance(value, Ref):
                found.append(self._instance(value))
            else:
                found.append(ANY)
        return join(*found) or ANY

    def _instance(self, value: Ref) -> Values:
        """What an effectful library object yields stays suspect; what pure ones yield is nothing."""
        return ANY

    def index(self, values: Values, at: int) -> Values:
        found: list[Values] = []
        for value in values:
            if isinstance(value, Array):
                if 0 <= at < len(value.items):
                    found.append(value.items[at])
                elif value.open:
                    found.append(ANY)
            elif isinstance(value, Object):
                found.append(value.properties.get(str(at), ANY))
            else:
                found.append(ANY)
        return join(*found) or ANY

    # -------------------------------------------------------------------------------------------------------------------- members

    def _member(self, node: Node) -> Values:
        prop = node.field("property")
        owner = node.field("object")
        if prop is None or owner is None:
            return ANY
        name = name_of(self.tree, prop)
        if owner.type in ("meta_property", "import"):
            known: dict[str, Values] = {
                "env": (Ref("process.env"),),
                "require": (Ref("require"),),
                "dirname": (text(self.cwd),),
                "url": (Text((f"file://{self.cwd}/", None)),),
                "filename": (Text((self.cwd + "/", None)),),
            }
            return known.get(name, ANY)
        if name == "constructor":
            return ANY if owner.type == "this" else (Ref("constructor"),)
        if owner.type == "this" and self.program.properties.get(name):
            # the program's own object: what is stored there by name is all that there is, unless something is stored by computed names
            outer = [self.member((value,), name) for value in self.values(owner) if isinstance(value, Ref)]
            values = join(*outer, self.stored(name))
            return join(values, ANY) if self.program.dynamic_stores or self.is_module else values
        return self.member(self.values(owner), name)

    def _subscript(self, node: Node) -> Values:
        owner, index = node.field("object"), node.field("index")
        if owner is None or index is None:
            return ANY
        values = self.values(owner)
        found = []
        for key in self.values(index):
            if isinstance(key, Constant) and isinstance(key.value, (int, float)) and not isinstance(key.value, bool):
                found.append(self.index(values, int(key.value)) if abs(key.value) < 1e9 else ANY)
            elif isinstance(key, Text) and key.complete:
                found.append((Ref("constructor"),) if key.known == "constructor" else self.member(values, key.known))
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
                if name in self.program.properties and len(self.program.properties[name]) > 1:
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
        return self._guarded(("pool", name), lambda: join(*[self.definition(d) for d in definitions if d.kind != "augmented"]))

    def _this(self, node: Node) -> Values:
        function = node.scope.function if node.scope is not None else None
        while function is not None and function.type == "arrow_function":
            function = function.scope.function
        if function is None:
            above = node.parent
            while above is not None and above.type != "class_body":
                above = above.parent
            return ANY if above is not None else (Ref("globalThis"),)
        if function.type == "method_definition":
            return ANY
        outer = function.parent
        while outer is not None and outer.type == "parenthesized_expression":
            outer = outer.parent
        called = (
            outer is not None
            and outer.type == "call_expression"
            and outer.field("function") is not None
            and parameters.contains(function, outer.fields["function"])
        )
        if called:
            return (Ref("globalThis"),)
        # called by its bare name, a sloppy function has the global object as `this`: only where it leaves the function can that matter
        bound = function.type == "function_declaration" or (outer is not None and outer.type in ("variable_declarator", "pair"))
        leaves = node.parent is not None and node.parent.type in ("return_statement", "variable_declarator", "arguments")
        given = outer is not None and outer.type == "arguments" and node.parent is not None and node.parent.type == "return_statement"
        return (Ref("globalThis"), UNKNOWN) if (bound and leaves) or given else ANY

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
        return fold.plus([self.values(part) for part in reversed(parts)])

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

    # ---------------------------------------------------------------------------------------------------------------------- calls

    def _call(self, node: Node) -> Values:
        return calls.result(self, node)

    def arguments(self, node: Node) -> list[Values]:
        """The values of a call's arguments; a spread of something unknown ends the list."""
        return calls.arguments_of(self, node)

    def callee(self, node: Node) -> tuple[Values, list[Values]]:
        """What a call calls, and with what, after undoing `.call`, `.apply` and bound arguments."""
        return calls.callee(self, node)


def _common(texts: list[str]) -> str:
    """How all the texts begin."""
    low, high = min(texts), max(texts)
    return low[: next((at for at, letter in enumerate(low) if high[at : at + 1] != letter), len(low))]


def _grown_items(value: Array, how: str) -> tuple[Values, ...]:
    if how == "push":
        return value.items
    if how == "moved":
        return (join(*value.items) or ANY,) * len(value.items)
    return tuple(join(item, ANY) for item in value.items)


def _any_of(properties: dict[str, Values]) -> dict[str, Values]:
    """Properties that something unknown may have replaced."""
    return {name: join(values, ANY) for name, values in properties.items()}


_HANDLERS: dict[str, Callable[[Evaluator, Node], Values]] = {
    "string": Evaluator._string,
    "template_string": Evaluator._template,
    "number": Evaluator._number,
    "true": Evaluator._true,
    "false": Evaluator._false,
    "null": Evaluator._undefined,
    "undefined": Evaluator._undefined,
    "identifier": Evaluator._identifier,
    "shorthand_property_identifier": Evaluator._identifier,
    "shorthand_property_identifier_pattern": Evaluator._identifier,
    "member_expression": Evaluator._member,
    "subscript_expression": Evaluator._subscript,
    "call_expression": Evaluator._call,
    "new_expression": Evaluator._call,
    "array": Evaluator._array,
    "object": Evaluator._object,
    "binary_expression": Evaluator._binary,
    "ternary_expression": Evaluator._ternary,
    "unary_expression": Evaluator._unary,
    "assignment_expression": Evaluator._assignment,
    "sequence_expression": Evaluator._sequence,
    "this": Evaluator._this,
    **dict.fromkeys((*FUNCTIONS, "class", "class_declaration"), Evaluator._function),
}
