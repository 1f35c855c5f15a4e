"""Texts of the program that lead up in the tree of folders, and go into things that nobody follows: tables, databases, configurations.

They come out of there again under other names, whole or in parts, and a name that is found is no step up otherwise. So where a program
puts such a text into something, a path of it that ends in what is found may lead anywhere.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from functools import lru_cache

from guard import path_rules
from guard.analyse.python.likeness import held_in
from guard.analyse.python.parse import nodes
from guard.analyse.python.state import Report
from guard.analyse.python.values import (
    CLIMBING,
    UNKNOWN,
    Args,
    Const,
    Dict,
    Foreign,
    Found,
    Function,
    Instance,
    Method,
    Partial,
    Ref,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    is_number,
    known_text,
    text,
)
from guard.analyse.python.vocabulary import PARSER_TEXTS
from guard.model import Facts, Kind

STEP = re.compile(r"(?:^|[/\\'\"`\s=(,;|&>:])\.\.(?:[/\\'\"`<]|$)")
"""A step up, as a text of its own or in the text of a statement or a document."""

_DOTS = r"'[./]{0,40}\.[./]{0,40}'"
_SPELT = re.compile(
    rf"(?i)\b(?:n?char|chr|unhex|printf|format)\s*\([^)]{{0,200}}(?:46|2e)"
    rf"|\b(?:replace|replicate|repeat|printf|format)\s*\([^)]{{0,200}}{_DOTS}\s*(?:,\s*\d+\s*)?\)|{_DOTS}\s*\|\||\|\|\s*{_DOTS}"
    r"|\bselect\b[^;]{0,400}?(?:'[^'\n]{0,40}\.\.[^'\n]{0,40}'|\bx'[0-9a-f]{0,40}2e|\bchar\s*\(|'\.'\s*\)|\\u002e"
    r"|(\b[\w(),.]{1,40})\s*\|\|\s*\1)"
)
"""The same in SQL, put together there."""

_LETTERS = frozenset({"builtins.chr", "builtins.bytes", "builtins.bytearray"})
"""What makes texts of numbers."""

_PIECES = frozenset({".", "./", "/."})
"""What makes a step up of itself, said twice."""

_SIGNS = frozenset({"marker", "fmt", "linestyle", "ls", "sep", "decimal", "delimiter", "thousands", "end", "na_values"})
"""Arguments that say how something is drawn or written down."""

_MEANS_DOTS = frozenset({"re", "matplotlib", "seaborn", "plotly", "bokeh", "altair", "pylab", "cv2", "tkinter", "turtle"})
"""Libraries to which a dot is a sign for something."""

_FLEETING = frozenset({Unknown, Found, Foreign})
_SHOWS = frozenset({"builtins.str", "builtins.repr", "json.dumps"})
_BYTES = frozenset({"builtins.bytes", "builtins.bytearray"})
_MOST_KEPT = 32
_MOST = 256


class Stowing(Report):
    """What is put away, and the paths that it may come back in."""

    __slots__ = ("hollow", "hooked", "lent", "spelt", "stowed")

    def __init__(self, facts: Facts, depth: int) -> None:
        super().__init__(facts, depth)
        self.hollow: dict[Kind, tuple[ast.AST, str]] = {}
        """What is done with a path of which the end is found, and where first."""
        self.hooked = False
        """Whether printing, comparing or forgetting an object of the program may call what it defines."""
        self.lent: list[tuple[Seq | Dict, list[Value], ast.AST]] = []
        """Containers that hold the arguments of what a library calls later, and what was in them by then."""
        self.spelt = False
        """Whether the program writes down a text that leads up, and makes something of it."""
        self.stowed = False
        """Whether a text that leads up went where nobody follows it."""

    def stow(self, values: Iterable[Value], *, pieces: bool = True) -> None:
        """Some values go into something that gives them back in its own way; `pieces`: dots alone count, too."""
        if self.careful and not self.stowed:
            self.stowed = leads_up(values, pieces=pieces)

    def give(self, args: Args, library: str) -> None:
        """Arguments go to a library."""
        if self.careful and not self.stowed:
            given = [*args.positional, *(value for name, value in args.named.items() if name not in _SIGNS)]
            self.stow([*given, args.rest] if args.more else given, pieces=library not in _MEANS_DOTS)

    def kept_in(self, receiver: Const | Text | Seq | Dict, name: str) -> Value:
        """An attribute of a text or container, or of what a library made of it, and keeps it in: an enumeration, `contextlib.closing`."""
        if is_method(name):
            return Method(receiver, name)
        if not isinstance(receiver, Dict):
            self.stow((receiver,))
        return receiver if isinstance(receiver, (Const, Text)) else Method(receiver, name)

    def told(self, name: str, args: Args) -> Value | None:
        """What a builtin tells of a container, or of a library's numbers, where that may be a step up."""
        first = args.get(0)
        if name in _SHOWS and self.careful and isinstance(first, (Seq, Dict, Partial)) and leads_up(args.all()):
            return text(CLIMBING, args.taint)
        return UNKNOWN if name in _BYTES and isinstance(first, Foreign) else None

    def file_effect(self, kind: Kind, value: Value | None, node: ast.AST, rule: str, *, folder: bool = False, certain: bool = True) -> None:
        super().file_effect(kind, value, node, rule, folder=folder, certain=certain)
        if kind not in self.hollow and value is not None and _ends_in_found(value):
            self.hollow[kind] = node, rule

    def lend(self, names: Iterable[str], params: tuple[str, ...], values: Iterable[Value | None], node: ast.AST) -> None:
        """A library keeps containers under the names of some parameters, and looks into them when something runs."""
        for name, value in zip(names, values, strict=False):
            if isinstance(value, (Seq, Dict)) and isinstance(node, ast.Call) and not isinstance(_said(node, name, params), _DISPLAYS):
                self.lent.append((value, held_in(value), node))

    def remember(self, held: Dict, content: object) -> None:
        """A mapping was changed that somebody looked into, who may look into it again between this change and another one: in a thread, or
        in a method that printing calls."""
        if isinstance(content, dict):
            for key, old in content.items():
                if held.items.get(key) is not old and type(old) not in _FLEETING and not is_number(old) and len(held.rest) < _MOST_KEPT:
                    held.put([old])

    def replaced(self, held: Value, key: Value) -> None:
        """Something else comes under a key: between the two, a method may have looked that nobody calls by its name."""
        old = held.items.get(key.value) if self.hooked and isinstance(held, Dict) and isinstance(key, Const) else None
        if isinstance(held, Dict) and old is not None and _leads_away(old) and len(held.rest) < _MOST_KEPT:
            held.put([old])

    def come_back(self) -> None:
        """When all was read: what was put away may be in any path that ends in what is found."""
        for lent, held, node in self.lent:
            if list(map(id, held_in(lent))) != list(map(id, held)):
                self.opaque(node, "changes the arguments of what was to be called with them", "py-callback")
        outside = {one.kind for one in self.effects.values() if not path_rules.in_workspace(one.resource.name, self.facts)}
        told = any(kind.value.startswith("fs.") for kind in outside)  # what the program writes down is seen where that leads
        for kind, (node, rule) in self.hollow.items() if self.stowed or (self.spelt and not told) else ():
            if kind not in outside:
                super().file_effect(kind, UNKNOWN, node, rule, certain=False)


