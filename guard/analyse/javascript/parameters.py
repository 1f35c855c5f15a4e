"""Parameters -> what they can be: from the call sites of their function, or from what a known caller hands to a callback."""

from __future__ import annotations

import re

from guard.analyse.javascript import aliases, instances, piping, reach
from guard.analyse.javascript.calls import ITERATORS, arguments_of
from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import CLASSES, DECLARED, FUNCTIONS, GLOBAL_OBJECTS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import ANY, NOTHING, Array, Constant, Keyed, Values, element, elements, join

MOST_MENTIONS = 60
"""A parameter of a function that is named more often can be anything."""


def parameter(ev: Fixpoint, function: Node, index: int) -> Values:
    """What a parameter can be: from the call sites of its function, or what a known caller hands to a callback."""
    client = ev.client(function, index)
    if client is not None:
        return (client,)
    return ev.guarded((function, index), lambda: _parameter(ev, function, index))


def called_from_outside(ev: Fixpoint, function: Node) -> bool:
    """Whether the program neither calls this function nor hands it to anything: then whoever runs the program may call it."""
    if function.type == "method_definition":
        return not ev.program.property_calls.get(ev.key(function.field("name")) or "")
    use = _use(function)
    if use.type in ("arguments", "call_expression", "new_expression"):
        return False
    key = ev.key(use.field("key")) if use.type == "pair" else None
    left = use.field("left") if use.type == "assignment_expression" else None
    if left is not None and left.field("property") is not None:
        key = name_of(ev.tree, left.fields["property"])
    name = function.field("name") or (use.field("name") if use.type == "variable_declarator" else left)
    if key is not None and ev.program.property_calls.get(key):
        return False
    if name is None or name.type != "identifier":
        return True
    label = name_of(ev.tree, name)
    target = name.scope.find(label) if name.scope is not None else None
    uses = [
        _use(mention) for mention in ev.program.identifiers.get(label, []) if mention is not name and mention.scope.find(label) is target
    ]
    return not any(use.type in ("arguments", "call_expression", "new_expression", "member_expression") for use in uses)


def _parameter(ev: Fixpoint, function: Node, index: int) -> Values:
    name = function.field("name")
    named = None if ev.is_module else reach.members(ev.program, function)
    if named is not None and not _changes_arguments(ev, function):
        return join(*[_mentioned(ev, member, index) for member in named]) or ANY
    if function.type == "method_definition":
        key = ev.key(name)
        if key == "constructor":
            return _constructed(ev, function, index)
        sites = ev.program.property_calls.get(key or "", [])
        return join(*[_site(ev, site, index) for site in sites[:20]], ANY)
    values: list[Values] = [ANY] if (ev.is_module and _is_exported(function)) or _changes_arguments(ev, function) else []
    names = [(name, function.scope)] if name is not None else []
    use = _use(function)
    if use.type == "variable_declarator" and use.field("name") is not None and use.fields["name"].type == "identifier":
        names.append((use.fields["name"], use.scope))
    elif use.type == "assignment_expression":
        left = use.field("left")
        if left is not None and left.type == "identifier":
            names.append((left, left.scope))
        elif left is not None:
            prop = left.field("property")
            sites = ev.program.property_calls.get(name_of(ev.tree, prop), []) if prop is not None else []
            others = () if sites and len(sites) <= 20 and _is_exported_here(ev, left) else (ANY,)
            values.extend([*[_site(ev, site, index) for site in sites[:20]], *others])
    elif use.type == "pair":
        key = ev.key(use.field("key"))
        values.extend([*[_site(ev, site, index) for site in ev.program.property_calls.get(key or "", [])[:20]], ANY])
    elif (called := _calls_of_result(ev, function)) is not None:
        values.extend(_mentioned(ev, site, index) for site in called)
    elif not _is_plain_declaration(function):
        values.append(_handed(ev, function, use, index))
    for mention, scope in names:
        values.extend(_mentions(ev, mention, scope, index))
    return join(*values) or (NOTHING if values and ev.cuts else ANY)


