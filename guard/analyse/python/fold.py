"""What pure calls give when their arguments are constants: strings put together, decoded or taken apart. Bounded in time and memory."""

from __future__ import annotations

import base64
import binascii
import codecs
import inspect
import json
import textwrap
import urllib.parse
import zlib
from collections.abc import Callable
from typing import Any

from guard.analyse.python import filling, knowledge, origins
from guard.analyse.python.values import (
    CLIMBING,
    FOUND,
    NOTHING,
    TAINTED,
    UNKNOWN,
    Args,
    Const,
    Dict,
    Foreign,
    Instance,
    Method,
    Object,
    Seq,
    Text,
    Union,
    Unknown,
    Value,
    climbs,
    known_text,
    options,
    parts_of,
    text,
    union,
    with_taint,
)
from guard.analyse.python.vocabulary import LAZY, TEXT_METHODS

MAX = 1 << 16
"""Longest string that is folded."""


def _inflate(data: bytes, wbits: int = 15) -> bytes:
    return zlib.decompressobj(wbits).decompress(data, MAX)


def _b16(data: Any) -> bytes:
    return base64.b16decode(data, casefold=True)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "builtins.chr": chr,
    "builtins.ord": ord,
    "builtins.str": str,
    "builtins.int": int,
    "builtins.bytes": bytes,
    "builtins.len": len,
    "builtins.hex": hex,
    "builtins.abs": abs,
    "builtins.bytes.fromhex": bytes.fromhex,
    "builtins.bool": bool,
    "builtins.float": float,
    "builtins.ascii": ascii,
    "builtins.repr": repr,
    "base64.b64decode": base64.b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.standard_b64decode": base64.b64decode,
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": _b16,
    "base64.a85decode": base64.a85decode,
    "base64.b85decode": base64.b85decode,
    "base64.decodebytes": base64.decodebytes,
    "base64.b64encode": base64.b64encode,
    "base64.urlsafe_b64encode": base64.urlsafe_b64encode,
    "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_hex": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64,
    "binascii.hexlify": binascii.hexlify,
    "zlib.decompress": _inflate,
    "json.loads": json.loads,
    "textwrap.dedent": textwrap.dedent,
    "inspect.cleandoc": inspect.cleandoc,
    "urllib.parse.unquote": urllib.parse.unquote,
    "urllib.parse.quote": urllib.parse.quote,
    "urllib.parse.urljoin": urllib.parse.urljoin,
}
"""Pure callables that are computed on constants."""

_CODECS = {"rot13", "rot_13", "hex", "hex_codec", "base64", "utf-8", "utf8", "ascii", "latin-1", "unicode_escape", "raw_unicode_escape"}


def _plain(value: Value) -> tuple[bool, Any]:
    """(whether it is a plain constant, its Python value)."""
    if isinstance(value, Const):
        return True, value.value
    if isinstance(value, Seq) and value.exact and len(value.items) <= 512 and all(isinstance(item, Const) for item in value.items):
        return True, [item.value for item in value.look()]  # type: ignore[attr-defined]
    return False, None


def function(name: str, args: Args) -> Value | None:
    """The result of a pure function of constants; None if it is not computed here."""
    if name == "codecs.decode" and len(args.positional) == 2:
        return _decode(args)
    if name == "builtins.range" and args.positional:
        return _range(args)
    if name == "builtins.input":
        return Text((None,))  # text, of which nothing is known
    if (
        name in _SAYS
        and args.positional
        and (name == "builtins.format" or any(isinstance(one, Object) for one in options(args.positional[0])))
    ):
        return text(filling.altered(args.positional[0], known_text(args.get(1)) or "s"), args.taint)
    run = FUNCTIONS.get(name)
    if run is None or args.more or args.named:
        return None
    known, plain = [], True
    for value in args.positional:
        ok, one = _plain(value)
        plain = plain and ok and not (isinstance(one, (str, bytes, list)) and len(one) > MAX)
        known.append(one)
    if not plain or not known:
        return None
    if name == "builtins.bytes" and isinstance(known[0], int):
        return None
    return lift(lambda: run(*known), any(value.taint for value in args.positional))


