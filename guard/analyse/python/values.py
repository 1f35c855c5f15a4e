"""What an expression of the analysed program may be: abstract values. Everything not listed here is `Unknown`.

Values are compared by identity and are cheap to make (plain slotted classes: the interpreter makes thousands per program). `taint` says
that the value may hold what was read from a file, a secret or the environment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, Protocol

MAX_OPTIONS = 12
"""More alternatives than this for one value and it is not followed any further."""
MAX_TEXT = 1 << 16
MAX_ITEMS = 512

Part = str | None


class Value:
    """Base of all abstract values."""

    __slots__ = ("taint",)
    taint: bool


class Unknown(Value):
    """Nothing is known about it."""

    __slots__ = ()

    def __init__(self, taint: bool = False) -> None:
        self.taint = taint


class Foreign(Unknown):
    """Nothing is known of it but that a library that only computes gave it."""

    __slots__ = ("library",)

    def __init__(self, library: str, taint: bool = False) -> None:
        self.library = library
        self.taint = taint


class Found(Unknown):
    """What is not known, and what the program did not make of its own texts: a number, a date, a name out of a list of them. In a path it
    is a name, and no step up in the tree of folders."""

    __slots__ = ()


class Absent(Unknown):
    """What only an argument of the command line could be, where a program is given none: to ask for it is an error. Joined with other
    values it is those; alone it is as good as not known."""

    __slots__ = ()


UNKNOWN = Unknown()
ABSENT = Absent()
FOUND = Found()
NUMBER = Found(True)
"""A number that was read from somewhere."""
TAINTED = Unknown(True)


class Const(Value):
    """A constant of the language. `made`: put together or decoded by the program, not written down as such."""

    __slots__ = ("made", "value")

    def __init__(self, value: Any, taint: bool = False, made: bool = False) -> None:
        self.value = value
        self.taint = taint
        self.made = made


NONE = Const(None)


class Text(Value):
    """A string of which some parts are known: `None` stands for an unknown part."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Part, ...], taint: bool = False) -> None:
        self.parts = parts
        self.taint = taint

    @property
    def prefix(self) -> str:
        return self.parts[0] or "" if self.parts else ""

    @property
    def beginning(self) -> str:
        """As a path: what is known of where it begins, with the steps up that come after what is not known. An unknown part is taken for
        no step down, since it may be empty, or a dot."""
        if ".." not in "".join([part for part in self.parts if part]):
            return self.prefix
        level = lowest = 0
        folder = self.prefix.rfind("/") + 1
        for step in self.filled("\0")[folder:].split("/"):
            name = step.replace("\0", "")
            level += -1 if name == ".." else 0 if name in ("", ".") or "\0" in step else 1
            lowest = min(lowest, level)
        return f"{self.prefix[:folder] or './'}{'../' * -lowest}" if lowest else self.prefix

    def filled(self, hole: str) -> str:
        """The text with `hole` for every unknown part."""
        return "".join(hole if part is None else part for part in self.parts)


class Ref(Value):
    """A thing of a library, by its dotted name: a module, a class, a function."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        self.taint = False


class Instance(Value):
    """An object of a class that the knowledge tables name. `resource`: what it stands for (a path, a base URL, a database)."""

    __slots__ = ("cls", "resource")

    def __init__(self, cls: str, resource: Value | None = None, taint: bool = False) -> None:
        self.cls = cls
        self.resource = resource
        self.taint = taint


class Injected(Value):
    """A name that a wrapped server puts into the program: a tool, or what leads to one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        self.taint = False


