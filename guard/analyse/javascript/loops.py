"""How often a node runs in one run of the program: once, a bounded number of times (known where the text tells), or unboundedly."""

from __future__ import annotations

from guard.analyse.javascript.calls import ITERATORS
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.scope import FUNCTIONS, Program
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import Array, Constant
from guard.model import Loop

Times = tuple[Loop, int | None]
ONCE: Times = (Loop.ONE, None)
CALLERS = ITERATORS | {"reduce", "reduceRight", "from", "fromAsync"}


class Loops:
    """The loops of one program, asked node by node."""

    def __init__(self, program: Program, evaluator: Evaluator) -> None:
        self.program = program
        self.evaluator = evaluator
        self.functions: dict[Node, Times] = {}

    def of(self, node: Node, depth: int = 0) -> Times:
        times = ONCE
        inner, above = node, node.parent
        while above is not None:
            if above.type in _LOOPS and inner is not above.field("initializer") and inner is not above.field("right"):
                times = both(times, self.statement(above))
            elif above.type in FUNCTIONS:
                return both(times, self.function(above, depth))
            inner, above = above, above.parent
        return times

    def statement(self, node: Node) -> Times:
        if node.type == "for_in_statement":
            right = node.field("right")
            return self.collection(right) if right is not None else (Loop.BOUNDED, None)
        if node.type == "for_statement":
            condition = node.field("condition")
            if condition is None or condition.type == "empty_statement":
                return (Loop.UNBOUNDED, None)
            return (Loop.BOUNDED, self.counted(node))
        return (Loop.UNBOUNDED, None)

    def collection(self, node: Node) -> Times:
        values = self.evaluator.values(node)
        if len(values) == 1 and isinstance(values[0], Array) and not values[0].open:
            return (Loop.BOUNDED, len(values[0].items))
        return (Loop.BOUNDED, None)

    def counted(self, node: Node) -> int | None:
        """`for (let i = 0; i < 10; i++)`: 10."""
        condition, initializer = node.fields["condition"], node.field("initializer")
        if condition.type == "expression_statement" and condition.kids:
            condition = condition.kids[0]
        right, operator = condition.field("right"), condition.field("operator")
        if (
            condition.type != "binary_expression"
            or right is None
            or operator is None
            or initializer is None
            or operator.type not in ("<", "<=")
        ):
            return None
        declarator = next((kid for kid in initializer.kids if kid.type == "variable_declarator"), None)
        start = self.whole(declarator.field("value")) if declarator is not None else None
        end = self.whole(right)
        if start is None or end is None:
            return None
        return max(0, end - start + (1 if operator.type == "<=" else 0))

    def whole(self, node: Node | None) -> int | None:
        values = self.evaluator.values(node) if node is not None else ()
        value = values[0] if len(values) == 1 else None
        return int(value.value) if isinstance(value, Constant) and isinstance(value.value, float) else None

    def function(self, node: Node, depth: int) -> Times:
        """How often a function runs: as often as its call sites together."""
        if node in self.functions:
            return self.functions[node]
        if depth > 12:
            return (Loop.UNBOUNDED, None)
        self.functions[node] = (Loop.UNBOUNDED, None)  # met again on the way: recursion
        self.functions[node] = times = self._function(node, depth)
        return times

    def _function(self, node: Node, depth: int) -> Times:
        use = node.parent
        while use is not None and use.type in ("parenthesized_expression", "await_expression"):
            use = use.parent
        if use is None:
            return ONCE
        if use.type == "arguments" and use.parent is not None:
            return self.callback(use.parent, depth)
        if use.type == "call_expression":
            return self.of(use, depth + 1)
        name = node.field("name")
        if use.type == "variable_declarator":
            name = use.field("name")
        if name is None or name.type != "identifier":
            return self.method(node, depth)
        label = name_of(self.program.tree, name)
        target = name.scope.find(label)
        times: Times | None = None
        for mention in self.program.identifiers.get(label, [])[:40]:
            if mention is name or mention.scope.find(label) is not target:
                continue
            times = self._mention(mention, depth) if times is None else more(times, self._mention(mention, depth))
        return times or ONCE

    def method(self, node: Node, depth: int) -> Times:
        name = node.field("name")
        times: Times | None = None
        for call in self.program.property_calls.get(name_of(self.program.tree, name), [])[:20] if name is not None else ():
            found = self.of(call, depth + 1)
            times = found if times is None else more(times, found)
        return times or ONCE

    def _mention(self, mention: Node, depth: int) -> Times:
        use = mention.parent
        if use is not None and use.type == "arguments" and use.parent is not None:
            return self.callback(use.parent, depth)
        return self.of(mention, depth + 1)

    def callback(self, call: Node, depth: int) -> Times:
        callee = call.field("function")
        around = self.of(call, depth + 1)
        if callee is None:
            return around
        prop = callee.field("property")
        name = name_of(self.program.tree, prop) if prop is not None else self.program.tree.text(callee)
        owner = callee.field("object")
        if name in CALLERS and owner is not None:
            return both(around, self.collection(owner) if name not in ("from", "fromAsync") else (Loop.BOUNDED, None))
        if name in ("setInterval", "on", "addEventListener", "serve", "createServer", "listen", "watch"):
            return (Loop.UNBOUNDED, None)
        return around


def both(outer: Times, inner: Times) -> Times:
    """One loop in another."""
    if Loop.UNBOUNDED in (outer[0], inner[0]):
        return (Loop.UNBOUNDED, None)
    if Loop.BOUNDED not in (outer[0], inner[0]):
        return ONCE
    counts = [times[1] for times in (outer, inner) if times[0] is Loop.BOUNDED]
    product = 1
    for count in counts:
        if count is None:
            return (Loop.BOUNDED, None)
        product *= count
    return (Loop.BOUNDED, product)


def more(one: Times, other: Times) -> Times:
    """Two call sites."""
    if Loop.UNBOUNDED in (one[0], other[0]):
        return (Loop.UNBOUNDED, None)
    counts = [1 if times[0] is Loop.ONE else times[1] for times in (one, other)]
    return (Loop.BOUNDED, None if None in counts else sum(count for count in counts if count is not None))


_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