_SAYS = frozenset({"builtins.ascii", "builtins.format", "builtins.repr"})
"""Functions that make a text of an object by one of its methods."""


def _decode(args: Args) -> Value | None:
    data, codec = args.positional
    if isinstance(data, Const) and isinstance(codec, Const) and codec.value in _CODECS:
        return lift(lambda: codecs.decode(data.value, codec.value), data.taint)
    return None


def _range(args: Args) -> Value | None:
    numbers = [value.value for value in args.positional if isinstance(value, Const) and isinstance(value.value, int)]
    if len(numbers) != len(args.positional) or not numbers:
        return Seq([FOUND], exact=False)
    try:
        counted = range(*numbers)
    except (ValueError, TypeError):
        return None
    first = counted[:65]
    if len(first) > 64:  # `len` of the whole may be more than a length can be
        return Seq([FOUND], exact=False)
    return Seq([Const(number) for number in first])


def lift(run: Callable[[], Any], taint: bool = False) -> Value | None:
    """Compute, and lift the result into a value; None if it cannot be computed or is too large."""
    try:
        result = run()
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, UnicodeError, binascii.Error, zlib.error, RecursionError):
        return None
    return constant(result, taint)


def constant(result: Any, taint: bool = False) -> Value | None:
    """A Python constant as a value; None if it is not one, or too large."""
    if isinstance(result, (str, bytes)):
        return Const(result, taint, True) if len(result) <= MAX else None
    if result is None or isinstance(result, (int, float, complex, bool)) or result is Ellipsis:
        return Const(result, taint)
    if isinstance(result, (list, tuple)) and len(result) <= 512:
        items = [constant(item, taint) for item in result]
        return Seq([item for item in items if item is not None]) if None not in items else None
    if isinstance(result, dict) and len(result) <= 512:
        values = {key: constant(item, taint) for key, item in result.items()}
        return Dict({key: item for key, item in values.items() if item is not None}) if None not in values.values() else None
    return None


def kept(name: str, args: Args) -> Value:
    """The result of a pure function that hands on what it is given."""
    first = args.positional[0] if args.positional else UNKNOWN
    taint = args.taint
    if name == "json.loads" and (args.named or not isinstance(first, (Seq, Dict))):
        return _marked(UNKNOWN, taint)  # another thing than its text; a container stands for what `json.dumps` made of it
    if name == "builtins.str":
        return union([text(parts_of(option), taint or option.taint) for option in options(first)])
    if name in ("builtins.repr", "urllib.parse.quote", "urllib.parse.unquote", "textwrap.dedent", "inspect.cleandoc"):
        return text(filling.another([first]), taint)  # which may begin otherwise
    if name == "collections.deque" and (len(args.positional) > 1 or args.named or args.more):
        return _marked(Seq([element(first)], exact=False), taint)  # the first goes when there are too many
    if name in ("builtins.iter", "builtins.next", "itertools.islice") and (gone := _gone_on(name, first, taint)) is not None:
        return gone
    if name in ("random.choice", "builtins.max", "builtins.min"):
        return _marked(union([element(first)] if len(args.positional) == 1 else args.positional), taint)
    if name == "builtins.sum" and any(isinstance(option, Seq) for option in options(element(first))):
        return Seq([element(element(first)), *map(element, args.positional[1:])], exact=False, taint=taint)
    if name == "builtins.enumerate":
        return Seq([Seq([FOUND, element(first)])], exact=False, taint=taint)
    if name in ("builtins.zip", "itertools.product"):
        return Seq([Seq([element(value) for value in args.positional])], exact=False, taint=taint)
    if name == "itertools.chain.from_iterable":
        return Seq([element(element(first))], exact=False, taint=taint)
    if name in ("builtins.dict", "types.SimpleNamespace", "collections.OrderedDict") and args.named:
        return Dict(dict(args.named), [UNKNOWN] if args.positional or args.more else [])
    if (
        name in ("builtins.dict", "collections.OrderedDict")
        and isinstance(first, Seq)
        and not args.more
        and (made := _of_pairs(first, taint))
    ):
        return made
    if name in ("asyncio.gather",):
        return Seq(list(args.positional), taint=taint)
    if name in ("builtins.list", "builtins.tuple") and isinstance(first, Seq):
        return first.copy()
    if name in (
        "builtins.list",
        "builtins.set",
        "builtins.sorted",
        "builtins.reversed",
        "random.sample",
        "random.choices",
        "builtins.tuple",
    ):
        held = element(first)
        if isinstance(held, Unknown) and not isinstance(first, (Seq, Dict, Union)):
            return _marked(UNKNOWN, taint)
        return Seq([held], exact=False, taint=taint)
    if name in _PARTS:
        return _parts(name, args, taint)
    if name == "urllib.parse.urljoin" and len(args.positional) > 1:
        return text((*parts_of(first)[:1], None), taint)
    return _marked(first, taint)


