"""A button in one row, framed, so that it is seen as one without colour. While it is dead it looks dead, and nothing presses it."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.paint import line, strip, width
from tui.panel import Painted


class Push(Painted, can_focus=True):
    """One answer of a dialog."""

    DEFAULT_CSS = "Push { height: 1; width: auto; margin: 0 0 0 2; }"

    class Pushed(Message):
        """It was pressed, and was not dead."""

        def __init__(self, push: Push) -> None:
            super().__init__()
            self.push = push

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(id=id)
        self.label = label
        self.dead = False

    def kill(self, dead: bool) -> None:
        """Make it dead, or alive."""
        if dead != self.dead:
            self.dead = dead
            self.refresh()

    def get_content_width(self, container: object, viewport: object) -> int:
        return width(self.label) + 6

    def render_line(self, y: int) -> Strip:
        role = "dead" if self.dead else "focus" if self.has_focus else "button"
        left, right = ("[▸", "◂]") if self.has_focus else ("( ", " )") if self.dead else ("[ ", " ]")
        text = f"{left} {self.label} {right}"
        return strip(line((text, role)), self.size.width, self.colours)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            self._push()

    def on_click(self) -> None:
        self._push()

    def _push(self) -> None:
        if not self.dead:
            self.post_message(self.Pushed(self))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
