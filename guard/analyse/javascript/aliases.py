"""Arrays and objects that change under another name: whether what is known of them still holds.

A name is an alias where it stands alone (an argument, an element, another name's value). That matters only in programs that change
something which is no array or object of its own: a parameter, a member, another name for it.
"""

from __future__ import annotations

import re

from guard.analyse.javascript import calls, storing
from guard.analyse.javascript.calls import ITERATORS
from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.instances import is_made, lent_names, method_class
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import UNKNOWN, Array, Function, Ref, Text, Unknown, Values

ADDERS = frozenset({"push", "unshift", "splice", "fill", "copyWithin"})
CHANGERS = ("Object.assign", "Object.define", "Reflect.", "Array.prototype.")
"""Functions that change what they are given."""
FILLERS = storing.CHANGERS | {
    "fill", "pull", "pullAll", "pullAllBy", "pullAllWith", "pullAt", "remove", "reverse", "assign", "set", "update", "chain", "tap",
    "lodash", "lodash-es",
}  # fmt: skip
"""Functions of libraries that change their first argument; `lodash` is any that is imported alone (`lodash/fill`)."""
ALIASING = frozenset({"arguments", "pair", "array", "shorthand_property_identifier", "variable_declarator", "return_statement", "object"})
TARGETS = frozenset(
    {
        "array_pattern", "array", "pair_pattern", "pair", "object_pattern", "rest_pattern", "update_expression", "assignment_pattern",
        "object_assignment_pattern",
    }
)  # fmt: skip
LOOKERS = ("Object.keys", "Object.values", "Object.entries", "JSON.stringify", "console.")
NEW = frozenset({"array", "object", "new_expression"})
FOLDERS = frozenset({"reduce", "reduceRight"})
MOVERS = frozenset({"shift", "reverse", "sort", "pop"})
"""Methods after which the elements of an array stand elsewhere, or others where they stood."""
SAME = frozenset(
    {
        "sort", "reverse", "fill", "copyWithin", "assign", "freeze", "seal", "preventExtensions", "defineProperty", "setPrototypeOf",
        "resolve", "race", "any", "then", "get", "find", "findLast", "at", "pop", "shift", "reduce", "reduceRight", "call", "apply",
        "valueOf", "promisify",
    }
)  # fmt: skip
"""Methods that may give back something that has another name already."""
PASSING = ("Object.freeze", "Object.seal", "Object.preventExtensions", "Object.create", "Object.assign", "Promise.")


def is_stored(node: Node) -> bool:
    """Whether a member is assigned to: `x[0] = …`, `[x[0]] = …`, `for (x[0] of …)`."""
    use = node.parent
    if use is None:
        return False
    if use.type in ("assignment_expression", "augmented_assignment_expression", "for_in_statement"):
        return use.field("left") is node
    while use is not None and use.type in TARGETS:
        node, use = use, use.parent
    return use is not None and use.type in ("assignment_expression", "for_in_statement") and use.field("left") is node


def changes(evaluator: Fixpoint, mention: Node) -> bool:
    """Whether an array or object may be changed by way of this mention of its name, which is not `name.x` or `name[x]`."""
    use = mention.parent
    while use is not None and use.type in TRANSPARENT:
        use = use.parent
    if use is None:
        return False
    if use.type == "arguments" and use.parent is not None:
        values = calls.callee(evaluator, use.parent)[0]
        if _fills(values):
            return use.kids[:1] == [mention]
        if _is_folded_by_filler(evaluator, use, mention):
            return True
        if any(isinstance(value, Ref) and _calls_back_with(evaluator, value, use, mention) for value in values):
            return changes_others(evaluator.program)
        if values and all(isinstance(value, Ref) and not value.name.startswith(PASSING) for value in values):
            return False
    elif use.type == "variable_declarator" and use.field("name") is mention:
        return False
    return use.type in ALIASING and changes_others(evaluator.program)


def _fills(values: Values) -> bool:
    """Whether a function may be one that changes its first argument."""
    return any(isinstance(value, Ref) and (value.name.startswith(CHANGERS) or _last(value.name) in FILLERS) for value in values)


def _is_folded_by_filler(evaluator: Fixpoint, arguments: Node, mention: Node) -> bool:
    """`patches.reduce(applyReducer, document)`: what is folded is the first argument of the function that folds."""
    callee = arguments.parent.field("function") if arguments.parent is not None else None
    prop = callee.field("property") if callee is not None else None
    if prop is None or name_of(evaluator.tree, prop) not in FOLDERS or arguments.kids[1:2] != [mention]:
        return False
    return _fills(evaluator.values(arguments.kids[0]))


def _calls_back_with(evaluator: Fixpoint, caller: Ref, arguments: Node, mention: Node) -> bool:
    """Whether a library's function hands its argument on to a callback: as the last thing that this gets, or as its `this`."""
    if caller.name in ("Array.from", "Array.fromAsync"):
        return mention in arguments.kids[2:]
    if arguments.kids[:1] != [mention]:
        return False
    most = 3 if _last(caller.name) in FOLDERS | {"transform"} else 2
    given = [value for kid in arguments.kids[1:] for value in evaluator.values(kid)]
    return any(isinstance(value, Function) and _takes_more(evaluator, value.node, most) for value in given)


