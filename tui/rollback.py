"""Undoing what a case changed: what would change back, and a typed confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from guard.desk import FileDiff
from guard.errors import GuardError
from guard.model import Case, EntryKind, Stage
from guard.visible import visible
from guard.words import count
from tui.button import Push
from tui.fields import Typed
from tui.paint import Line, line
from tui.panel import Panel
from tui.phrases import sentence
from tui.screens import Dialog, Face


def can_roll_back(case: Case) -> bool:
    """Whether there is something to put back."""
    return case.stage is Stage.DONE and not case.rolled_back and bool(case.execution and case.execution.change_set.changes)


async def ask_rollback(face: Face, case: Case | None, then: Callable[[Line | None], None]) -> None:
    """Open the dialog over a screen, or say why nothing is put back."""
    if case is None or not can_roll_back(case):
        face.say(line(("Nothing can be rolled back here.", "warn")))
    elif face.console_app.me is None:
        face.say(line(("You are not registered here: you can read only.", "warn")))
    else:
        face.app.push_screen(RollbackDialog(case, await face.console_app.desk.diff(case)), then)


_UNDONE = {
    EntryKind.CREATED: "is deleted again", EntryKind.SYMLINK: "is taken away again", EntryKind.DELETED: "comes back",
    EntryKind.MODIFIED: "gets its former content back", EntryKind.MODE: "gets its former mode back",
}  # fmt: skip


class RollbackDialog(Dialog):
    """What would change back; typed confirmation."""

    DEFAULT_CSS: ClassVar[str] = """
    RollbackDialog #box { width: 76; max-width: 100%; height: auto; border: round #ff6b6b; background: $background; padding: 0 1; }
    RollbackDialog TextView { height: auto; max-height: 10; }
    RollbackDialog #buttons { height: 1; align-horizontal: right; }
    """

    def __init__(self, case: Case, files: tuple[FileDiff, ...]) -> None:
        super().__init__()
        self.case, self.files = case, files
        self.typed = count(len(files), "path")
        """As the dialog counts them itself."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what", most=16)
            yield Typed(self.typed, id="typed")
            yield Panel(id="status", most=2)
            with Horizontal(id="buttons"):
                yield Push("Back  esc", id="back")
                yield Push("Roll back", id="do")

    def on_mount(self) -> None:
        become = "becomes what it was" if len(self.files) == 1 else "become what they were"
        rows = [line((f"Roll back {self.case.id:04d}?", "strong"), f"  {self.typed} {become} before:"), Line()]
        rows += [line("  ", (visible(f.change.path), "strong"), "  ", _UNDONE[f.change.kind]) for f in self.files[:10]]
        if len(self.files) > 10:
            rows.append(line(f"  and {len(self.files) - 10} more"))
        rows += [
            Line(),
            line("If one of them was changed since, nothing is touched."),
            line("Type “", (self.typed, "badD"), "” to roll back:"),
        ]
        self.query_one("#what", Panel).show(rows)
        self.query_one("#typed").focus()
        self._typing()

    @on(Input.Changed, "#typed")
    def _typing(self) -> None:
        self.say(Line())
        self.query_one("#do", Push).kill(self.query_one("#typed", Typed).lacks())

    @on(Input.Submitted)
    def _next(self) -> None:
        if why := self.query_one("#typed", Typed).lacks():
            self.say(why)
        else:
            self.focus_next()

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        me = self.console_app.me
        if event.push.id == "back" or me is None:
            self.dismiss(None)
            return
        try:
            answer = await self.console_app.desk.rollback(self.case.id, person=me.name)
        except GuardError as error:
            self.dismiss(line(("✖ ", "bad"), visible(sentence(error))))
            return
        refused = answer.refused
        self.dismiss(line(("! Nothing was changed: ", "warn"), visible(refused.why)) if refused else line(("✓ Rolled back.", "ok")))
