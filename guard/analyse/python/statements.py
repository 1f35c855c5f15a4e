"""What statements do: the interpreter proper. Runs a module, then every function that nothing called.

Branches are both taken and joined. A loop's body is read once with the names that it counts up made unknown, and once more if a name
came out of it with another thing in it. What is missed by that is caught by the net: a library function that is handed on and never
seen called becomes an effect of its own.
"""

from __future__ import annotations

import ast

from guard.analyse.python import fold, knowledge, tools
from guard.analyse.python.calls import bind
from guard.analyse.python.expressions import Expressions
from guard.analyse.python.state import TooMuch
from guard.analyse.python.values import (
    TAINTED, UNKNOWN, Args, Class, Const, Dict, Function, Instance, Module, Object, Ref, Scope, Seq, Text, Unknown, Value, options, text, union,
)  # fmt: skip
from guard.model import RUN, Facts, Kind, Loop

MAX_LOOP_DEPTH = 3
MAX_TEXTS = 24
"""Pieces of text run as code (doctest examples, timeit) that are read for one program."""


class Interpreter(Expressions):
    """Reads one program."""

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.scope = self.module_scope
        self.loops = 0
        self.texts = 0
        self.sources = {path: source for path, source in facts.modules}
        self.loaded: dict[str, Module] = {}
        self.imports: dict[str, None] = {}
        self.modules_used: dict[str, str] = {}

    # ------------------------------------------------------------------------------------------------------------- program

    def program(self, tree: ast.Module) -> None:
        """Run the module, then what was defined and never called, then what was handed on and never seen called."""
        self.tree = tree
        self.block(tree.body)
        self.rest()
        self.net()

    def rest(self) -> None:
        """Functions that nothing called: somebody may."""
        for _ in range(3):
            waiting = [func for func in self.functions if id(func.node) not in self.reached]
            if not waiting:
                break
            for func in waiting:
                self._uncalled(func)

    def _uncalled(self, func: Function) -> None:
        if id(func.node) in self.reached:
            return
        receiver = Object(func.owner) if func.owner is not None and func.kind != "static" else None
        target = func.bound(receiver if func.kind != "class" or func.owner is None else func.owner) if receiver is not None else func
        scope, self.scope = self.scope, func.scope
        try:
            self.invoke(target, Args(more=func.escaped), func.node)
        finally:
            self.scope = scope

    def net(self) -> None:
        """Library functions that were handed on and never seen called, and objects that were made and never seen used."""
        certain, self.around.certain = self.around.certain, False
        for name, node in self.mentioned.items():
            if name.startswith(tools.MARK):
                self.opaque(node, f"hands on {name[1:]}, and what is called with it is not seen", tools.RULE)
                continue
            if name in self.called:
                continue
            row = knowledge.lookup(name)
            if row is None:
                what = "the module " if knowledge.is_module(name) else ""
                self.opaque(node, f"hands on {what}{name}, and what happens to it is not seen")
            elif row.name not in self.called:
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
        method = getattr(self, "on_" + type(node).__name__, None)
        return bool(method(node)) if method is not None else False

    def on_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def on_Assign(self, node: ast.Assign) -> None:
        alias = isinstance(node.value, (ast.Name, ast.Attribute)) and isinstance(node.targets[0], ast.Name)
        value = self.look(node.value) if alias else self.value(node.value)
        if alias and not (isinstance(value, Ref) and knowledge.is_module(value.name)):
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
                self.assign(
                    node.target, text((grown.prefix if isinstance(grown, Text) else _head(grown), None), left.taint or right.taint), node
                )
                return
            self.assign(node.target, self.operate(node.op, left, right, node), node)
        else:
            if isinstance(node.target, ast.Attribute):
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
            elif isinstance(target, ast.Attribute):
                owner = self.look(target.value)
                if isinstance(owner, Ref) and knowledge.is_module(owner.name):
                    self.opaque(node, f"removes a part of {owner.name}", "py-patch")

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
        self.scope.names = _join(ends)
        return False

    def on_Try(self, node: ast.Try) -> bool:
        before = dict(self.scope.names)
        certain = self.around.certain
        ended = self.block(node.body)
        after = self.scope.names
        ends = []
        if not ended:
            ended = self.block(node.orelse)
        if not ended:
            ends.append(self.scope.names)
        self.around.certain = False
        for handler in node.handlers:
            self.scope.names = _join([before, after])
            self.annotation(handler.type)
            if handler.name:
                self.scope.bind(handler.name, UNKNOWN)
            if not self.block(handler.body):
                ends.append(self.scope.names)
        self.around.certain = certain
        self.scope.names = _join(ends) if ends else _join([before, after])
        return self.block(node.finalbody) or not ends

    on_TryStar = on_Try

    def on_With(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            value = self.value(item.context_expr)
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
        return self.block(node.body)

    on_AsyncWith = on_With

    def on_Match(self, node: ast.Match) -> bool:
        subject = self.value(node.subject)
        before = dict(self.scope.names)
        ends = [before]
        certain, self.around.certain = self.around.certain, False
        for case in node.cases:
            self.scope.names = dict(before)
            for one in ast.walk(case.pattern):
                if isinstance(one, (ast.MatchAs, ast.MatchStar)) and one.name:
                    self.scope.bind(one.name, subject if one is case.pattern else fold.element(subject))
                elif isinstance(one, ast.MatchValue):
                    self.annotation(one.value)
            if case.guard is not None:
                self.value(case.guard)
            if not self.block(case.body):
                ends.append(self.scope.names)
        self.around.certain = certain
        self.scope.names = _join(ends)
        return False

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
        )

    on_AsyncFor = on_For

    def on_While(self, node: ast.While) -> None:
        self._loop(node, None, Loop.UNBOUNDED, None)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, element: Value | None, loop: Loop, count: int | None) -> None:
        names = self.scope.names
        assigned = _assigned(node)
        for name in assigned:
            value = names.get(name)
            if isinstance(value, Const) and not isinstance(value.value, (str, bytes)) and value.value is not None:
                names[name] = UNKNOWN
        before = dict(names)
        certain = self.around.certain
        self.loops += 1
        with self.looping(loop, count):
            for attempt in range(2):
                if isinstance(node, ast.While):
                    self.value(node.test)
                    self.around.certain = certain and attempt == 0 and isinstance(node.test, ast.Constant)
                elif element is not None:
                    self.assign(node.target, element, node)
                self.block(node.body)
                joined = _join([before, self.scope.names])
                self.scope.names = joined
                if self.loops > MAX_LOOP_DEPTH or not _grown(before, joined, assigned):
                    break
                before = dict(joined)
        self.loops -= 1
        self.around.certain = certain
        self.block(node.orelse)

    # --------------------------------------------------------------------------------------------------- functions and classes

    def on_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        owner = self.scope.names.get("__class__") if self.scope.is_class else None
        func = self.make_function(node, owner if isinstance(owner, Class) else None)
        spec = node.args
        for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg):
            if one is not None:
                self.annotation(one.annotation)
        self.annotation(node.returns)
        self.scope.bind(node.name, self.decorated(func, node.decorator_list, node))

    on_AsyncFunctionDef = on_FunctionDef

    def decorated(self, func: Function | Class, decorators: list[ast.expr], node: ast.AST) -> Value:
        """What a decorated function or class is bound to; it stays callable as itself, whatever the decorator gives."""
        result: Value = func
        for decorator in reversed(decorators):
            if isinstance(func, Function) and isinstance(decorator, ast.Name) and decorator.id in _KINDS:
                func.kind = _KINDS[decorator.id]
                continue
            if isinstance(func, Function) and isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter", "getter"):
                return self.scope.names.get(func.name, func)
            given = self.call(self.look(decorator), Args([result]), decorator)
            if isinstance(given, (Function, Class, Object)) or any(isinstance(option, (Function, Class)) for option in options(given)):
                result = union([given, func]) if isinstance(given, Function) and given.node is not getattr(func, "node", None) else given
            elif isinstance(func, Function):
                func.escaped = func.escaped or bool(func.defaults)
        return result

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        self.quiet += 1
        bases = tuple(self.value(base) for base in node.bases)
        self.quiet -= 1
        for keyword in node.keywords:
            self.value(keyword.value)
        scope = Scope(self.scope, is_class=True)
        cls = Class(node.name, node, scope, tuple(option for base in bases for option in options(base)))
        for base in cls.bases:
            if (
                isinstance(base, Ref)
                and knowledge.default(base.name) == "opaque"
                and knowledge.lookup(base.name) is None
                and not _exception(base.name)
            ):
                self.opaque(node, f"extends {base.name}, which guard does not know")
            elif isinstance(base, Ref) and knowledge.is_effectful(base.name):
                self.mention(base, node)
        scope.names["__class__"] = cls
        outer, self.scope = self.scope, scope
        try:
            self.block(node.body)
        finally:
            self.scope = outer
        for base in cls.bases:
            if isinstance(base, Class) and isinstance(hook := base.lookup("__init_subclass__"), Function):
                self.invoke(hook.bound(cls), Args(more=True), node)
        self.scope.bind(node.name, self.decorated(cls, node.decorator_list, node))

    def run_body(self, func: Function, scope: Scope) -> Value:
        outer, self.scope = self.scope, scope
        loops, self.loops = self.loops, 0
        try:
            if isinstance(func.node, ast.Lambda):
                return self.value(func.node.body)
            self.block(func.node.body)
        finally:
            self.scope, self.loops = outer, loops
        return union(scope.returns) if scope.returns else UNKNOWN

    def run_text(self, code: str, scope: Scope, node: ast.AST) -> Value:
        """Run text as code of this program, in a scope; effects are put where the text is run."""
        self.texts += 1
        if self.texts > MAX_TEXTS or len(code) > 1 << 16 or len(self.stack) >= 8:
            return UNKNOWN
        try:
            tree = ast.parse(code.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN  # it would raise when it is run
        outer_span, self.outer_span = self.outer_span, self.span(node)
        outer, self.scope = self.scope, scope
        self.stack.append(tree)
        try:
            if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
                return self.value(tree.body[0].value)
            self.block(tree.body)
            return UNKNOWN
        finally:
            self.stack.pop()
            self.scope, self.outer_span = outer, outer_span

    # ------------------------------------------------------------------------------------------------------------- imports

    def on_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            value = self.import_name(alias.name, node)
            if alias.asname:
                self.scope.bind(alias.asname, value)
            else:
                top = alias.name.partition(".")[0]
                self.scope.bind(top, self.import_name(top, node) if "." in alias.name and not isinstance(value, Unknown) else value)

    def on_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            self._relative(node)
            return
        module = node.module or ""
        if module == "__future__":
            return
        source = self.import_name(module, node)
        for alias in node.names:
            if alias.name == "*":
                self.module_scope.stars.append(source)
                continue
            value = self._imported(source, module, alias.name, node)
            self.scope.bind(alias.asname or alias.name, value)

    def _imported(self, source: Value, module: str, name: str, node: ast.AST) -> Value:
        if isinstance(source, Module):
            if name in source.scope.names:
                return source.scope.names[name]
            return self.import_name(f"{module}.{name}", node) if self._source_of(f"{module}.{name}") else UNKNOWN
        if isinstance(source, Ref):
            if self._source_of(f"{module}.{name}"):
                return self.import_name(f"{module}.{name}", node)
            full = knowledge.canonical(f"{source.name}.{name}")
            if full == "sys.modules":
                return self.attribute(source, name, node)
            found = self._library(source, name, node)
            if isinstance(found, Ref) and knowledge.row(full) is None and not knowledge.default(full):
                return self.import_name(f"{module}.{name}", node)
            return found
        return UNKNOWN

    def _relative(self, node: ast.ImportFrom) -> None:
        """A relative import in a program that is no package raises ImportError; in a workspace module it is looked up beside it."""
        for alias in node.names:
            name = f"{node.module}.{alias.name}" if node.module else alias.name
            value: Value = UNKNOWN
            base = self.origin.rpartition("/")[0].replace("/", ".") if self.origin else ""
            if self.origin:
                dotted = f"{base}.{node.module}" if base and node.module else (node.module or base or alias.name)
                value = self._imported(self.import_name(dotted, node), dotted, alias.name, node)
            self.imports.setdefault(name)
            self.scope.bind(alias.asname or alias.name, value)

    def _source_of(self, name: str) -> str | None:
        stem = name.replace(".", "/")
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self.sources), None)

    def import_name(self, name: str, node: ast.AST) -> Value:
        """The module of a dotted name: of the workspace first, as Python would take it, then of the tables."""
        if name == "__main__":
            return Module(name, self.module_scope)
        if (given := tools.imported(self.facts, name)) is not None:
            return given
        self.imports.setdefault(name)
        path = self._source_of(name) or self._source_of(name.partition(".")[0])
        if path is not None and name.partition(".")[0] not in ("sys", "builtins"):
            return self._workspace_module(name, self._source_of(name) or path, node)
        canonical = knowledge.canonical(name)
        self.imported.add(canonical.partition(".")[0])
        if name.startswith("mysql.") or canonical.startswith("google."):
            self.imported.add(canonical)
        standing = knowledge.default(canonical)
        row = knowledge.row(canonical)
        if row is not None and row.does and canonical == name:
            self.apply(row, Args(), node, None)
        if not standing and row is None:
            self.unknown_imports.setdefault(name, node)
            self.add(Kind.IMPORT_UNKNOWN, RUN, node, "py-import", f"uses the module {name}, which guard does not know", exact=False)
            return UNKNOWN
        return Ref(canonical)

    def _workspace_module(self, name: str, path: str, node: ast.AST) -> Value:
        if path in self.loaded:
            return self.loaded[path]
        scope = Scope(None)
        module = Module(name, scope)
        self.loaded[path] = module
        self.modules_used[path] = self.sources[path]
        try:
            tree = ast.parse(self.sources[path])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.opaque(node, f"imports {path}, which cannot be parsed", "py-import")
            return module
        outer = (self.scope, self.outer_span, self.origin, self.module_scope)
        self.scope, self.outer_span, self.origin, self.module_scope = scope, self.span(node), path, scope
        try:
            self.block(tree.body)
            self.rest()
        finally:
            self.scope, self.outer_span, self.origin, self.module_scope = outer
        return module


_KINDS = {"staticmethod": "static", "classmethod": "class", "property": "property", "cached_property": "property"}


def _head(value: Value) -> str:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""


def _exception(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration"))


def _main_guard(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _assigned(node: ast.AST) -> set[str]:
    """Names that a loop assigns, without those of functions defined in it."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


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
