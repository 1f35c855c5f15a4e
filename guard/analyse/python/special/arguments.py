"""Arguments of the command line, of which a program in our box has none: what argparse, click and typer give it are the defaults.

A value that only an argument could be is `ABSENT`. Whatever might put arguments there after all (`sys.argv` replaced or filled, a parser
changed from outside, a list of arguments handed to it) ends the reading: the program is read again, and then they may be anything.
"""

from __future__ import annotations

import ast

from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.paths import join_paths
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    ABSENT,
    NONE,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Instance,
    Object,
    Ref,
    Scope,
    Seq,
    Text,
    Value,
    known_text,
    options,
    union,
)
from guard.model import Kind

_OFF = Const(False)
_ACTIONS = {"store": None, "store_const": None, "append": None, "append_const": None, "extend": None, "count": None}
_SWITCHES = {"store_true": Const(False), "store_false": Const(True)}
_SILENT = {"help", "version"}


def _namespace(run: Calls) -> Class:
    """The class of what all parsers of the program give: their options are told apart by their names alone."""
    if run.namespace is None:
        run.namespace = Class("Namespace", None, Scope(None, log=run.log), ())
        run.outside.classes.append(run.namespace)
    return run.namespace


@special
def argument_parser(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.lacking = run.lacking or run.bare
    if args.more or {"argument_default", "option_list", "option_class"} & set(args.named):
        run.has_arguments()
    return Instance("argparse.Parser", NONE if row.name.startswith("optparse") else None)


@special
def getopt(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Options and what is left over, of a list of arguments."""
    given = args.get(0, "args")
    if not run.bare or args.more or given is None or not _is_none(given):
        return UNKNOWN
    return Seq([Seq([Seq([ABSENT, ABSENT])], exact=False), Seq([ABSENT], exact=False)])


@special
def changed_parser(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.has_arguments()
    return UNKNOWN


@special
def add_argument(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """One option, whose default is what the program gets."""
    flags = [known_text(value) for value in args.positional]
    action = args.named.get("action", Const("store"))
    known = known_text(action)
    boolean = isinstance(action, Ref) and action.name == "argparse.BooleanOptionalAction"
    kind = args.named.get("type") if row.name.endswith("argument") else None  # optparse has names for the few types that it has
    if (
        not run.bare
        or args.more
        or "callback" in args.named
        or None in flags
        or not (boolean or known in _ACTIONS or known in _SWITCHES or known in _SILENT)
    ):
        run.has_arguments()
        run.callbacks(args, node, row.name)
        return UNKNOWN
    names = [flag for flag in flags if flag]
    dest = known_text(args.named["dest"]) if "dest" in args.named else _dest(names)
    if dest is None:
        run.has_arguments()
    elif known not in _SILENT:
        default = args.named.get("default", _SWITCHES.get(known or "", NONE))
        absent = _required(names, args)
        if not (isinstance(default, Ref) and default.name == "argparse.SUPPRESS"):
            value = absent if absent is not None and default is NONE else default
            run.set_attribute(Object(_namespace(run)), dest, _typed(run, kind, value, node), node)
    return Instance("argparse.Action")


def _dest(names: list[str]) -> str | None:
    """The attribute that an option is found under."""
    long = [name for name in names if name.startswith("--")]
    first = (long or names or [""])[0]
    return first.lstrip("-").replace("-", "_") if first.startswith("-") else first or None


def _required(names: list[str], args: Args) -> Value | None:
    """What stands where an argument must be given, or any number may be; None for what may be left out."""
    many = args.named.get("nargs")
    count = known_text(many) if many is not None else None
    if not names or names[0].startswith("-"):
        must = args.named.get("required")
        return ABSENT if isinstance(must, Const) and must.value is True else None
    if count == "?":
        return None
    return Seq([ABSENT], exact=False) if count == "*" or isinstance(many, Ref) else ABSENT


def _typed(run: Calls, kind: Value | None, default: Value, node: ast.AST) -> Value:
    """A default, of which a text is put through the type of the option as an argument would be."""
    if kind is None or (isinstance(kind, Ref) and kind.name == "builtins.str"):
        return default
    if isinstance(kind, Instance) and kind.cls == "argparse.FileType" and "r" not in (known_text(kind.resource) or ""):
        run.call(kind, Args([default if _is_text(default) else ABSENT]), node)  # whatever it is given: it is there to be written to
    return union([run.call(kind, Args([one]), node) if isinstance(one, Text) or _is_text(one) else one for one in options(default)])


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


@special
def set_defaults(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if args.more or args.positional:
        run.has_arguments()
    for name, value in args.named.items():
        run.set_attribute(Object(_namespace(run)), name, value, node)
    if not run.bare:
        run.callbacks(args, node, row.name)
    return UNKNOWN


@special
def add_subparsers(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if args.more or "parser_class" in args.named:
        run.has_arguments()
    dest = known_text(args.named.get("dest"))
    if dest is not None:
        run.set_attribute(Object(_namespace(run)), dest, NONE, node)
    return Instance("argparse.Parser")


@special
def parse_args(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    given = args.get(0, "args")
    if args.more or len(args.positional) > 1 or set(args.named) - {"args"} or not (given is None or _is_none(given)):
        run.has_arguments()
    if not run.bare:
        return UNKNOWN
    found = Object(_namespace(run))
    pair = "known" in row.name or (isinstance(receiver, Instance) and receiver.resource is not None)
    return Seq([found, Seq([ABSENT], exact=False)]) if pair else found


def _is_none(value: Value) -> bool:
    """Whether a list of arguments is surely empty, or is left to be what the program was given."""
    return all(
        (isinstance(one, Const) and one.value is None) or (isinstance(one, Seq) and not one.exact and [*one.items] == [ABSENT])
        for one in options(value)
    )


@special
def file_type(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """argparse.FileType opens what it is given, if it is given something."""
    if run.bare and not args.more:
        return Instance("argparse.FileType", args.get(0, "mode") or Const("r"))
    run.file_effect(Kind.FS_READ, UNKNOWN, node, row.rule, certain=False)
    run.file_effect(Kind.FS_WRITE, UNKNOWN, node, row.rule, certain=False)
    return UNKNOWN


@special
def open_argument(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(0, "string") or UNKNOWN
    mode = receiver.resource if isinstance(receiver, Instance) and receiver.resource is not None else UNKNOWN
    if known_text(path) == "-":
        return Instance("sys.Stream")
    return run.call(Ref("builtins.open"), Args([path, mode]), node)


# ------------------------------------------------------------------------------------------------------------- click, typer

_PLAIN = {"default", "type", "help", "show_default", "is_flag", "required", "nargs", "multiple", "metavar", "count", "hidden", "flag_value"}
_PLAIN |= {"show_choices"}
"""Keywords of an option by which it gets no other value than its default."""


@special
def click_parameter(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`click.option("--name", default=…)`: a decorator by which a parameter of that name gets the default."""
    run.lacking = run.lacking or run.bare
    flags = [known_text(value) for value in args.positional]
    if not run.bare or args.more or None in flags or "cls" in args.named:
        run.has_arguments()
        run.callbacks(args, node, row.name)
        return UNKNOWN
    names = [flag for flag in flags if flag]
    plain = [name for name in names if not name.startswith("-")]
    dest = plain[0].replace("-", "_").lower() if plain else (_dest([name.partition("/")[0] for name in names]) or "").lower()
    return Instance("click.Parameter", Seq([Const(dest), _click_default(run, row, args, node)]))


def _click_default(run: Calls, row: Row, args: Args, node: ast.AST) -> Value:
    if set(args.named) - _PLAIN:
        return UNKNOWN
    default = args.named.get("default", NONE)
    if isinstance(default, Function):
        default = run.call(default, Args(), node)
    if "nargs" in args.named or "multiple" in args.named:
        return Seq([ABSENT], exact=False) if default is NONE else default
    if default is NONE and "is_flag" in args.named:
        return _OFF
    if default is NONE and row.name.endswith("argument") and not (isinstance(must := args.named.get("required"), Const) and not must.value):
        return ABSENT
    kind = args.named.get("type")
    if isinstance(kind, Instance) and kind.cls == "click.Path":
        return _as_path(run, kind, default, node)
    return default if default is NONE else _typed(run, kind, default, node) if isinstance(kind, (Ref, Function, Class)) else default


def _as_path(run: Calls, kind: Instance, default: Value, node: ast.AST) -> Value:
    if default is not NONE:
        run.file_effect(Kind.FS_LIST, default, node, "py-file")
    return default if kind.resource is None else _typed(run, kind.resource, default, node)


@special
def click_decorate(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    func = args.get(0)
    if isinstance(func, Function) and isinstance(receiver, Instance) and isinstance(receiver.resource, Seq):
        name, value = receiver.resource.items
        func.defaults = {**func.defaults, known_text(name) or "": value}
        return func
    run.has_arguments()
    return func


def _harmless(settings: Value | None) -> bool:
    """Whether a context's settings give no option a value."""
    if settings is None:
        return True
    return (
        isinstance(settings, Dict)
        and not settings.rest
        and set(settings.items) <= {"help_option_names", "max_content_width", "show_default"}
    )


@special
def click_command(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`click.command`, with or without brackets: what it decorates is called without arguments, and a click command from then on."""
    run.lacking = run.lacking or run.bare
    if args.more or {"cls", "params", "callback"} & set(args.named) or not _harmless(args.named.get("context_settings")):
        run.has_arguments()
    func = args.get(0)
    if not run.bare:
        run.callbacks(args, node, row.name)
        return UNKNOWN
    if isinstance(func, Function):
        return Instance("click.Command", Seq([func, receiver.resource if isinstance(receiver, Instance) and receiver.resource else NONE]))
    return Instance("click.Decorator", args.named.get("context_settings"))


@special
def click_call(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if args.more or args.positional or set(args.named) - {"obj", "prog_name", "standalone_mode"}:
        run.has_arguments()
    if isinstance(receiver, Instance) and isinstance(receiver.resource, Seq) and run.bare:
        func, settings = receiver.resource.items
        if settings is not NONE and not _harmless(settings):  # by now
            run.has_arguments()
        run.call(func, Args(), node)
    return UNKNOWN


@special
def typer_default(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`typer.Option(default)`: what stands for it in the parameters is the default, as a text or as the path that it is to be."""
    run.lacking = run.lacking or run.bare
    if args.more or {"callback", "envvar", "default_factory", "parser", "click_type", "prompt"} & set(args.named):
        run.has_arguments()
    if not run.bare:
        return UNKNOWN
    default = args.get(0, "default")
    if default is None or (isinstance(default, Const) and default.value is Ellipsis):
        return ABSENT
    return _text_or_path(default)


def _text_or_path(default: Value) -> Value:
    """A text that typer may make a path of, by the annotation."""
    texts = [one for one in options(default) if isinstance(one, Text) or _is_text(one)]
    return union([default, *[Instance("pathlib.Path", join_paths([one]), one.taint) for one in texts]])


@special
def typer_command(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.lacking = run.lacking or run.bare
    if args.more or "cls" in args.named or not _harmless(args.named.get("context_settings")):
        run.has_arguments()
    func = args.get(0)
    if not run.bare:
        run.callbacks(args, node, row.name)
        return UNKNOWN
    if not isinstance(func, Function):
        return Instance("typer.Decorator")
    func.defaults = {name: _text_or_path(value) for name, value in func.defaults.items()}
    return func


@special
def typer_app(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.lacking = run.lacking or run.bare
    if args.more or {"cls", "context_settings", "callback", "default"} & set(args.named):
        run.has_arguments()
    return Instance("typer.App")


@special
def typer_run(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    typer_command(run, row, args, node, receiver)
    if run.bare and isinstance(func := args.get(0), Function):
        run.call(func, Args(), node)
    return UNKNOWN


@special
def typer_call(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if args.all():
        run.has_arguments()
    return UNKNOWN
