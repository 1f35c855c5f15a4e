"""Text fields. What is pasted into them is cleaned of what a screen must not show; one kind must be typed by hand."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widgets import Input, TextArea

from guard.visible import visible, without_hidden
from tui.paint import Line, line

RULED = Style(underline=True)
"""Without colour a field is seen by a line under it."""


def clean(text: str) -> str:
    """Pasted text without hidden characters, tabs as spaces: a field shows what it holds as it is."""
    return without_hidden(text)[0].replace("\t", "    ").replace("\r", "")


class Field(Input):
    """One line."""

    DEFAULT_CSS = "Field { height: 1; border: none; padding: 0; background: $surface; } Field:focus { border: none; }"

    def __init__(self, **options: Any) -> None:
        super().__init__(compact=True, select_on_focus=False, **options)
        self.cursor_blink = False

    @property
    def done(self) -> bool:
        """Nothing is left to be typed here."""
        return bool(self.value)

    def render_line(self, y: int) -> Strip:
        row = super().render_line(y)
        whole = row.adjust_cell_length(self.size.width, self.rich_style)
        return Strip(Segment.apply_style(whole, post_style=RULED)) if self.app.no_color else row

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(clean(event.text).split("\n")))


class Typed(Field):
    """One line that must be typed, and is a certain text in the end: pastes and bursts never reach it."""

    def __init__(self, wanted: str, **options: Any) -> None:
        super().__init__(**options)
        self.wanted = wanted

    @property
    def done(self) -> bool:
        return self.value == self.wanted

    def lacks(self) -> Line | None:
        """What was to be typed, and what was; None once it is the same."""
        if self.done:
            return None
        said = line("; you typed “", visible(self.value), "”.") if self.value else line("; nothing was typed.")
        return line(("! ", "warn"), "Type “", (visible(self.wanted), "strong"), "”") + said

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()


class Editor(TextArea):
    """Many lines."""

    done = False
    """There is always more that can be written."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if not self.read_only and (result := self._replace_via_keyboard(clean(event.text), *self.selection)):
            self.move_cursor(result.end_location)
