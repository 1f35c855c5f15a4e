"""Opening files: the mode says whether that reads, writes or creates."""

from __future__ import annotations

import ast

from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.paths import below
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    TAINTED,
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
    Value,
    known_text,
    options,
    union,
)
from guard.model import Kind


def _file(path: Value | None, taint: bool) -> Value:
    return Instance("io.File", path if path is not None else UNKNOWN, taint)


def _open(run: Calls, row: Row, args: Args, node: ast.AST, path: Value | None, mode: Value | None) -> Value:  # noqa: PLR0917 - what all rules are given, and two more
    modes = dict.fromkeys(known_text(option) for option in options(mode)) if mode is not None else {"r": None}
    taint = False
    for one in modes:
        if isinstance(path, Instance) and path.cls in ("os.Fd", "io.Memory"):
            continue
        if one is None:
            run.file_effect(Kind.FS_READ, path, node, row.rule, certain=False)
            run.file_effect(Kind.FS_WRITE, path, node, row.rule, certain=False)
        elif "x" in one:
            run.file_effect(Kind.FS_CREATE, path, node, row.rule)
        elif any(letter in one for letter in "wa+"):
            if "+" in one:
                run.file_effect(Kind.FS_READ, path, node, row.rule)
            run.file_effect(Kind.FS_WRITE, path, node, row.rule)
        else:
            run.file_effect(Kind.FS_READ, path, node, row.rule)
        taint = taint or one is None or "r" in one or "+" in one
    if row.result and row.result != "io.File":
        return Instance(row.result, path, taint)
    return _file(path, taint)


@special
def text(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What comes in on standard input: text, of which nothing is known."""
    return Text((None,))


@special
def open_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = run.given(row.params[0], row, args, receiver)
    opener = args.named.get("opener")
    if opener is not None:
        run.call(opener, Args([path if path is not None else UNKNOWN], more=True), node)
    mode = run.given("mode", row, args, receiver)
    if mode is None and args.more:
        mode = UNKNOWN
    if path is None and "fileobj" in args.named:
        return Instance(row.result, args.named["fileobj"])
    return _open(run, row, args, node, path, mode)


@special
def open_binary(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return open_(run, row, args, node, receiver)


@special
def path_open(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    mode = args.get(0, "mode")
    return _open(run, row, args, node, receiver, mode)


@special
def mmap(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Memory that is mapped for reading alone shows a file that is open already; any other map could change it, or hold code."""
    access = args.get(3, "access") if len(args.positional) < 3 else None
    if not (isinstance(access, Ref) and access.name == "mmap.ACCESS_READ") or args.more or {"prot", "flags"} & set(args.named):
        run.opaque(node, "maps memory or a file", row.rule)
    return TAINTED


@special
def numpy_memmap(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """An array that lies in a file: opened for reading and writing, unless it is told otherwise."""
    source = args.get(0, "filename")
    run.file_effect(Kind.FS_READ, source, node, row.rule)
    if known_text(args.get(2, "mode") or UNKNOWN) not in ("r", "c", "readonly", "copyonwrite"):
        run.file_effect(Kind.FS_WRITE, source, node, row.rule)
    return Foreign("numpy", True)


@special
def mailbox(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A mailbox is made where there is none, unless it is told not to."""
    path, create = args.get(0, "path"), args.get(2, "create")
    run.file_effect(Kind.FS_READ, path, node, row.rule)
    if args.more or not (isinstance(create, Const) and create.value is False):
        run.file_effect(Kind.FS_WRITE, path, node, row.rule, certain=False)
    return Instance(row.result, path, True)


@special
def dircmp(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Two folders that are compared, with what is below them: their names are those of files in the one and the other."""
    left, right = args.get(0, "a"), args.get(1, "b")
    for folder in (left, right):
        run.file_effect(Kind.FS_LIST, folder, node, row.rule, folder=True)
        run.file_effect(Kind.FS_READ, below(folder if folder is not None else UNKNOWN), node, row.rule)
    name = Text(("./", None))
    lists = ("list", "only", "files", "dirs")
    fields = [f"{side}_{one}" for side in ("left", "right", "same", "diff", "funny", "common") for one in lists]
    compared = Dict({one: Seq([name], exact=False) for one in [*fields, "common", "common_funny"]})
    for one, folder in (("left", left), ("right", right)):
        inside = folder if folder is not None else UNKNOWN
        compared.items[one] = union([inside, below(inside)])
    compared.items["subdirs"] = Dict({}, [compared], False, name)
    return compared


@special
def members(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What is in an archive."""
    return Seq([Instance("zipfile.ZipInfo", None, True)], exact=False)


@special
def os_open(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path, flags = args.get(0, "path"), args.get(1, "flags")
    if isinstance(flags, Ref) and flags.name.endswith("O_RDONLY"):
        run.file_effect(Kind.FS_READ, path, node, row.rule)
    else:
        run.file_effect(Kind.FS_WRITE, path, node, row.rule)
    return Instance("os.Fd", path, True)


@special
def temporary(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A temporary file or folder: in the box's private /tmp, unless `dir` says otherwise."""
    name = row.name.rpartition(".")[2]
    folder = args.get(_FOLDER_AT.get(name, 2), "dir")
    base = folder if folder is not None and not (isinstance(folder, Const) and folder.value is None) else Const("/tmp")  # noqa: S108 - where it would lie
    made = below(base)
    run.file_effect(Kind.FS_CREATE, made, node, row.rule)
    if name == "mkstemp":
        return Seq([Instance("os.Fd", made), made])
    return made if name in ("mkdtemp", "mktemp", "TemporaryDirectory") else _file(made, False)


_FOLDER_AT = {"NamedTemporaryFile": 6, "TemporaryFile": 6, "SpooledTemporaryFile": 7}
"""Which argument says the folder of a temporary file, where it is not the third."""


@special
def temp_folder(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Const("/tmp")  # noqa: S108 - where it would lie


@special
def extract(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(1 if row.name.endswith("extract") else 0, "path") or Const(".")
    run.file_effect(Kind.FS_WRITE, below(path), node, row.rule)
    return below(path)


@special
def extract_member(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_WRITE, below(args.get(1, "path") or Const(".")), node, row.rule)
    return UNKNOWN


@special
def log_file(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if "filename" in args.named:
        run.file_effect(Kind.FS_WRITE, args.named["filename"], node, row.rule)
    return UNKNOWN


@special
def log_sink(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    sink = args.get(0, "sink")
    if sink is not None and not isinstance(sink, (Ref, Function)):
        run.file_effect(Kind.FS_WRITE, sink, node, row.rule)
    return UNKNOWN


@special
def dotenv(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_READ, args.get(0, "dotenv_path") or Const(".env"), node, row.rule)
    return TAINTED


@special
def file_input(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    files = args.get(0, "files")
    if files is None:
        if not run.bare:
            run.file_effect(Kind.FS_READ, UNKNOWN, node, row.rule, certain=False)
        return UNKNOWN
    run.file_effect(Kind.FS_READ, files, node, row.rule)
    if "inplace" in args.named:
        run.file_effect(Kind.FS_WRITE, files, node, row.rule)
    return TAINTED
