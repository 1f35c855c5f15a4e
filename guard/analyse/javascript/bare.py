"""`this` of a function that is called by its bare name: in a script, the global object, which nothing in the text says.

Where such a `this` goes cannot be followed in all the ways it may go; what is wanted of it can be seen where it ends: something unknown is
asked for what only the global object has (`x.fetch(…)`, `x.process.exit()`, `const { eval: f } = x`).
"""

from __future__ import annotations

from collections.abc import Iterator

from guard.analyse.javascript import instances
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.names import is_in_class
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import UNKNOWN, Ref, Text, Values

CALLED = names("fetch eval Function require importScripts fetchLater execScript")
MADE = names("Function Worker SharedWorker XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport ActiveXObject ShadowRealm")
HELD = names("process Deno Bun Reflect globalThis localStorage sessionStorage WebAssembly mainModule")
"""What is no function, and of which something is taken."""
TIMERS = names("setTimeout setInterval")
OPENING = names("Object.entries Object.values Object.getOwnPropertyDescriptor Object.getOwnPropertyDescriptors Reflect.get")
WANTED = CALLED | MADE | HELD
_STRICT = frozenset({"import_statement", "export_statement"})


def check(report: Report) -> None:
    """What is asked of the global object, in a program where that may be the `this` of a function."""
    mentions = [node for node in report.program.order if node.type == "this"]
    if not mentions or _is_strict(report.program):
        return
    leaving = next((node for node in mentions if _leaves(report, node)), None)
    if leaving is None:
        return
    for node, name in _asked(report):
        report.opaque(node, "js-bare-this", f"asks something unknown, which may be the global object, for {name}")


def _is_strict(program: Program) -> bool:
    """Whether the whole program has no such `this`: a module, or one that begins with "use strict"."""
    top = program.tree.root.kids
    if any(node.type in _STRICT for node in top):
        return True
    first = next((node for node in top if node.type not in ("comment", "hash_bang_line")), None)
    return first is not None and first.type == "expression_statement" and program.tree.text(first).rstrip("; \n")[1:-1] == "use strict"


def _leaves(report: Report, this: Node) -> bool:
    """Whether a `this` that may be the global object is more than the owner of a member which that does not have."""
    function = this.scope.function
    while function is not None and function.type == "arrow_function":
        function = function.scope.function
    if function is None or is_in_class(this):
        return False
    use = this.parent
    while use is not None and use.type in ("parenthesized_expression", "non_null_expression", "as_expression"):
        use = use.parent
    if use is None or use.type == "member_expression":
        return use is not None and name_of(report.tree, use.fields["property"]) in WANTED
    if use.type == "subscript_expression":
        return report.evaluator.key(use.field("index")) in (*WANTED, None)
    return use.type != "expression_statement"


def _asked(report: Report) -> Iterator[tuple[Node, str]]:
    """(node, name) of each member of something unknown that goes by the name of what only the global object has."""
    ev = report.evaluator
    for node in report.program.order:
        if node.type in ("member_expression", "subscript_expression"):
            owner, index = node.field("object"), node.field("property") or node.field("index")
            if owner is None or index is None or _is_changed(node):
                continue
            if node.type == "member_expression":
                name = name_of(report.tree, index)
            else:
                name = ev.key(index) or ("" if owner.type != "this" or not _calls(node) or _is_made(report, owner) else "what it works out")
            if name in TIMERS and _is_given_text(report, node) and _is_unknown(ev.values(owner)):
                yield node, name
            if (name in WANTED or " " in name) and not (name in HELD and _calls(node)) and _is_unknown(ev.values(owner)):
                yield node, name
        elif node.type == "this" and _is_opened(report, node) and not _is_made(report, node):
            yield node, "all that it has"
        elif node.type in ("shorthand_property_identifier_pattern", "pair_pattern"):
            key = node.field("key")
            name = name_of(report.tree, node) if key is None else ev.key(key) or name_of(report.tree, key)
            if name in WANTED and _is_unknown(ev.values(node.field("value") or node)):
                yield node, name


def _is_unknown(values: Values) -> bool:
    return not values or UNKNOWN in values


def _is_given_text(report: Report, member: Node) -> bool:
    """`x.setTimeout("code", 1)`"""
    given = member.parent.field("arguments") if member.parent is not None and member.parent.type == "call_expression" else None
    return given is not None and bool(given.kids) and any(isinstance(value, Text) for value in report.evaluator.values(given.kids[0]))


def _is_opened(report: Report, this: Node) -> bool:
    """`Object.entries(this)`, `{ ...this }`: its members are taken by no name."""
    use = this.parent
    if use is None or use.type == "spread_element":
        return use is not None and use.parent is not None and use.parent.type == "object"
    function = use.parent.field("function") if use.type == "arguments" and use.parent is not None else None
    return function is not None and any(isinstance(value, Ref) and value.name in OPENING for value in report.evaluator.values(function))


def _is_made(report: Report, this: Node) -> bool:
    """Whether a `this` is an object of the program's own: of a class, or of a function that makes objects, or has such a method."""
    function = this.scope.function
    outer = function.parent if function is not None else None
    return is_in_class(this) or (outer is not None and outer.type in ("object", "pair")) or instances.is_made(report.program, this)


def _calls(member: Node) -> bool:
    use = member.parent
    while use is not None and use.type in TRANSPARENT and use.type not in ("expression_statement", "await_expression"):
        use = use.parent
    callee = use.field("function") if use is not None and use.type == "call_expression" else None
    return callee is not None and callee.start <= member.start and member.end <= callee.end


def _is_changed(member: Node) -> bool:
    """`x.process = …`"""
    use = member.parent
    return use is not None and use.type == "assignment_expression" and use.field("left") is member