def all_arguments(ev: Fixpoint, function: Node, first: int) -> Values:
    """What a rest parameter, or `arguments`, holds."""
    return (Array(tuple(parameter(ev, function, at) for at in range(first, first + 4)), True),)


def arguments_object(ev: Fixpoint, node: Node) -> Values:
    function = _own_function(node)
    return all_arguments(ev, function, 0) if function is not None else ANY


def _calls_of_result(ev: Fixpoint, function: Node) -> list[Node] | None:
    """The mentions of an arrow function that another gives back, where that goes by plain names: `const go = make(…); go(x)`."""
    use = _use(function)
    if ev.is_module or function.type != "arrow_function" or use.type not in ("return_statement", "arrow_function"):
        return None
    maker = use if use.type == "arrow_function" else use.scope.function
    if maker is None or maker.type not in ("arrow_function", "function_declaration") or ev.tree.source.startswith(b"async", maker.start):
        return None
    above = maker.parent
    name = above.field("name") if above is not None and above.type == "variable_declarator" else maker.field("name")
    found: list[Node] = []
    for mention in _all_mentions(ev, name) or ():
        call = mention.parent
        if call is None or call.type != "call_expression" or call.field("function") is not mention:
            return None
        holder = _use(call)
        inner = _all_mentions(ev, holder.field("name")) if holder.type == "variable_declarator" else None
        if inner is not None:
            found.extend(inner)
        elif holder.type in ("arguments", "call_expression"):
            found.append(call)
        else:
            return None
    return found or None


def _all_mentions(ev: Fixpoint, name: Node | None) -> list[Node] | None:
    """Where a name is mentioned that stands for one thing alone; None if it may stand for others, or is no plain name."""
    label = name_of(ev.tree, name) if name is not None and name.type == "identifier" else ""
    binding = name.scope.find(label) if name is not None and label else None
    if binding is None or len(binding.definitions) != 1 or label in ev.program.property_calls:
        return None
    return [one for one in ev.program.identifiers.get(label, ()) if one is not name and one.scope.find(label) is binding]


def _is_plain_declaration(function: Node) -> bool:
    """A function declared for the whole program or function it is in: one in another block may be named outside of that."""
    above = function.parent
    block = above is not None and above.type == "statement_block" and above.parent is not None and above.parent.type in FUNCTIONS
    if above is not None and above.type == "export_statement":  # whoever imports it is asked for elsewhere
        above = above.parent
    return function.type in DECLARED and (block or (above is not None and above.type == "program"))


def _changes_arguments(ev: Fixpoint, function: Node) -> bool:
    """Whether a function may store into its `arguments`, which changes its parameters."""
    return any(
        _own_function(mention) is function and not _only_reads(ev, mention) for mention in ev.program.identifiers.get("arguments", ())
    )


def _own_function(node: Node) -> Node | None:
    """The function whose `this` and `arguments` a node means."""
    function: Node | None = node.scope.function
    while function is not None and function.type == "arrow_function":
        function = function.scope.function
    return function


def _only_reads(ev: Fixpoint, mention: Node) -> bool:
    """`arguments.length`, `arguments[0]`, `...arguments`, `of arguments`"""
    use = mention.parent
    if use is None or use.type == "spread_element":
        return True
    if use.type == "for_in_statement":
        return use.field("right") is mention
    prop = use.field("property")
    reads = use.type == "subscript_expression" or (
        prop is not None and use.type == "member_expression" and name_of(ev.tree, prop) == "length"
    )
    return reads and use.field("object") is mention and not aliases.is_stored(use)


