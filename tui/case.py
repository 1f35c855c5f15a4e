"""One case and its answers: nothing is approved before all of it was on the screen."""

from __future__ import annotations

from guard.desk import alike
from guard.model import Case, Stage
from guard.visible import visible
from guard.words import count
from tui.casewalk import CaseWalk
from tui.document import (
    found_in,
)
from tui.notices import notices_of
from tui.paint import Line, line
from tui.signing import friction

MOST_LIKE = 9
"""Marked cases that one dialog names and signs beside its own."""


class CaseScreen(CaseWalk):
    """A case, opened."""

    async def _to_sign(self) -> Case | None:
        """The case, if this person may sign something for it and all of it was shown; otherwise says why, or shows the next row."""
        if why := self._cannot():
            self._status_line(line((why, "warn")))  # its state: gone when that is
            return None
        if self.refused is not None:
            self.say(line(("! ", "warn"), visible(self.refused.why)))
            return None
        if self.reading.missing():
            left = self.left_to_read()
            self.do_read()
            self.say(line(("First what was not on the screen yet: ", "warn"), f"{left}. Then press it again."))
            return None
        assert self.case is not None
        now = await self.console_app.desk.case(self.case_id)
        if now.version != self.case.version:
            self.moved(now)
            return None
        return self.case

    async def do_approve(self) -> None:
        """Approve, if all of it was shown; otherwise go to the first row that was not."""
        from tui.approve import ApproveDialog

        if case := await self._to_sign():
            like = await self._like(case)
            again = sum(bool(other.approvals) for other in (*self.past.program, *self.past.shape)) if self.past else 0
            offered = again if not isinstance(self.console_app.desk.offers(case), str) else 0
            dialog = ApproveDialog(case, self.notices, shown=self._shown_words(), opened=self._opened, like=like, again=offered)
            self.app.push_screen(dialog, self._answered)

    async def _like(self, case: Case) -> tuple[Case, ...]:
        """The marked cases that may be approved with this one: alike, read in full, and no harder to approve."""
        console, marked = self.console_app, self.console_app.queue.marked
        if case.id not in marked:
            return ()
        asked, desk = friction(case, self.notices), console.desk
        found: list[Case] = []
        for number in sorted(marked - {case.id}):
            other = await desk.case(number)
            if other.stage is not Stage.WAITING or not alike(case, other) or not console.reading(other.id, other.seal).complete:
                continue
            surprises = sum(file.unexpected for file in await desk.diff(other))
            if friction(other, notices_of(other, found_in(other.submission.code), await desk.past(other), surprises)) == asked:
                found.append(other)
        return tuple(found[:MOST_LIKE])

    async def do_while(self) -> None:
        """Approve it and its like for a while: not offered for what must be looked at each time."""
        from tui.grants import MOST_PLACES, WhileDialog

        waits = self.case is not None and self.case.stage is Stage.WAITING
        offers = self.console_app.desk.offers(self.case) if self.case and waits else "Nothing is left to decide here."
        if isinstance(offers, str):
            self.say(line((offers, "warn")))
        elif len(offers) > MOST_PLACES:
            self.say(line((f"{len(offers)} places are too many to grant here: ", "warn"), f"guard grants give {self.case_id:04d}"))
        elif case := await self._to_sign():
            self.app.push_screen(WhileDialog(case, self.notices, offers), self._granted)

    def _shown_words(self) -> str:
        """What was shown, in words: it is signed."""
        assert self.case is not None
        total = count(len(self.case.submission.code.splitlines()) or 1, "line")
        parts = [f"all {total}", "all effects"]
        if self.case.execution:
            parts.append("all changes but what deleted files held" if self.folded else "all changes")
        return ", ".join(parts)

    def _answered(self, said: Line | None) -> None:
        if said is None:
            self.say(line("Nothing was answered."))
        self._mine = said is not None and said.text.text.startswith("✓")
        self._told_of(said)

    def _granted(self, said: Line | None) -> None:
        """Said below, until the next key: the case goes on at once, and a banner would go with it."""
        if said is None or not said.text.text.startswith("✓"):
            self._answered(said)
        else:
            self._mine = True
            self.say(said)
            self.load()

    def _told_of(self, said: Line | None) -> None:
        if said is not None:
            self._changed = [said]
            self._headings()
            self.load()

    async def do_rollback(self) -> None:
        """Put back what it changed."""
        from tui.rollback import ask_rollback

        await ask_rollback(self, self.case, self._told_of)

    async def do_reject(self) -> None:
        """Say no, with a reason."""
        if self.case is None or self.case.stage is not Stage.WAITING:
            self.say(line(("Nothing is left to decide here.", "warn")))
            return
        from tui.reject import RejectDialog

        self.app.push_screen(RejectDialog(self.case, too_long=bool(self._long)), self._answered)

    async def do_ask(self) -> None:
        """Ask the agent something."""
        if self.case is None or self.case.stage is not Stage.WAITING:
            self.say(line(("Nothing is left to decide here.", "warn")))
            return
        from tui.ask import AskDialog

        self.app.push_screen(AskDialog(self.case), self._told_of)

    def do_edit(self) -> None:
        """Edit it in the console."""
        self._edit(external=False)

    def do_editor(self) -> None:
        """Edit it in $EDITOR."""
        self._edit(external=True)

    def _edit(self, *, external: bool) -> None:
        if self.case is None or self.case.stage is not Stage.WAITING or self.console_app.me is None:
            self.say(line(("Nothing can be edited here.", "warn")))
            return
        from tui.edit import EditScreen

        self.app.push_screen(EditScreen(self.case, external=external), self._edited)

    def _edited(self, successor: int | None) -> None:
        if successor is not None:
            self.console_app.queue.follow(self.case_id, successor)
            self.app.switch_screen(CaseScreen(successor))
