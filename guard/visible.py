"""Outside text made visible: the one door through which it reaches a screen.

Control, bidi, zero-width, tag and other invisible characters become marks such as ‹U+202E RLO› that the text itself cannot write (a
literal ‹ becomes ‹U+2039›). Marks are exact, so nothing is lost; where they stand is known, so that they can be painted reversed. Text
enters, `Visible` leaves; what a `Visible` holds is safe for any terminal (its constructor refuses the rest). Right-to-left letters are
shown as they are and reported (`Findings.rtl`), since some terminals reorder them. See CONSOLE design, section 5.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from guard.errors import BadInput

MOST_SPACES = 40
"""More spaces than this in a row are folded into one mark."""
MOST_EMPTY_LINES = 10
MOST_SAME = 8
"""More than this of one hidden character in a row are counted."""
MOST_COMBINING = 2
"""Combining marks that a letter may carry; the rest is counted."""
TAB = "→   "
LONG_LINE = 2000
"""A line of more characters than this is reported."""


class MarkKind(StrEnum):
    """Why something is not shown as it is."""

    HIDDEN = "hidden"
    """A character that cannot be seen, or that acts on the terminal or on the order of what is shown."""
    LITERAL = "literal"
    """A harmless character that would look like a mark, or that terminals do not agree about."""
    SPACE = "space"
    """A tab or a carriage return before a line feed: everyday, but shown."""
    FOLD = "fold"
    """Exact repetition, counted instead of shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a mark stands in the visible text (end exclusive), and in the source."""

    start: int
    end: int
    kind: MarkKind
    source: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Visible:
    """Text that is safe to paint: widgets accept nothing else. Made by `visible` (outside text) or `words` (guard's own)."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    mixed: tuple[tuple[int, int], ...] = ()
    """Words that mix scripts, as ranges of `text`."""

    def __post_init__(self) -> None:
        if not _is_safe(self.text):
            raise BadInput("text that is not visible would reach a screen", hint="This is a fault in guard: report it.")

    def __add__(self, other: Visible) -> Visible:
        by = len(self.text)
        marks = tuple(Mark(m.start + by, m.end + by, m.kind, m.source, m.source_end) for m in other.marks)
        return Visible(self.text + other.text, self.marks + marks, self.mixed + tuple((a + by, b + by) for a, b in other.mixed))

    def __len__(self) -> int:
        return len(self.text)

    @property
    def hidden(self) -> int:
        """How many hidden characters it shows as marks."""
        return sum(m.source_end - m.source for m in self.marks if m.kind is MarkKind.HIDDEN)

    def column(self, source: int) -> int:
        """The column of `text` at which the character `source` of the original stands."""
        i = bisect.bisect_right(self.marks, source, key=lambda m: m.source) - 1
        if i < 0:
            return source
        mark = self.marks[i]
        return mark.start if source < mark.source_end else mark.end + source - mark.source_end


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a text; or several empty ones, folded."""

    number: int
    count: int
    text: Visible


@dataclass(frozen=True, slots=True)
class Findings:
    """What a reader should know of a text before reading it."""

    hidden: int = 0
    hidden_line: int = 0
    """The first line with a hidden character."""
    mixed: tuple[tuple[int, Visible], ...] = ()
    """Words that mix scripts, spelled out, with their lines; the first few."""
    longest: int = 0
    """Length of the longest line in characters, if it is over `LONG_LINE`."""
    rtl: int = 0
    """The first line with right-to-left letters; 0 if there is none."""


@lru_cache(maxsize=1024)
def words(text: str) -> Visible:
    """guard's own words. Never give it text from outside: that is what `visible` is for."""
    return Visible(text)


def visible(text: str) -> Visible:
    """Any text as one line. Its line breaks become marks."""
    if text.isascii() and text.isprintable() and " " * (MOST_SPACES + 1) not in text:
        return Visible(text)
    out: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for start, end, kept, shown, kind in _replacements(text):
        out += (text[at:start], kept, shown)
        begin = length + start - at + len(kept)
        length = begin + len(shown)
        marks.append(Mark(begin, length, kind, start + len(kept), end))
        at = end
    out.append(text[at:])
    joined = "".join(out)
    return Visible(joined, tuple(marks), tuple(_mixed(joined)))


def lines(text: str) -> tuple[SourceLine, ...]:
    """A whole text, split at line feeds alone: what other languages take for a line end is a mark within a line."""
    found: list[SourceLine] = []
    raw = text.split("\n")
    if raw[-1] == "" and len(raw) > 1:
        raw.pop()
    number = 0
    while number < len(raw):
        empty = number
        while empty < len(raw) and not raw[empty]:
            empty += 1
        if empty - number > MOST_EMPTY_LINES:
            fold = f"‹{empty - number} empty lines›"
            found.append(SourceLine(number + 1, empty - number, Visible(fold, (Mark(0, len(fold), MarkKind.FOLD, 0, 0),))))
            number = empty
            continue
        found.append(SourceLine(number + 1, 1, _line(raw[number])))
        number += 1
    return tuple(found)


def findings(source: Iterable[SourceLine]) -> Findings:
    """What is notable in the lines of a text."""
    hidden = first = rtl = longest = 0
    mixed: list[tuple[int, Visible]] = []
    for line in source:
        if here := line.text.hidden:
            hidden, first = hidden + here, first or line.number
        mixed += [(line.number, spelled(line.text.text[a : min(b, a + 40)])) for a, b in line.text.mixed[: 5 - len(mixed)]]
        longest = max(longest, len(line.text))
        if not rtl and not line.text.text.isascii() and _rtl().search(line.text.text):
            rtl = line.number
    return Findings(hidden, first, tuple(mixed), longest if longest > LONG_LINE else 0, rtl)


def hides(text: str) -> bool:
    """Whether a text has a hidden character: quick for plain ones."""
    if text.isascii() and text.translate(_EVERYDAY).isprintable():
        return False
    return any(line.text.hidden for line in lines(text))


def spelled(text: str) -> Visible:
    """Text with every character that is not ASCII spelled out: p‹U+0430›ypal."""
    out: list[str] = []
    marks: list[Mark] = []
    length = 0
    for i, character in enumerate(text):
        plain = character.isascii() and character.isprintable()
        shown = character if plain else _name(character)
        if not plain:
            marks.append(Mark(length, length + len(shown), MarkKind.LITERAL, i, i + 1))
        out.append(shown)
        length += len(shown)
    return Visible("".join(out), tuple(marks))


def without_hidden(text: str) -> tuple[str, int]:
    """Text with the hidden characters taken out, and how many they were: what editing starts from."""
    kept: list[str] = []
    removed = 0
    for line in text.split("\n"):
        at = 0
        for mark in [m for m in _line(line).marks if m.kind is MarkKind.HIDDEN]:
            kept.append(line[at : mark.source])
            at = mark.source_end
            removed += mark.source_end - mark.source
        kept += (line[at:], "\n")
    return "".join(kept[:-1]), removed


def decode(data: bytes) -> str:
    """Bytes as text in which an invalid byte shows as ‹byte FF›."""
    return data.decode("utf-8", "surrogateescape")


# ------------------------------------------------------------------------------------------------------------------ the marks

_CONTROLS = (  # as texts: a list would be 66 lines
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(),  # noqa: SIM905
    (  # noqa: SIM905
        "DEL PAD HOP BPH NBH IND NEL SSA ESA HTS HTJ VTS PLD PLU RI SS2 SS3 DCS PU1 PU2 STS CCH MW SPA EPA SOS SGCI SCI CSI ST OSC PM APC"
    ).split(),
)
_NAMES = {
    0xA0: "NBSP", 0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x180E: "MVS", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM",
    0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x202F: "NNBSP", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0x3000: "IDSP", 0xFE0F: "VS16",
    0xFE0E: "VS15", 0xFEFF: "BOM",
    **dict(enumerate(_CONTROLS[0])), **dict(enumerate(_CONTROLS[1], 0x7F)),
}  # fmt: skip

_EVERYDAY = {ord(c): None for c in "\n\t"}
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
"""Characters that Unicode calls printable and that show nothing."""
_OURS = "‹›␀-␦→"
"""What marks are made of."""
_UNSURE = "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
"""Halves of flags and skin tones: terminals do not agree about their width."""


def _is_safe(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _blank().search(text))


def _name(character: str) -> str:
    point = ord(character)
    if 0xDC80 <= point <= 0xDCFF:
        return f"‹byte {point - 0xDC00:02X}›"
    known = _NAMES.get(point, "surrogate" if 0xD800 <= point <= 0xDFFF else "")
    return f"‹U+{point:04X}{' ' + known if known else ''}›"


_Replacement = tuple[int, int, str, str, MarkKind]
"""Start and end in the source, what of it is kept, the mark that follows, and its kind."""


def _replacements(text: str) -> Iterator[_Replacement]:
    for match in _notable().finditer(text):
        start, end, found = match.start(), match.end(), match.group()
        if found[0] == " ":
            yield start, end, "", f"‹{len(found)} spaces›", MarkKind.FOLD
        elif found[0] == "\t":
            for i in range(start, end):
                yield i, i + 1, "", TAB, MarkKind.SPACE
        elif _combining(found[0]):
            yield from _combined(text, start, found)
        elif len(found) > MOST_SAME:
            yield start, end, "", f"{_name(found[0])[:-1]} ×{len(found)}›", _kind(text, start)
        else:
            for i in range(start, end):
                yield i, i + 1, "", _name(found[0]), _kind(text, i)


def _combined(text: str, start: int, found: str) -> Iterator[_Replacement]:
    """A run of combining marks: two stay on a letter, the rest is counted; without a letter each is spelled."""
    if start == 0 or not unicodedata.category(text[start - 1]).startswith(("L", "N", "S", "P", "Mc")) or _odd(text[start - 1]):
        for i, character in enumerate(found, start):
            yield i, i + 1, "", _name(character), MarkKind.HIDDEN
    elif len(found) > MOST_COMBINING:
        more = len(found) - MOST_COMBINING
        yield start, start + len(found), found[:MOST_COMBINING], f"‹+{more} mark{'s' if more > 1 else ''}›", MarkKind.HIDDEN


def _kind(text: str, at: int) -> MarkKind:
    character = text[at]
    if _literal().match(character):
        return MarkKind.LITERAL
    styled = character in "\ufe0e\ufe0f" and at > 0 and unicodedata.category(text[at - 1]) == "So"
    return MarkKind.LITERAL if styled else MarkKind.HIDDEN


def _line(raw: str) -> Visible:
    if not raw.endswith("\r"):
        return visible(raw)
    shown = visible(raw[:-1])
    end = len(shown)
    return Visible(shown.text + "␍", (*shown.marks, Mark(end, end + 1, MarkKind.SPACE, len(raw) - 1, len(raw))), shown.mixed)


@lru_cache(maxsize=4096)
def _combining(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me") and not _blank().match(character)


@lru_cache(maxsize=4096)
def _odd(character: str) -> bool:
    return not character.isprintable() or bool(re.match(f"[{_BLANK}{_OURS}{_UNSURE}]", character))


@cache
def _blank() -> re.Pattern[str]:
    return re.compile(f"[{_BLANK}]")


@cache
def _literal() -> re.Pattern[str]:
    return re.compile(f"[{_OURS}{_UNSURE}]")


@cache
def _notable() -> re.Pattern[str]:
    """Everything that is not shown as it is. Built when first needed: it looks at every character that Unicode has."""
    odd = _ranges(lambda c: not c.isprintable())
    combining = _ranges(lambda c: unicodedata.category(c) in ("Mn", "Me") and not re.match(f"[{_BLANK}]", c))
    return re.compile(f" {{{MOST_SPACES + 1},}}|[{combining}]+|([{odd}{_BLANK}{_OURS}{_UNSURE}\U00040000-\U0010ffff])\\1*")


@cache
def _rtl() -> re.Pattern[str]:
    return re.compile(f"[{_ranges(lambda c: unicodedata.bidirectional(c) in ('R', 'AL', 'AN'))}]")


def _ranges(wanted: Callable[[str], bool]) -> str:
    """The body of a character class, for the planes in which characters are assigned one by one."""
    found: list[str] = []
    start = -1
    for point in range(0x40001):
        if point < 0x40000 and wanted(chr(point)):
            start = point if start < 0 else start
        elif start >= 0:
            found.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = -1
    return "".join(found)


# ------------------------------------------------------------------------------------------------------------- mixed scripts

_WORD = re.compile(r"\w+")
_FOREIGN = re.compile(
    "[\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1cbf\u2c80-\u2cff\ua4d0-\ua4ff\uab70-\uabbf\uff21-\uff5a\U0001d400-\U0001d7ff]"
)
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH", "MATHEMATICAL", "GEORGIAN", "LISU"})
"""Scripts with letters that look like another's."""


def _mixed(text: str) -> Iterator[tuple[int, int]]:
    if not _FOREIGN.search(text):
        return
    for match in _WORD.finditer(text):
        if not match.group().isascii() and len({_script(c) for c in match.group() if c.isalpha()} & _ALIKE) > 1:
            yield match.start(), match.end()


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "?").split(" ", 1)[0].split("-", 1)[0]


NOTHING = Visible()
