"""Visible text, with roles, as strips of styled cells. A role is a meaning ("destroys", "a name"); a palette gives it a colour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from guard.visible import NOTHING, MarkKind, Visible, words

Span = tuple[int, int, str]
"""Start, end, role."""
Part = Visible | str | tuple[Visible | str, str]
"""Outside text (`Visible`), guard's own words (`str`), or either with a role."""

_DARK = {
    "text": "#d8dee6", "ground": "#14181d", "bar": "#232a33", "cursor": "#2c3540", "dim": "#8b96a3", "strong": "bold #ffffff",
    "D": "bold #ff6b6b", "N": "#62c7c2", "W": "#e8b84b", "R": "#7fb3dd", "?": "bold #ff8ad8", "ok": "#7ccf7c", "warn": "bold #e8b84b",
    "bad": "bold #ff6b6b", "badD": "bold #14181d on #ff6b6b", "bad?": "bold #14181d on #ff8ad8", "badN": "bold #14181d on #62c7c2",
    "badW": "bold #14181d on #e8b84b", "badR": "bold #14181d on #7fb3dd", "tab": "bold #14181d on #d8dee6",
    "mark": "bold #14181d on #ff8ad8",
    "key": "bold #e8b84b", "keyword": "#d6a0e8", "string": "#a5cf8f", "comment": "italic #8b96a3", "number": "#e0a56c",
    "function": "#8fc1f0", "unread": "#e8b84b", "added": "#7ccf7c", "removed": "#ff8a8a",
    "dead": "#8b96a3 on #232a33", "button": "bold #14181d on #d8dee6", "focus": "bold #14181d on #e8b84b",
}  # fmt: skip
_LIGHT = {
    "text": "#20262d", "ground": "#fbfbf8", "bar": "#e4e7ea", "cursor": "#d7dfe8", "dim": "#5b6570", "strong": "bold #000000",
    "D": "bold #b3201c", "N": "#00696a", "W": "#7c5300", "R": "#1f5c94", "?": "bold #9a1f7a", "ok": "#23692a", "warn": "bold #7c5300",
    "bad": "bold #b3201c", "badD": "bold #ffffff on #b3201c", "bad?": "bold #ffffff on #9a1f7a", "badN": "bold #ffffff on #00696a",
    "badW": "bold #ffffff on #7c5300", "badR": "bold #ffffff on #1f5c94", "tab": "bold #ffffff on #20262d",
    "mark": "bold #ffffff on #9a1f7a",
    "key": "bold #7c5300", "keyword": "#7a2e93", "string": "#2f6b1c", "comment": "italic #5b6570", "number": "#8a4b00",
    "function": "#1f5c94", "unread": "#7c5300", "added": "#23692a", "removed": "#b3201c",
    "dead": "#5b6570 on #e4e7ea", "button": "bold #ffffff on #20262d", "focus": "bold #ffffff on #7c5300",
}  # fmt: skip
_PLAIN = {"badD": "bold reverse", "bad?": "bold reverse", "mark": "reverse", "tab": "reverse", "focus": "bold reverse", "gone": "strike"}
"""What a role keeps without colour."""


Told = tuple[tuple[int, ...], int]
"""A clause in a text: where each name in it begins and ends, and where it ends itself."""
_WORD, _WORDS_END = re.compile(r"\w"), re.compile(r"\w*\Z")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+(?::\d+)?")
WIDE, NARROW = 120, 80
"""Cells from which a screen is wide, and under which it is narrow."""
LEAST_NAME = 6
"""Cells of a name that are still worth showing."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by role."""

    styles: dict[str, Style]
    ground: str
    bar: str

    def __getitem__(self, role: str) -> Style:
        return self.styles.get(role, Style.null())


