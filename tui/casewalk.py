"""Going through a case: rows, tabs, effects, lines, what was not shown yet, and the case after it."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from guard.visible import visible
from guard.words import count, telling
from tui.caseview import PARTS, TABS, CaseView
from tui.changes import folded, held, held_document
from tui.document import found_in, source
from tui.effects import effects_of
from tui.fields import Field
from tui.paint import line
from tui.panel import Panel
from tui.textview import TextView


class CaseWalk(CaseView):
    """A case that keys and mouse go through."""

    def do_back(self) -> None:
        self.dismiss()

    def do_down(self) -> None:
        self.view.step(1)

    def do_up(self) -> None:
        self.view.step(-1)

    def do_page_down(self) -> None:
        self.view.scroll_rows(max(1, self.view.size.height // 2))

    def do_page_up(self) -> None:
        self.view.scroll_rows(-max(1, self.view.size.height // 2))

    def do_top(self) -> None:
        self.view.point(0)
        self.view.scroll_to(y=0, animate=False, immediate=True, force=True)

    def do_bottom(self) -> None:
        self.view.point(len(self.view.document.lines) - 1)

    def do_pane(self) -> None:
        if self.wide:
            self._go(1 if self.tab > 1 else self._last_main)
        else:
            self._go(self.tab % len(TABS) + 1)

    def do_tab_1(self) -> None:
        self._go(1)

    def do_tab_2(self) -> None:
        self._go(2)

    def do_tab_3(self) -> None:
        self._go(3)

    def do_tab_4(self) -> None:
        self._go(4)

    def do_tab_5(self) -> None:
        self._go(5)

    def do_tab_6(self) -> None:
        self._go(6)

    def do_read(self) -> bool:
        """The next thing not shown yet, and the rest of the first page. False if it is on the screen: it counts in a moment."""
        views = [self.view, *({self.left, self.main} - {self.view} if self.wide else set())]
        if any(view.pending for view in views if view.display):
            self._status_line(line(("One moment: it counts once it has been on the screen.", "dim")))
            return False
        if any(view.read_on() for view in views if view.display) or (self.tab == 1 and self.left.page_on()):
            return True
        shown = {id(view.part) for view in views if view.display}
        for tab, part in PARTS.items():
            read = self.reading.parts.get(part)
            if read is not None and id(read) not in shown and read.missing():
                self._go(tab)
                self.call_after_refresh(self.view.read_on)
                return True
        return False

    def do_whole(self) -> None:
        """An edited program: whole, or against what it was edited from."""
        if self._against is None:
            self.say(line("This is not an edit: there is nothing to compare it with."))
            return
        was = self.main.document is self._against and self.tab == 2
        self._go(2)
        if not was:
            self.main.show(self._against)

    def do_next(self) -> None:
        self._to_effect(1)

    def do_previous(self) -> None:
        self._to_effect(-1)

    def _to_effect(self, by: int) -> None:
        if self.case is None:
            return
        if self.tab == 3 and self.view.seek(lambda one: isinstance(one.key, tuple) and one.key[0] == "hunk", by):
            return
        effects = effects_of(self.case)
        told = [effects.index(e) for e in telling(effects)]
        if not told:
            return
        self._effect = (self._effect + by) % len(told)
        chosen = told[self._effect]
        self.left.find(("effect", chosen))
        if at := self.places[chosen]:
            if self._main_tab != 2 or not self.wide:
                self._go(2)
            self.main.find(("line", at[0]))
        elif not self.wide:
            self._go(1)

    def do_jump(self) -> None:
        """From an effect to its line, from a line to its effect, from a past case to that case."""
        if not self.view.document.lines:
            return
        self._jump(self.view.document.lines[self.view.cursor].key)

    def _jump(self, key: object) -> None:
        match key:
            case ("effect", int(index)) if self.places[index]:
                self._go(2)
                self.main.find(("line", self.places[index][0]))
            case ("line", int(number)) if self.tab == 1:
                self._go(2)
                self.main.find(("line", number))
            case ("line", int(number)):
                self._to_effect_of(number)
            case ("path", str(path)):
                self._open_path(path)
            case ("case", int(case_id)):
                self.console_app.open_case(case_id)

    def _to_effect_of(self, number: int) -> None:
        """The worst effect that comes from a line."""
        effects = effects_of(self.case) if self.case else ()
        told = {effect: i for i, effect in enumerate(telling(effects))}
        here = [i for i, e in enumerate(effects) if e in told and number in self.places[i]]
        if here:
            self._go(1)
            self.left.find(("effect", min(here, key=lambda i: told[effects[i]])))
        else:
            self._spell(number)

    def _open_path(self, path: str) -> None:
        """From a changed path to its change; what a deleted file held is shown over it."""
        file = next((f for f in self._files if f.change.path == path), None)
        if file is None or not folded(file):
            self.view.find(("hunk", path))
            return
        from tui.help import ReadDialog

        title = line((visible(path), "strong"), f"  deleted: what it held, {count(held(file), 'line')}")
        self.app.push_screen(ReadDialog(title, held_document(file)))

    def _spell(self, number: int) -> None:
        """Words that mix scripts, spelled out."""
        found = [word for at, word in found_in(self.case.submission.code if self.case else "").mixed if at == number]
        if found:
            self.say(line(("Letters that look alike: ", "warn"), found[0]))

    def do_find(self) -> None:
        """Find a text in what is shown."""
        self.add_class("-finding")
        self.query_one("#find", Field).focus()

    @on(Input.Submitted, "#find")
    def _find(self, event: Input.Submitted) -> None:
        wanted = event.value.lower()
        if not wanted or not self.view.seek(lambda one: wanted in one.body.text.text.lower()):
            self._leave_find()
            self.say(line(("Not found.", "warn")))

    def _leave_find(self) -> None:
        self.remove_class("-finding")
        self.set_focus(None)

    async def pressed(self, key: str) -> bool:
        if isinstance(self.focused, Field) and key == "escape":
            self._leave_find()
            return True
        return False

    @on(TextView.Pressed)
    def _margin(self, event: TextView.Pressed) -> None:
        self._jump(event.key)

    @on(TextView.Pointed)
    def _follow(self, event: TextView.Pointed) -> None:
        """On a wide screen the code follows the effect under the cursor."""
        match event.key:
            case ("effect", int(index)) if self.wide and event.view is self.left and self._main_tab == 2 and self.places[index]:
                self.main.find(("line", self.places[index][0]))

    @on(Panel.Clicked, "#tabs")
    def _tab_clicked(self, event: Panel.Clicked) -> None:
        text = self._tabs().text.text
        starts = [next(at for at in (text.find(f"{sign}{i} ") for sign in ("[", " ")) if at >= 0) for i in range(1, len(TABS) + 1)]
        self._go(max((i for i, at in enumerate(starts, 1) if at <= event.column), default=1))

    def _neighbour(self, by: int) -> None:
        queue = self.console_app.queue
        ids, there = self._row, frozenset(queue.order)
        at = ids.index(self.case_id) if self.case_id in ids else -1
        found = next((one for one in (ids[at + 1 :] if by > 0 else reversed(ids[: max(at, 0)])) if one in there), None)
        if found is None:
            self.say(line(("That was the last of the queue." if by > 0 else "That was the first of the queue.", "dim")))
            return
        queue.point(found)
        self.app.switch_screen(type(self)(found))

    def do_next_case(self) -> None:
        self._neighbour(1)

    def do_previous_case(self) -> None:
        self._neighbour(-1)

    def do_copy(self) -> None:
        if self.case:
            self.app.copy_to_clipboard("\n".join(one.text.text for one in source(self.case.submission.code)))
            self.say(line("Copied the program, escaped."))

    async def do_policies(self) -> None:
        from tui.help import PolicyDialog

        named = {p for reason in self.case.decision.reasons for p in reason.policies} if self.case else set()
        self.app.push_screen(PolicyDialog(await self.console_app.desk.policy_text(), frozenset(named)))

    def do_history(self) -> None:
        from tui.history import HistoryScreen

        self.app.push_screen(HistoryScreen())