def leads_up(values: Iterable[Value], *, pieces: bool = True) -> bool:
    """Whether there is a text in some values that leads up in the tree of folders; of what is much, as far as it is looked through."""
    waiting = list(values)
    for _ in range(_MOST):
        if not waiting:
            return False
        one = waiting.pop()
        kind = type(one)
        if kind is Union:
            waiting += one.options  # type: ignore[attr-defined]
        elif kind is Seq or kind is Dict:
            waiting += held_in(one)  # type: ignore[arg-type]
            waiting += map(Const, one.items) if kind is Dict else ()  # type: ignore[attr-defined]
        elif kind is Partial:
            waiting += one.args.all()  # type: ignore[attr-defined]
        else:
            said = known_text(one) if kind is Const else one.filled("x") if isinstance(one, Text) else None
            if said is not None and (
                (pieces and said in _PIECES) or (".." in said and (pieces or said != "..") and STEP.search(said)) or _SPELT.search(said)
            ):
                return True
            if kind is Ref and one.name in _LETTERS:  # type: ignore[attr-defined]
                return True
    return False


def _leads_away(value: Value) -> bool:
    """Whether a value is a path out of the workspace, perhaps, or something to be called."""
    said = known_text(value) if type(value) is Const else value.prefix if isinstance(value, Text) else None
    return type(value) in _CALLED if said is None else said.startswith(("/", "~", ".")) or ".." in said


