"""Methods, without a line in the tables, of objects that libraries gave: a verb in the name says whether they write or read a file.

A library that only computes has models, tables and pictures to be saved, each by a method of its own; one rule for all of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from guard.analyse.python.rows import Rows
from guard.analyse.python.values import Args, Const, Dict, Foreign, Function, Instance, Ref, Seq, Text, Value, known_text, options
from guard.analyse.python.vocabulary import SAVES
from guard.model import Kind

RULE = "py-save"
_WRITES = re.compile(r"save\w*|(?:write|dump|export|persist)(?:_\w+|[A-Z]\w*)?|\w+_to_(?:file|disk)")
_CONVERTS = re.compile(r"to_[a-z]\w*")
_FORMATS = re.compile(
    r"to_(?:csv|json|parquet|excel|pickle|feather|hdf5?|html|xml|latex|markdown|file|disk|path|zarr|netcdf|orc|stata|yaml|toml|npz|image|pdf|png|svg)"
)
_READS = re.compile(r"(?:load|read|restore)(?:_\w+|[A-Z]\w*)?|from_(?:file|path|disk|pretrained)")
_FILE_NAME = re.compile(r"[^\s<>{}]*(?:/[^\s<>{}]*|\.[A-Za-z]\w{0,6})")
_PATHS = frozenset(
    "path filename file_name fname file filepath file_path fp f output out output_path path_or_buf buf directory folder dest".split()  # noqa: SIM905
)
_ON_SCREEN = frozenset({"tqdm", "rich", "click", "colorama", "termcolor", "blessed", "prettytable"})
"""Libraries whose `write` writes to the terminal, and whose `export_text` gives what was shown there."""


def touches(run: Rows, library: str, name: str, args: Args, node: ast.AST) -> None:
    """What calling the method `name` of an object of `library` does to files."""
    if (_WRITES.fullmatch(name) or name in SAVES) and not (name == "write" and library in _ON_SCREEN):
        _write(run, library, name, args, node)
    elif _CONVERTS.fullmatch(name):
        for value in _paths(args):
            text = known_text(value)
            if _names_file(value) if text is None or not _FORMATS.fullmatch(name) else bool(text):
                run.file_effect(Kind.FS_WRITE, value, node, RULE)
    elif _READS.fullmatch(name):
        for value in _paths(args):
            if _names_file(value):
                run.file_effect(Kind.FS_READ, value, node, RULE)


def _write(run: Rows, library: str, name: str, args: Args, node: ast.AST) -> None:
    given = list(_paths(args))
    if any((isinstance(value, Instance) and value.cls != "pathlib.Path") or isinstance(value, Ref) for value in args.all()):
        return  # into something that is open already
    paths = [value for value in given if _could_be_path(value, name)]
    for value in paths:
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