class Method(Value):
    """A method looked up on a value and not called yet."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: Value, name: str) -> None:
        self.receiver = receiver
        self.name = name
        self.taint = receiver.taint


class Late(Protocol):
    """What works out the items of a sequence when somebody goes through it."""

    given: tuple[Value, ...]

    def work_out(self, held: Seq) -> None:
        """Put what the items are by now to those that it holds."""


class Seq(Value):
    """A list, tuple, set or iterator. `exact`: `items` are all it holds, in order; otherwise anything of them, any number of times."""

    __slots__ = ("changed", "exact", "items", "late", "moved", "shapes", "taken")

    def __init__(self, items: list[Value], exact: bool = True, taint: bool = False) -> None:
        self.items = items
        self.exact = exact
        self.taint = taint
        self.late: Late | None = None
        """What works out the items only when somebody goes through them: a generator, a `map`, the values of a dictionary."""
        self.moved = False
        """Whether another item than the first of `items` may come first."""
        self.shapes: set[object] | None = None
        """What it held so far, as `invocation` tells values apart."""
        self.changed = 0
        """When it was changed last, as `invocation` counts."""
        self.taken = False
        """Whether something was looked up in it: what is put into it later may then be found there by the next turn of a loop."""

    def widen(self) -> None:
        """Hold anything from now on."""
        self.add(UNKNOWN)

    def look(self) -> list[Value]:
        """What it holds, for somebody who takes it out by place."""
        self.taken = True
        if self.late is not None:
            self.late.work_out(self)
        return self.items

    def copy(self) -> Seq:
        """Another container of the same things."""
        copied = Seq(list(self.look()), self.exact, self.taint)
        copied.moved = self.moved
        return copied

    def put(self, value: Value) -> None:
        """Hold a value more, anywhere in it."""
        self.moved = True
        self.add(value)

    def add(self, value: Value) -> None:
        """Hold a value more, behind the others, any number of times."""
        self.extend([value])
        self.exact = False
        self.taint = self.taint or value.taint

    def extend(self, values: list[Value]) -> None:
        """Hold values more, behind the others; what is too much melts into the last of them."""
        free = MAX_ITEMS - len(self.items)
        self.items.extend(values[:free])
        if more := values[free:]:
            self.items[-1] = text(CLIMBING) if leaves([self.items[-1], *more]) else UNKNOWN
            self.exact = False

    def element(self) -> Value:
        self.taken = True
        if self.late is not None:
            self.late.work_out(self)
        if not self.items:
            value: Value = UNKNOWN
        elif self.exact and 1 < len(self.items) <= 4 and all(map(is_number, self.items)):
            value = Union(tuple(self.items))
        else:
            value = union(self.items)
        return value if not self.taint else with_taint(value)


class Dict(Value):
    """A mapping with constant keys; `rest` holds values under unknown keys."""

    __slots__ = ("changed", "items", "key", "listed", "made", "rest", "shapes", "taken", "whole")

    def __init__(self, items: dict[Any, Value], rest: list[Value] | None = None, taint: bool = False, key: Value | None = None) -> None:
        self.items = items
        self.rest = rest or []
        self.taint = taint
        self.key = key
        """The keys of what is in `rest`, as far as they are known; None: anything."""
        self.made = False
        """Whether what is looked up and is not there is one of `rest` (`defaultdict`)."""
        self.whole = False
        """Whether all that it holds is in it by now, so that anything else that is looked up is an error."""
        self.shapes: set[object] | None = None
        self.changed = 0
        self.taken = False
        """As of a `Seq`."""
        self.listed = False
        """Whether its keys were."""

    def widen(self) -> None:
        """Hold anything from now on."""
        self.put([UNKNOWN])

    def put(self, values: list[Value], key: Value | None = None) -> None:
        """Hold some values more, under keys that are no constants."""
        if key is None or (self.rest and self.key is None):
            self.key = None
        else:
            self.key = key if self.key is None else union([self.key, key])
        self.rest.extend([value for value in values if value not in self.rest])

    def other_key(self) -> Value:
        """A key that is no constant."""
        return self.key if self.key is not None and self.key is not NOTHING else UNKNOWN

    def look(self) -> list[Value]:
        """What it holds, under any key."""
        self.taken = True
        return [*self.items.values(), *self.rest]

    def element(self) -> Value:
        self.taken = True
        values = [*self.items.values(), *self.rest]
        return union(values) if values else UNKNOWN


class Union(Value):
    """One of several values."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[Value, ...]) -> None:
        self.options = options
        self.taint = tainted(options)