def palette(*, dark: bool, colour: bool = True) -> Palette:
    """The palette of a theme; without colour, roles keep what bold and reversed can say."""
    table = _DARK if dark else _LIGHT
    extra = {"gone": "strike", "mixed": "underline", "bold": "bold", "reverse": "reverse", "plain": ""}
    if colour:
        named = {role: Style.parse(value) for role, value in {**table, **extra}.items()}
    else:
        bold = {role: "bold" for role, value in table.items() if "bold" in value}
        named = {role: Style.parse(value) for role, value in {**bold, **extra, **_PLAIN}.items()}
        named["bar"] = Style.parse(f"on {table['bar']}")
        named["text"] = Style.parse(f"on {table['ground']}")
        named["cursor"] = Style.parse(f"on {table['cursor']}")
    if colour:
        named["cursor"] = Style.parse(f"{table['text']} on {table['cursor']}")
        named["text"] = Style.parse(f"{table['text']} on {table['ground']}")
        named["bar"] = Style.parse(f"{table['text']} on {table['bar']}")
    named.pop("ground", None)
    return Palette(named, table["ground"], table["bar"])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of visible text with roles."""

    text: Visible = NOTHING
    spans: tuple[Span, ...] = ()

    def __add__(self, other: Line) -> Line:
        by = len(self.text)
        return Line(self.text + other.text, self.spans + tuple((a + by, b + by, role) for a, b, role in other.spans))


def line(*parts: Part) -> Line:
    """A line from parts. INVARIANT: text from outside comes as `Visible`; a `str` is guard's own words, and is checked."""
    text: list[str] = []
    spans: list[Span] = []
    whole = NOTHING
    for part in parts:
        body, role = part if isinstance(part, tuple) else (part, "")
        shown = words(body) if isinstance(body, str) else body
        if role:
            spans.append((len(whole), len(whole) + len(shown), role))
        whole = whole + shown
        text.append(shown.text)
    return Line(whole, tuple(spans))


def width(text: str) -> int:
    """How many cells a visible text takes."""
    return cell_len(text)


def wrap(text: str, cells: int) -> list[tuple[int, int]]:
    """Slices of a text that fit into so many cells each; at least one slice."""
    found, start = list[tuple[int, int]](), 0
    while (stop := _edge(text, start, cells)) < len(text):
        found.append((start, stop))
        start = stop
    return [*found, (start, len(text))]


def _edge(text: str, start: int, cells: int) -> int:
    """Where a row that begins there has no more room."""
    cells = max(cells, 2)
    if text.isascii():
        return min(start + cells, len(text))
    for i in range(start, len(text)):
        cells -= get_character_cell_size(text[i])
        if cells < 0:
            return i
    return len(text)


def wrap_code(text: str, cells: int) -> list[tuple[int, int]]:
    """The same, but for words: one that began in the last third of a row goes to the next whole. Nothing is left out."""
    found, start = list[tuple[int, int]](), 0
    while (stop := _edge(text, start, cells)) < len(text):
        found.append((start, _before_word(text, start, stop)))
        start = found[-1][1]
    return [*found, (start, len(text))]


def _before_word(text: str, start: int, stop: int) -> int:
    """Where a row that would end in a word ends instead."""
    low = stop - (stop - start) // 3
    cut = found.start() if _WORD.match(text, stop) and (found := _WORDS_END.search(text, low, stop)) else stop
    return cut if cut > low else stop


def wrap_words(text: str, cells: int, *, hang: int = 0) -> list[tuple[int, int]]:
    """The same, breaking at spaces where that is possible: for sentences, not for code.
    `hang`: cells less for every slice but the first."""
    found, start = list[tuple[int, int]](), 0
    while (stop := _edge(text, start, cells - hang if start else cells)) < len(text):
        cut = text.rfind(" ", start, stop + 1)
        end = cut if cut > start and text[start:cut].strip() else stop  # a row of mere indentation helps nobody
        found.append((start, end))
        start = end + 1 if end == cut else end
    return [*found, (start, len(text))]