def _last(name: str) -> str:
    return re.split(r"[./]", name.removesuffix("()"))[-1]


def is_changed(evaluator: Fixpoint, holder: Node) -> bool:
    """Whether the object of a name gets properties that cannot be known, under this or another name."""
    name = name_of(evaluator.tree, holder)
    if name in evaluator.program.changed:
        return True
    aliased = [
        mention
        for mention in evaluator.program.identifiers.get(name, ())
        if mention is not holder and mention.parent is not None and mention.parent.type in ALIASING
    ]
    return bool(aliased) and (evaluator.program.foreign or any(_is_stored_into(evaluator, mention) for mention in aliased))


def _is_stored_into(evaluator: Fixpoint, mention: Node) -> bool:
    """Whether something is handed to a function that changes it, by whatever name that goes: `import { set as put } from "lodash"`."""
    use = mention.parent
    if use is None or use.type != "arguments" or use.parent is None:
        return False
    if use.kids[:1] != [mention]:
        return _is_folded_by_filler(evaluator, use, mention)
    return _fills(calls.callee(evaluator, use.parent)[0])


def changes_others(program: Program) -> bool:
    """Whether the program adds to an array, moves its elements or stores by index, where it did not make the array under that name."""
    if program.changes_others is None:
        added = [call.fields["function"].field("object") for name in ADDERS | MOVERS for call in program.property_calls.get(name, ())]
        program.changes_others = _adds_unseen(program) or any(
            not (is_own(program, owner) or is_new(program, owner)) for owner in (*added, *program.indexed) if owner is not None
        )
    return program.changes_others


def _adds_unseen(program: Program) -> bool:
    """Whether an array may be added to without `x.push(…)` in the text: `x.push.call(…)`, `x[name](…)`."""
    return bool(program.keyed_calls) or "Reflect" in program.identifiers or not ADDERS.isdisjoint(lent_names(program))


def shared_pushes(program: Program) -> tuple[Node, ...] | None:
    """The calls of `push` that may change any array which goes by several names; None if such arrays are changed otherwise, too."""
    if program.only_pushes is None:
        adders = [call for name in ADDERS - {"push"} for call in program.property_calls.get(name, ())]
        others = (*[call.fields["function"].field("object") for call in adders], *program.indexed)
        others_own = all(owner is not None and (is_own(program, owner) or is_new(program, owner)) for owner in others)
        program.only_pushes = others_own and not _adds_unseen(program)
        pushes = program.property_calls.get("push", ()) if program.only_pushes else ()
        program.pushes = tuple(call for call in pushes if not is_own(program, call.fields["function"].fields["object"]))
    return program.pushes if program.only_pushes else None


def hands_itself(evaluator: Fixpoint, call: Node) -> bool:
    """Whether the callback of an array's method may change the array, which it gets last: `l.forEach((x, i, all) => all.push(y))`."""
    name = name_of(evaluator.tree, call.fields["function"].fields["property"])
    given = call.field("arguments")
    if (
        given is None
        or not given.kids
        or not (name in ITERATORS or name in FOLDERS or name == "findLastIndex")
        or not changes_others(evaluator.program)
    ):
        return False
    most = 3 if name in FOLDERS else 2
    return any(
        isinstance(value, Unknown) or (isinstance(value, Function) and _takes_more(evaluator, value.node, most))
        for value in evaluator.values(given.kids[0])
    )


def _takes_more(evaluator: Fixpoint, function: Node, most: int) -> bool:
    parameters = function.field("parameters")
    kids = parameters.kids if parameters is not None else []
    rest = any(kid.type == "rest_pattern" or any(inner.type == "rest_pattern" for inner in kid.kids) for kid in kids)
    return len(kids) > most or rest or "arguments" in evaluator.program.identifiers


def is_changed_by_library(evaluator: Fixpoint, mention: Node) -> bool:
    """Whether an array is handed to a function that changes it."""
    use = mention.parent
    values = calls.callee(evaluator, use.parent)[0] if use is not None and use.type == "arguments" and use.parent is not None else ()
    return any(not isinstance(value, Function) for value in values)


def is_own(program: Program, owner: Node) -> bool:
    """Whether a name's every value is an array or object made right there."""
    if owner.type != "identifier":
        return False
    binding = owner.scope.find(name_of(program.tree, owner))
    return binding is not None and all(
        definition.kind == "value" and not definition.path and is_new(program, definition.node) for definition in binding.definitions
    )


def is_method_replaced(ev: Fixpoint, name: str) -> bool:
    """Whether the program stores something of its own under the name of a method in an array, a text or what they are made by."""
    if name not in ev.program.assigned:
        return False
    owners = [owner for key, owner in ev.program.stores if key == name and owner.type != "this"]
    return any(
        isinstance(value, (Array, Text)) or value is UNKNOWN or (isinstance(value, Ref) and value.name.endswith(".prototype"))
        for owner in owners
        for value in ev.values(owner)
    )


