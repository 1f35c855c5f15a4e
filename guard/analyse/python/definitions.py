"""Functions, classes and imports: what the program defines and what it takes in, modules of the workspace among it."""

from __future__ import annotations

import ast

from guard.analyse.profile import Style
from guard.analyse.python import knowledge
from guard.analyse.python.bindings import Bindings
from guard.analyse.python.parse import inner
from guard.analyse.python.values import (
    ANY,
    TELLING,
    UNKNOWN,
    Args,
    Class,
    Const,
    Function,
    Injected,
    Instance,
    Module,
    Object,
    Ref,
    Scope,
    Unknown,
    Value,
    options,
    union,
)  # fmt: skip
from guard.analyse.python.vocabulary import COMMAND_LINES, INTERNALS
from guard.model import RUN, Facts, Kind

MAX_TEXTS = 96
"""Pieces of text run as code (doctest examples, timeit) that are read for one program."""


class Definitions(Bindings):
    """Definitions and imports."""

    __slots__ = ("called_names", "imports", "loaded", "modules_used", "sources", "texts")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.texts = 0
        self.called_names: set[str] = set()
        """Names that stand before brackets somewhere; gathered where a wrapped server runs the program."""
        self.sources = dict(facts.modules)
        self.loaded: dict[str, Module] = {}
        self.imports: dict[str, None] = {}
        self.modules_used: dict[str, str] = {}

    def block(self, body: list[ast.stmt]) -> bool:
        raise NotImplementedError

    def rest(self) -> None:
        raise NotImplementedError

    def on_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        owner = self.scope.names.get("__class__") if self.scope.is_class else None
        func = self.make_function(node, owner if isinstance(owner, Class) else None)
        spec = node.args
        for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg):
            if one is not None:
                self.hint(one.annotation)
        self.hint(node.returns)
        self.scope.bind(node.name, self.decorated(func, node.decorator_list, node))

    on_AsyncFunctionDef = on_FunctionDef

    def decorated(self, func: Function | Class, decorators: list[ast.expr], node: ast.AST) -> Value:
        """What a decorated function or class is bound to; it stays callable as itself, whatever the decorator gives."""
        result: Value = func
        for decorator in reversed(decorators):
            if isinstance(func, Function) and not isinstance(decorator, ast.Call) and (kind := _KINDS.get(_last_name(decorator))):
                func.kind = kind
                continue
            if isinstance(func, Function) and isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter", "getter"):
                return self.scope.names.get(func.name, func)
            if isinstance(func, Function) and self._registered(func, decorator):
                continue
            given = self.call(self.look(decorator), Args([result]), decorator)
            if isinstance(given, Object) or any(isinstance(option, (Function, Class)) or _is_command(option) for option in options(given)):
                result = union([given, func]) if isinstance(given, Function) and given.node is not getattr(func, "node", None) else given
            elif isinstance(func, Function):
                func.escaped = func.escaped or bool(func.defaults)
        return result

    def _registered(self, func: Function, decorator: ast.expr) -> bool:
        """`@shape.register`, for one more kind of argument: whoever calls `shape` of functools.singledispatch may call this from now on."""
        register = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not isinstance(register, ast.Attribute) or register.attr != "register" or not isinstance(register.value, ast.Name):
            return False
        general = self.scope.names.get(register.value.id)
        if general is None or not all(isinstance(option, Function) for option in options(general)):
            return False
        if isinstance(decorator, ast.Call):
            self.arguments(decorator, quiet=True)
        self.scope.bind(register.value.id, union([general, func]))
        return True

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        self.quiet += 1
        bases = tuple(self.value(base) for base in node.bases)
        self.quiet -= 1
        given = [option for keyword in node.keywords for option in options(self.value(keyword.value))]
        scope = Scope(self.scope, is_class=True)
        cls = Class(node.name, node, scope, tuple(option for base in bases for option in options(base)))
        self.outside.classes.append(cls)
        if any(isinstance(one, Function) or (isinstance(one, Class) and _makes(one)) for one in given):
            cls.remade, cls.fields[ANY] = True, UNKNOWN
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
            if isinstance(base, Ref) and base.name.partition(".")[0] in COMMAND_LINES and not base.name.endswith(("Formatter", "Error")):
                self.has_arguments()  # what it gives is what its methods make of it
        scope.names["__class__"] = cls
        outer, self.scope = self.scope, scope
        try:
            self.block(node.body)
        finally:
            self.scope = outer
        if (built := scope.names.get("__annotations__")) is not None:
            self.type_texts(built, node)
        for name, value in list(scope.names.items()):  # a descriptor is told the name that it is bound to
            if isinstance(value, Object) and isinstance(told := value.cls.lookup("__set_name__"), Function):
                self.invoke(told.bound(value), Args([cls, Const(name)]), node)
        if cls.foreign() is not None:  # an enumeration's values
            remade = any(cls.lookup(hook) is not None for hook in _REMAKES)
            for name, value in list(scope.names.items()):
                if not isinstance(value, (Function, Class)):
                    self.lose(value)
                    if remade and not name.startswith("_"):
                        scope.names[name] = union([value, UNKNOWN])
        self._validated(cls)
        for base in cls.bases:
            if isinstance(base, Class) and isinstance(hook := base.lookup("__init_subclass__"), Function):
                self.invoke(hook.bound(cls), Args(more=True), node)
        self.scope.bind(node.name, self.decorated(cls, node.decorator_list, node))

    def _validated(self, cls: Class) -> None:
        """Fields of a pydantic model that a validator or the environment may change have more values than the class says."""
        base = cls.foreign()
        if base is None or cls.node is None or base.name.partition(".")[0] not in ("pydantic", "pydantic_settings"):
            return
        named = {name for one in cls.node.body if isinstance(one, ast.FunctionDef) for name in map(_last_name, one.decorator_list)}
        if base.name.endswith("BaseSettings") or any(name.endswith("validator") for name in named):
            for one in cls.node.body:
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    cls.fields[one.target.id] = UNKNOWN

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
        self.outside.changed = True
        if self.texts > MAX_TEXTS or len(code) > 1 << 16 or len(self.stack) >= 8:
            self.opaque(node, "runs more text as code than is read")
            return UNKNOWN
        try:
            tree = inner(code.strip())
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
                if module == "pytest":
                    self.has_arguments()
                self._star(source)
                self.outside.changed = self.outside.changed or bool(self.reached)
                continue
            value = self._imported(source, module, alias.name, node)
            if (alias.asname or "").startswith("__"):
                self.mention(value, node)  # `from os import system as __getattr__` is called by the interpreter itself
            self.scope.bind(alias.asname or alias.name, value)

    def _star(self, source: Value) -> None:
        """`from library import *`: what it has is bound anew, whatever stood there."""
        scope = self.module_scope
        scope.stars.append(source)
        for name, held in list(scope.names.items()):
            given = self.given_by(source, name)
            if given is not None and not (isinstance(given, Ref) and isinstance(held, Ref) and given.name == held.name):
                scope.bind(name, union([held, given]))

    def _imported(self, source: Value, module: str, name: str, node: ast.AST) -> Value:
        if isinstance(source, Injected):
            return self.injected(f"{source.name}.{name}", node)
        if name in INTERNALS and not isinstance(source, Unknown):
            return self.attribute(source, name, node)
        if isinstance(source, Module):
            if (held := source.scope.take(name)) is not None:
                self.outside.value(held)
                return held
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
            elif self.profile is not None:
                self.opaque(node, f"imports {name} from the package in which the server runs it")
            self.imports.setdefault(name)
            self.scope.bind(alias.asname or alias.name, value)

    def _source_of(self, name: str) -> str | None:
        if not self.sources:
            return None
        stem = name.replace(".", "/")
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self.sources), None)

    def import_name(self, name: str, node: ast.AST) -> Value:
        """The module of a dotted name: of the workspace first, as Python would take it, then of the tables."""
        if name == "__main__":
            return Module(name, self.module_scope)
        if self.profile is not None and any(
            sink.style is Style.IMPORTS and (f"{name}.".startswith(f"{sink.name}.") or sink.name.startswith(f"{name}."))
            for sink in self.profile.sinks
        ):
            return self.injected(name, node)  # the server's own package, whatever library has that name elsewhere
        self.imports.setdefault(name)
        path = self._source_of(name) or self._source_of(name.partition(".")[0])
        if path is not None and name.partition(".")[0] not in ("sys", "builtins"):
            return self._workspace_module(name, self._source_of(name) or path, node)
        canonical = knowledge.canonical(name)
        if self.bare and canonical in _STAND_INS:
            self.has_arguments()
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
        scope = Scope(None, log=self.log)
        module = Module(name, scope)
        self.loaded[path] = module
        self.outside.changed = True
        self.modules_used[path] = self.sources[path]
        try:
            tree = inner(self.sources[path])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.opaque(node, f"imports {path}, which cannot be parsed", "py-import")
            return module
        outer = (self.scope, self.outer_span, self.origin, self.module_scope)
        self.scope, self.outer_span, self.origin, self.module_scope = scope, self.span(node), path, scope
        try:
            self.block(tree.body)
        finally:
            self.scope, self.outer_span, self.origin, self.module_scope = outer
        return module


def _makes(meta: Class) -> bool:
    """Whether a metaclass has a say in what is in the classes, or in what they make."""
    return any(meta.lookup(hook) is not None for hook in ("__new__", "__prepare__", "__call__", *TELLING))


def _last_name(node: ast.expr) -> str:
    """The last word of a dotted name, called or not."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_command(value: Value) -> bool:
    return isinstance(value, Instance) and value.cls == "click.Command"


_REMAKES = ("_generate_next_value_", "_value_", "__new__")
"""What makes other values of those that an enumeration has in its text."""

_KINDS = {"staticmethod": "static", "classmethod": "class", "property": "property", "cached_property": "property"}


_STAND_INS = frozenset({"unittest.mock", "mock"})
"""Modules by which a program puts other things, arguments among them, into other modules."""


def _exception(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration"))
