"""A text that an agent will read: what ask and reject have in common. Safe: neither lets anything run.

The text has the focus: what is typed at once is typed into it, and never a key of the case beneath. Enter in it goes on, as in every
dialog, to the safe answer, which here is to send it; in an empty one it says what is missing. What was written is there again the next
time.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import TextArea

from guard.errors import GuardError
from guard.model import Case, Stage
from guard.visible import visible
from tui.app import Console
from tui.button import Push
from tui.fields import Editor
from tui.paint import Line, line
from tui.panel import Panel
from tui.phrases import sentence, settled
from tui.screens import Dialog


class WritingDialog(Dialog):
    """Asks for the text; dismisses with a sentence for the banner, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    WritingDialog #box { width: 72; max-width: 100%; height: auto; border: round $primary; background: $background; padding: 0 1; }
    WritingDialog Editor { height: 4; border: none; background: $surface; padding: 0; }
    WritingDialog #buttons { height: 1; align-horizontal: right; }
    """
    safe: ClassVar[str] = "send"
    verb: ClassVar[str] = ""
    """What the button says."""
    missing: ClassVar[Line] = Line()
    """What is said while there is no text."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case

    def about(self) -> list[Line]:
        """What stands above the text."""
        raise NotImplementedError

    async def send(self, text: str, person: str) -> Line | None:
        """Give the text away. Returns what is said then; None if the dialog stays open, and says why itself. `GuardError` likewise."""
        raise NotImplementedError

    @property
    def _drafts(self) -> dict[tuple[str, int], str]:
        return self.console_app.drafts

    @property
    def _draft(self) -> tuple[str, int]:
        return self.verb, self.case.id

    @on(TextArea.Changed)
    def _written(self) -> None:
        self._drafts[self._draft] = self.editor.text
        if self.query_one("#status", Panel).lines == (self.missing,):
            self.say(Line())

    @property
    def editor(self) -> Editor:
        return self.query_one(Editor)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what")
            yield Editor(soft_wrap=True, show_line_numbers=False, compact=True)
            yield Panel(id="status", most=2)
            with Horizontal(id="buttons"):
                yield Push("Back  esc", id="back")
                yield Push(f"{self.verb}  ^s", id="send")

    def on_mount(self) -> None:
        self.query_one("#what", Panel).show(self.about())
        self.editor.cursor_blink = False
        self.put(self._drafts.get(self._draft, ""))

    async def on_console_changed(self, event: Console.Changed) -> None:
        """Settled elsewhere: said here, and there is nothing to send it to. It stays open, for what is still being typed."""
        if self.case.id not in event.cases or not self.alive:
            return
        try:
            now = await self.console_app.desk.case(self.case.id)
        except GuardError as error:
            self.console_app.fail(error)
            return
        if now.stage is not Stage.WAITING and self.alive:
            self.settled(now)

    def settled(self, now: Case) -> None:
        """The case is answered."""
        self.query_one("#send", Push).kill(settled(now))
        self.say(settled(now))

    def put(self, text: str) -> None:
        """This text instead, to be gone on with."""
        self.editor.text = text
        self.editor.focus()
        self.editor.move_cursor(self.editor.document.end)

    async def pressed(self, key: str) -> bool:
        if key == "ctrl+s":
            await self._send()
            return True
        if self.focused is self.editor and key == "tab":
            self.focus_next()
            return True
        if self.focused is self.editor and key == "enter":
            if self.editor.text.strip():
                self.query_one("#send").focus()
            else:
                self.say(self.missing)
            return True
        return await super().pressed(key)

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        if event.push.id == "back":
            self.dismiss(None)
        else:
            await self._send()

    async def _send(self) -> None:
        if why := self.query_one("#send", Push).why:
            self.say(why)
            return
        me = self.console_app.me
        if me is None:
            self.say(line(("You are not registered here: you can read only.", "warn")))
            return
        text = self.editor.text.strip()
        if not text:
            self.say(self.missing)
            self.editor.focus()
            return
        try:
            said = await self.send(text, me.name)
        except GuardError as error:
            self.say(line(("✖ ", "bad"), visible(sentence(error))))
            return
        if said is not None:
            self._drafts.pop(self._draft, None)
            self.dismiss(said)
