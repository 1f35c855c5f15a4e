"""Honest ignorance: the ways in which a program makes itself unreadable. Each is opaque, with one sentence for a person.

Everyday code must not fire: computed members of the program's own arrays and objects, classes, closures, `this.constructor`.
"""

from __future__ import annotations

import re

from guard.analyse.javascript import calls, library, patching, processes
from guard.analyse.javascript.instances import NOBODY
from guard.analyse.javascript.literals import name_of, string_text
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import ANY, UNKNOWN, Array, Function, Object, Ref, Text, Value, Values

INTERNALS = names(
    """
    __lookupGetter__ __lookupSetter__ __defineGetter__ __defineSetter__ mainModule getBuiltinModule prepareStackTrace _linkedBinding
    __parent__ caller getThis getFunction
    """
)  # fmt: skip
"""Members that lead out of what the text shows."""

WRAPPERS = names(
    """
    @std/testing.spy @std/testing.stub @std/async.debounce @std/cache.memoize sinon.spy sinon.stub sinon.fake jest.fn vi.fn
    util.promisify util.callbackify util.deprecate lodash.debounce lodash.throttle lodash.memoize lodash.once lodash.partial
    """
)
"""What gives back a function, whatever it is given."""
TIMERS = frozenset({"setTimeout", "setInterval", "setImmediate"})
TAKERS = calls.ITERATORS | names("then on once addListener prependListener addEventListener")
"""Methods that call what they are given with what they have."""
LOOKING = ("console.", "Object.", "Reflect.", "assert", "util.", "Boolean", "String", "Promise.")
LOOKED_AT = names("expect spyOn promisify toBe toEqual toStrictEqual equal strictEqual bind call apply")
DESCRIBERS = frozenset({"Object.defineProperty", "Object.defineProperties", "Object.create"})
LOOKERS = frozenset({"Object.getOwnPropertyNames", "Object.getOwnPropertyDescriptor", "Object.getOwnPropertyDescriptors"})
OBFUSCATED = re.compile(r"\b_0x[0-9a-f]{2,}\b")
ENCODED = re.compile(r"^(?:[A-Za-z0-9+/_-]{160,}={0,2}|(?:[0-9a-fA-F]{2}){80,})$")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
HIDDEN = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f\u115f\u1160\u3164\uffa0]")
CODE = re.compile(r"\s*(?:return|throw|var|let|const|import|this)\b|.*\b(?:process|require|globalThis|Deno|import)\b", re.S)
SYMBOLS = re.compile(r"[\[\]()!+{}]")


def check_text(report: Report, code: str) -> None:
    """What the text as a whole gives away: hidden characters, look-alike names, the marks of obfuscators."""
    root = report.tree.root
    if BIDI.search(code):
        report.opaque(
            root, "js-hidden-text", "holds characters that change the direction of the text, so it reads differently from what it is"
        )
    for name, nodes in report.program.identifiers.items():
        if not name.isascii() and (_confusable(name) or HIDDEN.search(name)):
            report.opaque(nodes[0], "js-hidden-text", "holds a name with letters that look like other letters")
            break
    names = OBFUSCATED.findall(code)
    if len(set(names)) >= 3 or len(names) >= 6:
        report.opaque(root, "js-obfuscated", "was run through an obfuscator (names such as _0x1a2b)")
    dense = len(SYMBOLS.findall(code))
    if dense > 200 and dense > 0.7 * len(code):
        report.opaque(root, "js-obfuscated", "is written almost without letters")
    if code.count("\\x") + code.count("\\u00") > 40 and (code.count("\\x") + code.count("\\u00")) * 4 > 0.2 * len(code):
        report.opaque(root, "js-obfuscated", "writes its texts as character codes")


def _confusable(name: str) -> bool:
    """Letters of other alphabets among Latin ones."""
    latin = any(c.isascii() and c.isalpha() for c in name)
    return latin and any(
        "\u0370" <= c <= "\u052f" or "\u1f00" <= c <= "\u1fff" or "\uff00" <= c <= "\uffef" or "\U0001d400" <= c <= "\U0001d7ff"
        for c in name
    )


def check_string(report: Report, node: Node) -> None:
    """A long text that is code or data in disguise."""
    if node.end - node.start > 160 and ENCODED.match(string_text(report.tree, node)):
        use = node.parent
        while use is not None and use.type in ("arguments", "binary_expression", "parenthesized_expression"):
            use = use.parent
        callee = use.field("function") if use is not None and use.type == "call_expression" else None
        if callee is not None and report.tree.text(callee).endswith(("atob", "Buffer.from", "unescape", "decode")):
            report.opaque(node, "js-encoded", "decodes a long text that cannot be read here")


