"""What a line of the tables says about one call, written down as effects, and what the call gives back."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from guard.analyse import targets
from guard.analyse.python import bodies, knowledge, origins
from guard.analyse.python.knowledge import Does, Row
from guard.analyse.python.state import READS, Report, database_name
from guard.analyse.python.stowing import Stowing
from guard.analyse.python.values import (
    TAINTED,
    UNKNOWN,
    Args,
    Const,
    Dict,
    Foreign,
    Instance,
    Ref,
    Seq,
    Unknown,
    Value,
    known_text,
    options,
    with_taint,
)
from guard.analyse.python.vocabulary import TRUSTS
from guard.model import RUN, Facts, Kind, Loop

KINDS = {kind.value: kind for kind in Kind}

Special = Callable[[Any, Row, Args, ast.AST, Value | None], Value | None]
SPECIAL: dict[str, Special] = {}
"""Name after `!` in a table -> function; filled by guard.analyse.python.special."""


class Rows(Stowing):
    """Effects of rows."""

    __slots__ = ("applied", "latent", "spoken")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.latent: dict[str, tuple[Row, ast.AST]] = {}
        """Classes of which an object was made that will have an effect when it is used, and where."""
        self.applied = 0
        """Rows with effects that were met so far."""
        self.spoken: set[str] = set()
        """Classes of which some effect has been seen."""

    def call(self, func: Value, args: Args, node: ast.AST) -> Value:
        raise NotImplementedError

    def callbacks(self, args: Args, node: ast.AST, name: str = "") -> None:
        raise NotImplementedError

    def go_through(self, values: Iterable[Value]) -> None:
        raise NotImplementedError

    def looping(self, loop: Loop, count: int | None) -> Looping:
        return Looping(self, loop, count)

    def apply(self, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value:
        """Write down what a row says, give what it returns."""
        special: Value | None = None
        reads = False
        self.applied += bool(row.does)
        self.trusts(args, node)
        if row.does and receiver is not None and isinstance(receiver, Instance):
            self.spoken.add(receiver.cls)
        if not args.named and not args.positional:
            pass
        elif not row.does:
            self.callbacks(args, node, row.name)
        else:
            self.go_through(args.all())
        for does in row.does:
            if does.verb.startswith("!"):
                special = SPECIAL[does.verb[1:]](self, row, args, node, receiver)
                continue
            kind = KINDS.get(does.verb)
            reads = reads or kind in READS
            self.do(does, kind, row, args, node, receiver)
        taint = reads or args.taint or (receiver is not None and receiver.taint)
        library = row.name.partition(".")[0]
        if library not in _HEARD:
            same = self.given(row.result[1:], row, args, receiver) if row.result[:1] == "=" else None
            self.give(Args([one for one in args.positional if one is not same], args.named), library)
        if special is not None and type(special) is Unknown and knowledge.is_foreign(library):
            return Foreign(library, reads or special.taint)
        if special is not None:
            return with_taint(special) if reads and not special.taint else special
        if not row.result:
            if knowledge.is_foreign(library):
                return Foreign(library, taint)
            if taint or not self.careful:
                return TAINTED if taint else UNKNOWN
            return origins.made_of([*args.all(), *([receiver] if receiver is not None else [])])
        if row.result.startswith("="):
            given = self.given(row.result[1:], row, args, receiver)
            return given if given is not None else UNKNOWN
        if row.result.startswith("&"):
            return Ref(row.result[1:])
        resource = self.given(row.resource, row, args, receiver) if row.resource else None
        if row.result not in self.latent and (hidden := knowledge.row(row.result + ".__latent__")) is not None and hidden.does:
            self.latent[row.result] = (hidden, node)
        return Instance(row.result, resource, taint)

    def trusts(self, args: Args, node: ast.AST) -> None:
        """Arguments that let data bring code with it."""
        for name in TRUSTS.intersection(args.named) if args.named else ():
            value = args.named[name]
            if not (isinstance(value, Const) and not value.value):
                self.opaque(node, f"lets data bring code with it ({name})", "py-save")

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

    def do(self, does: Does, kind: Kind | None, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> None:  # noqa: PLR0917 - what all rules are given
        """One effect of a row."""
        token = does.args[0] if does.args else "*"
        taint = args.taint
        if does.verb == "opaque":
            self.opaque(node, token, row.rule)
        elif does.verb in ("call", "map"):
            self.callback(does, row, args, node, receiver)
        elif (kind is not None and does.verb.startswith("fs.")) or does.verb in ("secret.read",):
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
            url = self.given(token, row, args, receiver)
            self.http(bodies.sent(kind, args, url, base), url, node, row.rule, base=base, taint=taint, certain=does.certain)
        else:
            self.do_other(does, kind, row, args, node, receiver)

    def do_other(self, does: Does, kind: Kind | None, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> None:  # noqa: PLR0917 - what all rules are given
        token = does.args[0] if does.args else "*"
        value = self.given(token, row, args, receiver)
        taint = args.taint
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
            database = database_name((known_text(value) if value is not None else None) or "")
            self.add(kind, targets.database(database), node, row.rule, "works on a database", exact=bool(database), certain=does.certain)
        else:
            self.add(kind or Kind.OPAQUE, RUN, node, row.rule, row.name, exact=False)

    def http_method(self, does: Does, row: Row, args: Args, node: ast.AST, receiver: Value | None, taint: bool) -> None:  # noqa: PLR0917 - what all rules are given
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
                self.http(bodies.sent(kind, args, url, base), url, node, row.rule, base=base, taint=taint)

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
        self.lend(does.args[1:], row.params, (passed, named), node)
        if isinstance(passed, Seq):
            inner.positional = list(passed.look())
        elif passed is not None:
            inner.more = True
        if isinstance(named, Dict):
            inner.named = {str(key): one for key, one in named.items.items()}
        self.stow([self.call(value, inner, node)])


_HEARD = frozenset({"builtins", "logging", "os", "pathlib", "sys"})
"""Modules of which nothing gives back what another call put in, in a way that is not followed."""


class Looping:
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
