"""Text -> syntax tree, or `Unreadable` with one sentence for a person. Refuses what a reader and Python could see differently."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from encodings.aliases import aliases
from typing import Any

from guard.analyse import session

MAX_BYTES = 256 * 1024
MAX_NESTING = 90
"""Open brackets at one place; CPython itself gives up at 200."""

HIDDEN = frozenset(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E,
     0x2028, 0x2029, 0x3164, 0xFEFF, 0xFFA0, *range(0xE0000, 0xE0080)]
)  # fmt: skip
"""Characters that are invisible or change the direction of text."""


_NO_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))
_ROUND = bytes.maketrans(b"[]{}", b"()()")
_OPEN = ord("(")
_SHALLOW = 8
"""Levels of brackets that are taken away whole before the others are counted one by one."""


class Unreadable(Exception):
    """The text cannot be analysed; the message says why."""


def parse(code: str, earlier: Sequence[str] = ()) -> ast.Module:
    """The syntax tree; of a session, if `code` is one that begins with the programs `earlier`. Raises `Unreadable`."""
    _check_text(code)
    try:
        tree = _parse(code)
        return session.interrupted(tree, earlier) if earlier else tree
    except (SyntaxError, ValueError, UnicodeError) as error:
        line = getattr(error, "lineno", None)
        raise Unreadable(f"is not valid Python{f' (line {line})' if line else ''}, so it cannot be analysed") from None
    except (RecursionError, MemoryError):
        raise Unreadable("is nested too deeply to be analysed") from None


def _check_text(code: str) -> None:
    try:
        size = len(code.encode())
    except UnicodeEncodeError:
        raise Unreadable("holds a lone surrogate, which is not valid text") from None
    if size > MAX_BYTES:
        raise Unreadable(f"is {size:,} bytes long; more than {MAX_BYTES:,} are not analysed")
    _check_cookie(code)
    if "\0" in code:
        raise Unreadable("holds a NUL character")
    if _nesting(code) > MAX_NESTING:
        raise Unreadable("is nested too deeply to be analysed")


_COOKIE = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""The comment in one of the first two lines that says in what encoding Python reads the file."""
_ALIKE = re.compile(
    r"utf-?8(?:-sig)?|(?:us-?)?ascii|latin-?\d+|(?:iso-?)?8859-\d+|(?:cp|windows-?)125\d|cp(?:437|850)|koi8-[ru]|mac-?roman"
)
_ALIKE_IN_ASCII = re.compile(r"gbk|gb2312|gb18030|big5|euc-?(?:jp|kr|cn)|shift-?jis|sjis")


_UNLISTED = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "charmap", "oem", "cp875"})
_KNOWN = frozenset(name.replace("_", "-") for name in (*aliases, *aliases.values())) | _UNLISTED
"""The encodings of Python; with a name that is none a file is a syntax error."""


def _check_cookie(code: str) -> None:
    """Where a server saves the program to a file, Python reads it in the encoding that the program asks for: another text in some."""
    match = _COOKIE.match(code)
    name = match[1].lower().replace("_", "-") if match is not None else "utf-8"
    if name in _KNOWN and _ALIKE.fullmatch(name) is None and not (code.isascii() and _ALIKE_IN_ASCII.fullmatch(name)):
        raise Unreadable(f"asks to be read in the encoding {name[:40]!r}, in which it may be another program")


def hidden(code: str) -> str | None:
    """One sentence if the text holds characters that a reader does not see as they are, else None. The text is analysed all the same."""
    if code.isascii() and not any(letter in code for letter in "\f\x1b\b\v\x7f"):
        return None
    for number, line in enumerate(code.split("\n"), 1):
        if line.isascii() and line.isprintable():
            continue
        for index, letter in enumerate(line):
            if letter in "\x1b\b\v\f\x7f":
                return f"holds a control character in line {number} (U+{ord(letter):04X})"
            if ord(letter) in HIDDEN and not _in_emoji(line, index):
                name = unicodedata.name(letter, f"U+{ord(letter):04X}")
                return f"holds an invisible or direction-changing character in line {number} ({name})"
    return None


def _in_emoji(line: str, index: int) -> bool:
    """A joiner between two pictures is how some emoji are written; in a list of their parts it stands before one."""
    before, after = line[index - 1 : index], line[index + 1 : index + 2]
    return line[index] == "\u200d" and _is_picture(after) and (_is_picture(before) or before in ("'", '"'))


def _is_picture(letter: str) -> bool:
    return letter > "\u2000" and unicodedata.category(letter) in ("So", "Sk", "Mn", "Cn")


def _nesting(code: str) -> int:
    """An upper bound of the nesting of brackets (those in strings count too, so only runs of open ones matter)."""
    brackets = code.encode().translate(_ROUND, _NO_BRACKETS)
    left = brackets
    for _ in range(_SHALLOW):
        left = left.replace(b"()", b"")
    if (most := _SHALLOW + left.count(_OPEN)) <= MAX_NESTING:
        return most
    deepest = depth = 0
    for bracket in brackets:
        if bracket != _OPEN:
            depth = depth and depth - 1
        elif depth == deepest:
            depth = deepest = depth + 1
        else:
            depth += 1
    return deepest