def check_member(report: Report, node: Node, owner: Node, name: str) -> None:
    if name in INTERNALS and name not in report.program.properties:
        if name == "caller" and report.tree.text(owner) == "arguments":
            return
        report.opaque(node, "js-internals", f"uses {name}, which leads out of what the text shows")
    elif name == "__proto__":
        report.opaque(node, "js-prototype", "reaches for a prototype by __proto__")
    elif name == "arguments" and any(isinstance(value, Function) for value in report.evaluator.values(owner)):
        report.opaque(node, "js-internals", "takes the arguments of a function from outside")
    elif name == "constructor" and owner.type != "this":
        use = node.parent
        above = use.field("property") if use is not None and use.type == "member_expression" and use.field("object") is node else None
        if above is not None and name_of(report.tree, above) == "constructor":
            report.opaque(node, "js-constructor", "climbs `.constructor.constructor` to the function that runs text as code")
        elif use is not None and use.type == "subscript_expression" and use.field("object") is node:
            report.opaque(node, "js-constructor", "climbs from `.constructor` by a computed name")


def check_pattern(report: Report, pattern: Node) -> None:
    """`const { caller: c } = f`, `const { arguments: a } = f`"""
    for kid in pattern.kids:
        key = kid.field("key") or kid
        name = report.evaluator.key(key) or name_of(report.tree, key)
        if (name in INTERNALS or (name == "arguments" and kid.type == "pair_pattern")) and name not in report.program.properties:
            report.opaque(kid, "js-internals", f"takes {name} out, which leads out of what the text shows")


def check_computed(report: Report, node: Node, owner: Node) -> None:
    """`x[something]` where x is no plain data and something cannot be known."""
    for value in report.evaluator.values(owner):
        if isinstance(value, Ref) and value.name == "process.env":
            return
        if isinstance(value, Ref) and not library.is_pure(value.name) and not value.name.startswith(("process.env", "unknown")):
            report.opaque(node, "js-computed", f"reaches into {value.name} by a name that is worked out at run time")
        elif isinstance(value, Ref) and _result_used(report, node):
            report.opaque(
                node, "js-computed", f"calls a member of {value.name} by a name that is worked out at run time, and what that gives"
            )
        elif isinstance(value, Function) and _is_called(node):
            report.opaque(node, "js-computed", "calls a member of a function by a name that is worked out at run time")
        elif isinstance(value, Object) and any(
            isinstance(v, Ref) and not library.is_pure(v.name) for vs in value.properties.values() for v in vs
        ):
            report.opaque(node, "js-computed", "picks something with effects from an object by a name that is worked out at run time")
    if UNKNOWN in report.evaluator.values(owner) and _result_used(report, node):
        report.opaque(node, "js-computed", "calls a member whose name is worked out at run time, and calls what that gives")
    inner = owner
    while inner.type == "parenthesized_expression" and inner.kids:
        inner = inner.kids[0]
    function = inner.type in ("function_expression", "arrow_function")
    if function or (_is_called(node) and inner.type in ("array", "string", "regex") and not _picks_own(report, node, inner)):
        report.opaque(node, "js-computed", "calls a member of a literal by a name that is worked out at run time")
    inner = _made_by(report, inner)
    if inner.type == "subscript_expression" and _result_used(report, node) and report.evaluator.key(inner.field("index")) is None:
        report.opaque(node, "js-computed", "climbs through members whose names are worked out at run time and calls what it finds")


def _picks_own(report: Report, node: Node, array: Node) -> bool:
    """`[add, remove][n](x)`: one of the program's own functions, or a method of arrays; and what that gives is not called."""
    written = array.kids if array.type == "array" else []
    picked = all(any(isinstance(value, Function) for value in report.evaluator.values(kid)) for kid in written)
    return bool(written) and picked and not _result_used(report, node)


def _made_by(report: Report, node: Node) -> Node:
    """What a name stands for, if it has one value: `const t = s[k]`."""
    if node.type != "identifier":
        return node
    binding = node.scope.find(name_of(report.tree, node))
    one = binding.definitions[0] if binding is not None and len(binding.definitions) == 1 else None
    return one.node if one is not None and one.kind == "value" and not one.path else node


def _result_used(report: Report, node: Node) -> bool:
    """Whether a member is called, and what that gives is called, too: here, or by the names that they get."""
    called = [one.parent for one in _mentions(report, node) if _is_called(one)]
    for given in (one for call in called if call is not None for one in _mentions(report, call)):
        above = given.parent
        prop = above.field("property") if above is not None and above.type == "member_expression" else None
        if _is_called(given) or (prop is not None and name_of(report.tree, prop) in ("call", "apply", "bind")):
            return True
    return False


