"""No, with a reason that the agent reads. Safe: it can only stop things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from guard.errors import GuardError
from guard.model import Case, Stage
from guard.visible import visible
from tui.button import Push
from tui.fields import Editor
from tui.paint import line
from tui.panel import Panel
from tui.screens import Dialog

REASONS = (
    "too broad: narrow it to what the task needs",
    "destroys something that must stay",
    "sends data where it must not go",
    "cannot be reviewed: split it, or write it plainly",
)


class RejectDialog(Dialog):
    """Asks for the reason; dismisses with a sentence for the banner, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    RejectDialog #box { width: 72; max-width: 100%; height: auto; border: round $primary; background: $background; padding: 0 1; }
    RejectDialog Editor { height: 4; border: none; background: $surface; padding: 0; }
    RejectDialog #buttons { height: 1; align-horizontal: right; }
    """

    def __init__(self, case: Case, *, like: Sequence[Case] = (), too_long: bool = False) -> None:
        super().__init__()
        self.case, self.like, self._too_long = case, tuple(like), too_long

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what")
            yield Editor(id="reason", soft_wrap=True, show_line_numbers=False, compact=True)
            yield Panel(id="status", most=2)
            with Horizontal(id="buttons"):
                yield Push("Back  esc", id="back")
                yield Push("Reject  ^s", id="reject")

    def on_mount(self) -> None:
        agent = visible(self.case.submission.agent)
        more = f" and {len(self.like)} marked like it" if self.like else ""
        head = line((f"Reject {self.case.id:04d}{more}.", "strong"), "  ", agent, " reads what you write:")
        numbered = [line("  ", (str(i), "key"), f" {reason}") for i, reason in enumerate(REASONS, 1)]
        last = line(("1–4 put a sentence into the text, tab goes there and on:", "dim"))
        self.query_one("#what", Panel).show([head, *numbered, last])
        editor = self.query_one(Editor)
        editor.cursor_blink = False
        if self._too_long:
            editor.text = REASONS[3]
        self.query_one("#back").focus()

    async def pressed(self, key: str) -> bool:
        editor = self.query_one(Editor)
        if key == "ctrl+s":
            await self._reject()
            return True
        if key in ("1", "2", "3", "4") and self.focused is not editor:
            editor.text = REASONS[int(key) - 1]
            editor.focus()
            editor.move_cursor((0, len(editor.text)))
            return True
        if key == "tab" and self.focused is editor:
            self.focus_next()
            return True
        return await super().pressed(key)

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        if event.push.id == "back":
            self.dismiss(None)
        else:
            await self._reject()

    async def _reject(self) -> None:
        console = self.console_app
        reason = self.query_one(Editor).text.strip()
        if not reason:
            self.say(line(("A rejection needs a reason: say what would be acceptable.", "warn")))
            self.query_one(Editor).focus()
            return
        if console.me is None:
            self.say(line(("You are not registered here: you can read only.", "warn")))
            return
        try:
            answers = [await console.desk.reject(case.id, person=console.me.name, reason=reason) for case in (self.case, *self.like)]
        except GuardError as error:
            self.say(line(("✖ ", "bad"), visible(f"{error}. {error.hint}")))
            return
        refused = next((answer for answer in answers if answer.refused), None)
        if refused is None:
            self.dismiss(line(("✓ Rejected.", "ok"), " The agent reads your reason."))
            return
        said = line(("! Not taken: ", "warn"), visible(refused.refused.why if refused.refused else ""))
        if refused.case.stage is Stage.WAITING:  # it may be said again: what was written stays
            self.say(said)
        else:
            self.dismiss(said)
