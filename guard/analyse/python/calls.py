"""What a call does: rows of the knowledge tables, tools of a server, methods of known and unknown values; the program's own functions
are called by `invocation`.

Every form of a call (by name, as a method, through an alias, a decorator, a callback, a partial) ends in `Calls.call`: the one door.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
from functools import lru_cache

from guard.analyse.profile import profile_of
from guard.analyse.python import fold, foreign, knowledge, origins, templates, tools, walks
from guard.analyse.python.hooks import Hooks
from guard.analyse.python.invocation import bind
from guard.analyse.python.knowledge import Row
from guard.analyse.python.late import read_late
from guard.analyse.python.losing import holds_arguments
from guard.analyse.python.values import (
    ATTRIBUTES,
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
    Log,
    Method,
    Object,
    Partial,
    Ref,
    Scope,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    known_text,
    options,
    union,
)
from guard.analyse.python.vocabulary import (
    ASKS,
    COUNTS,
    DESCRIBES,
    DISTINCT,
    EVERYDAY,
    HOLDS,
    ITERATES,
    KEEPS,
    LAZY,
    LOOKS,
    PUTS,
    SAVES,
    TAKES,
    TEXT_METHODS,
)
from guard.model import Effect, Facts, Kind, Loop

REACHES = re.compile(
    r"\.(?:(?:save|write|download|fetch|upload|export|popen|efetch|esearch|retrieve|open|get_file|from_url|from_file)(?:_\w+|[A-Z]\w*|to)?"
    r"|\w+(?:_to_file|_from_url|_from_file|_download))$"
)
"""Names of libraries that otherwise compute, for which the tables have no line, but whose name says enough."""
_FORMATS = frozenset({"format", "format_map"})
_MODE = re.compile(r"[rwaxbt+]{1,4}")
FILE_NAME = re.compile(r"[\w./~-]+\.\w{1,6}")
SQL_WORDS = (
    "select ",
    "insert ",
    "update ",
    "delete ",
    "drop ",
    "create ",
    "alter ",
    "truncate ",
    "with ",
    "replace ",
    "merge ",
    "pragma ",
    "attach ",
)


class Calls(Hooks):
    """Calls, by what is called."""

    __slots__ = (
        "asked",
        "by_name",
        "by_name_at",
        "called",
        "mentioned",
        "module_scope",
        "profile",
        "raised",
        "relied",
        "settled",
        "shadowed",
        "tree",
        "undefined",
        "unknown_imports",
        "unseen",
        "walked",
    )

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.called: set[str] = set()
        self.asked = set[str]()
        """Names of attributes that were asked for of values that are not known."""
        self.relied: dict[str, ast.AST] = {}
        """Methods of which the first parameter was taken for an object of their class, by the name that they have nowhere else."""
        self.settled: dict[tuple[str, Class, ast.AST | None], bool] = {}
        """Name, class and function that it is used in -> whether the name surely stands for an object of that class."""
        self.by_name: dict[str, bool] = {}
        """Library function -> whether each of its calls so far was by its own name: what was handed on is then still unseen."""
        self.by_name_at: ast.AST | None = None
        """The call that is about to be made by the function's own name."""
        self.mentioned: dict[str, ast.AST] = {}
        self.unknown_imports: dict[str, ast.AST] = {}
        profile = profile_of(facts) if facts.profile else None
        # Tools are named after the server that is wrapped, not after the kind of server that it is.
        self.profile = dataclasses.replace(profile, name=facts.server) if profile is not None and facts.server else profile
        self.shadowed: set[str] = set()
        self.tree: ast.Module | None = None
        self.module_scope = Scope(None, log=self.log)
        self.undefined: dict[str, ast.AST] = {}
        self.walked: ast.AST | None = None
        """Where all that is in a class or object is taken of which nobody knows whether it is one of the interpreter's."""
        self.unseen = False
        """Whether something is called, or handed on to be, of which nobody knows what it is."""
        self.raised = set[str]()
        """Built-in exceptions that it makes, by their names."""

    # what the layers above give
    def import_name(self, name: str, node: ast.AST) -> Value:
        raise NotImplementedError

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        raise NotImplementedError

    def mention(self, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def lookup(self, name: str, node: ast.AST | None = None) -> Value:
        raise NotImplementedError

    def item(self, owner: Value, key: Value, node: ast.AST) -> Value:
        raise NotImplementedError

    def set_attribute(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def set_attributes(self, owner: Value, given: Args, node: ast.AST) -> None:
        raise NotImplementedError

    def set_any(self, owner: Value, value: Value) -> None:
        raise NotImplementedError

    def run_text(self, code: str, scope: Scope, node: ast.AST) -> Value:
        raise NotImplementedError

    def type_texts(self, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def instance_call(self, receiver: Instance, name: str, args: Args, node: ast.AST) -> Value:
        raise NotImplementedError

    # ---------------------------------------------------------------------------------------------------------- the door

    def call(self, func: Value, args: Args, node: ast.AST) -> Value:
        """Call a value: write down what that does, give what it returns."""
        if isinstance(func, Ref):
            return self.call_ref(func.name, args, node)
        if isinstance(func, Function):
            result = self.invoke(func, args, node)
            return result if func.node not in self.general else union([result, UNKNOWN])
        if isinstance(func, Method):
            if isinstance(func.receiver, Instance):
                return self.instance_call(func.receiver, func.name, args, node)
            return self.call_method(func.receiver, func.name, args, node)
        if isinstance(func, Class):
            return self.construct(func, args, node)
        if isinstance(func, Union):
            return union([self.call(option, args, node) for option in func.options])
        if isinstance(func, Partial):
            joined = Args([*func.args.positional, *args.positional], {**func.args.named, **args.named}, func.args.more or args.more)
            return self.call(func.func, joined, node)
        if isinstance(func, Injected):
            return self.call_tool(func.name, args, node)
        if isinstance(func, Instance) and (row := knowledge.row(func.cls + ".__call__")) is not None:
            return self.apply(row, args, node, func)
        if isinstance(func, Object):
            method = func.cls.lookup("__call__")
            if method is not None:
                return self.call(bind(method, func), args, node)
        if isinstance(func, Foreign):
            return self.loose(func, "__call__", args, node)
        if any(isinstance(value, Instance) and value.cls == "builtins.Namespace" for value in args.positional):
            self.opaque(node, "hands its own namespace on to code that cannot be followed", "py-namespace")
        if isinstance(func, Unknown):
            self.calls_unseen(node)
        self.escape(args)
        return TAINTED if args.taint else UNKNOWN

    def call_tool(self, name: str, args: Args, node: ast.AST) -> Value:
        """A call of something that the wrapped server injects."""
        assert self.profile is not None
        taint = args.taint
        self.escape(args)
        try:
            found = tools.called(self.profile, name, args)
            if found is not None:
                kind, tool, statements = found
                note = {Kind.TOOL_READ: "reads with", Kind.TOOL_WRITE: "changes something with"}.get(kind, "destroys with")
                note = f"{note} {tool.partition('/')[2]}"
                if kind is Kind.TOOL_READ and not all(self.selects(statement, node) for statement in statements):
                    kind, note = Kind.TOOL_DESTRUCTIVE, f"{note}: runs SQL that does more than read, or cannot be known"
                self.add(kind, tools.resource(tool), node, tools.RULE, note, taint=taint)
        except LookupError:
            self.opaque(node, f"calls {name}: it could be any tool", tools.RULE)
        return TAINTED

    def call_ref(self, name: str, args: Args, node: ast.AST, receiver: Value | None = None) -> Value:
        name = knowledge.canonical(name)
        if self.lacking and name not in LOOKS:
            self.hands_over(name, args)
        self.called.add(name)
        self.by_name[name] = self.by_name_at is node and self.by_name.get(name, True)
        self.by_name_at = None
        if args.positional and _has_methods(args.positional[0]) and (method := unbound(name)):
            return self.call_method(args.positional[0], method, Args(args.positional[1:], args.named, args.more), node)
        if args.positional and isinstance(args.positional[0], Unknown) and (method := unbound(name)):
            self._fills(args.positional[0], method, Args(args.positional[1:], args.named, args.more))
        row = knowledge.lookup(name)
        if row is not None:
            if row.result and row.result[0] not in "=&":
                self.lose_held(args)
            owner, _, last = name.rpartition(".")
            made = knowledge.row(owner)
            cls = made.result if made is not None and made.result else owner
            first = args.positional[0] if receiver is None and args.positional else None
            if isinstance(first, Instance) and first.cls in (owner, cls):  # Path.unlink(path)
                return self.call_method(first, last, Args(args.positional[1:], args.named, args.more), node)
            if first is not None and cls != owner and row.name.rpartition(".")[0] == cls:
                return self.apply(row, Args(args.positional[1:], args.named, args.more), node, first)
            return self.apply(row, args, node, receiver)
        standing = knowledge.default(name)
        if standing == "opaque" and not knowledge.harmless_name(name):
            self.opaque(node, f"uses {name}, which guard does not know")
        elif standing == "pure":
            if _reaches(name):
                self.opaque(node, f"uses {name}, which by its name reaches a file or the network")
            if name in LAZY:
                return read_late(self, lambda: fold.in_turn(self.pure_call(name, args, node)), args.all())
            return self.pure_call(name, args, node)
        self.escape(args)
        return TAINTED if args.taint else UNKNOWN

    def pure_call(self, name: str, args: Args, node: ast.AST) -> Value:
        """A call that has no effect of its own: fold it if it is one of constants, and run the callbacks it is given."""
        if name.startswith("builtins.") or name in fold.FUNCTIONS:
            folded = fold.function(name, args)
            if folded is not None:
                return folded
        if name == "builtins.type" and len(args.positional) == 1 and isinstance(made := args.positional[0], (Instance, Object, Ref)):
            if isinstance(made, Ref):
                return Ref(f"{made.name}.__class__") if knowledge.row(f"{made.name}.__class__") is not None else UNKNOWN
            return Ref(made.cls) if isinstance(made, Instance) else made.cls
        if name == "builtins.iter" and len(args.positional) > 1:  # what it calls until that gives its second argument
            with self.looping(Loop.UNBOUNDED, None):
                return Seq([self.call(args.positional[0], Args(), node)], exact=False)
        self.callbacks(args, node, name)
        if self.outside.classes:
            self.meet(args.all())
        self.hands_on_unseen(name, args)
        taint = args.taint
        if name in KEEPS and (args.positional or (args.named and name in HOLDS)):
            if "default" in args.named or name in _KEEPS_IN_PART:
                self.lose_held(args)
            if name in ITERATES and type(first := args.positional[0]) is Object and first.cls.lookup("__iter__") is not None:
                args = Args([self.iterable(first, node), *args.positional[1:]], args.named, args.more)
            elif name not in ITERATES and any(map(_makes_another, args.positional)):
                return union([fold.kept(name, args), UNKNOWN])
            return self.told(name, args) or fold.kept(name, args)
        library = name.partition(".")[0]
        if library != "builtins" or name == "builtins.slice":
            for value in args.all() if name in DESCRIBES else ():
                self.lose_fields(value)
            if name not in DESCRIBES:
                self.lose_held(args)
        if library != "builtins":
            self.give(args, library)
        if knowledge.is_foreign(library):
            foreign.uses(self, name, args, node)
            return Foreign(library, taint)
        return origins.computed(name, args.all(), taint) if self.careful else TAINTED if taint else UNKNOWN

    def calls_unseen(self, node: ast.AST) -> None:
        """What nobody knows is called. Names of exceptions are no values here."""
        named = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if named in walks.EXCEPTIONS:
            self.raised.add(named)
        else:
            self.unseen = True

    def hands_on_unseen(self, name: str, args: Args) -> None:
        """What nobody knows goes to something that may call it."""
        if self.unseen or name.partition(".")[0] in COUNTS:
            return
        if name not in ASKS or "key" in args.named or "default" in args.named:
            self.unseen = any(isinstance(option, Unknown) for value in args.all() for option in options(value))

    def iterable(self, source: Object, node: ast.AST) -> Value:
        """What iterating over an object of the program gives, as a sequence."""
        maker = source.cls.lookup("__iter__") or source.cls.lookup("__aiter__")
        made = self.call(bind(maker, source), Args(), node) if maker is not None else UNKNOWN
        if not isinstance(made, Object):
            return made
        for name in ("__next__", "__anext__"):
            if (taker := made.cls.lookup(name)) is not None:
                return Seq([self.call(bind(taker, made), Args(), node)], exact=False)
        return UNKNOWN

    # ----------------------------------------------------------------------------------------------------------- methods

    def call_method(self, receiver: Value, name: str, args: Args, node: ast.AST) -> Value:
        """A method call on a value."""
        if isinstance(receiver, Instance):
            if self.lacking:
                self.hands_over(f"{receiver.cls}.{name}", args)
            if receiver.cls == ATTRIBUTES and receiver.resource is not None and name in fold.CHANGES:
                self.set_attributes(receiver.resource, args if name == "update" else Args([UNKNOWN]), node)
            self.asked.add(name)
            row = knowledge.method(receiver.cls, name)
            library = receiver.cls.partition(".")[0]
            if row is not None:
                self.called.add(row.name)
                if row.result or library in _RENDERS:
                    self.lose_held(args)
                if not row.does and row.name.endswith(".*") and knowledge.is_foreign(library):
                    foreign.touches(self, library, name, args, node)
                return self.apply(row, args, node, receiver)
            standing = knowledge.default(receiver.cls)
            if standing == "opaque" and not name.startswith("__"):
                self.opaque(node, f"calls {receiver.cls}.{name}, which guard does not know")
            elif knowledge.is_foreign(library):
                foreign.touches(self, library, name, args, node)
            self.callbacks(args, node, name)
            self.hands_on_unseen(name, args)
            self._fills(receiver, name, args)
            self.lose_held(args)
            taint = receiver.taint or args.taint
            return origins.called(name, receiver, args.all(), taint) if self.careful else TAINTED if taint else UNKNOWN
        if name == "__call__":
            return self.call(receiver, args, node)
        if isinstance(receiver, (Const, Text)):
            if name in _FORMATS:
                templates.walk(self, receiver, name == "format_map", args, node)
            return fold.text_method(receiver, name, args)
        if isinstance(receiver, (Seq, Dict)):
            if self.lacking and name not in TAKES and name not in fold.CHANGES and holds_arguments(receiver):
                self.has_arguments()
            if name != "get":  # gives its second argument back
                self.callbacks(args, node, name)
            elif args.positional:
                self.lose_functions(args.positional[0])
            if self.outside.classes:
                self.meet([receiver, *args.all()])
            self.hands_on_unseen(name, args)
            return self._of_container(receiver, name, args)
        if isinstance(receiver, Union):
            return union([self.call_method(option, name, args, node) for option in receiver.options])
        owner = fold.owner_of(receiver)
        if isinstance(owner, Unknown):
            return self.loose(owner, name, args, node)
        return self.call(self.attribute(owner, name, node), args, node)

    def _of_container(self, receiver: Seq | Dict, name: str, args: Args) -> Value:
        if name in _VIEWS and isinstance(receiver, Dict):
            return read_late(self, lambda: fold.container_method(receiver, name, args), [receiver])
        self.go_through((receiver,))
        if name in fold.MOVES and isinstance(receiver, Seq) and receiver.exact:
            self.touch(receiver)
        if not (name in fold.CHANGES and self.watched(receiver)):
            return fold.container_method(receiver, name, args)
        found: list[Value] = []
        self.change(receiver, lambda: found.append(fold.container_method(receiver, name, args)))
        return found[0]

    def acts(self, receiver: Unknown, name: str) -> bool:
        """Whether a method of this name of a value of unknown class may have an effect, so that it matters where it is called."""
        if isinstance(receiver, Foreign):
            return foreign.tells(name)
        return name not in EVERYDAY and bool(knowledge.loose(name, self.imported if name not in DISTINCT else None))

    def _fills(self, receiver: Value, name: str, args: Args) -> None:
        """By its name, a method puts what it is given into something that nobody knows."""
        if name not in TEXT_METHODS or (isinstance(receiver, Foreign) and name in PUTS):
            self.give(args, receiver.library if isinstance(receiver, Foreign) else "")
        if name in fold.CHANGES and not isinstance(receiver, Foreign):
            for value in args.all():
                self.put_there(fold.element(value) if name in _FILLING and isinstance(value, (Seq, Dict)) else value)

    def loose(self, receiver: Value, name: str, args: Args, node: ast.AST) -> Value:
        """A method of a value of unknown class: what it does in the libraries that the program imports, if the name is telling."""
        self.asked.add(name)
        self.callbacks(args, node, name)
        self.hands_on_unseen(name, args)
        if self.lacking:
            self.hands_over("", args)
        first = args.get(0)
        if isinstance(first, (Seq, Dict)) and len(args.positional) > 1 and name in fold.CHANGES | fold.MOVES:
            self.call_method(first, name, Args(args.positional[1:], args.named, args.more), node)  # `type(things).insert(things, 0, it)`
        self._fills(receiver, name, args)
        if name in _FORMATS and type(receiver) is not Foreign:
            templates.walk(self, receiver, name == "format_map", args, node)
        if name == "shuffle" and isinstance(first, Seq):
            self.touch(first)
            first.exact = False
        prefix = ""
        if first is not None:
            for option in options(first):
                prefix = prefix or known_text(option) or (option.prefix if isinstance(option, Text) else "")
        imported = {receiver.library} if isinstance(receiver, Foreign) else self.imported
        rows = knowledge.loose(name, imported if name not in DISTINCT else None)
        if imported is self.imported and name not in DISTINCT and self.local is not None:
            self.outside.method(name, rows)
        for row in rows:
            if name in ("group", "owner"):
                continue  # whose file it is says nothing of what is in it, and a match has groups
            if name in ("replace", "rename"):
                telling = len(args.positional) == 1 and not args.named
            elif name in EVERYDAY:
                telling = (
                    _telling(row, prefix)
                    or (row.name.startswith("pathlib.") and _opens_file(name, args))
                    or (row.name == "sqlalchemy.Engine.query" and isinstance(first, Class))
                )
            else:
                telling = True
            if telling:
                made = self.apply(row, args, node, Instance(row.name.rpartition(".")[0]))
                if row.name == "sqlalchemy.Engine.query":
                    return made  # the rows that it finds are deleted by another call
                break
        else:
            if isinstance(receiver, Foreign):
                foreign.touches(self, receiver.library, name, args, node)
            elif name in SAVES and (FILE_NAME.fullmatch(prefix) or name not in ("save", "export")):
                self.file_effect(Kind.FS_WRITE, first, node, "py-save")
        self.lose_held(args)
        taint = receiver.taint or args.taint
        if isinstance(receiver, Foreign) and not (self.careful and name in origins.FROM_NUMBERS):
            return Foreign(receiver.library, taint)
        return origins.called(name, receiver, args.all(), taint) if self.careful else TAINTED if taint else UNKNOWN

    def effects_found(self) -> tuple[Effect, ...]:
        return tuple(self.effects.values())

    def forget(self) -> None:
        """Let go of all values: scopes and the functions in them hold each other, which the collector alone would find."""
        for scope in (self.module_scope, *self.scopes()):
            scope.names.clear()
            scope.history.clear()
            scope.taken.clear()
        for cls in self.outside.classes:
            cls.fields.clear()
            cls.taken.clear()
        self.log.end(Log())


_VIEWS = frozenset({"items", "keys", "values"})
_KEEPS_IN_PART = frozenset({"builtins.next", "builtins.sum", "itertools.groupby"})
"""Of KEEPS: those that may give something else than `fold.kept` makes of what they are given."""
_FILLING = frozenset({"extend", "extendleft", "update", "__iadd__", "__ior__"})
"""Methods that put what is in a container into another one."""

_CHANGING = {
    "operator.setitem": "__setitem__",
    "operator.iadd": "__iadd__",
    "operator.ior": "__iadd__",
    "operator.iconcat": "__iadd__",
    "bisect.insort": "add",
    "bisect.insort_left": "add",
    "bisect.insort_right": "add",
    "heapq.heappush": "add",
    "heapq.heappop": "pop",
    "heapq.heapify": "reverse",
    "random.shuffle": "reverse",
}
"""Functions that change the container that they are given first, and the method that does the same."""

_RENDERS = frozenset({"jinja2", "mako", "chevron", "simpleeval", "asteval"})
"""Libraries by which a text calls the methods of what it is given."""

_METHODS_OF = ("builtins.list.", "builtins.dict.", "builtins.set.", "collections.deque.", "builtins.str.")


@lru_cache(maxsize=1 << 14)
def unbound(name: str) -> str:
    """The method of its first argument that a function of this name stands for (`list.append`); "" for all others."""
    is_method = name.startswith(_METHODS_OF) and not name.endswith((".fromkeys", ".maketrans"))
    return name.rpartition(".")[2] if is_method else _CHANGING.get(name, "")


def _has_methods(value: Value) -> bool:
    """Whether it is a container or a text, or the `__dict__` of an object."""
    return isinstance(value, (Seq, Dict, Const, Text)) or (isinstance(value, Instance) and value.cls == ATTRIBUTES)


@lru_cache(maxsize=1 << 14)
def _reaches(name: str) -> bool:
    return REACHES.search(name) is not None and name.partition(".")[0] not in sys.stdlib_module_names


def _makes_another(value: Value) -> bool:
    """Whether an object of the program has a say in what a builtin, or a copy of it, gives."""
    return isinstance(value, Object) and any(value.cls.lookup(hook) is not None for hook in _REMAKING)


_REMAKING = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__setstate__", "__next__", "__reversed__", "__radd__", "__add__")


def _opens_file(name: str, args: Args) -> bool:
    """Whether a method that is called so on something of a program that uses pathlib would change a file, or open one."""
    mode = args.get(0, "mode")
    return name in ("touch", "chmod") or (name == "open" and (mode is None or _MODE.fullmatch(known_text(mode) or "") is not None))


def _telling(row: Row, prefix: str) -> bool:
    verbs = {does.verb for does in row.does}
    if any(verb.startswith("http") for verb in verbs):
        return prefix.lower().startswith(("http://", "https://"))
    if any(verb.startswith("sql") for verb in verbs):
        return prefix.lstrip().lower().startswith(SQL_WORDS)
    return False