class Class(Value):
    """A class that the program defines. All its instances are one abstract object, whose attributes are in `fields`."""

    __slots__ = ("bases", "fields", "name", "node", "remade", "scope", "taken")

    def __init__(self, name: str, node: ast.ClassDef | None, scope: Scope, bases: tuple[Value, ...]) -> None:
        self.name = name
        self.node = node
        self.scope = scope
        self.bases = bases
        self.fields: dict[str, Value] = {}
        self.taken: dict[str, Value | bool | None] = {}
        """Fields that were looked up, as in `Scope.taken`."""
        self.remade = False
        """Whether a metaclass of the program has a say in what is in it, and in what it gives."""
        self.taint = False

    def field(self, name: str) -> Value | None:
        """What the attribute `name` of its instances may be, if one was set."""
        found = self.fields.get(name)
        if self.scope.log.kept:
            self.scope.log.taken.setdefault((self, name), found)
        if self.taken.setdefault(name, found) is not found:
            self.taken[name] = True
        return found

    def current(self, name: str) -> Value | None:
        """The same, for somebody who only compares."""
        return self.fields.get(name)

    def widen(self, name: str) -> None:
        """Let an attribute of its instances be anything from now on."""
        self.fields[name] = union([self.fields[name], UNKNOWN])

    def changed(self) -> bool:
        """Whether something that was looked up in it has been, or is by now, another thing."""
        return self.scope.changed() or any(self.fields.get(name) is not then for name, then in self.taken.items())

    def foreign(self) -> Ref | None:
        """The library class that this one is derived from, if any."""
        for base in self.bases:
            if isinstance(base, Ref):
                return base
            if isinstance(base, Class) and base is not self and (found := base.foreign()):
                return found
        return None

    def lookup(self, name: str, depth: int = 0) -> Value | None:
        found = self.scope.take(name)
        if found is not None or depth > 20:
            return found
        for base in self.bases:
            if isinstance(base, Class) and (inherited := base.lookup(name, depth + 1)) is not None:
                return inherited
        return None


class Object(Value):
    """An instance of a class that the program defines."""

    __slots__ = ("cls",)

    def __init__(self, cls: Class) -> None:
        self.cls = cls
        self.taint = False

    def lookup(self, name: str) -> Value | None:
        """What a name stands for in its class."""
        return self.cls.lookup(name)


class Super(Value):
    """What `super()` gives: the methods that the classes behind `after` have for an object, or for a class."""

    __slots__ = ("after", "receiver")

    def __init__(self, receiver: Object | Class, after: Class) -> None:
        self.receiver = receiver
        self.after = after
        self.taint = False

    def lookup(self, name: str) -> Value | None:
        """What a name stands for in the first of those classes that has it."""
        cls = self.receiver.cls if isinstance(self.receiver, Object) else self.receiver
        line = list(reversed(dict.fromkeys(reversed(lineage(cls)))))
        for one in line[line.index(self.after) + 1 if self.after in line else 1 :]:
            if (found := one.scope.take(name)) is not None:
                return found
        return None


def lineage(cls: Class, depth: int = 0) -> list[Class]:
    """A class of the program, and those that it is derived from."""
    return [cls, *(one for base in cls.bases if isinstance(base, Class) and depth < 20 for one in lineage(base, depth + 1))]


class Function(Value):
    """A function, method or lambda that the program defines."""

    __slots__ = ("defaults", "escaped", "kind", "name", "node", "origin", "owner", "receiver", "scope")

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        scope: Scope,
        defaults: dict[str, Value],
        owner: Class | None = None,
    ) -> None:
        self.node = node
        self.name = getattr(node, "name", "<lambda>")
        self.scope = scope
        self.defaults = defaults
        self.owner = owner
        self.receiver: Value | None = None
        self.kind = ""
        """"static", "class" or "property" for methods that are decorated so."""
        self.escaped = False
        self.origin = ""
        """The workspace module that it is defined in; "" for the program itself."""
        self.taint = False

    def bound(self, receiver: Value) -> Function:
        """The same function with its first parameter given."""
        twin = Function(self.node, self.scope, self.defaults, self.owner)
        twin.kind = self.kind
        twin.receiver = receiver
        twin.origin = self.origin
        return twin