def _constructed(ev: Fixpoint, function: Node, index: int) -> Values:
    holder = function.parent.parent if function.parent is not None else None
    name = holder.field("name") if holder is not None else None
    if holder is None or name is None:
        return ANY
    outside = ANY if ev.is_module and _is_exported(holder) else NOTHING
    return join(*_mentions(ev, name, holder.scope, index), *[_site(ev, one, index) for one in ev.program.remade], outside) or ANY


def _is_exported(node: Node) -> bool:
    """Whether a function or class is exported where it is declared."""
    above = node.parent
    while above is not None and (above.type in TRANSPARENT or above.type in ("variable_declarator", "lexical_declaration", "class_body")):
        above = above.parent
    return above is not None and above.type == "export_statement"


def _mentions(ev: Fixpoint, name: Node, scope: object, index: int) -> list[Values]:
    """The parameter's values at every mention of the function's name."""
    label = name_of(ev.tree, name)
    target = name.scope.find(label) if name.scope is not None else None
    mentions = ev.program.identifiers.get(label, [])
    found: list[Values] = [ANY] if len(mentions) > MOST_MENTIONS else []
    for mention in mentions[:MOST_MENTIONS]:
        if mention is name or mention.scope.find(label) is not target:
            continue
        found.append(_mentioned(ev, mention, index))
    if target is not None and target.scope is ev.program.top and _is_global_used(ev, label):
        found.append(ANY)
    return found


def _is_global_used(ev: Fixpoint, label: str) -> bool:
    """Whether a name of the script's top may be reached as a property of the global object."""
    plain = [this for this in ev.program.this if instances.method_class(this) is None and not instances.is_made(ev.program, this)]
    mentions = [one for name in GLOBAL_OBJECTS for one in ev.program.identifiers.get(name, ()) if not reach.is_local(ev.program, one, name)]
    return any(not _names_another(ev, one, label) for one in (*mentions, *plain))


def _names_another(ev: Fixpoint, mention: Node, label: str) -> bool:
    """`globalThis.other`, `typeof globalThis`, `this !== x`"""
    use = mention.parent
    if use is None or use.type in ("unary_expression", "binary_expression", "expression_statement"):
        return True
    prop = use.field("property")
    return use.type == "member_expression" and use.field("object") is mention and prop is not None and name_of(ev.tree, prop) != label


def _derived(ev: Fixpoint, subclass: Node, index: int) -> Values:
    """What a class hands to the constructor of the class that it extends: by `super(…)`, or all that it gets itself."""
    body, name = subclass.field("body"), subclass.field("name")
    if body is None or name is None or (ev.is_module and _is_exported(subclass)):
        return ANY
    constructors = [kid for kid in body.kids if kid.type == "method_definition" and ev.key(kid.field("name")) == "constructor"]
    if not constructors:
        return ev.guarded((subclass, index), lambda: join(*_mentions(ev, name, subclass.scope, index)) or (NOTHING if ev.cuts else ANY))
    inside = [call for call in ev.program.supers if constructors[0].start < call.start < constructors[0].end]
    return join(*[_site(ev, call, index) for call in inside]) or ANY


def _mentioned(ev: Fixpoint, mention: Node, index: int) -> Values:
    """The parameter's values at one mention of its function."""
    use = _use(mention)
    if use.type in ("class_heritage", "extends_clause"):
        above = use.parent
        while above is not None and above.type not in CLASSES:
            above = above.parent
        return _derived(ev, above, index) if above is not None else ANY
    if use.type in ("call_expression", "new_expression") and contains(mention, use.field("function") or use.field("constructor")):
        return _site(ev, use, index)
    if ev.is_module and use.type in ("export_specifier", "export_statement"):
        return ANY
    if instances.is_own_constructor(ev.program, mention) or _is_compared(use):
        return NOTHING
    if use.type in ("program", "export_specifier", "expression_statement", "export_statement") or (
        use.type == "assignment_expression" and contains(mention, use.field("left"))
    ):
        return NOTHING
    if not ev.is_module and _is_given_out(ev, mention):
        return NOTHING
    return _applied(ev, use, index) if use.type == "member_expression" else _handed(ev, mention, use, index)


