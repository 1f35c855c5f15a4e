"""Constant folding: arithmetic, the methods of strings and arrays, and the pure library functions that make paths, URLs and text.

Pure text in, text out. Whatever is not folded here is unknown, never wrong.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin

from guard.analyse.javascript import arrays, globs
from guard.analyse.javascript.values import (
    ANY,
    HOLE,
    LIMIT,
    LONGEST,
    Array,
    Constant,
    Object,
    Ref,
    Text,
    Values,
    as_text,
    concat,
    elements,
    join,
    merged,
    overlaid,
    text,
    texts,
)  # fmt: skip

ARITHMETIC = frozenset({"-", "*", "/", "%", "<<", ">>", "^", "|", "&"})


def number(source: str) -> float | None:
    """The value of a numeric literal, or None if it is not a plain one."""
    source = source.replace("_", "").rstrip("n")
    try:
        if source[:2].lower() in ("0x", "0o", "0b"):
            return float(int(source, 0)) if len(source) < 20 else None
        return float(source)
    except (ValueError, OverflowError):
        return None


def arithmetic(sign: str, left: Values, right: Values) -> Values:
    if len(left) != 1 or len(right) != 1:
        return ANY
    a, b = left[0], right[0]
    if not (isinstance(a, Constant) and isinstance(b, Constant)) or a.value is None or b.value is None:
        return ANY
    x, y = float(a.value), float(b.value)
    if not (abs(x) < 1e12 and abs(y) < 1e12):
        return ANY
    if sign in ("/", "%") and y == 0:
        return ANY
    if sign in ("<<", ">>", "^", "|", "&"):
        i, j = int(x), int(y)
        if sign in ("<<", ">>"):
            return (Constant(float(i << (j & 31) if sign == "<<" else i >> (j & 31))),)
        return (Constant(float(i ^ j if sign == "^" else i | j if sign == "|" else i & j)),)
    return (Constant({"-": x - y, "*": x * y, "/": x / y if y else 0.0, "%": x - y * int(x / y) if y else 0.0}[sign]),)


def plus(parts: list[Values]) -> Values:
    """A chain of `+`: a sum as long as everything is a number, text from the first text on."""
    if all(len(part) == 1 and isinstance(part[0], Constant) and isinstance(part[0].value, float) for part in parts):
        return (Constant(sum(float(part[0].value or 0) for part in parts if isinstance(part[0], Constant))),)
    return concat(parts)


def unary(sign: str, values: Values) -> Values:
    value = values[0] if len(values) == 1 else None
    if isinstance(value, Constant) and isinstance(value.value, (int, float)):
        if sign == "-":
            return (Constant(-float(value.value)),)
        if sign == "+":
            return (Constant(float(value.value)),)
        if sign == "!":
            return (Constant(not value.value),)
    if isinstance(value, Array) and sign == "!":
        return (Constant(False),)
    return ANY


# ------------------------------------------------------------------------------------------------------- methods of text and arrays


def method(name: str, receiver: Values, arguments: list[Values]) -> Values:
    """`receiver.name(arguments)` where the receiver is text or an array; ANY if it cannot be told."""
    found: list[Values] = []
    for value in receiver:
        if isinstance(value, Text):
            found.append(_text_method(name, value, arguments))
        elif isinstance(value, Array):
            found.append(arrays.method(name, value, arguments))
        elif isinstance(value, Constant) and name == "toString" and not arguments:
            found.append((as_text(value),))
        else:
            found.append(ANY)
    return join(*found) or ANY


_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What JavaScript counts as white space."""
_CASES: dict[str, Callable[[str], str]] = {
    "toLowerCase": str.lower,
    "toLocaleLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": lambda piece: piece.strip(_SPACE),
    "trimStart": lambda piece: piece.lstrip(_SPACE),
    "trimEnd": lambda piece: piece.rstrip(_SPACE),
}


