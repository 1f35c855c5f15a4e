"""Maps and sets that go by one name and are only filled and looked at under it: what they hold."""

from __future__ import annotations

from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import ANY, NOTHING, Array, Constant, Keyed, Value, Values, element, elements, join

LOOKING = {"Set": names("has size delete clear"), "Map": names("has size delete clear get keys values entries")}
"""Members that leave no more in a collection than there was, and give nothing by which it could be filled."""
FILLING = {"Set": "add", "Map": "set"}


def made(ev: Fixpoint, kind: str, given: list[Values], node: Node) -> Value | None:
    """What `new Map(entries)` or `new Set(items)` is; None where others may fill it."""
    calls = _filled(ev, kind, node) if node.type == "new_expression" else None
    if calls is None:
        return None
    start = elements(given[0]) if given and given[0] != (Constant(None),) else NOTHING
    if kind == "Set":
        items = join(start, *[_argument(ev, call, 0) for call in calls])
        return Array((), bool(items), items)
    keys = join(*[element((entry,), 0) for entry in start], *[_argument(ev, call, 0) for call in calls])
    held = join(*[element((entry,), 1) for entry in start], *[_argument(ev, call, 1) for call in calls])
    return Keyed(keys, held)


def method(name: str, collection: Keyed) -> Values:
    """What a method of a map gives back."""
    if name == "get":
        return join(collection.held, (Constant(None),))
    each = {"keys": collection.keys, "values": collection.held, "entries": elements((collection,))}.get(name)
    return ANY if each is None else (Array((), bool(each), each),)


def _argument(ev: Fixpoint, call: Node, at: int) -> Values:
    given = call.fields["arguments"].kids
    if any(kid.type == "spread_element" for kid in given):
        return ANY
    return ev.values(given[at]) if at < len(given) else (Constant(None),)


def _filled(ev: Fixpoint, kind: str, node: Node) -> list[Node] | None:
    """The calls that put something into a collection; None if it may be reached in another way than by its one name."""
    use = node.parent
    name = use.field("name") if use is not None and use.type == "variable_declarator" else None
    if name is None or use is None:
        return [] if use is not None and use.type in ("spread_element", "for_in_statement") else None
    label = name_of(ev.tree, name)
    binding = name.scope.find(label) if name.type == "identifier" else None
    if binding is None or len(binding.definitions) != 1 or not _is_local(use):
        return None
    found: list[Node] = []
    for mention in ev.program.identifiers.get(label, ()):
        above = mention.parent
        if mention is name or mention.scope.find(label) is not binding or above is None:
            continue
        if above.type != "member_expression":
            if above.type != "spread_element" and not (above.type == "for_in_statement" and above.field("right") is mention):
                return None
        elif name_of(ev.tree, above.fields["property"]) == FILLING[kind] and _is_dropped(ev, above):
            found.extend([above.parent] if above.parent is not None else [])
        elif not _looks(ev, kind, above):
            return None
    return found


def _is_local(declarator: Node) -> bool:
    """Whether a name is nobody else's: not exported, and no `var`, which may be a property of the global object."""
    holder = declarator.parent
    return (
        holder is not None
        and holder.type == "lexical_declaration"
        and not (holder.parent is not None and holder.parent.type == "export_statement")
    )


def _is_dropped(ev: Fixpoint, member: Node) -> bool:
    """Whether what a call gives, the collection itself, goes nowhere: `map.set(x, y);`, `xs.forEach(x => map.set(x, y))`."""
    call = member.parent
    use = call.parent if call is not None and call.field("function") is member else None
    if use is None or use.type != "arrow_function":
        return use is not None and use.type == "expression_statement"
    taker = use.parent.parent if use.parent is not None and use.parent.type == "arguments" else None
    asked = taker.field("function") if taker is not None else None
    prop = asked.field("property") if asked is not None else None
    return prop is not None and name_of(ev.tree, prop) == "forEach" and "forEach" not in ev.program.properties


def _looks(ev: Fixpoint, kind: str, member: Node) -> bool:
    """`set.has(x)`, `map.get(x)`, and `set.forEach((one) => …)`, which could give the set itself to its callback."""
    name = name_of(ev.tree, member.fields["property"])
    call = member.parent
    given = call.field("arguments") if call is not None and call.field("function") is member else None
    if name != "forEach":
        return name in LOOKING[kind] and (name == "size" or given is not None)
    callback = given.kids[0] if given is not None and given.kids else None
    if callback is None or callback.type != "arrow_function":
        return False
    taken = callback.field("parameters")
    return taken is None or (len(taken.kids) < 3 and not any(ev.tree.text(one).startswith("...") for one in taken.kids))
