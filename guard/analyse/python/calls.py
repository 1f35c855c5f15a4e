"""What a call does: rows of the knowledge tables, functions of the program, methods of known and unknown values.

Every form of a call (by name, as a method, through an alias, a decorator, a callback, a partial) ends in `Calls.call`: the one door.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from guard.analyse import targets
from guard.analyse.python import fold, knowledge, tools
from guard.analyse.python.knowledge import Does, Row
from guard.analyse.python.state import READS, Report, database_name
from guard.analyse.python.values import (
    TAINTED, UNKNOWN, Args, Class, Const, Dict, Function, Instance, Method, Module, Object, Partial, Ref, Scope, Seq, Text, Union, Unknown, Value,
    known_text, options, union, with_taint,
)  # fmt: skip
from guard.model import RUN, Effect, Facts, Kind, Loop

KINDS = {kind.value: kind for kind in Kind}
DEEPEST = 16
CONTEXTS = 6
"""Ways of calling one function that are told apart; further calls are read with unknown arguments."""

Special = Callable[["Calls", Row, Args, ast.AST, Value | None], Value | None]
SPECIAL: dict[str, Special] = {}
"""Name after `!` in a table -> function; filled by guard.analyse.python.special."""

EVERYDAY = frozenset(
    """get post put patch delete head options request send run open read write close remove pop update replace rename insert append count find
    copy clear save load call add map filter query index submit apply type click fill create search list connect start all first last set eval
    stream edit merge exec kill stop prune bind listen accept drop distinct scan keys exists info ping join touch walk glob stat resolve upload
    download evaluate launch press check execute fetch command render view pipe output image show to_string to_markdown to_latex to_html to_xml
    dump extract add_all register schedule do method revert discard clone init move chmod lookup expire aggregate scalars scalar
    publish subscribe terminate suspend resume nice environ put_nowait goto move_into copy_into cwd size rmd login quit dir mkd
    callproc sql sudo local export append_to transform agg aggregate rlimit upload_blob send_signal config trash emptyTrash modify
    batchUpdate import_ patch batchGet fetchrow fetchval save_model""".split()
)
"""Method names that everyday objects have too: on a value of unknown class they count only with a telling argument (a URL, SQL)."""

DISTINCT = frozenset(
    "unlink rmdir rmtree write_text write_bytes read_text read_bytes symlink_to hardlink_to sendall executemany executescript extractall".split()
)
"""Method names that say what they do, wherever the object comes from."""

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


class Calls(Report):
    """Calls, by what is called."""

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.called: set[str] = set()
        self.mentioned: dict[str, ast.AST] = {}
        self.quiet = 0
        """> 0: names are looked at, not handed on (annotations, exception classes, isinstance)."""
        self.latent: dict[str, tuple[Row, ast.AST]] = {}
        self.spoken: set[str] = set()
        """Classes of which some effect has been seen."""
        self.imported: set[str] = set()
        self.unknown_imports: dict[str, ast.AST] = {}
        self.functions: list[Function] = []
        self.memory: dict[tuple[object, ...], Value] = {}
        self.contexts: dict[int, int] = {}
        self.stack: list[ast.AST] = []
        self.reached: set[int] = set()
        """Functions (by their nodes) that something called."""
        self.unrolled = 1
        self.shadowed: set[str] = set()
        self.tree: ast.AST | None = None
        self.module_scope = Scope(None)
        self.undefined: dict[str, ast.AST] = {}

    # the interpreter proper is below this class in the chain; these are what calls need of it
    def run_body(self, func: Function, scope: Scope) -> Value:
        raise NotImplementedError

    def import_name(self, name: str, node: ast.AST) -> Value:
        raise NotImplementedError

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        raise NotImplementedError

    def mention(self, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def set_attribute(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        raise NotImplementedError

    def run_text(self, code: str, scope: Scope, node: ast.AST) -> Value:
        raise NotImplementedError

    # ---------------------------------------------------------------------------------------------------------- the door

    def call(self, func: Value, args: Args, node: ast.AST) -> Value:
        """Call a value: write down what that does, give what it returns."""
        if isinstance(func, Ref):
            return self.call_ref(func.name, args, node)
        if isinstance(func, Function):
            return self.invoke(func, args, node)
        if isinstance(func, Method):
            return self.call_method(func.receiver, func.name, args, node)
        if isinstance(func, Class):
            return self.construct(func, args, node)
        if isinstance(func, Union):
            return union([self.call(option, args, node) for option in func.options])
        if isinstance(func, Partial):
            joined = Args([*func.args.positional, *args.positional], {**func.args.named, **args.named}, func.args.more or args.more)
            return self.call(func.func, joined, node)
        if isinstance(func, Object):
            method = func.cls.lookup("__call__")
            if method is not None:
                return self.call(bind(method, func), args, node)
        self.escape(args)
        return TAINTED if any(value.taint for value in args.all()) else UNKNOWN

    def call_ref(self, name: str, args: Args, node: ast.AST, receiver: Value | None = None) -> Value:
        if name.startswith(tools.MARK):
            return tools.call(self, name, args, node)
        name = knowledge.canonical(name)
        self.called.add(name)
        row = knowledge.lookup(name)
        if row is not None:
            if row.name != name and receiver is None and args.positional and isinstance(args.positional[0], Instance):
                owner = name.rpartition(".")[0]
                if args.positional[0].cls == owner:  # Path.unlink(path)
                    return self.call_method(
                        args.positional[0], name.rpartition(".")[2], Args(args.positional[1:], args.named, args.more), node
                    )
            return self.apply(row, args, node, receiver)
        standing = knowledge.default(name)
        if standing == "opaque" and not harmless_name(name):
            self.opaque(node, f"uses {name}, which guard does not know")
        elif standing == "pure":
            return self.pure_call(name, args, node)
        self.escape(args)
        return TAINTED if any(value.taint for value in args.all()) else UNKNOWN

    def pure_call(self, name: str, args: Args, node: ast.AST) -> Value:
        """A call that has no effect of its own: fold it if it is one of constants, and run the callbacks it is given."""
        if name.startswith("builtins.") or name in fold.FUNCTIONS:
            folded = fold.function(name, args)
            if folded is not None:
                return folded
        self.callbacks(args, node, name)
        taint = any(value.taint for value in args.all())
        if name in fold.KEEPS and args.positional:
            return fold.kept(name, args)
        return TAINTED if taint else UNKNOWN

    def callbacks(self, args: Args, node: ast.AST, name: str = "") -> None:
        """Run whatever callable is among the arguments, with the elements of the other arguments."""
        funcs = [value for value in args.all() for value in options(value) if isinstance(value, (Function, Ref, Method, Partial, Class))]
        if not funcs:
            return
        items = [value for value in args.positional if isinstance(value, (Seq, Dict))]
        given = [item.element() for item in items] or [UNKNOWN, UNKNOWN]
        known = len(items) == 1 and isinstance(items[0], Seq) and items[0].exact
        with self.looping(Loop.BOUNDED if known else Loop.UNBOUNDED, len(items[0].items) if known else None):  # type: ignore[union-attr]
            for func in funcs:
                if isinstance(func, Ref) and not (func.name.startswith(tools.MARK) or knowledge.is_effectful(func.name)):
                    self.called.add(knowledge.canonical(func.name))
                    continue
                if isinstance(func, Class):
                    continue
                self.call(func, Args(list(given), {}, more=not items), node)

    def looping(self, loop: Loop, count: int | None) -> _Looping:
        return _Looping(self, loop, count)

    def escape(self, args: Args) -> None:
        """Arguments go to code that is not known: the functions among them may be called with anything."""
        for value in args.all():
            for option in options(value):
                if isinstance(option, Function):
                    option.escaped = True

    # -------------------------------------------------------------------------------------------------------------- rows

    def apply(self, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value:
        """Write down what a row says, give what it returns."""
        special: Value | None = None
        reads = False
        if row.does and receiver is not None and isinstance(receiver, Instance):
            self.spoken.add(receiver.cls)
        if not args.named and not args.positional:
            pass
        elif not row.does:
            self.callbacks(args, node, row.name)
        for does in row.does:
            if does.verb.startswith("!"):
                special = SPECIAL[does.verb[1:]](self, row, args, node, receiver)
                continue
            kind = KINDS.get(does.verb)
            reads = reads or kind in READS
            self.do(does, kind, row, args, node, receiver)
        taint = reads or any(value.taint for value in args.all()) or (receiver is not None and receiver.taint)
        if special is not None:
            return with_taint(special) if reads and not special.taint else special
        if not row.result:
            return TAINTED if taint else UNKNOWN
        if row.result.startswith("="):
            given = self.given(row.result[1:], row, args, receiver)
            return given if given is not None else UNKNOWN
        if row.result.startswith("&"):
            return Ref(row.result[1:])
        resource = self.given(row.resource, row, args, receiver) if row.resource else None
        if row.result not in self.latent and (hidden := knowledge.row(row.result + ".__latent__")) is not None and hidden.does:
            self.latent[row.result] = (hidden, node)
        return Instance(row.result, resource, taint)

    def given(self, token: str, row: Row, args: Args, receiver: Value | None) -> Value | None:
        """The value that a table's word for a parameter stands for; None if the argument is not given."""
        if token.startswith('"'):
            return Const(token.strip('"'))
        if token == "*":
            return UNKNOWN
        if token == "*args":
            return Seq(list(args.positional), exact=not args.more)
        if token == "self":
            return receiver.resource if isinstance(receiver, Instance) else receiver
        if token.isdigit():
            return Const(int(token))
        names = [param for param in row.params if param != "*"]
        if token not in names:
            return None
        star = row.params.index("*") if "*" in row.params else len(row.params)
        position = names.index(token)
        value = args.get(position if position < star else -1, token)
        if isinstance(value, Const) and value.value is None:
            return None
        return value

    def do(self, does: Does, kind: Kind | None, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> None:
        """One effect of a row."""
        token = does.args[0] if does.args else "*"
        taint = any(value.taint for value in args.all())
        if does.verb == "opaque":
            self.opaque(node, token, row.rule)
        elif does.verb in ("call", "map"):
            self.callback(does, row, args, node, receiver)
        elif kind is not None and does.verb.startswith("fs.") or does.verb in ("secret.read",):
            assert kind is not None
            value = self.given(token.rstrip("/") or token, row, args, receiver)
            if value is None and not does.certain:
                return
            self.file_effect(kind, value, node, row.rule, folder=token.endswith("/"), certain=does.certain)
        elif kind is Kind.NET_CONNECT:
            host, _, port = token.partition(":") if not token.startswith('"') else (token, "", "")
            port_value = self.given("port", row, args, receiver) if port.isdigit() else None
            if port and port_value is None:
                port_value = self.given(port, row, args, receiver)
            if port and port_value is None:
                port_value = Const(0)
            self.connect(self.given(host, row, args, receiver), port_value, node, row.rule, taint=taint, certain=does.certain)
        elif kind is not None and does.verb.startswith("http."):
            base = (
                receiver.resource if isinstance(receiver, Instance) and token not in ("self", "*") and not token.startswith('"') else None
            )
            self.http(kind, self.given(token, row, args, receiver), node, row.rule, base=base, taint=taint, certain=does.certain)
        else:
            self.do_other(does, kind, row, args, node, receiver)

    def do_other(self, does: Does, kind: Kind | None, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> None:
        token = does.args[0] if does.args else "*"
        value = self.given(token, row, args, receiver)
        taint = any(one.taint for one in args.all())
        if does.verb == "env.read":
            self.variable(value, node, row.rule)
        elif does.verb == "proc.exec":
            name = (known_text(value) or "").rsplit("/", 1)[-1] if value is not None else ""
            self._process(name, node, row.rule, taint)
        elif does.verb == "sh":
            self.shell(value, node, row.rule, taint)
        elif does.verb == "sh_remote":
            self._process("ssh", node, row.rule, taint)
        elif does.verb == "argv":
            self.command(value, node, row.rule, taint)
        elif does.verb in ("sql", "sql_on"):
            connection = self.given(does.args[1], row, args, receiver) if does.verb == "sql_on" else receiver
            self.sql(value, node, row.rule, connection.resource if isinstance(connection, Instance) else None)
        elif does.verb in ("http", "http_host"):
            self.http_method(does, row, args, node, receiver, taint)
        elif does.verb == "py":
            self.opaque(node, "runs text as code", row.rule)
            self.code("python", value, node, row.rule, "runs text as code")
        elif does.verb == "js":
            self.code("javascript", value, node, row.rule, "runs JavaScript in a page that it builds while running")
        elif kind is not None and does.verb.startswith("sql."):
            name = database_name(known_text(value) or "") if value is not None else None
            self.add(kind, targets.database(name or ""), node, row.rule, "works on a database", exact=bool(name), certain=does.certain)
        else:
            self.add(kind or Kind.OPAQUE, RUN, node, row.rule, row.name, exact=False)

    def http_method(self, does: Does, row: Row, args: Args, node: ast.AST, receiver: Value | None, taint: bool) -> None:
        """A request whose method is an argument; one that is not known is as bad as DELETE."""
        value = self.given(does.args[0], row, args, receiver)
        if value is None and row.name == "httplib2.Http.request":
            value = Const("GET")
        url = self.given(does.args[1], row, args, receiver)
        base = receiver.resource if isinstance(receiver, Instance) else None
        for option in options(value if value is not None else UNKNOWN):
            name = known_text(option)
            kind = targets.METHODS.get(name.upper(), Kind.HTTP_DELETE) if name is not None else Kind.HTTP_DELETE
            if does.verb == "http_host":
                target = self._endpoint(base if base is not None else UNKNOWN, 443)
                self.add(kind, target, node, row.rule, "sends an HTTP request", exact=target != targets.ANY_HOST, taint=taint)
            else:
                self.http(kind, url, node, row.rule, base=base, taint=taint)

    def callback(self, does: Does, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> None:
        """A callable that the library calls: `call f args kwargs`, `call *args`, `map f over`."""
        if does.args[0] == "*args":
            if not args.positional:
                return
            func, rest = args.positional[0], args.positional[1:]
            if does.verb == "map":
                given = [value.element() if isinstance(value, (Seq, Dict)) else UNKNOWN for value in rest]
                with self.looping(Loop.UNBOUNDED, None):
                    self.call(func, Args(given or [UNKNOWN], {}), node)
                return
            self.call(func, Args(rest, args.named, args.more), node)
            return
        value = self.given(does.args[0], row, args, receiver)
        if value is None:
            return
        passed = self.given(does.args[1], row, args, receiver) if len(does.args) > 1 else None
        named = self.given(does.args[2], row, args, receiver) if len(does.args) > 2 else None
        inner = Args(more=passed is None and len(does.args) == 1)
        if isinstance(passed, Seq):
            inner.positional = list(passed.items)
        elif passed is not None:
            inner.more = True
        if isinstance(named, Dict):
            inner.named = {str(key): one for key, one in named.items.items()}
        self.call(value, inner, node)

    # ----------------------------------------------------------------------------------------------------------- methods

    def call_method(self, receiver: Value, name: str, args: Args, node: ast.AST) -> Value:
        """A method call on a value."""
        if isinstance(receiver, Instance):
            row = knowledge.method(receiver.cls, name)
            if row is not None:
                self.called.add(row.name)
                return self.apply(row, args, node, receiver)
            standing = knowledge.default(receiver.cls)
            if standing == "opaque" and not name.startswith("__"):
                self.opaque(node, f"calls {receiver.cls}.{name}, which guard does not know")
            self.callbacks(args, node, name)
            return TAINTED if receiver.taint or any(value.taint for value in args.all()) else UNKNOWN
        if name == "__call__":
            return self.call(receiver, args, node)
        if isinstance(receiver, (Const, Text)):
            self._format_text(receiver, name, node)
            return fold.text_method(receiver, name, args)
        if isinstance(receiver, (Seq, Dict)):
            self.callbacks(args, node, name)
            return fold.container_method(receiver, name, args)
        if isinstance(receiver, Union):
            return union([self.call_method(option, name, args, node) for option in receiver.options])
        if isinstance(receiver, Unknown):
            return self.loose(receiver, name, args, node)
        return self.call(self.attribute(receiver, name, node), args, node)

    def _format_text(self, receiver: Const | Text, name: str, node: ast.AST) -> None:
        """A format string can walk through attributes of what it is given."""
        if name in ("format", "format_map"):
            template = receiver.filled("") if isinstance(receiver, Text) else receiver.value
            if (
                isinstance(template, str)
                and "__" in template
                and "{" in template
                and any("__" in one.partition("}")[0] for one in template.split("{"))
            ):
                self.opaque(node, "walks through attributes in a format string", "py-internals")

    def loose(self, receiver: Value, name: str, args: Args, node: ast.AST) -> Value:
        """A method of a value of unknown class: what it does in the libraries that the program imports, if the name is telling."""
        self.callbacks(args, node, name)
        first = args.get(0)
        prefix = ""
        if first is not None:
            for option in options(first):
                prefix = prefix or known_text(option) or (option.prefix if isinstance(option, Text) else "")
        for row in knowledge.loose(name, frozenset(self.imported) if name not in DISTINCT else None):
            if name in ("replace", "rename"):
                telling = len(args.positional) == 1 and not args.named
            elif name in EVERYDAY:
                telling = _telling(row, prefix)
            else:
                telling = True
            if telling:
                self.apply(row, args, node, Instance(row.name.rpartition(".")[0]))
                break
        taint = receiver.taint or any(value.taint for value in args.all())
        return TAINTED if taint else UNKNOWN

    # --------------------------------------------------------------------------------------------- the program's own code

    def construct(self, cls: Class, args: Args, node: ast.AST) -> Value:
        instance = Object(cls)
        init = cls.lookup("__init__")
        if isinstance(init, Function):
            self.invoke(init.bound(instance), args, node)
        else:
            foreign = cls.foreign()
            if foreign is not None and knowledge.is_effectful(foreign.name):
                self.call_ref(foreign.name, args, node)
            self._data_fields(cls, args)
        for hook in ("__new__", "__post_init__"):
            method = cls.lookup(hook)
            if isinstance(method, Function):
                self.invoke(method.bound(instance), args if hook == "__new__" else Args(), node)
        return instance

    def _data_fields(self, cls: Class, args: Args) -> None:
        """Arguments of a dataclass or NamedTuple become its fields, in order."""
        if cls.node is None:
            return
        names = [one.target.id for one in cls.node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
        for name, value in [*zip(names, args.positional, strict=False), *args.named.items()]:
            cls.fields[name] = union([cls.fields[name], value]) if name in cls.fields else value

    def invoke(self, func: Function, args: Args, node: ast.AST) -> Value:
        """Call a function of the program: its body is read with these arguments."""
        self.reached.add(id(func.node))
        if func.node in self.stack or len(self.stack) >= DEEPEST:
            return UNKNOWN
        ident = id(func.node)
        self.contexts[ident] = self.contexts.get(ident, 0) + 1
        if self.contexts[ident] > CONTEXTS:
            args = Args(
                [_widened(value) for value in args.positional], {name: _widened(value) for name, value in args.named.items()}, args.more
            )
        key = (
            ident, id(func.scope), _key(func.receiver), tuple(_key(value) for value in args.positional),
            tuple(sorted((name, _key(value)) for name, value in args.named.items())), args.more, self.around.loop, self.around.certain,
        )  # fmt: skip
        if key in self.memory:
            return self.memory[key]
        self.memory[key] = UNKNOWN
        scope = Scope(func.scope)
        self._parameters(func, args, scope)
        self.stack.append(func.node)
        try:
            result = self.run_body(func, scope)
        finally:
            self.stack.pop()
        self.memory[key] = result
        return result

    def _parameters(self, func: Function, args: Args, scope: Scope) -> None:
        spec = func.node.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        given = list(args.positional)
        if func.receiver is not None and names and func.kind != "static":
            given.insert(0, func.receiver)
        for position, name in enumerate(names):
            if position < len(given):
                value: Value = given[position]
            elif name in args.named:
                value = args.named[name]
            elif args.more:
                value = union([args.rest, func.defaults[name]]) if name in func.defaults else args.rest
            else:
                value = func.defaults.get(name, UNKNOWN)
            scope.bind(name, value)
        for one in spec.kwonlyargs:
            fallback = args.rest if args.more else func.defaults.get(one.arg, UNKNOWN)
            scope.bind(one.arg, args.named.get(one.arg, fallback))
        if spec.vararg:
            scope.bind(spec.vararg.arg, Seq(given[len(names) :] or ([args.rest] if args.more else []), exact=not args.more))
        if spec.kwarg:
            known = {*names, *(one.arg for one in spec.kwonlyargs)}
            rest: dict[object, Value] = {name: value for name, value in args.named.items() if name not in known}
            scope.bind(spec.kwarg.arg, Dict(rest, [args.rest] if args.more else []))

    def effects_found(self) -> tuple[Effect, ...]:
        return tuple(self.effects.values())


class _Looping:
    """Within it, effects happen in a loop."""

    __slots__ = ("count", "loop", "old", "run")

    def __init__(self, run: Report, loop: Loop, count: int | None) -> None:
        self.run, self.loop, self.count = run, loop, count
        self.old = (run.around.loop, run.around.count)

    def __enter__(self) -> None:
        around = self.run.around
        if around.loop is Loop.UNBOUNDED or self.loop is Loop.UNBOUNDED:
            around.loop, around.count = Loop.UNBOUNDED, None
        else:
            around.loop = Loop.BOUNDED
            around.count = None if self.count is None or around.count is None else around.count * self.count

    def __exit__(self, *error: object) -> None:
        self.run.around.loop, self.run.around.count = self.old


def bind(value: Value, receiver: Value) -> Value:
    """A class attribute as seen through an instance: functions become bound methods."""
    if isinstance(value, Function) and value.kind != "static":
        return value.bound(receiver)
    return value


def harmless_name(name: str) -> bool:
    """Whether a name of a library is by its form a constant or an exception class."""
    last = name.rpartition(".")[2]
    return (
        last.isupper()
        or last.endswith(("Error", "Exception", "Warning"))
        or (last.startswith("__") and last.endswith("__") and last in _METADATA)
    )


_METADATA = {"__version__", "__name__", "__doc__", "__file__", "__author__", "__all__", "__path__", "__annotations__"}


def _telling(row: Row, prefix: str) -> bool:
    verbs = {does.verb for does in row.does}
    if any(verb.startswith("http") for verb in verbs):
        return prefix.lower().startswith(("http://", "https://"))
    if any(verb.startswith("sql") for verb in verbs):
        return prefix.lstrip().lower().startswith(SQL_WORDS)
    return False


def _widened(value: Value) -> Value:
    if isinstance(value, (Const, Text)):
        return TAINTED if value.taint else UNKNOWN
    return value


def _key(value: Value | None) -> object:
    """What tells two arguments apart."""
    if value is None:
        return None
    if isinstance(value, Const):
        try:
            hash(value.value)
        except TypeError:
            return id(value)
        return (type(value.value), value.value, value.taint)
    if isinstance(value, Unknown):
        return value.taint
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Ref):
        return value.name
    if isinstance(value, Function):
        return (id(value.node), id(value.scope), id(value.receiver))
    if isinstance(value, Object):
        return id(value.cls)
    if isinstance(value, Instance):
        return (value.cls, _key(value.resource), value.taint)
    if isinstance(value, Union):
        return tuple(_key(option) for option in value.options)
    if isinstance(value, Seq) and len(value.items) <= 8:
        return ("seq", value.exact, tuple(_key(item) for item in value.items if not isinstance(item, (Seq, Dict))), len(value.items))
    return id(value)


__all__ = ["SPECIAL", "Calls", "Module", "bind", "harmless_name"]