def _text_method(name: str, value: Text, arguments: list[Values]) -> Values:
    if name in ("toString", "valueOf", "normalize", "trim", "trimEnd", "trimStart", "toLowerCase", "toUpperCase", "toLocaleLowerCase"):
        if name == "normalize" and not value.known.isascii():
            return (HOLE,)  # a full-width "/" becomes a plain one
        change = _CASES.get(name, str)
        return (Text(tuple(None if piece is None else change(piece) for piece in value.pieces)),)
    if name == "concat":
        return concat([(value,), *arguments])
    if not value.complete:
        return (Text((value.known, None)),) if name in ("padEnd",) else (HOLE,) if name not in ("split",) else ANY
    known = value.known
    start, end = arrays.integer(arguments, 0, 0), arrays.integer(arguments, 1, len(known))
    if name in ("slice", "substring", "substr") and start is not None and end is not None:
        if name == "substr":
            return (text(known[start:][: max(end, 0)]),)
        if name == "substring":
            start, end = sorted((max(start, 0), max(end, 0)))
        return (text(known[start:end]),)
    if name in ("charAt", "at") and start is not None:
        return (text(known[start : start + 1] if start >= 0 else known[start:][:1] if name == "at" else ""),)
    if name == "charCodeAt" and start is not None and 0 <= start < len(known):
        return (Constant(float(ord(known[start]))),)
    if name == "repeat" and start is not None and 0 <= start * len(known) < LONGEST:
        return (text(known * start),)
    if name == "split":
        separator = arrays.plain(arguments, 0)
        if separator is None or len(known) > LONGEST:
            return (Array((), True),)
        parts = list(known) if separator == "" else known.split(separator)
        return (Array(tuple((text(part),) for part in parts[:2000]), len(parts) > 2000),)
    if name in ("replace", "replaceAll"):
        old, new = arrays.plain(arguments, 0), arrays.plain(arguments, 1)
        if old is not None and new is not None and "$" not in new:  # "$&", "$`" … stand for parts of the text
            return (text(known.replace(old, new, 1 if name == "replace" else -1)),)
        return (HOLE,)
    return ANY


# --------------------------------------------------------------------------------------------------------------- library functions


def call(name: str, arguments: list[Values], cwd: str) -> Values | None:
    """The result of a pure library function, or None if this is none."""
    function = _CALLS.get(name)
    return function(arguments, cwd) if function is not None else None


def is_worked_out(name: str) -> bool:
    """Whether paths are told by what this function of a library gives, so that nothing else may stand in its place."""
    return name in _CALLS and name.partition(".")[0] in ("path", "process", "os", "url", "fs", "Deno")


def _join_path(arguments: list[Values], cwd: str) -> Values:
    parts: list[Values] = []
    for at, argument in enumerate(arguments):
        if at:
            parts.append((text("/"),))
        parts.append(argument)
    return tuple(dict.fromkeys(_normal(value) for value in texts(concat(parts))))


def _normal(value: Text) -> Text:
    if value.complete:
        return text(posixpath.normpath(value.known) if value.known else ".")
    return value


def _resolve_path(arguments: list[Values], cwd: str) -> Values:
    tails: list[Values] = []
    found: list[Values] = []
    for argument in reversed(arguments):
        options = texts(argument)
        if any(value.known == "" and not value.complete for value in options):
            return (HOLE,)  # it may begin with "/", and then nothing before it counts
        rooted = tuple(value for value in options if value.known.startswith(("/", "~")))
        if rooted:
            found.append(_join_path([rooted, *tails], cwd))
        if len(rooted) == len(options):
            return join(*found)
        tails.insert(0, tuple(value for value in options if value not in rooted))
    return join(*found, _join_path([(text(cwd),), *tails], cwd))


def _relative_path(arguments: list[Values], cwd: str) -> Values:
    """`path.relative(from, to)`: what is below `from`; how long a way up is, nobody knows who does not run it."""
    found = []
    for start in _resolve_path(arguments[:1], cwd):
        for end in _resolve_path(arguments[1:2], cwd):
            if not isinstance(start, Text) or not isinstance(end, Text) or not start.complete or not (end.complete or end.known):
                found.append(HOLE)
            elif end.complete and not (way := posixpath.relpath(end.known, start.known)).startswith(".."):
                found.append(text(way))
            elif end.known.startswith(start.known.rstrip("/") + "/"):
                found.append(Text(("./" + end.known[len(start.known.rstrip("/")) + 1 :], *end.pieces[1:])))
            else:
                found.append(Text(("../", None)))
    return tuple(dict.fromkeys(found))


def _dirname(arguments: list[Values], cwd: str) -> Values:
    found = []
    for value in texts(arguments[0] if arguments else ANY):
        if value.complete:
            found.append(text(posixpath.dirname(value.known) or "."))
        elif len(value.pieces) == 2 and value.known.endswith("/"):
            found.append(text(value.known.rstrip("/") or "/"))
        else:
            found.append(Text((value.known.rpartition("/")[0] + "/", None)) if "/" in value.known else HOLE)
    return tuple(dict.fromkeys(found))


def _file_path(arguments: list[Values], cwd: str) -> Values:
    found = []
    for value in texts(arguments[0] if arguments else ANY):
        pieces = list(value.pieces)
        if pieces and pieces[0] is not None and pieces[0].startswith("file://"):
            pieces[0] = unquote(pieces[0][7:]) if value.complete else pieces[0][7:]
            found.append(merged(pieces))
        else:
            found.append(value)
    return tuple(dict.fromkeys(found))


