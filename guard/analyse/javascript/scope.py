"""What is known of a program by names: scopes, bindings with all their definitions, and where properties and names are used.

Flow-insensitive: a binding has every value that is ever assigned to it; a property name is one pool for the whole program. That is
coarse, and safe: what a name could be is never less than what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guard.analyse.javascript.syntax import Node, Tree

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
    }
)
CLASSES = frozenset({"class_declaration", "class", "abstract_class_declaration"})
BLOCKS = frozenset({"statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body", "class_body"})
DECLARED = frozenset({"function_declaration", "generator_function_declaration", "class_declaration", "abstract_class_declaration"})
GLOBAL_OBJECTS = frozenset({"globalThis", "window", "global", "self"})

Step = str | int | None
"""One step into a value: a property name, an index, or None for one that cannot be known."""


class Definition(NamedTuple):
    """One value that a name or property may have: how (`kind`), from which node, and the way into that node's value."""

    kind: str
    """value, augmented, element, key, import, function, getter, class, param, rest, undefined, unknown"""
    node: Node
    path: tuple[Step, ...] = ()
    module: str = ""
    defaulted: bool = False
    """Whether another definition is taken instead of undefined."""


class Binding:
    """One declared name with everything that may be assigned to it."""

    __slots__ = ("declared", "definitions", "name", "scope")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.declared = True
        self.definitions: list[Definition] = []


class Scope:
    """One region of names. `function` is the function node whose body it is in, or None at the top."""

    __slots__ = ("function", "names", "outer")

    def __init__(self, outer: Scope | None, function: Node | None) -> None:
        self.outer = outer
        self.function = function
        self.names: dict[str, Binding] = {}

    def find(self, name: str) -> Binding | None:
        scope: Scope | None = self
        while scope is not None:
            binding = scope.names.get(name)
            if binding is not None:
                return binding
            scope = scope.outer
        return None

    def declare(self, name: str) -> Binding:
        if name not in self.names:
            self.names[name] = Binding(name, self)
        return self.names[name]

    @property
    def hoisting(self) -> Scope:
        """The scope that `var` declares in."""
        scope = self
        while scope.outer is not None and scope.outer.function is scope.function:
            scope = scope.outer
        return scope


class Program:
    """All that later passes ask: the scopes (on each node), and indexes by name."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.top = Scope(None, None)
        self.identifiers: dict[str, list[Node]] = {}
        """Every mention of a name in value position or pattern."""
        self.perhaps: set[str] = set()
        """Names that a `var` of the script's top may leave what they were: it gives no value, or only in a block that may not run."""
        self.properties: dict[str, list[Definition]] = {}
        """Property name -> every value stored under it anywhere."""
        self.property_calls: dict[str, list[Node]] = {}
        """Property name -> calls of the form `x.name(…)`."""
        self.returns: dict[Node, list[Node]] = {}
        """Function -> nodes of what it returns or yields."""
        self.order: list[Node] = []
        """All nodes, outer before inner, in source order."""
        self.assigned: dict[str, list[Definition]] = {}
        """Property name -> what is stored under it after its object was made."""
        self.changed: set[str] = set()
        """Names of variables whose objects get properties that cannot be known by name."""
        self.computed = False
        """Some object literal has a name that is worked out."""
        self.judged: dict[Callable[[Program], bool], bool] = {}
        """See `instances`; worked out when it is asked."""
        self.indexed: list[Node] = []
        """What is stored into by index or by a name that cannot be known: `x` of `x[i] = …`."""
        self.foreign = False
        """Something that is no variable, or a parameter, gets properties that cannot be known by name."""
        self.changes_others: bool | None = None
        """See `aliases.changes_others`; worked out when it is asked."""
        self.pushes: tuple[Node, ...] | None = None
        self.only_pushes: bool | None = None
        """See `aliases.shared_pushes`; worked out when it is asked."""
        self.changed_keys: dict[str, tuple[bool, frozenset[str]]] = {}
        """See `aliases.is_shared`; the same."""
        self.lent: frozenset[str] | None = None
        """See `instances.lent_names`; worked out when it is asked."""
        self.stores: list[tuple[str, Node]] = []
        """Names under which something is stored in an object, and the object: `x.name = …`."""
        self.kept: tuple[dict[Node, set[str]], set[str]] | None = None
        """See `aliases.later_names`; worked out when it is asked."""
        self.remade: list[Node] = []
        """Every `new this(…)` and `new x.constructor(…)`."""
        self.keyed_calls: list[Node] = []
        """Every call of a method by a name that is worked out: `x[name](…)`."""
        self.supers: list[Node] = []
        """Every call `super(…)`."""
        self.this: list[Node] = []
        """Every `this`."""
        self.reached: dict[tuple[Node, bool], Mapping[str, tuple[Node, ...]] | None] = {}
        """An object or class (True: the class alone) -> the places that name its members; None if it goes out of sight. See `reach`."""