def _is_given_out(ev: Fixpoint, mention: Node) -> bool:
    """`module.exports = { mention }` of a program that is no module of another: nobody takes it from there."""
    use = mention.parent
    if use is not None and use.type == "pair":
        use = use.parent
    if use is not None and use.type == "object":
        use = use.parent
    if use is None or use.type != "assignment_expression" or not _is_exports(ev, use.fields["left"]):
        return False
    holders = [*ev.program.identifiers.get("module", ()), *ev.program.identifiers.get("exports", ())]
    return all(_only_stores(ev, holder) for holder in holders)


def _is_compared(use: Node) -> bool:
    """`x instanceof C`, `f === g`"""
    operator = use.field("operator") if use.type == "binary_expression" else None
    return operator is not None and operator.type not in ("&&", "||", "??")


def _is_exported_here(ev: Fixpoint, target: Node) -> bool:
    """`exports.name = …` of a program that is no module of another, and names `exports` to store and to call alone."""
    if ev.is_module or not ev.tree.text(target).startswith("exports.") or not _is_exports(ev, target):
        return False
    held = [*ev.program.identifiers.get("module", ()), *ev.program.identifiers.get("exports", ())]
    taken = name_of(ev.tree, target.fields["property"]) in instances.lent_names(ev.program)
    return not taken and not ev.program.this and all(_only_stores(ev, one) or _only_calls(one) for one in held)


def _only_calls(holder: Node) -> bool:
    """`exports.name(…)`"""
    member = holder.parent
    call = member.parent if member is not None and member.type == "member_expression" and member.field("object") is holder else None
    return call is not None and call.type == "call_expression" and call.field("function") is member


def _is_exports(ev: Fixpoint, target: Node) -> bool:
    return re.fullmatch(r"(?:module\.)?exports(?:\.\w+)?", ev.tree.text(target)) is not None


def _only_stores(ev: Fixpoint, holder: Node) -> bool:
    """`module.exports = …`, `exports.name = …`, `require.main === module`"""
    use = holder.parent
    while use is not None and use.type == "member_expression":
        holder, use = use, use.parent
    if use is not None and use.type == "assignment_expression":
        return use.field("left") is holder and _is_exports(ev, holder)
    return use is not None and use.type == "binary_expression" and "require.main" in ev.tree.text(use)


def _applied(ev: Fixpoint, member: Node, index: int) -> Values:
    prop, call = member.field("property"), _use(member)
    name = name_of(ev.tree, prop) if prop is not None else ""
    if call.type == "call_expression" and name == "call":
        return _site(ev, call, index + 1)
    return ANY if name in ("apply", "bind") else NOTHING


def _site(ev: Fixpoint, call: Node, index: int) -> Values:
    given = call.field("arguments")
    if given is not None and given.type == "template_string":  # a tag gets the strings, then what stands between them
        between = [kid for kid in given.kids if kid.type == "template_substitution"]
        return ev.values(between[index - 1]) if 0 < index <= len(between) else ANY
    last = given.kids[-1] if given is not None and given.kids else None
    if given is not None and last is not None and last.type == "spread_element" and index >= len(given.kids) - 1:
        plain = all(kid.type != "spread_element" for kid in given.kids[:-1])
        return element(ev.values(last), index - len(given.kids) + 1) if plain else ANY
    arguments = arguments_of(ev, call)
    return arguments[index] if index < len(arguments) else (Constant(None),)


