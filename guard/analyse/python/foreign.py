"""Things of libraries that only compute, where the tables have no line: what the name and the arguments say about files and the network.

A library that only computes has models, tables and pictures to be saved and read, each in a way of its own; here is one rule for all of
them. For a function the name and a text that stands there must both say so; of an object that a library gave, the name of a method alone
can, since nothing but writing is meant by it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from guard.analyse.python.rows import Rows
from guard.analyse.python.special.frames import mathematical
from guard.analyse.python.values import (
    UNKNOWN,
    Args,
    Const,
    Dict,
    Foreign,
    Function,
    Instance,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    known_text,
    options,
)
from guard.analyse.python.vocabulary import NAMES_ONLY, SAVES
from guard.model import Kind

RULE = "py-save"
_WRITES = re.compile(
    r"[sS]ave\w*|write(?:_\w+|[A-Z]\w*|to)?|(?:dump|export|persist|serialize)(?:_\w+|[A-Z]\w*)?|(?:Write|Dump|Export)\w*|\w+_to_(?:file|disk)"
)
_WRITERS = re.compile(r"\w*(?:Writer|Exporter|_writer)|\w+To\w*File")
_CONVERTS = re.compile(r"to_[a-z]\w*")
_GIVES = re.compile(
    r"to_(?:(?:py)?datetime|timedelta|period|timestamp|julian_date|offset|numeric|numpy\w*|list|dicts?|records|frame|series|array|categorical"
    r"|tensor|sparse|dense|rgba?|rgba_array|hex|device|directed|undirected)"
)
"""Those of the functions that convert whose result is all that they make: a text that looks like a file's name is a date to them."""
_FORMATS = re.compile(
    r"to_(?:csv|json|parquet|excel|pickle|feather|hdf5?|html|xml|latex|markdown|file|disk|path|zarr|netcdf|orc|stata|yaml|toml|npz|image|pdf|png|svg)"
)
_READS = re.compile(r"(?:[lL]oad|[rR]ead|restore|parse|open)(?:_\w+|[A-Z]\w*)?|\w*Reader|from_(?:file|path|disk|pretrained)")
_RUNS = re.compile(
    r"system|popen\w*|spawn\w*|exec_\w+|run_(?:command|code|shell|string)|import_\w+|load_(?:\w*library|module|extensions?|plugins?|setuptools_\w+|entry\w*)|shell"
    r"|\w*subprocess\w*|submit_form|start_server|serve(?:_forever)?|rebuild|webdoc|xinclude|xslt|\w*_in_browser|install(?:_(?!repl)\w+|[A-Z]\w*)|clear_\w*(?:home|dir)"
)
_DOWNLOADS = re.compile(r"(?:fetch|download|upload)_\w+|download|upload|urlopen|urlretrieve")
_FETCHES = re.compile(r"\w*(?:read|load|open|parse|imread|connect|[cC]lient|use|remote|[sS]ession|init|context)\w*|from_\w+|get")
_PICKLES = frozenset({"gensim", "statsmodels", "nltk", "surprise", "annoy"})
"""Libraries whose `load` unpickles."""
_STREAMS = frozenset({"gensim"})
"""Libraries that open whatever names a place, a URL too."""
_NUMBERS = frozenset({"Rational", "Integer", "Float", "Number"})
"""Classes of sympy that are made of the text of a number, and of no other."""
_LABELS = frozenset({"title", "label", "xlabel", "ylabel", "zlabel", "name", "mode", "method", "symbol_names"})
_REFERS = frozenset({"apscheduler"})
"""Libraries that take a text for the name of a function, with its module."""
_STORES = frozenset({"rtree.index.Index", "rtree.index.Rtree", "rtree.Rtree", "rtree.Index"})
"""Things that live in a file if one is named."""
_REACHING = re.compile(r"__\w|\b(?:open|exec|eval|compile|getattr|globals|locals|vars|breakpoint)\s*\(")
_REFERENCE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_FILE_NAME = re.compile(r"[^\s<>{}]*(?:/[^\s<>{}]*|\.[A-Za-z]\w{0,6})")
_OUTSIDE = re.compile(
    r"(?:~/|\.\./|/(?:etc|home|root|var|proc|sys|opt|tmp|mnt|srv|Users|run|usr|dev|data|media|boot|lib|Library|Applications|Volumes|private)/"
    r"|[A-Za-z]:[\\/]|\\\\)[^\s<>{}]*"
)
_SAYS = re.compile(
    r"(?:api_|websocket_)?route|add_(?:url_rule|api_route|row|column)|websocket|mount|s?echo|print|(?:starts|ends)with|contains|isin"
)
"""Functions, of whatever library, that are told a text and give it to nobody: where visitors go, what is shown, what is compared."""
_ROUTES = re.compile(r"get|post|put|delete|patch|options|head")
_ROUTED = frozenset({"fastapi", "sanic"})
"""Libraries of which these take, alone, where visitors go."""
_URL = re.compile(r"(?:https?|ftp|tcp|wss?|s3|gs|hdfs)://\S+")
_PATHS = frozenset(
    "path filename file_name fname file filepath file_path fp f output out output_path path_or_buf buf directory folder dest".split()  # noqa: SIM905
)
_TO = re.compile(
    r"(?:to|out|output|save|log|cache|train|dump|export|dest|checkpoint)_?(?:file|dir|path|folder|filename)|outfile|save_to|memory"
)
"""Arguments that by their names say where something is written."""
_ON_SCREEN = frozenset({"tqdm", "rich", "click", "colorama", "termcolor", "blessed", "prettytable"})
"""Libraries whose `write` writes to the terminal, and whose `export_text` gives what was shown there."""


