"""The text view: long documents, wrapped by slicing, painted line by line, that know which of their rows were truly on the screen."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.clock import PAINTED
from tui.paint import Line, line, strip, wrap_code, wrap_words
from tui.reading import PartRead, Range

if TYPE_CHECKING:
    from tui.app import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class DocLine:
    """One line of a document."""

    body: Line
    number: str = ""
    letter: str = ""
    """Class letter in the margin."""
    key: object = None
    """What the line is about (an effect's index, a source line): jumps go by it."""
    needed: bool = True
    """It must be shown before the case can be approved."""
    hang: int = 0
    """Cells that its rows after the first are indented by, in prose; as far as the first one is if not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Lines on one axis: each character is a position, and each line end one more, so that rows of any width are ranges."""

    lines: tuple[DocLine, ...] = ()
    numbered: bool = False
    prose: bool = False
    """Broken at spaces; code is broken at the edge."""
    offsets: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        offsets, at = [], 0
        for one in self.lines:
            offsets.append(at)
            at += len(one.body.text) + 1
        object.__setattr__(self, "offsets", (*offsets, at))

    def needed(self) -> Iterator[Range]:
        """The ranges that must be shown."""
        start = None
        for i, one in enumerate(self.lines):
            if one.needed and start is None:
                start = self.offsets[i]
            if not one.needed and start is not None:
                yield start, self.offsets[i]
                start = None
        if start is not None:
            yield start, self.offsets[-1]


class TextView(ScrollView, can_focus=False):
    """Shows a document; its cursor is on a line."""

    DEFAULT_CSS = "TextView { scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }"

    class Shown(Message):
        """More rows have been on the screen long enough."""

    class Pointed(Message):
        """The cursor came to another line."""

        def __init__(self, view: TextView, key: object) -> None:
            super().__init__()
            self.view, self.key = view, key

    class Pressed(Message):
        """A click on a line that has a key."""

        def __init__(self, view: TextView, key: object) -> None:
            super().__init__()
            self.view, self.key = view, key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.document = Document()
        self.part: PartRead | None = None
        self.cursor = 0
        """Index of the line that has the cursor."""
        self._wrapped = (array("L"), array("L"), array("L"))
        self._first: list[int] = []
        self._since: dict[int, float] = {}
        self._cells = -1
        self._waits = False

    # ---------------------------------------------------------------------------------------------------------------- content

    def show(self, document: Document, part: PartRead | None = None) -> None:
        """Show a document; `part` keeps what of it was seen."""
        self.document, self.part = document, part
        self.cursor = 0
        self._lay_out()
        self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self.refresh()

    def restyle(self, document: Document) -> None:
        """The same text with other colours."""
        self.document = document
        self.refresh()

    @property
    def margin_cells(self) -> int:
        """Cells left of the text."""
        return len(str(len(self.document.lines))) + 6 if self.document.numbered else 2

    @property
    def rows(self) -> int:
        return len(self._wrapped[0])

    @property
    def _width(self) -> int:
        """Cells for margin and text, beside the scrollbar."""
        return self.scrollable_content_region.width

    def _lay_out(self) -> None:
        cells = max(4, self._width - self.margin_cells)
        self._cells = self._width
        index, starts, ends = array("L"), array("L"), array("L")
        first = []
        for i, one in enumerate(self.document.lines):
            first.append(len(index))
            text = one.body.text.text
            for start, end in wrap_words(text, cells, hang=self._hang(one)) if self.document.prose else wrap_code(text, cells):
                index.append(i)
                starts.append(start)
                ends.append(end)
        self._wrapped, self._first = (index, starts, ends), first
        self._since.clear()
        self.virtual_size = Size(self._width, len(index))

    def _hang(self, one: DocLine) -> int:
        text = one.body.text.text
        return min(one.hang or len(text) - len(text.lstrip(" ")), (self._width - self.margin_cells) // 2) if self.document.prose else 0

    def on_resize(self, event: events.Resize) -> None:
        if self._width == self._cells:
            self._prune()
            return
        top = self.scroll_offset.y
        at = self._wrapped[0][top] if top < self.rows else 0
        self._lay_out()
        if at < len(self._first):
            self.scroll_to(y=self._first[at], animate=False, immediate=True, force=True)
        self.refresh()

    # --------------------------------------------------------------------------------------------------------------- movement

    def scroll_rows(self, by: int) -> None:
        """Scroll by rows; the cursor comes along if it would leave the screen."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, immediate=True, force=True)

    def step(self, by: int) -> None:
        """The cursor so many lines down."""
        self.point(min(max(self.cursor + by, 0), len(self.document.lines) - 1))

    def point(self, index: int) -> None:
        """The cursor to a line, scrolled into sight."""
        if not 0 <= index < len(self._first):
            return
        moved, self.cursor = self.cursor != index, index
        row, last = self._first[index], (self._first[index + 1] if index + 1 < len(self._first) else self.rows) - 1
        top, height = self.scroll_offset.y, self.size.height
        if row < top or last >= top + height:
            self.scroll_to(y=max(0, row if row < top else last - height + 1), animate=False, immediate=True, force=True)
        self.refresh()
        if moved:
            self.post_message(self.Pointed(self, self.document.lines[index].key))

    def lead(self, index: int) -> None:
        """The cursor to a line, which is the first on the screen then, as far as there is enough after it."""
        self.point(index)
        if index < len(self._first):
            self.scroll_to(y=self._first[index], animate=False, immediate=True, force=True)

    def find(self, key: object) -> bool:
        """The cursor to the first line with this key."""
        index = next((i for i, one in enumerate(self.document.lines) if one.key == key), None)
        if index is not None:
            self.point(index)
        return index is not None

    def seek(self, holds: Callable[[DocLine], bool], by: int = 1) -> bool:
        """The cursor to the next line (`by` -1: the one before) of which something holds, round the end."""
        many = len(self.document.lines)
        index = next((i for step in range(1, many + 1) if holds(self.document.lines[i := (self.cursor + by * step) % many])), None)
        if index is not None:
            self.point(index)
        return index is not None

    @property
    def pending(self) -> bool:
        """Whether rows that must be shown are on the screen now, and do not count yet."""
        gap = self.part.missing() if self.part else None
        return gap is not None and self.row_at(gap[0]) in self._since

    def read_on(self) -> bool:
        """Scroll to the first row not yet shown. False if all that must be shown was, or is on the screen right now."""
        gap = self.part.missing() if self.part else None
        if gap is None or self.pending:
            return False
        row = self.row_at(gap[0])
        self.scroll_to(y=min(row, max(0, self.rows - self.size.height)), animate=False, immediate=True, force=True)
        return True

    def page_on(self) -> bool:
        """Scroll a page further. False at the end."""
        left = self.rows - self.size.height - self.scroll_offset.y
        if left > 0:
            self.scroll_rows(min(left, self.size.height - 1))
        return left > 0

    def row_at(self, position: int) -> int:
        """The row that holds a position of the document."""
        index, starts, _ = self._wrapped
        low, high = 0, len(index) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.document.offsets[index[middle]] + starts[middle] <= position:
                low = middle
            else:
                high = middle - 1
        return low

    # --------------------------------------------------------------------------------------------------------- what was shown

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._prune()

    def _prune(self) -> None:
        """Rows that left the screen start anew."""
        top = self.scroll_offset.y
        for row in [row for row in self._since if not top <= row < top + self.size.height]:
            del self._since[row]

    def look_away(self) -> None:
        """The screen is covered, or the terminal lost the focus: rows must be painted anew to count."""
        self._since.clear()

    def look_again(self) -> None:
        self.refresh()

    def _painted(self, row: int) -> None:
        console = cast("Console", self.app)
        if self.part is None or row in self._since or not console.watched(self.screen):
            return
        start, end = self._range(row)
        if self.part.seen.covers(start, end):
            return
        self._since[row] = console.clock.now()
        self._expect()

    def _expect(self) -> None:
        if not self._waits:
            self._waits = True
            cast("Console", self.app).clock.after(PAINTED + 0.01, self._settle_soon)

    def _settle_soon(self) -> None:
        self._waits = False
        if self.is_attached:
            self.call_later(self._settle)

    def _settle(self) -> None:
        """Count the rows that have been on the screen long enough."""
        console = cast("Console", self.app)
        if self.part is None or not console.watched(self.screen):
            self._since.clear()
            return
        now = console.clock.now()
        done = [row for row, since in self._since.items() if now - since >= PAINTED]
        for row in done:
            del self._since[row]
            if row < self.rows:
                self.part.seen.add(*self._range(row))
        if self._since:
            self._expect()
        if done:
            self.refresh()
            self.post_message(self.Shown())

    def _range(self, row: int) -> Range:
        index, starts, ends = self._wrapped
        base = self.document.offsets[index[row]]
        last = row + 1 >= len(index) or index[row + 1] != index[row]
        stop = len(self.document.lines[index[row]].body.text) + 1 if last else starts[row + 1]
        return base + starts[row], base + max(stop, ends[row])

    # --------------------------------------------------------------------------------------------------------------- painting

    def render_line(self, y: int) -> Strip:
        colours = cast("Console", self.app).palette
        row = y + self.scroll_offset.y
        if row >= self.rows:
            return Strip.blank(self._width, colours["text"])
        index, starts, ends = self._wrapped
        self._painted(row)
        at = index[row]
        one, here = self.document.lines[at], index[row] == self.cursor
        gutter = strip(self._gutter(one, row, here, starts[row] == 0), self.margin_cells, colours)
        hang = self._hang(one) if starts[row] else 0
        body = strip(one.body, self._width - self.margin_cells - hang, colours, start=starts[row], end=ends[row])
        whole = Strip([*gutter, *strip(Line(), hang, colours), *body])
        return whole.apply_style(colours["cursor"]) if here else whole

    def _gutter(self, one: DocLine, row: int, here: bool, head: bool) -> Line:
        cursor = "▌" if here else " "
        if not self.document.numbered:
            return line((cursor, "strong"), " ")
        size = self.margin_cells - 6
        number = one.number if head else "↪"
        seen = self.part is None or self.part.seen.covers(*self._range(row))
        letter = one.letter if head and one.letter else " "
        return line(
            (letter, f"bad{letter}" if letter != " " else ""),
            (cursor, "strong"),
            " ",
            (number.rjust(size), "dim"),
            " ",
            ("│", "dim") if seen else ("┊", "unread"),
            " ",
        )

    def on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y
        if row < self.rows and event.button == 1:
            at = self._wrapped[0][row]
            self.point(at)
            if event.x < self.margin_cells:
                self.post_message(self.Pressed(self, self.document.lines[at].key))


def rows_at(documents: Sequence[Document], cells: int) -> int:
    """How many rows documents take at a width: what decides whether they are too long to review."""
    return sum(len(wrap_code(one.body.text.text, cells)) for document in documents for one in document.lines)