def _from_codes(arguments: list[Values], cwd: str) -> Values:
    out: list[str | None] = []
    for argument in arguments:
        value = argument[0] if len(argument) == 1 else None
        known = isinstance(value, Constant) and isinstance(value.value, float) and 0 <= value.value < 0x110000
        out.append(chr(int(value.value)) if known and isinstance(value, Constant) and value.value is not None else None)
    return (merged(out),) if out else (text(""),)


_ODD = re.compile(r"[\t\n\r\\]|[\0- ]\Z|\A[\0- ]|\A[a-z+.-]*[A-Z][A-Za-z+.-]*:|\Afile:(?!//)")
"""What a URL drops or reads otherwise than it is written."""


def _plain_url(value: Text, *, of_file: bool = False) -> Text:
    """A text from which a URL is made, where nothing in it stands for something else: `%2e`, a backslash, white space."""
    of_file = of_file or value.known.startswith("file:")
    odd = any(piece is not None and (_ODD.search(piece) or (of_file and "%" in piece)) for piece in value.pieces)
    return HOLE if odd else value


def _url(arguments: list[Values], cwd: str) -> Values:
    local = len(arguments) > 1 and any(base.known.startswith("file:") for base in texts(arguments[1]))
    first = tuple(_plain_url(value, of_file=local) for value in texts(arguments[0] if arguments else ANY))
    if len(arguments) < 2 or not _is_given(arguments[1]):
        return first
    found = []
    for value in first:
        for base in texts(arguments[1]):
            if not value.known and not value.complete:
                found.append(HOLE)  # it may begin anywhere
            elif "://" in value.known:
                found.append(value)
            elif value.complete and base.complete:
                try:
                    found.append(text(urljoin(base.known, value.known)))
                except ValueError:
                    found.append(HOLE)
            elif base.known.startswith("file://") and value.known.startswith("/"):
                found.append(merged(["file://", *value.pieces]))
            elif base.known.startswith("file://"):
                found.append(merged([base.known if base.known.endswith("/") else base.known.rpartition("/")[0] + "/", *_relative(value)]))
            elif value.known.startswith("/") and not value.known.startswith("//"):
                found.append(merged([*base.pieces, *value.pieces]))
            else:
                found.append(HOLE)  # an unknown first part could name another host
    return tuple(dict.fromkeys(found))[:LIMIT]


def _relative(value: Text) -> list[str | None]:
    pieces = list(value.pieces)
    if pieces and pieces[0] is not None and pieces[0].startswith("./"):
        pieces[0] = pieces[0][2:]
    return pieces


def _is_given(values: Values) -> bool:
    return not (len(values) == 1 and isinstance(values[0], Constant) and values[0].value is None)


def _request(arguments: list[Values], cwd: str) -> Values:
    url = arguments[0] if arguments else ANY
    options = arguments[1] if len(arguments) > 1 else ()
    properties: dict[str, Values] = {"url": url}
    for value in options:
        if isinstance(value, Object):
            properties["method"] = value.properties.get("method", ANY if value.open else (text("GET"),))
        else:
            properties["method"] = ANY
    return (Object(properties),)


def _decode64(arguments: list[Values], cwd: str) -> Values:
    known = arrays.plain(arguments, 0)
    if known is None or len(known) > LONGEST:
        return (HOLE,)
    try:
        return (text(base64.b64decode(known + "=" * (-len(known) % 4), validate=False).decode("latin-1")),)
    except (binascii.Error, ValueError):
        return (HOLE,)


def _buffer(arguments: list[Values], cwd: str) -> Values:
    known, encoding = arrays.plain(arguments, 0), arrays.plain(arguments, 1)
    if known is not None and encoding in ("base64", "hex"):
        try:
            raw = bytes.fromhex(known) if encoding == "hex" else base64.b64decode(known + "=" * (-len(known) % 4), validate=False)
            return (text(raw.decode("utf-8", "replace")),)
        except (binascii.Error, ValueError):
            return (HOLE,)
    if known is not None and encoding in (None, "utf8", "utf-8", "ascii"):
        return (text(known),)
    codes = arguments[0][0] if arguments and len(arguments[0]) == 1 else None
    if isinstance(codes, Array) and not codes.open and len(codes.items) < 5000:
        return _from_codes(list(codes.items), cwd)
    return (HOLE,) if arguments and not isinstance(codes, Array) else ANY


def _decode_uri(arguments: list[Values], cwd: str) -> Values:
    known = arrays.plain(arguments, 0)
    return (text(unquote(known)),) if known is not None and len(known) < LONGEST else (HOLE,)


def _string(arguments: list[Values], cwd: str) -> Values:
    return tuple(texts(arguments[0])) if arguments else (text(""),)