def touches(run: Rows, library: str, name: str, args: Args, node: ast.AST) -> None:
    """What calling the method `name` of an object of `library` does."""
    if (_WRITES.fullmatch(name) or name in SAVES) and not (name == "write" and library in _ON_SCREEN):
        _write(run, library, name, args, node)
    else:
        if _DOWNLOADS.fullmatch(name):
            run.connect(None, None, node, RULE)
        _uses(run, library, name, args, node)


def tells(name: str) -> bool:
    """Whether a method of this name may do something outside, whoever calls it."""
    return name in SAVES or any(form.fullmatch(name) for form in (_WRITES, _CONVERTS, _RUNS, _DOWNLOADS))


def uses(run: Rows, name: str, args: Args, node: ast.AST) -> None:
    """What calling a function or class of a library, by its dotted name, does."""
    library, last = name.partition(".")[0], name.rpartition(".")[2]
    if (makes := bool(_WRITERS.fullmatch(last)) or name in _STORES) or _WRITES.fullmatch(last):
        for value in args.all():
            if _names_file(value) or (known_text(value) is not None and makes):
                run.file_effect(Kind.FS_WRITE, value, node, RULE)
    elif library in _PICKLES and last.startswith("load"):
        run.opaque(node, "unpickles data, which can run any code", RULE)
    elif last == "test" and name.count(".") == 1:
        run.opaque(node, f"runs the tests of {library}", RULE)
    else:
        _uses(run, library, last, args, node)


def _uses(run: Rows, library: str, name: str, args: Args, node: ast.AST) -> None:
    if _RUNS.fullmatch(name):
        run.opaque(node, f"calls {name} of {library}, which by its name runs or loads code", RULE)
    elif _CONVERTS.fullmatch(name) and not _GIVES.fullmatch(name):
        for value in _paths(args):
            text = known_text(value)
            if _names_file(value) if text is None or not _FORMATS.fullmatch(name) else bool(text):
                run.file_effect(Kind.FS_WRITE, value, node, RULE)
    run.trusts(args, node)
    for keyword, value in args.named.items():
        if _TO.fullmatch(keyword) and (known_text(value) or _names_file(value)):
            run.file_effect(Kind.FS_WRITE, value, node, RULE)
    if library == "sympy" and (name not in NAMES_ONLY or not _is_name(args.named.get("cls"))):
        sympifies(run, name, args, node)
    for value in _each(args):
        place = (value.resource or UNKNOWN) if isinstance(value, Instance) and value.cls == "pathlib.Path" else value
        text = known_text(place) or (place.prefix if isinstance(place, Text) else "")
        if not text:
            if place is not value and _READS.fullmatch(name):
                run.file_effect(Kind.FS_READ, value, node, RULE)
            continue
        if library == "numba" and _REACHING.search(text):
            run.opaque(node, "evaluates text that reaches into the interpreter", RULE)
        elif library in _REFERS and _REFERENCE.fullmatch(text):
            run.opaque(node, f"imports {text}", RULE)
        elif _URL.fullmatch(text):
            if _FETCHES.fullmatch(name) or library in _STREAMS:
                run.http(Kind.HTTP_GET, value, node, RULE)
        elif text.startswith("module://"):
            run.opaque(node, "loads a module by a name in a text", RULE)
        elif (_READS.fullmatch(name) and _names_file(value)) or _tells_place(library, name, text, args):
            run.file_effect(Kind.FS_READ, value, node, RULE)


