"""Processes started from lists, and callables that wrap or call other callables."""

from __future__ import annotations

import ast
import keyword

from guard.analyse.python import fold, knowledge
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.late import read_late
from guard.analyse.python.parse import inner
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    NOTHING,
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Method,
    Object,
    Partial,
    Ref,
    Scope,
    Seq,
    Text,
    Unknown,
    Value,
    known_text,
    options,
    union,
)
from guard.model import Loop


@special
def subprocess(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    command, shell = args.get(0, "args"), args.get(8, "shell")
    taint = args.taint
    if shell is not None and not (isinstance(shell, Const) and not shell.value):
        run.shell(command, node, row.rule, taint)
    else:
        run.command(command, node, row.rule, taint)
    executable = args.named.get("executable")
    if executable is not None:
        run._process((known_text(executable) or "").rsplit("/", 1)[-1], node, row.rule, taint)
    for name in ("preexec_fn",):
        if name in args.named:
            run.call(args.named[name], Args(), node)
    return None


@special
def execute(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """os.exec* and os.spawn*: the program's own name for itself is dropped."""
    given = args.positional[1 if row.name.startswith("os.spawn") else 0 :]
    if not given and "file" in args.named:
        given = [args.named["file"], args.named.get("args", UNKNOWN)]
    if not given:
        run.command(UNKNOWN, node, row.rule)
    elif len(given) > 1 and isinstance(given[1], Seq):
        run.command(Seq([given[0], *given[1].items[1:]], given[1].exact), node, row.rule)
    else:
        run.command(Seq([given[0], *given[2:]], not args.more), node, row.rule)
    return UNKNOWN


@special
def default_dict(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`defaultdict(list)`: whatever is looked up is there, made by what it was given."""
    factory = args.get(0, "default_factory")
    made = run.call(factory, Args(), node) if factory is not None else UNKNOWN
    if isinstance(factory, Ref) and factory.name in ("builtins.list", "builtins.set", "collections.deque"):
        made = Seq([], exact=False)
    elif isinstance(factory, Ref) and factory.name in ("builtins.dict", "collections.OrderedDict"):
        made = Dict({})
    known = Dict({}, [made], args.taint, NOTHING)
    known.made = True
    for other in (*args.positional[1:], *([Dict(dict(args.named))] if args.named else []), *([UNKNOWN] if args.more else [])):
        fold.container_method(known, "update", Args([other]))
    return known


@special
def data_field(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A field of a dataclass: what stands in the class is its default."""
    factory = args.named.get("default_factory")
    if factory is not None:
        run.lose(factory)  # __dataclass_fields__ has it
        made = run.call(factory, Args(), node)
        return made if isinstance(factory, (Function, Partial)) else UNKNOWN
    if args.more:
        return UNKNOWN
    return args.named.get("default", NOTHING)


@special
def replaced(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`dataclasses.replace(thing, field=…)`: a thing of the same class, of which all objects are one."""
    thing = args.get(0, "obj") or UNKNOWN
    run.set_attributes(thing, Args([UNKNOWN] if args.more else [], args.named), node)
    return thing


@special
def queue(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A queue: nothing comes out before something was put in."""
    return Seq([NOTHING], exact=False)


@special
def map_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """map(f, items): f is called with what the items hold, and the result is made of what f gives."""
    if len(args.positional) < 2:
        return UNKNOWN
    return read_late(run, lambda: _mapped(run, args, node), args.positional)


def _mapped(run: Calls, args: Args, node: ast.AST) -> Value:
    func, *sources = args.positional
    run.go_through(sources)
    exact = [source for source in sources if isinstance(source, Seq) and source.exact]
    if len(exact) == len(sources) == 1 and len(exact[0].items) <= 64 and all(isinstance(item, Const) for item in exact[0].items):
        with run.looping(Loop.BOUNDED, len(exact[0].items)):
            return Seq([run.call(func, Args([item]), node) for item in exact[0].look()])
    with run.looping(Loop.BOUNDED if len(exact) == len(sources) else Loop.UNBOUNDED, None):
        return Seq([run.call(func, Args([fold.element(source) for source in sources]), node)], exact=False)


MAX_FOLDED = 16


@special
def reduce(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """reduce(f, items, first): what f gave goes into it again, with the next item."""
    func, items, first = args.get(0), args.get(1), args.get(2)
    if func is None:
        return UNKNOWN
    if isinstance(items, Seq) and items.exact and (first is None) < len(items.items) <= MAX_FOLDED and not args.more:
        result, *rest = ([first] if first is not None else []) + items.look()
        for item in rest:
            result = run.call(func, Args([result, item]), node)
        return result
    item = fold.element(items) if items is not None else UNKNOWN
    before = first if first is not None else item
    with run.looping(Loop.UNBOUNDED, None):
        run.call(func, Args([before, item]), node)
        return union([before, run.call(func, Args([UNKNOWN, item]), node)])


@special
def namedtuple(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A class with the fields that it is told."""
    given = args.get(1, "field_names") or UNKNOWN
    texts = [known_text(one) for one in given.look()] if isinstance(given, Seq) and given.exact else [known_text(given)]
    names = [name for text in texts for name in (text or "?").replace(",", " ").split()]
    if args.more or "rename" in args.named or not names or not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        return UNKNOWN
    tree = inner("class Record:\n" + "".join(f"    {name}: object\n" for name in names))
    record = next(one for one in tree.body if isinstance(one, ast.ClassDef))
    made = Class("Record", record, Scope(None, log=run.log), (Ref("typing.NamedTuple"),))
    run.outside.classes.append(made)
    made.scope.names["_fields"] = Seq([Const(name) for name in names])
    defaults = args.named.get("defaults")
    if isinstance(defaults, Seq) and defaults.exact:
        made.scope.names.update(zip(names[len(names) - len(defaults.items) :], defaults.look(), strict=False))
    return made


@special
def counter(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`Counter(things)`: the things are its keys."""
    if args.more or args.named or len(args.positional) > 1 or isinstance(args.get(0), (Dict, Const, Text)):
        run.lose_held(args)
        return TAINTED if args.taint else UNKNOWN
    known = Dict({}, [UNKNOWN], args.taint, fold.element(args.positional[0]) if args.positional else NOTHING)
    known.made = True
    return known


@special
def partial(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if not args.positional:
        return UNKNOWN
    return Partial(args.positional[0], Args(args.positional[1:], args.named, args.more))


@special
def identity(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A decorator that keeps what it decorates, with or without arguments of its own."""
    first = args.get(0)
    run.hands_on_unseen(row.name, args)
    return Ref(row.name) if first is None or isinstance(first, (Const, Text)) else first


@special
def wraps(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return args.get(0) if row.name.endswith("update_wrapper") else Ref("functools.cache")


@special
def methodcaller(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    name = known_text(args.get(0) or UNKNOWN)
    if name is None:
        run.opaque(node, "calls a method whose name it computes", row.rule)
    elif knowledge.index().methods.get(name) or name.startswith("__"):
        run.loose(UNKNOWN, name, Args(more=True), node)
        if name.startswith("__"):
            run.attribute(UNKNOWN, name, node)
    return Partial(Ref("operator.methodcaller.call"), Args([], {"caller": Partial(UNKNOWN, args)})) if name else UNKNOWN


@special
def called_method(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What `methodcaller(name, *args, **kwargs)` makes, called."""
    caller = args.named.get("caller")
    if not isinstance(caller, Partial):
        return None  # not made by `methodcaller`
    name, *given = caller.args.positional
    return run.call_method(args.get(0) or UNKNOWN, known_text(name) or "", Args(given, caller.args.named, caller.args.more), node)


@special
def attrgetter(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    for value in args.positional:
        name = known_text(value)
        if name is None:
            run.opaque(node, "reads an attribute whose name it computes", row.rule)
        else:
            for one in name.split("."):
                run.attribute(UNKNOWN, one, node)
    return Partial(Ref("operator.attrgetter.call"), Args([], {"getter": Partial(UNKNOWN, args)}))


@special
def got_attribute(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What `attrgetter(*names)` makes, called."""
    getter = args.named.get("getter")
    if not isinstance(getter, Partial):
        return None  # not made by `attrgetter`
    found: list[Value] = []
    for name in map(known_text, getter.args.positional):
        value = args.get(0) or UNKNOWN
        for one in name.split(".") if name else ():
            value = run.attribute(value, one, node)
        run.mention(value, node)
        found.append(value)
    return found[0] if len(found) == 1 else Seq(found)


@special
def scheduled(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A job of a scheduler: a function, or a text that names one to be imported."""
    func = run.given("func", row, args, receiver)
    if func is None and row.name.endswith("modify_job") and not args.more:
        return None
    for option in options(func if func is not None else UNKNOWN):
        if isinstance(option, (Function, Ref, Partial, Class, Object, Method)):
            run.call(option, Args(more=True), node)
        else:
            run.opaque(node, "schedules what is not known, or named by a text", row.rule)
    return None


@special
def scheduler(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A scheduler and its settings, which may name classes to be imported."""
    waiting = [(UNKNOWN, one) for one in args.positional] + [(Const(name), one) for name, one in args.named.items() if name != "timezone"]
    if args.more or any(not isinstance(one, Dict) for _, value in waiting[: len(args.positional)] for one in options(value)):
        run.opaque(node, "configures a scheduler with what is not known", row.rule)
    for _, value in waiting:
        for one in options(value):
            if isinstance(one, Dict) and any(_names_class(key, held) for key, held in one.items.items()) | bool(one.rest):
                run.opaque(node, "configures a scheduler by the names of classes", row.rule)
    return None


def _names_class(key: object, value: Value) -> bool:
    return any(
        isinstance(one, (Dict, Text)) or type(one) is Unknown or (known_text(one) is not None and not str(key).endswith("timezone"))
        for one in options(value)
    )
