"""Paths put together and taken apart, and folders listed: each result is again a path known as far as possible."""

from __future__ import annotations

import ast
import posixpath
import re

from guard.analyse.python import fold
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import (
    CLIMBING,
    FOUND,
    UNKNOWN,
    Args,
    Const,
    Instance,
    Part,
    Seq,
    Text,
    Value,
    climbs,
    known_text,
    leaves,
    options,
    parts_of,
    text,
    union,
)
from guard.model import Kind


def below(folder: Value) -> Value:
    """A path somewhere in a folder."""
    return union([text((*_folder_parts(option), None)) for option in options(folder)])


def _folder_parts(value: Value) -> tuple[Part, ...]:
    parts = parts_of(value)
    if parts and parts[-1] is not None and not parts[-1].endswith("/"):
        return (*parts[:-1], parts[-1] + "/")
    return parts


def join_paths(values: list[Value]) -> Value:
    """posixpath.join of values known in part."""
    combined: list[tuple[Part, ...]] = [()]
    taint = any(value.taint for value in values)
    for value in values:
        ways = [parts_of(option) for option in options(value)]
        if len(ways) * len(combined) > 12:
            if leaves([value]):
                return text(CLIMBING, taint)
            ways = [(None,)]
        combined = [_joined(head, tail) for head in combined for tail in ways]
    return union([text(parts, taint) for parts in combined])


def _joined(head: tuple[Part, ...], tail: tuple[Part, ...]) -> tuple[Part, ...]:
    first = tail[0] if tail else ""
    if tail == ("./", None) and head:  # a name in a folder
        if head[-1] is None and len(head) > 1:
            return head  # what lies below a folder, and a name in that: lies below the folder
        tail = (None,)
    if not head or (first is not None and first.startswith("/")):
        return tail
    last = head[-1]
    if last is not None and last and not last.endswith("/"):
        head = (*head[:-1], last + "/")
    elif last is None:
        head = (*head, "/")
    return (*head, *tail)