class Partial(Value):
    """A callable with some arguments already given (functools.partial)."""

    __slots__ = ("args", "func")

    def __init__(self, func: Value, args: Args) -> None:
        self.func = func
        self.args = args
        self.taint = func.taint


class Module(Value):
    """A module of the workspace, analysed with the program."""

    __slots__ = ("name", "scope")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.taint = False


class Args:
    """The arguments of one call. `more`: unknown ones may follow (`*args`, `**kwargs` of unknown content)."""

    __slots__ = ("more", "named", "positional", "rest")

    def __init__(self, positional: list[Value] | None = None, named: dict[str, Value] | None = None, more: bool = False) -> None:
        self.positional = positional if positional is not None else []
        self.named = named if named is not None else {}
        self.more = more
        self.rest: Value = UNKNOWN
        """What an argument given through `*` or `**` may be."""

    def all(self) -> list[Value]:
        if not self.named and not self.more:
            return self.positional
        return [*self.positional, *self.named.values(), *([self.rest] if self.more else [])]

    @property
    def taint(self) -> bool:
        """Whether any of them may hold what was read."""
        return tainted(self.positional) or (self.more and self.rest.taint) or (bool(self.named) and tainted(self.named.values()))

    def get(self, position: int, name: str = "") -> Value | None:
        """The argument at a position or under a name; None if it is not given."""
        if name and name in self.named:
            return self.named[name]
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return self.rest if self.more else None


class Log:
    """What is looked up in scopes and classes from elsewhere, and bound there, while something is read: of each name what was found
    first, and what was bound last. And containers that were changed then."""

    __slots__ = ("changed", "kept", "taken", "written")

    def __init__(self) -> None:
        self.taken: dict[tuple[Scope | Class, str], Value | None] = {}
        self.written: dict[tuple[Scope | Class, str], Value | None] = {}
        self.changed: dict[int, Seq | Dict] = {}
        self.kept = False
        """Whether anybody asks for it: something is read just now that may be read anew."""

    def begin(self) -> Log:
        """Write down anew, for something within. What leaves is for `end`."""
        outer = Log()
        outer.taken, outer.written, outer.changed, outer.kept = self.taken, self.written, self.changed, self.kept
        self.taken, self.written, self.changed, self.kept = {}, {}, {}, True
        return outer

    def end(self, outer: Log, own: Scope | None = None) -> Log:
        """Go on as before; all that was written down within leaves, but for names of its own scope."""
        inner = Log()
        inner.taken, inner.written, inner.changed = self.taken, self.written, self.changed
        if own is not None and (own.taken or own.observed):
            inner.taken = {at: found for at, found in inner.taken.items() if at[0] is not own}
            inner.written = {at: value for at, value in inner.written.items() if at[0] is not own}
        self.taken, self.written, self.changed, self.kept = outer.taken, outer.written, outer.changed, outer.kept
        self.add(inner)
        return inner

    def add(self, other: Log) -> None:
        """What was written down elsewhere happens once more."""
        if self.kept:
            self.taken = other.taken | self.taken  # what was found first
            self.written.update(other.written)
            self.changed.update(other.changed)


