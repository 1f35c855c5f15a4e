"""Texts that libraries evaluate: expressions of tables and of mathematics, and templates, which are code."""

from __future__ import annotations

import ast
import re

from guard.analyse.python import foreign
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.frames import calm, mathematical, variables
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import UNKNOWN, Args, Const, Foreign, Seq, Text, Unknown, Value, known_text, options
from guard.model import Kind

REACHING = re.compile(r"__|\b(?:import|open|exec|eval|compile|getattr|globals|locals|vars|breakpoint)\b")
"""Words of an expression that lead out of it."""


@special
def extensions(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Extensions of Markdown, Mistune or Jinja: a dotted name is a module that is imported."""
    if row.name.startswith("jinja2."):
        _syntax(run, row, args, node)
    given = args.named.get(row.params[-1])
    for value in given.items if isinstance(given, Seq) else ():
        name = known_text(value) or ""
        if "." in name and not name.startswith(("jinja2.ext.", "markdown.extensions.", "pymdownx.", "faker.providers.")):
            run.opaque(node, f"imports the extension {name}", row.rule)
    return None


_TEMPLATE_REACHES = re.compile(r"__|\|\s*attr\b|[\"']attr[\"']|\\[xu0-7]|[\"']_+[\"']")
"""What a template needs to get at the attributes that lead into the interpreter, or to write their names in another way."""

_BLOCK = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
_SUBSCRIPT = re.compile(
    r"[\w)\]}\"'](?<!\bin)(?<!\bor)(?<!\bnot)(?<!\band)(?<!\belse)(?<!\bif)\s*\["
    r"(?!\s*(?:-?\d*:?-?\d+|-?\d+:|[\"'][A-Za-z][\w -]*[\"'])\s*\])"
)
"""A subscript that is no constant name or number."""
_BY_NAME = re.compile(r"(?:\battribute\s*=|\b(?:groupby|selectattr|rejectattr)\s*\()\s*(?![\"'][\w. ]+[\"']\s*[,)])")


def _computes_names(template: str) -> bool:
    """Whether a template looks things up by names that it computes."""
    blocks = [one.group(1) for one in _BLOCK.finditer(template)]
    return any(one.count('"') % 2 or one.count("'") % 2 or _SUBSCRIPT.search(one) or _BY_NAME.search(one) for one in blocks)


def _syntax(run: Calls, row: Row, args: Args, node: ast.AST) -> None:
    """Whether templates are written with other signs than the usual ones, so that nobody knows what is code in them."""
    first = 0 if row.name.endswith("Environment") else 1
    if len(args.positional) > first or any(name.endswith(("_string", "_prefix")) for name in args.named):
        run.opaque(node, "renders templates that are written with signs of its own", row.rule)


@special
def expression(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Text that a library evaluates as an expression (DataFrame.query, sympify): harmless if it is known and calls nothing."""
    template = row.name.startswith("jinja2.")
    if template:
        _syntax(run, row, args, node)
    given = run.given(row.params[-1], row, args, receiver) if row.params else None
    rest = [one for one in args.all() if one is not given]
    if not template:
        run.lose(Seq(rest))  # namespaces, whose functions the text may call
    for value in [given] if given is not None else rest or [UNKNOWN]:
        for option in options(value):
            _evaluates(run, row, option, node)
    return None


def _evaluates(run: Calls, row: Row, option: Value, node: ast.AST) -> None:
    """What one of the texts does that an expression may be."""
    known = known_text(option)
    library = row.name.partition(".")[0]
    if library == "jinja2":
        if known is None:
            run.opaque(node, "renders a template that is only known when it runs, and a template is code", row.rule)
        elif known is not None and (_TEMPLATE_REACHES.search(known) or _computes_names(known)):
            run.opaque(node, "renders a template that reaches into the interpreter", row.rule)
    elif known is None:
        unknown = isinstance(option, Text) or option.taint or library == "numexpr"
        if unknown or (library == "pandas" and isinstance(option, Unknown) and not isinstance(option, Foreign)):
            run.opaque(node, "evaluates text that it builds while running", row.rule)
    elif REACHING.search(known) or not _computes(run, row, library, known):
        run.opaque(node, "evaluates text that reaches into the interpreter", row.rule)


def _computes(run: Calls, row: Row, library: str, known: str) -> bool:
    if library == "sympy":
        return mathematical(known)
    if library != "pandas":
        return "@" not in known
    for name in variables(known):
        run.lose(run.lookup(name))  # its operators are called
    return calm(known, columns="DataFrame" in row.name)


@special
def plotted(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`sympy.plot` makes expressions of texts."""
    foreign.sympifies(run, "plot", args, node)
    return None


@special
def frame_sql(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """SQL over tables in memory, which can name files all the same."""
    for option in options(args.get(0, "query") or UNKNOWN):
        known = known_text(option)
        if known is None or _FILES.search(_REMARK.sub(" ", known)):
            run.opaque(node, "runs SQL that may read files", row.rule)
    run.stow(args.all())
    return None


_FILES = re.compile(r"(?i)\b(?:read|scan)_\w+\s*\(|\b(?:from|join|copy|attach|install|load)\s+['\"]")
"""What SQL says to read a file, or native code."""
_REMARK = re.compile(r"/\*.*?(?:\*/|$)|--[^\n]*", re.S)


@special
def document(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """XML in a text, of which entities may be files."""
    run.stow(args.all())
    for option in options(args.get(0, row.params[0]) or UNKNOWN):
        parts = list(option.look()) if isinstance(option, Seq) else [option]
        said = "".join([_said(part) for one in parts for part in options(one)]).replace("\0", "")  # of two bytes a letter, one is none
        made = any(type(one) is Unknown and not one.taint for one in parts)
        if made or ("<!ENTITY" in said and ("SYSTEM" in said or "PUBLIC" in said)):
            run.file_effect(Kind.FS_READ, UNKNOWN, node, row.rule)
    return None


def _said(value: Value) -> str:
    if isinstance(value, Const) and isinstance(value.value, bytes):
        return value.value.decode("latin-1")
    return known_text(value) or (value.filled("x") if isinstance(value, Text) else "")