def _is_climbed(report: Report, called: Node) -> bool:
    """`x = x[key]` in a loop, `keys.reduce((x, key) => x[key], {})`: what it comes to may be anything."""
    binding = called.scope.find(name_of(report.tree, called)) if called.type == "identifier" else None
    made = [one.node for one in binding.definitions if one.kind == "value" and not one.path] if binding is not None else [called]
    for node in made:
        owner = node.field("object")
        again = owner is not None and owner.type == "identifier" and owner.scope.find(name_of(report.tree, owner)) is binding
        if again and binding is not None and _is_looked_up(report, node):
            return True
        function, given = node.field("function"), node.field("arguments")
        prop = function.field("property") if function is not None else None
        if prop is not None and given is not None and given.kids and name_of(report.tree, prop) in ("reduce", "reduceRight"):
            return any(_is_looked_up(report, one) for one in report.program.returns.get(given.kids[0], ()))
    return False


def _is_looked_up(report: Report, node: Node) -> bool:
    return node.type == "subscript_expression" and report.evaluator.key(node.field("index")) is None


def _mentions(report: Report, node: Node) -> list[Node]:
    """Where a value is used: where it is written, or every mention of the name that it gets."""
    use = node.parent
    while use is not None and use.type in TRANSPARENT:
        node, use = use, use.parent
    name = use.field("name") if use is not None and use.type == "variable_declarator" else None
    return [node] if name is None else list(report.program.identifiers.get(name_of(report.tree, name), ()))


def _is_called(node: Node | None) -> bool:
    use = node.parent if node is not None else None
    while use is not None and use.type == "parenthesized_expression":
        node, use = use, use.parent
    return (
        use is not None and use.type in ("call_expression", "new_expression") and node in (use.field("function"), use.field("constructor"))
    )


def check_call(report: Report, node: Node, function: Node, values: Values, arguments: list[Values]) -> None:
    """Calls of pure builtins that turn text into code or change what names mean."""
    first = arguments[0] if arguments else ()
    if any(isinstance(v, Text) and CODE.match(v.known) for v in first) and not any(isinstance(v, Ref) for v in values) and _is_called(node):
        report.opaque(node, "js-eval", "hands text that is code to something that cannot be known, and calls the result")
    if any(_names_way_out(value) for argument in arguments for value in argument):
        report.opaque(node, "js-constructor", "asks for `constructor` or `__proto__` by name")
    if any(isinstance(v, Ref) and v.name in TIMERS for argument in arguments for v in argument) and _calls_back(report, function, values):
        report.opaque(node, "js-eval", "hands what it has to a timer, which runs text as code")
    if UNKNOWN in values and _is_climbed(report, function):
        report.opaque(node, "js-computed", "climbs through members whose names are worked out at run time and calls what it finds")
    for value in values:
        if isinstance(value, Ref):
            _check_builtin(report, node, value, arguments)
            if value.name in patching.DEFINERS and arguments:
                patching.check_definer(report, node, value.name, arguments)


def _calls_back(report: Report, function: Node, values: Values) -> bool:
    """Whether what is called may call a function that it is given with something of its own."""
    if report.evaluator.key(function.field("property")) in TAKERS:
        return True
    return any(isinstance(value, Ref) and not _only_takes(value.name) for value in values)


def _only_takes(name: str) -> bool:
    """`promisify(setTimeout)`, `expect(setTimeout)`, `setTimeout.call(null, …)`"""
    return name in WRAPPERS or name in library.PASSED_ON or name.startswith(LOOKING) or name.rsplit(".", 1)[-1] in LOOKED_AT


def _check_builtin(report: Report, node: Node, value: Ref, arguments: list[Values]) -> None:
    first = arguments[0] if arguments else ()
    if value.name.startswith(("Array.prototype.", "Reflect.")) and _is_given(report, node):
        report.opaque(node, "js-patch", "may change the arguments that it was started with")
    if value.name.startswith(patching.GIVEN) and value.name.rsplit(".", 1)[-1] in CHANGING:
        report.opaque(node, "js-patch", "changes the arguments that it was started with")
    if processes.runs_what_it_finds(value.name, arguments):
        report.opaque(node, "js-spawn", f"makes {value.name} run files that it finds by name")
    run = value.bound[0] if value.bound else first
    if value.name in TIMERS and (any(isinstance(v, Text) for v in run) or _is_made_text(report, node)):
        report.opaque(node, "js-eval", f"hands text to {value.name}, which runs it as code")
    elif value.name in TIMERS and not any(isinstance(v, Function) for v in run):
        given = node.field("arguments")
        report.timed.extend(given.kids[:1] if given is not None and not value.bound else ())
    elif value.name in LOOKERS and any(isinstance(v, Ref) and (v.name.endswith(".prototype") or v.name == "Function") for v in first):
        report.opaque(node, "js-internals", f"looks through the built-in members of {value.name.rsplit('.', 1)[-1]}'s argument by name")
    elif value.name in DESCRIBERS and not _is_written_out(node):
        report.lost.add(None)  # what the descriptor holds goes by another name


