"""A question to the agent about a waiting case. Safe: the case stays as it is, and its clock does not stop."""

from __future__ import annotations

from typing import ClassVar

from guard.visible import visible
from tui.paint import Line, line
from tui.writing import WritingDialog


class AskDialog(WritingDialog):
    """Asks what to ask."""

    verb: ClassVar[str] = "Ask"
    missing: ClassVar[Line] = line(("Type what you want to know.", "warn"))

    def about(self) -> list[Line]:
        return [
            line((f"Ask about {self.case.id:04d}.", "strong"), "  ", visible(self.case.submission.agent), " reads what you write:"),
            line(("The case waits on, and its time runs on. The answer is words that nobody checks.", "dim")),
        ]

    async def send(self, text: str, person: str) -> Line | None:
        refused = (await self.console_app.desk.ask(self.case.id, person=person, text=text)).refused
        if refused:
            return line(("! Not asked: ", "warn"), visible(refused.why))
        return line(("✓ Asked.", "ok"), " The case waits on; the answer will stand in tab 6.")