class Scope:
    """Names of a module, class or function. `history` keeps every callable or object that a name ever had: inner functions run later."""

    __slots__ = ("foreign", "history", "is_class", "later", "log", "names", "observed", "parent", "returns", "stars", "taken", "yields")

    def __init__(self, parent: Scope | None, *, is_class: bool = False, log: Log | None = None) -> None:
        self.log: Log = parent.log if parent is not None else log or Log()
        self.names: dict[str, Value] = {}
        self.observed = False
        """Whether something that runs later looks names up here."""
        self.parent = parent
        self.is_class = is_class
        self.foreign: dict[str, Scope] = {}
        """Names declared global or nonlocal, and the scope that they live in."""
        self.history: dict[str, list[Value]] = {}
        self.returns: list[Value] = []
        self.yields = False
        """Whether it is a generator's: what it gives is read when somebody goes through it."""
        self.stars: list[Value] = []
        self.taken: dict[str, Value | bool | None] = {}
        """Names that were looked up from elsewhere, and what was found; True if that has not been the same each time."""
        self.later: dict[str, Value] | None = None
        """What names may be bound to at any time by what is called unseen."""

    def take(self, name: str) -> Value | None:
        """What stands under a name, for somebody elsewhere: see `guard.analyse.python.outside`."""
        found = self.names.get(name)
        if self.log.kept:
            self.log.taken.setdefault((self, name), found)
        if self.taken.setdefault(name, found) is not found:
            self.taken[name] = True
        return found

    def current(self, name: str) -> Value | None:
        """The same, for somebody who only compares."""
        return self.names.get(name)

    def changed(self) -> bool:
        """Whether something that was looked up from elsewhere has been, or is by now, another thing."""
        return any(self.names.get(name) is not then for name, then in self.taken.items())

    def set(self, name: str, value: Value) -> None:
        """Bind a name from elsewhere."""
        self.log.written[self, name] = value
        self.bind(name, value)

    def bind(self, name: str, value: Value) -> None:
        scope = self.foreign.get(name, self)
        if scope is not self:
            self.log.written[scope, name] = value
        if scope.later is not None and name in scope.later:
            value = union([value, scope.later[name]])
        scope.names[name] = value
        if type(value) not in _PLAIN or name in scope.taken:
            past = scope.history.setdefault(name, [])
            if not past or (value not in past and past[-1] is not UNKNOWN):
                past.append(value if len(past) < MAX_OPTIONS else UNKNOWN)  # nothing is forgotten without a word
                if name in scope.taken:
                    scope.taken[name] = True


_PLAIN = frozenset({Unknown, Found, Text})


def tainted(values: Iterable[Value]) -> bool:
    """Whether any of the values may hold what was read."""
    for value in values:  # noqa: SIM110 - asked of every call's arguments: a generator would take twice as long
        if value.taint:
            return True
    return False


ANY = "*"
"""The field that stands for whichever was set by a name that is not known."""

EVERY = "**"
"""The field that is looked up by whoever looks at all that there are."""

ATTRIBUTES = "builtins.Attributes"
"""The class of an object's `__dict__`, whose resource is the object."""

