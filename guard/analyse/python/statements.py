"""What statements do: the interpreter proper. Runs a module, then every function that nothing called.

Branches are both taken and joined. A loop's body is read once with the names that it counts up made unknown, and once more if a name
came out of it with another thing in it. What is missed by that is caught by the net: a library function that is handed on and never
seen called becomes an effect of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from guard.analyse.profile import Form
from guard.analyse.python import fold, knowledge
from guard.analyse.python.calls import bind, key_of
from guard.analyse.python.definitions import Definitions
from guard.analyse.python.parse import blocks, nodes
from guard.analyse.python.state import TooMuch
from guard.analyse.python.values import (
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Injected,
    Instance,
    Method,
    Object,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    options,
    parts_of,
    text,
    union,
)  # fmt: skip
from guard.analyse.python.vocabulary import LEADING
from guard.model import Loop

MAX_LOOP_DEPTH = 3
MAX_TURNS = 16
MOST_NESTED = 64
"""Functions defined in functions that nothing called, and so on."""


class Interpreter(Definitions):
    """Reads one program."""

    # ------------------------------------------------------------------------------------------------------------- program

    def program(self, tree: ast.Module) -> None:
        """Run the module, then what was defined and never called, then what was handed on and never seen called."""
        self.tree = tree
        self.called_names.update(one.func.id for one in nodes(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))
        self.block(tree.body)
        self.rest()
        self.once_more()
        self.net()

    def rest(self) -> None:
        """Functions that nothing called: somebody may."""
        for _ in range(MOST_NESTED):
            waiting = [func for func in self.functions if id(func.node) not in self.reached]
            if not waiting:
                break
            for func in waiting:
                self._uncalled(func)

    def _uncalled(self, func: Function) -> None:
        if id(func.node) in self.reached:
            return
        receiver = Object(func.owner) if func.owner is not None and func.kind != "static" else None
        if self.profile is not None and self.profile.form is Form.UNKNOWN and not func.escaped and _takes_something(func.node.args):
            self.opaque(func.node, f"defines {func.name}, which the server may call with its tools")
        target = func.bound(receiver if func.kind != "class" or func.owner is None else func.owner) if receiver is not None else func
        scope, self.scope = self.scope, func.scope
        try:
            self.invoke(target, Args(more=func.escaped), ast.Pass() if func.origin else func.node)
        finally:
            self.scope = scope

    def net(self) -> None:
        """Library functions that were handed on and never seen called, and objects that were made and never seen used."""
        certain, self.around.certain = self.around.certain, False
        for name, node in self.mentioned.items():
            if name in self.called and not self.by_name.get(name):
                continue
            row = knowledge.lookup(name)
            if row is None:
                what = "the module " if knowledge.is_module(name) else ""
                self.opaque(node, f"hands on {what}{name}, and what happens to it is not seen")
            elif row.name not in self.called or self.by_name.get(name):
                self.apply(row, Args(more=True), node, None)
        for cls, (row, node) in self.latent.items():
            if cls not in self.spoken:
                self.apply(row, Args(), node, Instance(cls))
        self.around.certain = certain

    # -------------------------------------------------------------------------------------------------------------- blocks

    def block(self, body: list[ast.stmt]) -> bool:
        """Run statements; True if the end is not reached (return, raise, break, continue)."""
        ended = False
        for statement in body:
            if self.statement(statement):
                ended = True
        return ended

    def statement(self, node: ast.stmt) -> bool:
        method = _STATEMENTS.get(type(node))
        return method is not None and bool(method(self, node))

    def on_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def on_Assign(self, node: ast.Assign) -> None:
        alias = isinstance(node.value, (ast.Name, ast.Attribute)) and isinstance(node.targets[0], ast.Name)
        value = self.look(node.value) if alias else self.value(node.value)
        if alias and not isinstance(value, Injected) and not (isinstance(value, Ref) and knowledge.is_module(value.name)):
            self.mention(value, node.value)
        for target in node.targets:
            self.assign(target, value, node)

    def on_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.value(node.value), node)

    def annotation(self, node: ast.expr | None) -> None:
        """An annotation is code that runs; what it names is only looked at."""
        if node is None or isinstance(node, (ast.Name, ast.Constant)):
            return
        self.quiet += 1
        try:
            self.value(node)
        finally:
            self.quiet -= 1

    def on_AugAssign(self, node: ast.AugAssign) -> None:
        right = self.value(node.value)
        if isinstance(node.target, ast.Name):
            left = self.lookup(node.target.id)
            if isinstance(left, Seq) and isinstance(node.op, ast.Add):
                fold.container_method(left, "extend", Args([right]))
                return
            if self.loops and isinstance(left, (Const, Text)) and isinstance(node.op, ast.Add):
                grown = self.operate(node.op, left, right, node)
                if ".." in "".join(part or "" for part in parts_of(right)):
                    grown = UNKNOWN  # a path that climbs
                self.assign(
                    node.target, text((grown.prefix if isinstance(grown, Text) else _head(grown), None), left.taint or right.taint), node
                )
                return
            self.assign(node.target, self.operate(node.op, left, right, node), node)
        elif isinstance(node.target, ast.Attribute):
            owner = self.look(node.target.value)
            if isinstance(owner, Ref):
                self.set_attribute(owner, node.target.attr, right, node)
            self.look(node.target)
        elif isinstance(node.target, ast.Subscript):
            self.assign(node.target, UNKNOWN, node)

    def assign(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value, node)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.look(target.value), target.attr, value, node)
        elif isinstance(target, ast.Subscript):
            self._store(target, value, node)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Seq([fold.element(value)], exact=False), node)

    def _unpack(self, targets: list[ast.expr], value: Value, node: ast.AST) -> None:
        starred = any(isinstance(one, ast.Starred) for one in targets)
        columns: list[list[Value]] = [[] for _ in targets]
        for option in options(value):
            exact = isinstance(option, Seq) and option.exact and len(option.items) == len(targets) and not starred
            for index, column in enumerate(columns):
                column.append(option.items[index] if exact and isinstance(option, Seq) else fold.element(option))
        for one, column in zip(targets, columns, strict=True):
            inner = one.value if isinstance(one, ast.Starred) else one
            joined = union(column) if column else UNKNOWN
            self.assign(inner, Seq([joined], exact=False) if isinstance(one, ast.Starred) else joined, node)

    def _store(self, target: ast.Subscript, value: Value, node: ast.AST) -> None:
        owner = self.look(target.value)
        key = self.value(target.slice) if not isinstance(target.slice, ast.Slice) else UNKNOWN
        for option in options(owner):
            if isinstance(option, Dict):
                fold.store(option, key, value)
            elif isinstance(option, Seq):
                option.add(value)
            elif isinstance(option, Instance) and option.cls == "builtins.Namespace":
                if isinstance(key, Const) and isinstance(key.value, str) and not key.value.startswith("__"):
                    self.module_scope.bind(key.value, value)
                else:
                    self.opaque(node, "sets names in its own namespace that it computes", "py-namespace")
            elif isinstance(option, Ref) and option.name in ("builtins", "sys.modules"):
                self.opaque(node, f"replaces a part of {option.name}", "py-patch")
            elif isinstance(option, Ref) and option.name == "os.environ":
                self.called.add("os.environ")
            elif isinstance(option, Object) and (setter := option.cls.lookup("__setitem__")) is not None:
                self.call(bind(setter, option), Args([key, value]), node)

    def on_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                owner = self.look(target.value)
                self.value(target.slice) if not isinstance(target.slice, ast.Slice) else None
                if isinstance(owner, Ref) and owner.name in ("builtins", "sys.modules"):
                    self.opaque(node, f"removes a part of {owner.name}", "py-patch")
                elif isinstance(owner, Instance) and owner.cls == "builtins.Namespace":
                    self.opaque(node, "removes a name by its text", "py-patch")
            elif isinstance(target, ast.Attribute):
                owner = self.look(target.value)
                if isinstance(owner, Ref) and knowledge.is_module(owner.name):
                    self.opaque(node, f"removes a part of {owner.name}", "py-patch")
            elif isinstance(target, ast.Name):
                scope = self.scope.foreign.get(target.id, self.scope)
                if scope.parent is None or scope.is_class:  # else it is local, and unbound from now on
                    scope.names.pop(target.id, None)

    def on_Return(self, node: ast.Return) -> bool:
        self.scope.returns.append(self.value(node.value))
        return True

    def on_Raise(self, node: ast.Raise) -> bool:
        for one in (node.exc, node.cause):
            if one is not None:
                self.value(one)
        return True

    def on_Break(self, node: ast.Break) -> bool:
        return True

    def on_Continue(self, node: ast.Continue) -> bool:
        return True

    def on_Assert(self, node: ast.Assert) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.value(node.msg)

    def on_Global(self, node: ast.Global) -> None:
        self.global_names.update(node.names)
        top = self.scope
        while top.parent is not None:
            top = top.parent
        if top is not self.scope:
            self.scope.foreign.update(dict.fromkeys(node.names, top))

    def on_Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            outer = self.scope.parent
            while outer is not None and (name not in outer.names or outer.is_class):
                outer = outer.parent
            if outer is not None:
                self.scope.foreign[name] = outer

    # ------------------------------------------------------------------------------------------------------------ branches

    def on_If(self, node: ast.If) -> bool:
        ends: list[dict[str, Value]] = []
        certain = self.around.certain
        current: ast.If = node
        while True:
            self.value(current.test)
            before = dict(self.scope.names)
            cwd = self.cwd
            self.around.certain = False if not _main_guard(current.test) else certain
            if not self.block(current.body):
                ends.append(self.scope.names)
            self.cwd = cwd if self.cwd is cwd else UNKNOWN
            self.scope.names = before
            if len(current.orelse) == 1 and isinstance(current.orelse[0], ast.If):
                current = current.orelse[0]
                continue
            if not self.block(current.orelse):
                ends.append(self.scope.names)
            break
        self.around.certain = certain
        if not ends:
            return True
        self.scope.names = self._joined(ends)
        return False

    def on_Try(self, node: ast.Try) -> bool:
        before = dict(self.scope.names)
        certain = self.around.certain
        ended = self.block(node.body)
        stopped = self._stopped(before, self.scope.names, node)
        if not ended:
            ended = self.block(node.orelse)
        ends = [] if ended else [self.scope.names]
        self.around.certain = False
        for handler in node.handlers:
            self.scope.names = dict(stopped)
            self.annotation(handler.type)
            if handler.name:
                self.scope.bind(handler.name, UNKNOWN)
            if not self.block(handler.body):
                ends.append(self.scope.names)
            if handler.name:  # Python removes it
                self.scope.names.pop(handler.name, None)
        self.around.certain = certain
        self.scope.names = self._joined(ends) if ends else stopped
        return self._finally(node, stopped) or not ends

    def _finally(self, node: ast.Try, stopped: dict[str, Value]) -> bool:
        """The last part of a `try`, which runs whether the rest came to its end or not."""
        whole = self.scope.names
        self.scope.names = self._joined([whole, stopped]) if node.finalbody else whole
        ended = self.block(node.finalbody)
        if node.finalbody:
            own = set().union(*map(self._assigned, node.finalbody))
            self.scope.names |= {name: value for name, value in whole.items() if name not in own}
        return ended

    on_TryStar = on_Try

    def on_With(self, node: ast.With | ast.AsyncWith) -> bool:
        swallows = False
        for item in node.items:
            value = self.value(item.context_expr)
            swallows |= any(not isinstance(one, Instance) or one.cls.startswith("contextlib.") for one in options(value))
            if isinstance(value, Object):
                enter = value.cls.lookup("__enter__") or value.cls.lookup("__aenter__")
                value = self.call(bind(enter, value), Args(), node) if enter is not None else value
                for name in ("__exit__", "__aexit__"):
                    leave = item and value
                    if isinstance(leave, Object) and (method := leave.cls.lookup(name)) is not None:
                        self.call(bind(method, leave), Args(more=True), node)
            if isinstance(value, Seq) and not value.exact and len(value.items) == 1:
                value = value.items[0]  # a @contextmanager: what it yields
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, node)
        before = dict(self.scope.names)
        ended = self.block(node.body)
        if swallows:  # an exception may end the block, and the program go on behind it
            self.scope.names = self._stopped(before, self.scope.names, node)
        return ended

    on_AsyncWith = on_With

    def on_Match(self, node: ast.Match) -> bool:
        subject = self.value(node.subject)
        before = dict(self.scope.names)
        ends = [before]
        certain, self.around.certain = self.around.certain, False
        for case in node.cases:
            self.scope.names = dict(before)
            self._pattern(case.pattern, subject)
            if case.guard is not None:
                self.value(case.guard)
            if not self.block(case.body):
                ends.append(self.scope.names)
        self.around.certain = certain
        self.scope.names = self._joined(ends)
        return False

    # ------------------------------------------------------------------------------------------------------- ways that meet

    def _joined(self, ends: list[dict[str, Value]]) -> dict[str, Value]:
        """Names after several ways have come together. What one of them did not bind is there what it is outside."""
        joined = _join(ends)
        if len(ends) == 1 or (self.scope.parent is not None and not self.scope.is_class):
            return joined  # a local name that is not bound is nothing
        for name, value in joined.items():
            if any(name not in end for end in ends) and (outside := self._outside(name, value)) is not None:
                joined[name] = union([outside, value])
        return joined

    def _outside(self, name: str, value: Value) -> Value | None:
        """What a name of a module or class means where it is not bound, if it may be called."""
        if self.scope.parent is not None:
            scope, self.scope = self.scope, self.scope.parent
            try:
                return self.lookup(name)
            finally:
                self.scope = scope
        calls = name in self.called_names or any(isinstance(one, (Ref, Injected, Function, Class, Method)) for one in options(value))
        return self._global(name, None) if name in LEADING or (calls and self.profile is not None) else None

    def _stopped(self, before: dict[str, Value], after: dict[str, Value], node: ast.stmt) -> dict[str, Value]:
        """Names where a part of the program was left somewhere in its midst: each may be whatever it ever was."""
        joined = self._joined([before, after])
        for name in self._assigned(node) | self.global_names:
            if name in joined and (past := self.scope.history.get(name)):
                joined[name] = union([joined[name], *past])
        return joined

    def _assigned(self, node: ast.AST) -> set[str]:
        """Names that a statement or its parts bind."""
        found = self.assigned.get(node)
        if found is None:
            found = self.assigned[node] = {name for one in nodes(node) for name in _bound(one)}
        return found

    def _pattern(self, pattern: ast.pattern, subject: Value) -> None:
        """Bind the names of a pattern to the parts of the subject that they may be."""
        if isinstance(pattern, ast.MatchValue):
            self.annotation(pattern.value)
        elif isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None:
                self._pattern(pattern.pattern, subject)
            if pattern.name:
                self.scope.bind(pattern.name, subject)
        elif isinstance(pattern, ast.MatchStar) and pattern.name:
            self.scope.bind(pattern.name, Seq([subject], exact=False))  # the subject is already one element
        elif isinstance(pattern, ast.MatchOr):
            for one in pattern.patterns:
                self._pattern(one, subject)
        elif isinstance(pattern, ast.MatchSequence):
            for one in pattern.patterns:
                self._pattern(one, fold.element(subject))
        elif isinstance(pattern, ast.MatchMapping):
            held = union([option.element() if isinstance(option, Dict) else UNKNOWN for option in options(subject)])
            for one in pattern.patterns:
                self._pattern(one, held)
            if pattern.rest:
                self.scope.bind(pattern.rest, Dict({}, [held]))
        elif isinstance(pattern, ast.MatchClass):
            self._class_pattern(pattern, subject)

    def _class_pattern(self, pattern: ast.MatchClass, subject: Value) -> None:
        self.annotation(pattern.cls)
        for one in pattern.patterns:  # `case str(text)` is the subject itself, `case Point(x, y)` one of its attributes
            fields = [field for option in options(subject) if isinstance(option, Object) for field in option.cls.fields.values()]
            self._pattern(one, union([subject, *fields]))
        for name, one in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            found = self.attribute(subject, name, pattern)
            self.mention(found, pattern)
            self._pattern(one, found)

    # --------------------------------------------------------------------------------------------------------------- loops

    def on_For(self, node: ast.For | ast.AsyncFor) -> None:
        source = self.value(node.iter)
        known = isinstance(source, Seq) and source.exact
        if isinstance(source, Instance) and source.cls == "io.File":
            source = TAINTED
        self._loop(
            node,
            fold.element(source),
            Loop.BOUNDED if known else Loop.UNBOUNDED,
            len(source.items) if isinstance(source, Seq) and known else None,
            source.items if isinstance(source, Seq) and known else [],
        )

    on_AsyncFor = on_For

    def on_While(self, node: ast.While) -> None:
        self._loop(node, None, Loop.UNBOUNDED, None, [])

    def _loop(
        self, node: ast.For | ast.AsyncFor | ast.While, element: Value | None, loop: Loop, count: int | None, items: list[Value]
    ) -> None:
        names = self.scope.names
        assigned = self._assigned(node)
        for name in assigned:
            value = names.get(name)
            if isinstance(value, Const) and not isinstance(value.value, (str, bytes)) and value.value is not None:
                names[name] = UNKNOWN
        before = dict(names)
        certain = self.around.certain
        self.loops += 1
        with self.looping(loop, count):
            for attempt in range(3):
                if isinstance(node, ast.While):
                    self.value(node.test)
                    self.around.certain = certain and attempt == 0 and isinstance(node.test, ast.Constant)
                elif element is not None:
                    self.assign(node.target, element, node)
                self.block(node.body)
                leaves = _leaves(node)
                joined = self._stopped(before, self.scope.names, node) if leaves else self._joined([before, self.scope.names])
                self.scope.names = joined
                longer = _longer(before, joined, assigned) if self.careful else []
                if longer and not attempt and isinstance(node, ast.For) and self._turn_by_turn(node, before, items):
                    break
                for name in longer if attempt else ():
                    joined[name] = _any_text(joined[name])
                if self.loops > MAX_LOOP_DEPTH or not (longer or (attempt == 0 and _grown(before, joined, assigned))):
                    break
                before = dict(joined)
        self.loops -= 1
        self.around.certain = certain
        self.block(node.orelse)

    def _turn_by_turn(self, node: ast.For, before: dict[str, Value], items: list[Value]) -> bool:
        """Read the body once for each of a few known items, so that what a path grows to is known. False: too many, or it may end early."""
        if not items or len(items) * self.unrolled > MAX_TURNS or _leaves(node):
            return False
        self.scope.names = dict(before)
        self.unrolled *= len(items)
        for item in items:
            self.assign(node.target, item, node)
            self.block(node.body)
        self.unrolled //= len(items)
        return True


_STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any], bool | None]] = {
    kind: getattr(Interpreter, name) for kind in ast.stmt.__subclasses__() if hasattr(Interpreter, name := f"on_{kind.__name__}")
}


def _leaves(node: ast.stmt) -> bool:
    return any(isinstance(one, (ast.Break, ast.Continue)) for one in blocks(node))


def _head(value: Value) -> str:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""


def _main_guard(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that one node binds by itself."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del(), id=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.split(".", maxsplit=1)[0]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
            yield node.name
        case ast.MatchMapping() if node.rest:
            yield node.rest


def _join(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """Names after several ways have come together."""
    if len(ends) == 1:
        return ends[0]
    joined = dict(ends[0])
    for other in ends[1:]:
        for name, value in other.items():
            mine = joined.get(name)
            if mine is None:
                joined[name] = value
            elif mine is not value:
                joined[name] = union([mine, value])
    return joined


def _longer(before: dict[str, Value], after: dict[str, Value], names: set[str]) -> list[str]:
    """Names that had a text or a path before a loop and have another one after it."""
    return [
        name
        for name in names
        if name in before
        and after[name] is not before[name]
        and any(_is_path(option) and all(key_of(option) != key_of(one) for one in options(before[name])) for option in options(after[name]))
    ]


def _takes_something(given: ast.arguments) -> bool:
    """Whether a function is handed anything besides its object."""
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return bool(given.vararg or given.kwarg or [name for name in names if name not in ("self", "cls")])


def _is_path(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, str)
    return isinstance(value, Text) or (isinstance(value, Instance) and value.cls == "pathlib.Path")


def _any_text(value: Value) -> Value:
    """The value of a name whose text every turn of a loop changes: anything."""
    paths: list[Value] = [Instance(one.cls, UNKNOWN) for one in options(value) if isinstance(one, Instance) and one.cls == "pathlib.Path"]
    things = [one for one in options(value) if not _is_path(one)]
    return union([*things, *(paths or (TAINTED if value.taint else UNKNOWN,))])


def _grown(before: dict[str, Value], after: dict[str, Value], names: set[str]) -> bool:
    """Whether a loop left something new in a name that it assigns: then its body must be read again."""
    for name in names:
        new, old = after.get(name), before.get(name)
        if new is None or new is old or isinstance(new, Unknown):
            continue
        fresh = [option for option in options(new) if not isinstance(option, (Unknown, Const, Text, Seq, Dict))]
        known = options(old) if old is not None else ()
        if old is not None and any(all(option is not one for one in known) for option in fresh):
            return True
    return False


__all__ = ["Interpreter", "TooMuch"]