def _gone_on(name: str, first: Value, taint: bool) -> Value | None:
    """What comes of something that is gone through in several steps; None where nothing is known of what is in it."""
    if name == "builtins.next":
        for option in options(first):
            if isinstance(option, Seq):  # if it is an iterator, another one than its first comes next
                option.exact, option.moved = False, True
        return _marked(union([element(first)]), taint)
    if isinstance(first, Seq) and (name == "itertools.islice" or (first.exact and len(first.items) > 1)):
        part = Seq(list(first.look()), exact=False, taint=taint)
        part.moved = True
        return part
    return first if name == "builtins.iter" and isinstance(first, (Seq, Dict)) else None  # what is put into it later comes out of it


def _of_pairs(given: Seq, taint: bool) -> Dict | None:
    """The mapping that pairs make."""
    pairs = [option for item in given.look() for option in options(item)]
    if not pairs or not all(isinstance(pair, Seq) and pair.exact and len(pair.items) == 2 for pair in pairs):
        return None
    known, others, keys = dict[Any, Value](), list[Value](), list[Value]()
    for key, value in (pair.look() for pair in pairs if isinstance(pair, Seq)):
        if given.exact and len(pairs) == len(given.items) and type(key) is Const and isinstance(key.value, str):
            known[key.value] = value
        else:
            others.append(value)
            keys.append(key)
    made = Dict(known, others, taint, union(keys) if keys else None)
    made.whole = bool(others)
    return made


_PARTS = {
    **dict.fromkeys(
        ("itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse", "heapq.nsmallest", "heapq.nlargest"), (1, "some")
    ),
    **dict.fromkeys(("itertools.compress", "more_itertools.unique_everseen", "natsort.natsorted", "natsort.os_sorted"), (0, "some")),
    **dict.fromkeys(("natsort.humansorted", "natsort.realsorted"), (0, "some")),
    **dict.fromkeys(("itertools.pairwise", "itertools.combinations", "itertools.permutations", "itertools.batched"), (0, "groups")),
    **dict.fromkeys(("itertools.combinations_with_replacement", "itertools.tee"), (0, "groups")),
    **dict.fromkeys(("more_itertools.chunked", "more_itertools.batched", "more_itertools.windowed"), (0, "groups")),
    "itertools.groupby": (0, "keyed"),
    "builtins.filter": (1, "some"),
    "itertools.chain": (0, "all"),
}
"""Callables that give what is in what they are given -> which argument that is, and in what shape they give it."""


