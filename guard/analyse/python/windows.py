"""Scripts of Tcl that a program gives to its windows as texts: in an option, for an event, in the database of options.

Every widget of tkinter has an interpreter of Tcl, which can start programs and open files. Where a function is expected, a text is a
script.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from guard.analyse.python.values import (
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Instance,
    Object,
    Partial,
    Ref,
    Seq,
    Super,
    Text,
    Unknown,
    Value,
    known_text,
    options,
)
from guard.analyse.python.vocabulary import WINDOWS

if TYPE_CHECKING:
    from guard.analyse.python.names import Names

RULE = "py-screen"

_OPTIONS = frozenset(
    {"command", "postcommand", "tearoffcommand", "validatecommand", "vcmd", "invalidcommand", "invcmd", "xscrollcommand", "yscrollcommand",
     "opencmd", "closecmd", "browsecmd", "create"}
)  # fmt: skip
"""Options of widgets that are scripts."""

_AT = {"bind": 1, "bind_all": 1, "bind_class": 2, "tag_bind": 2, "protocol": 1, "after": 1, "after_idle": 0}
"""Methods that are given a script, and as which argument."""

_CALM = re.compile(r"\s*|\+|(break|continue|bell|exit|destroy|focus|raise)(\s+[\w.%]+)*")
"""Scripts that end something or choose a window; "+" adds to the scripts of an event."""

_METHODS = frozenset(
    {"set", "get", "xview", "yview", "destroy", "quit", "invoke", "deiconify", "withdraw", "iconify", "focus", "focus_set", "lift",
     "update", "select", "deselect", "toggle", "start", "stop", "step", "edit_undo", "edit_redo", "mainloop"}
)  # fmt: skip
"""Methods of widgets that other widgets are given."""

_CLIPBOARD = re.compile(r"<<(Copy|Cut|Paste|PasteSelection|Clear)>>")


def given(run: Names, called: Value, name: str, args: Args, node: ast.Call) -> None:
    """What a call hands to the windows of the program: `called` is what is called, or what a method of this name is called on."""
    if isinstance(called, Partial):
        given(run, called.func, name, called.args, node)
    if not _could_be_of_windows(called, name):
        return
    if not name and isinstance(called, Ref):
        name = called.name.rpartition(".")[2]
    if name == "event_generate":
        for event in options(args.get(0, "sequence") or Const("")):
            known = known_text(event)
            if known is None or _CLIPBOARD.search(known):
                run.opaque(node, "sends an event that uses the clipboard, or that is not known", RULE)
    elif any(_is_script(run, *one) for one in _scripts(name, args, node)):
        run.opaque(node, "gives Tcl, which can start programs, to a window", RULE)


def option_set(run: Names, key: Value, value: Value, node: ast.AST) -> None:
    """`widget["command"] = value`."""
    if any(known_text(one) in _OPTIONS for one in options(key)) and _is_script(run, value):
        run.opaque(node, "gives Tcl, which can start programs, to a window", RULE)


def _could_be_of_windows(called: Value, name: str) -> bool:
    if isinstance(called, Ref):
        return called.name.partition(".")[0] in (*WINDOWS, "functools")
    if isinstance(called, (Class, Object)):
        cls = called.cls if isinstance(called, Object) else called
        return cls.foreign() is not None and cls.lookup(name or "__init__") is None
    return isinstance(called, (Unknown, Foreign, Instance, Super))


def _scripts(name: str, args: Args, node: ast.Call) -> Iterator[tuple[Value, ast.expr | None]]:
    """What Tcl would run of what a call is given, and where it is written."""
    written: list[ast.expr | None] = [*node.args[: len(args.positional)], *[None] * (len(args.positional) - len(node.args))]
    given_at = list(zip(args.positional, written, strict=True))
    for one in _OPTIONS.intersection(args.named):
        yield args.named[one], next((keyword.value for keyword in node.keywords if keyword.arg == one), None)
    for value in args.all():
        for option in options(value):
            if isinstance(option, Dict):
                yield from ((one, None) for key, one in option.items.items() if key in _OPTIONS)
    if name in _AT:
        at = _AT[name]
        yield from given_at[at : at + 1] if name.startswith("after") else given_at[at:]
        yield from ((args.named[one], None) for one in ("func", "callback") if one in args.named)
    elif name == "option_add" and len(args.positional) > 1:
        pattern = known_text(args.positional[0])
        if pattern is None or pattern.lower().endswith(("command", "cmd", "create")):
            yield given_at[1]
    elif not name:  # a method under another name
        for event, script in pairwise(given_at):
            if (known_text(event[0]) or "").startswith(("<", "WM_")):
                yield script


def _is_script(run: Names, value: Value, written: ast.expr | None = None) -> bool:
    for option in options(value):
        if isinstance(option, Seq) and option.items:
            option = option.items[0]  # noqa: PLW2901 - the first word is the command
        known = known_text(option)
        if known is not None:
            if not _CALM.fullmatch(known):
                return True
        elif isinstance(option, Text) or (isinstance(option, Unknown) and option.taint and not _is_method(run, written)):
            return True
    return False


def _is_method(run: Names, written: ast.expr | None) -> bool:
    """Whether what was read from outside is a widget that shows it, and this one of its methods."""
    if not (isinstance(written, ast.Attribute) and written.attr in _METHODS and isinstance(written.value, (ast.Name, ast.Attribute))):
        return False
    return all(isinstance(one, Instance) and one.cls.partition(".")[0] in WINDOWS for one in options(run.look(written.value)))
