"""The list: thousands of rows, of which only the visible ones are painted. Its cursor belongs to an item, not to a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.paint import Line, Palette, strip

if TYPE_CHECKING:
    from tui.app import Console

Render = Callable[[int, int, bool], Sequence[Line]]
"""Item, width, whether the cursor is on it -> its lines (as many as `height`)."""

MOST_KEPT = 2000


class Listing(ScrollView, can_focus=False):
    """Items by id, one or two lines each."""

    DEFAULT_CSS = "Listing { scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1; overflow-x: hidden; }"

    class Moved(Message):
        """The cursor is on another item now (None: the list is empty)."""

        def __init__(self, item: int | None) -> None:
            super().__init__()
            self.item = item

    class Opened(Message):
        """A click on the item that has the cursor."""

        def __init__(self, item: int) -> None:
            super().__init__()
            self.item = item

    def __init__(self, render: Render, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = render
        self._items: list[int] = []
        self._index: dict[int, int] = {}
        self._cursor: int | None = None
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        """Rows as they were painted, until they are to be drawn again: a cursor that moves paints two."""
        self._painted_for: tuple[int, int] = (0, 0)
        self.height = 1
        """Lines of one item."""

    @property
    def items(self) -> Sequence[int]:
        return self._items

    @property
    def cursor(self) -> int | None:
        """The item that has the cursor."""
        return self._cursor

    def put(self, items: Sequence[int]) -> bool:
        """These items, in this order. The cursor stays on its item, at its place on the screen. True if rows in sight moved."""
        before = self._sight()
        old = self._index.get(self._cursor) if self._cursor is not None else None
        self._items = list(items)
        self._index = {item: i for i, item in enumerate(self._items)}
        self._strips.clear()
        self._resize()
        if not self._items:
            self._set(None)
        elif self._cursor not in self._index:
            self._set(self._items[min(old or 0, len(self._items) - 1)])
        elif old is not None and (by := self._index[self._cursor] - old):
            self.scroll_to(y=max(0, self.scroll_offset.y + by * self.height), animate=False, immediate=True, force=True)
        self.refresh()
        return before != self._sight()

    def redraw(self, item: int | None = None) -> None:
        """Draw one item again, or all in sight."""
        if item is None:
            self._strips.clear()
            self.refresh()
        else:
            for part in range(self.height):
                for here in (False, True):
                    self._strips.pop((item, part, here), None)
            self._repaint(item)

    def _repaint(self, item: int) -> None:
        if item in self._index:
            top = self._index[item] * self.height - self.scroll_offset.y
            self.refresh(Region(0, top, self.size.width, self.height))

    def go(self, item: int) -> None:
        """Put the cursor on an item."""
        if item in self._index:
            self._set(item)
            self._show()

    def move(self, by: int) -> None:
        """The cursor so many items down (negative: up)."""
        if self._items:
            at = self._index.get(self._cursor, 0) if self._cursor is not None else 0
            self.go(self._items[min(max(at + by, 0), len(self._items) - 1)])

    @property
    def page(self) -> int:
        """Items that fit on the screen."""
        return max(1, self.size.height // self.height)

    def _sight(self) -> list[int]:
        top = self.scroll_offset.y // self.height
        return self._items[top : top + self.page]

    def _set(self, item: int | None) -> None:
        if item == self._cursor:
            return
        was, self._cursor = self._cursor, item
        for one in (was, item):
            if one is not None:
                self._repaint(one)
        self.post_message(self.Moved(item))

    def _show(self) -> None:
        if self._cursor is None:
            return
        top = self._index[self._cursor] * self.height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)
        elif top + self.height > self.scroll_offset.y + self.size.height:
            self.scroll_to(y=top + self.height - self.size.height, animate=False, immediate=True, force=True)

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._items) * self.height)

    def on_resize(self, event: events.Resize) -> None:
        self._resize()
        self.call_after_refresh(self._show)

    def render_line(self, y: int) -> Strip:
        colours: Palette = cast("Console", self.app).palette
        row, part = divmod(y + self.scroll_offset.y, self.height)
        if row >= len(self._items):
            return Strip.blank(self.size.width, colours["text"])
        item = self._items[row]
        here = item == self._cursor
        cells = self.scrollable_content_region.width
        if self._painted_for != (cells, id(colours)) or len(self._strips) > MOST_KEPT:
            self._strips.clear()
            self._painted_for = (cells, id(colours))
        if (found := self._strips.get((item, part, here))) is None:
            lines = self._draw(item, cells, here)
            found = strip(lines[part] if part < len(lines) else Line(), cells, colours, base="cursor" if here else "")
            self._strips[item, part, here] = found
        return found

    def on_click(self, event: events.Click) -> None:
        row = (event.y + self.scroll_offset.y) // self.height
        if row >= len(self._items) or event.button != 1:
            return
        if self._items[row] == self._cursor and event.chain == 1:
            self.post_message(self.Opened(self._items[row]))
        else:
            self.go(self._items[row])
