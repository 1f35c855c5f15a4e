"""A question to the agent about a waiting case. Safe: the case stays as it is, and its clock does not stop."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from guard.errors import GuardError
from guard.model import Case
from guard.visible import visible
from tui.button import Push
from tui.fields import Editor
from tui.paint import line
from tui.panel import Panel
from tui.screens import Dialog


class AskDialog(Dialog):
    """Asks what to ask; dismisses with a sentence for the banner, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    AskDialog #box { width: 72; max-width: 100%; height: auto; border: round $primary; background: $background; padding: 0 1; }
    AskDialog Editor { height: 3; border: none; background: $surface; padding: 0; }
    AskDialog #buttons { height: 1; align-horizontal: right; }
    """

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what")
            yield Editor(id="question", soft_wrap=True, show_line_numbers=False, compact=True)
            yield Panel(id="status", most=2)
            with Horizontal(id="buttons"):
                yield Push("Back  esc", id="back")
                yield Push("Ask  ^s", id="ask")

    def on_mount(self) -> None:
        head = line((f"Ask about {self.case.id:04d}.", "strong"), "  ", visible(self.case.submission.agent), " reads what you write:")
        rest = line(("The case waits on, and its time runs on. The answer is words that nobody checks.", "dim"))
        self.query_one("#what", Panel).show([head, rest])
        editor = self.query_one(Editor)
        editor.cursor_blink = False
        editor.focus()

    async def pressed(self, key: str) -> bool:
        if key == "ctrl+s":
            await self._ask()
            return True
        if key == "tab" and self.focused is self.query_one(Editor):
            self.focus_next()
            return True
        return await super().pressed(key)

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        if event.push.id == "back":
            self.dismiss(None)
        else:
            await self._ask()

    async def _ask(self) -> None:
        console = self.console_app
        if console.me is None:
            self.say(line(("You are not registered here: you can read only.", "warn")))
            return
        try:
            answer = await console.desk.ask(self.case.id, person=console.me.name, text=self.query_one(Editor).text)
        except GuardError as error:
            self.say(line(("✖ ", "bad"), visible(f"{error}. {error.hint}")))
            return
        refused = answer.refused
        self.dismiss(
            line(("! Not asked: ", "warn"), visible(refused.why))
            if refused
            else line(("✓ Asked.", "ok"), " The case waits on; the answer will stand in tab 6.")
        )
