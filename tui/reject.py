"""No, with a reason that the agent reads. Safe: it can only stop things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on

from guard.errors import GuardError
from guard.model import Case, Stage
from guard.visible import visible
from guard.words import count
from tui.paint import Line, line
from tui.panel import Panel
from tui.phrases import not_taken, sentence
from tui.writing import WritingDialog

REASONS = (
    "too broad: narrow it to what the task needs",
    "destroys something that must stay",
    "sends data where it must not go",
    "cannot be reviewed: split it, or write it plainly",
)


class RejectDialog(WritingDialog):
    """Asks for the reason, of one case or of several that do the same."""

    verb: ClassVar[str] = "Reject"
    missing: ClassVar[Line] = line(("A rejection needs a reason: say what would be acceptable.", "warn"))

    def __init__(self, case: Case, *, like: Sequence[Case] = (), too_long: bool = False) -> None:
        super().__init__(case)
        self.like, self._too_long = tuple(like), too_long

    def about(self) -> list[Line]:
        more = f" and {len(self.like)} marked like it" if self.like else ""
        agent = visible(self.case.submission.agent)
        return [
            line((f"Reject {self.case.id:04d}{more}, for good.", "strong"), "  ", agent, " reads why:"),
            *(line(("  · ", "key"), reason) for reason in REASONS),
            line(("Type a reason, or ", "dim"), ("↑ ↓", "key"), (" put one of these there.  ", "dim"), ("⏎", "key"), (" goes on.", "dim")),
        ]

    def on_mount(self) -> None:
        if self._too_long and not self.editor.text:
            self.put(REASONS[3])

    async def pressed(self, key: str) -> bool:
        text = self.editor.text
        if key in ("up", "down") and self.focused is self.editor and text in ("", *REASONS):
            at = REASONS.index(text) + (1 if key == "down" else -1) if text else 0 if key == "down" else -1
            self.put(REASONS[at % len(REASONS)])
            return True
        return await super().pressed(key)

    @on(Panel.Clicked, "#what")
    def _chosen(self, event: Panel.Clicked) -> None:
        if 1 <= event.index <= len(REASONS):
            self.put(REASONS[event.index - 1])

    def settled(self, now: Case) -> None:
        if not self.like:  # those are answered each for itself
            super().settled(now)

    async def send(self, text: str, person: str) -> Line | None:
        refused: dict[int, str] = {}
        settled = 0
        for case in (self.case, *self.like):
            try:
                answer = await self.console_app.desk.reject(case.id, person=person, reason=text)
            except GuardError as error:
                refused[case.id] = sentence(error)
                continue
            if answer.refused:
                refused[case.id] = answer.refused.why
            settled += answer.case.stage is not Stage.WAITING
        taken = 1 + len(self.like) - len(refused)
        many = f": {count(taken, 'case')}." if self.like else "."
        said = line(("✓ Rejected", "ok"), many, " The agent reads your reason. ") if taken else Line()
        said += not_taken(refused, named=bool(self.like))
        if settled:
            return said
        self.say(said)  # it may be said again: what was written stays
        return None
