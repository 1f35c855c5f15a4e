"""What a program says itself, and what it finds: names in folders, in files and in what people type, numbers and dates.

What a program finds is a name where it is put into a path. What it says, and then makes another text of in a way that is not followed, may
be any text, steps up in the tree of folders among it: nobody but who hides something has a reason to write it so.
"""

from __future__ import annotations

from collections.abc import Iterable

from guard.analyse.python.likeness import held_in, leaves
from guard.analyse.python.values import (
    CLIMBING,
    FOUND,
    NUMBER,
    TAINTED,
    UNKNOWN,
    Const,
    Dict,
    Instance,
    Object,
    Ref,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    known_text,
    text,
)
from guard.analyse.python.vocabulary import FINDS, PUTS, TEXT_METHODS


def made_of(values: Iterable[Value], taint: bool = False) -> Value:
    """What comes of some values in a way that is not followed."""
    if taint:
        return TAINTED
    return UNKNOWN if any(map(_says, values)) else FOUND


def _says(value: Value) -> bool:
    """Whether a value has something in it that the program says; what is much does."""
    waiting = [value]
    for _ in range(_MOST):
        if not waiting:
            return False
        one = waiting.pop()
        kind = type(one)
        if kind is Union:
            waiting += one.options  # type: ignore[attr-defined]
        elif kind is Seq or kind is Dict:
            waiting += held_in(one)  # type: ignore[arg-type]
        elif says(one):
            return True
    return True


def called(name: str, receiver: Value, given: list[Value], taint: bool = False) -> Value:
    """What a method gives of something that is not known, or known in part."""
    if name in FROM_NUMBERS:
        return made_of([UNKNOWN], taint)
    if given and (name in PUTS or not (taint or name in TEXT_METHODS)):
        held = [leaf for value in given for leaf in leaves(value)]
        if name in PUTS and (name == "translate" or any(map(_puts_dots, held))):
            return text(CLIMBING, taint)
        if not taint and any(".." in _told(leaf, "") for leaf in held):
            return UNKNOWN
    return made_of([receiver], taint)


def computed(name: str, given: list[Value], taint: bool = False) -> Value:
    """What a function gives that only computes."""
    library, _, last = name.rpartition(".")
    if last in FROM_NUMBERS:
        return made_of([UNKNOWN], taint)
    if name in _NUMBERS and not any(isinstance(value, Object) for value in given):
        return NUMBER if taint else FOUND
    if library == "re" and len(given) > 1:
        subject = any(says(leaf) for value in given[1:] for leaf in leaves(value) if last not in PUTS or value is not given[1])
        if subject and any("." in _told(leaf, "..") for value in given[1:] for leaf in leaves(value)):
            return text(CLIMBING, taint) if taint else UNKNOWN
        return called(last, FOUND, given[1:2] if last in PUTS else [], taint)
    if name.partition(".")[0] in FINDS:
        kept = [leaf for value in given for leaf in leaves(value) if type(leaf) in _TEXTS]
        if not taint and any(isinstance(leaf, Object) or (last not in PUTS and _puts_dots(leaf)) for leaf in kept):
            return UNKNOWN
        return called(last, FOUND, given, taint)
    if taint and name in _DECODES and any(type(leaf) in _SAID for value in given for leaf in leaves(value)):
        return text(CLIMBING, taint)
    return made_of(given, taint)


def says(value: Value) -> bool:
    """Whether a value is, or is made of, what the program says."""
    kind = type(value)
    if kind is Const:
        return isinstance(value.value, (str, bytes)) and bool(value.value)  # type: ignore[attr-defined]
    if isinstance(value, Text):
        return value.parts != (None,) and value.prefix != "./"
    if isinstance(value, Unknown):
        return kind is Unknown and not value.taint
    if isinstance(value, Instance):
        return not value.taint and value.cls.partition(".")[0] not in FINDS and value.cls != "pathlib.Path"
    return not (isinstance(value, Ref) and value.name.partition(".")[0] in FINDS)


def _puts_dots(value: Value) -> bool:
    """Whether a value, put into a text, may be a step up there, or a part of one."""
    told = _told(value, "..")
    return ".." in told or told.endswith(".") or "\\" in told


def _told(value: Value, unknown: str) -> str:
    """A text as far as it is known, or `unknown` where the program makes it in a way that is not followed."""
    if isinstance(value, Const):
        return known_text(value) or ""
    return value.filled("x") if isinstance(value, Text) else unknown if says(value) else ""


_MOST = 64
_TEXTS = frozenset({Const, Text, Unknown, Object})
_SAID = frozenset({Const, Text})
_NUMBERS = frozenset({f"builtins.{name}" for name in ("int", "float", "complex", "len", "round", "abs", "ord", "hash", "id")})
FROM_NUMBERS = frozenset({"chr", "to_bytes", "tobytes", "tostring", "bytes", "bytearray", "pack", "fromhex"})
"""Functions and methods that make texts of numbers."""
_DECODES = frozenset(
    "html.unescape codecs.decode codecs.encode urllib.parse.unquote urllib.parse.unquote_plus base64.b64decode binascii.unhexlify"  # noqa: SIM905
    " ast.literal_eval json.loads quopri.decodestring unicodedata.normalize builtins.eval".split()
)
"""Functions by which one text becomes quite another one."""