def _parse(code: str) -> ast.Module:
    tree = inner(code)
    if not code.isascii() and any(f"_{letter}".isidentifier() for letter in set(code) if letter > "\x7f"):
        _check_names(tree, code)
    return tree


def inner(code: str) -> ast.Module:
    """The syntax tree of text that a program runs as code. Raises SyntaxError, ValueError, RecursionError or MemoryError.

    Top-level `return` and `await` are taken as well: servers put a submission into an `async def`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def nodes(tree: ast.AST) -> list[ast.AST]:
    """All nodes but operators and contexts, in no order that matters: `ast.walk` in an eighth of its time."""
    found: list[ast.AST] = []
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        fields = _CHILDREN.get(type(node))
        if fields is None:
            continue  # None, or a text: fields and lists hold these too
        found.append(node)
        for name in fields:
            value = getattr(node, name, None)
            if type(value) is list:
                waiting += value
            elif value is not None:
                waiting.append(value)
    return found


_LEAVES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "asname", "level", "module", "kind", "conversion", "simple", "is_async", "type_comment"}
)
"""Fields of nodes that hold no nodes, or operators and contexts."""
_CHILDREN = {
    kind: () if kind is ast.Constant else tuple(name for name in kind._fields if name not in _LEAVES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""Of the fields of each kind of nodes those that may hold other nodes."""


def blocks(tree: ast.AST) -> Iterator[ast.AST]:
    """A module, its statements, and theirs, in the order of `ast.walk`, which goes into every expression."""
    waiting = [tree]
    for node in waiting:
        yield node
        for name in _BLOCKS[type(node)]:
            waiting += getattr(node, name)


_BLOCKS = {
    kind: tuple(name for name in ("body", "handlers", "cases", "orelse", "finalbody") if name in fields)
    for kind, fields in _CHILDREN.items()
}
"""Of each kind of statements the fields that hold others."""


_LINE_END = re.compile(rb"\r\n|\r|\n")
"""Where Python ends a line."""


def _check_names(tree: ast.Module, code: str) -> None:
    """Identifiers with letters that look like ASCII ones, or that Python would change (NFKC), are not what they look like."""
    lines = _LINE_END.split(code.encode())
    for node in nodes(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and node.end_lineno is not None:
            written = lines[node.end_lineno - 1][: node.end_col_offset].decode("utf-8", "replace")
            read = node.id if isinstance(node, ast.Name) else node.attr
            if not written.endswith(read) and not _spelled_otherwise(written, read):
                raise Unreadable(f"has a name that Python reads as another: {read!r} (line {node.end_lineno})")
        for field in _IDENTIFIERS[type(node)]:
            name = getattr(node, field)
            if isinstance(name, str) and not name.isascii() and _mixed(name):
                raise Unreadable(f"has a name that mixes alphabets: {name!r} (line {getattr(node, 'lineno', '?')})")


_IDENTIFIERS = {kind: tuple(name for name in ("id", "attr", "name", "arg") if name in kind._fields) for kind in _CHILDREN}


def _spelled_otherwise(written: str, read: str) -> bool:
    """Whether the name at the end of a text is read as another (`µ` as `μ`) that differs in no letter of ASCII: all names that do
    anything by themselves stand in those."""
    name = _NO_NAME.split(written)[-1]
    return "".join(_read(letter) for letter in name) == read and all(letter < "\x80" or min(_read(letter)) > "\x7f" for letter in name)


_NO_NAME = re.compile(r"\W")


def _read(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter)


def _mixed(name: str) -> bool:
    """Whether letters of several alphabets, which look alike, stand together. `σ_x` and `Δt` are how formulas are written."""
    if _scripts(name) & _ALIKE_LETTERS == {"LATIN", "GREEK"}:
        return any(len(_scripts(part)) > 1 for part in _PARTS.findall("".join("_" if one in _GREEK_ALONE else one for one in name)))
    return len(_scripts(name) & _ALIKE_LETTERS) > 1 or not _scripts(name).isdisjoint({"FULLWIDTH", "MATHEMATICAL"})


def _scripts(letters: str) -> set[str]:
    return {unicodedata.name(letter, "?").split()[0] for letter in letters if letter.isalpha()}


_PARTS = re.compile(r"[^\W\d_]+")
_GREEK_ALONE = frozenset("ΓΔΘΛΞΠΣΦΨΩβδεζηθλμξπσςφψω")
"""Letters that look like none of the Latin ones."""
_ALIKE_LETTERS = frozenset({"LATIN", "CYRILLIC", "GREEK", "FULLWIDTH", "MATHEMATICAL", "ARMENIAN", "CHEROKEE"})