_AT_ONCE = frozenset(
    {"builtins.filter", "heapq.nlargest", "heapq.nsmallest", "itertools.chain", "itertools.combinations", "itertools.permutations"}
    | {"itertools.combinations_with_replacement", "natsort.natsorted", "natsort.os_sorted", "natsort.humansorted", "natsort.realsorted"}
)
"""Of these, those that are through before they give anything, or are taken to be."""


def _parts(name: str, args: Args, taint: bool) -> Value:
    place, shape = _PARTS[name]
    if len(args.positional) <= place or args.more:
        return _marked(UNKNOWN, taint)
    given = args.positional[place]
    if isinstance(given, Seq) and name not in _AT_ONCE and name not in LAZY:
        given.exact = False  # what is put into it before they go through it comes out of them, too
        some = given
    else:
        some = Seq([element(given)], exact=False, taint=taint)
    if shape == "some":
        return _marked(some, taint)
    inner: list[Value] = [some]
    if shape == "keyed":
        inner = [Seq([UNKNOWN, some])]
    elif shape == "all":
        inner = [element(value) for value in args.positional]
    return Seq(inner, exact=False, taint=taint)


def _marked(value: Value, taint: bool) -> Value:
    return with_taint(value) if taint else value


def owner_of(value: Value) -> Value:
    """What is gone on from at `value.name`: what only looks like a method may be any part of something of unknown class, or a property."""
    if not isinstance(value, Method):
        return value
    of = value.receiver
    if isinstance(of, Instance) and (row := knowledge.method(of.cls, value.name)) is not None and row.makes:
        return Instance(row.result, of.resource, of.taint)
    return of if isinstance(of, Unknown) else value


def element(value: Value) -> Value:
    """What iterating over a value gives."""
    if type(value) is Method:
        value = owner_of(value)
    if isinstance(value, Seq):
        return value.element()
    if isinstance(value, Dict):
        value.taken = value.listed = True
        keys = [one for key in value.items if (one := constant(key)) is not None]
        return union([*keys, *([value.other_key()] if value.rest or not keys else [])])
    if isinstance(value, Const) and isinstance(value.value, str) and value.value:
        letters: list[Value] = (
            [Const(letter, value.taint) for letter in value.value] if len(value.value) <= 64 else [text((None,), value.taint)]
        )
        return union([*letters, text(CLIMBING, value.taint)] if "." in value.value else letters)  # in another order they are steps up
    if isinstance(value, Instance) and (row := knowledge.method(value.cls, "__iter__")) is not None and row.makes and not row.effectful:
        return value if row.result == value.cls else Instance(row.result, None, value.taint)
    if value is NOTHING or (isinstance(value, Foreign) and value.library == "sympy"):
        return value
    found = [element(option) for option in options(value)] if len(options(value)) > 1 else []
    if found:
        return union(found)
    return origins.made_of([value], value.taint)


def in_turn(value: Value) -> Value:
    """The same, if nothing is known of it, as what gives its items when somebody goes through it."""
    return Seq([value], exact=False, taint=value.taint) if isinstance(value, Unknown) else value