NOTHING = Union(())
"""What a call gives that never comes back: no value at all."""


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value."""
    return value.options if type(value) is Union else (value,)


def _same(a: Value, b: Value) -> bool:
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b) or kind in _ALONE:
        return False
    if kind is Unknown:
        return a.taint == b.taint
    if isinstance(a, Const):
        assert isinstance(b, Const)
        return type(a.value) is type(b.value) and a.value == b.value and a.taint == b.taint
    if isinstance(a, Ref):
        assert isinstance(b, Ref)
        return a.name == b.name
    if isinstance(a, Foreign):
        return a.taint == b.taint and a.library == b.library  # type: ignore[attr-defined]
    if isinstance(a, Text):
        return a.parts == b.parts and a.taint == b.taint  # type: ignore[attr-defined]
    if isinstance(a, Function):
        assert isinstance(b, Function)
        return (
            a.node is b.node
            and a.scope is b.scope  # of two closures each has its own names
            and (a.defaults is b.defaults or all(map(_same, a.defaults.values(), b.defaults.values())))
            and (a.receiver is b.receiver or (a.receiver is not None and b.receiver is not None and _same(a.receiver, b.receiver)))
        )
    if isinstance(a, Object):
        return a.cls is b.cls  # type: ignore[attr-defined]
    if isinstance(a, Instance):
        assert isinstance(b, Instance)
        return a.cls == b.cls and (
            a.resource is b.resource or (a.resource is not None and b.resource is not None and _same(a.resource, b.resource))
        )
    return False


_ALONE = frozenset({Method, Seq, Dict, Union, Class, Partial, Module, Injected, Super})
"""Values of these kinds are the same only if they are one."""


def is_number(value: Value) -> bool:
    """Whether a value is a known number."""
    return type(value) is Const and type(value.value) in _NUMBERS


_NUMBERS = frozenset({int, float, complex})
_COMPARED = frozenset({str, int, bytes, bool, type(None)})


def _distinct(values: list[Value]) -> list[Value]:
    """The alternatives of all values, each once. Plain constants come by the hundred, so those are not compared one by one."""
    kept: list[Value] = []
    constants: set[object] = set()
    for value in values:
        for option in options(value):
            kind = type(option)
            if kind is Const and type(option.value) in _COMPARED:  # type: ignore[attr-defined]
                key = (type(option.value), option.value, option.taint)  # type: ignore[attr-defined]
                if key not in constants:
                    constants.add(key)
                    kept.append(option)
                continue
            for other in kept:
                if other is option or (type(other) is kind and _same(option, other)):
                    break
            else:
                kept.append(option)
    return kept


def union(values: Iterable[Value], depth: int = 0) -> Value:
    """The join of values: numbers melt into Unknown, texts and containers are kept apart up to `MAX_OPTIONS`. Things (functions, objects)
    always are: what is called must not get lost among others."""
    if type(values) is not list:
        values = list(values)
    first = values[0] if values else UNKNOWN
    if values.count(first) == len(values):
        return first
    kept = _distinct(values)
    if len(kept) == len(options(first)):  # the first has them all
        return first
    if ABSENT in kept:
        kept.remove(ABSENT)
    if len(list(filter(is_number, kept))) > 1:
        kept = [value for value in kept if not is_number(value)]
        if not any(isinstance(value, Unknown) for value in kept):
            kept.append(FOUND)
    if len(kept) > MAX_OPTIONS:
        things = [value for value in kept if type(value) not in _DATA]
        taint = any(value.taint for value in kept)
        if depth < 2 and _hold_things(kept):
            things.append(_melted([value for value in kept if isinstance(value, (Seq, Dict))], depth + 1))
        plain = all(isinstance(one, Found) or (type(one) is Const and "." not in (known_text(one) or "")) for one in kept)
        kept = [*things, text(CLIMBING, taint) if leaves(kept) else TAINTED if taint else FOUND if plain else UNKNOWN]
    return kept[0] if len(kept) == 1 else Union(tuple(kept))


_DATA = frozenset({Const, Text, Unknown, Found, Foreign, Absent, Seq, Dict})


def _hold_things(held: list[Value]) -> bool:
    """Whether there is something in some containers that may be called."""
    for _ in range(3):
        held = list({id(option): option for value in held for one in _held(value) for option in options(one)}.values())
        if any(type(one) not in _DATA for one in held):
            return True
    return False


def _held(value: Value) -> list[Value]:
    return value.items if type(value) is Seq else [*value.items.values(), *value.rest] if type(value) is Dict else []


def _melted(held: list[Seq | Dict], depth: int) -> Seq | Dict:
    """One container with what is in many: the rows of a table as one row."""
    taint = tainted(held)
    dicts = [one for one in held if isinstance(one, Dict)]
    if len(dicts) == len(held):
        keys = dict.fromkeys(key for one in dicts for key in one.items)
        return Dict(
            {key: union([one.items[key] for one in dicts if key in one.items], depth) for key in keys},
            list({id(value): value for one in dicts for value in one.rest}.values()),
            taint,
        )
    rows = [one.look() for one in held]
    if all(isinstance(one, Seq) and one.exact and len(one.items) == len(rows[0]) for one in held):
        return Seq([union(list(column), depth) for column in zip(*rows, strict=True)], True, taint)
    return Seq([union([value for row in rows for value in row], depth)], False, taint)


def with_taint(value: Value) -> Value:
    """The same value, marked as holding what was read."""
    if value.taint:
        return value
    if isinstance(value, Const):
        return Const(value.value, True, value.made)
    if isinstance(value, Text):
        return Text(value.parts, True)
    if isinstance(value, Instance):
        return Instance(value.cls, value.resource, True)
    if isinstance(value, Foreign):
        return Foreign(value.library, True)
    if isinstance(value, Found):
        return NUMBER
    if isinstance(value, Unknown):
        return TAINTED
    if isinstance(value, Seq):
        marked = Seq(value.items, value.exact, True)
        marked.late = value.late
        return marked
    if isinstance(value, Dict):
        return Dict(value.items, value.rest, True, value.key)
    if isinstance(value, Union):
        return Union(tuple(with_taint(option) for option in value.options))
    return value


def text(parts: Iterable[Part], taint: bool = False) -> Value:
    """A string made of known and unknown parts: a Const if all is known, Unknown if nothing is."""
    merged: list[Part] = []
    size = 0
    for part in parts:
        if part == "" or (part is _UP and _UP in merged):
            continue
        if part is not None:
            size += len(part)
            if size > MAX_TEXT:
                part = None  # noqa: PLW2901 - what is too long counts as unknown
        if merged and part is None and merged[-1] is None:
            continue
        if merged and part is not None and merged[-1] is not None:
            merged[-1] += part
        else:
            merged.append(part)
    if not merged:
        return Const("", taint, True)
    if merged == [None]:
        return Text((None,), taint)
    if len(merged) == 1:
        return Const(merged[0], taint, True)
    return Text(tuple(merged), taint)


_UP = "/.." * 32
CLIMBING: tuple[Part, ...] = (None, _UP, None)
"""Of a path that goes up, nobody knows how far."""


def holes(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a text that is no path, in which it does not matter what goes up."""
    kept: list[Part] = []
    for part in parts:
        if part is not _UP and not (part is None and kept and kept[-1] is None):
            kept.append(part)
    return tuple(kept)


