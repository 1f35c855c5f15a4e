"""What expressions give: containers and their items, functions made on the spot, comprehensions, choices."""

from __future__ import annotations

import ast

from guard.analyse.python import fold, knowledge, origins
from guard.analyse.python.call_sites import CallSites
from guard.analyse.python.invocation import bind
from guard.analyse.python.late import read_late
from guard.analyse.python.names import EVALUATE, Names
from guard.analyse.python.operators import Operators
from guard.analyse.python.values import (
    ABSENT,
    ATTRIBUTES,
    CLIMBING,
    NONE,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Function,
    Injected,
    Instance,
    Method,
    Object,
    Ref,
    Scope,
    Seq,
    Text,
    Union,
    Value,
    climbs,
    known_text,
    options,
    tainted,
    text,
    union,
)
from guard.analyse.python.vocabulary import BUILTINS
from guard.model import Loop

MOST_LETTERS = 8
"""Letters of a text that are told apart where one of them is picked: those of directions, say."""


class Expressions(Operators):
    """Evaluation of expressions in a scope."""

    __slots__ = ()

    def boolean(self, node: ast.BoolOp) -> Value:
        if not isinstance(node.op, ast.Or):
            return union([self.value(one) for one in node.values])
        values = [self._operand(one) for one in node.values[:-1]]  # what is false is none of it, but for the last
        return union([*[truthy for value in values if (truthy := _true(value)) is not None], self.value(node.values[-1])])

    def _operand(self, node: ast.expr) -> Value:
        """What is true of an operand; of `a and b` that is b."""
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            return [self.value(one) for one in node.values][-1]
        return self.value(node)

    def compare(self, node: ast.Compare) -> Value:
        self.quiet += 1
        try:
            operands = [(self.value(one), one) for one in (node.left, *node.comparators)]
        finally:
            self.quiet -= 1
        if self.outside.classes and type(node.ops[0]) not in _IDENTITY:  # an own __eq__, __lt__, __contains__ gets the others
            for value, one in operands:
                self.mention(value, one)
                self.lose_functions(value)
        values = [value for value, _ in operands]
        self.go_through(values[1:])
        for op, left, right in zip(node.ops, values, values[1:], strict=False):
            if not (isinstance(left, (Object, Union)) or isinstance(right, (Object, Union))):
                continue
            for some, other in ((some, other) for some in options(left) for other in options(right)):
                self.own_operator(type(op), some, other, node)
        return UNKNOWN

    def conditional(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return union([self.value(node.body), self.value(node.orelse)])

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        items: list[Value] = []
        exact = True
        for one in node.elts:
            if isinstance(one, ast.Starred):
                value = self.value(one.value)
                if isinstance(value, Seq):
                    items.extend(value.look())
                    exact = exact and value.exact
                else:
                    items.append(fold.element(value))
                    exact = False
            elif type(one) is ast.Constant and type(one.value) is not str:
                items.append(Const(one.value))
            else:
                items.append(self.value(one))
        held = Seq([], exact, tainted(items))
        held.extend(items)
        if type(node) is ast.Set and self.outside.classes:
            self.meet([held])
        return held

    def mapping(self, node: ast.Dict) -> Value:
        result = Dict({})
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one)
            if key is None:
                if isinstance(value, Dict):
                    value.taken = value.listed = True
                    result.items.update(value.items)
                    if value.rest:
                        result.put(value.rest, value.key)
                else:
                    if isinstance(value, Instance) and value.cls == "builtins.Namespace":
                        self.opaque(node, "copies its own namespace, where names are then looked up unseen", "py-namespace")
                    result.put([fold.element(value)])
            else:
                name = self.value(key)
                if type(name) is not Const:
                    self.lose(name)
                fold.store(result, name, value)
        return result

    # ----------------------------------------------------------------------------------------------------------- subscripts

    def subscript(self, node: ast.Subscript) -> Value:
        owner = self.look(node.value)
        key = self.value(node.slice) if not isinstance(node.slice, ast.Slice) else None
        if isinstance(node.slice, ast.Slice):
            if any(isinstance(one, Object) for one in options(owner)):
                return union([self.item(one, UNKNOWN, node) for one in options(owner)])
            return self._slice(owner, node.slice)
        assert key is not None
        if not isinstance(owner, Union):
            return self.item(owner, key, node)
        return union([self.item(option, key, node) for option in owner.options])

    def item(self, owner: Value, key: Value, node: ast.AST) -> Value:
        """`owner[key]`."""
        if type(owner) is Method:
            owner = self.part(owner, node)
        if type(key) not in _KEYS:
            self.lose_functions(key)  # which an object among the keys is compared with
        if isinstance(owner, Injected):
            known = known_text(key)
            if known is None:
                self.opaque(node, f"picks something of {owner.name} by a computed name: it could be any tool", "py-tool")
            return self.injected(f"{owner.name}.{known or '?'}", node)
        if isinstance(owner, Ref):
            return self._library_item(owner, key, node)
        if isinstance(owner, Foreign):
            return owner
        if isinstance(owner, Seq):
            index = key.value if isinstance(key, Const) else None
            if owner.exact and isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
                return owner.look()[index]
            return owner.element()
        if isinstance(owner, Dict):
            found = fold.lookup(owner, key)
            self.outside.missed += self.careful and found is UNKNOWN and UNKNOWN not in owner.look()
            return found
        if isinstance(owner, Const):
            if isinstance(key, Const):
                return fold.lift(lambda: owner.value[key.value], owner.taint) or UNKNOWN
            return fold.element(owner) if isinstance(owner.value, str) and len(owner.value) <= MOST_LETTERS else UNKNOWN
        if isinstance(owner, Instance):
            if owner.cls == "sys.Path" and isinstance(key, Const) and key.value == 0:
                return Const(self.facts.mount)
            if owner.cls == ATTRIBUTES and owner.resource is not None and (known := known_text(key)) is not None:
                return self.attribute(owner.resource, known, node)
            if owner.cls == "builtins.Namespace":
                return self._namespace_item(key, node)
            row = knowledge.method(owner.cls, "__getitem__")
            if row is not None and (row.effectful or row.result):
                return owner if row.result == owner.cls and not row.effectful else self.apply(row, Args([key]), node, owner)
            return origins.made_of([owner], owner.taint)
        if isinstance(owner, Object):
            getter = owner.cls.lookup("__getitem__") or owner.cls.lookup("__missing__")
            return self.call(bind(getter, owner), Args([key]), node) if getter is not None else UNKNOWN
        if isinstance(owner, Text):
            dot = owner.parts == (None,) and isinstance(key, Const) and key.value != 0  # a letter that is found, and no initial
            return text(CLIMBING if dot or climbs([owner]) else (None,), owner.taint)
        return origins.made_of([owner], owner.taint)

    def _library_item(self, owner: Ref, key: Value, node: ast.AST) -> Value:
        if owner.name in ("os.environ", "os.environb"):
            self.called.add("os.environ")
            self.variable(key, node, "py-environment")
            return TAINTED
        if owner.name == "builtins":
            known = key.value if isinstance(key, Const) else None
            if isinstance(known, str) and known in BUILTINS:
                return Ref("builtins." + known)
            self.opaque(node, "looks builtins up by computed names", "py-internals")
        if owner.name == "sys.modules":
            known = known_text(key)
            if known == "__main__":
                return self.import_name(known, node)
            self.opaque(node, "looks modules up in the interpreter's own table", "py-dynamic")
            return self.import_name(known, node) if known is not None else UNKNOWN
        if owner.name.endswith(".__dict__") and (known := known_text(key)) is not None:
            return self.attribute(Ref(owner.name.removesuffix(".__dict__")), known, node)
        if owner.name == "sys.argv" and isinstance(key, Const) and isinstance(key.value, int):
            return self.lookup("__file__") if key.value in {0, -1} and self.bare else self._absent()
        row = knowledge.row(f"{owner.name}.__getitem__")
        if row is None and owner.name.rpartition(".")[2].islower() and (above := knowledge.lookup(owner.name)) is not None:
            row = above if any(does.verb == "opaque" for does in above.does) else None
        if row is not None:
            return self.apply(row, Args([key]), node, owner)
        library = owner.name.partition(".")[0]
        return Foreign(library) if knowledge.is_foreign(library) else UNKNOWN

    def _absent(self) -> Value:
        return ABSENT if self.bare else UNKNOWN

    def _slice(self, owner: Value, node: ast.Slice) -> Value:
        bounds = [self.value(one) if one is not None else NONE for one in (node.lower, node.upper, node.step)]
        if isinstance(owner, Const) and all(isinstance(one, Const) for one in bounds):
            cut = [one.value for one in bounds if isinstance(one, Const)]
            return fold.lift(lambda: owner.value[slice(*cut)], owner.taint) or UNKNOWN
        if isinstance(owner, Seq):
            if owner.exact and all(isinstance(one, Const) for one in bounds):
                cut = [one.value for one in bounds if isinstance(one, Const)]
                try:
                    return Seq(owner.look()[slice(*cut)], taint=owner.taint)
                except (TypeError, ValueError):
                    return UNKNOWN
            part = Seq(list(owner.look()), exact=False, taint=owner.taint)
            part.moved = True
            return part
        if isinstance(owner, Ref) and owner.name == "sys.argv" and self.bare and isinstance(low := bounds[0], Const):
            return Seq([ABSENT], exact=False) if isinstance(low.value, int) and low.value > 0 and bounds[2] is NONE else UNKNOWN
        if isinstance(owner, Text) and node.lower is None and node.step is None:
            return text(CLIMBING if climbs([owner]) else (owner.prefix, None), owner.taint)
        if isinstance(owner, Text) and owner.parts == (None,):
            return owner
        return owner if isinstance(owner, Instance) else origins.made_of([owner], owner.taint)

    # ------------------------------------------------------------------------------------------------------- functions, loops

    def lambda_node(self, node: ast.Lambda) -> Value:
        return self.make_function(node)

    def make_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, owner: Class | None = None) -> Function:
        spec = node.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        values = [self.value(one) for one in spec.defaults]
        defaults = dict(zip(names[len(names) - len(values) :], values, strict=True))
        for one, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if default is not None:
                defaults[one.arg] = self.value(default)
        func = Function(node, self.scope, defaults, owner)
        func.origin = self.origin
        self.functions.append(func)
        return func

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> Value:
        return self._comprehended(node, self.value(node.generators[0].iter))

    def generator(self, node: ast.GeneratorExp) -> Value:
        given = self.value(node.generators[0].iter)
        return read_late(self, lambda: self._comprehended(node, given), [given], node)

    def _comprehended(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, given: Value) -> Value:
        outer, self.scope = self.scope, Scope(self.scope)
        try:
            return self._comprehend(node, self.iterated(given, node))
        finally:
            self.scope = outer

    def _comprehend(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, source: Value) -> Value:
        first = node.generators[0]
        plain = len(node.generators) == 1 and not first.ifs and not isinstance(node, ast.DictComp)
        letters = source
        if plain and isinstance(source, Const) and isinstance(source.value, (str, bytes)) and len(source.value) <= 2048:
            letters = fold.constant(list(source.value)) or source
        count = len(letters.items) if isinstance(letters, Seq) else 0
        if (
            plain
            and isinstance(letters, Seq)
            and letters.exact
            and self.affordable(count, 512)
            and all(isinstance(one, Const) for one in letters.items)
        ):
            assert not isinstance(node, ast.DictComp)
            results = []
            self.unrolled *= max(count, 1)
            with self.looping(Loop.BOUNDED, count):
                for item in letters.look():
                    self.assign(first.target, item, node)
                    results.append(self.value(node.elt))
            self.unrolled //= max(count, 1)
            return Seq(results, taint=any(one.taint for one in results))
        loop = Loop.BOUNDED if isinstance(source, Seq) and source.exact else Loop.UNBOUNDED
        with self.looping(loop, len(source.items) if loop is Loop.BOUNDED and isinstance(source, Seq) else None):
            for index, generator in enumerate(node.generators):
                iterated = source if index == 0 else self.iterated(self.value(generator.iter), node)
                self.assign(generator.target, fold.element(iterated), node)
                for condition in generator.ifs:
                    self.value(condition)
            if isinstance(node, ast.DictComp):
                key = self.value(node.key)
                value = self.value(node.value)
                made = Dict({}, [value], value.taint, key)
                made.whole = True
                return made
            element = self.value(node.elt)
            return Seq([element], exact=False, taint=element.taint)

    def assign(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def iterated(self, source: Value, node: ast.AST) -> Value:
        """What there is to iterate over: of an object of the program, what its `__iter__` gives."""
        if type(source) is Object:
            return self.iterable(source, node)
        if type(source) is Method:
            return self.part(source, node)
        if isinstance(source, Class):
            members = [value for value in source.scope.names.values() if not isinstance(value, (Function, Class))]
            return Seq(members, exact=False) if _enumerates(source) else UNKNOWN
        if type(source) is Union and any(type(one) is Object for one in source.options):
            return union([self.iterable(one, node) if isinstance(one, Object) else one for one in source.options])
        return source

    def awaited(self, node: ast.Await) -> Value:
        return self.value(node.value)

    def yielded(self, node: ast.Yield) -> Value:
        self.scope.yields = True
        self.scope.returns.append(Seq([self.value(node.value)], exact=False))
        return UNKNOWN

    def yielded_from(self, node: ast.YieldFrom) -> Value:
        self.scope.yields = True
        self.scope.returns.append(Seq([fold.element(self.iterated(self.value(node.value), node))], exact=False))
        return UNKNOWN

    def named(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        scope: Scope | None = self.scope
        while scope is not None:
            scope.bind(node.target.id, value)
            scope = scope.parent if scope is not self.local else None  # out of comprehensions, and not out of a function
        return value

    def starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)


_KEYS = frozenset({Const, Text})
_IDENTITY = frozenset({ast.Is, ast.IsNot})


def _enumerates(cls: Class) -> bool:
    base = cls.foreign()
    return base is not None and base.name.startswith("enum.") and cls.node is not None and not cls.node.keywords


def _true(value: Value) -> Value | None:
    """What of a value is not surely false."""
    if type(value) is Const:
        return value if value.value else None
    if type(value) is not Union:
        return value
    kept = [one for one in value.options if not (type(one) is Const and not one.value)]
    return union(kept) if kept else None


EVALUATE |= {
    ast.Name: Names.name,
    ast.Attribute: Names.attribute_node,
    ast.Call: CallSites.call_node,
    ast.Constant: Operators.constant,
    ast.BinOp: Operators.binary,
    ast.JoinedStr: Operators.joined,
    ast.BoolOp: Expressions.boolean,
    ast.Compare: Expressions.compare,
    ast.UnaryOp: Operators.unary,
    ast.IfExp: Expressions.conditional,
    ast.List: Expressions.sequence,
    ast.Tuple: Expressions.sequence,
    ast.Set: Expressions.sequence,
    ast.Dict: Expressions.mapping,
    ast.Subscript: Expressions.subscript,
    ast.Lambda: Expressions.lambda_node,
    ast.ListComp: Expressions.comprehension,
    ast.SetComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.generator,
    ast.DictComp: Expressions.comprehension,
    ast.Await: Expressions.awaited,
    ast.Yield: Expressions.yielded,
    ast.YieldFrom: Expressions.yielded_from,
    ast.NamedExpr: Expressions.named,
    ast.Starred: Expressions.starred,
}