def text_method(receiver: Value, name: str, args: Args) -> Value:
    """A method of a string or of bytes, or of another constant."""
    taint = receiver.taint or args.taint
    if name == "format_map" and isinstance(mapping := args.get(0), Dict):
        name, args = "format", Args([], {str(key): one for key, one in mapping.items.items()}, bool(mapping.rest))
        args.rest = union(mapping.rest) if mapping.rest else UNKNOWN
    if isinstance(receiver, Text):
        if name in ("strip", "lstrip"):
            return _stripped(receiver, args, taint)
        if name in ("encode", "decode", "rstrip", "lower", "expanduser", "casefold"):
            return text(receiver.parts, taint)
        if name == "format":
            return filling.formatted(receiver.parts, args, taint)
        # What begins as the text does is the first alone.
        rest = [text(filling.another([receiver]), taint)] if receiver.prefix or climbs([receiver]) else []
        return (
            Seq([text((receiver.prefix, None), taint), *rest], exact=False)
            if name in ("split", "splitlines")
            else origins.called(name, receiver, args.all(), taint)
        )
    assert isinstance(receiver, Const)
    value = receiver.value
    if not isinstance(value, (str, bytes)) or name not in TEXT_METHODS:
        return origins.called(name, receiver, args.all(), taint)
    if name == "format" and isinstance(value, str):
        return filling.formatted((value,), args, taint)
    if name == "join" and isinstance(value, str) and args.positional:
        return filling.joined(value, args.positional[0], taint)
    known = [_plain(one) for one in args.positional]
    if args.named or args.more or not all(ok for ok, _ in known):
        head = _head(value, name) if isinstance(value, str) else ""
        return text((head, None), taint) if head else origins.called(name, receiver, args.all(), taint)
    plain = [one for _, one in known]
    if any(isinstance(one, int) and one > MAX for one in plain):
        return origins.called(name, receiver, args.all(), taint)
    if name == "replace" and any(isinstance(new, (str, bytes)) and len(value) * len(new) > 1 << 20 for new in plain[1:2]):
        return origins.called(name, receiver, args.all(), taint)
    if name == "decode" and plain and str(plain[0]).lower() not in _CODECS:
        return origins.called(name, receiver, args.all(), taint)
    return lift(lambda: getattr(value, name)(*plain), taint) or origins.called(name, receiver, args.all(), taint)


def _stripped(receiver: Text, args: Args, taint: bool) -> Value:
    """`text.strip(characters)`: how the text begins then, as far as that is known."""
    characters = args.get(0)
    known = characters.value if isinstance(characters, Const) else None
    first = receiver.parts[0]
    if first is None or (characters is not None and not isinstance(known, (str, type(None)))):
        return text((None,), taint) if first is not None else text(receiver.parts, taint)
    begins = first.lstrip(known)
    return text((begins, *receiver.parts[1:]), taint) if begins else text((None,), taint)


def _head(value: str, name: str) -> str:
    """What of a template is surely kept when a part of it is replaced by something unknown: a URL's host, at best."""
    return value.split("{", 1)[0].split("%", 1)[0].split("<", 1)[0] if "://" in value and name == "replace" else ""


ADDS = frozenset(
    {"append", "add", "appendleft", "insert", "push", "put", "extend", "update", "extendleft", "symmetric_difference_update"}
    | {"__setitem__", "__iadd__", "__ior__", "__ixor__", "put_nowait"}
)
"""Methods that put what they are given into a container."""
MOVES = frozenset(
    {"sort", "reverse", "remove", "clear", "rotate", "pop", "popleft", "insert", "appendleft", "extendleft", "__setitem__", "__delitem__"}
    | {"__next__"}
)
"""Methods after which another item may be the first."""
CHANGES = ADDS | {"setdefault"}
"""Methods of a container that change what is in it."""


def container_method(receiver: Seq | Dict, name: str, args: Args) -> Value:
    """A method of a list, tuple, set or dict; it may change the receiver."""
    if name in ("encode", "__enter__"):
        return receiver  # a container written down as JSON, which `json.dumps` keeps as it is, or in a `nullcontext`
    if isinstance(receiver, Dict):
        return _dict_method(receiver, name, args)
    if args.more and name in ADDS:
        receiver.add(args.rest)
    receiver.moved = receiver.moved or name in MOVES
    if name in ("append", "add", "appendleft", "insert", "push", "put", "put_nowait", "__setitem__") and args.positional:
        if name == "append" and receiver.exact and len(receiver.items) < 512:
            receiver.items.append(args.positional[-1])
            receiver.taint = receiver.taint or args.positional[-1].taint
        else:
            receiver.add(args.positional[-1])
        return UNKNOWN
    if name in ADDS and args.positional:
        for other in args.positional:
            if isinstance(other, Seq):
                receiver.exact = receiver.exact and other.exact and name != "extendleft"
                receiver.extend(other.look())
                receiver.taint = receiver.taint or other.taint
            else:
                receiver.add(element(other))
        return receiver if name.startswith("__") else UNKNOWN
    if name in ("pop", "popleft", "get", "get_nowait", "__getitem__", "__next__"):
        receiver.exact = receiver.exact and not name.startswith(("pop", "__next"))
        return receiver.element()
    if name in ("copy", "union", "intersection", "difference", "__iter__"):
        return receiver.copy()
    if name in ("sort", "reverse", "remove", "clear", "rotate", "__delitem__"):
        receiver.exact = False
    return TAINTED if receiver.taint else UNKNOWN