_CALLED = frozenset({Ref, Method, Partial, Function})


def says_steps(tree: ast.AST) -> bool:
    """Whether a program writes down a text that leads up, and not only to compare another one with it or to show it: whatever way it goes
    from there, it may be part of a path in the end."""
    steps = [one for one in nodes(tree) if type(one) is ast.Constant and _is_step(one.value)]
    if not steps:
        return False
    aside = {id(part) for one in nodes(tree) if type(one) in _ASIDE for part in _aside(one)}
    return any(id(one) not in aside for one in steps)


def _is_step(said: object) -> bool:
    said = said.decode("latin-1") if type(said) is bytes else said
    return type(said) is str and ".." in said and STEP.search(said) is not None


def _aside(node: ast.AST) -> Iterable[ast.AST]:
    """Expressions below one that nothing is made of."""
    if isinstance(node, ast.Expr):
        return (node.value,)
    if isinstance(node, ast.Compare):
        return [part for one in (node.left, *node.comparators) for part in (one, *getattr(one, "elts", ()))]
    if isinstance(node, ast.keyword):
        return (node.value,) if node.arg in _SIGNS or node.arg in PARSER_TEXTS else ()
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.args if node.func.id == "print" and not node.keywords else ()
        if isinstance(node.func, ast.Attribute) and node.func.attr in _ASKED:
            return node.args[:1]
    return ()


_ASIDE = frozenset({ast.Expr, ast.Compare, ast.keyword, ast.Call})
_ASKED = frozenset(
    "startswith endswith find rfind index rindex count split rsplit strip lstrip rstrip partition rpartition removeprefix "  # noqa: SIM905
    "removesuffix replace compile match fullmatch search findall finditer sub subn".split()
)
"""Methods, and functions of `re`, that look for their first argument."""


def _ends_in_found(value: Value, depth: int = 0) -> bool:
    if type(value) is Union:
        return any(_ends_in_found(one, depth) for one in value.options)
    if isinstance(value, Instance) and value.resource is not None and depth < 4:
        return _ends_in_found(value.resource, depth + 1)
    if isinstance(value, Seq) and depth < 4:
        return any(_ends_in_found(one, depth + 1) for one in value.items[:8])
    return isinstance(value, Text) and bool(value.prefix) and None in value.parts


_DISPLAYS = (ast.Tuple, ast.List, ast.Dict, ast.ListComp, ast.DictComp)
"""Containers that nobody else has a name for."""


def _said(node: ast.Call, name: str, params: tuple[str, ...]) -> ast.expr | None:
    """What stands for a parameter in a call."""
    position = params.index(name) if name in params else len(node.args)
    return next((one.value for one in node.keywords if one.arg == name), node.args[position] if position < len(node.args) else None)


@lru_cache(maxsize=1 << 12)
def is_method(name: str) -> bool:
    """Whether texts, numbers or containers have an attribute of this name."""
    return any(hasattr(one, name) for one in _PLAIN)


_PLAIN = (str, bytes, bytearray, int, float, complex, list, tuple, dict, set, frozenset, range, deque, defaultdict, OrderedDict, Counter)