def _is_name(maker: Value | None) -> bool:
    """Whether what makes symbols of texts (`cls=`) evaluates none of them."""
    return maker is None or (isinstance(maker, Ref) and maker.name.rpartition(".")[2] in NAMES_ONLY)


def _tells_place(library: str, name: str, text: str, args: Args) -> bool:
    """Whether a text that a function is given is a place outside the workspace, and may be more to it than something to show."""
    if not _OUTSIDE.fullmatch(text) or _SAYS.fullmatch(name):
        return False
    return not (library in _ROUTED and _ROUTES.fullmatch(name) and len(args.positional) == 1)


def _each(args: Args) -> Iterator[Value]:
    """The arguments, and what stands in those that are lists."""
    for value in args.all():
        yield from value.items if isinstance(value, Seq) else options(value)


def _write(run: Rows, library: str, name: str, args: Args, node: ast.AST) -> None:
    if any((isinstance(value, Instance) and value.cls != "pathlib.Path") or isinstance(value, Ref) for value in args.all()):
        return  # into something that is open already
    later = [value for value in args.positional[1:] if isinstance(value, Instance)]
    for value in (*_paths(args), *later):
        if _could_be_path(value, name):
            run.file_effect(Kind.FS_WRITE, value, node, RULE)
    if not args.all() and name not in ("write", "dump") and library not in _ON_SCREEN:
        run.opaque(node, f"calls {name} of something of {library}, which by its name writes somewhere", RULE)


def _paths(args: Args) -> Iterator[Value]:
    """The arguments that may name a file: the first, and those that are called so."""
    for value in (*args.positional[:1], *(value for name, value in args.named.items() if name in _PATHS)):
        yield from options(value)


def _could_be_path(value: Value, name: str) -> bool:
    text = known_text(value)
    if text is not None:
        return bool(text) and not any(char.isspace() for char in text.strip()) if name == "write" else bool(text)
    if isinstance(value, Const):
        return False
    if isinstance(value, Text) and name == "write":
        return _names_file(value)
    return not isinstance(value, (Dict, Seq, Function, Foreign))


def _names_file(value: Value) -> bool:
    if isinstance(value, Instance):
        return value.cls == "pathlib.Path"
    text = known_text(value)
    if text is None and isinstance(value, Text):
        text = value.filled("x")
    return text is not None and _FILE_NAME.fullmatch(text) is not None


def sympifies(run: Rows, name: str, args: Args, node: ast.AST) -> None:
    """Sympy makes expressions of the texts that its functions and methods are given, by evaluating them."""
    waiting = [
        *args.positional,
        *(value for keyword, value in args.named.items() if keyword not in _LABELS),
        *([args.rest] if args.more else []),
    ]
    seen = set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        for one in options(value):
            text = known_text(one)
            if isinstance(one, Seq):
                waiting += one.items
            elif isinstance(one, Dict):
                waiting += [*one.items.values(), *one.rest, *map(Const, one.items)]
            elif text is not None and not mathematical(text):
                run.opaque(node, "evaluates text that is more than a formula", RULE)
            elif isinstance(one, Text) or (name not in _NUMBERS and type(one) is Unknown and one.taint):
                run.opaque(node, "evaluates text that it builds while running", RULE)