def later_names(program: Program, literal: Node) -> set[str]:
    """Names under which something may be stored in an object after it was written."""
    if not program.stores:
        return set()
    if program.kept is None:
        program.kept = _kept(program)
    own, anywhere = program.kept
    return own.get(literal, set()) | (anywhere if anywhere and _escapes(program, literal) else set())


def _kept(program: Program) -> tuple[dict[Node, set[str]], set[str]]:
    """Names that are stored in one object literal alone, and those that may be stored in any."""
    own: dict[Node, set[str]] = {}
    anywhere: set[str] = set()
    for key, owner in program.stores:
        if owner.type == "this" and (method_class(owner) is not None or is_made(program, owner)):
            continue
        if "prototype" not in program.properties and program.tree.text(owner).endswith(".prototype"):
            continue  # of a function or class, which no object literal is
        binding = owner.scope.find(name_of(program.tree, owner)) if owner.type == "identifier" else None
        held = [_plain(one.node) for one in binding.definitions if one.kind == "value" and not one.path] if binding is not None else []
        if binding is None or not held or len(held) < len(binding.definitions) or any(node.type not in NEW for node in held):
            anywhere.add(key)
        for node in held:
            own.setdefault(node, set()).add(key)
    return own, anywhere


def _escapes(program: Program, literal: Node) -> bool:
    """Whether an object is anything but the value of a name that never stands alone."""
    use = literal.parent
    while use is not None and use.type in TRANSPARENT:
        use = use.parent
    name = use.field("name") if use is not None and use.type == "variable_declarator" else None
    if name is None or name.type != "identifier":
        return True
    label = name_of(program.tree, name)
    return any(mention is not name and _is_alone(program, mention) for mention in program.identifiers.get(label, ()))


def _is_alone(program: Program, mention: Node) -> bool:
    use = mention.parent
    while use is not None and use.type in TRANSPARENT:
        use = use.parent
    if use is None or use.type in ("member_expression", "subscript_expression"):
        return use is not None and use.field("object") is not mention and use.field("index") is not mention
    function = use.parent.field("function") if use.type == "arguments" and use.parent is not None else None
    return function is None or not program.tree.text(function).startswith(LOOKERS)


def _plain(node: Node) -> Node:
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    return node


def is_new(program: Program, node: Node, depth: int = 0) -> bool:
    """Whether an expression makes something that nothing else names."""
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    function = node.field("function") if node.type == "call_expression" else None
    if function is None or depth > 3:
        return node.type in NEW
    prop = function.field("property")
    if prop is not None:
        name = name_of(program.tree, prop)
        return name not in SAME and name not in program.properties
    binding = function.scope.find(name_of(program.tree, function)) if function.type == "identifier" else None
    if binding is None:
        return function.type == "identifier"
    returned = [given for one in binding.definitions for given in program.returns.get(one.node, [one.node])]
    return bool(returned) and all(is_new(program, given, depth + 1) for given in returned)


def is_shared(program: Program, literal: Node) -> bool:
    """Whether an array or object that is written into something else, not under a plain name, may be changed where it is."""
    use = literal.parent
    while use is not None and (use.type in TRANSPARENT or use.type in ("ternary_expression", "binary_expression")):
        use = use.parent
    if use is None or use.type not in HOLDING or (use.type == "assignment_expression" and use.fields["left"].type == "identifier"):
        return False
    target = use.field("left") or use.field("key") or use.field("property") or use.field("name")
    key = name_of(program.tree, target.field("property") or target) if target is not None else ""
    anything, keys = _changed_keys(program, literal.type)
    return anything or key in keys


def _changed_keys(program: Program, kind: str) -> tuple[bool, frozenset[str]]:
    """The keys under which something is changed where it is held; and whether what is held anywhere may be. Worked out once."""
    found = program.changed_keys.get(kind)
    if found is None:
        calls = [call for name in ADDERS | MOVERS for call in program.property_calls.get(name, ())] if kind == "array" else []
        calls += program.keyed_calls if kind == "array" else []
        owners = (*[call.fields["function"].field("object") for call in calls], *program.indexed)
        keys = [_changed_key(program, owner) for owner in owners if owner is not None]
        if not FILLERS.isdisjoint(lent_names(program)):
            keys.append(None)
        found = program.changed_keys[kind] = (None in keys, frozenset(key for key in keys if key))
    return found


HOLDING = frozenset(
    {
        "pair",
        "array",
        "field_definition",
        "public_field_definition",
        "return_statement",
        "arrow_function",
        "assignment_expression",
        "arguments",
    }
)


def _changed_key(program: Program, owner: Node) -> str | None:
    """The key under which what is changed there is held; "" if it is held nowhere; None if it may be held anywhere."""
    while owner.type in TRANSPARENT and owner.kids:
        owner = owner.kids[0]
    if owner.type == "identifier":
        return "" if is_own(program, owner) else None
    prop = owner.field("property")
    if owner.type != "member_expression" or prop is None:
        return "" if is_new(program, owner) else None
    name = name_of(program.tree, prop)
    held = program.properties.get(name, ())
    own = held and all(one.kind == "value" and not one.path and is_new(program, one.node) for one in held)
    return name if own else None