def fit(shown: Visible, cells: int, *, keep: str = "start") -> Visible:
    """The text cut to so many cells, with … where something is missing: at the end, or at the start."""
    if width(shown.text) <= cells:
        return shown
    if cells < 2:
        return words("…"[:cells])
    text = shown.text
    if keep == "end":
        tail = len(text)
        while tail > 0 and width(text[tail - 1 :]) < cells:
            tail -= 1
        return words("…" + text[tail:])
    head = _edge(text, 0, cells - 1) if cells > 2 else int(width(text[:1]) < 2)
    return Visible(text[:head] + "…", tuple(m for m in shown.marks if m.end <= head))


def fit_clauses(text: str, told: Sequence[Told], cells: int) -> Visible:
    """As many whole clauses of a text as there is room for, and how many more there are. Of a first one that has no room, the names that
    have; of a first name that has none, its end: of a host whole labels, two at least, and else it is counted too."""
    for kept in range(len(told), 0, -1):
        more = f" +{len(told) - kept}" if kept < len(told) else ""
        if width(text[: told[kept - 1][1]]) + len(more) <= cells:
            return words(text[: told[kept - 1][1]] + more)
    room, (names, end) = cells - len(more), told[0]
    for cut in reversed(names[1::2]):
        if cut < end and width(text[:cut]) < room:
            return words(f"{text[:cut]}…{more}")
    rest = "…" if names and names[1] < end else ""
    if names:
        before, name = text[: names[0]], text[names[0] : names[1]]
        left = room - width(before) - len(rest)
        if _HOST.fullmatch(name):
            if ends := _last_labels(name, left):
                return words(before + ends + rest + more)
            more = f" +{len(told)}"
            return fit(words(before.rstrip()), cells - len(more)) + words(more)
        if left >= LEAST_NAME:
            return words(before) + fit(words(name), left, keep="end") + words(rest + more)
    return fit(words(text[:end]), room) + words(more)


def _last_labels(host: str, cells: int) -> str:
    """As many of its last labels as there is room for, two at least; "" if there is not: half a label may read as another host."""
    labels = host.split(".")
    ends = ("…." * bool(i) + ".".join(labels[i:]) for i in range(len(labels) - 1))
    return next((one for one in ends if width(one) <= cells), "")


def segments(of: Line, start: int, end: int, colours: Palette) -> Iterator[Segment]:
    """The slice of a line, styled. Later spans go over earlier ones; marks go over all."""
    marks = [(m.start, m.end, "mark" if m.kind is not MarkKind.SPACE else "dim") for m in of.text.marks]
    mixed = [(a, b, "mixed") for a, b in of.text.mixed]
    spans = [s for s in (*of.spans, *mixed, *marks) if s[0] < end and s[1] > start]
    cuts = sorted({start, end, *(min(max(p, start), end) for a, b, _ in spans for p in (a, b))})
    for a, b in pairwise(cuts):
        style = Style.null()
        for x, y, role in spans:
            if x <= a and y >= b:
                style += colours[role]
        yield Segment(of.text.text[a:b], style)


def strip(of: Line, cells: int, colours: Palette, *, start: int = 0, end: int | None = None, base: str = "") -> Strip:
    """One row of the screen, exactly so many cells wide."""
    end = len(of.text) if end is None else end
    if width(of.text.text[start:end]) > cells:
        end = _edge(of.text.text, start, cells)
    row = Strip(list(segments(of, start, end, colours))).adjust_cell_length(cells)
    return row.apply_style(colours["text"] if not base else colours[base])


def columns(cells: Sequence[tuple[Line, int]], gap: int = 1) -> Line:
    """Lines side by side, each padded to its width (cut if it is longer)."""
    out = Line()
    for i, (one, size) in enumerate(cells):
        fitted = one if width(one.text.text) <= size else Line(fit(one.text, size), tuple(_clip(one.spans, size)))
        pad = size - width(fitted.text.text) + (gap if i < len(cells) - 1 else 0)
        out = out + fitted + Line(words(" " * pad))
    return out


def _clip(spans: Iterable[Span], end: int) -> Iterator[Span]:
    return ((a, min(b, end), role) for a, b, role in spans if a < end)
