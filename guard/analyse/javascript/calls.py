"""Calls -> what they give back: own functions by what they return, library calls by the tables, methods of text by folding."""

from __future__ import annotations

from guard.analyse.javascript import fold, globs, library, maps
from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import FUNCTIONS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import (
    ANY,
    HOLE,
    NOTHING,
    Array,
    Constant,
    Function,
    Keyed,
    Object,
    Ref,
    Text,
    Values,
    elements,
    join,
    merged,
    text,
)

ITERATORS = frozenset({"map", "forEach", "filter", "flatMap", "find", "findIndex", "findLast", "some", "every", "sort", "toSorted"})
"""Methods that call their first argument with each element."""
URL_PARTS = frozenset({"pathname", "href", "host", "hostname", "port", "protocol"})


def arguments_of(ev: Fixpoint, node: Node) -> list[Values]:
    """The values of a call's arguments; a spread of something unknown ends the list."""
    holder = node.field("arguments")
    if holder is None:
        return []
    if holder.type == "template_string":
        return [ev.values(holder)]
    found: list[Values] = []
    for kid in holder.kids:
        if kid.type != "spread_element":
            found.append(ev.values(kid))
            continue
        inner = ev.values(kid)
        if len(inner) == 1 and isinstance(inner[0], Array) and not inner[0].open:
            found.extend(inner[0].items)
        else:
            found.extend([ANY] * 3)
    return found


def callee(ev: Fixpoint, node: Node) -> tuple[Values, list[Values]]:
    """What a call calls, and with what, after undoing `.call`, `.apply` and bound arguments."""
    function = node.field("function") or node.field("constructor")
    arguments = arguments_of(ev, node)
    if function is None:
        return ANY, arguments
    while function.type in TRANSPARENT and function.kids:
        function = function.kids[0]
    if function.type == "member_expression":
        prop, owner = function.field("property"), function.field("object")
        name = name_of(ev.tree, prop) if prop is not None else ""
        if name in ("call", "apply") and owner is not None:
            values = ev.values(owner)
            if any(isinstance(value, Function) or (isinstance(value, Ref) and value.name != "Reflect") for value in values):
                if name == "call":
                    return values, arguments[1:]
                listed = arguments[1] if len(arguments) > 1 else NOTHING
                known = listed[0] if len(listed) == 1 else None
                return values, list(known.items) if isinstance(known, Array) and not known.open else [ANY] * 3
    return ev.values(function), arguments


def result(ev: Fixpoint, node: Node) -> Values:
    """What a call gives back."""
    function = node.field("function") or node.field("constructor")
    if function is not None and function.type == "import":
        return _import_call(ev, arguments_of(ev, node))
    promise = _promise(ev, node)
    if promise is not None:
        return promise
    values, arguments = callee(ev, node)
    if ev.cuts and NOTHING in arguments:
        return NOTHING  # not known yet in this round: what it gives is not known either
    found: list[Values] = []
    for value in values:
        if isinstance(value, Ref):
            found.append(_ref_call(ev, value, arguments, node))
        elif isinstance(value, Function):
            found.append(_own_call(ev, value, node))
        else:
            found.append(_method_call(ev, node, arguments))
    return join(*found) or (NOTHING if found and ev.cuts else ANY)


def _import_call(ev: Fixpoint, arguments: list[Values]) -> Values:
    first = arguments[0] if arguments else ANY
    return join(*[(Ref(library.module(v.known)),) if isinstance(v, Text) and v.complete else (Ref("unknown"),) for v in first])


def _ref_call(ev: Fixpoint, value: Ref, arguments: list[Values], node: Node) -> Values:
    name = value.name
    if name in library.REQUIRE:
        return _import_call(ev, arguments)
    if name in ("Function.prototype.call.bind", "Function.prototype.apply.bind") and arguments:
        called = [one for one in arguments[0] if not (isinstance(one, Ref) and library.is_pure(one.name))]
        return (Ref("computed"),) if called else arguments[0]  # `call.bind(f)`: calls f
    if library.binds(name):
        return (Ref(name[: -len(".bind")], tuple(arguments[1:]), value.base),)
    arguments = [*value.bound, *arguments]
    if name in library.PASSED_ON:
        return join(arguments[0], ANY if name == "Object.create" and len(arguments) > 1 else NOTHING) if arguments else ANY
    if name == "URL" and _is_changed(ev):
        return (HOLE,)  # a URL that is changed after it was made
    if name == "Buffer.from" and not _is_used_at_once(ev, node):
        return (HOLE,)  # under a name of its own it may be written into
    if name in ("Set", "Map") and (collection := maps.made(ev, name, arguments, node)) is not None:
        return (collection,)
    if name in ("Array.from", "Array.fromAsync") and len(arguments) > 1:
        return (Array((), True, _returned(ev, arguments[1])),)
    if name in ("Bun.Glob().scan", "Bun.Glob().scanSync") and value.base is not None and all(a == (text("."),) for a in arguments):
        return (Array((), True, (globs.matched(value.base),)),)
    folded = fold.call(name, arguments, ev.cwd)
    if folded is not None:
        return folded
    if name == "Promise.then":
        return ANY
    result = library.result(name)
    if result is None:
        return ANY
    base = value.base
    first = next((v for v in arguments[0] if isinstance(v, Text)), None) if arguments else None
    if library.takes_base(name):
        base = first if base is None or first is None else merged([*base.pieces, "/", *first.pieces])
        base = base or fold.base_of(arguments)
    return (Ref(result, (), base),)