def climbs(values: Iterable[Value]) -> bool:
    """Whether two dots are in what is known of some texts."""
    return any(part is not None and ".." in part for value in values for option in options(value) for part in said_by(option))


def leaves(values: Iterable[Value]) -> bool:
    """Whether one of some texts, as a path, would lead out of the folder that it is put behind."""
    return any(_leaves(said_by(option)) for value in values if not is_number(value) for option in options(value))


def _leaves(parts: tuple[Part, ...]) -> bool:
    return bool(parts) and ((parts[0] or "").startswith(("/", "~/")) or any(".." in (part or "") for part in parts))


def parts_of(value: Value) -> tuple[Part, ...]:
    """The parts of a value as it appears in a string. What comes from a file or a person is a name, as far as that is known; what the
    program made itself in a way that is not followed may be anything, steps up in the tree of folders among it."""
    return CLIMBING if type(value) is Unknown and not value.taint else said_by(value)


def said_by(value: Value) -> tuple[Part, ...]:
    """What is known of a value as it appears in a string."""
    if isinstance(value, Const):
        if isinstance(value.value, str):
            return (value.value,)
        if isinstance(value.value, (int, bool, float)) or value.value is None:
            try:
                return (str(value.value),)
            except ValueError:  # an integer of too many digits
                return (None,)
        return (None,)
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Instance) and value.cls == "pathlib.Path" and value.resource is not None:
        return parts_of(value.resource)
    if isinstance(value, Object) and (value.cls.foreign() is not None or any(value.cls.lookup(name) is not None for name in TELLING)):
        return CLIMBING
    if isinstance(value, Class) and value.remade:  # its metaclass may say anything
        return CLIMBING
    return (None,)


TELLING = ("__str__", "__format__", "__fspath__", "__repr__")
"""Methods by which an object of the program says what it is in a text."""


def known_text(value: Value | None) -> str | None:
    """The string or bytes (as UTF-8) that a value is, if it is exactly one."""
    if isinstance(value, Const):
        if isinstance(value.value, str):
            return value.value
        if isinstance(value.value, bytes):
            return value.value.decode("utf-8", "replace")
    return None
