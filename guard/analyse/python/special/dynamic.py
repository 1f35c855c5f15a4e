"""Text that becomes code, names that are computed, namespaces: what can be followed is, the rest is opaque."""

from __future__ import annotations

import ast
import re

from guard.analyse.python import knowledge, templates
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.parse import blocks, nodes
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    UNKNOWN,
    Args,
    Class,
    Const,
    Function,
    Instance,
    Method,
    Module,
    Object,
    Partial,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    known_text,
    options,
    union,
)
from guard.model import Kind


@special
def evaluate(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """eval and exec: the text is analysed where it is known; running text as code is opaque in any case."""
    source = args.get(0, "source")
    result: list[Value] = []
    verb = "evaluates" if row.name.endswith("eval") else "runs"
    for option in options(source if source is not None else UNKNOWN):
        known = known_text(option)
        if known is None:
            run.opaque(node, f"{verb} text as code, and the text is not known before it runs", row.rule)
        else:
            run.opaque(node, f"{verb} text as code (the text is known, and was analysed too)", row.rule)
            result.append(run.run_text(known, run.module_scope, node))
    return union(result) if result else UNKNOWN


@special
def compile_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    source = args.get(0, "source")
    if source is not None and known_text(source) is not None:
        run.opaque(node, "compiles text to code", row.rule)
        return source
    run.opaque(node, "compiles text to code, and the text is not known before it runs", row.rule)
    return UNKNOWN


@special
def help(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if not args.positional and not args.more:
        run.opaque(node, "starts the interactive help, which can import and run things", row.rule)
    for option in options(args.positional[0]) if args.positional else ():
        name = known_text(option)
        if isinstance(option, (Const, Text)) and (name is None or not knowledge.default(name.partition(".")[0])):
            run.opaque(node, "imports the module that it is asked for help on", row.rule)
    return UNKNOWN


@special
def type_hints(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """typing.get_type_hints evaluates texts: those of annotations were read as code where they stand, any others are not known."""
    if row.name.startswith("inspect.") and "eval_str" not in args.named and not args.more:
        return UNKNOWN
    for one in ast.walk(run.tree) if run.tree is not None else ():
        named = one.value if isinstance(one, ast.Constant) else one.attr if isinstance(one, ast.Attribute) else ""
        if named == "__annotations__" or _builds_fields(one):
            run.opaque(node, "evaluates annotations that the program builds", row.rule)
        if isinstance(one, ast.Subscript):  # `List["..."]` under a name of its own
            for said in ast.walk(one.slice):
                run.type_texts(Const(said.value) if isinstance(said, ast.Constant) else UNKNOWN, node)
    return UNKNOWN


@special
def sources(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`inspect.getsource` shows the file that a module calls its own."""
    for one in nodes(run.tree) if run.tree is not None else ():
        bound = isinstance(one, ast.Name) and one.id == "__file__" and not isinstance(one.ctx, ast.Load)
        if bound or (isinstance(one, ast.keyword) and one.arg == "__file__") or getattr(one, "value", None) == "__file__":
            run.opaque(node, "shows the source of a module that may call any file its own", row.rule)
    return None


@special
def ioctl(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A request to a device: one types into a terminal, one asks how wide it is."""
    request = args.get(1, "request")
    if not (isinstance(request, Ref) and request.name in ("termios.TIOCGWINSZ", "termios.FIONREAD")):
        run.opaque(node, "gives a device an order", row.rule)
    return UNKNOWN


def _builds_fields(node: ast.AST) -> bool:
    """Whether a class is made by a call, with a text in it that could be code."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "type" and len(node.args) == 3:
        named = node.args[2]
        return not isinstance(named, ast.Dict) or not all(isinstance(key, ast.Constant) for key in named.keys)
    return name in ("make_dataclass", "NamedTuple", "TypedDict", "new_class", "create_model") and any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and "(" in one.value for one in ast.walk(node)
    )


@special
def tcl(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A command for the interpreter of Tcl, which can start programs and open files."""
    command = known_text(args.get(0, "command") or UNKNOWN)
    if command is None or not row.name.endswith(".call") or not TCL_WINDOWS.fullmatch(command):
        run.opaque(node, "runs Tcl, which can start programs", row.rule)
    return UNKNOWN


TCL_WINDOWS = re.compile(r"wm|tk|winfo|bind|focus|font|grab|grid|option|pack|place|raise|update|bell|ttk::\w+|\..*")
"""Commands of Tk that are about windows."""


@special
def timeit(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    for position, name in ((1, "setup"), (0, "stmt")):
        value = args.get(position, name)
        for option in options(value) if value is not None else ():
            if isinstance(option, (Function, Ref, Method, Partial)):
                run.call(option, Args(), node)
            elif (known := known_text(option)) is not None:
                run.run_text(known, run.module_scope, node)
            elif isinstance(option, Text):
                run.run_text(option.filled("0"), run.module_scope, node)
            else:
                run.opaque(node, "times text as code, and the text is not known before it runs", row.rule)
    return UNKNOWN


@special
def unittest(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """unittest.main runs the tests of this program, or of a module that it is told."""
    module = args.get(0, "module")
    if module is not None and not isinstance(module, Module) and not (isinstance(module, Const) and module.value in ("__main__", None)):
        run.opaque(node, "imports and runs the tests of another module", row.rule)
    return UNKNOWN


@special
def doctest(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """doctest runs the examples in docstrings: so they are read as code."""
    if row.name.endswith(("testfile", "testsource", "debug")):
        run.opaque(node, "runs examples in a file as code", row.rule)
        return UNKNOWN
    given = args.get(0, "f") if row.name.endswith("examples") else None
    for option in options(given) if given is not None else ():
        text = known_text(option)
        if text is not None:
            run.run_text(_prompted(text), run.module_scope, node)
        elif isinstance(option, (Text, Unknown)):
            run.opaque(node, "runs examples in a text that is not known before it runs", row.rule)
    for examples in _examples(run.tree):
        run.run_text(examples, run.module_scope, node)
    return UNKNOWN


def _prompted(text: str) -> str:
    """The code of the examples in a text."""
    return "\n".join(line.lstrip()[4:] for line in text.splitlines() if line.lstrip().startswith((">>> ", "... ")))


def _examples(tree: ast.AST | None) -> list[str]:
    """The examples of each docstring, as one program each."""
    found = []
    for node in blocks(tree) if tree is not None else ():
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            body = node.body[0] if node.body else None
            if (
                isinstance(body, ast.Expr)
                and isinstance(body.value, ast.Constant)
                and isinstance(body.value.value, str)
                and ">>>" in body.value.value
            ):
                found.append(_prompted(body.value.value))
    return found


@special
def namespace(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if row.name.endswith("vars") and args.positional:
        return run.attribute(args.positional[0], "__dict__", node)
    return Instance("builtins.Namespace")


@special
def module_members(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`inspect.getmembers(module)` gives all that is in it, with what the module imported for itself; of a class, what `object` has too."""
    asked = args.get(1, "predicate")
    written = isinstance(asked, Ref) and asked.name in _WRITTEN
    for option in options(args.get(0, "object") or UNKNOWN):
        if isinstance(option, Module):
            names = option.scope.names.values()
            run.lose(Seq(list(names)))
            unseen = not written or option.scope.stars or any(isinstance(one, Ref) and knowledge.is_effectful(one.name) for one in names)
        else:
            unseen = isinstance(option, Ref) and knowledge.is_module(option.name)
            if not (written and isinstance(option, (Object, Class))):
                run.walked = node
        if unseen:
            run.opaque(node, "looks things up in a module by computed names", row.rule)
    return UNKNOWN


_WRITTEN = frozenset({"inspect.isfunction", "inspect.ismethod"})
"""What these say of is written in Python: nothing that every object has."""


@special
def getitem(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return run.item(args.get(0, "a") or UNKNOWN, args.get(1, "b") or UNKNOWN, node)


@special
def itemgetter(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`itemgetter(key)`: a function that gives the item of a container."""
    return Partial(Ref("operator.getitem"), Args([], {"b": args.positional[0]})) if len(args.positional) == 1 else UNKNOWN


@special
def formatted(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`string.Formatter().format(template, …)`"""
    for option in options(args.get(0, "format_string") or UNKNOWN):
        if row.name.endswith("vformat"):
            given, named = args.get(1, "args"), args.get(2, "kwargs")
            inner = Args(list(given.look()) if isinstance(given, Seq) else [], more=True)
            inner.rest = named if named is not None else UNKNOWN
            templates.walk(run, option, False, inner, node)
        else:
            templates.walk(run, option, False, Args(args.positional[1:], args.named, args.more), node)
    return UNKNOWN


@special
def import_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found: list[Value] = []
    for option in options(args.get(0, "name") or UNKNOWN):
        known = known_text(option)
        if known is None:
            run.opaque(node, "imports a module whose name it computes", row.rule)
        elif known.startswith("."):
            run.opaque(node, "imports a module by a relative name", row.rule)
        else:
            if isinstance(option, Const) and option.made:
                run.opaque(node, f"imports a module by a name that it puts together ({known})", row.rule)
            whole = run.import_name(known, node)
            has_list = args.get(3, "fromlist") is not None
            top = run.import_name(known.partition(".")[0], node) if row.name.startswith("builtins") and not has_list else whole
            found.append(top)
    return union(found) if found else UNKNOWN


@special
def patched(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`unittest.mock.patch("package.thing")` imports the package that it is told, `make_parser(["module"])` the modules."""
    given = args.get(0, row.params[0]) or (Seq([]) if row.result else UNKNOWN)
    for option in given.look() if isinstance(given, Seq) and given.exact else options(given):
        known = known_text(option)
        if known is None and isinstance(option, (Text, Unknown)):
            run.opaque(node, "imports a module whose name it computes", row.rule)
        elif known is not None:
            run.import_name(known.partition(".")[0], node)
    run.callbacks(args, node)
    return Instance(row.result) if row.result else UNKNOWN


@special
def sys_path(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Instance("sys.Path")


@special
def field_types(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`pydantic.create_model` and `TypeAdapter`: a type that is a text is evaluated."""
    for value in args.all():
        run.type_texts(value, node)
    return None


@special
def lines_of_files(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`traceback.format_list` shows the lines of files that its argument names."""
    for option in options(args.get(0, "extracted_list") or UNKNOWN):
        if isinstance(option, Seq) and any(isinstance(one, (Seq, Const, Text)) for item in option.look() for one in options(item)):
            run.file_effect(Kind.FS_READ, UNKNOWN, node, row.rule)
    return None