def _handed(ev: Fixpoint, function: Node, use: Node, index: int) -> Values:
    """A callback: what its caller hands to it."""
    if use.type == "arguments" and use.parent is not None:
        use = use.parent
    if use.type not in ("call_expression", "new_expression"):
        return ANY
    callee = use.field("function")
    if callee is not None and contains(function, callee):
        return _site(ev, use, index)
    if callee is not None and callee.type == "identifier":
        return _called_back(ev, function, use, index)
    if callee is None or callee.type != "member_expression":
        return ANY
    prop, owner = callee.field("property"), callee.field("object")
    name = name_of(ev.tree, prop) if prop is not None else ""
    if owner is None:
        return ANY
    if name == "forEach" and (keyed := [value for value in ev.values(owner) if isinstance(value, Keyed)]):
        return join(*[value.keys if index else value.held for value in keyed], ANY if len(keyed) < len(ev.values(owner)) else NOTHING)
    if aliases.is_method_replaced(ev, name):
        return ANY
    if (name in ITERATORS and index == 0) or (name == "reduce" and index == 1):
        return join(elements(ev.values(owner)), ANY if aliases.hands_itself(ev, use) else NOTHING)
    if name == "then" and index == 0:
        return ev.values(owner)
    if name in ("from", "fromAsync") and index == 0:
        return elements(_site(ev, use, 0))
    return ANY


def _called_back(ev: Fixpoint, function: Node, call: Node, index: int) -> Values:
    """What a callback gets from the program's own function, which does nothing but call it."""
    if (pipe := piping.pipe_of(ev, call)) is not None:
        return _piped(ev, pipe, call, function, index)
    name = _parameter_name(ev, call, function)
    binding = name.scope.find(name_of(ev.tree, name)) if name is not None and name.scope is not None else None
    if name is None or binding is None or len(binding.definitions) != 1:
        return ANY
    scope = binding.scope
    return ev.guarded((name, index), lambda: join(*_mentions(ev, name, scope, index)) or (NOTHING if ev.cuts else ANY))


def _piped(ev: Fixpoint, pipe: piping.Pipe, call: Node, function: Node, index: int) -> Values:
    """What a function gets that the program's own `pipe` calls: the value, or what the function before it gave."""
    if index:
        return ANY
    before = piping.neighbour(ev, call, pipe, function)
    if before is not None:
        return before
    if pipe.value is not None:
        return _site(ev, call, pipe.value)
    holder = _use(call)
    name = holder.field("name") if holder.type == "variable_declarator" else None
    if (inner := _all_mentions(ev, name)) is not None:
        return join(*[_mentioned(ev, mention, index) for mention in inner]) or ANY
    return _mentioned(ev, call, index)


def _parameter_name(ev: Fixpoint, call: Node, argument: Node) -> Node | None:
    """The plain parameter that an argument of a call of the program's own function becomes."""
    callee = call.fields["function"]
    binding = callee.scope.find(name_of(ev.tree, callee))
    given = call.fields["arguments"].kids
    at = next((at for at, kid in enumerate(given) if contains(argument, kid)), None)
    if binding is None or len(binding.definitions) != 1 or at is None or any(kid.type == "spread_element" for kid in given):
        return None
    target = binding.definitions[0].node
    if target.type not in FUNCTIONS or binding.definitions[0].path or "arguments" in ev.program.identifiers:
        return None
    listed = target.field("parameters")
    patterns = listed.kids if listed is not None else [target.fields["parameter"]]
    pattern = patterns[at] if at < len(patterns) else None
    if pattern is not None and pattern.type in ("required_parameter", "optional_parameter"):
        pattern = pattern.field("pattern")
    return pattern if pattern is not None and pattern.type == "identifier" else None


def contains(inner: Node, outer: Node | None) -> bool:
    return outer is not None and outer.start <= inner.start and inner.end <= outer.end


def _use(node: Node) -> Node:
    """The node that uses `node`, past parentheses and the like; what is yielded is used by whoever asked."""
    above = node.parent
    while above is not None and above.type in TRANSPARENT and above.type not in ("expression_statement", "yield_expression"):
        above = above.parent
    if above is not None and above.type == "arguments" and above.parent is not None:
        return above
    return above if above is not None else node
