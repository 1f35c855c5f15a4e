"""Lines of numbers with the name of a file behind them (`du`, `wc`, `stat -c '%s %n'`, `find -printf '%T@ %p\\n'`), and their columns.

Only what cannot be anything else is a number or a name here; all other text stays unknown.
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import NUMBER, STAR, UNKNOWN, measured, plain

_FIND = r"%(?:[bdDGgikmnsSUuyY]|[ACT][@+aAbBdFHjmMSTUwWyY])"
_STAT = r"%[abBdDfgGhiosStTuUWXYZ]"
"""What find and stat say in letters, digits and signs, without blanks and without names of files."""
_FORMS = {
    program: re.compile(rf"((?:(?:(?:{one})[-:+.,]?)+(?P<border>[ \t])))((?:(?:(?:{one})[-:+.,]?)+(?P=border))*){name}(?:\\n|\\0|\n)?")
    for program, one, name in (("find", _FIND, "%[pPfh]"), ("stat", _STAT, "%n"))
}


def form(program: str, text: str, name: str) -> str:
    """What a format of find or stat gives for files of that name: numbers before it, with the same borders; "" if it asks for more."""
    match = _FORMS[program].fullmatch(plain(text).replace("\\t", "\t"))
    border = match["border"] if match else ""
    return (NUMBER + border) * match.group().count(border) + name if match else ""


def lines(border: str, names: list[str]) -> str:
    """Lines of a number and a name; "" if a name is not one of files."""
    text = "\n".join(f"{NUMBER}{border}{name}" for name in names)
    return text + "\n" if measured(text) else ""


def cut(text: str, border: str, which: str) -> str:
    """What `cut -d border -f which` makes of such lines; "" if that is not known."""
    match = re.fullmatch(r"(\d)-?", which)
    if match is None or not measured(text) or len(border) != 1:
        return ""
    place = int(match[1])
    if place == 1 and not which.endswith("-"):
        return NUMBER if all(line.startswith(NUMBER + border) for line in text.splitlines()) else ""
    return _column([line.split(border, place - 1) for line in text.splitlines()], place)


def word(text: str, place: int) -> str:
    """What `awk '{print $place}'` makes of such lines; "" if that is not known."""
    if not measured(text):
        return ""
    if place == 1:
        return NUMBER
    return _column([line.split(None, place - 1) for line in text.splitlines()], place)


def _column(rows: list[list[str]], place: int) -> str:
    """The names, if just numbers stand before them."""
    if not all(len(row) == place and set(row[:-1]) <= {NUMBER} and STAR in row[-1] and not UNKNOWN.search(row[-1]) for row in rows):
        return ""
    return "\n".join(row[-1] for row in rows) + "\n"


def nul(call: Call) -> str:
    """What `tr '\\n' '\\0'` makes of names: the same names; "" if it does something else."""
    text = call.sh.stdin
    borders = [plain(arg) for arg in call.args] in (["\\n", "\\0"], ["\\n", "\\000"], ["\n", "\\0"])
    return text if borders and text is not None and STAR in text and not UNKNOWN.search(text) else ""
