"""Widgets painted line by line from `Line` values: a fixed panel, and the bars above and below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.paint import Line, Palette, strip, width, wrap_words

if TYPE_CHECKING:
    from tui.app import Console


class Painted(Widget):
    """A widget that paints `Line`s in the console's palette."""

    can_focus = False

    @property
    def console_app(self) -> Console:
        return cast("Console", self.app)

    @property
    def colours(self) -> Palette:
        return self.console_app.palette


class Panel(Painted):
    """Some lines, wrapped at words; as high as they need, up to `most` rows. A click on a row with an action does it."""

    DEFAULT_CSS = "Panel { height: auto; }"

    class Clicked(Message):
        """A click on a line: its index, and the column in the line's text."""

        def __init__(self, panel: Panel, index: int, column: int) -> None:
            super().__init__()
            self.panel, self.index, self.column = panel, index, column

        @property
        def control(self) -> Panel:
            return self.panel

    def __init__(self, *, id: str | None = None, base: str = "", most: int = 99, indent: int = 1, hang: int = 0, flush: int = 0) -> None:
        """`hang`: cells by which a line's rows after its first are indented, but for the first `flush` lines."""
        super().__init__(id=id)
        self._base, self._most, self._indent, self._hang, self._flush = base, most, indent, hang, flush
        self._lines: tuple[Line, ...] = ()
        self._rows: list[tuple[int, int, int]] = []
        self._width = -1

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def show(self, lines: Sequence[Line], *, most: int | None = None) -> None:
        """Put these lines there, in `most` rows from now on if given."""
        if tuple(lines) == self._lines and most in (None, self._most):
            return
        before = len(self._rows)
        self._lines, self._most = tuple(lines), self._most if most is None else most
        self._wrap(self._width if self._width > 0 else max(self.size.width, 1))
        self.refresh(layout=len(self._rows) != before)

    def _wrap(self, cells: int) -> None:
        self._width = cells
        self._rows = [
            (i, a, b)
            for i, one in enumerate(self._lines)
            for a, b in wrap_words(one.text.text, max(4 + self._hang, cells - 2 * self._indent), hang=self._hung(i))
        ][: self._most]

    def _hung(self, index: int) -> int:
        return self._hang if index >= self._flush else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        if width != self._width:
            self._wrap(width)
        return len(self._rows)

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width != self._width:
            self._wrap(event.size.width)
            self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.colours[self._base or "text"])
        index, start, end = self._rows[y]
        left, right = (self._space(self._indent + hang) for hang in (self._hung(index) if start else 0, 0))
        cells = self.size.width - left.cell_length - right.cell_length
        row = strip(self._lines[index], cells, self.colours, start=start, end=end, base=self._base)
        return Strip.join([left, row, right])

    def _space(self, cells: int) -> Strip:
        return Strip([Segment(" " * cells, self.colours[self._base or "text"])])

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self._rows) and event.button == 1:
            index, start, end = self._rows[event.y]
            text = self._lines[index].text.text
            before = self._indent + (self._hung(index) if start else 0)
            column = next((i for i in range(start, end) if width(text[start : i + 1]) > event.x - before), end)
            self.post_message(self.Clicked(self, index, column))
