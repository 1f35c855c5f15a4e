"""A button in one row, framed, so that it is seen as one without colour. While it is dead it looks dead, and to press it says why it is."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.paint import Line, line, strip, width
from tui.panel import Painted


class Push(Painted, can_focus=True):
    """One answer of a dialog."""

    DEFAULT_CSS = "Push { height: 1; width: auto; margin: 0 0 0 2; }"

    class Pushed(Message):
        """It was pressed, and was not dead."""

        def __init__(self, push: Push) -> None:
            super().__init__()
            self.push = push

    class Dead(Message):
        """It was pressed, and was dead: why."""

        def __init__(self, why: Line) -> None:
            super().__init__()
            self.why = why

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(id=id)
        self.label = label
        self.why: Line | None = None
        """Why it is dead; None: it is not."""

    @property
    def dead(self) -> bool:
        return self.why is not None

    def kill(self, why: Line | None) -> None:
        """Make it dead, and say why to whoever presses it; or alive, if there is no reason."""
        if why != self.why:
            self.why = why
            self.refresh()

    def get_content_width(self, container: object, viewport: object) -> int:
        return width(self.label) + 6

    def render_line(self, y: int) -> Strip:
        role = "dead" if self.dead else "focus" if self.has_focus else "button"
        here = self.has_focus
        left, right = ("(·" if here else "( ", "·)" if here else " )") if self.dead else ("[▸" if here else "[ ", "◂]" if here else " ]")
        text = f"{left} {self.label} {right}"
        return strip(line((text, role)), self.size.width, self.colours)

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            self._push()

    def on_click(self) -> None:
        self._push()

    def _push(self) -> None:
        self.post_message(self.Pushed(self) if self.why is None else self.Dead(self.why))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
