"""Some choices of one of a few each: `↑↓` go from one to the next, `←→` choose, a click chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from guard.visible import Visible
from tui.paint import Line, line, strip, width
from tui.panel import Painted

LABEL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of these."""

    label: Visible
    options: tuple[Visible, ...]
    chosen: int = 0


class Choices(Painted, can_focus=True):
    """Choices, one a row, narrow to wide from left to right."""

    DEFAULT_CSS = "Choices { height: auto; }"

    class Chosen(Message):
        """Something else is chosen now."""

    def __init__(self, choices: Sequence[Choice], *, id: str) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        self._at = [choice.chosen for choice in choices]
        self._row = 0

    @property
    def chosen(self) -> tuple[int, ...]:
        """The index of what is chosen, of each choice."""
        return tuple(self._at)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._choices)

    def render_line(self, y: int) -> Strip:
        if y >= len(self._choices):
            return Strip.blank(self.size.width, self.colours["text"])
        here = y == self._row and self.has_focus
        base = "cursor" if here else ""
        return strip(self._line(y, here=here), self.size.width, self.colours, base=base)

    def _line(self, row: int, *, here: bool) -> Line:
        choice, at = self._choices[row], self._at[row]
        whole = line(("▌" if here else " ", "strong"), (choice.label, "" if here else "dim"), " " * max(1, LABEL - len(choice.label)))
        shown = choice.options if self._fits(row) else choice.options[at : at + 1]
        for option in shown:
            mine = option is choice.options[at]
            whole += line((f"({'●' if mine else ' '}) ", "strong" if mine else "dim"), (option, "strong" if mine else ""), "   ")
        if len(shown) == len(choice.options):
            return whole
        wider = ", → is wider" if at + 1 < len(choice.options) else ""
        return whole + line((f"{at + 1} of {len(choice.options)}{wider}", "dim"))

    def _columns(self, row: int) -> list[int]:
        """Where each option begins, and where the last one ends."""
        choice = self._choices[row]
        at = [1 + max(LABEL, len(choice.label) + 1)]
        for option in choice.options:
            at.append(at[-1] + 4 + width(option.text) + 3)
        return at

    def _fits(self, row: int) -> bool:
        return self._columns(row)[-1] - 3 <= self.size.width

    def _choose(self, row: int, at: int) -> None:
        at = min(max(at, 0), len(self._choices[row].options) - 1)
        if at != self._at[row]:
            self._at[row] = at
            self.post_message(self.Chosen())
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        moves = {"up": -1, "down": 1}
        if event.key in moves:
            self._row = min(max(self._row + moves[event.key], 0), len(self._choices) - 1)
            self.refresh()
        elif event.key in ("left", "right"):
            self._choose(self._row, self._at[self._row] + (1 if event.key == "right" else -1))
        else:
            return
        event.stop()

    def on_click(self, event: events.Click) -> None:
        if event.y >= len(self._choices):
            return
        self._row = event.y
        starts = self._columns(event.y)[:-1]
        clicked = sum(start <= event.x for start in starts) - 1 if self._fits(event.y) else self._at[event.y] + 1
        self._choose(event.y, clicked)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
