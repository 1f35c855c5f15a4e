"""What all screens have in common: a name in the table of keys, banners on top, a status line and a footer."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import events, on
from textual.screen import ModalScreen, Screen

from guard.errors import GuardError
from tui import keys
from tui.button import Push
from tui.choices import Choices
from tui.fields import Editor, Field
from tui.paint import Line, line, width
from tui.panel import Panel
from tui.textview import TextView

if TYPE_CHECKING:
    from tui.app import Console

T = TypeVar("T")


class Footer(Panel):
    """The keys of a screen; a click does what the key does."""

    def __init__(self, face: str) -> None:
        super().__init__(id="footer", base="bar", most=1)
        self._face = face
        self._not: frozenset[str] = frozenset()
        self._dim: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        self._write()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._write()

    def offer(self, *, without: frozenset[str] = frozenset(), dim: frozenset[str] = frozenset()) -> None:
        """All actions `without` those that there is nothing for here; those that are not to be done yet are dim."""
        if (without, dim) != (self._not, self._dim):
            self._not, self._dim = without, dim
            self._write()

    def _write(self) -> None:
        parts: list[Any] = []
        for key in self._shown():
            off = key.action in self._dim
            parts += [(key.label, "dim" if off else "key"), (f" {key.word}  ", "dim" if off else "")]
        self.show([line(*parts)])

    def _shown(self) -> list[keys.Key]:
        """The keys that fit; `?` and the way out always do."""
        found = [key for key in keys.footer(self._face) if key.action not in self._not]
        room = (self.size.width or 80) - 2
        while len(found) > 3 and sum(_cells(key) for key in found) - 2 > room:
            del found[next((i for i, key in enumerate(found) if key.spare), len(found) - 3)]
        return found

    def action_at(self, column: int) -> str | None:
        """What a click at this column does."""
        at = 0
        for key in self._shown():
            if at <= column < at + _cells(key) - 2:
                return key.action
            at += _cells(key)
        return None


def _cells(key: keys.Key) -> int:
    return width(key.label) + len(key.word) + 3


class Face(Screen[Any]):
    """A screen of the console."""

    face: ClassVar[str] = keys.QUEUE
    BINDINGS: ClassVar = []
    AUTO_FOCUS = ""
    _told = False
    """The status line holds a sentence that was not followed by a key yet."""

    @property
    def console_app(self) -> Console:
        return cast("Console", self.app)

    @property
    def alive(self) -> bool:
        """False once it is being taken down: what comes from the store then is nobody's."""
        return self.is_attached and bool(self.query("#banners, #box"))

    async def act(self, action: str) -> None:
        """Do what a key of the table does here; what was said before counts as read."""
        self._told = False
        self.show_state()
        do = getattr(self, f"do_{action}", None)
        if do is None:
            return
        try:
            done = do()
            if inspect.isawaitable(done):
                await done
        except GuardError as error:
            self.console_app.fail(error)

    async def pressed(self, key: str) -> bool:
        """A key that the table does not name. True if it was taken."""
        return False

    def typed_into(self, key: str) -> Field | Editor | None:
        """The field that a letter goes to while none has the focus."""
        return None

    def say(self, said: Line) -> None:
        """One sentence in the status line, until the next key."""
        self._told = True
        self._status_line(said, rows=2)

    def state(self) -> Line | None:
        """What the status line holds while nothing was said; None if that is for each key to say."""
        return None

    def show_state(self) -> None:
        """The state, unless a sentence stands there."""
        if not self._told and (state := self.state()) is not None:
            self._status_line(state)

    def _status_line(self, said: Line, *, rows: int = 1) -> None:
        """A sentence has two rows, if it needs them; a state that is longer than one is cut, so that it moves nothing."""
        for panel in self.query("#status").results(Panel):
            panel.show([said], most=rows)

    def banner(self, lines: Sequence[Line]) -> None:
        """What stands on top."""
        for panel in self.query("#banners").results(Panel):
            panel.show([*self.console_app.banners(), *lines])

    def look_away(self) -> None:
        for view in self.query(TextView).results():
            view.look_away()

    def look_again(self) -> None:
        for view in self.query(TextView).results():
            view.look_again()

    def on_screen_suspend(self) -> None:
        self.look_away()

    def on_screen_resume(self) -> None:
        self.look_again()

    @on(Panel.Clicked)
    async def _clicked(self, event: Panel.Clicked) -> None:
        if isinstance(event.panel, Footer) and (action := event.panel.action_at(event.column)):
            await self.act(action)

    def do_help(self) -> None:
        from tui.help import HelpDialog

        self.app.push_screen(HelpDialog(self.face))


class Dialog(Face, ModalScreen[Any]):
    """A screen over another one. `escape` goes back; letters go to what is still to be typed, wherever the focus is; a dead button says
    what is missing. The safe answer has the focus, at once or once enter goes on from what was typed: going back where something is
    signed or put back, else what stops or asks (reject, ask, revoke)."""

    face = keys.DIALOG
    safe: ClassVar[str] = "back"
    """The button of the safe answer."""

    def typed_into(self, key: str) -> Field | Editor | None:
        return next((one for one in self.query("Field, Editor") if isinstance(one, Field | Editor) and not one.done), None)

    @on(Push.Dead)
    def _dead(self, event: Push.Dead) -> None:
        self.say(event.why)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.hint()

    def hint(self) -> None:
        """How to go on, for as long as the safe answer has the focus and nothing else is to be said."""
        buttons = list(self.query(Push))
        if len(buttons) < 2:
            return
        safe, other = sorted(buttons[:2], key=lambda one: one.id != self.safe)
        way = "→ goes on to " if other is buttons[1] else "← goes to "
        hint = line((way, "dim"), (other.label, "strong"), (", ⏎ presses what is marked ▸ ◂.", "dim"))
        there = self.query_one("#status", Panel).lines
        wanted = self.focused is safe and not safe.dead and not other.dead
        if wanted and there in ((), (Line(),)):
            self.say(hint)
        elif not wanted and there == (hint,):
            self.say(Line())

    async def pressed(self, key: str) -> bool:
        if key == "escape":
            self.dismiss(None)
            return True
        if key in ("left", "right") and not isinstance(self.focused, Field | Editor | Choices):
            (self.focus_next if key == "right" else self.focus_previous)()
            return True
        return False