@special
def join(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    values = _given(args)
    return join_paths(values) if values else UNKNOWN


def _given(args: Args) -> list[Value]:
    """What paths are joined of. Of those that `*` gives nobody knows how many they are."""
    if not args.more:
        return args.positional
    return [*args.positional, text(CLIMBING if climbs(args.positional) or leaves([args.rest]) else parts_of(args.rest))]


@special
def look(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, args.get(0, "path"), node, row.rule)
    return args.get(0, "path") if row.name.endswith("realpath") else FOUND


@special
def look_self(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, receiver, node, row.rule)
    return FOUND


@special
def path_text(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    value = args.get(0, "path") or UNKNOWN
    if row.name.endswith("expandvars"):
        for name in re.findall(r"\$\{?(\w+)", "".join(known_text(option) or "" for option in options(value))):
            run.variable(Const(name), node, "py-environment")
        return text((None,)) if any("$" in (known_text(option) or "$") for option in options(value)) else value
    return union([_absolute(run, option) for option in options(value)]) if row.name.endswith("abspath") else value


def _absolute(run: Calls, path: Value) -> Value:
    """The path as seen from the root, where that is known."""
    known = known_text(path)
    return Const(posixpath.join(run.facts.mount, known)) if known is not None and run.cwd is None and known[:1] != "~" else path


@special
def path_part(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    value = args.get(0, "p") or UNKNOWN
    return union([_path_part(row.name.rpartition(".")[2], option) for option in options(value)])


def _path_part(name: str, value: Value) -> Value:
    known = known_text(value)
    if known is not None:
        result = fold.constant(getattr(posixpath, name)(known), value.taint)
        return result if result is not None else UNKNOWN
    if isinstance(value, Text) and name == "dirname":
        return _above(value)
    if name in ("split", "splitext"):
        return Seq([value if name == "splitext" else _path_part("dirname", value), Text(("./", None)) if name == "split" else FOUND])
    return Text(("./", None), value.taint) if name == "basename" else UNKNOWN


def _above(value: Text) -> Value:
    """The folder in which a path known in part lies: of an unknown name the folder before it, and above that a step up."""
    last = value.parts[-1]
    if last is None:
        return text((*value.parts, "/."), value.taint)
    head, slash, name = last.rpartition("/")
    if slash and name not in ("", ".", ".."):
        return text((*value.parts[:-1], head), value.taint)
    return text((*value.parts, "/.." if slash else "/."), value.taint)


@special
def chdir(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    target = args.get(0, "path") or UNKNOWN
    known = known_text(target)
    run.outside.changed = True
    if known is None:
        run.cwd = UNKNOWN
    elif run.cwd is None or known.startswith("/"):
        run.cwd = Const(known)
    else:
        base = known_text(run.cwd)
        run.cwd = UNKNOWN if base is None else Const(posixpath.join(base, known))
    return UNKNOWN


@special
def getcwd(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Const(run.facts.mount) if run.cwd is None else run.cwd


@special
def path(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return _paths(join_paths(_given(args)) if args.positional or args.more else Const("."))


def _paths(resource: Value) -> Value:
    return union([Instance("pathlib.Path", option, option.taint) for option in options(resource)])


@special
def path_method(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A method of a path without a line of its own: those that make other paths; anything else does nothing."""
    return UNKNOWN


def path_call(run: Calls, receiver: Instance, name: str, args: Args) -> Value | None:
    """Methods of a Path that give another path; None for all others."""
    base = receiver.resource or UNKNOWN
    if name in ("joinpath", "__truediv__"):
        return _paths(join_paths([base, *_given(args)]))
    if name in ("resolve", "absolute"):
        return _paths(union([_absolute(run, option) for option in options(base)]))
    if name == "expanduser":
        return receiver
    if name == "with_segments":
        return _paths(join_paths(_given(args)))
    if name in ("with_name", "with_suffix", "with_stem"):
        return _paths(_renamed(base, name, args))
    if name in ("as_posix", "__str__", "__fspath__", "as_uri"):
        return base
    if name in ("relative_to",):
        return receiver
    if name == "home":
        return Instance("pathlib.Path", Const("~/"))
    if name == "cwd":
        return Instance("pathlib.Path", Const(run.facts.mount) if run.cwd is None else run.cwd)
    return None


def _renamed(base: Value, name: str, args: Args) -> Value:
    known, argument = known_text(base), args.get(0)
    new = known_text(argument) if argument is not None else None
    if known is not None:
        head, _, last = known.rpartition("/")
        prefix = head + "/" if head else ""
        if name == "with_name":
            return text((prefix, *(parts_of(argument) if argument is not None else (None,))))
        if name == "with_suffix" and new is not None:
            return Const(prefix + last.rpartition(".")[0] + new if "." in last else known + new)
        return text((prefix, None)) if prefix else text(("./", None))
    return _path_part("dirname", base)


def path_attribute(receiver: Instance, name: str) -> Value | None:
    """Attributes of a Path that matter."""
    base = receiver.resource or UNKNOWN
    if name == "parent":
        return _paths(union([_parent(option) for option in options(base)]))
    if name == "parents":
        known = known_text(base)
        if known is None:
            return Seq([Instance("pathlib.Path", _parent(base)), Instance("pathlib.Path", UNKNOWN)], exact=False)
        above: list[Value] = []
        while known not in ("/", ".", "", "..") and len(above) < 32:
            known = posixpath.dirname(known.rstrip("/")) or "."
            above.append(Instance("pathlib.Path", Const(known)))
        return Seq(above)
    if name == "path":
        return base
    if name in ("name", "stem", "suffix"):
        known = known_text(base)
        if known is not None:
            last = known.rstrip("/").rpartition("/")[2]
            stem, dot, suffix = last.rpartition(".")
            return Const({"name": last, "stem": stem if dot else last, "suffix": dot + suffix}[name])
        return Text(("./", None)) if name != "suffix" else FOUND
    return None


def _parent(base: Value) -> Value:
    known = known_text(base)
    if known is None:
        return _path_part("dirname", base)
    parent = posixpath.dirname(known.rstrip("/"))
    return Const(parent or ("/" if known.startswith("/") else ".." if known in (".", "") else "."))


@special
def path_listing(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, receiver, node, row.rule, folder=True)
    base = receiver.resource if isinstance(receiver, Instance) and receiver.resource is not None else UNKNOWN
    pattern = args.get(0, "pattern")
    if pattern is not None and climbs([pattern]):
        base = join_paths([base, *map(_matched, options(pattern))])
        run.file_effect(Kind.FS_LIST, base, node, row.rule, folder=True)
    return Seq([Instance("pathlib.Path", below(base))], exact=False)


def _matched(pattern: Value) -> Value:
    """What a pattern with wildcards may stand for."""
    parts: list[Part] = []
    for part in parts_of(pattern):
        for i, piece in enumerate(re.split(r"[*?\[]", part) if part is not None else ("", "")):
            parts += (None, piece) if i else (piece,)
    return text(parts)


@special
def path_walk(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found = path_listing(run, row, args, node, receiver)
    names = [Seq([Text(("./", None))], exact=False) for _ in range(2)]
    return Seq([Seq([found.items[0] if isinstance(found, Seq) else UNKNOWN, *names])], exact=False)


@special
def listing(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(0, "path") or Const(".")
    run.file_effect(Kind.FS_LIST, path, node, row.rule, folder=True)
    if row.name == "os.scandir":
        entry = Instance("pathlib.Path", below(path))
        return Seq([entry, entry], exact=False)  # two of them: `with` takes a sequence of one for what a generator yields
    return Seq([Text(("./", None))], exact=False)


@special
def walk(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(0, "top") or Const(".")
    run.file_effect(Kind.FS_LIST, path, node, row.rule, folder=True)
    names = [Seq([Text(("./", None))], exact=False) for _ in range(2)]
    return Seq([Seq([below(path), *names])], exact=False)


@special
def glob(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found: list[Value] = []
    root = args.named.get("root_dir")
    for option in options(args.get(0, "pathname") or UNKNOWN):
        parts = parts_of(option)
        matched = _matched(option)
        head = matched.beginning if isinstance(matched, Text) else known_text(matched) or ""
        folder: Value = UNKNOWN
        if parts and parts[0] is not None:
            base = head[: head.rfind("/") + 1]
            folder = Const(base or ".") if base or "/" not in head else UNKNOWN
        if root is not None:
            folder = join_paths([root, folder])
        run.file_effect(Kind.FS_LIST, folder, node, row.rule, folder=True)
        found.append(below(folder))
    return Seq(found, exact=False)


@special
def known_folder(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`Path.home()` and `Path.cwd()`."""
    return path_call(run, Instance("pathlib.Path", Const(".")), row.name.rpartition(".")[2], args)