def _first(arguments: list[Values], cwd: str) -> Values:
    return arguments[0] if arguments else ANY


def _assign(arguments: list[Values], cwd: str) -> Values:
    properties: dict[str, Values] = {}
    open_ = False
    for argument in arguments:
        if any(isinstance(value, Ref) for value in argument):
            return argument
        properties, more = overlaid(properties, argument)
        open_ = open_ or more
    return (Object(properties, open_),)


def _all(arguments: list[Values], cwd: str) -> Values:
    return arguments[0] if arguments else ANY


def _with_tail(arguments: list[Values], cwd: str) -> Values:
    return tuple(merged([*value.pieces, None]) for value in texts(arguments[0] if arguments else ANY))


def _json(arguments: list[Values], cwd: str) -> Values:
    """An object's JSON text keeps its properties in sight: `fetch(…, {body: JSON.stringify({tool: "x"})})`."""
    found = tuple(value for value in (arguments[0] if arguments else ()) if isinstance(value, Object))
    replaced = len(arguments) > 1 and not all(isinstance(value, Text) and value.known in ("null", "undefined") for value in arguments[1])
    return found if arguments and len(found) == len(arguments[0]) and not replaced else (HOLE,)


def _fixed(value: Text) -> Callable[[list[Values], str], Values]:
    return lambda arguments, cwd: (value,)


_CALLS: dict[str, Callable[[list[Values], str], Values]] = {
    **dict.fromkeys(("path.join", "path.posix.join", "path.normalize"), _join_path),
    **dict.fromkeys(("path.resolve", "path.posix.resolve"), _resolve_path),
    **dict.fromkeys(("path.relative", "path.posix.relative"), _relative_path),
    "path.dirname": _dirname,
    **dict.fromkeys(("path.basename", "path.posix.basename"), globs.basename),
    **dict.fromkeys(("path.parse", "path.posix.parse"), globs.parsed),
    **dict.fromkeys(("@std/fs.walk", "@std/fs.walkSync"), globs.walked),
    **dict.fromkeys(("@std/fs.expandGlob", "@std/fs.expandGlobSync"), globs.expanded),
    **dict.fromkeys(("url.fileURLToPath", "path.fromFileUrl"), _file_path),
    **dict.fromkeys(("String.fromCharCode", "String.fromCodePoint"), _from_codes),
    "URL": _url,
    "Request": _request,
    "atob": _decode64,
    "Buffer.from": _buffer,
    **dict.fromkeys(("decodeURIComponent", "decodeURI", "unescape"), _decode_uri),
    "String": _string,
    **dict.fromkeys(("Object.freeze", "Object.seal", "structuredClone", "Object.create"), _first),
    **dict.fromkeys(("Promise.all", "Promise.allSettled", "Promise.resolve", "Array.from", "Array.fromAsync"), _all),
    **dict.fromkeys(("Promise.race", "Promise.any"), lambda arguments, cwd: elements(_all(arguments, cwd))),
    "Object.assign": _assign,
    "Object.values": arrays.listed,
    "Object.entries": arrays.entries,
    "Object.keys": arrays.keys,
    **dict.fromkeys(("fs.readdir", "fs-extra.readdir"), globs.listing),
    **dict.fromkeys(("fs.opendir", "Deno.readDir"), globs.dirents),
    **dict.fromkeys(("glob", "glob.globSync", "glob.sync", "fs.glob"), globs.globbed),
    **dict.fromkeys(("os.homedir", "Deno.homeDir"), _fixed(text("~"))),
    **dict.fromkeys(("os.tmpdir",), _fixed(text("/tmp"))),  # noqa: S108 - the name of a place, not a use of it
    **dict.fromkeys(("process.cwd", "Deno.cwd"), lambda arguments, cwd: (text(cwd),)),
    **dict.fromkeys(("Deno.makeTempDir",), _fixed(Text(("/tmp/", None)))),  # noqa: S108
    **dict.fromkeys(("fs.mkdtemp", "fs-extra.mkdtemp"), _with_tail),
    **dict.fromkeys(("Deno.execPath",), _fixed(text("deno"))),
    "JSON.stringify": _json,
    **dict.fromkeys(("Deno.makeTempFile",), _fixed(Text(("/tmp/", None)))),  # noqa: S108
}


def base_of(arguments: list[Values]) -> Text | None:
    """The address that a client is made with: its first argument as text, or a well-known option of it."""
    for value in arguments[0] if arguments else ():
        if isinstance(value, Text):
            return value
        if isinstance(value, Object):
            for option in ("baseURL", "baseUrl", "prefixUrl", "connectionString", "url", "uri", "node", "host"):
                for inner in value.properties.get(option, ()):
                    if isinstance(inner, Text):
                        return inner
    return None
