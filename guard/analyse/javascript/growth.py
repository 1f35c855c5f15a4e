"""Arrays that something is added to after they were written: what their elements can be then."""

from __future__ import annotations

from guard.analyse.javascript import aliases
from guard.analyse.javascript.fixpoint import Fixpoint
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import Binding
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.values import ANY, Array, Values, elements, join


class Growth(Fixpoint):
    """What the arrays of a program hold besides what is written in them."""

    def grown_array(self, binding: Binding, values: Values) -> Values:
        """An array that something is added to later has other elements too."""
        how = self._added_to(binding) if any(isinstance(value, Array) for value in values) else ""
        if not how:
            return values
        pushed = self._pushed(binding) if how in ("push", "shared") else ()
        if how == "push" and not pushed:
            return values  # not known yet in this round
        if how == "shared":
            return tuple(self.grown(value, pushed) if isinstance(value, Array) else value for value in values)
        return tuple(
            Array(grown_items(value, how), value.open or how != "moved", _grown_rest(value, how, pushed))
            if isinstance(value, Array)
            else value
            for value in values
        )

    def _pushed(self, binding: Binding) -> Values:
        """What is added at the end of the array of a name."""
        found: list[Values] = []
        for mention in self.program.identifiers.get(binding.name, ()):
            use = mention.parent
            call = use.parent if use is not None and use.field("object") is mention else None
            if call is not None and call.type == "call_expression" and mention.scope.find(binding.name) is binding:
                prop = use.field("property") if use is not None else None
                if prop is not None and name_of(self.tree, prop) == "push":
                    found.append(self._added(call))
        return join(*found)

    def _added(self, call: Node) -> Values:
        """What one call of `push` adds."""
        given = call.fields["arguments"].kids
        return join(*[elements(self.values(kid)) if kid.type == "spread_element" else self.values(kid) for kid in given])

    def grown(self, value: Array, *more: Values) -> Array:
        """An array to which may be pushed under any name: what its elements are, not where they stand."""
        shared = [self._added(call) for call in aliases.shared_pushes(self.program) or ()]
        rest = (value.others,) if value.open else ()
        found = join(*value.items, *rest, *shared, *more)
        return Array((), bool(found), found)

    def _added_to(self, binding: Binding) -> str:
        """How the array of a name changes later: "push" adds at its end, "any" anywhere, "moved" only reorders, "shared" adds what may
        then stand anywhere, "" not at all."""
        pushed = moved = shared = False
        for mention in self.program.identifiers.get(binding.name, ()):
            use = mention.parent
            if use is None or mention.scope.find(binding.name) is not binding:
                continue
            if use.field("object") is not mention:
                if aliases.changes(self, mention):
                    if aliases.shared_pushes(self.program) is None or aliases.is_changed_by_library(self, mention):
                        return "any"
                    shared = True
                continue
            prop = use.field("property")
            name = name_of(self.tree, prop) if prop is not None else ""
            changed = use.type == "subscript_expression" and (aliases.is_stored(use) or self._calls_adder(use))
            counted = use.parent is not None and use.parent.type == "update_expression"
            changed = changed or (name == "length" and (counted or aliases.is_stored(use)))
            call = use.parent if use.parent is not None and use.parent.field("function") is use else None
            if changed or (name in aliases.ADDERS and (name != "push" or call is None)):
                return "any"
            if call is not None and prop is not None and aliases.hands_itself(self, call):
                return "any"
            if name in aliases.SAME and self._is_kept(use.parent) and aliases.changes_others(self.program):
                return "any"  # what the method gives back is the array itself, under another name
            pushed, moved = pushed or name == "push", moved or name in aliases.MOVERS
        if shared or (pushed and moved):
            return "shared"
        return "push" if pushed else "moved" if moved else ""

    def _calls_adder(self, member: Node) -> bool:
        """Whether `x[name](…)` may be `x.push(…)`, or another method that changes the array."""
        call = member.parent
        if call is None or call.field("function") is not member:
            return False
        key = self.key(member.field("index"))
        return key is None or key in aliases.ADDERS | aliases.MOVERS

    def _is_kept(self, call: Node | None) -> bool:
        while call is not None and (call.type == "call_expression" or call.type in TRANSPARENT):
            if call.type == "expression_statement":
                return False
            call = call.parent
        return call is not None and call.type in aliases.ALIASING | {"assignment_expression"}


def _grown_rest(value: Array, how: str, pushed: Values) -> Values:
    """What the elements can be that are not told one by one."""
    if how == "push" and not value.open:
        return pushed
    if how == "push" and value.more and pushed:
        return join(value.more, pushed)
    return join(*value.items, value.others) if how == "moved" and value.open else ()


def grown_items(value: Array, how: str) -> tuple[Values, ...]:
    """The elements that were written, as far as they still stand there."""
    if how == "push":
        return value.items
    if how == "moved":
        return (join(*value.items) or ANY,) * len(value.items)
    return tuple(join(item, ANY) for item in value.items)
