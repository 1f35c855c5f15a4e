"""What `this` is: whether its properties are those that the program stores by name, or it may be an object from elsewhere.

A method works on an object of the program's own as long as nobody lends it to another: takes it off its object, names a prototype,
hands a `this` on. One such thing anywhere, and `this` can be anything. Worked out from the text alone, once per program.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from guard.analyse.javascript.calls import ITERATORS
from guard.analyse.javascript.literals import is_accessor, is_number, name_of, property_name
from guard.analyse.javascript.scope import CLASSES, FUNCTIONS, Program
from guard.analyse.javascript.syntax import TRANSPARENT, Node

LENDING = frozenset({"call", "apply", "bind"})
LITERALS = frozenset({"array", "object"})
NOBODY = frozenset({"null", "undefined", "this", "number", "string"})
"""What stands for no object, or for the one that it already is."""
ELSEWHERE = re.compile(rb"__proto__|\b[sg]etPrototypeOf\b|__define|__lookup|\b(?:Reflect|Proxy)\b")
PROTOTYPE = re.compile(rb"\bprototype\b")
PLAIN = re.compile(
    rb"""
    \b(?:Object|Array|String|Number|Map|Set|Date|RegExp|Promise|Symbol|Boolean)\.prototype\b
    | \.prototype\.[\w$]+\s*=(?![=>])
    | \.prototype\s*=\s*(?:\{|new\s|Object\.create\(\s*[\w$.]+\.(?P<base>prototype)\s*[,)])
    | \.prototype\.[\w$]+\.(?:call|apply)\(\s*this\b
    """,
    re.VERBOSE,
)
"""The ways to name a prototype that neither lend a method nor give an object another one."""
CONSTRUCTOR = re.compile(rb"\bconstructor\b")
NAMED = re.compile(rb"\.prototype\.constructor\s*=(?![=>])|(?<![.\w$])constructor\s*[:(]|\.constructor\.name\b")
"""Where a constructor is named without being taken."""
LISTING = re.compile(rb"\b(?:values|entries|assign|getOwnProperty\w+)\b")
"""Ways to get the members of an object without naming them."""
UTIL = frozenset({"util", "node:util"})
REQUIRED = frozenset(f"require({mark}{name}{mark})" for mark in "\"'" for name in UTIL)
BUILTIN = re.compile(r"(?:(?:Object|Array|String|Number|Map|Set|Date|RegExp)\.prototype|\[\]|\{\}|''|\"\")\.\w+")


def changes_this(program: Program, this: Node) -> bool:
    """Whether what `this` means may have properties that the program does not store in it by name."""
    function = _function_of(this)
    if _is_lending(program, function):
        return True
    if method_class(this) is not None or (function is not None and _is_constructed(program, function)):
        return _judged(program, _changes_instances)
    return bool(program.indexed) or program.computed or (function is not None and not _is_in_plain_object(program, function))


def is_made(program: Program, this: Node) -> bool:
    """Whether a `this` outside of classes is what a function of the program makes: `function C() {…}`, `C.prototype.name = …`."""
    function = _function_of(this)
    return function is not None and not _is_lending(program, function) and _is_constructed(program, function)


def has_own_class(program: Program, this: Node) -> bool:
    """Whether the `constructor` of a `this` is a class or function of the program: not that of a function, which runs text as code."""
    function = _function_of(this)
    if function is None or _is_lending(program, function) or _judged(program, _lends_functions):
        return False
    holder = method_class(this)
    if holder is None:
        return _is_constructed(program, function)
    key = function.field("name")
    before = program.tree.source[function.start : key.start].split() if key is not None else [b"static"]
    heir = any(kid.type in ("class_heritage", "extends_clause") for kid in holder.kids)
    return b"static" not in before and not (heir and _own_name(program, function) == "constructor")


def is_own_constructor(program: Program, mention: Node) -> bool:
    """`C.prototype.constructor = C`, which nothing takes from there; `util.inherits(C, Base)`."""
    use = mention.parent
    left = use.field("left") if use is not None and use.type == "assignment_expression" else None
    if use is not None and use.type == "pair":
        named = program.tree.text(use.fields["key"]) == "constructor"
    else:
        named = left is not None and program.tree.text(left).endswith(".prototype.constructor")
    if use is not None and use.type == "arguments" and use.parent is not None:
        return _inherits(program, use.parent)
    source = program.tree.source
    return named and len(CONSTRUCTOR.findall(source)) == len(NAMED.findall(source))


def _is_lending(program: Program, function: Node | None) -> bool:
    if function is not None and is_accessor(program.tree, function):
        return _judged(program, _lends)  # reading `x.name` runs it on x
    return _judged(program, _lends) or (function is not None and _own_name(program, function) in lent_names(program))


def method_class(this: Node) -> Node | None:
    """The class in whose method, or in an arrow function of it, a `this` stands."""
    function = _function_of(this)
    body = function.parent if function is not None else None
    return body.parent if body is not None and body.type == "class_body" else None


def lent_names(program: Program) -> frozenset[str]:
    """Names of members that are taken without being called there, so that they may be called on something else."""
    if program.lent is None:
        program.lent = frozenset(name for node in program.order if (name := _taken_name(program, node)))
    return program.lent


def stays_member(program: Program, pair: Node) -> bool:
    """Whether the function of `{ name: function () {…} }` is only ever called as a member: nothing takes it by its name, or by any name."""
    name = property_name(program.tree, pair.fields["key"])
    return name is not None and name not in lent_names(program) and not _judged(program, _takes_by_any_name)


def _takes_by_any_name(program: Program) -> bool:
    """Whether members are taken by names that are not written, without being called there: `x[k]`, `Object.values(x)`, `{...x}`."""
    if LISTING.search(program.tree.source) or ELSEWHERE.search(program.tree.source):
        return True
    for node in program.order:
        if node.type in ("spread_element", "rest_pattern") and node.parent is not None and node.parent.type in ("object", "object_pattern"):
            return True
        if node.type == "pair_pattern" and node.fields["key"].type == "computed_property_name":
            return True
        index = node.field("index") if node.type == "subscript_expression" else None
        if index is None or index.type in ("string", "number") or is_number(program.tree, index):
            continue
        use = node.parent
        called = use is not None and use.type == "call_expression" and use.field("function") is node
        if not called and not (use is not None and use.type == "assignment_expression" and use.field("left") is node):
            return True
    return False


def _function_of(this: Node) -> Node | None:
    function: Node | None = this.scope.function
    while function is not None and function.type == "arrow_function":
        function = function.scope.function
    return function


def _own_name(program: Program, function: Node) -> str:
    """The name under which a function is a member."""
    use = function.parent
    key = function.field("name") if function.type == "method_definition" else None
    if key is None and use is not None:
        key = use.field("key") if use.type == "pair" else None
        left = use.field("left") if use.type == "assignment_expression" else None
        key = left.field("property") if left is not None else key
    return (property_name(program.tree, key) or "") if key is not None else ""


def _taken_name(program: Program, node: Node) -> str:
    """The name of a member that is taken: `x.name`, `x["name"]` (but not `x.name(…)`, `x.name = …`), `{ name } = x`."""
    if node.type == "shorthand_property_identifier_pattern":
        return name_of(program.tree, node)
    if node.type == "pair_pattern":
        key = node.field("key")
        return (property_name(program.tree, key) or "") if key is not None else ""
    if node.type not in ("member_expression", "subscript_expression"):
        return ""
    key = node.field("property") or node.field("index")
    if key is None or (node.type == "subscript_expression" and key.type != "string"):
        return ""
    use = node.parent
    while use is not None and use.type in ("parenthesized_expression", "non_null_expression"):
        use = use.parent
    callee = use.field("function") if use is not None and use.type == "call_expression" else None
    stored = use is not None and use.type == "assignment_expression" and use.field("left") is node
    if (callee is not None and callee.end == node.end) or stored or _keeps_owner(program, node, use):
        return ""
    return property_name(program.tree, key) or ""


def _keeps_owner(program: Program, member: Node, use: Node | None) -> bool:
    """`x.name.bind(x)`"""
    prop = use.field("property") if use is not None and use.type == "member_expression" else None
    call = use.parent if use is not None else None
    given = call.field("arguments") if call is not None and call.type == "call_expression" else None
    if prop is None or given is None or not given.kids or name_of(program.tree, prop) not in LENDING:
        return False
    return program.tree.text(given.kids[0]) == program.tree.text(member.fields["object"])


def _judged(program: Program, question: Callable[[Program], bool]) -> bool:
    """The answer to a question about the whole program, worked out once."""
    if question not in program.judged:
        program.judged[question] = question(program)
    return program.judged[question]


def _changes_instances(program: Program) -> bool:
    return any(not _is_literal(program, owner) for owner in program.indexed)


def _mixes(program: Program) -> bool:
    """Whether some object is made of others."""
    written = [node.kids for node in program.order if node.type == "object" and len(node.kids) > 1]
    return any(kid.type == "spread_element" for kids in written for kid in kids)


def _lends(program: Program) -> bool:
    """Whether anything in the program can make `this` an object from elsewhere."""
    source = program.tree.source
    if ELSEWHERE.search(source):
        return True
    plain = sum(2 if found.group("base") else 1 for found in PLAIN.finditer(source))
    if len(PROTOTYPE.findall(source)) > plain:
        return True
    given = [call for name in LENDING for call in program.property_calls.get(name, ())]
    with_this = [(call, 1) for name in ITERATORS for call in program.property_calls.get(name, ())]
    if any(_is_lent(program, call, 0) for call in given) or any(_is_lent(program, *one) for one in with_this):
        return True
    if any(_is_lent(program, call, 2) for name in ("from", "fromAsync") for call in program.property_calls.get(name, ())):
        return True
    return any(_gives_object(program, call) for call in program.property_calls.get("create", ())) or any(
        function.type == "method_definition" and _own_name(program, function) == "constructor" for function in program.returns
    )


def _lends_functions(program: Program) -> bool:
    """Whether a function is written as the `this` of another: `f.call(() => {})`."""
    calls = [call for name in LENDING if name not in program.properties for call in program.property_calls.get(name, ())]
    given = [call.field("arguments") for call in calls]
    return any(one is not None and one.kids and _plain(one.kids[0]).type in FUNCTIONS | CLASSES for one in given)


def _is_lent(program: Program, call: Node, at: int) -> bool:
    """Whether an argument that becomes the `this` of a function may be an object from elsewhere."""
    given = call.field("arguments")
    kids = given.kids if given is not None else []
    if any(kid.type == "spread_element" for kid in kids[: at + 1]):
        return True
    if at >= len(kids) or kids[at].type in NOBODY or kids[at].type in FUNCTIONS:
        return False
    if at:
        return kids[at - 1].type != "arrow_function"  # which has the `this` of what it stands in
    receiver = call.fields["function"].fields["object"]
    owner = receiver.field("object") if receiver.type == "member_expression" else None
    if owner is not None and program.tree.text(owner) == program.tree.text(kids[at]):
        return False  # `Math.max.apply(Math, …)`
    binding = receiver.scope.find(name_of(program.tree, receiver)) if receiver.type == "identifier" else None
    meant = binding.definitions[0].node if binding is not None and len(binding.definitions) == 1 else receiver
    return BUILTIN.fullmatch(program.tree.text(meant)) is None


def _gives_object(program: Program, call: Node) -> bool:
    """`Object.create(x, descriptors)`, unless they are written out."""
    given = call.field("arguments")
    kids = given.kids if given is not None else []
    return len(kids) > 1 and (kids[1].type != "object" or any(kid.type == "spread_element" for kid in kids[1].kids))


def _is_constructed(program: Program, function: Node) -> bool:
    """A function that makes objects, or one of their methods: `function C() {…}`, `C.prototype.name = function () {…}`."""
    use = function.parent
    if use is not None and use.type == "pair" and use.parent is not None and use.parent.parent is not None:
        use = use.parent.parent  # `C.prototype = { name: function () {…} }`
    elif function.type == "method_definition" and use is not None and use.type == "object":
        use = use.parent
    left = use.field("left") if use is not None and use.type == "assignment_expression" else None
    if left is not None:
        maker = _maker_of(program, left) or _maker_of(program, left.field("object"))
        return maker is not None and _only_makes(program, maker)
    held = function.parent if function.type == "function_expression" else function
    name = held.field("name") if held is not None and held.type in ("function_declaration", "variable_declarator") else None
    return name is not None and name.type == "identifier" and _only_makes(program, name)


def _maker_of(program: Program, member: Node | None) -> Node | None:
    """The `C` of `C.prototype`."""
    if member is None or member.type != "member_expression" or name_of(program.tree, member.fields["property"]) != "prototype":
        return None
    maker = member.fields["object"]
    return maker if maker.type == "identifier" else None


def _inherits(program: Program, call: Node) -> bool:
    """Whether a call is Node's `util.inherits(…)`."""
    function = call.field("function")
    owner = function.field("object") if function is not None and program.tree.text(function).endswith(".inherits") else None
    binding = owner.scope.find(name_of(program.tree, owner)) if owner is not None and owner.type == "identifier" else None
    meant = binding.definitions[0] if binding is not None and len(binding.definitions) == 1 else None
    return meant is not None and (meant.module in UTIL or program.tree.text(meant.node) in REQUIRED)


def _only_makes(program: Program, mention: Node, made_by: Node | None = None) -> bool:
    """Whether a name is that of a function of the program which is called by `new` alone. `made_by`: the call that may give it."""
    label = name_of(program.tree, mention)
    binding = mention.scope.find(label)
    one = binding.definitions[0] if binding is not None and binding.declared and len(binding.definitions) == 1 else None
    if one is None or one.path or one.kind not in ("function", "value"):
        return False
    if (
        one.kind == "value"
        and _plain(one.node) is not made_by
        and (_plain(one.node).type != "function_expression" or one.node.field("name"))
    ):
        return False
    return all(
        _is_making(program, use)
        for use in program.identifiers.get(label, ())
        if use.scope.find(label) is binding and not _is_declared(one.node, use)
    )


def _is_declared(made: Node, mention: Node) -> bool:
    """Whether a mention of a name is where it gets its function."""
    use = mention.parent
    return mention is made.field("name") or (use is not None and use.type == "variable_declarator" and use.field("name") is mention)


def _is_given_back(program: Program, use: Node) -> bool:
    """`const C = (function () { function C() {…} … return C })()`, where what has the name outside is called by `new` alone, too."""
    function = use.scope.function
    call = function.parent if function is not None else None
    while call is not None and call.type == "parenthesized_expression":
        call = call.parent
    if function is None or call is None or call.type != "call_expression" or _plain(call.fields["function"]) is not function:
        return False
    held = call.parent
    while held is not None and held.type == "parenthesized_expression":
        held = held.parent
    name = held.field("name") if held is not None and held.type == "variable_declarator" else None
    return name is not None and name.type == "identifier" and _only_makes(program, name, call)


def _is_making(program: Program, mention: Node) -> bool:
    """`new C(…)`, `C.prototype`, `C.call(this, …)`, `x instanceof C`, `module.exports = C`, `return C`"""
    use = mention.parent
    while use is not None and use.type in TRANSPARENT and use.type not in ("expression_statement", "await_expression"):
        use = use.parent
    if use is None or use.type in ("new_expression", "export_statement", "export_specifier"):
        return True
    if use.type == "member_expression":
        return use.field("object") is mention
    if use.type == "binary_expression":
        return b"instanceof" in program.tree.source[use.start : use.end]
    if use.type == "pair":
        return name_of(program.tree, use.fields["key"]) in ("constructor", "value")  # `constructor: { value: C }`
    if use.type == "arguments":
        return use.parent is not None and _inherits(program, use.parent)
    if use.type == "return_statement":
        return _is_given_back(program, use)
    left = use.field("left") if use.type == "assignment_expression" else None
    return left is not None and program.tree.text(left).endswith((".exports", ".constructor"))


def _is_in_plain_object(program: Program, function: Node) -> bool:
    """Whether a function is a method of an object that is written out, where no object is mixed of others."""
    use = function.parent
    literal = use.parent if use is not None and use.type == "pair" else use
    return literal is not None and literal.type == "object" and not _judged(program, _mixes)


def _is_literal(program: Program, owner: Node) -> bool:
    """Whether a name, or a member by all that is ever stored under its name, is an array or object written out right there."""
    if owner.type in LITERALS:
        return True
    if owner.type == "identifier":
        binding = owner.scope.find(name_of(program.tree, owner))
        held = binding.definitions if binding is not None and binding.declared else []
    else:
        prop = owner.field("property")
        held = program.properties.get(name_of(program.tree, prop), []) if prop is not None and owner.type == "member_expression" else []
    return bool(held) and all(one.kind == "value" and not one.path and _plain(one.node).type in LITERALS for one in held)


def _plain(node: Node) -> Node:
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    return node