def _dict_method(receiver: Dict, name: str, args: Args) -> Value:
    receiver.taken = receiver.taken or name != "update"
    receiver.listed = receiver.listed or name in ("items", "keys", "popitem", "copy", "__iter__", "most_common")
    if name in ("get", "pop", "setdefault", "__getitem__") and args.positional:
        found = lookup(receiver, args.positional[0])
        if name == "setdefault" and len(args.positional) > 1:
            store(receiver, args.positional[0], args.positional[1])
        return union([found, args.positional[1]]) if len(args.positional) > 1 else found
    if name == "popitem":
        return Seq([union([*(constant(key) or UNKNOWN for key in receiver.items), receiver.other_key()]), receiver.element()])
    if name == "values":
        return Seq(list(receiver.items.values()) + receiver.rest, exact=not receiver.rest, taint=receiver.taint)
    if name in ("items", "most_common"):
        pairs: list[Value] = [Seq([constant(key) or UNKNOWN, value]) for key, value in receiver.items.items()]
        pairs += [Seq([receiver.other_key(), value]) for value in receiver.rest]
        return Seq(pairs, exact=not receiver.rest, taint=receiver.taint)
    if name == "keys":
        known = [constant(key) or UNKNOWN for key in receiver.items]
        return Seq([*known, receiver.other_key()] if receiver.rest else known, exact=not receiver.rest)
    if name == "__setitem__" and len(args.positional) > 1:
        store(receiver, args.positional[0], args.positional[1])
    if name in ("update", "subtract", "__ior__", "__iadd__"):
        if args.more:
            receiver.put([args.rest])
        for other in args.positional:
            if isinstance(other, Dict):
                receiver.items.update(other.items)
                if other.rest:
                    receiver.put(other.rest, other.key)
            else:
                receiver.put([element(other)])
        for key, value in args.named.items():
            receiver.items[key] = value
        receiver.taint = receiver.taint or args.taint
    if name == "copy":
        return Dict(dict(receiver.items), list(receiver.look())[len(receiver.items) :], receiver.taint, receiver.key)
    return TAINTED if receiver.taint else UNKNOWN


def lookup(receiver: Dict, key: Value) -> Value:
    """The value under a key, or under any key if it is not known."""
    receiver.taken = True
    if receiver.made:  # and is there from now on
        receiver.put([], key if isinstance(key, (Const, Text, Instance)) else None)
    if isinstance(key, Const):
        try:
            found = receiver.items.get(key.value)
        except TypeError:
            return UNKNOWN
        if found is not None:
            return union([found, *receiver.rest]) if receiver.rest else found
        if receiver.made or receiver.whole:
            return union(receiver.rest)
        return union([UNKNOWN, *receiver.rest]) if receiver.rest else UNKNOWN
    return receiver.element()


def store(receiver: Dict, key: Value, value: Value) -> None:
    """`receiver[key] = value`, remembering what was there."""
    receiver.taint = receiver.taint or value.taint
    if isinstance(key, Const) and len(receiver.items) < 512:
        try:
            receiver.items[key.value] = value
        except TypeError:
            return
    elif len(receiver.rest) < 64:
        receiver.put([value], key if isinstance(key, (Text, Instance)) else None)
    else:
        receiver.widen()
