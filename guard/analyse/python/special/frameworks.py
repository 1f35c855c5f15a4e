"""What frameworks are given by name, or in one of several ways."""

from __future__ import annotations

import ast
import re

from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.clouds import called_name
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    UNKNOWN,
    Args,
    Class,
    Const,
    Function,
    Instance,
    Module,
    Object,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    known_text,
    options,
)
from guard.model import Kind


@special
def named_object(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`config.from_object(...)` of a class or a module reads its attributes; of a text it imports what that names."""
    for option in options(args.get(0, "obj") or UNKNOWN):
        if not isinstance(option, (Class, Object, Instance, Module, Ref, Function)):
            run.opaque(node, "imports what a text names", row.rule)
    return None


@special
def spoken_command(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A command that is a list of words, or a text for the shell, with the words that come after it."""
    for option in options(args.get(0, row.params[0]) or UNKNOWN):
        words = [known_text(one) for one in (option, *args.positional[1:])]
        if isinstance(option, Seq):
            run.command(option, node, row.rule, args.taint)
        else:
            line = Const(" ".join(word for word in words if word is not None))
            run.shell(UNKNOWN if None in words or args.more else line, node, row.rule, args.taint)
    return None


@special
def displayed(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What a notebook is to show: a URL is fetched and a file read, wherever the program runs. Pictures by URL are fetched if embedded."""
    linked = row.name.endswith(("Image", "Video")) and "embed" not in args.named and not args.more
    for option in options(args.get(0, "data") or Const("")):
        start = known_text(option) or (option.prefix if isinstance(option, Text) else "")
        if start.startswith("http"):
            if not linked:
                run.http(Kind.HTTP_GET, option, node, row.rule)
        elif isinstance(option, (Const, Text, Unknown)) and isinstance(getattr(option, "value", ""), str) and not _MARKUP.search(start):
            run.file_effect(Kind.FS_READ, option, node, row.rule)  # a text that is the name of a file stands for it
    if (url := args.get(1, "url")) is not None and not linked:
        run.http(Kind.HTTP_GET, url, node, row.rule)
    if (name := args.get(2, "filename")) is not None:
        run.file_effect(Kind.FS_READ, name, node, row.rule)
    return None


_MARKUP = re.compile(r"[\n<{$]|^$|[^:]\s")
"""What is in a text that is shown, and hardly in the name of a file."""


@special
def tasked(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`@task`: whoever runs it calls the function with a context, whose methods run commands."""
    func = args.positional[0] if args.positional else UNKNOWN
    if not isinstance(func, Function):
        return Ref(row.name)
    run.call(func, Args([Instance(row.name.rpartition(".")[0] + ".Context")], {}, more=True), node)
    return func


@special
def named_program(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`sh.git.status("-s")`: attributes are the program and its first words."""
    words = called_name(run, node).removeprefix(row.name.removesuffix("*")).split(".")
    if not words[0] or words[0] in ("Command", "bake"):
        run.command(Seq(list(args.positional) or [UNKNOWN]), node, row.rule, args.taint)
    else:
        first = [Const(word.replace("_", "-")) for word in words if word not in ("bake", "run", "with_env")]
        run.command(Seq([*first, *args.positional], exact=not args.more), node, row.rule, args.taint)
    return None


@special
def pictured(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A page that a window shows: its pictures are fetched or read at once."""
    for option in options(args.get(0 if row.name.endswith("set_html") else -1, "html") or Const("")):
        page = known_text(option)
        if page is None and isinstance(option, (Text, Unknown, Instance)):
            run.http(Kind.HTTP_GET, UNKNOWN, node, row.rule)
        for source in _PICTURE.findall(page or ""):
            if "://" in source:
                run.http(Kind.HTTP_GET, Const(source), node, row.rule)
            else:
                run.file_effect(Kind.FS_READ, Const(source), node, row.rule)
    return None


_PICTURE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