def _is_written_out(call: Node) -> bool:
    """Whether the descriptors are objects that are written there, without methods: no descriptors from elsewhere."""
    holder = call.field("arguments")
    kids = holder.kids if holder is not None else []
    if len(kids) < 2:
        return True
    written = [kids[-1]] if len(kids) > 2 else [kid.field("value") for kid in kids[-1].kids] if kids[-1].type == "object" else [None]
    return not any(kid.type == "spread_element" for kid in kids) and all(
        one is not None and one.type == "object" and all(part.type == "pair" for part in one.kids) for one in written
    )


def _names_way_out(value: Value) -> bool:
    """`"constructor"`, `"constructor.constructor"`, `["constructor", "constructor"]`: a name or a path, for a function that looks it up."""
    if isinstance(value, Text):
        known = value.known
        return ("constructor" in known or "__proto__" in known) and PATH_OUT.fullmatch(known) is not None
    if not isinstance(value, Array):
        return False
    return any(isinstance(one, Text) and one.known in ("constructor", "__proto__") for item in value.items for one in item)


PATH_OUT = re.compile(r"""(?:[\w$]+[.\[\]'"/]+)*(?:constructor|__proto__)(?:[.\[\]'"/]+[\w$]+)*['"\]]*""")
CHANGING = names("push pop shift unshift splice fill copyWithin reverse sort length")
REFLECTED = names("get set has deleteProperty ownKeys defineProperty getOwnPropertyDescriptor apply construct getPrototypeOf")
COMPUTERS = ("Math.", "String", "Number", "Date", "BigInt", "Boolean", "RegExp", "JSON.", "Array.isArray", "Object.prototype.")
"""Builtins that only compute, and change nothing that they are called with or on."""


def reflects_own(report: Report, call: Node) -> bool:
    """`Reflect.get(target, key)` in a trap, where what it acts on is a parameter, which is something of the program, or is lost from sight;
    and of an object that is written out, or a function of the program's, or a builtin that computes."""
    function, holder = call.field("function"), call.field("arguments")
    prop = function.field("property") if function is not None else None
    first = holder.kids[0] if holder is not None and holder.kids else None
    if prop is None or first is None or name_of(report.tree, prop) not in REFLECTED or _is_called(call):
        return False
    values = report.evaluator.values(first)
    if name_of(report.tree, prop) in ("apply", "construct") and values and all(_only_computes(value) for value in values):
        lent = first.parent.kids[1:2] if name_of(report.tree, prop) == "apply" and first.parent is not None else []
        return all(kid.type in NOBODY and kid.type != "this" for kid in lent)
    if values and all(isinstance(value, (Object, Array)) for value in values):
        return True
    if first.type != "identifier":
        return False
    binding = first.scope.find(name_of(report.tree, first))
    parameter = binding is not None and all(definition.kind == "param" for definition in binding.definitions)
    return parameter and not any(isinstance(value, (Ref, Function)) for value in values)


def _only_computes(value: Value) -> bool:
    if isinstance(value, Ref):
        return value.name.startswith(COMPUTERS) and not value.name.endswith((".call", ".apply", ".bind", ".constructor"))
    return isinstance(value, Function)


def _is_made_text(report: Report, call: Node) -> bool:
    """Whether the first argument of a timer is a name for what a call gave that cannot be known: text, perhaps."""
    holder = call.field("arguments")
    first = holder.kids[0] if holder is not None and holder.kids else None
    if first is None or report.evaluator.values(first) != ANY:
        return False
    made = _made_by(report, first)
    while made.type in TRANSPARENT and made.kids:
        made = made.kids[0]
    if first.type == "identifier" and made is first:
        return False  # a parameter: a callback such as `resolve`
    return made.type in ("call_expression", "subscript_expression", "binary_expression") and not _gives_function(report, made)


def _gives_function(report: Report, node: Node) -> bool:
    """Whether a call is of the program's own function, or of a method that gives a function back."""
    function = node.field("function")
    prop = function.field("property") if function is not None else None
    if prop is not None and name_of(report.tree, prop) == "bind":
        return True
    found = report.evaluator.values(function) if function is not None else ()
    return any(isinstance(value, Function) or (isinstance(value, Ref) and value.name in WRAPPERS) for value in found)


def _is_given(report: Report, call: Node) -> bool:
    holder = call.field("arguments")
    first = holder.kids[0] if holder is not None and holder.kids else None
    return first is not None and any(isinstance(value, Ref) and value.name in patching.GIVEN for value in report.evaluator.values(first))
