"""The queue and its keys: moving, ordering, filtering, marking; opening is safe, and approving is not among them."""

from __future__ import annotations

from guard.model import Stage
from tui.clock import MOVED
from tui.paint import Line, line
from tui.phrases import number
from tui.queueview import QueueView
from tui.textview import TextView


class QueueScreen(QueueView):
    """Everything that waits."""

    def do_preview(self) -> None:
        for view in self.query(TextView):
            view.scroll_rows(view.size.height - 1)

    def do_order(self) -> None:
        self._orders.append(self._orders.pop(0))
        self.put_matching()
        self._moved_at = -MOVED  # moved by the person, who knows it

    def do_mark(self) -> None:
        """Mark what is like the case at the cursor; again: unmark."""
        of = self.rows.get(self.listing.cursor or 0)
        if of is None or of.id in self.marked:
            self.marked = frozenset()
        elif of.grave:
            self.say(line(("What destroys or cannot be seen is answered one by one.", "warn")))
            return
        else:
            like = (self.rows[case_id] for case_id in self.listing.items)
            self.marked = frozenset(other.id for other in like if other.shape == of.shape and other.stage is Stage.WAITING)
            if len(self.marked) < 2:
                self.marked = frozenset()
                self.say(line(("Nothing else that waits does the same to the same things.", "warn")))
                return
        self.listing.redraw()
        self.show_state()

    def _steady(self) -> bool:
        """False just after the list moved by itself: the case under the cursor may not be the one that was meant."""
        if self.console_app.clock.now() - self._moved_at >= MOVED:
            return True
        self.say(line(("The list just moved: one moment.", "warn")))
        return False

    def do_open(self) -> None:
        case_id = self.listing.cursor
        if case_id is not None and self._steady():
            self.console_app.open_case(case_id)

    def do_approve_opened(self) -> None:
        """Not here: nothing is approved that was not read."""
        if self.listing.cursor is not None:
            self.say(line((f"⏎ opens {number(self.listing.cursor)}: it is approved there, once you have read it.", "warn")))

    async def do_reject(self) -> None:
        from tui.reject import RejectDialog

        case_id, desk = self.listing.cursor, self.console_app.desk
        if case_id is not None and self._steady():
            others = self.marked - {case_id} if case_id in self.marked else frozenset()
            like = [await desk.case(other) for other in sorted(others)]
            self.app.push_screen(RejectDialog(await desk.case(case_id), like=like), self._rejected)

    def _rejected(self, said: Line | None) -> None:
        if said is not None:
            self.marked = frozenset()
            self.say(said)

    def do_copy(self) -> None:
        if self.listing.cursor is not None:
            self.app.copy_to_clipboard(number(self.listing.cursor))
            self.say(line(f"Copied {number(self.listing.cursor)}."))

    def do_history(self) -> None:
        from tui.history import HistoryScreen

        self.app.push_screen(HistoryScreen())

    def do_grants(self) -> None:
        from tui.grants import GrantsScreen

        self.app.push_screen(GrantsScreen())

    async def do_policies(self) -> None:
        from tui.help import PolicyDialog

        self.app.push_screen(PolicyDialog(await self.console_app.desk.policy_text()))

    def do_verify(self) -> None:
        self.console_app.verify()

    def do_quit(self) -> None:
        self.app.exit()

    def _filter_by(self, wanted: str) -> None:
        super()._filter_by(wanted)
        self._moved_at = -MOVED  # moved by the person, who knows it
