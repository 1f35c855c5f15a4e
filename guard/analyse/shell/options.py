"""Command-line arguments -> options and operands, by a small specification language. Data decides, one parser reads it.

A specification is words: `n` a flag, `n=` an option with a value, `i?` an option with an attached value at most; several names of one
option are joined by a comma (`o,output=`). A role may follow: `o=write` (its value is written), `R+tree` … `programs.rows` gives roles
their meaning. One letter is a short option, more letters a long one; `-name` is a long option with one dash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from guard.analyse.shell.marks import SPLIT, TAINT, known_start

HARMLESS = frozenset({"", "read", "names", "list", "text", "get", "+hide", "+tree"})
"""Roles that leave an option list open: an option that is not listed does no more than the program does anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a specification: its first name, whether it takes a value ("=", "?" or ""), and its role."""

    name: str
    takes: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """All options of a program by name. `closed`: an option that is not listed could do harm."""

    options: dict[str, Option]
    closed: bool


@dataclass(slots=True)
class Parsed:
    """What the arguments are: options with their values in order, operands, and options that the specification does not know."""

    options: list[tuple[Option, str | None]] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        return any(option.name in names for option, _ in self.options)

    def value(self, *names: str) -> str | None:
        return next((value for option, value in reversed(self.options) if option.name in names and value is not None), None)


_WORD = re.compile(r"(?P<names>[^=?+]+)(?P<takes>[=?]?)(?P<role>.*)")


@cache
def spec(text: str) -> Spec:
    options: dict[str, Option] = {}
    for word in text.split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise ValueError(f"not an option specification: {word!r}")
        names = match["names"].split(",")
        option = Option(name=names[0], takes=match["takes"], role=match["role"])
        options.update(dict.fromkeys(names, option))
    return Spec(options=options, closed=any(option.role not in HARMLESS for option in options.values()))


def parse(args: list[str], text: str, *, permute: bool = True) -> Parsed:
    """Reads arguments as getopt_long would; `permute` false: the first operand ends the options."""
    known = spec(text)
    out, queue, index = Parsed(), list(args), 0
    while index < len(queue):
        arg = queue[index]
        index += 1
        if arg == "--":
            out.operands += queue[index:]
            break
        if arg.startswith((SPLIT, TAINT)) and known.closed:
            out.unknown.append(arg)
        if arg.startswith("-") and len(arg) > 1:
            index = _long(arg, queue, index, known, out) if _is_long(arg, known) else _short(arg, queue, index, known, out)
        else:
            out.operands.append(arg)
            if not permute:
                out.operands += queue[index:]
                break
    return out


def _is_long(arg: str, known: Spec) -> bool:
    name = known_start(arg).split("=", 1)[0]
    return arg.startswith("--") or name in known.options


def _long(arg: str, queue: list[str], index: int, known: Spec, out: Parsed) -> int:
    name, equals, value = arg.partition("=")
    option = known.options.get(name) or (known.options.get(name[2:]) if len(name) != len("--x") else None)
    if option is None:
        found = [o for key, o in known.options.items() if len(key) > 1 and key.startswith(name[2:])] if len(name) > 2 else []
        found += [known.options[name[2:]]] if name[2:] in known.options else []  # a letter behind two dashes is short for a long option
        if not found:
            out.unknown.append(arg)
            return index
        option = next((o for o in found if o.role not in HARMLESS), found[0])
    if equals:
        out.options.append((option, value))
    elif option.takes == "=" and index < len(queue):
        out.options.append((option, queue[index]))
        return index + 1
    else:
        out.options.append((option, None))
    return index


def _short(arg: str, queue: list[str], index: int, known: Spec, out: Parsed) -> int:
    for position in range(1, len(arg)):
        option = known.options.get(arg[position])
        if option is None:
            if not arg[position].isdigit():
                out.unknown.append("-" + arg[position])
            continue
        rest = arg[position + 1 :]
        if option.takes == "":
            out.options.append((option, None))
            continue
        if rest or option.takes == "?":
            out.options.append((option, rest.removeprefix("=") if rest else None))
            return index
        if index < len(queue):
            out.options.append((option, queue[index]))
            return index + 1
        out.options.append((option, None))
    return index