def _is_used_at_once(ev: Fixpoint, node: Node) -> bool:
    """Whether what a call gives is asked for something there, or handed to a library."""
    use = node.parent
    if use is None or use.type != "arguments" or use.parent is None:
        return use is not None and use.type in ("member_expression", "subscript_expression", "template_substitution", "binary_expression")
    taker = use.parent.field("function") or use.parent.field("constructor")
    return taker is not None and all(isinstance(value, Ref) for value in ev.values(taker))


def _is_changed(ev: Fixpoint) -> bool:
    """Whether something may be stored in a URL: under the name of a part of it, or into what is no array or object by any name."""
    if not ev.program.assigned.keys().isdisjoint(URL_PARTS):
        return True
    stores = [ev.values(owner) for owner in ev.program.indexed]
    return any(
        not any(isinstance(value, (Array, Object)) for value in held) or any(isinstance(value, Text) for value in held) for held in stores
    )


def _own_call(ev: Fixpoint, value: Function, node: Node) -> Values:
    if node.type == "new_expression" or value.node.type not in FUNCTIONS:
        return ANY
    returns = ev.program.returns.get(value.node)
    if returns and any(given.parent is not None and given.parent.type == "yield_expression" for given in returns):
        yielded = join(*[_yielded(ev, given) for given in returns])
        return (Array((), True, yielded),) if yielded or not ev.cuts else NOTHING
    return join(*[ev.values(r) for r in returns]) if returns else (Constant(None),)


def _yielded(ev: Fixpoint, given: Node) -> Values:
    """What a generator gives at one place: `yield x`, or each element of `yield* xs`."""
    delegated = given.parent is not None and b"*" in ev.tree.source[given.parent.start : given.start]
    values = ev.values(given)
    return elements(values) if delegated and values else values


def _flattened(values: Values) -> Values:
    """The elements of those that are arrays, and the others as they are."""
    some = [value for value in values if value != Array(())]
    return join(*[elements((value,)) if isinstance(value, Array) else (value,) for value in some])


def _method_call(ev: Fixpoint, node: Node, arguments: list[Values]) -> Values:
    """A method of text, arrays or promises, folded where that is possible."""
    function = node.field("function")
    while function is not None and function.type in TRANSPARENT and function.kids:
        function = function.kids[0]
    if function is None or function.type not in ("member_expression", "subscript_expression"):
        return ANY
    owner = function.field("object")
    name = ev.key(function.field("property") or function.field("index"))
    if owner is None or name is None:
        return ANY
    receiver = ev.values(owner)
    if ev.cuts and not receiver:
        return NOTHING
    if name in ("then", "finally", "catch"):
        return _then(ev, receiver, arguments, name)
    if name in ITERATORS and name in ("map", "flatMap") and arguments:
        passed = any(isinstance(value, Ref) and value.name in library.PASSED_ON for value in arguments[0])
        returned = elements(receiver) if passed else _returned(ev, arguments[0])
        if ev.cuts and not returned:
            return NOTHING
        return (Array((), True, _flattened(returned) if name == "flatMap" else returned),)
    if any(isinstance(value, Keyed) for value in receiver):
        return join(*[maps.method(name, value) if isinstance(value, Keyed) else ANY for value in receiver])
    if name in ("find", "at", "pop", "shift", "findLast"):
        return _one_of(receiver)
    return fold.method(name, receiver, arguments)


def _one_of(receiver: Values) -> Values:
    """An element, or undefined; of what is no array of known elements, anything."""
    known = receiver and all(isinstance(value, Array) and (not value.open or value.more) for value in receiver)
    return join(elements(receiver), (Constant(None),) if known else ANY)


def _promise(ev: Fixpoint, node: Node) -> Values | None:
    """`library.then(…)`: what a promise of a library thing holds; None for anything else."""
    function = node.field("function")
    prop, owner = (function.field("property"), function.field("object")) if function is not None else (None, None)
    if prop is None or owner is None or name_of(ev.tree, prop) not in ("then", "catch", "finally"):
        return None
    receiver = ev.values(owner)
    if not any(isinstance(value, Ref) for value in receiver):
        return None
    return _then(ev, receiver, arguments_of(ev, node), name_of(ev.tree, prop))


def _then(ev: Fixpoint, receiver: Values, arguments: list[Values], name: str) -> Values:
    if name != "then" or not arguments:
        return receiver
    return _returned(ev, arguments[0])


def _returned(ev: Fixpoint, callback: Values) -> Values:
    found = [join(*[ev.values(r) for r in ev.program.returns.get(v.node, [])]) for v in callback if isinstance(v, Function)]
    return join(*found) or (NOTHING if found and ev.cuts else ANY)
